#include "core/rate.h"

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

struct sock_rate rate_between(const struct rate_counts *before, const struct rate_counts *now,
			      uint64_t ns)
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

struct rate_past {
	uint64_t key;
	struct rate_counts counts;
};

struct sock_rate *rates_next(struct rate_memory *m, const struct snapshot *now)
{
	struct sock_rate *rates = mem_array(now->count ? now->count : 1, sizeof *rates);
	uint64_t passed = m->count && now->mono_ns > m->mono_ns ? now->mono_ns - m->mono_ns : 0;
	struct rate_memory next = { .mono_ns = now->mono_ns };
	size_t old = 0;

	for (size_t i = 0; i < now->count; i++) { /* both are in order of key */
		uint64_t key = now->records[i].key;
		struct sock_tcp tcp;

		if (!record_tcp(now, &now->records[i], &tcp))
			continue;
		MEM_ROOM(next.past, next.count, next.capacity);
		next.past[next.count++] = (struct rate_past){ key, rate_counts_of(&tcp) };
		while (old < m->count && m->past[old].key < key)
			old++;
		if (old < m->count && m->past[old].key == key)
			rates[i] = rate_between(&m->past[old].counts, &next.past[next.count - 1].counts, passed);
	}
	free(m->past);
	*m = next;
	return rates;
}

void rates_forget(struct rate_memory *m)
{
	free(m->past);
	*m = (struct rate_memory){ 0 };
}

bool rate_moves(const struct sock_rate *r)
{
	return r->in || r->out || r->retransmits;
}
