#include "analysis/ladder.h"

#include "util/mem.h"
#include "util/text.h"

#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TEXT_MOST = 8 << 20,
	TWICE = 16, /* so many packets back the other sight of one is looked for */
};

#define TWICE_NS UINT64_C(5000000) /* and so far */

void ladder_clear(struct ladder *l)
{
	l->party_count = l->lanes = 0;
	l->count = l->row_count = 0;
	l->used = 0;
	l->refused = 0;
	l->begin_ns = 0;
}

void ladder_done(struct ladder *l)
{
	free(l->parties);
	free(l->events);
	free(l->rows);
	free(l->text);
	*l = (struct ladder){ 0 };
}

/* --- filling --- */

static size_t keep_text(struct ladder *l, const char *text)
{
	size_t len = text ? strlen(text) + 1 : 1, at;

	if (!l->used) {
		if (!l->text_capacity)
			l->text = mem_grow(NULL, l->text_capacity = 4096, 1);
		l->text[l->used++] = '\0';
	}
	if (len == 1 || l->used + len > TEXT_MOST)
		return 0;
	while (l->used + len > l->text_capacity)
		l->text = mem_grow(l->text, l->text_capacity *= 2, 1);
	at = l->used;
	memcpy(l->text + at, text, len);
	l->used += len;
	return at;
}

unsigned ladder_party(struct ladder *l, const char *name, const char *where, const char *tag)
{
	struct ladder_party *p;

	if (l->party_count == LADDER_PARTIES)
		return LADDER_NONE;
	if (!l->parties)
		l->parties = mem_array(LADDER_PARTIES, sizeof *l->parties);
	p = &l->parties[l->party_count];
	*p = (struct ladder_party){ .first = LADDER_NONE, .last = LADDER_NONE };
	text_clean_to(p->name, sizeof p->name, name, strlen(name));
	text_clean_to(p->where, sizeof p->where, where, strlen(where));
	text_clean_to(p->tag, sizeof p->tag, tag, strlen(tag));
	return l->party_count++;
}

static struct ladder_event *add(struct ladder *l, enum ladder_kind kind, unsigned party, uint64_t at_ns,
				uint64_t number)
{
	struct ladder_event *e;

	if (party >= l->party_count || l->count >= LADDER_EVENTS) {
		l->refused++;
		return NULL;
	}
	MEM_ROOM(l->events, l->count, l->capacity);
	e = &l->events[l->count];
	*e = (struct ladder_event){
		.at_ns = at_ns, .number = number, .kind = kind, .party = party, .to = party, .order = (uint32_t)l->count
	};
	l->count++;
	return e;
}

void ladder_call(struct ladder *l, unsigned party, const struct ladder_call *c)
{
	struct ladder_event *e = add(l, LADDER_CALL, party, c->start_ns, c->number);

	if (!e)
		return;
	e->call = keep_text(l, c->call);
	e->result = keep_text(l, c->result);
	e->duration_ns = c->duration_ns;
	e->failed = c->failed;
	e->running = !c->end_ns;
	if (e->running)
		return;
	e = add(l, LADDER_RETURN, party, c->end_ns < c->start_ns ? c->start_ns : c->end_ns, c->number);
	if (!e)
		return;
	e->call = keep_text(l, c->function);
	e->result = keep_text(l, c->result);
	e->duration_ns = c->duration_ns;
	e->failed = c->failed;
}

void ladder_state(struct ladder *l, unsigned party, uint64_t at_ns, enum state s)
{
	struct ladder_event *e = add(l, LADDER_STATE, party, at_ns, at_ns);

	if (e)
		e->state = s;
}

static void keep_preview(struct ladder_event *e, const void *bytes, size_t kept)
{
	e->preview_len = (uint8_t)(kept < LADDER_PREVIEW ? kept : LADDER_PREVIEW);
	if (e->preview_len)
		memcpy(e->preview, bytes, e->preview_len);
}

/* Is `b` the arrival of what `a` was the departure of, or the same on another interface? */
static bool same_packet(const struct ladder_event *a, const struct ladder_event *b)
{
	uint64_t apart = a->at_ns < b->at_ns ? b->at_ns - a->at_ns : a->at_ns - b->at_ns;

	return a->kind == LADDER_PACKET && a->party == b->party && a->to == b->to &&
	       ((a->direction == DIRECTION_OUT && b->direction == DIRECTION_IN) ||
		(a->ifindex && b->ifindex && a->ifindex != b->ifindex)) &&
	       apart < TWICE_NS && a->ip_proto == b->ip_proto && a->flags == b->flags && a->seq == b->seq &&
	       a->ack == b->ack && a->window == b->window && a->len == b->len && a->tsval == b->tsval &&
	       a->tsecr == b->tsecr && a->preview_len == b->preview_len &&
	       !memcmp(a->preview, b->preview, a->preview_len);
}

/* The departure loses its direction, so that it stands for one arrival only. */
static bool seen_twice(struct ladder *l, const struct ladder_event *e)
{
	size_t at = l->count - 1;

	for (unsigned looked = 0; at-- > 0 && looked < TWICE; looked++)
		if (same_packet(&l->events[at], e)) {
			l->events[at].direction = DIRECTION_UNKNOWN;
			return true;
		}
	return false;
}

void ladder_packet(struct ladder *l, unsigned from, unsigned to, const struct packet *p, const struct packet_base *base,
		   const uint8_t *bytes, const char *mark, bool bad)
{
	struct ladder_event *e = to < l->party_count ? add(l, LADDER_PACKET, from, p->at_ns, p->number) : NULL;
	struct packet_base none = { .wscale = -1 };
	struct buf info = { 0 };

	if (!e)
		return;
	if (!base)
		base = &none;
	e->to = to;
	e->direction = p->direction;
	e->ifindex = p->ifindex;
	e->ip_proto = p->ip_proto;
	e->len = p->payload_len;
	e->mark = mark;
	e->bad = bad;
	if (packet_is_segment(p)) {
		e->flags = p->tcp_flags;
		e->seq = p->tcp_seq - (base->has_seq ? base->seq : 0);
		if (p->tcp_flags & TCP_FLAG_ACK)
			e->ack = p->tcp_ack - (base->has_ack ? base->ack : 0);
		e->window = p->tcp_window;
		if (!(p->tcp_flags & TCP_FLAG_SYN) && base->wscale > 0 && base->wscale <= 14)
			e->window <<= base->wscale;
		e->windowless = base->wscale == LADDER_NO_WINDOW;
		e->mss = p->tcp_options & TCP_OPT_MSS && !e->windowless ? p->tcp_mss : 0;
		e->tsval = p->tcp_tsval;
		e->tsecr = p->tcp_tsecr;
	} else if (!p->has_ports || p->partial) {
		if (!decode_error_words(p, bytes, &info))
			decode_info(p, bytes, base, &info);
		e = &l->events[l->count - 1];
		e->info = keep_text(l, buf_text(&info));
		buf_done(&info);
	}
	if (bytes && p->has_ports)
		keep_preview(e, bytes + p->payload_off, packet_payload_kept(p));
	if ((e->direction == DIRECTION_IN || e->ifindex) && seen_twice(l, e))
		l->count--;
}

void ladder_data(struct ladder *l, unsigned from, unsigned to, uint64_t at_ns, uint64_t number, const void *bytes,
		 uint64_t len, size_t kept)
{
	struct ladder_event *e = to < l->party_count ? add(l, LADDER_DATA, from, at_ns, number) : NULL;

	if (!e)
		return;
	e->to = to;
	e->len = len < UINT32_MAX ? (uint32_t)len : UINT32_MAX;
	keep_preview(e, bytes, bytes ? kept : 0);
}

/* --- settling --- */

static int by_time(const void *a, const void *b)
{
	static const int ranks[] = {
		[LADDER_CALL] = 0, [LADDER_PACKET] = 1, [LADDER_DATA] = 1, [LADDER_STATE] = 2, [LADDER_RETURN] = 3
	};
	const struct ladder_event *x = a, *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	if (ranks[x->kind] != ranks[y->kind])
		return ranks[x->kind] - ranks[y->kind];
	return x->order < y->order ? -1 : x->order > y->order;
}

static struct ladder_row *add_row(struct ladder *l, enum ladder_row_kind kind, size_t event)
{
	struct ladder_row *r;

	MEM_ROOM(l->rows, l->row_count, l->row_capacity);
	r = &l->rows[l->row_count++];
	*r = (struct ladder_row){ .kind = kind,
				  .event = (uint32_t)event,
				  .state = { LADDER_NONE, LADDER_NONE },
				  .at_ns = l->events[event].at_ns };
	return r;
}

/* A state stands beside what led to it: the row before, of the same moment and the same party. */
static bool attach(struct ladder *l, size_t state)
{
	const struct ladder_event *s = &l->events[state], *e;
	struct ladder_row *r = l->row_count ? &l->rows[l->row_count - 1] : NULL;
	unsigned side = s->party ? 1 : 0;

	if (!r)
		return false;
	e = &l->events[r->event];
	if (e->at_ns != s->at_ns || (e->party != s->party && e->to != s->party) || r->state[side] != LADDER_NONE ||
	    e->kind == LADDER_STATE)
		return false;
	r->state[side] = (uint32_t)state;
	return true;
}

/* The return of a call between whose begin and end nothing happened is told in the call's row. */
static bool returns_at_once(struct ladder *l, size_t at)
{
	const struct ladder_event *e = &l->events[at];
	struct ladder_event *call = l->row_count ? &l->events[l->rows[l->row_count - 1].event] : NULL;

	if (call && call->kind == LADDER_CALL && call->number == e->number) {
		call->alone = false;
		return true;
	}
	return false;
}

static void make_rows(struct ladder *l)
{
	l->row_count = 0;
	for (size_t i = 0; i < l->count; i++) {
		struct ladder_event *e = &l->events[i];

		if (e->kind == LADDER_STATE && attach(l, i))
			continue;
		if (e->kind == LADDER_RETURN && returns_at_once(l, i))
			continue;
		e->alone = e->kind == LADDER_CALL && !e->running;
		add_row(l, LADDER_ROW_EVENT, i);
	}
}

/* --- matching --- */

static bool contains(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (; *text; text++) {
		size_t i = 0;

		while (i < len && text[i] && tolower((unsigned char)text[i]) == tolower((unsigned char)word[i]))
			i++;
		if (i == len)
			return true;
	}
	return !len;
}

static bool row_matches(const struct ladder *l, const struct ladder_row *r, const char *match, struct buf *words)
{
	const struct ladder_words all = { .width = 1000, .times = true };
	const struct ladder_event *e = &l->events[r->event];

	buf_clear(words);
	ladder_say(l, e, &all, words);
	buf_printf(words, " %s", l->parties[e->party].name);
	if (e->to != e->party)
		buf_printf(words, " %s", l->parties[e->to].name);
	for (int i = 0; i < 2; i++)
		if (r->state[i] != LADDER_NONE)
			buf_printf(words, " %s", state_name(l->events[r->state[i]].state));
	return contains(buf_text(words), match);
}

static void drop_unlike(struct ladder *l, const char *match)
{
	struct buf words = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < l->row_count; i++)
		if (row_matches(l, &l->rows[i], match, &words))
			l->rows[kept++] = l->rows[i];
	l->row_count = kept;
	buf_done(&words);
}

/* --- lanes, breaks --- */

static void note_row(struct ladder_party *p, size_t row)
{
	if (p->first == LADDER_NONE)
		p->first = (uint32_t)row;
	p->last = (uint32_t)row;
}

static void find_spans(struct ladder *l)
{
	for (unsigned i = 0; i < l->party_count; i++)
		l->parties[i].first = l->parties[i].last = LADDER_NONE;
	for (size_t i = 0; i < l->row_count; i++) {
		const struct ladder_row *r = &l->rows[i];
		const struct ladder_event *e = &l->events[r->event];

		if (r->kind == LADDER_ROW_BREAK)
			continue;
		note_row(&l->parties[r->kind == LADDER_ROW_PARTY ? r->party : e->party], i);
		if (r->kind == LADDER_ROW_EVENT)
			note_row(&l->parties[e->to], i);
	}
}

/* The first lane that is free from the party's first row on; the last one where none is. */
static void give_lanes(struct ladder *l)
{
	uint32_t until[LADDER_LANES]; /* each lane's last row so far */
	unsigned order[LADDER_PARTIES] = { 0 }, n = 0;

	l->lanes = l->party_count ? 1 : 0;
	if (l->party_count)
		l->parties[0].lane = 0;
	for (unsigned i = 1; i < l->party_count; i++) {
		unsigned at = n++;

		for (; at && l->parties[order[at - 1]].first > l->parties[i].first; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	for (unsigned i = 0; i < n; i++) {
		struct ladder_party *p = &l->parties[order[i]];
		unsigned lane = 1;

		if (p->first == LADDER_NONE && l->lanes > 1) { /* nothing to draw */
			p->lane = 1;
			continue;
		}
		while (lane < l->lanes && until[lane] >= p->first && lane < LADDER_LANES - 1)
			lane++;
		if (lane == l->lanes)
			l->lanes++;
		p->lane = lane;
		until[lane] = p->last == LADDER_NONE ? 0 : p->last;
	}
}

/* Insert break rows, and rows where one of many parties begins. */
static void spread(struct ladder *l, bool breaks)
{
	struct ladder_row *old = l->rows;
	size_t count = l->row_count;
	bool many = l->party_count > 2;

	l->rows = NULL;
	l->row_count = l->row_capacity = 0;
	for (size_t i = 0; i < count; i++) {
		const struct ladder_event *e = &l->events[old[i].event];
		uint64_t gap = i ? old[i].at_ns - old[i - 1].at_ns : 0;
		unsigned sides[2] = { e->party, e->to };

		if (breaks && gap >= LADDER_BREAK_NS) {
			add_row(l, LADDER_ROW_BREAK, old[i].event)->gap_ns = gap;
			gap = 0;
		}
		for (int s = 0; many && s < 2; s++)
			if (sides[s] && l->parties[sides[s]].first == i && !(s && sides[1] == sides[0]))
				add_row(l, LADDER_ROW_PARTY, old[i].event)->party = sides[s];
		old[i].gap_ns = gap;
		MEM_ROOM(l->rows, l->row_count, l->row_capacity);
		l->rows[l->row_count++] = old[i];
	}
	free(old);
}

static uint32_t lane_bit(const struct ladder *l, unsigned party)
{
	return UINT32_C(1) << l->parties[party].lane;
}

static void find_busy(struct ladder *l)
{
	uint16_t open[LADDER_LANES] = { 0 };
	uint32_t busy = 0;

	for (size_t i = 0; i < l->row_count; i++) {
		struct ladder_row *r = &l->rows[i];
		const struct ladder_event *e = &l->events[r->event];
		unsigned lane = l->parties[e->party].lane;

		r->busy = busy;
		if (r->kind != LADDER_ROW_EVENT)
			continue;
		if (e->kind == LADDER_CALL && (e->alone || e->running) && open[lane] < UINT16_MAX)
			open[lane]++;
		r->busy |= open[lane] ? UINT32_C(1) << lane : 0;
		if (e->kind == LADDER_RETURN && open[lane])
			open[lane]--;
		busy = open[lane] ? busy | UINT32_C(1) << lane : busy & ~(UINT32_C(1) << lane);
	}
}

static void find_alive(struct ladder *l)
{
	find_spans(l);
	for (size_t i = 0; i < l->row_count; i++)
		l->rows[i].alive = l->party_count > 2 ? 1 : 3;
	for (unsigned k = 1; l->party_count > 2 && k < l->party_count; k++)
		for (uint32_t i = l->parties[k].first; i != LADDER_NONE && i <= l->parties[k].last; i++)
			l->rows[i].alive |= lane_bit(l, k);
}

void ladder_settle(struct ladder *l, const char *match, bool breaks)
{
	if (l->count)
		qsort(l->events, l->count, sizeof *l->events, by_time);
	make_rows(l);
	if (match && match[0])
		drop_unlike(l, match);
	find_spans(l);
	give_lanes(l);
	spread(l, breaks);
	find_busy(l);
	find_alive(l);
	l->begin_ns = l->row_count ? l->rows[0].at_ns : 0;
}

uint32_t ladder_find(const struct ladder *l, enum ladder_kind kind, uint64_t number, unsigned party)
{
	for (size_t i = l->row_count; i-- > 0;) {
		const struct ladder_event *e = &l->events[l->rows[i].event];

		if (l->rows[i].kind == LADDER_ROW_EVENT && e->kind == kind && e->number == number && e->party == party)
			return (uint32_t)i;
	}
	return LADDER_NONE;
}
