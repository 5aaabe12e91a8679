/* broker.h - a small helper process that keeps the privileges which sockeye had at its start,
 * for the few things that the sandboxed rest cannot do itself. Forked first thing, before
 * anything is opened and before a byte from outside is read.
 *
 * It answers the requests of privilege/broker_request.h on two SOCK_SEQPACKET pairs: one for
 * single requests, which take microseconds and are waited for (2 s at most), and one for
 * snapshots, which may take tenths of a second and are asked for by the sampler's thread. It
 * has no other input, checks each request and opens no file for writing.
 *
 * It dies with us (PR_SET_PDEATHSIG, and the end of its pairs). When it dies first, broker_fd
 * becomes readable; every request fails with -EPIPE from then on, and the program goes on with
 * what it can do itself.
 *
 * Threads: broker_snapshot from one thread, everything else from one (other) thread. */
#ifndef PRIVILEGE_BROKER_H
#define PRIVILEGE_BROKER_H

#include "core/snapshot.h"
#include "kernel/sampler.h"

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

struct broker;
struct err;

int broker_start(struct broker **out, struct err *e); /* one thread */
void broker_free(struct broker *b);                   /* ends it and waits; NULL is fine */
pid_t broker_pid(const struct broker *b);
int broker_fd(const struct broker *b); /* readable once it has died */
/* After broker_fd was readable: take its status. *e says how it ended. */
void broker_bury(struct broker *b, struct err *e);
bool broker_alive(const struct broker *b); /* false for NULL */

/* A raw or packet socket, non-blocking and close-on-exec: its descriptor, or -errno of
 * socket(2). */
int broker_socket(struct broker *b, int family, int type, int protocol);
/* bind(2) and setsockopt(2) on our descriptor, with the broker's privileges: 0 or -errno. */
int broker_bind(struct broker *b, int fd, const struct sockaddr_storage *address, socklen_t len);
int broker_setsockopt(struct broker *b, int fd, int level, int option, const void *value, socklen_t len);
/* SOCK_DESTROY, as sampler_destroy. */
int broker_destroy(struct broker *b, const struct snapshot *in, const struct record *r, struct err *e);
/* A signal to a process of this name. -ESRCH: it is gone, or has another name by now. */
int broker_signal(struct broker *b, uint32_t pid, const char name[16], int number, struct err *e);
/* As sampler_take; it is the broker that looks, outside of every sandbox. */
int broker_snapshot(struct broker *b, const struct sample_request *request, struct snapshot **out, struct err *e);

#endif
