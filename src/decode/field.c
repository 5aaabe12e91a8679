#include "decode/field.h"

#include "decode/dissect.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { VALUE = 160, BYTES_SHOWN = 48 };

static uint32_t add_text(struct tree *t, const char *text)
{
	size_t len = text ? strlen(text) : 0;
	uint32_t at = (uint32_t)t->used;

	if (!len)
		return 0;
	if (t->used + len + 1 > TREE_TEXT) {
		t->cut = true;
		return 0;
	}
	memcpy(t->text + at, text, len + 1);
	t->used += len + 1;
	return at;
}

unsigned field_line(struct dissect *d, const struct field *row, uint32_t offset, uint32_t len,
		    const char *value, const char *meaning)
{
	struct tree *t = d->tree;
	struct tree_node *n;

	if (!t)
		return 0;
	if (t->count == TREE_NODES) {
		t->cut = true;
		return TREE_NODES;
	}
	n = &t->nodes[t->count];
	*n = (struct tree_node){
		.depth = (uint8_t)(d->depth + row->indent),
		.proto = d->proto,
		.offset = offset,
		.len = len,
		.name = row->name,
		.label = row->label,
		.help = row->help,
		.value = add_text(t, value),
		.meaning = add_text(t, meaning),
	};
	return t->count++;
}

void field_length(struct dissect *d, unsigned line, uint32_t len)
{
	if (d->tree && line < d->tree->count)
		d->tree->nodes[line].len = len;
}

const char *field_word(const struct field_word *words, uint32_t value)
{
	for (; words && words->name; words++)
		if (words->value == value)
			return words->name;
	return NULL;
}

unsigned field_number(struct dissect *d, const struct field *row, uint32_t offset, uint32_t len,
		      uint32_t value)
{
	char text[VALUE];

	if (!d->tree)
		return 0;
	if (row->format == FIELD_HEX)
		snprintf(text, sizeof text, "0x%0*x", (int)((row->bits + 3) / 4), value);
	else
		snprintf(text, sizeof text, "%u", value);
	return field_line(d, row, offset, len, row->format == FIELD_NONE ? "" : text,
			  field_word(row->words, value));
}

unsigned field_bytes(struct dissect *d, const struct field *row, uint32_t offset, uint32_t len)
{
	static const char hex[] = "0123456789abcdef";
	char text[VALUE];
	uint32_t kept, shown;

	if (!d->tree)
		return 0;
	kept = offset < d->p->cap ? d->p->cap - offset : 0;
	shown = len < kept ? len : kept;
	if (shown > BYTES_SHOWN)
		shown = BYTES_SHOWN;
	for (uint32_t i = 0; i < shown; i++) {
		text[2 * i] = hex[d->c.base[offset + i] >> 4];
		text[2 * i + 1] = hex[d->c.base[offset + i] & 15];
	}
	text[2 * shown] = '\0';
	return field_line(d, row, offset, len, text, shown < len ? "…" : "");
}

/* The bits [bit, bit + bits) of the header at `start`; at most 32 of them. */
static uint32_t bits_at(const uint8_t *header, uint16_t bit, uint16_t bits)
{
	uint64_t value = 0;
	unsigned first = bit / 8, last = (bit + bits - 1u) / 8;

	for (unsigned i = first; i <= last; i++)
		value = value << 8 | header[i];
	value >>= 7 - (bit + bits - 1u) % 8;
	return (uint32_t)(value & ((1ull << bits) - 1));
}

static void one_field(struct dissect *d, const uint8_t *header, uint32_t start,
		      const struct field *row)
{
	uint32_t offset = start + row->bit / 8;
	uint32_t len = (row->bit + row->bits - 1u) / 8 - row->bit / 8 + 1u;
	char text[VALUE] = "";
	const uint8_t *at = header + row->bit / 8;

	switch (row->format) {
	case FIELD_IPV4: inet_ntop(AF_INET, at, text, sizeof text); break;
	case FIELD_IPV6: inet_ntop(AF_INET6, at, text, sizeof text); break;
	case FIELD_MAC:
		snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", at[0], at[1], at[2],
			 at[3], at[4], at[5]);
		break;
	case FIELD_BYTES: field_bytes(d, row, offset, len); return;
	case FIELD_BOOL: {
		bool set = bits_at(header, row->bit, row->bits);

		field_line(d, row, offset, len, set ? "1" : "0", set ? "set" : "not set");
		return;
	}
	case FIELD_DEC:
	case FIELD_HEX:
	case FIELD_NONE:
		field_number(d, row, offset, len,
			     bits_at(header, row->bit, row->bits) << row->shift);
		return;
	}
	field_line(d, row, offset, len, text, "");
}

void field_table(struct dissect *d, uint32_t start, const struct field *rows)
{
	if (!d->tree)
		return;
	for (; rows->name; rows++)
		if (start + (rows->bit + rows->bits + 7u) / 8 <= d->c.cap)
			one_field(d, d->c.base + start, start, rows);
}
