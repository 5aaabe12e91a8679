/* raw_facts.c - what the kernel says beside a packet's bytes (cmsg(3), RFC 3542, packet(7)), and
 * the headers that are made of it. Pure: no system call. */
#include "raw_inside.h"

#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

enum {
	IPV6_HEADER = 40,
	EXTENSION_UNIT = 8,
	VLAN_TAG = 4,
	MACS = 12, /* both addresses of an Ethernet header; its EtherType follows */
	ETHERNET = 14,
	VLAN_TYPE = 0x8100,
	FLOW_MASK = 0x0fffffff,
};

/* One kind of ancillary data, of which at least `size` bytes must be there: they are copied into
 * the facts at `offset`, or `take` reads them. */
struct reader {
	int level, type;
	size_t size, offset;
	void (*take)(struct raw_facts *f, const uint8_t *data, size_t len);
};

static void take_time(struct raw_facts *f, const uint8_t *data, size_t len)
{
	struct timespec t;

	(void)len;
	memcpy(&t, data, sizeof t);
	if (t.tv_sec > 0 && t.tv_nsec >= 0)
		f->at_ns = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void take_pktinfo(struct raw_facts *f, const uint8_t *data, size_t len)
{
	struct in_pktinfo info;

	(void)len;
	memcpy(&info, data, sizeof info);
	f->ifindex = (uint32_t)info.ipi_ifindex;
}

static void take_pktinfo6(struct raw_facts *f, const uint8_t *data, size_t len)
{
	struct in6_pktinfo info;

	(void)len;
	memcpy(&info, data, sizeof info);
	f->ifindex = info.ipi6_ifindex;
	memcpy(f->dst, &info.ipi6_addr, sizeof f->dst);
}

static void take_flow(struct raw_facts *f, const uint8_t *data, size_t len)
{
	uint32_t flow;

	(void)len;
	memcpy(&flow, data, sizeof flow);
	f->flow = ntohl(flow) & FLOW_MASK;
}

/* An extension header as it was on the wire, its length in its second byte. */
static void take_extension(struct raw_facts *f, uint8_t kind, const uint8_t *data, size_t len)
{
	if (f->extension_count == RAW_EXTENSIONS || len != (data[1] + 1u) * EXTENSION_UNIT ||
	    f->extension_bytes + len > RAW_CONTROL)
		return;
	f->extension_bytes += (uint32_t)len;
	f->extensions[f->extension_count++] = (struct raw_extension){ kind, data, (uint32_t)len };
}

static void take_hop_by_hop(struct raw_facts *f, const uint8_t *data, size_t len)
{
	take_extension(f, IPPROTO_HOPOPTS, data, len);
}

static void take_destination(struct raw_facts *f, const uint8_t *data, size_t len)
{
	take_extension(f, IPPROTO_DSTOPTS, data, len);
}

static void take_routing(struct raw_facts *f, const uint8_t *data, size_t len)
{
	take_extension(f, IPPROTO_ROUTING, data, len);
}

static void take_auxiliary(struct raw_facts *f, const uint8_t *data, size_t len)
{
	struct tpacket_auxdata a;

	(void)len;
	memcpy(&a, data, sizeof a);
	f->len = a.tp_len;
	f->network = a.tp_net;
	f->has_vlan = a.tp_status & TP_STATUS_VLAN_VALID;
	f->vlan = a.tp_vlan_tci;
	f->vlan_type = a.tp_status & TP_STATUS_VLAN_TPID_VALID ? a.tp_vlan_tpid : VLAN_TYPE;
}

#define AT(member) offsetof(struct raw_facts, member)

/* clang-format off */
static const struct reader readers[] = {
	{ SOL_SOCKET, SO_TIMESTAMPNS, sizeof(struct timespec), 0, take_time },
	{ SOL_SOCKET, SO_RXQ_OVFL, sizeof(uint32_t), AT(lost), NULL },
	{ SOL_IP, IP_PKTINFO, sizeof(struct in_pktinfo), 0, take_pktinfo },
	{ SOL_IPV6, IPV6_PKTINFO, sizeof(struct in6_pktinfo), 0, take_pktinfo6 },
	{ SOL_IPV6, IPV6_HOPLIMIT, sizeof(int), AT(hops), NULL },
	{ SOL_IPV6, IPV6_TCLASS, sizeof(int), AT(tclass), NULL },
	{ SOL_IPV6, RAW_FLOWINFO, sizeof(uint32_t), 0, take_flow },
	{ SOL_IPV6, IPV6_HOPOPTS, EXTENSION_UNIT, 0, take_hop_by_hop },
	{ SOL_IPV6, IPV6_DSTOPTS, EXTENSION_UNIT, 0, take_destination },
	{ SOL_IPV6, IPV6_RTHDR, EXTENSION_UNIT, 0, take_routing },
	{ SOL_PACKET, PACKET_AUXDATA, sizeof(struct tpacket_auxdata), 0, take_auxiliary },
};
/* clang-format on */

static uint16_t link_of(unsigned hatype)
{
	return hatype == ARPHRD_ETHER || hatype == ARPHRD_LOOPBACK ? LINKTYPE_ETHERNET : LINKTYPE_RAW;
}

static void read_name(struct raw_facts *f, const struct msghdr *m)
{
	struct sockaddr_in6 from;
	struct sockaddr_ll frame;
	sa_family_t family;

	if (m->msg_namelen < sizeof family)
		return;
	memcpy(&family, m->msg_name, sizeof family);
	if (family == AF_INET6 && m->msg_namelen >= sizeof from) {
		memcpy(&from, m->msg_name, sizeof from);
		memcpy(f->src, &from.sin6_addr, sizeof f->src);
	} else if (family == AF_PACKET && m->msg_namelen >= offsetof(struct sockaddr_ll, sll_addr)) {
		memcpy(&frame, m->msg_name, offsetof(struct sockaddr_ll, sll_addr));
		f->ifindex = (uint32_t)frame.sll_ifindex;
		f->linktype = link_of(frame.sll_hatype);
		if (frame.sll_pkttype == PACKET_OUTGOING)
			f->direction = DIRECTION_OUT;
	}
}

static void read_one(struct raw_facts *f, const struct reader *r, const uint8_t *data, size_t len)
{
	if (r->take)
		r->take(f, data, len);
	else
		memcpy((uint8_t *)f + r->offset, data, r->size);
}

void raw_facts_read(struct raw_facts *f, struct msghdr *m)
{
	const uint8_t *end = (const uint8_t *)m->msg_control + m->msg_controllen;

	*f = (struct raw_facts){ .direction = DIRECTION_IN, .linktype = LINKTYPE_RAW };
	read_name(f, m);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		const uint8_t *data = CMSG_DATA(c);
		size_t len = c->cmsg_len - CMSG_LEN(0);

		if (c->cmsg_len < CMSG_LEN(0) || data > end || len > (size_t)(end - data))
			return;
		for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
			if (readers[i].level == c->cmsg_level && readers[i].type == c->cmsg_type &&
			    len >= readers[i].size)
				read_one(f, &readers[i], data, len);
	}
}

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* RFC 8200, 3. Each header names the next; a fragment header that stood between them is gone, as is
 * what it said. */
uint32_t raw_header_put(const struct raw_facts *f, uint8_t protocol, uint32_t payload, uint8_t *end)
{
	uint8_t *at = end, next = protocol;
	uint32_t flow = f->flow ? f->flow : (uint32_t)(f->tclass & 0xff) << 20;

	for (unsigned i = f->extension_count; i-- > 0;) {
		const struct raw_extension *x = &f->extensions[i];

		at -= x->len;
		memcpy(at, x->bytes, x->len);
		at[0] = next;
		next = x->kind;
		payload += x->len;
	}
	at -= IPV6_HEADER;
	put16(at, 0x6000 | flow >> 16);
	put16(at + 2, flow & 0xffff);
	put16(at + 4, payload <= UINT16_MAX ? payload : 0);
	at[6] = next;
	at[7] = (uint8_t)f->hops;
	memcpy(at + 8, f->src, sizeof f->src);
	memcpy(at + 24, f->dst, sizeof f->dst);
	return (uint32_t)(end - at);
}

uint32_t raw_vlan_put(const struct raw_facts *f, uint8_t *frame, uint32_t cap)
{
	if (!f->has_vlan || f->linktype != LINKTYPE_ETHERNET || cap < ETHERNET)
		return 0;
	memmove(frame - VLAN_TAG, frame, MACS);
	put16(frame + MACS - VLAN_TAG, f->vlan_type);
	put16(frame + MACS - VLAN_TAG + 2, f->vlan);
	return VLAN_TAG;
}

uint32_t raw_link_skip(const struct raw_facts *f, uint32_t cap)
{
	return f->linktype == LINKTYPE_RAW && f->network <= cap ? f->network : 0;
}
