#include "session/source.h"

#include "session/guard.h"
#include "util/err.h"
#include "util/mailbox.h"
#include "util/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BOX_BYTES = 32 << 20, FLOWS_MOST = 1 << 22, EXTRA = 8, ASK_MS = 10, AHEAD = 16 };

/* One capture's blocks that were taken from the box and not given away yet. */
struct lane {
	struct capture *capture;
	struct mail *head, **tail;
	uint32_t at;       /* packets of the head that were given away */
	uint64_t until_ns; /* nothing from before this is still to come */
};

struct source {
	struct mailbox box;
	struct lane lanes[SOURCE_CAPTURES];
	unsigned count;
	bool pulls;          /* a file: read here, without a worker */
	struct block pulled; /* borrowed until it is given back */
	int over;            /* of a pull: what source_ended says */
	struct err why;
	struct flow_table flows;
	uint32_t hashes[AHEAD]; /* of the packets that come next */
	uint64_t next;          /* number of the next packet */
	struct note *notes;     /* of a file, not taken yet */
	uint32_t owned;         /* flows with owners */
};

int source_open(const struct capture_config *configs, unsigned count, struct guard *guard, struct source **out,
		struct err *e)
{
	struct source *s = mem_alloc(sizeof *s);
	int rc;

	s->next = 1;
	flow_table_init(&s->flows, FLOWS_MOST);
	rc = mailbox_init(&s->box, BOX_BYTES);
	if (rc)
		err_set(e, -rc, "eventfd: %s", strerror(-rc));
	for (unsigned i = 0; i < count && !rc; i++) {
		struct capture_config config = configs[i];

		config.source = (uint8_t)i;
		s->lanes[i].tail = &s->lanes[i].head;
		rc = capture_open(&config, &s->lanes[i].capture, e);
		s->count += !rc;
	}
	if (!rc)
		rc = guard_enter(guard, e);
	s->pulls = !rc && count == 1 && capture_can_pull(s->lanes[0].capture);
	for (unsigned i = 0; i < s->count && !rc && !s->pulls; i++)
		rc = capture_start(s->lanes[i].capture, &s->box, e);
	if (rc) {
		source_close(s);
		return rc;
	}
	*out = s;
	return 0;
}

static void sort_mail(struct source *s)
{
	for (struct mail *m = mailbox_take(&s->box), *next; m; m = next) {
		const struct block *b = (const struct block *)m;
		struct lane *l = &s->lanes[s->count > 1 ? b->packets[0].source : 0];

		next = m->next;
		m->next = NULL;
		*l->tail = m;
		l->tail = &m->next;
	}
}

static struct block *pop(struct lane *l)
{
	struct block *b = (struct block *)l->head;

	l->head = l->head->next;
	if (!l->head)
		l->tail = &l->head;
	l->at = 0;
	return b;
}

void source_close(struct source *s)
{
	if (!s)
		return;
	for (unsigned i = 0; i < s->count; i++)
		capture_close(s->lanes[i].capture);
	for (unsigned i = 0; i < s->count; i++)
		capture_reap(s->lanes[i].capture, true);
	if (s->box.tail) {
		sort_mail(s);
		mailbox_done(&s->box);
	}
	for (unsigned i = 0; i < s->count; i++)
		while (s->lanes[i].head)
			free(pop(&s->lanes[i]));
	for (uint32_t i = 0; i < s->flows.count && s->owned; i++)
		free(s->flows.flows[i].owners);
	flow_table_done(&s->flows);
	for (struct note *next; s->notes; s->notes = next) {
		next = s->notes->next;
		free(s->notes);
	}
	free(s);
}

static bool holds(const struct source *s)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->lanes[i].head)
			return true;
	return false;
}

int source_wait(struct source *s, struct pollfd *extra, size_t count, int timeout_ms)
{
	struct pollfd fds[EXTRA + 1];

	/* What one capture has waits for the others to have passed its time. */
	if (s->pulls)
		timeout_ms = 0;
	else if (holds(s))
		timeout_ms = s->count > 1 && timeout_ms > ASK_MS ? ASK_MS : 0;
	if (count > EXTRA)
		timeout_ms = 0, count = EXTRA;
	memcpy(fds, extra, count * sizeof *extra);
	fds[count] = (struct pollfd){ .fd = s->box.fd, .events = POLLIN };
	if (poll(fds, count + 1, timeout_ms) < 0) {
		if (errno != EINTR)
			return -errno;
		return 0;
	}
	memcpy(extra, fds, count * sizeof *extra);
	return 0;
}

/* --- several captures, in order of time --- */

static uint64_t head_ns(const struct lane *l)
{
	return ((const struct block *)l->head)->packets[l->at].at_ns;
}

/* The lane whose turn it is, and until when: NULL when it may not be known yet. */
static struct lane *first(struct source *s, uint64_t *bound)
{
	struct lane *best = NULL;

	for (unsigned i = 0; i < s->count; i++) {
		struct lane *l = &s->lanes[i];

		if (l->head && (!best || head_ns(l) < head_ns(best)))
			best = l;
	}
	*bound = UINT64_MAX;
	for (unsigned i = 0; i < s->count; i++) {
		const struct lane *l = &s->lanes[i];
		uint64_t ns = l->head ? head_ns(l) : l->until_ns;

		if (l != best && ns < *bound)
			*bound = ns;
	}
	return best && head_ns(best) <= *bound ? best : NULL;
}

/* The packets of a lane's first block that lie before `bound`, as a block of their own. */
static struct block *part(struct lane *l, uint64_t bound)
{
	const struct block *from = (const struct block *)l->head;
	uint32_t end = l->at, bytes = 0;
	uint64_t start = from->packets[l->at].offset;
	struct block *b;

	while (end < from->count && (end == l->at || from->packets[end].at_ns <= bound)) {
		bytes = (uint32_t)(from->packets[end].offset + from->packets[end].cap - start);
		end++;
	}
	if (!l->at && end == from->count)
		return pop(l);
	b = block_new(end - l->at, bytes);
	b->count = end - l->at;
	b->used = bytes;
	memcpy(b->packets, from->packets + l->at, b->count * sizeof *b->packets);
	memcpy(b->bytes, from->bytes + start, bytes);
	for (uint32_t i = 0; i < b->count; i++)
		b->packets[i].offset -= start;
	l->at = end;
	if (end == from->count)
		free(pop(l));
	return b;
}

static struct block *merged(struct source *s)
{
	uint64_t bound;
	struct lane *l;

	for (unsigned i = 0; i < s->count; i++) /* before the box is emptied, see capture.h */
		s->lanes[i].until_ns = capture_read_until(s->lanes[i].capture);
	sort_mail(s);
	l = first(s, &bound);
	return l ? part(l, bound) : NULL;
}

static struct block *pull(struct source *s)
{
	int rc = s->over ? 0 : capture_pull(s->lanes[0].capture, &s->pulled, &s->why);

	if (rc <= 0 && !s->over)
		s->over = rc ? rc : 1;
	return rc > 0 ? &s->pulled : NULL;
}

void source_give_back(struct source *s, struct block *b)
{
	if (b != &s->pulled)
		free(b);
}

/* A packet's notes are there before it is. */
static void fetch_notes(struct source *s)
{
	struct note **tail = &s->notes;

	while (*tail)
		tail = &(*tail)->next;
	*tail = capture_notes(s->lanes[0].capture);
}

struct block *source_take(struct source *s)
{
	struct lane *only = &s->lanes[0];
	struct block *b;

	if (s->pulls) {
		b = pull(s);
	} else if (s->count > 1) {
		b = merged(s);
	} else {
		if (!only->head)
			sort_mail(s);
		b = only->head ? pop(only) : NULL;
	}
	for (uint32_t i = 0; b && i < b->count; i++)
		b->packets[i].number = s->next++;
	if (b)
		fetch_notes(s);
	return b;
}

void source_enter(struct source *s, struct block *b, uint32_t i)
{
	struct packet *p = &b->packets[i];
	uint32_t left = b->count - i;

	if (i % AHEAD == 0)
		flow_table_ahead(&s->flows, p, left < AHEAD ? left : AHEAD, s->hashes);
	flow_table_add_hashed(&s->flows, p, block_bytes(b, p), s->hashes[i % AHEAD]);
}

int source_ended(struct source *s, struct err *e)
{
	bool all = true;
	int failed = 0;

	if (s->pulls) {
		if (s->over < 0 && e)
			*e = s->why;
		return s->over;
	}
	for (unsigned i = 0; i < s->count; i++) {
		bool ended = false;
		int rc = capture_state(s->lanes[i].capture, &ended, failed ? NULL : e);

		failed = failed ? failed : rc;
		all &= ended;
	}
	if (!failed && !all)
		return 0;
	/* The last blocks were posted before it ended. */
	if (!holds(s))
		sort_mail(s);
	if (holds(s))
		return 0;
	return failed ? failed : 1;
}

const struct flow_table *source_flows(const struct source *s)
{
	return &s->flows;
}

void source_stats(const struct source *s, struct capture_stats *out)
{
	memset(out, 0, sizeof *out);
	for (unsigned i = 0; i < s->count; i++) {
		struct capture_stats one;

		capture_stats(s->lanes[i].capture, &one);
		out->received += one.received;
		out->bytes += one.bytes;
		out->dropped_kernel += one.dropped_kernel;
		out->dropped_interface += one.dropped_interface;
		out->dropped_here += one.dropped_here;
	}
}

struct note *source_note(struct source *s, uint64_t number)
{
	struct note *n;

	if (number == UINT64_MAX)
		fetch_notes(s);
	n = s->notes;
	if (!n || n->packet > number)
		return NULL;
	s->notes = n->next;
	return n;
}

struct packet_owners *source_owners(struct source *s, uint32_t flow)
{
	struct flow *f = &s->flows.flows[flow];

	if (!f->owners && s->owned < SOURCE_OWNED) {
		f->owners = mem_alloc(sizeof *f->owners);
		f->owners->end[0].fd = f->owners->end[1].fd = -1;
		s->owned++;
	}
	return f->owners;
}

uint64_t source_backlog(struct source *s)
{
	return mailbox_weight(&s->box);
}

char *source_interface(struct source *s, const struct packet *p, char out[64])
{
	unsigned i = p->source < s->count ? p->source : 0;

	return capture_interface(s->lanes[i].capture, p->ifindex, out);
}
