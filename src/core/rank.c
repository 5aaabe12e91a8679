#include "core/rank.h"

#include "core/sock_column.h"
#include "util/mem.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* --- the numbers --- */

static uint32_t be32(const uint8_t *bytes)
{
	uint32_t n;

	memcpy(&n, bytes, sizeof n);
	return ntohl(n);
}

/* Of IPv4 the whole local end, of IPv6 the address's first bytes. */
static uint64_t first_word(enum sock_kind kind, bool listens, unsigned family, const uint8_t *ip, uint16_t port)
{
	uint64_t n = ((uint64_t)kind << 1 | !listens) << 7 | family;

	if (family != AF_INET && family != AF_INET6)
		return n << 48;
	n = n << 32 | be32(ip);
	return n << 16 | (family == AF_INET ? port : (unsigned)ip[4] << 8 | ip[5]);
}

/* Of IPv4 the remote end, where it is of that family, too; of IPv6 the rest of the address, as far as it goes. */
static uint64_t second_word(unsigned family, const uint8_t *ip, unsigned remote_family, const uint8_t *remote,
			    uint16_t remote_port)
{
	uint64_t n = (uint64_t)remote_family << 56;

	if (family == AF_INET6)
		return (uint64_t)be32(ip + 6) << 32 | be32(ip + 10);
	if (family != AF_INET)
		return 0;
	return remote_family == AF_INET ? n | (uint64_t)be32(remote) << 16 | remote_port : n;
}

struct rank record_rank(const struct record *r, uint32_t row)
{
	unsigned family = r->local_family & (RECORD_PORT - 1), remote = r->remote_family & (RECORD_PORT - 1);

	return (struct rank){ { first_word(record_kind(r), r->state == STATE_LISTEN, family, r->local, r->local_port),
				second_word(family, r->local, remote, r->remote, r->remote_port) },
			      row };
}

struct rank sock_rank(const struct sock *s, uint32_t row)
{
	const struct endpoint *l = &s->local, *r = &s->remote;

	return (struct rank){ { first_word(sock_kind(s), s->state == STATE_LISTEN, l->family, l->ip, l->port),
				second_word(l->family, l->ip, r->family, r->ip, r->port) },
			      row };
}

/* --- by digits of a byte, the last one first --- */

enum { DIGITS = 256, DIGIT_BITS = 8, WORD_BITS = 64 };

static void sort_digit(const struct rank *from, struct rank *to, size_t count, int word, unsigned shift)
{
	uint32_t at[DIGITS] = { 0 }, sum = 0;

	for (size_t i = 0; i < count; i++)
		at[from[i].words[word] >> shift & (DIGITS - 1)]++;
	for (unsigned d = 0; d < DIGITS; d++) {
		uint32_t n = at[d];

		at[d] = sum;
		sum += n;
	}
	for (size_t i = 0; i < count; i++)
		to[at[from[i].words[word] >> shift & (DIGITS - 1)]++] = from[i];
}

/* Returns the one of the two arrays that has them. Digits that are the same in all, those that do not `differ`, are
 * passed over: most are. */
static struct rank *sort_digits(struct rank *ranks, struct rank *other, size_t count, const uint64_t differ[2])
{
	for (int word = 1; word >= 0; word--)
		for (unsigned shift = 0; shift < WORD_BITS; shift += DIGIT_BITS) {
			struct rank *swap = ranks;

			if (!(differ[word] >> shift & (DIGITS - 1)))
				continue;
			sort_digit(ranks, other, count, word, shift);
			ranks = other;
			other = swap;
		}
	return ranks;
}

/* Those with the same rank. */
static void sort_runs(struct rank *ranks, size_t count, int (*compare)(const void *a, const void *b, void *ctx),
		      void *ctx)
{
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count; end++)
			if (memcmp(ranks[end].words, ranks[i].words, sizeof ranks->words))
				break;
		if (end - i > 1)
			qsort_r(ranks + i, end - i, sizeof *ranks, compare, ctx);
	}
}

void rank_sort(struct rank *ranks, size_t count, int (*compare)(const void *a, const void *b, void *ctx), void *ctx)
{
	struct rank *other = mem_array(count, sizeof *other), *sorted;
	uint64_t differ[2] = { 0 };

	for (size_t i = 0; i < count; i++)
		for (int w = 0; w < 2; w++)
			differ[w] |= ranks[i].words[w] ^ ranks[0].words[w];
	sorted = sort_digits(ranks, other, count, differ);
	if (sorted != ranks)
		memcpy(ranks, sorted, count * sizeof *ranks);
	free(other);
	sort_runs(ranks, count, compare, ctx);
}
