#include "core/packet.h"

#include "util/mem.h"

#include <string.h>

struct block *block_new(uint32_t count, uint32_t used)
{
	size_t packets = (size_t)count * sizeof(struct packet);
	struct block *b = mem_alloc(sizeof *b + packets + used);

	_Static_assert(sizeof(struct block) % _Alignof(struct packet) == 0,
		       "packets follow the block");
	b->packets = (struct packet *)(void *)(b + 1);
	b->bytes = (uint8_t *)(b + 1) + packets;
	b->mail.weight = sizeof *b + packets + used;
	return b;
}

static void end_of(const struct packet *p, const uint8_t ip[16], uint16_t port,
		   struct endpoint *out)
{
	memset(out, 0, sizeof *out);
	out->family = p->family;
	if (!p->family)
		return;
	memcpy(out->ip, ip, 16);
	out->has_port = p->has_ports;
	out->port = port;
}

void packet_source(const struct packet *p, struct endpoint *out)
{
	end_of(p, p->src, p->sport, out);
}

void packet_destination(const struct packet *p, struct endpoint *out)
{
	end_of(p, p->dst, p->dport, out);
}

static const struct {
	char letter;
	uint16_t bit;
} letters[] = {
	{ 'S', TCP_FLAG_SYN }, { 'F', TCP_FLAG_FIN }, { 'R', TCP_FLAG_RST }, { 'P', TCP_FLAG_PSH },
	{ '.', TCP_FLAG_ACK }, { 'U', TCP_FLAG_URG }, { 'E', TCP_FLAG_ECE }, { 'W', TCP_FLAG_CWR },
};

enum { LETTERS = sizeof letters / sizeof *letters };

char *packet_flags(uint16_t flags, char out[10])
{
	size_t len = 0;

	for (size_t i = 0; i < LETTERS; i++)
		if (flags & letters[i].bit)
			out[len++] = letters[i].letter;
	out[len] = '\0';
	if (!len)
		memcpy(out, "none", 5);
	return out;
}

int packet_parse_flags(const char *text)
{
	size_t len = strlen(text);
	int flags = 0;

	if (len >= 2 && text[0] == '[' && text[len - 1] == ']')
		text++, len -= 2;
	if (len == 4 && !strncmp(text, "none", 4))
		return 0;
	if (!len)
		return -1;
	for (size_t i = 0; i < len; i++) {
		int bit = 0;

		for (size_t k = 0; k < LETTERS; k++)
			if (letters[k].letter == text[i])
				bit = letters[k].bit;
		if (!bit || (flags & bit))
			return -1;
		flags |= bit;
	}
	return flags;
}
