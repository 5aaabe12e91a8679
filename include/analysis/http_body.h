/* http_body.h - the bodies in one side of an HTTP/1 conversation: fed with a stream in order, it
 * tells where a body begins, what is in it, and where it ends (RFC 9112, 6 and 7).
 *
 * What is no HTTP/1 is left alone from its first bytes on. Heads are bounded (HTTP_HEAD bytes);
 * bodies are passed on as they come. One thread; nothing here allocates.
 */
#ifndef ANALYSIS_HTTP_BODY_H
#define ANALYSIS_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HTTP_HEAD = 8192, HTTP_TEXT = 256, HTTP_ASKED = 8 };

struct http_asked { /* requests that wait for their answers, shared by both sides of a flow */
	char path[HTTP_ASKED][HTTP_TEXT];
	bool no_body[HTTP_ASKED]; /* HEAD, CONNECT: the answer has no body */
	unsigned first, count;
};

struct http_message {
	bool response;
	unsigned status;      /* of a response */
	char path[HTTP_TEXT]; /* asked for; foreign text */
	char type[HTTP_TEXT]; /* Content-Type; foreign text, "" for none */
	char coding[32];      /* Content-Encoding; "" for none */
};

struct http_sink {
	void *arg;
	void (*begin)(void *arg, const struct http_message *m); /* only where a body follows */
	void (*body)(void *arg, const uint8_t *bytes, size_t len);
	void (*end)(void *arg, bool whole);
};

struct http_side {
	enum http_place {
		HTTP_IN_HEAD,
		HTTP_IN_BODY,    /* `left` bytes */
		HTTP_TO_CLOSE,   /* all that comes */
		HTTP_CHUNK_SIZE, /* a line */
		HTTP_IN_CHUNK,   /* `left` bytes */
		HTTP_CHUNK_END,  /* the line end behind them */
		HTTP_TRAILER,    /* lines up to an empty one */
		HTTP_LOST,       /* no HTTP, or no longer understood */
	} place;
	uint64_t left;
	bool holed; /* a part of this body is missing */
	size_t used;
	char head[HTTP_HEAD]; /* of a head, or the line that a chunk begins with */
	struct http_message message;
};

void http_side_init(struct http_side *h);
void http_side_feed(struct http_side *h, struct http_asked *asked, const struct http_sink *sink, const uint8_t *bytes,
		    size_t len);
/* `len` bytes are missing here. */
void http_side_gap(struct http_side *h, const struct http_sink *sink, uint64_t len);
void http_side_end(struct http_side *h, const struct http_sink *sink);

#endif
