/* out_file.h - a file that is made to be written: who may own it, and what may be in the way. */
#ifndef CAPTURE_OUT_FILE_H
#define CAPTURE_OUT_FILE_H

#include <stdbool.h>

struct err;

/* A descriptor, or -errno with *e. See writer.h for what is refused. *regular: it can be cut. */
int out_file_open(const char *path, const char *reading, bool keep, bool *regular, struct err *e);

#endif
