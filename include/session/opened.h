/* opened.h - the capture file that a session has open in place of a live capture (-r).
 *
 * A worker reads it and decodes summaries; the main loop adopts them a few milliseconds at a time
 * (opened_adopt), so that keys are answered meanwhile: each packet goes into its flow and into the
 * index of the recorder, 32 bytes a packet, and is read again when it is looked at. The rows of the
 * scope `file` are its flows, behind one that stands for all packets.
 *
 * A plain file is followed as it grows, a stream until it ends. What is damaged ends the reading; what
 * came before stays.
 */
#ifndef SESSION_OPENED_H
#define SESSION_OPENED_H

#include "analysis/flow.h"
#include "core/history.h"
#include "session/session.h"

struct block;
struct replay;
struct spool;

/* Keys of rows: lab ids are small, those of the host's sockets have the highest bit. */
#define ROW_KEY_ALL (UINT64_C(1) << 61)
#define ROW_KEY_FLOW (UINT64_C(1) << 62)

struct opened {
	char *path, name[128]; /* name: its last part, clean */
	struct spool *spool;
	uint64_t keeps;             /* it is a copy in a temporary file, of so many bytes at most; 0: the file itself */
	struct mail *head;          /* blocks that were taken and wait to be adopted */
	uint64_t packets, bytes;    /* so far; on the wire */
	uint64_t first_ns, last_ns; /* the earliest and the latest time of a packet */
	uint64_t malformed, fragments, no_flow;
	uint64_t done, size;   /* bytes of the file that were read, and are there; size 0: a stream */
	bool read;             /* all that is there was adopted */
	bool ended;            /* and nothing more will come */
	struct err damage;     /* code 0: none */
	bool behind;           /* somebody shows more in the next turn of the loop than in this one */
	uint64_t rows_ns;      /* CLOCK_MONOTONIC: when the rows were made last */
	uint64_t rows_packets; /* and what they were made of */
	struct replay *replay; /* sockets and calls, of a recording; NULL: it has none */
};

/* Open it: -errno with *e, which names it. "-" is standard input. */
int opened_open(struct session *s, const char *path, struct err *e);
void opened_free(struct opened *o); /* NULL is fine */
/* Adopt blocks for a few milliseconds. True: there were some. */
bool opened_adopt(struct session *s);
/* Is a file open that has an end, and no stream? */
bool opened_is_file(const struct session *s);
/* Is there more to adopt at once? Then nobody should sleep. */
bool opened_waits(const struct session *s);
/* When the rows are to be made again, CLOCK_MONOTONIC; UINT64_MAX: they are up to date. */
uint64_t opened_rows_until(const struct session *s);
/* The end of its reading was noticed; `why` code 0: a regular one. */
void opened_ended(struct session *s, const struct err *why);

/* For who looks at many packets, each of which is read from the file: until when (CLOCK_MONOTONIC) it
 * may go on in this turn of the loop, and, before packet `i` of it, whether there is time left. Where
 * there is not, another turn comes soon. Without a file there is no end of it. */
uint64_t opened_turn(const struct session *s);
bool opened_has_time(const struct session *s, size_t i, uint64_t until);

/* --- rows of the scope file --- */

void opened_add_rows(struct session *s, void (*add)(struct session *s, const struct row *row));
/* A flow as a socket: the client's end is the local one. */
void opened_sock(const struct session *s, const struct row *row, struct sock *out);
const struct flow *opened_flow(const struct session *s, const struct row *row); /* NULL: none */
/* The states of the selected flow's ends, as its packets prove them: [0] the client's. NULL: no flow
 * of TCP is selected, or its beginning was not seen. */
const struct history *opened_history(const struct session *s, unsigned end);

#endif
