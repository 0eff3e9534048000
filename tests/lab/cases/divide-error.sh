insmod /mod/crashme.ko; sh -c 'echo divide > /proc/crashme'; sleep 5
