/* inside.h - what the files of diag share: one netlink exchange, and the finders of the three
 * kinds. */
#ifndef KERNEL_INSIDE_H
#define KERNEL_INSIDE_H

#include "core/sock.h"
#include "kernel/diag.h"

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct inet_diag_msg;
struct mnl_socket;

enum proc_table {
	PROC_RAW,
	PROC_RAW6,
	PROC_ICMP,
	PROC_ICMP6,
	PROC_PACKET,
	PROC_NETLINK,
	PROC_COUNT
};

enum handler { HANDLER_UNKNOWN, HANDLER_THERE, HANDLER_MISSING };

enum handled {
	HANDLED_TCP,
	HANDLED_UDP,
	HANDLED_UDPLITE,
	HANDLED_MPTCP,
	HANDLED_SCTP,
	HANDLED_UNIX,
	HANDLED_COUNT
};

struct diag {
	struct mnl_socket *nl;
	uint32_t seq, port;
	uint8_t handlers[HANDLED_COUNT]; /* enum handler: asked after the first "not found" */
	int proc[PROC_COUNT]; /* they belong to the network namespace in which they are opened */
	bool later;           /* they are opened when they are needed */
};

/* -1: it cannot be read. */
int diag_table(struct diag *d, enum proc_table which);

/* Called for each answer. 0: go on; anything else ends the exchange with that result (1: found). */
typedef int (*diag_take)(void *ctx, const struct nlmsghdr *answer);

/* Send `request` (sequence and port are filled in) and give its answers to `take`. Returns what
 * `take` returned last, or -errno: of the kernel's NLMSG_ERROR or NLMSG_DONE, of the socket,
 * -ETIMEDOUT after 200 ms of silence, -EINTR where the kernel says that the table changed while it was dumped (all of
 * the dump was given to `take` then, too). */
int diag_exchange(struct diag *d, struct nlmsghdr *request, diag_take take, void *ctx);

/* An exchange while its answers come. */
struct exchange {
	uint32_t seq, port; /* of our question; other answers are passed over */
	bool dump, over;
	bool interrupted;   /* NLM_F_DUMP_INTR: the table changed between two pieces of the dump */
	int result;
	diag_take take;
	void *ctx;
};

/* The messages of one read. */
void diag_take_read(struct exchange *x, const void *bytes, size_t len);
/* What diag_exchange returns. */
int diag_result(const struct exchange *x);

/* One attribute of an answer: its row is at the index of its type. */
struct diag_attribute {
	uint16_t least; /* bytes that must have come; a shorter one is skipped */
	void (*take)(struct sock *s, const void *bytes, size_t len);
};

/* `skip`: bytes of the fixed struct before the attributes. */
void diag_attributes(const struct nlmsghdr *answer, size_t skip, const struct diag_attribute *rows,
		     size_t count, struct sock *s);
/* All that an answer tells of an inet socket: diag_inet_attribute.c. What it is to tell, as idiag_ext asks for it: */
#define DIAG_INET_EXTENSIONS                                                                     \
	(1 << (INET_DIAG_INFO - 1) | 1 << (INET_DIAG_SKMEMINFO - 1) | 1 << (INET_DIAG_CONG - 1) | \
	 1 << (INET_DIAG_VEGASINFO - 1) | 1 << (INET_DIAG_TOS - 1) | 1 << (INET_DIAG_TCLASS - 1))
void diag_inet_attributes(const struct nlmsghdr *answer, size_t skip, struct sock *s);
/* SK_MEMINFO_ of linux/sock_diag.h, an array of uint32_t, as INET_DIAG_SKMEMINFO and
 * UNIX_DIAG_MEMINFO bring it. */
void diag_take_memory(struct sock *s, const void *bytes, size_t len);
/* The states of sockets that have no connection to open and close. */
enum state diag_plain_state(int kernel);

/* An empty answer says either "no such socket" or "no handler for this protocol": -ENOENT tells the
 * first, -EPROTONOSUPPORT the second. `probe` is a dump request that matches nothing. */
int diag_not_found(struct diag *d, enum handled what, struct nlmsghdr *probe);

/* Each: 0 and *now filled, -ENOENT, or another -errno. *now is touched only by a success. */
int diag_find_inet(struct diag *d, const struct sock *was, struct sock *now);
int diag_find_unix(struct diag *d, const struct sock *was, struct sock *now);
int diag_find_proc(struct diag *d, const struct sock *was, struct sock *now);

/* Dumps: `each` is called for every socket; what it gets is only valid during the call. `states`: bits
 * 1 << the kernel's number. 0; -EPROTONOSUPPORT without a handler; -EINTR when the dump was interrupted
 * (what came is still good); another -errno. */
typedef void (*diag_each)(void *ctx, const struct sock *s);
/* What one answer tells. False: it is no socket. */
typedef bool (*diag_parse)(const struct nlmsghdr *answer, struct sock *out);
/* The dumps below, by a request that is made already, or by one that is only a fixed struct of at most 64 bytes. */
int diag_dump(struct diag *d, struct nlmsghdr *request, diag_parse parse, diag_each each, void *ctx);
int diag_dump_by_family(struct diag *d, const void *question, size_t len, diag_parse parse,
			diag_each each, void *ctx);

int diag_dump_inet(struct diag *d, int protocol, int family, uint32_t states, bool info, diag_each each,
		   void *ctx);
int diag_dump_unix(struct diag *d, uint32_t states, diag_each each, void *ctx);
int diag_dump_proc(struct diag *d, int family, int type, diag_each each, void *ctx);
int diag_dump_vsock(struct diag *d, uint32_t states, diag_each each, void *ctx);
int diag_dump_packet(struct diag *d, diag_each each, void *ctx);
int diag_dump_netlink(struct diag *d, diag_each each, void *ctx);
/* The same, from /proc/net/packet and /proc/net/netlink: without cookies. */
int diag_list_packet(struct diag *d, diag_each each, void *ctx);
int diag_list_netlink(struct diag *d, diag_each each, void *ctx);
/* What they read, as pure functions: one answer of a dump (of `protocol`), one line of a table in /proc/net. False: it
 * is no socket. */
bool diag_parse_inet(const struct nlmsghdr *answer, int protocol, struct sock *out);
void diag_take_tcp(const struct inet_diag_msg *m, struct sock *out); /* the message without its attributes */
bool diag_parse_unix(const struct nlmsghdr *answer, struct sock *out);
bool diag_parse_vsock(const struct nlmsghdr *answer, struct sock *out);
bool diag_parse_packet(const struct nlmsghdr *answer, struct sock *out);
bool diag_parse_netlink(const struct nlmsghdr *answer, struct sock *out);
bool diag_line_raw(const char *line, int family, int type, struct sock *out);
bool diag_line_packet(const char *line, struct sock *out);
bool diag_line_netlink(const char *line, struct sock *out);
int diag_destroy_inet(struct diag *d, const struct sock *s);
/* A message of the destroy groups: the socket with its final counters. False: it is none. */
bool diag_take_destroyed(const struct nlmsghdr *answer, struct sock *out);

#endif
