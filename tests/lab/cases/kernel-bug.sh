insmod /mod/crashme.ko; sh -c 'echo bug > /proc/crashme'; sleep 5
