#include "capture/spool.h"

#include "util/err.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PARTS = 16 /* that much at a time is let go */, MEMORY = 64 << 20, PAGE = 1 << 20 };

struct spool {
	int fd;
	uint64_t base; /* of a file: where offset 0 is */
	bool copy;
	uint64_t most, end; /* the writer's own */
	_Atomic uint64_t start;
	_Atomic unsigned users;
};

static struct spool *spool_new(int fd)
{
	struct spool *s = mem_alloc(sizeof *s);

	s->fd = fd;
	atomic_init(&s->start, 0);
	atomic_init(&s->users, 1);
	return s;
}

int spool_of_file(int fd, struct spool **out, struct err *e)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	off_t at = lseek(fd, 0, SEEK_CUR);

	if (own < 0 || at < 0) {
		int code = errno;

		if (own >= 0)
			close(own);
		return err_set(e, code, "%s", strerror(code));
	}
	*out = spool_new(own);
	(*out)->base = (uint64_t)at;
	return 0;
}

/* A file that no folder lists goes away with the program, whatever ends it. */
static int nameless(uint64_t *most)
{
	const char *const folders[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };
	struct statvfs room;

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		int fd = folders[i] && *folders[i] ? open(folders[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;
		uint64_t half = fd >= 0 && !fstatvfs(fd, &room) ? (uint64_t)room.f_bavail * room.f_frsize / 2 : 0;

		if (half >= MEMORY) {
			*most = half < SPOOL_MOST ? half : SPOOL_MOST;
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	*most = MEMORY;
	return memfd_create("sockeye", MFD_CLOEXEC);
}

int spool_make(uint64_t most, struct spool **out, struct err *e)
{
	uint64_t room;
	int fd = nameless(&room);

	if (fd < 0)
		return err_set(e, errno, "no temporary file: %s", strerror(errno));
	*out = spool_new(fd);
	(*out)->copy = true;
	(*out)->most = most ? most : room;
	return 0;
}

struct spool *spool_share(struct spool *s)
{
	atomic_fetch_add(&s->users, 1);
	return s;
}

void spool_drop(struct spool *s)
{
	if (!s || atomic_fetch_sub(&s->users, 1) > 1)
		return;
	close(s->fd);
	free(s);
}

/* The pages before the new start go back to the file system. */
static void let_go(struct spool *s, uint64_t bytes)
{
	uint64_t start = atomic_load(&s->start) + bytes;

	start = start < s->end ? start : s->end;
	atomic_store(&s->start, start);
	fallocate(s->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)(start / PAGE * PAGE));
}

static bool put(struct spool *s, const void *bytes, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = pwrite(s->fd, (const char *)bytes + done, len - done, (off_t)(s->end + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

void spool_write(struct spool *s, const void *bytes, size_t len)
{
	uint64_t part = s->most / PARTS + len;
	bool there;

	while (s->end + len - atomic_load(&s->start) > s->most && atomic_load(&s->start) < s->end)
		let_go(s, part);
	there = put(s, bytes, len);
	if (!there) { /* the file system is fuller than it was: ours is let go first */
		let_go(s, s->most / 2);
		there = put(s, bytes, len);
	}
	s->end += len;
	if (!there)
		atomic_store(&s->start, s->end);
}

bool spool_read(const struct spool *s, uint64_t offset, void *out, size_t len)
{
	if (offset < atomic_load(&s->start))
		return false;
	for (size_t done = 0; done < len;) {
		ssize_t n = pread(s->fd, (char *)out + done, len - done, (off_t)(s->base + offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return offset >= atomic_load(&s->start); /* it may have been let go meanwhile */
}

uint64_t spool_start(const struct spool *s)
{
	return atomic_load(&s->start);
}

bool spool_is_copy(const struct spool *s)
{
	return s->copy;
}
