/*
 * By what a crash is known again: the same 64 bits for the dump, the log that was saved of it, copies of both, and the log
 * of the same boot in another transport; others for another crash, of the same bug and on the same machine too. For triage.c
 * only.
 *
 * FNV-1a over what the kernel itself printed of the crash: headline, time since boot, CPU, pid, comm, release, instruction
 * pointer, fault address, registers, and the functions of the trace with their offsets. Not over what depends on where the
 * report was found (path, line, transport, host, wall clock), nor on what this program makes of it (kind, culprit,
 * fingerprint, which signature matches): a newer version of it, or another catalogue, knows the crash again.
 *
 * Two crashes of one bug differ in their time since boot, to the microsecond, and as a rule in pid and registers. A
 * transport that leaves the time out (dmesg -T, journalctl -o short, many a /var/log/messages) hides that one of these is
 * the same: there the registers tell crashes apart, and such logs of one crash are known again among themselves only. Where
 * there are no registers either (hung tasks), the host and the wall clock as the transport writes them must do.
 */
#ifndef TRIAGE_IDENTITY_H
#define TRIAGE_IDENTITY_H

#include "crash/crash.h"

#include <stdint.h>

uint64_t identity_of(const struct crash *crash);

#endif
