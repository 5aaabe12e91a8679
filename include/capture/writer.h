/* writer.h - capture files: pcapng with an interface block for each link type and interface that
 * occurs, directions, drops and comments, all in nanoseconds; plain pcap where the name ends in
 * ".pcap"; rotated by size and time as tcpdump does it.
 *
 * An existing regular file is written over, as tcpdump would, but never through a symbolic link,
 * never the file that is being read, and not at all with `keep`. What root makes under sudo belongs
 * to who called sudo.
 *
 * When there is no room left, what was written stays readable: the file ends with a whole block, the
 * error is returned once, packets are counted as lost, and writing is tried again each second of
 * their time. One writer, one thread; writing is buffered (writer_flush).
 */
#ifndef CAPTURE_WRITER_H
#define CAPTURE_WRITER_H

#include "core/packet.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct err;
struct note;
struct writer;

struct writer_config {
	const char *path;    /* "-" is standard output, /dev/fd/N a descriptor */
	const char *reading; /* a file that must not be written over; NULL: none */
	const char *filter;  /* told in the interface blocks; NULL: none */
	uint32_t snaplen;    /* 0: no limit */
	bool keep;           /* -EEXIST where there is such a file */
	/* tcpdump's -C (bytes), -G and -W; 0: not at all. The path goes through strftime(3) with -G. The
	 * time is that of the packets. */
	uint64_t size_most, seconds, files;
	uint64_t now_ns; /* when the first interval begins; 0: with the first packet */
	/* The name of the interface a packet came from, "" for none; NULL: that of this host's index. */
	const char *(*interface)(void *user, const struct packet *p);
	void *user;
};

struct writer_stats {
	uint64_t packets, bytes, files; /* written, or waiting in the buffer; of packets; begun */
	uint64_t lost;                  /* packets: there was no room */
};

enum { WRITER_FULL = 1 /* -G with -W: the last file is done */ };

int writer_open(const struct writer_config *config, struct writer **out, struct err *e);
/* 0, WRITER_FULL, or -errno with *e where writing begins to fail: say it, and go on. -EPIPE: nobody
 * reads. `comments`: NULL for none (pcapng only), else each is followed by a NUL; they may hold anything,
 * and are written as they are. */
int writer_packet(struct writer *w, const struct packet *p, const uint8_t *bytes, const struct buf *comments,
		  struct err *e);
/* Packets lost so far, by the kernel and by us: the next packet says how many more (pcapng). */
void writer_drops(struct writer *w, uint64_t total);
/* Names and secrets, for this file and those that follow it; other notes are ignored (pcapng). */
void writer_note(struct writer *w, const struct note *n);
/* A block of our own (capture/custom.h), behind the packets so far; nothing in a pcap file. As
 * writer_packet. */
int writer_extra(struct writer *w, const void *bytes, size_t len, struct err *e);
int writer_flush(struct writer *w, struct err *e); /* as writer_packet */
void writer_stats(const struct writer *w, struct writer_stats *out);
/* Statistics, flush, close; frees `w` in any case, which may be NULL. `stats` may be NULL too. */
int writer_close(struct writer *w, struct writer_stats *stats, struct err *e);

#endif
