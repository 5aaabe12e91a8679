/* Hilscher netANALYZER, tcpdump.org LINKTYPE_NETANALYZER: 4 bytes, little-endian: status 8 bits,
 * port 2, version 4, type 1, …, length 12; then the frame with its check sequence. The transparent
 * form has preamble and start delimiter, 8 bytes, before it.
 */
#include "decode/dissect.h"

#include <stddef.h>

enum { LINKTYPE_TRANSPARENT = 241, HEADER = 4, PREAMBLE = 8, FCS = 4 };

static const struct field fields[] = {
	{ "netanalyzer.packetstatus", "Status", 0, 8, FIELD_HEX, .help = "what was wrong" },
	{ "netanalyzer.port", "Port", 8, 2, FIELD_DEC, .help = "of the analyser" },
	{ 0 },
};

void decode_netanalyzer(struct dissect *d)
{
	bool transparent = d->p->linktype == LINKTYPE_TRANSPARENT && d->c.off == 0;

	if (!dissect_header(d, &(struct layer){ PROTO_NETANALYZER, fields, transparent ? HEADER + PREAMBLE : HEADER,
						"the netANALYZER header is cut short", NULL }))
		return;
	if (cursor_left(&d->c) > FCS)
		cursor_limit(&d->c, cursor_left(&d->c) - FCS);
	dissect_next(d, PROTO_ETHERNET);
}
