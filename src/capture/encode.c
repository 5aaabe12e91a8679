#include "encode.h"

#include "capture/note.h"
#include "util/buf.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/utsname.h>

enum {
	PCAP_RECORD = 16,
	BLOCK_HEAD = 8,
	BLOCK_FRAME = 12,
};

enum block_type {
	SECTION_HEADER = 0x0a0d0d0a,
	INTERFACE = 1,
	NAMES = 4,
	STATISTICS = 5,
	ENHANCED_PACKET = 6,
	SECRETS = 10,
};

enum option_code {
	OPT_END = 0,
	OPT_COMMENT = 1,
	SHB_OS = 3,
	SHB_USERAPPL = 4,
	IF_NAME = 2,
	IF_TSRESOL = 9,
	IF_FILTER = 11,
	EPB_FLAGS = 2,
	EPB_DROPCOUNT = 4,
	ISB_STARTTIME = 2,
	ISB_ENDTIME = 3,
	ISB_IFRECV = 4,
	ISB_OSDROP = 7,
};

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

static void put(struct buf *out, const void *bytes, size_t len)
{
	static const char zeroes[4];

	buf_add(out, bytes, len);
	buf_add(out, zeroes, padded(len) - len);
}

static void put32(struct buf *out, uint32_t value)
{
	buf_add(out, &value, 4);
}

static void put_pair(struct buf *out, uint16_t a, uint16_t b)
{
	buf_add(out, &a, 2);
	buf_add(out, &b, 2);
}

static void option(struct buf *out, enum option_code code, const void *value, size_t len)
{
	if (len > UINT16_MAX)
		len = UINT16_MAX;
	put_pair(out, (uint16_t)code, (uint16_t)len);
	put(out, value, len);
}

static void option_text(struct buf *out, enum option_code code, const char *text)
{
	if (text && *text)
		option(out, code, text, strlen(text));
}

static void option_end(struct buf *out)
{
	put_pair(out, OPT_END, 0);
}

/* The high half comes first, in either byte order. */
static void option_time(struct buf *out, enum option_code code, uint64_t ns)
{
	const uint32_t halves[2] = { (uint32_t)(ns >> 32), (uint32_t)ns };

	option(out, code, halves, sizeof halves);
}

static size_t block_begin(struct buf *out, enum block_type type)
{
	put32(out, type);
	put32(out, 0);
	return out->len - BLOCK_HEAD;
}

static void block_end(struct buf *out, size_t start)
{
	uint32_t len = (uint32_t)(out->len - start + 4);

	memcpy(out->data + start + 4, &len, 4);
	put32(out, len);
}

/* --- pcap --- */

void encode_pcap_header(struct buf *out, uint16_t linktype, uint32_t snaplen)
{
	put32(out, 0xa1b23c4d); /* nanoseconds */
	put_pair(out, 2, 4);
	put32(out, 0);
	put32(out, 0);
	put32(out, snaplen);
	put32(out, linktype);
}

void encode_pcap_packet(struct buf *out, const struct packet *p, const uint8_t *bytes)
{
	const uint32_t head[4] = { (uint32_t)(p->at_ns / 1000000000), (uint32_t)(p->at_ns % 1000000000), p->cap,
				   p->len };
	char *to = buf_room(out, sizeof head + p->cap);

	memcpy(to, head, sizeof head);
	memcpy(to + sizeof head, bytes, p->cap);
	out->len += sizeof head + p->cap;
}

/* --- pcapng --- */

void encode_section(struct buf *out)
{
	const uint64_t unknown = UINT64_MAX;
	size_t start = block_begin(out, SECTION_HEADER);
	struct utsname os;

	put32(out, 0x1a2b3c4d);
	put_pair(out, 1, 0);
	put(out, &unknown, sizeof unknown);
	if (!uname(&os)) {
		char text[160];
		size_t a = strnlen(os.sysname, 70), b = strnlen(os.release, 70);

		memcpy(text, os.sysname, a);
		text[a] = ' ';
		memcpy(text + a + 1, os.release, b);
		option(out, SHB_OS, text, a + 1 + b);
	}
	option_text(out, SHB_USERAPPL, "sockeye");
	option_end(out);
	block_end(out, start);
}

void encode_interface(struct buf *out, uint16_t linktype, uint32_t snaplen, const char *name, const char *filter)
{
	enum { FILTER_TEXT = 0, FILTER_MOST = 4096 };
	static const uint8_t nanoseconds = 9;
	size_t start = block_begin(out, INTERFACE);

	put_pair(out, linktype, 0);
	put32(out, snaplen);
	option_text(out, IF_NAME, name);
	option(out, IF_TSRESOL, &nanoseconds, 1);
	if (filter && *filter && strlen(filter) < FILTER_MOST) {
		char text[FILTER_MOST + 1] = { FILTER_TEXT };

		memcpy(text + 1, filter, strlen(filter));
		option(out, IF_FILTER, text, strlen(filter) + 1);
	}
	option_end(out);
	block_end(out, start);
}

void encode_packet(struct buf *out, uint32_t interface, const struct packet *p, const uint8_t *bytes,
		   const struct buf *comments, uint64_t dropped)
{
	const uint32_t flags = p->direction == DIRECTION_IN ? 1 : p->direction == DIRECTION_OUT ? 2 : 0;
	uint32_t head[7] = { ENHANCED_PACKET,
			     (uint32_t)(BLOCK_FRAME + 20 + padded(p->cap)),
			     interface,
			     (uint32_t)(p->at_ns >> 32),
			     (uint32_t)p->at_ns,
			     p->cap,
			     p->len };
	size_t start = out->len, padding = padded(p->cap) - p->cap;
	char *to = buf_room(out, sizeof head + p->cap + padding);

	memcpy(to, head, sizeof head);
	memcpy(to + sizeof head, bytes, p->cap);
	memset(to + sizeof head + p->cap, 0, padding);
	out->len += sizeof head + p->cap + padding;
	if (flags)
		option(out, EPB_FLAGS, &flags, sizeof flags);
	if (dropped)
		option(out, EPB_DROPCOUNT, &dropped, sizeof dropped);
	for (size_t at = 0; comments && at < comments->len; at += strlen(comments->data + at) + 1)
		option_text(out, OPT_COMMENT, comments->data + at);
	if (p->rebuilt)
		option_text(out, OPT_COMMENT,
			    "the IPv6 header was not seen on the wire: it is rebuilt from what the "
			    "kernel tells a raw socket beside the packet (RFC 3542)");
	if (out->len > start + sizeof head + p->cap + padding)
		option_end(out);
	block_end(out, start);
}

void encode_name(struct buf *out, const struct note *n)
{
	enum { END = 0, IPV4 = 1, IPV6 = 2, MOST = 1024 };
	unsigned len = n->address.family == AF_INET ? 4 : 16;
	size_t start = block_begin(out, NAMES), names = n->len < MOST ? n->len : MOST;
	char record[16 + MOST + 1] = "";

	memcpy(record, n->address.ip, len);
	memcpy(record + len, n->text, names);
	put_pair(out, len == 4 ? IPV4 : IPV6, (uint16_t)(len + names + 1));
	put(out, record, len + names + 1);
	put_pair(out, END, 0);
	block_end(out, start);
}

void encode_secrets(struct buf *out, const struct note *n)
{
	size_t start = block_begin(out, SECRETS);

	put32(out, n->type);
	put32(out, (uint32_t)n->len);
	put(out, n->text, n->len);
	block_end(out, start);
}

void encode_statistics(struct buf *out, uint32_t interface, const struct encode_statistics *s)
{
	size_t start = block_begin(out, STATISTICS);

	put32(out, interface);
	put32(out, (uint32_t)(s->until_ns >> 32));
	put32(out, (uint32_t)s->until_ns);
	option_time(out, ISB_STARTTIME, s->from_ns);
	option_time(out, ISB_ENDTIME, s->until_ns);
	option(out, ISB_IFRECV, &s->received, sizeof s->received);
	option(out, ISB_OSDROP, &s->dropped, sizeof s->dropped);
	option_text(out, OPT_COMMENT, s->comment);
	option_end(out);
	block_end(out, start);
}

size_t encode_next(const char *bytes, size_t len, bool pcapng)
{
	uint32_t inside;
	size_t whole;

	if (len < (pcapng ? BLOCK_FRAME : PCAP_RECORD))
		return 0;
	memcpy(&inside, bytes + (pcapng ? 4 : 8), 4);
	whole = pcapng ? inside : (size_t)PCAP_RECORD + inside;
	return len < whole ? 0 : whole;
}

size_t encode_whole(const char *bytes, size_t len, bool pcapng)
{
	size_t at = 0, next;

	while ((next = encode_next(bytes + at, len - at, pcapng)))
		at += next;
	return at;
}

bool encode_is_packet(const char *bytes, bool pcapng)
{
	uint32_t type;

	memcpy(&type, bytes, 4);
	return !pcapng || type == ENHANCED_PACKET;
}
