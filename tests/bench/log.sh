#!/bin/bash
# log.sh PROGRAM: throughput and peak memory on a syslog of 1 GB with one crash at its end, against ripgrep on the same file.
# The goal: at most twice ripgrep's time, and memory that a log of 100 MB needs as well.
set -eu
program=$1
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
peak() { /usr/bin/time -f %M "$program" -f json "$1" 2>&1 >/dev/null | tail -n 1; }

for size in 100 1000; do
	/usr/bin/python3 tests/bench/make_syslog.py "$directory/$size.log" $size samples/fsnotify-soft-lockup.syslog
done
"$program" "$directory/1000.log" | head -n 3
hyperfine -N --warmup 2 --export-json "$directory/times.json" "rg -c 'BUG:|RIP:|Call Trace' $directory/1000.log" "$program -f json $directory/1000.log"
/usr/bin/python3 - "$directory/times.json" <<'P'
import json, sys
ripgrep, triage = (run["median"] for run in json.load(open(sys.argv[1]))["results"])
print(f"1 GB syslog: {triage / ripgrep:.2f} x ripgrep's time (goal: 2.00)")
P
echo "peak memory: $(peak "$directory/100.log") KiB for 100 MB, $(peak "$directory/1000.log") KiB for 1 GB"
