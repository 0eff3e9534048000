#!/usr/bin/python3
"""drgn_stacks.py DUMP VMLINUX: what drgn says of each CPU's stack, as JSON: for each the names of the functions, inlined ones too."""

import json
import sys

import drgn
from drgn.helpers.linux.cpumask import for_each_possible_cpu
from drgn.helpers.linux.percpu import per_cpu

program = drgn.Program()
program.set_core_dump(sys.argv[1])
try:
    program.load_debug_info([sys.argv[2]])
except drgn.MissingDebugInfoError: # of modules
    pass
stacks = {}
for cpu in for_each_possible_cpu(program):
    current = per_cpu(program["runqueues"], cpu).curr
    stacks[cpu] = [{"function": frame.name, "inline": frame.is_inline} for frame in program.stack_trace(current)]
json.dump(stacks, sys.stdout)
