/* sock_column.h - what can be said of a socket, one row a column: its names, its words, how wide it
 * wants to be, its text, its order. Lists, CSV, JSON, sorting, filters and help read this table.
 *
 * A column reads a view: the socket, and what else is known of it. Views are small, made on the
 * spot and borrow everything, so that a record of a snapshot and a socket of our own look the same.
 */
#ifndef CORE_SOCK_COLUMN_H
#define CORE_SOCK_COLUMN_H

#include "core/snapshot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct sock_rate;

/* Names for numbers, from whoever can look them up; NULL members, and NULL answers: the number is
 * shown. Answers are borrowed until the next call. */
struct sock_names {
	void *ctx;
	const char *(*user)(void *ctx, uint32_t uid);
	const char *(*interface)(void *ctx, uint64_t netns, uint32_t index);
	const char *(*netns)(void *ctx, uint64_t inode);
	const char *(*host)(void *ctx, const struct endpoint *e); /* of an address */
	const char *(*service)(void *ctx, const struct sock *s, uint16_t port);
};

struct sock_view {
	const struct sock *sock;
	const struct record *record; /* NULL for a socket of our own */
	const struct owner *owners;
	size_t owner_count;
	const char *name;               /* of a socket of our own; NULL */
	const char *app, *end;          /* of a conversation of a file: application, how it ended; NULL */
	const struct sock_rate *rate;   /* core/rate.h; NULL: not known */
	const struct sock_names *names; /* NULL: numbers stay */
};

/* Of a record, which is unpacked into *room: the view is good as long as that. */
struct sock_view sock_view(const struct snapshot *s, const struct record *r, const struct sock_names *names,
			   struct sock *room);

/* What kind of socket it is: what -t, -u, -w, -x, -0 choose, and what `proto` says. */
enum sock_kind {
	KIND_TCP,
	KIND_UDP,
	KIND_RAW,
	KIND_UNIX,
	KIND_PACKET,
	KIND_NETLINK,
	KIND_MPTCP,
	KIND_UDPLITE,
	KIND_SCTP,
	KIND_VSOCK,
	KIND_OTHER,
	KIND_COUNT
};
extern const char *const sock_kinds[KIND_COUNT]; /* "tcp" */
enum sock_kind sock_kind(const struct sock *s);
enum sock_kind record_kind(const struct record *r);
const char *sock_kind_word(const struct sock *s); /* as sock_kinds, but "icmp" and "icmpv6" for ping sockets */
const char *sock_family_word(int family);         /* "inet", "packet"; NULL: none */
const char *sock_type_word(const struct sock *s); /* "stream"; NULL: none */

enum column_flag {
	COLUMN_RIGHT = 1 << 0,  /* numbers: aligned to the right */
	COLUMN_SEARCH = 1 << 1, /* a bare word of a filter looks here */
	COLUMN_PLAIN = 1 << 2,  /* shown when nothing was chosen */
	COLUMN_MORE = 1 << 3,   /* shown by -v */
	COLUMN_INFO = 1 << 4,   /* needs struct tcp_info */
	COLUMN_OWNER = 1 << 5,  /* needs the owners */
	COLUMN_RATE = 1 << 6,   /* needs an earlier look */
	COLUMN_BASE = 1 << 7,   /* needs the least that is known of any socket (sampler.h: plain) */
};

enum column_unit {
	UNIT_NONE,
	UNIT_US,
	UNIT_MS,
	UNIT_BYTES,
	UNIT_RATE,
	UNIT_HEX,
	UNIT_FLAG,
	UNIT_MILLI, /* thousandths */
};

struct socket_column {
	const char *name; /* "recv-q": what --columns and --sort take, and the head of CSV */
	const char *head; /* "Recv-Q" */
	const char *json; /* key in the object `tcp`; NULL for all others */
	unsigned flags;   /* enum column_flag */
	unsigned least;   /* cells it can be cut to where space is short; 0: never cut */
	enum column_unit unit;
	/* Of a number: where it lies in struct sock, and the bit of `known` that it needs; or
	 * `number`. */
	unsigned known;
	size_t offset, size;
	bool (*number)(const struct sock_view *v, uint64_t *out);
	/* Of a text: appends, clean; nothing where it is not known. */
	void (*text)(const struct sock_view *v, struct buf *out);
	int (*compare)(const struct sock_view *a, const struct sock_view *b); /* NULL: by number, or by text */
	const char *help;
};

extern const struct socket_column socket_columns[]; /* ends with a NULL name */

/* By name, any case; NULL: none. */
const struct socket_column *column_find(const char *name, size_t len);
/* Its number: false where it has none, or it is not known. */
bool column_number(const struct socket_column *c, const struct sock_view *v, uint64_t *out);
/* For people, with units: appends nothing where it is not known. */
void column_text(const struct socket_column *c, const struct sock_view *v, struct buf *out);
/* A number of UNIT_MILLI as it is written: "0.5". `out` has 24 bytes. Returns out. */
char *column_milli(char *out, uint64_t thousandths);
/* For programs: numbers without units. */
void column_value(const struct socket_column *c, const struct sock_view *v, struct buf *out);
/* What is not known comes last. */
int column_compare(const struct socket_column *c, const struct sock_view *a, const struct sock_view *b);
/* The order where none was asked for: kind, listeners first, endpoints, inode (core/rank.h is quicker for many). */
int record_order(const struct snapshot *s, const struct record *a, const struct record *b);
int sock_order(const struct sock *a, const struct sock *b);

/* What bbr, vegas or dctcp tells of itself: appends; nothing of others. */
void sock_control_text(const struct sock_tcp *t, struct buf *out);

/* "127.0.0.1:80", "[::1]:80", "/run/x", "@name", "*:80": appends, clean; nothing when there is no
 * such end. */
void endpoint_add(struct buf *out, const struct sock_view *v, const struct endpoint *e);
/* Is there a peer (or a local end) to speak of? */
bool endpoint_there(const struct endpoint *e);

#endif
