/* Open Shortest Path First, RFC 2328 A.3.1 (version 2), RFC 5340 A.3.1 (version 3):
 *
 * +---------------+---------------+-------------------------------+
 * |    Version    |     Type      |         Packet length         |
 * +---------------+---------------+-------------------------------+
 * |                          Router ID                            |
 * |                           Area ID                             |
 * +-------------------------------+-------------------------------+
 * |           Checksum            |  2: AuType, 8 bytes of it     |
 * |                               |  3: Instance ID 1, zero 1     |
 * +-------------------------------+-------------------------------+
 *
 * The hello (A.3.2) is shown; the link state messages are bytes.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>

enum { HEADER_2 = 24, HEADER_3 = 16, HELLO = 20, HELLO_TYPE = 1 };

static const struct field_word types[] = {
	{ 1, "hello" },
	{ 2, "database description" },
	{ 3, "link state request" },
	{ 4, "link state update" },
	{ 5, "link state acknowledgement" },
	{ 0, NULL },
};

static const struct field_word auth_types[] = {
	{ 0, "none" },
	{ 1, "simple password" },
	{ 2, "cryptographic" },
	{ 0, NULL },
};

static const struct field fields[] = {
	{ "ospf.version", "Version", 0, 8, FIELD_DEC, .help = "2 for IPv4, 3 for IPv6" },
	{ "ospf.msg", "Type", 8, 8, FIELD_DEC, .words = types, .help = "RFC 2328 A.3.1" },
	{ "ospf.packet_length", "Length", 16, 16, FIELD_DEC, .help = "bytes with this header" },
	{ "ospf.srcrouter", "Router", 32, 32, FIELD_IPV4, .help = "who sent it" },
	{ "ospf.area_id", "Area", 64, 32, FIELD_IPV4, .help = "0.0.0.0 is the backbone" },
	{ "ospf.checksum", "Checksum", 96, 16, FIELD_HEX,
	  .help = "over the packet without the authentication, RFC 2328 D.4" },
	{ 0 },
};

static const struct field auth_fields[] = {
	{ "ospf.auth.type", "Authentication", 112, 16, FIELD_DEC, .words = auth_types, .help = "RFC 2328 D" },
	{ 0 },
};

static const struct field instance_fields[] = {
	{ "ospf.instance_id", "Instance", 112, 8, FIELD_DEC, .help = "several on one link, RFC 5340 A.3.1" },
	{ 0 },
};

static const struct field hello_2[] = {
	{ "ospf.hello.network_mask", "Network mask", 0, 32, FIELD_IPV4, .help = "RFC 2328 A.3.2" },
	{ "ospf.hello.hello_interval", "Hello interval", 32, 16, FIELD_DEC, .help = "seconds" },
	{ "ospf.v2.options", "Options", 48, 8, FIELD_HEX, .help = "RFC 2328 A.2" },
	{ "ospf.hello.router_priority", "Priority", 56, 8, FIELD_DEC,
	  .help = "to become designated router; 0 is never" },
	{ "ospf.hello.router_dead_interval", "Dead interval", 64, 32, FIELD_DEC,
	  .help = "seconds until a silent router is gone" },
	{ "ospf.hello.designated_router", "Designated router", 96, 32, FIELD_IPV4, .help = "its interface" },
	{ "ospf.hello.backup_designated_router", "Backup designated router", 128, 32, FIELD_IPV4,
	  .help = "its interface" },
	{ 0 },
};

static const struct field hello_3[] = {
	{ "ospf.hello.interface_id", "Interface", 0, 32, FIELD_DEC, .help = "RFC 5340 A.3.2" },
	{ "ospf.hello.router_priority", "Priority", 32, 8, FIELD_DEC,
	  .help = "to become designated router; 0 is never" },
	{ "ospf.v3.options", "Options", 40, 24, FIELD_HEX, .help = "RFC 5340 A.2" },
	{ "ospf.hello.hello_interval", "Hello interval", 64, 16, FIELD_DEC, .help = "seconds" },
	{ "ospf.hello.router_dead_interval", "Dead interval", 80, 16, FIELD_DEC,
	  .help = "seconds until a silent router is gone" },
	{ "ospf.hello.designated_router", "Designated router", 96, 32, FIELD_IPV4, .help = "its router ID" },
	{ "ospf.hello.backup_designated_router", "Backup designated router", 128, 32, FIELD_IPV4,
	  .help = "its router ID" },
	{ 0 },
};

static const struct field neighbour[] = {
	{ "ospf.hello.active_neighbor", "Neighbour", 0, 32, FIELD_IPV4,
	  .help = "a router that was heard lately, RFC 2328 A.3.2" },
	{ 0 },
};

static void hello(struct dissect *d, uint8_t version)
{
	field_table(d, &d->c, version == 2 ? hello_2 : hello_3);
	cursor_skip(&d->c, HELLO);
	while (!d->c.err && cursor_left(&d->c) >= 4) {
		field_table(d, &d->c, neighbour);
		cursor_skip(&d->c, 4);
	}
}

static void say(struct dissect *d, uint8_t version, const char *name, uint8_t type, const uint8_t *router)
{
	if (!d->words || !dissect_outermost(d))
		return;
	buf_printf(d->words, "OSPFv%u ", version);
	if (name)
		buf_puts(d->words, name);
	else
		buf_printf(d->words, "type %u", type);
	buf_printf(d->words, " router=%u.%u.%u.%u", router[0], router[1], router[2], router[3]);
}

void decode_ospf(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_OSPF);
	uint8_t version = cursor_u8(&d->c), type = cursor_u8(&d->c);
	uint16_t length = cursor_be16(&d->c);
	const char *name = field_word(types, type);

	field_table(d, &at, fields);
	field_table(d, &at, version == 3 ? instance_fields : auth_fields);
	field_meaning(d, line, name);
	cursor_skip(&d->c, (version == 3 ? HEADER_3 : HEADER_2) - 4);
	if (d->c.err) {
		dissect_short(d, "the OSPF header is cut short");
		return;
	}
	say(d, version, name, type, cursor_at(&at, at.off + 4, 4));
	if (length > cursor_left(&at))
		dissect_malformed(d, "the packet is shorter than its OSPF length");
	if (type == HELLO_TYPE && length >= d->c.off - at.off) {
		struct cursor whole = d->c;

		cursor_limit(&d->c, length - (d->c.off - at.off));
		hello(d, version);
		if (d->c.err) {
			dissect_short(d, "the OSPF hello is cut short");
			return;
		}
		d->c.cap = whole.cap; /* behind it: a digest, or link-local signalling */
		d->c.len = whole.len;
	}
	dissect_layer_end(d, line, at.off);
	dissect_next(d, PROTO_DATA);
}
