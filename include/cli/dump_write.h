/* dump_write.h - `dump -w`: packets into a file beside, or in place of, what is printed. */
#ifndef CLI_DUMP_WRITE_H
#define CLI_DUMP_WRITE_H

#include "core/packet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;
struct note;
struct source;
struct dump_write;

struct dump_write_options { /* part of dump's own */
	const char *path;
	uint64_t size_mb, seconds, files; /* -C, -G, -W; 0: not given */
	bool print;                       /* lines too */
};

struct dump_write_config {
	const struct dump_write_options *options; /* borrowed */
	const char *reading, *filter;             /* NULL: live; everything */
	uint32_t snaplen;
	struct source *source; /* borrowed */
};

/* OPTIONS_GO, or the exit status and everything was said. */
int dump_write_check(const struct dump_write_options *o);
int dump_write_open(const struct dump_write_config *config, struct dump_write **out, struct err *e);
/* False: no more packets are wanted. `comments` as of writer_packet. */
bool dump_write_packet(struct dump_write *w, const struct packet *p, const uint8_t *bytes, const struct buf *comments);
/* Names and secrets, as writer_note. */
void dump_write_note(struct dump_write *w, const struct note *n);
/* Lines of a key log go along with the packets. `write` is a struct dump_write, or NULL. */
void dump_write_secrets(void *write, const char *lines, size_t len);
/* Live: what was written is seen by whoever reads the file now. */
void dump_write_batch(struct dump_write *w);
/* The exit status; what could not be written was said. `summary`: say what was. NULL is fine. */
int dump_write_close(struct dump_write *w, bool summary);

#endif
