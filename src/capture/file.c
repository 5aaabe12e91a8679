/* file.c - packets from a capture file, or from a stream of one on standard input or a FIFO.
 *
 * Bytes are read a large piece at a time into one buffer, which grows for a packet that is larger
 * than it (FILE_LARGE at most); file_format.c finds the packets in it. A file's header is read when
 * it is opened, so that opening tells what is wrong; that of a stream by the worker, so that opening
 * never waits.
 *
 * A placed capture (see capture.h) leaves the bytes in a spool, and waits at the end of a plain file:
 * somebody may write to it still. When it ends within a packet and nothing came for QUIET_NS, that is
 * told, and taken back when more comes.
 */
#include "file_bytes.h"
#include "file_filter.h"
#include "file_format.h"
#include "inside.h"

#include "capture/spool.h"
#include "util/clock.h"
#include "util/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PIECE = 256 << 10,
	BUSY_MS = 50,  /* until a file that grows is looked at again, */
	CALM_MS = 250, /* and one that has not for a while */
};

#define QUIET_NS UINT64_C(1000000000)

struct file {
	struct file_bytes *bytes;
	struct file_format format;
	uint8_t *buffer;
	size_t at, len, room;
	uint64_t offset; /* of buffer[at] in the file, unpacked */
	uint64_t count;  /* packets seen */
	uint64_t taken;  /* of them, those that passed the filter */
	bool end;        /* there is no byte after those in the buffer */
	bool begun;      /* the file's header is known */
	struct err why;  /* reading its bytes ended with an error; code 0: it did not */
	bool opened, held;
	bool plain;             /* a placed capture of a file that is not compressed: */
	bool follows;           /* once it is open, its end may be none */
	size_t wanted;          /* bytes that the next piece takes, when it is not all there */
	uint64_t grown_ns;      /* CLOCK_MONOTONIC: when it grew last */
	struct file_item first; /* held until the capture was opened */
	enum file_step first_step;
	struct err failed; /* damage found while it was opened; code 0: none */

	struct file_filter filter;
};

static const char *file_name(const struct capture *c)
{
	return strcmp(c->config.device, "-") ? c->config.device : "standard input";
}

static int file_filter(struct capture *c, const char *text, struct err *e)
{
	struct file *f = c->source;

	return file_filter_set(&f->filter, text, e);
}

/* --- what is found --- */

static void comments(struct capture *c, const struct file_item *item, uint64_t packet)
{
	const struct file *f = c->source;
	const uint8_t *at = item->options;
	size_t left = item->options_len;
	struct file_option o;

	while (file_option_next(&f->format, &at, &left, &o))
		if (o.code == OPTION_COMMENT)
			notes_add(&c->notes, &(struct note){ .kind = NOTE_COMMENT, .packet = packet }, o.value, o.len);
		else if (!packet && o.code == OPTION_IF_NAME && item->interface != UINT32_MAX)
			notes_name(&c->notes, item->interface, o.value, o.len);
}

static void names(struct capture *c, const struct file_item *item)
{
	const struct file *f = c->source;
	const uint8_t *at = item->data;
	size_t left = item->size;
	struct file_name n;

	while (file_name_next(&f->format, &at, &left, &n)) {
		struct note like = { .kind = NOTE_NAME, .packet = f->taken + 1 };

		like.address.family = n.address_len == 4 ? AF_INET : AF_INET6;
		memcpy(like.address.ip, n.address, n.address_len);
		notes_add(&c->notes, &like, n.names, strnlen(n.names, n.names_len));
	}
}

static void take(struct capture *c, const struct file_item *item)
{
	struct file *f = c->source;
	struct arrival a = {
		.bytes = item->data,
		.linktype = item->linktype,
		.len = item->len,
		.cap = item->cap,
		.at_ns = item->at_ns,
		.ifindex = item->ifindex,
		.direction = item->direction,
		.place = f->offset + (uint64_t)(item->data - (f->buffer + f->at)),
	};

	f->count++;
	if (!file_filter_passes(&f->filter, item))
		return;
	f->taken++;
	if (notes_named(&c->notes, item->interface))
		a.ifindex = NOTES_INTERFACE | item->interface;
	else if (!a.direction)
		link_facts(&a);
	if (item->options_len)
		comments(c, item, f->taken);
	capture_take(c, &a);
}

static void found(struct capture *c, enum file_step step, const struct file_item *item)
{
	struct file *f = c->source;

	switch (step) {
	case FILE_GOT: take(c, item); break;
	case FILE_HEADER:
		f->begun = true;
		comments(c, item, 0);
		break;
	case FILE_NAMES: names(c, item); break;
	case FILE_SECRETS:
		notes_add(&c->notes, &(struct note){ .kind = NOTE_SECRETS, .packet = f->taken + 1, .type = item->type },
			  item->data, item->size);
		break;
	case FILE_OURS:
		if (c->config.placed)
			capture_extra(c, item->data, item->size);
		break;
	default: break;
	}
}

/* --- bytes --- */

/* Nothing more is there now. What was read before it must be there still. */
static int at_end(struct capture *c, struct err *e)
{
	const struct file *f = c->source;

	if (file_bytes_size(f->bytes) < file_bytes_taken(f->bytes))
		return err_set(e, EBADMSG, "the file was cut while it was read");
	return CAPTURE_IDLE;
}

static void came(struct capture *c, size_t n)
{
	struct file *f = c->source;

	if (c->spool && spool_is_copy(c->spool))
		spool_write(c->spool, f->buffer + f->len, n);
	f->len += n;
	if (!c->config.placed)
		return;
	f->grown_ns = clock_mono_ns();
	atomic_store_explicit(&c->done, file_bytes_taken(f->bytes), memory_order_relaxed);
	if (atomic_load_explicit(&c->at_end, memory_order_relaxed)) {
		atomic_store_explicit(&c->size, file_bytes_size(f->bytes), memory_order_relaxed);
		atomic_store(&c->has_tail, false);
		atomic_store(&c->at_end, false);
	}
}

/* More bytes behind those in the buffer, `want` in all at least. CAPTURE_SOME, CAPTURE_IDLE,
 * CAPTURE_END or an error. */
static int refill(struct capture *c, size_t want, struct err *e)
{
	struct file *f = c->source;
	long n;

	memmove(f->buffer, f->buffer + f->at, f->len - f->at);
	f->len -= f->at;
	f->at = 0;
	if (want > f->room) {
		f->room = want + PIECE;
		f->buffer = mem_grow(f->buffer, f->room, 1);
	}
	n = file_bytes_read(f->bytes, f->buffer + f->len, f->room - f->len, e);
	if (n == -EAGAIN)
		return CAPTURE_IDLE;
	if (!n && f->follows)
		n = at_end(c, e);
	if (!n && f->follows)
		return CAPTURE_IDLE;
	if (n <= 0) {
		f->end = true;
		return n ? (int)n : CAPTURE_END;
	}
	came(c, (size_t)n);
	return CAPTURE_SOME;
}

static int bad(const struct capture *c, const char *why, struct err *e)
{
	const struct file *f = c->source;

	if (!f->begun)
		return err_set(e, EBADMSG, "%s: %s", file_name(c), why);
	return err_set(e, EBADMSG, "%s: packet %llu at byte %llu: %s", file_name(c), (unsigned long long)f->count + 1,
		       (unsigned long long)f->offset, why);
}

/* The bytes at hand do not hold the next piece, and there are no more of them. */
static int over(const struct capture *c, size_t want, struct err *e)
{
	const struct file *f = c->source;
	char why[ERR_TEXT];

	if (f->why.code)
		return bad(c, f->why.text, e);
	if (f->begun && f->at == f->len && !f->format.skip)
		return CAPTURE_END;
	if (f->offset + f->len - f->at == 0)
		return bad(c, "the file is empty", e);
	snprintf(why, sizeof why, "the file ends early: %zu bytes of %zu are there", f->len - f->at, want);
	return bad(c, why, e);
}

/* One step: a packet is taken, or whatever else there is. As capture_ops, read. */
static int step(struct capture *c, struct err *e)
{
	struct file *f = c->source;
	struct file_item item;
	enum file_step what = FILE_GOT;
	int rc;

	if (f->held) {
		item = f->first;
		what = f->first_step;
		f->held = false;
	} else {
		what = file_step(&f->format, f->buffer + f->at, f->len - f->at, &item);
	}
	switch (what) {
	case FILE_BAD: return bad(c, item.why, e);
	case FILE_MORE:
		if (c->pulled && c->scratch.count)
			return CAPTURE_IDLE; /* refilling moves what was handed over */
		if (f->end)
			return over(c, item.want, e);
		f->wanted = item.want;
		rc = refill(c, item.want, &f->why);
		return rc == CAPTURE_IDLE ? CAPTURE_IDLE : CAPTURE_SOME;
	case FILE_GOT:
	case FILE_OURS:
		if (!f->opened && (what == FILE_GOT || c->config.placed)) {
			f->first = item;
			f->first_step = what;
			f->held = true;
			return CAPTURE_SOME;
		}
		break;
	default: break;
	}
	found(c, what, &item);
	f->at += item.used;
	f->offset += item.used;
	return CAPTURE_SOME;
}

/* --- the source --- */

static void file_close(struct capture *c)
{
	struct file *f = c->source;

	file_bytes_close(f->bytes);
	file_format_done(&f->format);
	file_filter_done(&f->filter);
	free(f->buffer);
	free(f);
	c->source = NULL;
}

/* A regular file: all that comes before the first packet (or block of ours), which is held. Damage behind the header is
 * told when it is read. */
static int read_header(struct capture *c, struct err *e)
{
	struct file *f = c->source;
	int rc;

	do
		rc = step(c, &f->failed);
	while (rc == CAPTURE_SOME && !f->held);
	if (rc < 0 && !f->begun)
		return err_set(e, -rc, "%s", f->failed.text);
	for (unsigned i = 0; f->format.kind == FILE_PCAPNG && i < f->format.count; i++)
		file_filter_know(&f->filter, f->format.interfaces[i].linktype);
	if (f->format.kind == FILE_PCAP)
		file_filter_know(&f->filter, f->format.only.linktype);
	return 0;
}

static int place(struct capture *c, struct err *e)
{
	struct file *f = c->source;

	f->plain = file_bytes_plain(f->bytes);
	atomic_store(&c->size, file_bytes_size(f->bytes));
	return f->plain ? spool_of_file(file_bytes_fd(f->bytes), &c->spool, e) : spool_make(0, &c->spool, e);
}

/* What looked like the end while it was opened may be none. */
static void follow(struct capture *c)
{
	struct file *f = c->source;

	f->follows = f->plain;
	if (!f->follows)
		return;
	if (f->end)
		f->failed = f->why = (struct err){ 0 };
	f->end = false;
	file_bytes_follow(f->bytes);
}

static int file_open(struct capture *c, struct err *e)
{
	struct file *f = mem_alloc(sizeof *f);
	struct err why = { 0 };
	int rc;

	c->source = f;
	f->room = PIECE;
	f->buffer = mem_alloc(PIECE);
	rc = file_bytes_open(c->config.device, &f->bytes, &why);
	if (!rc && c->config.placed)
		rc = place(c, &why);
	if (rc)
		err_set(e, -rc, "%s: %s", file_name(c), why.text);
	else if (file_bytes_regular(f->bytes))
		rc = read_header(c, e);
	if (!rc)
		rc = file_filter(c, c->config.filter, e);
	f->opened = true;
	if (!rc)
		follow(c);
	if (rc)
		file_close(c);
	return rc;
}

static int file_read(struct capture *c, struct err *e)
{
	struct file *f = c->source;
	int rc = CAPTURE_SOME;

	if (f->failed.code) {
		*e = f->failed;
		return -e->code;
	}
	for (unsigned i = 0; i < BATCH && rc == CAPTURE_SOME; i++)
		rc = step(c, e);
	return rc;
}

static bool file_pulls(const struct capture *c)
{
	const struct file *f = c->source;

	return file_bytes_regular(f->bytes);
}

static int file_fd(const struct capture *c, int *timeout_ms)
{
	const struct file *f = c->source;

	if (f->follows) {
		int again = clock_mono_ns() - f->grown_ns < 2 * QUIET_NS ? BUSY_MS : CALM_MS;

		*timeout_ms = again < *timeout_ms ? again : *timeout_ms;
		return -1;
	}
	return file_bytes_fd(f->bytes); /* only asked when a read found nothing */
}

/* All that is there was handed over. */
static void file_rest(struct capture *c)
{
	const struct file *f = c->source;
	bool whole = f->at == f->len && !f->format.skip, news = !atomic_load(&c->at_end);
	struct err why;

	if (!c->config.placed)
		return;
	if (f->follows && !whole && !atomic_load(&c->has_tail) &&
	    (clock_mono_ns() - f->grown_ns >= QUIET_NS || file_bytes_idle_ns(f->bytes) >= QUIET_NS)) {
		over(c, f->wanted, &why);
		pthread_mutex_lock(&c->lock);
		c->tail = why;
		pthread_mutex_unlock(&c->lock);
		atomic_store_explicit(&c->has_tail, true, memory_order_release);
		news = true;
	}
	atomic_store_explicit(&c->at_end, true, memory_order_release);
	if (news)
		capture_extra(c, NULL, 0);
}

const struct capture_ops capture_file = {
	.name = "file",
	.pulls = file_pulls,
	.waits = true,
	.open = file_open,
	.read = file_read,
	.filter = file_filter,
	.fd = file_fd,
	.rest = file_rest,
	.close = file_close,
};
