#!/bin/bash
# vmcore.sh PROGRAM: the verdict on dumps against `makedumpfile --dump-dmesg`, which only prints the log, on the same dumps.
# The goals: at most 1.5 times makedumpfile's time, and 16 MiB of memory whatever the dump's size.
# Dumps: every vmcore below the directory $KDUMP_DUMPS (tests/lab/crash-once makes them: MEMORY=512 and MEMORY=8192, say), and
# a made-up machine of 1 TiB, as ELF and in makedumpfile's format.
set -eu
program=$1
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
makedumpfile=$(command -v makedumpfile || true)
[ -n "$makedumpfile" ] || echo "no makedumpfile here: times stand alone"

# Seconds of the median run of each command, on one line. Status 1 and 3 are verdicts.
times() {
	hyperfine -N --ignore-failure --warmup 2 --min-runs 10 --export-json "$directory/times.json" "$@" >/dev/null 2>&1
	/usr/bin/python3 -c 'import json, sys; print(*(run["median"] for run in json.load(open(sys.argv[1]))["results"]))' "$directory/times.json"
}
peak() { /usr/bin/time -f %M "$@" 2>&1 >/dev/null | tail -n 1; }

measure() {
	local name=$1 dump=$2 seconds=
	local commands=("$program -f json $dump")
	# -f: it may write over what the run before has written.
	[ -z "$makedumpfile" ] || commands+=("$makedumpfile -f --dump-dmesg $dump $directory/dmesg")
	seconds=$(times "${commands[@]}")
	/usr/bin/python3 tests/bench/row.py "$name" "$(stat -c %s "$dump")" "$(peak "$program" -f json "$dump")" \
		"$([ -z "$makedumpfile" ] || peak "$makedumpfile" -f --dump-dmesg "$dump" "$directory/dmesg")" $seconds
}

/usr/bin/python3 tests/bench/row.py
if [ -d "${KDUMP_DUMPS:-}" ]; then
	while read -r dump; do
		measure "$(basename "$(dirname "$dump")")" "$dump"
	done < <(find -L "$KDUMP_DUMPS" -maxdepth 2 -type f -name vmcore | sort)
else
	echo "KDUMP_DUMPS names no directory with real dumps: made-up ones only"
fi
for container in large-elf large-kdump; do
	/usr/bin/python3 tests/dumps x86_64_6_1 $container "$directory/vmcore" && measure "made-up 1 TiB, ${container#large-}" "$directory/vmcore"
done
