insmod /mod/crashme.ko; sh -c 'echo paging > /proc/crashme'; sleep 5
