/* spool.h - the bytes of a capture file, unpacked, to be read again at any place.
 *
 * A plain file is its own spool. What is compressed, and what streams in through a pipe, is copied
 * into a file without a name in $TMPDIR, /var/tmp or /tmp (memory, where none of them can be
 * written): at most SPOOL_MOST bytes of it or half of what is free there. Then the oldest bytes are
 * let go: what lies before spool_start is gone.
 *
 * Threading: one thread writes, another may read; whoever is last to spool_drop frees it.
 */
#ifndef CAPTURE_SPOOL_H
#define CAPTURE_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct spool;

#define SPOOL_MOST (UINT64_C(4) << 30)

/* Of a file that is open for reading: a duplicate of `fd`. Offset 0 is where it is read from now. */
int spool_of_file(int fd, struct spool **out, struct err *e);
/* An empty one. `most` 0: as above. */
int spool_make(uint64_t most, struct spool **out, struct err *e);
struct spool *spool_share(struct spool *s); /* one more who drops it */
void spool_drop(struct spool *s);           /* NULL is fine */
/* The next bytes. What finds no room is not kept: it is gone. */
void spool_write(struct spool *s, const void *bytes, size_t len);
bool spool_read(const struct spool *s, uint64_t offset, void *out, size_t len); /* false: gone */
uint64_t spool_start(const struct spool *s); /* of the first byte that is still there */
bool spool_is_copy(const struct spool *s);   /* not the file itself */

#endif
