/* kernel.h - what the programs for task_file iterators (Documentation/bpf/bpf_iterators) have in common: the kernel's
 * structs with the members that are read, whose offsets are put right when a program is loaded (CO-RE), so that one
 * build fits every kernel with BTF; and what is written, as src/kernel/owners_bpf.c reads it.
 */
#ifndef BPF_KERNEL_H
#define BPF_KERNEL_H

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define CORE __attribute__((preserve_access_index))

struct net;
struct seq_file;
struct sock;

struct kuid {
	unsigned int val;
} CORE;

struct cred {
	struct kuid euid;
} CORE;

struct nsproxy {
	struct net *net_ns;
} CORE;

struct upid {
	int nr;
} CORE;

struct pid {
	unsigned int level;
	struct upid numbers[1]; /* of each namespace that it is in, the initial one first */
} CORE;

struct signal_struct {
	struct pid *pids[2];
} CORE;

struct task_struct {
	int tgid;
	struct pid *thread_pid;
	struct signal_struct *signal;
	struct task_struct *group_leader;
	const struct cred *cred;
	struct nsproxy *nsproxy;
	char comm[16];
} CORE;

struct inode {
	unsigned long i_ino;
} CORE;

struct file {
	struct inode *f_inode;
} CORE;

struct socket {
	struct sock *sk;
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

/* For each descriptor a pair, and before the first of a process its head, which begins with a pair that no descriptor
 * has. */
struct pair {
	unsigned int inode, fd; /* inodes of sockets have 32 bits */
};

struct head {
	struct pair mark;
	unsigned int pid, uid;
	char process[16];
};

enum { OF_THREAD_GROUP = 1 }; /* PIDTYPE_TGID */

/* As who reads sees it: the iterator walks the processes of their namespace. */
static inline unsigned int pid_of(const struct task_struct *task)
{
	const struct pid *pid = BPF_CORE_READ(task, signal, pids[OF_THREAD_GROUP]);
	unsigned int level = BPF_CORE_READ(bpf_get_current_task_btf(), thread_pid, level);
	const char *number = __builtin_preserve_access_index((const char *)&pid->numbers[0].nr);
	int nr = 0;

	bpf_probe_read_kernel(&nr, sizeof nr, number + level * bpf_core_type_size(struct upid));
	return (unsigned int)nr;
}

static inline void fill_head(struct head *h, const struct task_struct *task)
{
	h->mark.inode = h->mark.fd = ~0u;
	h->pid = pid_of(task);
	h->uid = BPF_CORE_READ(task, cred, euid.val);
	BPF_CORE_READ_INTO(&h->process, task, group_leader, comm);
}

#endif
