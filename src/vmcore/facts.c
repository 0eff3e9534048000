/* Facts of a dump: from its header, its notes and VMCOREINFO, its memory. */
#include "vmcore/facts.h"

#include "vmcore/cpu_registers.h"
#include "vmcore/uts_names.h"
#include "vmcore/vmcoreinfo.h"

/* CPUs whose registers are kept, 1.2 KiB each. Machines with more exist; they are counted. */
enum { CPUS_MOST = 2048, BUILD_ID_MOST = 128 };

static bool is_prstatus(const struct dump_note *note)
{
	return note->type == 1 && text_is(note->name, "CORE");
}

static struct text copy_name(struct dump *dump, const char field[UTS_NAME_SIZE])
{
	return arena_copy(&dump->arena, uts_name_clean((struct text){ field, UTS_NAME_SIZE }));
}

static void read_names(struct dump *dump, struct facts *facts)
{
	struct text said = TEXT_NONE;
	struct uts_names names;

	facts->release = uts_name_clean(dump->release);
	facts->version = uts_name_clean(dump->version);
	facts->nodename = uts_name_clean(dump->nodename);
	if (!uts_release_plausible(facts->release))
		facts->release = TEXT_NONE;
	if (vmcoreinfo_find(dump->vmcoreinfo, "OSRELEASE", &said) && uts_release_plausible(said)) {
		if (!facts->release.length)
			facts->release = said;
		else if (!text_equal(facts->release, said))
			dump_remark(dump, "the dump's header says release %.*s, its VMCOREINFO %.*s",
				    TEXT_ARGS(facts->release), TEXT_ARGS(said));
	}
	if ((facts->release.length && facts->version.length && facts->nodename.length) || !uts_names_read(dump, &names))
		return;
	if (!facts->release.length)
		facts->release = copy_name(dump, names.release);
	if (!facts->version.length)
		facts->version = copy_name(dump, names.version);
	if (!facts->nodename.length)
		facts->nodename = copy_name(dump, names.nodename);
}

static bool is_lower_hex(struct text t)
{
	for (size_t i = 0; i < t.length; i++) {
		char c = t.data[i];
		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
	}
	return true;
}

static void read_vmcoreinfo(const struct dump *dump, struct facts *facts)
{
	struct text value;

	if (vmcoreinfo_find(dump->vmcoreinfo, "CRASHTIME", &value) &&
	    !(text_eat_decimal(&value, &facts->crash_time) && !value.length && facts->crash_time <= INT64_MAX))
		facts->crash_time = 0;
	if (vmcoreinfo_find(dump->vmcoreinfo, "BUILD-ID", &value) && value.length <= BUILD_ID_MOST && is_lower_hex(value))
		facts->build_id = value;
	facts->has_kaslr_offset = vmcoreinfo_hex(dump->vmcoreinfo, "KERNELOFFSET", &facts->kaslr_offset);
}

/*
 * QEMU puts the number of the CPU, from 1, where the kernel puts the pid (target/i386/arch_dump.c and its fellows), and so
 * does s390's kernel (arch/s390/kernel/crash_dump.c). QEMU's dumps of x86 have notes of its own; of the others, pids 1, 2, 3
 * in order on two CPUs or more are no coincidence.
 */
static bool pids_are_cpus(const struct dump *dump, const struct facts *facts)
{
	if (dump->arch == ARCH_S390X)
		return true;
	for (size_t i = 0; i < dump->note_count; i++)
		if (text_is(dump->notes[i].name, "QEMU"))
			return true;
	for (size_t i = 0; i < facts->cpu_count; i++)
		if (facts->cpus[i].pid != (int64_t)i + 1)
			return false;
	return facts->cpu_count > 1;
}

/*
 * QEMU writes a note for every CPU, in order. kdump's kernel leaves out those that wrote none (fs/proc/vmcore.c drops empty
 * notes), and makedumpfile counts what is left: where a header knows of more CPUs, nobody can say which are missing; where
 * it does not, that none is missing is likely, but a guess.
 */
static void number_cpus(const struct dump *dump, struct facts *facts, size_t notes)
{
	bool pids_number = pids_are_cpus(dump, facts);
	bool whole = pids_number || dump->cpus <= notes;

	facts->numbers_guessed = whole && !pids_number && facts->cpu_count > 0;
	for (size_t i = 0; i < facts->cpu_count; i++) {
		facts->cpus[i].number = whole ? (int)i : -1;
		if (pids_number)
			facts->cpus[i].pid = -1;
	}
}

static void read_cpus(struct dump *dump, struct facts *facts)
{
	size_t notes = 0, unknown = 0;

	for (size_t i = 0; i < dump->note_count; i++)
		notes += is_prstatus(&dump->notes[i]);
	facts->online_cpus = dump->cpus > notes ? dump->cpus : notes;
	size_t room = notes < CPUS_MOST ? notes : CPUS_MOST;
	facts->cpus = room ? arena_alloc(&dump->arena, room * sizeof *facts->cpus) : NULL;
	if (!facts->cpus)
		return;
	for (size_t i = 0; i < dump->note_count && facts->cpu_count < room; i++)
		if (is_prstatus(&dump->notes[i]))
			unknown += !cpu_registers_read(dump->arch, dump->big_endian, dump->notes[i].data,
						       &facts->cpus[facts->cpu_count++]);
	number_cpus(dump, facts, notes);
	if (unknown)
		dump_remark(
			dump,
			"of %zu of %zu CPUs the registers could not be read: their notes are not what was expected of %s",
			unknown, facts->cpu_count, facts->arch ? facts->arch : "this architecture");
	if (notes > room)
		dump_remark(dump, "%zu CPUs left their registers: those behind the first %zu were left out", notes, room);
}

void facts_read(struct dump *dump, struct facts *facts)
{
	*facts = (struct facts){ .arch = arch_name(dump->arch, dump->big_endian) };
	if (!facts->arch)
		facts->arch = arch_name(arch_from_name(uts_name_clean(dump->machine)), dump->big_endian);
	read_names(dump, facts);
	read_vmcoreinfo(dump, facts);
	read_cpus(dump, facts);
}
