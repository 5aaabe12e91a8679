/* Transport Layer Security, RFC 8446 5.1 and 4: records, and in them handshake messages.
 *
 * +---------------+-------------------------------+-------------------------------+
 * |     Type      |        Legacy version         |            Length             |
 * +---------------+-------------------------------+-------------------------------+
 * +---------------+-----------------------------------------------+
 * |  Message type |                    Length                     |
 * +---------------+-----------------------------------------------+
 */
#include "decode/dissect.h"

#include "util/buf.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>

enum { ALERT = 21, HANDSHAKE = 22, MOST_RECORDS = 64, MOST_ITEMS = 128, LARGEST = 18432 };
enum { CLIENT_HELLO = 1, SERVER_HELLO = 2, CERTIFICATE = 11, FINISHED = 20 };

static const struct field_word types[] = {
	{ 20, "Change Cipher Spec" }, { ALERT, "Alert" },  { HANDSHAKE, "Handshake" },
	{ 23, "Application Data" },   { 24, "Heartbeat" }, { 0, NULL },
};

static const struct field_word versions[] = {
	{ 0x0300, "SSL 3.0" }, { 0x0301, "TLS 1.0" }, { 0x0302, "TLS 1.1" },
	{ 0x0303, "TLS 1.2" }, { 0x0304, "TLS 1.3" }, { 0, NULL },
};

static const struct field_word messages[] = {
	{ 0, "Hello Request" },
	{ CLIENT_HELLO, "Client Hello" },
	{ SERVER_HELLO, "Server Hello" },
	{ 4, "New Session Ticket" },
	{ 8, "Encrypted Extensions" },
	{ CERTIFICATE, "Certificate" },
	{ 12, "Server Key Exchange" },
	{ 13, "Certificate Request" },
	{ 14, "Server Hello Done" },
	{ 15, "Certificate Verify" },
	{ 16, "Client Key Exchange" },
	{ FINISHED, "Finished" },
	{ 22, "Certificate Status" },
	{ 24, "Key Update" },
	{ 0, NULL },
};

static const struct field_word alerts[] = {
	{ 0, "Close Notify" },
	{ 10, "Unexpected Message" },
	{ 20, "Bad Record MAC" },
	{ 22, "Record Overflow" },
	{ 40, "Handshake Failure" },
	{ 42, "Bad Certificate" },
	{ 43, "Unsupported Certificate" },
	{ 44, "Certificate Revoked" },
	{ 45, "Certificate Expired" },
	{ 46, "Certificate Unknown" },
	{ 47, "Illegal Parameter" },
	{ 48, "Unknown CA" },
	{ 49, "Access Denied" },
	{ 50, "Decode Error" },
	{ 51, "Decrypt Error" },
	{ 70, "Protocol Version" },
	{ 71, "Insufficient Security" },
	{ 80, "Internal Error" },
	{ 86, "Inappropriate Fallback" },
	{ 90, "User Canceled" },
	{ 100, "No Renegotiation" },
	{ 109, "Missing Extension" },
	{ 110, "Unsupported Extension" },
	{ 112, "Unrecognized Name" },
	{ 116, "Certificate Required" },
	{ 120, "No Application Protocol" },
	{ 0, NULL },
};

/* IANA "TLS Cipher Suites": those that are met */
static const struct field_word ciphers[] = {
	{ 0x1301, "TLS_AES_128_GCM_SHA256" },
	{ 0x1302, "TLS_AES_256_GCM_SHA384" },
	{ 0x1303, "TLS_CHACHA20_POLY1305_SHA256" },
	{ 0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA" },
	{ 0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA" },
	{ 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256" },
	{ 0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384" },
	{ 0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV" },
	{ 0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA" },
	{ 0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA" },
	{ 0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" },
	{ 0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA" },
	{ 0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
	{ 0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
	{ 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
	{ 0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" },
	{ 0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
	{ 0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" },
	{ 0, NULL },
};

static const struct field_word extensions[] = {
	{ 0, "server name" },
	{ 5, "status request" },
	{ 10, "supported groups" },
	{ 11, "EC point formats" },
	{ 13, "signature algorithms" },
	{ 16, "ALPN" },
	{ 18, "certificate timestamp" },
	{ 21, "padding" },
	{ 22, "encrypt then MAC" },
	{ 23, "extended master secret" },
	{ 35, "session ticket" },
	{ 41, "pre-shared key" },
	{ 42, "early data" },
	{ 43, "supported versions" },
	{ 44, "cookie" },
	{ 45, "PSK exchange modes" },
	{ 49, "post-handshake authentication" },
	{ 51, "key share" },
	{ 57, "QUIC parameters" },
	{ 0xfe0d, "encrypted client hello" },
	{ 0xff01, "renegotiation" },
	{ 0, NULL },
};

static const struct field_word groups[] = {
	{ 23, "secp256r1" },  { 24, "secp384r1" },  { 25, "secp521r1" },        { 29, "x25519" }, { 30, "x448" },
	{ 256, "ffdhe2048" }, { 257, "ffdhe3072" }, { 4588, "X25519MLKEM768" }, { 0, NULL },
};

static const struct field record_fields[] = {
	{ "tls.record.content_type", "Record", 0, 8, FIELD_DEC, .words = types,
	  .help = "what it carries, RFC 8446 5.1" },
	{ "tls.record.version", "Version", 8, 16, FIELD_HEX, .indent = 1, .words = versions,
	  .help = "of old; says little, RFC 8446 5.1" },
	{ "tls.record.length", "Length", 24, 16, FIELD_DEC, .indent = 1,
	  .help = "bytes behind this header, RFC 8446 5.1" },
	{ 0 },
};

static const struct field message_fields[] = {
	{ "tls.handshake.type", "Handshake", 0, 8, FIELD_DEC, .words = messages, .indent = 1, .help = "RFC 8446 4" },
	{ "tls.handshake.length", "Length", 8, 24, FIELD_DEC, .indent = 2, .help = "bytes of the message, RFC 8446 4" },
	{ 0 },
};

static const struct field hello_fields[] = {
	{ "tls.handshake.version", "Version", 0, 16, FIELD_HEX, .words = versions, .indent = 2,
	  .help = "TLS 1.3 names its own in an extension, RFC 8446 4.1.2" },
	{ "tls.handshake.random", "Random", 16, 256, FIELD_BYTES, .indent = 2, .help = "RFC 8446 4.1.2" },
	{ 0 },
};

static const struct field alert_fields[] = {
	{ "tls.alert_message.level", "Level", 0, 8, FIELD_DEC, .indent = 1, .help = "1 warning, 2 fatal, RFC 8446 6" },
	{ "tls.alert_message.desc", "Alert", 8, 8, FIELD_DEC, .words = alerts, .indent = 1, .help = "RFC 8446 6" },
	{ 0 },
};

#define ITEM(NAME, LABEL, FORMAT, WORDS, HELP)                                        \
	{                                                                             \
		NAME, LABEL, 0, 16, FORMAT, .words = WORDS, .indent = 2, .help = HELP \
	}

static const struct field cipher_row = ITEM("tls.handshake.ciphersuite", "Cipher suite", FIELD_HEX, ciphers,
					    "RFC 8446 B.4");
static const struct field group_row = ITEM("tls.handshake.extensions_supported_group", "Group", FIELD_HEX, groups,
					   "for the key exchange, RFC 8446 4.2.7");
static const struct field version_row = ITEM("tls.handshake.extensions.supported_version", "Supported version",
					     FIELD_HEX, versions, "RFC 8446 4.2.1");
static const struct field extension_row = ITEM("tls.handshake.extension.type", "Extension", FIELD_DEC, extensions,
					       "RFC 8446 4.2");
static const struct field name_row = ITEM("tls.handshake.extensions_server_name", "Server name", FIELD_NONE, NULL,
					  "site that is wanted, RFC 6066 3");
static const struct field alpn_row = ITEM("tls.handshake.extensions_alpn_str", "Next protocol", FIELD_NONE, NULL,
					  "RFC 7301 3.1");
static const struct field count_row = ITEM("tls.handshake.certificates_count", "Certificates", FIELD_DEC, NULL,
					   "how many lie here, RFC 8446 4.4.2");

bool tls_looks_like(const struct dissect *d)
{
	struct cursor c = d->c;
	uint8_t type = cursor_u8(&c);
	uint16_t version, length;

	if (type < 20 || type > 24)
		return false;
	version = cursor_be16(&c);
	length = cursor_be16(&c);
	return !c.err && version >> 8 == 3 && (version & 0xff) <= 4 && length && length <= LARGEST;
}

static void numbers(struct dissect *d, const struct field *row, struct cursor c)
{
	for (int i = 0; i < MOST_ITEMS && cursor_left(&c) >= 2; i++) {
		uint16_t value = cursor_be16(&c);

		if (c.err)
			return;
		field_number(d, row, c.off - 2, 2, value);
	}
}

static void told(struct dissect *d, uint32_t off, uint32_t n)
{
	struct buf *words = dissect_words(d);
	const uint8_t *at = cursor_at(&d->c, off, n);

	if (!words || !at)
		return;
	buf_putc(words, ' ');
	text_clean(words, (const char *)at, n);
}

static void server_name(struct dissect *d, struct cursor c)
{
	uint32_t n;

	cursor_skip(&c, 3);
	n = cursor_be16(&c);
	if (!n || n > 255 || !cursor_skip(&c, n))
		return;
	dissect_text(d, &name_row, c.off - n, n);
	told(d, c.off - n, n);
}

static void protocols(struct dissect *d, struct cursor c)
{
	cursor_skip(&c, 2);
	for (int i = 0; i < 16 && !c.err && cursor_left(&c); i++) {
		uint32_t n = cursor_u8(&c);

		if (!n || !cursor_skip(&c, n))
			return;
		dissect_text(d, &alpn_row, c.off - n, n);
		told(d, c.off - n, n);
	}
}

static void extension(struct dissect *d, uint16_t type, struct cursor c, bool client)
{
	switch (type) {
	case 0: server_name(d, c); break;
	case 10:
		cursor_skip(&c, 2);
		numbers(d, &group_row, c);
		break;
	case 16: protocols(d, c); break;
	case 43:
		if (client)
			cursor_skip(&c, 1);
		numbers(d, &version_row, c);
		break;
	default: break;
	}
}

static void hello(struct dissect *d, struct cursor c, bool client)
{
	field_table(d, &c, hello_fields);
	cursor_skip(&c, 34);
	cursor_skip(&c, cursor_u8(&c)); /* session ID */
	if (client) {
		numbers(d, &cipher_row, cursor_part(&c, cursor_be16(&c)));
		cursor_skip(&c, cursor_u8(&c)); /* compression */
	} else {
		numbers(d, &cipher_row, cursor_part(&c, 2));
		cursor_skip(&c, 1);
	}
	cursor_skip(&c, 2);
	for (int i = 0; i < MOST_ITEMS && !c.err && cursor_left(&c) >= 4; i++) {
		uint16_t type = cursor_be16(&c), n = cursor_be16(&c);

		if (c.err)
			return;
		field_number(d, &extension_row, c.off - 4, 4u + n, type);
		extension(d, type, cursor_part(&c, n), client);
	}
}

/* RFC 5246 7.4.2; TLS 1.3 encrypts its own. */
static void certificates(struct dissect *d, struct cursor c)
{
	uint32_t count = 0, from = c.off;

	cursor_skip(&c, 3);
	while (!c.err && cursor_left(&c) >= 3 && count < MOST_ITEMS) {
		uint32_t n = (uint32_t)cursor_u8(&c) << 16;

		n |= cursor_be16(&c);
		if (!cursor_skip(&c, n))
			break;
		count++;
	}
	field_number(d, &count_row, from, c.off - from, count);
}

static void say(struct dissect *d, unsigned i, const char *what)
{
	struct buf *words = dissect_words(d);

	if (!words)
		return;
	if (i)
		buf_puts(words, ", ");
	buf_puts(words, what);
}

static void handshake(struct dissect *d, struct cursor c, unsigned *said)
{
	for (int i = 0; i < MOST_RECORDS && !c.err && cursor_left(&c) >= 4; i++) {
		struct cursor at = c, body;
		uint8_t type = cursor_u8(&c);
		uint32_t n = (uint32_t)cursor_u8(&c) << 16;
		const char *name = field_word(messages, type);

		n |= cursor_be16(&c);
		if (c.err)
			return;
		/* What is encrypted is no message that is known and fits. */
		if (!name || (n > cursor_left(&c) && type != CERTIFICATE && type > SERVER_HELLO)) {
			say(d, (*said)++, "Encrypted Handshake Message");
			return;
		}
		say(d, (*said)++, name);
		field_table(d, &at, message_fields);
		body = c;
		cursor_limit(&body, n);
		if (type == CLIENT_HELLO || type == SERVER_HELLO)
			hello(d, body, type == CLIENT_HELLO);
		else if (type == CERTIFICATE)
			certificates(d, body);
		cursor_skip(&c, n);
	}
}

void tls_handshake(struct dissect *d, struct cursor c)
{
	unsigned said = 0;

	handshake(d, c, &said);
}

static void record(struct dissect *d, uint8_t type, struct cursor body, unsigned *said)
{
	const char *name = field_word(types, type);

	if (type == HANDSHAKE) {
		handshake(d, body, said);
	} else if (type == ALERT && cursor_left(&body) == 2) {
		struct cursor c = body;
		uint8_t level = cursor_u8(&c);
		const char *what = field_word(alerts, cursor_u8(&c));

		field_table(d, &body, alert_fields);
		say(d, (*said)++, level == 2 ? "Fatal Alert" : "Alert");
		if (what && dissect_words(d))
			buf_printf(d->words, " %s", what);
	} else {
		say(d, (*said)++, type == ALERT ? "Encrypted Alert" : name);
	}
}

void decode_tls(struct dissect *d)
{
	struct cursor segment = d->c;
	uint32_t start = d->c.off;
	unsigned said = 0, line;

	segment.off = start;
	d->proto = PROTO_TCP;
	line = dissect_layer(d, PROTO_TLS);
	for (int i = 0; (d->tree || d->words) && i < MOST_RECORDS && tls_looks_like(d); i++) {
		struct cursor body;
		uint8_t type;

		field_table(d, &d->c, record_fields);
		type = cursor_u8(&d->c);
		cursor_skip(&d->c, 2);
		body = cursor_part(&d->c, cursor_be16(&d->c));
		if (body.err) /* the record goes on in the next segment */
			body = (struct cursor){ segment.base, segment.off + 5, segment.cap, segment.len, CURSOR_OK };
		record(d, type, body, &said);
		if (d->c.err)
			break;
		segment.off = d->c.off;
	}
	d->c.err = CURSOR_OK;
	d->c.off = d->c.cap;
	dissect_layer_end(d, line, start);
}
