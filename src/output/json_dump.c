/* The parts of the JSON that only a dump fills: without one, their keys are null or empty. */
#include "output/json.h"

enum { ADDRESS_DIGITS = 16 };

static json_t *cpu_value(struct json_maker *maker, const struct dump_cpu *cpu)
{
	json_t *object = json_object(), *registers = json_object();

	for (size_t i = 0; i < cpu->register_count; i++)
		json_put(maker, registers, cpu->registers[i].name, json_hex(maker, cpu->registers[i].value, ADDRESS_DIGITS));
	json_put(maker, object, "cpu", json_known(cpu->number));
	json_put(maker, object, "pid", json_known(cpu->pid));
	json_put(maker, object, "registers", registers);
	return object;
}

static json_t *cpus_value(struct json_maker *maker, const struct facts *facts)
{
	json_t *array = json_array();

	for (size_t i = 0; i < facts->cpu_count; i++)
		json_add(maker, array, cpu_value(maker, &facts->cpus[i]));
	return array;
}

void json_dump_input(struct json_maker *maker, json_t *input, const struct verdict_dump *dump)
{
	json_put(maker, input, "dump_format", json_text_or_null(maker, dump->format));
	json_put(maker, input, "dump_level", dump->known && dump->level >= 0 ? json_integer(dump->level) : json_null());
	json_put(maker, input, "flattened", json_boolean(dump->flattened));
	json_put(maker, input, "files", json_number(dump->files ? dump->files : 1));
}

void json_dump_kernel(struct json_maker *maker, json_t *kernel, const struct verdict_dump *dump)
{
	const struct facts *facts = &dump->facts;

	json_put(maker, kernel, "nodename", json_text_or_null(maker, facts->nodename));
	json_put(maker, kernel, "crash_time", facts->crash_time ? json_number(facts->crash_time) : json_null());
	json_put(maker, kernel, "build_id", json_text_or_null(maker, facts->build_id));
	json_put(maker, kernel, "kaslr_offset",
		 facts->has_kaslr_offset ? json_hex(maker, facts->kaslr_offset, ADDRESS_DIGITS) : json_null());
	json_put(maker, kernel, "cpus", facts->online_cpus ? json_number(facts->online_cpus) : json_null());
	json_put(maker, kernel, "crashed_cpu", dump->known ? json_known(dump->crashed_cpu) : json_null());
	json_put(maker, kernel, "cpu_registers", cpus_value(maker, facts));
}
