/* The sockets of a process by /proc: the links in /proc/PID/fd that say socket:[inode]. Needs the right to look into
 * the process (ptrace(2), PTRACE_MODE_READ_FSCREDS). */
#include "owners.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LISTING = 1 << 15 };

struct entry { /* struct linux_dirent64 of getdents64(2) */
	uint64_t inode;
	int64_t next;
	uint16_t size;
	uint8_t type;
	char name[];
};

/* A plain getdents64(2): readdir(3) allocates, and there are thousands of directories. */
static void each_number(int dir, void (*each)(void *ctx, const char *name, uint32_t number), void *ctx)
{
	_Alignas(struct entry) char bytes[LISTING];
	long got;

	if (lseek(dir, 0, SEEK_SET) < 0)
		return;
	while ((got = syscall(SYS_getdents64, dir, bytes, sizeof bytes)) > 0)
		for (long at = 0; at < got;) {
			const struct entry *e = (const struct entry *)(const void *)(bytes + at);

			at += e->size;
			if (e->name[0] >= '0' && e->name[0] <= '9')
				each(ctx, e->name, (uint32_t)strtoul(e->name, NULL, 10));
		}
}

struct listing {
	void (*each)(void *ctx, uint32_t pid);
	void *ctx;
};

static void list_one(void *ctx, const char *name, uint32_t pid)
{
	const struct listing *l = ctx;

	(void)name;
	l->each(l->ctx, pid);
}

void owners_proc_list(int proc, void (*each)(void *ctx, uint32_t pid), void *ctx)
{
	struct listing l = { each, ctx };

	each_number(proc, list_one, &l);
}

static int open_below(int dir, uint32_t pid, const char *name, int flags)
{
	char path[32];

	snprintf(path, sizeof path, "%u/%s", (unsigned)pid, name);
	return openat(dir, path, flags | O_CLOEXEC);
}

uint32_t owners_proc_descriptors(int proc, uint32_t pid)
{
	struct stat st;
	char path[32];

	snprintf(path, sizeof path, "%u/fd", (unsigned)pid);
	if (fstatat(proc, path, &st, 0) || st.st_size <= 0) /* 0: a kernel before 6.2, or none open */
		return UINT32_MAX;
	return (uint32_t)st.st_size;
}

/* A link that takes the same right as those of its descriptors. */
bool owners_proc_closed(int proc, uint32_t pid)
{
	char path[32], link[64];

	snprintf(path, sizeof path, "%u/ns/net", (unsigned)pid);
	return readlinkat(proc, path, link, sizeof link) < 0 && (errno == EACCES || errno == EPERM);
}

/* The name as the kernel has it: any bytes but a newline at its end. */
static void read_name(int proc, struct holder *h)
{
	int fd = open_below(proc, h->pid, "comm", O_RDONLY);
	char text[64];
	ssize_t len = fd >= 0 ? read(fd, text, sizeof text) : -1;
	struct stat st;

	memset(h->name, 0, sizeof h->name);
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len >= (ssize_t)sizeof h->name)
		len = sizeof h->name - 1;
	if (len > 0)
		memcpy(h->name, text, (size_t)len);
	if (fd >= 0 && !fstat(fd, &st))
		h->uid = st.st_uid;
	if (fd >= 0)
		close(fd);
}

struct scan {
	struct owner_map *map;
	struct holder *holder;
	int dir;
};

static void look(void *ctx, const char *name, uint32_t fd)
{
	static const char prefix[] = "socket:[";
	struct scan *s = ctx;
	char link[64];
	ssize_t len = readlinkat(s->dir, name, link, sizeof link - 1);

	if (len < 0)
		s->holder->hidden |= errno == EACCES || errno == EPERM;
	if (len <= (ssize_t)sizeof prefix || memcmp(link, prefix, sizeof prefix - 1))
		return;
	link[len] = '\0';
	owners_hold(s->map, s->holder, strtoull(link + sizeof prefix - 1, NULL, 10), (int32_t)fd);
}

void owners_proc_scan(struct owner_map *m, int proc, uint32_t pid)
{
	struct scan s = { .map = m, .dir = open_below(proc, pid, "fd", O_RDONLY | O_DIRECTORY) };

	if (s.dir < 0 && errno != EACCES && errno != EPERM)
		return; /* it has ended */
	s.holder = owners_begin(m, pid);
	if (s.dir < 0) {
		s.holder->hidden = true;
		return;
	}
	each_number(s.dir, look, &s);
	close(s.dir);
	if (s.holder->count)
		read_name(proc, s.holder);
}
