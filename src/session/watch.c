#include "session/watch.h"

#include "inside.h"

#include "kernel/diag.h"
#include "session/host.h"
#include "util/clock.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

struct watch {
	uint64_t key;        /* 0: free */
	uint64_t sampled_ns; /* CLOCK_MONOTONIC */
	uint64_t at_ns;      /* CLOCK_REALTIME, of `last` */
	struct sock last;
	struct samples *samples;
};

struct watches {
	struct watch watch[WATCHES];
	uint64_t done_ns;  /* CLOCK_MONOTONIC: when our own were sampled last */
	uint64_t snapshot; /* at_ns of the one that was sampled last */
};

struct watches *watches_new(void)
{
	return mem_alloc(sizeof(struct watches));
}

void watches_free(struct watches *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < WATCHES; i++)
		free(w->watch[i].samples);
	free(w);
}

static struct watch *find(const struct watches *w, uint64_t key)
{
	for (size_t i = 0; key && i < WATCHES; i++)
		if (w->watch[i].key == key)
			return (struct watch *)&w->watch[i];
	return NULL;
}

/* A free place, or one whose samples are all past; for the selected socket any. */
static struct watch *take_place(struct watches *w, uint64_t now, bool must)
{
	struct watch *oldest = &w->watch[0];

	for (size_t i = 1; i < WATCHES; i++)
		if (w->watch[i].sampled_ns < oldest->sampled_ns)
			oldest = &w->watch[i];
	if (oldest->key && !must && now < oldest->sampled_ns + SAMPLE_SPAN_NS)
		return NULL;
	return oldest;
}

static struct watch *watch_of(struct session *s, uint64_t key, uint64_t now)
{
	struct watch *w = find(s->watches, key);
	struct samples *kept;

	if (w)
		return w;
	w = take_place(s->watches, now, key == s->selected);
	if (!w)
		return NULL;
	kept = w->samples ? w->samples : mem_alloc(sizeof *kept);
	kept->head = kept->count = 0;
	*w = (struct watch){ .key = key, .samples = kept };
	return w;
}

static void add(struct session *s, uint64_t key, const struct sock *k, const struct sample_calls *calls, uint64_t at_ns,
		uint64_t now)
{
	struct watch *w = watch_of(s, key, now);

	if (!w || at_ns <= w->at_ns)
		return;
	w->last = *k;
	w->at_ns = at_ns;
	w->sampled_ns = now;
	if (samples_add(w->samples, k, calls, at_ns))
		session_touch(s);
}

static void sample_own(struct session *s, const struct lab_sock *sock, uint64_t now)
{
	struct sample_calls calls = { sock->sent, sock->received, sock->waiting };

	if (!sock->gone && (!sock->peer || s->settings.show_peers || s->selected == sock->id))
		add(s, sock->id, &sock->now, &calls, sock->looked_ns, now);
}

/* The host's selected one. Where the exact look-up cannot tell (another network namespace), the
 * snapshot does, once. */
static void sample_selected(struct session *s, uint64_t now)
{
	const struct row *row = session_selected(s);
	const struct snapshot *snap = s->host ? host_snapshot(s->host) : NULL;
	struct sock fresh;

	if (!row || row->own || !row->view.record || row->closed_ns || !snap)
		return;
	if (s->diag && !strcmp(s->settings.netns, "own") && !diag_find(s->diag, row->sock, &fresh, NULL)) {
		add(s, row->key, &fresh, NULL, clock_real_ns(), now);
	} else if (snap->at_ns != s->watches->snapshot) {
		s->watches->snapshot = snap->at_ns;
		add(s, row->key, row->sock, NULL, clock_real_ns(), now);
	}
}

static uint64_t interval(const struct session *s)
{
	uint64_t every = s->settings.refresh_ns;

	return every > SAMPLE_LEAST_NS ? every : SAMPLE_LEAST_NS;
}

void session_sample(struct session *s, uint64_t now_mono)
{
	uint64_t every = interval(s);
	const struct watch *chosen = find(s->watches, s->selected);
	struct lab_sock *sock;

	/* A look at our own comes a little later than it was due: an eighth early is on time. */
	if (now_mono >= s->watches->done_ns + every - every / 8) {
		s->watches->done_ns = now_mono;
		for (size_t i = 0; (sock = lab_next(s->lab, &i));)
			sample_own(s, sock, now_mono);
		sample_selected(s, now_mono);
	} else if (s->selected && !chosen) {
		sock = s->selected <= UINT32_MAX ? lab_find(s->lab, (uint32_t)s->selected) : NULL;
		if (sock)
			sample_own(s, sock, now_mono);
		else
			sample_selected(s, now_mono);
	}
}

const struct samples *session_samples(const struct session *s, uint64_t key)
{
	const struct watch *w = s->watches ? find(s->watches, key) : NULL;

	return w ? w->samples : NULL;
}

const struct sock *session_sampled(const struct session *s, uint64_t key, uint64_t *at_ns)
{
	const struct watch *w = s->watches ? find(s->watches, key) : NULL;

	if (w)
		*at_ns = w->at_ns;
	return w ? &w->last : NULL;
}
