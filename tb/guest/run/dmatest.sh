# SPDX-License-Identifier: MIT
#
# dmatest of Linux on every channel: copies, sums and P+Q, fills, and the same polled instead of by interrupts; between the rounds the
# driver leaves the function and comes back.

# round PARAMETER...: every thread of a round says how many tests it made and how many failed. Reading wait is waiting for them; to load
# it with wait=1 is not, where threads have not begun yet.
round() {
	said >/mnt/before
	load drivers/dma/dmatest timeout=60000 iterations=20 "$@" run=1 || return
	busybox cat /sys/module/dmatest/parameters/wait >/mnt/wait
	busybox rmmod dmatest
	said >/mnt/log
	threads=$(busybox grep -c 'summary 20 tests, 0 failures' /mnt/log)
	echo "guest: dmatest $*: $threads threads without a failure"
	test "$threads" -gt 0 -a "$threads" = "$(busybox grep -c 'dmatest:.*summary' /mnt/log)" && ! busybox grep -q 'dmatest:.*result' /mnt/log
}

replug() {
	for file in unbind bind; do
		echo 0000:00:00.0 >/sys/bus/pci/drivers/pqdma_pci/$file || return
	done
}

round && replug && round threads_per_chan=3 test_buf_size=3000 && replug && round dmatest=1 && round polled=1
