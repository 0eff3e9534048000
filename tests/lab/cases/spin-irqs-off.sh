# dump-when: interrupts are off from now on
# dump-after: 28
echo 0 > /proc/sys/kernel/watchdog; echo 1 > /sys/module/rcupdate/parameters/rcu_cpu_stall_suppress
insmod /mod/crashme.ko; echo 60 > /sys/module/crashme/parameters/seconds; taskset -p 1 $$
echo "interrupts are off from now on" > /dev/console
taskset 2 sh -c 'echo spin-irqs-off > /proc/crashme'
