/* raw_inside.h - what the files of the SOCK_RAW source share: its sockets, what the kernel says
 * beside a packet's bytes, and headers made of that. */
#ifndef CAPTURE_RAW_INSIDE_H
#define CAPTURE_RAW_INSIDE_H

#include "capture/raw.h"
#include "inside.h"

#include <netinet/in.h>
#include <sys/socket.h>

enum {
	RAW_CONTROL = 512,               /* bytes of ancillary data of a packet */
	RAW_EXTENSIONS = 8,              /* IPv6 extension headers among it */
	RAW_HEADROOM = 40 + RAW_CONTROL, /* the longest header that can be put before a packet */
	RAW_FLOWINFO =
		11, /* IPV6_FLOWINFO of linux/in6.h, which cannot stand beside netinet/in.h */
};

struct raw_socket {
	int fd;
	int family;       /* AF_INET, AF_INET6, AF_PACKET */
	uint8_t protocol; /* IPPROTO_ of an inet socket */
	uint32_t lost;    /* the kernel's counter the last time */
};

/* Open the listener's sockets (this needs CAP_NET_RAW), or duplicates of those that were `handed`
 * (see struct capture_config). They are shut. A kernel without IPv6 gives one. Returns how many, or
 * -errno with *e and nothing left behind. */
int raw_sockets_open(enum raw_protocol protocol, const int *handed,
		     struct raw_socket out[RAW_SOCKETS], struct err *e);
/* Let nothing pass, and throw away what is there: an inet socket gets packets from its first moment,
 * before anybody could ask for what stands beside them. A filter opens it again. */
int raw_socket_shut(int fd, struct err *e);
/* Ask for ancillary data, size the buffer, bind to a device (NULL: all). Needs no privilege. */
int raw_socket_prepare(const struct raw_socket *s, uint32_t buffer_bytes, const char *device,
		       struct err *e);
/* The kernel's count of packets that found no room, for what no packet has told yet. */
bool raw_socket_lost(const struct raw_socket *s, uint32_t *out);

/* Beside the bytes. Zero where the kernel did not say. */
struct raw_facts {
	uint64_t at_ns;
	uint32_t ifindex;
	uint32_t lost; /* SO_RXQ_OVFL: so many were lost on this socket before this packet */
	uint8_t direction;
	/* IPv6 */
	uint8_t src[16], dst[16];
	int hops, tclass;
	uint32_t flow; /* the header's first 32 bits without the version */
	struct raw_extension {
		uint8_t kind; /* IPPROTO_ */
		const uint8_t *bytes;
		uint32_t len;
	} extensions[RAW_EXTENSIONS];
	unsigned extension_count;
	uint32_t extension_bytes; /* of all of them, at most RAW_CONTROL */
	/* packet sockets */
	uint16_t linktype;
	uint32_t len;     /* on the wire */
	uint32_t network; /* where the network's header begins, behind the link's */
	bool has_vlan;
	uint16_t vlan, vlan_type;
};

/* Any bytes may stand in the message's name and control buffers; `out` points into them. */
void raw_facts_read(struct raw_facts *out, struct msghdr *m);
/* Write the IPv6 header and extension headers for `payload` bytes of `protocol` so that they end
 * at `end`, which has RAW_HEADROOM bytes before it. Returns their length. */
uint32_t raw_header_put(const struct raw_facts *f, uint8_t protocol, uint32_t payload,
			uint8_t *end);
/* Bytes to leave out at the start of a frame, so that it is what its link type says: a link header
 * other than Ethernet's. */
uint32_t raw_link_skip(const struct raw_facts *f, uint32_t cap);
/* Put the VLAN tag, which the kernel took out, back into an Ethernet frame of `cap` bytes, before
 * which there is room for 4. Returns how many bytes the frame begins earlier. */
uint32_t raw_vlan_put(const struct raw_facts *f, uint8_t *frame, uint32_t cap);

#endif
