/* Virtual Router Redundancy Protocol, RFC 9568 5.1 (version 3), RFC 3768 5.1 (version 2):
 *
 * +-------+-------+---------------+---------------+---------------+
 * |Version| Type  | Virtual Rtr ID|   Priority    |Count IPvX Addr|
 * +-------+-------+---------------+---------------+---------------+
 * |  2: Auth Type, Advert Int 1   |           Checksum            |
 * |  3: rsvd 4 bits, Max Advertise Interval 12                    |
 * +-------------------------------+-------------------------------+
 * |              IPvX Addresses; 2: 8 bytes of password           |
 * +---------------------------------------------------------------+
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>

enum { HEADER = 8 };

static const struct field_word types[] = { { 1, "advertisement" }, { 0, NULL } };
static const struct field_word priorities[] = {
	{ 0, "the master leaves" },
	{ 100, "default" },
	{ 255, "owns the address" },
	{ 0, NULL },
};

static const struct field fields[] = {
	{ "vrrp.version", "Version", 0, 4, FIELD_DEC, .help = "2 or 3, RFC 9568 5.2.1" },
	{ "vrrp.type", "Type", 4, 4, FIELD_DEC, .words = types, .help = "RFC 9568 5.2.2" },
	{ "vrrp.virt_rtr_id", "Virtual router", 8, 8, FIELD_DEC, .help = "RFC 9568 5.2.3" },
	{ "vrrp.prio", "Priority", 16, 8, FIELD_DEC, .words = priorities,
	  .help = "the highest becomes active, RFC 9568 5.2.4" },
	{ "vrrp.addr_count", "Addresses", 24, 8, FIELD_DEC, .help = "how many, RFC 9568 5.2.5" },
	{ 0 },
};

static const struct field version_2[] = {
	{ "vrrp.auth_type", "Authentication", 32, 8, FIELD_DEC, .help = "RFC 3768 5.3.6" },
	{ "vrrp.adver_int", "Interval", 40, 8, FIELD_DEC, .help = "seconds, RFC 3768 5.3.7" },
	{ 0 },
};

static const struct field version_3[] = {
	{ "vrrp.short_adver_int", "Interval", 36, 12, FIELD_DEC, .help = "hundredths of a second, RFC 9568 5.2.7" },
	{ 0 },
};

static const struct field checksum_fields[] = {
	{ "vrrp.checksum", "Checksum", 48, 16, FIELD_HEX, .help = "version 3: with the pseudo-header, RFC 9568 5.2.8" },
	{ 0 },
};

static const struct field address_4[] = {
	{ "vrrp.ip_addr", "Address", 0, 32, FIELD_IPV4, .help = "of the virtual router" },
	{ 0 },
};

static const struct field address_6[] = {
	{ "vrrp.ipv6_addr", "Address", 0, 128, FIELD_IPV6, .help = "of the virtual router" },
	{ 0 },
};

/* IPv6 is told by the layer before this one: inside a tunnel the summary is another header's. */
static bool over_ipv6(const struct dissect *d)
{
	for (unsigned i = d->p->layer_count; i-- > 0;)
		if (d->p->layers[i] == PROTO_IPV4 || d->p->layers[i] == PROTO_IPV6)
			return d->p->layers[i] == PROTO_IPV6;
	return false;
}

void decode_vrrp(struct dissect *d)
{
	struct cursor at = d->c;
	bool six = over_ipv6(d);
	unsigned line = dissect_layer(d, PROTO_VRRP);
	uint8_t version = cursor_u8(&d->c) >> 4, id = cursor_u8(&d->c), priority = cursor_u8(&d->c);
	uint8_t count = cursor_u8(&d->c);

	field_table(d, &at, fields);
	field_table(d, &at, version == 3 ? version_3 : version_2);
	field_table(d, &at, checksum_fields);
	cursor_skip(&d->c, HEADER - 4);
	if (!d->c.err && d->words && dissect_outermost(d))
		buf_printf(d->words, "VRRPv%u advertisement router=%u priority=%u", version, id, priority);
	while (!d->c.err && count--) {
		field_table(d, &d->c, six ? address_6 : address_4);
		cursor_skip(&d->c, six ? 16 : 4);
	}
	if (d->c.err) {
		dissect_short(d, "the VRRP message is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	dissect_next(d, PROTO_DATA);
}
