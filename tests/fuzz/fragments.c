/* Datagrams from their pieces (fragments.c): packets behind two bytes of length each, IPv4 or IPv6
 * as they say themselves; a third byte tells how many seconds pass and how much was not captured. */
#include "analysis/flow.h"
#include "decode/decode.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { HEADER = 3, RAW = 101 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct flow_table t;
	uint64_t number = 0, now = 0;

	if (len > 1 << 16)
		return 0;
	flow_table_init(&t, 16);
	while (len >= HEADER) {
		uint32_t want = (uint32_t)(bytes[0] << 8 | bytes[1]), size = want;
		struct packet p = { .linktype = RAW, .flow = FLOW_NONE };
		const struct fragments_whole *whole;
		uint8_t *exact;

		now += (uint64_t)(bytes[2] & 63) * 1000000000;
		if (size > len - HEADER)
			size = (uint32_t)len - HEADER;
		p.number = ++number;
		p.at_ns = now;
		p.len = size + (bytes[2] >> 6);
		p.cap = size;
		exact = malloc(size ? size : 1);
		memcpy(exact, bytes + HEADER, size);
		decode_summary(&p, exact);
		flow_table_add(&t, &p, exact);
		whole = flow_table_whole(&t, number);
		if (whole && (whole->length > 65535 || whole->packet.len < whole->length || whole->packet.fragment ||
			      whole->packet.cap != whole->packet.len))
			__builtin_trap();
		free(exact);
		bytes += HEADER + size;
		len -= HEADER + size;
	}
	flow_table_done(&t);
	return 0;
}
