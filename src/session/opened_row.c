/* The rows of the scope file: the flows of the file that is open, behind one for all its packets. */
#include "session/opened.h"

#include "inside.h"

#include "analysis/flow_state.h"
#include "session/host.h"
#include "session/replay.h"

#include <netinet/in.h>
#include <string.h>

/* Of a recording it may be known who has the client's end; one of our own keeps its name and key. */
static void own_row(const struct session *s, struct row *row)
{
	const struct flow *f = &s->flows.flows[row->flow];
	unsigned client = flow_client(f);
	const struct record *r = replay_record(s, row->flow, client);
	size_t count = 0;

	row->own = replay_own(s, row->flow, client);
	row->view = (struct sock_view){ .record = row->own ? NULL : r };
	row->name = "";
	if (row->view.record)
		row->view.owners = record_owners(host_snapshot(s->host), r, &count);
	row->view.owner_count = count;
	if (count)
		row->name = row->view.owners[0].process;
	if (row->own) {
		row->key = row->own->id;
		row->name = row->view.name = row->own->name;
		row->self = (struct owner){ 0 };
		session_own_row(s, row);
	}
}

void opened_add_rows(struct session *s, void (*add)(struct session *s, const struct row *row))
{
	struct row row = { .key = ROW_KEY_ALL, .kind = ROW_ALL, .name = "" };

	if (!s->opened)
		return;
	add(s, &row);
	row.kind = ROW_FLOW;
	for (uint32_t i = 0; i < s->flows.count; i++) {
		row.key = ROW_KEY_FLOW | i;
		row.flow = i;
		if (s->opened->replay)
			own_row(s, &row);
		add(s, &row);
	}
}

const struct flow *opened_flow(const struct session *s, const struct row *row)
{
	return row && row->kind == ROW_FLOW && row->flow < s->flows.count ? &s->flows.flows[row->flow] : NULL;
}

static int type_of(const struct flow *f)
{
	if (!f->has_ports)
		return SOCK_RAW;
	return f->proto == IPPROTO_TCP || f->proto == IPPROTO_SCTP ? SOCK_STREAM : SOCK_DGRAM;
}

static void add_tcp(const struct flow *f, unsigned client, struct sock *out)
{
	const struct flow_side *mine = &f->side[client], *theirs = &f->side[!client];

	out->known |= SOCK_HAS_TCP;
	out->state = flow_state(f, client);
	out->tcp.rtt_us = (uint32_t)(flow_round_trip_ns(f) / 1000);
	out->tcp.bytes_sent = mine->bytes;
	out->tcp.bytes_received = theirs->bytes;
	out->tcp.total_retrans = mine->retransmissions;
	out->tcp.segs_out = (uint32_t)mine->packets;
	out->tcp.segs_in = (uint32_t)theirs->packets;
}

void opened_sock(const struct session *s, const struct row *row, struct sock *out)
{
	const struct flow *f = opened_flow(s, row);
	unsigned client;

	memset(out, 0, sizeof *out);
	if (!f)
		return;
	if (row->own) {
		*out = row->own->now;
		return;
	}
	client = flow_client(f);
	out->family = f->family;
	out->type = type_of(f);
	out->protocol = f->proto;
	flow_endpoint(f, client, &out->local);
	flow_endpoint(f, !client, &out->remote);
	if (f->proto == IPPROTO_TCP && f->has_ports)
		add_tcp(f, client, out);
}

const struct history *opened_history(const struct session *s, unsigned end)
{
	return s->watched && s->watched->ends && s->selected & ROW_KEY_FLOW ? &s->watched->ends[end] : NULL;
}

const char *session_scope_refused(const struct session *s, enum scope scope)
{
	if (scope == SCOPE_FILE && !s->opened)
		return "no file is open: sockeye -r FILE";
	if (s->opened && !s->opened->replay && (scope == SCOPE_HOST || scope == SCOPE_PROCESS))
		return "a capture file tells of no sockets: 5 shows its conversations, 1 our own sockets";
	return NULL;
}
