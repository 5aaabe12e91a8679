#include "session/resolve.h"

#include "util/clock.h"
#include "util/err.h"
#include "util/library.h"
#include "util/mem.h"

#include <ares.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define ARES_FUNCTIONS(X) \
	X(ares_destroy) X(ares_freeaddrinfo) X(ares_getaddrinfo) X(ares_gethostbyaddr) X(ares_getsock) \
	X(ares_init) X(ares_library_cleanup) X(ares_library_init) X(ares_process_fd) X(ares_strerror) \
	X(ares_timeout)
/* clang-format on */
LIBRARY(ares, "c-ares", ARES_FUNCTIONS, "libcares.so.2", "libcares.so")

struct query {
	struct query *next;
	unsigned number;
	bool done, cancelled;
	int status; /* ARES_ */
	char host[ENDPOINT_HOST];
	struct endpoint found[RESOLVE_ADDRESSES];
	unsigned count;
};

struct resolver {
	ares_channel channel;
	struct query *queries;
	unsigned last;
};

int resolver_new(struct resolver **out, struct err *e)
{
	struct resolver *r;
	int status = library_load(&ares_library, e);

	if (status)
		return status;
	r = mem_alloc(sizeof *r);
	status = ares.ares_library_init(ARES_LIB_INIT_ALL);
	if (status == ARES_SUCCESS)
		status = ares.ares_init(&r->channel);
	if (status != ARES_SUCCESS) {
		free(r);
		return err_set(e, ENOMEM, "host names cannot be looked up: %s", ares.ares_strerror(status));
	}
	*out = r;
	return 0;
}

void resolver_free(struct resolver *r)
{
	if (!r)
		return;
	ares.ares_destroy(r->channel); /* ends every query: answered() is called for each */
	while (r->queries) {
		struct query *next = r->queries->next;

		free(r->queries);
		r->queries = next;
	}
	ares.ares_library_cleanup();
	free(r);
}

static void answered(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
	struct query *q = arg;

	(void)timeouts;
	q->done = true;
	q->status = status;
	if (status != ARES_SUCCESS)
		return;
	for (struct ares_addrinfo_node *n = info->nodes; n && q->count < RESOLVE_ADDRESSES; n = n->ai_next) {
		struct endpoint *e = &q->found[q->count];
		bool twice = false;

		endpoint_from_sockaddr(e, n->ai_addr, n->ai_addrlen);
		for (unsigned i = 0; i < q->count; i++)
			twice |= endpoint_same(e, &q->found[i]);
		if (e->family != AF_UNSPEC && !twice)
			q->count++;
	}
	ares.ares_freeaddrinfo(info);
}

unsigned resolver_ask(struct resolver *r, const char *host, int family)
{
	const struct ares_addrinfo_hints hints = { .ai_family = family, .ai_socktype = SOCK_STREAM };
	struct query *q = mem_alloc(sizeof *q);

	q->number = ++r->last;
	snprintf(q->host, sizeof q->host, "%s", host);
	q->next = r->queries;
	r->queries = q;
	ares.ares_getaddrinfo(r->channel, host, NULL, &hints, answered, q);
	return q->number;
}

struct name_query {
	void (*told)(void *arg, const char *name);
	void *arg;
};

static void named(void *arg, int status, int timeouts, struct hostent *host)
{
	struct name_query *q = arg;

	(void)timeouts;
	q->told(q->arg, status == ARES_SUCCESS && host ? host->h_name : NULL);
	free(q);
}

void resolver_ask_name(struct resolver *r, const struct endpoint *address, void (*told)(void *arg, const char *name),
		       void *arg)
{
	struct name_query *q = mem_alloc(sizeof *q);

	*q = (struct name_query){ told, arg };
	ares.ares_gethostbyaddr(r->channel, address->ip, address->family == AF_INET ? 4 : 16, address->family, named,
				q);
}

static struct query **find(struct resolver *r, unsigned number)
{
	struct query **at = &r->queries;

	while (*at && (*at)->number != number)
		at = &(*at)->next;
	return at;
}

int resolver_answer(struct resolver *r, unsigned number, struct endpoint out[RESOLVE_ADDRESSES], unsigned *count,
		    struct err *e)
{
	struct query **at = find(r, number), *q = *at;
	int rc = 1;

	if (!q)
		return err_set(e, ESTALE, "the look-up was given up");
	if (!q->done)
		return 0;
	if (q->status != ARES_SUCCESS || !q->count) {
		const char *why = q->status == ARES_ENOTFOUND || q->status == ARES_ENODATA || !q->status
					  ? "there is no such host, or it has no address of this family"
					  : ares.ares_strerror(q->status);

		rc = err_set(e, ENXIO, "%s: %s", q->host, why);
	} else {
		memcpy(out, q->found, q->count * sizeof *out);
		*count = q->count;
	}
	*at = q->next;
	free(q);
	return rc;
}

/* c-ares still holds the query: it is freed when its answer has come (see resolver_work). */
void resolver_cancel(struct resolver *r, unsigned number)
{
	struct query *q = *find(r, number);

	if (q)
		q->cancelled = true;
}

static void sweep(struct resolver *r)
{
	for (struct query **at = &r->queries; *at;) {
		struct query *q = *at;

		if (q->cancelled && q->done) {
			*at = q->next;
			free(q);
		} else {
			at = &q->next;
		}
	}
}

size_t resolver_poll(struct resolver *r, struct pollfd *fds, uint64_t *wait_ns)
{
	ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
	unsigned bits = (unsigned)ares.ares_getsock(r->channel, sockets, ARES_GETSOCK_MAXNUM);
	struct timeval next, *wait;
	size_t count = 0;

	/* Lower half: to be read; upper half: to be written (ares_getsock(3)). */
	for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		short events = (short)((bits >> i & 1 ? POLLIN : 0) |
				       (bits >> (i + ARES_GETSOCK_MAXNUM) & 1 ? POLLOUT : 0));

		if (events)
			fds[count++] = (struct pollfd){ .fd = sockets[i], .events = events };
	}
	wait = ares.ares_timeout(r->channel, NULL, &next);
	*wait_ns = wait ? (uint64_t)wait->tv_sec * 1000000000u + (uint64_t)wait->tv_usec * 1000u : UINT64_MAX;
	return count;
}

void resolver_work(struct resolver *r, const struct pollfd *fds, size_t count)
{
	if (!count)
		ares.ares_process_fd(r->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* time-outs */
	for (size_t i = 0; i < count; i++)
		ares.ares_process_fd(r->channel,
				     fds[i].revents & (POLLIN | POLLERR | POLLHUP) ? fds[i].fd : ARES_SOCKET_BAD,
				     fds[i].revents & POLLOUT ? fds[i].fd : ARES_SOCKET_BAD);
	sweep(r);
}
