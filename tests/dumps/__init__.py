"""Makes small dumps of kernels that no machine at hand can run: other architectures, old releases, damage of every sort.

Every byte is made up here, field by field, from the kernel's own structures; each module names the sources and versions that
it follows. Nothing in these dumps ran on a machine: what the log inside says is a sample's text, or synthetic (texts.py).

    machine.py      a machine: byte order, word, pages of memory, symbols, VMCOREINFO, registers
    tables.py       page tables of x86, arm64 and RISC-V
    logs.py         the kernel log in its three formats, by the rules of the kernel that writes it
    containers.py   what a dump is kept in: ELF, makedumpfile's compressed format, split, flattened
    texts.py        what the logs say
    kernels.py      machines of many architectures and releases with a log in each
    lies.py         dumps that lack something, lie about themselves, or are of 1 TiB
    endless.py      small dumps that claim logs of gigabytes
    variants.py     small dumps, each damaged in thousands of ways

`python3 tests/dumps list` names them, `python3 tests/dumps KERNEL CONTAINER FILE` writes one.
"""
