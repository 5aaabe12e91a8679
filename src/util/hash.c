#include "util/hash.h"

#include "util/clock.h"

#include <string.h>
#include <sys/random.h>
#include <unistd.h>

uint64_t hash_bytes(const void *bytes, size_t len, uint64_t seed)
{
	const unsigned char *b = bytes;
	uint64_t h = seed ^ len * 0x9e3779b97f4a7c15u;

	for (; len >= 8; b += 8, len -= 8) {
		uint64_t word;

		memcpy(&word, b, 8);
		h = hash_mix(h ^ word);
	}
	if (len) {
		uint64_t word = 0;

		memcpy(&word, b, len);
		h = hash_mix(h ^ word);
	}
	return h;
}

uint64_t hash_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != sizeof seed)
		seed = hash_mix(clock_mono_ns() ^ (uint64_t)getpid() << 32);
	return seed;
}
