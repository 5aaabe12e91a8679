#include "analysis/tls_keys.h"
#include "analysis/tls_talk.h"

#include "../../src/analysis/tls_hello.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char random_text[] = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";

static struct tls_keys *keys_of(const char *text)
{
	struct tls_keys *k = tls_keys_new();

	tls_keys_feed(k, text, strlen(text));
	return k;
}

Test(tls_keys, lines)
{
	uint8_t random[TLS_RANDOM];
	char text[512];
	struct tls_keys *k;
	const struct tls_secret *s;

	for (unsigned i = 0; i < TLS_RANDOM; i++)
		random[i] = (uint8_t)i;
	snprintf(text, sizeof text,
		 "# a comment\nCLIENT_RANDOM %s aabb\r\nRSA 00 11\n\n"
		 "SERVER_TRAFFIC_SECRET_0 %s 0102",
		 random_text, random_text);
	k = keys_of(text);
	cr_assert_eq(tls_keys_count(k), 1, "the last line has not ended");
	tls_keys_end(k);
	cr_assert_eq(tls_keys_count(k), 2);
	s = tls_keys_find(k, random);
	cr_assert_not_null(s);
	cr_assert_eq(s[TLS_MASTER].len, 2);
	cr_assert_eq(s[TLS_MASTER].bytes[1], 0xbb);
	cr_assert_eq(s[TLS_SERVER_TRAFFIC].bytes[0], 1);
	cr_assert_eq(s[TLS_CLIENT_EARLY].len, 0);
	random[0] = 1;
	cr_assert_null(tls_keys_find(k, random));
	tls_keys_free(k);
}

Test(tls_keys, what_is_no_line)
{
	static const char *const ends[] = { "", "a", "abc", "zz", "aabbX", "00 11" };
	char text[1200];

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct tls_keys *k;

		snprintf(text, sizeof text, "CLIENT_RANDOM %s %s\nCLIENT_RANDOM 00 aabb\nOTHER %s aabb\n", random_text,
			 ends[i], random_text);
		k = keys_of(text);
		cr_assert_eq(tls_keys_count(k), 0, "%s", text);
		tls_keys_free(k);
	}
	/* A line without end is passed over, the one behind it is read. */
	memset(text, 'x', 1000);
	snprintf(text + 1000, sizeof text - 1000, "\nCLIENT_RANDOM %s aabb\n", random_text);
	struct tls_keys *k = keys_of(text);
	cr_assert_eq(tls_keys_count(k), 1);
	tls_keys_free(k);
}

Test(tls_keys, is_bounded)
{
	struct tls_keys *k = tls_keys_new();
	char line[160];

	for (unsigned i = 0; i < TLS_SESSIONS + 5; i++) {
		int n = snprintf(line, sizeof line, "CLIENT_RANDOM %064x aa\n", i);

		tls_keys_feed(k, line, (size_t)n);
	}
	cr_assert_eq(tls_keys_count(k), TLS_SESSIONS);
	cr_assert_eq(tls_keys_refused(k), 5);
	tls_keys_free(k);
}

/* A server's hello of TLS 1.3, cut at every length. */
Test(tls_hello, every_length)
{
	uint8_t hello[2 + 32 + 1 + 2 + 1 + 2 + 6] = { 3, 3 };
	struct tls_hello h;

	memset(hello + 2, 7, 32);
	hello[35] = 0x13;
	hello[36] = 0x01;
	hello[39] = 6;
	hello[41] = 43;
	hello[43] = 2;
	hello[44] = 3;
	hello[45] = 4;
	for (size_t len = 0; len <= sizeof hello; len++) {
		uint8_t *exact = malloc(len + !len);

		memcpy(exact, hello, len);
		cr_assert_eq(tls_hello_read(exact, len, true, &h), len >= 38, "%zu", len);
		cr_assert_eq(h.v13, len == sizeof hello);
		free(exact);
	}
	cr_assert_eq(h.suite, 0x1301);
	cr_assert_eq(h.random[31], 7);
}

/* --- without keys, and what is no TLS --- */

struct got {
	char text[256];
	size_t len;
};

static void take(void *arg, const struct stream_chunk *c)
{
	struct got *g = arg;

	if (c->gap)
		g->text[g->len++] = '!';
	for (uint32_t i = 0; !c->gap && i < c->len; i++)
		g->text[g->len++] = c->bytes[i] < ' ' ? '.' : (char)c->bytes[i];
}

static void say(struct tls_talk *t, uint8_t side, const char *bytes, size_t len)
{
	const struct stream_chunk c = {
		.side = side, .len = (uint32_t)len, .bytes = (const uint8_t *)bytes, .number = 1
	};

	tls_talk_take(t, &c);
}

Test(tls_talk, passes_on_what_it_cannot_open)
{
	static const char hello[] = "\x16\x03\x01\0\x04\1\0\0\0";
	struct tls_keys *k = tls_keys_new();
	struct got g = { 0 };
	struct tls_talk t;

	tls_talk_init(&t, k, take, &g, NULL);
	say(&t, 0, "220 hi", 6);
	say(&t, 1, hello, sizeof hello - 1);
	cr_assert_str_eq(g.text, "220 hi.........");
	tls_talk_done(&t);

	/* With a key log of others: it waits for the server's word, and passes all on at the end. */
	tls_keys_feed(k, "CLIENT_RANDOM ", 14);
	tls_keys_feed(k, random_text, 64);
	tls_keys_feed(k, " aa\n", 4);
	memset(&g, 0, sizeof g);
	tls_talk_init(&t, k, take, &g, NULL);
	say(&t, 1, hello, sizeof hello - 1);
	say(&t, 0, "220", 3);
	cr_assert_str_eq(g.text, "220", "that side has said no hello");
	tls_talk_end(&t);
	cr_assert_str_eq(g.text, "220.........");
	cr_assert_not(tls_talk_opens(&t));
	tls_talk_done(&t);
	tls_keys_free(k);
}

static size_t put_hello(uint8_t *out, uint8_t type, uint8_t fill, uint16_t suite)
{
	uint8_t hello[] = { 22, 3, 3, 0, 42, type, 0, 0, 38, 3, 3, [43] = 0, 0, 0, 0 };

	for (unsigned i = 0; i < TLS_RANDOM; i++)
		hello[11 + i] = fill ? fill : (uint8_t)i;
	hello[44] = (uint8_t)(suite >> 8);
	hello[45] = (uint8_t)suite;
	memcpy(out, hello, sizeof hello);
	return sizeof hello;
}

/* A server that says a second hello, in a sealed record, with a suite that nobody knows: what it
 * seals with the old keys opens as before. */
Test(tls_talk, another_hello_under_old_keys)
{
	/* TLS_RSA_WITH_AES_128_GCM_SHA256, a master secret of 48 times aa */
	static const uint8_t sealed[] = {
		0x16, 0x03, 0x03, 0x00, 0x42, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xfa, 0xa9, 0x87,
		0xb6, 0xc3, 0x5a, 0x78, 0x35, 0xaa, 0xe2, 0x3a, 0xce, 0xf8, 0x81, 0xde, 0x79, 0xc7, 0x20, 0xee,
		0x1f, 0xcb, 0xc3, 0x11, 0x3f, 0xf9, 0xca, 0xf9, 0x52, 0xc5, 0x64, 0xb5, 0x3a, 0xda, 0x75, 0x0d,
		0x4f, 0x36, 0xa3, 0x5f, 0xa5, 0xc3, 0xb7, 0xcb, 0xa4, 0x9c, 0x1f, 0x7c, 0x72, 0x8e, 0x7a, 0x7b,
		0x4d, 0x91, 0x81, 0x5c, 0x77, 0x1b, 0x27, 0x17, 0x03, 0x03, 0x00, 0x22, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x01, 0x9b, 0xb1, 0xad, 0x38, 0xd4, 0xd6, 0xa2, 0x3a, 0x24, 0xf7, 0x90, 0x4e,
		0x62, 0xc5, 0xbb, 0x66, 0x78, 0x9b, 0xf0, 0xe5, 0xf8, 0xe1, 0x9c, 0x1a, 0x2b, 0x4d,
	};
	static const char change[] = "\x14\3\3\0\1\1";
	uint8_t hello[64];
	struct tls_keys *k = tls_keys_new();
	struct got g = { 0 };
	struct tls_talk t;

	tls_keys_feed(k, "CLIENT_RANDOM ", 14);
	tls_keys_feed(k, random_text, 64);
	tls_keys_feed(k, " ", 1);
	for (unsigned i = 0; i < 48; i++)
		tls_keys_feed(k, "aa", 2);
	tls_keys_end(k);
	for (size_t cut = 0; cut < sizeof sealed; cut++) { /* the records come in two pieces */
		memset(&g, 0, sizeof g);
		tls_talk_init(&t, k, take, &g, NULL);
		say(&t, 0, (char *)hello, put_hello(hello, 1, 0, 0));
		say(&t, 1, (char *)hello, put_hello(hello, 2, 7, 0x009c));
		say(&t, 1, change, sizeof change - 1);
		say(&t, 1, (const char *)sealed, cut);
		say(&t, 1, (const char *)sealed + cut, sizeof sealed - cut);
		cr_assert_str_eq(g.text, "still here", "%zu", cut);
		cr_assert(tls_talk_opens(&t));
		tls_talk_done(&t);
	}
	tls_keys_free(k);
}
