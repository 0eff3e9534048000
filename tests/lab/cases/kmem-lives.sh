# append-only:
insmod /mod/crashme.ko mode=kmem; touch /tmp/f; /mod/watch /tmp/f & sleep 5
