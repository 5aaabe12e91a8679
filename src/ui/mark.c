#include "ui/mark.h"

#include "util/buf.h"
#include "util/text.h"

#include <stdio.h>

bool mark_counts(const struct session *s)
{
	return s->since_mark && s->mark.at_ns;
}

char *mark_time(const struct session *s, uint64_t at_ns, uint64_t since_ns, char *out, size_t size, int cells)
{
	uint64_t from = mark_counts(s) ? s->mark.at_ns : since_ns;
	bool before = at_ns < from;
	double seconds = (double)(before ? from - at_ns : at_ns - from) / 1e9;
	const char *sign = mark_counts(s) ? before ? "-" : "+" : "";
	int decimals = 6;

	if (before && !mark_counts(s))
		seconds = 0;
	while (snprintf(out, size, "%s%.*f", sign, decimals, seconds) > cells && decimals > 0)
		decimals--;
	return out;
}

void mark_words(const struct session *s, uint64_t at_ns, struct buf *out)
{
	const struct mark *m = &s->mark;
	bool before = at_ns < m->at_ns;
	char text[32];

	if (!m->at_ns || !at_ns)
		return;
	if (at_ns == m->at_ns) {
		buf_printf(out, "at the mark, %s · ", m->what);
		return;
	}
	text_duration(text, sizeof text, before ? m->at_ns - at_ns : at_ns - m->at_ns, s->settings.ascii);
	buf_printf(out, "%s %s %s · ", text, before ? "before" : "after", m->what);
}
