# append-only: 
insmod /mod/crashme.ko
sh -c 'echo refcount > /proc/crashme'; sleep 1; sh -c 'echo refcount-put > /proc/crashme'; sleep 1
