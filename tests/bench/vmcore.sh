#!/bin/bash
# vmcore.sh PROGRAM: the verdict on dumps against `makedumpfile --dump-dmesg`, which only prints the log, on the same dumps.
# The goals: at most 1.5 times makedumpfile's time, and 16 MiB of memory whatever the dump's size.
# Dumps: each vmcore below the directory $KDUMP_DUMPS (tests/lab/crash-once makes them: with MEMORY=512 and MEMORY=8192,
# say), and a made-up machine of 1 TiB, as ELF and in makedumpfile's format.
set -eu
program=$1
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

# Seconds of the median run of each command, on one line. An exit status of 1 or 3 is a verdict.
times() {
	hyperfine -N --ignore-failure --warmup 3 --min-runs 30 --export-json "$directory/times.json" "$@" >/dev/null 2>&1
	/usr/bin/python3 -c 'import json, sys; print(*(run["median"] for run in json.load(open(sys.argv[1]))["results"]))' \
		"$directory/times.json"
}
peak() { /usr/bin/time -f %M "$@" 2>&1 >/dev/null | tail -n 1; }

# A row of the table; without makedumpfile, or where it cannot read a dump, our figures stand alone.
measure() {
	local name=$1 dump=$2 theirs=-
	local commands=("$program -f json $dump") other=(makedumpfile -f --dump-dmesg "$dump" "$directory/dmesg")
	if command -v makedumpfile >/dev/null && "${other[@]}" >/dev/null 2>&1; then
		commands+=("${other[*]}")
		theirs=$(peak "${other[@]}")
	fi
	# shellcheck disable=SC2046
	/usr/bin/python3 tests/bench/row.py "$name" "$(stat -c %s "$dump")" "$(peak "$program" -f json "$dump")" "$theirs" \
		$(times "${commands[@]}")
}

/usr/bin/python3 tests/bench/row.py
if [ -d "${KDUMP_DUMPS:-}" ]; then
	while read -r dump; do
		measure "$(basename "$(dirname "$dump")")" "$dump"
	done < <(find -L "$KDUMP_DUMPS" -maxdepth 2 -type f -name vmcore | sort)
else
	echo "KDUMP_DUMPS names no directory with real dumps: only made-up ones"
fi
for container in elf kdump; do
	/usr/bin/python3 tests/dumps x86_64_6_1 large-$container "$directory/vmcore"
	measure "made-up 1 TiB, $container" "$directory/vmcore"
done
