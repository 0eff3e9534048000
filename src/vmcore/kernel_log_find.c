/* Which reader gives the kernel log: by VMCOREINFO, by VMCOREINFO found in memory, by searching; and whether what it gives
 * is one. */
#include "vmcore/address.h"
#include "vmcore/cause.h"
#include "vmcore/dump_parts.h"
#include "vmcore/facts.h"
#include "vmcore/kernel_log_format.h"
#include "vmcore/uts_names.h"
#include "vmcore/vmcoreinfo.h"

#include <inttypes.h>
#include <string.h>

/* Entries with which a log begins that is one; and the most that are read to tell. */
enum { GOOD_ENOUGH = 16, JUDGED_MOST = 128 * 1024 };

/* Bytes of memory that each search looks through: a minute or two. Where a part of the dump is known to be missing, and the
 * log with it, seconds. */
#define SEARCHED_MOST         (UINT64_C(64) << 30)
#define SEARCHED_WITHOUT_HOPE (UINT64_C(1) << 30)

struct finding {
	struct dump *dump;
	struct kernel_log_report *report;
	uint64_t most;   /* SEARCHED_MOST or SEARCHED_WITHOUT_HOPE */
	bool told_right; /* VMCOREINFO is this kernel's: no other has to be looked for */
};

/* The symbol that a format's kernels name tells which it is. */
static const struct {
	const char *symbol;
	struct log_reader *(*open)(struct dump *dump, struct kernel_log_report *report, struct error *error);
} formats[] = {
	{ "prb", ring_open },
	{ "log_first_idx", records_open },
	{ "log_end", characters_open },
};

static struct log_reader *open_by_vmcoreinfo(struct finding *finding, struct error *error)
{
	uint64_t address;

	struct text lost = finding->dump->notes_lost;

	if (!finding->dump->vmcoreinfo.length && lost.length)
		error_set(error, "VMCOREINFO is missing: %.*s", TEXT_ARGS(lost));
	else if (!finding->dump->vmcoreinfo.length)
		error_set(error, "the dump has no VMCOREINFO");
	if (!finding->dump->vmcoreinfo.length)
		return NULL;
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (vmcoreinfo_symbol(finding->dump->vmcoreinfo, formats[i].symbol, &address))
			return formats[i].open(finding->dump, finding->report, error);
	error_set(error, "VMCOREINFO names no log: none of SYMBOL(prb), SYMBOL(log_first_idx) and SYMBOL(log_end) is there");
	return NULL;
}

/* VMCOREINFO may be in memory where the container has none, or that of another kernel. */
static struct log_reader *open_by_vmcoreinfo_in_memory(struct finding *finding, struct error *error)
{
	if (finding->told_right || !facts_find_vmcoreinfo(finding->dump, finding->most)) {
		error_set(error,
			  finding->told_right ? "no other VMCOREINFO can be right" : "no VMCOREINFO was found in memory");
		return NULL;
	}
	address_reset(finding->dump);
	return open_by_vmcoreinfo(finding, error);
}

void log_reader_judge(struct log_reader *reader)
{
	struct kernel_log_report *report = reader->report, tried = { 0 };
	struct log_entry entry;
	uint64_t bad = 0, entries = 0;

	if (!reader->rewind)
		return;
	reader->report = &tried;
	reader->good = 0;
	while ((bad || reader->good < GOOD_ENOUGH) && entries < JUDGED_MOST && reader->next(reader, &entry)) {
		entries += !entry.marker;
		uint64_t now_bad = tried.senseless + reader->odd;
		reader->good += now_bad == bad && !entry.marker && entry.text.length;
		bad = now_bad;
	}
	bad = tried.senseless + reader->odd;
	reader->doubtful = bad > reader->good / 8 || (reader->good == 0 && tried.unreadable == 0);
	if (tried.first.message[0])
		reader->doubt = tried.first;
	else if (reader->doubtful)
		error_set(&reader->doubt, "of %" PRIu64 " records in what should be the log, %" PRIu64 " look like some",
			  entries, reader->good);
	reader->rewind(reader);
	reader->report = report;
	reader->odd = 0;
}

struct log_reader *log_reader_better(struct log_reader *first, struct log_reader *second)
{
	if (!first || !second)
		return first ? first : second;
	bool same = strcmp(first->layout, second->layout) == 0;
	bool better = first->good == 0 ? second->good || !second->doubtful
				       : same && (!second->doubtful || second->good > first->good);
	struct log_reader *worse = better ? first : second;
	worse->close(worse);
	return better ? second : first;
}

/* The better of the reader so far and another just opened; the report is that one's. */
static struct log_reader *choose(struct finding *finding, struct log_reader *reader, const struct kernel_log_report *report,
				 struct log_reader *other)
{
	if (other)
		log_reader_judge(other);
	struct log_reader *better = log_reader_better(reader, other);
	if (better == reader)
		*finding->report = *report;
	return better;
}

/* VMCOREINFO in memory, for what no log or a doubtful one was told by. What was told counts again where that is no better.
 */
static struct log_reader *try_memory(struct finding *finding, struct log_reader *reader, struct error *error)
{
	struct kernel_log_report report = *finding->report;
	struct text told = finding->dump->vmcoreinfo;
	size_t remarks = finding->dump->remark_count;

	*finding->report = (struct kernel_log_report){ 0 };
	struct log_reader *better = choose(finding, reader, &report, open_by_vmcoreinfo_in_memory(finding, error));
	if (reader && better == reader) {
		finding->dump->vmcoreinfo = told;
		finding->dump->remark_count = remarks;
		address_reset(finding->dump);
	}
	return better;
}

static struct log_reader *try_search(struct finding *finding, struct log_reader *reader, const struct error *told,
				     struct error *error)
{
	struct kernel_log_report report = *finding->report;
	struct error doubt = reader ? reader->doubt : *told;

	*finding->report = (struct kernel_log_report){ 0 };
	struct log_reader *better =
		choose(finding, reader, &report, log_search(finding->dump, finding->most, finding->report, error));
	if (better && better != reader) {
		finding->report->searched = true;
		if (!doubt.message[0])
			error_set(&doubt, "what VMCOREINFO tells led to no log");
		report_lost(finding->report, 0, &doubt);
	}
	return better;
}

/* Why the variables that lead to the log cannot be read; MEMORY_OK: they can. */
static enum memory_status variables_status(struct dump *dump)
{
	static const char *const names[] = { "prb", "log_buf", "log_buf_len", "log_first_idx", "log_next_idx", "log_end" };
	enum memory_status status = MEMORY_OK;
	struct error ignored;

	for (size_t i = 0; i < sizeof names / sizeof *names && status == MEMORY_OK; i++) {
		uint64_t address, value;
		size_t size = i < 2 ? dump->word : 4;
		if (!vmcoreinfo_symbol(dump->vmcoreinfo, names[i], &address))
			continue;
		status = dump_read_number(dump, address, size, &value, &ignored);
		if (i == 0 && status == MEMORY_OK)
			status = dump_read_number(dump, value, size, &value, &ignored);
	}
	return status;
}

static bool is_of_this_kernel(struct dump *dump)
{
	struct text release;
	struct uts_names names;

	return vmcoreinfo_find(dump->vmcoreinfo, "OSRELEASE", &release) && uts_names_read(dump, &names) &&
	       text_equal(release, uts_name_clean((struct text){ names.release, sizeof names.release }));
}

/*
 * Where the page was left out of the dump, was cut off, or is in a file that was not given, the log is most likely gone with
 * it: no more is read than takes seconds. The log itself may be there all the same, before a cut.
 */
static void set_hopes(struct finding *finding)
{
	struct dump *dump = finding->dump;
	enum memory_status status = dump->vmcoreinfo.length ? variables_status(dump) : MEMORY_OK;

	finding->most = SEARCHED_MOST;
	if (status != MEMORY_CUT && status != MEMORY_EXCLUDED &&
	    !(status != MEMORY_OK && (dump->incomplete || dump->parts_missing)))
		return;
	finding->most = SEARCHED_WITHOUT_HOPE;
	finding->told_right = is_of_this_kernel(dump);
}

/* Whether both come of the same: of two addresses the same page cannot be read. */
static bool have_one_cause(const struct error *a, const struct error *b)
{
	enum { SAME_LEAST = 40 };
	size_t i = strlen(a->message), j = strlen(b->message), same = 0;

	while (i && j && a->message[--i] == b->message[--j])
		same++;
	return same >= SAME_LEAST || (same && (i == 0 || j == 0));
}

/*
 * Why there is no log: what was told is the first cause, and what was tried then follows as far as it says something else
 * and has room. That the dump is incomplete may be put before all of it.
 */
static void explain(const struct dump *dump, const struct error *told, const struct error *in_memory,
		    const struct error *searching, struct error *error)
{
	size_t most = CAUSE_MOST;

	if (dump->incomplete)
		most -= DUMP_INCOMPLETE_TOLD_MOST;
	error_set(error, "no kernel log: %s", cause(told, most - CAUSE_SHORT).text);
	if (!have_one_cause(told, in_memory))
		cause_add(error, cause(in_memory, CAUSE_SHORT).text, most);
	cause_add(error, searching->message, most);
}

struct log_reader *log_find(struct dump *dump, struct kernel_log_report *report, struct error *error)
{
	struct finding all = { .dump = dump, .report = report }, *finding = &all;
	struct error told = { 0 }, in_memory = { 0 }, searching = { 0 };
	struct log_reader *reader = open_by_vmcoreinfo(finding, &told);

	if (reader)
		log_reader_judge(reader);
	if (!reader || reader->doubtful)
		set_hopes(finding);
	if (!reader || reader->doubtful)
		reader = try_memory(finding, reader, &in_memory);
	if (!reader || reader->doubtful)
		reader = try_search(finding, reader, &told, &searching);
	if (!reader)
		explain(dump, &told, &in_memory, &searching, error);
	else if (reader->doubtful)
		report_lost(finding->report, 1, &reader->doubt);
	return reader;
}
