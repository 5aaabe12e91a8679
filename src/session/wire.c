/* The wire's part of the session: the capture, its blocks into recorder and flows, the trails of our sockets, and
 * the states that packets prove. */
#include "inside.h"

#include "analysis/finding.h"
#include "analysis/flow_state.h"
#include "session/opened.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/mem.h"

#include <errno.h>

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	GRACE_NS = 1000000000 /* a packet may still be under way when the kernel has dropped its socket */
};

/* --- the capture --- */

void session_capture_stop(struct session *s)
{
	if (!session_park(s))
		session_tap_stop(s, TAP_LIVE);
}

/* A file that is open has the place of the wire. */
static int refuse_beside_file(const struct session *s, struct err *e)
{
	return s->opened ? err_set(e, EBUSY, "%s is open: nothing is captured beside a file (start sockeye without -r)",
				   s->opened->name)
			 : 0;
}

int session_capture_start(struct session *s, const char *device, struct err *e)
{
	struct capture_config config = {
		.kind = CAPTURE_LIVE,
		.device = device ? device : s->config.device,
	};
	char *name = mem_string(config.device);
	int rc = refuse_beside_file(s, e);

	if (!rc)
		rc = session_unpark(s, name, e);
	if (!rc)
		rc = session_tap_start(s, TAP_LIVE, &config, e);
	if (rc < 0) {
		free(name);
		return rc;
	}
	free(s->device);
	s->device = name;
	s->config.device = name;
	return 0;
}

int session_file_open(struct session *s, const char *path, struct err *e)
{
	int rc = opened_open(s, path, e);

	if (!rc)
		s->config.file = path;
	return rc;
}

uint64_t session_read_until(const struct session *s)
{
	return s->taps[TAP_LIVE].capture ? s->read_until : UINT64_MAX;
}

/* --- states that packets prove --- */

static bool acks_fin(const struct session *s, const struct packet *p)
{
	const struct flow *f = p->flow != FLOW_NONE && p->flow < s->flows.count ? &s->flows.flows[p->flow] : NULL;
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

	if (p->ip_proto != IPPROTO_TCP || !f || p->analysis & FOUND(SEEN_TWICE))
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

void session_trails_done(struct trail_entry *e)
{
	trail_done(&e->trail);
	trail_done(&e->beside);
	free(e->ends);
	e->ends = NULL;
}

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
			session_trails_done(&s->trails[i]);
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
	trail_init(&e->beside, e->trail.since_ns);
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
		e->trail.until_ns = e->beside.until_ns = clock_real_ns() + GRACE_NS;
	if (trail_update(&e->beside, &sock->now, &s->beside, &s->recorder))
		session_touch(s);
	if (!trail_update(&e->trail, &sock->now, &s->flows, &s->recorder))
		return;
	t = &e->trail;
	if (sock_is_tcp(&sock->now) && t->exact && !(s->opened && s->opened->replay))
		for (size_t i = 0; i < t->count; i++) {
			const struct packet *p = t->numbers[i] > e->proved
							 ? recorder_find(&s->recorder, t->numbers[i], NULL)
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
	session_trails_done(s->watched);
	free(s->watched);
	s->watched = NULL;
}

/* --- a flow of a file --- */

static void watch_flow(struct trail_entry *e, const struct flow *f)
{
	unsigned client = flow_client(f);

	trail_pin(&e->trail, f->id);
	if (f->proto != IPPROTO_TCP || !f->has_ports || !f->side[client].saw_syn)
		return;
	e->ends = mem_array(2, sizeof *e->ends);
	history_init(&e->ends[0], STATE_CLOSED, f->first_ns, "");
	history_prove(&e->ends[0], f->first_ns, CAUSE_CALL, PROOF_CONNECT, "[S] out");
	history_init(&e->ends[1], STATE_SYN_RECEIVED, f->first_ns, "[S] in");
}

/* What its packets prove of its ends. Most only carry data: those that may change a state are looked
 * at, and the next few, which answer them. */
static void prove_flow(struct session *s, struct trail_entry *e, const struct flow *f)
{
	enum { ANSWERS = 16 };
	const struct trail *t = &e->trail;
	unsigned client = flow_client(f);
	struct index_note note;

	for (; e->ends && e->judged < t->count; e->judged++) {
		uint64_t number = t->numbers[e->judged];
		const struct packet *p;

		if (!recorder_note(&s->recorder, number, &note))
			continue;
		e->answers = note.turns ? ANSWERS : e->answers ? e->answers - 1 : 0;
		p = e->answers ? recorder_find(&s->recorder, number, NULL) : NULL;
		for (unsigned end = 0; p && end < 2; end++)
			session_prove(s, &e->ends[end], p,
				      (flow_side_of(f, p) == client) == !end ? DIRECTION_OUT : DIRECTION_IN);
	}
}

/* The selected socket of somebody else: everything that was recorded of it counts. */
static void update_watched(struct session *s)
{
	const struct row *row = session_selected(s);
	const struct flow *flow = opened_flow(s, row);

	if (s->watched && (!row || row->own || s->watched_key != row->key))
		drop_watched(s);
	if (!row || row->own || (row->sock->family != AF_INET && row->sock->family != AF_INET6))
		return;
	if (!s->watched) {
		s->watched = mem_alloc(sizeof *s->watched);
		s->watched_key = row->key;
		trail_init(&s->watched->trail, 0);
		trail_init(&s->watched->beside, 0);
		if (flow)
			watch_flow(s->watched, flow);
	}
	if (trail_update(&s->watched->trail, row->sock, &s->flows, &s->recorder))
		session_touch(s);
	if (flow)
		prove_flow(s, s->watched, flow);
	else if (trail_update(&s->watched->beside, row->sock, &s->beside, &s->recorder))
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

static const struct trail_entry *entry_for(const struct session *s, uint64_t key)
{
	if (s->watched && s->watched_key == key)
		return s->watched;
	return key <= UINT32_MAX ? entry_of(s, (uint32_t)key) : NULL;
}

const struct trail *session_trail(const struct session *s, uint64_t key)
{
	const struct trail_entry *e = entry_for(s, key);

	return e ? &e->trail : NULL;
}

const struct trail *session_trail_beside(const struct session *s, uint64_t key)
{
	const struct trail_entry *e = entry_for(s, key);

	return e ? &e->beside : NULL;
}

const struct packet *session_packet(const struct session *s, uint64_t number, const uint8_t **bytes)
{
	return recorder_find(&s->recorder, number, bytes);
}

/* A packet seen beside is in no flow; the one that it would be in makes its numbers relative. */
static const struct flow *flow_of(const struct session *s, const struct packet *p)
{
	struct endpoint from, to;

	if (!p->beside)
		return p->flow < s->flows.count ? &s->flows.flows[p->flow] : NULL;
	packet_source(p, &from);
	packet_destination(p, &to);
	if (from.family == AF_UNSPEC)
		return NULL;
	return flow_table_find(&s->flows, p->ip_proto, &from, &to);
}

void session_base(const struct session *s, const struct packet *p, struct packet_base *out)
{
	const struct flow *f = flow_of(s, p);

	memset(out, 0, sizeof *out);
	out->wscale = -1;
	if (f)
		flow_base(f, p, out);
	out->ascii = s->settings.ascii;
}

enum direction session_direction(const struct session *s, uint64_t key, const struct packet *p)
{
	const struct lab_sock *sock = key <= UINT32_MAX ? lab_find(s->lab, (uint32_t)key) : NULL;
	const struct row *row = sock ? NULL : session_row(s, key);
	const uint8_t *bytes = NULL;

	if (!sock && !row)
		return (enum direction)p->direction;
	if (decode_quotes(p))
		p = session_packet(s, p->number, &bytes);
	return p ? trail_way(sock ? &sock->now : row->sock, p, bytes) : DIRECTION_UNKNOWN;
}

/* --- blocks --- */

static void add_packet(struct session *s, struct packet *p, const uint8_t *bytes)
{
	p->beside = session_tap_beside(s, p);
	if (!p->beside) {
		flow_table_add(&s->flows, p, bytes);
		return;
	}
	flow_table_add(&s->beside, p, bytes);
	p->flow = FLOW_NONE;
	p->analysis = 0;
}

bool session_drain(struct session *s)
{
	struct capture *live = s->taps[TAP_LIVE].capture;
	struct mail *mail;
	bool any;

	/* First the moment, then the mail: what was seen before it is in the box by now. Asking wakes the worker, so
	 * only who waits for it asks. */
	if (live && !s->config.interactive)
		s->read_until = capture_read_until(live);
	if (s->opened) {
		any = opened_adopt(s);
		session_tap_reap(s, false);
		session_tap_watch(s);
		return any;
	}
	mail = mailbox_take(&s->box);
	any = mail != NULL;

	while (mail) {
		struct block *b = (struct block *)mail;

		mail = mail->next;
		recorder_add(&s->recorder, b);
		for (uint32_t i = 0; i < b->count; i++)
			add_packet(s, &b->packets[i], block_bytes(b, &b->packets[i]));
		session_record_block(s, b);
	}
	session_tap_reap(s, false);
	session_tap_watch(s);
	if (any)
		session_touch(s);
	return any;
}
