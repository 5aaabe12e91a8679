/* tcp.bpf.c - as owners.bpf.c, and of each TCP socket in our own network namespace what a list shows of it: ends,
 * state, queues. Half the work of having sock_diag tell of all sockets and then asking for their owners: the kernel
 * goes from a descriptor to its socket once, and the rest of it lies near.
 *
 * What sock_diag would say, and nothing else: inet_diag_msg_common_fill() and tcp_diag_get_info() of the kernel.
 */
#include "kernel.h"

enum { INET = 2, INET6 = 10, STREAM = 1, TCP = 6, LISTEN = 10 };

struct in6_addr {
	union {
		unsigned int u6_addr32[4];
	} in6_u;
} CORE;

struct sock_common {
	unsigned int skc_daddr, skc_rcv_saddr;
	unsigned short skc_dport, skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	int skc_bound_dev_if;
	struct {
		struct net *net;
	} skc_net;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
} CORE;

struct sock {
	struct sock_common __sk_common;
	unsigned short sk_type, sk_protocol;
	unsigned int sk_ack_backlog, sk_max_ack_backlog;
} CORE;

struct request_sock_queue {
	struct {
		int counter;
	} qlen;
} CORE;

struct inet_connection_sock {
	struct request_sock_queue icsk_accept_queue;
} CORE;

struct tcp_sock {
	struct inet_connection_sock inet_conn;
	unsigned int rcv_nxt, copied_seq, write_seq, snd_una;
} CORE;

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* A descriptor's pair with HAS_TCP in `fd`, and what follows it: of IPv4 the first two words of `ips` only. As in
 * src/kernel/owners_bpf.c. */
enum { HAS_TCP = 1u << 31 };

struct held {
	struct pair pair;
	unsigned char state, family;
	unsigned short port, remote_port; /* of this host's byte order; of the network's */
	unsigned short unused;
	unsigned int interface, recv_q, send_q;
	unsigned int requests; /* of a listener: connections that are not established yet */
	unsigned int ips[8];   /* local, remote */
};

/* Whose head was written last, in which reading, and the namespace of who reads. */
unsigned long long last_session;
struct net *our_net;
int last_pid;

static inline int is_wanted(const struct sock *sk)
{
	const struct sock_common *c = &sk->__sk_common;

	return sk->sk_protocol == TCP && sk->sk_type == STREAM && (c->skc_family == INET || c->skc_family == INET6) &&
	       c->skc_net.net == our_net;
}

static inline void fill_queues(struct held *h, const struct sock *sk, const struct tcp_sock *tcp)
{
	int waiting = (int)(tcp->rcv_nxt - tcp->copied_seq);

	if (h->state == LISTEN) {
		h->recv_q = sk->sk_ack_backlog;
		h->send_q = sk->sk_max_ack_backlog;
		h->requests = (unsigned int)tcp->inet_conn.icsk_accept_queue.qlen.counter;
	} else {
		h->recv_q = waiting > 0 ? (unsigned int)waiting : 0;
		h->send_q = tcp->write_seq - tcp->snd_una;
	}
}

/* Returns how many bytes of `h` are filled. */
static inline unsigned int fill(struct held *h, const struct sock *sk, const struct tcp_sock *tcp)
{
	const struct sock_common *c = &sk->__sk_common;

	h->pair.fd |= HAS_TCP;
	h->state = c->skc_state;
	h->family = (unsigned char)c->skc_family;
	h->port = c->skc_num;
	h->remote_port = c->skc_dport;
	h->interface = (unsigned int)c->skc_bound_dev_if;
	fill_queues(h, sk, tcp);
	if (h->family == INET) {
		h->ips[0] = c->skc_rcv_saddr;
		h->ips[1] = c->skc_daddr;
		return __builtin_offsetof(struct held, ips[2]);
	}
	for (int i = 0; i < 4; i++) {
		h->ips[i] = c->skc_v6_rcv_saddr.in6_u.u6_addr32[i];
		h->ips[4 + i] = c->skc_v6_daddr.in6_u.u6_addr32[i];
	}
	return sizeof *h;
}

SEC("iter/task_file")
int tcp(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct bpf_iter_meta *meta = ctx->meta;
	struct seq_file *seq = meta->seq;
	unsigned long long session = meta->session_id;
	struct held held = { 0 };
	unsigned int size = sizeof held.pair;
	struct socket *socket;
	struct tcp_sock *tcp;
	struct sock *sk;

	if (!file || !task)
		return 0;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return 0;
	if (last_pid != task->tgid || last_session != session) {
		struct head head = { 0 };

		our_net = BPF_CORE_READ(bpf_get_current_task_btf(), nsproxy, net_ns);
		fill_head(&head, task);
		if (bpf_seq_write(seq, &head, sizeof head))
			return 0;
	}
	held.pair.inode = (unsigned int)file->f_inode->i_ino;
	held.pair.fd = ctx->fd;
	sk = socket->sk;
	tcp = sk && is_wanted(sk) ? bpf_skc_to_tcp_sock(sk) : 0;
	if (tcp)
		size = fill(&held, sk, tcp);
	if (bpf_seq_write(seq, &held, size))
		return 0; /* there was no room: we are asked again, also for the head */
	last_pid = task->tgid;
	last_session = session;
	return 0;
}
