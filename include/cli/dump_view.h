/* dump_view.h - what `dump` prints in place of the packets' lines: flows, one stream, totals,
 * messages. A row of views is chosen by its option; packets are given to it as they come, and its
 * end writes what it has gathered.
 */
#ifndef CLI_DUMP_VIEW_H
#define CLI_DUMP_VIEW_H

#include "analysis/flow.h"
#include "core/packet.h"
#include "util/buf.h"

#include <stdbool.h>

struct dump_beside;
struct err;
struct name_book;
struct tls_keys;

struct dump_view_options { /* part of dump's own */
	bool flows, stats, messages;
	const char *stream, *extract; /* arguments; NULL: not asked for */
	const char *as, *side;        /* of --stream */
};

struct dump_view_config {
	bool json, colour, verbose;
	const struct flow_table *flows;          /* borrowed */
	const struct dump_view_options *options; /* borrowed */
	const char *argument;                    /* of the option: a flow's number; NULL for a flag */
	long zone_s;                             /* seconds east of UTC */
	const struct tls_keys *keys;             /* borrowed; there may be more later */
	bool keys_may_come;                      /* as of struct tls_talk */
	struct name_book *names;                 /* NULL: numbers. Borrowed */
	const struct dump_beside *beside;        /* of the packet at hand */
};

/* Standard output. `broken`: nobody reads it any more. */
struct dump_out {
	struct buf text;
	bool broken;
};
void dump_out_flush(struct dump_out *out);
void dump_out_room(struct dump_out *out); /* flush when much is there */

struct dump_view {
	const char *name; /* of its option: "flows" */
	/* NULL and *e: the argument is wrong. `config` is only read during the call. */
	void *(*begin)(const struct dump_view_config *config, struct err *e);
	/* NULL where only the end counts. False: it needs no more packets. */
	bool (*packet)(void *self, const struct packet *p, const uint8_t *bytes, struct dump_out *out);
	int (*end)(void *self, struct dump_out *out); /* frees self; the exit status */
};

/* OPTIONS_GO, or the exit status and everything was said: at most one view at a time, ... */
int dump_view_check(const struct dump_view_options *o);
/* NULL: none was asked for. */
const struct dump_view *dump_view_chosen(const struct dump_view_options *o, const char **argument);

extern const struct dump_view dump_flows, dump_stream, dump_stats, dump_messages, dump_extract;

#endif
