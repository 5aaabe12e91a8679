/* PACKET and NETLINK sockets by sock_diag(7), see packet(7) and netlink(7); their tables in
 * /proc/net, which have no cookie and less of memory, where the kernel has no handler for them. */
#include "inside.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>

/* What both bring: as in SK_MEMINFO. */
static void take_memory(struct sock *s, const void *bytes, size_t len)
{
	diag_take_memory(s, bytes, len);
	s->recv_q = s->rmem_alloc;
	s->send_q = s->wmem_alloc;
	s->known |= SOCK_HAS_QUEUES;
}

static void take_packet_info(struct sock *s, const void *bytes, size_t len)
{
	struct packet_diag_info info;

	(void)len;
	memcpy(&info, bytes, sizeof info);
	s->interface = info.pdi_index;
}

static void take_uid(struct sock *s, const void *bytes, size_t len)
{
	(void)len;
	memcpy(&s->uid, bytes, sizeof s->uid);
	s->known |= SOCK_HAS_UID;
}

static const struct diag_attribute of_packet[] = {
	[PACKET_DIAG_INFO] = { sizeof(struct packet_diag_info), take_packet_info },
	[PACKET_DIAG_MEMINFO] = { sizeof(uint32_t), take_memory },
	[PACKET_DIAG_UID] = { sizeof(uint32_t), take_uid },
};

static const struct diag_attribute of_netlink[] = {
	[NETLINK_DIAG_MEMINFO] = { sizeof(uint32_t), take_memory },
};

static struct sock start(int family, int type, int protocol, uint32_t inode, const uint32_t cookie[2])
{
	return (struct sock){ .family = family,
			      .type = type,
			      .protocol = protocol,
			      .state = STATE_UNCONNECTED,
			      .inode = inode,
			      .cookie = cookie[0] | (uint64_t)cookie[1] << 32,
			      .known = SOCK_HAS_COOKIE | (inode ? SOCK_HAS_INODE : 0u) };
}

bool diag_parse_packet(const struct nlmsghdr *answer, struct sock *out)
{
	struct packet_diag_msg m;

	if (mnl_nlmsg_get_payload_len(answer) < sizeof m)
		return false;
	memcpy(&m, mnl_nlmsg_get_payload(answer), sizeof m);
	*out = start(AF_PACKET, m.pdiag_type, m.pdiag_num, m.pdiag_ino, m.pdiag_cookie);
	diag_attributes(answer, sizeof m, of_packet, sizeof of_packet / sizeof *of_packet, out);
	return true;
}

bool diag_parse_netlink(const struct nlmsghdr *answer, struct sock *out)
{
	struct netlink_diag_msg m;

	if (mnl_nlmsg_get_payload_len(answer) < sizeof m)
		return false;
	memcpy(&m, mnl_nlmsg_get_payload(answer), sizeof m);
	*out = start(AF_NETLINK, m.ndiag_type, m.ndiag_protocol, m.ndiag_ino, m.ndiag_cookie);
	if (!m.ndiag_portid)
		out->known |= SOCK_OF_KERNEL;
	diag_attributes(answer, sizeof m, of_netlink, sizeof of_netlink / sizeof *of_netlink, out);
	return true;
}

int diag_dump_packet(struct diag *d, diag_each each, void *ctx)
{
	const struct packet_diag_req q = { .sdiag_family = AF_PACKET,
					   .pdiag_show = PACKET_SHOW_INFO | PACKET_SHOW_MEMINFO };
	int rc = diag_dump_by_family(d, &q, sizeof q, diag_parse_packet, each, ctx);

	return rc == -EPROTONOSUPPORT ? diag_list_packet(d, each, ctx) : rc;
}

int diag_dump_netlink(struct diag *d, diag_each each, void *ctx)
{
	const struct netlink_diag_req q = { .sdiag_family = AF_NETLINK,
					    .sdiag_protocol = NDIAG_PROTO_ALL,
					    .ndiag_show = NDIAG_SHOW_MEMINFO };
	int rc = diag_dump_by_family(d, &q, sizeof q, diag_parse_netlink, each, ctx);

	return rc == -EPROTONOSUPPORT ? diag_list_netlink(d, each, ctx) : rc;
}
