/* option_kind.h - the types of socket options: how a value is read and written. One row a type. */
#ifndef LAB_OPTION_KIND_H
#define LAB_OPTION_KIND_H

#include "lab/option.h"

enum { OPTION_BYTES = 512 }; /* more than any option here has */

/* What getsockopt(2) filled in; the rest is zero. */
struct option_raw {
	size_t len;
	union {
		int number;
		uint64_t cookie;
		unsigned char bytes[OPTION_BYTES];
	};
};

struct option_kind {
	/* 0, -EINVAL (not of this type), -ERANGE, -ENODEV. *out is zeroed before. NULL: cannot be
	 * written. */
	int (*parse)(const struct option_row *o, const char *text, struct option_value *out);
	/* NULL: cannot be read. */
	void (*print)(const struct option_row *o, const struct option_raw *raw, struct buf *out);
	const char *takes; /* as in "NAME takes …"; NULL: composed of the row's range or words */
	const char *suggest; /* a value to begin with; NULL: what the socket has now */
};

extern const struct option_kind option_kinds[];

bool option_is_none(const char *text);         /* "", "none", "off" */
const char *option_unpacked(const char *text); /* what follows Python's struct.pack FORMAT */

int option_parse_interface(const struct option_row *o, const char *text, struct option_value *out);
int option_parse_address(const struct option_row *o, const char *text, struct option_value *out);
int option_parse_group(const struct option_row *o, const char *text, struct option_value *out);
void option_print_interface(const struct option_row *o, const struct option_raw *raw,
			    struct buf *out);
void option_print_address(const struct option_row *o, const struct option_raw *raw,
			  struct buf *out);
/* "state=… rtt_us=43 …": struct tcp_info of linux/tcp.h, as much of it as came. */
void option_print_tcp_info(const struct option_row *o, const struct option_raw *raw,
			   struct buf *out);

#endif
