#include "session/keylog.h"

#include "analysis/tls_keys.h"
#include "util/err.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 64 << 10, LONGEST = 4096 };

int keylog_open(struct keylog *k, const char *path, struct err *e)
{
	k->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return k->fd < 0 ? err_set(e, errno, "%s: %s", path, strerror(errno)) : 0;
}

void keylog_read(struct keylog *k, struct tls_keys *keys, void (*tell)(void *arg, const char *lines, size_t len),
		 void *arg)
{
	ssize_t n;

	while (k->fd >= 0 && (n = read(k->fd, buf_room(&k->line, PIECE), PIECE)) > 0) {
		const char *last;
		size_t whole;

		tls_keys_feed(keys, k->line.data + k->line.len, (size_t)n);
		k->line.len += (size_t)n;
		last = memrchr(k->line.data, '\n', k->line.len);
		whole = last ? (size_t)(last + 1 - k->line.data) : 0;
		if (!whole && k->line.len > LONGEST) /* no key log */
			whole = k->line.len;
		if (whole && tell)
			tell(arg, k->line.data, whole);
		buf_cut(&k->line, 0, whole);
	}
}

void keylog_done(struct keylog *k)
{
	if (k->fd >= 0)
		close(k->fd);
	k->fd = -1;
	buf_done(&k->line);
}
