/* Bodies of HTTP/1 (http_body.c): records of a byte (which side, or a gap) and a length, then bytes.
 * A body begins and ends in turn, and bytes come only between. */
#include "analysis/http_body.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void begin(void *arg, const struct http_message *m)
{
	bool *inside = arg;

	if (*inside || strlen(m->path) >= HTTP_TEXT || strlen(m->type) >= HTTP_TEXT)
		__builtin_trap();
	*inside = true;
}

static void body(void *arg, const uint8_t *bytes, size_t len)
{
	const bool *inside = arg;
	volatile uint8_t last = bytes[len - 1];

	(void)last;
	if (!*inside)
		__builtin_trap();
}

static void end(void *arg, bool whole)
{
	bool *inside = arg;

	(void)whole;
	if (!*inside)
		__builtin_trap();
	*inside = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	bool inside[2] = { false, false };
	const struct http_sink sinks[2] = { { &inside[0], begin, body, end }, { &inside[1], begin, body, end } };
	struct http_side *sides = malloc(2 * sizeof *sides);
	struct http_asked asked = { 0 };

	http_side_init(&sides[0]);
	http_side_init(&sides[1]);
	while (len >= 2) {
		unsigned side = bytes[0] & 1;
		size_t size = bytes[1] < len - 2 ? bytes[1] : len - 2;
		uint8_t *exact = malloc(size ? size : 1);

		memcpy(exact, bytes + 2, size);
		if (bytes[0] & 2)
			http_side_gap(&sides[side], &sinks[side], bytes[1]);
		else
			http_side_feed(&sides[side], &asked, &sinks[side], exact, size);
		free(exact);
		if (bytes[0] & 2)
			size = 0;
		bytes += 2 + size;
		len -= 2 + size;
	}
	for (unsigned i = 0; i < 2; i++)
		http_side_end(&sides[i], &sinks[i]);
	if (inside[0] || inside[1])
		__builtin_trap();
	free(sides);
	return 0;
}
