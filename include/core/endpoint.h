/* endpoint.h - one end of a conversation: an address with a port, or a UNIX socket's name.
 *
 * Text forms, which parse and format turn into each other without loss:
 *   127.0.0.1:80   [::1]:80   [fe80::1%eth0]:80   :8080 (any address)   unix:/path   unix:@abstract   unix:@ (autobind)
 * and without a port (raw sockets): 127.0.0.1   ::1   fe80::1%eth0
 * Ports are host order. Addresses are bytes as on the wire. Host names are not looked up here: endpoint_parse says
 * ENDPOINT_NAME and the caller resolves. See ip(7), ipv6(7), unix(7), RFC 5952 (text form), RFC 6874 (zones).
 */
#ifndef CORE_ENDPOINT_H
#define CORE_ENDPOINT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct err;

enum {
	ENDPOINT_PATH = sizeof(((struct sockaddr_un *)0)->sun_path),
	ENDPOINT_TEXT = 4 * ENDPOINT_PATH + 16, /* longest text form with its NUL, escapes included */
	ENDPOINT_HOST = 254,                    /* RFC 1035: 253 characters and a NUL */
};

struct endpoint {
	uint8_t family;    /* AF_UNSPEC (no endpoint), AF_INET, AF_INET6, AF_UNIX, AF_VSOCK */
	bool has_port;     /* false for raw sockets */
	uint8_t path_len;  /* AF_UNIX: bytes of path; 0 for an unnamed socket */
	uint16_t port;     /* host order */
	uint32_t scope_id; /* AF_INET6: interface index of a zone, 0 for none; AF_VSOCK: its port, of 32 bits */
	union {
		uint8_t ip[16];           /* 4 or 16 bytes in wire order, the rest zero; AF_VSOCK: the CID, 4 */
		char path[ENDPOINT_PATH]; /* not NUL ended; an abstract name starts with a NUL byte */
	};
};

/* What endpoint_parse made of a text. */
enum endpoint_form {
	ENDPOINT_BAD = -1, /* *e says why */
	ENDPOINT_OK,       /* *out is filled */
	ENDPOINT_ANY,      /* ":port" alone: *out has the port, the family is AF_UNSPEC: the socket's family decides */
	ENDPOINT_NAME,     /* "host.name:port": `host` and out->port are filled */
};

/* Parse `text`. `host` (ENDPOINT_HOST bytes) may be NULL where names are not wanted: they are BAD then. A bare
 * "host" without a port is accepted and leaves has_port false. */
enum endpoint_form endpoint_parse(const char *text, struct endpoint *out, char *host, struct err *e);

/* Append-free formatting; `out` has at least ENDPOINT_TEXT bytes for all of it, shorter arrays cut. Returns out.
 * No endpoint gives "*", an unnamed UNIX socket "unix:(unnamed)"; control bytes of a path are escaped. */
char *endpoint_format(const struct endpoint *e, char *out, size_t size);
/* The address alone, as in JSON: "127.0.0.1", "fe80::1%eth0", "/path", "@name". */
char *endpoint_address(const struct endpoint *e, char *out, size_t size);

/* The same of bytes as on the wire (RFC 5952), quickly: the length. `family` is AF_INET or AF_INET6, `out` has
 * INET6_ADDRSTRLEN bytes. */
size_t endpoint_ip_text(int family, const uint8_t ip[16], char *out);

/* From and to the kernel's form. to: the length, or 0 when there is no endpoint. from: an unknown family or a short
 * length gives AF_UNSPEC. A v4 endpoint on an AF_INET6 socket is mapped by endpoint_map first. */
socklen_t endpoint_to_sockaddr(const struct endpoint *e, struct sockaddr_storage *out);
void endpoint_from_sockaddr(struct endpoint *e, const struct sockaddr *from, socklen_t len);

/* Make `e` usable on a socket of `family`: ::ffff:a.b.c.d for v4 on AF_INET6, the wildcard for AF_UNSPEC with a
 * port. False (and e untouched) where that cannot be. */
bool endpoint_map(struct endpoint *e, int family);
/* The reverse for display and for matching packets: ::ffff:a.b.c.d becomes a.b.c.d. */
void endpoint_unmap(struct endpoint *e);
/* A wildcard address becomes the loopback of its family, so that it can be connected to. */
void endpoint_reachable(struct endpoint *e);

uint32_t endpoint_port(const struct endpoint *e);                               /* of VSOCK all 32 bits */
bool endpoint_is_any(const struct endpoint *e);                                 /* 0.0.0.0 or :: */
bool endpoint_is_loopback(const struct endpoint *e);                            /* 127/8, ::1, ::ffff:127/8 */
bool endpoint_same(const struct endpoint *a, const struct endpoint *b);         /* everything */
bool endpoint_same_address(const struct endpoint *a, const struct endpoint *b); /* without the port */
int endpoint_compare(const struct endpoint *a, const struct endpoint *b);       /* for sorting */
uint64_t endpoint_hash(const struct endpoint *e, uint64_t seed);

#endif
