/* The order of the report: the most important first. */
#include "output/report.h"

#include "output/advice.h"
#include "output/describe_cpus.h"
#include "output/safe.h"

enum { TRACE_LINES_MOST = 8, CPUS_SHOWN_MOST = 16, CPU_TRACE_LINES_MOST = 32, ITEMS_MOST = 20 };

/* What is being reported, handed from section to section. */
struct telling {
	struct page *page;
	const struct form *form;
	const struct verdict *verdict;
	const struct crash *crash;     /* that decided; NULL: none */
	const struct finding *finding; /* its best one; NULL: none */
};

static bool is_out_of_memory(const struct crash *crash)
{
	return crash && crash->kind == CRASH_OUT_OF_MEMORY;
}

static void write_opening(const struct telling *telling)
{
	static const struct opening openings[] = {
		[VERDICT_NO_CRASH] = { .word = "no crash", .rest = " found", .color = COLOR_BOLD },
		[VERDICT_UNKNOWN] = { .word = "unknown crash", .rest = ": no signature matches it", .color = COLOR_RED },
		[VERDICT_SIMILAR] = { .word = "similar",
				      .rest = " to a known bug, but this kernel is outside of the releases that have it",
				      .color = COLOR_YELLOW },
		[VERDICT_KNOWN] = { .word = "known bug", .rest = "", .color = COLOR_GREEN },
	};
	struct opening opening = openings[telling->verdict->kind];

	if (telling->verdict->kind == VERDICT_KNOWN && telling->finding)
		opening.rest = telling->finding->affected == AFFECTED_YES ? ", and this kernel has it"
									  : "; whether this kernel has it is not known";
	if (telling->verdict->kind == VERDICT_UNKNOWN && is_hardware_crash(telling->crash)) {
		opening.word = "hardware error";
		opening.rest = ", not a kernel bug";
	} else if (telling->verdict->kind == VERDICT_UNKNOWN && is_out_of_memory(telling->crash)) {
		opening.word = "out of memory";
	}
	opening.path = telling->verdict->path;
	opening.incomplete = telling->verdict->incomplete;
	telling->form->opening(telling->page, &opening);
}

static void write_crash(const struct telling *telling)
{
	struct arena *arena = &telling->page->arena;
	struct text trace[TRACE_LINES_MOST];
	struct fact_list facts = { .count = 0 };
	size_t left_out;

	telling->form->heading(telling->page, "What happened");
	telling->form->title(telling->page, describe_title(arena, telling->crash));
	describe_crash(arena, telling->verdict, telling->crash, &facts);
	describe_dump(arena, telling->verdict, &facts);
	telling->form->facts(telling->page, &facts);
	size_t count = describe_trace(arena, telling->crash, trace, TRACE_LINES_MOST, &left_out);
	if (count)
		telling->form->trace(telling->page, trace, count, left_out);
}

/* Of a dump without a crash, at least what it is. */
static void write_dump(const struct telling *telling)
{
	struct fact_list facts = { .count = 0 };

	describe_dump(&telling->page->arena, telling->verdict, &facts);
	if (!facts.count)
		return;
	telling->form->heading(telling->page, "The dump");
	facts_add(&facts, "kernel", safe_text(&telling->page->arena, telling->verdict->release.text));
	telling->form->facts(telling->page, &facts);
}

static void write_advice(const struct telling *telling)
{
	struct arena *arena = &telling->page->arena;
	struct advice advice[ADVICE_MOST];
	size_t count = advise(arena, telling->crash, advice);

	telling->form->heading(telling->page, "What to do");
	for (size_t i = 0; i < count; i++) {
		struct text text =
			arena_print(arena, "%.*s%s", TEXT_ARGS(advice[i].text), advice[i].command.length ? ":" : ".");
		telling->form->remedy(telling->page, i + 1, &(struct remedy){ .text = text, .command = advice[i].command },
				      false);
	}
}

static void write_hardware(const struct telling *telling)
{
	struct arena *arena = &telling->page->arena;
	struct fact_list facts = { .count = 0 };

	telling->form->heading(telling->page, "A hardware error");
	describe_hardware(arena, telling->crash, &facts);
	telling->form->facts(telling->page, &facts);
	telling->form->paragraph(telling->page, TEXT("The machine itself failed, or was told to stop. This is not a bug of "
						     "the kernel's, and no signature is matched to it."));
	write_advice(telling);
}

static void write_out_of_memory(const struct telling *telling)
{
	struct arena *arena = &telling->page->arena;
	struct fact_list facts = { .count = 0 };

	telling->form->heading(telling->page, "Memory ran out");
	describe_out_of_memory(arena, telling->crash, &facts);
	facts_add(&facts, "fingerprint", describe_fingerprint(arena, telling->crash));
	telling->form->facts(telling->page, &facts);
	write_advice(telling);
}

static void write_unknown(const struct telling *telling)
{
	struct arena *arena = &telling->page->arena;
	struct fact_list facts = { .count = 0 };

	telling->form->heading(telling->page, "A crash that no signature knows");
	facts_add(&facts, "culprit", safe_text(arena, telling->crash->culprit));
	facts_add(&facts, "fingerprint", describe_fingerprint(arena, telling->crash));
	if (facts.count)
		telling->form->facts(telling->page, &facts);
	else
		telling->form->paragraph(telling->page, TEXT("The log names no function to know it by again."));
	telling->form->heading(telling->page, "What to do");
	telling->form->paragraph(telling->page, TEXT("Look for the title and the culprit in the bug tracker of the "
						     "distribution and in the kernel's mailing lists. "
						     "Once the bug is found, write a signature file, and the next crash "
						     "will be recognised: see docs/signatures.md."));
}

static void write_bug(const struct telling *telling)
{
	const struct finding *finding = telling->finding;
	struct fact_list facts = { .count = 0 };
	bool similar = telling->verdict->kind == VERDICT_SIMILAR;

	telling->form->heading(telling->page, similar ? "The bug that it looks like" : "The bug");
	telling->form->paragraph(telling->page, signature_title(finding->signature));
	facts_add(&facts, "signature", signature_id(finding->signature));
	facts_add(&facts, "symptom", finding->symptom);
	facts_add(&facts, "subsystem", signature_subsystem(finding->signature));
	if (similar)
		facts_add(&facts, "fingerprint", describe_fingerprint(&telling->page->arena, telling->crash));
	telling->form->facts(telling->page, &facts);
	if (similar)
		telling->form->paragraph(
			telling->page,
			TEXT("It has the face of this bug, but this release is outside of the affected ranges: "
			     "either the bug is fixed there already, or this is another bug that looks the same."));
	if (finding->evidence_count) {
		telling->form->heading(telling->page, "Evidence");
		telling->form->evidence(telling->page, finding->evidence, finding->evidence_count);
	}
}

static void write_affected(const struct telling *telling)
{
	static const char *const words[] = {
		[AFFECTED_UNKNOWN] = "Not known",
		[AFFECTED_NO] = "No",
		[AFFECTED_YES] = "Yes",
	};
	struct arena *arena = &telling->page->arena;
	struct text reason = safe_text(arena, telling->finding->affected_reason);

	telling->form->heading(telling->page, "Is this kernel affected?");
	telling->form->paragraph(telling->page, arena_print(arena, "%s%s%.*s", words[telling->finding->affected],
							    reason.length ? ": " : "", TEXT_ARGS(reason)));
}

static void write_remedies(const struct telling *telling)
{
	const struct finding *finding = telling->finding;
	bool similar = telling->verdict->kind == VERDICT_SIMILAR;

	telling->form->heading(telling->page, "What to do");
	if (similar)
		telling->form->paragraph(
			telling->page, TEXT("Install nothing for this bug's sake yet: first compare the call trace with the "
					    "references. If it is another bug, treat this crash as one that nobody knows."));
	else if (!finding->remedy_count)
		telling->form->paragraph(telling->page,
					 TEXT("The signature names no remedy for this kernel: see the references."));
	if (similar && finding->remedy_count)
		telling->form->paragraph(telling->page, TEXT("Only if it turns out to be this bug after all:"));
	for (size_t i = 0; i < finding->remedy_count; i++)
		telling->form->remedy(telling->page, i + 1, &finding->remedies[i], similar || !finding->remedies[i].certain);
}

static void write_fixes(const struct telling *telling)
{
	const struct finding *finding = telling->finding;

	if (finding->fixed_count)
		telling->form->heading(telling->page, "Fixed in");
	for (size_t i = 0; i < finding->fixed_count; i++)
		telling->form->item(telling->page, &(struct item){ .literal = finding->fixed[i] });
	if (finding->reference_count)
		telling->form->heading(telling->page, "References");
	for (size_t i = 0; i < finding->reference_count; i++)
		telling->form->reference(telling->page, finding->references[i]);
}

/* Says how many rows of a list were left out. */
static void write_rest(const struct telling *telling, size_t count)
{
	if (count > ITEMS_MOST)
		telling->form->paragraph(telling->page,
					 arena_print(&telling->page->arena, "and %zu more: the JSON output has them all",
						     count - ITEMS_MOST));
}

static void write_cpu(const struct telling *telling, const struct postmortem_cpu *cpu)
{
	struct arena *arena = &telling->page->arena;
	struct text trace[CPU_TRACE_LINES_MOST];
	struct fact_list facts = { .count = 0 };
	size_t left_out;

	facts_add(&facts, describe_cpu_name(arena, cpu), describe_cpu(arena, cpu));
	telling->form->facts(telling->page, &facts);
	size_t count = describe_cpu_trace(arena, cpu, trace, CPU_TRACE_LINES_MOST, &left_out);
	if (count)
		telling->form->trace(telling->page, trace, count, left_out);
}

static void write_cpus(const struct telling *telling)
{
	const struct postmortem *postmortem = &telling->verdict->postmortem;

	if (postmortem->cpu_count)
		telling->form->heading(telling->page, "What the CPUs were doing");
	for (size_t i = 0; i < postmortem->cpu_count && i < CPUS_SHOWN_MOST; i++)
		write_cpu(telling, &postmortem->cpus[i]);
	if (postmortem->cpu_count > CPUS_SHOWN_MOST)
		telling->form->paragraph(telling->page,
					 arena_print(&telling->page->arena, "and %zu more: the JSON output has them all",
						     postmortem->cpu_count - CPUS_SHOWN_MOST));
}

static void write_other_crashes(const struct telling *telling)
{
	const struct crash_list *crashes = &telling->verdict->crashes;
	struct arena *arena = &telling->page->arena;
	size_t shown = 0;

	for (size_t i = 0; i < crashes->count; i++) {
		const struct crash *crash = crashes->items[i];
		if (crash == telling->crash || ++shown > ITEMS_MOST)
			continue;
		if (shown == 1)
			telling->form->heading(telling->page, "Other crashes in the same log");
		struct item item = {
			.place = describe_origin(arena, crash),
			.literal = describe_title(arena, crash),
			.remark = describe_remark(arena, telling->verdict, crash),
		};
		telling->form->item(telling->page, &item);
	}
	write_rest(telling, shown);
}

static void write_other_findings(const struct telling *telling)
{
	const struct finding_list *findings = &telling->verdict->findings;
	const struct crash_list *crashes = &telling->verdict->crashes;
	struct arena *arena = &telling->page->arena;
	size_t shown = 0;

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (finding == telling->finding || finding->crash >= crashes->count || ++shown > ITEMS_MOST)
			continue;
		if (shown == 1)
			telling->form->heading(telling->page, "Other signatures that match");
		struct text title = safe_lines(arena, signature_title(finding->signature));
		struct item item = {
			.place = describe_origin(arena, crashes->items[finding->crash]),
			.literal = signature_id(finding->signature),
			.remark = arena_print(arena, "%.*s (affected: %s)", TEXT_ARGS(title),
					      affected_name(finding->affected)),
		};
		telling->form->item(telling->page, &item);
	}
	write_rest(telling, shown);
}

static void write_notes(const struct telling *telling)
{
	if (telling->verdict->note_count)
		telling->form->heading(telling->page, "Notes");
	for (size_t i = 0; i < telling->verdict->note_count; i++)
		telling->form->item(telling->page, &(struct item){ .remark = telling->verdict->notes[i] });
}

void report(struct page *page, const struct form *form, const struct verdict *verdict)
{
	struct telling telling = {
		page, form, verdict, describe_deciding_crash(verdict), describe_deciding_finding(verdict),
	};

	write_opening(&telling);
	if (telling.crash)
		write_crash(&telling);
	else
		write_dump(&telling);
	if (telling.crash && telling.finding) {
		write_bug(&telling);
		write_affected(&telling);
		write_remedies(&telling);
		write_fixes(&telling);
	} else if (telling.crash && is_hardware_crash(telling.crash)) {
		write_hardware(&telling);
	} else if (is_out_of_memory(telling.crash)) {
		write_out_of_memory(&telling);
	} else if (telling.crash) {
		write_unknown(&telling);
	}
	write_cpus(&telling);
	write_other_crashes(&telling);
	write_other_findings(&telling);
	write_notes(&telling);
}
