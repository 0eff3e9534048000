/* What every CPU was doing, as JSON. */
#include "output/json.h"

static json_t *seconds(int64_t time_ns)
{
	return time_ns < 0 ? json_null() : json_real((double)(time_ns / 1000) / 1e6);
}

json_t *json_cpus(struct json_maker *maker, const struct postmortem *postmortem)
{
	json_t *array = json_array();

	for (size_t i = 0; i < postmortem->cpu_count; i++) {
		const struct postmortem_cpu *cpu = &postmortem->cpus[i];
		json_t *object = json_object();
		json_put(maker, object, "cpu", json_known(cpu->cpu));
		json_put(maker, object, "pid", json_known(cpu->pid));
		json_put(maker, object, "comm", json_text_or_null(maker, cpu->comm));
		json_put(maker, object, "state", json_text_or_null(maker, text_from(cpu->state)));
		json_put(maker, object, "crashed", json_boolean(cpu->crashed));
		json_put(maker, object, "answered", json_boolean(cpu->answered));
		json_put(maker, object, "idle", json_boolean(cpu->idle));
		json_put(maker, object, "in_user", json_boolean(cpu->in_user));
		json_put(maker, object, "running", seconds(cpu->running_ns));
		json_put(maker, object, "clock_behind", seconds(cpu->behind_ns));
		json_put(maker, object, "others_wait", json_boolean(cpu->others_wait));
		json_put(maker, object, "instruction_pointer", json_place(maker, &cpu->instruction_pointer));
		json_put(maker, object, "trace", json_trace(maker, cpu->frames, cpu->frame_count));
		json_put(maker, object, "interrupted", json_number(cpu->interrupted));
		json_put(maker, object, "unwound_by", json_text_or_null(maker, cpu->how));
		json_put(maker, object, "ends_early", json_text_or_null(maker, cpu->ends_early));
		json_add(maker, array, object);
	}
	return array;
}
