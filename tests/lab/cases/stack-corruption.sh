insmod /mod/crashme.ko; sh -c 'echo smash > /proc/crashme'; sleep 5
