/* capture.h - packets from a source, read and summarised by a worker thread, handed over in blocks.
 *
 * Life: capture_open on the main thread opens the device (this is what needs CAP_NET_RAW; it takes
 * 8 to 24 ms); capture_start starts the worker; blocks arrive in the mailbox that the caller owns;
 * capture_close asks the worker to end and returns at once, the worker closes the source by itself
 * (20 to 40 ms); capture_reap joins it.
 *
 * Threading: the worker owns the source. The main thread reads counters and `read until` through
 * atomics. No lock is held while reading or decoding. When the mailbox is full, packets are dropped
 * by us and counted.
 *
 * Sources are rows of one table (struct capture_ops): libpcap live, libpcap file, a SOCK_RAW
 * listener, a fake one for tests.
 */
#ifndef CAPTURE_CAPTURE_H
#define CAPTURE_CAPTURE_H

#include "capture/raw.h"
#include "core/packet.h"
#include "util/err.h"

#include <stdbool.h>
#include <stdint.h>

struct mailbox;
struct spool;
struct capture;

/* A file waits while the mailbox is full; the others lose packets. A file that is damaged gives
 * what is good. */
enum capture_kind { CAPTURE_LIVE, CAPTURE_FILE, CAPTURE_FAKE, CAPTURE_RAW };

struct capture_config {
	enum capture_kind kind;
	/* LIVE and RAW: "any", "lo", ...; FILE: a path, "-" for standard input; FAKE: ignored */
	const char *device;
	const char *filter;    /* BPF, or NULL for everything */
	uint32_t snaplen;      /* 0: 262144 */
	uint32_t buffer_bytes; /* the kernel's, 0: 16 MiB */
	unsigned wait_ms;      /* how long the kernel may hold a packet back, 0: 10 */
	uint8_t source;        /* put into every packet */
	bool promiscuous;      /* a named device only */
	/* FILE: its blocks are placed (struct block), and capture_spool reads the bytes; at the end of
	 * a plain file the capture waits for more; what a recording of ours keeps beside packets
	 * (capture/custom.h) is handed over as a block without packets, between theirs. One without
	 * bytes either wakes whoever waits: there is news of the progress or the end. */
	bool placed;
	enum raw_protocol raw; /* RAW: what it listens to */
	/* RAW: NULL, or RAW_SOCKETS descriptors in the order of raw_rows, -1 where there is none,
	 * that somebody with the privilege has opened. The capture works on duplicates: they stay
	 * the caller's, and serve again. Only read by capture_open. */
	const int *sockets;
	/* FAKE: packets to deliver, with offset into fake_bytes; borrowed until the worker ends */
	const struct packet *fake;
	const uint8_t *fake_bytes;
	uint32_t fake_count;
};

struct capture_stats {
	uint64_t received;       /* packets handed over */
	uint64_t bytes;          /* theirs on the wire */
	uint64_t dropped_kernel; /* no room in the kernel's buffer */
	uint64_t dropped_interface;
	uint64_t dropped_here; /* the mailbox was full */
};

/* 0, or -errno: -EPERM when the privilege is missing (*e names the capability and the command that
 * grants it), -ENODEV, -EINVAL for a filter that does not compile (with libpcap's words). */
int capture_open(const struct capture_config *config, struct capture **out, struct err *e);
/* Start the worker. Blocks are posted to `box`, which outlives the capture. */
int capture_start(struct capture *c, struct mailbox *box, struct err *e);
/* In place of capture_start, for who does nothing but read a file (capture_can_pull): no worker, no
 * copies. 1: *out has the next packets, borrowed until the next call; 0: there are no more; -errno
 * with *e: damaged there. */
bool capture_can_pull(const struct capture *c);
int capture_pull(struct capture *c, struct block *out, struct err *e);
/* Replace the filter (NULL: everything) while running; the worker compiles it, and this waits for
 * its answer: a few ms, more for a filter of hundreds of terms. A packet is judged by the filter
 * that was there when it was seen; none is missed in between. -EINVAL with libpcap's words, -E2BIG
 * for what the kernel does not take, -ESHUTDOWN after the end; the old filter stays then. Needs no
 * privilege. */
int capture_filter(struct capture *c, const char *filter, struct err *e);
void capture_stats(const struct capture *c, struct capture_stats *out);
/* Every packet that was seen before this moment (CLOCK_REALTIME ns) has been posted (or dropped and
 * counted): take it first, then the mailbox. It moves on while the wire is idle: the question
 * itself wakes the worker, so whoever waits for a moment to pass asks again, every 10 ms or so. A
 * file and the fake say 0 until they end; after the end, and after a failure: UINT64_MAX. */
uint64_t capture_read_until(struct capture *c);
/* The worker ended by itself: 0 while it runs or after a regular end; -errno with *e when the
 * source failed (the interface went away, a damaged file). `ended` may be NULL. */
int capture_state(const struct capture *c, bool *ended, struct err *e);
const char *capture_device(const struct capture *c);
/* Of a placed file: where its bytes are read again; the caller drops it. NULL: it is none. */
struct spool *capture_spool(const struct capture *c);
/* How far the reading of a placed file is. */
struct capture_progress {
	uint64_t done, size; /* bytes of the file as it lies on the disk; size 0: a stream, unknown */
	bool at_end;         /* what is there was read and posted; more is waited for */
	struct err tail;     /* it has ended within a packet for a while: where; code 0: it has not */
};
void capture_progress(struct capture *c, struct capture_progress *out);
/* NULL is fine; returns at once; the handle stays valid for capture_reap */
void capture_close(struct capture *c);
/* True: the worker is gone and *c freed; NULL: true. With `wait` it joins the worker (20 to 40 ms),
 * after capture_close. */
bool capture_reap(struct capture *c, bool wait);

/* A block of this placed capture that nobody needs any more: it is filled again. Others are freed. `c` may be NULL. */
void capture_give_back(struct capture *c, struct block *b);

/* The devices that can be captured on, "any" among them. The caller frees *out. */
struct capture_device {
	char name[64];
	char description[96];
	bool up, loopback;
};
int capture_devices(struct capture_device **out, unsigned *count, struct err *e);

/* Before files can no longer be opened: load the library that captures and filters need. */
void capture_prepare(void);

#endif
