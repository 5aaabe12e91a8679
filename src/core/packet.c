#include "core/packet.h"

#include "util/mem.h"

#include <string.h>

struct block *block_new(uint32_t count, uint32_t used)
{
	size_t packets = (size_t)count * sizeof(struct packet);
	struct block *b = mem_alloc(sizeof *b + packets + used);

	_Static_assert(sizeof(struct block) % _Alignof(struct packet) == 0, "packets follow the block");
	b->packets = (struct packet *)(void *)(b + 1);
	b->bytes = (uint8_t *)(b + 1) + packets;
	b->mail.weight = sizeof *b + packets + used;
	return b;
}

struct block *block_new_placed(uint32_t count)
{
	size_t size = sizeof(struct block) + (size_t)count * sizeof(struct packet);
	struct block *b = mem_grow(NULL, size, 1);

	*b = (struct block){ .placed = true, .packets = (struct packet *)(void *)(b + 1) };
	b->mail.weight = size;
	return b;
}

static void end_of(const struct packet *p, const uint8_t ip[16], uint16_t port, struct endpoint *out)
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

/* clang-format off */
const struct tcp_flag_row tcp_flag_rows[] = {
	{ 'S', TCP_FLAG_SYN, "SYN", "begins the numbering of one direction: asks for a connection, or with ACK agrees to one",
	  "RFC 9293 3.5" },
	{ 'F', TCP_FLAG_FIN, "FIN", "the sender has no more data; the other direction stays open", "RFC 9293 3.6" },
	{ 'R', TCP_FLAG_RST, "RST", "the connection is over at once: refused, aborted, or not known to the sender",
	  "RFC 9293 3.5.2" },
	{ 'P', TCP_FLAG_PSH, "PSH", "the receiver is to hand the data to its program now", "RFC 9293 3.9.1" },
	{ '.', TCP_FLAG_ACK, "ACK", "the acknowledgment number counts: every segment but the first has it", "RFC 9293 3.4" },
	{ 'U', TCP_FLAG_URG, "URG", "the urgent pointer counts: out-of-band data", "RFC 9293 3.8.5, RFC 6093" },
	{ 'E', TCP_FLAG_ECE, "ECE", "in a SYN: ECN is offered; later: a router marked congestion on the way here", "RFC 3168 6.1" },
	{ 'W', TCP_FLAG_CWR, "CWR", "in a SYN: ECN is offered; later: the sender has slowed down", "RFC 3168 6.1" },
	{ 0, 0, NULL, NULL, NULL },
};
/* clang-format on */

char *packet_flag_letters(uint16_t flags, char out[10])
{
	size_t len = 0;

	for (const struct tcp_flag_row *r = tcp_flag_rows; r->letter; r++)
		if (flags & r->bit)
			out[len++] = r->letter;
	out[len] = '\0';
	return out;
}

char *packet_flags(uint16_t flags, char out[10])
{
	if (!*packet_flag_letters(flags, out))
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

		for (const struct tcp_flag_row *r = tcp_flag_rows; r->letter; r++)
			if (r->letter == text[i])
				bit = r->bit;
		if (!bit || (flags & bit))
			return -1;
		flags |= bit;
	}
	return flags;
}
