# dump-when: nothing is the matter
sleep 1; echo "nothing is the matter" > /dev/console; sleep 60
