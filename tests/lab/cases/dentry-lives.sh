# append-only:
insmod /mod/crashme.ko mode=dentry; mkdir /tmp/victim; sleep 1; sh -c "rmdir /tmp/victim"; sleep 2
