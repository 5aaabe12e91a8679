#include "ladder_work.h"

#include "analysis/ladder_line.h"
#include "util/hash.h"
#include "util/mem.h"

#include <stdlib.h>

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
		for (size_t i = wish->shown_count = 0; i < w->member_count && wish->shown_count < wish->shown_most; i++)
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
	uint32_t done[LADDER_MEMBERS], shown[LADDER_MEMBERS] = { 0 };
	struct ladder ladder = { 0 };
	const struct lab_sock *k;
	size_t count = 0;

	for (size_t i = 0; (k = lab_next(s->lab, &i));) {
		struct ladder_wish wish = { stable, shown, LADDER_MEMBERS, 0 };
		uint32_t client = k->accepted ? only_client(s, k) : 0;

		if (k->peer || among(done, count, k->id))
			continue;
		ladder_of(s, client ? client : k->id, &wish, &ladder);
		ladder_settle(&ladder, NULL, !stable);
		if (count)
			buf_putc(out, '\n');
		ladder_text(&ladder, width, s->settings.ascii, !stable, out);
		for (size_t n = 0; n < wish.shown_count && count < LADDER_MEMBERS; n++)
			done[count++] = shown[n];
	}
	ladder_done(&ladder);
}
