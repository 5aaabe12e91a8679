#include "ui/call_find.h"

#include "util/buf.h"

#include <string.h>

bool call_contains(const struct call *c, const struct needle *n, bool ascii)
{
	struct buf text = { 0 };
	bool found;

	buf_printf(&text, "%s ", c->name);
	call_format(c, ascii, &text);
	found = needle_in_text(n, buf_text(&text));
	buf_done(&text);
	return found || (c->data && needle_in_bytes(n, c->data, c->data_len, 0) != NEEDLE_NONE);
}

bool call_same(const struct call *a, const struct call *b)
{
	return a->verb && b->verb && !strcmp(a->verb, b->verb);
}
