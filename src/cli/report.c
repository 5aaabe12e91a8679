#include "cli/report.h"

#include "core/words.h"
#include "util/clock.h"
#include "util/json.h"
#include "util/mem.h"
#include "util/text.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS = 10 };

void report_init(struct report *r, struct session *s, bool json, bool colour, bool capture)
{
	memset(r, 0, sizeof *r);
	r->session = s;
	r->json = json;
	r->colour = colour;
	r->capture = capture;
	r->ascii = s->settings.ascii;
	r->begun_ns = clock_mono_ns();
}

static void outcome_done(struct outcome *o)
{
	buf_done(&o->line);
	buf_done(&o->data);
	buf_done(&o->events);
	free(o->printed);
}

void report_done(struct report *r)
{
	for (size_t i = r->written; i < r->count; i++)
		outcome_done(&r->queue[i]);
	free(r->queue);
	memset(r, 0, sizeof *r);
}

static void put_out(struct report *r, const struct buf *b)
{
	if (fwrite(buf_text(b), 1, b->len, stdout) != b->len || fflush(stdout))
		r->broken = true;
}

/* --- the last events of a socket, for a failure --- */

struct event {
	uint64_t at_ns;
	struct buf text;
};

static void add_event(struct event *events, size_t *count, uint64_t at_ns, struct buf text)
{
	size_t at;

	if (*count == EVENTS) {
		if (at_ns <= events[0].at_ns) {
			buf_done(&text);
			return;
		}
		buf_done(&events[0].text);
		memmove(events, events + 1, (EVENTS - 1) * sizeof *events);
		--*count;
	}
	for (at = *count; at > 0 && events[at - 1].at_ns > at_ns; at--)
		events[at] = events[at - 1];
	events[at] = (struct event){ at_ns, text };
	++*count;
}

static void packet_line(struct report *r, uint64_t key, const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	static const char *const ways[] = { "--", "in ", "out" };
	struct packet_base base;

	session_base(r->session, p, &base);
	base.ascii = r->ascii;
	buf_printf(out, "%s ", ways[session_direction(r->session, key, p)]);
	decode_info(p, bytes, &base, out);
}

static void last_events(struct report *r, uint32_t sock, struct buf *out)
{
	struct event events[EVENTS];
	size_t count = 0;
	struct journal *j = lab_journal(r->session->lab);
	const struct lab_sock *ls = lab_find(r->session->lab, sock);
	const struct trail *t = session_trail(r->session, sock);

	for (uint64_t n = journal_oldest(j); n < j->next; n++) {
		const struct call *c = journal_find(j, n);
		struct buf text = { 0 };

		if (!c || c->sock != sock)
			continue;
		buf_puts(&text, "call    ");
		call_format(c, r->ascii, &text);
		add_event(events, &count, c->start_ns, text);
	}
	for (unsigned i = 0; ls && i < ls->history.step_count; i++) {
		const struct history_step *h = &ls->history.steps[i];
		struct buf text = { 0 };

		buf_printf(&text, "state   %s (%s)", state_name(h->state), h->why);
		add_event(events, &count, h->at_ns, text);
	}
	for (size_t i = 0; t && i < t->count; i++) {
		const uint8_t *bytes;
		const struct packet *p = session_packet(r->session, t->numbers[i], &bytes);
		struct buf text = { 0 };

		if (!p)
			continue;
		buf_puts(&text, "packet  ");
		packet_line(r, sock, p, bytes, &text);
		add_event(events, &count, p->at_ns, text);
	}
	for (size_t i = 0; i < count; i++) {
		double before = (double)(int64_t)(events[i].at_ns - events[count - 1].at_ns) / 1e6;

		buf_printf(out, "        %10.3f ms  %s\n", before, buf_text(&events[i].text));
		buf_done(&events[i].text);
	}
}

/* --- taking a step --- */

void report_step(struct report *r, const struct script_step *step, const struct run *finished, bool passed)
{
	struct outcome *o;
	const struct call *c = NULL;

	if (r->written == r->count)
		r->written = r->count = 0;
	MEM_ROOM(r->queue, r->count, r->capacity);
	o = &r->queue[r->count++];
	memset(o, 0, sizeof *o);
	o->step = step;
	o->skipped = !finished;
	o->passed = passed;
	r->steps++;
	r->passed += !o->skipped && passed;
	r->failed += !o->skipped && !passed;
	r->skipped += o->skipped;
	if (!finished)
		return;
	o->run = *finished;
	o->run.step = &step->step;
	if (!passed && finished->denied && !r->denied[0])
		snprintf(r->denied, sizeof r->denied, "%s", finished->message);
	if (finished->call)
		c = journal_find(lab_journal(r->session->lab), finished->call);
	if (c && (step->step.command->flags & COMMAND_CALL) && !r->json)
		call_format(c, r->ascii, &o->line);
	if (c && c->received && (c->status == CALL_OK || c->data_len)) {
		o->has_data = true;
		buf_add(&o->data, c->data, c->data ? c->data_len : 0);
	}
	if (!strcmp(step->step.command->name, "print"))
		o->printed = mem_string(step->step.rest);
	if (!passed && finished->sock && !r->json)
		last_events(r, finished->sock, &o->events);
}

/* --- packets of a step --- */

struct seen {
	uint64_t number;
	uint32_t sock;
};

static int by_number(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->sock < y->sock ? -1 : x->sock > y->sock;
}

/* Packets of our sockets that were not given to a step yet and came before `until_ns`; each once, with the socket
 * whose view counts: the step's own where it has the packet. */
static struct seen *take_packets(struct report *r, uint64_t until_ns, uint32_t prefer, size_t *count)
{
	struct session *s = r->session;
	struct seen *seen = NULL;
	size_t capacity = 0, kept = 0;
	struct lab_sock *sock;

	*count = 0;
	for (size_t i = 0; (sock = lab_next(s->lab, &i));) {
		const struct trail *t = sock->peer ? NULL : session_trail(s, sock->id);

		for (size_t k = t ? t->count : 0; k-- > 0 && t->numbers[k] > r->reported;) {
			const struct packet *p = session_packet(s, t->numbers[k], NULL);

			if (!p || p->at_ns >= until_ns)
				continue;
			MEM_ROOM(seen, *count, capacity);
			seen[(*count)++] = (struct seen){ t->numbers[k], sock->id };
		}
	}
	if (*count)
		qsort(seen, *count, sizeof *seen, by_number);
	for (size_t i = 0; i < *count; i++) {
		if (kept && seen[kept - 1].number == seen[i].number) {
			if (seen[i].sock == prefer)
				seen[kept - 1].sock = prefer;
			continue;
		}
		seen[kept++] = seen[i];
	}
	*count = kept;
	if (kept)
		r->reported = seen[kept - 1].number;
	return seen;
}

/* --- writing --- */

static const char *result_name(const struct outcome *o)
{
	return o->skipped ? "skipped" : call_status_name(o->run.status);
}

static void endpoint_json(struct json *j, const char *key, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT];

	if (e->family == AF_UNSPEC || (e->family == AF_UNIX && !e->path_len))
		json_null(j, key);
	else
		json_string(j, key, endpoint_format(e, text, sizeof text));
}

static void packet_json(struct report *r, struct json *j, const struct seen *seen)
{
	static const char *const ways[] = { "unknown", "in", "out" };
	const uint8_t *bytes;
	const struct packet *p = session_packet(r->session, seen->number, &bytes);
	struct packet_base base;
	struct buf info = { 0 };
	char flags[10];

	if (!p)
		return;
	session_base(r->session, p, &base);
	decode_info(p, bytes, &base, &info);
	json_object(j, NULL);
	json_time(j, "time", p->at_ns);
	json_string(j, "direction", ways[session_direction(r->session, seen->sock, p)]);
	json_string(j, "flags",
		    p->ip_proto == IPPROTO_TCP && !p->fragment ? packet_flag_letters(p->tcp_flags, flags) : NULL);
	json_uint(j, "length", p->len);
	json_bytes(j, "info", buf_text(&info), info.len);
	json_end(j, '}');
	buf_done(&info);
}

static void data_json(struct json *j, const struct outcome *o)
{
	if (!o->has_data) {
		json_null(j, "data");
		return;
	}
	json_bytes(j, "data", buf_text(&o->data), o->data.len);
	if (!text_is_utf8(buf_text(&o->data), o->data.len))
		json_hex(j, "data_hex", buf_text(&o->data), o->data.len);
}

static void state_json(struct json *j, const char *key, enum state s)
{
	json_string(j, key, s ? state_name(s) : NULL);
}

static void write_json(struct report *r, unsigned number, const struct outcome *o, uint64_t until_ns)
{
	const struct step *st = &o->step->step;
	bool call = (st->command->flags & COMMAND_CALL) && !o->skipped && o->run.call;
	const char *who = o->run.name[0] ? o->run.name : st->made[0] && !st->names_result ? st->made : st->target;
	struct buf line = { 0 };
	struct json j;

	json_init(&j, &line);
	json_object(&j, NULL);
	json_uint(&j, "step", number);
	json_uint(&j, "line", st->line);
	json_string(&j, "command", st->text);
	json_string(&j, "socket", who[0] ? who : NULL);
	json_string(&j, "call", st->command->name);
	json_string(&j, "result", result_name(o));
	if (call)
		json_int(&j, "return", o->run.result);
	else
		json_null(&j, "return");
	json_string(&j, "errno", !o->skipped && o->run.error ? errno_name(o->run.error) : NULL);
	json_uint(&j, "duration_ns", o->run.duration_ns);
	state_json(&j, "state_before", o->run.before);
	state_json(&j, "state_after", o->run.after);
	endpoint_json(&j, "local", &o->run.local);
	endpoint_json(&j, "remote", &o->run.remote);
	data_json(&j, o);
	json_bool(&j, "passed", o->passed && !o->skipped);
	json_string(&j, "message", o->run.message[0] ? o->run.message : NULL);
	if (r->capture && !o->skipped) {
		size_t count;
		struct seen *seen = take_packets(r, until_ns, o->run.sock, &count);

		json_array(&j, "packets");
		for (size_t i = 0; i < count; i++)
			packet_json(r, &j, &seen[i]);
		json_end(&j, ']');
		free(seen);
	}
	json_end(&j, '}');
	buf_putc(&line, '\n');
	put_out(r, &line);
	buf_done(&line);
}

static void coloured(struct report *r, struct buf *out, const char *colour, const char *word)
{
	if (r->colour)
		buf_printf(out, "\x1b[%sm%-4s\x1b[0m", colour, word);
	else
		buf_printf(out, "%-4s", word);
}

static void write_text(struct report *r, const struct outcome *o, uint64_t until_ns)
{
	const struct step *st = &o->step->step;
	bool expected = o->passed && o->run.status != CALL_OK;
	struct buf line = { 0 };

	if (o->skipped)
		coloured(r, &line, "33", "skip");
	else
		coloured(r, &line, o->passed ? "32" : "31", o->passed ? "ok" : "FAIL");
	buf_putc(&line, ' ');
	if (o->line.len) {
		buf_printf(&line, "%-8s ", o->run.name);
		buf_add(&line, o->line.data, o->line.len);
		if (expected && !o->skipped)
			buf_puts(&line, "  (expected)");
	} else {
		text_clean(&line, st->text, strlen(st->text));
	}
	buf_putc(&line, '\n');
	if (!o->skipped && !o->passed) {
		buf_printf(&line, "     line %u: %s\n", st->line,
			   o->run.message[0] ? o->run.message : "the call failed, and no `expect error` follows");
		if (o->events.len)
			buf_printf(&line, "     the last events of %s:\n%s", o->run.name, o->events.data);
	}
	if (r->capture && !o->skipped) {
		size_t count;
		struct seen *seen = take_packets(r, until_ns, o->run.sock, &count);

		for (size_t i = 0; i < count; i++) {
			const uint8_t *bytes;
			const struct packet *p = session_packet(r->session, seen[i].number, &bytes);

			if (!p)
				continue;
			buf_puts(&line, "       ");
			packet_line(r, seen[i].sock, p, bytes, &line);
			buf_putc(&line, '\n');
		}
		free(seen);
	}
	put_out(r, &line);
	buf_done(&line);
}

bool report_write(struct report *r, bool all)
{
	uint64_t read_until = r->capture && !all ? session_read_until(r->session) : UINT64_MAX;

	while (r->written < r->count) {
		struct outcome *o = &r->queue[r->written];
		const struct outcome *next = o + 1 < r->queue + r->count && !o[1].skipped ? o + 1 : NULL;
		/* A packet belongs to the last step that began before it. */
		uint64_t until = next ? next->run.begun_ns : o->run.ended_ns;

		if (!o->skipped && read_until <= until)
			return false;
		if (r->json)
			write_json(r, r->steps - (unsigned)(r->count - r->written) + 1, o, next ? until : UINT64_MAX);
		else
			write_text(r, o, next ? until : UINT64_MAX);
		outcome_done(o);
		r->written++;
	}
	return true;
}

void report_total(struct report *r)
{
	struct buf line = { 0 };
	struct json j;

	if (r->json) {
		json_init(&j, &line);
		json_object(&j, NULL);
		json_object(&j, "summary");
		json_uint(&j, "steps", r->steps);
		json_uint(&j, "passed", r->passed);
		json_uint(&j, "failed", r->failed);
		json_uint(&j, "skipped", r->skipped);
		json_uint(&j, "duration_ns", clock_mono_ns() - r->begun_ns);
		json_end(&j, '}');
		json_end(&j, '}');
	} else {
		buf_printf(&line, "%u passed, %u failed", r->passed, r->failed);
		if (r->skipped)
			buf_printf(&line, ", %u skipped", r->skipped);
	}
	buf_putc(&line, '\n');
	put_out(r, &line);
	buf_done(&line);
}
