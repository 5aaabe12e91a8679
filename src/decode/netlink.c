/* Linux netlink, tcpdump.org LINKTYPE_NETLINK and netlink(7): the cooked header (packet type 2
 * bytes, device type 2, unused 10, family 2, all big-endian), then messages in the order of the
 * machine that captured: length 4, type 2, flags 2, sequence 4, port 4.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>

enum { LINKTYPE = 253, COOKED = 16, MESSAGE = 16, UEVENT = 15 };

static const struct field_word families[] = {
	{ 0, "route" },      { 2, "user socket" },   { 4, "socket diagnosis" },
	{ 5, "log" },        { 6, "xfrm" },          { 7, "SELinux" },
	{ 9, "audit" },      { 10, "FIB lookup" },   { 11, "connector" },
	{ 12, "netfilter" }, { 15, "kernel event" }, { 16, "generic" },
	{ 20, "RDMA" },      { 21, "crypto" },       { 0, NULL },
};

static const struct field cooked_fields[] = {
	{ "netlink.hatype", "Device type", 16, 16, FIELD_HEX, .help = "ARPHRD_NETLINK" },
	{ "netlink.family", "Family", 112, 16, FIELD_HEX, .words = families,
	  .help = "which part of the kernel, netlink(7)" },
	{ 0 },
};

static const struct field message_fields[] = {
	{ "netlink.hdr_len", "Length", 0, 32, FIELD_DEC, .little = true, .help = "bytes with this header" },
	{ "netlink.hdr_type", "Type", 32, 16, FIELD_DEC, .little = true, .help = "by family" },
	{ "netlink.hdr_flags", "Flags", 48, 16, FIELD_HEX, .little = true, .help = "netlink(7)" },
	{ "netlink.hdr_seq", "Sequence", 64, 32, FIELD_DEC, .little = true, .help = "an answer repeats it" },
	{ "netlink.hdr_pid", "Port", 96, 32, FIELD_DEC, .little = true, .help = "of the socket; 0 is the kernel" },
	{ 0 },
};

void decode_netlink(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_NETLINK);
	uint16_t family = d->key;
	const char *name;

	if (!at.off && d->p->linktype == LINKTYPE) {
		field_table(d, &at, cooked_fields);
		cursor_skip(&d->c, COOKED - 2);
		family = cursor_be16(&d->c);
	}
	if (d->c.err) {
		dissect_short(d, "the netlink header is cut short");
		return;
	}
	name = field_word(families, family);
	field_meaning(d, line, name);
	if (d->words) {
		if (name)
			buf_printf(d->words, "netlink %s", name);
		else
			buf_printf(d->words, "netlink family %u", family);
		buf_printf(d->words, " len=%u", cursor_left(&d->c));
	}
	if (family != UEVENT && cursor_left(&d->c) >= MESSAGE) {
		field_table(d, &d->c, message_fields);
		cursor_skip(&d->c, MESSAGE);
	}
	dissect_layer_end(d, line, at.off);
	dissect_next(d, PROTO_DATA);
}
