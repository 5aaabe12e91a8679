/* Everything that `dump -r` does with a file: the reader, the decoders, flows with their analysis, fragments, what an
 * ICMP error quoted, streams, TLS, and each packet as JSON and as a line with its tree. The input is the file. What is
 * printed must be a line each, of clean text. */
#include "../../src/capture/file_format.h"

#include "analysis/stream.h"
#include "analysis/tls_watch.h"
#include "cli/dump.h"
#include "cli/dump_beside.h"
#include "decode/decode.h"
#include "util/mem.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { STREAMS = 4, PACKETS = 2000 };

struct line {
	struct flow_table flows;
	struct stream streams[STREAMS]; /* of the first flows */
	struct tls_keys *keys;
	struct dump_beside beside;
	struct dump_print json, text;
	struct buf out;
	uint64_t number;
};

static void take(void *arg, const struct stream_chunk *c)
{
	struct line *l = arg;

	if (!c->gap)
		buf_add(&l->out, c->bytes, c->len < 64 ? c->len : 64);
	buf_clear(&l->out);
}

static void check(const struct buf *out, bool one_line)
{
	if (!out->len || out->data[out->len - 1] != '\n' || !text_is_utf8(out->data, out->len))
		__builtin_trap();
	for (size_t i = 0; i < out->len - 1; i++)
		if ((unsigned char)out->data[i] < (one_line ? ' ' : '\n') || out->data[i] == 0x7f)
			__builtin_trap();
}

static void comments(struct line *l, const struct file_format *f, const struct file_item *item)
{
	const uint8_t *at = item->options;
	size_t left = item->options_len;
	struct file_option o;

	buf_clear(&l->beside.comments);
	while (file_option_next(f, &at, &left, &o))
		if (o.code == OPTION_COMMENT) {
			buf_add(&l->beside.comments, o.value, o.len);
			buf_putc(&l->beside.comments, '\0');
		}
	l->beside.owned = packet_owners_read(buf_text(&l->beside.comments), l->beside.comments.len, &l->beside.owners);
}

static void packet(struct line *l, const struct file_format *f, const struct file_item *item)
{
	struct packet p = { .number = ++l->number,
			    .at_ns = item->at_ns,
			    .len = item->len,
			    .cap = item->cap,
			    .linktype = item->linktype,
			    .direction = item->direction,
			    .flow = FLOW_NONE };
	uint8_t *exact = malloc(item->size ? item->size : 1);

	memcpy(exact, item->data, item->size);
	decode_summary(&p, exact);
	flow_table_add(&l->flows, &p, exact);
	comments(l, f, item);
	l->beside.opened = tls_watch_packet(l->beside.tls, &p, exact, &l->beside.opened_count);
	if (p.flow < STREAMS)
		stream_add(&l->streams[p.flow], &l->flows.flows[p.flow], &p, exact);
	dump_packet(&l->json, &p, exact, &l->out);
	check(&l->out, true);
	buf_clear(&l->out);
	dump_packet(&l->text, &p, exact, &l->out);
	check(&l->out, false);
	buf_clear(&l->out);
	free(exact);
}

static void read_file(struct line *l, const uint8_t *bytes, size_t len)
{
	struct file_format f = { 0 };
	size_t at = 0;

	while (l->number < PACKETS) {
		struct file_item item = { 0 };
		enum file_step step = file_step(&f, bytes + at, len - at, &item);

		if (step == FILE_MORE || step == FILE_BAD)
			break;
		if (step == FILE_GOT)
			packet(l, &f, &item);
		else if (step == FILE_SECRETS)
			tls_keys_feed(l->keys, item.data, item.size);
		at += item.used;
		if (!item.used && step == FILE_PASSED && f.skip)
			break;
	}
	file_format_done(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct line l;

	if (len > 1 << 16)
		return 0;
	memset(&l, 0, sizeof l);
	flow_table_init(&l.flows, 64);
	l.keys = tls_keys_new();
	l.beside.tls = tls_watch_new(l.keys, &l.flows, false);
	for (unsigned i = 0; i < STREAMS; i++)
		stream_init(&l.streams[i], take, &l, NULL);
	l.json = l.text = (struct dump_print){ .verbose = true, .flows = &l.flows, .beside = &l.beside };
	l.json.json = true;
	l.text.hex = true;
	l.json.tree = mem_alloc(sizeof(struct tree));
	l.text.tree = mem_alloc(sizeof(struct tree));
	read_file(&l, bytes, len);
	for (unsigned i = 0; i < STREAMS; i++) {
		stream_end(&l.streams[i]);
		stream_done(&l.streams[i]);
	}
	dump_beside_done(&l.beside);
	dump_print_done(&l.json);
	dump_print_done(&l.text);
	tls_keys_free(l.keys);
	flow_table_done(&l.flows);
	buf_done(&l.out);
	return 0;
}
