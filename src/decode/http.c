/* Hypertext Transfer Protocol 1, RFC 9112 2.1:
 *
 *   GET /index.html HTTP/1.1 CRLF      or      HTTP/1.1 200 OK CRLF
 *   Name: value CRLF ...
 *   CRLF
 *   body: Content-Length bytes, or chunks (7.1), or up to the end
 */
#include "decode/dissect.h"

#include "util/buf.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LONGEST = 8192, MOST_HEADERS = 128, METHOD = 16 };

/* RFC 9110 9, RFC 5789, RFC 4918 and what is common beside them */
static const char *const methods[] = {
	"GET ",       "POST ",     "HEAD ",   "PUT ",      "DELETE ",    "OPTIONS ", "PATCH ",    "CONNECT ",
	"TRACE ",     "PROPFIND ", "MKCOL ",  "COPY ",     "MOVE ",      "LOCK ",    "UNLOCK ",   "REPORT ",
	"PROPPATCH ", "NOTIFY ",   "SEARCH ", "M-SEARCH ", "SUBSCRIBE ", "PURGE ",   "HTTP/1.1 ", "HTTP/1.0 ",
};

/* A line: bytes [off, off + len), without its CRLF. False: its end is not here. */
struct line {
	uint32_t off, len;
	const char *text;
};

static bool next_line(struct cursor *c, struct line *line)
{
	uint32_t kept = cursor_kept(c);
	const uint8_t *at = cursor_at(c, c->off, kept), *end;

	if (!at || !kept)
		return false;
	end = memchr(at, '\n', kept < LONGEST ? kept : LONGEST);
	if (!end)
		return false;
	*line = (struct line){ c->off, (uint32_t)(end - at), (const char *)at };
	if (line->len && at[line->len - 1] == '\r')
		line->len--;
	c->off += (uint32_t)(end - at) + 1;
	return true;
}

/* RTSP (RFC 7826) and SIP (RFC 3261) have the same methods and another last word. */
static bool other_version(const struct line *line)
{
	const char *last = memrchr(line->text, ' ', line->len);
	size_t n = last ? line->len - (size_t)(last + 1 - line->text) : 0;

	return n >= 5 && (!memcmp(last + 1, "RTSP/", 5) || !memcmp(last + 1, "SIP/", 4));
}

bool http_looks_like(const struct dissect *d)
{
	const uint8_t *at = cursor_at(&d->c, d->c.off, 4);
	struct cursor c = d->c;
	struct line line;

	if (!at || at[0] < 'C' || at[0] > 'U')
		return false;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		uint32_t n = (uint32_t)strlen(methods[i]);

		if (!memcmp(at, methods[i], 4) && cursor_at(&d->c, d->c.off, n) && !memcmp(at, methods[i], n))
			return !next_line(&c, &line) || !other_version(&line);
	}
	return false;
}

struct part {
	const char *name, *label, *help;
};

static void show_part(struct dissect *d, const struct part *part, uint32_t off, uint32_t n)
{
	const struct field row = { .name = part->name, .label = part->label, .help = part->help };

	dissect_text(d, &row, off, n);
}

/* The three words of the first line; the third goes up to its end. */
static void show_first(struct dissect *d, const struct line *line)
{
	static const struct part request[] = {
		{ "http.request.method", "Method", "what shall be done, RFC 9110 9" },
		{ "http.request.uri", "Target", "with what, RFC 9112 3.2" },
		{ "http.request.version", "Version", "RFC 9112 2.3" },
	};
	static const struct part response[] = {
		{ "http.response.version", "Version", "RFC 9112 2.3" },
		{ "http.response.code", "Status", "how it went, RFC 9110 15" },
		{ "http.response.phrase", "Reason", "the same in words, RFC 9112 4" },
	};
	const struct part *parts = memcmp(line->text, "HTTP/", 5) ? request : response;
	uint32_t from = 0;

	for (int i = 0; i < 3 && from < line->len; i++) {
		const char *blank = memchr(line->text + from, ' ', line->len - from);
		uint32_t to = blank && i < 2 ? (uint32_t)(blank - line->text) : line->len;

		show_part(d, &parts[i], line->off + from, to - from);
		from = to + 1;
	}
}

/* Headers that have a field of their own in Wireshark. */
static const struct part headers[] = {
	{ "http.host", "Host", "whose site it is, RFC 9110 7.2" },
	{ "http.user_agent", "User-Agent", "program that asks, RFC 9110 10.1.5" },
	{ "http.content_type", "Content-Type", "RFC 9110 8.3" },
	{ "http.content_length_header", "Content-Length", "bytes of the body, RFC 9110 8.6" },
	{ "http.transfer_encoding", "Transfer-Encoding", "chunked: in pieces, RFC 9112 6.1" },
	{ "http.content_encoding", "Content-Encoding", "how it is compressed, RFC 9110 8.4" },
	{ "http.connection", "Connection", "whether it stays open, RFC 9110 7.6.1" },
	{ "http.upgrade", "Upgrade", "another protocol from here on, RFC 9110 7.8" },
	{ "http.server", "Server", "program that answers, RFC 9110 10.2.4" },
	{ "http.location", "Location", "where it is, RFC 9110 10.2.2" },
	{ "http.date", "Date", "RFC 9110 6.6.1" },
	{ "http.accept", "Accept", "what types may come, RFC 9110 12.5.1" },
	{ "http.accept_encoding", "Accept-Encoding", "RFC 9110 12.5.3" },
	{ "http.accept_language", "Accept-Language", "RFC 9110 12.5.4" },
	{ "http.cookie", "Cookie", "RFC 6265 4.2" },
	{ "http.set_cookie", "Set-Cookie", "RFC 6265 4.1" },
	{ "http.referer", "Referer", "page that led here, RFC 9110 10.1.3" },
	{ "http.authorization", "Authorization", "RFC 9110 11.6.2" },
	{ "http.last_modified", "Last-Modified", "RFC 9110 8.8.2" },
	{ "http.cache_control", "Cache-Control", "RFC 9111 5.2" },
};

struct body {
	bool chunked;
};

static void show_header(struct dissect *d, const struct line *line, struct body *body)
{
	static const struct part other[] = {
		{ "http.request.line", "Header", "RFC 9112 5" },
	};
	const char *colon = memchr(line->text, ':', line->len);
	uint32_t name = colon ? (uint32_t)(colon - line->text) : 0, from = name + 1;

	while (colon && from < line->len && (line->text[from] == ' ' || line->text[from] == '\t'))
		from++;
	for (size_t i = 0; colon && i < sizeof headers / sizeof *headers; i++) {
		if (strlen(headers[i].label) != name || strncasecmp(headers[i].label, line->text, name))
			continue;
		if (from < line->len)
			show_part(d, &headers[i], line->off + from, line->len - from);
		if (!strcmp(headers[i].label, "Transfer-Encoding") && line->len - from >= 7 &&
		    !strncasecmp(line->text + line->len - 7, "chunked", 7))
			body->chunked = true;
		return;
	}
	show_part(d, other, line->off, line->len);
}

/* The sizes of the chunks that lie here whole. RFC 9112 7.1 */
static void show_chunks(struct dissect *d)
{
	static const struct field row = {
		"http.chunk_size", "Chunk", 0, 32, FIELD_DEC, .help = "bytes of this piece of the body, RFC 9112 7.1"
	};
	struct line line;

	for (int i = 0; i < MOST_HEADERS && next_line(&d->c, &line); i++) {
		uint32_t size = 0, digits = 0;

		for (; digits < line.len && digits < 7; digits++) {
			static const char hex[] = "0123456789abcdef";
			const char *digit = memchr(hex, line.text[digits] | 0x20, 16);

			if (!digit)
				break;
			size = size << 4 | (uint32_t)(digit - hex);
		}
		if (!digits)
			return;
		field_number(d, &row, line.off, line.len, size);
		if (!size || size + 2 > cursor_kept(&d->c))
			return;
		cursor_skip(&d->c, size + 2);
	}
}

static void message(struct dissect *d, enum proto proto)
{
	struct buf *words = dissect_words(d);
	uint32_t start = d->c.off;
	unsigned line_no = dissect_layer(d, proto);
	struct body body = { 0 };
	struct line line;

	if (words || d->tree) {
		if (!next_line(&d->c, &line)) {
			d->c.off = d->c.cap;
			return;
		}
		if (words)
			text_clean(words, line.text, line.len < 200 ? line.len : 200);
		if (d->tree)
			show_first(d, &line);
		for (int i = 0; i < MOST_HEADERS && next_line(&d->c, &line) && line.len; i++)
			show_header(d, &line, &body);
	}
	dissect_layer_end(d, line_no, start);
	if (d->tree && body.chunked)
		show_chunks(d);
	d->c.off = d->c.cap;
}

void decode_http(struct dissect *d)
{
	message(d, PROTO_HTTP);
}

/* The same messages in datagrams: M-SEARCH, NOTIFY and answers (UPnP Device Architecture 1.3). */
void decode_ssdp(struct dissect *d)
{
	message(d, PROTO_SSDP);
}
