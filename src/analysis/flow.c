#include "analysis/flow.h"

#include "inside.h"

#include "util/hash.h"
#include "util/mem.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 1024, GAPPED_MOST = 1 << 16 };

/* --- keys --- */

/* One end, as a key sees it. */
struct end {
	const uint8_t *ip;
	uint16_t port;
};

struct key {
	uint8_t proto, family;
	bool has_ports;
	struct end end[2]; /* either way round */
};

static uint64_t hash_end(uint8_t family, const struct end *e, uint64_t seed)
{
	uint64_t word[2] = { 0 };

	if (family == AF_INET) {
		uint32_t v4;

		memcpy(&v4, e->ip, sizeof v4);
		return hash_mix(seed ^ ((uint64_t)v4 << 16 | e->port));
	}
	memcpy(word, e->ip, 16);
	return hash_mix(hash_mix(word[0] ^ seed) ^ word[1] ^ (uint64_t)e->port << 24);
}

/* The same either way round: the sum of both ends. */
static uint32_t hash_key(const struct flow_table *t, const struct key *k)
{
	uint64_t sum = hash_end(k->family, &k->end[0], t->seed) + hash_end(k->family, &k->end[1], t->seed);

	return (uint32_t)(hash_mix(sum + k->proto) >> 32);
}

static bool is_end(const struct flow_end *s, uint8_t family, const struct end *k)
{
	return s->port == k->port && !memcmp(s->ip, k->ip, family == AF_INET ? 4 : 16);
}

static bool is_flow(const struct flow *f, const struct key *k)
{
	const struct flow_end *a = &f->end[0], *b = &f->end[1];

	if (f->proto != k->proto || f->family != k->family)
		return false;
	return (is_end(a, k->family, &k->end[0]) && is_end(b, k->family, &k->end[1])) ||
	       (is_end(a, k->family, &k->end[1]) && is_end(b, k->family, &k->end[0]));
}

/* --- the table --- */

void flow_table_init(struct flow_table *t, uint32_t limit)
{
	*t = (struct flow_table){ .limit = limit, .gapped_limit = GAPPED_MOST, .seed = hash_seed() };
}

void flow_table_done(struct flow_table *t)
{
	for (uint32_t i = 0; i < t->count && (t->gapped || t->sighted); i++) {
		for (unsigned side = 0; side < 2; side++)
			free(t->flows[i].side[side].gaps);
		free(t->flows[i].sights);
	}
	fragments_free(t->fragments);
	free(t->flows);
	free(t->slots);
	free(t->errors);
	*t = (struct flow_table){ 0 };
}

/* The slot of a key: its own, or the empty one where it belongs. */
static struct flow_slot *find_slot(const struct flow_table *t, const struct key *k, uint32_t hash)
{
	uint32_t mask = t->slot_count - 1;

	for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
		struct flow_slot *s = &t->slots[i];

		if (s->id == FLOW_NONE || (s->hash == hash && is_flow(&t->flows[s->id], k)))
			return s;
	}
}

/* Twice the slots; at most half of them are ever taken. */
static void grow_slots(struct flow_table *t)
{
	uint32_t count = t->slot_count ? t->slot_count * 2 : FIRST_SLOTS, mask = count - 1;
	struct flow_slot *slots = mem_array(count, sizeof *slots);

	memset(slots, 0xff, count * sizeof *slots); /* FLOW_NONE */
	for (uint32_t i = 0; i < t->slot_count; i++) {
		uint32_t to = t->slots[i].hash & mask;

		if (t->slots[i].id == FLOW_NONE)
			continue;
		while (slots[to].id != FLOW_NONE)
			to = (to + 1) & mask;
		slots[to] = t->slots[i];
	}
	free(t->slots);
	t->slots = slots;
	t->slot_count = count;
}

static struct flow *new_flow(struct flow_table *t, const struct packet *p, const struct key *k, uint32_t older)
{
	struct flow *f;

	if (t->count >= t->limit) {
		t->refused++;
		return NULL;
	}
	MEM_ROOM(t->flows, t->count, t->capacity);
	f = &t->flows[t->count];
	memset(f, 0, sizeof *f);
	f->id = t->count++;
	f->proto = k->proto;
	f->first_ns = p->at_ns;
	f->first = p->number;
	f->ifindex = p->ifindex;
	f->older = older;
	f->family = k->family;
	f->has_ports = k->has_ports;
	memcpy(f->end[0].ip, p->src, sizeof p->src);
	memcpy(f->end[1].ip, p->dst, sizeof p->dst);
	f->end[0].port = k->end[0].port;
	f->end[1].port = k->end[1].port;
	return f;
}

/* --- TCP --- */

/* Is this SYN the first of another connection between the same ends? Not when it is the one that
 * began this flow, sent again, nor when it answers the other's SYN (simultaneous open, RFC 9293,
 * 3.5). */
static bool begins_another(const struct flow *f, const struct packet *p)
{
	const struct flow_side *from = &f->side[flow_side_of(f, p)], *to = &f->side[!flow_side_of(f, p)];

	if (!packet_is_segment(p) || (p->tcp_flags & (TCP_FLAG_SYN | TCP_FLAG_ACK)) != TCP_FLAG_SYN)
		return false;
	if (from->saw_syn)
		return from->isn != p->tcp_seq;
	return from->packets || !to->saw_syn || to->saw_fin || to->saw_rst;
}

/* --- packets --- */

/* A later piece of a datagram has the ports that its first one told. */
static bool key_of(const struct packet *p, const struct fragments_news *news, struct key *k)
{
	bool wants_ports = p->ip_proto == IPPROTO_TCP || p->ip_proto == IPPROTO_UDP || p->ip_proto == IPPROTO_SCTP ||
			   p->ip_proto == IPPROTO_UDPLITE;

	if (!p->family || (wants_ports && !p->has_ports && !news->has_ports))
		return false;
	*k = (struct key){ .proto = p->ip_proto,
			   .family = p->family,
			   .has_ports = p->has_ports || news->has_ports,
			   .end = { { p->src, 0 }, { p->dst, 0 } } };
	if (k->has_ports) {
		k->end[0].port = p->has_ports ? p->sport : news->sport;
		k->end[1].port = p->has_ports ? p->dport : news->dport;
	}
	return true;
}

/* The layer furthest behind the outermost transport that is a protocol of its own. */
static void note_app(struct flow *f, const struct packet *p)
{
	unsigned i = 0;

	f->app_depth = p->layer_count;
	while (i < p->layer_count && p->layers[i] != PROTO_TCP && p->layers[i] != PROTO_UDP)
		i++;
	while (++i < p->layer_count && p->layers[i] != PROTO_DATA) {
		if (p->layers[i] == PROTO_IPV4 || p->layers[i] == PROTO_IPV6 ||
		    p->layers[i] == PROTO_ETHERNET) /* a tunnel: what it carries is no part of it */
			break;
		f->app = p->layers[i];
	}
}

/* The whole datagram's segment is judged, not its pieces. */
static void watch(struct flow_table *t, struct flow *f, unsigned side, struct packet *p, struct fragments_whole *whole)
{
	if (!p->fragment) {
		if (packet_is_segment(p))
			tcp_watch(t, f, side, p);
	} else if (whole && packet_is_segment(&whole->packet)) {
		whole->packet.analysis = p->analysis;
		tcp_watch(t, f, side, &whole->packet);
		p->analysis = whole->packet.analysis;
	}
}

static void enter(struct flow_table *t, struct flow *f, unsigned side, struct packet *p, struct fragments_whole *whole)
{
	watch(t, f, side, p, whole);
	if (p->layer_count > f->app_depth && f->has_ports)
		note_app(f, p);
	if (whole && whole->packet.layer_count > f->app_depth && f->has_ports)
		note_app(f, &whole->packet);
	f->side[side].packets++;
	f->side[side].bytes += p->payload_len;
	f->side[side].wire_bytes += p->len;
	p->flow = f->id;
	if (whole)
		whole->packet.flow = f->id;
	p->prev = f->last;
	f->last = p->number;
	f->last_ns = p->at_ns;
}

static struct fragments_news put_together(struct flow_table *t, const struct packet *p, const uint8_t *bytes)
{
	if (!t->fragments)
		t->fragments = fragments_new(t->seed);
	return fragments_add(t->fragments, p, bytes);
}

const struct fragments_whole *flow_table_whole(const struct flow_table *t, uint64_t number)
{
	return t->fragments ? fragments_find(t->fragments, number) : NULL;
}

/* An ICMP error is about a packet of that flow. */
static void note_error(struct flow_table *t, const struct packet *p, const uint8_t *bytes)
{
	const struct fragments_news none = { 0 };
	const struct flow_slot *slot;
	struct packet about;
	struct key k;

	if (!t->slot_count || !decode_quoted(p, bytes, &about) || !key_of(&about, &none, &k))
		return;
	slot = find_slot(t, &k, hash_key(t, &k));
	if (slot->id == FLOW_NONE)
		return;
	if (t->error_count == FLOW_ERRORS) {
		t->error_count /= 2;
		t->errors_gone += FLOW_ERRORS - t->error_count;
		memmove(t->errors, t->errors + FLOW_ERRORS - t->error_count, t->error_count * sizeof *t->errors);
	}
	MEM_ROOM(t->errors, t->error_count, t->error_room);
	t->errors[t->error_count++] = (struct flow_error){ .number = p->number, .at_ns = p->at_ns, .flow = slot->id };
}

void flow_table_add(struct flow_table *t, struct packet *p, const uint8_t *bytes)
{
	uint32_t hash;

	flow_table_ahead(t, p, 1, &hash);
	flow_table_add_hashed(t, p, bytes, hash);
}

void flow_table_ahead(const struct flow_table *t, const struct packet *p, uint32_t count, uint32_t *hashes)
{
	const struct fragments_news none = { 0 };
	struct key k;

	for (uint32_t i = 0; i < count; i++) {
		hashes[i] = key_of(&p[i], &none, &k) ? hash_key(t, &k) : 0;
		if (t->slot_count)
			__builtin_prefetch(&t->slots[hashes[i] & (t->slot_count - 1)]);
	}
	for (uint32_t i = 0; count > 1 && t->slot_count && i < count; i++) {
		enum { LINE = 64, HOT = 5 };
		uint32_t id = t->slots[hashes[i] & (t->slot_count - 1)].id;

		for (unsigned line = 0; id != FLOW_NONE && line < HOT; line++)
			__builtin_prefetch((const char *)&t->flows[id] + line * LINE, 1);
	}
}

void flow_table_add_hashed(struct flow_table *t, struct packet *p, const uint8_t *bytes, uint32_t hash)
{
	struct fragments_news news = { 0 };
	struct flow_slot *slot;
	struct flow *f = NULL;
	struct key k;

	p->flow = FLOW_NONE;
	p->prev = 0;
	p->analysis = 0;
	if (bytes && decode_quotes(p))
		note_error(t, p, bytes);
	if (p->fragment && bytes)
		news = put_together(t, p, bytes);
	if (!key_of(p, &news, &k))
		return;
	if (t->count >= t->slot_count / 2)
		grow_slots(t);
	if (p->fragment) /* its ports may be told only now */
		hash = hash_key(t, &k);
	slot = find_slot(t, &k, hash);
	if (slot->id != FLOW_NONE)
		f = &t->flows[slot->id];
	if (!f || begins_another(f, p)) {
		if (f)
			p->analysis = FOUND(PORT_REUSED);
		f = new_flow(t, p, &k, slot->id);
		if (!f)
			return;
		*slot = (struct flow_slot){ .id = f->id, .hash = hash };
	}
	enter(t, f, !is_end(&f->end[0], k.family, &k.end[0]), p, news.whole);
}

const struct flow *flow_table_find(const struct flow_table *t, uint8_t proto, const struct endpoint *a,
				   const struct endpoint *b)
{
	struct endpoint x = *a, y = *b;
	const struct flow_slot *slot;
	struct key k;

	endpoint_unmap(&x);
	endpoint_unmap(&y);
	if (!t->slot_count || x.family != y.family || (x.family != AF_INET && x.family != AF_INET6))
		return NULL;
	k = (struct key){ .proto = proto, .family = x.family, .end = { { x.ip, x.port }, { y.ip, y.port } } };
	slot = find_slot(t, &k, hash_key(t, &k));
	return slot->id == FLOW_NONE ? NULL : &t->flows[slot->id];
}

void flow_endpoint(const struct flow *f, unsigned side, struct endpoint *out)
{
	memset(out, 0, sizeof *out);
	out->family = f->family;
	out->has_port = f->has_ports;
	out->port = f->end[side].port;
	memcpy(out->ip, f->end[side].ip, sizeof out->ip);
}

unsigned flow_side_of(const struct flow *f, const struct packet *p)
{
	/* A later piece of a datagram has no ports of its own: the address decides. */
	const struct end from = { p->src, p->has_ports ? p->sport : f->has_ports ? f->end[0].port : 0 };

	return !is_end(&f->end[0], p->family, &from);
}

static int window_shift(const struct flow_side *from, const struct flow_side *to, const struct packet *p)
{
	if (p->tcp_flags & TCP_FLAG_SYN)
		return 0;
	if ((from->saw_syn && !from->has_wscale) || (to->saw_syn && !to->has_wscale))
		return 0;
	return from->saw_syn && to->saw_syn ? from->wscale : -1;
}

void flow_base(const struct flow *f, const struct packet *p, struct packet_base *out)
{
	unsigned side = flow_side_of(f, p);
	const struct flow_side *from = &f->side[side], *to = &f->side[!side];

	out->has_seq = from->has_isn;
	out->has_ack = to->has_isn;
	out->seq = from->isn;
	out->ack = to->isn;
	out->wscale = packet_is_segment(p) ? window_shift(from, to, p) : -1;
}
