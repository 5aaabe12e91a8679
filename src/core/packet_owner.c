#include "core/packet_owner.h"

#include "util/buf.h"
#include "util/json.h"
#include "util/text.h"

#include <string.h>

enum { ENDS = 2 };
static const char *const ends[ENDS] = { "src", "dst" };

static size_t name_len(const struct end_owner *o)
{
	return strnlen(o->process, sizeof o->process);
}

bool packet_owners_known(const struct packet_owners *o)
{
	return o && (o->end[0].pid || o->end[1].pid);
}

void packet_owners_note(const struct packet_owners *o, struct buf *out)
{
	bool more = false;

	for (unsigned i = 0; o && i < ENDS; i++) {
		const struct end_owner *e = &o->end[i];

		if (!e->pid)
			continue;
		buf_printf(out, "%s%s pid %u ", more ? "; " : "", ends[i], e->pid);
		if (e->fd >= 0)
			buf_printf(out, "fd %d ", e->fd);
		if (e->state != STATE_NONE)
			buf_printf(out, "%s ", state_name(e->state));
		text_quote(out, e->process, name_len(e));
		more = true;
	}
}

/* --- reading it back --- */

struct text {
	const char *at, *end;
};

static bool word(struct text *t, const char *expected)
{
	size_t len = strlen(expected);

	if ((size_t)(t->end - t->at) < len || memcmp(t->at, expected, len) != 0)
		return false;
	t->at += len;
	return true;
}

static bool number(struct text *t, uint32_t most, uint32_t *out)
{
	const char *from = t->at;
	uint64_t value = 0;

	while (t->at < t->end && *t->at >= '0' && *t->at <= '9' && value <= most)
		value = value * 10 + (uint64_t)(*t->at++ - '0');
	*out = (uint32_t)value;
	return t->at > from && value <= most;
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character behind a backslash, or two digits of \xHH. -1: none of ours. */
static int escape(struct text *t)
{
	static const char letters[] = "\"\\nrt0", values[] = "\"\\\n\r\t";
	const char *known;
	int high, low;

	if (t->at == t->end)
		return -1;
	known = *t->at ? strchr(letters, *t->at) : NULL;
	if (known) {
		t->at++;
		return values[known - letters];
	}
	if (t->end - t->at < 3 || *t->at != 'x')
		return -1;
	high = digit(t->at[1]);
	low = digit(t->at[2]);
	t->at += 3;
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static bool quoted(struct text *t, char out[16])
{
	size_t used = 0;

	if (!word(t, "\""))
		return false;
	while (t->at < t->end && *t->at != '"') {
		int c = (unsigned char)*t->at++;

		if (c == '\\')
			c = escape(t);
		if (c < 0 || used == 15)
			return false;
		out[used++] = (char)c;
	}
	return word(t, "\"");
}

static bool clause(struct text *t, unsigned end, struct end_owner *o)
{
	const char *space;
	uint32_t fd;

	*o = (struct end_owner){ .fd = -1 };
	if (!word(t, ends[end]) || !word(t, " pid ") || !number(t, UINT32_MAX, &o->pid) || !word(t, " "))
		return false;
	if (word(t, "fd ")) {
		if (!number(t, INT32_MAX, &fd) || !word(t, " "))
			return false;
		o->fd = (int32_t)fd;
	}
	if (t->at < t->end && *t->at != '"') {
		space = memchr(t->at, ' ', (size_t)(t->end - t->at));
		if (!space)
			return false;
		o->state = state_find(t->at, (size_t)(space - t->at));
		if (o->state == STATE_NONE)
			return false;
		t->at = space + 1;
	}
	return quoted(t, o->process);
}

static bool line(struct text t, struct packet_owners *out)
{
	bool found = false;

	for (unsigned i = 0; i < ENDS; i++) {
		struct end_owner o;
		struct text try = t;

		if (found && !word(&try, "; "))
			break;
		if (!clause(&try, i, &o))
			continue;
		out->end[i] = o;
		found = true;
		t = try;
	}
	return found && t.at == t.end;
}

bool packet_owners_read(const char *comment, size_t len, struct packet_owners *out)
{
	const char *end = comment + len;

	while (comment < end) {
		const char *stop = comment;

		while (stop < end && *stop != '\n' && *stop)
			stop++;
		*out = (struct packet_owners){ 0 };
		if (line((struct text){ comment, stop }, out))
			return true;
		comment = stop < end ? stop + 1 : end;
	}
	*out = (struct packet_owners){ 0 };
	return false;
}

/* --- for people, for programs --- */

void packet_owners_words(const struct packet_owners *o, bool ascii, struct buf *out)
{
	const struct end_owner *a = &o->end[0], *b = &o->end[1];

	if (a->pid && !b->pid)
		buf_puts(out, "from ");
	if (a->pid)
		text_clean(out, a->process, name_len(a));
	if (a->pid && b->pid)
		buf_puts(out, ascii ? " -> " : " → ");
	else if (b->pid)
		buf_puts(out, "to ");
	if (b->pid)
		text_clean(out, b->process, name_len(b));
}

void end_owner_json(struct json *j, const char *key, const char *end, const struct end_owner *o)
{
	if (!o->pid) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	if (end)
		json_string(j, "end", end);
	json_uint(j, "pid", o->pid);
	if (o->fd >= 0)
		json_int(j, "fd", o->fd);
	else
		json_null(j, "fd");
	json_bytes(j, "process", o->process, name_len(o));
	json_string(j, "state", o->state == STATE_NONE ? NULL : state_name(o->state));
	json_end(j, '}');
}
