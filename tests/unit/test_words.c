/* The fixed vocabularies: every word is found by every spelling, and by its value. */
#include "core/words.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct word *const tables[] = { families, types, protocols, shutdowns, errnos };

static const struct word *find(const struct word *table, const char *text)
{
	return word_find(table, text, strlen(text));
}

Test(words, every_spelling)
{
	for (size_t t = 0; t < COUNT(tables); t++)
		for (const struct word *w = tables[t]; w->name; w++) {
			char text[64], *p = text;

			cr_assert(w->symbol && w->help && strlen(w->help) > 4, "%s", w->name);
			cr_assert_eq(find(tables[t], w->name), w, "%s", w->name);
			cr_assert_eq(find(tables[t], w->symbol), w, "%s", w->symbol);
			cr_assert(!w->alias || find(tables[t], w->alias) == w, "%s", w->alias);
			cr_assert_eq(word_by_value(tables[t], w->value), w, "%s: two words for %d", w->name, w->value);
			snprintf(text, sizeof text, "socket.%s", w->symbol);
			cr_assert_eq(find(tables[t], text), w, "%s", text);
			for (strcpy(text, w->name); *p; p++)
				*p = (char)toupper((unsigned char)*p);
			cr_assert_eq(find(tables[t], text), w, "%s", text);
		}
}

Test(words, unknown)
{
	static const char *const texts[] = { "",       "socket.", "inet4",    "ine",
					     "inet66", "AF_",     "af_inet ", "SOCKET.AF_INET" };

	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t t = 0; t < COUNT(tables); t++)
			cr_assert_null(find(tables[t], texts[i]), "%s", texts[i]);
	cr_assert_null(word_by_value(families, 999));
	cr_assert_eq(word_find(families, "inet6", 4)->value, AF_INET);
}

Test(words, values)
{
	cr_assert_eq(find(families, "inet6")->value, AF_INET6);
	cr_assert_eq(find(families, "AF_LOCAL")->value, AF_UNIX);
	cr_assert_eq(find(types, "seqpacket")->value, SOCK_SEQPACKET);
	cr_assert_eq(find(protocols, "IPPROTO_ICMPV6")->value, IPPROTO_ICMPV6);
	cr_assert_eq(find(shutdowns, "SHUT_RDWR")->value, SHUT_RDWR);
	cr_assert_eq(find(errnos, "EWOULDBLOCK")->value, EAGAIN);
	cr_assert_eq(find(errnos, "ENOTSUP")->value, EOPNOTSUPP);
	cr_assert_eq(find(errnos, "econnrefused")->value, ECONNREFUSED);
}

Test(words, errno_in_words)
{
	cr_assert_str_eq(errno_name(ECONNREFUSED), "ECONNREFUSED");
	cr_assert_str_eq(errno_name(EAGAIN), "EAGAIN");
	cr_assert_str_eq(errno_name(0), "0");
	for (int code = -2; code < 600; code++) {
		cr_assert(errno_name(code) && *errno_name(code), "%d", code);
		cr_assert(errno_help(code) && *errno_help(code), "%d", code);
	}
}
