/* UNIX sockets: exact look-ups by inode, or a dump compared by cookie. See sock_diag(7),
 * unix(7). */
#include "inside.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>

enum { REQUEST_BYTES = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct unix_diag_req)) };

union request {
	struct nlmsghdr head;
	char bytes[REQUEST_BYTES];
};

static void fill_request(union request *r, uint32_t inode, uint64_t cookie, uint16_t flags, uint32_t mask)
{
	struct unix_diag_req *q;
	struct nlmsghdr *h = mnl_nlmsg_put_header(r->bytes);

	h->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	h->nlmsg_flags = NLM_F_REQUEST | flags;
	q = mnl_nlmsg_put_extra_header(h, sizeof *q);
	q->sdiag_family = AF_UNIX;
	q->udiag_states = mask;
	q->udiag_ino = inode;
	q->udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN | UDIAG_SHOW_MEMINFO | UDIAG_SHOW_UID;
	q->udiag_cookie[0] = (uint32_t)cookie;
	q->udiag_cookie[1] = (uint32_t)(cookie >> 32);
}

/* --- attributes --- */

static void take_name(struct sock *s, const void *bytes, size_t len)
{
	const char *name = bytes;

	if (len && name[0]) /* a path comes with its NUL */
		len = strnlen(name, len);
	if (len > ENDPOINT_PATH)
		len = ENDPOINT_PATH;
	s->local.path_len = (uint8_t)len;
	memcpy(s->local.path, name, len);
}

static void take_peer(struct sock *s, const void *bytes, size_t len)
{
	uint32_t inode;

	(void)len;
	memcpy(&inode, bytes, sizeof inode);
	s->peer_inode = inode;
}

static void take_queues(struct sock *s, const void *bytes, size_t len)
{
	struct unix_diag_rqlen q;

	(void)len;
	memcpy(&q, bytes, sizeof q);
	s->recv_q = q.udiag_rqueue;
	s->send_q = q.udiag_wqueue;
	s->known |= SOCK_HAS_QUEUES;
	if (s->state == STATE_LISTEN) {
		s->backlog = q.udiag_wqueue;
		s->known |= SOCK_HAS_BACKLOG;
	}
}

static void take_uid(struct sock *s, const void *bytes, size_t len)
{
	(void)len;
	memcpy(&s->uid, bytes, sizeof s->uid);
	s->known |= SOCK_HAS_UID;
}

static const struct diag_attribute attributes[] = {
	[UNIX_DIAG_NAME] = { 1, take_name },
	[UNIX_DIAG_PEER] = { sizeof(uint32_t), take_peer },
	[UNIX_DIAG_RQLEN] = { sizeof(struct unix_diag_rqlen), take_queues },
	[UNIX_DIAG_MEMINFO] = { sizeof(uint32_t), diag_take_memory },
	[UNIX_DIAG_UID] = { sizeof(uint32_t), take_uid },
};

/* --- finding --- */

struct wanted {
	const struct sock *was; /* NULL: whatever answers */
	struct sock *now;
};

bool diag_parse_unix(const struct nlmsghdr *answer, struct sock *out)
{
	struct sock s = { .family = AF_UNIX, .local = { .family = AF_UNIX } };
	struct unix_diag_msg m;

	if (mnl_nlmsg_get_payload_len(answer) < sizeof m)
		return false;
	memcpy(&m, mnl_nlmsg_get_payload(answer), sizeof m);
	s.type = m.udiag_type;
	s.state = diag_plain_state(m.udiag_state);
	s.inode = m.udiag_ino;
	s.cookie = m.udiag_cookie[0] | (uint64_t)m.udiag_cookie[1] << 32;
	s.known = SOCK_HAS_COOKIE | (m.udiag_ino ? SOCK_HAS_INODE : 0u);
	diag_attributes(answer, sizeof m, attributes, sizeof attributes / sizeof *attributes, &s);
	*out = s;
	return true;
}

static int take_answer(void *ctx, const struct nlmsghdr *answer)
{
	struct wanted *w = ctx;
	struct sock s;

	if (!diag_parse_unix(answer, &s))
		return -EBADMSG;
	if (w->was && (w->was->known & SOCK_HAS_COOKIE) && s.cookie != w->was->cookie)
		return 0;
	*w->now = s;
	return 1;
}

/* The other end's name is not in the answer, but its inode is. */
static void add_peer(struct diag *d, struct sock *now)
{
	union request r;
	struct sock peer;
	struct wanted w = { .now = &peer };

	if (now->state != STATE_CONNECTED)
		return;
	now->remote.family = AF_UNIX;
	if (!now->peer_inode)
		return;
	fill_request(&r, (uint32_t)now->peer_inode, UINT64_MAX, 0, UINT32_MAX);
	if (diag_exchange(d, &r.head, take_answer, &w) == 1)
		now->remote = peer.local;
}

int diag_find_unix(struct diag *d, const struct sock *was, struct sock *now)
{
	union request r;
	struct sock found;
	struct wanted w = { .was = was, .now = &found };
	int rc;

	if (was->known & SOCK_HAS_INODE)
		fill_request(&r, (uint32_t)was->inode, was->known & SOCK_HAS_COOKIE ? was->cookie : UINT64_MAX, 0,
			     UINT32_MAX);
	else if (was->known & SOCK_HAS_COOKIE)
		fill_request(&r, 0, UINT64_MAX, NLM_F_DUMP, UINT32_MAX);
	else
		return -EINVAL;
	rc = diag_exchange(d, &r.head, take_answer, &w);
	if (rc == 1) {
		add_peer(d, &found);
		found.protocol = was->protocol;
		*now = found;
		return 0;
	}
	if (rc != 0 && rc != -ENOENT && rc != -ESTALE) /* -ESTALE: the inode's number belongs to another socket now */
		return rc;
	fill_request(&r, 0, UINT64_MAX, NLM_F_DUMP, 0);
	return diag_not_found(d, HANDLED_UNIX, &r.head);
}

/* --- dumps --- */

int diag_dump_unix(struct diag *d, uint32_t wanted, diag_each each, void *ctx)
{
	union request r;

	fill_request(&r, 0, UINT64_MAX, NLM_F_DUMP, wanted);
	return diag_dump(d, &r.head, diag_parse_unix, each, ctx);
}
