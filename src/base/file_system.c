/* File systems of other machines, as a table. */
#include "base/file_system.h"

#include <stddef.h>
#include <sys/vfs.h>

static bool is_network(const struct statfs *status)
{
	/* linux/magic.h, and the sources of those that it leaves out. */
	static const unsigned long networks[] = {
		0x6969,     /* NFS */
		0x517b,     /* SMB */
		0xfe534d42, /* SMB2 */
		0xff534d42, /* CIFS */
		0x01021997, /* 9p */
		0x00c36400, /* Ceph */
		0x5346414f, /* AFS */
		0x6b414653, /* kAFS */
		0x73757245, /* Coda */
		0x0bd00bd0, /* Lustre */
		0x65735546, /* FUSE: sshfs, GlusterFS */
	};
	for (size_t i = 0; i < sizeof networks / sizeof *networks; i++)
		if (((unsigned long)status->f_type & 0xffffffff) == networks[i])
			return true;
	return false;
}

bool file_system_is_network(const char *path)
{
	struct statfs status;

	return statfs(path, &status) == 0 && is_network(&status);
}

bool file_system_is_network_of(int fd)
{
	struct statfs status;

	return fstatfs(fd, &status) == 0 && is_network(&status);
}
