/* file_bytes.h - the bytes of a file, a FIFO or standard input, decompressed where they begin as
 * gzip (RFC 1952) or Zstandard (RFC 8878) do; several members or frames follow each other as one.
 *
 * Reading never waits: a descriptor that is no regular file is asked by poll(2) first, and keeps
 * its blocking mode, which other programs may share.
 */
#ifndef CAPTURE_FILE_BYTES_H
#define CAPTURE_FILE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct file_bytes;

/* "-" is standard input. A FIFO is opened before its writer is there. */
int file_bytes_open(const char *path, struct file_bytes **out, struct err *e);
/* Up to `room` bytes: their count, 0 at the end, -EAGAIN when there are none now; -EBADMSG and *e
 * for compressed data that are damaged or end early, or what read(2) says. */
long file_bytes_read(struct file_bytes *f, uint8_t *out, size_t room, struct err *e);
bool file_bytes_regular(const struct file_bytes *f);
/* A regular file that is not compressed: asked before the first read. */
bool file_bytes_plain(const struct file_bytes *f);
/* Of a plain file: an end is no end from now on, it may grow. */
void file_bytes_follow(struct file_bytes *f);
uint64_t file_bytes_taken(const struct file_bytes *f); /* from the descriptor, as they lie there */
uint64_t file_bytes_size(const struct file_bytes *f);  /* of the file; 0: unknown */
uint64_t file_bytes_idle_ns(const struct file_bytes *f); /* since it was written to last */
int file_bytes_fd(const struct file_bytes *f);
void file_bytes_close(struct file_bytes *f); /* NULL is fine */

#endif
