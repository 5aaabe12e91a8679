/* dump_beside.h - what is known of a packet beside its bytes: who has the sockets at its ends, and
 * what the file that is read says of it, and what is in its TLS records. Live, owners are looked up
 * (session/owner_watch.h); a file
 * of ours has them in its comments.
 */
#ifndef CLI_DUMP_BESIDE_H
#define CLI_DUMP_BESIDE_H

#include "core/packet.h"
#include "core/packet_owner.h"
#include "util/buf.h"

#include <stdbool.h>

struct dump_write;
struct err;
struct guard;
struct note;
struct source;
struct owner_watch;
struct tls_record;
struct tls_watch;

struct dump_beside {
	struct source *source;
	struct owner_watch *watch; /* NULL: a file, or nobody can tell */
	struct tls_watch *tls;     /* NULL: nobody asks. Owned */
	int stop;                  /* a descriptor that ends waiting for an owner; -1: none */
	/* Names and secrets of a file, as they come, borrowed. */
	void (*note)(void *arg, const struct note *n);
	void *arg;
	bool compose; /* live: comments, for a file that is written */
	/* Of the packet at hand. */
	struct packet_owners owners;     /* source, destination */
	bool owned;                      /* at least one is known */
	const struct tls_record *opened; /* TLS records that it completed, `opened_count` */
	unsigned opened_count;
	struct buf comments; /* of its file, a NUL behind each; foreign. Live: ours, for a file */
};

/* `live`: owners are looked up; where that cannot be had, they stay unknown. The source is open. */
void dump_beside_begin(struct dump_beside *b, struct source *source, struct guard *guard, bool live);
void dump_beside_turn(struct dump_beside *b); /* once a block */
/* The packet has been entered into its flow. */
void dump_beside_packet(struct dump_beside *b, const struct packet *p, const uint8_t *bytes);
/* What stands behind the last packet. */
void dump_beside_end(struct dump_beside *b);
void dump_beside_done(struct dump_beside *b); /* before the source's end */

#endif
