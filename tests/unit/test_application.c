/* What bytes say to the program that reads them. */
#include "decode/application.h"

#include "util/buf.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t query[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07"
			       "example\x03"
			       "com\x00\x00\x01\x00\x01";

static const struct {
	const char *bytes;
	size_t len;
	bool stream;
	uint16_t sport, dport;
	enum proto proto;
	const char *words;
} rows[] = {
	{ "GET / HTTP/1.1\r\n\r\n", 18, true, 40000, 80, PROTO_HTTP, "GET / HTTP/1.1" },
	{ "GET / HTTP/1.1\r\n\r\n", 18, true, 0, 0, PROTO_HTTP, "GET / HTTP/1.1" },
	{ (const char *)query, sizeof query - 1, false, 40000, 53, PROTO_DNS, "query 0x1234 A? example.com" },
	{ "hello\n", 6, true, 40000, 7, PROTO_NONE, "" },
	{ "hello\n", 6, false, 40000, 7, PROTO_NONE, "" },
	{ "", 0, true, 40000, 80, PROTO_NONE, "" },
};

Test(application, guessed_from_bytes_and_ports)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf out = { 0 };

		cr_expect_eq(application_guess((const uint8_t *)rows[i].bytes, rows[i].len, rows[i].stream,
					       rows[i].sport, rows[i].dport, &out),
			     rows[i].proto, "%zu", i);
		cr_expect_str_eq(buf_text(&out), rows[i].words, "%zu: %s", i, buf_text(&out));
		buf_done(&out);
	}
}

/* Each length in a buffer of exactly that size: nothing beyond is read. */
Test(application, every_length)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t len = 0; len <= rows[i].len; len++) {
			uint8_t *bytes = malloc(len ? len : 1);
			struct buf out = { 0 };

			memcpy(bytes, rows[i].bytes, len);
			application_guess(bytes, len, rows[i].stream, rows[i].sport, rows[i].dport, &out);
			buf_done(&out);
			free(bytes);
		}
}

Test(application, more_than_is_looked_at)
{
	size_t len = 100000;
	uint8_t *bytes = calloc(1, len);
	struct buf out = { 0 };

	memcpy(bytes, "POST /x HTTP/1.1\r\n", 18);
	cr_expect_eq(application_guess(bytes, len, true, 1, 2, &out), PROTO_HTTP);
	cr_expect_eq(application_guess(bytes, len, false, 1, 2, &out), PROTO_NONE);
	buf_done(&out);
	free(bytes);
}
