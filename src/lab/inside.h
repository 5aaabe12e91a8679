/* inside.h - what the files of the lab share and nobody else sees: a socket with its place in the table, a call that
 * waits, and who may do what to them.
 *
 * A verb is one `attempt`: it makes the system call and says whether that settled it. One that would have to wait
 * stays on its socket as an operation (struct op) and is attempted again when the descriptor has changed, or at
 * `retry_ns` where the kernel announces nothing. Everything that an attempt learns goes into the op and the journal's
 * call; call.c alone begins and ends calls.
 */
#ifndef LAB_INSIDE_H
#define LAB_INSIDE_H

#include "lab/lab.h"
#include "util/buf.h"

#include <sys/stat.h>

enum {
	RECV_MOST = 1 << 20,      /* one recv takes no more: as much as the journal keeps of one call */
	TURN_BYTES = 4 << 20,     /* moved by one call before the loop gets its turn again */
	RETRY_NS = 10 * 1000000,  /* where no event tells that it is time */
};

enum outcome { WAITS, SETTLED };

/* A call on its way. Lives on the stack of lab_call while it is attempted for the first time, on the heap after. */
struct op {
	struct op *next;             /* of the same socket, in order */
	struct op *all_prev, *all_next;
	uint32_t sock;
	enum verb verb;
	uint64_t call;               /* its number in the journal */
	uint64_t begun_ns;           /* CLOCK_MONOTONIC */
	uint64_t deadline_ns, retry_ns; /* CLOCK_MONOTONIC, UINT64_MAX for none */
	uint64_t end_ns, ended_ns;   /* CLOCK_REALTIME and CLOCK_MONOTONIC, right after the system call */
	int64_t result;
	int error;
	bool under_way;              /* connect: the kernel is at it */
	bool nowait, exact;
	bool proves;                 /* the call changed the TCP state, as the history is told */
	char name[LAB_NAME];         /* accept: for the new socket */
	struct endpoint address;     /* as it is given to the kernel; AF_UNSPEC for none */
	uint8_t *data;               /* send: the caller's bytes, our own copy once it waits; NULL: zeroes */
	size_t len;
	bool owned;
	uint64_t bytes;              /* recv: at most */
	uint64_t moved;
	struct buf got;              /* recv exact: what came so far, at most RECV_MOST kept */
	const struct lab_args *args; /* only during the first attempt */
};

/* A UNIX path that we made. In a list of its own that a crash handler can walk. */
struct made_path {
	struct made_path *next;
	dev_t dev;
	ino_t ino;
	char path[];                 /* absolute */
};

struct serving;                      /* what an echo peer's connection has still to send; echo.c */

struct node {
	struct lab_sock s;
	size_t place;                /* in lab->order */
	struct node *id_next, *name_next;
	struct node *closed_prev, *closed_next;
	struct op *ops;              /* calls that wait */
	struct made_path *path;
	struct endpoint raw_peer;    /* of a connected raw socket: the kernel does not tell it without a port */
	enum echo_kind kind;         /* of a peer */
	struct serving *serving;     /* of a peer's accepted connection */
};

struct lab {
	struct lab_hooks hooks;
	struct journal journal;
	int epoll;

	/* table.c */
	struct node **order;         /* by creation; NULL where one was forgotten */
	size_t order_count, order_capacity, holes;
	struct node **by_id, **by_name;
	size_t buckets, nodes;
	uint64_t seed;
	uint32_t next_id;
	size_t own_open;
	struct node *closed_first, *closed_last, *look_next;
	size_t closed_count;
	struct node *forgotten;      /* by closed_next; whoever points to one looks away before lab_bury */
	struct prefix {
		char word[12];
		uint32_t highest;
	} *prefixes;
	size_t prefix_count, prefix_capacity;

	struct op *waiting;          /* every call that waits */
	struct made_path *paths;
	struct call lost;            /* stands in for a waiting call that the journal has let go */
	uint8_t *scratch;            /* recv reads into it */
	size_t scratch_size;

	/* restore.c */
	bool still;                  /* holds another sitting's sockets: no descriptor is real */
	char **words;
	size_t word_count, word_capacity;

	/* echo.c */
	uint32_t echo[ECHO_COUNT];   /* ids of the listeners and datagram sockets, 0: does not run */
	uint64_t echo_retry_ns;      /* accepting goes on then; UINT64_MAX: nothing is stuck */
};

/* table.c: sockets by id, by name, in order of creation; the closed ones in the order in which they closed. */
struct node *node_new(struct lab *l, const char *name);
void node_forget(struct lab *l, struct node *n);              /* it is in no list any more; lab_bury frees it */
void node_closed(struct lab *l, struct node *n);              /* joins the closed ones; the oldest may be forgotten */
struct node *node_find(const struct lab *l, uint32_t id);
void table_done(struct lab *l);
static inline struct node *node_of(struct lab_sock *s)
{
	return (struct node *)s; /* lab_sock is the first member */
}

/* look.c */
void look_first(struct lab *l, struct node *n, uint64_t now_ns);  /* what never changes, the state, the endpoints */
void look_state(struct lab *l, struct node *n, uint64_t now_ns);  /* state, queues, TCP counters: the cheap part */
void look_ends(struct node *n);                                   /* both endpoints */
void look_gone(struct lab *l, struct node *n, uint64_t now_ns);   /* of a closed one: what the kernel still knows */

/* call.c */
void op_stamp(struct op *op);                                     /* right after the system call */
enum outcome op_settle(struct op *op, int64_t result, int error); /* the outcome, for `return op_settle(…)` */
enum outcome op_wait(struct op *op, int error, bool announced);   /* not announced: try again in a moment */
void calls_resume(struct lab *l, struct node *n);                 /* attempt what waits on it, in order */
void calls_end(struct lab *l, struct node *n);                    /* it closes: they end with ECANCELED */
void calls_due(struct lab *l, uint64_t mono_ns);                  /* retries and deadlines */
void calls_drop(struct lab *l);                                   /* without a word, for lab_free */
void lab_changed(struct lab *l);

/* The attempts: connect.c, transfer.c, verb.c, close.c. `c` is the journal's call, never NULL. */
enum outcome attempt_socket(struct lab *l, struct node *n, struct op *op, struct call *c);
enum outcome attempt_bind(struct lab *l, struct node *n, struct op *op, struct call *c);
enum outcome attempt_listen(struct lab *l, struct node *n, struct op *op, struct call *c);
enum outcome attempt_accept(struct lab *l, struct node *n, struct op *op, struct call *c);
enum outcome attempt_connect(struct lab *l, struct node *n, struct op *op, struct call *c);
enum outcome attempt_send(struct lab *l, struct node *n, struct op *op, struct call *c);
enum outcome attempt_recv(struct lab *l, struct node *n, struct op *op, struct call *c);
enum outcome attempt_shutdown(struct lab *l, struct node *n, struct op *op, struct call *c);
enum outcome attempt_close(struct lab *l, struct node *n, struct op *op, struct call *c);
enum outcome attempt_abort(struct lab *l, struct node *n, struct op *op, struct call *c);
enum outcome attempt_setsockopt(struct lab *l, struct node *n, struct op *op, struct call *c);
enum outcome attempt_getsockopt(struct lab *l, struct node *n, struct op *op, struct call *c);

/* transfer.c */
uint8_t *lab_scratch(struct lab *l, size_t size); /* at least that many bytes, for one read */
bool peer_has_ended(int fd);                      /* it sends no more: tells an empty record from the end */

/* args.c: what is printed between the brackets, and the address in the form that the socket takes. */
void args_write(const struct op *op, const struct lab_args *args, char out[CALL_ARGS]);
void args_address(const struct node *n, enum verb verb, struct endpoint *e);
void args_payload(struct buf *out, const void *bytes, size_t len, size_t most); /* quoted, "..." when shortened */

/* restore.c */
void restore_done(struct lab *l);

/* note.c */
void note_set(struct call *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
void note_add(struct call *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
void note_error(struct node *n, const struct op *op, const struct lab_args *args, struct call *c);

/* close.c */
void path_made(struct lab *l, struct node *n, const struct endpoint *e);
void path_remove(struct lab *l, struct node *n);
bool path_in_use(const struct endpoint *e); /* has a living socket this name? */

/* lab.c: the descriptor joins the loop. 0 or -errno. */
int lab_watch(struct lab *l, struct node *n, uint32_t events, bool change);

/* echo.c */
void echo_event(struct lab *l, struct node *n, uint32_t events);
void echo_due(struct lab *l, uint64_t mono_ns);
bool echo_is(const struct lab *l, enum echo_kind kind, const struct endpoint *e);
void serving_free(struct node *n);

#endif
