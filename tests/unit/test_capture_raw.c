/* SOCK_RAW listeners: what is read beside the bytes, the headers made of it, and sockets on the
 * loopback. Without CAP_NET_RAW the live ones are skipped. They share their network with other
 * tests: each uses a port of its own. */
#include "../../src/capture/raw_inside.h"
#include "test_capture_help.h"

#include "decode/decode.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <unistd.h>

struct message {
	struct msghdr header;
	union {
		struct sockaddr_in6 six;
		struct sockaddr_ll frame;
	} name;
	size_t control[RAW_CONTROL / sizeof(size_t)];
};

static void add(struct message *m, int level, int type, const void *data, size_t len)
{
	struct cmsghdr *c = (struct cmsghdr *)((uint8_t *)m->control + m->header.msg_controllen);

	m->header.msg_control = m->control;
	m->header.msg_controllen += CMSG_SPACE(len);
	cr_assert_leq(m->header.msg_controllen, sizeof m->control);
	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), data, len);
}

static void add_int(struct message *m, int level, int type, int value)
{
	add(m, level, type, &value, sizeof value);
}

static void from(struct message *m, const char *address)
{
	m->name.six = (struct sockaddr_in6){ .sin6_family = AF_INET6 };
	cr_assert_eq(inet_pton(AF_INET6, address, &m->name.six.sin6_addr), 1);
	m->header.msg_name = &m->name;
	m->header.msg_namelen = sizeof m->name.six;
}

static void datagram(struct message *m)
{
	const struct timespec at = { 1000, 5 };
	struct in6_pktinfo info = { .ipi6_ifindex = 7 };
	uint32_t flow = htonl(0x0b8abcde);

	memset(m, 0, sizeof *m);
	from(m, "2001:db8::1");
	inet_pton(AF_INET6, "2001:db8::2", &info.ipi6_addr);
	add(m, SOL_SOCKET, SO_TIMESTAMPNS, &at, sizeof at);
	add_int(m, SOL_SOCKET, SO_RXQ_OVFL, 12);
	add(m, SOL_IPV6, IPV6_PKTINFO, &info, sizeof info);
	add_int(m, SOL_IPV6, IPV6_HOPLIMIT, 61);
	add(m, SOL_IPV6, RAW_FLOWINFO, &flow, sizeof flow);
}

Test(capture_raw, facts_are_read)
{
	struct raw_facts f;
	struct message m;

	datagram(&m);
	raw_facts_read(&f, &m.header);
	cr_expect_eq(f.at_ns, 1000000000005u);
	cr_expect_eq(f.lost, 12);
	cr_expect_eq(f.ifindex, 7);
	cr_expect_eq(f.hops, 61);
	cr_expect_eq(f.flow, 0x0b8abcde);
	cr_expect_eq(f.dst[15], 2);
	cr_expect_eq(f.src[15], 1);
	cr_expect_eq(f.direction, DIRECTION_IN);
}

/* A datagram's header, then its extension headers, must decode to what the kernel said. */
Test(capture_raw, a_rebuilt_header_decodes)
{
	static const uint8_t options[8] = { 99, 0, 1, 4 }, udp[8] = { 1, 2, 3, 4, 0, 8, 0, 0 };
	uint8_t bytes[RAW_HEADROOM + sizeof udp], *end = bytes + RAW_HEADROOM;
	struct packet p = { .linktype = 101 };
	struct raw_facts f;
	struct message m;

	datagram(&m);
	add(&m, SOL_IPV6, IPV6_HOPOPTS, options, sizeof options);
	add(&m, SOL_IPV6, IPV6_DSTOPTS, options, sizeof options);
	raw_facts_read(&f, &m.header);
	memcpy(end, udp, sizeof udp);
	p.rebuilt = (uint16_t)raw_header_put(&f, IPPROTO_UDP, sizeof udp, end);
	cr_assert_eq(p.rebuilt, 40 + 16);
	p.len = p.cap = p.rebuilt + sizeof udp;
	decode_summary(&p, end - p.rebuilt);
	cr_expect_eq(p.status, PACKET_WHOLE, "%s", p.note ? p.note : "");
	cr_expect_eq(p.ip_proto, IPPROTO_UDP);
	cr_expect_eq(p.ttl, 61);
	cr_expect_eq(p.sport, 0x0102);
	cr_expect_eq(p.payload_off, p.rebuilt + sizeof udp);
	cr_expect_eq(end[-56], 0x6b, "version and class");
	cr_expect_eq(end[-16], IPPROTO_DSTOPTS, "each header names the next");
	cr_expect_eq(end[-8], IPPROTO_UDP);
}

Test(capture_raw, the_tree_says_what_was_rebuilt)
{
	uint8_t bytes[48] = { 0x60, [5] = 8, [6] = 17, [45] = 8 };
	struct packet p = { .linktype = 101, .len = 48, .cap = 48, .rebuilt = 40 };
	struct tree *t = calloc(1, sizeof *t);
	bool said = false;

	decode_summary(&p, bytes);
	decode_tree(&p, bytes, t);
	for (unsigned i = 0; i < t->count; i++)
		said |= !strcmp(t->nodes[i].name, "sockeye.rebuilt") && t->nodes[i].len == 40 &&
			strstr(tree_text(t, t->nodes[i].meaning), "not wire bytes");
	cr_expect(said);
	free(t);
}

Test(capture_raw, a_vlan_tag_is_put_back)
{
	struct tpacket_auxdata a = { .tp_status = TP_STATUS_VLAN_VALID, .tp_len = 64, .tp_vlan_tci = 42 };
	uint8_t bytes[4 + 14] = { [4] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x08, 0x00 };
	static const uint8_t want[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x81, 0, 0, 42, 8, 0 };
	struct message m = { 0 };
	struct raw_facts f;

	m.name.frame = (struct sockaddr_ll){
		.sll_family = AF_PACKET, .sll_hatype = ARPHRD_ETHER, .sll_ifindex = 3, .sll_pkttype = PACKET_OUTGOING
	};
	m.header.msg_name = &m.name;
	m.header.msg_namelen = sizeof m.name.frame;
	add(&m, SOL_PACKET, PACKET_AUXDATA, &a, sizeof a);
	raw_facts_read(&f, &m.header);
	cr_expect_eq(f.direction, DIRECTION_OUT);
	cr_expect_eq(f.ifindex, 3);
	cr_expect_eq(f.len, 64);
	cr_assert_eq(raw_vlan_put(&f, bytes + 4, 14), 4);
	cr_expect_arr_eq(bytes, want, sizeof want);
	cr_expect_eq(raw_vlan_put(&f, bytes + 4, 13), 0, "too short for a header");
}

/* A GRE device has a link header of its own: it is left out, and an IP packet remains. */
Test(capture_raw, other_link_headers_are_left_out)
{
	struct tpacket_auxdata a = { .tp_len = 44, .tp_net = 24 };
	struct message m = { 0 };
	struct raw_facts f;

	m.name.frame = (struct sockaddr_ll){ .sll_family = AF_PACKET, .sll_hatype = ARPHRD_IPGRE };
	m.header.msg_name = &m.name;
	m.header.msg_namelen = sizeof m.name.frame;
	add(&m, SOL_PACKET, PACKET_AUXDATA, &a, sizeof a);
	raw_facts_read(&f, &m.header);
	cr_expect_eq(f.linktype, LINKTYPE_RAW);
	cr_expect_eq(raw_link_skip(&f, 44), 24);
	cr_expect_eq(raw_link_skip(&f, 23), 0);
	f.linktype = LINKTYPE_ETHERNET;
	cr_expect_eq(raw_link_skip(&f, 44), 0);
}

/* An extension header whose length contradicts itself is left out. */
Test(capture_raw, nonsense_is_left_out)
{
	static const uint8_t odd[16] = { 0, 0 };
	struct raw_facts f;
	struct message m;

	datagram(&m);
	add(&m, SOL_IPV6, IPV6_HOPOPTS, odd, sizeof odd);
	add(&m, SOL_IPV6, IPV6_HOPLIMIT, odd, 1);
	raw_facts_read(&f, &m.header);
	cr_expect_eq(f.extension_count, 0);
	cr_expect_eq(f.hops, 61);
}

/* --- sockets --- */

static int talker(int family, uint16_t *port)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	bool v4 = family == AF_INET;
	struct sockaddr *a = v4 ? (void *)&four : (void *)&six;
	socklen_t len = v4 ? sizeof four : sizeof six;
	int fd = socket(family, SOCK_DGRAM, 0);

	cr_assert_eq(bind(fd, a, len), 0);
	cr_assert_eq(getsockname(fd, a, &len), 0);
	cr_assert_eq(connect(fd, a, len), 0);
	*port = ntohs(v4 ? four.sin_port : six.sin6_port);
	return fd;
}

static void say(int fd, uint32_t word)
{
	cr_assert_eq(send(fd, &word, sizeof word, 0), sizeof word);
}

static void listener(struct harvest *h, const char *filter, uint32_t buffer, const int *sockets)
{
	const struct capture_config config = {
		.kind = CAPTURE_RAW, .raw = RAW_UDP, .filter = filter, .buffer_bytes = buffer, .sockets = sockets
	};
	struct capture *c;
	struct err e;

	if (!sockets) {
		if (capture_open(&config, &c, &e) == -EPERM)
			cr_skip_test("CAP_NET_RAW is missing");
		capture_reap(c, true);
	}
	harvest_begin(h, &config, 64 << 20);
}

static void hears(struct harvest *h, int family)
{
	enum { PACKETS = 500 };
	uint16_t port;
	int fd = talker(family, &port);
	char filter[64];
	struct err e = { 0 };
	unsigned heard = 0;

	snprintf(filter, sizeof filter, "udp dst port %u", port);
	cr_assert_eq(capture_filter(h->capture, filter, &e), 0, "%s", e.text);
	h->count = 0;
	for (uint32_t i = 0; i < PACKETS; i++)
		say(fd, i);
	harvest_until(h, clock_real_ns());
	for (unsigned i = 0; i < h->count; i++) {
		const struct packet *p = &h->got[i].packet;
		uint32_t word;

		if (p->dport != port)
			continue;
		memcpy(&word, h->got[i].tail + GOT_BYTES - 4, 4);
		cr_assert_eq(word, heard++);
		cr_assert_eq(p->family, family);
		cr_assert_eq(p->rebuilt, family == AF_INET ? 0 : 40);
		cr_assert_eq(p->len, (family == AF_INET ? 20u : 40u) + 8 + 4);
		cr_assert_eq(p->ttl, 64);
		cr_assert_eq(p->ifindex, if_nametoindex("lo"));
		cr_assert_eq(p->direction, DIRECTION_IN);
	}
	cr_assert_eq(heard, PACKETS);
	close(fd);
}

Test(capture_raw, both_families_each_packet_once_in_order)
{
	struct harvest h;

	listener(&h, NULL, 0, NULL);
	harvest_start(&h);
	hears(&h, AF_INET);
	hears(&h, AF_INET6);
	harvest_done(&h);
}

/* What finds no room in the socket's buffer is counted, and nothing else is missing. */
Test(capture_raw, lost_packets_are_counted)
{
	enum { PACKETS = 2000 };
	uint64_t end = clock_mono_ns() + TOO_LONG_MS * 1000000ull;
	struct capture_stats stats;
	char filter[64];
	struct harvest h;
	uint16_t port;
	int fd = talker(AF_INET, &port);

	snprintf(filter, sizeof filter, "udp dst port %u", port);
	listener(&h, filter, 16384, NULL); /* not started: nobody reads */
	for (uint32_t i = 0; i < PACKETS; i++)
		say(fd, i);
	harvest_start(&h);
	do {
		harvest_until(&h, clock_real_ns());
		capture_stats(h.capture, &stats);
	} while (stats.received + stats.dropped_kernel < PACKETS && clock_mono_ns() < end);
	cr_expect_gt(stats.dropped_kernel, 0);
	cr_expect_eq(stats.received + stats.dropped_kernel, PACKETS);
	cr_expect_eq(stats.received, h.count);
	harvest_done(&h);
	close(fd);
}

/* Sockets that somebody else has opened serve again and again. */
Test(capture_raw, descriptors_are_handed_over)
{
	int sockets[RAW_SOCKETS] = { socket(AF_INET, SOCK_RAW, IPPROTO_UDP), socket(AF_INET6, SOCK_RAW, IPPROTO_UDP) };
	struct harvest h;

	if (sockets[0] < 0)
		cr_skip_test("CAP_NET_RAW is missing");
	for (int i = 0; i < 2; i++) {
		listener(&h, NULL, 0, sockets);
		harvest_start(&h);
		hears(&h, i ? AF_INET6 : AF_INET);
		harvest_done(&h);
	}
	cr_expect_eq(close(sockets[0]), 0, "they stayed ours");
	cr_expect_eq(close(sockets[1]), 0);
}

/* Whoever has given its privileges away goes on with sockets that were opened before. */
Test(capture_raw, handed_descriptors_need_no_privilege)
{
	int sockets[RAW_PROTOCOLS][RAW_SOCKETS];
	struct capture *c;
	struct err e = { 0 };

	for (unsigned i = 0; i < RAW_PROTOCOLS; i++)
		for (int k = 0; k < RAW_SOCKETS; k++)
			sockets[i][k] = raw_rows[i].sockets[k].family ? socket(raw_rows[i].sockets[k].family, SOCK_RAW,
									       raw_rows[i].sockets[k].protocol)
								      : -1;
	if (sockets[0][0] < 0 || setresuid(65534, 65534, 65534))
		cr_skip_test("needs root");
	for (unsigned i = 0; i < RAW_PROTOCOLS; i++) {
		struct capture_config config = { .kind = CAPTURE_RAW, .raw = (enum raw_protocol)i };

		cr_assert_eq(capture_open(&config, &c, &e), -EPERM, "the privilege is gone");
		cr_expect(strstr(e.text, "EPERM") && strstr(e.text, "CAP_NET_RAW"));
		config.sockets = sockets[i];
		cr_assert_eq(capture_open(&config, &c, &e), 0, "%s: %s", raw_rows[i].title, e.text);
		capture_reap(c, true);
	}
}

Test(capture_raw, every_row_has_words)
{
	for (unsigned i = 0; i < RAW_PROTOCOLS; i++) {
		enum raw_protocol found;

		cr_assert(raw_protocol_named(raw_rows[i].name, &found));
		cr_expect_eq(found, i);
		cr_expect(raw_rows[i].blind && strlen(raw_rows[i].blind) > 40);
		cr_expect(strstr(raw_rows[i].title, raw_rows[i].name));
		for (int k = 0; k < RAW_SOCKETS && raw_rows[i].sockets[k].family; k++)
			cr_expect(strstr(raw_rows[i].sockets[k].call, "socket(AF_"));
	}
}
