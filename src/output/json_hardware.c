/* A hardware error, and a lack of memory, as JSON. */
#include "output/json.h"

#include "output/advice.h"

enum { ADDRESS_DIGITS = 16 };

static json_t *advice_value(struct json_maker *maker, const struct crash *crash)
{
	struct advice advice[ADVICE_MOST];
	size_t count = advise(&maker->arena, crash, advice);
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_add(maker, array, json_text(maker, advice_sentence(&maker->arena, &advice[i])));
	return array;
}

json_t *json_hardware_error(struct json_maker *maker, const struct crash *crash)
{
	const struct hardware_error *error = &crash->hardware_error;

	if (!error->told)
		return json_null();
	json_t *object = json_object();
	json_put(maker, object, "source", json_text_or_null(maker, text_from(hardware_source_name(error->source))));
	json_put(maker, object, "severity", json_text(maker, text_from(hardware_severity_name(error->severity))));
	json_put(maker, object, "component", json_text(maker, text_from(hardware_component_name(error->component))));
	json_put(maker, object, "cpu", json_known(error->cpu));
	json_put(maker, object, "socket", json_known(error->socket));
	json_put(maker, object, "bank", json_known(error->bank));
	json_put(maker, object, "status", error->has_status ? json_hex(maker, error->status, ADDRESS_DIGITS) : json_null());
	json_put(maker, object, "meaning", json_text_or_null(maker, error->meaning));
	json_put(maker, object, "address",
		 error->has_address ? json_hex(maker, error->address, ADDRESS_DIGITS) : json_null());
	json_put(maker, object, "location", json_text_or_null(maker, error->location));
	json_put(maker, object, "device", json_text_or_null(maker, error->device));
	json_put(maker, object, "advice", advice_value(maker, crash));
	return object;
}

json_t *json_killed(struct json_maker *maker, const struct crash *crash)
{
	const struct out_of_memory *oom = &crash->out_of_memory;

	if (crash->kind != CRASH_OUT_OF_MEMORY || oom->killed_pid < 0)
		return json_null();
	json_t *object = json_object();
	json_put(maker, object, "pid", json_known(oom->killed_pid));
	json_put(maker, object, "comm", json_text_or_null(maker, oom->killed_comm));
	return object;
}

json_t *json_out_of_memory(struct json_maker *maker, const struct crash *crash)
{
	const struct out_of_memory *oom = &crash->out_of_memory;

	if (crash->kind != CRASH_OUT_OF_MEMORY)
		return json_null();
	json_t *object = json_object();
	json_put(maker, object, "constraint", json_text_or_null(maker, text_from(oom_constraint_name(oom->constraint))));
	json_put(maker, object, "cgroup", json_text_or_null(maker, oom->cgroup));
	json_put(maker, object, "kernel_memory", json_boolean(out_of_memory_is_kernels(oom)));
	json_put(maker, object, "advice", advice_value(maker, crash));
	return object;
}
