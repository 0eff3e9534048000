insmod /mod/crashme.ko; sh -c 'echo null-call > /proc/crashme'; sleep 5
