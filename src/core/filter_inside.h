/* filter_inside.h - what the files of filter share: values, tests, the tree that the parser makes.
 * */
#ifndef CORE_FILTER_INSIDE_H
#define CORE_FILTER_INSIDE_H

#include "core/filter.h"
#include "util/buf.h"

enum filter_how { HOW_WHOLE, HOW_PART, HOW_PATTERN };

/* One of the values between commas. Which members mean something depends on the key. */
struct filter_value {
	const struct socket_column *column; /* of the key; NULL */
	uint64_t least, most;               /* numbers; also the ports of an address */
	uint32_t set;                       /* bits: protocols, states, families, reasons */
	enum filter_how how;
	const char *text; /* borrowed from the filter */
	uint8_t family;   /* of an address; AF_UNSPEC: any; AF_UNIX: text is its path */
	bool ports;       /* the address has ports */
	bool loopback;    /* "localhost" */
	uint8_t bits;     /* of its prefix */
	uint8_t ip[16];
};

enum { FILTER_YES = 1u << 16, FILTER_NO };

struct filter_test {
	const struct filter_key *key; /* NULL: a bare word */
	unsigned first, count;        /* of the values: one of them must match */
	unsigned yes, no;             /* the next test, or FILTER_YES, FILTER_NO */
};

enum filter_node_kind { NODE_TEST, NODE_AND, NODE_OR, NODE_NOT };

struct filter_node {
	enum filter_node_kind kind;
	unsigned left, right; /* nodes; of a test: its number */
};

struct filter {
	struct filter_test *tests;
	size_t test_count, test_capacity;
	struct filter_value *values;
	size_t value_count, value_capacity;
	struct filter_node *nodes;
	size_t node_count, node_capacity;
	unsigned root;  /* node */
	unsigned entry; /* test to begin with, or FILTER_YES */
	char *words;    /* the texts that values borrow */
	size_t word_len;
	struct buf scratch;
};

/* Fill nodes, tests and values from the text. */
int filter_parse(struct filter *f, const char *text, struct err *e, unsigned *column);
/* ss's word for states, or an RFC's: bits of enum state, 0: no such word. */
uint32_t filter_states_ss(const char *text);

/* What a key's row holds: see struct filter_key. */
typedef int filter_parser(const struct filter_key *k, enum filter_op op, const char *text,
			  struct filter_value *out, struct err *e);
typedef bool filter_matcher(const struct sock_view *v, const struct filter_value *value);

filter_parser filter_state_parse, filter_proto_parse, filter_family_parse, filter_address_parse,
	filter_whole_parse;
filter_matcher filter_state_match, filter_proto_match, filter_family_match;
filter_matcher filter_addr_match, filter_src_match, filter_dst_match;

/* What has no order takes only : = and !=. */
int filter_only_equal(const struct filter_key *k, enum filter_op op, struct err *e);
bool filter_decimal(const char *text, uint64_t *out);
/* "80", "8000-8999", "https", ":80": within the key's limits. */
bool filter_range(const struct filter_key *k, const char *text, uint64_t *least, uint64_t *most);
bool filter_text_fits(const char *text, const struct filter_value *value);
bool filter_has_port(const struct endpoint *e, const struct filter_value *value);

#endif
