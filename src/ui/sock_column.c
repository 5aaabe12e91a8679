#include "ui/flow_column.h"
#include "ui/sock_column.h"

#include "core/rate.h"
#include "session/opened.h"
#include "util/text.h"

#include <ctype.h>
#include <string.h>

static bool is_dead(const struct row *r)
{
	return r->own ? r->own->closed : r->closed_ns != 0;
}

static enum role plain_role(const struct row *r)
{
	return is_dead(r) ? ROLE_DIM : ROLE_VALUE;
}

/* --- who --- */

static void add_reason(const struct row *r, struct buf *out)
{
	const struct record *record = r->view.record;
	unsigned reason = record ? record->reason : r->closed_ns && !r->own ? OWNER_EXITED : OWNER_KNOWN;
	const char *why = reason < OWNER_REASONS ? owner_reasons[reason].name : NULL;

	if (why)
		buf_printf(out, "(%s)", why);
}

static bool name_known(const struct row *r)
{
	return r->name && r->name[0];
}

static void name_text(const struct row *r, struct buf *out)
{
	if (name_known(r))
		text_clean(out, r->name, strlen(r->name));
	else
		add_reason(r, out);
}

/* A capture file has no owners, unless it is a recording. */
static bool names_there(const struct session *s)
{
	return s->scope != SCOPE_FILE || (s->opened && s->opened->replay);
}

static enum role name_role(const struct row *r)
{
	if (is_dead(r) || !name_known(r))
		return ROLE_DIM;
	if (r->fresh)
		return ROLE_NEW;
	return r->own && r->own->peer ? ROLE_PEER : ROLE_NAME;
}

static void pid_text(const struct row *r, struct buf *out)
{
	if (r->view.owner_count)
		buf_printf(out, "%u%s", (unsigned)r->view.owners[0].pid, r->view.owner_count > 1 ? "+" : "");
}

static void fd_text(const struct row *r, struct buf *out)
{
	if (r->own && r->own->fd >= 0)
		buf_printf(out, "%d", r->own->fd);
	else if (!r->own && r->view.owner_count)
		buf_printf(out, "%d", (int)r->view.owners[0].fd);
}

static bool fd_number(const struct row *r, uint64_t *out)
{
	if (r->own ? r->own->fd < 0 : !r->view.owner_count)
		return false;
	*out = (uint64_t)(r->own ? r->own->fd : r->view.owners[0].fd);
	return true;
}

/* --- what --- */

static void proto_text(const struct row *r, struct buf *out)
{
	const struct sock *s = r->sock;

	if (r->kind != ROW_SOCKET) {
		flow_proto_text(r, out);
		return;
	}
	buf_puts(out, sock_kind_word(s));
	if (s->family == AF_INET6 && strcmp(sock_kind_word(s), "icmpv6"))
		buf_putc(out, '6');
	if (s->family == AF_UNIX && s->type != SOCK_STREAM)
		buf_puts(out, s->type == SOCK_SEQPACKET ? "-seq" : "-dg");
}

static void state_text(const struct row *r, struct buf *out)
{
	buf_puts(out, state_name(r->sock->state));
	if (r->sock->state == STATE_SYN_SENT && r->own && r->own->running)
		buf_puts(out, " …");
}

/* CLOSE-WAIT of a program that forgets to close is what leaks look like. */
static enum role state_role(const struct row *r)
{
	if (!r->own && is_dead(r))
		return r->fresh ? ROLE_WARN : ROLE_DIM;
	return r->sock->state == STATE_CLOSE_WAIT && !r->own ? ROLE_WARN : theme_state_role(r->sock->state);
}

static uint32_t waiting(const struct row *r)
{
	return r->own ? r->own->waiting : r->sock->recv_q;
}

static uint32_t backlog(const struct row *r)
{
	return r->sock->known & SOCK_HAS_BACKLOG ? r->sock->backlog : r->sock->send_q;
}

static void local_text(const struct row *r, struct buf *out)
{
	if (r->kind == ROW_ALL)
		buf_puts(out, "all packets");
	else if (endpoint_there(&r->sock->local))
		endpoint_add(out, &r->view, &r->sock->local);
}

static enum role local_role(const struct row *r)
{
	return r->kind == ROW_ALL ? ROLE_STRONG : plain_role(r);
}

static void remote_text(const struct row *r, struct buf *out)
{
	if (r->sock->state == STATE_LISTEN && waiting(r) && !is_dead(r))
		buf_printf(out, "%u waiting", (unsigned)waiting(r));
	else if (r->sock->state != STATE_LISTEN && endpoint_there(&r->sock->remote))
		endpoint_add(out, &r->view, &r->sock->remote);
}

/* A listener whose queue is full refuses, silently, whoever comes next. */
static enum role health(const struct row *r)
{
	uint32_t now = waiting(r), most = backlog(r);

	if (!now)
		return ROLE_DIM;
	if (now >= most)
		return ROLE_ERROR;
	return now * UINT64_C(4) >= most * UINT64_C(3) ? ROLE_WARN : ROLE_NEW;
}

static enum role remote_role(const struct row *r)
{
	return r->sock->state == STATE_LISTEN ? health(r) : plain_role(r);
}

static bool queues(const struct row *r)
{
	return (r->sock->known & SOCK_HAS_QUEUES) && !(r->own && r->own->gone);
}

/* A listener's queue is that of connections: those that wait for accept, of as many as the
 * backlog takes. */
static void recv_q_text(const struct row *r, struct buf *out)
{
	if (r->sock->state == STATE_LISTEN && (backlog(r) || waiting(r)))
		buf_printf(out, "%u/%u", (unsigned)waiting(r), (unsigned)backlog(r));
	else if (queues(r))
		buf_printf(out, "%u", (unsigned)r->sock->recv_q);
}

static enum role recv_q_role(const struct row *r)
{
	if (r->sock->state == STATE_LISTEN)
		return health(r);
	return queues(r) && r->sock->recv_q ? ROLE_NEW : ROLE_DIM;
}

static void send_q_text(const struct row *r, struct buf *out)
{
	if (r->sock->state != STATE_LISTEN && queues(r))
		buf_printf(out, "%u", (unsigned)r->sock->send_q);
}

static bool send_q_number(const struct row *r, uint64_t *out)
{
	*out = r->sock->send_q;
	return r->sock->state != STATE_LISTEN && queues(r);
}

static enum role send_q_role(const struct row *r)
{
	return r->sock->state != STATE_LISTEN && queues(r) && r->sock->send_q ? ROLE_NEW : ROLE_DIM;
}

static bool sent_number(const struct row *r, uint64_t *out)
{
	*out = r->own ? r->own->sent : r->sock->tcp.bytes_sent;
	return *out != 0;
}

static bool received_number(const struct row *r, uint64_t *out)
{
	*out = r->own ? r->own->received : r->sock->tcp.bytes_received;
	return *out != 0;
}

static void sent_text(const struct row *r, struct buf *out)
{
	char text[24];
	uint64_t bytes;

	if (sent_number(r, &bytes))
		buf_puts(out, text_size(text, sizeof text, bytes));
}

static void received_text(const struct row *r, struct buf *out)
{
	char text[24];
	uint64_t bytes;

	if (received_number(r, &bytes))
		buf_puts(out, text_size(text, sizeof text, bytes));
}

static bool rtt_number(const struct row *r, uint64_t *out)
{
	*out = r->sock->tcp.rtt_us;
	return (r->sock->known & SOCK_HAS_TCP) && *out && r->sock->state != STATE_LISTEN;
}

static void rtt_text(const struct row *r, struct buf *out)
{
	char text[32];
	uint64_t us;

	if (rtt_number(r, &us))
		buf_puts(out, text_duration(text, sizeof text, us * 1000, false));
}

static void add_rate(const struct row *r, uint64_t rate, struct buf *out)
{
	char text[24];

	if (r->view.rate && r->view.rate->known && r->sock->state != STATE_LISTEN)
		buf_puts(out, text_size(text, sizeof text, rate));
}

static void rate_out_text(const struct row *r, struct buf *out)
{
	add_rate(r, r->view.rate ? r->view.rate->out : 0, out);
}

static void rate_in_text(const struct row *r, struct buf *out)
{
	add_rate(r, r->view.rate ? r->view.rate->in : 0, out);
}

static enum role rate_out_role(const struct row *r)
{
	return r->view.rate && r->view.rate->out ? ROLE_OUT : ROLE_DIM;
}

static enum role rate_in_role(const struct row *r)
{
	return r->view.rate && r->view.rate->in ? ROLE_IN : ROLE_DIM;
}

/* Segments that had to be sent again now, or a timer that has fired in vain, are worth a look. */
static enum role timer_role(const struct row *r)
{
	return r->sock->timer != TIMER_RETRANSMIT || !r->sock->timer_retries ? plain_role(r)
	       : r->sock->timer_retries < 3                                  ? ROLE_WARN
									     : ROLE_ERROR;
}

static enum role drops_role(const struct row *r)
{
	return r->sock->drops ? ROLE_ERROR : ROLE_DIM;
}

static enum role retrans_role(const struct row *r)
{
	return r->sock->tcp.retrans ? ROLE_WARN : plain_role(r);
}

static enum role rate_retrans_role(const struct row *r)
{
	return r->view.rate && r->view.rate->retransmits ? ROLE_WARN : ROLE_DIM;
}

static bool closed_number(const struct row *r, uint64_t *out)
{
	*out = r->closed_ns;
	return r->closed_ns != 0;
}

/* "3 s": seconds are fine enough, and stand still in between. */
static void closed_age(const struct row *r, uint64_t now_ns, struct buf *out)
{
	uint64_t s = now_ns > r->closed_ns ? (now_ns - r->closed_ns) / 1000000000u : 0;

	if (!r->closed_ns)
		return;
	if (!s)
		buf_puts(out, "now");
	else if (s < 60)
		buf_printf(out, "%llu s ago", (unsigned long long)s);
	else if (s < 3600)
		buf_printf(out, "%llu min ago", (unsigned long long)(s / 60));
	else
		buf_printf(out, "%llu h ago", (unsigned long long)(s / 3600));
}

#define MINE (1u << SCOPE_MINE)
#define OTHERS (1u << SCOPE_HOST | 1u << SCOPE_PROCESS)
#define CLOSED (1u << SCOPE_CLOSED)
#define ALL (MINE | OTHERS | CLOSED)
#define FLOWS (1u << SCOPE_FILE) /* and flow_column.c */

static const struct sock_column own_columns[] = {
	{ .name = "name",
	  .help = "our own socket's name in commands; of others the process that has it",
	  .scopes = ALL | FLOWS,
	  .there = names_there,
	  .least = 10,
	  .text = name_text,
	  .known = name_known,
	  .role = name_role },
	{ .name = "pid", .scopes = OTHERS | CLOSED, .rank = 4, .right = true, .text = pid_text },
	{ .name = "proto", .help = "protocol and family", .scopes = ALL | FLOWS, .rank = 3, .text = proto_text },
	{ .name = "state", .scopes = ALL | FLOWS, .text = state_text, .role = state_role },
	{ .name = "closed",
	  .title = "CLOSED",
	  .help = "how long ago it was closed",
	  .scopes = CLOSED,
	  .rank = 2,
	  .right = true,
	  .age = closed_age,
	  .number = closed_number },
	{ .name = "local",
	  .scopes = ALL | FLOWS,
	  .least = 15,
	  .rank = 1,
	  .text = local_text,
	  .firm = true,
	  .role = local_role },
	{ .name = "remote",
	  .help = "the other end; of a listener: who waits for accept",
	  .scopes = ALL | FLOWS,
	  .least = 15,
	  .rank = 2,
	  .text = remote_text,
	  .firm = true,
	  .role = remote_role },
	{ .name = "recv-q",
	  .help = "bytes that nobody has read yet; of a listener: who waits, and the backlog",
	  .scopes = MINE | OTHERS,
	  .rank = 5,
	  .right = true,
	  .text = recv_q_text,
	  .role = recv_q_role },
	{ .name = "send-q",
	  .help = "bytes that the peer has not acknowledged",
	  .scopes = MINE | OTHERS,
	  .rank = 6,
	  .right = true,
	  .text = send_q_text,
	  .role = send_q_role,
	  .number = send_q_number },
	{ .name = "rate-out",
	  .title = "OUT/S",
	  .scopes = OTHERS,
	  .rank = 7,
	  .right = true,
	  .text = rate_out_text,
	  .role = rate_out_role },
	{ .name = "rate-in",
	  .title = "IN/S",
	  .scopes = OTHERS,
	  .rank = 7,
	  .right = true,
	  .text = rate_in_text,
	  .role = rate_in_role },
	{ .name = "fd", .scopes = MINE | OTHERS, .rank = 9, .right = true, .text = fd_text, .number = fd_number },
	{ .name = "bytes-out",
	  .title = "SENT",
	  .help = "bytes that were sent",
	  .scopes = ALL,
	  .rank = 10,
	  .right = true,
	  .text = sent_text,
	  .number = sent_number },
	{ .name = "bytes-in",
	  .title = "RECVD",
	  .help = "bytes that were received",
	  .scopes = ALL,
	  .rank = 11,
	  .right = true,
	  .text = received_text,
	  .number = received_number },
	{ .name = "rtt",
	  .scopes = MINE | OTHERS | FLOWS,
	  .rank = 8,
	  .right = true,
	  .text = rtt_text,
	  .number = rtt_number },
	{ .name = "timer", .scopes = OTHERS, .rank = 13, .role = timer_role },
	{ .name = "user", .scopes = OTHERS, .rank = 12 },
	{ .name = "drops", .rank = 15, .right = true, .role = drops_role },
	{ .name = "retrans", .rank = 15, .right = true, .role = retrans_role },
	{ .name = "rate-retrans", .title = "RETR/S", .rank = 15, .right = true, .role = rate_retrans_role },
	{ .name = "process",
	  .title = "PROCESSES",
	  .help = "names of all processes that have it",
	  .least = 10,
	  .rank = 14 },
};

size_t sock_columns(struct sock_column out[SOCK_COLUMNS_MOST])
{
	const size_t own = sizeof own_columns / sizeof *own_columns;
	size_t count = 0;

	for (; count < own; count++) {
		out[count] = own_columns[count];
		out[count].core = column_find(out[count].name, strlen(out[count].name));
	}
	for (const struct sock_column *c = flow_columns; c->name; c++)
		out[count++] = *c;
	for (const struct socket_column *c = socket_columns; c->name; c++) {
		size_t i = 0;

		while (i < own && out[i].core != c)
			i++;
		if (i < own || count == SOCK_COLUMNS_MOST)
			continue;
		out[count] = (struct sock_column){ .name = c->name,
						   .least = (int)c->least,
						   .rank = 20 + (int)count,
						   .right = c->flags & COLUMN_RIGHT,
						   .core = c };
		count++;
	}
	return count;
}

void sock_column_title(const struct sock_column *c, enum scope scope, struct buf *out)
{
	const char *title = c->title ? c->title : c->name;

	if (c->text == name_text && scope != SCOPE_MINE)
		title = "PROCESS";
	else if (scope == SCOPE_FILE && c->text == local_text)
		title = "CLIENT";
	else if (scope == SCOPE_FILE && c->text == remote_text)
		title = "SERVER";
	for (; *title; title++)
		buf_putc(out, (char)toupper((unsigned char)*title));
}

void sock_column_text(const struct sock_column *c, const struct row *r, uint64_t now_ns, struct buf *out)
{
	if (c->text)
		c->text(r, out);
	else if (c->age)
		c->age(r, now_ns, out);
	else if (c->core)
		column_text(c->core, &r->view, out);
}

enum role sock_column_role(const struct sock_column *c, const struct row *r)
{
	return c->role ? c->role(r) : plain_role(r);
}
