/* file_pcap.c - the classic format, draft-ietf-opsawg-pcap.
 *
 *    0                   1                   2                   3
 *   +---------------------------------------------------------------+
 *   |                         Magic Number                          |
 *   +-------------------------------+-------------------------------+
 *   |         Major Version         |         Minor Version         |
 *   +-------------------------------+-------------------------------+
 *   |                           Reserved1                           |
 *   |                           Reserved2                           |
 *   |                            SnapLen                            |
 *   +-------+---------------+---------------------------------------+
 *   | FCS |f|   0 ...       |               LinkType                |
 *   +-------+---------------+---------------------------------------+
 *
 * and before each packet: seconds, micro- or nanoseconds, captured length, original length, 4 bytes
 * each. Variants have more in that header:
 *   modified (Kuznetzov's, and Red Hat's in its time): interface index (4), protocol (2), kind (1),
 *   padding (1); some of them under the magic number of the ordinary file; Nokia: 4 bytes unknown.
 */
#include "file_format.h"

#include "core/packet.h"

enum { HEADER = 24, RECORD = 16, MODIFIED = 24, NOKIA = 20, IXIA_HEADER = 28 };

/* The two lengths of a record stood in the other order before version 2.3, and in files of 2.3 it
 * depends on who wrote them. */
enum lengths { CAPTURED_FIRST, ORIGINAL_FIRST, SMALLER_IS_CAPTURED };

/* clang-format off */
static const struct variant {
	uint32_t magic;
	uint8_t record, header;
	uint32_t unit_ns;
} variants[] = {
	{ 0xa1b2c3d4, RECORD, HEADER, 1000 },
	{ 0xa1b23c4d, RECORD, HEADER, 1 },
	{ 0xa1b2cd34, MODIFIED, HEADER, 1000 },
	{ 0x1c0001ac, RECORD, IXIA_HEADER, 1 },
	{ 0x1c0001ab, RECORD, IXIA_HEADER, 1 },
};
/* clang-format on */

static const struct variant *variant_of(uint32_t magic)
{
	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
		if (variants[i].magic == magic)
			return &variants[i];
	return NULL;
}

bool file_pcap_magic(struct file_format *f, uint32_t magic)
{
	if (variant_of(magic))
		return true;
	f->swapped = variant_of(__builtin_bswap32(magic));
	return f->swapped;
}

static enum file_step header(struct file_format *f, const uint8_t *b, size_t len, struct file_item *out)
{
	const struct variant *v = variant_of(file_get32(f, b));
	unsigned major, minor;
	uint32_t linktype;

	if (len < v->header)
		return file_want(out, v->header);
	major = file_get16(f, b + 4);
	minor = file_get16(f, b + 6);
	if (major < 2 || (major > 2 && major != 543))
		return file_bad(out, "version %u.%u of the format is unknown", major, minor);
	if (major == 543 || (major == 2 && minor == 3))
		f->lengths = SMALLER_IS_CAPTURED;
	else if (minor < 3)
		f->lengths = ORIGINAL_FIRST;
	linktype = file_get32(f, b + 20);
	f->only = (struct file_interface){
		.linktype = (uint16_t)linktype,
		.snaplen = file_get32(f, b + 16),
		.multiply = v->unit_ns,
	};
	f->record = v->record;
	out->linktype = f->only.linktype;
	out->options_len = 0;
	out->interface = 0;
	out->used = v->header;
	return FILE_HEADER;
}

static bool plausible(const struct file_format *f, const uint8_t *b)
{
	uint32_t part = file_get32(f, b + 4), cap = file_get32(f, b + 8), len = file_get32(f, b + 12);

	return part < 1000000000 && cap <= file_packet_most(f->only.linktype) && len && len <= FILE_LARGE;
}

/* Are two records where a header of this size would have them? */
static bool fits(const struct file_format *f, const uint8_t *b, size_t len, unsigned record)
{
	uint64_t next;

	if (!plausible(f, b))
		return false;
	next = record + (uint64_t)file_get32(f, b + 8);
	return next + RECORD <= len && plausible(f, b + next);
}

/* Before the first record: the ordinary magic number is also that of variants. One is only taken
 * for it where the bytes at hand cannot be ordinary records. */
static void look(struct file_format *f, const uint8_t *b, size_t len)
{
	static const uint8_t others[] = { MODIFIED, NOKIA };
	uint64_t next = RECORD + (uint64_t)file_get32(f, b + 8);

	f->looked = true;
	if (f->record != RECORD || f->lengths || next == len || next + RECORD > len || fits(f, b, len, RECORD))
		return;
	for (size_t i = 0; i < sizeof others; i++)
		if (fits(f, b, len, others[i])) {
			f->record = others[i];
			return;
		}
}

static void modified(struct file_format *f, const uint8_t *b, struct file_item *out)
{
	enum { OUTGOING = 4 /* PACKET_OUTGOING, packet(7) */ };

	out->ifindex = file_get32(f, b + 16);
	out->direction = b[22] == OUTGOING ? DIRECTION_OUT : b[22] < OUTGOING ? DIRECTION_IN : DIRECTION_UNKNOWN;
}

enum file_step file_pcap_step(struct file_format *f, const uint8_t *b, size_t len, struct file_item *out)
{
	uint32_t cap, wire;

	if (!f->record)
		return len < 4 ? file_want(out, 4) : header(f, b, len, out);
	if (!f->looked && len >= RECORD)
		look(f, b, len);
	if (len < f->record)
		return file_want(out, f->record);
	cap = file_get32(f, b + 8);
	wire = file_get32(f, b + 12);
	if (f->lengths == ORIGINAL_FIRST || (f->lengths == SMALLER_IS_CAPTURED && cap > wire)) {
		uint32_t first = cap;

		cap = wire;
		wire = first;
	}
	if (cap > file_packet_most(f->only.linktype))
		return file_bad(out, "it says that %u bytes of it were kept, more than a packet has", cap);
	if (len - f->record < cap)
		return file_want(out, (size_t)f->record + cap);
	out->at_ns = file_get32(f, b) * 1000000000ull + (uint64_t)file_get32(f, b + 4) * f->only.multiply;
	out->cap = cap;
	out->len = wire;
	out->data = b + f->record;
	out->size = cap;
	out->linktype = f->only.linktype;
	out->interface = 0;
	out->ifindex = 0;
	out->direction = DIRECTION_UNKNOWN;
	out->options_len = 0;
	out->used = (size_t)f->record + cap;
	if (f->record == MODIFIED)
		modified(f, b, out);
	return FILE_GOT;
}
