/* dump_stream.c - `dump --stream N`: what the two sides of a conversation sent, put in order. */
#include "cli/dump_view.h"

#include "analysis/stream.h"
#include "analysis/tls_talk.h"
#include "cli/options.h"
#include "util/err.h"
#include "util/json.h"
#include "util/mem.h"
#include "util/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROW = 16, BOTH = 2 };

struct stream_view {
	struct dump_view_config config;
	const struct form *form;
	uint32_t flow;
	unsigned side; /* 0, 1 or BOTH */
	unsigned last; /* the side that was written last; BOTH: none yet */
	bool in_line;
	struct stream stream;
	struct tls_talk talk; /* between the stream and what is shown */
	struct dump_out *out; /* while packets are taken */
};

/* --- who speaks --- */

static void end_line(struct stream_view *v)
{
	if (v->in_line)
		buf_putc(&v->out->text, '\n');
	v->in_line = false;
}

static void colour(const struct stream_view *v, const char *sgr)
{
	if (v->config.colour)
		buf_printf(&v->out->text, "\x1b[%sm", sgr);
}

static const char *side_colour(unsigned side)
{
	return side ? "36" : "33";
}

/* Where both sides are shown, a line tells who begins to speak. */
static void say_side(struct stream_view *v, unsigned side)
{
	char from[ENDPOINT_TEXT], to[ENDPOINT_TEXT];
	struct endpoint a, b;

	if (side == v->last)
		return;
	end_line(v);
	v->last = side;
	if (v->side != BOTH)
		return;
	flow_endpoint(&v->config.flows->flows[v->flow], side, &a);
	flow_endpoint(&v->config.flows->flows[v->flow], !side, &b);
	colour(v, "2");
	buf_printf(&v->out->text, "--- %s → %s", endpoint_format(&a, from, sizeof from),
		   endpoint_format(&b, to, sizeof to));
	colour(v, "0");
	buf_putc(&v->out->text, '\n');
}

static void say_missing(struct stream_view *v, const struct stream_chunk *c)
{
	end_line(v);
	colour(v, "31");
	buf_printf(&v->out->text, "[%u bytes missing]", c->len);
	colour(v, "0");
	buf_putc(&v->out->text, '\n');
}

static void say_overlap(struct stream_view *v, const struct stream_chunk *c)
{
	end_line(v);
	colour(v, "31");
	buf_printf(&v->out->text, "[%u bytes from offset %llu on were sent again with other content]", c->len,
		   (unsigned long long)c->offset);
	colour(v, "0");
	buf_putc(&v->out->text, '\n');
}

/* --- the forms --- */

/* Lines stay lines, tabs stay tabs; the rest is escaped. */
static void text_form(struct stream_view *v, const struct stream_chunk *c)
{
	const char *at = (const char *)c->bytes, *end = at + c->len;
	struct buf *out = &v->out->text;

	colour(v, side_colour(c->side));
	while (at < end) {
		size_t left = (size_t)(end - at), len = 0;

		while (len < left && at[len] != '\n' && at[len] != '\t')
			len++;
		text_clean(out, at, len && len < left && at[len] == '\n' && at[len - 1] == '\r' ? len - 1 : len);
		v->in_line |= len > 0;
		if (len < left) {
			buf_putc(out, at[len]);
			v->in_line = at[len] != '\n';
			len++;
		}
		at += len;
	}
	colour(v, "0");
}

static void hex_form(struct stream_view *v, const struct stream_chunk *c)
{
	struct buf *out = &v->out->text;
	const char *indent = c->side && v->side == BOTH ? "    " : "";

	for (uint32_t at = 0; at < c->len; at += ROW) {
		uint32_t here = c->len - at < ROW ? c->len - at : ROW;

		buf_puts(out, indent);
		colour(v, side_colour(c->side));
		buf_printf(out, "%08llx ", (unsigned long long)(c->offset + at));
		for (uint32_t i = 0; i < ROW; i++)
			if (i < here)
				buf_printf(out, "%s%02x", i == 8 ? "  " : " ", c->bytes[at + i]);
			else
				buf_puts(out, i == 8 ? "    " : "   ");
		buf_puts(out, "  ");
		for (uint32_t i = 0; i < here; i++) {
			uint8_t b = c->bytes[at + i];

			buf_putc(out, b >= ' ' && b < 0x7f ? (char)b : '.');
		}
		colour(v, "0");
		buf_putc(out, '\n');
	}
}

static void raw_form(struct stream_view *v, const struct stream_chunk *c)
{
	buf_add(&v->out->text, c->bytes, c->len);
}

static void c_byte(struct buf *out, uint8_t b)
{
	static const char named[] = "\n\r\t\"\\", letters[] = "nrt\"\\";
	const char *at = b ? strchr(named, b) : NULL;

	if (at)
		buf_printf(out, "\\%c", letters[at - named]);
	else if (b >= ' ' && b < 0x7f)
		buf_putc(out, (char)b);
	else /* three digits: no digit that follows can become part of it */
		buf_printf(out, "\\%03o", b);
}

/* String literals that a compiler joins again: one a line of text, none beyond 64 bytes. */
static void c_form(struct stream_view *v, const struct stream_chunk *c)
{
	enum { MOST = 64 };
	struct buf *out = &v->out->text;

	buf_printf(out, "/* side %u, offset %llu, packet %llu */\n", c->side, (unsigned long long)c->offset,
		   (unsigned long long)c->number);
	colour(v, side_colour(c->side));
	for (uint32_t at = 0; at < c->len;) {
		uint32_t from = at;

		buf_putc(out, '"');
		while (at < c->len && at - from < MOST) {
			uint8_t b = c->bytes[at++];

			c_byte(out, b);
			if (b == '\n')
				break;
		}
		buf_puts(out, "\"\n");
	}
	colour(v, "0");
}

static const struct form {
	const char *name;
	void (*write)(struct stream_view *v, const struct stream_chunk *c);
	bool bare; /* nothing but the bytes */
} forms[] = {
	{ "text", text_form, false },
	{ "hex", hex_form, false },
	{ "raw", raw_form, true },
	{ "c", c_form, false },
};

enum { FORMS = sizeof forms / sizeof *forms };

/* --- JSON --- */

static void json_chunk(struct stream_view *v, const struct stream_chunk *c)
{
	struct json j;

	json_init(&j, &v->out->text);
	json_object(&j, NULL);
	json_uint(&j, "flow", v->flow);
	json_uint(&j, "side", c->side);
	json_uint(&j, "offset", c->offset);
	json_uint(&j, "length", c->len);
	json_bool(&j, "gap", c->gap);
	json_bool(&j, "overlap", c->overlap);
	if (c->number)
		json_uint(&j, "packet", c->number);
	else
		json_null(&j, "packet");
	if (c->number)
		json_time(&j, "time", c->at_ns);
	else
		json_null(&j, "time");
	if (c->bytes) {
		json_bytes(&j, "data", c->bytes, c->len);
		if (!text_is_utf8((const char *)c->bytes, c->len))
			json_hex(&j, "data_hex", c->bytes, c->len);
	} else {
		json_null(&j, "data");
	}
	json_end(&j, '}');
	buf_putc(&v->out->text, '\n');
}

/* --- the view --- */

static void take(void *arg, const struct stream_chunk *c)
{
	struct stream_view *v = arg;

	if (v->side != BOTH && c->side != v->side)
		return;
	if (v->config.json) {
		json_chunk(v, c);
	} else if (v->form->bare) {
		if (!c->gap && !c->overlap)
			v->form->write(v, c);
	} else {
		say_side(v, c->side);
		if (c->gap)
			say_missing(v, c);
		else if (c->overlap)
			say_overlap(v, c);
		if (!c->gap)
			v->form->write(v, c);
		if (c->overlap)
			end_line(v);
	}
	dump_out_room(v->out);
}

static int choose_form(struct stream_view *v, struct err *e)
{
	const char *as = v->config.options->as;

	v->form = &forms[0];
	for (size_t i = 0; as && i <= FORMS; i++) {
		if (i == FORMS)
			return err_set(e, EINVAL, "--as takes text, hex, raw or c, not \"%s\"", as);
		v->form = &forms[i];
		if (!strcmp(as, forms[i].name))
			break;
	}
	if (v->form->bare && !v->config.json && isatty(STDOUT_FILENO))
		return err_set(e, EINVAL, "--as raw is not for a terminal: redirect it");
	return 0;
}

static int choose_side(struct stream_view *v, struct err *e)
{
	const char *side = v->config.options->side;

	v->side = v->last = BOTH;
	if (!side || !strcmp(side, "both"))
		return 0;
	if (strcmp(side, "0") != 0 && strcmp(side, "1") != 0)
		return err_set(e, EINVAL, "--side takes 0, 1 or both, not \"%s\"", side);
	v->side = (unsigned)(*side - '0');
	return 0;
}

static int choose_flow(struct stream_view *v, struct err *e)
{
	int64_t number;

	if (!text_parse_int(v->config.argument, &number) || number < 0 || number >= FLOW_NONE)
		return err_set(e, EINVAL, "--stream takes a flow's number (see --flows), not \"%s\"",
			       v->config.argument);
	v->flow = (uint32_t)number;
	return 0;
}

static void *begin(const struct dump_view_config *config, struct err *e)
{
	struct stream_view *v = mem_alloc(sizeof *v);

	v->config = *config;
	if (choose_flow(v, e) || choose_form(v, e) || choose_side(v, e)) {
		free(v);
		return NULL;
	}
	tls_talk_init(&v->talk, config->keys, take, v, NULL);
	v->talk.may_come = config->keys_may_come;
	stream_init(&v->stream, tls_talk_take, &v->talk, NULL);
	return v;
}

static bool packet(void *self, const struct packet *p, const uint8_t *bytes, struct dump_out *out)
{
	struct stream_view *v = self;
	const struct fragments_whole *whole;

	v->out = out;
	if (p->flow != v->flow)
		return true;
	whole = p->fragment ? flow_table_whole(v->config.flows, p->number) : NULL;
	stream_add(&v->stream, &v->config.flows->flows[v->flow], whole ? &whole->packet : p,
		   whole ? whole->bytes : bytes);
	return !out->broken;
}

static int end(void *self, struct dump_out *out)
{
	struct stream_view *v = self;
	int status = EXIT_DONE;

	v->out = out;
	stream_end(&v->stream);
	tls_talk_end(&v->talk);
	end_line(v);
	dump_out_flush(out);
	if (v->flow >= v->config.flows->count)
		status = complain(EXIT_FAILED, "there is no flow %u: %u were seen", v->flow, v->config.flows->count);
	else if (v->form->bare && v->stream.side[0].missing + v->stream.side[1].missing)
		complain(0, "%llu bytes are missing",
			 (unsigned long long)(v->stream.side[0].missing + v->stream.side[1].missing));
	stream_done(&v->stream);
	tls_talk_done(&v->talk);
	free(v);
	return status;
}

const struct dump_view dump_stream = { .name = "stream", .begin = begin, .packet = packet, .end = end };
