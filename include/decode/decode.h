/* decode.h - bytes of a packet to data: a summary, and on demand the tree of all its fields.
 *
 * Decoders are pure: no allocation, no I/O, no clock, no state of their own. The same code runs at
 * two speeds: decode_summary fills the second half of struct packet for every packet; decode_tree
 * fills a tree for the one that is looked at. Only the cursor (decode/cursor.h) touches bytes. What
 * could be decoded before an error stays.
 */
#ifndef DECODE_DECODE_H
#define DECODE_DECODE_H

#include "core/packet.h"
#include "decode/proto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum { TREE_NODES = 640, TREE_TEXT = 24576 };

/* One line of the tree: a protocol's header, a field, or a bit of it. */
struct tree_node {
	uint8_t depth;        /* 0: a layer's own line */
	uint8_t proto;        /* enum proto that it belongs to */
	uint32_t offset, len; /* its bytes in the packet; len 0: worked out, not on the wire */
	const char *name;     /* Wireshark's field name, "tcp.flags"; static */
	const char *label;    /* "Flags"; static */
	const char *help;     /* what it is for, with its RFC section; static */
	uint32_t value;       /* in tree.text: as Wireshark's -T fields prints it; "" for none */
	uint32_t meaning;     /* in tree.text: words for it ("SYN, ACK"), may be "" */
};

struct tree {
	unsigned count;
	struct tree_node nodes[TREE_NODES];
	size_t used;
	char text[TREE_TEXT]; /* NUL ended strings; text[0] is the empty one */
	bool cut;             /* the arrays were too small: the rest is missing */
};

/* Needs linktype, cap and len in *p; fills everything from `status` to `note`, and `direction` and
 * `ifindex` where they are unknown and a cooked header tells them. Never fails. The payload of what
 * has no ports and is no ICMP is that of IP. */
void decode_summary(struct packet *p, const uint8_t *bytes);
/* The whole tree; *t need not be initialised (it is large: allocate it once and use it again). */
void decode_tree(const struct packet *p, const uint8_t *bytes, struct tree *t);

/* Where a piece of a fragmented datagram lies, by the outermost IP header: RFC 791 3.2, RFC 8200
 * 4.5. */
struct decode_piece {
	uint32_t id;                     /* the pieces of one datagram share it */
	uint32_t offset;                 /* of its data in the datagram's */
	bool more;                       /* it is not the last one */
	uint8_t next;                    /* what the datagram's data are: IPPROTO_ */
	uint32_t header_off, header_len; /* what comes before them in every piece */
	uint32_t next_at;                /* the byte of that header which tells what follows */
	uint32_t data_off, data_len;     /* on the wire */
};
/* False: it is no piece, or its headers were not captured whole. */
bool decode_piece(const struct packet *p, const uint8_t *bytes, struct decode_piece *out);

/* Is it an ICMP error, which quotes the packet that it is about? */
bool decode_quotes(const struct packet *p);
/* The summary of that packet, as far as it was quoted: its ends, and their ports where has_ports is
 * set. False: this is no error, or the quote is no such packet. */
bool decode_quoted(const struct packet *p, const uint8_t *bytes, struct packet *out);
/* "ICMP port unreachable", and " from 10.0.0.1" where another than the end that was meant says so.
 * False: it is no such error. Appends. */
bool decode_error_words(const struct packet *p, const uint8_t *bytes, struct buf *out);

static inline const char *tree_text(const struct tree *t, uint32_t at)
{
	return t->text + at;
}

/* Relative numbers for the info line: what to subtract. Without a known base seq and ack are shown
 * as on the wire. */
struct packet_base {
	bool has_seq, has_ack;
	uint32_t seq, ack; /* initial sequence numbers of the sender and of the receiver */
	int wscale;        /* shift of the sender's window, -1 when unknown */
	bool ascii;        /* "->" in place of the arrow */
};

/* One line about the packet as in `info`: "40312 → 80 [S] seq=0 win=65495 mss=65495". Appends
 * clean text. `bytes` may be NULL: TCP and UDP need none, the others say less then. */
void decode_info(const struct packet *p, const uint8_t *bytes, const struct packet_base *base, struct buf *out);

/* The innermost protocol that was decoded: an enum proto. */
uint8_t decode_protocol(const struct packet *p);

/* The name of a LINKTYPE_ ("EN10MB"), or NULL. */
const char *linktype_name(uint16_t linktype);

#endif
