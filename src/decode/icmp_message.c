/* What messages of ICMP and ICMPv6 have in common: type, code, checksum, and a table of types. */
#include "decode/icmp.h"

#include "util/buf.h"

#include <arpa/inet.h>
#include <stdio.h>

static void say_word(struct buf *out, const struct icmp_word *w, const struct cursor *c)
{
	static const uint8_t sizes[] = { 1, 2, 4, 4, 16 };
	char text[INET6_ADDRSTRLEN];
	const uint8_t *at = cursor_at(c, c->off + w->at, sizes[w->kind]);

	if (!at)
		return;
	buf_putc(out, ' ');
	buf_puts(out, w->word);
	if (w->kind >= ICMP_IPV4) {
		inet_ntop(w->kind == ICMP_IPV4 ? AF_INET : AF_INET6, at, text, sizeof text);
		buf_puts(out, text);
	} else {
		uint32_t value = 0;

		for (unsigned i = 0; i < sizes[w->kind]; i++)
			value = value << 8 | at[i];
		buf_printf(out, "%u", value);
	}
}

static void say(struct buf *out, const struct icmp_type *t, const char *name, uint8_t type, const char *code,
		const struct cursor *at)
{
	if (t->name)
		buf_puts(out, t->name);
	else
		buf_printf(out, "%s type %u", name, type);
	if (code)
		buf_printf(out, " (%s)", code);
	for (unsigned i = 0; i < sizeof t->words / sizeof *t->words && t->words[i].word; i++)
		say_word(out, &t->words[i], at);
}

static void show(struct dissect *d, const struct icmp_family *f, unsigned line, const struct icmp_type *t,
		 const struct cursor *at)
{
	uint32_t n = cursor_left(at);
	const struct checksum sum = {
		.row = f->status,
		.off = at->off,
		.n = n,
		.at = 2,
		.pseudo = !f->pseudo  ? 0
			  : d->pseudo ? d->pseudo + n
				      : 0,
		.needs_pseudo = f->pseudo,
	};
	struct field type[] = { *f->type, { 0 } }, code[] = { *f->code, { 0 } };
	const struct field checksum[] = { *f->checksum, { 0 } };
	const struct field_word words[] = { { t->type, t->name }, { 0 } };

	type->words = words;
	if (t->help)
		type->help = t->help;
	code->words = t->codes;
	field_table(d, at, type);
	field_table(d, at, code);
	field_table(d, at, checksum);
	if (cursor_at(at, at->off, 4) && !d->inner && !d->piece)
		checksum_show(d, &sum);
	field_table(d, at, t->fields);
	field_meaning(d, line, t->name);
}

static const struct icmp_type *find(const struct icmp_type *t, uint8_t type, uint8_t code, uint32_t size)
{
	while (t->name && (t->type != type || t->least > size || (t->one_code && t->one_code != code)))
		t++;
	return t;
}

void icmp_message(struct dissect *d, const struct icmp_family *f, unsigned line)
{
	struct cursor at = d->c;
	uint8_t type = cursor_u8(&d->c), code = cursor_u8(&d->c);
	const struct icmp_type *t = find(f->types, type, code, cursor_left(&at));

	cursor_skip(&d->c, 2);
	if (d->tree)
		show(d, f, line, t, &at);
	dissect_payload(d);
	if (d->c.err) {
		dissect_short(d, f->short_note);
		return;
	}
	if (dissect_outermost(d)) {
		d->p->icmp_type = type;
		d->p->icmp_code = code;
		if (d->words)
			say(d->words, t, protos[d->proto].filter, type, field_word(t->codes, code), &at);
	}
	cursor_skip(&d->c, t->header - 4u);
	dissect_layer_end(d, line, at.off);
	dissect_payload(d);
	if (d->c.err)
		dissect_short(d, f->short_note);
	else if (t->body)
		t->body(d);
	else
		dissect_next(d, PROTO_DATA);
}

/* dissect_short goes by the cursor of the whole: the extensions have one of their own. */
static void extension(struct dissect *d, uint32_t quoted)
{
	struct cursor whole = d->c;

	cursor_skip(&d->c, quoted);
	if (d->c.err) { /* of a snapshot that ends before them nothing is said: the quote tells */
		d->c = whole;
		return;
	}
	icmp_extension(d, d->c);
	d->c = whole;
	cursor_limit(&d->c, quoted);
}

void icmp_quote(struct dissect *d, enum proto proto, uint32_t units, uint32_t unit)
{
	if (d->inner) { /* an error about an error: nobody should send one, RFC 1122 3.2.2 */
		dissect_next(d, PROTO_DATA);
		return;
	}
	if (units && units * unit < cursor_left(&d->c))
		extension(d, units * unit);
	d->inner = true;
	dissect_next(d, proto);
}
