#include "analysis/fragments.h"

#include "decode/decode.h"
#include "util/hash.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
	UNIT = 8,     /* offsets count in these */
	MOST = 65535, /* what a length field can say */
	UNITS = 8192,
	LINKTYPE_IPV4 = 228,
	LINKTYPE_IPV6 = 229,
};

#define TIMEOUT4_NS 30000000000u
#define TIMEOUT6_NS 60000000000u

struct waiting {
	bool used;
	bool dead; /* given up: what still comes is swallowed */
	bool has_ports;
	uint8_t family, proto;
	uint8_t src[16], dst[16];
	uint16_t sport, dport;
	uint32_t id, hash;
	uint64_t first_ns, order; /* order: grows with every datagram, for the oldest */
	uint32_t pieces;
	uint32_t total;    /* bytes of data, known with the last piece; 0: not yet */
	uint32_t got, end; /* bytes that are there, and the highest one's end */
	uint8_t *data;     /* `room` bytes */
	uint32_t room;
	uint8_t *header; /* of the first piece, `header_len` bytes */
	uint32_t header_len, next_at;
	uint8_t next;
	uint8_t have[UNITS / 8]; /* a bit a unit */
};

struct fragments {
	struct waiting *waiting; /* FRAGMENTS_WAIT of them, made when the first piece comes */
	uint32_t bytes;          /* that wait */
	uint64_t order, seed;
	struct fragments_whole *whole; /* a ring of FRAGMENTS_WHOLE */
	uint32_t first, count, whole_bytes;
	struct fragments_stats stats;
};

struct fragments *fragments_new(uint64_t seed)
{
	struct fragments *f = mem_alloc(sizeof *f);

	f->seed = seed;
	return f;
}

static void empty(struct fragments *f, struct waiting *w)
{
	f->bytes -= w->room + w->header_len;
	free(w->data);
	free(w->header);
	w->data = w->header = NULL;
	w->room = w->header_len = 0;
}

static void forget(struct fragments *f, struct waiting *w)
{
	empty(f, w);
	w->used = false;
}

/* Its later pieces are known, and swallowed. */
static void give_up(struct fragments *f, struct waiting *w, uint64_t *counter)
{
	if (!w->dead)
		++*counter;
	empty(f, w);
	w->dead = true;
}

void fragments_free(struct fragments *f)
{
	if (!f)
		return;
	for (unsigned i = 0; f->waiting && i < FRAGMENTS_WAIT; i++)
		forget(f, &f->waiting[i]);
	while (f->count--)
		free(f->whole[(f->first + f->count) % FRAGMENTS_WHOLE].bytes);
	free(f->waiting);
	free(f->whole);
	free(f);
}

/* --- which datagram --- */

static uint32_t hash_of(const struct fragments *f, const struct packet *p, uint32_t id)
{
	uint8_t key[36];

	memcpy(key, p->src, 16);
	memcpy(key + 16, p->dst, 16);
	memcpy(key + 32, &id, 4);
	return (uint32_t)hash_bytes(key, sizeof key, f->seed);
}

static bool is_same(const struct waiting *w, const struct packet *p, const struct decode_piece *at)
{
	return w->family == p->family && w->id == at->id && (p->family == AF_INET6 || w->proto == at->next) &&
	       !memcmp(w->src, p->src, 16) && !memcmp(w->dst, p->dst, 16);
}

static bool is_late(const struct waiting *w, uint64_t now)
{
	uint64_t most = w->family == AF_INET ? TIMEOUT4_NS : TIMEOUT6_NS;

	return now > w->first_ns && now - w->first_ns > most;
}

static struct waiting *oldest(struct fragments *f)
{
	struct waiting *found = NULL;

	for (unsigned i = 0; i < FRAGMENTS_WAIT; i++)
		if (f->waiting[i].used && (!found || f->waiting[i].order < found->order))
			found = &f->waiting[i];
	return found;
}

/* An entry that is free, or of the oldest. */
static struct waiting *take_entry(struct fragments *f)
{
	struct waiting *w;

	for (unsigned i = 0; i < FRAGMENTS_WAIT; i++)
		if (!f->waiting[i].used)
			return &f->waiting[i];
	w = oldest(f);
	f->stats.evicted += !w->dead;
	forget(f, w);
	return w;
}

static struct waiting *find(struct fragments *f, const struct packet *p, const struct decode_piece *at)
{
	uint32_t hash = hash_of(f, p, at->id);
	struct waiting *w;

	if (!f->waiting)
		f->waiting = mem_array(FRAGMENTS_WAIT, sizeof *f->waiting);
	for (w = f->waiting; w < f->waiting + FRAGMENTS_WAIT; w++) {
		if (!w->used || w->hash != hash || !is_same(w, p, at))
			continue;
		if (!is_late(w, p->at_ns))
			return w;
		f->stats.expired += !w->dead;
		forget(f, w);
		break;
	}
	w = take_entry(f);
	*w = (struct waiting){ .used = true,
			       .family = p->family,
			       .proto = at->next,
			       .id = at->id,
			       .hash = hash,
			       .first_ns = p->at_ns,
			       .order = ++f->order };
	memcpy(w->src, p->src, 16);
	memcpy(w->dst, p->dst, 16);
	return w;
}

/* --- its pieces --- */

/* Room for data up to `end`; the oldest datagrams make it where there is none. */
static bool make_room(struct fragments *f, struct waiting *w, uint32_t end)
{
	uint32_t room = w->room ? w->room : 2048;

	if (end <= w->room)
		return true;
	while (room < end)
		room *= 2;
	while (f->bytes + (room - w->room) > FRAGMENTS_WAIT_BYTES) {
		struct waiting *old = oldest(f);

		f->stats.evicted += !old->dead;
		forget(f, old);
		if (old == w)
			return false;
	}
	f->bytes += room - w->room;
	w->data = mem_grow(w->data, room, 1);
	w->room = room;
	return true;
}

enum overlap { NEW, SAME, OTHER };

/* All of it new, all of it there already as it is, or anything else. */
static enum overlap compare(const struct waiting *w, const struct decode_piece *at, const uint8_t *data)
{
	uint32_t from = at->offset / UNIT, to = (at->offset + at->data_len + UNIT - 1) / UNIT;
	uint32_t have = 0;

	for (uint32_t i = from; i < to; i++)
		have += w->have[i / 8] >> i % 8 & 1;
	if (!have)
		return NEW;
	if (have < to - from || at->offset + at->data_len > w->end)
		return OTHER;
	return memcmp(w->data + at->offset, data, at->data_len) ? OTHER : SAME;
}

/* What every piece must be; what a receiver would drop too. */
static bool is_sound(const struct waiting *w, const struct decode_piece *at)
{
	uint32_t end = at->offset + at->data_len;

	/* IPv6 does not count its first 40 bytes. */
	if (!at->data_len || (at->more && at->data_len % UNIT) ||
	    at->header_len + end > MOST + (w->family == AF_INET6 ? 40 : 0))
		return false;
	if (!at->more)
		return w->total ? w->total == end : w->end <= end;
	return !w->total || end <= w->total;
}

static void keep_header(struct fragments *f, struct waiting *w, const struct packet *p, const struct decode_piece *at,
			const uint8_t *bytes)
{
	w->has_ports = p->has_ports;
	w->sport = p->sport;
	w->dport = p->dport;
	w->header = mem_array(at->header_len, 1);
	w->header_len = at->header_len;
	w->next_at = at->next_at;
	w->next = at->next;
	memcpy(w->header, bytes + at->header_off, at->header_len);
	f->bytes += at->header_len;
}

/* True: it was new. */
static bool keep(struct fragments *f, struct waiting *w, const struct packet *p, const struct decode_piece *at,
		 const uint8_t *bytes)
{
	const uint8_t *data = bytes + at->data_off;
	uint32_t end = at->offset + at->data_len;
	enum overlap overlap;

	if (at->data_off > p->cap || at->data_len > p->cap - at->data_off) {
		give_up(f, w, &f->stats.cut);
		return false;
	}
	overlap = is_sound(w, at) ? compare(w, at, data) : OTHER;
	if (overlap == OTHER)
		give_up(f, w, &f->stats.overlapped);
	if (overlap != NEW || !make_room(f, w, end))
		return false;
	memcpy(w->data + at->offset, data, at->data_len);
	for (uint32_t i = at->offset / UNIT; i < (end + UNIT - 1) / UNIT; i++)
		w->have[i / 8] |= (uint8_t)(1 << i % 8);
	w->got += at->data_len;
	w->pieces++;
	if (end > w->end)
		w->end = end;
	if (!at->more)
		w->total = end;
	if (!at->offset && !w->header)
		keep_header(f, w, p, at, bytes);
	return true;
}

/* --- whole datagrams --- */

static struct fragments_whole *room_for_whole(struct fragments *f, uint32_t len)
{
	if (!f->whole)
		f->whole = mem_array(FRAGMENTS_WHOLE, sizeof *f->whole);
	while (f->count == FRAGMENTS_WHOLE || (f->count && f->whole_bytes + len > FRAGMENTS_WHOLE_BYTES)) {
		f->whole_bytes -= f->whole[f->first].packet.len;
		free(f->whole[f->first].bytes);
		f->first = (f->first + 1) % FRAGMENTS_WHOLE;
		f->count--;
	}
	f->whole_bytes += len;
	return &f->whole[(f->first + f->count++) % FRAGMENTS_WHOLE];
}

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* The header as it was before the datagram was cut. */
static void mend_header(uint8_t *ip, uint8_t family, uint32_t header, uint32_t len, uint8_t next, uint32_t next_at)
{
	uint32_t sum = 0;

	ip[next_at] = next;
	if (family == AF_INET6) {
		put16(ip + 4, len - 40);
		return;
	}
	put16(ip + 2, len);
	put16(ip + 6, 0);
	put16(ip + 10, 0);
	for (uint32_t i = 0; i + 1 < header; i += 2)
		sum += (uint32_t)(ip[i] << 8 | ip[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	put16(ip + 10, ~(sum + (sum >> 16)) & 0xffff);
}

static struct fragments_whole *complete(struct fragments *f, struct waiting *w, const struct packet *p)
{
	uint32_t len = w->header_len + w->total;
	struct fragments_whole *out = room_for_whole(f, len);

	*out = (struct fragments_whole){ .bytes = mem_array(len, 1), .pieces = w->pieces, .length = w->total };
	memcpy(out->bytes, w->header, w->header_len);
	memcpy(out->bytes + w->header_len, w->data, w->total);
	mend_header(out->bytes, w->family, w->header_len, len, w->next, w->next_at);
	out->packet = (struct packet){ .number = p->number,
				       .at_ns = p->at_ns,
				       .len = len,
				       .cap = len,
				       .ifindex = p->ifindex,
				       .direction = p->direction,
				       .source = p->source,
				       .flow = UINT32_MAX,
				       .linktype = w->family == AF_INET ? LINKTYPE_IPV4 : LINKTYPE_IPV6 };
	decode_summary(&out->packet, out->bytes);
	f->stats.whole++;
	return out;
}

struct fragments_news fragments_add(struct fragments *f, const struct packet *p, const uint8_t *bytes)
{
	struct fragments_news news = { 0 };
	struct decode_piece at;
	struct waiting *w;

	if (!p->fragment || !decode_piece(p, bytes, &at))
		return news;
	f->stats.pieces++;
	w = find(f, p, &at);
	if (!w->dead && keep(f, w, p, &at, bytes) && w->total && w->got == w->total && w->header)
		news.whole = complete(f, w, p);
	news.has_ports = w->used && w->has_ports;
	news.sport = w->sport;
	news.dport = w->dport;
	if (news.whole) /* the identification may be used for another now */
		forget(f, w);
	return news;
}

const struct fragments_whole *fragments_find(const struct fragments *f, uint64_t number)
{
	for (uint32_t i = f ? f->count : 0; i--;) {
		const struct fragments_whole *w = &f->whole[(f->first + i) % FRAGMENTS_WHOLE];

		if (w->packet.number <= number)
			return w->packet.number == number ? w : NULL;
	}
	return NULL;
}

const struct fragments_stats *fragments_stats(const struct fragments *f)
{
	return &f->stats;
}
