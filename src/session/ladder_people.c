/* Who stands on a ladder: parties, and the own sockets that belong to each. */
#include "ladder_work.h"

#include "session/host.h"

#include <stdio.h>

struct member *member_of(struct work *w, uint32_t id)
{
	for (size_t i = 0; i < w->member_count; i++)
		if (w->members[i].id == id)
			return &w->members[i];
	return NULL;
}

void join(struct work *w, uint32_t id, unsigned party, bool listener)
{
	if (id && party != LADDER_NONE && w->member_count < LADDER_MEMBERS && !member_of(w, id))
		w->members[w->member_count++] = (struct member){ id, party, listener };
}

bool same_end(const struct endpoint *a, const struct endpoint *b)
{
	struct endpoint x = *a, y = *b;

	endpoint_unmap(&x);
	endpoint_unmap(&y);
	x.scope_id = y.scope_id = 0;
	return x.family != AF_UNSPEC && endpoint_same(&x, &y);
}

/* The same, where `bound` may be bound to every address. */
bool fits_end(const struct endpoint *bound, const struct endpoint *e)
{
	if (endpoint_is_any(bound))
		return e->family != AF_UNSPEC && bound->port == e->port;
	return same_end(bound, e);
}

static bool lived_together(const struct lab_sock *a, const struct lab_sock *b)
{
	return (!a->closed_ns || b->created_ns <= a->closed_ns) && (!b->closed_ns || a->created_ns <= b->closed_ns);
}

bool named(const struct endpoint *e)
{
	return e->family == AF_UNIX ? e->path_len > 0 : e->family != AF_UNSPEC;
}

/* Is `k` the other end of `of`'s connection? */
bool is_other_end(const struct lab_sock *k, const struct lab_sock *of)
{
	if (k == of || k->now.type != of->now.type || k->now.state == STATE_LISTEN)
		return false;
	if (k->now.family == AF_UNIX && of->now.family == AF_UNIX) {
		if (k->now.inode && of->now.inode &&
		    (k->now.peer_inode == of->now.inode || of->now.peer_inode == k->now.inode))
			return true;
		return of->now.type == SOCK_DGRAM && named(&of->now.remote) && same_end(&k->now.local, &of->now.remote);
	}
	return same_end(&k->now.local, &of->now.remote) &&
	       (same_end(&k->now.remote, &of->now.local) || k->now.remote.family == AF_UNSPEC) && lived_together(k, of);
}

const struct lab_sock *other_end(const struct session *s, const struct lab_sock *of)
{
	const struct lab_sock *k, *found = NULL;

	for (size_t i = 0; (k = lab_next(s->lab, &i));)
		if (is_other_end(k, of))
			found = k;
	return found;
}

/* The own socket at `end` that spoke with the left party. */
static const struct lab_sock *own_at(const struct work *w, const struct endpoint *end, uint64_t at_ns)
{
	const struct lab_sock *k, *found = NULL;

	if (!named(end))
		return NULL;
	for (size_t i = 0; (k = lab_next(w->s->lab, &i));)
		if (k != w->own && k->now.type == w->sock.type && k->now.state != STATE_LISTEN &&
		    fits_end(&k->now.local, end) && !k->accepted && (!found || (at_ns && k->created_ns <= at_ns)))
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
		if (s->lab && lab_echo_address(s->lab, (enum echo_kind)i, &echo) && same_end(&echo, end))
			return true;
	return false;
}

unsigned add_party(struct work *w, const char *name, const struct endpoint *end)
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
unsigned party_at(struct work *w, const struct endpoint *end, uint32_t flow, uint64_t at_ns)
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

void join_listener(struct work *w, const struct lab_sock *accepted, unsigned party)
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
void add_peer(struct work *w)
{
	const struct lab_sock *k = w->own ? other_end(w->s, w->own) : NULL;
	const struct endpoint *end = k && !named(&w->sock.remote) ? &k->now.local : &w->sock.remote;
	unsigned party;

	if (!k && !named(end) && w->sock.state != STATE_CONNECTED)
		return;
	if (!k && !named(end) && w->sock.family != AF_UNIX)
		return;
	party = add_party(w, !k ? (w->own ? "" : peer_process(w->s, w->key)) : k->peer ? "echo" : k->name, end);
	if (!k || k->peer)
		return;
	join(w, k->id, party, false);
	join_listener(w, k, party);
}

/* Its accepted sockets stand with a listener of ours; who is at their other end is a peer. */
static void add_own_accepted(struct work *w)
{
	const struct lab_sock *k, *client;

	for (size_t i = 0; (k = lab_next(w->s->lab, &i));) {
		if (k->listener != w->own->id)
			continue;
		join(w, k->id, 0, false);
		client = other_end(w->s, k);
		if (client && !client->peer)
			join(w, client->id,
			     add_party(w, client->name, named(&k->now.remote) ? &k->now.remote : &client->now.local),
			     false);
		else if (named(&k->now.remote))
			party_at(w, &k->now.remote, FLOW_NONE, k->created_ns);
	}
}

/* A listener, ours or another program's (w->own is NULL then): own sockets that called it are peers. */
void add_accepted(struct work *w)
{
	const struct lab_sock *k;

	if (w->own)
		add_own_accepted(w);
	for (size_t i = 0; (k = lab_next(w->s->lab, &i));)
		if (!k->peer && k != w->own && k->now.type == w->sock.type && k->last_peer.family != AF_UNSPEC &&
		    fits_end(&w->sock.local, &k->last_peer) && !member_of(w, k->id) &&
		    (!w->own || lived_together(k, w->own)))
			join(w, k->id, add_party(w, k->name, &k->now.local), false);
}

bool is_ours(const struct work *w, unsigned party)
{
	for (size_t i = 0; i < w->member_count; i++)
		if (w->members[i].party == party && !w->members[i].listener)
			return true;
	return false;
}
