/* Management frames of IEEE 802.11, 9.3.3: what is fixed for each subtype, then elements, 9.4.2: a
 * number 1 byte, length 1, value. Little-endian. Names and channels are told in the info line, and
 * why a station was sent away.
 */
#include "decode/dissect.h"

#include "util/buf.h"
#include "util/text.h"

#include <stddef.h>
#include <stdio.h>

enum { SSID = 0, CHANNEL = 3, SSID_MOST = 32, PRIVACY = 0x10 };
enum { ASSOCIATE, ASSOCIATED, REASSOCIATE, REASSOCIATED, PROBE, PROBED, BEACON = 8 };
enum { DISASSOCIATE = 10, AUTHENTICATE, DEAUTHENTICATE, ACTION, ACTION_NO_ACK };

/* IEEE 802.11 table 9-49 */
static const struct field_word reasons[] = {
	{ 1, "unspecified" },
	{ 2, "authentication is no longer valid" },
	{ 3, "the station leaves" },
	{ 4, "inactivity" },
	{ 5, "too many stations" },
	{ 6, "class 2 frame without authentication" },
	{ 7, "class 3 frame without association" },
	{ 8, "the station has left" },
	{ 9, "association without authentication" },
	{ 10, "power capability" },
	{ 11, "supported channels" },
	{ 13, "invalid element" },
	{ 14, "message integrity" },
	{ 15, "4-way handshake timeout" },
	{ 16, "group key handshake timeout" },
	{ 17, "handshake element differs" },
	{ 18, "invalid group cipher" },
	{ 19, "invalid pairwise cipher" },
	{ 20, "invalid AKMP" },
	{ 21, "unsupported RSNE version" },
	{ 22, "invalid RSNE capabilities" },
	{ 23, "802.1X authentication failed" },
	{ 24, "cipher rejected by policy" },
	{ 32, "quality of service" },
	{ 33, "lack of bandwidth" },
	{ 34, "poor channel" },
	{ 35, "beyond its transmit opportunity" },
	{ 36, "the station leaves" },
	{ 37, "mechanism is not wanted" },
	{ 38, "mechanism needs a setup" },
	{ 39, "timeout" },
	{ 45, "unsupported cipher" },
	{ 0, NULL },
};

/* IEEE 802.11 table 9-50 */
static const struct field_word statuses[] = {
	{ 0, "success" },
	{ 1, "failure" },
	{ 10, "capabilities" },
	{ 11, "no former association" },
	{ 12, "denied, other reason" },
	{ 13, "unsupported algorithm" },
	{ 14, "wrong sequence" },
	{ 15, "challenge failed" },
	{ 16, "timeout" },
	{ 17, "too many stations" },
	{ 18, "basic rates" },
	{ 30, "try again later" },
	{ 31, "robust management policy" },
	{ 37, "declined" },
	{ 40, "invalid element" },
	{ 41, "invalid group cipher" },
	{ 42, "invalid pairwise cipher" },
	{ 43, "invalid AKMP" },
	{ 46, "cipher rejected by policy" },
	{ 0, NULL },
};

static const struct field_word algorithms[] = {
	{ 0, "open system" }, { 1, "shared key" }, { 2, "fast transition" }, { 3, "SAE" }, { 0, NULL },
};

static const struct field_word categories[] = {
	{ 0, "spectrum management" },
	{ 1, "quality of service" },
	{ 3, "block acknowledgement" },
	{ 4, "public" },
	{ 5, "radio measurement" },
	{ 6, "fast transition" },
	{ 7, "high throughput" },
	{ 8, "SA query" },
	{ 10, "wireless network management" },
	{ 13, "mesh" },
	{ 15, "self-protected" },
	{ 21, "very high throughput" },
	{ 127, "vendor" },
	{ 0, NULL },
};

static const struct field_word elements[] = {
	{ 0, "SSID" },
	{ 1, "supported rates" },
	{ 3, "channel" },
	{ 5, "traffic indication map" },
	{ 7, "country" },
	{ 11, "load" },
	{ 33, "power capability" },
	{ 36, "supported channels" },
	{ 42, "ERP" },
	{ 45, "high throughput capabilities" },
	{ 48, "RSN" },
	{ 50, "extended supported rates" },
	{ 54, "mobility domain" },
	{ 61, "high throughput operation" },
	{ 107, "interworking" },
	{ 114, "mesh ID" },
	{ 127, "extended capabilities" },
	{ 191, "very high throughput capabilities" },
	{ 192, "very high throughput operation" },
	{ 221, "vendor" },
	{ 255, "extension" },
	{ 0, NULL },
};

#define CAPABILITIES(AT)                                                               \
	{                                                                              \
		"wlan.fixed.capabilities", "Capabilities", AT, 16, FIELD_HEX,          \
			.little = true, .help = "0x10: encrypted, IEEE 802.11 9.4.1.4" \
	}
#define STATUS(AT)                                                                                        \
	{                                                                                                 \
		"wlan.fixed.status_code", "Status", AT, 16, FIELD_HEX, .words = statuses, .little = true, \
								       .help = "IEEE 802.11 9.4.1.9"      \
	}

static const struct field beacon_fields[] = {
	{ "wlan.fixed.timestamp", "Timestamp", 0, 64, FIELD_DEC, .little = true,
	  .help = "microseconds of the access point, IEEE 802.11 9.4.1.10" },
	{ "wlan.fixed.beacon", "Interval", 64, 16, FIELD_DEC, .little = true,
	  .help = "between beacons, in units of 1024 us, IEEE 802.11 9.4.1.3" },
	CAPABILITIES(80),
	{ 0 },
};

static const struct field associate_fields[] = {
	CAPABILITIES(0),
	{ "wlan.fixed.listen_ival", "Listen interval", 16, 16, FIELD_HEX, .little = true,
	  .help = "beacons that it sleeps, IEEE 802.11 9.4.1.6" },
	{ 0 },
};

static const struct field associated_fields[] = {
	CAPABILITIES(0),
	STATUS(16),
	{ "wlan.fixed.aid", "Association ID", 32, 16, FIELD_HEX, .little = true, .help = "IEEE 802.11 9.4.1.8" },
	{ 0 },
};

static const struct field reassociate_fields[] = {
	CAPABILITIES(0),
	{ "wlan.fixed.listen_ival", "Listen interval", 16, 16, FIELD_HEX, .little = true,
	  .help = "beacons that it sleeps, IEEE 802.11 9.4.1.6" },
	{ "wlan.fixed.current_ap", "Current access point", 32, 48, FIELD_MAC,
	  .help = "that it leaves, IEEE 802.11 9.4.1.5" },
	{ 0 },
};

static const struct field reason_fields[] = {
	{ "wlan.fixed.reason_code", "Reason", 0, 16, FIELD_HEX, .words = reasons, .little = true,
	  .help = "IEEE 802.11 9.4.1.7" },
	{ 0 },
};

static const struct field authenticate_fields[] = {
	{ "wlan.fixed.auth.alg", "Algorithm", 0, 16, FIELD_DEC, .words = algorithms, .little = true,
	  .help = "IEEE 802.11 9.4.1.1" },
	{ "wlan.fixed.auth_seq", "Sequence", 16, 16, FIELD_HEX, .little = true,
	  .help = "step of it, IEEE 802.11 9.4.1.2" },
	STATUS(32),
	{ 0 },
};

static const struct field action_fields[] = {
	{ "wlan.fixed.category_code", "Category", 0, 8, FIELD_DEC, .words = categories,
	  .help = "IEEE 802.11 9.4.1.11" },
	{ "wlan.fixed.action_code", "Action", 8, 8, FIELD_DEC, .help = "within the category" },
	{ 0 },
};

/* A subtype's fixed part; where in it the number stands that the info line tells. */
static const struct kind {
	const struct field *fields;
	uint8_t size;
	const char *word; /* " reason=" */
	uint8_t at, bytes;
	const struct field_word *words;
	uint8_t capabilities; /* 1 + where they stand; 0: none */
} kinds[16] = {
	[ASSOCIATE] = { associate_fields, 4, NULL, 0, 0, NULL, 0 },
	[ASSOCIATED] = { associated_fields, 6, " status=", 2, 2, statuses, 0 },
	[REASSOCIATE] = { reassociate_fields, 10, NULL, 0, 0, NULL, 0 },
	[REASSOCIATED] = { associated_fields, 6, " status=", 2, 2, statuses, 0 },
	[PROBE] = { NULL, 0, NULL, 0, 0, NULL, 0 },
	[PROBED] = { beacon_fields, 12, NULL, 0, 0, NULL, 11 },
	[BEACON] = { beacon_fields, 12, NULL, 0, 0, NULL, 11 },
	[DISASSOCIATE] = { reason_fields, 2, " reason=", 0, 2, reasons, 0 },
	[AUTHENTICATE] = { authenticate_fields, 6, " status=", 4, 2, statuses, 0 },
	[DEAUTHENTICATE] = { reason_fields, 2, " reason=", 0, 2, reasons, 0 },
	[ACTION] = { action_fields, 2, " category=", 0, 1, categories, 0 },
	[ACTION_NO_ACK] = { action_fields, 2, " category=", 0, 1, categories, 0 },
};

static void say(struct dissect *d, const struct kind *kind, struct cursor c)
{
	struct cursor at = c;
	const char *name;
	uint32_t value;

	if (!d->words)
		return;
	if (kind->word) {
		cursor_skip(&c, kind->at);
		value = kind->bytes == 1 ? cursor_u8(&c) : cursor_le16(&c);
		name = field_word(kind->words, value);
		buf_printf(d->words, "%s%u", kind->word, value);
		if (name)
			buf_printf(d->words, " (%s)", name);
	}
	if (kind->capabilities) {
		cursor_skip(&at, kind->capabilities - 1u);
		if (cursor_le16(&at) & PRIVACY)
			buf_puts(d->words, " encrypted");
	}
}

static void show_ssid(struct dissect *d, const struct cursor *value)
{
	static const struct field row[] = {
		{ "wlan.ssid", "Network", 0, 0, FIELD_BYTES, .indent = 1, .help = "its name, IEEE 802.11 9.4.2.2" },
		{ 0 },
	};
	uint32_t n = cursor_left(value) < SSID_MOST ? cursor_left(value) : SSID_MOST;
	const uint8_t *b = cursor_at(value, value->off, n);
	char text[SSID_MOST + 1];

	if (!b || !n)
		return;
	snprintf(text, sizeof text, "%.*s", (int)n, (const char *)b);
	field_table(d, value, row);
	if (d->tree && d->tree->count)
		field_meaning(d, d->tree->count - 1, text);
	if (d->words) {
		buf_puts(d->words, " \"");
		text_clean(d->words, (const char *)b, n);
		buf_putc(d->words, '"');
	}
}

static void show_channel(struct dissect *d, const struct cursor *value)
{
	static const struct field row[] = {
		{ "wlan.ds.current_channel", "Channel", 0, 8, FIELD_DEC, .indent = 1, .help = "IEEE 802.11 9.4.2.4" },
		{ 0 },
	};
	const uint8_t *b = cursor_at(value, value->off, 1);

	field_table(d, value, row);
	if (b && d->words)
		buf_printf(d->words, " channel=%u", b[0]);
}

static void walk_elements(struct dissect *d)
{
	static const struct field row = {
		"wlan.tag.number", "Element", 0, 8, FIELD_DEC, .words = elements, .help = "IEEE 802.11 9.4.2.1"
	};
	static const struct field length_row[] = {
		{ "wlan.tag.length", "Length", 0, 8, FIELD_DEC, .indent = 1, .help = "bytes" },
		{ 0 },
	};

	struct buf *words = d->words;
	unsigned told = 0; /* elements that are in the info line: each once */

	while (!d->c.err && cursor_left(&d->c)) {
		struct cursor value;
		uint8_t number = cursor_u8(&d->c);
		uint32_t length;

		field_number(d, &row, d->c.off - 1, 1, number);
		field_table(d, &d->c, length_row);
		length = cursor_u8(&d->c);
		value = cursor_part(&d->c, length);
		if (value.err)
			break;
		d->words = number <= CHANNEL && (told >> number & 1) ? NULL : words;
		if (number == SSID)
			show_ssid(d, &value);
		else if (number == CHANNEL)
			show_channel(d, &value);
		if (number <= CHANNEL)
			told |= 1u << number;
	}
	d->words = words;
}

void wlan_management(struct dissect *d, uint8_t subtype)
{
	const struct kind *kind = &kinds[subtype & 15];
	struct cursor at = d->c;

	field_table(d, &at, kind->fields);
	if (!cursor_skip(&d->c, kind->size))
		return;
	say(d, kind, at);
	if ((kind->fields || subtype == PROBE) && subtype != ACTION && subtype != ACTION_NO_ACK)
		walk_elements(d);
	/* What looks like an element that is too long may be a check sequence that nobody announced. */
	if (d->c.err == CURSOR_MALFORMED)
		d->c.err = CURSOR_OK;
	if (!d->c.err)
		d->c.off = d->c.cap;
}
