#!/bin/bash
# stacks.sh PROGRAM: the stacks of all CPUs of a dump, with debuginfo: ours, drgn's and crash's time and memory side by side; and
# ours without debuginfo. The goal: no slower than drgn.
# $KDUMP_DUMP is a dump, $KDUMP_VMLINUX its vmlinux with debuginfo (tests/lab makes and fetches both).
set -eu
program=$1
if [ ! -f "${KDUMP_DUMP:-}" ] || [ ! -f "${KDUMP_VMLINUX:-}" ]; then
	echo "stacks: KDUMP_DUMP and KDUMP_VMLINUX name no dump and its vmlinux: not measured"
	exit 0
fi
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
printf 'bt -a\nquit\n' > "$directory/commands"
ours="$program -f json --stacks all"
names=("with debuginfo" "without") commands=("$ours --debuginfo $KDUMP_VMLINUX $KDUMP_DUMP" "$ours $KDUMP_DUMP")
if /usr/bin/python3 -c 'import drgn' 2>/dev/null; then
	names+=(drgn) commands+=("/usr/bin/python3 tests/kdump/drgn_stacks.py $KDUMP_DUMP $KDUMP_VMLINUX")
fi
if command -v crash >/dev/null; then
	names+=(crash) commands+=("crash -s -i $directory/commands $KDUMP_VMLINUX $KDUMP_DUMP")
fi
hyperfine -N --ignore-failure --warmup 1 --runs 5 --export-json "$directory/times.json" "${commands[@]}" >/dev/null 2>&1
for i in "${!commands[@]}"; do
	# shellcheck disable=SC2086
	kilobytes=$(/usr/bin/time -f %M ${commands[$i]} 2>&1 >/dev/null | tail -n 1)
	/usr/bin/python3 -c 'import json, sys
seconds = [run["median"] for run in json.load(open(sys.argv[1]))["results"]]
i, name, kilobytes = int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
print(f"{name:16} {seconds[i]:8.3f} s  {seconds[i] / seconds[0]:6.2f} x  {kilobytes / 1024:7.1f} MiB")' \
		"$directory/times.json" "$i" "${names[$i]}" "$kilobytes"
done
