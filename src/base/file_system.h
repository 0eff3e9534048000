/* What kind of file system something lies on. */
#ifndef BASE_FILE_SYSTEM_H
#define BASE_FILE_SYSTEM_H

#include <stdbool.h>

/* Whether several machines may have it mounted: locks and leases do not tell what the others do. False where it cannot be
 * told. */
bool file_system_is_network(const char *path);
bool file_system_is_network_of(int fd);

#endif
