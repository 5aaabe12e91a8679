/* sights.c - one packet that several interfaces see: a bridge and its ports, both ends of a veth on
 * this host, a tunnel without a header of its own. Its second sight follows within moments and is the
 * same but for where it was seen; what TCP sends again comes later, and where the first came. Only
 * first sights are kept, so that a segment which is really sent again is no second sight of itself.
 */
#include "inside.h"

#include "util/mem.h"

#define TWICE_NS UINT64_C(20000000)

static bool soon(uint64_t a_ns, uint64_t b_ns)
{
	return (a_ns < b_ns ? b_ns - a_ns : a_ns - b_ns) < TWICE_NS;
}

/* Is it what the side sent last, before there were sights to compare with? */
static bool is_last(const struct flow_side *from, const struct packet *p)
{
	uint32_t end = p->tcp_seq + p->payload_len + !!(p->tcp_flags & TCP_FLAG_SYN) + !!(p->tcp_flags & TCP_FLAG_FIN);

	if (!from->has_next || from->next != end || from->window != p->tcp_window)
		return false;
	if (!(p->tcp_flags & TCP_FLAG_ACK))
		return soon(from->next_ns, p->at_ns);
	return from->has_ack && from->last_ack == p->tcp_ack && soon(from->ack_ns, p->at_ns);
}

static bool is_sight(const struct sight *s, const struct packet *p)
{
	return s->ifindex && s->ifindex != p->ifindex && s->seq == p->tcp_seq && s->ack == p->tcp_ack &&
	       s->len == p->payload_len && s->tsval == p->tcp_tsval && s->flags == p->tcp_flags &&
	       s->window == p->tcp_window && soon(s->at_ns, p->at_ns);
}

static bool was_seen(const struct flow_sights *s, unsigned side, const struct packet *p)
{
	for (unsigned i = 0; i < SIGHTS; i++)
		if (is_sight(&s->ring[side][i], p))
			return true;
	return false;
}

bool sights_twice(struct flow_table *t, struct flow *f, unsigned side, const struct packet *p)
{
	struct flow_sights *s = f->sights;
	bool twice;

	if (!s && (!p->ifindex || p->ifindex == f->ifindex || t->sighted >= t->gapped_limit))
		return false;
	if (!s) {
		s = f->sights = mem_alloc(sizeof *s);
		t->sighted++;
		twice = is_last(&f->side[side], p);
	} else {
		twice = was_seen(s, side, p);
	}
	if (!twice)
		s->ring[side][s->at[side]++ % SIGHTS] = (struct sight){
			.at_ns = p->at_ns,
			.ifindex = p->ifindex,
			.seq = p->tcp_seq,
			.ack = p->tcp_ack,
			.len = p->payload_len,
			.tsval = p->tcp_tsval,
			.flags = p->tcp_flags,
			.window = p->tcp_window,
		};
	return twice;
}
