/* owners.bpf.c - every descriptor that is a socket, of every process, in one pass inside the kernel: a task_file
 * iterator (Documentation/bpf/bpf_iterators). Ten times less work than reading /proc/PID/fd, and it needs no right to
 * look into the processes: CAP_BPF and CAP_PERFMON are enough.
 *
 * The kernel's structs are declared here with the members that are read; their offsets are put right when the program
 * is loaded (CO-RE), so one build fits every kernel with BTF.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define CORE __attribute__((preserve_access_index))

struct seq_file;
struct socket;

struct kuid {
	unsigned int val;
} CORE;

struct cred {
	struct kuid euid;
} CORE;

struct task_struct {
	int tgid;
	struct task_struct *group_leader;
	const struct cred *cred;
	char comm[16];
} CORE;

struct inode {
	unsigned long i_ino;
} CORE;

struct file {
	struct inode *f_inode;
} CORE;

struct bpf_iter_meta {
	struct seq_file *seq;
	unsigned long long session_id; /* of this reading */
} CORE;

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	unsigned int fd;
	struct file *file;
} CORE;

/* What is written, as src/kernel/owners_bpf.c reads it: for each descriptor a pair, and before the first of a process
 * its head, which begins with a pair that no descriptor has. */
struct pair {
	unsigned int inode, fd; /* inodes of sockets have 32 bits */
};

struct head {
	struct pair mark;
	unsigned int pid, uid;
	char process[16];
	struct pair first;
};

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Whose head was written last, in which reading. */
unsigned long long last_session;
int last_pid;

SEC("iter/task_file")
int owners(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct head h = { 0 };

	if (!file || !task || !bpf_sock_from_file(file))
		return 0;
	h.first.inode = (unsigned int)file->f_inode->i_ino;
	h.first.fd = ctx->fd;
	if (last_pid == task->tgid && last_session == ctx->meta->session_id) {
		bpf_seq_write(ctx->meta->seq, &h.first, sizeof h.first);
		return 0;
	}
	h.mark.inode = h.mark.fd = ~0u;
	h.pid = (unsigned int)task->tgid;
	h.uid = task->cred->euid.val;
	bpf_probe_read_kernel(h.process, sizeof h.process, task->group_leader->comm);
	if (bpf_seq_write(ctx->meta->seq, &h, sizeof h))
		return 0; /* there was no room: we are asked again */
	last_pid = task->tgid;
	last_session = ctx->meta->session_id;
	return 0;
}
