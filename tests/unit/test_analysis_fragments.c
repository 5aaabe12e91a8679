/* Datagrams from pieces: in any order, twice, with contradictions, too late, too large, too many. */
#include "analysis/fragments.h"
#include "decode/decode.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER4 = 20, HEADER6 = 48, RAW = 101 };

struct world {
	struct fragments *f;
	uint64_t number, now_ns;
	bool six;
	uint32_t id;
	uint32_t snap; /* bytes captured at most; 0: all */
};

static void begin(struct world *w, bool six)
{
	memset(w, 0, sizeof *w);
	w->f = fragments_new(1);
	w->six = six;
	w->id = 1;
	w->now_ns = 1000000000;
}

/* Bytes [offset, offset + len) of a datagram that holds UDP ports 5 and 6 and then its own offsets. */
static void content(uint8_t *out, uint32_t offset, uint32_t len, uint32_t total)
{
	for (uint32_t i = 0; i < len; i++)
		out[i] = (uint8_t)((offset + i) * 7);
	if (!offset && len >= 8) {
		memcpy(out, (const uint8_t[]){ 0, 5, 0, 6, 0, 0, 0, 0 }, 8);
		out[4] = (uint8_t)(total >> 8);
		out[5] = (uint8_t)total;
	}
}

static struct fragments_news piece(struct world *w, uint32_t offset, uint32_t len, bool more, uint8_t first_byte)
{
	uint32_t header = w->six ? HEADER6 : HEADER4, size = header + len;
	uint8_t *b = calloc(size, 1);
	struct packet p = { .number = ++w->number,
			    .at_ns = w->now_ns,
			    .linktype = RAW,
			    .cap = w->snap && w->snap < size ? w->snap : size,
			    .len = size,
			    .flow = UINT32_MAX };
	struct fragments_news news;

	if (w->six) {
		b[0] = 0x60;
		b[4] = (uint8_t)((len + 8) >> 8);
		b[5] = (uint8_t)(len + 8);
		b[6] = 44;
		b[23] = 1;
		b[39] = 2;
		b[40] = 17;
		b[42] = (uint8_t)(offset >> 8);
		b[43] = (uint8_t)(offset | more);
		b[47] = (uint8_t)w->id;
		b[46] = (uint8_t)(w->id >> 8);
	} else {
		memcpy(b, (const uint8_t[]){ 0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2 }, 20);
		b[2] = (uint8_t)(size >> 8);
		b[3] = (uint8_t)size;
		b[4] = (uint8_t)(w->id >> 8);
		b[5] = (uint8_t)w->id;
		b[6] = (uint8_t)(offset / 8 >> 8 | (more ? 0x20 : 0));
		b[7] = (uint8_t)(offset / 8);
	}
	content(b + header, offset, len, 100);
	if (first_byte)
		b[header] = first_byte;
	b = realloc(b, p.cap); /* the sanitizer sees a byte too many */
	decode_summary(&p, b);
	cr_assert(p.fragment);
	news = fragments_add(w->f, &p, b);
	free(b);
	return news;
}

static void is_whole(const struct fragments_news *n, uint32_t pieces, uint32_t length)
{
	uint8_t want[256];

	cr_assert(n->whole);
	cr_expect_eq(n->whole->pieces, pieces);
	cr_expect_eq(n->whole->length, length);
	cr_expect_eq(n->whole->packet.status, PACKET_WHOLE, "%s", n->whole->packet.note);
	cr_expect(n->whole->packet.has_ports && n->whole->packet.sport == 5);
	content(want, 0, length, 100);
	cr_expect_arr_eq(n->whole->bytes + n->whole->packet.len - length, want, length);
}

Test(fragments, in_any_order)
{
	static const unsigned orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
					       { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	struct fragments_news n;
	struct world w;

	for (unsigned six = 0; six < 2; six++)
		for (unsigned i = 0; i < 6; i++) {
			begin(&w, six);
			for (unsigned k = 0; k < 3; k++) {
				unsigned part = orders[i][k];

				n = piece(&w, 40 * part, part == 2 ? 20 : 40, part != 2, 0);
				cr_expect_eq(n.whole != NULL, k == 2);
				cr_expect(!n.has_ports || n.sport == 5);
			}
			is_whole(&n, 3, 100);
			cr_expect(n.has_ports && n.dport == 6);
			cr_expect_eq(fragments_find(w.f, 3), n.whole);
			cr_expect_null(fragments_find(w.f, 2));
			fragments_free(w.f);
		}
}

Test(fragments, twice_and_otherwise)
{
	struct fragments_news n;
	struct world w;

	begin(&w, false);
	piece(&w, 0, 40, true, 0);
	piece(&w, 0, 40, true, 0);
	n = piece(&w, 40, 60, false, 0);
	is_whole(&n, 2, 100);
	w.id = 2; /* the same place, another byte */
	piece(&w, 40, 40, true, 0);
	piece(&w, 40, 40, true, 0xee);
	piece(&w, 0, 40, true, 0);
	cr_expect_null(piece(&w, 80, 20, false, 0).whole);
	w.id = 3; /* half of it there already */
	piece(&w, 0, 40, true, 0);
	piece(&w, 32, 40, true, 0);
	cr_expect_null(piece(&w, 72, 28, false, 0).whole);
	w.id = 4; /* two ends */
	piece(&w, 40, 60, false, 0);
	piece(&w, 40, 80, false, 0);
	cr_expect_null(piece(&w, 0, 40, true, 0).whole);
	w.id = 5; /* beyond the end */
	piece(&w, 40, 60, false, 0);
	piece(&w, 160, 8, true, 0);
	cr_expect_null(piece(&w, 0, 40, true, 0).whole);
	w.id = 6; /* not in eights */
	piece(&w, 0, 41, true, 0);
	cr_expect_null(piece(&w, 40, 60, false, 0).whole);
	cr_expect_eq(fragments_stats(w.f)->overlapped, 5);
	fragments_free(w.f);
}

Test(fragments, too_large)
{
	struct world w;

	for (unsigned six = 0; six < 2; six++) {
		begin(&w, six); /* the "ping of death": it ends beyond 65535 */
		piece(&w, 0, 64, true, 0);
		cr_expect_null(piece(&w, 65528, 64, false, 0).whole);
		cr_expect_eq(fragments_stats(w.f)->overlapped, 1);
		fragments_free(w.f);
	}
}

Test(fragments, too_late)
{
	static const uint64_t waits[] = { 30, 60 };
	struct world w;

	for (unsigned six = 0; six < 2; six++) {
		begin(&w, six);
		piece(&w, 0, 40, true, 0);
		w.now_ns += waits[six] * 1000000000;
		cr_expect(piece(&w, 40, 60, false, 0).whole, "just in time");
		w.id = 2;
		piece(&w, 0, 40, true, 0);
		w.now_ns += waits[six] * 1000000000 + 1;
		cr_expect_null(piece(&w, 40, 60, false, 0).whole);
		cr_expect_eq(fragments_stats(w.f)->expired, 1);
		fragments_free(w.f);
	}
}

Test(fragments, not_captured_whole)
{
	struct world w;

	begin(&w, false);
	w.snap = 40;
	piece(&w, 0, 40, true, 0);
	cr_expect_null(piece(&w, 40, 60, false, 0).whole);
	cr_expect_eq(fragments_stats(w.f)->cut, 1);
	fragments_free(w.f);
}

/* A flood of first pieces: the oldest make room, in number and in bytes, and are counted. */
Test(fragments, bounded)
{
	struct world w;

	begin(&w, false);
	for (w.id = 1; w.id <= FRAGMENTS_WAIT + 10; w.id++)
		piece(&w, 0, 40, true, 0);
	cr_expect_eq(fragments_stats(w.f)->evicted, 10);
	w.id = 1; /* was thrown away */
	cr_expect_null(piece(&w, 40, 60, false, 0).whole);
	w.id = FRAGMENTS_WAIT + 10;
	cr_expect(piece(&w, 40, 60, false, 0).whole);
	fragments_free(w.f);
	begin(&w, false); /* each takes 64 KiB: 64 of them are 4 MiB */
	for (w.id = 1; w.id <= 100; w.id++)
		piece(&w, 64000, 800, true, 0);
	cr_expect_geq(fragments_stats(w.f)->evicted, 100 - FRAGMENTS_WAIT_BYTES / 65536);
	fragments_free(w.f);
	begin(&w, true); /* what is whole makes room as well */
	for (w.id = 1; w.id <= 2 * FRAGMENTS_WHOLE; w.id++) {
		piece(&w, 0, 40, true, 0);
		cr_assert(piece(&w, 40, 60, false, 0).whole);
	}
	cr_expect_null(fragments_find(w.f, 2));
	cr_expect(fragments_find(w.f, 4 * FRAGMENTS_WHOLE));
	fragments_free(w.f);
}
