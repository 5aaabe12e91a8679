/* packet.h - one packet: where and when it was seen, and the summary that the decoder made of it.
 *
 * Packets travel in blocks: the capture worker reads, decodes the summary and fills a block, hands it over whole, and
 * the recorder keeps it as it is. A packet's bytes live in its block and are borrowed with it.
 */
#ifndef CORE_PACKET_H
#define CORE_PACKET_H

#include "core/endpoint.h"
#include "util/mailbox.h"

#include <stdbool.h>
#include <stdint.h>

enum { PACKET_LAYERS = 12, PACKET_SACKS = 4 };

enum direction { DIRECTION_UNKNOWN, DIRECTION_IN, DIRECTION_OUT };

enum packet_status {
	PACKET_WHOLE,     /* decoded to its end */
	PACKET_TRUNCATED, /* our snapshot length ended before the packet did */
	PACKET_MALFORMED, /* the packet breaks a rule or ends before its own lengths say; `note` tells which */
};

/* TCP flags as on the wire (RFC 9293, 3.1; AE is RFC 7560's bit 8). */
enum tcp_flag {
	TCP_FLAG_FIN = 1,
	TCP_FLAG_SYN = 2,
	TCP_FLAG_RST = 4,
	TCP_FLAG_PSH = 8,
	TCP_FLAG_ACK = 16,
	TCP_FLAG_URG = 32,
	TCP_FLAG_ECE = 64,
	TCP_FLAG_CWR = 128,
	TCP_FLAG_AE = 256,
};

/* In the order of tcpdump's letters; ends with a letter of 0. AE has none. */
struct tcp_flag_row {
	char letter;
	uint16_t bit;
	const char *name, *help, *source;
};
extern const struct tcp_flag_row tcp_flag_rows[];

enum tcp_option_bit { TCP_OPT_MSS = 1, TCP_OPT_WSCALE = 2, TCP_OPT_SACK_OK = 4, TCP_OPT_SACK = 8, TCP_OPT_TS = 16 };

struct packet {
	/* where and when: filled by the capture source */
	uint64_t number;   /* from 1, in the order of arrival; given by the recorder */
	uint64_t at_ns;    /* CLOCK_REALTIME */
	uint32_t len, cap; /* bytes on the wire, bytes kept */
	uint64_t offset;   /* of the bytes in the block; of a placed one: in the file it was read from */
	uint32_t ifindex;  /* 0 when unknown */
	uint16_t linktype; /* LINKTYPE_ of tcpdump.org, as in pcap files */
	uint8_t direction; /* enum direction: the link's */
	uint8_t source;    /* which capture source: its index in the session */
	bool beside;       /* another source counts this packet; set by the session, see session/tap.h */
	uint16_t rebuilt;  /* so many bytes at the start were not seen: a header that the kernel keeps back, put
	                       * together from what it says of the packet; 0 for a packet as it was on the wire */

	/* the summary: filled by decode_summary, all zero before */
	uint8_t status; /* enum packet_status */
	uint8_t layer_count;
	uint8_t layers[PACKET_LAYERS]; /* enum proto of decode/proto.h, outermost first */
	uint8_t family;                /* AF_INET, AF_INET6 of the outermost IP header, 0 without IP */
	uint8_t ip_proto;              /* IPPROTO_ of its payload */
	uint8_t ttl;                   /* or hop limit */
	bool fragment;                 /* a piece of a fragmented datagram; ports only in the first */
	bool has_ports;
	bool partial;             /* TCP whose header ends early or is longer than the packet: no segment of a stream */
	uint8_t src[16], dst[16]; /* 4 or 16 bytes, the rest zero */
	uint16_t sport, dport;
	uint16_t tcp_flags;  /* enum tcp_flag; 0 when this is no TCP */
	uint16_t tcp_window; /* as on the wire, unscaled */
	uint32_t tcp_seq, tcp_ack;
	uint8_t tcp_options; /* enum tcp_option_bit */
	uint8_t tcp_wscale, tcp_sack_count;
	uint16_t tcp_mss;
	uint32_t tcp_tsval, tcp_tsecr;
	uint32_t tcp_sack[PACKET_SACKS][2];
	uint8_t icmp_type, icmp_code;
	uint32_t payload_off; /* of the transport's payload from the packet's first byte */
	uint32_t payload_len; /* bytes on the wire; what was kept may be less, see packet_payload */
	const char *note;     /* a static sentence on what is wrong, or NULL */

	/* given by the flow table */
	uint32_t flow;     /* FLOW_NONE when it belongs to none */
	uint16_t analysis; /* bits 1 << enum finding of analysis/finding.h */
	uint64_t prev;     /* number of the packet before it in the same flow, 0 for none */
};

/* The block a capture worker hands over: exactly as large as its content. */
struct block {
	struct mail mail;       /* weight = bytes this block takes */
	uint32_t count, used;   /* packets, bytes; no packets but bytes: what a file says beside them, see capture.h */
	bool placed;            /* the bytes were left in the file: `used` is 0 */
	struct packet *packets; /* both arrays follow the struct in the same allocation: free(block) frees all */
	uint8_t *bytes;
};

/* A block with room for `count` packets and `used` bytes, both counters zero. */
struct block *block_new(uint32_t count, uint32_t used);
/* A placed one with room for `count` packets, whose memory is not cleared. */
struct block *block_new_placed(uint32_t count);

/* The packet's bytes in its block. */
static inline const uint8_t *block_bytes(const struct block *b, const struct packet *p)
{
	return b->bytes + p->offset;
}

/* A TCP segment with numbers that can be believed? */
static inline bool packet_is_segment(const struct packet *p)
{
	return p->ip_proto == IPPROTO_TCP && p->has_ports && !p->partial;
}

/* Bytes of payload that were kept. */
static inline uint32_t packet_payload_kept(const struct packet *p)
{
	uint32_t have = p->payload_off < p->cap ? p->cap - p->payload_off : 0;

	return have < p->payload_len ? have : p->payload_len;
}

void packet_source(const struct packet *p, struct endpoint *out); /* AF_UNSPEC without IP */
void packet_destination(const struct packet *p, struct endpoint *out);

/* TCP flags as tcpdump writes them, without brackets: "S", "S.", "P.", "F.", "R", "none"; letters in the order
 * S F R P . U E W. `out` has 10 bytes. Returns out. */
char *packet_flags(uint16_t flags, char out[10]);
char *packet_flag_letters(uint16_t flags, char out[10]); /* the same for programs: "" for none */
/* The reverse: -1 for what is not such a word. "[S.]" is accepted too. */
int packet_parse_flags(const char *text);

#endif
