/* dump_line.c - a packet as a line of text, with its tree and its bytes where they are asked for.
 * A million of these are written in a second: numbers are put down by hand. */
#include "dump_inside.h"

#include "analysis/finding.h"
#include "analysis/tls_watch.h"
#include "cli/dump_beside.h"
#include "session/name_book.h"
#include "util/buf.h"
#include "util/text.h"

#include <netinet/in.h>
#include <string.h>

/* --- colours: one for each meaning --- */

enum paint {
	PAINT_TIME,
	PAINT_ADDRESS,
	PAINT_PROTOCOL,
	PAINT_OPENS,  /* flags: SYN */
	PAINT_CLOSES, /* FIN */
	PAINT_BAD,    /* RST, a malformed packet, a finding to worry about */
	PAINT_NOTE,   /* a finding that is worth a look */
	PAINT_OWNER,
	PAINT_BYTES,
};

static const char *const paints[] = {
	[PAINT_TIME] = "\x1b[2m",     [PAINT_ADDRESS] = "\x1b[32m", [PAINT_PROTOCOL] = "\x1b[1;36m",
	[PAINT_OPENS] = "\x1b[1;32m", [PAINT_CLOSES] = "\x1b[33m",  [PAINT_BAD] = "\x1b[1;31m",
	[PAINT_NOTE] = "\x1b[33m",    [PAINT_OWNER] = "\x1b[35m",   [PAINT_BYTES] = "\x1b[2m",
};
static const char plain[] = "\x1b[0m";

static inline void paint(const struct dump_print *d, enum paint which, struct buf *out)
{
	if (d->colour)
		buf_puts(out, paints[which]);
}

static inline void unpaint(const struct dump_print *d, struct buf *out)
{
	if (d->colour)
		buf_add(out, plain, sizeof plain - 1);
}

/* What stands in the line from `from` up to `to` (0: its end), painted afterwards. */
static void paint_over(enum paint which, size_t from, size_t to, struct buf *out)
{
	buf_insert(out, to ? to : out->len, plain, sizeof plain - 1);
	buf_insert(out, from, paints[which], strlen(paints[which]));
}

/* --- the line --- */

static void add_time(struct dump_print *d, uint64_t at_ns, struct buf *out)
{
	uint64_t from = d->time == TIME_RELATIVE ? d->first_ns : d->time == TIME_DELTA ? d->last_ns : 0;
	uint64_t ns = at_ns >= from ? at_ns - from : 0, second = ns / SECOND;

	paint(d, PAINT_TIME, out);
	if (d->time != TIME_ABSOLUTE) {
		buf_uint(out, second);
		buf_putc(out, '.');
		buf_digits(out, ns - second * SECOND, 9);
	} else {
		if (second != d->clock_s || !d->clock[0])
			dump_clock(d, second);
		buf_add(out, d->clock, sizeof d->clock - 1);
		buf_digits(out, (ns - second * SECOND) / 1000, 6);
	}
	unpaint(d, out);
	buf_putc(out, ' ');
}

static void add_address(struct dump_print *d, const struct packet *p, const uint8_t ip[16], struct buf *out)
{
	const char *name = d->names ? name_book_host(d->names, p->family, ip) : NULL;
	const struct dump_address *a;

	paint(d, PAINT_ADDRESS, out);
	if (name) {
		buf_puts(out, name);
	} else {
		a = dump_address(d, p->family, ip);
		buf_add(out, a->text, a->len);
	}
	unpaint(d, out);
}

static void add_ends(struct dump_print *d, const struct packet *p, struct buf *out)
{
	if (!p->family)
		return;
	add_address(d, p, p->src, out);
	buf_puts(out, d->ascii ? " > " : " → ");
	add_address(d, p, p->dst, out);
	buf_putc(out, ' ');
}

static void make_name(struct dump_name *n, const char *name)
{
	for (; name[n->len] && n->len < sizeof n->text; n->len++) {
		char c = name[n->len];

		n->text[n->len] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
	}
}

static void add_protocol(struct dump_print *d, const struct packet *p, struct buf *out)
{
	uint8_t proto = decode_protocol(p);
	struct dump_name *n = &d->protocols[proto];

	if (!n->len)
		make_name(n, proto_name(proto));
	paint(d, PAINT_PROTOCOL, out);
	buf_add(out, n->text, n->len);
	unpaint(d, out);
	buf_putc(out, ' ');
}

static void add_port(const struct dump_print *d, const struct packet *p, uint16_t port, struct buf *out)
{
	const char *name = d->names ? name_book_port(d->names, p->ip_proto, port) : NULL;

	if (name)
		buf_puts(out, name);
	else
		buf_uint(out, port);
}

static void add_ports(const struct dump_print *d, const struct packet *p, struct buf *out)
{
	add_port(d, p, p->sport, out);
	buf_puts(out, d->ascii ? " -> " : " → ");
	add_port(d, p, p->dport, out);
}

/* The info begins with the ports: names take the place of the numbers. */
static void name_ports(const struct dump_print *d, const struct packet *p, size_t from, struct buf *out)
{
	struct dump_print numbers = *d;
	struct buf before = { 0 }, after = { 0 };

	numbers.names = NULL;
	add_ports(&numbers, p, &before);
	if (out->len - from >= before.len && !memcmp(out->data + from, before.data, before.len)) {
		add_ports(d, p, &after);
		buf_cut(out, from, before.len);
		buf_insert(out, from, after.data, after.len);
	}
	buf_done(&before);
	buf_done(&after);
}

static void paint_flags(const struct packet *p, size_t from, struct buf *out)
{
	const char *open = memchr(out->data + from, '[', out->len - from);
	const char *shut = open ? strchr(open, ']') : NULL;
	enum paint which = p->tcp_flags & TCP_FLAG_RST   ? PAINT_BAD
			   : p->tcp_flags & TCP_FLAG_SYN ? PAINT_OPENS
							 : PAINT_CLOSES;

	if (shut && p->tcp_flags & (TCP_FLAG_RST | TCP_FLAG_SYN | TCP_FLAG_FIN))
		paint_over(which, (size_t)(open - out->data), (size_t)(shut + 1 - out->data), out);
}

static void paint_note(const struct packet *p, size_t from, struct buf *out)
{
	size_t len = strlen(p->note), at;

	/* "[malformed: NOTE]" or "[NOTE]" is what the info ends with. */
	if (out->len - from < len + 2)
		return;
	at = out->len - len - 2;
	while (at > from && out->data[at] != '[')
		at--;
	paint_over(p->status == PACKET_MALFORMED ? PAINT_BAD : PAINT_NOTE, at, 0, out);
}

static void add_info(struct dump_print *d, const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	size_t from = out->len;
	struct packet_base base;

	dump_base(d, p, &base);
	decode_info(p, bytes, &base, out);
	if (d->names && p->has_ports)
		name_ports(d, p, from, out);
	if (d->colour && p->note)
		paint_note(p, from, out);
	if (d->colour && p->tcp_flags)
		paint_flags(p, from, out);
	if (!p->analysis)
		return;
	from = out->len;
	finding_words(p->analysis, out);
	if (d->colour && out->len > from && finding_weight(p->analysis) > WEIGHT_INFO)
		paint_over(finding_weight(p->analysis) == WEIGHT_WARN ? PAINT_BAD : PAINT_NOTE, from + 1, 0, out);
}

static void add_whole(struct dump_print *d, const struct fragments_whole *w, struct buf *out)
{
	struct packet_base base;

	buf_printf(out, " [whole with %u pieces, %u bytes: ", w->pieces, w->length);
	dump_base(d, &w->packet, &base);
	decode_info(&w->packet, w->bytes, &base, out);
	buf_putc(out, ']');
}

static void add_owners(const struct dump_print *d, struct buf *out)
{
	buf_putc(out, ' ');
	paint(d, PAINT_OWNER, out);
	buf_putc(out, '(');
	packet_owners_words(&d->beside->owners, d->ascii, out);
	buf_putc(out, ')');
	unpaint(d, out);
}

/* What was in the TLS records that this packet completed. */
static void add_opened(struct dump_print *d, const struct packet *p, struct buf *out)
{
	size_t from = out->len;

	buf_puts(out, " [");
	dump_opened_words(d, p, out);
	buf_putc(out, ']');
	if (d->colour)
		paint_over(PAINT_OPENS, from + 1, 0, out);
}

static void quick_line(const struct dump_print *d, const struct packet *p, struct buf *out)
{
	if (p->has_ports) {
		add_ports(d, p, out);
		buf_putc(out, ' ');
	}
	buf_puts(out, "len=");
	buf_uint(out, p->family ? p->payload_len : p->len);
}

/* --- what stands below it --- */

/* "SYN, ACK (0x12)". What is from the packet may hold anything. */
static void add_value(const char *value, const char *meaning, struct buf *out)
{
	if (*meaning || *value)
		buf_puts(out, ": ");
	text_clean(out, meaning, strlen(meaning));
	if (*meaning && *value)
		buf_puts(out, " (");
	text_clean(out, value, strlen(value));
	if (*meaning && *value)
		buf_putc(out, ')');
}

/* `hidden`: the layers of a record's made-up packet, which nobody sent. */
static void add_tree(struct dump_print *d, const struct packet *p, const uint8_t *bytes, bool hidden, struct buf *out)
{
	decode_tree(p, bytes, d->tree);
	for (unsigned i = 0; i < d->tree->count; i++) {
		const struct tree_node *n = &d->tree->nodes[i];
		const char *value, *meaning;

		if (hidden && (n->proto == PROTO_IPV4 || n->proto == PROTO_TCP || n->proto == PROTO_RAW))
			continue;
		value = tree_text(d->tree, n->value);
		meaning = tree_text(d->tree, n->meaning);
		buf_printf(out, "    %*s", n->depth * 2, "");
		if (!n->depth)
			paint(d, PAINT_PROTOCOL, out);
		buf_puts(out, n->label);
		if (!n->depth)
			unpaint(d, out);
		add_value(value, meaning, out);
		buf_putc(out, '\n');
	}
}

static void add_plain(struct dump_print *d, const struct packet *p, const struct tls_record *r, struct buf *out)
{
	tls_plain_make(&d->plain, r, p);
	buf_puts(out, "    ");
	paint(d, PAINT_OPENS, out);
	buf_printf(out, "Decrypted TLS record, %u bytes", r->len);
	unpaint(d, out);
	buf_putc(out, '\n');
	add_tree(d, &d->plain.packet, (const uint8_t *)d->plain.bytes.data, true, out);
}

static void add_hex(const struct dump_print *d, const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	enum { ROW = 16 };

	for (uint32_t at = 0; at < p->cap; at += ROW) {
		uint32_t here = p->cap - at < ROW ? p->cap - at : ROW;

		paint(d, PAINT_BYTES, out);
		buf_printf(out, "    %04x ", at);
		unpaint(d, out);
		for (uint32_t i = 0; i < ROW; i++)
			if (i < here)
				buf_printf(out, "%s%02x", i == 8 ? "  " : " ", bytes[at + i]);
			else
				buf_puts(out, i == 8 ? "    " : "   ");
		buf_puts(out, "  ");
		for (uint32_t i = 0; i < here; i++)
			buf_putc(out, bytes[at + i] >= ' ' && bytes[at + i] < 0x7f ? (char)bytes[at + i] : '.');
		buf_putc(out, '\n');
	}
}

void dump_line(struct dump_print *d, const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	const struct fragments_whole *whole = dump_whole(d, p);

	add_time(d, p->at_ns, out);
	add_ends(d, p, out);
	add_protocol(d, p, out);
	if (d->quiet) {
		quick_line(d, p, out);
	} else {
		add_info(d, p, bytes, out);
		if (whole)
			add_whole(d, whole, out);
		if (d->beside->opened_count)
			add_opened(d, p, out);
		if (d->beside->owned)
			add_owners(d, out);
	}
	buf_putc(out, '\n');
	if (d->verbose)
		add_tree(d, p, bytes, false, out);
	if (d->verbose && whole)
		add_tree(d, &whole->packet, whole->bytes, false, out);
	for (unsigned i = 0; d->verbose && i < d->beside->opened_count; i++)
		add_plain(d, p, &d->beside->opened[i], out);
	if (d->hex)
		add_hex(d, p, bytes, out);
}
