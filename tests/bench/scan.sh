#!/bin/bash
# tests/bench/scan.sh PROGRAM: scans trees of 100, 1,000 and 10,000 crash directories, twice each: the second scan knows all.
# The goals: what a directory costs does not grow with their number, and a second scan is at least 20 times faster.
set -euo pipefail
program=$(readlink -f "$1")
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d "${TMPDIR:-/var/tmp}/kdump-triage-bench-XXXXXX")
trap 'rm -rf "$work"' EXIT

# scan TREE HISTORY: seconds, and KiB of the largest process, to $work/measured; unknown crashes and damaged dumps are no failure.
scan() {
	/usr/bin/time -f '%e %M' -o "$work/measured" "$program" scan --history "$2" "$1" >"$work/out" 2>/dev/null || [ $? -le 2 ]
	tail -n 1 "$work/measured"
}

printf '\n%-18s %10s %12s %10s %12s %8s\n' 'crash directories' 'scan' 'dumps/s' 'memory' 'second scan' 'ratio'
for count in 100 1000 10000; do
	/usr/bin/python3 "$here/../scan/make_tree.py" "$work/$count" "$count" >"$work/$count.json"
	read -r first memory <<<"$(scan "$work/$count" "$work/$count.db")"
	read -r second _ <<<"$(scan "$work/$count" "$work/$count.db")"
	awk -v c="$count" -v f="$first" -v m="$memory" -v s="$second" 'BEGIN {
		printf "%-18d %8.2f s %12.0f %6.1f MiB %10.3f s %7.0fx\n", c, f, c / f, m / 1024, s, f / (s > 0 ? s : 0.005) }'
	if [ "$count" = 10000 ]; then
		for format in html json text; do
			/usr/bin/time -f '%e %M' -o "$work/measured" "$program" report --history "$work/$count.db" -f "$format" >"$work/report"
			read -r seconds memory <"$work/measured"
			printf 'report -f %-8s %8.2f s %12d bytes %6.1f MiB\n' "$format" "$seconds" "$(stat -c %s "$work/report")" "$((memory / 1024))"
		done
	fi
done
