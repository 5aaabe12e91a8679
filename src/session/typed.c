#include "session/typed.h"

#include "session/config.h"
#include "util/buf.h"
#include "util/mem.h"
#include "util/real_user.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEPT_BYTES = 1 << 18, KEPT_LINES = 1000 };

/* The file's path, its folders made. False where there is no home to put it. */
static bool path_of(struct buf *path)
{
	if (config_path("XDG_STATE_HOME", ".local/state", "history", path))
		return false;
	for (char *slash = path->data + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		real_user_folder(path->data, 0700);
		*slash = '/';
	}
	return true;
}

bool typed_folder(struct buf *path)
{
	if (!path_of(path))
		return false;
	buf_cut(path, path->len - strlen("/history"), strlen("/history"));
	return true;
}

static bool read_tail(int fd, struct buf *out)
{
	off_t size = lseek(fd, 0, SEEK_END);
	off_t from = size > KEPT_BYTES ? size - KEPT_BYTES : 0;
	ssize_t got;

	while ((got = pread(fd, buf_room(out, 65536), 65536, from + (off_t)out->len)) > 0)
		out->len += (size_t)got;
	return got == 0;
}

/* A file that has grown too long is written anew with its newest lines. */
static void shorten(const char *path, const struct buf *text)
{
	struct buf beside = { 0 };
	const char *from = buf_text(text) + text->len;
	size_t lines = 0;
	int fd;

	while (from > buf_text(text) && lines <= KEPT_LINES)
		lines += *--from == '\n';
	if (*from == '\n')
		from++;
	buf_printf(&beside, "%s.new", path);
	fd = open(beside.data, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0) {
		size_t len = (size_t)(buf_text(text) + text->len - from);
		bool whole = write(fd, from, len) == (ssize_t)len;

		real_user_owns(fd);
		if (close(fd) || !whole || rename(beside.data, path))
			unlink(beside.data);
	}
	buf_done(&beside);
}

size_t typed_load(char **lines, size_t most)
{
	struct buf path = { 0 }, text = { 0 };
	size_t count = 0;
	int fd = path_of(&path) ? open(path.data, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) : -1;

	if (fd < 0 || !read_tail(fd, &text))
		goto out;
	for (char *line = text.data, *end; line && (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (!*line)
			continue;
		if (count == most) {
			free(lines[0]);
			memmove(lines, lines + 1, (most - 1) * sizeof *lines);
			count--;
		}
		lines[count++] = mem_string(line);
	}
	for (size_t i = 0; i < text.len; i++) /* put back what was cut apart */
		if (!text.data[i])
			text.data[i] = '\n';
	if (text.len > KEPT_BYTES / 2)
		shorten(path.data, &text);
out:
	if (fd >= 0)
		close(fd);
	buf_done(&path);
	buf_done(&text);
	return count;
}

void typed_append(const char *line)
{
	struct buf path = { 0 }, text = { 0 };
	int fd = -1;

	if (!*line || strchr(line, '\n') || !path_of(&path))
		goto out;
	fd = open(path.data, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		goto out;
	real_user_owns(fd);
	buf_printf(&text, "%s\n", line);
	if (write(fd, text.data, text.len) < 0)
		goto out; /* a full disk: this line is not kept */
out:
	if (fd >= 0)
		close(fd);
	buf_done(&path);
	buf_done(&text);
}
