/* Databases that are damaged, or made to do damage: always an error or an answer, in bounded time. */
#define _GNU_SOURCE /* nftw, mkdtemp */
#include "test_history.h"

#include <time.h>

enum { SOURCES = 60, PAGE = 4096, DETAIL = 6000 };

static uint32_t seed = 1;

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(seed >> 4) * limit >> 28);
}

/* Of some size, with rows that reach over several pages. */
static void fill(struct history *history)
{
	static char detail[DETAIL];
	char name[32], identity[32];

	memset(detail, 'd', sizeof detail);
	for (int i = 0; i < SOURCES; i++) {
		snprintf(name, sizeof name, "/%d", i);
		snprintf(identity, sizeof identity, "%016x", i / 2);
		struct sighting s = make_sighting(name, identity);
		s.detail = (struct text){ detail, (size_t)(i * 97 % DETAIL) };
		if (i % 5)
			add(history, s);
		else
			add(history, make_other(name, i % 10 ? SIGHTING_NO_CRASH : SIGHTING_FAILED));
	}
}

static bool visit(void *count, const struct sighting *sighting)
{
	/* Reads all of them: what lies outside of a text is found by AddressSanitizer. */
	assert_true(sighting->verdict <= SIGHTING_KNOWN);
	assert_true(text_hash(TEXT_HASH_START, sighting->detail) != text_hash(TEXT_HASH_START, sighting->source.file) ||
		    !sighting->detail.length);
	assert_true(text_hash(TEXT_HASH_START, sighting->headline) != 0);
	++*(size_t *)count;
	return true;
}

/* Everything that can be asked of a history. How many of the calls failed, each with a message that names it. */
static size_t use(enum history_mode mode, size_t *seen)
{
	const char *const name = "history.db";
	struct history_query query = { SIGHTING_NO_TIME, SIGHTING_NO_TIME, true };
	struct error error = { 0 };
	struct history *history = history_open(DATABASE, mode, &error);
	size_t failures = !history;

	assert_true(history || strstr(error.message, name));
	*seen = 0;
	for (int i = 0; history && i < SOURCES; i += 7) {
		char file[32];
		snprintf(file, sizeof file, "/%d", i);
		struct sighting s = make_sighting(file, "x");
		error.message[0] = '\0';
		if (history_look_up(history, &s.source, CATALOGUE, visit, seen, &error) == HISTORY_TROUBLE) {
			failures++;
			assert_non_null(strstr(error.message, name));
		}
		s.source.size++;
		if (mode == HISTORY_WRITE && !history_add(history, &s, 1, CATALOGUE, &error))
			failures++;
	}
	error.message[0] = '\0';
	if (history && !history_each(history, &query, visit, seen, &error)) {
		failures++;
		assert_non_null(strstr(error.message, name));
	}
	if (!history_close(history, &error))
		failures++;
	return failures;
}

static void remove_database(void)
{
	remove(DATABASE);
	remove(DATABASE "-wal");
	remove(DATABASE "-shm");
	remove(DATABASE "-journal");
}

static char *make_database(size_t *length)
{
	struct history *history = open_history(HISTORY_WRITE);

	fill(history);
	close_history(history);
	return read_bytes(DATABASE, length);
}

static void test_cut(void **state)
{
	size_t length, seen;
	char *bytes = make_database(&length);

	(void)state;
	assert_true(length > 50 * PAGE && length % PAGE == 0);
	assert_int_equal(use(HISTORY_READ, &seen), 0); /* whole */
	assert_true(seen > SOURCES);
	for (size_t cut = 1; cut < length - PAGE; cut += cut < 3 * PAGE ? 301 : 1777) {
		remove_database();
		write_bytes(DATABASE, bytes, cut);
		if (!use(cut % 2 ? HISTORY_READ : HISTORY_WRITE, &seen))
			fail_msg("cut at %zu is not noticed", cut);
	}
	free(bytes);
}

enum overwriting { ZEROS, ONES, RANDOM, ANOTHER_PAGE, OVERWRITINGS };

static void overwrite(char *bytes, size_t length, size_t place, size_t count, enum overwriting how)
{
	size_t other = random_below((uint32_t)(length / PAGE)) * PAGE;

	for (size_t i = 0; i < count && place + i < length; i++)
		bytes[place + i] = how == ZEROS    ? '\0'
				   : how == ONES   ? '\xff'
				   : how == RANDOM ? (char)random_below(256)
						   : bytes[other + (place + i) % PAGE];
}

/* A page or some bytes of it, in every page, and more closely where its header and its cells are. */
static void test_overwritten(void **state)
{
	size_t length, seen, noticed = 0, tried = 0;
	char *bytes = make_database(&length), *damaged = malloc(length);

	(void)state;
	assert_non_null(damaged);
	for (size_t page = 0; page < length / PAGE; page++) {
		for (int how = 0; how < OVERWRITINGS; how++) {
			for (int size = 0; size < 2; size++) {
				size_t within = size ? 0 : random_below(2) ? random_below(120) : random_below(PAGE);
				memcpy(damaged, bytes, length);
				overwrite(damaged, length, page * PAGE + within, size ? PAGE : 1 + random_below(16),
					  (enum overwriting)how);
				remove_database();
				write_bytes(DATABASE, damaged, length);
				noticed += use(tried % 4 ? HISTORY_READ : HISTORY_WRITE, &seen) > 0;
				tried++;
			}
		}
	}
	if (noticed < tried / 3 || noticed == tried)
		fail_msg("%zu of %zu were noticed", noticed, tried);
	free(bytes);
	free(damaged);
}

/* What a killed program left: the write-ahead log has it all. What is damaged of that was never written. */
static void test_damaged_logs(void **state)
{
	enum { FRAME = PAGE + 24 };
	struct history *history = open_history(HISTORY_WRITE);
	size_t length, log_length, seen, whole;

	(void)state;
	fill(history);
	flush(history);
	char *bytes = read_bytes(DATABASE, &length), *log = read_bytes(DATABASE "-wal", &log_length);
	close_history(history);
	assert_true(log_length > 20 * FRAME);
	for (int i = -1; i < 60; i++) {
		char *damaged = malloc(log_length);
		assert_non_null(damaged);
		memcpy(damaged, log, log_length);
		size_t left = i >= 0 && i % 3 == 0 ? random_below((uint32_t)log_length) : log_length;
		if (i >= 0 && i % 3)
			overwrite(damaged, log_length, i < 10 ? (size_t)i : random_below((uint32_t)log_length),
				  1 + random_below(i % 3 == 1 ? 8 : 2 * PAGE), (enum overwriting)(i % OVERWRITINGS));
		remove_database();
		write_bytes(DATABASE, bytes, length);
		write_bytes(DATABASE "-wal", damaged, left);
		free(damaged);
		assert_int_equal(use(HISTORY_READ, &seen), 0);
		if (i < 0)
			whole = seen;
		assert_true(seen == whole || seen == 0); /* that one transaction, or nothing */
		assert_int_equal(use(HISTORY_WRITE, &seen), 0);
	}
	assert_true(whole > SOURCES);
	free(bytes);
	free(log);
}

/* ---- rows that no history writes ---- */

static void test_rows_of_others(void **state)
{
	static const struct {
		const char *sql;
		bool noticed;
	} rows[] = {
		{ "UPDATE sighting SET verdict = 'innocent'", true },
		{ "UPDATE sighting SET verdict = x'00'", true },
		{ "UPDATE sighting SET verdict = 7 WHERE identity IS NULL", true },
		{ "UPDATE sighting SET size = 'many', modified = x'ff', former = 0.0, rank = 'first', seen_at = ''", false },
		{ "UPDATE sighting SET headline = 17, title = 1.5, host = x'ff00', crashed_at = 'noon', frames = -1, "
		  "incomplete = "
		  "'no'",
		  false },
		{ "UPDATE sighting SET headline = CAST(x'fffe1b5b324a' AS TEXT), path = x''", false },
		{ "UPDATE sighting SET file = CAST(file AS TEXT)", false },
		{ "UPDATE crash SET best = 0", false },
		{ "UPDATE crash SET best = -1, first_seen = 'once', crashed_at = 'never'", false },
		{ "UPDATE sighting SET detail = zeroblob(10000000) WHERE id < 5", true },
		{ "UPDATE sighting SET headline = printf('%.*c', 7000000, 'x') WHERE id < 5", false },
		{ "DELETE FROM crash", false },
		{ "DELETE FROM sighting", false },
		{ "UPDATE sighting SET identity = 'x'", false },
		{ "UPDATE sighting SET identity = zeroblob(100) WHERE identity IS NOT NULL", false },
		{ "UPDATE sighting SET file = x'2f30'", false },
		{ "INSERT INTO sighting SELECT 9223372036854775807, file, size, modified, catalogue, former, seen_at, rank, "
		  "path, "
		  "verdict, failure, identity, kind, headline, title, culprit, fingerprint, signature, signature_title, "
		  "affected, "
		  "fix, release, host, crashed_at, incomplete, from_dump, frames, detail FROM sighting LIMIT 1",
		  false },
	};
	size_t length, seen;
	char *bytes = make_database(&length);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (int mode = 0; mode < 2; mode++) {
			remove_database();
			write_bytes(DATABASE, bytes, length);
			run_sql(DATABASE, rows[i].sql);
			size_t failures = use(mode ? HISTORY_WRITE : HISTORY_READ, &seen);
			if ((failures > 0) != rows[i].noticed)
				fail_msg("%s: %zu calls failed", rows[i].sql, failures);
		}
	}
	free(bytes);
}

/* ---- pages that lead to more than there is ---- */

static uint32_t number_at(const char *bytes)
{
	const unsigned char *b = (const unsigned char *)bytes;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void put_number(char *bytes, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = (char)(number >> (24 - 8 * i));
}

/* Makes all children of an inner page of a tree one and the same (https://www.sqlite.org/fileformat2.html, 1.6). */
static void lead_to(char *page, uint32_t child)
{
	enum { CELLS = 3, LAST_CHILD = 8, POINTERS = 12 };
	size_t cells = (size_t)(unsigned char)page[CELLS] << 8 | (unsigned char)page[CELLS + 1];

	put_number(page + LAST_CHILD, child);
	for (size_t i = 0; i < cells; i++) {
		size_t cell = (size_t)(unsigned char)page[POINTERS + 2 * i] << 8 | (unsigned char)page[POINTERS + 2 * i + 1];
		put_number(page + cell, child);
	}
}

/* Ten more levels of one page each, by whose children every leaf is reached more often than anybody could count. */
static void test_trees_without_end(void **state)
{
	enum { ROWS = 20000, LEVELS = 10, PAGE_COUNT = 28, INNER_INDEX = 2, SECONDS_MOST = 60 };
	struct history *history = open_history(HISTORY_WRITE);
	size_t length, seen = 0;
	char name[32];

	(void)state;
	for (int i = 0; i < ROWS; i++) {
		snprintf(name, sizeof name, "/%d", i);
		add(history, make_other(name, SIGHTING_NO_CRASH));
	}
	close_history(history);
	uint32_t root = (uint32_t)ask_sql(DATABASE, "SELECT rootpage FROM sqlite_master WHERE name = 'sighting_identity'");
	char *bytes = read_bytes(DATABASE, &length);
	char *deeper = malloc(length + LEVELS * PAGE), *page = deeper + (root - 1) * PAGE;
	assert_non_null(deeper);
	memcpy(deeper, bytes, length);
	assert_int_equal(page[0], INNER_INDEX);
	for (uint32_t i = 0; i < LEVELS; i++) {
		char *level = deeper + length + i * PAGE;
		memcpy(level, page, PAGE);
		if (i + 1 < LEVELS)
			lead_to(level, (uint32_t)(length / PAGE) + i + 2);
	}
	lead_to(page, (uint32_t)(length / PAGE) + 1);
	put_number(deeper + PAGE_COUNT, (uint32_t)(length / PAGE) + LEVELS);
	assert_int_equal(number_at(deeper + PAGE_COUNT), length / PAGE + LEVELS);
	write_bytes(DATABASE, deeper, length + LEVELS * PAGE);
	free(bytes);
	free(deeper);

	struct error error = { 0 };
	struct history_query query = ALL;
	time_t begin = time(NULL);
	history = open_history(HISTORY_READ);
	assert_false(history_each(history, &query, visit, &seen, &error));
	assert_string_equal(error.message,
			    "the history history.db is damaged (its tables lead in circles): move it away, and scan "
			    "again: mv 'history.db' 'history.db.damaged'");
	close_history(history);
	assert_true(time(NULL) - begin < SECONDS_MOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_DIRECTORY(test_cut),
		IN_A_DIRECTORY(test_overwritten),
		IN_A_DIRECTORY(test_damaged_logs),
		IN_A_DIRECTORY(test_rows_of_others),
		IN_A_DIRECTORY(test_trees_without_end),
	};

	return cmocka_run_group_tests_name("history_damage", tests, NULL, NULL);
}
