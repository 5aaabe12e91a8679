/* resolve.h - host names to addresses without blocking (c-ares: it reads /etc/hosts and /etc/resolv.conf, asks in
 * parallel, and hands out descriptors for our one poll; getaddrinfo(3) would block or need a thread).
 */
#ifndef SESSION_RESOLVE_H
#define SESSION_RESOLVE_H

#include "core/endpoint.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct resolver;

enum { RESOLVE_FDS = 16, RESOLVE_ADDRESSES = 16 };

int resolver_new(struct resolver **out, struct err *e);
void resolver_free(struct resolver *r);
/* Begin; family AF_UNSPEC, AF_INET or AF_INET6. A number above 0. */
unsigned resolver_ask(struct resolver *r, const char *host, int family);
/* 1: done, addresses (without ports) in out, *count of them; 0: not yet; -errno with *e: it failed. A finished query
 * is forgotten by this call. */
int resolver_answer(struct resolver *r, unsigned query, struct endpoint out[RESOLVE_ADDRESSES], unsigned *count,
		    struct err *e);
/* The reverse: begin to ask for the name of an address; `told` gets it, or NULL where there is none,
 * maybe before this returns, and once in any case (resolver_free tells NULL). Foreign text. */
void resolver_ask_name(struct resolver *r, const struct endpoint *address, void (*told)(void *arg, const char *name),
		       void *arg);
void resolver_cancel(struct resolver *r, unsigned query);
/* For the poll: fills up to RESOLVE_FDS entries, returns how many, and the time until it wants to be called. */
size_t resolver_poll(struct resolver *r, struct pollfd *fds, uint64_t *wait_ns);
void resolver_work(struct resolver *r, const struct pollfd *fds, size_t count);

#endif
