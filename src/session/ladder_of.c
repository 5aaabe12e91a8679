#include "session/ladder_of.h"

#include "inside.h"

#include "session/host.h"

#include "analysis/finding.h"
#include "analysis/ladder_line.h"
#include "util/hash.h"
#include "util/mem.h"
#include "util/text.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PACKETS_MOST = 8192, /* the newest of a trail */
	CALLS_MOST = 4096,
	MEMBERS = 512,
};

/* An own socket that stands somewhere on the ladder. */
struct member {
	uint32_t id;
	unsigned party;
	bool listener; /* only what made it listen, and the accept that made a member, are told */
};

struct peer {
	struct endpoint end;
	uint32_t flow; /* FLOW_NONE: any */
	struct history *inferred; /* states of a TCP end that is not ours */
};

struct work {
	const struct session *s;
	struct ladder *ladder;
	const struct ladder_wish *wish;
	struct sock sock; /* the left party's */
	const struct lab_sock *own;
	uint64_t key;
	struct member members[MEMBERS];
	size_t member_count;
	struct peer peers[LADDER_PARTIES]; /* by party; 0 is the left one */
	bool wire; /* packets tell of the data; else the calls do */
};

/* --- who is who --- */

static struct member *member_of(struct work *w, uint32_t id)
{
	for (size_t i = 0; i < w->member_count; i++)
		if (w->members[i].id == id)
			return &w->members[i];
	return NULL;
}

static void join(struct work *w, uint32_t id, unsigned party, bool listener)
{
	if (id && party != LADDER_NONE && w->member_count < MEMBERS && !member_of(w, id))
		w->members[w->member_count++] = (struct member){ id, party, listener };
}

static bool same_end(const struct endpoint *a, const struct endpoint *b)
{
	struct endpoint x = *a, y = *b;

	endpoint_unmap(&x);
	endpoint_unmap(&y);
	x.scope_id = y.scope_id = 0;
	return x.family != AF_UNSPEC && endpoint_same(&x, &y);
}

/* The same, where `bound` may be bound to every address. */
static bool fits_end(const struct endpoint *bound, const struct endpoint *e)
{
	if (endpoint_is_any(bound))
		return e->family != AF_UNSPEC && bound->port == e->port;
	return same_end(bound, e);
}

static bool lived_together(const struct lab_sock *a, const struct lab_sock *b)
{
	return (!a->closed_ns || b->created_ns <= a->closed_ns) &&
	       (!b->closed_ns || a->created_ns <= b->closed_ns);
}

static bool named(const struct endpoint *e)
{
	return e->family == AF_UNIX ? e->path_len > 0 : e->family != AF_UNSPEC;
}

/* Is `k` the other end of `of`'s connection? */
static bool is_other_end(const struct lab_sock *k, const struct lab_sock *of)
{
	if (k == of || k->now.type != of->now.type || k->now.state == STATE_LISTEN)
		return false;
	if (k->now.family == AF_UNIX && of->now.family == AF_UNIX) {
		if (k->now.inode && of->now.inode &&
		    (k->now.peer_inode == of->now.inode || of->now.peer_inode == k->now.inode))
			return true;
		return of->now.type == SOCK_DGRAM && named(&of->now.remote) &&
		       same_end(&k->now.local, &of->now.remote);
	}
	return same_end(&k->now.local, &of->now.remote) &&
	       (same_end(&k->now.remote, &of->now.local) || k->now.remote.family == AF_UNSPEC) &&
	       lived_together(k, of);
}

static const struct lab_sock *other_end(const struct session *s, const struct lab_sock *of)
{
	const struct lab_sock *k, *found = NULL;

	for (size_t i = 0; (k = lab_next(s->lab, &i));)
		if (is_other_end(k, of))
			found = k;
	return found;
}

/* The own socket at `end` that spoke with the left party. */
static const struct lab_sock *own_at(const struct work *w, const struct endpoint *end,
				     uint64_t at_ns)
{
	const struct lab_sock *k, *found = NULL;

	if (!named(end))
		return NULL;
	for (size_t i = 0; (k = lab_next(w->s->lab, &i));)
		if (k != w->own && k->now.type == w->sock.type && k->now.state != STATE_LISTEN &&
		    fits_end(&k->now.local, end) && !k->accepted &&
		    (!found || (at_ns && k->created_ns <= at_ns)))
			found = k;
	return found;
}

static void end_text(const struct endpoint *e, char *out, size_t size)
{
	out[0] = '\0';
	if (named(e) && !(e->has_port && !e->port && endpoint_is_any(e)))
		endpoint_format(e, out, size);
}

/* One of the built-in echo peers, whose own sockets are forgotten once they are closed. */
static bool is_echo(const struct session *s, const struct endpoint *end)
{
	struct endpoint echo;

	for (int i = 0; i < ECHO_COUNT; i++)
		if (s->lab && lab_echo_address(s->lab, (enum echo_kind)i, &echo) &&
		    same_end(&echo, end))
			return true;
	return false;
}

static unsigned add_party(struct work *w, const char *name, const struct endpoint *end)
{
	char where[ENDPOINT_TEXT], tag[24];
	unsigned made;

	end_text(end, where, sizeof where);
	if (!name[0] && is_echo(w->s, end))
		name = "echo";
	if (w->wish->stable)
		where[0] = '\0';
	snprintf(tag, sizeof tag, "%s", name);
	if (!name[0] && end->has_port)
		snprintf(tag, sizeof tag, ":%u", end->port);
	if (!name[0] && !where[0])
		name = "peer";
	made = ladder_party(w->ladder, name, where, tag);
	if (made != LADDER_NONE)
		w->peers[made] = (struct peer){ .end = *end, .flow = FLOW_NONE };
	return made;
}

/* A party for the peer at `end`; the own socket there, if any, becomes a member. */
static unsigned party_at(struct work *w, const struct endpoint *end, uint32_t flow, uint64_t at_ns)
{
	const struct lab_sock *k;
	unsigned made;

	for (unsigned i = 1; i < w->ladder->party_count; i++)
		if (same_end(&w->peers[i].end, end) &&
		    (w->peers[i].flow == flow || w->peers[i].flow == FLOW_NONE || flow == FLOW_NONE)) {
			if (w->peers[i].flow == FLOW_NONE)
				w->peers[i].flow = flow;
			return i;
		}
	k = own_at(w, end, at_ns);
	made = add_party(w, !k ? "" : k->peer ? "echo" : k->name, end);
	if (made == LADDER_NONE)
		return made;
	w->peers[made].flow = flow;
	if (k && !k->peer)
		join(w, k->id, made, false);
	return made;
}

static void join_listener(struct work *w, const struct lab_sock *accepted, unsigned party)
{
	if (accepted->listener)
		join(w, accepted->listener, party, true);
}

/* Whose socket is at the other end of a socket that is not ours; "" where it is not known. */
static const char *peer_process(const struct session *s, uint64_t key)
{
	const struct row *row = session_row(s, key);
	const struct snapshot *snap = s->host ? host_snapshot(s->host) : NULL;
	const struct record *peer = row && snap && row->view.record ? record_peer(snap, row->view.record) : NULL;
	size_t count = 0;
	const struct owner *owners = peer ? record_owners(snap, peer, &count) : NULL;

	return count ? owners[0].process : "";
}

/* The one peer of a connected socket. */
static void add_peer(struct work *w)
{
	const struct lab_sock *k = w->own ? other_end(w->s, w->own) : NULL;
	const struct endpoint *end = k && !named(&w->sock.remote) ? &k->now.local : &w->sock.remote;
	unsigned party;

	if (!k && !named(end) && w->sock.state != STATE_CONNECTED)
		return;
	if (!k && !named(end) && w->sock.family != AF_UNIX)
		return;
	party = add_party(w, !k ? (w->own ? "" : peer_process(w->s, w->key))
			     : k->peer ? "echo" : k->name, end);
	if (!k || k->peer)
		return;
	join(w, k->id, party, false);
	join_listener(w, k, party);
}

/* A listener's accepted sockets stand with it; who is at their other end is a peer. */
static void add_accepted(struct work *w)
{
	const struct lab_sock *k, *client;

	for (size_t i = 0; (k = lab_next(w->s->lab, &i));) {
		if (k->listener != w->own->id)
			continue;
		join(w, k->id, 0, false);
		client = other_end(w->s, k);
		if (client && !client->peer)
			join(w, client->id,
			     add_party(w, client->name,
				       named(&k->now.remote) ? &k->now.remote : &client->now.local),
			     false);
		else if (named(&k->now.remote))
			party_at(w, &k->now.remote, FLOW_NONE, k->created_ns);
	}
	for (size_t i = 0; (k = lab_next(w->s->lab, &i));)
		if (!k->peer && k != w->own && k->now.type == w->sock.type &&
		    k->last_peer.family != AF_UNSPEC && fits_end(&w->sock.local, &k->last_peer) &&
		    !member_of(w, k->id) && lived_together(k, w->own))
			join(w, k->id, add_party(w, k->name, &k->now.local), false);
}

/* --- texts that are the same in every run --- */

static void replace(struct buf *text, const char *from, const char *to)
{
	size_t len = strlen(from), at = 0;
	const char *found;

	while (len && (found = strstr(buf_text(text) + at, from))) {
		at = (size_t)(found - buf_text(text));
		if (strspn(found + len, "0123456789")) {
			at += len;
			continue;
		}
		buf_cut(text, at, len);
		buf_insert(text, at, to, strlen(to));
		at += strlen(to);
	}
}

static void hide_ports(const struct session *s, struct buf *text)
{
	const struct lab_sock *k;
	char from[ENDPOINT_TEXT], to[LAB_NAME + 8];

	for (size_t i = 0; (k = lab_next(s->lab, &i));) {
		const char *name = k->peer ? "echo" : k->listener ? "" : k->name;

		if (!name[0] || !named(&k->now.local))
			continue;
		if (k->now.family == AF_UNIX) {
			endpoint_format(&k->now.local, from, sizeof from);
			snprintf(to, sizeof to, "unix:%s", name);
		} else {
			if (k->now.local.port < 1024)
				continue;
			snprintf(from, sizeof from, ":%u", k->now.local.port);
			snprintf(to, sizeof to, ":%s", name);
		}
		replace(text, from, to);
	}
}

/* --- calls --- */

static bool several(const struct work *w, unsigned party)
{
	unsigned count = 0;

	for (size_t i = 0; i < w->member_count; i++)
		count += w->members[i].party == party;
	return count > 1;
}

static bool makes_descriptor(const struct call *c)
{
	return c->made && c->status == CALL_OK;
}

static void call_texts(const struct work *w, const struct call *c, const struct member *m,
		       struct buf *call, struct buf *function, struct buf *result)
{
	buf_clear(call);
	buf_clear(function);
	buf_clear(result);
	if (several(w, m->party) && c->name[0])
		buf_printf(function, "%s.", c->name);
	buf_puts(function, c->function);
	buf_printf(call, "%s(", buf_text(function));
	text_clean(call, c->args, strlen(c->args));
	buf_putc(call, ')');
	call_format_result(c, result);
	if (!w->wish->stable)
		return;
	hide_ports(w->s, call);
	hide_ports(w->s, result);
	if (makes_descriptor(c)) {
		size_t digits = strspn(buf_text(result) + 2, "0123456789");

		buf_cut(result, 2, digits);
		buf_insert(result, 2, "fd", 2);
	}
}

static struct member *teller(struct work *w, const struct call *c)
{
	struct member *m = member_of(w, c->sock), *made = c->made ? member_of(w, c->made) : NULL;

	if (!m)
		return made;
	if (m->listener && !strcmp(c->verb, "accept") && !made)
		return NULL;
	return m;
}

/* The party at the other end of a call that moved bytes. */
static unsigned other_party(struct work *w, const struct call *c, const struct member *m)
{
	const struct endpoint *end = named(&c->peer) ? &c->peer : &c->remote;
	struct member *k;

	if (m->party)
		return same_end(end, &w->sock.local) || !named(end) ||
				       fits_end(&w->sock.local, end)
			       ? 0
			       : LADDER_NONE;
	if (named(end) && !(w->sock.type != SOCK_DGRAM && w->ladder->party_count == 2))
		return party_at(w, end, FLOW_NONE, c->start_ns);
	if (w->ladder->party_count <= 2)
		return w->ladder->party_count == 2 ? 1 : add_party(w, "", end);
	for (size_t i = 0; i < w->member_count; i++) { /* UNIX: who is connected with this one */
		const struct lab_sock *a = lab_find(w->s->lab, c->sock),
				      *b = lab_find(w->s->lab, w->members[i].id);

		k = &w->members[i];
		if (a && b && k->party && is_other_end(b, a))
			return k->party;
	}
	return LADDER_NONE;
}

static bool is_ours(const struct work *w, unsigned party)
{
	for (size_t i = 0; i < w->member_count; i++)
		if (w->members[i].party == party && !w->members[i].listener)
			return true;
	return false;
}

static void add_moved(struct work *w, const struct call *c, const struct member *m)
{
	unsigned other;

	if (w->wire || c->status == CALL_RUNNING || c->result < 0 || m->listener ||
	    (!c->moved && !c->data) || !strcmp(c->verb, "getsockopt"))
		return;
	if (c->received && !c->moved && w->sock.type != SOCK_DGRAM)
		return; /* the end of the stream */
	other = other_party(w, c, m);
	if (other == LADDER_NONE)
		return;
	if (!c->received)
		ladder_data(w->ladder, m->party, other, c->start_ns, c->number, c->data, c->moved,
			    c->data_len);
	else if (!is_ours(w, other))
		ladder_data(w->ladder, other, m->party, c->start_ns, c->number, c->data, c->moved,
			    c->data_len);
}

static void add_calls(struct work *w)
{
	const struct journal *j = w->s->lab ? lab_journal(w->s->lab) : NULL;
	struct buf call = { 0 }, function = { 0 }, result = { 0 };
	uint64_t from = j && j->count ? journal_oldest(j) : 0;

	if (j && j->count > CALLS_MOST)
		from = j->next - CALLS_MOST;
	for (uint64_t n = from; j && j->count && n < j->next; n++) {
		const struct call *c = journal_find(j, n);
		const struct member *m = c ? teller(w, c) : NULL;
		struct ladder_call told;

		if (!m)
			continue;
		call_texts(w, c, m, &call, &function, &result);
		told = (struct ladder_call){
			.number = c->number,
			.start_ns = c->start_ns,
			.end_ns = c->status == CALL_RUNNING ? 0 : c->end_ns,
			.duration_ns = c->duration_ns,
			.function = buf_text(&function),
			.call = buf_text(&call),
			.result = buf_text(&result),
			.failed = c->status == CALL_ERROR || c->status == CALL_TIMEOUT,
		};
		ladder_call(w->ladder, m->party, &told);
		add_moved(w, c, m);
		if (c->before != c->after && c->after != STATE_NONE) {
			const struct lab_sock *k = lab_find(w->s->lab, c->sock ? c->sock : c->made);

			if (k && !sock_is_tcp(&k->now))
				ladder_state(w->ladder, m->party, c->start_ns, c->after);
		}
	}
	buf_done(&call);
	buf_done(&function);
	buf_done(&result);
}

/* --- states --- */

static void add_history(struct work *w, unsigned party, const struct history *h)
{
	for (unsigned i = 0; i < h->step_count; i++)
		if (h->steps[i].state != STATE_NONE)
			ladder_state(w->ladder, party, h->steps[i].at_ns, h->steps[i].state);
}

static void add_states(struct work *w)
{
	for (size_t i = 0; i < w->member_count; i++) {
		const struct lab_sock *k = lab_find(w->s->lab, w->members[i].id);

		if (k && sock_is_tcp(&k->now))
			add_history(w, w->members[i].party, &k->history);
	}
	for (unsigned i = 0; i < w->ladder->party_count; i++)
		if (w->peers[i].inferred) {
			struct history *h = w->peers[i].inferred;

			if (h->steps[0].state == STATE_CLOSED) /* the SYN says what came of it */
				h->steps[0].state = STATE_NONE;
			add_history(w, i, h);
			free(w->peers[i].inferred);
		}
}

/* What a packet proves of an end that is not ours. It begins with a SYN, or there is no telling. */
static void infer(struct work *w, unsigned party, const struct packet *p, enum direction way)
{
	struct peer *peer = &w->peers[party];
	uint16_t syn = p->tcp_flags & (TCP_FLAG_SYN | TCP_FLAG_ACK);

	if (w->wish->stable || p->ip_proto != IPPROTO_TCP || is_ours(w, party))
		return;
	if (!peer->inferred) {
		if (syn != TCP_FLAG_SYN)
			return;
		peer->inferred = mem_alloc(sizeof *peer->inferred);
		if (way == DIRECTION_IN) {
			history_init(peer->inferred, STATE_SYN_RECEIVED, p->at_ns, "");
		} else {
			history_init(peer->inferred, STATE_CLOSED, p->at_ns, "");
			history_prove(peer->inferred, p->at_ns, CAUSE_CALL, PROOF_CONNECT, "");
		}
	}
	session_prove(w->s, peer->inferred, p, way);
}

/* --- packets --- */

static unsigned packet_party(struct work *w, const struct packet *p, enum direction way)
{
	struct endpoint end;

	if (w->sock.remote.family != AF_UNSPEC && w->sock.type != SOCK_RAW &&
	    w->ladder->party_count == 2)
		return 1;
	if (way == DIRECTION_OUT)
		packet_destination(p, &end);
	else
		packet_source(p, &end);
	return party_at(w, &end, w->sock.type == SOCK_STREAM ? p->flow : FLOW_NONE, p->at_ns);
}

/* The heaviest finding; a reset tells of itself by its flags. */
static const char *mark_of(const struct packet *p, bool *bad)
{
	const struct finding_row *found = NULL;

	for (int i = 0; i < FINDING_COUNT; i++)
		if (p->analysis & 1u << i && i != FINDING_RST &&
		    (!found || findings[i].weight > found->weight))
			found = &findings[i];
	*bad = found && found->weight == WEIGHT_WARN;
	return found ? found->words : NULL;
}

static void add_packets(struct work *w, const struct trail *t)
{
	size_t from = t->count > PACKETS_MOST ? t->count - PACKETS_MOST : 0;

	w->ladder->refused += t->lost + from;
	for (size_t i = from; i < t->count; i++) {
		const uint8_t *bytes;
		const struct packet *p = session_packet(w->s, t->numbers[i], &bytes);
		enum direction way;
		struct packet_base base;
		unsigned peer;
		const char *mark;
		bool bad;

		if (!p) {
			w->ladder->refused++;
			continue;
		}
		way = trail_direction(&w->sock, p);
		peer = packet_party(w, p, way);
		if (peer == LADDER_NONE)
			continue;
		session_base(w->s, p, &base);
		base.wscale = w->wish->stable && p->tcp_window ? LADDER_NO_WINDOW : base.wscale;
		mark = mark_of(p, &bad);
		if (way == DIRECTION_OUT)
			ladder_packet(w->ladder, 0, peer, p, &base, bytes, mark, bad);
		else
			ladder_packet(w->ladder, peer, 0, p, &base, bytes, mark, bad);
		if (w->sock.state != STATE_LISTEN)
			infer(w, 0, p, way);
		infer(w, peer, p, way == DIRECTION_OUT ? DIRECTION_IN : DIRECTION_OUT);
	}
}

/* --- together --- */

static bool find_left(struct work *w)
{
	const struct row *row;

	w->own = w->key <= UINT32_MAX && w->s->lab ? lab_find(w->s->lab, (uint32_t)w->key) : NULL;
	row = w->own ? NULL : session_row(w->s, w->key);
	if (!w->own && !row)
		return false;
	w->sock = w->own ? w->own->now : *row->sock;
	add_party(w, w->own ? w->own->name : row->name, &w->sock.local);
	if (!w->own)
		return true;
	join(w, w->own->id, 0, false);
	join_listener(w, w->own, 0);
	return true;
}

void ladder_of(const struct session *s, uint64_t key, struct ladder_wish *wish, struct ladder *out)
{
	static const struct ladder_wish none = { 0 };
	struct work *w = mem_alloc(sizeof *w);
	const struct trail *t = session_trail(s, key);

	ladder_clear(out);
	*w = (struct work){ .s = s, .ladder = out, .wish = wish ? wish : &none, .key = key };
	if (find_left(w)) {
		w->wire = t && t->count && w->sock.family != AF_UNIX;
		if (w->sock.state == STATE_LISTEN || (w->own && w->own->accepted))
			add_accepted(w);
		else
			add_peer(w);
		if (t)
			add_packets(w, t);
		add_calls(w);
		add_states(w);
	}
	if (wish)
		for (size_t i = wish->shown_count = 0;
		     i < w->member_count && wish->shown_count < wish->shown_most; i++)
			wish->shown[wish->shown_count++] = w->members[i].id;
	free(w);
}

uint64_t ladder_of_changes(const struct session *s, uint64_t key)
{
	const struct trail *t = session_trail(s, key);
	const struct lab_sock *k;
	uint64_t seen = hash_mix(key + 1);

	if (t)
		seen = hash_mix(seen + t->changes);
	if (!s->lab)
		return seen;
	seen = hash_mix(seen + lab_journal(s->lab)->changes);
	for (size_t i = 0; (k = lab_next(s->lab, &i));)
		seen = hash_mix(seen + k->id + k->history.count + 1000u * k->history.step_count);
	return seen;
}

/* A listener with one client is part of the client's ladder. */
static uint32_t only_client(const struct session *s, const struct lab_sock *listener)
{
	const struct lab_sock *k, *accepted = NULL, *client;
	unsigned count = 0;

	for (size_t i = 0; (k = lab_next(s->lab, &i));)
		if (k->listener == listener->id) {
			accepted = k;
			count++;
		}
	client = count == 1 ? other_end(s, accepted) : NULL;
	return client ? client->id : 0;
}

static bool among(const uint32_t *ids, size_t count, uint32_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

void ladder_of_all(const struct session *s, bool stable, int width, struct buf *out)
{
	uint32_t done[MEMBERS], shown[MEMBERS];
	struct ladder ladder = { 0 };
	const struct lab_sock *k;
	size_t count = 0;

	for (size_t i = 0; (k = lab_next(s->lab, &i));) {
		struct ladder_wish wish = { stable, shown, MEMBERS, 0 };
		uint32_t client = k->accepted ? only_client(s, k) : 0;

		if (k->peer || among(done, count, k->id))
			continue;
		ladder_of(s, client ? client : k->id, &wish, &ladder);
		ladder_settle(&ladder, NULL, !stable);
		if (count)
			buf_putc(out, '\n');
		ladder_text(&ladder, width, s->settings.ascii, !stable, out);
		for (size_t n = 0; n < wish.shown_count && count < MEMBERS; n++)
			done[count++] = shown[n];
	}
	ladder_done(&ladder);
}
