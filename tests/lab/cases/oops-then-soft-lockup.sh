# append-only: 
insmod /mod/crashme.ko; echo 4 > /proc/sys/kernel/watchdog_thresh
sh -c 'echo hold-spinlock > /proc/crashme'; sleep 2
sh -c 'echo take-spinlock > /proc/crashme' & sleep 16
