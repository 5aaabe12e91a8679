#include "analysis/stream.h"

#include "inside.h"

#include "util/mem.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

struct stream_piece {
	uint32_t seq, len, kept; /* bytes on the wire, and those that were captured */
	uint64_t number, at_ns;
	uint8_t *bytes;
};

void stream_init(struct stream *s, stream_take *take, void *arg, struct stream_pool *pool)
{
	*s = (struct stream){ .take = take, .arg = arg, .pool = pool };
}

/* --- what waits --- */

static void drop_piece(struct stream *s, struct stream_side *side, size_t i)
{
	side->waits -= side->pieces[i].kept;
	if (s->pool)
		s->pool->used -= side->pieces[i].kept;
	free(side->pieces[i].bytes);
	side->count--;
	memmove(side->pieces + i, side->pieces + i + 1, (side->count - i) * sizeof *side->pieces);
}

void stream_done(struct stream *s)
{
	for (unsigned i = 0; i < 2; i++) {
		struct stream_side *side = &s->side[i];

		while (side->count)
			drop_piece(s, side, side->count - 1);
		free(side->pieces);
		free(side->recent);
	}
	*s = (struct stream){ 0 };
}

static bool has_room(const struct stream *s, const struct stream_side *side, uint32_t len)
{
	return side->count < STREAM_PIECES && side->waits + len <= STREAM_WAITS &&
	       (!s->pool || s->pool->used + len <= s->pool->limit);
}

/* Behind those that begin at the same number or before. */
static void keep_piece(struct stream *s, struct stream_side *side, const struct stream_piece *p)
{
	size_t at = side->count;
	struct stream_piece *to;

	while (at && seq_after(side->pieces[at - 1].seq, p->seq))
		at--;
	if (at) { /* the same again, while it waits */
		const struct stream_piece *b = &side->pieces[at - 1];

		if (b->seq == p->seq && b->len == p->len && b->kept >= p->kept &&
		    !memcmp(b->bytes, p->bytes, p->kept)) {
			side->repeated += p->len;
			return;
		}
	}
	MEM_ROOM(side->pieces, side->count, side->capacity);
	to = &side->pieces[at];
	memmove(to + 1, to, (side->count - at) * sizeof *to);
	side->count++;
	*to = *p;
	to->bytes = mem_array(p->kept ? p->kept : 1, 1);
	memcpy(to->bytes, p->bytes, p->kept);
	side->waits += p->kept;
	if (s->pool)
		s->pool->used += p->kept;
}

/* --- what is given out --- */

static void remember(struct stream_side *side, const uint8_t *bytes, uint32_t len)
{
	uint64_t end = side->offset + len;

	if (!side->recent) {
		side->recent = mem_array(STREAM_RECENT, 1);
		side->recent_from = side->offset;
	}
	for (uint32_t i = len > STREAM_RECENT ? len - STREAM_RECENT : 0; i < len;) {
		uint32_t at = (uint32_t)((side->offset + i) % STREAM_RECENT), n = len - i;

		if (n > STREAM_RECENT - at)
			n = STREAM_RECENT - at;
		memcpy(side->recent + at, bytes + i, n);
		i += n;
	}
	if (end - side->recent_from > STREAM_RECENT)
		side->recent_from = end - STREAM_RECENT;
}

static void give_gap(struct stream *s, struct stream_side *side, uint32_t len, const struct stream_piece *behind)
{
	const struct stream_chunk c = { .side = side != s->side,
					.gap = true,
					.offset = side->offset,
					.len = len,
					.number = behind ? behind->number : 0,
					.at_ns = behind ? behind->at_ns : 0 };

	side->next += len;
	side->offset += len;
	side->missing += len;
	side->recent_from = side->offset; /* nothing before it can be compared */
	s->take(s->arg, &c);
}

/* `from` bytes of it were given out before: are they the same? */
static void compare(struct stream *s, struct stream_side *side, const struct stream_piece *p, uint32_t from)
{
	uint64_t offset = side->offset - (side->next - p->seq);
	uint32_t known = p->kept < from ? p->kept : from, i = 0;
	bool other = false;

	side->repeated += from;
	if (side->recent && offset < side->recent_from)
		i = side->recent_from - offset < known ? (uint32_t)(side->recent_from - offset) : known;
	for (; side->recent && i < known && !other; i++)
		other = p->bytes[i] != side->recent[(offset + i) % STREAM_RECENT];
	if (other) {
		const struct stream_chunk c = { .side = side != s->side,
						.overlap = true,
						.offset = offset,
						.len = known,
						.bytes = p->bytes,
						.number = p->number,
						.at_ns = p->at_ns };

		side->overlapped += known;
		s->take(s->arg, &c);
	}
}

/* It begins at the next byte, or before. */
static void give(struct stream *s, struct stream_side *side, const struct stream_piece *p)
{
	uint32_t old = side->next - p->seq, skip = old < p->len ? old : p->len;
	uint32_t kept = p->kept > skip ? p->kept - skip : 0, len = p->len - skip;
	const struct stream_chunk c = { .side = side != s->side,
					.offset = side->offset,
					.len = kept,
					.bytes = p->bytes + skip,
					.number = p->number,
					.at_ns = p->at_ns };

	if (skip)
		compare(s, side, p, skip);
	if (kept) {
		if (!s->trusting)
			remember(side, p->bytes + skip, kept);
		side->next += kept;
		side->offset += kept;
		side->given += kept;
		s->take(s->arg, &c);
	}
	if (len > kept) /* beyond the snapshot length */
		give_gap(s, side, len - kept, p);
}

/* What waits and is next now. */
static void give_ready(struct stream *s, struct stream_side *side)
{
	while (side->count && !seq_after(side->pieces[0].seq, side->next)) {
		give(s, side, &side->pieces[0]);
		drop_piece(s, side, 0);
	}
}

/* Nobody will fill the gap before what waits. */
static void give_up(struct stream *s, struct stream_side *side)
{
	if (!side->count)
		return;
	give_gap(s, side, side->pieces[0].seq - side->next, &side->pieces[0]);
	give_ready(s, side);
}

void stream_end(struct stream *s)
{
	for (unsigned i = 0; i < 2; i++)
		while (s->side[i].count)
			give_up(s, &s->side[i]);
}

/* --- packets --- */

static void add_data(struct stream *s, struct stream_side *side, const struct stream_piece *p)
{
	if (!seq_after(p->seq, side->next)) {
		give(s, side, p);
		give_ready(s, side);
		return;
	}
	while (side->count && !has_room(s, side, p->kept))
		give_up(s, side);
	if (!has_room(s, side, p->kept)) { /* the pool is used up by others */
		if (seq_after(p->seq, side->next))
			give_gap(s, side, p->seq - side->next, p);
		give(s, side, p);
		return;
	}
	keep_piece(s, side, p);
	give_ready(s, side);
}

/* What was acknowledged has been received, whether it was captured or not. */
static void add_ack(struct stream *s, struct stream_side *side, uint32_t ack)
{
	while (side->count && seq_after(ack, side->next) && !seq_after(side->pieces[0].seq, ack))
		give_up(s, side);
}

static void begin_side(struct stream_side *side, const struct flow_side *f, uint32_t seq)
{
	side->begun = true;
	side->next = f->saw_syn ? f->isn + 1 : seq;
}

static void add_tcp(struct stream *s, const struct flow *f, unsigned from, const struct packet *p,
		    struct stream_piece *piece)
{
	struct stream_side *side = &s->side[from];

	piece->seq = p->tcp_seq + !!(p->tcp_flags & TCP_FLAG_SYN);
	/* A reset's text and a keep-alive's byte are no part of the stream. */
	if (piece->len && !(p->tcp_flags & TCP_FLAG_RST) && !(p->analysis & FOUND(KEEP_ALIVE))) {
		if (!side->begun)
			begin_side(side, &f->side[from], piece->seq);
		add_data(s, side, piece);
	}
	if (p->tcp_flags & TCP_FLAG_ACK)
		add_ack(s, &s->side[!from], p->tcp_ack);
}

void stream_add(struct stream *s, const struct flow *f, const struct packet *p, const uint8_t *bytes)
{
	struct stream_piece piece = { .len = p->payload_len,
				      .kept = packet_payload_kept(p),
				      .number = p->number,
				      .at_ns = p->at_ns,
				      /* not written to: what waits is a copy */
				      .bytes = (uint8_t *)(uintptr_t)(bytes + p->payload_off) };
	unsigned from = flow_side_of(f, p);

	if (p->flow != f->id)
		return;
	s->last = p->number;
	if (p->fragment || p->partial)
		return;
	if (!piece.kept)
		piece.bytes = (uint8_t *)(uintptr_t)bytes;
	if (f->proto == IPPROTO_TCP && f->has_ports) {
		add_tcp(s, f, from, p, &piece);
	} else if (piece.len) {
		piece.seq = s->side[from].next;
		give(s, &s->side[from], &piece);
	}
}

void stream_follow(struct stream *s, const struct flow_table *t, const struct flow *f, const struct recorder *r)
{
	size_t count = 0, capacity = 0;
	uint64_t *numbers = NULL;

	for (uint64_t n = f->last; n > s->last;) {
		const struct packet *p = recorder_find(r, n, NULL);

		if (!p)
			break;
		MEM_ROOM(numbers, count, capacity);
		numbers[count++] = n;
		n = p->prev;
	}
	while (count--) {
		const uint8_t *bytes;
		const struct packet *p = recorder_find(r, numbers[count], &bytes);
		const struct fragments_whole *whole = p->fragment ? flow_table_whole(t, p->number) : NULL;

		if (whole)
			stream_add(s, f, &whole->packet, whole->bytes);
		else
			stream_add(s, f, p, bytes);
	}
	free(numbers);
}
