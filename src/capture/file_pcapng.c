/* file_pcapng.c - blocks, draft-ietf-opsawg-pcapng. Numbers have the byte order of their section's
 * header, which its magic tells.
 *
 *    0                   1                   2                   3
 *   +---------------------------------------------------------------+
 *   |                          Block Type                           |
 *   +---------------------------------------------------------------+
 *   |                      Block Total Length                       |
 *   +---------------------------------------------------------------+
 *   |              Block Body, padded to 32 bits, options           |
 *   +---------------------------------------------------------------+
 *   |                      Block Total Length                       |
 *   +---------------------------------------------------------------+
 */
#include "file_format.h"

#include "capture/custom.h"
#include "core/packet.h"
#include "util/mem.h"

#include <string.h>

enum block_type {
	SECTION_HEADER = 0x0a0d0d0a,
	INTERFACE = 1,
	PACKET = 2, /* obsolete, but still around */
	SIMPLE_PACKET = 3,
	NAMES = 4,
	ENHANCED_PACKET = 6,
	SECRETS = 10,
	CUSTOM = 0xbad, /* may be copied by who does not know it */
};

enum {
	FRAME = 12,   /* the type and the two lengths */
	HEAD = 8,     /* those before the body */
	SECTION = 28, /* the least that a section header takes */
	ORDER = 0x1a2b3c4d,
	EPB_FLAGS = 2, /* the same code in the obsolete block */
	IF_TSRESOL = 9,
	IF_TSOFFSET = 14,
	MICROSECONDS = 6,
};

/* A block's body as what reads it sees it. */
struct body {
	const uint8_t *b;
	size_t len;
};

static void options_at(struct file_item *out, struct body body, size_t at)
{
	out->options = body.b + (at < body.len ? at : body.len);
	out->options_len = at < body.len ? body.len - at : 0;
}

static enum file_step section(struct file_format *f, struct body body, struct file_item *out)
{
	enum { FIXED = 16 };
	unsigned major = file_get16(f, body.b + 4);

	if (major != 1)
		return file_bad(out, "version %u.%u of the format is unknown", major, file_get16(f, body.b + 6));
	f->count = 0;
	options_at(out, body, FIXED);
	out->linktype = 0;
	out->interface = UINT32_MAX;
	return FILE_HEADER;
}

/* --- interfaces and their clocks --- */

static void resolution(struct file_interface *i, uint8_t value)
{
	enum { BINARY = 0x80, NANO = 9, DIGITS = 19 /* of 64 bits */ };
	unsigned power = value & 0x7f;

	i->multiply = 0;
	i->divide = 0;
	i->shift = 0;
	if (value & BINARY) {
		i->shift = (uint8_t)(power < 64 ? power : 63);
		return;
	}
	if (power <= NANO)
		for (i->multiply = 1; power < NANO; power++)
			i->multiply *= 10;
	else
		for (i->divide = 1; power > NANO && power - NANO <= DIGITS; power--)
			i->divide *= 10;
}

static void interface_options(struct file_format *f, struct file_interface *i, const struct file_item *item)
{
	const uint8_t *at = item->options;
	size_t left = item->options_len;
	struct file_option o;

	resolution(i, MICROSECONDS);
	while (file_option_next(f, &at, &left, &o)) {
		if (o.code == IF_TSRESOL && o.len >= 1) {
			resolution(i, o.value[0]);
		} else if (o.code == IF_TSOFFSET && o.len >= 8) {
			uint64_t v;

			memcpy(&v, o.value, 8);
			i->offset_s = (int64_t)(f->swapped ? __builtin_bswap64(v) : v);
		}
	}
}

static enum file_step interface(struct file_format *f, struct body body, struct file_item *out)
{
	enum { FIXED = 8 };
	struct file_interface *i;

	if (body.len < FIXED)
		return file_bad(out, "an interface block of %zu bytes is too short", body.len);
	if (f->count == FILE_INTERFACES)
		return file_bad(out, "more than %d interfaces in a section", FILE_INTERFACES);
	options_at(out, body, FIXED);
	MEM_ROOM(f->interfaces, f->count, f->room);
	i = &f->interfaces[f->count++];
	*i = (struct file_interface){
		.linktype = file_get16(f, body.b),
		.snaplen = file_get32(f, body.b + 4),
		.serial = f->serial++,
	};
	interface_options(f, i, out);
	out->linktype = i->linktype;
	out->interface = i->serial;
	return FILE_HEADER;
}

/* Nanoseconds since 1970, kept within what 64 bits have: a file may say anything. */
static uint64_t nanoseconds(const struct file_interface *i, uint64_t stamp)
{
	__extension__ typedef unsigned __int128 wide;
	__extension__ typedef __int128 signed_wide;
	signed_wide ns;

	if (i->shift)
		ns = (signed_wide)((wide)stamp * 1000000000u >> i->shift);
	else if (i->multiply)
		ns = (signed_wide)stamp * i->multiply;
	else if (i->divide)
		ns = (signed_wide)(stamp / i->divide);
	else /* 2^0: seconds */
		ns = (signed_wide)stamp * 1000000000;
	ns += (signed_wide)i->offset_s * 1000000000;
	if (ns < 0)
		return 0;
	return ns > (signed_wide)UINT64_MAX ? UINT64_MAX : (uint64_t)ns;
}

/* --- packets --- */

static enum file_step packet(struct file_format *f, uint32_t id, struct body body, size_t fixed, uint64_t stamp,
			     uint32_t cap, uint32_t len, struct file_item *out)
{
	const struct file_interface *i;

	if (id >= f->count)
		return file_bad(out, "it is of interface %u, and there are %u", id, f->count);
	i = &f->interfaces[id];
	if (cap > body.len - fixed || cap > file_packet_most(i->linktype))
		return file_bad(out, "%u bytes of it do not fit in a block of %zu", cap, body.len + FRAME);
	out->at_ns = i->multiply == 1 && !i->offset_s ? stamp : nanoseconds(i, stamp);
	out->data = body.b + fixed;
	out->size = out->cap = cap;
	out->len = len;
	out->linktype = i->linktype;
	out->interface = i->serial;
	out->ifindex = 0;
	out->direction = DIRECTION_UNKNOWN;
	options_at(out, body, fixed + (((size_t)cap + 3) & ~(size_t)3));
	return FILE_GOT;
}

/* Bits 0 and 1 of the flags: 01 inbound, 10 outbound. */
static void flags(const struct file_format *f, struct file_item *out)
{
	const uint8_t *at = out->options;
	size_t left = out->options_len;
	struct file_option o;

	while (file_option_next(f, &at, &left, &o))
		if (o.code == EPB_FLAGS && o.len >= 4) {
			unsigned way = file_get32(f, o.value) & 3;

			out->direction = way == 1 ? DIRECTION_IN : way == 2 ? DIRECTION_OUT : DIRECTION_UNKNOWN;
		}
}

static enum file_step enhanced(struct file_format *f, uint32_t type, struct body body, struct file_item *out)
{
	enum { FIXED = 20 };
	const uint8_t *b = body.b;
	enum file_step step;
	uint32_t id;

	if (body.len < FIXED)
		return file_bad(out, "a packet block of %zu bytes is too short", body.len);
	/* The obsolete block has 16 bits for the interface and 16 for a count of drops. */
	id = type == PACKET ? file_get16(f, b) : file_get32(f, b);
	step = packet(f, id, body, FIXED, (uint64_t)file_get32(f, b + 4) << 32 | file_get32(f, b + 8),
		      file_get32(f, b + 12), file_get32(f, b + 16), out);
	if (step == FILE_GOT && out->options_len)
		flags(f, out);
	return step;
}

/* No time, no interface but the first, and what was kept is to be worked out. */
static enum file_step simple(struct file_format *f, struct body body, struct file_item *out)
{
	enum { FIXED = 4 };
	enum file_step step;
	uint32_t len, cap;

	if (body.len < FIXED)
		return file_bad(out, "a packet block of %zu bytes is too short", body.len);
	len = cap = file_get32(f, body.b);
	if (f->count && f->interfaces[0].snaplen && cap > f->interfaces[0].snaplen)
		cap = f->interfaces[0].snaplen;
	step = packet(f, 0, body, FIXED, 0, cap, len, out);
	out->at_ns = 0;
	out->options_len = 0;
	return step;
}

static enum file_step secrets(struct file_format *f, struct body body, struct file_item *out)
{
	enum { FIXED = 8 };

	if (body.len < FIXED || file_get32(f, body.b + 4) > body.len - FIXED)
		return file_bad(out, "a block of secrets is longer inside than outside");
	out->type = file_get32(f, body.b);
	out->data = body.b + FIXED;
	out->size = file_get32(f, body.b + 4);
	return FILE_SECRETS;
}

static enum file_step names(struct file_format *f, struct body body, struct file_item *out)
{
	(void)f;
	out->data = body.b;
	out->size = body.len;
	return FILE_NAMES;
}

static enum file_step ours(struct file_format *f, struct body body, struct file_item *out)
{
	if (body.len < 4 || file_get32(f, body.b) != CUSTOM_PEN ||
	    !custom_open(body.b + 4, body.len - 4, &out->data, &out->size))
		return FILE_PASSED;
	return FILE_OURS;
}

/* --- blocks --- */

static enum file_step block(struct file_format *f, uint32_t type, struct body body, struct file_item *out)
{
	switch (type) {
	case SECTION_HEADER: return section(f, body, out);
	case INTERFACE: return interface(f, body, out);
	case ENHANCED_PACKET:
	case PACKET: return enhanced(f, type, body, out);
	case SIMPLE_PACKET: return simple(f, body, out);
	case NAMES: return names(f, body, out);
	case SECRETS: return secrets(f, body, out);
	case CUSTOM: return ours(f, body, out);
	default: return FILE_PASSED; /* statistics, a journal, blocks of others' own */
	}
}

static bool byte_order(struct file_format *f, const uint8_t *b)
{
	uint32_t order;

	memcpy(&order, b, 4);
	f->swapped = order == __builtin_bswap32(ORDER);
	return f->swapped || order == ORDER;
}

/* What is long and asked for by nobody need not be in memory at once. */
static bool packet_block(uint32_t type)
{
	return type == ENHANCED_PACKET || type == PACKET || type == SIMPLE_PACKET;
}

enum file_step file_pcapng_step(struct file_format *f, const uint8_t *b, size_t len, struct file_item *out)
{
	uint32_t type, total;
	enum file_step step;

	if (len < FRAME)
		return file_want(out, FRAME);
	type = file_get32(f, b);
	if (type == SECTION_HEADER && !byte_order(f, b + HEAD))
		return file_bad(out, "a section in no known byte order");
	total = file_get32(f, b + 4);
	if (total < (type == SECTION_HEADER ? SECTION : FRAME) || total % 4)
		return file_bad(out, "a block of type 0x%x with a length of %u", type, total);
	if (total > (packet_block(type) ? FILE_LARGE + FILE_NOTE : FILE_NOTE)) {
		if (packet_block(type) || type == SECTION_HEADER || type == INTERFACE)
			return file_bad(out, "a block of type 0x%x with a length of %u", type, total);
		f->skip = total;
		return FILE_PASSED;
	}
	if (len < total)
		return file_want(out, total);
	if (file_get32(f, b + total - 4) != total)
		return file_bad(out, "a block's lengths do not agree: %u before it, %u after it", total,
				file_get32(f, b + total - 4));
	step = block(f, type, (struct body){ .b = b + HEAD, .len = total - FRAME }, out);
	if (step != FILE_BAD)
		out->used = total;
	return step;
}
