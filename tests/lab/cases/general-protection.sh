insmod /mod/crashme.ko; sh -c 'echo poison > /proc/crashme'; sleep 5
