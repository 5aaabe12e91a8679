#include "owners.h"

#include "util/hash.h"
#include "util/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static uint32_t *slot_of(const struct owner_map *m, uint64_t inode)
{
	size_t at = hash_mix(inode) & (m->slot_count - 1);

	while (m->slots[at] && m->entries[m->slots[at] - 1].inode != inode)
		at = (at + 1) & (m->slot_count - 1);
	return &m->slots[at];
}

static void grow(struct owner_map *m)
{
	if (m->slot_count > 2 * m->count)
		return;
	m->slot_count = m->slot_count ? 2 * m->slot_count : 4096;
	free(m->slots);
	m->slots = mem_array(m->slot_count, sizeof *m->slots);
	for (size_t i = 0; i < m->count; i++) {
		uint32_t *slot = slot_of(m, m->entries[i].inode);

		m->entries[i].next = *slot;
		*slot = (uint32_t)i + 1;
	}
}

void owners_add(struct owner_map *m, uint64_t inode, const struct owner *o)
{
	uint32_t *slot;

	grow(m);
	MEM_ROOM(m->entries, m->count, m->capacity);
	slot = slot_of(m, inode);
	m->entries[m->count] = (struct owner_entry){ .inode = inode, .next = *slot, .owner = *o };
	*slot = (uint32_t)++m->count;
}

uint32_t owners_find(const struct owner_map *m, uint64_t inode)
{
	return m->slot_count ? *slot_of(m, inode) : 0;
}

void owners_done(struct owner_map *m)
{
	owners_bpf_done(m);
	free(m->entries);
	free(m->slots);
	memset(m, 0, sizeof *m);
}

/* The name as the kernel has it: any bytes but a newline at its end. */
static void read_name(int pid_fd, char name[16])
{
	int fd = openat(pid_fd, "comm", O_RDONLY | O_CLOEXEC);
	char text[64];
	ssize_t len = fd >= 0 ? read(fd, text, sizeof text) : -1;

	if (fd >= 0)
		close(fd);
	memset(name, 0, 16);
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len > 15)
		len = 15;
	if (len > 0)
		memcpy(name, text, (size_t)len);
}

static bool socket_inode(int dir, const char *name, uint64_t *inode)
{
	static const char prefix[] = "socket:[";
	char link[64], *end;
	ssize_t len = readlinkat(dir, name, link, sizeof link - 1);

	if (len <= (ssize_t)sizeof prefix || memcmp(link, prefix, sizeof prefix - 1))
		return false;
	link[len] = '\0';
	*inode = strtoull(link + sizeof prefix - 1, &end, 10);
	return *end == ']';
}

static void scan_process(struct owner_map *m, int proc, const char *pid)
{
	struct owner o = { .pid = (uint32_t)strtoul(pid, NULL, 10) };
	int pid_fd = openat(proc, pid, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool named = false, refused = false;
	struct dirent *d;
	struct stat st;
	DIR *dir;
	int fd;

	if (pid_fd < 0)
		return; /* it has ended */
	fd = openat(pid_fd, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (!dir) {
		m->hidden += errno == EACCES || errno == EPERM;
		if (fd >= 0)
			close(fd);
		close(pid_fd);
		return;
	}
	while ((d = readdir(dir))) {
		uint64_t inode;

		if (d->d_name[0] == '.')
			continue;
		errno = 0;
		if (!socket_inode(dirfd(dir), d->d_name, &inode)) {
			refused |= errno == EACCES || errno == EPERM;
			continue;
		}
		if (!named) {
			read_name(pid_fd, o.process);
			if (!fstat(pid_fd, &st))
				o.uid = st.st_uid;
			named = true;
		}
		o.fd = (int32_t)strtol(d->d_name, NULL, 10);
		owners_add(m, inode, &o);
	}
	m->hidden += refused;
	closedir(dir);
	close(pid_fd);
}

/* In a pid namespace of our own, pid 1's is not the initial one. */
static bool in_nested_namespace(void)
{
	const ino_t initial = 0xeffffffc; /* include/linux/proc_ns.h: PROC_PID_INIT_INO */
	struct stat st;

	return !stat("/proc/self/ns/pid", &st) && st.st_ino != initial;
}

static void forget(struct owner_map *m)
{
	m->count = 0;
	m->hidden = 0;
	if (m->slot_count)
		memset(m->slots, 0, m->slot_count * sizeof *m->slots);
}

void owners_scan(struct owner_map *m)
{
	struct dirent *d;
	DIR *proc;

	m->nested = in_nested_namespace();
	forget(m);
	/* Process numbers of the iterator are those of the initial pid namespace. */
	if (!m->nested && !owners_bpf_scan(m))
		return;
	forget(m);
	proc = opendir("/proc");
	while (proc && (d = readdir(proc)))
		if (d->d_name[0] >= '1' && d->d_name[0] <= '9')
			scan_process(m, dirfd(proc), d->d_name);
	if (proc)
		closedir(proc);
}
