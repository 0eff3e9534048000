/* Tables: families, their marks, flavours and architectures. A new distribution is a row here and a line in the test. */
#include "signature/family.h"

#define ROWS(table) (sizeof(table) / sizeof(table)[0])

static const struct family families[] = {
	/* Red Hat Enterprise Linux and its rebuilds; el7a is RHEL-ALT. CentOS Plus has its own patches and its own fixes. */
	{ "el6", RELEASE_RPM, BASE_NONE },
	{ "el7", RELEASE_RPM, BASE_NONE },
	{ "el7a", RELEASE_RPM, BASE_NONE },
	{ "el8", RELEASE_RPM, BASE_NONE },
	{ "el9", RELEASE_RPM, BASE_NONE },
	{ "el10", RELEASE_RPM, BASE_NONE },
	{ "el6-plus", RELEASE_RPM, BASE_NONE },
	{ "el7-plus", RELEASE_RPM, BASE_NONE },
	{ "el8-plus", RELEASE_RPM, BASE_NONE },
	{ "elrepo", RELEASE_RPM, BASE_RELEASE }, /* kernel-ml and kernel-lt: upstream's, packed */
	{ "al7", RELEASE_RPM, BASE_NONE },       /* Alibaba Cloud Linux 2 */
	{ "al8", RELEASE_RPM, BASE_NONE },       /* Alibaba Cloud Linux 3 */
	{ "alnx4", RELEASE_RPM, BASE_NONE },     /* Alibaba Cloud Linux 4 */
	{ "an7", RELEASE_RPM, BASE_NONE },       /* Anolis OS */
	{ "an8", RELEASE_RPM, BASE_NONE },
	{ "an23", RELEASE_RPM, BASE_NONE },
	{ "fedora", RELEASE_RPM, BASE_RELEASE },
	{ "amzn1", RELEASE_RPM, BASE_RELEASE },
	{ "amzn2", RELEASE_RPM, BASE_RELEASE },
	{ "amzn2023", RELEASE_RPM, BASE_RELEASE },
	{ "uek", RELEASE_RPM, BASE_NONE }, /* Oracle's Unbreakable Enterprise Kernel */
	{ "suse", RELEASE_RPM, BASE_NONE },
	{ "arch", RELEASE_RPM, BASE_RELEASE }, /* pacman's rules are rpm's */
	{ "debian", RELEASE_DEB, BASE_PACKAGE },
	/* Ubuntu counts each cloud's kernel by itself: 5.15.0-1051-aws says nothing of 5.15.0-91-generic. */
	{ "ubuntu", RELEASE_DEB, BASE_NONE },
	{ "ubuntu-aws", RELEASE_DEB, BASE_NONE },
	{ "ubuntu-azure", RELEASE_DEB, BASE_NONE },
	{ "ubuntu-gcp", RELEASE_DEB, BASE_NONE },
	{ "ubuntu-gke", RELEASE_DEB, BASE_NONE },
	{ "ubuntu-ibm", RELEASE_DEB, BASE_NONE },
	{ "ubuntu-kvm", RELEASE_DEB, BASE_NONE },
	{ "ubuntu-nvidia", RELEASE_DEB, BASE_NONE },
	{ "ubuntu-oem", RELEASE_DEB, BASE_NONE },
	{ "ubuntu-oracle", RELEASE_DEB, BASE_NONE },
	{ "ubuntu-raspi", RELEASE_DEB, BASE_NONE },
	{ "ubuntu-realtime", RELEASE_DEB, BASE_NONE },
	{ "upstream", RELEASE_UPSTREAM, BASE_RELEASE },
};

const struct family_mark family_rpm_marks[] = {
	/* Others that build upon el7 and friends and keep the mark: their numbers are not Red Hat's. */
	{ "elrepo", MARK_WORD, "elrepo" }, { "lve", MARK_PREFIX, NULL }, /* CloudLinux */
	{ "vz", MARK_PREFIX, NULL },                                     /* Virtuozzo */
	{ "uek", MARK_SUFFIX, "uek" },     { "el6", MARK_MINOR, "el6" },          { "el7a", MARK_MINOR, "el7a" },
	{ "el7", MARK_MINOR, "el7" },      { "el8", MARK_MINOR, "el8" },          { "el9", MARK_MINOR, "el9" },
	{ "el10", MARK_MINOR, "el10" },    { "al7", MARK_WORD, "al7" },           { "al8", MARK_WORD, "al8" },
	{ "alnx4", MARK_WORD, "alnx4" },   { "an7", MARK_WORD, "an7" },           { "an8", MARK_WORD, "an8" },
	{ "an23", MARK_WORD, "an23" },     { "fc", MARK_DIGITS, "fedora" },       { "amzn1", MARK_WORD, "amzn1" },
	{ "amzn2", MARK_WORD, "amzn2" },   { "amzn2023", MARK_WORD, "amzn2023" },
};

const size_t family_rpm_mark_count = ROWS(family_rpm_marks);

static const struct {
	const char *flavour, *family;
} ubuntu_flavours[] = {
	{ "generic", "ubuntu" },       { "lowlatency", "ubuntu" },    { "virtual", "ubuntu" },
	{ "server", "ubuntu" },        { "aws", "ubuntu-aws" },       { "azure", "ubuntu-azure" },
	{ "gcp", "ubuntu-gcp" },       { "gke", "ubuntu-gke" },       { "ibm", "ubuntu-ibm" },
	{ "kvm", "ubuntu-kvm" },       { "nvidia", "ubuntu-nvidia" }, { "oem", "ubuntu-oem" },
	{ "oracle", "ubuntu-oracle" }, { "raspi", "ubuntu-raspi" },   { "realtime", "ubuntu-realtime" },
};

static const char *const suse_flavours[] = { "default", "preempt", "vanilla", "kvmsmall", "64kb", "pae",
					     "desktop", "xen",     "azure",   "debug",    "rt",   "trace" };

/* As distributions write it, and as uname -m does. */
struct architecture {
	const char *written, *machine;
};

static const struct architecture rpm_architectures[] = {
	{ "x86_64", "x86_64" },
	{ "aarch64", "aarch64" },
	{ "ppc64le", "ppc64le" },
	{ "ppc64", "ppc64" },
	{ "s390x", "s390x" },
	{ "i686", "i686" },
	{ "i586", "i586" },
	{ "i386", "i386" },
	{ "armv7hl", "armv7l" },
	{ "riscv64", "riscv64" },
	{ "loongarch64", "loongarch64" },
};

static const struct architecture debian_architectures[] = {
	{ "amd64", "x86_64" },        { "arm64", "aarch64" }, { "686", "i686" },         { "pae", "i686" },
	{ "armmp", "armv7l" },        { "lpae", "armv7l" },   { "marvell", "armv5tel" }, { "rpi", "armv6l" },
	{ "powerpc64le", "ppc64le" }, { "s390x", "s390x" },   { "riscv64", "riscv64" },  { "loong64", "loongarch64" },
	{ "octeon", "mips64" },       { "malta", "mips" },
};

const struct family *family_at(size_t index)
{
	return index < ROWS(families) ? &families[index] : NULL;
}

const struct family *family_named(struct text name)
{
	for (size_t i = 0; i < ROWS(families); i++)
		if (text_is(name, families[i].name))
			return &families[i];
	return NULL;
}

bool family_mark_fits(const struct family_mark *mark, struct text word)
{
	struct text rest = word;
	uint64_t number;

	switch (mark->form) {
	case MARK_WORD:
		return text_is(word, mark->word);
	case MARK_MINOR:
		return text_eat(&rest, mark->word) && (!rest.length || rest.data[0] == '_');
	case MARK_DIGITS:
		return text_eat(&rest, mark->word) && text_eat_decimal(&rest, &number) && !rest.length;
	case MARK_PREFIX:
		return text_starts(word, mark->word);
	case MARK_SUFFIX:
		return text_ends(word, mark->word);
	}
	return false;
}

const char *family_of_ubuntu_flavour(struct text flavour)
{
	for (size_t i = 0; i < ROWS(ubuntu_flavours); i++)
		if (text_is(flavour, ubuntu_flavours[i].flavour))
			return ubuntu_flavours[i].family;
	return NULL;
}

bool family_is_suse_flavour(struct text flavour)
{
	for (size_t i = 0; i < ROWS(suse_flavours); i++)
		if (text_is(flavour, suse_flavours[i]))
			return true;
	return false;
}

static struct text architecture(const struct architecture *table, size_t count, struct text word)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(word, table[i].written))
			return text_from(table[i].machine);
	return TEXT_NONE;
}

struct text family_rpm_architecture(struct text word)
{
	return architecture(rpm_architectures, ROWS(rpm_architectures), word);
}

struct text family_debian_architecture(struct text word)
{
	return architecture(debian_architectures, ROWS(debian_architectures), word);
}
