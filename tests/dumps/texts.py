"""What the logs in made-up dumps say: texts of samples/, and synthetic ones, in the format of kernels that no sample has.

Of a synthetic text every address and register is made up; its form is that of the kernel source it names.
"""

import os
import pathlib
import re

from .logs import Record

SAMPLES = pathlib.Path(os.environ.get("SOURCE_ROOT", pathlib.Path(__file__).parents[2])) / "samples"


def stamped(name):
    """A sample whose lines are `[seconds] text`, with or without `<level>`. What has no time stamp was broken by a
    terminal, and goes on the record before; what was written before it is a login prompt."""
    records = []
    for line in (SAMPLES / name).read_bytes().splitlines():
        for text in re.split(rb"(?= {20,}\[ *\d+\.\d{6}\] )", line):
            found = re.search(rb"(?:<(\d+)>)?\[ *(\d+)\.(\d{6})\] ?(.*)", text)
            if found:
                level, microseconds = int(found[1] or 6), int(found[2] + found[3])
                records.append(Record(microseconds * 1000, found[4].rstrip(), level & 7, level >> 3))
            elif records and not re.match(rb"\[?[ .]|kdump:|Copying|\Z|CentOS|Kernel", text):
                records[-1].text += b" " + text
    return records


def renamed(entries, machine):
    """A log of one of Debian's kernels as if it were of another."""
    for entry in entries:
        entry.text = re.sub(rb"(5.10.0-46-cloud-amd64|6.1.0-13-arm64)", machine.release.encode(), entry.text)
        entry.text = re.sub(rb"#1 +(SMP )?Debian [56]\.[^\n]*", machine.version.encode(), entry.text)
    return entries


def syslog(name):
    """A sample of syslog without the kernel's time stamps: these are made up, a millisecond a line."""
    lines = re.findall(rb"(?m)^\w+ +\d+ [\d:]+ \S+ kernel: ?(.*)$", (SAMPLES / name).read_bytes())
    return [Record(1411242_000000000 + i * 1000000, line.rstrip()) for i, line in enumerate(lines)]


def synthetic(text, begins=41_000000000, **options):
    return [Record(begins + i * 137000, line.encode(), **options) for i, line in enumerate(text.strip("\n").splitlines())]


# arch/x86/kernel/dumpstack_64.c, traps.c and mm/fault.c of 2.6.32.
RHEL6 = r"""
Linux version 2.6.32-754.el6.x86_64 (build@made-up) (gcc version 4.4.7) #1 SMP Thu May 24 18:18:25 EDT 2018
Command line: ro root=/dev/vda1 crashkernel=auto
SysRq : Trigger a crash
BUG: unable to handle kernel NULL pointer dereference at (null)
IP: [<ffffffff813685a6>] sysrq_handle_crash+0x16/0x20
PGD 3b1c5067 PUD 3bcb4067 PMD 0 
Oops: 0002 [#1] SMP 
last sysfs file: /sys/kernel/mm/ksm/run
CPU 0 
Modules linked in: ipv6 microcode virtio_balloon virtio_net i2c_piix4 i2c_core ext4 jbd2 mbcache virtio_blk virtio_pci

Pid: 1467, comm: bash Not tainted 2.6.32-754.el6.x86_64 #1 Red Hat KVM
RIP: 0010:[<ffffffff813685a6>]  [<ffffffff813685a6>] sysrq_handle_crash+0x16/0x20
RSP: 0018:ffff88003bcd5e18  EFLAGS: 00010092
RAX: 0000000000000010 RBX: 0000000000000063 RCX: 0000000000000000
RDX: 0000000000000000 RSI: 0000000000000000 RDI: 0000000000000063
RBP: ffff88003bcd5e18 R08: 0000000000000000 R09: ffffffff8163ea80
R10: 0000000000000001 R11: 0000000000000000 R12: 0000000000000000
R13: ffffffff81b02320 R14: 0000000000000286 R15: 0000000000000007
FS:  00007f2b1a1c1700(0000) GS:ffff880002200000(0000) knlGS:0000000000000000
CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033
CR2: 0000000000000000 CR3: 000000003d9d6000 CR4: 00000000000006f0
DR0: 0000000000000000 DR1: 0000000000000000 DR2: 0000000000000000
DR3: 0000000000000000 DR6: 00000000ffff0ff0 DR7: 0000000000000400
Process bash (pid: 1467, threadinfo ffff88003bcd4000, task ffff88003d5e6ab0)
Stack:
 ffff88003bcd5e68 ffffffff81368862 0000000000000000 ffff88003bcd5ea0
Call Trace:
 [<ffffffff81368862>] __handle_sysrq+0x132/0x1a0
 [<ffffffff8136891e>] write_sysrq_trigger+0x4e/0x50
 [<ffffffff811ff5ee>] proc_reg_write+0x7e/0xc0
 [<ffffffff81198e58>] vfs_write+0xb8/0x1a0
 [<ffffffff8119a361>] sys_write+0x51/0xb0
 [<ffffffff8100b0d2>] system_call_fastpath+0x16/0x1b
Code: d0 88 81 b3 0d 0b 82 c9 c3 66 66 66 66 66 2e 0f 1f 84 00 00 00 00 00 55 48 89 e5 0f 1f 44 00 00 c7 05 8d 9d 79 00 01 00 00 00 0f ae f8 <c6> 04 25 00 00 00 00 01 c9 c3 55 48 89 e5 0f 1f 44 00 00 8d 47
RIP  [<ffffffff813685a6>] sysrq_handle_crash+0x16/0x20
 RSP <ffff88003bcd5e18>
CR2: 0000000000000000
"""

# arch/x86/kernel/dumpstack.c and mm/fault.c of 6.1, CONFIG_X86_32.
I386 = r"""
Linux version 6.1.0-13-686-pae (build@made-up) (gcc-12) #1 SMP PREEMPT_DYNAMIC Debian 6.1.55-1 (2023-09-29)
BUG: kernel NULL pointer dereference, address: 00000088
#PF: supervisor write access in kernel mode
#PF: error_code(0x0002) - not-present page
*pdpt = 0000000001a3e001 *pde = 0000000000000000 
Oops: 0002 [#1] PREEMPT SMP PTI
CPU: 0 PID: 611 Comm: rmdir Not tainted 6.1.0-13-686-pae #1  Debian 6.1.55-1
Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014
EIP: _raw_spin_lock+0xf/0x30
Code: 89 c2 31 c0 90 90 90 90 90 90 90 90 55 89 e5 53 89 c3 64 ff 05 c0 26 a8 c7 31 c0 ba 01 00 00 00 <f0> 0f b1 13 75 05 8b 5d fc c9 c3
EAX: 00000000 EBX: 00000088 ECX: c1a3ff24 EDX: 00000001
ESI: c1c2d000 EDI: c1a3fee4 EBP: c1a3fec0 ESP: c1a3febc
DS: 007b ES: 007b FS: 00d8 GS: 0033 SS: 0068 EFLAGS: 00010246
CR0: 80050033 CR2: 00000088 CR3: 01a38000 CR4: 000006f0
Call Trace:
 d_delete+0x1e/0x90
 vfs_rmdir+0x13e/0x180
 do_rmdir+0x164/0x1b0
 __ia32_sys_rmdir+0x1d/0x30
 __do_fast_syscall_32+0x4c/0x80
 do_fast_syscall_32+0x29/0x60
 do_SYSENTER_32+0x15/0x20
 entry_SYSENTER_32+0x98/0xf1
Modules linked in: overlay
CR2: 0000000000000088
---[ end trace 0000000000000000 ]---
Kernel panic - not syncing: Fatal exception
"""

# arch/arm64/mm/fault.c, kernel/traps.c and kernel/process.c of 6.1.
AARCH64 = r"""
Booting Linux on physical CPU 0x0000000000 [0x413fd0c1]
Linux version 6.1.0-13-arm64 (build@made-up) (gcc-12) #1 SMP Debian 6.1.55-1 (2023-09-29)
Unable to handle kernel NULL pointer dereference at virtual address 0000000000000088
Mem abort info:
  ESR = 0x0000000096000004
  EC = 0x25: DABT (current EL), IL = 32 bits
  SET = 0, FnV = 0
  EA = 0, S1PTW = 0
  FSC = 0x04: level 0 translation fault
Data abort info:
  ISV = 0, ISS = 0x00000004
  CM = 0, WnR = 0
user pgtable: 4k pages, 48-bit VAs, pgdp=0000000043f2b000
[0000000000000088] pgd=0000000000000000, p4d=0000000000000000
Internal error: Oops: 0000000096000004 [#1] SMP
Modules linked in: overlay
CPU: 1 PID: 812 Comm: rmdir Not tainted 6.1.0-13-arm64 #1  Debian 6.1.55-1
Hardware name: QEMU KVM Virtual Machine, BIOS 0.0.0 02/06/2015
pstate: 60400005 (nZCv daif +PAN -UAO -TCO -DIT -SSBS BTYPE=--)
pc : _raw_spin_lock+0x28/0x80
lr : d_delete+0x38/0xb0
sp : ffff80000b3abd00
x29: ffff80000b3abd00 x28: ffff0000c3d1a000 x27: 0000000000000000
x26: 0000000000000000 x25: 0000000000000000 x24: 0000000000000000
x23: ffff0000c2f4a280 x22: ffff0000c2f4a2d8 x21: 0000000000000000
x20: ffff0000c2f4a280 x19: 0000000000000088 x18: 0000000000000000
x17: 0000000000000000 x16: 0000000000000000 x15: 0000000000000000
x14: 0000000000000000 x13: 0000000000000000 x12: 0000000000000000
x11: 0000000000000000 x10: 0000000000000000 x9 : ffff800008354d98
x8 : 0000000000000000 x7 : 0000000000000000 x6 : 0000000000000000
x5 : 0000000000000000 x4 : 0000000000000000 x3 : 0000000000000088
x2 : 0000000000000001 x1 : 0000000000000000 x0 : 0000000000000088
Call trace:
 _raw_spin_lock+0x28/0x80
 d_delete+0x38/0xb0
 vfs_rmdir+0x10c/0x1b0
 do_rmdir+0x180/0x1d0
 __arm64_sys_unlinkat+0x58/0x70
 invoke_syscall+0x78/0x100
 el0_svc_common.constprop.0+0x4c/0xf4
 do_el0_svc+0x34/0xd0
 el0_svc+0x34/0xd4
 el0t_64_sync_handler+0xf4/0x120
 el0t_64_sync+0x18c/0x190
Code: d5384101 b9400820 11000400 b9000820 (885ffe61) 
---[ end trace 0000000000000000 ]---
Kernel panic - not syncing: Oops: Fatal exception
"""

# arch/s390/mm/fault.c, kernel/dumpstack.c of 5.14.
S390X = r"""
Linux version RELEASE (build@made-up) (gcc) #1 SMP
setup: Linux is running natively in 64-bit mode
sysrq: Trigger a crash
Unable to handle kernel pointer dereference in virtual kernel address space
Failing address: 0000000000000000 TEID: 0000000000000483
Fault in home space mode while using kernel ASCE.
AS:0000000001b8c007 R3:00000003fffd0007 S:00000003fffd6000 P:000000000000013d 
Oops: 0004 ilc:2 [#1] SMP 
Modules linked in: qeth_l2 bridge stp llc qeth ccwgroup dasd_eckd_mod dasd_mod
CPU: 2 PID: 1437 Comm: bash Kdump: loaded Not tainted RELEASE #1
Hardware name: IBM 3906 M04 704 (LPAR)
Krnl PSW : 0704c00180000000 0000000000c8b3d4 (sysrq_handle_crash+0x14/0x20)
           R:0 T:1 IO:1 EX:1 Key:0 M:1 W:0 P:0 AS:3 CC:0 PM:0 RI:0 EA:3
Krnl GPRS: 0000000000000000 0000000000c8b3c0 0000000000000063 0000000000000000
           0000000000000001 00000000ffffffea 000003ffb1e7e9c0 0000000000000007
           0000000001586a80 0000000000000000 0000000000000063 0000000000000000
           0000000084fbc000 000003ffb1ffaf98 0000000000c8bd2a 000003800395bc08
Krnl Code: 0000000000c8b3c8: c0e5ffffffe8	brasl	%r14,0000000000c8b398
          #0000000000c8b3ce: a7190000		lghi	%r1,0
          >0000000000c8b3d2: 92001000		mvi	0(%r1),0
Call Trace:
 [<0000000000c8b3d4>] sysrq_handle_crash+0x14/0x20 
 [<0000000000c8c0c8>] write_sysrq_trigger+0x158/0x200 
 [<00000000007d5f8a>] proc_reg_write+0x9a/0xf0 
 [<00000000006f6a1e>] vfs_write+0xbe/0x270 
 [<00000000006f6df2>] ksys_write+0x62/0xe0 
 [<0000000000e4c5ea>] __do_syscall+0x1da/0x200 
 [<0000000000e5ac92>] system_call+0x82/0xb0 
Last Breaking-Event-Address:
 [<0000000000c8bd24>] __handle_sysrq+0xd4/0x1c0
Kernel panic - not syncing: Fatal exception: panic_on_oops
"""

# arch/powerpc/mm/fault.c, kernel/traps.c, kernel/process.c of 4.14.
PPC64 = r"""
Linux version RELEASE (build@made-up) (gcc) #1 SMP
sysrq: SysRq : Trigger a crash
Unable to handle kernel paging request for data at address 0x00000000
Faulting instruction address: 0xc0000000006d2e58
Oops: Kernel access of bad area, sig: 11 [#1]
ORDER SMP NR_CPUS=2048 NUMA pSeries
Modules linked in: xfs libcrc32c ibmvscsi scsi_transport_srp ibmveth
CPU: 3 PID: 2231 Comm: bash Not tainted RELEASE #1
task: c0000000f1a4f400 task.stack: c0000000f1ae4000
NIP:  c0000000006d2e58 LR: c0000000006d3c24 CTR: c0000000006d2e30
REGS: c0000000f1ae7920 TRAP: 0300   Not tainted  (RELEASE)
MSR:  8000000000009033 <SF,EE,ME,IR,DR,RI,LE>  CR: 28222222  XER: 20000000
CFAR: c0000000006d3c20 DAR: 0000000000000000 DSISR: 42000000 SOFTE: 1 
GPR00: c0000000006d3c04 c0000000f1ae7ba0 c000000001485600 0000000000000063 
GPR04: c0000001ffc0c4a8 c0000001ffc21d10 c0000001ff0d0000 0000000000000000 
NIP [c0000000006d2e58] sysrq_handle_crash+0x28/0x30
LR [c0000000006d3c24] __handle_sysrq+0xf4/0x260
Call Trace:
[c0000000f1ae7ba0] [c0000000006d3c04] __handle_sysrq+0xd4/0x260 (unreliable)
[c0000000f1ae7c40] [c0000000006d43b8] write_sysrq_trigger+0x78/0xa0
[c0000000f1ae7c70] [c000000000415f20] proc_reg_write+0xb0/0x110
[c0000000f1ae7cc0] [c00000000037c1dc] __vfs_write+0x3c/0x70
[c0000000f1ae7ce0] [c00000000037df78] vfs_write+0xd8/0x220
[c0000000f1ae7d30] [c00000000037e298] SyS_write+0x68/0x110
[c0000000f1ae7e30] [c00000000000b184] system_call+0x58/0x6c
Instruction dump:
4bfff9f1 4bfffe50 3c4c00db 38422c10 7c0802a6 60000000 39200001 3d42001d 
394afc40 912a0000 7c0004ac 39400000 <992a0000> 4e800020 3c4c00db 38422be0 
---[ end trace 6b1cc1ac92bd1e83 ]---
Kernel panic - not syncing: Fatal exception
"""

# arch/riscv/mm/fault.c, kernel/traps.c, kernel/process.c of 6.6.
RISCV64 = r"""
Linux version 6.6.13-riscv64 (build@made-up) (gcc-13) #1 SMP Debian 6.6.13-1 (2024-01-20)
Unable to handle kernel NULL pointer dereference at virtual address 0000000000000088
Oops [#1]
Modules linked in: overlay
CPU: 2 PID: 402 Comm: rmdir Not tainted 6.6.13-riscv64 #1 Debian 6.6.13-1
Hardware name: riscv-virtio,qemu (DT)
epc : _raw_spin_lock+0x16/0x3c
 ra : d_delete+0x26/0x7c
epc : ffffffff80a6c2ee ra : ffffffff80282f32 sp : ff200000007b3d10
 gp : ffffffff81909ec8 tp : ff600000036d0000 t0 : 0000000000000000
 t1 : 0000000000000000 t2 : 0000000000000000 s0 : ff200000007b3d30
 s1 : 0000000000000088 a0 : 0000000000000088 a1 : 0000000000000000
 a2 : 0000000000000001 a3 : 0000000000000000 a4 : 0000000000000000
 a5 : 0000000000000001 a6 : 0000000000000000 a7 : 0000000000000023
 s2 : ff60000002b1ce40 s3 : 0000000000000000 s4 : 0000000000000000
 s5 : 0000000000000000 s6 : 0000000000000000 s7 : 0000000000000000
 s8 : 0000000000000000 s9 : 0000000000000000 s10: 0000000000000000
 s11: 0000000000000000 t3 : 0000000000000000 t4 : 0000000000000000
 t5 : 0000000000000000 t6 : 0000000000000000
status: 0000000200000120 badaddr: 0000000000000088 cause: 000000000000000f
[<ffffffff80a6c2ee>] _raw_spin_lock+0x16/0x3c
[<ffffffff80282f32>] d_delete+0x26/0x7c
[<ffffffff80276a68>] vfs_rmdir+0x112/0x154
[<ffffffff8027af86>] do_rmdir+0x14a/0x18c
[<ffffffff8027b4a2>] __riscv_sys_unlinkat+0x48/0x58
[<ffffffff80a60bc2>] do_trap_ecall_u+0xba/0x12e
[<ffffffff800037b6>] ret_from_exception+0x0/0x64
Code: 1141 e422 0800 2783 0027 2785 c398 4705 (202f) 12e5 
---[ end trace 0000000000000000 ]---
Kernel panic - not syncing: Fatal exception in interrupt
"""


def s390x(release):
    return synthetic(S390X.replace("RELEASE", release))


def ppc64(release, order):
    return synthetic(PPC64.replace("RELEASE", release).replace("ORDER", order))


def filler(count, begins=0):
    """A quiet machine: records of changing length, without a crash."""
    return [Record(begins + i * 31_000_000, b"usb 1-%d: new high-speed USB device number %d using xhci_hcd%b" %
                   (i % 7 + 1, i, b" again" * (i % 5))) for i in range(count)]


# What a log may hold besides plain text: vmcore-dmesg writes what is neither printable nor blank as \xNN.
ODD = [b"a tab\tand a line\nfeed", b"caf\xc3\xa9", b"escape \x1b[31mred\x1b[0m", b"", b"nul \0 inside", b"\x7f\x80\xff"]
