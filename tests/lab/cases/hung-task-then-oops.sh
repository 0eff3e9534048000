insmod /mod/crashme.ko
echo 4 > /proc/sys/kernel/hung_task_timeout_secs; echo 5 > /proc/sys/kernel/hung_task_check_interval_secs
echo 1 > /proc/sys/kernel/hung_task_warnings
sh -c 'echo wait > /proc/crashme' & sleep 12; sh -c 'echo null > /proc/crashme'; sleep 5
