insmod /mod/crashme.ko; sh -c 'echo null-work > /proc/crashme'; sleep 5
