#include "cli/dump.h"

#include "cli/dump_beside.h"
#include "dump_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void dump_base(const struct dump_print *d, const struct packet *p, struct packet_base *base)
{
	memset(base, 0, sizeof *base);
	base->wscale = -1;
	if (p->flow != FLOW_NONE && p->flow < d->flows->count)
		flow_base(&d->flows->flows[p->flow], p, base);
	base->ascii = d->ascii;
}

const struct fragments_whole *dump_whole(const struct dump_print *d, const struct packet *p)
{
	return p->fragment ? flow_table_whole(d->flows, p->number) : NULL;
}

const struct dump_address *dump_address(struct dump_print *d, int family, const uint8_t ip[16])
{
	uint64_t half[2];
	struct dump_address *a;

	memcpy(half, ip, sizeof half);
	a = &d->addresses[((half[0] ^ half[1]) * 0x9e3779b97f4a7c15u >> 56) % DUMP_ADDRESSES];
	if (a->family == family && !memcmp(a->ip, ip, sizeof a->ip))
		return a;
	a->family = (uint8_t)family;
	memcpy(a->ip, ip, sizeof a->ip);
	a->len = (uint8_t)endpoint_ip_text(family, ip, a->text);
	return a;
}

void dump_clock(struct dump_print *d, uint64_t second)
{
	unsigned day = (unsigned)(((int64_t)second + d->zone_s) % 86400);

	d->clock_s = second;
	snprintf(d->clock, sizeof d->clock, "%02u:%02u:%02u.", day / 3600 % 24, day / 60 % 60, day % 60);
}

void dump_opened_words(struct dump_print *d, const struct packet *p, struct buf *out)
{
	const struct dump_beside *b = d->beside;

	for (unsigned i = 0; i < b->opened_count; i++) {
		buf_puts(out, i ? "; " : "decrypted: ");
		tls_plain_make(&d->plain, &b->opened[i], p);
		tls_plain_words(&d->plain, &b->opened[i], out);
	}
}

void dump_packet(struct dump_print *d, const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	if (!d->first_ns)
		d->first_ns = d->last_ns = p->at_ns;
	if (d->json)
		dump_json(d, p, bytes, out);
	else
		dump_line(d, p, bytes, out);
	d->last_ns = p->at_ns;
}

void dump_print_done(struct dump_print *d)
{
	free(d->tree);
	buf_done(&d->scratch);
	buf_done(&d->plain.bytes);
}
