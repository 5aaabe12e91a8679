/* Blocks are written in this host's byte order, which the section header's magic tells:
 *
 *    0                   1                   2                   3
 *   +---------------------------------------------------------------+
 *   |                          Block Type                           |
 *   +---------------------------------------------------------------+
 *   |                      Block Total Length                       |
 *   +---------------------------------------------------------------+
 *   |              Block Body, padded to 32 bits, options           |
 *   +---------------------------------------------------------------+
 *   |                      Block Total Length                       |
 *   +---------------------------------------------------------------+
 */
#include "capture/pcapng.h"

#include "util/buf.h"
#include "util/err.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum block_type { SECTION_HEADER = 0x0a0d0d0a, INTERFACE = 1, ENHANCED_PACKET = 6 };

enum option_code { OPTION_END = 0, IF_NAME = 2, IF_TSRESOL = 9, SHB_USERAPPL = 4, EPB_FLAGS = 2 };

enum { INTERFACES = 64, FLUSH_AT = 1 << 18 };

struct pcapng {
	int fd;
	char *path;
	struct buf out;
	size_t start;                  /* of the block that is being written */
	struct {
		uint16_t linktype;
		uint32_t ifindex;
	} interfaces[INTERFACES];
	uint32_t interface_count;
};

static void put(struct pcapng *w, const void *bytes, size_t len)
{
	static const char zeroes[4];

	buf_add(&w->out, bytes, len);
	buf_add(&w->out, zeroes, (4 - len % 4) % 4);
}

static void put32(struct pcapng *w, uint32_t value)
{
	buf_add(&w->out, &value, 4);
}

static void put_pair(struct pcapng *w, uint16_t a, uint16_t b)
{
	buf_add(&w->out, &a, 2);
	buf_add(&w->out, &b, 2);
}

static void put_option(struct pcapng *w, uint16_t code, const void *value, size_t len)
{
	put_pair(w, code, (uint16_t)len);
	put(w, value, len);
}

static void block_begin(struct pcapng *w, uint32_t type)
{
	w->start = w->out.len;
	put32(w, type);
	put32(w, 0);
}

static void block_end(struct pcapng *w)
{
	uint32_t len = (uint32_t)(w->out.len - w->start + 4);

	memcpy(w->out.data + w->start + 4, &len, 4);
	put32(w, len);
}

static int flush(struct pcapng *w, struct err *e)
{
	size_t done = 0;

	while (done < w->out.len) {
		ssize_t n = write(w->fd, w->out.data + done, w->out.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			int code = errno;

			buf_cut(&w->out, 0, done);
			return err_set(e, code, "%s: %s", w->path, strerror(code));
		}
		done += (size_t)n;
	}
	buf_clear(&w->out);
	return 0;
}

static void section_header(struct pcapng *w)
{
	static const char program[] = "sockeye";
	const uint64_t unknown = UINT64_MAX;

	block_begin(w, SECTION_HEADER);
	put32(w, 0x1a2b3c4d);
	put_pair(w, 1, 0);
	put(w, &unknown, 8);
	put_option(w, SHB_USERAPPL, program, sizeof program - 1);
	put_option(w, OPTION_END, NULL, 0);
	block_end(w);
}

static uint32_t interface_of(struct pcapng *w, const struct packet *p)
{
	static const uint8_t nanoseconds = 9;
	char name[IF_NAMESIZE];
	uint32_t i;

	for (i = 0; i < w->interface_count; i++)
		if (w->interfaces[i].linktype == p->linktype && w->interfaces[i].ifindex == p->ifindex)
			return i;
	if (i == INTERFACES) /* more interfaces than anybody has: the last one of that link type stands for them */
		return INTERFACES - 1;
	w->interfaces[i].linktype = p->linktype;
	w->interfaces[i].ifindex = p->ifindex;
	w->interface_count++;
	block_begin(w, INTERFACE);
	put_pair(w, p->linktype, 0);
	put32(w, 0); /* no limit to the snapshot length */
	if (p->ifindex && if_indextoname(p->ifindex, name))
		put_option(w, IF_NAME, name, strlen(name));
	put_option(w, IF_TSRESOL, &nanoseconds, 1);
	put_option(w, OPTION_END, NULL, 0);
	block_end(w);
	return i;
}

int pcapng_create(const char *path, struct pcapng **out, struct err *e)
{
	struct pcapng *w;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);

	if (fd < 0)
		return err_set(e, errno, "%s: %s", path, errno == EEXIST ? "the file exists already" : strerror(errno));
	w = mem_alloc(sizeof *w);
	w->fd = fd;
	w->path = mem_string(path);
	section_header(w);
	*out = w;
	return 0;
}

int pcapng_packet(struct pcapng *w, const struct packet *p, const uint8_t *bytes, struct err *e)
{
	uint32_t interface = interface_of(w, p);
	uint32_t flags = p->direction == DIRECTION_IN ? 1 : p->direction == DIRECTION_OUT ? 2 : 0;

	block_begin(w, ENHANCED_PACKET);
	put32(w, interface);
	put32(w, (uint32_t)(p->at_ns >> 32));
	put32(w, (uint32_t)p->at_ns);
	put32(w, p->cap);
	put32(w, p->len);
	put(w, bytes, p->cap);
	if (flags) {
		put_option(w, EPB_FLAGS, &flags, 4);
		put_option(w, OPTION_END, NULL, 0);
	}
	block_end(w);
	return w->out.len >= FLUSH_AT ? flush(w, e) : 0;
}

int pcapng_close(struct pcapng *w, struct err *e)
{
	int rc;

	if (!w)
		return 0;
	rc = flush(w, e);
	if (close(w->fd) && !rc)
		rc = err_set(e, errno, "%s: %s", w->path, strerror(errno));
	buf_done(&w->out);
	free(w->path);
	free(w);
	return rc;
}
