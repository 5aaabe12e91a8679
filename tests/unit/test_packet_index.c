/* The index of a capture file: what is asked for is read again, and stays valid for a while. */
#include "analysis/flow.h"
#include "analysis/packet_index.h"
#include "analysis/recorder.h"
#include "capture/spool.h"
#include "util/err.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIZE = 60 };

/* A file of packets of SIZE bytes: raw IPv4 and TCP, packet n from port n. */
struct file {
	uint64_t gone; /* nothing before this can be read */
	unsigned reads;
};

static void packet_bytes(uint64_t n, uint8_t out[SIZE])
{
	memset(out, 0, SIZE);
	out[0] = 0x45;
	out[3] = SIZE;
	out[8] = 64;
	out[9] = IPPROTO_TCP;
	out[12] = out[16] = 10;
	out[20] = (uint8_t)(n >> 8);
	out[21] = (uint8_t)n;
	out[23] = 80;
	out[32] = 0x50;
	out[33] = TCP_FLAG_SYN;
	memset(out + 40, (int)(n & 0xff), SIZE - 40);
}

static bool read_file(void *ctx, uint64_t offset, void *out, size_t len)
{
	struct file *f = ctx;
	uint8_t whole[SIZE];

	f->reads++;
	if (offset < f->gone)
		return false;
	packet_bytes(offset / SIZE + 1, whole);
	memcpy(out, whole + offset % SIZE, len);
	return true;
}

static void add(struct packet_index *x, uint64_t n)
{
	const struct packet p = { .number = n,
				  .at_ns = n * 1000,
				  .len = SIZE,
				  .cap = SIZE,
				  .offset = (n - 1) * SIZE,
				  .linktype = 101,
				  .ifindex = 3,
				  .direction = DIRECTION_OUT,
				  .tcp_flags = n % 2 ? TCP_FLAG_SYN : TCP_FLAG_ACK,
				  .flow = n % 7 ? (uint32_t)n : FLOW_NONE,
				  .analysis = 5,
				  .prev = n > 3 ? n - 3 : 0 };

	index_add(x, &p);
}

Test(packet_index, finds_what_was_added)
{
	struct file f = { 0 };
	struct packet_index *x = index_new(read_file, &f);
	struct index_note note;
	const uint8_t *bytes;

	cr_assert_eq(index_oldest(x), index_next(x));
	for (uint64_t n = 1; n <= 10000; n++)
		add(x, n);
	cr_assert_eq(index_next(x), 10001);
	cr_assert_null(index_find(x, 0, NULL));
	cr_assert_null(index_find(x, 10001, NULL));
	for (uint64_t n = 1; n <= 10000; n += 13) {
		const struct packet *p = index_find(x, n, &bytes);
		uint8_t want[SIZE];

		packet_bytes(n, want);
		cr_assert_not_null(p);
		cr_assert_eq(p->number, n);
		cr_assert_eq(p->at_ns, n * 1000);
		cr_assert_eq(p->sport, (uint16_t)n);
		cr_assert_eq(p->dport, 80);
		cr_assert_eq(p->ifindex, 3);
		cr_assert_eq(p->direction, DIRECTION_OUT);
		cr_assert_eq(p->flow, n % 7 ? (uint32_t)n : FLOW_NONE);
		cr_assert_eq(p->analysis, 5);
		cr_assert_eq(p->prev, n > 3 ? n - 3 : 0);
		cr_assert_arr_eq(bytes, want, SIZE);
		cr_assert(index_note(x, n, &note));
		cr_assert_eq(note.prev, p->prev);
		cr_assert_eq(note.flow, p->flow);
		cr_assert_eq(note.turns, n % 2 == 1);
	}
	cr_assert_leq(index_bytes(x), 10000 * 32 + (2 << 20) + 5000 * 128 * 2, "%llu",
		      (unsigned long long)index_bytes(x));
	index_free(x);
}

/* A pointer stays good until INDEX_HELD others were asked for, whether they were kept or not. */
Test(packet_index, pointers_last)
{
	enum { COUNT = 30000 };
	struct file f = { 0 };
	struct packet_index *x = index_new(read_file, &f);
	struct {
		const struct packet *p;
		const uint8_t *bytes;
		uint64_t number;
	} held[INDEX_HELD] = { { 0 } };
	unsigned seed = 1;

	for (uint64_t n = 1; n <= COUNT; n++)
		add(x, n);
	for (unsigned i = 0; i < 100000; i++) {
		uint64_t n;

		seed = seed * 1103515245 + 12345;
		n = i % 3 ? seed / 7 % COUNT + 1 : seed / 7 % 6000 + 1;
		held[i % INDEX_HELD].p = index_find(x, n, &held[i % INDEX_HELD].bytes);
		held[i % INDEX_HELD].number = n;
		for (unsigned k = 0; k < INDEX_HELD && held[k].p; k++) {
			cr_assert_eq(held[k].p->number, held[k].number);
			cr_assert_eq(held[k].bytes[40], held[k].number & 0xff);
		}
	}
	index_free(x);
}

Test(packet_index, kept_ones_are_not_read_again)
{
	struct file f = { 0 };
	struct packet_index *x = index_new(read_file, &f);

	for (uint64_t n = 1; n <= 100; n++)
		add(x, n);
	for (unsigned i = 0; i < 500; i++)
		cr_assert_not_null(index_find(x, i % 100 + 1, NULL));
	cr_assert_eq(f.reads, 100);
	f.gone = 150 * SIZE;
	add(x, 101);
	cr_assert_null(index_find(x, 101, NULL), "its bytes are gone");
	index_free(x);
}

Test(packet_index, of_a_recorder)
{
	struct file f = { 0 };
	struct recorder r;
	struct block *b = block_new_placed(3);
	struct index_note note;

	recorder_init(&r, UINT64_MAX);
	recorder_index(&r, read_file, &f);
	memset(b->packets, 0, 3 * sizeof *b->packets);
	b->count = 3;
	for (unsigned i = 0; i < 3; i++) {
		b->packets[i].at_ns = 10 + i;
		b->packets[i].cap = b->packets[i].len = SIZE;
		b->packets[i].offset = i * SIZE;
		b->packets[i].linktype = 101;
		b->packets[i].flow = FLOW_NONE;
	}
	recorder_number(&r, b);
	for (unsigned i = 0; i < 3; i++)
		recorder_put(&r, &b->packets[i]);
	free(b);
	cr_assert_eq(r.next, 4);
	cr_assert_eq(recorder_oldest(&r), 1);
	cr_assert_eq(recorder_find(&r, 2, NULL)->sport, 2);
	cr_assert(recorder_note(&r, 3, &note));
	cr_assert_eq(note.at_ns, 12);
	recorder_done(&r);
}

/* --- the spool --- */

static void expect_bytes(const struct spool *s, uint64_t from, size_t len)
{
	uint8_t got[4096];

	cr_assert(spool_read(s, from, got, len));
	for (size_t i = 0; i < len; i++)
		cr_assert_eq(got[i], (uint8_t)((from + i) / 1000));
}

Test(spool, keeps_the_newest)
{
	enum { MOST = 4 << 20 };
	uint8_t piece[1000];
	struct spool *s;
	struct err e;

	cr_assert_eq(spool_make(MOST, &s, &e), 0);
	cr_assert(spool_is_copy(s));
	for (unsigned i = 0; i < 20000; i++) { /* 20 MB */
		memset(piece, (int)(i & 0xff), sizeof piece);
		spool_write(s, piece, sizeof piece);
	}
	cr_assert_gt(spool_start(s), 15000000);
	cr_assert_lt(spool_start(s), 20000000 - MOST / 2);
	cr_assert_not(spool_read(s, 0, piece, 1));
	cr_assert_not(spool_read(s, spool_start(s) - 1, piece, 2));
	expect_bytes(s, spool_start(s), 2500);
	expect_bytes(s, 19999000, 1000);
	cr_assert_not(spool_read(s, 19999500, piece, 1000), "beyond the end");
	spool_drop(spool_share(s));
	expect_bytes(s, 19000000, 1000);
	spool_drop(s);
}

Test(spool, of_a_file_begins_where_it_is_read)
{
	char path[] = "/tmp/sockeye-spool-XXXXXX";
	int fd = mkstemp(path);
	uint8_t got[4];
	struct spool *s;
	struct err e;

	cr_assert_eq(write(fd, "0123456789", 10), 10);
	cr_assert_eq(lseek(fd, 3, SEEK_SET), 3);
	cr_assert_eq(spool_of_file(fd, &s, &e), 0);
	close(fd);
	unlink(path);
	cr_assert_not(spool_is_copy(s));
	cr_assert(spool_read(s, 1, got, 4));
	cr_assert_arr_eq(got, "4567", 4);
	cr_assert_not(spool_read(s, 5, got, 4));
	spool_drop(s);
}
