#include "session/listing.h"

#include "kernel/sampler.h"
#include "session/names.h"
#include "util/err.h"
#include "util/mem.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct listing {
	struct sampler *sampler;
	struct names *names;
	uint64_t *inherited; /* inodes of sockets that were open before: not our plumbing */
	size_t inherited_count;
	uint64_t *plumbing; /* those that came since */
	size_t plumbing_count;
	uint32_t pid; /* ours */
	bool looks_at_own;
};

/* --- our own sockets --- */

static int by_number(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

static bool among(const uint64_t *inodes, size_t count, uint64_t inode)
{
	return count && bsearch(&inode, inodes, count, sizeof inode, by_number);
}

/* The inodes of all sockets that this process has open, but for those in `but`; in order. */
static uint64_t *open_sockets(const uint64_t *but, size_t but_count, size_t *count)
{
	DIR *dir = opendir("/proc/self/fd");
	uint64_t *found = NULL;
	size_t capacity = 0;
	struct dirent *entry;
	struct stat st;

	*count = 0;
	while (dir && (entry = readdir(dir))) {
		if (fstatat(dirfd(dir), entry->d_name, &st, 0) || !S_ISSOCK(st.st_mode) ||
		    among(but, but_count, st.st_ino))
			continue;
		MEM_ROOM(found, *count, capacity);
		found[(*count)++] = st.st_ino;
	}
	if (dir)
		closedir(dir);
	if (*count)
		qsort(found, *count, sizeof *found, by_number);
	return found;
}

bool listing_is_plumbing(const struct listing *l, const struct snapshot *s, const struct record *r)
{
	size_t count;
	const struct owner *owners = record_owners(s, r, &count);

	if (!l->looks_at_own || !(r->known & SOCK_HAS_INODE) || !r->inode)
		return false;
	if (among(l->plumbing, l->plumbing_count, r->inode))
		return true;
	/* One that was closed again before we looked. */
	return count == 1 && owners->pid == l->pid && !among(l->inherited, l->inherited_count, r->inode);
}

const struct sock_names *listing_names(struct listing *l)
{
	return names_table(l->names);
}

/* --- the kernel --- */

/* Ours are netlink sockets, and such as libraries open (UNIX, UDP). */
static bool may_be_plumbing(unsigned kinds)
{
	return !kinds || kinds & ~(1u << KIND_TCP | 1u << KIND_MPTCP | 1u << KIND_SCTP);
}

int listing_new(unsigned kinds, struct listing **out, struct err *e)
{
	struct listing *l = mem_alloc(sizeof *l);
	int rc;

	l->looks_at_own = may_be_plumbing(kinds);
	if (l->looks_at_own)
		l->inherited = open_sockets(NULL, 0, &l->inherited_count);
	l->pid = (uint32_t)getpid();
	l->names = names_new(NAMES_ASK);
	rc = sampler_new(&l->sampler, e);
	if (rc) {
		listing_free(l);
		return rc;
	}
	*out = l;
	return 0;
}

void listing_free(struct listing *l)
{
	if (!l)
		return;
	sampler_free(l->sampler);
	names_free(l->names);
	free(l->inherited);
	free(l->plumbing);
	free(l);
}

static unsigned sample_kinds(unsigned kinds)
{
	static const enum sample_kind kind_of[KIND_COUNT] = {
		[KIND_TCP] = SAMPLE_TCP,     [KIND_UDP] = SAMPLE_UDP,         [KIND_RAW] = SAMPLE_RAW,
		[KIND_UNIX] = SAMPLE_UNIX,   [KIND_PACKET] = SAMPLE_PACKET,   [KIND_NETLINK] = SAMPLE_NETLINK,
		[KIND_MPTCP] = SAMPLE_MPTCP, [KIND_UDPLITE] = SAMPLE_UDPLITE, [KIND_SCTP] = SAMPLE_SCTP,
		[KIND_VSOCK] = SAMPLE_VSOCK,
	};
	unsigned wanted = 0;

	for (unsigned i = 0; i < KIND_COUNT; i++)
		if (kinds >> i & 1)
			wanted |= kind_of[i];
	return wanted;
}

int listing_take(struct listing *l, const struct listing_request *request, struct snapshot **out, struct err *e)
{
	const struct sample_request ask = {
		.kinds = sample_kinds(request->kinds),
		.states = request->states,
		.family = request->family,
		.owners = request->owners,
		.info = request->info,
		.plain = request->plain,
		.unsettled = request->unsettled,
		.no_peers = request->no_peers,
		.live = request->live,
		.netns = request->netns,
	};
	int rc = sampler_take(l->sampler, &ask, out, e);

	free(l->plumbing);
	l->plumbing = NULL;
	l->plumbing_count = 0;
	if (l->looks_at_own)
		l->plumbing = open_sockets(l->inherited, l->inherited_count, &l->plumbing_count);
	return rc;
}

int listing_destroy(struct listing *l, const struct snapshot *s, const struct record *r, struct err *e)
{
	return sampler_destroy(l->sampler, s, r, e);
}

int listing_watch(struct listing *l, struct err *e)
{
	return sampler_watch(l->sampler, e);
}

int listing_watch_fd(const struct listing *l)
{
	return sampler_watch_fd(l->sampler);
}

bool listing_closed(struct listing *l, struct sock *out)
{
	return sampler_watched(l->sampler, out) > 0;
}
