insmod /mod/crashme.ko; sh -c 'echo null-irq > /proc/crashme'; sleep 5
