/* dump_messages.c - `dump --messages`: a line or an object a message of an application, in the
 * words of its decoder. A message that is spread over several segments is told by the one that begins it.
 */
#include "cli/dump_view.h"

#include "analysis/tls_watch.h"
#include "cli/dump_beside.h"
#include "cli/options.h"
#include "decode/application.h"
#include "decode/dissect.h"
#include "session/name_book.h"
#include "util/json.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>

#define SECOND 1000000000u

struct message {
	const struct packet *p;       /* decoded as a datagram or a segment */
	const struct packet *carrier; /* the same, but for what was within TLS */
	bool decrypted;
	uint64_t flow;
	uint8_t proto;
	struct buf words;
};

static void add_time(const struct dump_view_config *c, uint64_t at_ns, struct buf *out)
{
	unsigned day = (unsigned)(((int64_t)(at_ns / SECOND) + c->zone_s) % 86400);

	buf_printf(out, "%02u:%02u:%02u.%06u ", day / 3600, day / 60 % 60, day % 60, (unsigned)(at_ns % SECOND / 1000));
}

static void text_message(const struct dump_view_config *c, const struct message *m, struct buf *out)
{
	char from[ENDPOINT_TEXT], to[ENDPOINT_TEXT];
	struct endpoint a, b;

	packet_source(m->carrier, &a);
	packet_destination(m->carrier, &b);
	add_time(c, m->p->at_ns, out);
	if (c->names) {
		name_book_endpoint(c->names, m->carrier->ip_proto, &a, from, sizeof from);
		name_book_endpoint(c->names, m->carrier->ip_proto, &b, to, sizeof to);
	} else {
		endpoint_format(&a, from, sizeof from);
		endpoint_format(&b, to, sizeof to);
	}
	buf_printf(out, "%s → %s ", from, to);
	if (c->colour)
		buf_puts(out, "\x1b[36m");
	for (const char *name = proto_name(m->proto); *name; name++)
		buf_putc(out, *name >= 'a' && *name <= 'z' ? (char)(*name - 32) : *name);
	if (c->colour)
		buf_puts(out, "\x1b[0m");
	buf_puts(out, m->decrypted ? " (decrypted) " : " ");
	buf_puts(out, buf_text(&m->words));
	buf_putc(out, '\n');
}

static void json_message(const struct message *m, struct buf *out)
{
	char text[ENDPOINT_TEXT];
	struct endpoint a, b;
	struct json j;

	packet_source(m->carrier, &a);
	packet_destination(m->carrier, &b);
	json_init(&j, out);
	json_object(&j, NULL);
	json_uint(&j, "packet", m->p->number);
	json_time(&j, "time", m->p->at_ns);
	json_uint(&j, "flow", m->flow);
	json_string(&j, "protocol", proto_name(m->proto));
	json_string(&j, "src", endpoint_address(&a, text, sizeof text));
	json_uint(&j, "sport", a.port);
	json_string(&j, "dst", endpoint_address(&b, text, sizeof text));
	json_uint(&j, "dport", b.port);
	json_bool(&j, "decrypted", m->decrypted);
	json_bytes(&j, "message", buf_text(&m->words), m->words.len);
	json_end(&j, '}');
	buf_putc(out, '\n');
}

static void tell(const struct dump_view_config *c, struct message *m, const uint8_t *bytes, struct buf *out)
{
	m->proto = (uint8_t)application_of(m->p);
	if (m->proto == PROTO_NONE)
		return;
	decode_words(m->p, bytes, &m->words);
	if (m->words.len && c->json)
		json_message(m, out);
	else if (m->words.len)
		text_message(c, m, out);
	buf_done(&m->words);
}

/* What was within the TLS records that this packet completed. */
static void tell_opened(const struct dump_view_config *c, const struct packet *p, struct buf *out)
{
	struct tls_plain plain = { 0 };

	for (unsigned i = 0; i < c->beside->opened_count; i++) {
		struct message m = { .p = &plain.packet, .carrier = p, .flow = p->flow, .decrypted = true };

		if (c->beside->opened[i].type != TLS_DATA)
			continue;
		tls_plain_make(&plain, &c->beside->opened[i], p);
		tell(c, &m, (const uint8_t *)plain.bytes.data, out);
	}
	buf_done(&plain.bytes);
}

static void *begin(const struct dump_view_config *config, struct err *e)
{
	struct dump_view_config *c = mem_alloc(sizeof *c);

	(void)e;
	*c = *config;
	return c;
}

static bool packet(void *self, const struct packet *p, const uint8_t *bytes, struct dump_out *out)
{
	const struct dump_view_config *c = self;
	const struct fragments_whole *whole = p->fragment ? flow_table_whole(c->flows, p->number) : NULL;
	struct message m = { .p = whole ? &whole->packet : p, .flow = p->flow };

	if ((p->fragment && !whole) || p->flow == FLOW_NONE)
		return true;
	m.carrier = m.p;
	tell(c, &m, whole ? whole->bytes : bytes, &out->text);
	if (c->beside->opened_count)
		tell_opened(c, p, &out->text);
	dump_out_room(out);
	return !out->broken;
}

static int end(void *self, struct dump_out *out)
{
	dump_out_flush(out);
	free(self);
	return EXIT_DONE;
}

const struct dump_view dump_messages = { .name = "messages", .begin = begin, .packet = packet, .end = end };
