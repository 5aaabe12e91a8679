#include "ui/ladder_seek.h"

#include "ui/packet_find.h"

#include <string.h>

struct seek {
	const struct ladder *l;
	const struct session *s;
	const struct needle *needle; /* NULL: like `like` */
	const struct ladder_event *like;
	struct buf text;
};

static const struct ladder_event *event_at(const struct ladder *l, size_t row)
{
	return row < l->row_count && l->rows[row].kind == LADDER_ROW_EVENT ? &l->events[l->rows[row].event] : NULL;
}

static bool same_call(const char *a, const char *b)
{
	size_t len = strcspn(a, "(");

	return len == strcspn(b, "(") && !strncmp(a, b, len);
}

static bool same_event(const struct session *s, const struct ladder *l, const struct ladder_event *a,
		       const struct ladder_event *b)
{
	const struct packet *x, *y;

	if (a->kind != b->kind || a == b)
		return false;
	switch (a->kind) {
	case LADDER_STATE: return a->state == b->state;
	case LADDER_DATA: return true;
	case LADDER_PACKET:
		x = session_packet(s, a->number, NULL);
		y = session_packet(s, b->number, NULL);
		return x && y && packet_same(x, y);
	default: return same_call(l->text + a->call, l->text + b->call);
	}
}

static bool contains(struct seek *f, const struct ladder_event *e)
{
	const struct ladder_words all = { 1000, f->s->settings.ascii, true };
	const struct packet *packet;
	const uint8_t *bytes;

	buf_clear(&f->text);
	ladder_say(f->l, e, &all, &f->text);
	if (needle_in_text(f->needle, buf_text(&f->text)))
		return true;
	packet = e->kind == LADDER_PACKET ? session_packet(f->s, e->number, &bytes) : NULL;
	return packet && needle_in_bytes(f->needle, bytes, packet->cap, 0) != NEEDLE_NONE;
}

static bool holds(void *ctx, size_t row)
{
	struct seek *f = ctx;
	const struct ladder_event *e = event_at(f->l, row);

	if (!e)
		return false;
	return f->needle ? contains(f, e) : f->like && same_event(f->s, f->l, f->like, e);
}

enum found ladder_seek(const struct ladder *l, const struct session *s, const struct needle *n, size_t from, int way,
		       size_t *at)
{
	struct seek f = { l, s, n, NULL, { 0 } };
	enum found found = find_row(l->row_count, from, way, holds, &f, at);

	buf_done(&f.text);
	return found;
}

enum found ladder_seek_same(const struct ladder *l, const struct session *s, size_t from, int way, size_t *at)
{
	struct seek f = { l, s, NULL, event_at(l, from), { 0 } };

	return find_row(l->row_count, from, way, holds, &f, at);
}
