insmod /mod/crashme.ko; echo 1 > /proc/sys/kernel/hung_task_panic
echo 4 > /proc/sys/kernel/hung_task_timeout_secs; echo 2 > /proc/sys/kernel/hung_task_check_interval_secs
sh -c 'echo wait > /proc/crashme' & sleep 20
