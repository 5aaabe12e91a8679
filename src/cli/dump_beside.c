#include "cli/dump_beside.h"

#include "analysis/tls_watch.h"
#include "session/owner_watch.h"
#include "session/source.h"

#include <stdlib.h>
#include <string.h>

void dump_beside_begin(struct dump_beside *b, struct source *source, struct guard *guard, bool live)
{
	b->source = source;
	if (live)
		owner_watch_new(guard, source, &b->watch, NULL);
}

void dump_beside_turn(struct dump_beside *b)
{
	if (b->watch)
		owner_watch_turn(b->watch);
}

/* By the flow's sides, for a packet that one of them sent. */
static struct packet_owners turned(const struct packet_owners *o, unsigned side)
{
	return (struct packet_owners){ .end = { o->end[side], o->end[!side] } };
}

static void look(struct dump_beside *b, const struct packet *p)
{
	const struct flow *f;

	if (owner_watch_look(b->watch, p))
		owner_watch_hold(b->watch, p, b->stop);
	if (p->flow == FLOW_NONE)
		return;
	f = &source_flows(b->source)->flows[p->flow];
	b->owned = packet_owners_known(f->owners);
	if (!b->owned)
		return;
	b->owners = turned(f->owners, flow_side_of(f, p));
	if (b->compose) {
		packet_owners_note(&b->owners, &b->comments);
		buf_putc(&b->comments, '\0');
	}
}

/* The comments of a file of ours say who had the sockets. */
static void read_owners(struct dump_beside *b, const struct packet *p)
{
	struct packet_owners *of_flow;
	const struct flow *f;

	b->owned = packet_owners_read(b->comments.data, b->comments.len, &b->owners);
	if (!b->owned || p->flow == FLOW_NONE)
		return;
	of_flow = source_owners(b->source, p->flow);
	if (!of_flow)
		return;
	f = &source_flows(b->source)->flows[p->flow];
	*of_flow = turned(&b->owners, flow_side_of(f, p));
}

static void take_notes(struct dump_beside *b, uint64_t number)
{
	struct note *n;

	while ((n = source_note(b->source, number))) {
		if (n->kind == NOTE_COMMENT && n->packet == number) {
			buf_add(&b->comments, n->text, strlen(n->text) + 1);
		} else if (n->kind != NOTE_COMMENT && b->note) {
			b->note(b->arg, n);
		}
		free(n);
	}
}

void dump_beside_packet(struct dump_beside *b, const struct packet *p, const uint8_t *bytes)
{
	b->owned = false;
	b->opened = NULL;
	b->opened_count = 0;
	buf_clear(&b->comments);
	if (b->watch) {
		look(b, p);
	} else {
		take_notes(b, p->number);
		if (b->comments.len)
			read_owners(b, p);
	}
	if (b->tls)
		b->opened = tls_watch_packet(b->tls, p, bytes, &b->opened_count);
}

void dump_beside_end(struct dump_beside *b)
{
	take_notes(b, UINT64_MAX);
}

void dump_beside_done(struct dump_beside *b)
{
	owner_watch_free(b->watch);
	b->watch = NULL;
	tls_watch_free(b->tls);
	b->tls = NULL;
	buf_done(&b->comments);
}
