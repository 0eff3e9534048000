/* Decides what is to be examined, and has it done. */
#include "triage/examined.h"

#include "crash/kind.h"
#include "triage/death.h"
#include "triage/dumped.h"
#include "triage/from_stack.h"

/* Reports below this rank tell of trouble, not of a death: kind.c. */
enum { FATAL_RANK_LEAST = 40 };

/* Somebody asked for the dump, or an NMI came from outside: that is how the machine ended, not why. */
static bool says_nothing(const struct crash *crash)
{
	return crash->kind == CRASH_SYSRQ || crash->kind == CRASH_NMI_RECEIVED ||
	       (!crash->panic.length && crash_kind_row(crash->kind)->rank < FATAL_RANK_LEAST);
}

bool examined_is_explained(const struct verdict *verdict)
{
	const struct crash_list *crashes = &verdict->crashes;

	return crashes->deciding < crashes->count && !says_nothing(crashes->items[crashes->deciding]);
}

/*
 * What is looked at: for the verdict, and at least what is to be told. Only who wants none gets a verdict of the log alone.
 */
static enum postmortem_stacks which_stacks(const struct verdict *verdict, const struct input *input,
					   const struct triage_options *options)
{
	if (options->stacks == TRIAGE_STACKS_NONE || options->stacks == TRIAGE_STACKS_ALL)
		return options->stacks == TRIAGE_STACKS_ALL ? STACKS_ALL : STACKS_NONE;
	if (!examined_is_explained(verdict) || death_is_elsewhere(verdict))
		return STACKS_ALL;
	bool crashed = options->stacks == TRIAGE_STACKS_CRASHED || death_is_cut(verdict, dumped_has_whole_log(input));
	return crashed ? STACKS_CRASHED : STACKS_NONE;
}

static void set_kernel(struct postmortem_request *request, const struct verdict *verdict)
{
	const struct facts *facts = &verdict->dump.facts;
	bool of_dump = facts->release.length > 0;

	request->release = of_dump ? facts->release : verdict->release.text;
	request->version = of_dump ? facts->version : verdict->version;
}

bool examined_tell(struct verdict *verdict, const struct input *input, const struct triage_options *options,
		   struct error *error)
{
	struct postmortem_request request = {
		.crashes = &verdict->crashes,
		.crashed_cpu = verdict->dump.crashed_cpu,
		.asked = options->stacks != TRIAGE_STACKS_AUTO,
		.lines = options->lines && verdict->crashes.count,
		.debuginfo = options->debuginfo,
		.system_maps = options->system_maps,
		.system_map_count = options->system_map_count,
	};

	set_kernel(&request, verdict);
	if (verdict->dump.known) {
		request.dump = vmcore_memory(input->vmcore);
		request.facts = &verdict->dump.facts;
		request.stacks = which_stacks(verdict, input, options);
	}
	/* Most logs are of kernels that this machine has no debuginfo of: then there is nothing to be done. */
	bool named = options->debuginfo.path_count > 0;
	bool has_debuginfo = named || (options->lines && (options->debuginfo.server || postmortem_has_debuginfo(&request)));
	request.lines = request.lines && has_debuginfo;
	if (request.stacks == STACKS_NONE && !request.lines && !named)
		return true;
	bool useful = postmortem_examine(&request, &verdict->postmortem, error);
	for (size_t i = 0; i < verdict->postmortem.note_count; i++)
		verdict_note(verdict, verdict->postmortem.notes[i]);
	return useful;
}

/* Are they the frames that the crash has, with those inlined put in? */
static bool are_its_frames(const struct crash *crash, const struct postmortem_lines *lines)
{
	size_t at = 0;

	for (size_t i = 0; i < lines->frame_count; i++) {
		const struct crash_frame *told = &lines->frames[i];
		if (told->is_inline)
			continue;
		if (at == crash->frame_count)
			return false;
		const struct crash_frame *own = &crash->frames[at++];
		if (!text_equal(own->location.function, told->location.function) ||
		    own->location.offset != told->location.offset || own->record != told->record)
			return false;
	}
	return at == crash->frame_count;
}

/* What debuginfo adds to the crash's own places. */
static void apply(struct crash *crash, const struct postmortem_lines *lines)
{
	if (lines->at_count) {
		const struct crash_location *place = &lines->at[lines->at_count - 1].location;
		crash->instruction_pointer.file = place->file;
		crash->instruction_pointer.line = place->line;
		crash->inlined = lines->at;
		crash->inlined_count = lines->at_count - 1;
	}
	if (lines->touched.structure.length)
		crash->touched = lines->touched;
	if (lines->frame_count && are_its_frames(crash, lines)) {
		crash->frames = lines->frames;
		crash->frame_count = lines->frame_count;
	}
}

void examined_apply_lines(struct verdict *verdict)
{
	const struct postmortem *found = &verdict->postmortem;

	for (size_t i = 0; i < found->line_count; i++)
		if (found->lines[i].crash < verdict->crashes.count)
			apply(verdict->crashes.items[found->lines[i].crash], &found->lines[i]);
	for (size_t i = 0; i < verdict->crashes.count; i++)
		for (size_t n = 0; n < found->cpu_count; n++)
			if (found->cpus[n].cpu >= 0 && found->cpus[n].cpu == verdict->crashes.items[i]->cpu)
				from_stack_apply_lines(verdict->crashes.items[i], &found->cpus[n]);
}

void examined_keep_wanted(struct verdict *verdict, const struct triage_options *options)
{
	struct postmortem *found = &verdict->postmortem;
	const struct crash_list *list = &verdict->crashes;
	const struct crash *deciding = list->deciding < list->count ? list->items[list->deciding] : NULL;
	int64_t decided = deciding && deciding->from_stacks ? deciding->cpu : -1;
	size_t kept = 0;

	for (size_t i = 0; options->stacks == TRIAGE_STACKS_CRASHED && i < found->cpu_count; i++) {
		const struct postmortem_cpu *cpu = &found->cpus[i];
		if (cpu->crashed || (cpu->cpu >= 0 && cpu->cpu == decided))
			found->cpus[kept++] = *cpu;
	}
	if (options->stacks == TRIAGE_STACKS_CRASHED)
		found->cpu_count = kept;
}
