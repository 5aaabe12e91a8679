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
	{ "as much as can be", { 0, 0, 0 }, { UINT64_MAX / 4, 0, 0 }, SECOND, { true, UINT64_MAX / 4, 0, 0 } },
};

Test(rate, between_two_looks)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sock_rate r = rate_between(&cases[i].before, &cases[i].now, cases[i].ns);

		cr_expect(r.known == cases[i].rate.known && r.in == cases[i].rate.in &&
				  r.retransmits == cases[i].rate.retransmits,
			  "%s", cases[i].what);
		cr_expect_leq(r.out > cases[i].rate.out ? r.out - cases[i].rate.out : cases[i].rate.out - r.out, 4096,
			      "%s", cases[i].what);
		cr_expect(rate_moves(&r) == (r.in || r.out || r.retransmits), "%s", cases[i].what);
	}
}

static void add(struct snapshot *s, uint64_t cookie, uint64_t sent, bool tcp)
{
	struct sock k = { .family = AF_INET, .type = SOCK_STREAM, .protocol = IPPROTO_TCP, .cookie = cookie };

	k.known = SOCK_HAS_COOKIE | (tcp ? SOCK_HAS_TCP : 0);
	k.tcp.bytes_sent = sent;
	k.tcp.bytes_received = sent / 2;
	snapshot_add(s, &k, 1);
}

static const struct sock_rate *of(const struct snapshot *s, const struct rates *rates, uint64_t cookie)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->records[i].cookie == cookie)
			return rates_of(rates, i);
	return NULL;
}

Test(rate, of_snapshots_goes_by_identity)
{
	struct snapshot before = { .mono_ns = 5 * SECOND }, now = { .mono_ns = 7 * SECOND }, later;
	struct rates rates;

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
	rates_make(&rates, NULL, &before);
	cr_expect_not(of(&before, &rates, 1)->known, "the first look");
	rates_done(&rates);
	rates_make(&rates, &before, &now);
	cr_expect(of(&now, &rates, 1)->known);
	cr_expect_eq(of(&now, &rates, 1)->out, 2000);
	cr_expect_eq(of(&now, &rates, 1)->in, 1000);
	cr_expect(of(&now, &rates, 3)->known);
	cr_expect_eq(of(&now, &rates, 3)->out, 0);
	cr_expect_not(of(&now, &rates, 9)->known);
	cr_expect_eq(of(&now, &rates, 9)->out, 0);
	cr_expect_not(of(&now, &rates, 4)->known);
	cr_expect_not(of(&now, &rates, 5)->known);
	cr_expect_eq(rates.count, 1, "those at rest take no room");
	rates_done(&rates);
	later = now;
	later.mono_ns += SECOND;
	rates_make(&rates, &now, &later); /* nothing has moved since */
	cr_expect(of(&later, &rates, 9)->known);
	cr_expect_eq(of(&later, &rates, 9)->out, 0);
	rates_done(&rates);
	rates_make(&rates, &now, &now);
	cr_expect_not(of(&now, &rates, 1)->known, "no time has passed");
	rates_done(&rates);
	snapshot_done(&before);
	snapshot_done(&now);
}

/* Hundreds of sockets of which every third moves: each has its own rate. */
Test(rate, of_many_that_move)
{
	enum { MANY = 500 };
	struct snapshot before = { .mono_ns = SECOND }, now = { .mono_ns = 2 * SECOND };
	struct rates rates;

	for (uint64_t i = 1; i <= MANY; i++) {
		add(&before, i, 4, true);
		add(&now, i, i % 3 ? 4 : 4 + i, true);
	}
	snapshot_settle(&before);
	snapshot_settle(&now);
	rates_make(&rates, &before, &now);
	cr_expect_eq(rates.count, MANY / 3);
	for (uint64_t i = 1; i <= MANY; i++) {
		cr_expect(of(&now, &rates, i)->known);
		cr_expect_eq(of(&now, &rates, i)->out, i % 3 ? 0 : i);
	}
	rates_done(&rates);
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
	} said[] = { { 0, "0" },    { 5, "0.005" },      { 50, "0.05" },   { 500, "0.5" },
		     { 1000, "1" }, { 12345, "12.345" }, { 2020, "2.02" }, { UINT64_MAX, "18446744073709551.615" } };
	char out[24];

	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		cr_expect_str_eq(column_milli(out, said[i].thousandths), said[i].text);
}
