/*
 * Takes a release apart: which family of kernels it is of, what of it compares, on which stable release it is built. Each
 * way that distributions name their kernels is a function of the table at the end; the first that knows the release decides.
 */
#include "signature/release.h"

#include "signature/family.h"

enum {
	RELEASE_MOST = 64, /* __NEW_UTS_LEN */
	WORDS_MOST = RELEASE_MOST
};

struct word {
	struct text text;
	char separator; /* what stands before it: '.', '-', '+'; 0 for the first */
	size_t offset;  /* of that separator in the release */
};

struct words {
	struct word items[WORDS_MOST];
	size_t count;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool has_only(struct text t, const char *others)
{
	for (size_t i = 0; i < t.length; i++)
		if (!is_digit(t.data[i]) && !is_letter(t.data[i]) &&
		    text_find_char(text_from(others), t.data[i]) == SIZE_MAX)
			return false;
	return t.length > 0 && t.length <= RELEASE_MOST && is_digit(t.data[0]);
}

static bool is_number(struct text t)
{
	for (size_t i = 0; i < t.length; i++)
		if (!is_digit(t.data[i]))
			return false;
	return t.length > 0;
}

static void split(struct text release, struct words *words)
{
	size_t begin = 0;
	char separator = 0;

	words->count = 0;
	for (size_t i = 0; i <= release.length; i++) {
		char c = i < release.length ? release.data[i] : '-';
		if (c != '.' && c != '-' && c != '+')
			continue;
		if (words->count < WORDS_MOST)
			words->items[words->count++] =
				(struct word){ { release.data + begin, i - begin }, separator, begin ? begin - 1 : 0 };
		separator = c;
		begin = i + 1;
	}
}

/* The word there, as long as this separator stands before it; else the empty text. */
static struct text word_at(const struct words *words, size_t index, char separator)
{
	if (index >= words->count || words->items[index].separator != separator)
		return TEXT_NONE;
	return words->items[index].text;
}

/* x.y.z-, which is how every distribution's release begins; the word behind it is words[3]. */
static bool has_three_numbers(const struct words *words)
{
	return is_number(word_at(words, 0, 0)) && is_number(word_at(words, 1, '.')) && is_number(word_at(words, 2, '.')) &&
	       words->count > 3 && words->items[3].separator == '-';
}

static bool set_family(struct release *release, const char *name)
{
	const struct family *family = name ? family_named(text_from(name)) : NULL;

	if (family) {
		release->family = text_from(family->name);
		release->order = family->order;
		if (family->base == BASE_RELEASE)
			release->upstream = text_first(release->text, release_number(release->text).length);
	}
	return true;
}

/* Red Hat's way and that of all who build rpms: 3.10.0-862.2.3.el7.x86_64, ...el7.x86_64.debug, ...el9_3.x86_64+rt */
static void cut_rpm_architecture(struct release *release, const struct words *words)
{
	size_t plus = text_find_char(release->text, '+');

	release->package = text_first(release->text, plus);
	for (size_t i = words->count; i-- > 0;) {
		struct text arch = family_rpm_architecture(word_at(words, i, '.'));
		if (!arch.length)
			continue;
		release->arch = arch;
		release->package = text_first(release->text, words->items[i].offset);
		return;
	}
}

static bool is_centos_plus(const struct words *words)
{
	for (size_t i = 1; i < words->count; i++)
		if (text_is(word_at(words, i - 1, '.'), "centos") && text_is(word_at(words, i, '.'), "plus"))
			return true;
	return false;
}

static const char *plus_family(const char *family)
{
	for (size_t i = 0; family && family_at(i); i++) {
		struct text name = text_from(family_at(i)->name);
		if (text_eat(&name, family) && text_is(name, "-plus"))
			return family_at(i)->name;
	}
	return NULL;
}

static const struct family_mark *find_mark(const struct words *words)
{
	for (size_t m = 0; m < family_rpm_mark_count; m++)
		for (size_t i = 3; i < words->count; i++)
			if (family_mark_fits(&family_rpm_marks[m], words->items[i].text))
				return &family_rpm_marks[m];
	return NULL;
}

static bool parse_rpm(struct release *release, const struct words *words, struct text version)
{
	const struct family_mark *mark = has_three_numbers(words) ? find_mark(words) : NULL;

	(void)version;
	if (!mark)
		return false;
	cut_rpm_architecture(release, words);
	return set_family(release, is_centos_plus(words) ? plus_family(mark->family) : mark->family);
}

/* uname -v: "#101-Ubuntu SMP Tue ...", "#101~20.04.1-Ubuntu SMP ..." */
static struct text ubuntu_upload(struct text version)
{
	size_t end = text_find(version, "-Ubuntu");
	struct text upload = text_first(version, end == SIZE_MAX ? 0 : end);

	if (!text_eat_char(&upload, '#') || !has_only(upload, ".~+"))
		return TEXT_NONE;
	return upload;
}

/* 5.15.0-91-generic, 5.15.0-1051-aws; and Ubuntu's builds of mainline, 6.6.9-060609-generic, which are upstream's code */
static bool parse_ubuntu(struct release *release, const struct words *words, struct text version)
{
	struct text number = word_at(words, 3, '-');
	const char *family = family_of_ubuntu_flavour(word_at(words, 4, '-'));
	bool mainline = number.length >= 6 && number.data[0] == '0' && is_number(text_first(number, 6));

	if (has_three_numbers(words) && family && mainline) {
		release->package = release->text;
		return set_family(release, "upstream");
	}
	if (has_three_numbers(words) && family && is_number(number)) {
		release->package = text_first(release->text, words->items[4].offset);
		release->upload = ubuntu_upload(version);
		return set_family(release, family);
	}
	/* A flavour of Ubuntu's that has no row: of no family, rather than of a wrong one. */
	return text_find(version, "-Ubuntu") != SIZE_MAX;
}

/* uname -v: "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)"; a crash's own lines only have "#1  Debian 6.1.76-1" */
static struct text debian_package(struct text version)
{
	size_t at = text_find(version, "Debian ");
	struct text package = TEXT_NONE;

	if (at == SIZE_MAX)
		return TEXT_NONE;
	version = text_trim_start(text_from_offset(version, at + 7));
	if (!text_eat_word(&version, &package) || !has_only(package, ".+~:-"))
		return TEXT_NONE;
	return package;
}

/*
 * The stable release that a Debian kernel's uname -r gives away. Where it has an ABI number, 6.1.0-18-amd64, it gives none:
 * that kernel was 6.1.76. Newer ones, and backports of them, do: 6.12.38+deb13-amd64, 6.11.10-amd64, 6.9.7+bpo-amd64,
 * 6.12-rc6-amd64.
 */
static struct text debian_base(const struct release *release)
{
	struct text source = release->package.length ? release->package : release->text;
	struct release_number number = release_number(source);
	struct text rest = text_from_offset(source, number.length);
	bool has_abi = rest.length > 1 && rest.data[0] == '-' && is_digit(rest.data[1]);

	if (number.count < 2)
		return TEXT_NONE;
	if (!release->package.length && number.rc == UINT64_MAX && (number.count < 3 || number.parts[2] == 0 || has_abi))
		return TEXT_NONE;
	return text_first(source, number.length);
}

static bool parse_debian(struct release *release, const struct words *words, struct text version)
{
	struct text last = words->count > 2 ? word_at(words, words->count - 1, '-') : TEXT_NONE;
	struct text arch = family_debian_architecture(last);

	/* -686-pae is Debian's, -pae alone SUSE's. */
	if (text_is(last, "pae") && !text_is(word_at(words, words->count - 2, '-'), "686"))
		arch = TEXT_NONE;
	release->package = debian_package(version);
	if (!arch.length && !release->package.length)
		return false;
	release->arch = arch;
	release->upstream = debian_base(release);
	return set_family(release, "debian");
}

/* 5.14.21-150500.55.39-default; the flavours that others use too only behind a number of several parts */
static bool parse_suse(struct release *release, const struct words *words, struct text version)
{
	struct text flavour = word_at(words, words->count - 1, '-');
	bool several = words->count > 5 && is_number(word_at(words, 4, '.'));

	(void)version;
	if (!has_three_numbers(words) || words->count < 5 || !family_is_suse_flavour(flavour))
		return false;
	if (!several && !text_is(flavour, "default"))
		return false;
	release->package = text_first(release->text, words->items[words->count - 1].offset);
	return set_family(release, "suse");
}

/* 6.7.0-arch3-1, 6.7.0-zen3-1-zen, 6.6.9-hardened1-1-hardened, 6.6.10-1-lts */
static bool parse_arch(struct release *release, const struct words *words, struct text version)
{
	static const struct family_mark marks[] = {
		{ "arch", MARK_DIGITS, "arch" },
		{ "zen", MARK_DIGITS, "arch" },
		{ "hardened", MARK_DIGITS, "arch" },
	};
	bool fits = is_number(word_at(words, 3, '-')) && text_is(word_at(words, 4, '-'), "lts");

	(void)version;
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		fits = fits || (family_mark_fits(&marks[i], word_at(words, words->count > 3 ? 3 : 0, '-')) &&
				is_number(word_at(words, 4, '-')));
	if (!fits)
		return false;
	release->package = release->text;
	return set_family(release, "arch");
}

/*
 * What scripts/setlocalversion and the test robots put behind a release of kernel.org: "", "+", "-dirty",
 * "-00267-g0f1dd5e91e2b"
 */
static bool is_upstream_tail(struct text rest)
{
	struct text number = rest;
	uint64_t commits;

	if (!rest.length || text_starts(rest, "+") || text_starts(rest, "-dirty") || text_starts(rest, "-next-") ||
	    text_starts(rest, "-syzkaller"))
		return true;
	if (text_eat_char(&number, '-') && text_eat_decimal(&number, &commits))
		rest = number;
	return text_eat(&rest, "-g") && text_eat_hex(&rest, &commits);
}

static bool parse_upstream(struct release *release, const struct words *words, struct text version)
{
	struct release_number number = release_number(release->text);

	(void)words, (void)version;
	if (number.count < 2)
		return false;
	if (number.rc == UINT64_MAX && !is_upstream_tail(text_from_offset(release->text, number.length)))
		return false;
	release->package = release->text;
	return set_family(release, "upstream");
}

static bool (*const parsers[])(struct release *release, const struct words *words, struct text version) = {
	parse_rpm, parse_ubuntu, parse_debian, parse_suse, parse_arch, parse_upstream,
};

struct release release_parse(struct text uname_release, struct text uname_version)
{
	struct release release = { 0 };
	struct words words;

	if (!has_only(uname_release, "._+~-"))
		return release;
	release.text = uname_release;
	for (size_t i = uname_release.length; i-- > 0;)
		if (uname_release.data[i] == '-') {
			release.revision = text_from_offset(uname_release, i + 1);
			break;
		}
	split(uname_release, &words);
	for (size_t i = 0; i < sizeof parsers / sizeof parsers[0]; i++)
		if (parsers[i](&release, &words, uname_version))
			break;
	return release;
}

bool release_family_known(struct text family, enum release_order *order)
{
	const struct family *known = family_named(family);

	if (known)
		*order = known->order;
	return known != NULL;
}
