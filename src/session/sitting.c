#include "session/sitting.h"

#include "util/buf.h"

#include <string.h>

/* The fields of each kind, in their order in the file: append, never insert. */

static const struct pack_field begin_fields[] = {
	PACK_N(struct sitting_begin, at_ns),
	PACK_N(struct sitting_begin, pid),
	{ 0 },
};

static const struct pack_field sock_fields[] = {
	PACK_N(struct sock, family),
	PACK_N(struct sock, type),
	PACK_N(struct sock, protocol),
	PACK_MOST(struct sock, state, STATE_COUNT - 1),
	PACK_E(struct sock, local),
	PACK_E(struct sock, remote),
	PACK_N(struct sock, known),
	PACK_N(struct sock, cookie),
	PACK_N(struct sock, inode),
	PACK_N(struct sock, uid),
	PACK_N(struct sock, interface),
	PACK_N(struct sock, recv_q),
	PACK_N(struct sock, send_q),
	PACK_N(struct sock, backlog),
	PACK_MOST(struct sock, timer, TIMER_PERSIST),
	PACK_N(struct sock, timer_ms),
	PACK_N(struct sock, timer_retries),
	PACK_N(struct sock, rmem_alloc),
	PACK_N(struct sock, rcvbuf),
	PACK_N(struct sock, wmem_alloc),
	PACK_N(struct sock, sndbuf),
	PACK_N(struct sock, drops),
	PACK_N(struct sock, peer_inode),
	PACK_N(struct sock, cgroup),
	PACK_N(struct sock, mark),
	PACK_N(struct sock, flags),
	PACK_N(struct sock, shutdown),
	PACK_N(struct sock, tos),
	{ 0 },
};

#define TCP(member) PACK_N(struct sock_tcp, member)
#define TCP_BOOL(member) PACK_B(struct sock_tcp, member)
/* clang-format off */
static const struct pack_field tcp_fields[] = {
	TCP(rtt_us), TCP(rttvar_us), TCP(min_rtt_us), TCP(cwnd), TCP(ssthresh), TCP(snd_mss),
	TCP(rcv_mss), TCP(advmss), TCP(pmtu), TCP(unacked), TCP(sacked), TCP(lost), TCP(retrans),
	TCP(total_retrans), TCP(rto_us), TCP(ato_us), TCP(rcv_space), TCP(rcv_ssthresh),
	TCP(snd_wnd), TCP(rcv_wnd), TCP(last_data_sent_ms), TCP(last_data_recv_ms),
	TCP(last_ack_recv_ms), TCP(ca_state), TCP(retransmits), TCP(probes), TCP(backoff),
	TCP(snd_wscale), TCP(rcv_wscale), TCP_BOOL(timestamps), TCP_BOOL(sack), TCP_BOOL(ecn),
	TCP_BOOL(app_limited), TCP(bytes_sent), TCP(bytes_acked), TCP(bytes_received),
	TCP(bytes_retrans), TCP(pacing_rate), TCP(max_pacing_rate), TCP(delivery_rate),
	TCP(busy_time_us), TCP(rwnd_limited_us), TCP(sndbuf_limited_us), TCP(segs_out),
	TCP(segs_in), TCP(data_segs_out), TCP(data_segs_in), TCP(delivered), TCP(reord_seen),
	TCP(notsent_bytes), PACK_T(struct sock_tcp, congestion),
	{ 0 },
};
/* clang-format on */

static const struct pack_field own_fields[] = {
	PACK_N(struct lab_sock, id),
	PACK_T(struct lab_sock, name),
	PACK_N(struct lab_sock, fd),
	PACK_B(struct lab_sock, peer),
	PACK_B(struct lab_sock, closed),
	PACK_B(struct lab_sock, gone),
	PACK_B(struct lab_sock, reset),
	PACK_N(struct lab_sock, listener),
	PACK_N(struct lab_sock, accepted),
	PACK_N(struct lab_sock, waiting),
	PACK_N(struct lab_sock, looked_ns),
	PACK_N(struct lab_sock, created_ns),
	PACK_N(struct lab_sock, closed_ns),
	PACK_N(struct lab_sock, last_error),
	PACK_N(struct lab_sock, last_call),
	PACK_N(struct lab_sock, running),
	PACK_N(struct lab_sock, sent),
	PACK_N(struct lab_sock, received),
	PACK_B(struct lab_sock, eof),
	PACK_B(struct lab_sock, wr_shut),
	PACK_B(struct lab_sock, rd_shut),
	PACK_E(struct lab_sock, last_peer),
	{ 0 },
};

static const struct pack_field step_fields[] = {
	PACK_N(struct history_step, at_ns),
	PACK_MOST(struct history_step, state, STATE_COUNT - 1),
	PACK_MOST(struct history_step, cause, CAUSE_TIMER),
	PACK_T(struct history_step, why),
	{ 0 },
};

static const struct pack_field call_fields[] = {
	PACK_N(struct call, number),
	PACK_N(struct call, sock),
	PACK_N(struct call, made),
	PACK_T(struct call, name),
	PACK_N(struct call, fd),
	PACK_T(struct call, args),
	PACK_MOST(struct call, status, CALL_TIMEOUT),
	PACK_N(struct call, result),
	PACK_N(struct call, error),
	PACK_N(struct call, start_ns),
	PACK_N(struct call, end_ns),
	PACK_N(struct call, duration_ns),
	PACK_MOST(struct call, before, STATE_COUNT - 1),
	PACK_MOST(struct call, after, STATE_COUNT - 1),
	PACK_E(struct call, peer),
	PACK_E(struct call, local),
	PACK_E(struct call, remote),
	PACK_N(struct call, moved),
	PACK_B(struct call, received),
	PACK_B(struct call, let_go),
	PACK_T(struct call, note),
	{ 0 },
};

static const struct pack_field host_fields[] = {
	PACK_N(struct sitting_host, key),
	PACK_N(struct sitting_host, peer),
	PACK_N(struct sitting_host, netns),
	PACK_N(struct sitting_host, closed_ns),
	PACK_MOST(struct sitting_host, reason, OWNER_REASONS - 1),
	PACK_MOST(struct sitting_host, owner_count, SITTING_OWNERS),
	{ 0 },
};

static const struct pack_field owner_fields[] = {
	PACK_N(struct owner, pid),
	PACK_N(struct owner, fd),
	PACK_N(struct owner, uid),
	PACK_T(struct owner, process),
	{ 0 },
};

/* --- writing --- */

static void head(struct buf *out, enum sitting_kind kind)
{
	pack_number(out, SITTING_VERSION, 2);
	pack_number(out, kind, 2);
}

static void pack_sock(struct buf *out, const struct sock *s)
{
	pack_fields(out, sock_fields, s);
	if (s->known & SOCK_HAS_TCP)
		pack_fields(out, tcp_fields, &s->tcp);
}

static void pack_text(struct buf *out, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	pack_number(out, len, 2);
	buf_add(out, text ? text : "", len);
}

void sitting_begin(struct buf *out, const struct sitting_begin *b)
{
	head(out, SITTING_BEGIN);
	pack_fields(out, begin_fields, b);
}

void sitting_socket(struct buf *out, const struct lab_sock *s)
{
	head(out, SITTING_SOCKET);
	pack_fields(out, own_fields, s);
	pack_sock(out, &s->now);
	pack_number(out, s->history.lost, 4);
	pack_number(out, s->history.step_count, 1);
	for (unsigned i = 0; i < s->history.step_count; i++)
		pack_fields(out, step_fields, &s->history.steps[i]);
}

void sitting_forgot(struct buf *out, uint32_t id)
{
	head(out, SITTING_FORGOT);
	pack_number(out, id, 4);
}

void sitting_call(struct buf *out, const struct call *c)
{
	size_t kept = c->data_len < SITTING_DATA ? c->data_len : SITTING_DATA;

	head(out, SITTING_CALL);
	pack_fields(out, call_fields, c);
	pack_text(out, c->verb);
	pack_text(out, c->function);
	pack_number(out, c->data != NULL, 1);
	pack_bytes(out, c->data ? c->data : (const uint8_t *)"", c->data ? kept : 0);
}

void sitting_host(struct buf *out, enum sitting_kind kind, const struct sitting_host *h)
{
	head(out, kind);
	pack_fields(out, host_fields, h);
	for (unsigned i = 0; i < h->owner_count; i++)
		pack_fields(out, owner_fields, &h->owners[i]);
	pack_sock(out, &h->sock);
}

void sitting_join(struct buf *block, const struct buf *message)
{
	pack_bytes(block, message->data, message->len);
}

/* --- reading --- */

const uint8_t *sitting_next(const uint8_t **block, size_t *left, size_t *len)
{
	struct unpack u = { *block, *block + *left, false };
	const uint8_t *message = *left ? unpack_bytes(&u, *left, len) : NULL;

	*left -= (size_t)(u.at - *block);
	*block = u.at;
	return message;
}

static void unpack_sock(struct unpack *u, struct sock *s)
{
	unpack_fields(u, sock_fields, s);
	if (s->known & SOCK_HAS_TCP)
		unpack_fields(u, tcp_fields, &s->tcp);
}

static void read_begin(struct unpack *u, struct sitting_message *m)
{
	unpack_fields(u, begin_fields, &m->begin);
}

static void read_socket(struct unpack *u, struct sitting_message *m)
{
	struct history *h = &m->sock.history;

	unpack_fields(u, own_fields, &m->sock);
	unpack_sock(u, &m->sock.now);
	h->lost = (unsigned)unpack_number(u, 4);
	h->step_count = (unsigned)unpack_number(u, 1);
	if (h->step_count > HISTORY_STEPS || !m->sock.id)
		u->bad = true;
	for (unsigned i = 0; i < h->step_count && !u->bad; i++)
		unpack_fields(u, step_fields, &h->steps[i]);
}

static void read_forgot(struct unpack *u, struct sitting_message *m)
{
	m->id = (uint32_t)unpack_number(u, 4);
}

static void read_call(struct unpack *u, struct sitting_message *m)
{
	static const struct pack_field words[] = {
		PACK_T(struct sitting_message, verb),
		PACK_T(struct sitting_message, function),
		{ 0 },
	};
	const uint8_t *data;
	bool there;
	size_t len;

	unpack_fields(u, call_fields, &m->call);
	unpack_fields(u, words, m);
	m->call.verb = m->verb;
	m->call.function = m->function;
	there = unpack_number(u, 1) != 0;
	data = unpack_bytes(u, SITTING_DATA, &len);
	if (!data || !there)
		return;
	m->call.data = (uint8_t *)(uintptr_t)data; /* nobody writes to it */
	m->call.data_len = (uint32_t)len;
}

static void read_host(struct unpack *u, struct sitting_message *m)
{
	unpack_fields(u, host_fields, &m->host);
	for (unsigned i = 0; i < m->host.owner_count && !u->bad; i++)
		unpack_fields(u, owner_fields, &m->host.owners[i]);
	unpack_sock(u, &m->host.sock);
}

static void (*const readers[])(struct unpack *u, struct sitting_message *m) = {
	[SITTING_BEGIN] = read_begin, [SITTING_SOCKET] = read_socket, [SITTING_FORGOT] = read_forgot,
	[SITTING_CALL] = read_call,   [SITTING_HOST] = read_host,     [SITTING_GONE] = read_host,
};

enum sitting_read sitting_read(const uint8_t *bytes, size_t len, struct sitting_message *out)
{
	struct unpack u = { bytes, bytes + len, false };
	uint64_t version = unpack_number(&u, 2), kind = unpack_number(&u, 2);

	memset(out, 0, sizeof *out);
	if (u.bad || !version)
		return SITTING_BAD;
	if (version > SITTING_VERSION || kind >= sizeof readers / sizeof *readers || !readers[kind])
		return SITTING_UNKNOWN;
	out->kind = (enum sitting_kind)kind;
	readers[kind](&u, out);
	return u.bad ? SITTING_BAD : SITTING_OK;
}
