# dump-when: it has been spinning
echo 0 > /proc/sys/kernel/watchdog; echo 1 > /sys/module/rcupdate/parameters/rcu_cpu_stall_suppress
insmod /mod/crashme.ko; sh -c 'echo spin-virtio > /proc/crashme' & sleep 24
echo "it has been spinning" > /dev/console; sleep 60
