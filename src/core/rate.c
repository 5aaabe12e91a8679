#include "core/rate.h"

#include "core/tcp_pack.h"
#include "util/mem.h"

#include <stdlib.h>

struct rate_counts rate_counts_of(const struct sock_tcp *t)
{
	return (struct rate_counts){ t->bytes_sent, t->bytes_received, t->total_retrans };
}

static uint64_t a_second(uint64_t count, uint64_t ns)
{
	return (uint64_t)((double)count * 1e9 / (double)ns + 0.5);
}

struct sock_rate rate_between(const struct rate_counts *before, const struct rate_counts *now, uint64_t ns)
{
	struct sock_rate r = { 0 };

	if (ns < RATE_LEAST_NS || now->sent < before->sent || now->received < before->received ||
	    now->retransmits < before->retransmits)
		return r;
	r.known = true;
	r.out = a_second(now->sent - before->sent, ns);
	r.in = a_second(now->received - before->received, ns);
	r.retransmits = a_second((now->retransmits - before->retransmits) * RATE_MILLI, ns);
	return r;
}

bool rate_moves(const struct sock_rate *r)
{
	return r->in || r->out || r->retransmits;
}

/* --- of a whole snapshot --- */

static bool counts(const struct snapshot *s, const struct record *r, struct rate_counts *out)
{
	return r->known & SOCK_HAS_TCP && r->tcp < s->tcp_bytes &&
	       tcp_unpack_counts(s->tcps + r->tcp, s->tcp_bytes - r->tcp, &out->sent, &out->received,
				 &out->retransmits);
}

static void add(struct rates *r, size_t record, const struct sock_rate *rate)
{
	if (!rate->known)
		return;
	r->known[record / 8] |= (uint8_t)(1u << record % 8);
	if (!rate_moves(rate))
		return;
	MEM_ROOM(r->moving, r->count, r->capacity);
	r->moving[r->count++] = (struct moving){ (uint32_t)record, *rate };
}

void rates_make(struct rates *r, const struct snapshot *before, const struct snapshot *now)
{
	uint64_t passed = before && now->mono_ns > before->mono_ns ? now->mono_ns - before->mono_ns : 0;
	size_t old = 0;

	*r = (struct rates){ .known = mem_array(now->count / 8 + 1, 1) };
	for (size_t i = 0; passed && i < now->count; i++) { /* both are in order of key */
		uint64_t key = now->records[i].key;
		struct rate_counts was, is;
		struct sock_rate rate;

		while (old < before->count && before->records[old].key < key)
			old++;
		if (old == before->count || before->records[old].key != key ||
		    !counts(before, &before->records[old], &was) || !counts(now, &now->records[i], &is))
			continue;
		rate = rate_between(&was, &is, passed);
		add(r, i, &rate);
	}
}

void rates_done(struct rates *r)
{
	free(r->moving);
	free(r->known);
	*r = (struct rates){ 0 };
}

static int by_record(const void *key, const void *of)
{
	uint32_t record = *(const uint32_t *)key;
	const struct moving *m = of;

	return record < m->record ? -1 : record > m->record;
}

const struct sock_rate *rates_of(const struct rates *r, size_t record)
{
	static const struct sock_rate idle = { .known = true }, unknown = { 0 };
	uint32_t wanted = (uint32_t)record;
	const struct moving *m;

	if (!r->known || !(r->known[record / 8] >> record % 8 & 1))
		return &unknown;
	m = r->count ? bsearch(&wanted, r->moving, r->count, sizeof *m, by_record) : NULL;
	return m ? &m->rate : &idle;
}
