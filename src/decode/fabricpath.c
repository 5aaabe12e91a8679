/* Cisco FabricPath (EtherType 0x8903): forwarding tag 10 bits, time to live 6, then the whole
 * Ethernet frame of the host.
 */
#include "decode/dissect.h"

enum { HEADER = 2 };

static const struct field fields[] = {
	{ "cfp.ftag", "Forwarding tag", 0, 10, FIELD_DEC, .help = "which topology" },
	{ "cfp.ttl", "Time to live", 10, 6, FIELD_DEC, .help = "hops in the fabric" },
	{ 0 },
};

void decode_fabricpath(struct dissect *d)
{
	static const struct layer layer = { PROTO_FABRICPATH, fields, HEADER, "the FabricPath tag is cut short", 0 };

	if (dissect_header(d, &layer))
		dissect_next(d, PROTO_ETHERNET);
}
