/* save.h - what a source gives, into a capture file: with the names of its interfaces, with what was
 * dropped, and with the notes that are handed in.
 */
#ifndef SESSION_SAVE_H
#define SESSION_SAVE_H

#include "capture/writer.h"

struct note;
struct save;
struct source;

/* As writer_open; `config`'s interface and user are filled in here. The source is borrowed. */
int save_open(const struct writer_config *config, struct source *source, struct save **out, struct err *e);
/* As writer_packet. */
int save_packet(struct save *s, const struct packet *p, const uint8_t *bytes, const struct buf *comments,
		struct err *e);
/* As writer_note. */
void save_note(struct save *s, const struct note *n);
/* What was dropped so far, and everything out of the buffer. As writer_flush. */
int save_batch(struct save *s, struct err *e);
/* As writer_close. */
int save_close(struct save *s, struct writer_stats *stats, struct err *e);

#endif
