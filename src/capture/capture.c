#include "inside.h"

#include "capture/spool.h"
#include "util/mailbox.h"
#include "util/mem.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { BUFFER_BYTES = 16 << 20, WAIT_MS = 10 };

static const struct capture_ops *const sources[] = {
	[CAPTURE_LIVE] = &capture_live,
	[CAPTURE_FILE] = &capture_file,
	[CAPTURE_FAKE] = &capture_fake,
	[CAPTURE_RAW] = &capture_raw,
};

static void set_config(struct capture *c, const struct capture_config *config)
{
	const char *device = config->kind == CAPTURE_FAKE ? "fake" : config->device ? config->device : "any";

	c->config = *config;
	c->config.device = mem_string(device);
	c->config.filter = mem_string(config->filter);
	if (!config->snaplen || config->snaplen > SNAPLEN_MOST)
		c->config.snaplen = SNAPLEN_MOST;
	if (!config->buffer_bytes)
		c->config.buffer_bytes = BUFFER_BYTES;
	if (!config->wait_ms)
		c->config.wait_ms = WAIT_MS;
}

static void release(struct capture *c)
{
	if (c->wake >= 0)
		close(c->wake);
	pthread_cond_destroy(&c->answer);
	capture_drop_spare(c);
	pthread_mutex_destroy(&c->lock);
	notes_done(&c->notes);
	spool_drop(c->spool);
	free(c->scratch.block ? NULL : c->scratch.packets);
	free(c->scratch.block);
	free(c->scratch.bytes);
	free((char *)c->config.device);
	free((char *)c->config.filter);
	free(c);
}

int capture_open(const struct capture_config *config, struct capture **out, struct err *e)
{
	struct capture *c = mem_alloc(sizeof *c);
	int rc;

	set_config(c, config);
	c->ops = sources[config->kind];
	pthread_mutex_init(&c->lock, NULL);
	notes_init(&c->notes);
	pthread_cond_init(&c->answer, NULL);
	c->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (c->wake < 0) {
		rc = err_set(e, errno, "eventfd: %s", strerror(errno));
		goto out;
	}
	rc = c->ops->open(c, e);
	if (rc)
		goto out;
	*out = c;
	return 0;
out:
	release(c);
	return rc;
}

int capture_start(struct capture *c, struct mailbox *box, struct err *e)
{
	sigset_t all, old;
	int rc;

	c->box = box;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old); /* signals are the main thread's */
	rc = pthread_create(&c->thread, NULL, capture_work, c);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (rc)
		return err_set(e, rc, "no thread for the capture: %s", strerror(rc));
	c->started = true;
	return 0;
}

int capture_filter(struct capture *c, const char *filter, struct err *e)
{
	struct filter_request r = { .text = filter };

	if (!c->started)
		return c->ops->filter(c, filter, e);
	pthread_mutex_lock(&c->lock);
	if (c->gone) {
		r.rc = err_set(&r.error, ESHUTDOWN, "the capture has ended");
		r.answered = true;
	} else {
		/* cppcheck-suppress autoVariables ; it is taken back before this function returns */
		c->request = &r;
		capture_wake(c);
	}
	while (!r.answered)
		pthread_cond_wait(&c->answer, &c->lock);
	pthread_mutex_unlock(&c->lock);
	if (r.rc && e)
		*e = r.error;
	return r.rc;
}

void capture_stats(const struct capture *c, struct capture_stats *out)
{
	out->received = atomic_load_explicit(&c->received, memory_order_relaxed);
	out->bytes = atomic_load_explicit(&c->bytes, memory_order_relaxed);
	out->dropped_kernel = atomic_load_explicit(&c->dropped_kernel, memory_order_relaxed);
	out->dropped_interface = atomic_load_explicit(&c->dropped_interface, memory_order_relaxed);
	out->dropped_here = atomic_load_explicit(&c->dropped_here, memory_order_relaxed);
}

uint64_t capture_read_until(struct capture *c)
{
	if (!atomic_exchange(&c->asked, true))
		capture_wake(c);
	return atomic_load_explicit(&c->read_until, memory_order_acquire);
}

int capture_state(const struct capture *c, bool *ended, struct err *e)
{
	bool over = atomic_load_explicit(&c->ended, memory_order_acquire);

	if (ended)
		*ended = over;
	if (!over || !c->error.code)
		return 0;
	if (e)
		*e = c->error;
	return -c->error.code;
}

const char *capture_device(const struct capture *c)
{
	return c->config.device;
}

struct spool *capture_spool(const struct capture *c)
{
	return c->spool ? spool_share(c->spool) : NULL;
}

void capture_progress(struct capture *c, struct capture_progress *out)
{
	*out = (struct capture_progress){ 0 };
	out->done = atomic_load_explicit(&c->done, memory_order_relaxed);
	out->size = atomic_load_explicit(&c->size, memory_order_relaxed);
	out->at_end = atomic_load_explicit(&c->at_end, memory_order_acquire);
	if (!atomic_load_explicit(&c->has_tail, memory_order_acquire))
		return;
	pthread_mutex_lock(&c->lock);
	out->tail = c->tail;
	pthread_mutex_unlock(&c->lock);
}

void capture_close(struct capture *c)
{
	if (!c)
		return;
	atomic_store(&c->stop, true);
	capture_wake(c);
}

bool capture_reap(struct capture *c, bool wait)
{
	if (!c)
		return true;
	if (!c->started)
		c->ops->close(c);
	else if (wait ? pthread_join(c->thread, NULL) : pthread_tryjoin_np(c->thread, NULL))
		return false;
	release(c);
	return true;
}
