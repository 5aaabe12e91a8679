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

struct owner_record { /* as struct record of owners.bpf.c */
	uint64_t inode;
	uint32_t pid, fd, uid, unused;
	char process[16];
};

static int open_iterator(int link)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof attr);
	attr.iter_create.link_fd = (uint32_t)link;
	return (int)syscall(SYS_bpf, BPF_ITER_CREATE, &attr, sizeof attr);
}

static int read_all(struct owner_map *m, int iterator)
{
	enum { AT_ONCE = 1024 };
	struct owner_record records[AT_ONCE];
	size_t have = 0;

	for (;;) {
		ssize_t got = read(iterator, (char *)records + have, sizeof records - have);
		size_t whole;

		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			return 0;
		have += (size_t)got;
		whole = have / sizeof *records;
		for (size_t i = 0; i < whole; i++) {
			const struct owner_record *r = &records[i];
			struct owner o = { .pid = r->pid, .fd = (int32_t)r->fd, .uid = r->uid };

			memcpy(o.process, r->process, sizeof o.process);
			o.process[sizeof o.process - 1] = '\0';
			owners_add(m, r->inode, &o);
		}
		have -= whole * sizeof *records;
		memmove(records, records + whole, have);
	}
}

int owners_bpf_scan(struct owner_map *m)
{
	int iterator, rc;

	if (m->bpf_refused)
		return -EPERM;
	if (!m->bpf) {
		m->bpf = owners__open_and_load();
		if (m->bpf && owners__attach(m->bpf)) {
			owners__destroy(m->bpf);
			m->bpf = NULL;
		}
		m->bpf_refused = !m->bpf;
	}
	if (!m->bpf)
		return -EPERM;
	iterator = open_iterator(((struct owners *)m->bpf)->links.owners_fd);
	if (iterator < 0)
		return -errno;
	rc = read_all(m, iterator);
	close(iterator);
	return rc;
}

void owners_bpf_done(struct owner_map *m)
{
	if (m->bpf)
		owners__destroy(m->bpf);
	m->bpf = NULL;
}

#else

int owners_bpf_scan(struct owner_map *m)
{
	m->bpf_refused = true;
	return -ENOSYS;
}

void owners_bpf_done(struct owner_map *m)
{
	(void)m;
}

#endif
