/* file_filter.h - the filter of a capture file: compiled for each link type that occurs in it. */
#ifndef CAPTURE_FILE_FILTER_H
#define CAPTURE_FILE_FILTER_H

#include "file_format.h"
#include "soft_filter.h"

enum { FILE_LINKS = 64 /* link types of one file */ };

/* A zeroed struct lets everything pass. */
struct file_filter {
	char *text;
	struct file_link {
		uint16_t linktype;
		bool never; /* the filter does not fit this link type: nothing of it passes */
		struct soft_filter soft;
	} links[FILE_LINKS];
	unsigned link_count;
};

void file_filter_done(struct file_filter *f);
void file_filter_know(struct file_filter *f, uint16_t linktype); /* packets of it may come */
/* A filter need not fit every link type of a file, but one of them. Before any is known (a stream),
 * it is compiled for some that are common: nonsense is told at once. NULL: everything passes. */
int file_filter_set(struct file_filter *f, const char *text, struct err *e);
bool file_filter_passes(struct file_filter *f, const struct file_item *item);

#endif
