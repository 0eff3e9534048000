insmod /mod/crashme.ko; sh -c 'echo double-free > /proc/crashme'; sleep 5
