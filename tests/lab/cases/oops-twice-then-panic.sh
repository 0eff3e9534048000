# append-only:
insmod /mod/crashme.ko; sh -c 'echo paging > /proc/crashme'; sleep 2; sh -c 'echo panic > /proc/crashme'; sleep 2
