/* list_total.c - counts instead of sockets: -s for people and programs, --metrics for Prometheus
 * (its text format: HELP, TYPE, then samples with labels). */
#include "cli/list.h"

#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

struct totals {
	size_t all;
	size_t kinds[KIND_COUNT];
	size_t states[KIND_COUNT][STATE_COUNT];
	size_t reasons[OWNER_REASONS];
};

static void count(const struct picked *p, struct totals *t)
{
	memset(t, 0, sizeof *t);
	t->all = p->count;
	for (size_t i = 0; i < p->count; i++) {
		const struct record *r = &p->snapshot->records[p->rows[i]];
		enum sock_kind kind = record_kind(r);

		t->kinds[kind]++;
		t->states[kind][r->state]++;
		if (!r->owner_count && r->reason < OWNER_REASONS)
			t->reasons[r->reason]++;
	}
}

static void summary_json(struct list *l, const struct totals *t)
{
	struct json j;

	json_init(&j, &l->out);
	json_object(&j, NULL);
	json_object(&j, "summary");
	json_uint(&j, "total", t->all);
	for (unsigned k = 0; k < KIND_COUNT; k++) {
		if (!t->kinds[k])
			continue;
		json_object(&j, sock_kinds[k]);
		json_uint(&j, "total", t->kinds[k]);
		json_object(&j, "states");
		for (unsigned s = 1; s < STATE_COUNT; s++)
			if (t->states[k][s])
				json_uint(&j, states[s].name, t->states[k][s]);
		json_end(&j, '}');
		json_end(&j, '}');
	}
	json_end(&j, '}');
	json_end(&j, '}');
	buf_putc(&l->out, '\n');
}

void list_summary(struct list *l, const struct picked *p)
{
	struct totals t;

	count(p, &t);
	if (l->o->common.json) {
		summary_json(l, &t);
		return;
	}
	buf_printf(&l->out, "%-8s %7zu\n", "total", t.all);
	for (unsigned k = 0; k < KIND_COUNT; k++) {
		const char *between = "   ";

		if (!t.kinds[k])
			continue;
		buf_printf(&l->out, "%-8s %7zu", sock_kinds[k], t.kinds[k]);
		for (unsigned s = 1; s < STATE_COUNT; s++)
			if (t.states[k][s]) {
				buf_printf(&l->out, "%s%s %zu", between, states[s].name, t.states[k][s]);
				between = ", ";
			}
		buf_putc(&l->out, '\n');
	}
}

/* --- Prometheus --- */

static void metric(struct list *l, const char *name, const char *type, const char *help)
{
	buf_printf(&l->out, "# HELP sockeye_%s %s\n# TYPE sockeye_%s %s\n", name, help, name, type);
}

/* Between quotes: \ " and newlines are escaped; control characters are not there any more. */
static void label(struct buf *out, const char *name, const char *value, char before)
{
	buf_printf(out, "%c%s=\"", before, name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			buf_putc(out, '\\');
		buf_putc(out, *value);
	}
	buf_putc(out, '"');
}

static void by_kind_and_state(struct list *l, const struct totals *t)
{
	metric(l, "sockets", "gauge", "Sockets by protocol and state.");
	for (unsigned k = 0; k < KIND_COUNT; k++)
		for (unsigned s = 0; s < STATE_COUNT; s++)
			if (t->states[k][s])
				buf_printf(&l->out, "sockeye_sockets{proto=\"%s\",state=\"%s\"} %zu\n", sock_kinds[k],
					   s ? states[s].name : "unknown", t->states[k][s]);
	metric(l, "sockets_without_owner", "gauge", "Sockets no owner is known of, by reason.");
	for (unsigned r = 0; r < OWNER_REASONS; r++)
		if (t->reasons[r] && owner_reasons[r].name)
			buf_printf(&l->out, "sockeye_sockets_without_owner{reason=\"%s\"} %zu\n", owner_reasons[r].name,
				   t->reasons[r]);
}

static void sums(struct list *l, const struct picked *p)
{
	uint64_t queued[KIND_COUNT][2] = { 0 }, drops[KIND_COUNT] = { 0 }, retransmits = 0, lost = 0;

	for (size_t i = 0; i < p->count; i++) {
		const struct record *s = &p->snapshot->records[p->rows[i]];
		struct sock_tcp tcp;
		enum sock_kind kind = record_kind(s);

		if ((s->known & SOCK_HAS_QUEUES) && s->state != STATE_LISTEN) {
			queued[kind][0] += s->recv_q;
			queued[kind][1] += s->send_q;
		}
		if (s->known & SOCK_HAS_MEMORY)
			drops[kind] += s->drops;
		if (record_tcp(p->snapshot, s, &tcp)) {
			retransmits += tcp.total_retrans;
			lost += tcp.lost;
		}
	}
	metric(l, "queue_bytes", "gauge", "Bytes in the queues of all sockets, listeners left out.");
	for (unsigned k = 0; k < KIND_COUNT; k++)
		if (queued[k][0] || queued[k][1])
			buf_printf(&l->out,
				   "sockeye_queue_bytes{proto=\"%s\",queue=\"receive\"} %llu\n"
				   "sockeye_queue_bytes{proto=\"%s\",queue=\"send\"} %llu\n",
				   sock_kinds[k], (unsigned long long)queued[k][0], sock_kinds[k],
				   (unsigned long long)queued[k][1]);
	metric(l, "dropped_packets", "gauge", "Packets that the sockets now open have dropped for lack of room.");
	for (unsigned k = 0; k < KIND_COUNT; k++)
		if (drops[k])
			buf_printf(&l->out, "sockeye_dropped_packets{proto=\"%s\"} %llu\n", sock_kinds[k],
				   (unsigned long long)drops[k]);
	metric(l, "tcp_retransmits", "gauge", "Segments sent again by the connections now open.");
	buf_printf(&l->out, "sockeye_tcp_retransmits %llu\n", (unsigned long long)retransmits);
	metric(l, "tcp_lost", "gauge", "Segments thought lost at this moment.");
	buf_printf(&l->out, "sockeye_tcp_lost %llu\n", (unsigned long long)lost);
}

/* Two samples with the same labels are an error: of listeners that share an address (SO_REUSEPORT)
 * the sum is told. Rows are in the order of the snapshot, so they are sorted by address first. */
struct accept_queue {
	struct buf labels;
	uint64_t waiting, backlog;
};

static int by_labels(const void *a, const void *b)
{
	const struct accept_queue *left = a, *right = b;

	return strcmp(buf_text(&left->labels), buf_text(&right->labels));
}

static void listeners(struct list *l, const struct picked *p)
{
	struct accept_queue *queues = NULL;
	size_t n = 0, capacity = 0;

	for (size_t i = 0; i < p->count; i++) {
		struct sock room;
		struct sock_view v = sock_view(p->snapshot, &p->snapshot->records[p->rows[i]], l->names, &room);
		struct buf local = { 0 };

		if (v.sock->state != STATE_LISTEN || !(v.sock->known & SOCK_HAS_QUEUES) ||
		    !endpoint_there(&v.sock->local))
			continue;
		MEM_ROOM(queues, n, capacity);
		queues[n] = (struct accept_queue){ .waiting = v.sock->recv_q, .backlog = v.sock->send_q };
		endpoint_add(&local, &v, &v.sock->local);
		label(&queues[n].labels, "proto", sock_kind_word(v.sock), '{');
		label(&queues[n].labels, "local", buf_text(&local), ',');
		buf_puts(&queues[n++].labels, "}");
		buf_done(&local);
	}
	if (n)
		qsort(queues, n, sizeof *queues, by_labels);
	for (int which = 0; which < 2; which++) {
		const char *name = which ? "listen_backlog" : "listen_waiting";

		metric(l, name, "gauge",
		       which ? "Connections that may wait for accept." : "Connections that wait for accept.");
		for (size_t i = 0; i < n;) {
			uint64_t sum = 0;
			size_t first = i;

			for (; i < n && !by_labels(&queues[first], &queues[i]); i++)
				sum += which ? queues[i].backlog : queues[i].waiting;
			buf_printf(&l->out, "sockeye_%s%s %llu\n", name, queues[first].labels.data,
				   (unsigned long long)sum);
		}
	}
	for (size_t i = 0; i < n; i++)
		buf_done(&queues[i].labels);
	free(queues);
}

void list_metrics(struct list *l, const struct picked *p)
{
	struct totals t;

	count(p, &t);
	by_kind_and_state(l, &t);
	sums(l, p);
	listeners(l, p);
	metric(l, "sample_seconds", "gauge", "Time that asking the kernel took.");
	buf_printf(&l->out, "sockeye_sample_seconds %.6f\n", (double)p->snapshot->took_ns / 1e9);
	metric(l, "sample_partial", "gauge", "1 when something could not be read.");
	buf_printf(&l->out, "sockeye_sample_partial %d\n", p->snapshot->partial);
}
