# append-only:
hostname healthy; sleep 2
