/* The wire's part of the session: the capture, its blocks into recorder and flows, the trails of our sockets, and
 * the states that packets prove. */
#include "inside.h"

#include "util/clock.h"
#include "util/mem.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	GRACE_NS =
		1000000000 /* a packet may still be under way when the kernel has dropped its socket */
};

/* --- the capture --- */

static void bank_stats(struct session *s)
{
	session_capture_stats(s, &s->past);
}

static void reap(struct session *s, bool wait)
{
	if (s->closing && capture_reap(s->closing, wait))
		s->closing = NULL;
}

void session_capture_stop(struct session *s)
{
	if (!s->capture)
		return;
	bank_stats(s);
	reap(s, true);
	s->closing = s->capture;
	s->capture = NULL;
	capture_close(s->closing);
	s->capture_error = (struct err){ 0 };
	session_touch(s);
}

int session_capture_start(struct session *s, const char *device, struct err *e)
{
	struct capture_config config = {
		.kind = CAPTURE_LIVE,
		.device = device ? device : s->config.device,
		.snaplen = s->config.snaplen,
	};
	struct capture *made;
	char *name;
	int rc = capture_open(&config, &made, e);

	if (rc)
		return rc;
	name = mem_string(config.device);
	session_capture_stop(s);
	rc = capture_start(made, &s->box, e);
	if (rc) {
		capture_close(made);
		capture_reap(made, true);
		free(name);
		return rc;
	}
	free(s->device);
	s->device = name;
	s->config.device = name;
	s->capture = made;
	s->capture_error = (struct err){ 0 };
	session_touch(s);
	return 0;
}

void session_capture_stats(const struct session *s, struct capture_stats *out)
{
	struct capture_stats now = { 0 };

	if (s->capture)
		capture_stats(s->capture, &now);
	out->received = s->past.received + now.received;
	out->bytes = s->past.bytes + now.bytes;
	out->dropped_kernel = s->past.dropped_kernel + now.dropped_kernel;
	out->dropped_interface = s->past.dropped_interface + now.dropped_interface;
	out->dropped_here = s->past.dropped_here + now.dropped_here;
}

uint64_t session_read_until(const struct session *s)
{
	return s->capture ? s->read_until : UINT64_MAX;
}

/* The interface went away, or the source failed. */
static void watch_capture(struct session *s)
{
	struct err why;
	bool ended;

	if (!s->capture || !capture_state(s->capture, &ended, &why) || !ended)
		return;
	session_notice(s, NOTICE_WARN, "the capture ended: %s", why.text);
	session_capture_stop(s);
	s->capture_error = why;
}

/* --- states that packets prove --- */

static bool acks_fin(const struct session *s, const struct packet *p)
{
	const struct flow *f = p->flow != FLOW_NONE && p->flow < s->flows.count
				       ? &s->flows.flows[p->flow]
				       : NULL;
	const struct flow_side *mine = f ? &f->side[!flow_side_of(f, p)] : NULL;

	return mine && mine->saw_fin && (int32_t)(p->tcp_ack - mine->fin_seq) > 0;
}

static void prove(struct history *h, const struct packet *p, enum proof proof, const char *way)
{
	char flags[10], why[HISTORY_WHY];

	snprintf(why, sizeof why, "[%s] %s", packet_flags(p->tcp_flags, flags), way);
	history_prove(h, p->at_ns, CAUSE_PACKET, proof, why);
}

void session_prove(const struct session *s, struct history *h, const struct packet *p, enum direction way)
{
	uint16_t f = p->tcp_flags;

	if (p->ip_proto != IPPROTO_TCP || !f)
		return;
	if (way == DIRECTION_OUT) {
		if (f & TCP_FLAG_FIN)
			prove(h, p, PROOF_FIN_OUT, "out");
		if (f & TCP_FLAG_RST)
			prove(h, p, PROOF_RST, "out");
		return;
	}
	if (f & TCP_FLAG_RST)
		prove(h, p, PROOF_RST, "in");
	else if (f & TCP_FLAG_SYN)
		prove(h, p, f & TCP_FLAG_ACK ? PROOF_SYN_ACK : PROOF_SYN_IN, "in");
	else if (f & TCP_FLAG_ACK)
		prove(h, p, acks_fin(s, p) ? PROOF_ACK_FIN : PROOF_ACK_SYN, "in");
	if (f & TCP_FLAG_FIN)
		prove(h, p, PROOF_FIN_IN, "in");
}

/* --- trails --- */

static struct trail_entry *entry_of(const struct session *s, uint32_t sock)
{
	for (size_t i = s->trail_count; i-- > 0;)
		if (s->trails[i].sock == sock)
			return &s->trails[i];
	return NULL;
}

static void forget_trails(struct session *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->trail_count; i++) {
		if (lab_find(s->lab, s->trails[i].sock))
			s->trails[kept++] = s->trails[i];
		else
			trail_done(&s->trails[i].trail);
	}
	s->trail_count = kept;
}

static struct trail_entry *entry_new(struct session *s, const struct lab_sock *sock)
{
	const struct lab_sock *listener = sock->listener ? lab_find(s->lab, sock->listener) : NULL;
	struct trail_entry *e;

	if (s->trail_count >= LAB_CLOSED)
		forget_trails(s);
	MEM_ROOM(s->trails, s->trail_count, s->trail_capacity);
	e = &s->trails[s->trail_count++];
	*e = (struct trail_entry){ .sock = sock->id };
	/* The handshake of an accepted connection came before accept. */
	trail_init(&e->trail, listener ? listener->created_ns : sock->created_ns);
	return e;
}

static void update_trail(struct session *s, struct lab_sock *sock)
{
	struct trail_entry *e = entry_of(s, sock->id);
	const struct trail *t;

	if (sock->now.family != AF_INET && sock->now.family != AF_INET6)
		return;
	if (!e)
		e = entry_new(s, sock);
	if (sock->gone && e->trail.until_ns == UINT64_MAX)
		e->trail.until_ns = clock_real_ns() + GRACE_NS;
	if (!trail_update(&e->trail, &sock->now, &s->flows, &s->recorder))
		return;
	t = &e->trail;
	if (sock_is_tcp(&sock->now) && t->exact)
		for (size_t i = 0; i < t->count; i++) {
			const struct packet *p = t->numbers[i] > e->proved
							 ? recorder_find(&s->recorder,
									 t->numbers[i], NULL)
							 : NULL;

			if (p)
				session_prove(s, &sock->history, p, trail_direction(&sock->now, p));
		}
	if (t->count)
		e->proved = t->numbers[t->count - 1];
	session_touch(s);
}

static void drop_watched(struct session *s)
{
	if (!s->watched)
		return;
	trail_done(&s->watched->trail);
	free(s->watched);
	s->watched = NULL;
}

/* The selected socket of somebody else: everything that was recorded of it counts. */
static void update_watched(struct session *s)
{
	const struct row *row = session_selected(s);

	if (s->watched && (!row || row->own || s->watched_key != row->key))
		drop_watched(s);
	if (!row || row->own || (row->sock->family != AF_INET && row->sock->family != AF_INET6))
		return;
	if (!s->watched) {
		s->watched = mem_alloc(sizeof *s->watched);
		s->watched_key = row->key;
		trail_init(&s->watched->trail, 0);
	}
	if (trail_update(&s->watched->trail, row->sock, &s->flows, &s->recorder))
		session_touch(s);
}

void session_update_trails(struct session *s)
{
	struct lab_sock *sock;

	if (s->recorder.next <= 1) /* nothing was ever captured */
		return;
	update_watched(s);
	for (size_t i = 0; (sock = lab_next(s->lab, &i));)
		if (!sock->peer || s->settings.show_peers)
			update_trail(s, sock);
}

const struct trail *session_trail(const struct session *s, uint64_t key)
{
	const struct trail_entry *e;

	if (s->watched && s->watched_key == key)
		return &s->watched->trail;
	e = key <= UINT32_MAX ? entry_of(s, (uint32_t)key) : NULL;
	return e ? &e->trail : NULL;
}

const struct packet *session_packet(const struct session *s, uint64_t number, const uint8_t **bytes)
{
	return recorder_find(&s->recorder, number, bytes);
}

void session_base(const struct session *s, const struct packet *p, struct packet_base *out)
{
	memset(out, 0, sizeof *out);
	out->wscale = -1;
	if (p->flow != FLOW_NONE && p->flow < s->flows.count)
		flow_base(&s->flows.flows[p->flow], p, out);
	out->ascii = s->settings.ascii;
}

enum direction session_direction(const struct session *s, uint64_t key, const struct packet *p)
{
	const struct lab_sock *sock = key <= UINT32_MAX ? lab_find(s->lab, (uint32_t)key) : NULL;
	const struct row *row = sock ? NULL : session_row(s, key);

	if (sock)
		return trail_direction(&sock->now, p);
	return row ? trail_direction(row->sock, p) : (enum direction)p->direction;
}

/* --- blocks --- */

bool session_drain(struct session *s)
{
	struct mail *mail;
	bool any;

	/* First the moment, then the mail: what was seen before it is in the box by now. Asking wakes the worker, so
	 * only who waits for it asks. */
	if (s->capture && !s->config.interactive)
		s->read_until = capture_read_until(s->capture);
	mail = mailbox_take(&s->box);
	any = mail != NULL;

	while (mail) {
		struct block *b = (struct block *)mail;

		mail = mail->next;
		recorder_add(&s->recorder, b);
		for (uint32_t i = 0; i < b->count; i++)
			flow_table_add(&s->flows, &b->packets[i]);
	}
	reap(s, false);
	watch_capture(s);
	if (any)
		session_touch(s);
	return any;
}
