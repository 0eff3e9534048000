# append-only: 
insmod /mod/crashme.ko
echo 4 > /proc/sys/kernel/watchdog_thresh; echo 4 > /sys/module/rcupdate/parameters/rcu_cpu_stall_timeout
echo 24 > /sys/module/crashme/parameters/seconds
sh -c 'echo spin-preempt-off > /proc/crashme'; sleep 2
