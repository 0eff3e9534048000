# append: vm.panic_on_oom=1
insmod /mod/crashme.ko; sh -c 'echo eat-memory > /proc/crashme'; sleep 30
