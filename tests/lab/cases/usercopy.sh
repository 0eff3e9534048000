insmod /mod/crashme.ko; sh -c 'echo usercopy > /proc/crashme'; sleep 5
