/* The keys of FILTER that only conversations of a capture file have. */
#include "core/filter.h"

#include <criterion/criterion.h>
#include <netinet/in.h>

Test(filter, conversations_of_a_file)
{
	static const struct {
		const char *text;
		bool fits, fits_socket;
	} cases[] = {
		{ "app:dns", false, false },
		{ "app:dns,http", true, false },
		{ "app:htt", false, false },
		{ "app:ht*", true, false },
		{ "!app:dns", true, true },
		{ "end:rst", true, false },
		{ "end:client", false, false },
		{ "end = rst", false, false },
		{ "end = \"rst by server\"", true, false },
		{ "HTTP", true, false },
		{ "\"by server\"", true, false },
	};
	struct sock s = { .family = AF_INET, .type = SOCK_STREAM, .protocol = IPPROTO_TCP };
	const struct sock_view socket = { .sock = &s }, flow = { .sock = &s, .app = "http", .end = "rst by server" };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct filter *f;

		cr_assert_eq(filter_new(cases[i].text, &f, NULL, NULL), 0);
		cr_expect_eq(filter_match(f, &flow), cases[i].fits, "%s", cases[i].text);
		cr_expect_eq(filter_match(f, &socket), cases[i].fits_socket, "%s", cases[i].text);
		filter_free(f);
	}
}
