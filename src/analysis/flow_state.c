#include "analysis/flow_state.h"

#include "decode/proto.h"

#include "inside.h"

#include <netinet/in.h>

const char *const flow_endings[FLOW_ENDINGS] = {
	[FLOW_OPEN] = "open",
	[FLOW_HALF] = "half",
	[FLOW_FIN] = "fin",
	[FLOW_RST] = "rst",
};

/* Has `to` acknowledged this number of the other side's? */
static bool acked(const struct flow_side *to, uint32_t number)
{
	return to->has_ack && seq_after(to->max_ack, number);
}

static enum state closed_state(const struct flow_side *me, const struct flow_side *peer)
{
	bool mine = acked(peer, me->fin_seq);

	if (!peer->saw_fin)
		return mine ? STATE_FIN_WAIT_2 : STATE_FIN_WAIT_1;
	if (me->closed_last)
		return mine ? STATE_CLOSED : STATE_LAST_ACK;
	return mine ? STATE_TIME_WAIT : STATE_CLOSING;
}

enum state flow_state(const struct flow *f, unsigned side)
{
	const struct flow_side *me = &f->side[side], *peer = &f->side[!side];

	if (f->proto != IPPROTO_TCP || !f->has_ports)
		return STATE_NONE;
	if (me->saw_rst || peer->saw_rst)
		return STATE_CLOSED;
	if (me->saw_fin)
		return closed_state(me, peer);
	if (peer->saw_fin)
		return STATE_CLOSE_WAIT;
	if (me->saw_syn && !acked(peer, me->isn))
		return peer->saw_syn ? STATE_SYN_RECEIVED : STATE_SYN_SENT;
	/* Nothing was ever heard of it: it was asked, and may not even be there. */
	return me->packets ? STATE_ESTABLISHED : STATE_NONE;
}

enum flow_ending flow_ending(const struct flow *f)
{
	unsigned fins = f->side[0].saw_fin + f->side[1].saw_fin;

	if (flow_reset_by(f) >= 0)
		return FLOW_RST;
	return fins == 2 ? FLOW_FIN : fins ? FLOW_HALF : FLOW_OPEN;
}

int flow_reset_by(const struct flow *f)
{
	if (f->side[0].saw_rst && f->side[1].saw_rst)
		return f->side[1].reset_first;
	return f->side[0].saw_rst ? 0 : f->side[1].saw_rst ? 1 : -1;
}

const char *flow_end_words(const struct flow *f)
{
	static const char *const by[FLOW_ENDINGS][2] = {
		[FLOW_HALF] = { "half by server", "half by client" },
		[FLOW_RST] = { "rst by server", "rst by client" },
	};
	enum flow_ending end = flow_ending(f);
	unsigned client = flow_client(f);

	if (f->proto != IPPROTO_TCP || !f->has_ports)
		return "";
	if (!by[end][0])
		return flow_endings[end];
	return by[end][end == FLOW_RST ? flow_reset_by(f) == (int)client : f->side[client].saw_fin];
}

const char *flow_app_name(const struct flow *f)
{
	return f->app ? proto_name(f->app) : "";
}

unsigned flow_opener(const struct flow *f)
{
	const struct flow_side *a = &f->side[0], *b = &f->side[1];

	return !a->asked && (b->asked || a->saw_syn); /* a SYN-ACK answers */
}

unsigned flow_client(const struct flow *f)
{
	enum { WELL_KNOWN = 1024 };
	unsigned opener = flow_opener(f);

	if (!f->has_ports || f->side[0].saw_syn || f->side[1].saw_syn)
		return opener;
	return f->end[opener].port < WELL_KNOWN && f->end[!opener].port >= WELL_KNOWN ? !opener : opener;
}

uint64_t flow_round_trip_ns(const struct flow *f)
{
	uint64_t best = f->handshake_ns;

	for (unsigned i = 0; i < 2; i++) {
		const struct flow_rtt *r = &f->side[i].rtt;

		if (!best && r->count && (!f->side[!i].rtt.count || r->min_us >= f->side[!i].rtt.min_us))
			best = (uint64_t)r->min_us * 1000;
	}
	return best;
}
