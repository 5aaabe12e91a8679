/* Flows, the TCP analysis (tcp_watch.c, gaps.c) and streams (stream.c): the input is a list of
 * segments, eight bytes and their data each. What is given out must follow on in each side's stream,
 * and what waits must stay within its bounds. */
#include "analysis/flow_state.h"
#include "analysis/stream.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { HEADER = 8, POOL = 2000 };

struct world {
	struct flow_table t;
	struct stream s;
	struct stream_pool pool;
	uint64_t offset[2];
};

static void take(void *arg, const struct stream_chunk *c)
{
	struct world *w = arg;
	volatile uint8_t sum = 0;

	if (!c->len || c->gap != !c->bytes || (c->gap && c->overlap))
		__builtin_trap();
	for (uint32_t i = 0; !c->gap && i < c->len; i++)
		sum = (uint8_t)(sum + c->bytes[i]);
	if (c->overlap)
		return;
	if (c->offset != w->offset[c->side])
		__builtin_trap();
	w->offset[c->side] += c->len;
}

/* One segment of the input: which side, flags, numbers near the wrap, how much was kept. */
static size_t segment(struct world *w, const uint8_t *b, size_t len, uint64_t number)
{
	unsigned side = b[0] & 1, data = b[4] & 63;
	struct packet p = { .number = number,
			    .at_ns = number * 1000000 * (b[5] & 31),
			    .family = AF_INET,
			    .ip_proto = b[0] & 2 ? IPPROTO_UDP : IPPROTO_TCP,
			    .has_ports = true,
			    .sport = side ? 2 : 1,
			    .dport = side ? 1 : 2,
			    .tcp_flags = b[1],
			    .tcp_seq = (uint32_t)(int8_t)b[2] * (b[0] & 4 ? 16777259u : 1u),
			    .tcp_ack = (uint32_t)(int8_t)b[3],
			    .tcp_window = b[6],
			    .tcp_options = b[5] & 32 ? TCP_OPT_WSCALE : 0,
			    .tcp_wscale = b[6],
			    .tcp_sack_count = b[5] & 64 ? PACKET_SACKS : 0 };
	uint8_t *exact;

	for (unsigned i = 0; i < PACKET_SACKS; i++) {
		p.tcp_sack[i][0] = (uint32_t)(int8_t)b[7] + 8 * i;
		p.tcp_sack[i][1] = p.tcp_sack[i][0] + b[6];
	}
	p.cap = (uint32_t)(data < len - HEADER ? data : len - HEADER);
	p.len = p.payload_len = data + (b[4] >> 6);
	exact = malloc(p.cap ? p.cap : 1);
	memcpy(exact, b + HEADER, p.cap);
	flow_table_add(&w->t, &p, NULL);
	if (p.flow == 0)
		stream_add(&w->s, &w->t.flows[0], &p, exact);
	if (w->pool.used > w->pool.limit || w->s.side[0].waits + w->s.side[1].waits != w->pool.used)
		__builtin_trap();
	free(exact);
	return HEADER + p.cap;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct world w = { .pool = { .limit = POOL } };
	uint64_t number = 0;

	if (len > 1 << 16)
		return 0;
	flow_table_init(&w.t, 8);
	w.t.gapped_limit = 4;
	stream_init(&w.s, take, &w, &w.pool);
	while (len >= HEADER) {
		size_t used = segment(&w, bytes, len, ++number);

		bytes += used;
		len -= used;
	}
	stream_end(&w.s);
	if (w.s.side[0].count || w.s.side[1].count || w.pool.used)
		__builtin_trap();
	for (unsigned i = 0; i < 2; i++)
		if (w.s.side[i].given + w.s.side[i].missing != w.offset[i])
			__builtin_trap();
	for (uint32_t i = 0; i < w.t.count; i++)
		for (unsigned side = 0; side < 2; side++)
			if (flow_state(&w.t.flows[i], side) >= STATE_UNCONNECTED)
				__builtin_trap();
	stream_done(&w.s);
	flow_table_done(&w.t);
	return 0;
}
