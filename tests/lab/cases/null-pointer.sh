insmod /mod/crashme.ko; sh -c 'echo null > /proc/crashme'; sleep 5
