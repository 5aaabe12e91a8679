/* watch.h - the sockets whose figures are kept over time: our own, and the selected one of the host.
 *
 * Bounded: WATCHES sockets, SAMPLES samples of each. The selected socket always finds a place; the
 * place of the one that was sampled the longest ago is taken for it. Our own are sampled at each
 * look at them; the host's selected one by an exact look-up (about 5 µs), or, in another network
 * namespace, from the snapshot that is there.
 */
#ifndef SESSION_WATCH_H
#define SESSION_WATCH_H

#include "core/sample.h"

struct session;
struct watches;

enum { WATCHES = 64 };

struct watches *watches_new(void);
void watches_free(struct watches *w); /* NULL is fine */
/* Take what is due: no more often than refresh, and SAMPLE_LEAST_NS. `now` is CLOCK_MONOTONIC. */
void session_sample(struct session *s, uint64_t now_mono);
/* NULL: the socket was not sampled. Valid until the next turn of the loop. */
const struct samples *session_samples(const struct session *s, uint64_t key);
/* The kernel's last word on it, and when that was (CLOCK_REALTIME); NULL: as above. */
const struct sock *session_sampled(const struct session *s, uint64_t key, uint64_t *at_ns);

#endif
