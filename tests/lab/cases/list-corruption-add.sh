insmod /mod/crashme.ko; sh -c 'echo list-add > /proc/crashme'; sleep 5
