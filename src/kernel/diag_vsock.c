/* VSOCK sockets by sock_diag(7), see vsock(7) and linux/vm_sockets_diag.h. Ends are a context id (CID) and a port, both
 * of 32 bits. Where the kernel has no handler for them there is nothing: no table in /proc tells of them.
 */
#include "inside.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/sock_diag.h>
#include <linux/vm_sockets.h>
#include <linux/vm_sockets_diag.h>
#include <string.h>
#include <sys/socket.h>

/* The CID lies in the address as on a wire, the port in the zone: the field for ports has 16 bits. */
static struct endpoint end_of(uint32_t cid, uint32_t port)
{
	struct endpoint e = { .family = AF_VSOCK, .has_port = true };

	if (cid == VMADDR_CID_ANY && port == VMADDR_PORT_ANY)
		return (struct endpoint){ 0 };
	e.port = port <= UINT16_MAX ? (uint16_t)port : 0;
	e.scope_id = port;
	for (int i = 0; i < 4; i++)
		e.ip[i] = (uint8_t)(cid >> (24 - 8 * i));
	return e;
}

bool diag_parse_vsock(const struct nlmsghdr *answer, struct sock *out)
{
	struct vsock_diag_msg m;
	struct sock s = { .family = AF_VSOCK };

	if (mnl_nlmsg_get_payload_len(answer) < sizeof m)
		return false;
	memcpy(&m, mnl_nlmsg_get_payload(answer), sizeof m);
	if (m.vdiag_family != AF_VSOCK)
		return false;
	s.type = m.vdiag_type;
	s.state = state_from_kernel(m.vdiag_state);
	if (s.state == STATE_CLOSED || s.type == SOCK_DGRAM)
		s.state = diag_plain_state(m.vdiag_state);
	s.local = end_of(m.vdiag_src_cid, m.vdiag_src_port);
	if (s.state != STATE_LISTEN)
		s.remote = end_of(m.vdiag_dst_cid, m.vdiag_dst_port);
	s.inode = m.vdiag_ino;
	s.cookie = m.vdiag_cookie[0] | (uint64_t)m.vdiag_cookie[1] << 32;
	s.shutdown = m.vdiag_shutdown & 3;
	s.known = SOCK_HAS_COOKIE | SOCK_HAS_SHUTDOWN | (s.inode ? SOCK_HAS_INODE : 0u);
	*out = s;
	return true;
}

int diag_dump_vsock(struct diag *d, uint32_t wanted, diag_each each, void *ctx)
{
	const struct vsock_diag_req q = { .sdiag_family = AF_VSOCK, .vdiag_states = wanted };

	return diag_dump_by_family(d, &q, sizeof q, diag_parse_vsock, each, ctx);
}
