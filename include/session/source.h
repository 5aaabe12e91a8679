/* source.h - packets for a face that wants nothing else: a capture (live, a file, a stream on
 * standard input) or several side by side, their blocks in order of time, numbered, and their
 * packets put into flows.
 *
 * One thread: source_wait waits for the next block or for one of the caller's descriptors;
 * source_take gives the block to the caller, who gives it back before taking another. The flow table
 * lives as long as the source.
 */
#ifndef SESSION_SOURCE_H
#define SESSION_SOURCE_H

#include "analysis/flow.h"
#include "capture/capture.h"
#include "capture/note.h"

#include <poll.h>

struct guard;
struct source;

enum { SOURCE_CAPTURES = 16, SOURCE_OWNED = 1 << 18 };

/* As capture_open, guard_enter (`guard` may be NULL) and capture_start, for each of `count` (1 to
 * SOURCE_CAPTURES) captures: a packet's `source` is the index of its own. `configs` are only read
 * during the call. */
int source_open(const struct capture_config *configs, unsigned count, struct guard *guard, struct source **out,
		struct err *e);
void source_close(struct source *s); /* waits for the workers; NULL is fine */
int source_wait(struct source *s, struct pollfd *extra, size_t count, int timeout_ms);
struct block *source_take(struct source *s); /* NULL: nothing there now */
void source_give_back(struct source *s, struct block *b);
/* Put the block's next packet into its flow: packet by packet, in order, before it is looked at. */
void source_enter(struct source *s, struct block *b, uint32_t i);
/* 0: it goes on; 1: it has ended and everything was taken; -errno with *e: it failed there. */
int source_ended(struct source *s, struct err *e);
const struct flow_table *source_flows(const struct source *s);
void source_stats(const struct source *s, struct capture_stats *out); /* of all captures */
/* What a file says beside its packets (only a file does), up to and with those about packet `number`:
 * the oldest that was not taken yet, which the caller frees with free(3); NULL: no more for now. */
struct note *source_note(struct source *s, uint64_t number);
/* Who has the sockets of a flow: a place to enter it, made empty for the first call, that lives as
 * long as the source. NULL: SOURCE_OWNED flows have one already. */
struct packet_owners *source_owners(struct source *s, uint32_t flow);
/* Bytes that wait to be taken. */
uint64_t source_backlog(struct source *s);
/* As capture_interface. */
char *source_interface(struct source *s, const struct packet *p, char out[64]);

#endif
