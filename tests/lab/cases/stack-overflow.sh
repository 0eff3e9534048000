insmod /mod/crashme.ko; sh -c 'echo overflow > /proc/crashme'; sleep 5
