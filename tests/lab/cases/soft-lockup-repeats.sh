# append-only: 
insmod /mod/crashme.ko
echo 2 > /proc/sys/kernel/watchdog_thresh
echo 21 > /sys/module/crashme/parameters/seconds
sh -c 'echo spin > /proc/crashme'; sleep 2
