# append-only:
echo 3 > /proc/sys/kernel/watchdog_thresh
insmod /mod/crashme.ko mode=soft; touch /tmp/log; /mod/watch /tmp/log & sleep 1
dd if=/dev/zero of=/tmp/log bs=1 count=100 conv=notrunc & sleep 26
