/* option.h - socket options: one table, a row an option, which setsockopt, getsockopt, completion,
 * the options page and help all read. See socket(7), tcp(7), ip(7), ipv6(7), unix(7).
 */
#ifndef LAB_OPTION_H
#define LAB_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;

enum option_type {
	OPTION_BOOL, /* 0 1 on off true false */
	OPTION_INT,
	OPTION_LINGER,    /* "off", or seconds: "0" makes close send RST; "1,0" as the struct has it */
	OPTION_TIME,      /* struct timeval; written as a duration ("2s") */
	OPTION_STRING,    /* SO_BINDTODEVICE, TCP_CONGESTION */
	OPTION_ENUM,      /* an int with names: IP_MTU_DISCOVER do|dont|want|probe */
	OPTION_GROUP,     /* IP_ADD_MEMBERSHIP, IPV6_JOIN_GROUP: "224.0.0.1 [ADDRESS or INTERFACE]" */
	OPTION_ADDRESS,   /* IP_MULTICAST_IF */
	OPTION_COOKIE,    /* SO_COOKIE: 64 bits, shown in hexadecimal */
	OPTION_CRED,      /* SO_PEERCRED: pid, uid, gid */
	OPTION_TCP_INFO,  /* printed field by field */
	OPTION_INTERFACE, /* IPV6_MULTICAST_IF: an interface's name or index, "none" for 0 */
	OPTION_ERRNO,     /* SO_ERROR: "0" or "ECONNREFUSED" */
};

enum option_use { OPTION_GET = 1, OPTION_SET = 2, OPTION_BOTH = 3 };

/* A name for a number; a list of them ends with a NULL name. */
struct option_word {
	const char *name;
	int value;
};

struct option_row {
	const char *name;       /* "TCP_NODELAY" */
	const char *level_name; /* "IPPROTO_TCP" */
	int level, number;      /* SOL_SOCKET, SO_REUSEADDR */
	enum option_type type;
	enum option_use use;
	/* Of an INT, what the kernel takes (it may read back more); both 0: no bound known. */
	int64_t least, most;
	const char *unit;                /* "bytes" "s" "ms" "us" "": an INT takes "64K" or "2m" where that fits */
	const struct option_word *words; /* of an ENUM, or names that an INT takes */
	/* Which sockets have it, words any of which fits: tcp udp inet inet6 unix raw ip (inet or
	 * inet6), dgram4, dgram6 (of that family, and no stream), icmp4 (raw, of ICMP); "" is all. */
	const char *on;
	const char *man;       /* "tcp(7)" */
	const char *help;      /* one sentence */
	const char *privilege; /* "CAP_NET_ADMIN", or NULL */
	const char *alias;     /* another name of the same: IPV6_ADD_MEMBERSHIP; or NULL */
};

extern const struct option_row options[]; /* ends with a NULL name */

/* A parsed value, ready for setsockopt(2). */
struct option_value {
	size_t len;
	union {
		int number;
		unsigned char bytes[128];
		uint64_t align;
	};
};

/* By name or alias, any case; also without its prefix ("nodelay") and in Python's spelling. Where
 * two prefixes have the word ("multicast_loop") the first row wins: IPv4's. NULL: unknown. */
const struct option_row *option_find(const char *name);
/* May this option be used on such a socket? For the options page and completion. */
bool option_fits(const struct option_row *o, int family, int type, int protocol);
/* Check and parse a value as written (the words after the option's name, joined by one blank). 0 or
 * -errno. */
int option_parse(const struct option_row *o, const char *text, struct option_value *out, struct err *e);
/* One call each: 0 or -errno of the kernel. */
int option_set(int fd, const struct option_row *o, const struct option_value *v);
/* Reads the option and appends its value as option_parse would read it ("1", "cubic", "2s",
 * "off"). */
int option_get(int fd, const struct option_row *o, struct buf *out);
/* Does the text that option_get gave say the same as `wanted`? Used by `expect option`: "1" equals
 * "on". Of what is printed field by field (TCP_INFO, SO_PEERCRED) every word of `wanted` must
 * occur: "state=ESTABLISHED snd_cwnd=10". */
bool option_equal(const struct option_row *o, const char *got, const char *wanted);
/* A value to begin with, for the prompt: the current one turned round for a BOOL. Appends. */
void option_suggest(int fd, const struct option_row *o, struct buf *out);

#endif
