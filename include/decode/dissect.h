/* dissect.h - what a decoder works with: the cursor, the summary that it fills, the tree where one
 * is wanted.
 *
 * A decoder begins its layer, reads its header at d->c, enters what it found in d->p, shows its
 * fields if d->tree is there, and goes on by a route. It returns no error: what is wrong is noted
 * (dissect_malformed, dissect_short) and what was decoded stays. The work is bounded: a packet has
 * at most PACKET_LAYERS layers, and every loop consumes bytes or ends.
 */
#ifndef DECODE_DISSECT_H
#define DECODE_DISSECT_H

#include "decode/cursor.h"
#include "decode/decode.h"
#include "decode/field.h"
#include "decode/route.h"

struct buf;

struct dissect {
	struct cursor c;
	struct packet *p;
	struct tree *tree;        /* NULL at summary speed */
	struct buf *words;        /* NULL but for an info line that the summary is not enough for */
	struct decode_piece *cut; /* NULL but where a piece's place is asked for */
	uint16_t key;             /* the number that led here: EtherType, IP protocol, port */
	uint8_t depth;            /* of the next tree line */
	uint8_t proto;            /* whose header is being read */
	const uint8_t *iids;      /* interface IDs of source and destination, 8 bytes each; or NULL */
	uint8_t nested;           /* IP headers so far: the summary is the outermost's */
	bool inner;               /* within what an ICMP error quotes: the summary is done */
	bool piece;               /* within the first piece of a fragmented datagram */
	uint32_t pseudo;          /* sum of the pseudo-header without the length; 0: cannot be checked */
};

/* Begin a layer: its name goes into the packet's list, its title into the tree. Returns the tree
 * line, for the end. */
unsigned dissect_layer(struct dissect *d, enum proto proto);
/* Begin a layer whose header has `size` bytes and these fields, and go behind it. False: it is cut
 * short, which is noted. `words` go into its title; may be NULL. */
struct layer {
	enum proto proto;
	const struct field *fields;
	uint32_t size;
	const char *note;
	const char *words;
};
bool dissect_header(struct dissect *d, const struct layer *layer);
void dissect_layer_end(struct dissect *d, unsigned line, uint32_t start);
/* Go on with the rest as `proto`; as data when there are too many layers. */
void dissect_next(struct dissect *d, enum proto proto);
/* Text from the packet as a line: n bytes from `off`, at most 256 of them. Who shows it makes it
 * safe. */
unsigned dissect_text(struct dissect *d, const struct field *row, uint32_t off, uint32_t n);
/* The buffer for the info line if this layer may add to it; else NULL. */
struct buf *dissect_words(struct dissect *d);
/* Go on where the routes lead for `key`. */
void dissect_by(struct dissect *d, const struct route *routes, uint16_t key);
/* Go on with the payload of a transport, if there is any: the lower port decides first, then the
 * bytes themselves. */
struct port_routes {
	const uint8_t *ports, *guesses; /* decode/route.h */
};
void dissect_ports(struct dissect *d, const struct port_routes *routes, uint16_t a, uint16_t b);
/* An EtherType, which below 1536 is a length. */
void dissect_ethertype(struct dissect *d, uint16_t type);
/* The rest is wrong: a static sentence; the first one counts. */
void dissect_malformed(struct dissect *d, const char *note);
/* The cursor failed: enter whose fault it was. `note` tells what ended early. */
void dissect_short(struct dissect *d, const char *note);
/* Some link types put the direction into a byte of its own before the frame: 0 is in. */
void dissect_direction(struct dissect *d);
/* The rest is the payload that the summary names. */
void dissect_payload(struct dissect *d);
/* May the summary still be filled by this layer? */
static inline bool dissect_outermost(const struct dissect *d)
{
	return !d->inner && d->nested <= 1;
}

/* A checksum's verdict as a line below it. `at` is where it stands in the n bytes from `off`;
 * `pseudo` is what the sum starts with. */
struct checksum {
	const struct field *row;
	uint32_t off, n, at;
	uint32_t pseudo;
	bool needs_pseudo; /* without one it cannot be checked */
};
void checksum_show(struct dissect *d, const struct checksum *sum);
/* The same of a CRC32c over the packet from its cursor to its end; it stands in the 4 bytes at `at`
 * of it, least significant byte first. */
void checksum_crc32c(struct dissect *d, const struct field *row, const struct cursor *packet, uint32_t at);
/* What checksums of the layer above begin with: the sum of an IP header's addresses, n bytes, and of the
 * protocol. NULL: it cannot be known. Only the tree has checksums. */
void checksum_pseudo(struct dissect *d, const uint8_t *addresses, uint32_t n, uint8_t proto);

const char *ip_protocol_name(uint8_t proto); /* "GRE"; NULL: none */
enum proto bsd_family(uint32_t family);      /* of an AF_ number of some BSD; PROTO_DATA: another */
extern const struct field ethernet_addresses[];
extern const struct field_word ip_protocols[], ether_types[];

/* The decoders' words for an info line that the summary is not enough for ("echo request id=1"):
 * those of the outermost protocol that has some; often none. Appends. */
void decode_words(const struct packet *p, const uint8_t *bytes, struct buf *out);

/* The decoders, one file a protocol. */
void decode_ethernet(struct dissect *d);
void decode_sll(struct dissect *d);
void decode_sll2(struct dissect *d);
void decode_null(struct dissect *d);
void decode_loop(struct dissect *d);
void decode_raw(struct dissect *d);
void decode_vlan(struct dissect *d);
void decode_arp(struct dissect *d);
void decode_ipv4(struct dissect *d);
void decode_ipv6(struct dissect *d);
void decode_icmp(struct dissect *d);
void decode_icmpv6(struct dissect *d);
void decode_tcp(struct dissect *d);
void decode_udp(struct dissect *d);
void decode_udplite(struct dissect *d);
void decode_sctp(struct dissect *d);
void decode_dccp(struct dissect *d);
void decode_llc(struct dissect *d);
void decode_stp(struct dissect *d);
void decode_lldp(struct dissect *d);
void decode_ppp(struct dissect *d);
void decode_pppoe(struct dissect *d);
void decode_chdlc(struct dissect *d);
void decode_frame_relay(struct dissect *d);
void decode_macsec(struct dissect *d);
void decode_radiotap(struct dissect *d);
void decode_wlan(struct dissect *d);
void decode_netlink(struct dissect *d);
void decode_usb(struct dissect *d);
void decode_arcnet(struct dissect *d);
void decode_nflog(struct dissect *d);
void decode_trustsec(struct dissect *d);
void decode_nsh(struct dissect *d);
void decode_fabricpath(struct dissect *d);
void decode_fddi(struct dissect *d);
void decode_token_ring(struct dissect *d);
void decode_wpan(struct dissect *d);
void decode_lowpan(struct dissect *d);
void decode_ppi(struct dissect *d);
void decode_prism(struct dissect *d);
void decode_pflog(struct dissect *d);
void decode_enc(struct dissect *d);
void decode_erf(struct dissect *d);
void decode_pktap(struct dissect *d);
void decode_ipnet(struct dissect *d);
void decode_ipoib(struct dissect *d);
void decode_netanalyzer(struct dissect *d);
void decode_sunatm(struct dissect *d);
void decode_juniper(struct dissect *d);
void decode_dsa(struct dissect *d);
void decode_ieee1394(struct dissect *d);
void decode_ipfc(struct dissect *d);
void decode_pbb(struct dissect *d);
void decode_trill(struct dissect *d);
void decode_vntag(struct dissect *d);
void decode_etag(struct dissect *d);
void decode_hsr(struct dissect *d);
void decode_igmp(struct dissect *d);
void decode_gre(struct dissect *d);
void decode_erspan(struct dissect *d);
void decode_vxlan(struct dissect *d);
void decode_geneve(struct dissect *d);
void decode_gtp(struct dissect *d);
void decode_ah(struct dissect *d);
void decode_esp(struct dissect *d);
void decode_natt(struct dissect *d);
void decode_ospf(struct dissect *d);
void decode_vrrp(struct dissect *d);
void decode_pim(struct dissect *d);
void decode_mpls(struct dissect *d);
void decode_dns(struct dissect *d);
void decode_nbns(struct dissect *d);
void decode_http(struct dissect *d);
void decode_tls(struct dissect *d);
void decode_quic(struct dissect *d);
void decode_ssdp(struct dissect *d);
void decode_data(struct dissect *d);

bool dns_looks_like(const struct dissect *d);
bool dns_asks_plainly(const struct dissect *d);
bool nbns_looks_like(const struct dissect *d);
bool http_looks_like(const struct dissect *d);
bool tls_looks_like(const struct dissect *d);
bool quic_looks_like(const struct dissect *d);

/* Their parts that have files of their own; each shows and notes what it finds. */
void ipv4_options(struct dissect *d, struct cursor options);
void tcp_options(struct dissect *d, struct cursor options);
void mptcp_option(struct dissect *d, struct cursor option);
/* Handshake messages without records around them, as QUIC has them. */
void tls_handshake(struct dissect *d, struct cursor c);
void wlan_management(struct dissect *d, uint8_t subtype);
bool ipv6_is_extension(uint8_t next);
/* The extension header at the cursor. Returns the number of what follows it. */
struct ipv6_chain {
	bool fragment; /* a piece */
	bool later;    /* and not the first */
	bool rerouted; /* the last destination is another than the header's */
	uint32_t offset;
	uint32_t id;
	bool more;
};
uint8_t ipv6_extension(struct dissect *d, uint8_t kind, struct ipv6_chain *chain);

#endif
