insmod /mod/crashme.ko; sh -c 'echo list-del > /proc/crashme'; sleep 5
