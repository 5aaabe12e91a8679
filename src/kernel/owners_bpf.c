/* The owners by a BPF iterator: see assets/bpf/owners.bpf.c. Built where clang, bpftool and libbpf's headers are there;
 * used where the kernel allows it. Every refusal is silent: /proc is read then. The skeleton is a light one: the kernel
 * itself does the relocations, nothing of libbpf is linked.
 */
#include "owners.h"

#include <errno.h>

#ifdef HAVE_BPF_OWNERS

#include <linux/bpf.h>
#include <owners.skel.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct pair { /* these two as in owners.bpf.c */
	uint32_t inode, fd;
};

struct head { /* of a process; the pair of its first descriptor follows */
	struct pair mark;
	uint32_t pid, uid;
	char process[16];
};

static int iterate(int link)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof attr);
	attr.iter_create.link_fd = (uint32_t)link;
	return (int)syscall(SYS_bpf, BPF_ITER_CREATE, &attr, sizeof attr);
}

/* A link that walks the descriptors of one process only. */
static int link_process(int program, uint32_t pid)
{
	union bpf_iter_link_info which;
	union bpf_attr attr;

	memset(&which, 0, sizeof which);
	which.task.pid = pid;
	memset(&attr, 0, sizeof attr);
	attr.link_create.prog_fd = (uint32_t)program;
	attr.link_create.attach_type = BPF_TRACE_ITER;
	attr.link_create.iter_info = (uint64_t)(uintptr_t)&which;
	attr.link_create.iter_info_len = sizeof which;
	return (int)syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof attr);
}

/* Takes what is whole of these bytes, and says how many that were. The descriptors come process by process. */
static size_t take(struct owner_map *m, struct holder **last, const char *bytes, size_t len)
{
	size_t at = 0;

	while (len - at >= sizeof(struct pair)) {
		struct pair p;
		struct head h;

		memcpy(&p, bytes + at, sizeof p);
		if (p.inode == UINT32_MAX && p.fd == UINT32_MAX) {
			if (len - at < sizeof h)
				break;
			memcpy(&h, bytes + at, sizeof h);
			at += sizeof h;
			*last = owners_begin(m, h.pid);
			(*last)->uid = h.uid;
			memcpy((*last)->name, h.process, sizeof h.process);
			(*last)->name[sizeof h.process - 1] = '\0';
			continue;
		}
		if (*last)
			owners_hold(m, *last, p.inode, (int32_t)p.fd);
		at += sizeof p;
	}
	return at;
}

static int read_all(struct owner_map *m, int iterator)
{
	char bytes[1 << 15];
	struct holder *h = NULL;
	size_t have = 0;

	for (;;) {
		ssize_t got = read(iterator, bytes + have, sizeof bytes - have);
		size_t taken;

		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			return 0;
		have += (size_t)got;
		taken = take(m, &h, bytes, have);
		have -= taken;
		memmove(bytes, bytes + taken, have);
	}
}

static bool load(struct owner_map *m)
{
	if (m->bpf || m->bpf_refused)
		return m->bpf != NULL;
	m->bpf = owners__open_and_load();
	if (m->bpf && owners__attach(m->bpf)) {
		owners__destroy(m->bpf);
		m->bpf = NULL;
	}
	m->bpf_refused = !m->bpf;
	return m->bpf != NULL;
}

int owners_bpf_scan(struct owner_map *m, uint32_t pid)
{
	const struct owners *program;
	int link, iterator, rc;

	if (!load(m))
		return -EPERM;
	program = m->bpf;
	link = pid ? link_process(program->progs.owners.prog_fd, pid) : program->links.owners_fd;
	if (link < 0)
		return -errno;
	if (pid)
		owners_begin(m, pid); /* it may have none left */
	iterator = iterate(link);
	rc = iterator < 0 ? -errno : read_all(m, iterator);
	if (iterator >= 0)
		close(iterator);
	if (pid)
		close(link);
	return rc;
}

void owners_bpf_done(struct owner_map *m)
{
	if (m->bpf)
		owners__destroy(m->bpf);
	m->bpf = NULL;
}

#else

int owners_bpf_scan(struct owner_map *m, uint32_t pid)
{
	(void)pid;
	m->bpf_refused = true;
	return -ENOSYS;
}

void owners_bpf_done(struct owner_map *m)
{
	(void)m;
}

#endif
