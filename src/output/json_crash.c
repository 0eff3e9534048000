/* A crash as JSON. */
#include "output/describe.h"
#include "output/json.h"

#include <inttypes.h>

enum { ADDRESS_DIGITS = 16, ERROR_CODE_DIGITS = 4, NANOSECONDS_OF_A_MICROSECOND = 1000 };

/* Seconds since boot, to the microsecond: what printk's own stamps have. */
static json_t *time_value(int64_t time_ns)
{
	if (time_ns == RECORD_NO_TIME)
		return json_null();
	return json_real((double)(time_ns / NANOSECONDS_OF_A_MICROSECOND) / 1e6);
}

static json_t *address_value(struct json_maker *maker, bool known, uint64_t address)
{
	return known ? json_hex(maker, address, ADDRESS_DIGITS) : json_null();
}

static json_t *access_value(struct json_maker *maker, struct crash_access access)
{
	const char *type = crash_access_name(access.type);

	if (!type)
		return json_null();
	json_t *object = json_object();
	json_put(maker, object, "type", json_text(maker, text_from(type)));
	json_put(maker, object, "size", access.size ? json_number(access.size) : json_null());
	return object;
}

/* The keys that an instruction pointer and a frame have in common. */
static void put_place(struct json_maker *maker, json_t *object, const struct crash_location *location)
{
	json_put(maker, object, "function", json_text_or_null(maker, location->function));
	json_put(maker, object, "offset", location->has_offset ? json_number(location->offset) : json_null());
	json_put(maker, object, "size", location->has_offset ? json_number(location->size) : json_null());
	json_put(maker, object, "module", json_text_or_null(maker, location->module));
	json_put(maker, object, "file", json_text_or_null(maker, location->file));
	json_put(maker, object, "line", json_line(location->line));
}

json_t *json_place(struct json_maker *maker, const struct crash_location *location)
{
	if (!location->function.length && !location->has_address)
		return json_null();
	json_t *object = json_object();
	json_put(maker, object, "address", address_value(maker, location->has_address, location->address));
	put_place(maker, object, location);
	return object;
}

static json_t *registers(struct json_maker *maker, const struct crash *crash)
{
	json_t *object = json_object();

	for (size_t i = 0; i < crash->register_count; i++)
		json_put(maker, object, crash->registers[i].name,
			 json_hex(maker, crash->registers[i].value, ADDRESS_DIGITS));
	return object;
}

json_t *json_trace(struct json_maker *maker, const struct crash_frame *frames, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++) {
		const struct crash_frame *frame = &frames[i];
		json_t *object = json_object();
		put_place(maker, object, &frame->location);
		json_put(maker, object, "address",
			 address_value(maker, frame->location.has_address, frame->location.address));
		json_put(maker, object, "reliable", json_boolean(frame->reliable));
		json_put(maker, object, "inline", json_boolean(frame->is_inline));
		json_put(maker, object, "context", json_text(maker, text_from(crash_context_name(frame->context))));
		json_add(maker, array, object);
	}
	return array;
}

static json_t *stacks(struct json_maker *maker, const struct crash *crash)
{
	json_t *array = json_array();

	for (size_t i = 0; i < crash->stack_count; i++) {
		const struct crash_stack *stack = &crash->stacks[i];
		json_t *object = json_object();
		json_put(maker, object, "role", json_text(maker, text_from(crash_stack_role_name(stack->role))));
		json_put(maker, object, "cpu", json_known(stack->cpu));
		json_put(maker, object, "pid", json_known(stack->pid));
		json_put(maker, object, "comm", json_text_or_null(maker, stack->comm));
		json_put(maker, object, "line", json_line(stack->line));
		json_put(maker, object, "culprit", json_text_or_null(maker, stack->culprit));
		json_put(maker, object, "instruction_pointer", json_place(maker, &stack->instruction_pointer));
		json_put(maker, object, "trace", json_trace(maker, stack->frames, stack->frame_count));
		json_add(maker, array, object);
	}
	return array;
}

/* Which report it is, and when, where and in which state the kernel was. */
static void put_circumstances(struct json_maker *maker, json_t *object, const struct crash *crash)
{
	struct text fingerprint =
		crash->has_fingerprint ? arena_print(&maker->arena, "%016" PRIx64, crash->fingerprint) : TEXT_NONE;

	json_put(maker, object, "kind", json_text(maker, text_from(crash_kind_name(crash->kind))));
	json_put(maker, object, "subkind", json_text_or_null(maker, crash->subkind));
	json_put(maker, object, "title", json_text_or_null(maker, crash->title));
	json_put(maker, object, "headline", json_text_or_null(maker, crash->headline));
	json_put(maker, object, "culprit", json_text_or_null(maker, crash->culprit));
	json_put(maker, object, "fingerprint", json_text_or_null(maker, fingerprint));
	json_put(maker, object, "line", json_line(crash->line));
	json_put(maker, object, "time", time_value(crash->time_ns));
	json_put(maker, object, "host", json_text_or_null(maker, crash->host));
	json_put(maker, object, "wall_time", json_moment(crash->wall_time));
	json_put(maker, object, "cpu", json_known(crash->cpu));
	json_put(maker, object, "pid", json_known(crash->pid));
	json_put(maker, object, "comm", json_text_or_null(maker, crash->comm));
	json_put(maker, object, "tainted", crash->taint_known ? json_text(maker, crash->tainted) : json_null());
	json_put(maker, object, "corrupt", json_boolean(crash->corrupt));
	json_put(maker, object, "from_stacks", json_boolean(crash->from_stacks));
}

static json_t *touched_value(struct json_maker *maker, const struct crash_touched *touched)
{
	json_t *object;

	if (!touched->structure.length)
		return json_null();
	object = json_object();
	json_put(maker, object, "address", json_hex(maker, touched->address, ADDRESS_DIGITS));
	json_put(maker, object, "structure", json_text(maker, touched->structure));
	json_put(maker, object, "member", json_text_or_null(maker, touched->member));
	json_put(maker, object, "offset", json_number(touched->offset));
	json_put(maker, object, "pointer", json_text(maker, touched->pointer));
	json_put(maker, object, "value", json_hex(maker, touched->value, ADDRESS_DIGITS));
	json_put(maker, object, "function", json_text(maker, touched->function));
	json_put(maker, object, "file", json_text_or_null(maker, touched->file));
	json_put(maker, object, "line", json_line(touched->line));
	json_put(maker, object, "text", json_text(maker, describe_touched(&maker->arena, touched)));
	return object;
}

json_t *json_crash(struct json_maker *maker, const struct crash_list *crashes, const struct crash *crash)
{
	json_t *object = json_object();

	put_circumstances(maker, object, crash);
	json_put(maker, object, "instruction_pointer", json_place(maker, &crash->instruction_pointer));
	json_put(maker, object, "inlined", json_trace(maker, crash->inlined, crash->inlined_count));
	json_put(maker, object, "fault_address", address_value(maker, crash->has_fault_address, crash->fault_address));
	json_put(maker, object, "access", access_value(maker, crash->access));
	json_put(maker, object, "touched", touched_value(maker, &crash->touched));
	json_put(maker, object, "registers", registers(maker, crash));
	json_put(maker, object, "trace", json_trace(maker, crash->frames, crash->frame_count));
	json_put(maker, object, "stacks", stacks(maker, crash));
	json_put(maker, object, "modules", json_texts(maker, crash->modules, crash->module_count));
	json_put(maker, object, "release", json_text_or_null(maker, crash->release));
	json_put(maker, object, "hardware", json_text_or_null(maker, crash->hardware));
	json_put(maker, object, "error_code",
		 crash->has_error_code ? json_hex(maker, crash->error_code, ERROR_CODE_DIGITS) : json_null());
	json_put(maker, object, "code", json_text_or_null(maker, crash->code));
	json_put(maker, object, "panic", json_text_or_null(maker, crash->panic));
	json_put(maker, object, "hardware_error", json_hardware_error(maker, crash));
	json_put(maker, object, "killed", json_killed(maker, crash));
	json_put(maker, object, "out_of_memory", json_out_of_memory(maker, crash));
	json_put(maker, object, "repeats", json_number(crash->repeats));
	json_put(maker, object, "consequence_of",
		 crash->consequence_of < crashes->count ? json_number(crash->consequence_of) : json_null());
	return object;
}
