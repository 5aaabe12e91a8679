/* save.h - what a source gives, into a capture file: with the names of its interfaces, with what was
 * dropped, and with what the file that is read says beside its packets.
 */
#ifndef SESSION_SAVE_H
#define SESSION_SAVE_H

#include "capture/writer.h"

struct save;
struct source;

/* As writer_open; `config`'s interface and user are filled in here. The source is borrowed. */
int save_open(const struct writer_config *config, struct source *source, struct save **out,
	      struct err *e);
/* As writer_packet; a comment that the packet had in its file goes before `owner`. */
int save_packet(struct save *s, const struct packet *p, const uint8_t *bytes, const char *owner,
		struct err *e);
/* What was dropped so far, and everything out of the buffer. As writer_flush. */
int save_batch(struct save *s, struct err *e);
/* As writer_close. */
int save_close(struct save *s, struct writer_stats *stats, struct err *e);

#endif
