/* The wire: capture, interface, write. */
#include "commands.h"

#include "capture/writer.h"
#include "session/guard.h"
#include "util/buf.h"
#include "session/follow.h"
#include "session/ladder_of.h"
#include "session/opened.h"
#include "util/clock.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define READ_NS UINT64_C(5000000) /* until the next look whether the wire was read */

PARSER(capture)
{
	const struct token *t;
	int rc = parser_need(p, &t, "on, off or an interface");

	if (rc)
		return rc;
	out->start = strcasecmp(t->text, "off") != 0;
	if (out->start && strcasecmp(t->text, "on"))
		out->word = mem_string(t->text);
	return 0;
}

RUNNER(capture)
{
	struct err why;

	if (!r->step->start) {
		session_capture_stop(s);
		session_notice(s, NOTICE_INFO, "the capture is off");
		return RUN_DONE;
	}
	if (session_capture_start(s, r->step->word, &why))
		return run_refused(r, &why);
	session_notice(s, NOTICE_INFO, "capturing on %s", s->config.device);
	return RUN_DONE;
}

/* --- the SOCK_RAW listener --- */

enum {
	RAW_USUAL = 1 << RAW_TCP | 1 << RAW_UDP | 1 << RAW_ICMP,
	RAW_ANY = (1 << RAW_PROTOCOLS) - 1,
	RAW_TURN = -1,
};

/* Slots: number is RAW_TURN (R) or 1 for on, 0 for off; protocol the bits of what, 0 for none
 * named. */
PARSER(raw)
{
	enum raw_protocol what;
	const struct token *t;

	out->number = RAW_TURN;
	if (!parser_peek(p))
		return 0;
	if (parser_word(p, "on"))
		out->number = 1;
	else if (parser_word(p, "off"))
		out->number = 0;
	else
		return parser_fail(p, parser_peek(p), "raw takes on or off, not \"%s\"", parser_peek(p)->text);
	while ((t = parser_next(p))) {
		if (!raw_protocol_named(t->text, &what))
			return parser_fail(p, t, "raw listens to tcp, udp, icmp or all, not \"%s\"", t->text);
		out->protocol |= 1 << what;
	}
	return 0;
}

static unsigned running(const struct session *s)
{
	unsigned bits = 0;

	for (unsigned i = 0; i < RAW_PROTOCOLS; i++)
		bits |= (unsigned)(s->taps[TAP_RAW + i].capture != NULL) << i;
	return bits;
}

/* What was switched off together comes back together. */
static enum run_result stop_raw(struct session *s, unsigned bits)
{
	s->raw_last = running(s) & bits;
	for (unsigned i = 0; i < RAW_PROTOCOLS; i++)
		if (bits >> i & 1)
			session_raw_stop(s, (enum raw_protocol)i);
	session_notice(s, NOTICE_INFO, "the raw listener is off");
	return RUN_DONE;
}

static enum run_result start_raw(struct session *s, struct run *r, unsigned bits)
{
	struct buf names = { 0 };
	struct err why;

	for (unsigned i = 0; i < RAW_PROTOCOLS; i++)
		if ((bits >> i & 1) && session_raw_start(s, (enum raw_protocol)i, &why))
			return run_refused(r, &why);
	for (unsigned i = 0; i < RAW_PROTOCOLS; i++)
		if (running(s) >> i & 1)
			buf_printf(&names, "%s%s", names.len ? ", " : "", raw_rows[i].name);
	session_notice(s, NOTICE_INFO, "raw sockets listen to %s", buf_text(&names));
	buf_done(&names);
	return RUN_DONE;
}

RUNNER(raw)
{
	unsigned named = (unsigned)r->step->protocol;
	int on = r->step->number;

	if (on == RAW_TURN) {
		on = !running(s);
		named = on ? s->raw_last : RAW_ANY;
	}
	if (!on)
		return stop_raw(s, named ? named : RAW_ANY);
	return start_raw(s, r, named ? named : RAW_USUAL);
}

/* `i`: the next interface in the list, "any" first. */
RUNNER(interface)
{
	struct capture_device *devices;
	const char *now = s->config.device, *next = NULL;
	unsigned count;
	struct err why;
	bool seen = false;

	if (capture_devices(&devices, &count, &why))
		return run_fail(r, "%s", why.text);
	for (unsigned i = 0; i < count && !next; i++) {
		if (seen && devices[i].up)
			next = devices[i].name;
		seen |= !strcmp(devices[i].name, now);
	}
	if (!next)
		next = "any";
	if (session_capture_start(s, next, &why)) {
		free(devices);
		return run_fail(r, "%s", why.text);
	}
	session_notice(s, NOTICE_INFO, "capturing on %s", next);
	free(devices);
	return RUN_DONE;
}

static int write_one(struct session *s, struct writer *w, uint64_t number, size_t *written, struct err *e)
{
	const uint8_t *bytes;
	const struct packet *p = session_packet(s, number, &bytes);
	int rc = p && !p->beside ? writer_packet(w, p, bytes, NULL, e) : 0;

	*written += p && !p->beside && !rc;
	return rc;
}

/* The packets of the current socket; where none is selected, all that was recorded. What several
 * taps saw is written once. */
/* A script does not wait for the wire: what it did is not read yet. */
static bool wire_is_behind(const struct session *s, struct run *r)
{
	if (s->config.interactive || session_read_until(s) >= r->begun_ns)
		return false;
	r->wake_ns = clock_mono_ns() + READ_NS;
	return true;
}

static enum run_result write_stream(struct session *s, struct run *r)
{
	struct err why;
	size_t bytes;

	if (wire_is_behind(s, r))
		return RUN_WAIT;
	if (follow_save(s, s->selected, r->step->word, &bytes, &why))
		return run_fail(r, "%s", why.text);
	session_notice(s, NOTICE_INFO, "wrote %zu byte%s to %s", bytes, bytes == 1 ? "" : "s", r->step->word);
	return RUN_DONE;
}

static enum run_result write_ladder(struct session *s, struct run *r)
{
	struct err why;
	size_t rows;

	if (wire_is_behind(s, r))
		return RUN_WAIT;
	if (ladder_save(s, s->selected, r->step->word, &rows, &why))
		return run_fail(r, "%s", why.text);
	session_notice(s, NOTICE_INFO, "wrote the ladder, %zu row%s, to %s", rows, rows == 1 ? "" : "s", r->step->word);
	return RUN_DONE;
}

RUNNER(write)
{
	const struct trail *t = session_trail(s, s->selected);
	const bool all = !s->selected || s->selected == ROW_KEY_ALL;
	uint64_t oldest = recorder_oldest(&s->recorder);
	size_t count = all ? s->recorder.next - oldest : t ? t->count : 0, written = 0;
	const struct writer_config config = { .path = r->step->word, .keep = true };
	struct writer *w;
	struct err why;
	int rc = 0;

	if (guard_may_write(s->config.guard, r->step->word, &why))
		return run_fail(r, "%s", why.text);
	if (ladder_file(r->step->word))
		return write_ladder(s, r);
	if (s->view == VIEW_STREAM && !strstr(r->step->word, ".pcap"))
		return write_stream(s, r);
	if (!count)
		return run_fail(r, "there are no packets%s to write", all ? "" : " of this socket");
	if (writer_open(&config, &w, &why)) {
		guard_explain(s->config.guard, &why);
		return run_fail(r, "%s", why.text);
	}
	for (size_t i = 0; i < count && !rc; i++)
		rc = write_one(s, w, all ? oldest + i : t->numbers[i], &written, &why);
	if (writer_close(w, NULL, rc ? NULL : &why) || rc)
		return run_fail(r, "%s", why.text);
	session_notice(s, NOTICE_INFO, "wrote %zu packet%s to %s", written, written == 1 ? "" : "s", r->step->word);
	return RUN_DONE;
}
