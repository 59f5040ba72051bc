# SPDX-License-Identifier: MIT
#
# The function is unbound while async_tx has all channels: it goes, async_tx ends, and it can come back. The driver cannot be unloaded
# after that: dmaengine_put() of Linux passes over a controller that has gone, so references to it are never dropped.
channels() {
	busybox ls /sys/class/dma | busybox wc -l
}

busybox touch /mnt/keep
had=$(channels)
load_async_tx || exit
echo 0000:00:00.0 >/sys/bus/pci/drivers/pqdma_pci/unbind || exit
left=$(channels)
unload_async_tx || exit
echo 0000:00:00.0 >/sys/bus/pci/drivers/pqdma_pci/bind || exit
load drivers/dma/dmatest timeout=60000 iterations=5 run=1 || exit
busybox cat /sys/module/dmatest/parameters/wait >/mnt/wait
busybox rmmod dmatest
good=$(said | busybox grep -c 'summary 5 tests, 0 failures')
echo "guest: $had channels, $left when it was unbound, $(channels) when it was bound again; then $good threads without a failure"
test "$left" = 0 -a "$(channels)" = "$had" -a "$good" -gt 0
