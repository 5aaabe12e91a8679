/* Where packets come from, once there is more than libpcap: each source with its counters, and what
 * it cannot see. */
#include "inspect_inside.h"

#include "util/text.h"

#include <string.h>

static void add_source(struct sheet *out, const struct session *s, unsigned tap)
{
	const struct tap *t = &s->taps[tap];
	unsigned long long dropped;
	struct capture_stats stats;
	char bytes[32];

	session_tap_stats(s, tap, &stats);
	dropped = stats.dropped_kernel + stats.dropped_interface + stats.dropped_here;
	sheet_pair(out, dropped ? ROLE_WARN : ROLE_VALUE, tap_mark(tap), "%llu packet%s, %s bytes, %llu dropped%s",
		   (unsigned long long)stats.received, stats.received == 1 ? "" : "s",
		   text_size(bytes, sizeof bytes, stats.bytes), dropped, t->capture ? "" : ", off");
	if (t->error.code)
		sheet_line(out, ROLE_WARN, "%s", t->error.text);
}

static bool worth_telling(const struct tap *t)
{
	return t->capture || t->past.received || t->error.code;
}

void inspect_sources(struct sheet *out, const struct session *s)
{
	const char *said = NULL;
	bool raw = false;

	for (unsigned i = TAP_RAW; i < TAPS; i++)
		raw |= worth_telling(&s->taps[i]);
	if (!raw)
		return;
	sheet_head(out, "SOURCES");
	for (unsigned i = 0; i < TAPS; i++) {
		if (!worth_telling(&s->taps[i]))
			continue;
		if (said && strcmp(said, tap_blind(i)) != 0)
			sheet_line(out, ROLE_DIM, "%s", said);
		said = tap_blind(i);
		add_source(out, s, i);
	}
	if (said)
		sheet_line(out, ROLE_DIM, "%s", said);
}
