/* The filter language: any bytes are a filter; what is accepted is matched against a few sockets.
 * Its negation must match exactly the others, and what it lets the kernel leave out must not match.
 * */
#include "core/filter.h"
#include "util/err.h"

#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void make(struct snapshot *s, const struct owner *owner)
{
	struct sock k[4];

	memset(k, 0, sizeof k);
	k[0] = (struct sock){ .family = AF_INET,
			      .type = SOCK_STREAM,
			      .protocol = IPPROTO_TCP,
			      .state = STATE_ESTABLISHED,
			      .known = ~0u,
			      .inode = 5,
			      .cookie = 7,
			      .recv_q = 9,
			      .tcp = { .rtt_us = 12000, .congestion = "cubic" } };
	k[0].local = (struct endpoint){ .family = AF_INET, .has_port = true, .port = 443, .ip = { 10, 0, 0, 1 } };
	k[0].remote = (struct endpoint){ .family = AF_INET, .has_port = true, .port = 50000, .ip = { 127, 0, 0, 1 } };
	k[1] = (struct sock){ .family = AF_INET6,
			      .type = SOCK_DGRAM,
			      .protocol = IPPROTO_UDP,
			      .state = STATE_UNCONNECTED,
			      .known = SOCK_HAS_UID,
			      .interface = 2 };
	k[1].local = (struct endpoint){ .family = AF_INET6,
					.has_port = true,
					.port = 53,
					.ip = { [10] = 0xff, [11] = 0xff, [12] = 10, [15] = 1 } };
	k[2] = (struct sock){ .family = AF_UNIX, .type = SOCK_STREAM, .state = STATE_LISTEN };
	k[2].local = (struct endpoint){ .family = AF_UNIX, .path_len = 6, .path = "/run/x" };
	k[3] = (struct sock){ .family = AF_NETLINK, .type = SOCK_RAW };
	for (int i = 0; i < 4; i++)
		snapshot_add(s, &k[i], 1)->reason = OWNER_ORPHAN;
	snapshot_own(s, s->records, owner);
}

static void check(const struct filter *f, const struct sock_view *v)
{
	struct filter_push push;
	int family = v->sock->family;

	filter_push(f, &push);
	if (!(push.kinds >> sock_kind(v->sock) & 1) || !(push.states >> v->sock->state & 1))
		__builtin_trap();
	if (push.family && (family == AF_INET || family == AF_INET6) && push.family != family)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct owner owner = { .pid = 812, .fd = 7, .process = "nginx" };
	struct snapshot s = { 0 };
	char *text = malloc(len + 1), *negated = malloc(len + 8);
	struct filter *f, *other;
	struct err e = { 0 };
	unsigned column = 0;

	if (!text || !negated)
		abort();
	memcpy(text, bytes, len);
	text[len] = '\0';
	snprintf(negated, len + 8, "not (%s\n)", text);
	make(&s, &owner);
	if (filter_new(text, &f, &e, &column)) {
		if (!e.text[0] || !column || column > len + 1)
			__builtin_trap();
		f = NULL;
	}
	if (f && !filter_new(negated, &other, &e, NULL)) { /* too deep or too long now, perhaps */
		for (int i = 0; i < 4; i++) {
			struct sock room;
			struct sock_view v = sock_view(&s, &s.records[i], NULL, &room);
			bool matches = filter_match(f, &v);

			if (matches == filter_match(other, &v))
				__builtin_trap();
			check(matches ? f : other, &v);
		}
		filter_free(other);
	}
	filter_free(f);
	snapshot_done(&s);
	free(text);
	free(negated);
	return 0;
}
