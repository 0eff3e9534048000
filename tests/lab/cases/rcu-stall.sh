# append-only: 
insmod /mod/crashme.ko
echo 0 > /proc/sys/kernel/soft_watchdog; echo 4 > /sys/module/rcupdate/parameters/rcu_cpu_stall_timeout
echo 8 > /sys/module/crashme/parameters/seconds
sh -c 'echo spin-preempt-off > /proc/crashme'; sleep 2
