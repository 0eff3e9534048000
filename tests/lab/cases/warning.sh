# append-only: 
insmod /mod/crashme.ko
sh -c 'echo warn > /proc/crashme'; sleep 1; sh -c 'echo warn-text > /proc/crashme'; sleep 1
