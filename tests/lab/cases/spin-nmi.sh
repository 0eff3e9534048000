# nmi-when: it has been spinning
echo 0 > /proc/sys/kernel/watchdog; echo 1 > /sys/module/rcupdate/parameters/rcu_cpu_stall_suppress
insmod /mod/crashme.ko mode=soft; touch /tmp/log; /mod/watch /tmp/log & sleep 1
taskset 2 dd if=/dev/zero of=/tmp/log bs=1 count=100 conv=notrunc & sleep 24
echo 1 > /proc/sys/kernel/unknown_nmi_panic; echo "it has been spinning" > /dev/console; sleep 60
