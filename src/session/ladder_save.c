/* A ladder as a file. */
#include "session/ladder_of.h"

#include "inside.h"

#include "analysis/ladder_line.h"
#include "analysis/ladder_svg.h"
#include "util/err.h"
#include "util/real_user.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { TEXT_WIDTH = 120 };

static bool ends_in(const char *path, const char *ending)
{
	size_t len = strlen(path), tail = strlen(ending);

	return len > tail && !strcasecmp(path + len - tail, ending);
}

bool ladder_file(const char *path)
{
	return ends_in(path, ".svg") || ends_in(path, ".txt");
}

int save_bytes(const char *path, const void *bytes, size_t len, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666), rc = 0;
	const char *at = bytes;

	if (fd < 0)
		return err_set(e, errno, "%s: %s", path, strerror(errno));
	real_user_owns(fd);
	while (len && !rc) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno != EINTR)
			rc = err_set(e, errno, "%s: %s", path, strerror(errno));
		if (n > 0) {
			at += n;
			len -= (size_t)n;
		}
	}
	if (close(fd) && !rc)
		rc = err_set(e, errno, "%s: %s", path, strerror(errno));
	return rc;
}

int ladder_save(const struct session *s, uint64_t key, const char *path, size_t *rows, struct err *e)
{
	struct ladder ladder = { 0 };
	struct buf text = { 0 };
	int rc;

	ladder_of(s, key, NULL, &ladder);
	ladder_settle(&ladder, s->match, true);
	*rows = ladder.row_count;
	if (!*rows) {
		ladder_done(&ladder);
		return err_set(e, ENOENT, "there is no ladder to write: nothing has happened on this socket");
	}
	if (ends_in(path, ".svg"))
		ladder_svg(&ladder, true, &text);
	else
		ladder_text(&ladder, TEXT_WIDTH, s->settings.ascii, true, &text);
	rc = save_bytes(path, buf_text(&text), text.len, e);
	buf_done(&text);
	ladder_done(&ladder);
	return rc;
}
