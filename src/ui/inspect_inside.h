/* inspect_inside.h - what the files that fill the Inspector's summary share. */
#ifndef SRC_UI_INSPECT_INSIDE_H
#define SRC_UI_INSPECT_INSIDE_H

#include "ui/inspect.h"

/* A value that core/sock_column.h can tell, under a label of the summary. */
struct inspect_column {
	const char *column, *label;
	const char *after; /* the unit in words, NULL */
};

/* Who has it, who has the other end. */
void inspect_owner(struct sheet *out, const struct session *s, const struct row *r);
/* A row of the scope file: a conversation, or the file. */
void inspect_flow(struct sheet *out, const struct session *s, const struct row *r);
/* The taps, each with its counters and what it cannot see; nothing while libpcap is the only one. */
void inspect_sources(struct sheet *out, const struct session *s);
/* Those of the list (it ends with a NULL column) that are known and not zero. */
void inspect_columns(struct sheet *out, const struct sock_view *v,
		     const struct inspect_column *list);

#endif
