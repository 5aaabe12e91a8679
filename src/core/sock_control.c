/* What the congestion control tells of itself, as text. */
#include "core/sock_column.h"

#include "util/buf.h"
#include "util/text.h"

static void add_bbr(const struct sock_tcp *t, struct buf *out)
{
	char rate[24], rtt[24];

	buf_printf(out, "bw %s/s min-rtt %s pacing-gain %.2f cwnd-gain %.2f",
		   text_size(rate, sizeof rate, t->bbr.bandwidth),
		   text_duration(rtt, sizeof rtt, (uint64_t)t->bbr.min_rtt_us * 1000, false),
		   t->bbr.pacing_gain / 256.0, t->bbr.cwnd_gain / 256.0);
}

static void add_vegas(const struct sock_tcp *t, struct buf *out)
{
	buf_printf(out, "%s rtt-count %u rtt %u µs min-rtt %u µs", t->vegas.enabled ? "on" : "off",
		   (unsigned)t->vegas.rtt_count, (unsigned)t->vegas.rtt_us, (unsigned)t->vegas.min_rtt_us);
}

static void add_dctcp(const struct sock_tcp *t, struct buf *out)
{
	buf_printf(out, "%s ce-state %u alpha %.3f acked %u of those marked %u", t->dctcp.enabled ? "on" : "fallback",
		   (unsigned)t->dctcp.ce_state, t->dctcp.alpha / 1024.0, (unsigned)t->dctcp.acked,
		   (unsigned)t->dctcp.acked_ecn);
}

void sock_control_text(const struct sock_tcp *t, struct buf *out)
{
	static void (*const adders[])(const struct sock_tcp *t, struct buf *out) = {
		[CONTROL_BBR] = add_bbr, [CONTROL_VEGAS] = add_vegas, [CONTROL_DCTCP] = add_dctcp
	};

	if (t->control != CONTROL_NONE)
		adders[t->control](t, out);
}
