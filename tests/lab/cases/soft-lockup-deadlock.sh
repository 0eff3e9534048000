insmod /mod/crashme.ko; echo 1 > /proc/sys/kernel/softlockup_panic; echo 3 > /proc/sys/kernel/watchdog_thresh
sh -c 'echo deadlock > /proc/crashme'; sleep 20
