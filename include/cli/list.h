/* list.h - what the files of `sockeye list` share: the options, and the sockets that were chosen
 * with them.
 *
 * A list is made once from the options; each snapshot that is taken is picked from (list_pick) and
 * given to one of the writers. Writers append to `out`, list_flush puts it on standard output; when
 * nobody reads that any more, `broken` is set and everybody stops.
 */
#ifndef CLI_LIST_H
#define CLI_LIST_H

#include "cli/options.h"
#include "core/filter.h"
#include "core/sock_column.h"
#include "util/buf.h"
#include "util/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct listing;

struct list_options {
	struct common_options common;
	bool tcp, udp, raw, unix_, packet, inet, inet6;
	bool listening, all, numeric, resolve, processes, info, summary, no_header, no_owners;
	bool extended, timers, memory;
	bool csv, destroy, yes, fail_empty, metrics;
	const char *netns, *watch, *columns, *sort;
};

enum { LIST_COLUMNS = 96 };

struct list {
	const struct list_options *o;
	struct listing *listing;
	struct filter *filter; /* NULL: everything */
	const struct sock_names *names;
	const struct socket_column *columns[LIST_COLUMNS];
	size_t column_count;
	const struct socket_column *sort; /* NULL: sock_order */
	bool descending;
	unsigned kinds;    /* bits 1 << enum sock_kind */
	int family;        /* AF_INET, AF_INET6, 0: both */
	bool owners, info; /* are asked of the kernel */
	bool plain;        /* nothing but COLUMN_BASE is */
	bool colour;
	unsigned width;      /* of the terminal; 0: no terminal */
	bool hinted, warned; /* said once */
	struct buf out;
	bool broken;
	int broken_why; /* errno */
};

/* The chosen records of a snapshot, in order. */
struct picked {
	const struct snapshot *snapshot;
	uint32_t *rows; /* indexes of records */
	size_t count;
	size_t hidden; /* of these, owners not seen for lack of a privilege */
};

/* list.c */
int list_take(struct list *l, bool live, struct snapshot **out, struct err *e);
bool list_wants(struct list *l, const struct snapshot *s, const struct record *r);
void list_pick(struct list *l, const struct snapshot *s, struct picked *out);
void list_order(const struct list *l, struct picked *p); /* list_order.c */
void list_flush(struct list *l);
/* What people should know, on standard error, each once: owners that are hidden, a dump that is
 * partial. */
void list_hints(struct list *l, const struct picked *p);

/* list_text.c: one line a socket, aligned; `mark` ('+', '~', '-') and a time begin an event's line
 * (NULL v: the line of headings). */
void list_text(struct list *l, const struct picked *p);
void list_text_event(struct list *l, const struct sock_view *v, char mark, uint64_t at_ns);
void list_csv(struct list *l, const struct picked *p);

/* list_json.c */
void list_json(struct list *l, const struct picked *p);
void list_json_socket(struct list *l, struct json *j, const char *key, const struct snapshot *s,
		      const struct sock_view *v);

/* list_total.c: -s and --metrics */
void list_summary(struct list *l, const struct picked *p);
void list_metrics(struct list *l, const struct picked *p);

/* list_destroy.c, list_watch.c: the exit status */
int list_destroy(struct list *l, const struct picked *p);
int list_watch(struct list *l, uint64_t interval_ns);

/* list_name.c: -r. Names of hosts and services beside those of `inner`; asks for all of `p` at once
 * and waits for the answers a limited time: what has none by then stays a number. */
struct list_names;
struct list_names *list_names_new(const struct sock_names *inner);
void list_names_free(struct list_names *n);
const struct sock_names *list_names_ask(struct list_names *n, const struct picked *p);

#endif
