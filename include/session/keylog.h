/* keylog.h - a key log: the secrets of TLS connections, as programs write them into the file that
 * SSLKEYLOGFILE names. What is added to it meanwhile is read, too.
 */
#ifndef SESSION_KEYLOG_H
#define SESSION_KEYLOG_H

#include "util/buf.h"

struct err;
struct tls_keys;

struct keylog {
	int fd;          /* -1: there is none */
	struct buf line; /* the part of one that is there */
};

/* Before privileges and files are given away. 0 or -errno. */
int keylog_open(struct keylog *k, const char *path, struct err *e);
/* What has come since the last time, into `keys`; whole lines also to `tell`, which may be NULL. */
void keylog_read(struct keylog *k, struct tls_keys *keys, void (*tell)(void *arg, const char *lines, size_t len),
		 void *arg);
void keylog_done(struct keylog *k);

#endif
