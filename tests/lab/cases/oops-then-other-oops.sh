# append-only: 
insmod /mod/crashme.ko
sh -c 'echo null > /proc/crashme'; sleep 2; sh -c 'echo poison > /proc/crashme'; sleep 2
