/* How it is known that none is missing: the kernel counts the TCP sockets that are in its tables (`inuse` of
 * /proc/net/sockstat). If as many were found, and none was opened meanwhile, none can have been missed, such as those
 * that wait for accept(2), that the kernel has made for itself, or that are under way in an SCM_RIGHTS message. What
 * has no socket any more or none yet (TIME-WAIT, orphans, SYN-RECEIVED) is asked of sock_diag, which costs little: it
 * passes over all others. So are those that are only bound, which some kernels do not tell of.
 *
 * Where sockets come and go all the time, the pass would be for nothing: the number of those that have come and gone
 * since the start of the system tells. One that is only bound and under way between two processes is not seen.
 */
#include "held_tcp.h"

#include "inside.h"
#include "netns.h"
#include "owners.h"
#include "core/snapshot.h"
#include "util/hash.h"
#include "util/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* --- what the kernel counts --- */

enum { SOCKSTAT, SOCKSTAT6, SNMP, TABLES };

struct counts {
	unsigned long long in_use, time_waits, opens; /* opens: so far, by connect(2) and accept(2) */
};

static const char *const paths[TABLES] = {
	[SOCKSTAT] = "/proc/thread-self/net/sockstat",
	[SOCKSTAT6] = "/proc/thread-self/net/sockstat6",
	[SNMP] = "/proc/thread-self/net/snmp",
};

static void close_tables(const int tables[TABLES])
{
	for (int i = 0; i < TABLES; i++)
		if (tables[i] >= 0)
			close(tables[i]);
}

/* The last line that begins with `head`, after that: snmp has a line of names before that of numbers. */
static const char *line_of(int table, const char *head, char *text, size_t size)
{
	ssize_t len = table >= 0 ? pread(table, text, size - 1, 0) : -1;
	const char *found = NULL;

	text[len > 0 ? len : 0] = '\0';
	for (const char *at = text; (at = strstr(at, head)); at++)
		if (at == text || at[-1] == '\n')
			found = at + strlen(head);
	return found;
}

static bool read_counts(const int tables[TABLES], struct counts *out)
{
	unsigned long long in_use6 = 0, active, passive;
	char text[8192];
	const char *line = line_of(tables[SOCKSTAT], "TCP: ", text, sizeof text);

	if (!line || sscanf(line, "inuse %llu orphan %*u tw %llu", &out->in_use, &out->time_waits) != 2)
		return false;
	line = line_of(tables[SOCKSTAT6], "TCP6: ", text, sizeof text); /* no such file: no IPv6 */
	if (tables[SOCKSTAT6] >= 0 && (!line || sscanf(line, "inuse %llu", &in_use6) != 1))
		return false;
	out->in_use += in_use6;
	line = line_of(tables[SNMP], "Tcp: ", text, sizeof text);
	if (!line || sscanf(line, "%*s %*s %*s %*s %llu %llu", &active, &passive) != 2)
		return false;
	out->opens = active + passive;
	return true;
}

/* Are there so many sockets of any kind? The first table tells: most often that is the end of it. */
static bool open_tables(int tables[TABLES], unsigned least)
{
	unsigned long long used;
	char text[8192];
	const char *line;

	for (int i = 0; i < TABLES; i++)
		tables[i] = -1;
	tables[SOCKSTAT] = open(paths[SOCKSTAT], O_RDONLY | O_CLOEXEC);
	line = line_of(tables[SOCKSTAT], "sockets: used ", text, sizeof text);
	if (!line || sscanf(line, "%llu", &used) != 1 || used < least)
		return false;
	for (int i = SOCKSTAT + 1; i < TABLES; i++)
		tables[i] = open(paths[i], O_RDONLY | O_CLOEXEC);
	return true;
}

/* Is one opened in more than one of ten passes, as it went so far? */
static bool is_busy(const struct counts *c)
{
	enum { PER_SECOND = 1500000, ONE_IN = 10 }; /* sockets that a pass takes in, about */
	unsigned long long gone = c->opens > c->in_use ? c->opens - c->in_use : 0;
	struct timespec up;

	clock_gettime(CLOCK_BOOTTIME, &up);
	return gone * ONE_IN * c->in_use / PER_SECOND > (unsigned long long)up.tv_sec;
}

/* --- what is found --- */

struct search {
	struct snapshot *snap;
	uint64_t netns;
	uint32_t *inodes; /* of those that were found: a hash table */
	size_t mask;
	unsigned long long found;    /* different sockets that are in the kernel's tables */
	unsigned long long waiting;  /* connections that wait for accept(2) */
	unsigned long long requests; /* those that are not established yet */
	bool bound;                  /* one that is only bound */
};

static void put(struct search *s, uint32_t inode)
{
	size_t at = hash_near(inode) & s->mask;

	while (s->inodes[at])
		at = (at + 1) & s->mask;
	s->inodes[at] = inode;
}

/* To twice as many places as sockets are expected. */
static void make_room(struct search *s, unsigned long long sockets)
{
	uint32_t *old = s->inodes;
	size_t slots = 1024, had = old ? s->mask + 1 : 0;

	while (slots < 2 * sockets)
		slots *= 2;
	s->inodes = mem_array(slots, sizeof *s->inodes);
	s->mask = slots - 1;
	for (size_t i = 0; i < had; i++)
		if (old[i])
			put(s, old[i]);
	free(old);
}

/* Several descriptors may be one socket. */
static bool is_new(struct search *s, uint32_t inode)
{
	if (2 * s->found > s->mask)
		make_room(s, 2 * s->found);
	for (size_t at = hash_near(inode) & s->mask; s->inodes[at]; at = (at + 1) & s->mask)
		if (s->inodes[at] == inode)
			return false;
	put(s, inode);
	return true;
}

static void held(void *ctx, const struct inet_diag_msg *m, uint32_t requests)
{
	struct search *s = ctx;
	struct sock k;

	if (m->idiag_state == states[STATE_CLOSED].kernel) {
		s->bound |= m->id.idiag_sport != 0;
		return;
	}
	if (!is_new(s, m->idiag_inode))
		return;
	diag_take_tcp(m, &k);
	k.known &= ~(unsigned)(SOCK_HAS_COOKIE | SOCK_HAS_TIMER | SOCK_HAS_UID);
	snapshot_add(s->snap, &k, s->netns);
	s->found++;
	if (k.state == STATE_LISTEN) {
		s->waiting += k.recv_q;
		s->requests += requests;
	}
}

/* Of those that a process has, only the bound ones are not here yet. */
static void unheld(void *ctx, const struct sock *k)
{
	struct search *s = ctx;

	if (k->inode && k->state != STATE_CLOSED)
		return;
	snapshot_add(s->snap, k, s->netns);
	s->found += k->state != STATE_CLOSED && k->state != STATE_SYN_RECEIVED && k->state != STATE_TIME_WAIT &&
		    k->timer != TIMER_TIME_WAIT; /* a FIN-WAIT-2 may be one */
}

static int find_unheld(struct search *s, struct diag *d)
{
	static const enum state ending[] = { STATE_FIN_WAIT_1, STATE_FIN_WAIT_2,   STATE_CLOSING,
					     STATE_LAST_ACK,   STATE_SYN_RECEIVED, STATE_TIME_WAIT };
	uint32_t wanted = 1u << 12; /* TCP_NEW_SYN_RECV */

	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
		wanted |= 1u << states[ending[i]].kernel;
	if (s->bound)
		wanted |= 1u << 13; /* TCP_BOUND_INACTIVE, Linux 6.8 */
	return diag_dump_inet(d, IPPROTO_TCP, 0, wanted, false, unheld, s);
}

/* Before and after: the same sockets. */
static bool is_still(const int tables[TABLES], const struct counts *before)
{
	struct counts after;

	return read_counts(tables, &after) && after.in_use == before->in_use && after.opens == before->opens;
}

static int search(struct search *s, struct owner_map *m, struct diag *d, const struct counts *before)
{
	int rc;

	make_room(s, before->in_use);
	snapshot_reserve(s->snap, before->in_use);
	rc = owners_tcp(m, held, s);
	if (rc)
		return rc;
	if (s->waiting)
		return -EAGAIN;
	if (s->bound || s->requests || before->time_waits || s->found < before->in_use)
		rc = find_unheld(s, d);
	return rc ? rc : s->found == before->in_use ? 0 : -EAGAIN;
}

int held_tcp(struct owner_map *m, struct diag *d, struct snapshot *snap, unsigned least)
{
	struct search s = { .snap = snap, .netns = netns_own() };
	size_t count = snap->count;
	struct counts before;
	int tables[TABLES], rc = -ENOENT;

	if (open_tables(tables, least) && read_counts(tables, &before) && before.in_use >= least && !is_busy(&before))
		rc = search(&s, m, d, &before);
	if (!rc && !is_still(tables, &before))
		rc = -EAGAIN;
	if (rc) {
		snap->count = count;
		m->fresh = false;
	}
	close_tables(tables);
	free(s.inodes);
	return rc;
}
