#include "decode/application.h"

#include "decode/decode.h"
#include "decode/dissect.h"

#include <netinet/in.h>
#include <string.h>

enum proto application_of(const struct packet *p)
{
	unsigned i = 0;

	while (i < p->layer_count && p->layers[i] != PROTO_TCP && p->layers[i] != PROTO_UDP)
		i++;
	while (++i < p->layer_count)
		if (p->layers[i] != PROTO_DATA)
			return (enum proto)p->layers[i];
	return PROTO_NONE;
}

void application_words(const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	if (application_of(p) != PROTO_NONE)
		decode_words(p, bytes, out);
}

static void put_be16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* RFC 791, 3.1; RFC 9293, 3.1; RFC 768: just enough of each header. */
enum proto application_guess(const uint8_t *bytes, size_t len, bool stream, uint16_t sport, uint16_t dport,
			     struct buf *out)
{
	enum { IP = 20, TCP = 20, UDP = 8, LINKTYPE_RAW = 101 };
	uint8_t made[IP + TCP + APPLICATION_BYTES] = { 0x45 };
	size_t kept = len < APPLICATION_BYTES ? len : APPLICATION_BYTES, head = IP + (stream ? TCP : UDP);
	struct packet p = { .linktype = LINKTYPE_RAW };

	if (!kept)
		return PROTO_NONE;
	put_be16(made + 2, head + kept);
	made[8] = 1;
	made[9] = stream ? IPPROTO_TCP : IPPROTO_UDP;
	put_be16(made + IP, sport);
	put_be16(made + IP + 2, dport);
	if (stream)
		made[IP + 12] = 0x50;
	else
		put_be16(made + IP + 4, UDP + kept);
	memcpy(made + head, bytes, kept);
	p.len = p.cap = (uint32_t)(head + kept);
	decode_summary(&p, made);
	application_words(&p, made, out);
	return application_of(&p);
}
