# append-only: 
insmod /mod/crashme.ko
sh -c 'echo null-then-release > /proc/crashme' & sleep 3
