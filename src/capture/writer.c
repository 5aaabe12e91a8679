#include "capture/writer.h"

#include "capture/custom.h"
#include "capture/note.h"
#include "encode.h"
#include "out_file.h"

#include "util/buf.h"
#include "util/err.h"
#include "util/mem.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	FLUSH_AT = 256 << 10,
	PREFACE = 16 << 20, /* names and secrets that are told again in each file */
	INTERFACES = 4096,
	PATH = 4096,
	SECOND = 1000000000,
};

struct writer_interface {
	uint16_t linktype;
	uint32_t ifindex;
	uint64_t packets, from_ns, until_ns;
};

struct writer {
	struct writer_config config; /* its strings are ours */
	bool pcapng;
	int fd; /* -1: no file is open */
	bool regular;
	char path[PATH]; /* of the open file */
	struct buf out, preface;
	uint64_t size; /* of the file, without what waits in `out` */

	struct writer_interface *interfaces;
	uint32_t interface_count, interface_room, interface_last;

	uint64_t dropped, dropped_told, dropped_file; /* in all; told of them; at the file's start */
	uint64_t interval_ns, intervals, number;      /* -G's; the number behind the name */
	bool failed, unfit;                           /* there is no room; a packet came that the format cannot hold */
	uint64_t failed_ns;                           /* by the packets' time */
	struct writer_stats stats;
};

/* --- bytes --- */

static int cannot(struct writer *w, int code, struct err *e)
{
	w->failed = true;
	return err_set(e, code, "%s: %s", w->path, strerror(code));
}

/* Everything out. On failure the file ends with the last whole block that there was room for, and
 * the rest stays. */
static int push(struct writer *w, struct err *e)
{
	size_t done = 0, whole;
	int code = 0;

	while (done < w->out.len && !code) {
		ssize_t n = write(w->fd, w->out.data + done, w->out.len - done);

		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno != EINTR)
			code = errno;
	}
	if (!code) {
		w->size += done;
		w->failed = false;
		buf_clear(&w->out);
		return 0;
	}
	whole = w->regular ? encode_whole(w->out.data, done, w->pcapng) : done;
	w->size += whole;
	if (w->regular && (ftruncate(w->fd, (off_t)w->size) || lseek(w->fd, (off_t)w->size, SEEK_SET) < 0))
		code = errno;
	buf_cut(&w->out, 0, whole);
	return cannot(w, code, e);
}

/* --- names of files --- */

static unsigned digits(uint64_t value)
{
	unsigned count = 1;

	while (value /= 10)
		count++;
	return count;
}

static int name_file(struct writer *w, struct err *e)
{
	const struct writer_config *c = &w->config;
	char name[PATH] = "";
	time_t at = (time_t)(w->interval_ns / SECOND);
	unsigned width = c->files && c->size_most ? digits(c->files - 1) : 0;
	struct tm here;
	int len;

	if (c->seconds && localtime_r(&at, &here)) {
		if (!strftime(name, sizeof name, c->path, &here))
			return err_set(e, ENAMETOOLONG, "%s: the name is too long", c->path);
	} else {
		snprintf(name, sizeof name, "%s", c->path);
	}
	if (c->size_most && (w->number || width))
		len = snprintf(w->path, PATH, "%.4000s%0*llu", name, (int)width, (unsigned long long)w->number);
	else
		len = snprintf(w->path, PATH, "%s", name);
	if (len >= PATH)
		return err_set(e, ENAMETOOLONG, "%s: the name is too long", c->path);
	return 0;
}

/* --- one file --- */

static int begin(struct writer *w, struct err *e)
{
	int fd, rc = name_file(w, e);

	if (rc)
		return rc;
	fd = out_file_open(w->path, w->config.reading, w->config.keep, &w->regular, e);
	if (fd < 0)
		return fd;
	w->fd = fd;
	w->size = 0;
	w->interface_count = w->interface_last = 0;
	w->dropped_file = w->dropped;
	w->stats.files++;
	buf_clear(&w->out);
	if (w->pcapng) {
		encode_section(&w->out);
		buf_add(&w->out, w->preface.data, w->preface.len);
		rc = push(w, e);
	}
	return rc;
}

static void statistics(struct writer *w)
{
	static const char shared[] = "the drops are those of all interfaces";

	for (uint32_t i = 0; w->pcapng && i < w->interface_count; i++) {
		const struct writer_interface *f = &w->interfaces[i];
		struct encode_statistics s = {
			.from_ns = f->from_ns,
			.until_ns = f->until_ns,
			.received = f->packets,
			.dropped = i ? 0 : w->dropped - w->dropped_file,
			.comment = w->interface_count > 1 && !i ? shared : NULL,
		};

		encode_statistics(&w->out, i, &s);
	}
}

/* The packets that still wait. */
static uint64_t waiting(const struct writer *w)
{
	uint64_t count = 0;

	for (size_t at = 0, len; at < w->out.len; at += len) {
		len = encode_next(w->out.data + at, w->out.len - at, w->pcapng);
		if (!len)
			break;
		count += encode_is_packet(w->out.data + at, w->pcapng);
	}
	return count;
}

static int finish(struct writer *w, struct err *e)
{
	int rc;

	if (w->fd < 0)
		return 0;
	statistics(w);
	rc = push(w, e);
	if (rc) {
		w->stats.lost += waiting(w);
		w->stats.packets -= waiting(w);
	}
	if (close(w->fd) && !rc)
		rc = cannot(w, errno, e);
	w->fd = -1;
	return rc;
}

/* --- rotation --- */

/* Is it time for another file, before this packet? As tcpdump: by time, then by size. */
static int rotate(struct writer *w, const struct packet *p, struct err *e)
{
	const struct writer_config *c = &w->config;
	bool first = w->fd < 0 && !w->stats.files;
	int rc = 0;

	if (c->seconds && first && !w->interval_ns)
		w->interval_ns = p->at_ns;
	if (c->seconds && p->at_ns >= w->interval_ns && p->at_ns - w->interval_ns >= c->seconds * SECOND) {
		w->interval_ns = p->at_ns;
		if (!c->size_most && c->files && ++w->intervals >= c->files)
			return WRITER_FULL;
		w->number = 0;
		rc = finish(w, e);
	} else if (c->size_most && w->fd >= 0 && w->size + w->out.len > c->size_most) {
		w->number++;
		if (c->files && w->number >= c->files)
			w->number = 0;
		rc = finish(w, e);
	}
	if (w->fd < 0) {
		int opened = begin(w, rc ? NULL : e);

		rc = rc ? rc : opened;
		if (opened && w->fd < 0)
			w->failed = true;
	}
	return rc;
}

/* --- packets --- */

static uint32_t add_interface(struct writer *w, const struct packet *p)
{
	char own[IF_NAMESIZE] = "";
	const char *name = own;

	if (w->config.interface)
		name = w->config.interface(w->config.user, p);
	else if (p->ifindex)
		if_indextoname(p->ifindex, own);
	MEM_ROOM(w->interfaces, w->interface_count, w->interface_room);
	w->interfaces[w->interface_count] = (struct writer_interface){ .linktype = p->linktype,
								       .ifindex = p->ifindex,
								       .from_ns = p->at_ns };
	encode_interface(&w->out, p->linktype, w->config.snaplen, name, w->config.filter);
	return w->interface_count++;
}

/* INTERFACES when there are too many. */
static uint32_t interface_of(struct writer *w, const struct packet *p)
{
	uint32_t i = w->interface_last;

	if (i >= w->interface_count || w->interfaces[i].linktype != p->linktype ||
	    w->interfaces[i].ifindex != p->ifindex)
		for (i = 0; i < w->interface_count; i++)
			if (w->interfaces[i].linktype == p->linktype && w->interfaces[i].ifindex == p->ifindex)
				break;
	if (i == w->interface_count && i < INTERFACES)
		i = add_interface(w, p);
	w->interface_last = i;
	return i;
}

static int pcap_packet(struct writer *w, const struct packet *p, const uint8_t *bytes, struct err *e)
{
	int rc;

	if (!w->interface_count) {
		MEM_ROOM(w->interfaces, w->interface_count, w->interface_room);
		w->interfaces[w->interface_count++] = (struct writer_interface){ .linktype = p->linktype };
		encode_pcap_header(&w->out, p->linktype, w->config.snaplen ? w->config.snaplen : 262144);
		rc = push(w, e);
		if (rc)
			return rc;
	}
	if (w->interfaces[0].linktype != p->linktype)
		return err_set(e, EINVAL,
			       "%s: a pcap file has one link type, and there are several: name it "
			       ".pcapng",
			       w->path);
	encode_pcap_packet(&w->out, p, bytes);
	return 0;
}

static int pcapng_packet(struct writer *w, const struct packet *p, const uint8_t *bytes, const struct buf *comments,
			 struct err *e)
{
	uint32_t i = interface_of(w, p);

	if (i == INTERFACES)
		return err_set(e, E2BIG, "%s: more than %d interfaces", w->path, INTERFACES);
	encode_packet(&w->out, i, p, bytes, comments, w->dropped - w->dropped_told);
	w->dropped_told = w->dropped;
	w->interfaces[i].packets++;
	w->interfaces[i].until_ns = p->at_ns;
	return 0;
}

/* Not yet time to try again, after a failure. */
static bool waits(struct writer *w, const struct packet *p)
{
	if (!w->failed)
		return false;
	if (!w->failed_ns || p->at_ns < w->failed_ns)
		w->failed_ns = p->at_ns;
	if (p->at_ns - w->failed_ns < SECOND)
		return true;
	w->failed_ns = p->at_ns;
	return w->fd >= 0 && push(w, NULL);
}

static int lose(struct writer *w, const struct packet *p, int rc)
{
	bool unfit = rc == -EINVAL || rc == -E2BIG, told = unfit && w->unfit;

	w->stats.lost++;
	w->dropped++;
	w->unfit |= unfit;
	if (!unfit) {
		w->failed = true;
		w->failed_ns = p->at_ns;
	}
	return told ? 0 : rc;
}

int writer_packet(struct writer *w, const struct packet *p, const uint8_t *bytes, const struct buf *comments,
		  struct err *e)
{
	int rc;

	if (waits(w, p)) {
		w->stats.lost++;
		w->dropped++;
		return 0;
	}
	rc = rotate(w, p, e);
	if (rc == WRITER_FULL)
		return rc;
	if (!rc && w->fd >= 0)
		rc = w->pcapng ? pcapng_packet(w, p, bytes, comments, e) : pcap_packet(w, p, bytes, e);
	if (rc)
		return lose(w, p, rc);
	w->stats.packets++;
	w->stats.bytes += p->cap;
	return w->out.len >= FLUSH_AT ? push(w, e) : 0;
}

void writer_drops(struct writer *w, uint64_t total)
{
	w->dropped = total + w->stats.lost;
}

void writer_note(struct writer *w, const struct note *n)
{
	size_t from = w->preface.len;

	if (!w->pcapng || from > PREFACE)
		return;
	if (n->kind == NOTE_NAME)
		encode_name(&w->preface, n);
	else if (n->kind == NOTE_SECRETS)
		encode_secrets(&w->preface, n);
	if (w->fd >= 0)
		buf_add(&w->out, w->preface.data + from, w->preface.len - from);
}

int writer_extra(struct writer *w, const void *bytes, size_t len, struct err *e)
{
	if (!w->pcapng || w->fd < 0 || w->failed || len > CUSTOM_MOST)
		return 0;
	custom_encode(&w->out, bytes, len);
	return w->out.len >= FLUSH_AT ? push(w, e) : 0;
}

int writer_flush(struct writer *w, struct err *e)
{
	return w->fd < 0 || w->failed || !w->out.len ? 0 : push(w, e);
}

void writer_stats(const struct writer *w, struct writer_stats *out)
{
	*out = w->stats;
}

/* --- the whole --- */

static bool plain(const char *path)
{
	static const char ending[] = ".pcap";
	size_t len = strlen(path);

	return len >= sizeof ending - 1 && !strcmp(path + len - (sizeof ending - 1), ending);
}

static void release(struct writer *w)
{
	if (w->fd >= 0)
		close(w->fd);
	buf_done(&w->out);
	buf_done(&w->preface);
	free(w->interfaces);
	free((char *)w->config.path);
	free((char *)w->config.reading);
	free((char *)w->config.filter);
	free(w);
}

int writer_open(const struct writer_config *config, struct writer **out, struct err *e)
{
	struct writer *w = mem_alloc(sizeof *w);
	int rc = 0;

	w->config = *config;
	w->config.path = mem_string(config->path);
	w->config.reading = mem_string(config->reading);
	w->config.filter = mem_string(config->filter);
	w->pcapng = !plain(config->path);
	w->fd = -1;
	w->interval_ns = config->now_ns;
	if (!config->seconds || config->now_ns)
		rc = begin(w, e);
	if (rc) {
		release(w);
		return rc;
	}
	*out = w;
	return 0;
}

int writer_close(struct writer *w, struct writer_stats *stats, struct err *e)
{
	int rc;

	if (!w)
		return 0;
	rc = finish(w, e);
	if (stats)
		*stats = w->stats;
	release(w);
	return rc;
}
