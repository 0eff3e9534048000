# append-only: 
insmod /mod/crashme.ko
sh -c 'echo atomic-sleep > /proc/crashme'; sleep 2
