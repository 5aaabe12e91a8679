/* rank.h - the order of sockets where no column was asked for: kind, listeners first, endpoints, inode.
 *
 * There may be hundreds of thousands, on a screen every second. So each gets two numbers, which decide almost always:
 * they are sorted digit by digit, and only those with the same numbers are compared.
 */
#ifndef CORE_RANK_H
#define CORE_RANK_H

#include "core/snapshot.h"

#include <stddef.h>
#include <stdint.h>

struct rank {
	uint64_t words[2];
	uint32_t row; /* whose it is: for the caller */
};

struct rank record_rank(const struct record *r, uint32_t row);
struct rank sock_rank(const struct sock *s, uint32_t row);

/* `compare` is called, as by qsort_r(3), for those whose words are the same. */
void rank_sort(struct rank *ranks, size_t count, int (*compare)(const void *a, const void *b, void *ctx), void *ctx);

#endif
