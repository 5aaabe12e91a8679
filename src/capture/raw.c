/* raw.c - packets from SOCK_RAW sockets: what a listener of a protocol gets, or a packet socket.
 *
 * Sockets are read in batches by recvmmsg(2), into slots that have room for a header before them.
 * Each message's ancillary data tells what the bytes do not (raw_facts.c). Two counters say how
 * many packets found no room: SO_RXQ_OVFL with each packet, and SO_MEMINFO when no more packet
 * comes.
 *
 * A filter is the kernel's where the socket's packets begin with what the filter was compiled for:
 * an IPv4 header. IPv6 comes without its header, and on a packet socket each device has its own
 * link header, a VLAN tag apart: those are judged here. */
#include "kernel_filter.h"
#include "raw_inside.h"
#include "soft_filter.h"

#include "util/clock.h"
#include "util/mem.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
	MESSAGES = 64,         /* a call */
	SLOT_MOST = 66 << 10,  /* larger than any packet but BIG TCP's, which are cut */
	NAP_MS = 2,            /* see raw_read() */
	UNDER_WAY_NS = 5000000 /* from a packet's time stamp until it is in the queue */
};

struct slot {
	struct sockaddr_storage name;
	size_t control[RAW_CONTROL / sizeof(size_t)]; /* aligned as struct cmsghdr */
	struct iovec bytes;
};

/* A filter that is run here: for packets that begin with an IP header, and for Ethernet frames. */
struct judge {
	struct soft_filter ip, ethernet;
	bool no_ip, no_ethernet; /* it has no meaning there: nothing passes */
};

struct raw {
	struct raw_socket sockets[RAW_SOCKETS];
	int count;
	int ready;                  /* epoll(7) on all of them */
	bool idle;                  /* nothing was there the last time */
	bool borrowed;              /* the sockets live on without us */
	struct judge judge, before; /* the latter of packets from before changed_ns */
	uint64_t changed_ns;
	struct mmsghdr messages[MESSAGES];
	struct slot slots[MESSAGES];
	uint8_t *memory; /* MESSAGES times RAW_HEADROOM + slot_bytes */
	uint32_t slot_bytes;
};

/* --- filters --- */

/* For the kernel: an IPv4 socket's whole filter; elsewhere one that keeps the first of the loopback
 * device's two copies out and lets the rest pass. */
static int attach(const struct capture *c, const struct raw_socket *s, const struct judge *j, struct err *e)
{
	struct bpf_insn all = { BPF_RET | BPF_K, 0, 0, s->family == AF_PACKET ? c->config.snaplen : SNAPLEN_MOST };
	struct bpf_program everything = { 1, &all };
	bool own = s->family == AF_INET && j->ip.program.bf_insns, soft;

	return kernel_filter_set(s->fd, LINKTYPE_RAW, c->config.snaplen, own ? &j->ip.program : &everything, &soft, e);
}

static void judge_done(struct judge *j)
{
	soft_filter_done(&j->ip);
	soft_filter_done(&j->ethernet);
}

/* Compiled for both kinds of packets; what makes sense for neither is wrong. */
static int compile(const struct raw *r, const char *text, struct judge *out, struct err *e)
{
	bool frames = r->sockets[0].family == AF_PACKET;
	int rc, frames_rc;

	*out = (struct judge){ 0 };
	rc = soft_filter_set(&out->ip, DLT_RAW, text, frames ? NULL : e);
	frames_rc = frames ? soft_filter_set(&out->ethernet, DLT_EN10MB, text, e) : rc;
	out->no_ip = rc;
	out->no_ethernet = frames_rc;
	return rc && frames_rc ? frames_rc : 0;
}

static int raw_filter(struct capture *c, const char *text, struct err *e)
{
	struct raw *r = c->source;
	struct judge made;
	int rc = compile(r, text, &made, e);

	for (int i = 0; !rc && i < r->count; i++)
		rc = attach(c, &r->sockets[i], &made, e);
	if (rc) {
		judge_done(&made);
		return rc;
	}
	judge_done(&r->before);
	r->before = r->judge;
	r->judge = made;
	r->changed_ns = clock_real_ns();
	return 0;
}

static bool passes(const struct raw *r, const struct raw_socket *s, const struct arrival *a)
{
	const struct judge *j = a->at_ns < r->changed_ns ? &r->before : &r->judge;
	bool frame = a->linktype == LINKTYPE_ETHERNET;

	if (s->family == AF_INET) /* the kernel has judged */
		return true;
	if (frame ? j->no_ethernet : j->no_ip)
		return false;
	return soft_filter_passes(frame ? &j->ethernet : &j->ip, a->bytes, a->len, a->cap);
}

/* --- opening --- */

static void raw_close(struct capture *c)
{
	struct raw *r = c->source;

	for (int i = 0; i < r->count; i++) {
		if (r->borrowed)
			raw_socket_shut(r->sockets[i].fd, NULL);
		close(r->sockets[i].fd);
	}
	if (r->ready >= 0)
		close(r->ready);
	judge_done(&r->judge);
	judge_done(&r->before);
	free(r->memory);
	free(r);
	c->source = NULL;
}

static void make_slots(struct capture *c, struct raw *r)
{
	uint32_t room;

	r->slot_bytes = c->config.snaplen < SLOT_MOST ? c->config.snaplen : SLOT_MOST;
	room = RAW_HEADROOM + r->slot_bytes;
	r->memory = mem_array(MESSAGES, room);
	for (unsigned i = 0; i < MESSAGES; i++) {
		struct slot *s = &r->slots[i];

		s->bytes.iov_base = r->memory + (size_t)i * room + RAW_HEADROOM;
		s->bytes.iov_len = r->slot_bytes;
		r->messages[i].msg_hdr = (struct msghdr){
			.msg_iov = &s->bytes, .msg_iovlen = 1, .msg_name = &s->name, .msg_control = s->control
		};
	}
}

static int watch(const struct raw *r, struct err *e)
{
	for (int i = 0; i < r->count; i++) {
		struct epoll_event event = { .events = EPOLLIN };

		if (r->ready < 0 || epoll_ctl(r->ready, EPOLL_CTL_ADD, r->sockets[i].fd, &event))
			return err_set(e, errno, "epoll: %s", strerror(errno));
	}
	return 0;
}

static int raw_open(struct capture *c, struct err *e)
{
	const char *device = strcmp(c->config.device, "any") ? c->config.device : NULL;
	struct raw *r = mem_alloc(sizeof *r);
	int rc = 0, count;

	c->source = r;
	r->borrowed = c->config.sockets != NULL;
	r->ready = epoll_create1(EPOLL_CLOEXEC);
	count = raw_sockets_open(c->config.raw, c->config.sockets, r->sockets, e);
	if (count < 0) {
		rc = count;
		goto out;
	}
	r->count = count;
	make_slots(c, r);
	for (int i = 0; !rc && i < r->count; i++)
		rc = raw_socket_prepare(&r->sockets[i], c->config.buffer_bytes, device, e);
	if (!rc)
		rc = watch(r, e);
	if (!rc)
		rc = raw_filter(c, c->config.filter, e);
out:
	if (rc)
		raw_close(c);
	return rc;
}

/* --- reading --- */

/* The counter wraps. */
static void count_lost(struct capture *c, struct raw_socket *s, uint32_t lost)
{
	uint32_t more = lost - s->lost;

	if ((int32_t)more <= 0)
		return;
	s->lost = lost;
	atomic_fetch_add_explicit(&c->dropped_kernel, more, memory_order_relaxed);
}

static void take(struct capture *c, struct raw *r, struct raw_socket *s, struct mmsghdr *m)
{
	uint8_t *bytes = m->msg_hdr.msg_iov->iov_base;
	uint32_t len = m->msg_len, cap = len < r->slot_bytes ? len : r->slot_bytes, front = 0, skip = 0;
	struct raw_facts f;
	struct arrival a;

	raw_facts_read(&f, &m->msg_hdr);
	count_lost(c, s, f.lost);
	if (f.len > len)
		len = f.len;
	a = (struct arrival){
		.at_ns = f.at_ns ? f.at_ns : clock_real_ns(),
		.ifindex = f.ifindex,
		.linktype = f.linktype,
		.direction = f.direction,
	};
	if (s->family == AF_INET6)
		a.rebuilt = (uint16_t)(front = raw_header_put(&f, s->protocol, len, bytes));
	if (s->family == AF_PACKET) {
		front = raw_vlan_put(&f, bytes, cap);
		skip = raw_link_skip(&f, cap);
	}
	a.bytes = bytes + skip - front;
	a.len = len + front - skip;
	a.cap = cap + front - skip;
	if (passes(r, s, &a))
		capture_take(c, &a);
}

static int read_error(const struct capture *c, struct err *e)
{
	const char *device = c->config.device;

	if (errno == EAGAIN || errno == EINTR)
		return 0;
	/* A device that is down may come up again. */
	if (errno == ENETDOWN && (!strcmp(device, "any") || if_nametoindex(device)))
		return 0;
	if (errno == ENETDOWN || errno == ENODEV)
		return err_set(e, ENODEV, "the interface %s went away", device);
	return err_set(e, errno, "%s: %s", raw_rows[c->config.raw].title, strerror(errno));
}

/* How many messages there were, or -errno. */
static int read_socket(struct capture *c, struct raw *r, struct raw_socket *s, struct err *e)
{
	int n;

	for (unsigned i = 0; i < MESSAGES; i++) {
		r->messages[i].msg_hdr.msg_namelen = sizeof r->slots[i].name;
		r->messages[i].msg_hdr.msg_controllen = sizeof r->slots[i].control;
	}
	n = recvmmsg(s->fd, r->messages, MESSAGES, MSG_DONTWAIT | MSG_TRUNC, NULL);
	if (n < 0)
		return read_error(c, e);
	for (int i = 0; i < n; i++)
		take(c, r, s, &r->messages[i]);
	return n;
}

/* The first packets after a pause are seldom alone: what follows them is let gather for a moment,
 * or each would cost a wakeup of the whole program. */
static int raw_read(struct capture *c, struct err *e)
{
	struct raw *r = c->source;
	uint64_t now_ns = clock_real_ns();
	bool some = false;

	for (int i = 0; i < r->count; i++) {
		uint32_t lost;
		int n = read_socket(c, r, &r->sockets[i], e);

		if (n < 0)
			return n;
		if (n < MESSAGES && raw_socket_lost(&r->sockets[i], &lost))
			count_lost(c, &r->sockets[i], lost);
		some |= n > 0;
	}
	if (some && r->idle)
		capture_sleep(c, -1, NAP_MS);
	r->idle = !some;
	if (some)
		return CAPTURE_SOME;
	c->settled_ns = now_ns - UNDER_WAY_NS;
	return CAPTURE_IDLE;
}

static int raw_fd(const struct capture *c, int *timeout_ms)
{
	const struct raw *r = c->source;

	(void)timeout_ms;
	return r->ready;
}

const struct capture_ops capture_raw = {
	.name = "raw",
	.open = raw_open,
	.read = raw_read,
	.filter = raw_filter,
	.fd = raw_fd,
	.close = raw_close,
};
