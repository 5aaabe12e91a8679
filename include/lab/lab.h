/* lab.h - our own sockets, and what can be done to them.
 *
 * All sockets are non-blocking. A verb is started by lab_call and may be done at once; else it waits (RUNNING) and is
 * resumed by lab_dispatch when the kernel says that the descriptor changed, until it is done, fails, or its deadline
 * passes. There is no thread: one epoll descriptor (lab_fd) stands for all of them in the program's one poll(2).
 * Own sockets are registered edge-triggered, so an unread byte costs nothing.
 *
 * State, endpoints and queues always come from the kernel: from the descriptor while the socket is open, afterwards
 * from the `lookup` that the session plugs in (sock_diag). A closed socket stays in the list, is looked up until the
 * kernel has dropped it (TIME-WAIT), and is then marked `gone`. Beyond LAB_CLOSED closed ones the oldest are forgotten.
 *
 * Sockets are found by id (never used again) or by name; pointers are valid until the next lab_call or lab_dispatch.
 */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include "core/history.h"
#include "core/sock.h"
#include "lab/journal.h"
#include "lab/option.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct lab;
struct echo;

enum { LAB_NAME = 32, LAB_CLOSED = 256, LAB_RECV = 65536 };

struct lab_sock {
	uint32_t id; /* from 1 */
	char name[LAB_NAME];
	int fd;             /* -1 once closed */
	bool peer;          /* belongs to the built-in echo peers */
	bool closed;        /* we closed it */
	bool gone;          /* and the kernel has dropped it */
	bool reset;         /* closed by RST: abort, or close with unread bytes */
	uint32_t listener;  /* id of the listener it was accepted from, 0 for none */
	uint32_t accepted;  /* of a listener: how many it has accepted */
	uint32_t waiting;   /* of a listener: connections that wait for accept */
	struct sock now;    /* the kernel's last word */
	uint64_t looked_ns; /* when that was, CLOCK_REALTIME */
	uint64_t created_ns, closed_ns;
	struct history history;       /* TCP */
	int last_error;               /* errno of the last finished call, 0 after one that worked */
	uint64_t last_call;           /* its number */
	unsigned running;             /* calls that wait */
	uint64_t sent, received;      /* bytes that our calls moved */
	bool eof;                     /* a recv returned 0 */
	bool wr_shut, rd_shut;        /* we shut that direction down */
	struct endpoint last_peer;    /* last address given to connect or send */
	uint64_t timeout_ns;          /* Python's settimeout; 0: the session's */
	char path[ENDPOINT_PATH + 1]; /* a UNIX path that we made and remove again; "" for none */
};

enum verb {
	VERB_SOCKET,
	VERB_BIND,
	VERB_LISTEN,
	VERB_ACCEPT,
	VERB_CONNECT,
	VERB_SEND,
	VERB_RECV,
	VERB_SHUTDOWN,
	VERB_CLOSE,
	VERB_ABORT,
	VERB_SETSOCKOPT,
	VERB_GETSOCKOPT,
	VERB_COUNT
};

/* What a verb is given. Only the fields that it knows are read. */
struct lab_args {
	const char *name;           /* socket, accept: name for the new socket; NULL or "": it names itself */
	int family, type, protocol; /* socket */
	struct endpoint address; /* bind, connect, send (to); AF_UNSPEC for none. Mapped to the socket's family here */
	int backlog;             /* listen */
	const void *data;        /* send: copied. NULL with a data_len: so many zero bytes */
	size_t data_len;
	uint64_t bytes; /* recv: at most this many; 0: LAB_RECV. One recv takes at most 1 MiB */
	bool exact;     /* recv on a stream: go on until `bytes` have come or the end */
	bool nowait;    /* connect: 0 with EINPROGRESS is the outcome */
	int how;        /* shutdown: SHUT_ */
	const struct option_row *option;
	struct option_value value; /* setsockopt */
	const char *value_text;    /* setsockopt: as written, for the journal */
};

/* Plugged in by the session; they are called from within lab_call, lab_dispatch and lab_look and must not call back. */
struct lab_hooks {
	void *ctx;
	/* What the kernel still knows of a closed socket: 1 and *now, 0 when it is gone, -errno when it can't be told.
	 * Also asked for open ones where the descriptor does not tell all: a TCP socket that may be in TIME-WAIT, a
	 * UNIX listener's queue, a UNIX socket's peer. May be NULL: the state then is what calls and packets prove. */
	int (*lookup)(void *ctx, const struct sock *was, struct sock *now);
	/* A call began or finished, or a socket's state changed. May be NULL. */
	void (*changed)(void *ctx);
	/* The same calls once more, by somebody with more privileges, where the kernel refused ours for the lack of
	 * them: a descriptor (socket), 0, or -errno. May be NULL. */
	int (*socket)(void *ctx, int family, int type, int protocol);
	int (*bind)(void *ctx, int fd, const struct sockaddr_storage *to, socklen_t len);
	int (*setsockopt)(void *ctx, int fd, int level, int option, const void *value, socklen_t len);
};

struct lab *lab_new(const struct lab_hooks *hooks, struct err *e);
void lab_free(struct lab *l);     /* closes everything, removes the UNIX paths that we made; NULL is fine */
int lab_fd(const struct lab *l);  /* readable when lab_dispatch has something to do */
void lab_dispatch(struct lab *l); /* resume what became possible; expire what is past its deadline */
/* CLOCK_MONOTONIC ns of the next deadline or of something that no event announces, UINT64_MAX for none. */
uint64_t lab_deadline(const struct lab *l);
struct journal *lab_journal(struct lab *l);

/* Start a verb on a socket (NULL for VERB_SOCKET). Calls of the verbs accept, send and recv that wait on one socket go
 * in turn, each of the others is attempted at once; a large send or exact recv gives the loop its turn every 4 MiB.
 * A nameless UNIX datagram socket that is to reach our own echo peer is given a name first, as a call of its own.
 * `deadline_ns` is CLOCK_MONOTONIC, UINT64_MAX for none. Returns the call's number in the journal; look there for what
 * came of it. A failed call is a result, not an error of this. */
uint64_t lab_call(struct lab *l, struct lab_sock *s, enum verb verb, const struct lab_args *args, uint64_t deadline_ns);
/* Give up a call that waits: it ends as CALL_ERROR with ECANCELED. */
void lab_cancel(struct lab *l, uint64_t call);

struct lab_sock *lab_find(struct lab *l, uint32_t id);
struct lab_sock *lab_find_name(struct lab *l, const char *name); /* the newest of that name; open ones first */
/* Walk in order of creation: start with i = 0, until NULL. Echo peers are among them (->peer). */
struct lab_sock *lab_next(struct lab *l, size_t *i);
size_t lab_open_count(const struct lab *l); /* our own open sockets, without the peers */
/* The name a new socket of this kind would give itself: tcp1, udp2, unix1, raw1. */
void lab_auto_name(const struct lab *l, int family, int type, int protocol, char out[LAB_NAME]);

/* Ask the kernel again about one socket, or about all (at most `most` closed ones, in turn). Fills ->now, ->waiting,
 * ->history. `now_ns` is CLOCK_REALTIME. */
void lab_look(struct lab *l, struct lab_sock *s, uint64_t now_ns);
/* The error that waits on the socket (SO_ERROR), 0 for none: asking takes it away. */
int lab_take_error(const struct lab_sock *s);
void lab_look_all(struct lab *l, unsigned most, uint64_t now_ns);
/* Only from a crash handler: remove the UNIX paths that we made. Async-signal-safe. */
void lab_emergency(const struct lab *l);

/* Another sitting's sockets and calls, of a recording: the lab only holds them then. A still lab makes no calls, asks
 * the kernel nothing and closes nothing: descriptors are numbers. */
void lab_still(struct lab *l);
/* As `from` says, in place of what was told of the same id before; false: no room, or it cannot be. */
bool lab_restore(struct lab *l, const struct lab_sock *from);
void lab_forget(struct lab *l, uint32_t id);
bool lab_restore_call(struct lab *l, const struct call *from); /* copies its data and its words */

/* Sockets that the lab has forgotten (a connection of an echo peer, the oldest of too many closed ones) are in no table
 * any more, but their memory stays until lab_bury: whoever holds a pointer to one lets go of it first. */
bool lab_has_forgotten(const struct lab *l);
void lab_bury(struct lab *l);

/* One line of help a verb, for messages: the words of the call ("bind(2)"). */
struct verb_row {
	const char *name, *function, *man;
};
extern const struct verb_row verbs[VERB_COUNT];

/* The built-in echo peers: for each kind a listener or a bound datagram socket that sends back what it gets. */
enum echo_kind {
	ECHO_TCP,
	ECHO_TCP6,
	ECHO_UDP,
	ECHO_UDP6,
	ECHO_UNIX,
	ECHO_UNIX_DGRAM,
	ECHO_UNIX_SEQPACKET,
	ECHO_COUNT
};

struct echo_row {
	const char *name; /* as in $echo.NAME */
	int family, type;
};
extern const struct echo_row echoes[ECHO_COUNT];

/* Start one kind (or answer where it runs already). `at` NULL: loopback, a port or name that the kernel chooses. */
int lab_echo_start(struct lab *l, enum echo_kind kind, const struct endpoint *at, struct err *e);
int lab_echo_start_all(struct lab *l, struct err *e); /* what this host cannot do (no IPv6) is left out */
void lab_echo_stop(struct lab *l);
bool lab_echo_address(const struct lab *l, enum echo_kind kind, struct endpoint *out); /* false: does not run */
bool lab_echo_running(const struct lab *l);
/* Which peer fits a socket of this kind; ECHO_COUNT for none (raw). */
enum echo_kind lab_echo_for(int family, int type);

#endif
