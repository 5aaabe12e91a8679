#include "ui/group_column.h"

#include "core/rate.h"
#include "util/text.h"

#include <string.h>

#define PROCESS (1u << GROUP_PROCESS)
#define REMOTE (1u << GROUP_REMOTE)
#define BOTH (PROCESS | REMOTE)
#define LIVING (1u << SCOPE_MINE | 1u << SCOPE_HOST | 1u << SCOPE_PROCESS)
#define ALL (LIVING | 1u << SCOPE_CLOSED | 1u << SCOPE_FILE)

/* --- who --- */

static void process_text(const struct group *g, const struct sock_names *names, struct buf *out)
{
	(void)names;
	if (g->owner.pid)
		text_clean(out, g->owner.process, strnlen(g->owner.process, sizeof g->owner.process));
	else if (g->reason < OWNER_REASONS && owner_reasons[g->reason].name)
		buf_printf(out, "(%s)", owner_reasons[g->reason].name);
	else
		buf_puts(out, "(unknown)");
}

static void partner_text(const struct group *g, const struct sock_names *names, struct buf *out)
{
	(void)names;
	if (g->owner.pid)
		text_clean(out, g->owner.process, strnlen(g->owner.process, sizeof g->owner.process));
	if (g->several)
		buf_puts(out, " …");
}

static bool pid_number(const struct group *g, uint64_t *out)
{
	*out = g->owner.pid;
	return g->owner.pid != 0;
}

static void user_text(const struct group *g, const struct sock_names *names, struct buf *out)
{
	const char *name = g->owner.pid && names && names->user ? names->user(names->ctx, g->owner.uid) : NULL;

	if (name)
		text_clean(out, name, strlen(name));
	else if (g->owner.pid)
		buf_printf(out, "%u", (unsigned)g->owner.uid);
}

static void remote_text(const struct group *g, const struct sock_names *names, struct buf *out)
{
	char text[ENDPOINT_TEXT];

	(void)names;
	switch (g->class) {
	case REMOTE_ADDRESS: buf_puts(out, endpoint_address(&g->address, text, sizeof text)); break;
	case REMOTE_UNIX: buf_puts(out, "(unix)"); break;
	default: buf_puts(out, "(no peer)");
	}
}

void group_label(const struct group *g, enum group_by by, struct buf *out)
{
	if (by == GROUP_REMOTE) {
		remote_text(g, NULL, out);
		return;
	}
	process_text(g, NULL, out);
	if (g->owner.pid)
		buf_printf(out, " (%u)", (unsigned)g->owner.pid);
}

static enum role who_role(const struct group *g)
{
	return g->owner.pid ? ROLE_NAME : ROLE_DIM;
}

static enum role remote_role(const struct group *g)
{
	return g->class == REMOTE_ADDRESS ? ROLE_NAME : ROLE_DIM;
}

/* --- how many --- */

#define COUNT(name, member)                                             \
	static bool name##_number(const struct group *g, uint64_t *out) \
	{                                                               \
		*out = g->member;                                       \
		return true;                                            \
	}
COUNT(sockets, sockets)
COUNT(listen, parts[PART_LISTEN])
COUNT(open, parts[PART_OPEN])
COUNT(close_wait, parts[PART_CLOSE_WAIT])
COUNT(time_wait, parts[PART_TIME_WAIT])
COUNT(other, parts[PART_OTHER])
COUNT(waiting, waiting)
COUNT(recv_q, recv_q)
COUNT(send_q, send_q)
COUNT(sent, sent)
COUNT(received, received)
COUNT(retrans, retrans)

static enum role sockets_role(const struct group *g)
{
	return g->fresh ? ROLE_NEW : g->closed ? ROLE_WARN : ROLE_VALUE;
}

static enum role listen_role(const struct group *g)
{
	return g->parts[PART_LISTEN] ? ROLE_STATE_LISTEN : ROLE_DIM;
}

static enum role open_role(const struct group *g)
{
	return g->parts[PART_OPEN] ? ROLE_STATE_OPEN : ROLE_DIM;
}

static enum role close_wait_role(const struct group *g)
{
	return g->parts[PART_CLOSE_WAIT] ? ROLE_WARN : ROLE_DIM;
}

static enum role time_wait_role(const struct group *g)
{
	return g->parts[PART_TIME_WAIT] ? ROLE_STATE_WAIT : ROLE_DIM;
}

static enum role waiting_role(const struct group *g)
{
	return g->full ? ROLE_ERROR : g->waiting ? ROLE_NEW : ROLE_DIM;
}

static enum role recv_q_role(const struct group *g)
{
	return g->recv_q ? ROLE_NEW : ROLE_DIM;
}

static enum role send_q_role(const struct group *g)
{
	return g->send_q ? ROLE_NEW : ROLE_DIM;
}

/* --- how much --- */

static void add_size(uint64_t bytes, struct buf *out)
{
	char text[24];

	buf_puts(out, text_size(text, sizeof text, bytes));
}

#define SIZE(name)                                                                                      \
	static void name##_text(const struct group *g, const struct sock_names *names, struct buf *out) \
	{                                                                                               \
		uint64_t bytes;                                                                         \
                                                                                                        \
		(void)names;                                                                            \
		if (name##_number(g, &bytes))                                                           \
			add_size(bytes, out);                                                           \
	}
SIZE(recv_q)
SIZE(send_q)
SIZE(sent)
SIZE(received)

static bool out_number(const struct group *g, uint64_t *out)
{
	*out = g->out;
	return g->rated;
}

static bool in_number(const struct group *g, uint64_t *out)
{
	*out = g->in;
	return g->rated;
}

SIZE(out)
SIZE(in)

static bool resent_number(const struct group *g, uint64_t *out)
{
	*out = g->retransmits;
	return g->rated;
}

static void resent_text(const struct group *g, const struct sock_names *names, struct buf *out)
{
	char text[24];

	(void)names;
	if (g->rated)
		buf_puts(out, column_milli(text, (g->retransmits + 50) / 100 * 100)); /* a decimal */
}

static enum role out_role(const struct group *g)
{
	return g->out ? ROLE_OUT : ROLE_DIM;
}

static enum role in_role(const struct group *g)
{
	return g->in ? ROLE_IN : ROLE_DIM;
}

static enum role resent_role(const struct group *g)
{
	return g->retransmits ? ROLE_WARN : ROLE_DIM;
}

static bool rtt_number(const struct group *g, uint64_t *out)
{
	*out = g->rtt_us;
	return g->measured != 0;
}

static void rtt_text(const struct group *g, const struct sock_names *names, struct buf *out)
{
	char text[32];

	(void)names;
	if (g->measured)
		buf_puts(out, text_duration(text, sizeof text, g->rtt_us * 1000, false));
}

/* clang-format off */
const struct group_column group_columns[] = {
	{ "REMOTE", "the address at the other end", REMOTE, ALL, 15, 0, false, NULL, remote_text, remote_role },
	{ "PROCESS", "the process, or (why it is not known)", PROCESS, ALL, 10, 0, false, NULL, process_text,
	  who_role },
	{ "PID", "its number", PROCESS, ALL, 0, 1, true, pid_number, NULL, NULL },
	{ "USER", "whose process it is", PROCESS, ALL, 0, 5, false, NULL, user_text, NULL },
	{ "PROCESS", "who here talks to it; …: others, too", REMOTE, ALL, 8, 2, false, NULL, partner_text, who_role },
	{ "SOCKETS", "how many", BOTH, ALL, 0, 0, true, sockets_number, NULL, sockets_role },
	{ "OUT/S", "bytes a second that TCP sends", BOTH, LIVING, 0, 0, true, out_number, out_text, out_role },
	{ "IN/S", "bytes a second that TCP receives", BOTH, LIVING, 0, 0, true, in_number, in_text, in_role },
	{ "RETR/S", "segments a second that are sent again", BOTH, LIVING, 0, 7, true, resent_number, resent_text,
	  resent_role },
	{ "LISTEN", "sockets that wait for connections", PROCESS, ALL, 0, 4, true, listen_number, NULL,
	  listen_role },
	{ "OPEN", "sockets that are ESTABLISHED, or CONNECTED", BOTH, ALL, 0, 3, true, open_number, NULL,
	  open_role },
	{ "CLOSE-W", "sockets in CLOSE-WAIT: the peer has closed, the program has not", BOTH, LIVING, 0, 6, true,
	  close_wait_number, NULL, close_wait_role },
	{ "TIME-W", "sockets in TIME-WAIT", BOTH, LIVING, 0, 12, true, time_wait_number, NULL, time_wait_role },
	{ "OTHER", "sockets in other states, UDP that is not connected among them", BOTH, ALL, 0, 13, true,
	  other_number, NULL, NULL },
	{ "WAITING", "connections that wait for accept", PROCESS, LIVING, 0, 11, true, waiting_number, NULL,
	  waiting_role },
	{ "RECV-Q", "bytes that nobody has read yet", BOTH, LIVING, 0, 8, true, recv_q_number, recv_q_text,
	  recv_q_role },
	{ "SEND-Q", "bytes that the peer has not acknowledged", BOTH, LIVING, 0, 9, true, send_q_number,
	  send_q_text, send_q_role },
	{ "RTT", "round-trip time, the mean of its TCP sockets", REMOTE, LIVING, 0, 5, true, rtt_number, rtt_text,
	  NULL },
	{ "RETRANS", "segments sent again, of the sockets that are there", BOTH, ALL, 0, 10, true, retrans_number,
	  NULL, NULL },
	{ "SENT", "bytes sent, of the sockets that are there", BOTH, ALL, 0, 14, true, sent_number, sent_text,
	  NULL },
	{ "RECVD", "bytes received, of the sockets that are there", BOTH, ALL, 0, 15, true, received_number,
	  received_text, NULL },
	{ 0 },
};
/* clang-format on */

bool group_column_fits(const struct group_column *c, enum group_by by, enum scope scope)
{
	return (c->by >> by & 1) && (c->scopes >> scope & 1);
}

void group_column_text(const struct group_column *c, const struct group *g, const struct sock_names *names,
		       struct buf *out)
{
	char text[24];
	uint64_t value;

	if (c->text) {
		c->text(g, names, out);
	} else if (c->number(g, &value)) {
		text_uint(text, value);
		buf_puts(out, text);
	}
}

enum role group_column_role(const struct group_column *c, const struct group *g)
{
	uint64_t value;

	if (c->role)
		return c->role(g);
	return c->number && (!c->number(g, &value) || !value) ? ROLE_DIM : ROLE_VALUE;
}
