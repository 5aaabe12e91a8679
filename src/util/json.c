#include "util/json.h"

#include "util/buf.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>

void json_init(struct json *j, struct buf *out)
{
	memset(j, 0, sizeof *j);
	j->out = out;
}

static bool is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

static void escaped(struct buf *out, const char *bytes, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	size_t plain = 0;

	buf_putc(out, '"');
	for (size_t i = 0; i < len;) {
		unsigned char c = (unsigned char)bytes[i];
		size_t step = 1;
		char code[7];

		if (is_plain(c)) {
			i++;
			continue;
		}
		memset(code, 0, sizeof code);
		if (c >= 0x80) {
			uint32_t rune;
			size_t used = text_decode(bytes + i, len - i, &rune);

			if (used && rune >= 0xa0) {
				i += used;
				continue;
			}
			if (used) /* C1 controls are escape sequences to some terminals */
				step = used, c = (unsigned char)rune;
			snprintf(code, sizeof code, "\\u00%c%c", hex[c >> 4], hex[c & 15]);
		} else if (c == '"' || c == '\\') {
			code[0] = '\\', code[1] = (char)c;
		} else {
			const char *at = c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : NULL;

			if (at)
				memcpy(code, at, 3);
			else
				snprintf(code, sizeof code, "\\u00%c%c", hex[c >> 4], hex[c & 15]);
		}
		buf_add(out, bytes + plain, i - plain);
		buf_puts(out, code);
		i += step;
		plain = i;
	}
	buf_add(out, bytes + plain, len - plain);
	buf_putc(out, '"');
}

static void begin(struct json *j, const char *key)
{
	size_t len = key ? strlen(key) : 0;
	char *to = buf_room(j->out, len + 4), *from = to;

	if (j->comma[j->depth])
		*to++ = ',';
	j->comma[j->depth] = true;
	if (key) {
		*to++ = '"';
		memcpy(to, key, len); /* keys are ours and need no escaping */
		to += len;
		*to++ = '"';
		*to++ = ':';
	}
	*to = '\0';
	j->out->len += (size_t)(to - from);
}

static void open_with(struct json *j, const char *key, char bracket)
{
	begin(j, key);
	buf_putc(j->out, bracket);
	if (j->depth + 1 < JSON_DEPTH)
		j->depth++;
	j->comma[j->depth] = false;
}

void json_object(struct json *j, const char *key)
{
	open_with(j, key, '{');
}

void json_array(struct json *j, const char *key)
{
	open_with(j, key, '[');
}

void json_end(struct json *j, char closing)
{
	buf_putc(j->out, closing);
	if (j->depth)
		j->depth--;
	if (j->depth == 0)
		j->comma[0] = false;
}

void json_bytes(struct json *j, const char *key, const void *bytes, size_t len)
{
	begin(j, key);
	escaped(j->out, bytes, len);
}

void json_string(struct json *j, const char *key, const char *text)
{
	if (text)
		json_bytes(j, key, text, strlen(text));
	else
		json_null(j, key);
}

void json_uint(struct json *j, const char *key, uint64_t value)
{
	begin(j, key);
	buf_uint(j->out, value);
}

void json_int(struct json *j, const char *key, int64_t value)
{
	begin(j, key);
	buf_printf(j->out, "%lld", (long long)value);
}

void json_raw(struct json *j, const char *key, const char *text)
{
	begin(j, key);
	buf_puts(j->out, text);
}

void json_bool(struct json *j, const char *key, bool value)
{
	json_raw(j, key, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
	json_raw(j, key, "null");
}

void json_hex(struct json *j, const char *key, const void *bytes, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *b = bytes;
	char *to;

	begin(j, key);
	buf_putc(j->out, '"');
	to = buf_room(j->out, 2 * len);
	for (size_t i = 0; i < len; i++) {
		to[2 * i] = hex[b[i] >> 4];
		to[2 * i + 1] = hex[b[i] & 15];
	}
	j->out->len += 2 * len;
	buf_putc(j->out, '"');
}

void json_time(struct json *j, const char *key, uint64_t at_ns)
{
	char text[32];
	size_t at = sizeof text;

	text[--at] = '"';
	for (unsigned i = 0; i < 10 || at_ns; i++) {
		if (i == 9)
			text[--at] = '.';
		text[--at] = (char)('0' + at_ns % 10);
		at_ns /= 10;
	}
	text[--at] = '"';
	begin(j, key);
	buf_add(j->out, text + at, sizeof text - at);
}
