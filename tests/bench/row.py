"""row.py [NAME BYTES KIB KIB_OF_MAKEDUMPFILE SECONDS [SECONDS_OF_MAKEDUMPFILE]]: a row of vmcore.sh's table, or its head."""

import sys

RATIO, MEBIBYTES = 1.5, 16
COLUMNS = "{:24} {:>14} {:>9} {:>12}  {:19}  {:28}  {}"


def judged(value, goal, unit):
    return f"{value:.2f}{unit} ({'within' if value <= goal else 'PAST'} {goal}{unit})"


def main(arguments):
    if not arguments:
        return COLUMNS.format("dump", "bytes", "verdict", "makedumpfile", "ratio", "peak memory", "makedumpfile's")
    name, size, kibibytes, others, seconds, *other = arguments
    return COLUMNS.format(name, size, f"{float(seconds) * 1000:.1f} ms",
                          f"{float(other[0]) * 1000:.1f} ms" if other else "-",
                          judged(float(seconds) / float(other[0]), RATIO, "") if other else "-",
                          judged(int(kibibytes) / 1024, MEBIBYTES, " MiB"),
                          f"{int(others) / 1024:.2f} MiB" if other else "-")


print(main(sys.argv[1:]))
