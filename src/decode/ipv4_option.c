/* IPv4 options, RFC 791 3.1: kinds 0 and 1 are one byte; the others have a length, their own two
 * bytes included, and routes and time stamps a pointer to the next free place.
 */
#include "decode/dissect.h"

#include <stddef.h>

enum { END = 0, NOP = 1, WITH_ADDRESSES = 1, PRESPECIFIED = 3 };

static const struct field pointer_fields[] = {
	{ "ip.opt.ptr", "Pointer", 16, 8, FIELD_DEC, .help = "where the next entry goes, from 1, RFC 791 3.1" },
	{ 0 },
};

static const struct field stamp_fields[] = {
	{ "ip.opt.ptr", "Pointer", 16, 8, FIELD_DEC, .help = "where the next stamp goes, from 1, RFC 791 3.1" },
	{ "ip.opt.overflow", "Overflow", 24, 4, FIELD_DEC, .help = "hosts that found no place for their stamp" },
	{ "ip.opt.flag", "Flag", 28, 4, FIELD_HEX, .help = "0 stamps, 1 with addresses, 3 only of the hosts named" },
	{ 0 },
};

static const struct field alert_fields[] = {
	{ "ip.opt.ra", "Router alert", 16, 16, FIELD_DEC, .help = "0: every router looks at the packet, RFC 2113" },
	{ 0 },
};

static const struct field stream_fields[] = {
	{ "ip.opt.sid", "Stream ID", 16, 16, FIELD_DEC, .help = "obsolete, RFC 6814" },
	{ 0 },
};

static const struct field recorded[] = {
	{ "ip.rec_rt", "Recorded route", 0, 32, FIELD_IPV4, .help = "a router that it came through, RFC 791 3.1" },
	{ 0 },
};

static const struct field empty[] = {
	{ "ip.empty_rt", "Empty", 0, 32, FIELD_IPV4, .help = "place for an address, not used yet" },
	{ 0 },
};

static const struct field source[] = {
	{ "ip.src_rt", "Source route", 0, 32, FIELD_IPV4, .help = "a router that it is to go through, RFC 791 3.1" },
	{ 0 },
};

static const struct field stamp_address[] = {
	{ "ip.opt.time_stamp_addr", "Address", 0, 32, FIELD_IPV4, .help = "host of the next stamp" },
	{ 0 },
};

static const struct field stamp[] = {
	{ "ip.opt.time_stamp", "Time stamp", 0, 32, FIELD_DEC, .help = "milliseconds since midnight UTC, RFC 791 3.1" },
	{ 0 },
};

/* Addresses of 4 bytes from the fourth byte on; the pointer divides them. */
static void list_route(struct dissect *d, struct cursor c, const struct field *before, const struct field *after)
{
	uint32_t start = c.off, pointer;

	cursor_skip(&c, 2);
	pointer = cursor_u8(&c);
	while (!c.err && cursor_left(&c) >= 4) {
		field_table(d, &c, c.off - start + 1 < pointer ? before : after);
		cursor_skip(&c, 4);
	}
}

static void record_route(struct dissect *d, struct cursor option)
{
	list_route(d, option, recorded, empty);
}

static void source_route(struct dissect *d, struct cursor option)
{
	list_route(d, option, recorded, source);
}

static void time_stamps(struct dissect *d, struct cursor c)
{
	uint8_t flag;

	cursor_skip(&c, 3);
	flag = cursor_u8(&c) & 15;
	while (!c.err && cursor_left(&c) >= 4) {
		if (flag == WITH_ADDRESSES || flag == PRESPECIFIED) {
			field_table(d, &c, stamp_address);
			cursor_skip(&c, 4);
		}
		field_table(d, &c, stamp);
		cursor_skip(&c, 4);
	}
}

static const struct option options[] = {
	{ END, "end of options", "what follows is padding, RFC 791 3.1", NULL, NULL },
	{ NOP, "no operation", "aligns the option behind it, RFC 791 3.1", NULL, NULL },
	{ 7, "record route", "routers enter their addresses, RFC 791 3.1", pointer_fields, record_route },
	{ 68, "time stamp", "hosts enter the time, RFC 791 3.1", stamp_fields, time_stamps },
	{ 130, "security", "handling restrictions, RFC 1108", NULL, NULL },
	{ 131, "loose source route", "pass these routers and any between, RFC 791 3.1", pointer_fields, source_route },
	{ 134, "commercial security", "CIPSO label", NULL, NULL },
	{ 136, "stream ID", "obsolete, RFC 6814", stream_fields, NULL },
	{ 137, "strict source route", "pass these routers and no other, RFC 791 3.1", pointer_fields, source_route },
	{ 148, "router alert", "routers look at what they forward, RFC 2113", alert_fields, NULL },
	{ 0, NULL, "IANA IP option numbers", NULL, NULL },
};

static const struct field
	kind_row = { "ip.opt.type", "Option", 0, 8, FIELD_DEC, .help = NULL /* the option has one */ };

static const struct field length_row[] = {
	{ "ip.opt.len", "Length", 8, 8, FIELD_DEC, .help = "bytes of the whole option" },
	{ 0 },
};

void ipv4_options(struct dissect *d, struct cursor c)
{
	while (!c.err && cursor_left(&c)) {
		struct cursor rest = c, option;
		uint8_t kind = cursor_u8(&c), len = 1;

		if (kind > NOP)
			len = cursor_u8(&c);
		if (c.err == CURSOR_TRUNCATED)
			return;
		if (c.err || len == 0 || (kind > NOP && len < 2) || len > cursor_left(&rest)) {
			dissect_malformed(d, "an IPv4 option is longer than the header");
			return;
		}
		c = rest;
		option = cursor_part(&c, len);
		option_show(d, options, &kind_row, length_row, &option);
		if (kind == END)
			return;
	}
}
