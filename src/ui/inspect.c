#include "inspect_inside.h"

#include "core/words.h"
#include "session/watch.h"
#include "ui/call_sheet.h"
#include "util/text.h"

#include <stdio.h>
#include <sys/socket.h>

static const char *micro(char out[32], uint64_t us, bool ascii)
{
	return text_duration(out, 32, us * 1000, ascii);
}

static const char *size(char out[24], uint64_t bytes)
{
	return text_size(out, 24, bytes);
}

static void add_state(struct sheet *out, const struct row *r)
{
	const char *family = sock_family_word(r->sock->family), *type = sock_type_word(r->sock);
	bool inet = r->sock->family == AF_INET || r->sock->family == AF_INET6;
	const struct lab_sock *own = r->own;
	bool running = own && own->running;

	sheet_line(out, theme_state_role(r->sock->state), "%s%s", state_name(r->sock->state),
		   running && r->sock->state == STATE_SYN_SENT ? ": connect goes on" : "");
	sheet_line(out, ROLE_DIM, "%s", states[r->sock->state].help);
	if (own && own->gone)
		sheet_line(out, ROLE_DIM, "The kernel has dropped it.");
	else if (own && own->closed)
		sheet_line(out, ROLE_DIM, "We closed it%s; the kernel still keeps it.", own->reset ? " by RST" : "");
	if (own && own->last_error)
		sheet_line(out, ROLE_ERROR, "last call: %s, %s", errno_name(own->last_error),
			   errno_help(own->last_error));
	sheet_gap(out);
	sheet_pair(out, ROLE_VALUE, "kind", "%s %s%s%s", family ? family : "?", type ? type : "", inet ? ", " : "",
		   inet ? sock_kind_word(r->sock) : "");
}

static void add_ends(struct sheet *out, const struct session *s, const struct row *r)
{
	static const struct inspect_column place[] = {
		{ "iface", "interface", NULL }, { "netns", "netns", NULL }, { "mark", "mark", NULL },
		{ "cgroup", "cgroup", NULL },   { NULL, NULL, NULL },
	};
	const struct lab_sock *own = r->own;
	char text[ENDPOINT_TEXT], at[24];

	sheet_pair(out, ROLE_VALUE, "local", "%s",
		   r->sock->local.family ? endpoint_format(&r->sock->local, text, sizeof text) : "-");
	sheet_pair(out, ROLE_VALUE, "remote", "%s",
		   r->sock->remote.family ? endpoint_format(&r->sock->remote, text, sizeof text) : "-");
	if (!own && r->closed_ns)
		sheet_pair(out, ROLE_DIM, "closed", "at %.8s", clock_text(at, r->closed_ns));
	inspect_owner(out, s, r);
	if (r->sock->known & SOCK_HAS_INODE)
		sheet_pair(out, ROLE_VALUE, "inode", "%llu", (unsigned long long)r->sock->inode);
	if (r->sock->known & SOCK_HAS_COOKIE)
		sheet_pair(out, ROLE_VALUE, "cookie", "0x%llx", (unsigned long long)r->sock->cookie);
	if (r->sock->peer_inode)
		sheet_pair(out, ROLE_VALUE, "peer inode", "%llu", (unsigned long long)r->sock->peer_inode);
	inspect_columns(out, &r->view, place);
}

static void add_queues(struct sheet *out, const struct row *r)
{
	const struct sock *k = r->sock;
	const struct lab_sock *own = r->own;
	char a[24], b[24];

	if (own && own->closed) {
		sheet_pair(out, ROLE_VALUE, "our calls", "sent %s, received %s", size(a, own->sent),
			   size(b, own->received));
		return;
	}
	sheet_head(out, "QUEUES");
	if (k->state == STATE_LISTEN) {
		uint32_t waiting = own ? own->waiting : k->recv_q;
		uint32_t backlog = k->known & SOCK_HAS_BACKLOG ? k->backlog : k->send_q;

		sheet_bar(out, "accept", waiting, backlog ? backlog : 1, "%u of %u wait", (unsigned)waiting,
			  (unsigned)backlog);
		if (own)
			sheet_pair(out, ROLE_VALUE, "accepted", "%u", (unsigned)own->accepted);
		return;
	}
	if (k->known & SOCK_HAS_MEMORY) {
		sheet_bar(out, "recv", k->rmem_alloc, k->rcvbuf, "%u B / %s", (unsigned)k->recv_q, size(a, k->rcvbuf));
		sheet_bar(out, "send", k->wmem_alloc, k->sndbuf, "%u B / %s", (unsigned)k->send_q, size(b, k->sndbuf));
	} else if (k->known & SOCK_HAS_QUEUES) {
		sheet_pair(out, ROLE_VALUE, "recv", "%u B unread", (unsigned)k->recv_q);
		sheet_pair(out, ROLE_VALUE, "send", "%u B", (unsigned)k->send_q);
	}
	if (k->drops)
		sheet_pair(out, ROLE_WARN, "drops", "%u datagrams found no room", (unsigned)k->drops);
	if (own)
		sheet_pair(out, ROLE_VALUE, "our calls", "sent %s, received %s%s", size(a, own->sent),
			   size(b, own->received), own->eof ? ", then the end" : "");
	if (own && (own->wr_shut || own->rd_shut))
		sheet_pair(out, ROLE_VALUE, "shut down", "%s",
			   own->wr_shut && own->rd_shut ? "both directions"
			   : own->wr_shut               ? "sending"
							: "receiving");
}

static void add_timer(struct sheet *out, const struct sock *k, bool ascii)
{
	char text[32];

	if ((k->known & SOCK_HAS_TIMER) && k->timer != TIMER_NONE)
		sheet_pair(out, ROLE_WARN, "timer", "%s, fires in %s, try %u", sock_timer_name(k->timer),
			   text_duration(text, sizeof text, (uint64_t)k->timer_ms * 1000000, ascii),
			   (unsigned)k->timer_retries);
}

static void add_tcp(struct sheet *out, const struct sock *k, bool ascii)
{
	const struct sock_tcp *t = &k->tcp;
	char a[32], b[32], c[24], d[24];
	const char *about = ascii ? "+-" : "±";

	if (!(k->known & SOCK_HAS_TCP))
		return;
	sheet_head(out, "TCP");
	if (t->rtt_us) /* 0 before the first sample */
		sheet_pair(out, ROLE_VALUE, "rtt", "%s %s %s", micro(a, t->rtt_us, ascii), about,
			   micro(b, t->rttvar_us, ascii));
	if (t->min_rtt_us && t->min_rtt_us != UINT32_MAX)
		sheet_pair(out, ROLE_VALUE, "least rtt", "%s", micro(a, t->min_rtt_us, ascii));
	sheet_pair(out, ROLE_VALUE, "rto", "%s", micro(a, t->rto_us, ascii));
	if (t->ssthresh < 0x7fffffff)
		sheet_pair(out, ROLE_VALUE, "cwnd", "%u segments, ssthresh %u", t->cwnd, t->ssthresh);
	else
		sheet_pair(out, ROLE_VALUE, "cwnd", "%u segments, slow start", t->cwnd);
	sheet_pair(out, ROLE_VALUE, "congestion", "%s", t->congestion[0] ? t->congestion : "-");
	sheet_pair(out, ROLE_VALUE, "mss", "send %u, recv %u", t->snd_mss, t->rcv_mss);
	sheet_pair(out, ROLE_VALUE, "path mtu", "%u", t->pmtu);
	sheet_pair(out, ROLE_VALUE, "window", "peer's %s, ours %s", size(c, t->snd_wnd), size(d, t->rcv_wnd));
	sheet_pair(out, ROLE_VALUE, "options", "wscale %u/%u%s%s%s", t->snd_wscale, t->rcv_wscale,
		   t->timestamps ? " timestamps" : "", t->sack ? " sack" : "", t->ecn ? " ecn" : "");
	sheet_pair(out, ROLE_VALUE, "bytes", "sent %s, acked %s, received %s", size(c, t->bytes_sent),
		   size(d, t->bytes_acked), size((char[24]){ 0 }, t->bytes_received));
	sheet_pair(out, ROLE_VALUE, "segments", "out %u, in %u", t->segs_out, t->segs_in);
	sheet_pair(out, t->total_retrans ? ROLE_WARN : ROLE_VALUE, "retransmits", "%u now, %u in all, %u lost",
		   t->retrans, t->total_retrans, t->lost);
	sheet_pair(out, ROLE_VALUE, "unacked", "%u segments, %u B not sent yet", t->unacked, t->notsent_bytes);
}

/* What the kernel counts besides, where there is something to count. */
static const struct inspect_column more_tcp[] = {
	{ "delivery-rate", "delivery", NULL },
	{ "pacing-rate", "pacing", "at most" },
	{ "ato", "ack delay", NULL },
	{ "advmss", "mss told", NULL },
	{ "sacked", "sacked", "segments" },
	{ "reordered", "reordered", "times" },
	{ "timeouts", "timeouts", "in a row" },
	{ "probes", "probes", "without an answer" },
	{ "backoff", "backoff", "doublings" },
	{ "bytes-retrans", "sent again", NULL },
	{ "data-segs-out", "data out", "segments" },
	{ "data-segs-in", "data in", "segments" },
	{ "delivered", "delivered", "segments" },
	{ "rcv-space", "rcv space", "bytes" },
	{ "rcv-ssthresh", "rcv limit", "bytes" },
	{ "last-sent", "last sent", "ago" },
	{ "last-recv", "last data", "ago" },
	{ "last-ack", "last ack", "ago" },
	{ "busy", "busy", NULL },
	{ "rwnd-limited", "by window", "of that held up" },
	{ "sndbuf-limited", "by buffer", "of that held up" },
	{ NULL, NULL, NULL },
};

static void add_history(struct sheet *out, const struct lab_sock *own)
{
	if (!own || !own->history.step_count)
		return;
	sheet_head(out, "STATES");
	for (unsigned i = 0; i < own->history.step_count; i++) {
		const struct history_step *step = &own->history.steps[i];
		uint64_t since = step->at_ns > own->created_ns ? step->at_ns - own->created_ns : 0;
		char at[32];

		snprintf(at, sizeof at, "+%.6f", (double)since / 1e9);
		sheet_word(out, theme_state_role(step->state), at, state_name(step->state), step->why);
	}
	if (own->history.lost)
		sheet_line(out, ROLE_DIM, "%u earlier looks were let go", own->history.lost);
}

void inspect_sheet(struct sheet *out, const struct session *s, const struct row *r, struct trend *trend,
		   uint64_t now_ns)
{
	sheet_clear(out);
	if (!r) {
		sheet_line(out, ROLE_DIM,
			   "No socket is selected. Here is told what the kernel knows of the selected "
			   "one: its state and its meaning, endpoints, queues, timers, round trip "
			   "times.");
		inspect_sources(out, s);
		return;
	}
	if (r->kind != ROW_SOCKET && !r->own) {
		inspect_flow(out, s, r);
		return;
	}
	add_state(out, r);
	add_ends(out, s, r);
	add_queues(out, r);
	add_timer(out, r->sock, s->settings.ascii);
	trend_sheet(trend, session_samples(s, r->key), now_ns, out, s->settings.ascii);
	add_history(out, r->own);
	/* Of somebody else's closed socket these are the final counters. */
	if (r->sock->state != STATE_LISTEN && (r->sock->state != STATE_CLOSED || (!r->own && r->closed_ns))) {
		add_tcp(out, r->sock, s->settings.ascii);
		inspect_columns(out, &r->view, more_tcp);
	}
	inspect_sources(out, s);
}
