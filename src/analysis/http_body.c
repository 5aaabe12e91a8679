#include "analysis/http_body.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void http_side_init(struct http_side *h)
{
	h->place = HTTP_IN_HEAD;
	h->used = 0;
	h->left = 0;
	h->holed = false;
	h->head[0] = '\0';
}

/* --- heads --- */

/* Can a head begin so? Looked at from the first byte on: what is no HTTP takes no room. */
static bool may_begin(const char *head, size_t used)
{
	static const char *const words[] = { "HTTP/1.",  "GET ",   "POST ",  "PUT ",      "HEAD ",   "DELETE ",
					     "OPTIONS ", "PATCH ", "TRACE ", "PROPFIND ", "CONNECT " };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t len = strlen(words[i]);

		if (!memcmp(words[i], head, used < len ? used : len))
			return true;
	}
	return false;
}

static void copy_text(char *out, size_t size, const char *from, const char *to)
{
	size_t len = (size_t)(to - from);

	if (len >= size)
		len = size - 1;
	memcpy(out, from, len);
	out[len] = '\0';
}

/* The value of a field on a line "Name: value", trimmed; NULL: another line. */
static const char *value_of(const char *line, const char *end, const char *name, const char **stop)
{
	size_t len = strlen(name);

	if ((size_t)(end - line) <= len || line[len] != ':' || strncasecmp(line, name, len) != 0)
		return NULL;
	line += len + 1;
	while (line < end && (*line == ' ' || *line == '\t'))
		line++;
	while (end > line && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
		end--;
	*stop = end;
	return line;
}

struct framing {
	bool has_length, chunked, broken;
	uint64_t length;
};

static void read_field(struct http_message *m, struct framing *f, const char *line, const char *end)
{
	const char *stop, *v = value_of(line, end, "Content-Length", &stop);
	char digits[32];

	if (v) {
		char *rest;
		uint64_t length;

		copy_text(digits, sizeof digits, v, stop);
		length = strtoull(digits, &rest, 10);
		/* Two that differ are how requests are smuggled, RFC 9112 6.3. */
		f->broken |= !*digits || *rest || (f->has_length && f->length != length);
		f->has_length = true;
		f->length = length;
	} else if ((v = value_of(line, end, "Transfer-Encoding", &stop))) {
		f->chunked |= (size_t)(stop - v) >= 7 && !strncasecmp(stop - 7, "chunked", 7);
	} else if ((v = value_of(line, end, "Content-Type", &stop))) {
		copy_text(m->type, sizeof m->type, v, stop);
	} else if ((v = value_of(line, end, "Content-Encoding", &stop))) {
		copy_text(m->coding, sizeof m->coding, v, stop);
	}
}

/* "GET /path HTTP/1.1" is kept for its answer; "HTTP/1.1 200 OK" takes the oldest that waits. False:
 * this message has no body, whatever its fields say. */
static bool read_start(struct http_message *m, struct http_asked *asked, const char *line, const char *end)
{
	const char *space = memchr(line, ' ', (size_t)(end - line)), *second;
	bool no_body = false;

	memset(m, 0, sizeof *m);
	if (!space)
		return true;
	m->response = !strncmp(line, "HTTP/", 5);
	if (!m->response) {
		unsigned at = (asked->first + asked->count) % HTTP_ASKED;

		second = memchr(space + 1, ' ', (size_t)(end - space - 1));
		copy_text(m->path, sizeof m->path, space + 1, second ? second : end);
		if (asked->count == HTTP_ASKED)
			asked->first = (asked->first + 1) % HTTP_ASKED;
		else
			asked->count++;
		memcpy(asked->path[at], m->path, sizeof m->path);
		asked->no_body[at] = !strncmp(line, "HEAD ", 5) || !strncmp(line, "CONNECT ", 8);
		return true;
	}
	m->status = (unsigned)strtoul(space + 1, NULL, 10);
	if (m->status >= 100 && m->status < 200)
		return false; /* the answer is still to come */
	if (asked->count) {
		memcpy(m->path, asked->path[asked->first], sizeof m->path);
		no_body = asked->no_body[asked->first];
		asked->first = (asked->first + 1) % HTTP_ASKED;
		asked->count--;
	}
	return !no_body && m->status != 204 && m->status != 304;
}

/* The head is there: what follows it? RFC 9112 6.3. */
static void end_head(struct http_side *h, struct http_asked *asked, const struct http_sink *sink)
{
	const char *line = h->head, *end = strchr(line, '\n');
	struct framing f = { 0 };
	bool may = read_start(&h->message, asked, line, end ? end : line + strlen(line));

	while (end) {
		line = end + 1;
		end = strchr(line, '\n');
		if (end)
			read_field(&h->message, &f, line, end);
	}
	http_side_init(h);
	if (f.broken) {
		h->place = HTTP_LOST;
		return;
	}
	if (!may || (!f.chunked && f.has_length && !f.length) || (!h->message.response && !f.chunked && !f.has_length))
		return; /* no body: the next head */
	h->place = f.chunked ? HTTP_CHUNK_SIZE : f.has_length ? HTTP_IN_BODY : HTTP_TO_CLOSE;
	h->left = f.chunked ? 0 : f.length;
	sink->begin(sink->arg, &h->message);
}

static void head_byte(struct http_side *h, struct http_asked *asked, const struct http_sink *sink, uint8_t b)
{
	if (!h->used && (b == '\r' || b == '\n'))
		return; /* empty lines before a head, RFC 9112 2.2 */
	if (h->used + 1 >= HTTP_HEAD || !b) {
		h->place = HTTP_LOST;
		return;
	}
	h->head[h->used++] = (char)b;
	h->head[h->used] = '\0';
	if (h->used <= 10 && !may_begin(h->head, h->used))
		h->place = HTTP_LOST;
	else if (b == '\n' && h->used > 2 &&
		 (h->head[h->used - 2] == '\n' || (h->used > 3 && !memcmp(h->head + h->used - 4, "\r\n\r\n", 4))))
		end_head(h, asked, sink);
}

/* --- bodies --- */

static void end_body(struct http_side *h, const struct http_sink *sink, bool whole)
{
	whole = whole && !h->holed;
	http_side_init(h);
	sink->end(sink->arg, whole);
}

static void chunk_size(struct http_side *h, const struct http_sink *sink)
{
	char *rest;

	h->left = strtoull(h->head, &rest, 16);
	if (rest == h->head || h->left > UINT64_MAX / 2 || *h->head == '-') {
		end_body(h, sink, false);
		h->place = HTTP_LOST;
		return;
	}
	h->place = h->left ? HTTP_IN_CHUNK : HTTP_TRAILER;
}

/* A byte of the lines between chunks. */
static void line_byte(struct http_side *h, const struct http_sink *sink, uint8_t b)
{
	if (b != '\n') {
		if (h->used + 1 < HTTP_HEAD && b != '\r')
			h->head[h->used++] = (char)b;
		return;
	}
	h->head[h->used] = '\0';
	if (h->place == HTTP_CHUNK_SIZE)
		chunk_size(h, sink);
	else if (h->place == HTTP_CHUNK_END)
		h->place = HTTP_CHUNK_SIZE;
	else if (!h->used)
		end_body(h, sink, true);
	h->used = 0;
}

static bool counts(const struct http_side *h)
{
	return h->place == HTTP_IN_BODY || h->place == HTTP_IN_CHUNK;
}

static void passed(struct http_side *h, const struct http_sink *sink, uint64_t len)
{
	if (!counts(h))
		return;
	h->left -= len;
	if (h->left)
		return;
	if (h->place == HTTP_IN_CHUNK)
		h->place = HTTP_CHUNK_END;
	else
		end_body(h, sink, true);
}

void http_side_feed(struct http_side *h, struct http_asked *asked, const struct http_sink *sink, const uint8_t *bytes,
		    size_t len)
{
	while (len && h->place != HTTP_LOST) {
		size_t step = 1;

		if (h->place == HTTP_IN_HEAD) {
			head_byte(h, asked, sink, *bytes);
		} else if (counts(h) || h->place == HTTP_TO_CLOSE) {
			step = counts(h) && h->left < len ? (size_t)h->left : len;
			sink->body(sink->arg, bytes, step);
			passed(h, sink, step);
		} else {
			line_byte(h, sink, *bytes);
		}
		bytes += step;
		len -= step;
	}
}

void http_side_gap(struct http_side *h, const struct http_sink *sink, uint64_t len)
{
	if (h->place == HTTP_LOST)
		return;
	h->holed = true;
	if (h->place == HTTP_TO_CLOSE)
		return;
	if (counts(h) && len <= h->left) {
		passed(h, sink, len);
		return;
	}
	if (h->place != HTTP_IN_HEAD)
		end_body(h, sink, false);
	h->place = HTTP_LOST;
}

void http_side_end(struct http_side *h, const struct http_sink *sink)
{
	if (h->place == HTTP_TO_CLOSE)
		end_body(h, sink, true);
	else if (h->place != HTTP_IN_HEAD && h->place != HTTP_LOST)
		end_body(h, sink, false);
	h->place = HTTP_LOST;
}
