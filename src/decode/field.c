#include "decode/field.h"

#include "decode/dissect.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { BYTES_SHOWN = 256, VALUE = 2 * BYTES_SHOWN + 1, NUMBER = 16, WORDS = 64 };

static uint32_t add_text(struct tree *t, const char *text)
{
	size_t len = text ? strlen(text) : 0;
	uint32_t at = (uint32_t)t->used;

	if (!len)
		return 0;
	if (len + 1 > TREE_TEXT - t->used) {
		t->cut = true;
		return 0;
	}
	memcpy(t->text + at, text, len + 1);
	t->used += len + 1;
	return at;
}

unsigned field_line(struct dissect *d, const struct field *row, uint32_t offset, uint32_t len, const char *value,
		    const char *meaning)
{
	struct tree *t = d->tree;

	if (!t)
		return 0;
	if (t->count == TREE_NODES) {
		t->cut = true;
		return TREE_NODES;
	}
	t->nodes[t->count] = (struct tree_node){
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

void field_meaning(struct dissect *d, unsigned line, const char *meaning)
{
	if (d->tree && line < d->tree->count)
		d->tree->nodes[line].meaning = add_text(d->tree, meaning);
}

void field_move(struct dissect *d, unsigned to)
{
	struct tree *t = d->tree;
	struct tree_node last;

	if (!t || to + 1 >= t->count)
		return;
	last = t->nodes[t->count - 1];
	memmove(&t->nodes[to + 1], &t->nodes[to], (t->count - 1 - to) * sizeof last);
	t->nodes[to] = last;
}

const char *field_word(const struct field_word *words, uint32_t value)
{
	for (; words && words->name; words++)
		if (words->value == value)
			return words->name;
	return NULL;
}

static const char *number_text(const struct field *row, uint32_t value, char text[NUMBER])
{
	/* Wireshark writes as many digits as its type has: 8, 16, 24 or 32 bits. */
	int digits = row->digits ? row->digits : (row->bits + 7) / 8 * 2;

	text[0] = '\0';
	if (row->format == FIELD_HEX)
		snprintf(text, NUMBER, "0x%0*x", digits, value);
	else if (row->format != FIELD_NONE)
		snprintf(text, NUMBER, "%u", value);
	return text;
}

unsigned field_number(struct dissect *d, const struct field *row, uint32_t offset, uint32_t len, uint32_t value)
{
	const char *meaning = field_word(row->words, value);
	char text[NUMBER], words[WORDS];

	if (!d->tree)
		return 0;
	if (row->unit) {
		snprintf(words, sizeof words, "%u bytes", value * row->unit);
		meaning = words;
	}
	return field_line(d, row, offset, len, number_text(row, value, text), meaning);
}

static void show_bytes(struct dissect *d, const struct field *row, const struct cursor *header, uint32_t offset)
{
	static const char hex[] = "0123456789abcdef";
	uint32_t len = row->bits ? row->bits / 8u : header->len - offset;
	uint32_t shown = offset < header->cap ? header->cap - offset : 0;
	const uint8_t *at;
	char text[VALUE], words[WORDS] = "";

	if (!len || !shown)
		return;
	if (shown > len)
		shown = len;
	if (shown > BYTES_SHOWN)
		shown = BYTES_SHOWN;
	at = cursor_at(header, offset, shown);
	for (uint32_t i = 0; at && i < shown; i++) {
		text[2 * i] = hex[at[i] >> 4];
		text[2 * i + 1] = hex[at[i] & 15];
	}
	text[2 * shown] = '\0';
	if (shown < len)
		snprintf(words, sizeof words, "the first %u of %u bytes", shown, len);
	field_line(d, row, offset, len, text, words);
}

/* The bits [bit, bit + bits) of the bytes at `at`, where `bit` is below 8; at most 64, and of more
 * than 56 whole bytes. */
static uint64_t bits_at(const uint8_t *at, unsigned bit, unsigned bits)
{
	uint64_t value = 0;
	unsigned last = (bit + bits - 1) / 8;

	for (unsigned i = 0; i <= last; i++)
		value = value << 8 | at[i];
	value >>= 7 - (bit + bits - 1) % 8;
	return bits < 64 ? value & ((1ull << bits) - 1) : value;
}

static void wide_number(struct dissect *d, const struct field *row, uint32_t offset, uint32_t len, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)value);
	field_line(d, row, offset, len, text, "");
}

/* Least significant byte first where the row is little-endian. */
static void address_text(const struct field *row, const uint8_t *at, char text[INET6_ADDRSTRLEN])
{
	unsigned n = row->bits / 8u;

	for (unsigned i = 0; i < n; i++)
		snprintf(text + 3 * i, 4, "%02x%s", at[row->little ? n - 1 - i : i], i + 1 < n ? ":" : "");
}

static void one_field(struct dissect *d, const struct cursor *header, const struct field *row)
{
	uint32_t offset = header->off + row->bit / 8u, len = (row->bit % 8u + row->bits + 7u) / 8;
	const uint8_t *at = cursor_at(header, offset, len);
	char text[INET6_ADDRSTRLEN] = "";
	uint32_t value;

	if (row->format == FIELD_BYTES && offset <= header->len)
		show_bytes(d, row, header, offset);
	if (!at || row->format == FIELD_BYTES)
		return;
	switch (row->format) {
	case FIELD_IPV4: inet_ntop(AF_INET, at, text, sizeof text); break;
	case FIELD_IPV6: inet_ntop(AF_INET6, at, text, sizeof text); break;
	case FIELD_MAC: address_text(row, at, text); break;
	default:
		if (row->bits > 32) {
			uint64_t wide = bits_at(at, row->bit % 8u, row->bits);

			if (row->little)
				wide = __builtin_bswap64(wide) >> (64 - row->bits);
			wide_number(d, row, offset, len, wide);
			return;
		}
		value = (uint32_t)bits_at(at, row->bit % 8u, row->bits);
		if (row->little)
			value = __builtin_bswap32(value) >> (32 - row->bits);
		if (row->format != FIELD_BOOL)
			field_number(d, row, offset, len, value << row->shift);
		else
			field_line(d, row, offset, len, value ? "1" : "0", value ? "set" : "not set");
		return;
	}
	field_line(d, row, offset, len, text, "");
}

void field_table(struct dissect *d, const struct cursor *header, const struct field *rows)
{
	if (!d->tree || !rows)
		return;
	for (; rows->name; rows++)
		one_field(d, header, rows);
}

void option_show(struct dissect *d, const struct option *rows, const struct field *kind_row,
		 const struct field *length_row, const struct cursor *option)
{
	struct cursor c = *option;
	struct field line = *kind_row;
	char text[NUMBER];
	uint8_t kind;

	if (!d->tree)
		return;
	kind = cursor_u8(&c);
	while (rows->name && rows->kind != kind)
		rows++;
	line.help = rows->help;
	field_line(d, &line, option->off, cursor_left(option), number_text(kind_row, kind, text), rows->name);
	d->depth++;
	if (cursor_left(option) > 1)
		field_table(d, option, length_row);
	field_table(d, option, rows->fields);
	if (rows->list)
		rows->list(d, *option);
	d->depth--;
}
