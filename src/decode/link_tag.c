/* Headers that stand between an EtherType and the next one, or before a frame within a frame:
 * 802.1ah service instances, TRILL (RFC 6325 3.2), VN-Tag, 802.1BR E-Tag, HSR (IEC 62439-3). Each
 * is a row.
 */
#include "decode/dissect.h"

#include <stddef.h>

static const struct field pbb_fields[] = {
	{ "ieee8021ah.priority", "Priority", 0, 3, FIELD_DEC, .help = "IEEE 802.1Q 9.7" },
	{ "ieee8021ah.isid", "Service instance", 8, 24, FIELD_DEC, .help = "IEEE 802.1Q 9.7" },
	{ 0 },
};

static const struct field trill_fields[] = {
	{ "trill.version", "Version", 0, 2, FIELD_DEC, .help = "0, RFC 6325 3.2" },
	{ "trill.multi_dst", "Multi-destination", 4, 1, FIELD_BOOL, .help = "RFC 6325 3.3" },
	{ "trill.op_len", "Options", 5, 5, FIELD_DEC, .help = "words of 4 bytes, RFC 6325 3.5" },
	{ "trill.hop_cnt", "Hops", 10, 6, FIELD_DEC, .help = "left, RFC 6325 3.6" },
	{ "trill.egress_nick", "Egress", 16, 16, FIELD_DEC, .help = "RBridge, RFC 6325 3.7" },
	{ "trill.ingress_nick", "Ingress", 32, 16, FIELD_DEC, .help = "RBridge, RFC 6325 3.7" },
	{ 0 },
};

static const struct field vntag_fields[] = {
	{ "vntag.dir", "Direction", 0, 1, FIELD_DEC, .help = "1: from the bridge" },
	{ "vntag.dst", "Destination", 2, 14, FIELD_DEC, .help = "virtual interface" },
	{ "vntag.src", "Source", 20, 12, FIELD_DEC, .help = "virtual interface" },
	{ 0 },
};

static const struct field etag_fields[] = {
	{ "etag.pcp", "Priority", 0, 3, FIELD_DEC, .help = "IEEE 802.1BR 7.5" },
	{ "etag.iecid_base", "Ingress", 4, 12, FIELD_HEX, .help = "IEEE 802.1BR 7.5" },
	{ "etag.ecid_base", "E-CID", 20, 12, FIELD_HEX, .help = "IEEE 802.1BR 7.5" },
	{ 0 },
};

static const struct field hsr_fields[] = {
	{ "hsr.path", "Path", 0, 4, FIELD_DEC, .help = "IEC 62439-3 5.7" },
	{ "hsr.lsdu_size", "Size", 4, 12, FIELD_DEC, .help = "IEC 62439-3 5.7" },
	{ "hsr.sequence_nr", "Sequence", 16, 16, FIELD_DEC, .help = "IEC 62439-3 5.7" },
	{ 0 },
};

static void frame_within(struct dissect *d, const struct layer *layer)
{
	if (dissect_header(d, layer))
		dissect_next(d, PROTO_ETHERNET);
}

static void type_behind(struct dissect *d, const struct layer *layer)
{
	uint16_t type;

	if (!dissect_header(d, layer))
		return;
	type = cursor_be16(&d->c);
	if (d->c.err)
		dissect_short(d, layer->note);
	else
		dissect_ethertype(d, type);
}

void decode_pbb(struct dissect *d)
{
	static const struct layer layer = { PROTO_PBB, pbb_fields, 4, "the 802.1ah tag is cut short", NULL };

	frame_within(d, &layer);
}

void decode_trill(struct dissect *d)
{
	const uint8_t *b = cursor_at(&d->c, d->c.off, 2);
	uint32_t options = b ? ((b[0] & 7u) << 2 | b[1] >> 6) * 4u : 0;
	const struct layer layer = { PROTO_TRILL, trill_fields, 6 + options, "the TRILL header is cut short", NULL };

	frame_within(d, &layer);
}

void decode_vntag(struct dissect *d)
{
	static const struct layer layer = { PROTO_VNTAG, vntag_fields, 4, "the VN-Tag is cut short", NULL };

	type_behind(d, &layer);
}

void decode_etag(struct dissect *d)
{
	static const struct layer layer = { PROTO_ETAG, etag_fields, 6, "the E-Tag is cut short", NULL };

	type_behind(d, &layer);
}

void decode_hsr(struct dissect *d)
{
	static const struct layer layer = { PROTO_HSR, hsr_fields, 4, "the HSR tag is cut short", NULL };

	type_behind(d, &layer);
}
