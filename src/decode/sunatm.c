/* SunATM, tcpdump.org LINKTYPE_SUNATM: direction (1 bit) and kind of traffic (4 bits) 1 byte,
 * virtual path 1, virtual channel 2; the packet follows.
 */
#include "decode/dissect.h"

#include <stddef.h>

enum { HEADER = 4, LANE = 1, LLC = 2 };

static const struct field_word kinds[] = {
	{ LANE, "LAN emulation" }, { LLC, "LLC" }, { 3, "MARS" }, { 4, "IFMP" }, { 5, "ILMI" },
	{ 6, "Q.2931" },           { 0, NULL },
};

static const struct field fields[] = {
	{ "sockeye.sunatm.kind", "Traffic", 4, 4, FIELD_DEC, .words = kinds, .help = "RFC 2684" },
	{ "atm.vpi", "Virtual path", 8, 8, FIELD_DEC, .help = "ITU-T I.361" },
	{ "atm.vci", "Virtual channel", 16, 16, FIELD_DEC, .help = "ITU-T I.361" },
	{ 0 },
};

void decode_sunatm(struct dissect *d)
{
	const uint8_t *b = cursor_at(&d->c, d->c.off, 1);
	uint8_t kind = b ? b[0] & 15 : 0;

	if (!dissect_header(d, &(struct layer){ PROTO_SUNATM, fields, HEADER, "the SunATM header is cut short", NULL }))
		return;
	if (kind == LANE) /* the number of the LAN emulation client comes first */
		cursor_skip(&d->c, 2);
	if (d->c.err)
		dissect_short(d, "the SunATM header is cut short");
	else
		dissect_next(d, kind == LANE ? PROTO_ETHERNET : kind == LLC ? PROTO_LLC : PROTO_DATA);
}
