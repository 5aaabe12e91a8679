/* What is done with the sockets of the host: they are looked at again and again, destroyed, their owners looked up and
 * signalled. */
#include "inside.h"

#include "kernel/sampler.h"
#include "session/guard.h"
#include "session/host.h"
#include "util/err.h"

#include <errno.h>
#include <string.h>

int session_destroy(struct session *s, uint64_t key, struct err *e)
{
	const struct row *row = session_row(s, key);
	int rc;

	if (!row || !row->view.record)
		return err_set(e, ENOENT, "the socket is gone, or it is not one of the scope host");
	if (guard_helper(s->config.guard))
		return broker_destroy(s->config.guard->broker, host_snapshot(s->host), row->view.record, e);
	if (!s->sampler) {
		rc = sampler_new(&s->sampler, e);
		if (rc)
			return rc;
	}
	return sampler_destroy(s->sampler, host_snapshot(s->host), row->view.record, e);
}

int session_signal(struct session *s, uint64_t key, int number, struct err *e)
{
	const struct row *row = session_row(s, key);
	const struct owner *o = row && row->view.owner_count ? row->view.owners : NULL;

	if (!o || row->own)
		return err_set(e, ESRCH, "the socket is gone, or no other process is known to have it");
	if (guard_helper(s->config.guard))
		return broker_signal(s->config.guard->broker, o->pid, o->process, number, e);
	return process_signal(o->pid, o->process, number, e);
}

/* --- whose it is --- */

/* Once a second, and when another socket is selected: what /proc tells of its first owner. */
void session_look_at_owner(struct session *s, uint64_t now_mono)
{
	enum { AGAIN_NS = 1000000000 };
	const struct row *row = s->scope == SCOPE_MINE || s->opened ? NULL : session_selected(s);
	uint32_t pid = row && !row->own && !row->closed_ns && row->view.owner_count ? row->view.owners[0].pid : 0;

	if (pid == s->process->pid && (!pid || now_mono < s->process_ns + AGAIN_NS))
		return;
	if (pid != s->process->pid)
		session_touch(s);
	s->process_ns = now_mono;
	if (!pid || process_read(pid, s->process, NULL))
		*s->process = (struct process){ 0 };
	s->process->pid = pid; /* one that is gone is not asked for at every turn */
}

/* --- keeping the host's rows up to date --- */

uint64_t session_host_until(const struct session *s)
{
	if (!s->host || (s->scope == SCOPE_MINE && !s->record) || s->opened || host_busy(s->host))
		return UINT64_MAX;
	if (strcmp(s->host_netns, s->settings.netns))
		return 0; /* another namespace was chosen: at once */
	return s->host_asked_ns + s->host_every_ns;
}

void session_sample_host(struct session *s, uint64_t now_mono)
{
	enum { SHARE = 10 /* at most a tenth of the time is spent on looking */ };
	const struct snapshot *snap;
	struct sample_request request = { .owners = true, .info = true };
	unsigned news;

	if (!s->host && s->record && !s->opened)
		session_start_host(s); /* a recording tells of owners, whatever is on the screen */
	if (!s->host)
		return;
	news = host_adopt(s->host);
	if (news & HOST_NEWS_SNAPSHOT) {
		snap = host_snapshot(s->host);
		s->host_every_ns = s->settings.refresh_ns;
		if (snap && snap->took_ns * SHARE > s->host_every_ns)
			s->host_every_ns = snap->took_ns * SHARE;
		if (host_error(s->host)->code && !s->host_failed) /* once, not every second */
			session_notice(s, NOTICE_WARN, "%s", host_error(s->host)->text);
		s->host_failed = host_error(s->host)->code != 0;
		s->rows_stale = true;
		session_touch(s);
	} else if (news && s->scope == SCOPE_CLOSED) {
		session_touch(s); /* hundreds of sockets a second may close: the rows of other scopes stay */
	}
	if (now_mono < session_host_until(s))
		return;
	request.live = host_snapshot(s->host) != NULL;
	session_choose_host(s);
	host_ask(s->host, &request, strcmp(s->settings.netns, "own") ? s->settings.netns : NULL);
	s->host_asked_ns = now_mono;
	if (strcmp(s->host_netns, s->settings.netns))
		s->host_failed = false;
	memcpy(s->host_netns, s->settings.netns, sizeof s->host_netns);
}
