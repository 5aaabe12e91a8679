#include "session/opened.h"

#include "inside.h"

#include "capture/spool.h"
#include "session/replay.h"
#include "util/clock.h"
#include "util/mem.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>

enum {
	FLOWS_MOST = 1 << 22,
	TURN_NS = 4000000,   /* adopting takes at most so long at a time */
	ROWS_NS = 100000000, /* between two looks at the rows while packets come, */
	ROWS_EACH_NS = 5000, /* and longer where there are many of them */
	FIRST_ROWS = 1,      /* packets after which the first rows are made at once */
};

static bool read_bytes(void *ctx, uint64_t offset, void *out, size_t len)
{
	return spool_read(((const struct opened *)ctx)->spool, offset, out, len);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!strcmp(path, "-"))
		return "standard input";
	return slash && slash[1] ? slash + 1 : path;
}

/* True: everything that there is was posted by now. */
static bool look_at_progress(struct session *s, struct opened *o)
{
	struct capture *c = s->taps[TAP_LIVE].capture;
	struct capture_progress now;

	if (!c)
		return o->ended;
	capture_progress(c, &now);
	o->damage = now.tail;
	o->done = now.done;
	o->size = now.size;
	return now.at_end;
}

/* Whatever was seen before is not of this file. */
static void begin(struct session *s, struct opened *o)
{
	flow_table_done(&s->flows);
	flow_table_init(&s->flows, FLOWS_MOST);
	recorder_done(&s->recorder);
	recorder_init(&s->recorder, UINT64_MAX);
	recorder_index(&s->recorder, read_bytes, o);
	s->opened = o;
	s->scope = SCOPE_FILE;
	s->selected = ROW_KEY_ALL;
	s->rows_stale = true;
	session_rebuild_rows(s);
}

int opened_open(struct session *s, const char *path, struct err *e)
{
	struct capture_config config = { .kind = CAPTURE_FILE, .device = path, .placed = true };
	struct opened *o;
	int rc = session_tap_start(s, TAP_LIVE, &config, e);

	if (rc)
		return rc;
	o = mem_alloc(sizeof *o);
	o->path = mem_string(path);
	text_clean_to(o->name, sizeof o->name, base_name(path), strlen(base_name(path)));
	o->spool = capture_spool(s->taps[TAP_LIVE].capture);
	o->keeps = spool_is_copy(o->spool) ? SPOOL_MOST : 0;
	look_at_progress(s, o);
	begin(s, o);
	return 0;
}

void opened_free(struct opened *o)
{
	if (!o)
		return;
	for (struct mail *m = o->head, *next; m; m = next) {
		next = m->next;
		free(m);
	}
	replay_free(o->replay);
	spool_drop(o->spool);
	free(o->path);
	free(o);
}

/* --- adopting --- */

/* What the flow table needs the bytes of: pieces, of which datagrams are put together, and ICMP errors,
 * which quote a packet. */
static bool needs_bytes(const struct packet *p)
{
	return p->fragment || decode_quotes(p);
}

static void enter(struct session *s, struct packet *p)
{
	const struct opened *o = s->opened;
	uint8_t *bytes = NULL;

	if (needs_bytes(p)) {
		bytes = mem_array(p->cap ? p->cap : 1, 1);
		if (!spool_read(o->spool, p->offset, bytes, p->cap)) {
			free(bytes);
			bytes = NULL;
		}
	}
	flow_table_add(&s->flows, p, bytes);
	free(bytes);
}

static void adopt(struct session *s, struct block *b)
{
	enum { AHEAD = 16 };
	struct opened *o = s->opened;
	uint32_t hashes[AHEAD];

	recorder_number(&s->recorder, b);
	o->packets += b->count;
	for (uint32_t i = 0; i < b->count; i++) {
		struct packet *p = &b->packets[i];

		if (i % AHEAD == 0)
			flow_table_ahead(&s->flows, p, b->count - i < AHEAD ? b->count - i : AHEAD, hashes);
		if (needs_bytes(p))
			enter(s, p);
		else
			flow_table_add_hashed(&s->flows, p, NULL, hashes[i % AHEAD]);
		recorder_put(&s->recorder, p);
		o->bytes += p->len;
		o->malformed += p->status == PACKET_MALFORMED;
		o->fragments += p->fragment;
		o->no_flow += p->flow == FLOW_NONE;
		if (!o->first_ns || p->at_ns < o->first_ns)
			o->first_ns = p->at_ns;
		if (p->at_ns > o->last_ns)
			o->last_ns = p->at_ns;
	}
}

static struct block *next_block(struct session *s)
{
	struct opened *o = s->opened;
	struct mail *m;

	if (!o->head)
		o->head = mailbox_take(&s->box);
	m = o->head;
	if (m)
		o->head = m->next;
	return (struct block *)m;
}

/* A placed capture's own packets that are written on (-w) are read again. */
static void record(struct session *s, struct block *b)
{
	for (uint32_t i = 0; s->record && i < b->count; i++)
		session_record_number(s, b->packets[i].number);
}

bool opened_adopt(struct session *s)
{
	uint64_t until = clock_mono_ns() + TURN_NS;
	bool any = false, at_end = look_at_progress(s, s->opened), read;
	struct block *b;

	do {
		b = next_block(s);
		if (b && b->count)
			adopt(s, b);
		if (b && b->count)
			record(s, b);
		if (b && !b->count && b->used)
			replay_take(s, b->bytes, b->used);
		any |= b != NULL;
		if (b)
			capture_give_back(s->taps[TAP_LIVE].capture, b);
	} while (b && clock_mono_ns() < until);
	read = at_end && !b;
	if (any || read != s->opened->read || s->opened->behind)
		session_touch(s);
	s->opened->behind = false;
	s->opened->read = read;
	return any;
}

bool opened_is_file(const struct session *s)
{
	return s->opened && s->opened->size;
}

bool opened_waits(const struct session *s)
{
	return s->opened && (s->opened->head || s->opened->behind);
}

void opened_ended(struct session *s, const struct err *why)
{
	s->opened->ended = true;
	s->opened->damage = *why;
	session_touch(s);
}

uint64_t opened_turn(const struct session *s)
{
	enum { LOOK_NS = 6000000 };

	return s->opened ? clock_mono_ns() + LOOK_NS : UINT64_MAX;
}

bool opened_has_time(const struct session *s, size_t i, uint64_t until)
{
	enum { EACH = 64 }; /* the clock is not asked for every one */

	if (!s->opened || i % EACH || clock_mono_ns() < until)
		return true;
	s->opened->behind = true;
	return false;
}

/* Making the rows costs time for each: where there are hundreds of thousands, it is done less
 * often. */
uint64_t opened_rows_until(const struct session *s)
{
	const struct opened *o = s->opened;

	if (!o || s->scope != SCOPE_FILE || o->rows_packets == s->recorder.next)
		return UINT64_MAX;
	if (o->read || o->rows_packets <= FIRST_ROWS)
		return 0;
	return o->rows_ns + ROWS_NS + s->row_count * (uint64_t)ROWS_EACH_NS;
}
