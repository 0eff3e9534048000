# append-only: 
insmod /mod/crashme.ko
sh -c 'echo bug-on > /proc/crashme'; sleep 2
