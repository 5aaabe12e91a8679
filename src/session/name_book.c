#include "session/name_book.h"

#include "session/resolve.h"
#include "util/clock.h"
#include "util/hash.h"
#include "util/mem.h"
#include "util/text.h"

#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2 * NAME_BOOK, PORTS = 1 << 16, NAME = 128, SERVICE = 20 };

enum { TCP_PORTS, UDP_PORTS, PORT_KINDS };

struct entry {
	struct name_book *book;
	uint8_t ip[16];
	uint8_t family;
	bool asked;
	char *name; /* clean; NULL: none, or not yet */
};

struct name_book {
	struct resolver *resolver;
	struct entry *slots[SLOTS]; /* open addressing; NULL: free */
	unsigned count, waiting;
	uint64_t seed;
	char *services[PORT_KINDS][PORTS];
};

static void read_services(struct name_book *b)
{
	const struct servent *s;

	setservent(1);
	while ((s = getservent())) {
		unsigned kind = !strcmp(s->s_proto, "udp") ? UDP_PORTS : TCP_PORTS;
		char **at = &b->services[kind][ntohs((uint16_t)s->s_port)];
		char clean[SERVICE];

		if (!*at)
			*at = mem_string(text_clean_to(clean, sizeof clean, s->s_name, strlen(s->s_name)));
	}
	endservent();
}

int name_book_new(struct name_book **out, struct err *e)
{
	struct name_book *b = mem_alloc(sizeof *b);
	int rc = resolver_new(&b->resolver, e);

	if (rc) {
		free(b);
		return rc;
	}
	b->seed = hash_seed();
	read_services(b);
	*out = b;
	return 0;
}

void name_book_free(struct name_book *b)
{
	if (!b)
		return;
	resolver_free(b->resolver); /* before the entries: it answers every question */
	for (size_t i = 0; i < SLOTS; i++)
		if (b->slots[i]) {
			free(b->slots[i]->name);
			free(b->slots[i]);
		}
	for (size_t kind = 0; kind < PORT_KINDS; kind++)
		for (size_t i = 0; i < PORTS; i++)
			free(b->services[kind][i]);
	free(b);
}

/* Its entry, made if there is room. */
static struct entry *entry_of(struct name_book *b, int family, const uint8_t ip[16])
{
	size_t len = family == AF_INET ? 4 : 16, at = hash_bytes(ip, len, b->seed) % SLOTS;
	struct entry *e;

	for (; (e = b->slots[at]); at = (at + 1) % SLOTS)
		if (e->family == family && !memcmp(e->ip, ip, len))
			return e;
	if (b->count == NAME_BOOK)
		return NULL;
	e = b->slots[at] = mem_alloc(sizeof *e);
	e->book = b;
	e->family = (uint8_t)family;
	memcpy(e->ip, ip, len);
	b->count++;
	return e;
}

static void enter(struct entry *e, const char *name, size_t len)
{
	char clean[NAME];

	if (!e->name && len)
		e->name = mem_string(text_clean_to(clean, sizeof clean, name, len));
}

static void told(void *arg, const char *name)
{
	struct entry *e = arg;

	e->book->waiting--;
	if (name)
		enter(e, name, strlen(name));
}

const char *name_book_host(struct name_book *b, int family, const uint8_t ip[16])
{
	struct entry *e = family ? entry_of(b, family, ip) : NULL;

	if (!e)
		return NULL;
	if (!e->asked && !e->name && b->waiting < NAME_ASKED) {
		struct endpoint address = { .family = (uint8_t)family };

		memcpy(address.ip, e->ip, sizeof e->ip);
		e->asked = true;
		b->waiting++;
		resolver_ask_name(b->resolver, &address, told, e);
	}
	return e->name;
}

const char *name_book_port(const struct name_book *b, uint8_t proto, uint16_t port)
{
	return b->services[proto == IPPROTO_UDP ? UDP_PORTS : TCP_PORTS][port];
}

char *name_book_endpoint(struct name_book *b, uint8_t proto, const struct endpoint *e, char *out, size_t size)
{
	const char *host = name_book_host(b, e->family, e->ip);
	const char *port = e->has_port ? name_book_port(b, proto, e->port) : NULL;
	char number[ENDPOINT_TEXT];
	struct endpoint bare = *e;

	if (!host && !port)
		return endpoint_format(e, out, size);
	bare.has_port = false;
	if (!host)
		endpoint_format(&bare, number, sizeof number);
	if (!e->has_port)
		snprintf(out, size, "%s", host ? host : number);
	else if (port)
		snprintf(out, size, !host && e->family == AF_INET6 ? "[%s]:%s" : "%s:%s", host ? host : number, port);
	else
		snprintf(out, size, "%s:%u", host, e->port);
	return out;
}

void name_book_add(struct name_book *b, const struct endpoint *e, const char *name, size_t len)
{
	struct entry *known = entry_of(b, e->family, e->ip);

	if (known)
		enter(known, name, len);
}

static void work(struct name_book *b, int timeout_ms)
{
	struct pollfd fds[RESOLVE_FDS];
	uint64_t wait_ns;
	size_t count = resolver_poll(b->resolver, fds, &wait_ns);

	if (wait_ns < (uint64_t)timeout_ms * 1000000)
		timeout_ms = (int)(wait_ns / 1000000) + 1;
	resolver_work(b->resolver, fds, poll(fds, count, timeout_ms) > 0 ? count : 0);
}

bool name_book_turn(struct name_book *b)
{
	if (b->waiting)
		work(b, 0);
	return b->waiting > 0;
}

void name_book_wait(struct name_book *b, unsigned ms)
{
	uint64_t until = clock_mono_ns() + (uint64_t)ms * 1000000, now;

	while (b->waiting && (now = clock_mono_ns()) < until)
		work(b, (int)((until - now) / 1000000) + 1);
}
