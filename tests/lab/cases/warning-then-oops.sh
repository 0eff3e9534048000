insmod /mod/crashme.ko; sh -c 'echo warn > /proc/crashme'; sleep 8; sh -c 'echo null > /proc/crashme'; sleep 5
