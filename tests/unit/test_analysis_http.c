/* Bodies of HTTP/1: how their ends are known, and what is no HTTP. Each case is fed whole and byte by
 * byte, with the same result. */
#include "analysis/http_body.h"
#include "util/buf.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

/* "<path type>body" and '.' for a whole one, '!' for one that is not. '~' in the input is a gap of
 * three bytes. `asks` goes through the other side first. */
static const struct talk {
	const char *name, *asks, *input, *given;
} talks[] = {
	/* clang-format off */
	{ "a length", "GET /a HTTP/1.1\r\n\r\n",
	  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello", "</a text/plain>hello." },
	{ "names in any case, blanks", "GET /a HTTP/1.1\r\n\r\n",
	  "HTTP/1.1 200 OK\r\ncontent-LENGTH: \t 5 \r\n\r\nhello", "</a >hello." },
	{ "chunks", "GET /c HTTP/1.1\r\n\r\n",
	  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX: y\r\n\r\n", "</c >hello world." },
	{ "two answers", "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n",
	  "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb", "</1 >a.</2 >b." },
	{ "up to the end", "GET /e HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\nall of it", "</e >all of it." },
	{ "an answer to HEAD has none", "HEAD /h HTTP/1.1\r\n\r\nGET /g HTTP/1.1\r\n\r\n",
	  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ng", "</g >g." },
	{ "nor has 304, nor 204", "", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nHTTP/1.1 204 No\r\n\r\n", "" },
	{ "continue, then the answer", "POST /p HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
	  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\np", "</p >p." },
	{ "a request's", "", "POST /form HTTP/1.1\r\nContent-Length: 3\r\n\r\na=bGET / HTTP/1.1\r\n\r\n", "</form >a=b." },
	{ "a tunnel", "CONNECT x:443 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n\x16\x03\x01", "" },
	{ "cut short", "", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhe", "< >he!" },
	{ "a hole in it", "", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc~ghiHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "< >abcghi!< >x." },
	{ "a hole beyond its end", "", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc~HTTP/1.1 200 OK\r\n\r\n", "< >abc!" },
	{ "a hole in a head", "", "HTTP/1.1 200~\r\nContent-Length: 4\r\n\r\nabcd", "" },
	{ "two lengths that differ", "", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", "" },
	{ "a length that is none", "", "HTTP/1.1 200 OK\r\nContent-Length: 4x\r\n\r\nabcd", "" },
	{ "chunks that are none", "", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc", "< >!" },
	{ "a negative chunk", "", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc", "< >!" },
	{ "no HTTP", "", "SSH-2.0-OpenSSH\r\n\r\nHTTP/1.1 200 OK\r\n\r\nabc", "" },
	{ "line feeds alone", "", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "< >ok." },
	/* clang-format on */
};

enum { TALKS = sizeof talks / sizeof *talks };

static void begin(void *arg, const struct http_message *m)
{
	buf_printf(arg, "<%s %s>", m->path, m->type);
}

static void body(void *arg, const uint8_t *bytes, size_t len)
{
	buf_add(arg, bytes, len);
}

static void end(void *arg, bool whole)
{
	buf_putc(arg, whole ? '.' : '!');
}

/* In pieces of exactly `step` bytes: the sanitizer sees a byte too many. */
static void feed(struct http_side *h, struct http_asked *asked, const struct http_sink *sink, const char *text,
		 size_t step)
{
	for (size_t len = strlen(text); len;) {
		size_t here = step < len ? step : len, gap = strcspn(text, "~");
		uint8_t *exact;

		if (!gap) {
			http_side_gap(h, sink, 3);
			text++, len--;
			continue;
		}
		if (here > gap)
			here = gap;
		exact = malloc(here);
		memcpy(exact, text, here);
		http_side_feed(h, asked, sink, exact, here);
		free(exact);
		text += here;
		len -= here;
	}
}

ParameterizedTestParameters(http, bodies)
{
	static int rows[TALKS * 2];

	for (int i = 0; i < TALKS * 2; i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, TALKS * 2);
}

ParameterizedTest(int *row, http, bodies)
{
	const struct talk *t = &talks[*row / 2];
	struct buf given = { 0 }, ignored = { 0 };
	const struct http_sink sink = { &given, begin, body, end }, other = { &ignored, begin, body, end };
	static struct http_side a, b;
	struct http_asked asked = { 0 };

	http_side_init(&a);
	http_side_init(&b);
	feed(&a, &asked, &other, t->asks, *row % 2 ? 1 : 10000);
	feed(&b, &asked, &sink, t->input, *row % 2 ? 1 : 10000);
	http_side_end(&b, &sink);
	cr_expect_str_eq(buf_text(&given), t->given, "%s: %s", t->name, buf_text(&given));
	buf_done(&given);
	buf_done(&ignored);
}

Test(http, heads_are_bounded)
{
	struct buf given = { 0 };
	const struct http_sink sink = { &given, begin, body, end };
	static struct http_side h;
	struct http_asked asked = { 0 };

	http_side_init(&h);
	feed(&h, &asked, &sink, "GET /", 100);
	for (unsigned i = 0; i < 2 * HTTP_HEAD; i++)
		feed(&h, &asked, &sink, "x", 1);
	cr_expect_eq(h.place, HTTP_LOST);
	http_side_init(&h);
	for (unsigned i = 0; i < 3 * HTTP_ASKED; i++) /* nobody answers: the oldest is forgotten */
		feed(&h, &asked, &sink, "GET / HTTP/1.1\r\n\r\n", 100);
	cr_expect_eq(asked.count, HTTP_ASKED);
	buf_done(&given);
}
