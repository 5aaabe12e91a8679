#include "file_bytes.h"

#include "util/clock.h"
#include "util/err.h"
#include "util/library.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define ZLIB_FUNCTIONS(X) X(inflateInit2_) X(inflate) X(inflateReset) X(inflateEnd)
LIBRARY(zlib, "zlib", ZLIB_FUNCTIONS, "libz.so.1", "libz.so")

/* clang-format off */
#define ZSTD_FUNCTIONS(X) \
	X(ZSTD_createDCtx) X(ZSTD_decompressStream) X(ZSTD_freeDCtx) X(ZSTD_isError) X(ZSTD_getErrorName)
/* clang-format on */
LIBRARY(libzstd, "libzstd", ZSTD_FUNCTIONS, "libzstd.so.1", "libzstd.so")

enum {
	PACKED = 256 << 10, /* compressed bytes at a time */
	MAGIC = 4,
	WINDOW = 15 + 16, /* zlib: the largest window, gzip's header */
};

enum packing { UNKNOWN, PLAIN, GZIP, ZSTD };

struct file_bytes {
	int fd;
	bool regular, end, follow;
	uint64_t taken;
	off_t start; /* of a regular file: where reading began */
	enum packing packing;
	/* What was read and not handed out: the first bytes, or compressed ones. */
	uint8_t *in;
	size_t at, len;
	bool inside; /* a member or frame has begun and not ended */
	z_stream gzip;
	ZSTD_DCtx *zstd;
};

static const uint8_t gzip[] = { 0x1f, 0x8b }, zstd[] = { 0x28, 0xb5, 0x2f, 0xfd };

static bool is_gzip(const uint8_t *bytes, size_t len)
{
	return len >= sizeof gzip && !memcmp(bytes, gzip, sizeof gzip);
}

static bool is_zstd(const uint8_t *bytes, size_t len)
{
	return len >= sizeof zstd && !memcmp(bytes, zstd, sizeof zstd);
}

int file_bytes_open(const char *path, struct file_bytes **out, struct err *e)
{
	struct file_bytes *f;
	struct stat st;
	int fd = STDIN_FILENO, rc = 0;

	if (strcmp(path, "-"))
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st))
		rc = errno;
	else if (S_ISDIR(st.st_mode))
		rc = EISDIR;
	if (rc) {
		if (fd > STDIN_FILENO)
			close(fd);
		return err_set(e, rc, "%s", strerror(rc));
	}
	f = mem_alloc(sizeof *f);
	f->fd = fd;
	f->regular = S_ISREG(st.st_mode);
	f->start = f->regular ? lseek(fd, 0, SEEK_CUR) : 0;
	f->in = mem_alloc(PACKED);
	if (f->regular)
		posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	*out = f;
	return 0;
}

void file_bytes_close(struct file_bytes *f)
{
	if (!f)
		return;
	if (f->fd > STDIN_FILENO)
		close(f->fd);
	if (f->packing == GZIP)
		zlib.inflateEnd(&f->gzip);
	if (f->zstd)
		libzstd.ZSTD_freeDCtx(f->zstd);
	free(f->in);
	free(f);
}

bool file_bytes_regular(const struct file_bytes *f)
{
	return f->regular;
}

bool file_bytes_plain(const struct file_bytes *f)
{
	uint8_t magic[sizeof zstd];
	ssize_t n = f->regular ? pread(f->fd, magic, sizeof magic, f->start) : -1;

	return n >= 0 && !is_gzip(magic, (size_t)n) && !is_zstd(magic, (size_t)n);
}

void file_bytes_follow(struct file_bytes *f)
{
	f->follow = true;
	f->end = false;
}

uint64_t file_bytes_taken(const struct file_bytes *f)
{
	return f->taken;
}

uint64_t file_bytes_size(const struct file_bytes *f)
{
	struct stat st;

	if (!f->regular || fstat(f->fd, &st) || st.st_size < f->start)
		return 0;
	return (uint64_t)(st.st_size - f->start);
}

uint64_t file_bytes_idle_ns(const struct file_bytes *f)
{
	uint64_t now = clock_real_ns(), then;
	struct stat st;

	if (fstat(f->fd, &st))
		return 0;
	then = (uint64_t)st.st_mtim.tv_sec * 1000000000u + (uint64_t)st.st_mtim.tv_nsec;
	return now > then ? now - then : 0;
}

int file_bytes_fd(const struct file_bytes *f)
{
	return f->fd;
}

/* --- as they are --- */

static long take(struct file_bytes *f, uint8_t *out, size_t room, struct err *e)
{
	struct pollfd p = { .fd = f->fd, .events = POLLIN };
	ssize_t n;

	if (f->end)
		return 0;
	if (!f->regular && poll(&p, 1, 0) <= 0)
		return -EAGAIN;
	do
		n = read(f->fd, out, room);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? -EAGAIN : err_set(e, errno, "%s", strerror(errno));
	f->end = !n && !f->follow;
	f->taken += (uint64_t)n;
	return n;
}

/* Compressed bytes to work on; 0: there are no more. */
static long more(struct file_bytes *f, struct err *e)
{
	long n;

	if (f->at < f->len)
		return (long)(f->len - f->at);
	n = take(f, f->in, PACKED, e);
	if (n > 0) {
		f->at = 0;
		f->len = (size_t)n;
	}
	return n;
}

static long handed(struct file_bytes *f, uint8_t *out, size_t room)
{
	size_t n = f->len - f->at < room ? f->len - f->at : room;

	memcpy(out, f->in + f->at, n);
	f->at += n;
	return (long)n;
}

/* --- unpacked --- */

static long packed_end(const struct file_bytes *f, struct err *e)
{
	if (!f->inside)
		return 0;
	return err_set(e, EBADMSG, "the compressed data end early");
}

static long gzip_read(struct file_bytes *f, uint8_t *out, size_t room, struct err *e)
{
	z_stream *z = &f->gzip;
	long n;
	int rc;

	for (;;) {
		n = more(f, e);
		if (n <= 0)
			return n ? n : packed_end(f, e);
		if (!f->inside && zlib.inflateReset(z) != Z_OK)
			return err_set(e, ENOMEM, "no memory to unpack it");
		f->inside = true;
		z->next_in = f->in + f->at;
		z->avail_in = (uInt)n;
		z->next_out = out;
		z->avail_out = (uInt)room;
		rc = zlib.inflate(z, Z_NO_FLUSH);
		f->at = f->len - z->avail_in;
		if (rc == Z_STREAM_END)
			f->inside = false;
		else if (rc != Z_OK && rc != Z_BUF_ERROR)
			return err_set(e, EBADMSG, "the compressed data are damaged (gzip: %s)",
				       z->msg ? z->msg : "no member begins there");
		if (room > z->avail_out)
			return (long)(room - z->avail_out);
	}
}

static long zstd_read(struct file_bytes *f, uint8_t *out, size_t room, struct err *e)
{
	for (;;) {
		long n = more(f, e);
		ZSTD_inBuffer in = { f->in, f->len, f->at };
		ZSTD_outBuffer to = { out, room, 0 };
		size_t rc;

		if (n < 0 || (!n && !f->inside))
			return n;
		rc = libzstd.ZSTD_decompressStream(f->zstd, &to, &in);
		f->at = in.pos;
		if (libzstd.ZSTD_isError(rc))
			return err_set(e, EBADMSG, "the compressed data are damaged (zstd: %s)",
				       libzstd.ZSTD_getErrorName(rc));
		f->inside = rc;
		if (to.pos)
			return (long)to.pos;
		if (!n)
			return packed_end(f, e);
	}
}

/* The first bytes tell what it is. */
static long look(struct file_bytes *f, struct err *e)
{
	while (f->len < MAGIC) {
		long n = take(f, f->in + f->len, PACKED - f->len, e);

		if (n < 0)
			return n;
		if (!n)
			break;
		f->len += (size_t)n;
	}
	f->packing = PLAIN;
	if (is_gzip(f->in, f->len)) {
		if (library_load(&zlib_library, e))
			return -ENOENT;
		if (zlib.inflateInit2_(&f->gzip, WINDOW, ZLIB_VERSION, sizeof f->gzip) != Z_OK)
			return err_set(e, ENOMEM, "no memory to unpack it");
		f->packing = GZIP;
	} else if (is_zstd(f->in, f->len)) {
		if (library_load(&libzstd_library, e))
			return -ENOENT;
		f->zstd = libzstd.ZSTD_createDCtx();
		if (!f->zstd)
			return err_set(e, ENOMEM, "no memory to unpack it");
		f->packing = ZSTD;
	}
	return 0;
}

long file_bytes_read(struct file_bytes *f, uint8_t *out, size_t room, struct err *e)
{
	if (f->packing == UNKNOWN) {
		long rc = look(f, e);

		if (rc)
			return rc;
	}
	switch (f->packing) {
	case GZIP: return gzip_read(f, out, room, e);
	case ZSTD: return zstd_read(f, out, room, e);
	default: return f->at < f->len ? handed(f, out, room) : take(f, out, room, e);
	}
}
