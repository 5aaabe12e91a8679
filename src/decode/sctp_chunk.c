/* A chunk of SCTP, RFC 9260 3.2: type 1 byte, flags 1, length 2, value. */
#include "decode/sctp.h"

#include "util/buf.h"

#include <stddef.h>

static const struct field header_fields[] = {
	{ "sctp.chunk_flags", "Flags", 8, 8, FIELD_HEX, .help = "of this chunk, RFC 9260 3.2" },
	{ "sctp.chunk_length", "Length", 16, 16, FIELD_DEC, .help = "of the chunk without its padding, RFC 9260 3.2" },
	{ 0 },
};

static void say(struct dissect *d, const struct sctp_chunk *row, uint8_t type, const struct cursor *c)
{
	struct buf *words = dissect_words(d);

	if (!words)
		return;
	if (row->name)
		buf_printf(words, "[%s]", row->name);
	else
		buf_printf(words, "[chunk %u]", type);
	for (unsigned i = 0; i < 4 && row->words[i].word; i++) {
		struct cursor at = *c;
		uint32_t value;

		cursor_skip(&at, row->words[i].at);
		value = row->words[i].bytes == 2 ? cursor_be16(&at) : cursor_be32(&at);
		if (!at.err)
			buf_printf(words, "%s%u", row->words[i].word, value);
	}
	if (row->rest == REST_DATA && cursor_left(c) >= row->fixed)
		buf_printf(words, " len=%u", cursor_left(c) - row->fixed);
}

static const struct sctp_chunk *find(uint8_t type)
{
	const struct sctp_chunk *row = sctp_data_chunks;

	while (row->name && row->type != type)
		row++;
	if (row->name)
		return row;
	for (row = sctp_control_chunks; row->name && row->type != type;)
		row++;
	return row;
}

void sctp_chunk(struct dissect *d, struct cursor c)
{
	static const struct field type_row = { "sctp.chunk_type", "Chunk",     0, 8,
					       FIELD_DEC,         .help = NULL /* the chunk has one */ };
	const struct cursor whole = c;
	uint8_t type = cursor_u8(&c);
	const struct sctp_chunk *row = find(type);
	struct field line = type_row;
	struct field_word word[2] = { { type, NULL }, { 0, NULL } };

	word[0].name = row->name;
	line.help = row->help;
	line.words = word;
	field_number(d, &line, whole.off, cursor_left(&whole), type);
	say(d, row, type, &whole);
	d->depth++;
	field_table(d, &whole, header_fields);
	if (cursor_left(&whole) < row->fixed)
		dissect_malformed(d, "an SCTP chunk is too short for its type");
	field_table(d, &whole, row->fields);
	if (row->list && d->tree)
		row->list(d, whole);
	c = whole;
	if (cursor_skip(&c, row->fixed)) {
		if (row->rest == REST_PARAMETERS)
			sctp_parameters(d, c);
		else if (row->rest == REST_CAUSES)
			sctp_causes(d, c);
	}
	d->depth--;
}
