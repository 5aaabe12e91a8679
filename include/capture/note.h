/* note.h - what a capture file says beside its packets: comments, names of addresses, secrets that
 * decrypt. Kept for whoever asks; what nobody takes is bounded (NOTES_BYTES), and counted then.
 *
 * Threading: the worker adds, one other thread takes; a list's own lock is between them.
 */
#ifndef CAPTURE_NOTE_H
#define CAPTURE_NOTE_H

#include "core/endpoint.h"

#include <stddef.h>
#include <stdint.h>

struct capture;

enum { NOTES_BYTES = 16 << 20, NOTES_SECRETS_TLS = 0x544c534b /* "TLSK": an NSS key log */ };

enum note_kind { NOTE_COMMENT, NOTE_NAME, NOTE_SECRETS };

struct note {
	struct note *next;
	/* Of the packets handed over, from 1: the one that a comment is about, or that the others
	 * come before. A comment about the file or an interface has 0. */
	uint64_t packet;
	enum note_kind kind;
	uint32_t type;           /* of secrets, as in the file */
	struct endpoint address; /* of a name */
	size_t len;
	char text[]; /* followed by a NUL; foreign: not clean */
};

/* All that came since the last time, oldest first; the caller frees each with free(3). NULL: none.
 * A note is there before its packet has been posted. */
struct note *capture_notes(struct capture *c);
/* A name of the interface that a packet came from, "" where there is none: of this host for what is
 * captured, of the file for what is read. `out` has 64 bytes. Returns out. */
char *capture_interface(struct capture *c, uint32_t ifindex, char out[64]);

#endif
