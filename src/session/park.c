/* park.c - the capture in a sandbox. It was opened while the privilege was there, and cannot be
 * opened again: switched off it stays open and lets nothing through; another interface is a
 * filter on the index of it, which "any" can judge. */
#include "inside.h"

#include "session/guard.h"
#include "util/clock.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#define NOTHING "less 0" /* no packet is that short */

static bool confined(const struct session *s)
{
	return s->config.guard && s->config.guard->entered;
}

int session_park_open(struct session *s, struct err *e)
{
	struct capture_config config = { .kind = CAPTURE_LIVE,
					 .device = s->config.device,
					 .filter = NOTHING,
					 .source = TAP_LIVE,
					 .snaplen = s->config.snaplen };
	const struct guard *g = s->config.guard;
	struct tap *t = &s->taps[TAP_LIVE];
	int rc;

	if (!g || g->wanted.none || (t->capture && !s->config.file) || t->error.code ||
	    !(g->held.held & 1u << CAPABILITY_NET_RAW))
		return 0;
	if (confined(s) || capture_open(&config, &t->parked, NULL))
		return 0; /* it is said when it is asked for */
	rc = guard_enter(s->config.guard, e);
	return rc ? rc : capture_start(t->parked, &s->box, e);
}

/* The capture's own counters go on while it is parked: they are taken out again when it comes
 * back. */
static void shift(struct capture_stats *past, const struct capture *c, bool back)
{
	struct capture_stats now;
	uint64_t sign = back ? (uint64_t)-1 : 1;

	capture_stats(c, &now);
	past->received += sign * now.received;
	past->bytes += sign * now.bytes;
	past->dropped_kernel += sign * now.dropped_kernel;
	past->dropped_interface += sign * now.dropped_interface;
	past->dropped_here += sign * now.dropped_here;
}

bool session_park(struct session *s)
{
	struct tap *t = &s->taps[TAP_LIVE];

	if (!confined(s) || !t->capture || s->config.file || capture_filter(t->capture, NOTHING, NULL))
		return false;
	shift(&t->past, t->capture, false);
	t->parked = t->capture;
	t->capture = NULL;
	t->until_ns = clock_real_ns();
	t->error = (struct err){ 0 };
	session_touch(s);
	return true;
}

static int tune(struct capture *c, const char *device, uint32_t *ifindex, struct err *e)
{
	bool any = !strcmp(device, "any"), same = !strcmp(device, capture_device(c));
	char filter[32];

	*ifindex = any ? 0 : if_nametoindex(device);
	if (!any && !*ifindex)
		return err_set(e, ENODEV, "there is no device %s", device);
	if (!same && strcmp(capture_device(c), "any"))
		return err_set(e, EPERM,
			       "capturing on %s: the privilege for it was given away at the start; "
			       "-i %s opens it then, --no-sandbox keeps the privilege",
			       device, device);
	snprintf(filter, sizeof filter, "ifindex %u", (unsigned)*ifindex);
	return capture_filter(c, same ? NULL : filter, e);
}

int session_unpark(struct session *s, const char *device, struct err *e)
{
	struct tap *t = &s->taps[TAP_LIVE];
	struct capture *c = t->parked ? t->parked : s->config.file ? NULL : t->capture;
	uint32_t ifindex;
	int rc;

	if (!confined(s) || !c)
		return 0;
	rc = tune(c, device, &ifindex, e);
	if (rc)
		return rc;
	if (t->parked) {
		session_tap_stop(s, TAP_LIVE); /* a file that was open in its place */
		shift(&t->past, c, true);
		t->capture = c;
		t->parked = NULL;
		t->from_ns = clock_real_ns();
	}
	t->ifindex = ifindex;
	t->until_ns = UINT64_MAX;
	t->error = (struct err){ 0 };
	session_touch(s);
	return 1;
}
