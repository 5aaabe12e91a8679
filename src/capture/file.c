/* file.c - packets from a pcap or pcapng file, or from a stream of them on standard input.
 *
 * libpcap reads through a FILE of ours: with a large buffer (its own is 4 KiB, which is most of its
 * cost), and with a read function that can be woken while a pipe is silent. The header of a pipe is
 * read by the worker, so that opening never blocks; that of a regular file at once, so that opening
 * tells what is wrong with it.
 */
#include "inside.h"
#include "soft_filter.h"

#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER = 256 << 10 };

struct file {
	struct capture *capture;
	pcap_t *pcap; /* NULL until the header was read */
	FILE *stream; /* pcap's, once there is one */
	char *buffer;
	int fd;
	bool regular;
	char *filter; /* waits for the header of a pipe */
	struct soft_filter soft;
	uint16_t linktype;
	uint64_t count;
};

static const char *file_name(const struct capture *c)
{
	return strcmp(c->config.device, "-") ? c->config.device : "standard input";
}

/* --- the stream below libpcap: fopencookie(3) --- */

static ssize_t stream_read(void *cookie, char *out, size_t size)
{
	struct file *f = cookie;

	for (;;) {
		ssize_t n;

		if (atomic_load(&f->capture->stop)) {
			errno = ECANCELED;
			return -1;
		}
		n = read(f->fd, out, size);
		if (n >= 0)
			return n;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return -1;
		capture_sleep(f->capture, f->fd, -1);
	}
}

/* Standard input keeps its blocking mode, which other programs share: look before reading. */
static ssize_t pipe_read(void *cookie, char *out, size_t size)
{
	struct file *f = cookie;

	capture_flush(f->capture);
	do {
		capture_answer(f->capture);
		if (atomic_load(&f->capture->stop)) {
			errno = ECANCELED;
			return -1;
		}
	} while (!capture_sleep(f->capture, f->fd, -1));
	return stream_read(cookie, out, size);
}

static int stream_close(void *cookie)
{
	struct file *f = cookie;

	if (f->fd > STDIN_FILENO)
		close(f->fd);
	f->fd = -1;
	return 0;
}

/* --- the source --- */

static int file_filter(struct capture *c, const char *text, struct err *e)
{
	struct file *f = c->source;

	if (f->pcap)
		return soft_filter_set(&f->soft, pcap_datalink(f->pcap), text, e);
	free(f->filter);
	f->filter = mem_string(text);
	return 0;
}

static int read_header(struct capture *c, struct err *e)
{
	struct file *f = c->source;
	char words[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = pcap_fopen_offline_with_tstamp_precision(f->stream,
								PCAP_TSTAMP_PRECISION_NANO, words);

	if (!pcap)
		return err_set(e, EBADMSG, "%s: %s", file_name(c), words);
	f->pcap = pcap;
	f->linktype = link_type(pcap_datalink(pcap));
	return soft_filter_set(&f->soft, pcap_datalink(pcap), f->filter, e);
}

static void file_close(struct capture *c)
{
	struct file *f = c->source;

	if (f->pcap)
		pcap_close(f->pcap); /* closes the stream too */
	else if (f->stream)
		fclose(f->stream);
	soft_filter_done(&f->soft);
	free(f->filter);
	free(f->buffer);
	free(f);
	c->source = NULL;
}

static int open_stream(struct capture *c, struct err *e)
{
	static const cookie_io_functions_t regular = { .read = stream_read, .close = stream_close };
	static const cookie_io_functions_t pipe = { .read = pipe_read, .close = stream_close };
	struct file *f = c->source;
	struct stat st;

	/* Not blocking: a FIFO is opened before its writer is there. */
	f->fd = STDIN_FILENO;
	if (strcmp(c->config.device, "-"))
		f->fd = open(c->config.device, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (f->fd < 0 || fstat(f->fd, &st))
		return err_set(e, errno, "%s: %s", file_name(c), strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(e, EISDIR, "%s: %s", file_name(c), strerror(EISDIR));
	f->regular = S_ISREG(st.st_mode);
	f->stream = fopencookie(f, "r", f->regular ? regular : pipe);
	if (!f->stream)
		return err_set(e, errno, "%s: %s", file_name(c), strerror(errno));
	f->buffer = mem_alloc(BUFFER);
	setvbuf(f->stream, f->buffer, _IOFBF, BUFFER);
	return 0;
}

static int file_open(struct capture *c, struct err *e)
{
	struct file *f = mem_alloc(sizeof *f);
	int rc;

	f->capture = c;
	f->filter = mem_string(c->config.filter);
	c->source = f;
	rc = open_stream(c, e);
	if (!rc && f->regular)
		rc = read_header(c, e);
	if (rc) {
		if (!f->stream && f->fd > STDIN_FILENO)
			close(f->fd);
		file_close(c);
	}
	return rc;
}

static void got(u_char *user, const struct pcap_pkthdr *h, const u_char *bytes)
{
	struct capture *c = (struct capture *)(void *)user;
	struct file *f = c->source;
	struct arrival a = {
		.bytes = bytes,
		.linktype = f->linktype,
		.len = h->len,
		.cap = h->caplen,
		.at_ns = (uint64_t)h->ts.tv_sec * 1000000000u + (uint64_t)h->ts.tv_usec,
	};

	f->count++;
	link_facts(&a);
	if (soft_filter_passes(&f->soft, bytes, h->len, h->caplen))
		capture_take(c, &a);
}

static int file_read(struct capture *c, struct err *e)
{
	struct file *f = c->source;
	int rc = f->pcap ? 0 : read_header(c, e);

	if (!rc) {
		rc = pcap_dispatch(f->pcap, BATCH, got, (u_char *)c);
		if (rc >= 0)
			return rc ? CAPTURE_SOME : CAPTURE_END;
		rc = err_set(e, EBADMSG, "%s, after packet %llu: %s", file_name(c),
			     (unsigned long long)f->count, pcap_geterr(f->pcap));
	}
	return atomic_load(&c->stop) ? CAPTURE_END : rc;
}

static int file_fd(const struct capture *c, int *timeout_ms)
{
	(void)c;
	(void)timeout_ms;
	return -1;
}

const struct capture_ops capture_file = {
	.name = "file",
	.waits = true,
	.open = file_open,
	.read = file_read,
	.filter = file_filter,
	.fd = file_fd,
	.close = file_close,
};
