/* proto.h - the protocols that the decoder knows, one row each. `enum proto` numbers the rows, so
 * that a packet's list of layers is a few bytes. To add one: a value here, a row in
 * src/decode/proto.c, a file with its decoder, and the routes (decode/route.h) that lead to it.
 */
#ifndef DECODE_PROTO_H
#define DECODE_PROTO_H

#include <stdbool.h>
#include <stdint.h>

struct dissect;

enum proto {
	PROTO_NONE,
	PROTO_ETHERNET,
	PROTO_SLL,
	PROTO_SLL2,
	PROTO_NULL,
	PROTO_LOOP,
	PROTO_RAW,
	PROTO_VLAN,
	PROTO_ARP,
	PROTO_IPV4,
	PROTO_IPV6,
	PROTO_ICMP,
	PROTO_ICMPV6,
	PROTO_TCP,
	PROTO_UDP,
	PROTO_UDPLITE,
	PROTO_SCTP,
	PROTO_DCCP,
	PROTO_LLC,
	PROTO_STP,
	PROTO_LLDP,
	PROTO_PPP,
	PROTO_PPPOE,
	PROTO_CHDLC,
	PROTO_FRAME_RELAY,
	PROTO_MACSEC,
	PROTO_RADIOTAP,
	PROTO_WLAN,
	PROTO_NETLINK,
	PROTO_USB,
	PROTO_ARCNET,
	PROTO_NFLOG,
	PROTO_TRUSTSEC,
	PROTO_NSH,
	PROTO_FABRICPATH,
	PROTO_FDDI,
	PROTO_TOKEN_RING,
	PROTO_WPAN,
	PROTO_LOWPAN,
	PROTO_PPI,
	PROTO_PRISM,
	PROTO_AVS,
	PROTO_PFLOG,
	PROTO_ENC,
	PROTO_ERF,
	PROTO_PKTAP,
	PROTO_IPNET,
	PROTO_IPOIB,
	PROTO_NETANALYZER,
	PROTO_SUNATM,
	PROTO_JUNIPER,
	PROTO_DSA,
	PROTO_IEEE1394,
	PROTO_IPFC,
	PROTO_PBB,
	PROTO_TRILL,
	PROTO_VNTAG,
	PROTO_ETAG,
	PROTO_HSR,
	PROTO_IGMP,
	PROTO_GRE,
	PROTO_ERSPAN,
	PROTO_VXLAN,
	PROTO_GENEVE,
	PROTO_GTP,
	PROTO_AH,
	PROTO_ESP,
	PROTO_NATT,
	PROTO_OSPF,
	PROTO_VRRP,
	PROTO_PIM,
	PROTO_MPLS,
	PROTO_DNS,
	PROTO_NBNS,
	PROTO_HTTP,
	PROTO_TLS,
	PROTO_QUIC,
	PROTO_SSDP,
	PROTO_DATA, /* bytes that no decoder claims */
	PROTO_COUNT
};

struct proto_row {
	const char *name;                  /* as in `layers`: "ipv4" */
	const char *title;                 /* "Internet Protocol Version 4" */
	const char *filter;                /* Wireshark's protocol name: "ip" */
	const char *source;                /* "RFC 791" */
	void (*decode)(struct dissect *d); /* reads its header at the cursor, then calls the next by a route */
	/* Of an application: could the bytes at the cursor begin one of its messages? Cheap and
	 * pure; a port's route is only followed if they could, so that the middle of a stream stays
	 * data. NULL: not asked. */
	bool (*looks_like)(const struct dissect *d);
};

extern const struct proto_row protos[PROTO_COUNT];

const char *proto_name(uint8_t proto); /* never NULL */

#endif
