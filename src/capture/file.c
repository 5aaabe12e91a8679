/* file.c - packets from a capture file, or from a stream of one on standard input or a FIFO.
 *
 * Bytes are read a large piece at a time into one buffer, which grows for a packet that is larger
 * than it (FILE_LARGE at most); file_format.c finds the packets in it. A file's header is read when
 * it is opened, so that opening tells what is wrong; that of a stream by the worker, so that opening
 * never waits.
 */
#include "file_bytes.h"
#include "file_format.h"
#include "inside.h"
#include "soft_filter.h"

#include "util/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PIECE = 256 << 10,
	LINKS = 64, /* link types of one file that a filter is compiled for */
};

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
	struct file_item first; /* held until the capture was opened */
	struct err failed;      /* damage found while it was opened; code 0: none */

	char *filter;
	struct file_link {
		uint16_t linktype;
		bool never; /* the filter does not fit this link type: nothing of it passes */
		struct soft_filter soft;
	} links[LINKS];
	unsigned link_count;
};

static const char *file_name(const struct capture *c)
{
	return strcmp(c->config.device, "-") ? c->config.device : "standard input";
}

/* --- filters --- */

static void forget_links(struct file *f)
{
	for (unsigned i = 0; i < f->link_count; i++)
		soft_filter_done(&f->links[i].soft);
	f->link_count = 0;
}

static int add_link(struct file *f, uint16_t linktype, struct err *e)
{
	struct file_link *l = &f->links[f->link_count++];
	int rc;

	*l = (struct file_link){ .linktype = linktype };
	rc = soft_filter_set(&l->soft, link_dlt(linktype), f->filter, e);
	l->never = rc;
	return rc;
}

static void know_link(struct file *f, uint16_t linktype)
{
	for (unsigned i = 0; i < f->link_count; i++)
		if (f->links[i].linktype == linktype)
			return;
	if (f->link_count < LINKS)
		add_link(f, linktype, NULL);
}

/* A filter need not fit every link type of a file, but one of them. Before any is known (a stream),
 * it is compiled for some that are common: nonsense is told at once. */
static int file_filter(struct capture *c, const char *text, struct err *e)
{
	static const uint16_t common[] = { LINKTYPE_ETHERNET, LINKTYPE_RAW, LINKTYPE_LINUX_SLL2 };
	struct file *f = c->source, made = { 0 };
	unsigned count = f->link_count, fit = 0;
	int rc = 0;

	made.filter = mem_string(text);
	for (unsigned i = 0; i < (count ? count : sizeof common / sizeof *common); i++) {
		int one = add_link(&made, count ? f->links[i].linktype : common[i], fit ? NULL : e);

		fit += !one;
		rc = one;
	}
	if (!fit) {
		forget_links(&made);
		free(made.filter);
		return rc;
	}
	if (!count)
		forget_links(&made);
	forget_links(f);
	free(f->filter);
	f->filter = made.filter;
	memcpy(f->links, made.links, sizeof f->links);
	f->link_count = made.link_count;
	return 0;
}

static bool passes(struct file *f, const struct file_item *item)
{
	unsigned i = 0;

	if (!f->filter)
		return true;
	while (i < f->link_count && f->links[i].linktype != item->linktype)
		i++;
	if (i == f->link_count) {
		if (i == LINKS)
			return false;
		add_link(f, item->linktype, NULL);
	}
	return !f->links[i].never &&
	       soft_filter_passes(&f->links[i].soft, item->data, item->len, item->cap);
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
			notes_add(&c->notes, &(struct note){ .kind = NOTE_COMMENT, .packet = packet },
				  o.value, o.len);
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
	};

	f->count++;
	if (!passes(f, item))
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
		notes_add(&c->notes,
			  &(struct note){ .kind = NOTE_SECRETS, .packet = f->taken + 1,
					  .type = item->type },
			  item->data, item->size);
		break;
	default: break;
	}
}

/* --- bytes --- */

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
	if (n <= 0) {
		f->end = true;
		return n ? (int)n : CAPTURE_END;
	}
	f->len += (size_t)n;
	return CAPTURE_SOME;
}

static int bad(const struct capture *c, const char *why, struct err *e)
{
	const struct file *f = c->source;

	if (!f->begun)
		return err_set(e, EBADMSG, "%s: %s", file_name(c), why);
	return err_set(e, EBADMSG, "%s: packet %llu at byte %llu: %s", file_name(c),
		       (unsigned long long)f->count + 1, (unsigned long long)f->offset, why);
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
	snprintf(why, sizeof why, "the file ends early: %zu bytes of %zu are there",
		 f->len - f->at, want);
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
		rc = refill(c, item.want, &f->why);
		return rc == CAPTURE_IDLE ? CAPTURE_IDLE : CAPTURE_SOME;
	case FILE_GOT:
		if (!f->opened) {
			f->first = item;
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
	forget_links(f);
	free(f->filter);
	free(f->buffer);
	free(f);
	c->source = NULL;
}

/* A regular file: all that comes before the first packet, which is held. Damage behind the header is
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
		know_link(f, f->format.interfaces[i].linktype);
	if (f->format.kind == FILE_PCAP)
		know_link(f, f->format.only.linktype);
	return 0;
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
	if (rc)
		err_set(e, -rc, "%s: %s", file_name(c), why.text);
	else if (file_bytes_regular(f->bytes))
		rc = read_header(c, e);
	if (!rc)
		rc = file_filter(c, c->config.filter, e);
	f->opened = true;
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

	(void)timeout_ms;
	return file_bytes_fd(f->bytes); /* only asked when a read found nothing */
}

const struct capture_ops capture_file = {
	.name = "file",
	.pulls = file_pulls,
	.waits = true,
	.open = file_open,
	.read = file_read,
	.filter = file_filter,
	.fd = file_fd,
	.close = file_close,
};
