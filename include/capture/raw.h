/* raw.h - what a SOCK_RAW listener can listen to, raw(7) and packet(7).
 *
 * tcp, udp and icmp are inet raw sockets, one for IPv4 and one for IPv6 (where icmp is ICMPv6):
 * they get a copy of what comes in for this host, after routing, the firewall and reassembly. IPv4
 * comes with its header; IPv6 comes without, and the header is put together again from ancillary
 * data (RFC 3542): struct packet says how many bytes were (`rebuilt`). `all` is a packet socket:
 * frames as the devices have them, both ways. */
#ifndef CAPTURE_RAW_H
#define CAPTURE_RAW_H

#include <stdbool.h>

enum raw_protocol { RAW_TCP, RAW_UDP, RAW_ICMP, RAW_ALL, RAW_PROTOCOLS };

/* Sockets of one listener: IPv4 and IPv6, or the packet socket alone. */
enum { RAW_SOCKETS = 2 };

struct raw_row {
	const char *name;  /* "tcp", as in commands and options */
	const char *title; /* "raw tcp" */
	const char *blind; /* a sentence: what this source cannot see */
	struct {
		int family, protocol; /* socket(family, SOCK_RAW, protocol); family 0: none */
		const char *call;     /* the same as a text */
	} sockets[RAW_SOCKETS];
};
extern const struct raw_row raw_rows[RAW_PROTOCOLS];

/* False: no such word. */
bool raw_protocol_named(const char *name, enum raw_protocol *out);

#endif
