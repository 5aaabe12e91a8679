#include "session/owner_watch.h"

#include "session/guard.h"
#include "session/host.h"
#include "session/owner_index.h"
#include "session/source.h"
#include "util/clock.h"
#include "util/mem.h"

#include <errno.h>
#include <ifaddrs.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MS 1000000u
#define REFRESH_NS (1000u * (uint64_t)MS)
#define LEAST_NS (5u * (uint64_t)MS) /* from one snapshot's end to the next one's beginning */
#define CREDIT_NS (200u * (uint64_t)MS)
#define FULL_NS (50u * (uint64_t)MS) /* whole passes over the processes are cheap up to this */
#define HOLD_NS (100u * (uint64_t)MS)
#define HOLD_FIRST_NS (500u * (uint64_t)MS)

enum {
	SHARE = 5,           /* snapshots take one part in so many of the time, but for CREDIT_NS */
	LOOKS = 2,           /* snapshots in which the owner of a socket that is there is looked for */
	ADDRESSES = 512,     /* of this host */
	BACKLOG = 256 << 10, /* bytes that wait to be read: nothing is held back then */
	HOLD_STEP_MS = 10,
};

struct owner_watch {
	struct host *host;
	struct source *source;
	struct owner_index index;
	uint32_t generation;                 /* snapshots so far */
	uint64_t seen_ns;                    /* CLOCK_REALTIME: when the last one was begun */
	uint64_t asked_ns, done_ns, took_ns; /* CLOCK_MONOTONIC; of the last one */
	uint64_t credit_ns;                  /* of time that snapshots may take, when the last one ended */
	bool asked;                          /* once at least */
	bool given_up;                       /* what is asked for now takes longer than a packet is held */
	struct endpoint addresses[ADDRESSES];
	unsigned address_count;
	uint64_t addresses_ns;
};

/* --- this host's addresses --- */

static void read_addresses(struct owner_watch *w)
{
	uint64_t now = clock_mono_ns();
	struct ifaddrs *all;

	if (w->addresses_ns && now - w->addresses_ns < REFRESH_NS)
		return;
	w->addresses_ns = now;
	if (getifaddrs(&all))
		return;
	w->address_count = 0;
	for (struct ifaddrs *i = all; i && w->address_count < ADDRESSES; i = i->ifa_next) {
		int family = i->ifa_addr ? i->ifa_addr->sa_family : AF_UNSPEC;

		if (family == AF_INET)
			endpoint_from_sockaddr(&w->addresses[w->address_count++], i->ifa_addr,
					       sizeof(struct sockaddr_in));
		else if (family == AF_INET6)
			endpoint_from_sockaddr(&w->addresses[w->address_count++], i->ifa_addr,
					       sizeof(struct sockaddr_in6));
	}
	freeifaddrs(all);
}

/* Multicast and broadcast are received here, too. */
static bool to_many(const struct endpoint *e)
{
	if (e->family == AF_INET6)
		return e->ip[0] == 0xff;
	return (e->ip[0] & 0xf0) == 0xe0 || (e->ip[0] == 255 && e->ip[3] == 255);
}

static bool is_local(const struct owner_watch *w, const struct endpoint *e)
{
	if (endpoint_is_loopback(e) || to_many(e))
		return true;
	for (unsigned i = 0; i < w->address_count; i++)
		if (w->addresses[i].family == e->family &&
		    !memcmp(w->addresses[i].ip, e->ip, e->family == AF_INET ? 4 : 16))
			return true;
	return false;
}

/* --- snapshots --- */

/* Time that goes by is credit for the next ones. */
static void spent(struct owner_watch *w, uint64_t took_ns)
{
	uint64_t now = clock_mono_ns(), earned = (now - w->done_ns) / SHARE;

	w->credit_ns -= w->credit_ns < w->took_ns ? w->credit_ns : w->took_ns;
	w->credit_ns = w->credit_ns + earned < CREDIT_NS ? w->credit_ns + earned : CREDIT_NS;
	w->done_ns = now;
	w->took_ns = took_ns;
}

static void adopt(struct owner_watch *w)
{
	const struct snapshot *s;

	if (!(host_adopt(w->host) & HOST_NEWS_SNAPSHOT))
		return;
	w->given_up = false;
	s = host_snapshot(w->host);
	if (!s || s->at_ns == w->seen_ns) { /* it failed */
		spent(w, clock_mono_ns() - w->asked_ns);
		return;
	}
	spent(w, s->took_ns);
	owner_index_make(&w->index, s);
	w->seen_ns = s->at_ns;
	w->generation++;
}

/* Nanoseconds until another snapshot may be asked for. */
static uint64_t rest(const struct owner_watch *w, uint64_t least_ns)
{
	uint64_t now = clock_mono_ns(), gone = now > w->done_ns ? now - w->done_ns : 0;
	uint64_t owed = w->credit_ns < w->took_ns ? (w->took_ns - w->credit_ns) * SHARE : 0;

	least_ns = owed > least_ns ? owed : least_ns;
	return w->asked && gone < least_ns ? least_ns - gone : 0;
}

static void ask(struct owner_watch *w, uint64_t least_ns)
{
	enum { KINDS = SAMPLE_TCP | SAMPLE_UDP | SAMPLE_RAW | SAMPLE_UDPLITE | SAMPLE_SCTP };
	const struct sample_request request = { .kinds = KINDS, .owners = true, .live = w->took_ns > FULL_NS };

	if (host_busy(w->host) || rest(w, least_ns))
		return;
	read_addresses(w);
	w->asked = true;
	w->asked_ns = clock_mono_ns();
	host_ask(w->host, &request, NULL);
}

int owner_watch_new(struct guard *guard, struct source *source, struct owner_watch **out, struct err *e)
{
	struct broker *broker = guard_helper(guard);
	struct owner_watch *w = mem_alloc(sizeof *w);
	int rc = host_new(broker, NULL, &w->host, e);

	if (rc) {
		free(w);
		return rc;
	}
	w->source = source;
	w->index.ignored[0] = (uint32_t)getpid();
	w->index.ignored[1] = broker ? (uint32_t)broker_pid(broker) : 0;
	ask(w, 0);
	*out = w;
	return 0;
}

void owner_watch_free(struct owner_watch *w)
{
	if (!w)
		return;
	owner_index_done(&w->index);
	host_free(w->host);
	free(w);
}

/* --- look-ups --- */

/* A connection that began after the snapshot may have the ends of one that is in it. */
static enum owner_match match_of(const struct owner_watch *w, const struct flow *f)
{
	bool began = f->proto == IPPROTO_TCP && (f->side[0].saw_syn || f->side[1].saw_syn);

	return began && f->first_ns > w->seen_ns ? OWNER_BOUND : OWNER_CONNECTION;
}

static void look_up(struct owner_watch *w, const struct flow *f, struct packet_owners *o)
{
	enum owner_match match = match_of(w, f);
	struct endpoint end[2];

	flow_endpoint(f, 0, &end[0]);
	flow_endpoint(f, 1, &end[1]);
	for (unsigned i = 0; i < 2; i++) {
		struct end_owner found;

		if (!is_local(w, &end[i]) || !owner_index_find(&w->index, match, f->proto, &end[i], &end[!i], &found))
			continue;
		/* Who closed it had it; whoever listens where it was does not. */
		if (!found.pid)
			o->end[i].state = found.state;
		else if (!o->end[i].pid || found.state != STATE_LISTEN)
			o->end[i] = found;
	}
}

/* Is there an end of this host that another snapshot may tell the owner of: the last one was too
 * early to have its socket, or has it without an owner? */
static bool missing(const struct owner_watch *w, const struct flow *f, const struct packet_owners *o)
{
	bool early = f->first_ns > w->seen_ns;

	if (!early && o->looks >= LOOKS)
		return false;
	for (unsigned i = 0; i < 2; i++) {
		const struct end_owner *own = &o->end[i];
		struct endpoint e;

		if (own->pid ? !early || own->state != STATE_LISTEN
			     : !early && (own->state == STATE_NONE || own->state == STATE_TIME_WAIT))
			continue;
		flow_endpoint(f, i, &e);
		if (is_local(w, &e))
			return true;
	}
	return false;
}

bool owner_watch_look(struct owner_watch *w, const struct packet *p)
{
	const struct flow *f;
	struct packet_owners *o;

	if (p->flow == FLOW_NONE)
		return false;
	o = source_owners(w->source, p->flow);
	if (!o)
		return false;
	f = &source_flows(w->source)->flows[p->flow];
	if (o->looked != w->generation) {
		look_up(w, f, o);
		if (f->first_ns <= w->seen_ns && o->looks < LOOKS)
			o->looks++;
	}
	o->looked = w->generation;
	if (!missing(w, f, o))
		return false;
	ask(w, LEAST_NS);
	return !w->given_up && (host_busy(w->host) || rest(w, LEAST_NS) < HOLD_NS);
}

void owner_watch_turn(struct owner_watch *w)
{
	adopt(w);
	ask(w, REFRESH_NS);
}

void owner_watch_hold(struct owner_watch *w, const struct packet *p, int stop)
{
	uint64_t until = clock_mono_ns() + (w->generation ? HOLD_NS : HOLD_FIRST_NS);

	while (source_backlog(w->source) < BACKLOG) {
		struct pollfd fds[2] = {
			{ .fd = host_fd(w->host), .events = POLLIN },
			{ .fd = stop, .events = POLLIN },
		};
		uint64_t wait = rest(w, LEAST_NS) / MS + 1;

		if (clock_mono_ns() >= until) {
			w->given_up = true;
			return;
		}
		if (host_busy(w->host) || wait > HOLD_STEP_MS)
			wait = HOLD_STEP_MS;
		if (poll(fds, 2, (int)wait) < 0 && errno != EINTR)
			return;
		adopt(w);
		if (fds[1].revents || !owner_watch_look(w, p))
			return;
	}
}
