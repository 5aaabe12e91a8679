#include "session/tap.h"

#include "inside.h"

#include "session/guard.h"
#include "session/opened.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/mem.h"
#include "util/text.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void session_tap_stats(const struct session *s, unsigned tap, struct capture_stats *out)
{
	const struct tap *t = &s->taps[tap];
	struct capture_stats now = { 0 };

	if (t->capture)
		capture_stats(t->capture, &now);
	out->received = t->past.received + now.received;
	out->bytes = t->past.bytes + now.bytes;
	out->dropped_kernel = t->past.dropped_kernel + now.dropped_kernel;
	out->dropped_interface = t->past.dropped_interface + now.dropped_interface;
	out->dropped_here = t->past.dropped_here + now.dropped_here;
}

const char *tap_mark(unsigned tap)
{
	return tap >= TAP_RAW && tap < TAPS ? raw_rows[tap - TAP_RAW].title : "pcap";
}

const char *tap_blind(unsigned tap)
{
	if (tap >= TAP_RAW && tap < TAPS)
		return raw_rows[tap - TAP_RAW].blind;
	return "It gets frames as a device has them: inward before the firewall, outward after it, "
	       "where what the device is to fill in (checksums) is not there yet; of the "
	       "loopback's two copies it shows one.";
}

void tap_words(const struct packet *p, struct buf *out)
{
	buf_printf(out, "Seen by %s%s. %s", tap_mark(p->source), p->beside ? " beside another source" : "",
		   tap_blind(p->source));
}

void session_tap_name(const struct session *s, unsigned tap, struct buf *out)
{
	bool raw = tap >= TAP_RAW;
	const char *kind = raw ? tap_mark(tap) : s->config.file ? "file" : "libpcap";
	const char *name = raw ? "" : s->config.file ? s->config.file : s->config.device;
	char clean[128];

	text_clean_to(clean, sizeof clean, name, strlen(name));
	buf_printf(out, "%s%s%s", kind, *clean ? " " : "", clean);
}

/* --- start and end --- */

void session_tap_reap(struct session *s, bool wait)
{
	for (unsigned i = 0; i < TAPS; i++)
		if (s->taps[i].closing && capture_reap(s->taps[i].closing, wait))
			s->taps[i].closing = NULL;
}

void session_tap_stop(struct session *s, unsigned tap)
{
	struct tap *t = &s->taps[tap];

	t->error = (struct err){ 0 };
	if (!t->capture)
		return;
	session_tap_stats(s, tap, &t->past);
	if (t->closing) {
		capture_reap(t->closing, true);
		t->closing = NULL;
	}
	t->closing = t->capture;
	t->capture = NULL;
	if (t->until_ns == UINT64_MAX)
		t->until_ns = clock_real_ns();
	capture_close(t->closing);
	session_touch(s);
}

int session_tap_start(struct session *s, unsigned tap, struct capture_config *config, struct err *e)
{
	struct tap *t = &s->taps[tap];
	struct capture *made;
	int rc;

	config->source = (uint8_t)tap;
	config->snaplen = s->config.snaplen;
	rc = capture_open(config, &made, e);
	if (rc)
		return rc;
	session_tap_stop(s, tap);
	rc = guard_enter(s->config.guard, e);
	if (!rc)
		rc = capture_start(made, &s->box, e);
	if (rc) {
		capture_close(made);
		capture_reap(made, true);
		return rc;
	}
	t->capture = made;
	t->ifindex = config->kind != CAPTURE_FILE && strcmp(capture_device(made), "any")
			     ? if_nametoindex(capture_device(made))
			     : 0;
	t->from_ns = config->kind == CAPTURE_FILE ? 0 : clock_real_ns();
	t->until_ns = t->from_ns ? UINT64_MAX : 0;
	session_touch(s);
	return 0;
}

/* False: none could be had, and trying it ourselves says why. */
static bool open_by_broker(struct broker *b, enum raw_protocol protocol, int out[RAW_SOCKETS])
{
	bool any = false;

	for (unsigned i = 0; i < RAW_SOCKETS; i++) {
		out[i] = b && raw_rows[protocol].sockets[i].family
				 ? broker_socket(b, raw_rows[protocol].sockets[i].family, SOCK_RAW,
						 raw_rows[protocol].sockets[i].protocol)
				 : -1;
		any |= out[i] >= 0;
	}
	return any;
}

int session_raw_start(struct session *s, enum raw_protocol protocol, struct err *e)
{
	struct capture_config config = { .kind = CAPTURE_RAW, .raw = protocol, .device = "any" };
	struct tap *t = &s->taps[TAP_RAW + protocol];
	int opened[RAW_SOCKETS] = { -1, -1 };
	int rc;

	if (t->capture)
		return 0;
	if (s->config.raw_sockets)
		config.sockets = s->config.raw_sockets[protocol];
	else if (open_by_broker(guard_helper(s->config.guard), protocol, opened))
		config.sockets = opened;
	rc = session_tap_start(s, TAP_RAW + protocol, &config, &t->error);
	for (unsigned i = 0; i < RAW_SOCKETS; i++)
		if (opened[i] >= 0)
			close(opened[i]); /* the capture has its own */
	if (rc)
		*e = t->error;
	return rc;
}

void session_raw_stop(struct session *s, enum raw_protocol protocol)
{
	session_tap_stop(s, TAP_RAW + protocol);
}

bool session_raw_runs(const struct session *s)
{
	for (unsigned i = TAP_RAW; i < TAPS; i++)
		if (s->taps[i].capture)
			return true;
	return false;
}

/* The interface went away, the source failed, a file has ended. */
void session_tap_watch(struct session *s)
{
	struct err why = { 0 };
	struct buf name = { 0 };
	bool ended;

	for (unsigned i = 0; i < TAPS; i++) {
		if (!s->taps[i].capture)
			continue;
		capture_state(s->taps[i].capture, &ended, &why);
		if (ended && i == TAP_LIVE && s->opened)
			opened_ended(s, &why);
		if (!ended || !why.code) {
			if (ended)
				session_tap_stop(s, i);
			continue;
		}
		session_tap_name(s, i, &name);
		session_notice(s, NOTICE_WARN, "%s ended: %s", buf_text(&name), why.text);
		buf_done(&name);
		session_tap_stop(s, i);
		s->taps[i].error = why;
	}
}

/* --- what is seen twice --- */

static bool saw(const struct tap *t, const struct packet *p)
{
	return p->at_ns >= t->from_ns && p->at_ns < t->until_ns &&
	       (!t->ifindex || !p->ifindex || t->ifindex == p->ifindex);
}

bool session_tap_beside(const struct session *s, const struct packet *p)
{
	if (p->source == TAP_LIVE)
		return false;
	return saw(&s->taps[TAP_LIVE], p) || (p->source != TAP_RAW + RAW_ALL && saw(&s->taps[TAP_RAW + RAW_ALL], p));
}
