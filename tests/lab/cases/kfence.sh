# append-only: kfence.sample_interval=100
insmod /mod/crashme.ko
sh -c 'echo use-after-free > /proc/crashme'; sleep 1; sh -c 'echo read-beyond > /proc/crashme'; sleep 1
