/* Extensions of ICMP errors, RFC 4884 7, behind the quoted packet:
 *
 * +-------+-----------------------+-------------------------------+
 * |Version|      (Reserved)       |           Checksum            |
 * +-------+-----------------------+---------------+---------------+
 * |            Length             |   Class-Num   |    C-Type     |
 * +-------------------------------+---------------+---------------+
 * |                      the object's data ...                    |
 * +---------------------------------------------------------------+
 *
 * An object of class 1 is the MPLS label stack (RFC 4950), of class 2 an interface (RFC 5837).
 */
#include "decode/icmp.h"

#include <stddef.h>

enum { OBJECT = 4, MPLS = 1, LABEL = 4, OBJECTS = 32 };

static const struct field_word classes[] = {
	{ 1, "MPLS label stack" },     { 2, "interface" }, { 3, "interface identification" },
	{ 5, "extended information" }, { 0, NULL },
};

static const struct field fields[] = {
	{ "icmp.ext.version", "Version", 0, 4, FIELD_DEC, .indent = 1, .help = "2, RFC 4884 7" },
	{ "icmp.ext.checksum", "Checksum", 16, 16, FIELD_HEX, .indent = 1,
	  .help = "over the extensions; 0 is none, RFC 4884 7" },
	{ 0 },
};

static const struct field object_fields[] = {
	{ "icmp.ext.length", "Object length", 0, 16, FIELD_DEC, .indent = 1,
	  .help = "bytes with this header, RFC 4884 7.1" },
	{ "icmp.ext.class", "Class", 16, 8, FIELD_DEC, .indent = 1, .words = classes,
	  .help = "IANA ICMP extension object classes" },
	{ "icmp.ext.ctype", "Type", 24, 8, FIELD_DEC, .indent = 1, .help = "within the class" },
	{ 0 },
};

static const struct field label_fields[] = {
	{ "icmp.mpls.label", "Label", 0, 20, FIELD_DEC, .indent = 2, .help = "RFC 4950 3" },
	{ "icmp.mpls.exp", "Traffic class", 20, 3, FIELD_DEC, .indent = 2, .help = "RFC 5462" },
	{ "icmp.mpls.s", "Bottom of stack", 23, 1, FIELD_BOOL, .indent = 2, .help = "RFC 3032 2.1" },
	{ "icmp.mpls.ttl", "Time to live", 24, 8, FIELD_DEC, .indent = 2, .help = "RFC 3032 2.1" },
	{ 0 },
};

static const struct field data_field[] = {
	{ "icmp.ext.data", "Data", 0, 0, FIELD_BYTES, .indent = 2, .help = "of the object" },
	{ 0 },
};

static void show_object(struct dissect *d, struct cursor object)
{
	uint8_t class;

	field_table(d, &object, object_fields);
	cursor_skip(&object, 2);
	class = cursor_u8(&object);
	cursor_skip(&object, 1);
	if (class != MPLS)
		field_table(d, &object, data_field);
	while (class == MPLS && !object.err && cursor_left(&object) >= LABEL) {
		field_table(d, &object, label_fields);
		cursor_skip(&object, LABEL);
	}
}

void icmp_extension(struct dissect *d, struct cursor c)
{
	static const struct field row = { .name = "icmp.ext",
					  .label = "Extensions",
					  .help = "what the router adds to the error, RFC 4884" };
	unsigned left = OBJECTS;

	field_line(d, &row, c.off, cursor_left(&c), "", "");
	field_table(d, &c, fields);
	cursor_skip(&c, OBJECT);
	while (!c.err && cursor_left(&c) && left--) {
		struct cursor look = c, object;
		uint16_t length = cursor_be16(&look);

		if (!look.err && length < OBJECT) {
			dissect_malformed(d, "an ICMP extension object is shorter than its header");
			return;
		}
		object = cursor_part(&c, look.err ? OBJECT : length);
		if (d->tree && !object.err)
			show_object(d, object);
	}
	if (c.err) {
		d->c.err = c.err;
		dissect_short(d, "an ICMP extension object is cut short");
	}
}
