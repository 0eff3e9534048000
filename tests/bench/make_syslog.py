#!/usr/bin/python3
"""make_syslog.py FILE MEGABYTES CRASH_LOG: a syslog of a busy server, made up, with a real crash at its end."""
import random
import sys

LINES = [
    "systemd[1]: Started Session {n} of user root.",
    "sshd[{n}]: Accepted publickey for deploy from 10.0.3.{b} port 50{b} ssh2",
    "sshd[{n}]: Disconnected from user deploy 10.0.3.{b} port 50{b}",
    "kernel: [{n}.{b}3456] device veth{n:x} entered promiscuous mode",
    "kernel: IN=eth0 OUT= MAC=00:16:3e:00:4c:08 SRC=10.0.0.{b} DST=10.0.0.3 LEN=60 TOS=0x00 PROTO=TCP SPT=443",
    "CRON[{n}]: (root) CMD (test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily ))",
    "app[{n}]: INFO: task queue {b} drained, WARN: retrying, status: OK",
    "dhclient[{n}]: DHCPACK of 10.0.0.{b} from 10.0.0.1",
    "nginx: 10.0.2.{b} - - \"GET /index.php?id={n} HTTP/1.1\" 200 1532 \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\"",
]


def main():
    path, megabytes, crash = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    numbers = random.Random(1)
    lines = []
    for second in range(200000):
        text = numbers.choice(LINES).format(n=numbers.randrange(1, 99999), b=numbers.randrange(1, 255))
        lines.append(f"Jun  5 {second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02} web{second % 7} {text}\n")
    block = "".join(lines).encode()
    with open(path, "wb") as file:
        while file.tell() < megabytes * 1000 * 1000:
            file.write(block)
        with open(crash, "rb") as end:
            file.write(end.read())


main()
