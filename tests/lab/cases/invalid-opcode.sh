insmod /mod/crashme.ko; sh -c 'echo opcode > /proc/crashme'; sleep 5
