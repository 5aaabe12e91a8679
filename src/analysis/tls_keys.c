#include "analysis/tls_keys.h"

#include "util/hash.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

enum { LINE = 512, FIRST = 64 };

struct session {
	bool used;
	uint8_t random[TLS_RANDOM];
	struct tls_secret secrets[TLS_LABELS];
};

struct tls_keys {
	struct session *slots; /* open addressing */
	size_t capacity, sessions;
	uint64_t seed, count, refused;
	char line[LINE];
	size_t used;
	bool too_long;
};

static const char *const labels[TLS_LABELS] = {
	[TLS_MASTER] = "CLIENT_RANDOM",
	[TLS_CLIENT_EARLY] = "CLIENT_EARLY_TRAFFIC_SECRET",
	[TLS_CLIENT_HANDSHAKE] = "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
	[TLS_SERVER_HANDSHAKE] = "SERVER_HANDSHAKE_TRAFFIC_SECRET",
	[TLS_CLIENT_TRAFFIC] = "CLIENT_TRAFFIC_SECRET_0",
	[TLS_SERVER_TRAFFIC] = "SERVER_TRAFFIC_SECRET_0",
};

struct tls_keys *tls_keys_new(void)
{
	struct tls_keys *k = mem_alloc(sizeof *k);

	k->seed = hash_seed();
	k->capacity = FIRST;
	k->slots = mem_array(k->capacity, sizeof *k->slots);
	return k;
}

static void wipe(struct session *slots, size_t capacity)
{
	explicit_bzero(slots, capacity * sizeof *slots);
	free(slots);
}

void tls_keys_free(struct tls_keys *k)
{
	if (!k)
		return;
	wipe(k->slots, k->capacity);
	explicit_bzero(k, sizeof *k);
	free(k);
}

static struct session *slot_of(const struct tls_keys *k, const uint8_t random[TLS_RANDOM])
{
	size_t at = hash_bytes(random, TLS_RANDOM, k->seed) & (k->capacity - 1);

	while (k->slots[at].used && memcmp(k->slots[at].random, random, TLS_RANDOM) != 0)
		at = (at + 1) & (k->capacity - 1);
	return &k->slots[at];
}

static void grow(struct tls_keys *k)
{
	struct session *old = k->slots;
	size_t capacity = k->capacity;

	k->capacity *= 2;
	k->slots = mem_array(k->capacity, sizeof *k->slots);
	for (size_t i = 0; i < capacity; i++)
		if (old[i].used)
			*slot_of(k, old[i].random) = old[i];
	wipe(old, capacity);
}

static void enter(struct tls_keys *k, enum tls_label label, const uint8_t random[TLS_RANDOM],
		  const struct tls_secret *secret)
{
	struct session *s = slot_of(k, random);

	if (!s->used && k->sessions == TLS_SESSIONS) {
		k->refused++;
		return;
	}
	if (!s->used && 2 * (k->sessions + 1) > k->capacity) {
		grow(k);
		s = slot_of(k, random);
	}
	k->sessions += !s->used;
	s->used = true;
	memcpy(s->random, random, TLS_RANDOM);
	s->secrets[label] = *secret;
	k->count++;
}

/* --- lines --- */

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes from hex digits, all of them up to `end`. Returns how many, 0 for what are none. */
static size_t unhex(const char *at, const char *end, uint8_t *out, size_t most)
{
	size_t len = (size_t)(end - at) / 2;

	if ((end - at) % 2 || !len || len > most)
		return 0;
	for (size_t i = 0; i < len; i++) {
		int high = digit(at[2 * i]), low = digit(at[2 * i + 1]);

		if (high < 0 || low < 0)
			return 0;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return len;
}

static void read_line(struct tls_keys *k, const char *line, size_t len)
{
	const char *end = line + len, *first = memchr(line, ' ', len), *second;
	uint8_t random[TLS_RANDOM];
	struct tls_secret secret;

	while (end > line && (end[-1] == '\r' || end[-1] == ' '))
		end--;
	if (!first || first >= end)
		return;
	second = memchr(first + 1, ' ', (size_t)(end - first - 1));
	if (!second || unhex(first + 1, second, random, TLS_RANDOM) != TLS_RANDOM)
		return;
	secret.len = (uint8_t)unhex(second + 1, end, secret.bytes, TLS_SECRET_MOST);
	if (!secret.len)
		return;
	for (unsigned i = 0; i < TLS_LABELS; i++)
		if (strlen(labels[i]) == (size_t)(first - line) && !memcmp(labels[i], line, (size_t)(first - line)))
			enter(k, (enum tls_label)i, random, &secret);
}

void tls_keys_end(struct tls_keys *k)
{
	if (!k->too_long)
		read_line(k, k->line, k->used);
	k->used = 0;
	k->too_long = false;
}

void tls_keys_feed(struct tls_keys *k, const void *bytes, size_t len)
{
	const char *at = bytes, *end = at + len;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t here = (size_t)((stop ? stop : end) - at);

		if (k->used + here > LINE)
			k->too_long = true;
		else
			memcpy(k->line + k->used, at, here), k->used += here;
		if (!stop)
			return;
		tls_keys_end(k);
		at = stop + 1;
	}
}

uint64_t tls_keys_count(const struct tls_keys *k)
{
	return k->count;
}

uint64_t tls_keys_refused(const struct tls_keys *k)
{
	return k->refused;
}

const struct tls_secret *tls_keys_find(const struct tls_keys *k, const uint8_t random[TLS_RANDOM])
{
	const struct session *s = slot_of(k, random);

	return s->used ? s->secrets : NULL;
}
