# SPDX-License-Identifier: MIT
#
# raid6test of Linux: P+Q of 4 to 64 disks, and every pair of lost ones brought back. It takes minutes.
load_async_tx || exit
said >/mnt/before
before=$(interrupts)
load crypto/async_tx/raid6test && busybox rmmod raid6test || exit
raised=$(($(interrupts) - before))
said >/mnt/log
unload_async_tx || exit
echo "guest: $(busybox grep -o 'raid6test: complete.*' /mnt/log), $raised interrupts"
busybox grep -q 'raid6test: complete (.* tests, 0 failures)' /mnt/log && test $raised -gt 100
