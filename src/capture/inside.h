/* inside.h - what the capture's files share: the handle, the table of sources, and how a source
 * hands packets over.
 *
 * Threading: from capture_start on, the worker owns the source, the scratch block and `settled_ns`.
 * What the main thread looks at meanwhile is atomic; `error` is written before `ended` is set and
 * read after it. `lock` guards `request` and `gone`, nothing else.
 */
#ifndef CAPTURE_INSIDE_H
#define CAPTURE_INSIDE_H

#include "capture/capture.h"
#include "notes.h"
#include "util/err.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	SCRATCH_PACKETS = 2048,
	PLACED_PACKETS = 1024, /* the other thread finds them in the cache still */
	SCRATCH_BYTES = 256 << 10, /* grows for a packet that is larger than all of it */
	BATCH = 1024,              /* packets a source reads before it looks up */
	SNAPLEN_MOST = 262144,
	LINKTYPE_ETHERNET = 1,
	LINKTYPE_RAW = 101,
	LINKTYPE_LINUX_SLL = 113,
	LINKTYPE_LINUX_SLL2 = 276,
};

/* What a read found; failures are -errno. */
enum capture_read { CAPTURE_IDLE, CAPTURE_SOME, CAPTURE_END };

/* One kind of source. Everything but `open` is called by whoever owns the source: the worker while
 * it runs. */
struct capture_ops {
	const char *name;
	/* NULL: packets cannot be pulled. Else: does this one wait for nobody? A read then ends
	 * before it touches bytes that it handed over. */
	bool (*pulls)(const struct capture *c);
	bool waits; /* a full mailbox makes it wait; the others lose packets, which is counted */
	/* All that needs a privilege. Sets c->source. On failure nothing is left behind. */
	int (*open)(struct capture *c, struct err *e);
	/* Hand over what is there by capture_take, at most about BATCH packets, without
	 * blocking. */
	int (*read)(struct capture *c, struct err *e);
	int (*filter)(struct capture *c, const char *text, struct err *e);
	/* What poll(2) waits for when a read found nothing; *timeout_ms may be shortened. -1:
	 * nothing. */
	int (*fd)(const struct capture *c, int *timeout_ms);
	/* A read found nothing, and all that came before it was posted. NULL: nobody cares. */
	void (*rest)(struct capture *c);
	void (*close)(struct capture *c);
};

extern const struct capture_ops capture_live, capture_file, capture_fake, capture_raw;

struct filter_request {
	const char *text;
	struct err error;
	int rc;
	bool answered;
};

/* The block that is being filled; a block of the exact size is made of it when it is handed
 * over. */
struct scratch {
	struct packet *packets;
	uint8_t *bytes;
	struct block *block; /* of a placed capture: what holds the packets, and is handed over */
	const uint8_t *borrowed; /* of a pull: where the first packet's bytes lie */
	uint32_t count, used, room; /* packets, bytes, bytes allocated */
	uint64_t since_ns;          /* CLOCK_MONOTONIC of its first packet */
};

struct capture {
	const struct capture_ops *ops;
	struct capture_config config; /* with the defaults filled in; its strings are ours */
	void *source;
	int wake; /* eventfd(2): a request, a question, the end */
	struct mailbox *box;
	pthread_t thread;
	bool started;

	struct scratch scratch;
	bool pulled; /* by capture_pull: scratch.bytes are the source's own */
	uint64_t settled_ns; /* what read_until may say once the scratch block is handed over */
	uint64_t asked_ns;   /* CLOCK_MONOTONIC: when the worker last saw the question */

	atomic_bool stop, asked, ended;
	_Atomic uint64_t read_until;
	_Atomic uint64_t received, bytes, dropped_kernel, dropped_interface, dropped_here;
	struct err error; /* code 0: a regular end */
	struct spool *spool;         /* of a placed file; NULL */
	_Atomic uint64_t done, size; /* see struct capture_progress */
	atomic_bool at_end, has_tail;
	struct err tail; /* guarded by `lock` */

	struct notes notes;
	pthread_mutex_t lock;
	pthread_cond_t answer;
	struct filter_request *request;
	bool gone; /* the worker takes no more requests */
	struct block *spare; /* placed blocks that were given back, guarded by `lock`; by mail.next */
};

/* A packet as its source saw it. The bytes are copied, unless the capture is placed. */
struct arrival {
	const uint8_t *bytes;
	uint64_t place; /* of them in the spool */
	uint64_t at_ns;
	uint32_t len, cap, ifindex;
	uint16_t linktype;
	uint8_t direction; /* enum direction */
	uint16_t rebuilt;  /* see struct packet */
};

void *capture_work(void *capture); /* the worker; see pthread_create(3) */
void capture_take(struct capture *c,
		  const struct arrival *a); /* cut to the snapshot length, decode, keep */
void capture_drop_spare(struct capture *c); /* with `lock` held */
void capture_flush(struct capture *c);      /* hand the scratch block over */
/* Hand over, behind the packets so far, what is no packet. */
void capture_extra(struct capture *c, const void *bytes, size_t len);
void capture_answer(struct capture *c);     /* a filter that is waiting */
/* Sleep until `fd` is readable (-1: none), the capture is woken or the time is over (-1: for ever).
 * True when `fd` has something to say. */
bool capture_sleep(const struct capture *c, int fd, int timeout_ms);
void capture_wake(const struct capture *c);

/* -EPERM, with what needs CAP_NET_RAW ("capturing") and the command that grants it. */
int capture_refused(struct err *e, const char *what);

/* LINKTYPE_ for libpcap's DLT_, which differ for a few, and back. */
uint16_t link_type(int dlt);
int link_dlt(uint16_t linktype);
/* The interface and the direction where the link's header has them (SLL, SLL2); else *a is left as
 * it is. */
void link_facts(struct arrival *a);

#endif
