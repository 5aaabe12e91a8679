/* TCP, UDP, UDP-Lite, MPTCP and SCTP by sock_diag(7): exact look-ups by four-tuple and cookie, and a dump
 * narrowed by the local port where the kernel's exact look-up cannot name the socket: several
 * listeners on one address, UDP sockets that share a port, MPTCP (which is looked up by its token,
 * not by its addresses).
 */
#include "inside.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

enum { ALL_STATES = -1 };

static const struct row {
	int protocol;
	enum handled handled;
	bool exact;   /* by the four-tuple */
	bool swapped; /* the kernel's udp_dump_one takes the ends the other way round */
	bool small;   /* a dump of all its sockets costs little: there are no hundreds of thousands */
	bool tcp;     /* has the states of RFC 9293 */
	bool sctp;    /* an answer is an endpoint, or one of its associations, with states of their own */
} rows[] = {
	{ IPPROTO_TCP, HANDLED_TCP, .exact = true, .tcp = true },
	{ IPPROTO_UDP, HANDLED_UDP, .exact = true, .swapped = true, .small = true },
	{ IPPROTO_UDPLITE, HANDLED_UDPLITE, .exact = true, .swapped = true, .small = true },
	{ IPPROTO_MPTCP, HANDLED_MPTCP, .small = true, .tcp = true },
	{ IPPROTO_SCTP, HANDLED_SCTP, .small = true, .sctp = true },
};

static const struct row *row_of(const struct sock *s)
{
	int protocol = s->protocol;

	if (!protocol)
		protocol = s->type == SOCK_STREAM ? IPPROTO_TCP : s->type == SOCK_DGRAM ? IPPROTO_UDP : 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].protocol == protocol)
			return &rows[i];
	return NULL;
}

/* --- the question --- */

union request {
	struct nlmsghdr head;
	char bytes[NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct inet_diag_req_v2)) + 32];
};

static struct inet_diag_req_v2 *fill_request(union request *r, const struct row *row, int family, uint16_t flags)
{
	struct inet_diag_req_v2 *q;
	struct nlmsghdr *h = mnl_nlmsg_put_header(r->bytes);
	bool wide = row->protocol > UINT8_MAX; /* the field has 8 bits */

	h->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	h->nlmsg_flags = NLM_F_REQUEST | flags;
	q = mnl_nlmsg_put_extra_header(h, sizeof *q);
	q->sdiag_family = (uint8_t)family;
	q->sdiag_protocol = wide ? IPPROTO_TCP : (uint8_t)row->protocol;
	q->idiag_ext = row->sctp ? 1 << (INET_DIAG_SKMEMINFO - 1) : DIAG_INET_EXTENSIONS;
	q->idiag_states = (uint32_t)ALL_STATES;
	q->id.idiag_cookie[0] = q->id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	if (wide)
		mnl_attr_put_u32(h, INET_DIAG_REQ_PROTOCOL, (uint32_t)row->protocol);
	return q;
}

/* A link-local address is looked up on the interface of its zone. */
static uint32_t interface_of(const struct sock *s)
{
	uint32_t zone = s->remote.scope_id ? s->remote.scope_id : s->local.scope_id;

	return s->interface ? s->interface : zone;
}

static void fill_exact(union request *r, const struct row *row, const struct sock *was, bool with_cookie)
{
	struct inet_diag_req_v2 *q = fill_request(r, row, was->family, 0);
	const struct endpoint *source = row->swapped ? &was->remote : &was->local;
	const struct endpoint *destination = row->swapped ? &was->local : &was->remote;

	q->id.idiag_sport = htons(source->port);
	q->id.idiag_dport = htons(destination->port);
	memcpy(q->id.idiag_src, source->ip, 16);
	memcpy(q->id.idiag_dst, destination->ip, 16);
	q->id.idiag_if = interface_of(was);
	if (with_cookie && (was->known & SOCK_HAS_COOKIE)) {
		q->id.idiag_cookie[0] = (uint32_t)was->cookie;
		q->id.idiag_cookie[1] = (uint32_t)(was->cookie >> 32);
	}
}

/* --- the answer --- */

/* Into one that is empty. */
static void take_end(struct endpoint *e, int family, const uint32_t ip[4], uint16_t port, uint32_t interface)
{
	e->family = (uint8_t)family;
	e->has_port = true;
	e->port = ntohs(port);
	if (family == AF_INET)
		memcpy(e->ip, ip, 4);
	else
		memcpy(e->ip, ip, 16);
	if (family == AF_INET6 && e->ip[0] == 0xfe && (e->ip[1] & 0xc0) == 0x80)
		e->scope_id = interface; /* fe80::/10 is of one link */
}

static void take_timer(struct sock *s, const struct inet_diag_msg *m)
{
	static const uint8_t timers[] = { TIMER_NONE, TIMER_RETRANSMIT, TIMER_KEEPALIVE, TIMER_TIME_WAIT,
					  TIMER_PERSIST };

	s->timer = m->idiag_timer < sizeof timers ? (enum sock_timer)timers[m->idiag_timer] : TIMER_NONE;
	s->timer_ms = s->timer ? m->idiag_expires : 0;
	s->timer_retries = s->timer ? m->idiag_retrans : 0;
	s->known |= SOCK_HAS_TIMER;
}

/* RFC 9260's states of an association (enum sctp_state of the kernel), as those of RFC 9293 that they resemble. */
static enum state sctp_state(const struct inet_diag_msg *m)
{
	static const uint8_t of_association[] = {
		STATE_CLOSED,
		STATE_SYN_SENT /* COOKIE-WAIT */,
		STATE_SYN_RECEIVED /* COOKIE-ECHOED */,
		STATE_ESTABLISHED,
		STATE_FIN_WAIT_1 /* SHUTDOWN-PENDING */,
		STATE_FIN_WAIT_2 /* SHUTDOWN-SENT */,
		STATE_CLOSE_WAIT /* SHUTDOWN-RECEIVED */,
		STATE_LAST_ACK /* SHUTDOWN-ACK-SENT */,
	};

	if (!m->id.idiag_dport) /* an endpoint */
		return diag_plain_state(m->idiag_state);
	return m->idiag_state < sizeof of_association ? (enum state)of_association[m->idiag_state] : STATE_NONE;
}

static enum state state_of(const struct row *row, const struct inet_diag_msg *m)
{
	if (row->sctp)
		return sctp_state(m);
	return row->tcp ? state_from_kernel(m->idiag_state) : diag_plain_state(m->idiag_state);
}

static int type_of(const struct row *row)
{
	return row->tcp ? SOCK_STREAM : row->sctp ? 0 /* stream or seqpacket: it is not told */ : SOCK_DGRAM;
}

static void take_message(struct sock *s, const struct row *row, const struct inet_diag_msg *m)
{
	s->state = state_of(row, m);
	take_end(&s->local, m->idiag_family, m->id.idiag_src, m->id.idiag_sport, m->id.idiag_if);
	if (m->id.idiag_dport)
		take_end(&s->remote, m->idiag_family, m->id.idiag_dst, m->id.idiag_dport, m->id.idiag_if);
	if (m->idiag_family != s->family) { /* a v4 answer of an AF_INET6 socket */
		endpoint_map(&s->local, s->family);
		if (s->remote.family)
			endpoint_map(&s->remote, s->family);
	}
	s->cookie = m->id.idiag_cookie[0] | (uint64_t)m->id.idiag_cookie[1] << 32;
	s->inode = m->idiag_inode;
	s->uid = m->idiag_uid;
	s->interface = m->id.idiag_if;
	s->recv_q = m->idiag_rqueue;
	s->send_q = m->idiag_wqueue;
	s->known = SOCK_HAS_QUEUES | SOCK_HAS_COOKIE;
	if (s->inode) /* TIME-WAIT, SYN-RECEIVED, orphans: no owner, their uid of 0 says nothing */
		s->known |= SOCK_HAS_INODE | SOCK_HAS_UID;
	if (s->state == STATE_LISTEN) {
		s->backlog = m->idiag_wqueue;
		s->known |= SOCK_HAS_BACKLOG;
	}
	if (row->tcp)
		take_timer(s, m);
}

struct wanted {
	const struct row *row;
	const struct sock *was;
	struct sock *now;
	bool any; /* the request was exact: whatever answers is it */
};

static bool is_it(const struct wanted *w, const struct sock *s)
{
	const struct sock *was = w->was;

	if (w->any)
		return true;
	if (was->known & SOCK_HAS_COOKIE)
		return s->cookie == was->cookie;
	if (was->known & SOCK_HAS_INODE)
		return s->inode == was->inode;
	return endpoint_same(&s->local, &was->local) &&
	       (was->remote.family ? endpoint_same(&s->remote, &was->remote) : !s->remote.family);
}

static int take_answer(void *ctx, const struct nlmsghdr *answer)
{
	struct wanted *w = ctx;
	struct inet_diag_msg m;
	struct sock s = { .family = w->was->family, .type = w->was->type, .protocol = w->row->protocol };

	if (mnl_nlmsg_get_payload_len(answer) < sizeof m)
		return -EBADMSG;
	memcpy(&m, mnl_nlmsg_get_payload(answer), sizeof m);
	if (m.idiag_family != AF_INET && m.idiag_family != AF_INET6)
		return 0;
	take_message(&s, w->row, &m);
	if (!is_it(w, &s))
		return 0;
	diag_inet_attributes(answer, sizeof m, &s);
	*w->now = s;
	return 1;
}

/* --- the ways to ask, each 1 when found, 0 or -ENOENT when not --- */

static int ask_exact(struct diag *d, const struct row *row, const struct sock *was, bool with_cookie, struct sock *now)
{
	struct wanted w = { .row = row, .was = was, .now = now, .any = true };
	struct sock mapped = *was, plain = *was;
	union request r;
	int rc;

	if (!was->local.port)
		return -ENOENT; /* in no table of the kernel: not bound, or closed before it was */
	if (was->family == AF_INET6) {
		endpoint_map(&mapped.local, AF_INET6);
		endpoint_map(&mapped.remote, AF_INET6);
	}
	fill_exact(&r, row, &mapped, with_cookie);
	rc = diag_exchange(d, &r.head, take_answer, &w);
	if (rc != -ENOENT || was->family != AF_INET6)
		return rc;
	endpoint_unmap(&plain.local);
	endpoint_unmap(&plain.remote);
	if (plain.local.family != AF_INET || (plain.remote.family && plain.remote.family != AF_INET))
		return rc;
	plain.family = AF_INET; /* connected over IPv4: some tables keep it as such */
	fill_exact(&r, row, &plain, with_cookie);
	return diag_exchange(d, &r.head, take_answer, &w);
}

static int ask_dump(struct diag *d, const struct row *row, const struct sock *was, struct sock *now)
{
	struct wanted w = { .row = row, .was = was, .now = now };
	struct inet_diag_req_v2 *q;
	union request r;

	q = fill_request(&r, row, was->family, NLM_F_DUMP);
	q->id.idiag_sport = htons(was->local.port);
	if (was->state == STATE_LISTEN)
		q->idiag_states = 1u << states[STATE_LISTEN].kernel;
	return diag_exchange(d, &r.head, take_answer, &w);
}

static bool missed(int rc)
{
	return rc == 0 || rc == -ENOENT || rc == -ESTALE; /* -ESTALE: another socket has the four-tuple now */
}

int diag_find_inet(struct diag *d, const struct sock *was, struct sock *now)
{
	const struct row *row = row_of(was);
	struct sock found;
	union request probe;
	int rc = 0;

	if (!row)
		return -EPROTONOSUPPORT;
	if (row->exact)
		rc = ask_exact(d, row, was, true, &found);
	if (missed(rc) && was->local.port && (row->small || was->state == STATE_LISTEN))
		rc = ask_dump(d, row, was, &found);
	/* What is left of an MPTCP connection after close is its first subflow, a TCP socket. */
	if (missed(rc) && row->protocol == IPPROTO_MPTCP && was->remote.port) {
		rc = ask_exact(d, &rows[0], was, false, &found);
		found.protocol = IPPROTO_MPTCP;
	}
	if (rc == 1) {
		*now = found;
		return 0;
	}
	if (!missed(rc))
		return rc;
	fill_request(&probe, row, was->family, NLM_F_DUMP)->idiag_states = 0;
	return diag_not_found(d, row->handled, &probe.head);
}

/* --- dumps --- */

struct each {
	const struct row *row;
	diag_each each;
	void *ctx;
};

/* False: it is none of ours. */
static bool parse(const struct row *row, const struct nlmsghdr *answer, struct sock *out)
{
	struct inet_diag_msg m;

	if (answer->nlmsg_len < NLMSG_HDRLEN + sizeof m)
		return false;
	memcpy(&m, (const char *)answer + NLMSG_HDRLEN, sizeof m);
	if (m.idiag_family != AF_INET && m.idiag_family != AF_INET6)
		return false;
	*out = (struct sock){ .family = m.idiag_family, .protocol = row->protocol, .type = type_of(row) };
	take_message(out, row, &m);
	diag_inet_attributes(answer, sizeof m, out);
	if (row->sctp)
		out->known &= ~(unsigned)SOCK_HAS_TCP; /* its info is another struct */
	return true;
}

void diag_take_tcp(const struct inet_diag_msg *m, struct sock *out)
{
	*out = (struct sock){ .family = m->idiag_family, .protocol = IPPROTO_TCP, .type = SOCK_STREAM };
	take_message(out, &rows[0], m);
}

bool diag_parse_inet(const struct nlmsghdr *answer, int protocol, struct sock *out)
{
	const struct sock kind = { .protocol = protocol };
	const struct row *row = row_of(&kind);

	return row && parse(row, answer, out);
}

static int take_each(void *ctx, const struct nlmsghdr *answer)
{
	struct each *e = ctx;
	struct sock s;

	if (parse(e->row, answer, &s))
		e->each(e->ctx, &s);
	return 0;
}

/* TCP of both families in one walk of the table: the older form of the request (TCPDIAG_GETSOCK) asks for no family.
 * A quarter less work than two walks. */
static void fill_both(union request *r, uint32_t wanted, bool with_info)
{
	struct nlmsghdr *h = mnl_nlmsg_put_header(r->bytes);
	struct inet_diag_req *q;

	h->nlmsg_type = TCPDIAG_GETSOCK;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	q = mnl_nlmsg_put_extra_header(h, sizeof *q);
	q->idiag_states = wanted;
	q->id.idiag_cookie[0] = q->id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	if (with_info)
		q->idiag_ext = DIAG_INET_EXTENSIONS;
}

int diag_dump_inet(struct diag *d, int protocol, int family, uint32_t wanted, bool with_info, diag_each each, void *ctx)
{
	const struct sock kind = { .protocol = protocol };
	struct each e = { .row = row_of(&kind), .each = each, .ctx = ctx };
	struct inet_diag_req_v2 *q;
	union request r;
	int rc;

	if (!e.row)
		return -EPROTONOSUPPORT;
	if (!family && protocol == IPPROTO_TCP) {
		fill_both(&r, wanted, with_info);
	} else {
		q = fill_request(&r, e.row, family, NLM_F_DUMP);
		q->idiag_states = wanted;
		if (!with_info)
			q->idiag_ext = 0;
		if (e.row->sctp)
			q->idiag_states = UINT32_MAX; /* its states have other numbers */
	}
	rc = diag_exchange(d, &r.head, take_each, &e);
	return rc == -ENOENT ? -EPROTONOSUPPORT : rc;
}

int diag_destroy_inet(struct diag *d, const struct sock *s)
{
	const struct row *row = row_of(s);
	struct sock plain = *s;
	union request r;

	if (!row || row->protocol > UINT8_MAX)
		return -EOPNOTSUPP;
	fill_exact(&r, row, &plain, true);
	r.head.nlmsg_type = SOCK_DESTROY;
	r.head.nlmsg_flags |= NLM_F_ACK;
	return diag_exchange(d, &r.head, take_each, &(struct each){ .row = row });
}

static void take_protocol(struct sock *s, const void *bytes, size_t len)
{
	(void)len;
	s->protocol = *(const uint8_t *)bytes;
}

bool diag_take_destroyed(const struct nlmsghdr *answer, struct sock *out)
{
	static const struct diag_attribute protocol[] = { [INET_DIAG_PROTOCOL] = { 1, take_protocol } };
	struct inet_diag_msg m;
	struct sock s = { 0 };
	const struct row *row;

	if (mnl_nlmsg_get_payload_len(answer) < sizeof m)
		return false;
	memcpy(&m, mnl_nlmsg_get_payload(answer), sizeof m);
	if (m.idiag_family != AF_INET && m.idiag_family != AF_INET6)
		return false;
	diag_attributes(answer, sizeof m, protocol, sizeof protocol / sizeof *protocol, &s);
	row = row_of(&s);
	if (!row)
		return false;
	s.family = m.idiag_family;
	s.type = type_of(row);
	take_message(&s, row, &m);
	diag_inet_attributes(answer, sizeof m, &s);
	s.state = STATE_CLOSED;
	s.known &= ~SOCK_HAS_QUEUES; /* what the kernel still says of them means nothing */
	*out = s;
	return true;
}
