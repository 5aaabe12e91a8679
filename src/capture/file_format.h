/* file_format.h - pcap and pcapng as a pure function over bytes: no I/O, no clock; the only state is
 * struct file_format, which remembers what the headers said.
 *
 *   pcap    https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html, both byte orders, in
 *           micro- or nanoseconds, and the variants of its record header that have been around
 *   pcapng  https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html, sections, interfaces
 *           with a link type, snapshot length and resolution of their own, all packet blocks
 *
 * Whoever reads gives the bytes that are there from the current place on; each step says how many
 * of them are done with. Bytes are hostile: every length is checked against what it lies in, and
 * what is kept is bounded (FILE_INTERFACES).
 */
#ifndef CAPTURE_FILE_FORMAT_H
#define CAPTURE_FILE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FILE_INTERFACES = 65536, /* of one section */
	FILE_PACKET = 262144,    /* bytes of a packet; more is damage */
	FILE_LARGE = 16 << 20,   /* the same for buses whose packets may be larger (USB, D-Bus) */
	FILE_NOTE = 1 << 20,     /* a block of names, secrets, ... that is longer is passed over */
	FILE_WHY = 160,
};

enum file_step {
	FILE_MORE,    /* `want` bytes must be there, counted from the first one given */
	FILE_GOT,     /* a packet */
	FILE_HEADER,  /* a section or an interface began; options may follow */
	FILE_NAMES,   /* a name resolution block: see file_name */
	FILE_SECRETS, /* decryption secrets: `type`, and `data` is the body */
	FILE_OURS,    /* a block of our own, capture/custom.h: `data` is what is in it */
	FILE_PASSED,  /* something that nobody asks for */
	FILE_BAD,     /* `why`; there is no step after it */
};

/* What a step found. Pointers go into the bytes that were given. */
struct file_item {
	size_t used, want;
	const uint8_t *data; /* FILE_GOT: the packet; FILE_NAMES: its records; FILE_SECRETS: them */
	size_t size;         /* of data */
	uint64_t at_ns;      /* since 1970; 0 where the file has no time */
	uint32_t len, cap;   /* on the wire, and kept (cap == size) */
	uint32_t interface;  /* counted over all sections from 0 */
	uint32_t ifindex;    /* as the variant "modified" has it, else 0 */
	uint32_t type;       /* of secrets */
	uint16_t linktype;
	uint8_t direction; /* enum direction */
	const uint8_t *options;
	size_t options_len;
	char why[FILE_WHY];
};

struct file_interface {
	uint16_t linktype;
	uint32_t snaplen;
	uint32_t serial;   /* see struct file_item, interface */
	uint32_t multiply; /* a time stamp's unit in ns, or */
	uint64_t divide;   /* so many units are a ns (multiply is 0), or */
	uint8_t shift;     /* 2^-shift seconds (both are 0) */
	int64_t offset_s;
};

enum file_kind { FILE_UNKNOWN, FILE_PCAP, FILE_PCAPNG };

/* A zeroed struct is ready for the first byte of a file; file_format_done frees what it holds. */
struct file_format {
	enum file_kind kind;
	bool swapped;
	uint64_t skip; /* bytes of a long block that are still to be passed over */
	/* pcap */
	uint8_t record;  /* bytes of a record's header */
	bool looked;     /* at the first records: is `record` right? */
	uint8_t lengths; /* enum, see file_pcap.c */
	struct file_interface only;
	/* pcapng */
	struct file_interface *interfaces;
	uint32_t count, room, serial;
};

enum file_step file_step(struct file_format *f, const uint8_t *bytes, size_t len,
			 struct file_item *out);
void file_format_done(struct file_format *f);

/* One option after the other: codes as in the draft. False at the end, or where one is damaged. */
struct file_option {
	uint16_t code, len;
	const uint8_t *value;
};
enum { OPTION_END = 0, OPTION_COMMENT = 1, OPTION_IF_NAME = 2 };
bool file_option_next(const struct file_format *f, const uint8_t **at, size_t *left,
		      struct file_option *out);
/* The records of a name resolution block: an address of 4 or 16 bytes, and its names, each ended by
 * a NUL. */
struct file_name {
	const uint8_t *address;
	unsigned address_len;
	const char *names;
	size_t names_len;
};
bool file_name_next(const struct file_format *f, const uint8_t **at, size_t *left,
		    struct file_name *out);

/* Shared by the two formats' files. */
enum file_step file_bad(struct file_item *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
enum file_step file_want(struct file_item *out, size_t want);
enum file_step file_pcap_step(struct file_format *f, const uint8_t *bytes, size_t len,
			      struct file_item *out);
enum file_step file_pcapng_step(struct file_format *f, const uint8_t *bytes, size_t len,
				struct file_item *out);
/* False: `magic` (as this host reads it) begins no pcap file. */
bool file_pcap_magic(struct file_format *f, uint32_t magic);
uint32_t file_packet_most(uint16_t linktype);

static inline uint32_t file_get32(const struct file_format *f, const uint8_t *b)
{
	uint32_t v;

	__builtin_memcpy(&v, b, 4);
	return f->swapped ? __builtin_bswap32(v) : v;
}

static inline uint16_t file_get16(const struct file_format *f, const uint8_t *b)
{
	uint16_t v;

	__builtin_memcpy(&v, b, 2);
	return f->swapped ? __builtin_bswap16(v) : v;
}

#endif
