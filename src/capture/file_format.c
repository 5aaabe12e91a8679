#include "file_format.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTION = 0x0a0d0d0a /* the same in both byte orders */, MAGIC = 4 };

enum file_step file_bad(struct file_item *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(out->why, sizeof out->why, format, args);
	va_end(args);
	return FILE_BAD;
}

enum file_step file_want(struct file_item *out, size_t want)
{
	out->want = want;
	return FILE_MORE;
}

/* Link types of buses whose packets may be long: LINKTYPE_USB_LINUX and its kin, D-Bus. */
uint32_t file_packet_most(uint16_t linktype)
{
	static const uint16_t large[] = { 189, 220, 231, 249, 266, 279 };

	for (size_t i = 0; i < sizeof large / sizeof *large; i++)
		if (large[i] == linktype)
			return FILE_LARGE;
	return FILE_PACKET;
}

static enum file_step begin(struct file_format *f, const uint8_t *bytes, size_t len, struct file_item *out)
{
	uint32_t magic;

	if (len < MAGIC)
		return file_want(out, MAGIC);
	memcpy(&magic, bytes, MAGIC);
	if (magic == SECTION)
		f->kind = FILE_PCAPNG;
	else if (file_pcap_magic(f, magic))
		f->kind = FILE_PCAP;
	else
		return file_bad(out, "no capture file: it begins with %02x %02x %02x %02x", bytes[0], bytes[1],
				bytes[2], bytes[3]);
	return FILE_PASSED;
}

enum file_step file_step(struct file_format *f, const uint8_t *bytes, size_t len, struct file_item *out)
{
	out->used = 0;
	if (f->kind == FILE_UNKNOWN) {
		enum file_step step = begin(f, bytes, len, out);

		if (step != FILE_PASSED)
			return step;
	}
	if (f->skip) {
		out->used = f->skip < len ? (size_t)f->skip : len;
		f->skip -= out->used;
		return out->used ? FILE_PASSED : file_want(out, 1);
	}
	return f->kind == FILE_PCAP ? file_pcap_step(f, bytes, len, out) : file_pcapng_step(f, bytes, len, out);
}

void file_format_done(struct file_format *f)
{
	free(f->interfaces);
	memset(f, 0, sizeof *f);
}

/* --- what lies in blocks --- */

bool file_option_next(const struct file_format *f, const uint8_t **at, size_t *left, struct file_option *out)
{
	size_t whole;

	if (*left < 4)
		return false;
	out->code = file_get16(f, *at);
	out->len = file_get16(f, *at + 2);
	out->value = *at + 4;
	if (out->code == OPTION_END || out->len > *left - 4)
		return false;
	whole = 4 + (((size_t)out->len + 3) & ~(size_t)3);
	if (whole > *left)
		whole = *left;
	*at += whole;
	*left -= whole;
	return true;
}

bool file_name_next(const struct file_format *f, const uint8_t **at, size_t *left, struct file_name *out)
{
	enum { IPV4 = 1, IPV6 = 2 };
	struct file_option o;

	/* A record has the shape of an option. */
	while (file_option_next(f, at, left, &o)) {
		unsigned len = o.code == IPV4 ? 4 : o.code == IPV6 ? 16 : 0;

		if (!len || o.len <= len)
			continue;
		out->address = o.value;
		out->address_len = len;
		out->names = (const char *)o.value + len;
		out->names_len = o.len - len;
		return true;
	}
	return false;
}
