/* The owners by BPF iterators: see assets/bpf. Built where clang, bpftool and libbpf's headers are there;
 * used where the kernel allows it. Every refusal is silent: /proc is read then. The skeleton is a light one: the kernel
 * itself does the relocations, nothing of libbpf is linked.
 */
#include "owners.h"

#include <errno.h>

#ifdef HAVE_BPF_OWNERS

#include <arpa/inet.h>
#include <linux/bpf.h>
#include <linux/inet_diag.h>
#include <owners.skel.h>
#include <string.h>
#include <sys/syscall.h>
#include <tcp.skel.h>
#include <unistd.h>

struct pair { /* these two as in kernel.h */
	uint32_t inode, fd;
};

struct head { /* of a process; the pairs of its descriptors follow */
	struct pair mark;
	uint32_t pid, uid;
	char process[16];
};

/* These two as in tcp.bpf.c. */
#define HAS_TCP (UINT32_C(1) << 31)

struct held_tcp {
	struct pair pair;
	uint8_t state, family;
	uint16_t port, remote_port, unused;
	uint32_t interface, recv_q, send_q, requests;
	uint32_t ips[8];
};

struct reading {
	struct owner_map *map;
	struct holder *last;
	owners_tcp_each each; /* NULL: the program does not tell of TCP */
	void *ctx;
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

/* Each takes what begins at `bytes`, and says how many bytes that were: 0, it is not all there. */

static size_t take_head(struct reading *r, const char *bytes, size_t len)
{
	struct head h;

	if (len < sizeof h)
		return 0;
	memcpy(&h, bytes, sizeof h);
	r->last = owners_begin(r->map, h.pid);
	r->last->uid = h.uid;
	memcpy(r->last->name, h.process, sizeof h.process);
	r->last->name[sizeof h.process - 1] = '\0';
	return sizeof h;
}

static size_t take_tcp(struct reading *r, const char *bytes, size_t len)
{
	struct inet_diag_msg m = { 0 };
	struct held_tcp t = { 0 };
	size_t size = offsetof(struct held_tcp, ips[2]), ip;

	if (len < size)
		return 0;
	memcpy(&t, bytes, size);
	if (t.family == AF_INET6) {
		size = sizeof t;
		if (len < size)
			return 0;
		memcpy(&t, bytes, size);
	}
	ip = t.family == AF_INET6 ? 16 : 4;
	m.idiag_family = t.family;
	m.idiag_state = t.state;
	m.id.idiag_sport = htons(t.port);
	m.id.idiag_dport = t.remote_port;
	memcpy(m.id.idiag_src, t.ips, ip);
	memcpy(m.id.idiag_dst, (char *)t.ips + ip, ip);
	m.id.idiag_if = t.interface;
	m.idiag_rqueue = t.recv_q;
	m.idiag_wqueue = t.send_q;
	m.idiag_inode = t.pair.inode;
	if (r->each)
		r->each(r->ctx, &m, t.requests);
	return size;
}

static size_t take_one(struct reading *r, const char *bytes, size_t len)
{
	size_t size = sizeof(struct pair);
	struct pair p;

	if (len < size)
		return 0;
	memcpy(&p, bytes, size);
	if (p.inode == UINT32_MAX && p.fd == UINT32_MAX)
		return take_head(r, bytes, len);
	if (p.fd & HAS_TCP)
		size = take_tcp(r, bytes, len);
	if (size && r->last)
		owners_hold(r->map, r->last, p.inode, (int32_t)(p.fd & ~HAS_TCP));
	return size;
}

/* The descriptors come process by process. */
static int read_all(struct reading *r, int iterator)
{
	char bytes[1 << 15];
	size_t have = 0;

	for (;;) {
		ssize_t got = read(iterator, bytes + have, sizeof bytes - have);
		size_t at = 0, size;

		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0)
			return got ? -errno : 0;
		have += (size_t)got;
		while ((size = take_one(r, bytes + at, have - at)))
			at += size;
		have -= at;
		memmove(bytes, bytes + at, have);
	}
}

static int run(struct reading *r, int link)
{
	int iterator = iterate(link), rc;

	if (iterator < 0)
		return -errno;
	rc = read_all(r, iterator);
	close(iterator);
	return rc;
}

bool owners_bpf_load(struct owner_map *m)
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
	struct reading r = { .map = m };
	const struct owners *program;
	int link, rc;

	if (!owners_bpf_load(m))
		return -EPERM;
	program = m->bpf;
	link = pid ? link_process(program->progs.owners.prog_fd, pid) : program->links.owners_fd;
	if (link < 0)
		return -errno;
	if (pid)
		owners_begin(m, pid); /* it may have none left */
	rc = run(&r, link);
	if (pid)
		close(link);
	return rc;
}

int owners_bpf_tcp(struct owner_map *m, owners_tcp_each each, void *ctx)
{
	struct reading r = { .map = m, .each = each, .ctx = ctx };
	struct tcp *program = tcp__open_and_load();
	int rc = -EPERM;

	if (program && !tcp__attach(program))
		rc = run(&r, program->links.tcp_fd);
	tcp__destroy(program);
	return rc;
}

void owners_bpf_done(struct owner_map *m)
{
	if (m->bpf)
		owners__destroy(m->bpf);
	m->bpf = NULL;
}

#else

bool owners_bpf_load(struct owner_map *m)
{
	m->bpf_refused = true;
	return false;
}

int owners_bpf_scan(struct owner_map *m, uint32_t pid)
{
	(void)m;
	(void)pid;
	return -ENOSYS;
}

int owners_bpf_tcp(struct owner_map *m, owners_tcp_each each, void *ctx)
{
	(void)m;
	(void)each;
	(void)ctx;
	return -ENOSYS;
}

void owners_bpf_done(struct owner_map *m)
{
	(void)m;
}

#endif
