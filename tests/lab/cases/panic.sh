insmod /mod/crashme.ko; sh -c 'echo panic > /proc/crashme'; sleep 5
