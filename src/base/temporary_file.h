/* Files that have no name and go with their descriptor. */
#ifndef BASE_TEMPORARY_FILE_H
#define BASE_TEMPORARY_FILE_H

/* A new one, to be read and written, on the directory's file system; -1: errno says why. */
int temporary_file_open(const char *directory);

#endif
