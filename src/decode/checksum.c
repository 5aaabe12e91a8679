/* Internet checksums, RFC 1071, and SCTP's CRC32c, RFC 9260 A. They are verified for the tree only,
 * and gently: a packet that was captured where it was sent has not been through the network card
 * that would fill them in. */
#include "decode/dissect.h"

/* Ones' complement sum of at most 64 bytes, added to `sum`, not folded. */
static uint32_t checksum_add(const uint8_t *bytes, uint32_t n, uint32_t sum)
{
	for (; n > 1; bytes += 2, n -= 2)
		sum += (uint32_t)(bytes[0] << 8 | bytes[1]);
	return n ? sum + ((uint32_t)bytes[0] << 8) : sum;
}

void checksum_pseudo(struct dissect *d, const uint8_t *addresses, uint32_t n, uint8_t proto)
{
	d->pseudo = d->tree && addresses ? checksum_add(addresses, n, proto) : 0;
}

static uint32_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static uint32_t sum_of(const uint8_t *bytes, uint32_t n, uint32_t sum)
{
	enum { STEP = 64 };

	for (; n > STEP; bytes += STEP, n -= STEP)
		sum = fold(checksum_add(bytes, STEP, sum));
	return fold(checksum_add(bytes, n, sum));
}

void checksum_show(struct dissect *d, const struct checksum *sum)
{
	/* Wireshark's numbers: 0 bad, 1 good, 2 unverified */
	const uint8_t *bytes = cursor_at(&d->c, sum->off, sum->n);
	const char *value = "2", *words = "not checked: the packet is not whole here";

	if (!d->tree)
		return;
	if (sum->needs_pseudo && !sum->pseudo) {
		words = "not checked: it covers more than this packet";
	} else if (bytes && sum->at + 2 <= sum->n) {
		const uint8_t *at = bytes + sum->at;

		if (sum_of(bytes, sum->n, sum->pseudo) == 0xffff)
			value = "1", words = "correct";
		else if (sum->needs_pseudo && (uint32_t)(at[0] << 8 | at[1]) == fold(sum->pseudo))
			words = "not filled in yet (offloaded)";
		else
			value = "0", words = "incorrect (offloaded?)";
	}
	field_line(d, sum->row, sum->off + sum->at, 2, value, words);
}

/* Reflected, 4 bits a step: the tree alone asks for it. */
static uint32_t crc32c(uint32_t crc, const uint8_t *bytes, uint32_t n)
{
	const uint32_t polynomial = 0x82f63b78;
	uint32_t table[16];

	for (uint32_t i = 0; i < 16; i++) {
		table[i] = i;
		for (int bit = 0; bit < 4; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? polynomial : 0);
	}
	for (; n; bytes++, n--) {
		crc = crc >> 4 ^ table[(crc ^ *bytes) & 15];
		crc = crc >> 4 ^ table[(crc ^ (uint32_t)*bytes >> 4) & 15];
	}
	return crc;
}

void checksum_crc32c(struct dissect *d, const struct field *row, const struct cursor *packet, uint32_t at)
{
	static const uint8_t zero[4] = { 0 };
	uint32_t n = cursor_left(packet), crc;
	const uint8_t *bytes = cursor_at(packet, packet->off, n);
	const char *value = "2", *words = "not checked: the packet is not whole here";

	if (!d->tree)
		return;
	if (d->piece || d->inner) {
		words = "not checked: it covers more than this packet";
	} else if (bytes && at + 4 <= n) {
		const uint8_t *b = bytes + at;

		crc = crc32c(~0u, bytes, at);
		crc = crc32c(crc, zero, sizeof zero);
		crc = ~crc32c(crc, b + 4, n - at - 4);
		if (crc == ((uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | b[1] << 8 | b[0]))
			value = "1", words = "correct";
		else if (!(b[0] | b[1] | b[2] | b[3]))
			words = "not filled in yet (offloaded)";
		else
			value = "0", words = "incorrect (offloaded?)";
	}
	field_line(d, row, packet->off + at, 4, value, words);
}
