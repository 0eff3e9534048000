/* New signatures: how they are written, whatever the crashes hold. */
#include "test_draft_signature.h"

#include "signature/yaml_text.h"

static void test_hostile_headline(void **state)
{
	struct group group = { 0 };

	(void)state;
	add(&group, PANIC("\x1b[31m */ \": {x} # & * ! | > ' % @ ` \xff\xfe \\ \xc2\x85 \xe2\x80\xa8 end"), "", "");
	struct text yaml = draft(&group);
	for (size_t i = 0; i < yaml.length; i++)
		if (yaml.data[i] != '\n' && (yaml.data[i] < ' ' || yaml.data[i] > '~'))
			fail_msg("byte %02x at %zu", (unsigned char)yaml.data[i], i);
	end(&group);
	/* Longer than a pattern may be. */
	char log[4000] = "Kernel panic - not syncing: ";
	memset(log + strlen(log), '(', 3500);
	strcat(log, "\n");
	add(&group, log, "", "");
	draft(&group);
	end(&group);
}

static void assert_value(const char *value, const char *expected)
{
	struct arena arena = { 0 };

	assert_text(yaml_value(&arena, text_from(value)), expected, value);
	arena_free(&arena);
}

static void test_yaml_values(void **state)
{
	(void)state;
	assert_value("d_delete", "d_delete");
	assert_value("kernel BUG in foo.bar/x-y", "kernel BUG in foo.bar/x-y");
	assert_value("", "\"\"");
	assert_value(" a", "\" a\"");
	assert_value("a ", "\"a \"");
	assert_value("Null", "\"Null\"");
	assert_value("OFF", "\"OFF\"");
	assert_value("y", "\"y\"");
	assert_value("nulls", "nulls");
	assert_value("1e5", "\"1e5\"");
	assert_value("-x", "\"-x\"");
	assert_value("a: b", "\"a: b\"");
	assert_value("a #b", "\"a #b\"");
	assert_value("[a]", "\"[a]\"");
	assert_value("say \"x\\y\"", "\"say \\\"x\\\\y\\\"\"");
	assert_value("a\nb\tc\x1b\xc3\xa9", "\"a\\\\x0ab c\\\\x1b\\\\xc3\\\\xa9\"");
}

static void test_id(void **state)
{
	static const char twin[] = "id: page-fault-in-%s\ntitle: x\nsymptoms:\n  - name: x\n    kind: panic\n";
	struct catalogue *catalogue = catalogue_new();
	struct error_list errors = { 0 };
	struct group group = { 0 };
	char content[200];

	(void)state;
	add(&group, PAGE_FAULT OOPS RIP("Foo__bar") TRACE FRAME("b") END, "", "");
	struct text id = signature_draft_id(&group.arena, group.crashes[0], catalogue);
	assert_text(id, "page-fault-in-foo-bar", "id");
	snprintf(content, sizeof content, twin, "foo-bar");
	assert_true(catalogue_load_content(catalogue, "page-fault-in-foo-bar.yaml", text_from(content), &errors));
	assert_text(signature_draft_id(&group.arena, group.crashes[0], catalogue), "page-fault-in-foo-bar-2", "id");
	snprintf(content, sizeof content, twin, "foo-bar-2");
	assert_true(catalogue_load_content(catalogue, "page-fault-in-foo-bar-2.yaml", text_from(content), &errors));
	assert_text(signature_draft_id(&group.arena, group.crashes[0], catalogue), "page-fault-in-foo-bar-3", "id");
	end(&group);
	/* 60 characters at most, and none of them a '-' at the end. */
	add(&group, PAGE_FAULT OOPS RIP("a123456789_123456789_123456789_12345678_______x_123456789") TRACE FRAME("b") END,
	    "", "");
	id = signature_draft_id(&group.arena, group.crashes[0], catalogue);
	assert_text(id, "page-fault-in-a123456789-123456789-123456789-12345678-x-1234", "id");
	assert_int_equal(id.length, 60);
	snprintf(content, sizeof content, twin, "a123456789-123456789-123456789-12345678-x-1234");
	struct text path = arena_print(&group.arena, "%.*s.yaml", TEXT_ARGS(id));
	assert_true(catalogue_load_content(catalogue, path.data, text_from(content), &errors));
	id = signature_draft_id(&group.arena, group.crashes[0], catalogue);
	assert_text(id, "page-fault-in-a123456789-123456789-123456789-12345678-x-12-2", "id");
	end(&group);
	error_list_free(&errors);
	catalogue_free(catalogue);
}

/* What the comment offers, its marks taken away, is a range that lints. */
static void assert_ranges(struct group *group, const char *expected)
{
	struct catalogue *catalogue = catalogue_new();
	struct error_list errors = { 0 };
	struct text ranges = TEXT_NONE;

	struct text yaml = draft(group);
	struct text rest = text_from_offset(yaml, text_find(yaml, "# affected:"));
	while (text_eat(&rest, "# ")) {
		size_t end_of_line = text_find_char(rest, '\n');
		ranges = arena_print(&group->arena, "%.*s%.*s\n", TEXT_ARGS(ranges),
				     TEXT_ARGS(text_first(rest, end_of_line)));
		rest = text_from_offset(rest, end_of_line + 1);
	}
	assert_text(ranges, expected, "ranges");
	struct text whole = arena_print(&group->arena, "%.*s%.*s", TEXT_ARGS(yaml), TEXT_ARGS(ranges));
	if (!catalogue_load_content(catalogue, "a-bug.yaml", whole, &errors))
		fail_msg("%zu: %s\n%.*s", errors.items[0].line, errors.items[0].message, TEXT_ARGS(whole));
	error_list_free(&errors);
	catalogue_free(catalogue);
	end(group);
}

static void test_releases(void **state)
{
	static const char log[] = PAGE_FAULT OOPS RIP("a") TRACE FRAME("b") FRAME("c") END;
	struct group group = { 0 };

	(void)state;
	add(&group, log, "3.10.0-862.9.1.el7.x86_64", "#1");
	add(&group, log, "3.10.0-862.el7.x86_64", "#1");
	add(&group, log, "3.10.0-862.11.6.el7.x86_64.debug", "#1");
	assert_ranges(&group, "affected:\n  - family: el7\n    from: 3.10.0-862.el7\n    through: 3.10.0-862.11.6.el7\n");
	/* Of several families, a range each; Debian without its package is taken for the stable release, where that is said.
	 */
	add(&group, log, "5.15.0-91-generic", "#101-Ubuntu SMP");
	add(&group, log, "6.12.38+deb13-amd64", "");
	add(&group, log, "6.12.9-gdeadbeef", "");
	add(&group, log, "5.14.21-150500.55.39-default", "");
	assert_ranges(&group, "affected:\n  - family: ubuntu\n    from: 5.15.0-91.101\n    through: 5.15.0-91.101\n"
			      "  - family: upstream\n    from: 6.12.9\n    through: 6.12.38\n"
			      "  - family: suse\n    from: 5.14.21-150500.55.39\n    through: 5.14.21-150500.55.39\n");
	/* None that a range could name: an example. */
	add(&group, log, "6.1.0-18-amd64", "");
	add(&group, log, "", "");
	add(&group, log, "6.6.6-mine", "");
	assert_ranges(&group, "affected:\n  - family: upstream\n    before: 6.8\n");
	add(&group, log, "6.1.0-18-amd64", "");
	add(&group, log, "6.1.0-18-amd64", "");
	add(&group, log, "", "");
	struct text yaml = draft(&group);
	assert_holds(yaml, "It was seen on:\n#   6.1.0-18-amd64\n#   one whose log does not name it\n# affected:\n");
	end(&group);
}

static void test_description(void **state)
{
	struct group group = { 0 };

	(void)state;
	add(&group, PAGE_FAULT OOPS RIP("memcpy") TRACE FRAME("a") FRAME("b") SYSTEM_CALL END, "", "");
	assert_text(signature_draft_describe(&group.arena, group.crashes[0]),
		    "BUG: unable to handle kernel paging request in a, at memcpy; trace: a, b, vfs_write", "description");
	end(&group);
	add(&group, PANIC("the sky fell"), "", "");
	assert_text(signature_draft_describe(&group.arena, group.crashes[0]),
		    "kernel panic: the sky fell, no function that tells anything", "description");
	end(&group);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostile_headline), cmocka_unit_test(test_yaml_values), cmocka_unit_test(test_id),
		cmocka_unit_test(test_releases),         cmocka_unit_test(test_description),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
