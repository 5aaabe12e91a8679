#include "inside.h"

#include "kernel/diag.h"
#include "kernel/sampler.h"
#include "session/watch.h"
#include "session/guard.h"
#include "session/host.h"
#include "session/logbook.h"
#include "session/names.h"
#include "session/opened.h"
#include "session/replay.h"
#include "session/parser.h"
#include "session/resolve.h"
#include "session/run.h"
#include "session/script.h"
#include "session/setting.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/mem.h"
#include "util/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	BOX_BYTES = 32 << 20, /* blocks under way from the capture worker */
	FLOWS_MOST = 1 << 20,
	SOON_NS = 100000000,  /* between two looks while something is going on */
	BUSY_NS = 2000000000, /* how long that is after the last change */
	CLOSED_LOOKS = 64,    /* closed sockets looked up at a time */
};

#define RECORDER_BYTES (64ull << 20)
#define GONE_ROWS_NS 20000000000u /* a socket that the kernel dropped stays in the scope mine for so long */

/* --- life --- */

static int look_up(void *ctx, const struct sock *was, struct sock *now)
{
	struct session *s = ctx;
	int rc;

	if (!s->diag)
		return -EOPNOTSUPP;
	rc = diag_find(s->diag, was, now, NULL);
	return rc == 0 ? 1 : rc == -ENOENT ? 0 : rc;
}

static void lab_changed(void *ctx)
{
	struct session *s = ctx;

	s->lab_changed = true;
	session_touch(s);
}

/* What the lab is refused since the privilege was given away. */
static int make_socket(void *ctx, int family, int type, int protocol)
{
	struct broker *b = guard_helper(((struct session *)ctx)->config.guard);

	return b ? broker_socket(b, family, type, protocol) : -EPERM;
}

static int bind_low(void *ctx, int fd, const struct sockaddr_storage *to, socklen_t len)
{
	struct broker *b = guard_helper(((struct session *)ctx)->config.guard);

	return b ? broker_bind(b, fd, to, len) : -EACCES;
}

static int set_option(void *ctx, int fd, int level, int option, const void *value, socklen_t len)
{
	struct broker *b = guard_helper(((struct session *)ctx)->config.guard);

	return b ? broker_setsockopt(b, fd, level, option, value, len) : -EPERM;
}

int session_new(const struct session_config *config, struct session **out, struct err *e)
{
	struct session *s = mem_alloc(sizeof *s);
	const struct lab_hooks hooks = {
		.ctx = s,
		.lookup = look_up,
		.changed = lab_changed,
		.socket = make_socket,
		.bind = bind_low,
		.setsockopt = set_option,
	};
	int rc;

	s->config = *config;
	s->shown = mem_alloc(sizeof *s->shown);
	s->process = mem_alloc(sizeof *s->process);
	s->watches = watches_new();
	s->names = names_new(NAMES_LEARNT);
	if (config->interactive)
		names_learn_user(s->names, geteuid());
	s->device = mem_string(config->device ? config->device : "any");
	s->config.device = s->device;
	settings_default(&s->settings);
	recorder_init(&s->recorder, config->recorder_bytes ? config->recorder_bytes : RECORDER_BYTES);
	flow_table_init(&s->flows, FLOWS_MOST);
	flow_table_init(&s->beside, FLOWS_MOST);
	s->logbook = logbook_new();
	rc = mailbox_init(&s->box, BOX_BYTES);
	if (rc) {
		err_set(e, -rc, "eventfd: %s", strerror(-rc));
		goto out;
	}
	s->lab = lab_new(&hooks, e);
	if (!s->lab) {
		rc = -(e && e->code ? e->code : EINVAL);
		goto out;
	}
	if (diag_open(&s->diag, NULL))
		s->diag = NULL; /* a closed socket's state is unknown then, nothing else */
	rc = session_secrets_open(s, config->keylog, e);
	if (rc)
		goto out;
	if (config->file) {
		rc = session_file_open(s, config->file, e);
		if (rc)
			goto out;
	} else if (config->capture) {
		session_capture_start(s, NULL, &s->taps[TAP_LIVE].error); /* shown, nothing else */
	}
	rc = session_park_open(s, e);
	if (!rc)
		rc = guard_enter(config->guard, e);
	if (!rc && config->record) /* the user's own file, also when sudo started us */
		rc = session_record_open(s, config->record, e);
	if (rc)
		goto out;
	if (config->raw && session_enter(s, "raw on", e, NULL))
		session_notice(s, NOTICE_WARN, "%s", e->text);
	*out = s;
	return 0;
out:
	session_free(s);
	return rc;
}

void session_free(struct session *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->run_count; i++)
		run_free(s->runs[i]);
	session_record_close(s, NULL);
	for (unsigned i = 0; i < TAPS; i++)
		session_tap_stop(s, i);
	session_tap_reap(s, true);
	capture_close(s->taps[TAP_LIVE].parked);
	capture_reap(s->taps[TAP_LIVE].parked, true);
	for (struct mail *m = s->box.tail ? mailbox_take(&s->box) : NULL, *next; m; m = next) {
		next = m->next;
		free(m);
	}
	if (s->box.tail)
		mailbox_done(&s->box);
	script_free(s->script);
	resolver_free(s->resolver);
	host_free(s->host);
	sampler_free(s->sampler);
	filter_free(s->filter);
	free(s->shown);
	free(s->process);
	watches_free(s->watches);
	for (int i = 0; i < SCOPES; i++)
		free(s->columns[i]);
	free(s->own_rates);
	names_free(s->names);
	free(s->filter_text);
	lab_free(s->lab);
	diag_close(s->diag);
	for (size_t i = 0; i < s->trail_count; i++)
		session_trails_done(&s->trails[i]);
	if (s->watched)
		session_trails_done(s->watched);
	free(s->watched);
	for (size_t i = 0; i < s->binding_count; i++)
		free(s->bindings[i].line);
	recorder_done(&s->recorder);
	session_log_free(s);
	opened_free(s->opened);
	flow_table_done(&s->flows);
	flow_table_done(&s->beside);
	logbook_free(s->logbook);
	session_secrets_done(s);
	free(s->device);
	free(s->trails);
	free(s->rows);
	free(s->ref_room);
	free(s->runs);
	free(s->accepts);
	free(s);
}

void session_emergency(const struct session *s)
{
	if (s && s->lab)
		lab_emergency(s->lab);
}

void session_touch(struct session *s)
{
	s->changes++;
}

void session_notice(struct session *s, enum notice_kind kind, const char *format, ...)
{
	char text[SESSION_NOTICE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	text_clean_to(s->notice.text, sizeof s->notice.text, text, strlen(text));
	s->notice.kind = kind;
	s->notice.at_ns = clock_mono_ns();
	s->notice.count++;
	session_touch(s);
}

/* --- one turn of the loop --- */

/* What an accept that waited has made becomes the current socket. */
static void watch_accepts(struct session *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->accept_count; i++) {
		const struct call *c = journal_find(lab_journal(s->lab), s->accepts[i]);

		if (c && c->status == CALL_RUNNING)
			s->accepts[kept++] = s->accepts[i];
		else if (c && c->made)
			session_select(s, c->made);
	}
	s->accept_count = kept;
}

static uint64_t next_look(const struct session *s)
{
	uint64_t every = s->settings.refresh_ns;

	if (!s->config.interactive)
		return UINT64_MAX;
	if (s->looked_ns < s->changed_ns + BUSY_NS && every > SOON_NS)
		every = SOON_NS;
	return s->looked_ns + every;
}

static void look(struct session *s, uint64_t now_mono)
{
	if (now_mono < next_look(s) || (s->opened && s->opened->replay))
		return;
	s->looked_ns = now_mono;
	lab_look_all(s->lab, CLOSED_LOOKS, clock_real_ns());
	session_rate_own(s, now_mono);
	session_touch(s);
}

void session_tick(struct session *s)
{
	uint64_t now;
	bool packets;

	lab_dispatch(s->lab);
	packets = session_drain(s);
	session_secrets_read(s);
	now = clock_mono_ns();
	if (s->lab_changed)
		s->changed_ns = now;
	look(s, now);
	if (packets || s->lab_changed || s->selected != s->trailed)
		session_update_trails(s);
	s->trailed = s->selected;
	s->lab_changed = false;
	session_go_runs(s);
	session_log_tick(s, false);
	if (s->opened && s->opened->read)
		replay_settle(s);
	if (s->config.interactive) {
		watch_accepts(s);
		session_sample_host(s, now);
		if (now >= opened_rows_until(s) || lab_has_forgotten(s->lab))
			s->rows_stale = true;
		session_rebuild_rows(s); /* first of all: rows point into the snapshot that is gone now */
		session_look_at_owner(s, now);
		session_sample(s, now);
	}
	lab_bury(s->lab); /* no row points to these any more */
}

static uint64_t earliest(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void bury_broker(struct session *s)
{
	struct err why;

	broker_bury(s->config.guard->broker, &why);
	s->config.guard->lost = true;
	session_notice(s, NOTICE_WARN, "%s: owners of other processes' sockets, raw sockets and K may be refused now",
		       why.text);
}

int session_wait(struct session *s, struct pollfd *extra, size_t count, uint64_t until_ns)
{
	enum { OURS = 4, EXTRA = 8 };
	struct pollfd fds[EXTRA + OURS + RESOLVE_FDS];
	uint64_t now, until, resolver_ns = UINT64_MAX;
	struct timespec wait;
	struct broker *helper = guard_helper(s->config.guard);
	size_t asked = 0;
	int rc;

	if (count > EXTRA)
		return -EINVAL;
	if (count)
		memcpy(fds, extra, count * sizeof *extra);
	fds[count] = (struct pollfd){ .fd = lab_fd(s->lab), .events = POLLIN };
	fds[count + 1] = (struct pollfd){ .fd = s->box.fd, .events = POLLIN };
	fds[count + 2] = (struct pollfd){ .fd = s->host ? host_fd(s->host) : -1, .events = POLLIN };
	fds[count + 3] = (struct pollfd){ .fd = helper ? broker_fd(helper) : -1, .events = POLLIN };
	if (s->resolver)
		asked = resolver_poll(s->resolver, fds + count + OURS, &resolver_ns);
	now = clock_mono_ns();
	until = earliest(earliest(until_ns, lab_deadline(s->lab)), earliest(next_look(s), session_runs_until(s)));
	until = earliest(until, session_host_until(s));
	until = opened_waits(s) ? now : earliest(until, opened_rows_until(s));
	if (resolver_ns != UINT64_MAX)
		until = earliest(until, now + resolver_ns);
	until = until > now ? until - now : 0;
	wait.tv_sec = (time_t)(until / 1000000000u);
	wait.tv_nsec = (long)(until % 1000000000u);
	rc = ppoll(fds, count + OURS + asked, until > 3600000000000u ? NULL : &wait, NULL);
	if (rc < 0 && errno != EINTR)
		return -errno;
	if (rc < 0)
		for (size_t i = 0; i < count + OURS + asked; i++)
			fds[i].revents = 0;
	if (count)
		memcpy(extra, fds, count * sizeof *extra);
	if (fds[count + 3].revents || guard_has_lost(s->config.guard))
		bury_broker(s);
	if (s->resolver && (asked || resolver_ns != UINT64_MAX))
		resolver_work(s->resolver, fds + count + OURS, asked);
	session_tick(s);
	return 0;
}
