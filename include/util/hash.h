/* hash.h - a small, fast hash for tables whose keys may come from the network: seeded, so that a peer cannot
 * choose keys that collide. Not for security beyond that.
 */
#ifndef UTIL_HASH_H
#define UTIL_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *bytes, size_t len, uint64_t seed);
uint64_t hash_seed(void); /* a fresh random seed, getrandom(2) */

static inline uint64_t hash_mix(uint64_t x)
{
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	return x ^ x >> 32;
}

/* Of numbers that come in runs, such as inodes: neighbours lie side by side in a table, eight at a time. */
static inline uint64_t hash_near(uint64_t n)
{
	return hash_mix(n >> 3) << 3 | (n & 7);
}

#endif
