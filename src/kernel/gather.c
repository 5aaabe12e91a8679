#include "gather.h"

#include "inside.h"
#include "netns.h"
#include "util/err.h"
#include "util/mem.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

struct gather {
	struct snapshot *snap;
	uint64_t netns;
	bool has_tcp;    /* the snapshot has */
	uint64_t asking; /* inode of the socket that asks: it is gone before anybody could say whose it was */
};

static void add(void *ctx, const struct sock *s)
{
	const struct gather *g = ctx;

	if (s->family == AF_NETLINK && s->inode == g->asking)
		return;
	snapshot_add(g->snap, s, g->netns);
}

static uint32_t kernel_states(unsigned wanted)
{
	uint32_t bits = 0;

	if (!wanted)
		return UINT32_MAX;
	for (int i = STATE_CLOSED; i < STATE_COUNT; i++)
		if ((wanted & 1u << i) && states[i].kernel >= 0)
			bits |= 1u << states[i].kernel;
	if (wanted & 1u << STATE_SYN_RECEIVED)
		bits |= 1u << 12; /* TCP_NEW_SYN_RECV */
	if (wanted & 1u << STATE_UNCONNECTED)
		bits |= 1u << states[STATE_CLOSED].kernel;
	if (wanted & 1u << STATE_CONNECTED)
		bits |= 1u << states[STATE_ESTABLISHED].kernel;
	return bits;
}

/* Which dumps make up a snapshot. */
static const struct source {
	enum sample_kind kind;
	int protocol, type; /* of inet dumps; a type without a protocol: from /proc/net */
} sources[] = {
	{ SAMPLE_TCP, IPPROTO_TCP, 0 },     { SAMPLE_UDP, IPPROTO_UDP, 0 },
	{ SAMPLE_UDP, 0, SOCK_DGRAM },      { SAMPLE_UDPLITE, IPPROTO_UDPLITE, 0 },
	{ SAMPLE_MPTCP, IPPROTO_MPTCP, 0 }, { SAMPLE_SCTP, IPPROTO_SCTP, 0 },
	{ SAMPLE_RAW, 0, SOCK_RAW },
};

static void note(struct snapshot *snap, int rc, const char *what)
{
	if (!rc || rc == -EPROTONOSUPPORT)
		return;
	snap->partial = true;
	if (!snap->why[0])
		snprintf(snap->why, sizeof snap->why, "%s: %s", what,
			 rc == -EINTR ? "the table changed while it was read" : strerror(-rc));
}

static void gather(struct diag *d, const struct sample_request *q, struct gather *g)
{
	static const int inet[] = { AF_INET, AF_INET6 };
	uint32_t wanted = kernel_states(q->states);

	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		const struct source *from = &sources[i];

		if ((q->kinds && !(q->kinds & from->kind)) || (g->has_tcp && from->kind == SAMPLE_TCP))
			continue;
		if (from->kind == SAMPLE_TCP && !q->family) {
			note(g->snap, diag_dump_inet(d, from->protocol, 0, wanted, q->info, add, g), "TCP");
			continue;
		}
		for (size_t f = 0; f < 2; f++) {
			int rc;

			if (q->family && q->family != inet[f])
				continue;
			if (from->protocol)
				rc = diag_dump_inet(d, from->protocol, inet[f], wanted, q->info, add, g);
			else
				rc = diag_dump_proc(d, inet[f], from->type, add, g);
			note(g->snap, rc, "the internet sockets");
		}
	}
	if (!q->kinds || (q->kinds & SAMPLE_UNIX))
		note(g->snap, diag_dump_unix(d, wanted, add, g), "the UNIX sockets");
	if (!q->kinds || (q->kinds & SAMPLE_VSOCK))
		note(g->snap, diag_dump_vsock(d, wanted, add, g), "the VSOCK sockets");
	if (q->states && !(q->states & 1u << STATE_UNCONNECTED))
		return; /* the kinds below have no other state */
	if (!q->kinds || (q->kinds & SAMPLE_PACKET))
		note(g->snap, diag_dump_packet(d, add, g), "the packet sockets");
	if (!q->kinds || (q->kinds & SAMPLE_NETLINK))
		note(g->snap, diag_dump_netlink(d, add, g), "the netlink sockets");
}

int gather_sockets(struct diag *own, const struct sample_request *q, bool has_tcp, struct snapshot *snap, struct err *e)
{
	struct gather g = { .snap = snap, .has_tcp = has_tcp };
	struct netns *spaces;
	size_t count;
	int rc = 0;

	if (!q->netns) {
		g.netns = netns_own();
		gather(own, q, &g);
		return 0;
	}
	spaces = mem_array(NETNS_MOST, sizeof *spaces);
	count = netns_find(q->netns, spaces, NETNS_MOST, e);
	if (!count)
		rc = -(e && e->code ? e->code : ENOENT);
	for (size_t i = 0; i < count; i++) {
		struct diag *d;
		struct stat self;

		rc = netns_diag(&spaces[i], &d, e);
		if (rc && count == 1)
			break;
		if (rc) { /* one of many: say so, and go on */
			note(snap, rc, spaces[i].path);
			rc = 0;
			continue;
		}
		g.netns = spaces[i].inode;
		g.asking = fstat(diag_fd(d), &self) ? 0 : self.st_ino;
		gather(d, q, &g);
		diag_close(d);
	}
	free(spaces);
	return rc;
}
