#include "ui/trend.h"

#include "util/text.h"

#include <stdio.h>
#include <string.h>

#define SECOND_NS UINT64_C(1000000000)

static uint64_t bytes_out(const struct row *r)
{
	return r->sock->known & SOCK_HAS_TCP ? r->sock->tcp.bytes_sent : r->own ? r->own->sent : 0;
}

static uint64_t bytes_in(const struct row *r)
{
	return r->sock->known & SOCK_HAS_TCP ? r->sock->tcp.bytes_received
	       : r->own                      ? r->own->received
					     : 0;
}

static void push(struct trend *t, enum trend_series which, uint64_t value)
{
	uint64_t *s = t->series[which];

	if (t->count == TREND_SAMPLES)
		memmove(s, s + 1, (TREND_SAMPLES - 1) * sizeof *s);
	s[t->count == TREND_SAMPLES ? TREND_SAMPLES - 1 : t->count] = value;
}

static uint64_t rate(uint64_t now, uint64_t before, uint64_t ns)
{
	return now > before && ns ? (uint64_t)((double)(now - before) * 1e9 / (double)ns) : 0;
}

void trend_settle(struct trend *t, const struct row *r, uint64_t now_ns, uint64_t every_ns)
{
	const struct sock *k = r ? r->sock : NULL;
	bool tcp = k && (k->known & SOCK_HAS_TCP), first;
	uint64_t passed;

	if (!r || t->key != r->key)
		*t = (struct trend){ .key = r ? r->key : 0 };
	if (!r)
		return;
	first = !t->at_ns;
	passed = now_ns - t->at_ns;
	if (!first && passed < (every_ns > SECOND_NS ? every_ns : SECOND_NS))
		return;
	push(t, TREND_RTT, tcp ? k->tcp.rtt_us : 0);
	push(t, TREND_CWND, tcp ? k->tcp.cwnd : 0);
	push(t, TREND_OUT, first ? 0 : rate(bytes_out(r), t->out, passed));
	push(t, TREND_IN, first ? 0 : rate(bytes_in(r), t->in, passed));
	push(t, TREND_RECV_Q, k->state == STATE_LISTEN && r->own ? r->own->waiting : k->recv_q);
	push(t, TREND_SEND_Q, k->state == STATE_LISTEN ? 0 : k->send_q);
	t->out = bytes_out(r);
	t->in = bytes_in(r);
	t->at_ns = now_ns;
	if (t->count < TREND_SAMPLES)
		t->count++;
}

enum unit { UNIT_MICRO, UNIT_COUNT, UNIT_BYTES_S, UNIT_SIZE };

static const struct {
	const char *label;
	enum unit unit;
	enum role role;
} shown[TREND_COUNT] = {
	[TREND_RTT] = { "rtt", UNIT_MICRO, ROLE_HEX_TEXT },
	[TREND_CWND] = { "cwnd", UNIT_COUNT, ROLE_HEX_TEXT },
	[TREND_OUT] = { "out", UNIT_BYTES_S, ROLE_OUT },
	[TREND_IN] = { "in", UNIT_BYTES_S, ROLE_IN },
	[TREND_RECV_Q] = { "recv-q", UNIT_SIZE, ROLE_WARN },
	[TREND_SEND_Q] = { "send-q", UNIT_SIZE, ROLE_WARN },
};

static void words(enum unit unit, uint64_t value, bool ascii, char *out, size_t size)
{
	char text[32];

	switch (unit) {
	case UNIT_MICRO: text_duration(out, size, value * 1000, ascii); break;
	case UNIT_COUNT: snprintf(out, size, "%llu", (unsigned long long)value); break;
	case UNIT_BYTES_S: snprintf(out, size, "%s/s", text_size(text, sizeof text, value)); break;
	case UNIT_SIZE: text_size(out, size, value); break;
	}
}

void trend_sheet(const struct trend *t, struct sheet *out, bool ascii)
{
	bool begun = false;

	for (int i = 0; t->count > 1 && i < TREND_COUNT; i++) {
		uint64_t most = 0;
		char now[40];

		for (size_t k = 0; k < t->count; k++)
			if (t->series[i][k] > most)
				most = t->series[i][k];
		if (!most)
			continue;
		if (!begun)
			sheet_head(out, "LAST TWO MINUTES");
		begun = true;
		words(shown[i].unit, t->series[i][t->count - 1], ascii, now, sizeof now);
		sheet_spark(out, shown[i].role, shown[i].label, t->series[i], t->count, "%s", now);
	}
}
