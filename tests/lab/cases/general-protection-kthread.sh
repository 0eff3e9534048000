insmod /mod/crashme.ko; sh -c 'echo poison-kthread > /proc/crashme'; sleep 5
