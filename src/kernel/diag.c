/* The handle, one exchange with the kernel, and which finder knows which kind of socket. */
#include "kernel/diag.h"

#include "inside.h"
#include "util/err.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum {
	PATIENCE_US = 200000, /* the kernel answers at once; this is for the day it does not */
	ANSWER_BYTES = 65536, /* a dump comes in pieces of at most 32 KiB */
};

/* --- life --- */

static const char *const proc_files[PROC_COUNT] = {
	[PROC_RAW] = "/proc/net/raw",     [PROC_RAW6] = "/proc/net/raw6",     [PROC_ICMP] = "/proc/net/icmp",
	[PROC_ICMP6] = "/proc/net/icmp6", [PROC_PACKET] = "/proc/net/packet", [PROC_NETLINK] = "/proc/net/netlink",
};

int diag_table(struct diag *d, enum proc_table which)
{
	if (d->proc[which] < 0 && d->later)
		d->proc[which] = open(proc_files[which], O_RDONLY | O_CLOEXEC);
	return d->proc[which];
}

int diag_open(struct diag **out, struct err *e)
{
	int rc = diag_open_later(out, e);

	for (int i = 0; i < PROC_COUNT && !rc; i++)
		diag_table(*out, (enum proc_table)i);
	if (!rc)
		(*out)->later = false;
	return rc;
}

int diag_open_later(struct diag **out, struct err *e)
{
	const struct timeval patience = { .tv_usec = PATIENCE_US };
	struct diag *d = mem_alloc(sizeof *d);
	int code;

	for (size_t i = 0; i < PROC_COUNT; i++)
		d->proc[i] = -1;
	d->nl = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	if (!d->nl || mnl_socket_bind(d->nl, 0, MNL_SOCKET_AUTOPID))
		goto fail;
	if (setsockopt(mnl_socket_get_fd(d->nl), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience))
		goto fail;
	d->port = mnl_socket_get_portid(d->nl);
	d->later = true;
	*out = d;
	return 0;
fail:
	code = errno;
	diag_close(d);
	return err_set(e, code, "the kernel's socket tables (sock_diag) cannot be asked: %s", strerror(code));
}

void diag_close(struct diag *d)
{
	if (!d)
		return;
	if (d->nl)
		mnl_socket_close(d->nl);
	for (size_t i = 0; i < PROC_COUNT; i++)
		if (d->proc[i] >= 0)
			close(d->proc[i]);
	free(d);
}

int diag_fd(const struct diag *d)
{
	return mnl_socket_get_fd(d->nl);
}

/* --- one exchange --- */

/* The error number that ends an exchange: the payload of NLMSG_ERROR, and of NLMSG_DONE, which
 * carries -ENOENT where a dump met no handler. */
static int ending(const struct nlmsghdr *h)
{
	int32_t code = 0;

	if (mnl_nlmsg_get_payload_len(h) < sizeof code)
		return h->nlmsg_type == NLMSG_ERROR ? -EBADMSG : 0;
	memcpy(&code, mnl_nlmsg_get_payload(h), sizeof code);
	return code < 0 ? code : 0;
}

/* After a find the rest of a dump is still read, so that nothing is left for the next. */
void diag_take_read(struct exchange *x, const void *bytes, size_t len)
{
	const struct nlmsghdr *h = (const struct nlmsghdr *)bytes;
	int left = (int)len;

	for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left)) {
		if (h->nlmsg_seq != x->seq || h->nlmsg_pid != x->port)
			continue; /* late answers to a question that was given up */
		x->interrupted |= x->dump && h->nlmsg_flags & NLM_F_DUMP_INTR; /* the last one may tell it, too */
		if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE) {
			if (!x->result)
				x->result = ending(h);
			x->over = true;
			return;
		}
		if (h->nlmsg_type != SOCK_DIAG_BY_FAMILY && h->nlmsg_type != TCPDIAG_GETSOCK)
			continue;
		if (!x->result)
			x->result = x->take(x->ctx, h);
		if (!x->dump) {
			x->over = true;
			return;
		}
	}
}

int diag_result(const struct exchange *x)
{
	return !x->result && x->interrupted ? -EINTR : x->result;
}

int diag_exchange(struct diag *d, struct nlmsghdr *request, diag_take take, void *ctx)
{
	_Alignas(struct nlmsghdr) char answer[ANSWER_BYTES];
	struct exchange x = { .port = d->port, .dump = request->nlmsg_flags & NLM_F_DUMP, .take = take, .ctx = ctx };

	request->nlmsg_seq = x.seq = ++d->seq;
	if (mnl_socket_sendto(d->nl, request, request->nlmsg_len) < 0)
		return -errno;
	while (!x.over) {
		ssize_t len = mnl_socket_recvfrom(d->nl, answer, sizeof answer);

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? -ETIMEDOUT : -errno;
		diag_take_read(&x, answer, (size_t)len);
	}
	return diag_result(&x);
}

/* --- what answers have in common --- */

/* Dumps have hundreds of thousands of attributes: one walk, the row of each by its type. */
void diag_attributes(const struct nlmsghdr *answer, size_t skip, const struct diag_attribute *rows, size_t count,
		     struct sock *s)
{
	const char *at = (const char *)answer + NLMSG_HDRLEN + NLMSG_ALIGN(skip);
	const char *end = (const char *)answer + answer->nlmsg_len;

	while (end - at >= (ptrdiff_t)sizeof(struct nlattr)) {
		const struct nlattr *a = (const struct nlattr *)(const void *)at;
		size_t type = a->nla_type & NLA_TYPE_MASK, len = a->nla_len;

		if (len < NLA_HDRLEN || (ptrdiff_t)len > end - at)
			return;
		if (type < count && rows[type].take && len - NLA_HDRLEN >= rows[type].least)
			rows[type].take(s, at + NLA_HDRLEN, len - NLA_HDRLEN);
		at += NLA_ALIGN(len);
	}
}

void diag_take_memory(struct sock *s, const void *bytes, size_t len)
{
	uint32_t memory[SK_MEMINFO_VARS] = { 0 };

	memcpy(memory, bytes, len < sizeof memory ? len : sizeof memory);
	s->rmem_alloc = memory[SK_MEMINFO_RMEM_ALLOC];
	s->rcvbuf = memory[SK_MEMINFO_RCVBUF];
	s->wmem_alloc = memory[SK_MEMINFO_WMEM_ALLOC];
	s->sndbuf = memory[SK_MEMINFO_SNDBUF];
	s->drops = memory[SK_MEMINFO_DROPS];
	s->known |= SOCK_HAS_MEMORY;
}

enum state diag_plain_state(int kernel)
{
	enum state s = state_from_kernel(kernel);

	return s == STATE_ESTABLISHED ? STATE_CONNECTED : s == STATE_CLOSED ? STATE_UNCONNECTED : s;
}

static int take_nothing(void *ctx, const struct nlmsghdr *answer)
{
	(void)ctx;
	(void)answer;
	return 0;
}

int diag_not_found(struct diag *d, enum handled what, struct nlmsghdr *probe)
{
	if (d->handlers[what] == HANDLER_UNKNOWN) {
		int rc = diag_exchange(d, probe, take_nothing, NULL);

		if (rc && rc != -ENOENT)
			return rc;
		d->handlers[what] = rc ? HANDLER_MISSING : HANDLER_THERE;
	}
	return d->handlers[what] == HANDLER_MISSING ? -EPROTONOSUPPORT : -ENOENT;
}

/* --- dumps --- */

struct sink {
	diag_parse parse;
	diag_each each;
	void *ctx;
};

static int take_each(void *ctx, const struct nlmsghdr *answer)
{
	struct sink *sink = ctx;
	struct sock s;

	if (sink->parse(answer, &s))
		sink->each(sink->ctx, &s);
	return 0;
}

int diag_dump(struct diag *d, struct nlmsghdr *request, diag_parse parse, diag_each each, void *ctx)
{
	struct sink sink = { .parse = parse, .each = each, .ctx = ctx };
	int rc = diag_exchange(d, request, take_each, &sink);

	return rc == -ENOENT ? -EPROTONOSUPPORT : rc;
}

int diag_dump_by_family(struct diag *d, const void *question, size_t len, diag_parse parse, diag_each each, void *ctx)
{
	union {
		struct nlmsghdr head;
		char bytes[NLMSG_HDRLEN + 64];
	} r;
	struct nlmsghdr *h = mnl_nlmsg_put_header(r.bytes);

	h->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	memcpy(mnl_nlmsg_put_extra_header(h, len), question, len);
	return diag_dump(d, h, parse, each, ctx);
}

/* --- who knows what --- */

static bool is_unix(const struct sock *s)
{
	return s->family == AF_UNIX;
}

static bool is_inet(const struct sock *s)
{
	return (s->family == AF_INET || s->family == AF_INET6) && s->type != SOCK_RAW && s->protocol != IPPROTO_ICMP &&
	       s->protocol != IPPROTO_ICMPV6;
}

/* Raw sockets and ping sockets (icmp(7), SOCK_DGRAM). */
static bool is_in_proc(const struct sock *s)
{
	return s->family == AF_INET || s->family == AF_INET6;
}

static const struct {
	bool (*fits)(const struct sock *s);
	int (*find)(struct diag *d, const struct sock *was, struct sock *now);
} finders[] = {
	{ is_unix, diag_find_unix },
	{ is_inet, diag_find_inet },
	{ is_in_proc, diag_find_proc },
};

int diag_find(struct diag *d, const struct sock *was, struct sock *now, struct err *e)
{
	int rc = -EAFNOSUPPORT;

	for (size_t i = 0; i < sizeof finders / sizeof *finders; i++) {
		if (!finders[i].fits(was))
			continue;
		rc = finders[i].find(d, was, now);
		break;
	}
	if (!rc)
		return 0;
	if (rc == -ENOENT)
		return err_set(e, ENOENT, "the kernel has no such %s socket (any more)", sock_proto(was));
	if (rc == -EPROTONOSUPPORT)
		return err_set(e, EPROTONOSUPPORT, "this kernel does not tell of %s sockets (no sock_diag handler)",
			       sock_proto(was));
	return err_set(e, -rc, "the kernel could not be asked for the %s socket: %s", sock_proto(was), strerror(-rc));
}
