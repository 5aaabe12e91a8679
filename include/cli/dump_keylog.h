/* dump_keylog.h - `dump --keylog FILE`: the secrets of TLS connections, as programs write them into
 * the file that SSLKEYLOGFILE names. What is added to it while the capture runs is read, too.
 */
#ifndef CLI_DUMP_KEYLOG_H
#define CLI_DUMP_KEYLOG_H

#include "util/buf.h"

struct err;
struct tls_keys;

struct dump_keylog {
	int fd;          /* -1: there is none */
	struct buf line; /* the part of one that is there */
};

/* Before privileges and files are given away. 0 or -errno. */
int dump_keylog_open(struct dump_keylog *k, const char *path, struct err *e);
/* What has come since the last time, into `keys`; whole lines also to `tell`, which may be NULL. */
void dump_keylog_read(struct dump_keylog *k, struct tls_keys *keys,
		      void (*tell)(void *arg, const char *lines, size_t len), void *arg);
void dump_keylog_done(struct dump_keylog *k);

#endif
