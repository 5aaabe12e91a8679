/* What is searched for, and what it is searched in: up to the first newline a word as typed, then bytes. What is found
 * begins and ends within them, and is what a search that tries every place finds first. */
#include "util/err.h"
#include "util/needle.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static int is_at(const struct needle *n, const uint8_t *at)
{
	for (size_t i = 0; i < n->len; i++)
		if (n->hex ? at[i] != n->bytes[i] : lower(at[i]) != n->bytes[i])
			return 0;
	return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const uint8_t *end = memchr(bytes, '\n', len), *rest = end ? end + 1 : bytes + len;
	size_t left = (size_t)(bytes + len - rest), first = 0;
	char word[300] = "";
	struct needle n;
	struct err e;

	if (end && (size_t)(end - bytes) < sizeof word)
		memcpy(word, bytes, (size_t)(end - bytes));
	if (needle_parse(word, &n, &e))
		return 0;
	if (!n.len || n.len > NEEDLE_LONGEST)
		abort();
	while (n.len <= left && first <= left - n.len && !is_at(&n, rest + first))
		first++;
	if (n.len > left || first > left - n.len)
		first = NEEDLE_NONE;
	if (needle_in_bytes(&n, rest, left, 0) != first)
		abort();
	if (needle_in_bytes(&n, rest, left, left + 1) != NEEDLE_NONE)
		abort();
	return 0;
}
