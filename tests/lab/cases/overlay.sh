# modules: kernel/fs/overlayfs/overlay.ko
insmod /mod/overlay.ko
mkdir /tmp/lower /tmp/upper /tmp/work /tmp/merged
mount -t overlay overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work /tmp/merged
mkdir /tmp/merged/victim; insmod /mod/crashme.ko mode=dentry; sleep 1; rmdir /tmp/merged/victim
