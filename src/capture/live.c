/* live.c - packets from an interface, or from all of them, by libpcap.
 *
 * The kernel stores packets in a ring of blocks (TPACKET_V3, packet(7)) and gives a block to us
 * when it is full or wait_ms old. We never use libpcap's immediate mode (it stores every packet in
 * a slot of the snapshot length, and loses most of them at a high rate) and never its timeout
 * (which does not end a call on an idle device): poll(2) on its descriptor, then a dispatch that
 * does not block.
 *
 * There is always a filter: without one the kernel keeps whole packets, whatever the snapshot
 * length. It also lets packets on the loopback interface pass once, not twice.
 *
 * When everything before a moment has been read: packets leave the ring in the order in which they
 * were stored, and the kernel counts what it stores. So: take the time, then the count (a mark);
 * once as many packets have been read, everything that was stored before that time has been,
 * however long the kernel held back a block. A packet's way from its sender, or its time stamp,
 * into the ring is short but not nothing: UNDER_WAY_NS.
 */
#include "inside.h"
#include "kernel_filter.h"
#include "soft_filter.h"

#include "util/clock.h"
#include "util/mem.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	UNDER_WAY_NS = 5000000,
	MS_NS = 1000000,
	STALE_WAITS = 20,
	STALE_MS = 100,      /* see settle() */
	ETHERNET_SOURCE = 6, /* where an Ethernet header has the sender's address */
};

struct live {
	pcap_t *pcap;
	int fd;
	struct soft_filter soft, old_soft; /* what the kernel cannot judge */
	/* Until a mark was reached: when the first filter was there, before which no packet is
	 * wanted; and when `soft` took the place of `old_soft`. CLOCK_REALTIME, 0 afterwards. */
	uint64_t since_ns, changed_ns;
	uint16_t linktype;
	uint32_t ifindex; /* of a named device */
	bool loopback;
	bool has_mac;
	uint8_t mac[6];

	uint64_t taken;  /* packets read from the ring */
	uint64_t stored; /* packets the kernel put there */
	bool marked;
	uint64_t mark; /* `stored` at that time, CLOCK_REALTIME and CLOCK_MONOTONIC: */
	uint64_t mark_ns, mark_mono_ns;
	/* libpcap's counters the last time; they wrap. */
	u_int seen_received, seen_dropped, seen_interface;
};

/* --- filters --- */

static int live_filter(struct capture *c, const char *text, struct err *e)
{
	struct live *l = c->source;
	struct bpf_program program;
	bool soft;
	int rc;

	if (!text)
		text = "";
	if (libpcap()->compile(l->pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN))
		return filter_error(e, text, libpcap()->geterr(l->pcap));
	rc = kernel_filter_set(libpcap()->fileno(l->pcap), l->linktype, c->config.snaplen, &program, &soft, e);
	if (rc) {
		libpcap()->freecode(&program);
		return rc;
	}
	soft_filter_done(&l->old_soft);
	l->old_soft = l->soft;
	l->soft = (struct soft_filter){ 0 };
	if (soft)
		l->soft.program = program;
	else
		libpcap()->freecode(&program);
	l->changed_ns = clock_real_ns();
	l->marked = false;
	return 0;
}

/* --- opening --- */

static int open_error(const struct capture *c, pcap_t *pcap, int status, struct err *e)
{
	const char *words = libpcap()->geterr(pcap), *device = c->config.device;

	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED: return capture_refused(e, "capturing");
	case PCAP_ERROR_NO_SUCH_DEVICE: return err_set(e, ENODEV, "there is no device %s", device);
	case PCAP_ERROR_IFACE_NOT_UP: return err_set(e, ENETDOWN, "%s is down", device);
	default: return err_set(e, EIO, "%s: %s", device, *words ? words : libpcap()->statustostr(status));
	}
}

static int activate(struct capture *c, pcap_t *pcap, struct err *e)
{
	bool any = !strcmp(c->config.device, "any");
	char words[PCAP_ERRBUF_SIZE] = "";
	int status;

	libpcap()->set_snaplen(pcap, (int)c->config.snaplen);
	libpcap()->set_buffer_size(pcap, (int)c->config.buffer_bytes);
	libpcap()->set_timeout(pcap, (int)c->config.wait_ms);
	libpcap()->set_promisc(pcap, c->config.promiscuous && !any);
	libpcap()->set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	status = libpcap()->activate(pcap);
	if (status < 0)
		return open_error(c, pcap, status, e);
	if (any && libpcap()->set_datalink(pcap, DLT_LINUX_SLL2))
		return err_set(e, EIO, "%s: %s", c->config.device, libpcap()->geterr(pcap));
	if (libpcap()->setnonblock(pcap, 1, words))
		return err_set(e, EIO, "%s: %s", c->config.device, words);
	return 0;
}

/* A named device says nothing about a packet's direction: its sender's address does. */
static void look_at_device(struct live *l, const char *device)
{
	struct ifreq r = { 0 };

	l->ifindex = if_nametoindex(device);
	snprintf(r.ifr_name, sizeof r.ifr_name, "%s", device);
	if (!ioctl(l->fd, SIOCGIFFLAGS, &r))
		l->loopback = r.ifr_flags & IFF_LOOPBACK;
	if (!l->loopback && l->linktype == LINKTYPE_ETHERNET && !ioctl(l->fd, SIOCGIFHWADDR, &r)) {
		memcpy(l->mac, r.ifr_hwaddr.sa_data, sizeof l->mac);
		l->has_mac = true;
	}
}

static void live_close(struct capture *c)
{
	struct live *l = c->source;

	if (l->pcap)
		libpcap()->close(l->pcap);
	soft_filter_done(&l->soft);
	soft_filter_done(&l->old_soft);
	free(l);
	c->source = NULL;
}

static int live_open(struct capture *c, struct err *e)
{
	struct live *l = mem_alloc(sizeof *l);
	char words[PCAP_ERRBUF_SIZE] = "";
	int rc = libpcap_load(e);

	c->source = l;
	if (rc)
		goto out;
	l->pcap = libpcap()->create(c->config.device, words);
	if (!l->pcap) {
		rc = err_set(e, EIO, "%s: %s", c->config.device, words);
		goto out;
	}
	rc = activate(c, l->pcap, e);
	if (rc)
		goto out;
	l->linktype = link_type(libpcap()->datalink(l->pcap));
	l->fd = libpcap()->get_selectable_fd(l->pcap);
	look_at_device(l, c->config.device);
	rc = live_filter(c, c->config.filter, e);
	if (rc)
		goto out;
	l->since_ns = clock_real_ns();
	return 0;
out:
	live_close(c);
	return rc;
}

/* --- reading --- */

static void got(u_char *user, const struct pcap_pkthdr *h, const u_char *bytes)
{
	struct capture *c = (struct capture *)(void *)user;
	struct live *l = c->source;
	struct arrival a = {
		.bytes = bytes,
		.linktype = l->linktype,
		.ifindex = l->ifindex,
		.len = h->len,
		.cap = h->caplen,
		.at_ns = (uint64_t)h->ts.tv_sec * 1000000000u + (uint64_t)h->ts.tv_usec,
	};

	l->taken++;
	if (l->since_ns && a.at_ns < l->since_ns)
		return;
	if (l->loopback)
		a.direction = DIRECTION_IN;
	else if (l->has_mac && h->caplen >= ETHERNET_SOURCE + sizeof l->mac)
		a.direction = memcmp(bytes + ETHERNET_SOURCE, l->mac, sizeof l->mac) ? DIRECTION_IN : DIRECTION_OUT;
	else
		link_facts(&a);
	if (soft_filter_passes(a.at_ns < l->changed_ns ? &l->old_soft : &l->soft, bytes, h->len, h->caplen))
		capture_take(c, &a);
}

/* Bring `stored` and the counters of what was lost up to date. */
static bool count(struct capture *c, struct live *l)
{
	struct pcap_stat s;
	u_int received, dropped;
	int interface;

	if (libpcap()->stats(l->pcap, &s))
		return false;
	received = s.ps_recv - l->seen_received;
	dropped = s.ps_drop - l->seen_dropped;
	interface = (int)(s.ps_ifdrop - l->seen_interface);
	l->seen_received = s.ps_recv;
	l->seen_dropped = s.ps_drop;
	l->seen_interface = s.ps_ifdrop;
	l->stored += received - dropped; /* libpcap counts a lost packet as received too */
	atomic_fetch_add_explicit(&c->dropped_kernel, dropped, memory_order_relaxed);
	if (interface > 0) /* where its file cannot be read any more, it falls back to 0 */
		atomic_fetch_add_explicit(&c->dropped_interface, (uint64_t)interface, memory_order_relaxed);
	return true;
}

/* Was the mark reached? Some stored packets are never read: libpcap leaves out what went out on the
 * loopback interface before the first filter was there. A mark that is far older than the kernel
 * holds back a block, while there is nothing to read, has been reached too. */
static bool reached(const struct capture *c, struct live *l, bool idle)
{
	uint64_t stale_ns = ((uint64_t)c->config.wait_ms * STALE_WAITS + STALE_MS) * MS_NS;

	if (l->taken >= l->mark)
		return true;
	if (!idle || clock_mono_ns() - l->mark_mono_ns < stale_ns)
		return false;
	l->taken = l->mark;
	return true;
}

static void pass_mark(struct capture *c, struct live *l)
{
	c->settled_ns = l->mark_ns - UNDER_WAY_NS;
	l->marked = false;
	l->since_ns = l->changed_ns = 0;
}

static void settle(struct capture *c, struct live *l, bool idle)
{
	uint64_t mono_ns = clock_mono_ns(), now_ns = clock_real_ns();

	if (l->marked && reached(c, l, idle))
		pass_mark(c, l);
	if (l->marked || (!idle && mono_ns - l->mark_mono_ns < (uint64_t)c->config.wait_ms * MS_NS))
		return;
	if (!count(c, l))
		return;
	if (l->taken > l->stored) /* after a stale mark */
		l->taken = l->stored;
	l->mark = l->stored;
	l->mark_ns = now_ns;
	l->mark_mono_ns = mono_ns;
	l->marked = true;
	if (l->taken >= l->mark)
		pass_mark(c, l);
}

static int read_error(struct capture *c, struct live *l, int status, struct err *e)
{
	const char *words = libpcap()->geterr(l->pcap), *device = c->config.device;

	if (status == PCAP_ERROR_BREAK)
		return CAPTURE_END;
	if (l->ifindex && !if_nametoindex(device))
		return err_set(e, ENODEV, "the interface %s went away", device);
	return err_set(e, EIO, "%s: %s", device, words);
}

static int live_read(struct capture *c, struct err *e)
{
	struct live *l = c->source;
	int n = libpcap()->dispatch(l->pcap, BATCH, got, (u_char *)c);

	if (n < 0)
		return read_error(c, l, n, e);
	settle(c, l, n < BATCH);
	return n < BATCH ? CAPTURE_IDLE : CAPTURE_SOME;
}

static int live_fd(const struct capture *c, int *timeout_ms)
{
	const struct live *l = c->source;
	const struct timeval *needed = libpcap()->get_required_select_timeout(l->pcap);
	int needed_ms = needed ? (int)(needed->tv_sec * 1000 + needed->tv_usec / 1000) : *timeout_ms;

	if (l->fd < 0)
		needed_ms = (int)c->config.wait_ms;
	if (needed_ms < *timeout_ms)
		*timeout_ms = needed_ms > 0 ? needed_ms : 1;
	return l->fd;
}

const struct capture_ops capture_live = {
	.name = "live",
	.open = live_open,
	.read = live_read,
	.filter = live_filter,
	.fd = live_fd,
	.close = live_close,
};
