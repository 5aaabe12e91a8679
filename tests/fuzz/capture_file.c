/* src/capture/file_format.c, file_pcap.c, file_pcapng.c: the bytes are a capture file. It is read
 * whole, and again as a stream of pieces, which must find the same; each packet lies within what was
 * given. */
#include "../../src/capture/file_format.h"

#include "decode/decode.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

struct found {
	uint64_t steps, packets, hash;
	enum file_step last;
};

static void inside(const uint8_t *at, size_t len, const uint8_t *bytes, size_t whole)
{
	if (len && (at < bytes || at + len > bytes + whole))
		__builtin_trap();
}

static void walk(const struct file_format *f, enum file_step step, const struct file_item *item)
{
	const uint8_t *at = item->options;
	size_t left = item->options_len;
	struct file_option o;
	struct file_name n;

	while (step != FILE_NAMES && file_option_next(f, &at, &left, &o))
		inside(o.value, o.len, item->options, item->options_len);
	at = item->data;
	left = item->size;
	while (step == FILE_NAMES && file_name_next(f, &at, &left, &n)) {
		inside(n.address, n.address_len, item->data, item->size);
		inside((const uint8_t *)n.names, n.names_len, item->data, item->size);
	}
}

static void packet(const struct file_item *item)
{
	struct packet p = { .linktype = item->linktype, .cap = item->cap, .len = item->len, .flow = UINT32_MAX };

	if (item->cap != item->size)
		__builtin_trap();
	decode_summary(&p, item->data);
}

static void note(struct found *found, enum file_step step, const struct file_item *item)
{
	found->steps++;
	found->last = step;
	if (step != FILE_GOT)
		return;
	found->packets++;
	found->hash = found->hash * 31 + item->at_ns + item->cap + item->len + item->interface;
}

/* `piece`: so many bytes are there at a time, and more when a step wants them. */
static struct found read_all(const uint8_t *bytes, size_t len, size_t piece)
{
	struct file_format f = { 0 };
	struct found found = { 0 };
	size_t at = 0, have = piece < len ? piece : len;

	for (;;) {
		struct file_item item = { 0 };
		enum file_step step = file_step(&f, bytes + at, have - at, &item);

		if (step == FILE_MORE) {
			if (item.want <= have - at || item.want > FILE_LARGE + 2 * FILE_NOTE)
				__builtin_trap();
			if (have == len)
				break;
			have = at + item.want < len ? at + item.want : len;
			continue;
		}
		if (step == FILE_BAD) {
			note(&found, step, &item);
			break;
		}
		if (item.used > have - at)
			__builtin_trap();
		inside(item.data, item.size, bytes + at, have - at);
		if (step != FILE_PASSED)
			walk(&f, step, &item);
		if (step == FILE_GOT)
			packet(&item);
		if (step != FILE_PASSED)
			note(&found, step, &item);
		at += item.used;
	}
	file_format_done(&f);
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct found whole, pieces;

	if (len > 1 << 16)
		return 0;
	whole = read_all(bytes, len, len);
	pieces = read_all(bytes, len, 40);
	/* How the first records look is only asked where they are there. */
	if (len > 4 && bytes[0] == 0x0a && (whole.packets != pieces.packets || whole.hash != pieces.hash))
		__builtin_trap();
	return 0;
}
