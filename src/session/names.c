#include "session/names.h"

#include "util/hash.h"
#include "util/mem.h"

#include <dirent.h>
#include <net/if.h>
#include <pwd.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { USERS = 1024 /* a power of two */, USERS_MOST = USERS / 2, CACHE = 256, NAME = 64, PASSWD_BYTES = 16384 };

/* Filled once, then `there` is set: who reads needs no lock. */
struct user {
	atomic_bool there;
	uint32_t uid;
	char name[NAME]; /* empty: the user has none */
};

struct cached {
	bool used;
	uint64_t number;
	char name[NAME];
};

struct names {
	enum names_mode mode;
	struct sock_names table;
	struct user users[USERS];
	size_t user_count; /* of the thread that learns */
	struct cached interfaces[CACHE], spaces[CACHE];
	uint64_t netns; /* inode of ours, 0: not known */
};

/* --- users --- */

/* Its slot, or the free one where it would be. */
static struct user *user_slot(struct names *n, uint32_t uid)
{
	size_t at = hash_mix(uid) & (USERS - 1);

	while (atomic_load_explicit(&n->users[at].there, memory_order_acquire) && n->users[at].uid != uid)
		at = (at + 1) & (USERS - 1);
	return &n->users[at];
}

void names_learn_user(struct names *n, uint32_t uid)
{
	struct user *u = user_slot(n, uid);
	char *room;
	struct passwd entry, *found = NULL;

	if (atomic_load_explicit(&u->there, memory_order_relaxed) || n->user_count == USERS_MOST)
		return;
	room = mem_alloc(PASSWD_BYTES);
	if (getpwuid_r(uid, &entry, room, PASSWD_BYTES, &found))
		found = NULL;
	u->uid = uid;
	snprintf(u->name, sizeof u->name, "%s", found ? found->pw_name : "");
	free(room);
	n->user_count++;
	atomic_store_explicit(&u->there, true, memory_order_release);
}

void names_learn(struct names *n, const struct snapshot *s)
{
	uint64_t last = UINT64_MAX; /* most are the same as the one before */

	for (size_t i = 0; i < s->count; i++)
		if ((s->records[i].known & SOCK_HAS_UID) && s->records[i].uid != last) {
			last = s->records[i].uid;
			names_learn_user(n, s->records[i].uid);
		}
	for (size_t i = 0; i < s->owner_count; i++)
		if (s->owners[i].uid != last) {
			last = s->owners[i].uid;
			names_learn_user(n, s->owners[i].uid);
		}
}

static const char *user_name(void *ctx, uint32_t uid)
{
	struct names *n = ctx;
	const struct user *u;

	if (n->mode == NAMES_ASK)
		names_learn_user(n, uid);
	u = user_slot(n, uid);
	return atomic_load_explicit(&u->there, memory_order_acquire) && u->name[0] ? u->name : NULL;
}

/* --- interfaces and namespaces --- */

static struct cached *slot(struct cached *cache, uint64_t number, bool *fresh)
{
	struct cached *c = &cache[number % CACHE];

	*fresh = !c->used || c->number != number;
	c->used = true;
	c->number = number;
	if (*fresh)
		c->name[0] = '\0';
	return c;
}

/* Those of other network namespaces cannot be asked for from here. */
static const char *interface_name(void *ctx, uint64_t netns, uint32_t index)
{
	struct names *n = ctx;
	char name[IF_NAMESIZE];
	struct cached *c;
	bool fresh;

	if (netns && netns != n->netns)
		return NULL;
	c = slot(n->interfaces, index, &fresh);
	if (fresh && if_indextoname(index, name))
		snprintf(c->name, sizeof c->name, "%s", name);
	return c->name[0] ? c->name : NULL;
}

/* As `ip netns` names them: files in /run/netns. */
static const char *netns_name(void *ctx, uint64_t inode)
{
	struct names *n = ctx;
	bool fresh;
	struct cached *c = slot(n->spaces, inode, &fresh);
	DIR *dir = fresh ? opendir("/run/netns") : NULL;
	struct dirent *entry;
	struct stat st;

	while (dir && !c->name[0] && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && !fstatat(dirfd(dir), entry->d_name, &st, 0) && st.st_ino == inode)
			snprintf(c->name, sizeof c->name, "%.*s", NAME - 1, entry->d_name);
	if (dir)
		closedir(dir);
	return c->name[0] ? c->name : NULL;
}

/* --- life --- */

struct names *names_new(enum names_mode mode)
{
	struct names *n = mem_alloc(sizeof *n);
	struct stat st;

	n->mode = mode;
	n->table = (struct sock_names){ .ctx = n, .user = user_name, .interface = interface_name, .netns = netns_name };
	if (!stat("/proc/self/ns/net", &st))
		n->netns = st.st_ino;
	return n;
}

void names_free(struct names *n)
{
	free(n);
}

const struct sock_names *names_table(const struct names *n)
{
	return &n->table;
}
