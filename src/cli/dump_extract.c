/* dump_extract.c - `dump --extract DIR`: the bodies of HTTP/1 messages as files.
 *
 * Names are ours: a number, then what of the URL's last part is harmless. A file is only ever made
 * new, in DIR itself, and never through a link; dump makes DIR before it is confined to it.
 * Conversations that turn out to be no HTTP cost a pointer; at most TALKS are followed at once, the
 * oldest makes room.
 */
#include "cli/dump_view.h"

#include "analysis/flow_state.h"
#include "analysis/http_body.h"
#include "analysis/stream.h"
#include "analysis/tls_talk.h"
#include "cli/options.h"
#include "util/err.h"
#include "util/json.h"
#include "util/mem.h"
#include "util/text.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TALKS = 512, WAITS = 16 << 20, FILES = 100000, NAME = 64 };

struct talk {
	struct extract *view;
	uint32_t flow;
	struct stream stream;
	struct tls_talk tls; /* between the stream and HTTP */
	struct http_asked asked;
	struct talk_side {
		struct talk *talk;
		struct http_side http;
		int fd; /* of the body that is being written, -1: none */
		char name[2 * NAME];
		uint64_t bytes, packet;
	} side[2];
};

struct extract {
	struct dump_view_config config;
	int folder;
	struct talk **talks; /* by flow; NULL: not begun, &none: done with */
	size_t capacity;
	uint32_t order[TALKS]; /* flows that are followed, oldest at `first` */
	unsigned first, count;
	struct stream_pool pool;
	uint64_t now; /* packet */
	unsigned files, refused;
	struct err failed; /* writing; code 0: fine */
	struct dump_out *out;
};

static struct talk none;

/* --- names --- */

static const char *extension(const char *type)
{
	static const struct {
		const char *type, *extension;
	} rows[] = {
		{ "text/html", ".html" },
		{ "text/plain", ".txt" },
		{ "text/css", ".css" },
		{ "application/json", ".json" },
		{ "application/xml", ".xml" },
		{ "text/xml", ".xml" },
		{ "image/png", ".png" },
		{ "image/jpeg", ".jpg" },
		{ "image/gif", ".gif" },
		{ "image/svg+xml", ".svg" },
		{ "application/pdf", ".pdf" },
		{ "application/javascript", ".js" },
		{ "text/javascript", ".js" },
		{ "application/zip", ".zip" },
		{ "application/x-www-form-urlencoded", ".form" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!strncasecmp(rows[i].type, type, strlen(rows[i].type)))
			return rows[i].extension;
	return "";
}

static const char *packed(const char *coding)
{
	static const char *const rows[][2] = {
		{ "gzip", ".gz" }, { "x-gzip", ".gz" }, { "br", ".br" }, { "zstd", ".zst" }, { "deflate", ".deflate" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!strcasecmp(rows[i][0], coding))
			return rows[i][1];
	return "";
}

static bool harmless(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
	       c == '_';
}

static void name_file(struct talk_side *s, const struct http_message *m, unsigned number)
{
	char base[NAME + 1] = "";
	size_t end = strcspn(m->path, "?#"), from = end, len = 0;

	while (from && m->path[from - 1] != '/')
		from--;
	for (; from < end && len < NAME; from++)
		if (m->path[from] != '.' || len) /* no hidden files, no ".." */
			base[len++] = harmless(m->path[from]) ? m->path[from] : '_';
	base[len] = '\0';
	snprintf(s->name, sizeof s->name, "%05u-%s%s%s%s", number, m->response ? "" : "request-", len ? base : "body",
		 strchr(base, '.') ? "" : extension(m->type), packed(m->coding));
}

/* --- files --- */

static void begin_file(void *arg, const struct http_message *m)
{
	struct talk_side *s = arg;
	struct extract *v = s->talk->view;

	s->bytes = 0;
	s->packet = v->now;
	s->name[0] = '\0';
	if (v->failed.code)
		return;
	if (v->files == FILES) {
		v->refused++;
		return;
	}
	name_file(s, m, ++v->files);
	s->fd = openat(v->folder, s->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (s->fd < 0)
		err_set(&v->failed, errno, "%s/%s: %s", v->config.argument, s->name, strerror(errno));
}

static void write_file(void *arg, const uint8_t *bytes, size_t len)
{
	struct talk_side *s = arg;
	struct extract *v = s->talk->view;

	s->bytes += len;
	while (len && s->fd >= 0) {
		ssize_t n = write(s->fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_set(&v->failed, errno, "%s/%s: %s", v->config.argument, s->name, strerror(errno));
			return;
		}
		bytes += n;
		len -= (size_t)n;
	}
}

static void say_file(const struct talk_side *s, bool whole, struct buf *out)
{
	const struct http_message *m = &s->http.message;
	struct json j;

	if (!s->talk->view->config.json) {
		buf_printf(out, "%s  %llu bytes%s  ", s->name, (unsigned long long)s->bytes,
			   whole ? "" : ", incomplete");
		text_clean(out, m->path, strlen(m->path));
		buf_putc(out, '\n');
		return;
	}
	json_init(&j, out);
	json_object(&j, NULL);
	json_string(&j, "file", s->name);
	json_uint(&j, "bytes", s->bytes);
	json_bool(&j, "complete", whole);
	json_string(&j, "path", *m->path ? m->path : NULL);
	json_string(&j, "type", *m->type ? m->type : NULL);
	json_string(&j, "coding", *m->coding ? m->coding : NULL);
	json_uint(&j, "flow", s->talk->flow);
	json_uint(&j, "side", s != s->talk->side);
	json_uint(&j, "packet", s->packet);
	json_end(&j, '}');
	buf_putc(out, '\n');
}

static void end_file(void *arg, bool whole)
{
	struct talk_side *s = arg;
	struct extract *v = s->talk->view;

	if (s->fd < 0)
		return;
	if (close(s->fd) && !v->failed.code)
		err_set(&v->failed, errno, "%s/%s: %s", v->config.argument, s->name, strerror(errno));
	s->fd = -1;
	say_file(s, whole && !v->failed.code, &v->out->text);
	dump_out_room(v->out);
}

/* --- conversations --- */

static void take(void *arg, const struct stream_chunk *c)
{
	struct talk *t = arg;
	struct talk_side *s = &t->side[c->side];
	const struct http_sink sink = { s, begin_file, write_file, end_file };

	if (c->gap)
		http_side_gap(&s->http, &sink, c->len);
	else if (!c->overlap)
		http_side_feed(&s->http, &t->asked, &sink, c->bytes, c->len);
}

static void finish(struct extract *v, uint32_t flow)
{
	struct talk *t = v->talks[flow];

	if (!t || t == &none)
		return;
	stream_end(&t->stream);
	tls_talk_end(&t->tls);
	for (unsigned i = 0; i < 2; i++) {
		const struct http_sink sink = { &t->side[i], begin_file, write_file, end_file };

		http_side_end(&t->side[i].http, &sink);
	}
	stream_done(&t->stream);
	tls_talk_done(&t->tls);
	free(t);
	v->talks[flow] = &none;
}

static void forget_oldest(struct extract *v)
{
	finish(v, v->order[v->first]);
	v->first = (v->first + 1) % TALKS;
	v->count--;
}

static struct talk *talk_of(struct extract *v, uint32_t flow)
{
	struct talk *t;

	while (flow >= v->capacity) {
		size_t more = v->capacity ? v->capacity * 2 : 1024;

		v->talks = mem_grow(v->talks, more, sizeof *v->talks);
		memset(v->talks + v->capacity, 0, (more - v->capacity) * sizeof *v->talks);
		v->capacity = more;
	}
	if (v->talks[flow])
		return v->talks[flow];
	if (v->count == TALKS)
		forget_oldest(v);
	v->order[(v->first + v->count++) % TALKS] = flow;
	t = v->talks[flow] = mem_alloc(sizeof *t);
	t->view = v;
	t->flow = flow;
	tls_talk_init(&t->tls, v->config.keys, take, t, &v->pool);
	t->tls.may_come = v->config.keys_may_come;
	stream_init(&t->stream, tls_talk_take, &t->tls, &v->pool);
	t->stream.trusting = true;
	for (unsigned i = 0; i < 2; i++) {
		t->side[i].talk = t;
		t->side[i].fd = -1;
		http_side_init(&t->side[i].http);
	}
	return t;
}

/* --- the view --- */

static void *begin(const struct dump_view_config *config, struct err *e)
{
	struct extract *v;
	int folder;

	folder = open(config->argument, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0) {
		err_set(e, errno, "%s: %s", config->argument, strerror(errno));
		return NULL;
	}
	v = mem_alloc(sizeof *v);
	v->config = *config;
	v->folder = folder;
	v->pool.limit = WAITS;
	return v;
}

static bool packet(void *self, const struct packet *p, const uint8_t *bytes, struct dump_out *out)
{
	struct extract *v = self;
	const struct fragments_whole *whole;
	const struct flow *f;
	struct talk *t;

	v->out = out;
	v->now = p->number;
	if (p->flow == FLOW_NONE || v->config.flows->flows[p->flow].proto != IPPROTO_TCP)
		return true;
	f = &v->config.flows->flows[p->flow];
	t = talk_of(v, p->flow);
	if (t == &none)
		return true;
	whole = p->fragment ? flow_table_whole(v->config.flows, p->number) : NULL;
	stream_add(&t->stream, f, whole ? &whole->packet : p, whole ? whole->bytes : bytes);
	if (flow_ending(f) >= FLOW_FIN || (t->side[0].http.place == HTTP_LOST && t->side[1].http.place == HTTP_LOST))
		finish(v, p->flow);
	return !out->broken && !v->failed.code;
}

static int end(void *self, struct dump_out *out)
{
	struct extract *v = self;
	int status = EXIT_DONE;

	v->out = out;
	while (v->count)
		forget_oldest(v);
	dump_out_flush(out);
	if (v->failed.code)
		status = complain(EXIT_FAILED, "%s", v->failed.text);
	if (v->refused)
		complain(0, "%u more bodies than the %u that are written", v->refused, FILES);
	close(v->folder);
	free(v->talks);
	free(v);
	return status;
}

const struct dump_view dump_extract = { .name = "extract", .begin = begin, .packet = packet, .end = end };
