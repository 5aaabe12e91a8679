#include "session/trouble.h"

#include "core/words.h"
#include "session/explain.h"
#include "util/buf.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static const char *who(const struct trouble_facts *f)
{
	return f->owner[0] ? f->owner : "the program";
}

static bool tcp_in(const struct trouble_facts *f, enum state state)
{
	return sock_is_tcp(f->sock) && f->sock->state == state;
}

static bool alive(const struct trouble_facts *f)
{
	return f->sock->state != STATE_CLOSED && f->sock->state != STATE_LISTEN;
}

static void seconds(struct buf *out, uint32_t ms)
{
	buf_printf(out, "%u.%u s", ms / 1000, ms % 1000 / 100);
}

/* A socket that no program has, and that was not closed either: it waits in the queue of a
 * listener. */
static bool unaccepted(const struct trouble_facts *f)
{
	return !f->own && f->reason == OWNER_ORPHAN && (tcp_in(f, STATE_ESTABLISHED) || tcp_in(f, STATE_CLOSE_WAIT));
}

static void say_unaccepted(const struct trouble_facts *f, struct buf *out)
{
	buf_printf(out,
		   "No program has this connection yet: it was made by the kernel and waits in the accept queue of the "
		   "listener at its address%s.",
		   f->sock->state == STATE_CLOSE_WAIT ? ", and the client has closed it meanwhile" : "");
}

/* --- states that stay --- */

static bool in_close_wait(const struct trouble_facts *f)
{
	return tcp_in(f, STATE_CLOSE_WAIT) && !unaccepted(f);
}

static void say_close_wait(const struct trouble_facts *f, struct buf *out)
{
	buf_printf(out,
		   "The peer has closed its side (FIN), and %s has not called close yet: it stays so until it does.",
		   who(f));
	if (f->sock->recv_q)
		buf_printf(out, " %u bytes still wait to be read first.", (unsigned)f->sock->recv_q);
	else
		buf_puts(out, " A read would return 0, the end.");
}

static bool in_syn_sent(const struct trouble_facts *f)
{
	return tcp_in(f, STATE_SYN_SENT);
}

static void say_syn_sent(const struct trouble_facts *f, struct buf *out)
{
	/* The kernel's count is of this socket; a capture of several interfaces may see a SYN more than once. */
	unsigned tries = f->sock->known & SOCK_HAS_TIMER ? f->sock->timer_retries : f->syns > 1 ? f->syns - 1 : 0;

	if (f->backlog && f->queued >= f->backlog) {
		buf_printf(
			out,
			"The listener that it asks is on this host, and its accept queue is full (%u wait, of %u): %s "
			"does not call accept fast enough. The SYN was sent again %u time%s.",
			(unsigned)f->queued, (unsigned)f->backlog, f->listener[0] ? f->listener : "its program", tries,
			tries == 1 ? "" : "s");
	} else if (!tries) {
		buf_puts(out, "The SYN was sent a moment ago; no answer has come yet.");
	} else {
		buf_printf(
			out,
			"Nobody answers: the SYN was sent again %u time%s. A firewall that drops, a wrong address, a "
			"host that is off and a listener whose queue is full look like this; a closed port would answer with a "
			"reset.",
			tries, tries == 1 ? "" : "s");
	}
	if ((f->sock->known & SOCK_HAS_TIMER) && f->sock->timer == TIMER_RETRANSMIT) {
		buf_puts(out, " The next try is in ");
		seconds(out, f->sock->timer_ms);
		buf_putc(out, '.');
	}
}

static bool in_syn_received(const struct trouble_facts *f)
{
	return tcp_in(f, STATE_SYN_RECEIVED);
}

static void say_syn_received(const struct trouble_facts *f, struct buf *out)
{
	(void)f;
	buf_puts(out, "The client's SYN was answered, and its ACK has not come: it is on the way, lost, or the SYN was "
		      "sent with an address that is not its sender's.");
}

static bool in_time_wait(const struct trouble_facts *f)
{
	return tcp_in(f, STATE_TIME_WAIT);
}

static void say_time_wait(const struct trouble_facts *f, struct buf *out)
{
	buf_puts(out,
		 "This side closed first. The kernel keeps the pair of addresses so that segments that are late do not "
		 "get into a new connection, and to answer the peer's FIN again. That is no leak.");
	if ((f->sock->known & SOCK_HAS_TIMER) && f->sock->timer == TIMER_TIME_WAIT) {
		buf_puts(out, " It ends in ");
		seconds(out, f->sock->timer_ms);
		buf_putc(out, '.');
	} else {
		buf_puts(out, " It ends 60 s after it began.");
	}
}

static bool in_fin_wait_2(const struct trouble_facts *f)
{
	return tcp_in(f, STATE_FIN_WAIT_2);
}

static void say_fin_wait_2(const struct trouble_facts *f, struct buf *out)
{
	bool orphan = f->closed || f->reason == OWNER_ORPHAN;

	buf_puts(out, "This side's FIN is acknowledged and the peer has not closed: the program at the other end has "
		      "not called close, it stands in CLOSE-WAIT there.");
	if (orphan)
		buf_puts(out, " Nobody has this end any more, so the kernel forgets it after tcp_fin_timeout, 60 s.");
	else
		buf_printf(out, " Only sending was shut down here: %s may still receive.", who(f));
}

static bool closing_slowly(const struct trouble_facts *f)
{
	return tcp_in(f, STATE_FIN_WAIT_1) || tcp_in(f, STATE_LAST_ACK) || tcp_in(f, STATE_CLOSING);
}

static void say_closing(const struct trouble_facts *f, struct buf *out)
{
	buf_printf(out, "This side's FIN is not acknowledged yet%s.",
		   f->sock->send_q > 1 ? ", and neither is all that was sent before it" : "");
	if (f->sock->known & SOCK_HAS_TIMER && f->sock->timer_retries)
		buf_printf(out, " It was sent again %u times: the peer is gone, or its answers are lost.",
			   (unsigned)f->sock->timer_retries);
}

/* --- queues --- */

static uint32_t waiting(const struct trouble_facts *f)
{
	return f->own ? f->waiting : f->sock->recv_q;
}

static bool accept_queue_full(const struct trouble_facts *f)
{
	const struct sock *s = f->sock;
	uint32_t backlog = s->known & SOCK_HAS_BACKLOG ? s->backlog : s->send_q;

	return s->state == STATE_LISTEN && (s->known & SOCK_HAS_QUEUES) && backlog && waiting(f) >= backlog;
}

static void say_accept_queue(const struct trouble_facts *f, struct buf *out)
{
	buf_printf(out, "The accept queue is full: %u connections wait and %s does not call accept fast enough. ",
		   (unsigned)waiting(f), who(f));
	buf_puts(out, f->sock->family == AF_UNIX
			      ? "A client's connect waits, or fails with EAGAIN."
			      : "New clients are not answered: their SYN is sent again, and their connect seems slow.");
}

static bool connections_wait(const struct trouble_facts *f)
{
	return f->sock->state == STATE_LISTEN && (f->sock->known & SOCK_HAS_QUEUES) && waiting(f) &&
	       !accept_queue_full(f);
}

static void say_waiting(const struct trouble_facts *f, struct buf *out)
{
	buf_printf(out, "%u connection%s made and wait%s until %s calls accept.", (unsigned)waiting(f),
		   waiting(f) == 1 ? " is" : "s are", waiting(f) == 1 ? "s" : "", who(f));
}

static bool not_read(const struct trouble_facts *f)
{
	return alive(f) && (f->sock->known & SOCK_HAS_QUEUES) && f->sock->recv_q &&
	       f->sock->state != STATE_CLOSE_WAIT && !unaccepted(f);
}

static void say_not_read(const struct trouble_facts *f, struct buf *out)
{
	const struct sock *s = f->sock;
	bool full = s->known & SOCK_HAS_MEMORY && s->rcvbuf && s->rmem_alloc >= s->rcvbuf / 4 * 3;

	buf_printf(out, "%u bytes have arrived that %s has not read.", (unsigned)s->recv_q, who(f));
	if (full && sock_is_tcp(s))
		buf_puts(
			out,
			" The buffer is nearly full: the window that the peer is offered shrinks to nothing, and it has "
			"to stop.");
	else if (full)
		buf_puts(out, " The buffer is nearly full: what comes now is thrown away.");
}

static bool dropped(const struct trouble_facts *f)
{
	return f->sock->drops && !sock_is_tcp(f->sock);
}

static void say_dropped(const struct trouble_facts *f, struct buf *out)
{
	buf_printf(out,
		   "%u datagrams found no room and were thrown away: %s reads too slowly, or SO_RCVBUF is too small.",
		   (unsigned)f->sock->drops, who(f));
}

static bool peer_window_shut(const struct trouble_facts *f)
{
	return alive(f) && sock_is_tcp(f->sock) && f->sock->send_q &&
	       (f->window_shut || f->sock->timer == TIMER_PERSIST ||
		((f->sock->known & SOCK_HAS_TCP) && f->sock->tcp.probes && !f->sock->tcp.unacked));
}

static void say_window(const struct trouble_facts *f, struct buf *out)
{
	buf_printf(out,
		   "%u bytes wait to be sent and the peer has no room (zero window): its program does not read. The "
		   "kernel asks again now and then (window probe)",
		   (unsigned)f->sock->send_q);
	if (f->sock->timer == TIMER_PERSIST) {
		buf_puts(out, ", next in ");
		seconds(out, f->sock->timer_ms);
	}
	buf_putc(out, '.');
}

static bool not_acknowledged(const struct trouble_facts *f)
{
	return tcp_in(f, STATE_ESTABLISHED) && !peer_window_shut(f) && f->sock->send_q &&
	       (f->sock->known & SOCK_HAS_TIMER) && f->sock->timer == TIMER_RETRANSMIT && f->sock->timer_retries;
}

static void say_not_acknowledged(const struct trouble_facts *f, struct buf *out)
{
	buf_printf(
		out,
		"%u bytes are sent and not acknowledged, after %u retransmissions: packets are lost on the way, or the "
		"peer is gone without a word. The next try is in ",
		(unsigned)f->sock->send_q, (unsigned)f->sock->timer_retries);
	seconds(out, f->sock->timer_ms);
	buf_puts(out, "; after about 15 minutes (tcp_retries2) the connection ends with ETIMEDOUT.");
}

/* --- loss, resets, calls --- */

static bool sends_again(const struct trouble_facts *f)
{
	return sock_is_tcp(f->sock) && !not_acknowledged(f) && !peer_window_shut(f) &&
	       f->sock->state != STATE_SYN_SENT && (f->again_out || f->again_in || f->sock->tcp.total_retrans);
}

static void say_again(const struct trouble_facts *f, struct buf *out)
{
	const struct sock_tcp *t = &f->sock->tcp;
	bool counted = f->sock->known & SOCK_HAS_TCP && t->total_retrans;

	if (counted)
		buf_printf(out, "%u of %u segments were sent again. ", (unsigned)t->total_retrans,
			   (unsigned)t->segs_out);
	if (f->again_out || f->again_in)
		buf_printf(out, "Of the packets seen here, this side sent %u again, its peer %u. ", f->again_out,
			   f->again_in);
	buf_puts(
		out,
		"Something on the way loses or delays packets: single ones cost a round trip, many halve the rate each "
		"time.");
}

static bool was_reset(const struct trouble_facts *f)
{
	return f->reset != RESET_NONE;
}

static void say_reset(const struct trouble_facts *f, struct buf *out)
{
	bool ours = f->reset == RESET_OURS;

	if (f->reset_answers_syn) {
		buf_puts(out, ours ? "This host refused the connection with a reset: nobody listened here."
				   : "The peer's host refused the connection with a reset: nobody listens there.");
		return;
	}
	buf_printf(out, "%s side ended the connection with a reset (RST)", ours ? "This" : "The peer's");
	if (f->reset_after_fin)
		buf_puts(out, " after the other had closed");
	buf_puts(out, f->reset_answers_data
			      ? ", in answer to data: it had closed the socket already, or closed it with "
				"bytes unread."
			      : ": its program aborted (SO_LINGER 0), ended, or closed with bytes unread.");
	if (ours && f->aborted)
		buf_puts(out, " Here it was the command abort.");
	else if (ours && f->unread)
		buf_puts(out, " Here close found bytes that were not read.");
}

static bool icmp_answers(const struct trouble_facts *f)
{
	return f->icmp[0] && f->sock->state != STATE_CLOSED;
}

static void say_icmp(const struct trouble_facts *f, struct buf *out)
{
	bool port = strstr(f->icmp, "port unreachable");

	buf_printf(out, "What it sent last was answered with %s: %s.", f->icmp,
		   port ? "the host is there, and nobody has a socket at that port"
			: "the packet did not reach its end");
	if (!sock_is_tcp(f->sock))
		buf_printf(out, " A connected UDP socket gets it as the error of its next call%s.",
			   port ? ", ECONNREFUSED" : "");
}

static bool call_failed(const struct trouble_facts *f)
{
	return f->own && f->error && f->error != EAGAIN && f->error != EINPROGRESS;
}

static void say_call(const struct trouble_facts *f, struct buf *out)
{
	const struct word *w = word_by_value(errnos, f->error);

	buf_printf(out, "The last call, %s, failed with %s: %s.", f->call ? f->call : "it", errno_name(f->error),
		   errno_help(f->error));
	if (w && w->more)
		buf_printf(out, " %s", w->more);
	if (w)
		buf_printf(out, " (%s)", w->source);
}

static bool nobody_has_it(const struct trouble_facts *f)
{
	return !f->own && !f->owner[0] && f->reason != OWNER_KNOWN && f->reason != OWNER_NOT_ASKED &&
	       f->reason < OWNER_REASONS && !in_time_wait(f) && !unaccepted(f);
}

static void say_owner(const struct trouble_facts *f, struct buf *out)
{
	buf_printf(out, "Its owner is not known: %s.", owner_reasons[f->reason].help);
}

static bool shut_down(const struct trouble_facts *f)
{
	return (f->sock->known & SOCK_HAS_SHUTDOWN) && f->sock->shutdown && alive(f) && !in_close_wait(f) &&
	       !sock_is_tcp(f->sock);
}

static void say_shut(const struct trouble_facts *f, struct buf *out)
{
	buf_printf(out, "%s is shut down: %s.",
		   f->sock->shutdown == 3   ? "It"
		   : f->sock->shutdown == 1 ? "Receiving"
					    : "Sending",
		   f->sock->shutdown & 2 ? "to send fails with EPIPE, and the peer reads the end"
					 : "a read returns 0, the end");
}

const struct trouble troubles[] = {
	{ "call", call_failed, say_call, NULL },
	{ "reset", was_reset, say_reset, "RFC 9293 3.5.2" },
	{ "icmp", icmp_answers, say_icmp, "RFC 1122 3.2.2.1, icmp(7), udp(7)" },
	{ "unaccepted", unaccepted, say_unaccepted, "accept(2), listen(2)" },
	{ "close-wait", in_close_wait, say_close_wait, "RFC 9293 3.6" },
	{ "syn-sent", in_syn_sent, say_syn_sent, "RFC 9293 3.8.3, tcp(7)" },
	{ "syn-received", in_syn_received, say_syn_received, "RFC 4987" },
	{ "time-wait", in_time_wait, say_time_wait, "RFC 9293 3.6.1" },
	{ "fin-wait-2", in_fin_wait_2, say_fin_wait_2, "RFC 9293 3.6, tcp(7)" },
	{ "closing", closing_slowly, say_closing, "RFC 9293 3.6" },
	{ "accept-queue", accept_queue_full, say_accept_queue, "listen(2), tcp(7)" },
	{ "waiting", connections_wait, say_waiting, "accept(2)" },
	{ "not-read", not_read, say_not_read, "RFC 9293 3.8.6, recv(2)" },
	{ "dropped", dropped, say_dropped, "udp(7), socket(7)" },
	{ "zero-window", peer_window_shut, say_window, "RFC 9293 3.8.6.1" },
	{ "not-acknowledged", not_acknowledged, say_not_acknowledged, "RFC 9293 3.8.3, tcp(7)" },
	{ "sent-again", sends_again, say_again, "RFC 6298, RFC 5681" },
	{ "shut-down", shut_down, say_shut, "shutdown(2)" },
	{ "owner", nobody_has_it, say_owner, NULL },
	{ NULL, NULL, NULL, NULL },
};

unsigned trouble_explain(const struct trouble_facts *f, struct explanation *e)
{
	struct buf text = { 0 };
	unsigned count = 0;

	for (const struct trouble *t = troubles; t->name; t++) {
		if (!t->holds(f))
			continue;
		buf_clear(&text);
		t->say(f, &text);
		if (t->source)
			buf_printf(&text, " (%s)", t->source);
		explain_say(e, EXPLAIN_WHY, "%s", buf_text(&text));
		count++;
	}
	buf_done(&text);
	return count;
}
