# SPDX-License-Identifier: MIT
#
# RAID-6 of Linux (md) over six disks in memory: it computes P+Q of what is written, and brings back what was on two disks that fail.
disks="0 1 2 3 4 5"

# md is told through sysfs what mdadm would tell it. All disks are empty, so P and Q are right from the beginning.
assemble() {
	load drivers/block/brd rd_nr=6 rd_size=1024 || return
	load drivers/md/raid456 || return
	echo md_array >/sys/module/md_mod/parameters/new_array
	cd /sys/block/md_array/md || return
	echo none >metadata_version
	echo raid6 >level
	echo 6 >raid_disks
	echo 16384 >chunk_size
	echo 2 >layout
	echo 1024 >component_size
	for disk in $disks; do
		busybox cat /sys/block/ram$disk/dev >new_dev
		echo "$disk" >dev-ram$disk/slot
	done
	echo none >resync_start
	echo active >array_state
}

dismantle() {
	cd / && echo clear >/sys/block/md_array/md/array_state && busybox rmmod raid456 && busybox rmmod brd
}

# read the array, not what is remembered of it
check() {
	echo 3 >/proc/sys/vm/drop_caches
	busybox cmp /mnt/data /dev/md_array
}

load_async_tx && assemble || exit
before=$(interrupts)
busybox dd if=/dev/urandom of=/mnt/data bs=65536 count=64 2>/mnt/dd && busybox dd if=/mnt/data of=/dev/md_array bs=65536 2>/mnt/dd || exit
busybox sync
written=$(($(interrupts) - before))
check || exit
echo faulty >dev-ram1/state
echo faulty >dev-ram4/state
check || exit
echo "guest: md $(busybox cat level), $(busybox cat degraded) of $(busybox cat raid_disks) disks lost, 4 MiB are right: $written interrupts to write it, $(($(interrupts) - before - written)) to bring it back"
test "$(busybox cat degraded)" = 2 -a $written -gt 0 -a $(($(interrupts) - before - written)) -gt 0 || exit
dismantle && unload_async_tx
