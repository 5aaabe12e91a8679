#include "kernel/sampler.h"

#include "gather.h"
#include "held_tcp.h"
#include "inside.h"
#include "join.h"
#include "netns.h"
#include "owners.h"
#include "core/capability.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/mem.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct sampler {
	struct diag *diag; /* of our own namespace */
	struct owner_map owners;
	struct mnl_socket *watch; /* the destroy groups; NULL */
	char *messages;           /* one read from it */
	size_t message_len, message_at;
};

/* --- life --- */

int sampler_new(struct sampler **out, struct err *e)
{
	struct sampler *s = mem_alloc(sizeof *s);
	int rc = diag_open_later(&s->diag, e);

	if (rc) {
		free(s);
		return rc;
	}
	*out = s;
	return 0;
}

void sampler_free(struct sampler *s)
{
	if (!s)
		return;
	diag_close(s->diag);
	owners_done(&s->owners);
	if (s->watch)
		mnl_socket_close(s->watch);
	free(s->messages);
	free(s);
}

/* --- a snapshot --- */

enum { MANY_TCP = 4096 }; /* for fewer, to load the larger program costs more than it saves */

/* The TCP sockets by way of their owners. */
static bool takes_held(const struct sample_request *q)
{
	return q->plain && !q->info && !q->live && !q->netns && !q->states && !q->family &&
	       (!q->kinds || (q->kinds & SAMPLE_TCP));
}

int sampler_take(struct sampler *s, const struct sample_request *q, struct snapshot **out, struct err *e)
{
	struct snapshot *snap = mem_alloc(sizeof *snap);
	bool has_tcp;
	int rc;

	snap->at_ns = clock_real_ns();
	snap->mono_ns = clock_mono_ns();
	has_tcp = takes_held(q) && !held_tcp(&s->owners, s->diag, snap, MANY_TCP);
	s->owners.fresh &= q->owners;
	if (q->owners && !has_tcp)
		owners_bpf_load(&s->owners); /* not while sockets that were just found may close */
	rc = gather_sockets(s->diag, q, has_tcp, snap, e);
	if (rc) {
		snapshot_free(snap);
		return rc;
	}
	if (!q->unsettled)
		snapshot_settle(snap);
	if (q->owners)
		join_owners(snap, &s->owners, s->diag, q->live);
	/* Who is at the other end is told by its owner, or by the name of its UNIX socket. */
	if ((q->owners && !q->no_peers) || !q->kinds || (q->kinds & SAMPLE_UNIX))
		join_peers(snap, !q->owners || q->no_peers);
	snap->took_ns = clock_mono_ns() - snap->mono_ns;
	*out = snap;
	return 0;
}

/* --- destroying --- */

int sampler_destroy(struct sampler *s, const struct snapshot *in, const struct record *r, struct err *e)
{
	char local[ENDPOINT_TEXT];
	struct sock sock;
	int rc;

	record_sock(in, r, &sock);
	endpoint_format(&sock.local, local, sizeof local);
	if (sock.family != AF_INET && sock.family != AF_INET6)
		return err_set(e, EOPNOTSUPP, "only TCP and UDP sockets can be destroyed");
	if (r->netns && r->netns != netns_own())
		return err_set(e, EOPNOTSUPP, "%s is in another network namespace (%llu)", local,
			       (unsigned long long)r->netns);
	rc = diag_destroy_inet(s->diag, &sock);
	if (rc >= 0)
		return 0;
	if (rc == -EPERM)
		return capability_refused(e, "destroying a socket", capabilities[CAPABILITY_NET_ADMIN].name);
	if (rc == -ENOENT || rc == -ESTALE)
		return err_set(e, ENOENT, "the kernel finds no such socket %s any more", local);
	if (rc == -EOPNOTSUPP || rc == -EINVAL)
		return err_set(e, EOPNOTSUPP, "this kernel cannot destroy %s (CONFIG_INET_DIAG_DESTROY)", local);
	return err_set(e, -rc, "destroying %s: %s", local, strerror(-rc));
}

/* --- the destroy groups --- */

int sampler_watch(struct sampler *s, struct err *e)
{
	static const int groups[] = { SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET_UDP_DESTROY, SKNLGRP_INET6_TCP_DESTROY,
				      SKNLGRP_INET6_UDP_DESTROY };
	int code;

	if (s->watch)
		return 0;
	s->watch = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!s->watch || mnl_socket_bind(s->watch, 0, MNL_SOCKET_AUTOPID))
		goto fail;
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		if (mnl_socket_setsockopt(s->watch, NETLINK_ADD_MEMBERSHIP, (void *)&groups[i], sizeof groups[i]))
			goto fail;
	s->messages = mem_alloc(65536);
	return 0;
fail:
	code = errno;
	if (s->watch)
		mnl_socket_close(s->watch);
	s->watch = NULL;
	return err_set(e, code, "closed sockets are not announced: %s", strerror(code));
}

int sampler_watch_fd(const struct sampler *s)
{
	return s->watch ? mnl_socket_get_fd(s->watch) : -1;
}

int sampler_watched(struct sampler *s, struct sock *out)
{
	while (s->watch) {
		const struct nlmsghdr *h = (const struct nlmsghdr *)(const void *)(s->messages + s->message_at);
		int left = (int)(s->message_len - s->message_at);

		if (left <= 0 || !mnl_nlmsg_ok(h, left)) {
			ssize_t got = mnl_socket_recvfrom(s->watch, s->messages, 65536);

			s->message_at = 0;
			s->message_len = got > 0 ? (size_t)got : 0;
			if (got <= 0)
				return 0;
			continue;
		}
		s->message_at += NLMSG_ALIGN(h->nlmsg_len);
		if (diag_take_destroyed(h, out))
			return 1;
	}
	return 0;
}
