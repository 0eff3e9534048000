/*
 * The per-CPU safe buffers. What is sure: from 4.11 to 5.14 kernel/printk/printk_safe.c has
 *
 *   struct printk_safe_seq_buf { atomic_t len; atomic_t message_lost; struct irq_work work; unsigned char buffer[]; };
 *   static DEFINE_PER_CPU(struct printk_safe_seq_buf, safe_print_seq);
 *   static DEFINE_PER_CPU(struct printk_safe_seq_buf, nmi_print_seq);     (CONFIG_PRINTK_NMI)
 *
 * of 1 << CONFIG_PRINTK_SAFE_LOG_BUF_SHIFT bytes, 10 to 17, in all; and kernel/printk/nmi.c before 4.11 has nmi_print_seq
 * alone, without message_lost. struct irq_work is three words in all of them (a fourth, rcuwait, came in 5.16), but kernels
 * of distributions may have it. Where the text begins is therefore also seen from the text.
 */
#include "vmcore/safe_buffers.h"

#include "vmcore/cause.h"
#include "vmcore/kallsyms.h"
#include "vmcore/vmcoreinfo.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	CPUS_MOST = 8192,      /* CONFIG_NR_CPUS's limit on x86_64; other architectures have less */
	STRUCT_MOST = 1 << 17, /* CONFIG_PRINTK_SAFE_LOG_BUF_SHIFT's limit */
	FIRST_VERSION = 4 << 16 | 8,
	SAFE_VERSION = 4 << 16 | 11, /* printk_safe.c */
	LAST_VERSION = 5 << 16 | 14,
};

enum symbol { NMI_PRINT_SEQ, SAFE_PRINT_SEQ, PER_CPU_OFFSET, NR_CPU_IDS, SYMBOLS };

static const char *const symbol_names[SYMBOLS] = {
	[NMI_PRINT_SEQ] = "nmi_print_seq",
	[SAFE_PRINT_SEQ] = "safe_print_seq",
	[PER_CPU_OFFSET] = "__per_cpu_offset",
	[NR_CPU_IDS] = "nr_cpu_ids",
};

struct visit {
	struct dump *dump;
	void (*visit)(void *state, unsigned int cpu, const char *buffer_name, struct text bytes);
	void *state;
	struct error *error;
	bool failed; /* *error is the first failure */
	uint64_t symbols[SYMBOLS];
	size_t text_at[2];    /* where the text can begin in the struct, the likeliest first */
	unsigned char *bytes; /* STRUCT_MOST */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The first two numbers of a release, "5.10.0-46-amd64"; 0: it does not begin so. */
static unsigned int release_version(struct text release)
{
	uint64_t major, minor;

	if (!release.length || !is_digit(release.data[0]) || !text_eat_decimal(&release, &major) ||
	    !text_eat_char(&release, '.') || !text_eat_decimal(&release, &minor) || major > 255 || minor > 65535)
		return 0;
	return (unsigned int)major << 16 | (unsigned int)minor;
}

static unsigned int kernel_version(const struct dump *dump)
{
	struct text release;

	if (!vmcoreinfo_find(dump->vmcoreinfo, "OSRELEASE", &release))
		release = dump->release;
	return release_version(release);
}

static void note_failure(struct visit *visit, unsigned int cpu, const char *name, const char *why)
{
	if (!visit->failed)
		error_set(visit->error, "%s of CPU %u: %s", name, cpu, cause_of_text(why, CAUSE_USUAL).text);
	visit->failed = true;
}

/* Text begins with SOH and a level, or (a message without one) with anything that can be seen; the pointers before it do
 * not. */
static bool can_be_text(const unsigned char *bytes, size_t length)
{
	if (length >= 2 && bytes[0] == '\001')
		return is_digit((char)bytes[1]) || bytes[1] == 'c' || bytes[1] == 'd';
	for (size_t i = 0; i < length && i < 8; i++)
		if ((bytes[i] < ' ' && bytes[i] != '\n' && bytes[i] != '\t') || bytes[i] == 0x7f || bytes[i] == 0xff)
			return false;
	return length > 0;
}

static void visit_buffer(struct visit *visit, unsigned int cpu, const char *name, uint64_t address)
{
	struct error why = { 0 };
	uint64_t length;

	if (dump_read_number(visit->dump, address, 4, &length, &why) != MEMORY_OK) {
		note_failure(visit, cpu, name, why.message);
		return;
	}
	if (length == 0)
		return;
	if (length > STRUCT_MOST - visit->text_at[0]) {
		note_failure(visit, cpu, name, "it holds more bytes than any kernel gives it");
		return;
	}
	for (size_t i = 0; i < sizeof visit->text_at / sizeof *visit->text_at; i++) {
		if (dump_read(visit->dump, address + visit->text_at[i], visit->bytes, (size_t)length, &why) != MEMORY_OK) {
			note_failure(visit, cpu, name, why.message);
			return;
		}
		if (can_be_text(visit->bytes, (size_t)length)) {
			visit->visit(visit->state, cpu, name, (struct text){ (const char *)visit->bytes, (size_t)length });
			return;
		}
	}
	note_failure(visit, cpu, name, "what it holds is not text");
}

static void visit_cpu(struct visit *visit, unsigned int cpu)
{
	struct error why = { 0 };
	uint64_t offset = 0;
	size_t word = visit->dump->word;

	if (visit->symbols[PER_CPU_OFFSET] &&
	    dump_read_number(visit->dump, visit->symbols[PER_CPU_OFFSET] + cpu * word, word, &offset, &why) != MEMORY_OK) {
		note_failure(visit, cpu, symbol_names[PER_CPU_OFFSET], why.message);
		return;
	}
	for (enum symbol buffer = NMI_PRINT_SEQ; buffer <= SAFE_PRINT_SEQ; buffer++) {
		uint64_t address = visit->symbols[buffer] + offset;
		if (word == 4)
			address &= UINT32_MAX;
		if (visit->symbols[buffer])
			visit_buffer(visit, cpu, symbol_names[buffer], address);
	}
}

/* How many CPUs there can be. A kernel for one has neither __per_cpu_offset nor nr_cpu_ids. */
static bool count_cpus(struct visit *visit, uint64_t *cpus)
{
	struct error why = { 0 };

	*cpus = 1;
	if (!visit->symbols[PER_CPU_OFFSET])
		return true;
	if (!visit->symbols[NR_CPU_IDS])
		return error_set(visit->error, "kallsyms has no nr_cpu_ids, so that the number of CPUs is not known");
	if (dump_read_number(visit->dump, visit->symbols[NR_CPU_IDS], 4, cpus, &why) != MEMORY_OK)
		return error_set(visit->error, "nr_cpu_ids: %s", cause(&why, CAUSE_USUAL).text);
	if (*cpus == 0 || *cpus > CPUS_MOST)
		return error_set(visit->error, "nr_cpu_ids is %" PRIu64 ", expected 1 to %d", *cpus, CPUS_MOST);
	return true;
}

static bool visit_cpus(struct visit *visit)
{
	uint64_t cpus;

	if (!count_cpus(visit, &cpus))
		return false;
	visit->bytes = malloc(STRUCT_MOST);
	if (!visit->bytes)
		return error_out_of_memory(visit->error);
	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		visit_cpu(visit, cpu);
	free(visit->bytes);
	return !visit->failed;
}

static bool find_symbols(struct visit *visit)
{
	struct kallsyms *kallsyms = kallsyms_open(visit->dump, visit->error);

	if (!kallsyms)
		return false;
	size_t found = kallsyms_find(kallsyms, symbol_names, SYMBOLS, visit->symbols);
	kallsyms_close(kallsyms);
	/* nr_cpu_ids and its like are there in any kernel of these with CONFIG_KALLSYMS_ALL and more than one CPU. */
	return found || error_set(visit->error, "kallsyms has no variables: CONFIG_KALLSYMS_ALL is not set");
}

bool safe_buffers_visit(struct dump *dump,
			void (*visit)(void *state, unsigned int cpu, const char *buffer_name, struct text bytes),
			void *state, struct error *error)
{
	struct visit visiting = { .dump = dump, .visit = visit, .state = state, .error = error };
	unsigned int version = kernel_version(dump);
	size_t word = dump->word;

	if (version < FIRST_VERSION || version > LAST_VERSION || (word != 4 && word != 8))
		return true;
	/* Behind len, message_lost or what aligns to a word, and irq_work; then with irq_work's fourth word. */
	size_t counters = word == 8 || version >= SAFE_VERSION ? 8 : 4;
	visiting.text_at[0] = counters + 3 * word;
	visiting.text_at[1] = counters + 4 * word;
	if (!find_symbols(&visiting))
		return false;
	return (!visiting.symbols[NMI_PRINT_SEQ] && !visiting.symbols[SAFE_PRINT_SEQ]) || visit_cpus(&visiting);
}
