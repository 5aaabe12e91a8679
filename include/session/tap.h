/* tap.h - where a session's packets come from: libpcap (or a capture file), and a SOCK_RAW listener
 * for each thing that one can listen to. They run side by side, each with counters of its own.
 *
 * The same packet may be seen by several of them. It counts once: flows, trails, `expect packets`,
 * the packets of a step and the recorded file take it from the tap that sees most of those that ran
 * when it was seen (libpcap, then the packet socket, then the inet raw sockets). What another tap
 * has of it is shown beside (struct packet, `beside`).
 */
#ifndef SESSION_TAP_H
#define SESSION_TAP_H

#include "capture/capture.h"
#include "util/err.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct session;

/* The index is that of struct packet's `source`. */
enum { TAP_LIVE, TAP_RAW, TAPS = TAP_RAW + RAW_PROTOCOLS };

struct tap {
	struct capture *capture;    /* NULL: it does not run; see error */
	struct capture *parked;     /* TAP_LIVE in a sandbox: open, but lets nothing through; see park.c */
	struct capture *closing;    /* on its way out */
	struct err error;           /* why it does not run; code 0: it was not asked for, or has ended */
	struct capture_stats past;  /* what captures that ended had counted */
	uint64_t from_ns, until_ns; /* when it saw the wire last, CLOCK_REALTIME; a file never does */
	uint32_t ifindex;           /* all that it sees; 0: every interface */
};

void session_tap_stats(const struct session *s, unsigned tap, struct capture_stats *out);
/* "libpcap any", "file x.pcap", "raw tcp": appends clean text. */
void session_tap_name(const struct session *s, unsigned tap, struct buf *out);
/* A sentence: what this tap cannot see. */
const char *tap_blind(unsigned tap);
/* Who saw the packet, and what that tap cannot see: appends. */
void tap_words(const struct packet *p, struct buf *out);
/* "pcap", "raw tcp": a mark for a row; static. */
const char *tap_mark(unsigned tap);

/* The SOCK_RAW listener. 0, or -errno with *e, which is kept in the tap: -EPERM shows the call and
 * the command that grants it. One that runs is left alone. */
int session_raw_start(struct session *s, enum raw_protocol protocol, struct err *e);
void session_raw_stop(struct session *s, enum raw_protocol protocol);
bool session_raw_runs(const struct session *s); /* any of them */

#endif
