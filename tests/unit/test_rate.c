/* Rates between two looks: never negative, never from nothing. */
#include "core/rate.h"

#include "core/sock_column.h"
#include "util/buf.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SECOND UINT64_C(1000000000)

static const struct {
	const char *what;
	struct rate_counts before, now;
	uint64_t ns;
	struct sock_rate rate;
} cases[] = {
	{ "it moves", { 1000, 50, 0 }, { 3000, 550, 1 }, SECOND, { true, 2000, 500, 1000 } },
	{ "half a second", { 0, 0, 0 }, { 100, 7, 2 }, SECOND / 2, { true, 200, 14, 4000 } },
	{ "three seconds", { 0, 0, 0 }, { 100, 0, 1 }, 3 * SECOND, { true, 33, 0, 333 } },
	{ "it stands", { 9, 9, 9 }, { 9, 9, 9 }, SECOND, { true, 0, 0, 0 } },
	{ "it was reset: sent", { 1000, 50, 0 }, { 0, 50, 0 }, SECOND, { 0 } },
	{ "it was reset: received", { 1000, 50, 0 }, { 2000, 0, 0 }, SECOND, { 0 } },
	{ "it was reset: retransmits", { 1000, 50, 3 }, { 2000, 60, 0 }, SECOND, { 0 } },
	{ "no time between", { 0, 0, 0 }, { 1000, 0, 0 }, 0, { 0 } },
	{ "hardly any", { 0, 0, 0 }, { 1000, 0, 0 }, 1000, { 0 } },
	{ "as much as can be",
	  { 0, 0, 0 },
	  { UINT64_MAX / 4, 0, 0 },
	  SECOND,
	  { true, UINT64_MAX / 4, 0, 0 } },
};

Test(rate, between_two_looks)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sock_rate r = rate_between(&cases[i].before, &cases[i].now, cases[i].ns);

		cr_expect(r.known == cases[i].rate.known && r.in == cases[i].rate.in &&
				  r.retransmits == cases[i].rate.retransmits,
			  "%s", cases[i].what);
		cr_expect_leq(r.out > cases[i].rate.out ? r.out - cases[i].rate.out
							: cases[i].rate.out - r.out,
			      4096, "%s", cases[i].what);
		cr_expect(rate_moves(&r) == (r.in || r.out || r.retransmits), "%s", cases[i].what);
	}
}

static void add(struct snapshot *s, uint64_t cookie, uint64_t sent, bool tcp)
{
	struct sock k = {
		.family = AF_INET, .type = SOCK_STREAM, .protocol = IPPROTO_TCP, .cookie = cookie
	};

	k.known = SOCK_HAS_COOKIE | (tcp ? SOCK_HAS_TCP : 0);
	k.tcp.bytes_sent = sent;
	k.tcp.bytes_received = sent / 2;
	snapshot_add(s, &k, 1);
}

static const struct sock_rate *of(const struct snapshot *s, const struct sock_rate *rates,
				  uint64_t cookie)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->records[i].cookie == cookie)
			return &rates[i];
	return NULL;
}

Test(rate, of_snapshots_goes_by_identity)
{
	struct snapshot before = { .mono_ns = 5 * SECOND }, now = { .mono_ns = 7 * SECOND };
	struct rate_memory memory = { 0 };
	struct sock_rate *rates;

	add(&before, 1, 1000, true);
	add(&before, 2, 500000, true);
	add(&before, 3, 70, true);
	add(&before, 4, 0, false);
	add(&now, 3, 70, true);
	add(&now, 9, 1u << 30, true); /* new: what it has moved is older than the first look, or not */
	add(&now, 1, 5000, true);
	add(&now, 4, 40, true); /* nothing was known of it */
	add(&now, 5, 0, false);
	snapshot_settle(&before);
	snapshot_settle(&now);
	rates = rates_next(&memory, &before);
	cr_expect_not(of(&before, rates, 1)->known, "the first look");
	free(rates);
	rates = rates_next(&memory, &now);
	cr_expect(of(&now, rates, 1)->known);
	cr_expect_eq(of(&now, rates, 1)->out, 2000);
	cr_expect_eq(of(&now, rates, 1)->in, 1000);
	cr_expect(of(&now, rates, 3)->known);
	cr_expect_eq(of(&now, rates, 3)->out, 0);
	cr_expect_not(of(&now, rates, 9)->known);
	cr_expect_eq(of(&now, rates, 9)->out, 0);
	cr_expect_not(of(&now, rates, 4)->known);
	cr_expect_not(of(&now, rates, 5)->known);
	free(rates);
	now.mono_ns += SECOND;
	rates = rates_next(&memory, &now); /* nothing has moved since */
	cr_expect(of(&now, rates, 9)->known);
	cr_expect_eq(of(&now, rates, 9)->out, 0);
	free(rates);
	rates_forget(&memory);
	now.mono_ns += SECOND;
	rates = rates_next(&memory, &now);
	cr_expect_not(of(&now, rates, 1)->known, "it was forgotten");
	free(rates);
	rates_forget(&memory);
	snapshot_done(&before);
	snapshot_done(&now);
}

Test(rate, columns)
{
	static const struct {
		const char *column, *text, *value;
	} said[] = {
		{ "rate-out", "2.0K/s", "2048" },
		{ "rate_in", "7/s", "7" },
		{ "RATE-RETRANS", "0.25/s", "0.25" },
	};
	const struct sock_rate known = { true, 2048, 7, 250 }, unknown = { 0 };
	struct sock k = { .family = AF_INET, .type = SOCK_STREAM, .protocol = IPPROTO_TCP };
	struct sock_view v = { .sock = &k };

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		const struct socket_column *c = column_find(said[i].column, strlen(said[i].column));
		struct buf text = { 0 };

		cr_assert_not_null(c, "%s", said[i].column);
		v.rate = &known;
		column_text(c, &v, &text);
		cr_expect_str_eq(buf_text(&text), said[i].text);
		buf_clear(&text);
		column_value(c, &v, &text);
		cr_expect_str_eq(buf_text(&text), said[i].value);
		buf_clear(&text);
		v.rate = &unknown;
		column_text(c, &v, &text);
		v.rate = NULL;
		column_value(c, &v, &text);
		cr_expect_eq(text.len, 0, "%s: %s", said[i].column, buf_text(&text));
		buf_done(&text);
	}
}

Test(rate, thousandths)
{
	static const struct {
		uint64_t thousandths;
		const char *text;
	} said[] = { { 0, "0" },       { 5, "0.005" },
		     { 50, "0.05" },   { 500, "0.5" },
		     { 1000, "1" },    { 12345, "12.345" },
		     { 2020, "2.02" }, { UINT64_MAX, "18446744073709551.615" } };
	char out[24];

	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		cr_expect_str_eq(column_milli(out, said[i].thousandths), said[i].text);
}
