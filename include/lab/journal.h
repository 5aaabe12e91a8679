/* journal.h - every call that was made on our own sockets, in order: what was asked, what came of it, how long it
 * took, the socket's state before and after.
 *
 * Calls are numbered from 1. The journal keeps a bounded number of them, and a bounded number of payload bytes, and
 * counts what it let go; "gone" (NULL) is a normal answer. Written by the lab, read by everybody.
 */
#ifndef LAB_JOURNAL_H
#define LAB_JOURNAL_H

#include "core/endpoint.h"
#include "core/tcp_state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum { JOURNAL_CALLS = 16384, JOURNAL_BYTES = 32 << 20, CALL_ARGS = 160, CALL_NOTE = 200 };

enum call_status { CALL_RUNNING, CALL_OK, CALL_ERROR, CALL_TIMEOUT };

struct call {
	uint64_t number;
	uint32_t sock;        /* lab_sock.id it was made on; 0: socket() failed, there is none */
	uint32_t made;        /* lab_sock.id that it made (socket, accept), 0 for none */
	char name[32];        /* of the socket, as it was then */
	int fd;               /* as it was then, -1 for none */
	const char *verb;     /* the command's word: "connect"; static */
	const char *function; /* the call's: "connect", "sendto", "recvfrom"; static */
	char args[CALL_ARGS]; /* as printed between the brackets after the descriptor: "127.0.0.1:7" */
	enum call_status status;
	int64_t result;            /* what it returned in the end: a descriptor, a count of bytes, 0 or -1. A send or
	                              * exact recv that ends early is -1, with what it did in `moved` and `data` */
	int error;                 /* errno by value, 0 for none; EINPROGRESS or EAGAIN while it runs */
	uint64_t start_ns, end_ns; /* CLOCK_REALTIME; end is 0 while it runs */
	uint64_t duration_ns;      /* CLOCK_MONOTONIC */
	enum state before, after;
	struct endpoint peer;  /* destination or sender; AF_UNSPEC when there is none */
	struct endpoint local; /* the socket's own end after the call */
	struct endpoint remote;
	uint8_t *data;        /* bytes sent or received, or the value that getsockopt gave, as text; a NUL
	                              * follows that data_len does not count. NULL when there are none or they were
	                              * let go; not NULL, with data_len 0, for an empty datagram or the end */
	uint32_t data_len;    /* bytes in `data` */
	uint64_t moved;       /* bytes that the call moved; more than data_len when not all were kept */
	bool received;        /* `data` came in (else it went out) */
	bool let_go;          /* `data` had to make room */
	char note[CALL_NOTE]; /* a sentence beside the result: what the errno means, what grants it; "" for none */
};

struct journal {
	struct call **calls; /* a ring of pointers */
	size_t head, count;
	uint64_t next;        /* number of the next call */
	uint64_t dropped;     /* calls that made room */
	uint64_t bytes;       /* of payload kept */
	uint64_t oldest_data; /* no call before this number has payload */
	uint64_t changes;     /* grows whenever a call is added or finishes */
};

void journal_init(struct journal *j);
void journal_done(struct journal *j);
struct call *journal_add(struct journal *j); /* a zeroed, numbered call; valid until it makes room */
struct call *journal_find(const struct journal *j, uint64_t number);
uint64_t journal_oldest(const struct journal *j);
/* Take a copy of the payload into the call; cut at 1 MiB, and the oldest calls' payload makes room. */
void journal_data(struct journal *j, struct call *c, const void *bytes, size_t len, bool received);

/* The line of the Calls pane, in strace's manner: FUNCTION(FD, ARGS) = RESULT, what came of it, the time it took, the
 * state before and after (one name where they are the same), the note. Two blanks between the parts.
 *
 *   socket(AF_INET, SOCK_STREAM, 0) = 7  12 µs  CLOSED
 *   connect(7, 127.0.0.1:40001) = 0  41 µs  CLOSED → ESTABLISHED
 *   connect(7, 127.0.0.1:1) = -1 ECONNREFUSED (nobody listens at the address)  38 µs  CLOSED
 *   connect(7, 192.0.2.1:80) = -1 EINPROGRESS (waiting)  CLOSED → SYN-SENT                     while it runs
 *   send(7, "hello\n", 6) = 6  9.1 µs  ESTABLISHED
 *   sendto(8, "x", 1, 127.0.0.1:53) = 1  15 µs  UNCONNECTED
 *   recv(7, 65536) = 6 "hello\n"  3.2 µs  ESTABLISHED           at most 32 bytes, then "..."
 *   recvfrom(8, 65536) = 1 "x" from 127.0.0.1:53  4.0 µs  UNCONNECTED
 *   accept(5) = 8 127.0.0.1:40312  6.0 µs  LISTEN
 *   getsockopt(7, SOL_SOCKET, SO_RCVBUF) = 0 [131072]  1.0 µs  ESTABLISHED
 *   close(7) = 0  20 µs  ESTABLISHED → CLOSED  6 bytes were not read: the kernel resets the connection (RST)
 *
 * Appends clean text without a newline; ascii: "->" and "us". */
void call_format(const struct call *c, bool ascii, struct buf *out);
/* The result alone: "= 0", "= 6 \"hello\n\"", "= -1 ECONNREFUSED". */
void call_format_result(const struct call *c, struct buf *out);
const char *call_status_name(enum call_status s); /* "ok" "error" "timeout", "running" */

#endif
