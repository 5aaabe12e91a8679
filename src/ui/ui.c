#include "ui/ui.h"

#include "ui/desk.h"
#include "ui/screen.h"
#include "session/guard.h"
#include "util/clock.h"
#include "util/err.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* At most so often when the model is busy; a key that comes right after a frame is answered within 16 ms. */
#define FRAME_NS UINT64_C(10000000)

struct loop {
	struct session *session;
	const struct ui_config *config;
	struct screen *screen;
	struct desk desk;
	struct grid grid;
	int signals;       /* signalfd(2) */
	bool dirty;        /* a key came, the size changed */
	uint64_t drawn_ns; /* when the last frame was shown, CLOCK_MONOTONIC */
	uint64_t drawn;    /* session->changes that it showed */
	uint64_t until_ns; /* when the last frame is out of date by itself */
};

static void signal_set(sigset_t *set)
{
	static const int ours[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH };

	sigemptyset(set);
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		sigaddset(set, ours[i]);
}

int ui_check(struct err *e)
{
	sigset_t set;
	int rc = screen_check(e);

	if (rc)
		return rc;
	signal_set(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return 0;
}

static const struct theme *theme_now(const struct loop *l)
{
	const char *none = getenv("NO_COLOR");
	const struct theme *t = theme_find(l->session->settings.theme);

	if (l->config->no_color || (none && *none) || screen_colors(l->screen) < 8)
		t = theme_find("mono");
	return t ? t : &themes[0];
}

static void take_signals(struct loop *l)
{
	struct signalfd_siginfo info;

	while (read(l->signals, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGWINCH) {
			screen_resized(l->screen);
			l->dirty = true;
		} else {
			l->session->quit = true;
		}
	}
}

static void take_keys(struct loop *l)
{
	struct key key;

	while (!l->session->quit && screen_event(l->screen, &key)) {
		l->desk.now_ns = clock_mono_ns();
		l->dirty = true;
		if (key.kind == EVENT_KEY && !strcmp(key.name, "C-z")) {
			screen_stop(l->screen);
			continue;
		}
		/* A key acts on what the one before it made of the screen. */
		desk_settle(&l->desk, l->desk.cols, l->desk.rows);
		desk_event(&l->desk, &key);
	}
	if (l->desk.copied.len) {
		screen_copy(l->screen, buf_text(&l->desk.copied), l->desk.copied.len);
		buf_clear(&l->desk.copied);
	}
}

static void draw(struct loop *l)
{
	int cols, rows;

	l->desk.now_ns = clock_mono_ns();
	l->drawn = l->session->changes;
	if (l->config->guard)
		guard_words(l->config->guard, l->desk.privileges, sizeof l->desk.privileges);
	screen_size(l->screen, &cols, &rows);
	screen_mouse(l->screen, l->session->settings.mouse);
	desk_settle(&l->desk, cols, rows);
	desk_draw(&l->desk, &l->grid);
	if (l->desk.redraw)
		screen_forget(l->screen);
	l->desk.redraw = false;
	screen_show(l->screen, &l->grid, theme_now(l));
	l->dirty = false;
	l->drawn_ns = l->desk.now_ns;
	l->until_ns = desk_until(&l->desk);
}

/* Until when to wait: for ever, till the frame is out of date, or till the next frame may be
 * drawn. */
static uint64_t wait_until(const struct loop *l)
{
	uint64_t next = l->drawn_ns + FRAME_NS;

	if (l->session->hunt.on)
		return 0;
	if (l->session->changes != l->drawn)
		return next < l->until_ns ? next : l->until_ns;
	return l->until_ns;
}

static int run(struct loop *l, struct err *e)
{
	struct pollfd fds[] = {
		{ .fd = screen_fd(l->screen), .events = POLLIN },
		{ .fd = l->signals, .events = POLLIN },
	};

	draw(l);
	while (!l->session->quit) {
		uint64_t now;
		int rc = session_wait(l->session, fds, 2, wait_until(l));

		if (rc)
			return err_set(e, -rc, "waiting for events failed: %s", strerror(-rc));
		if (fds[1].revents)
			take_signals(l);
		if (fds[0].revents & POLLIN)
			take_keys(l);
		else if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
			l->session->quit = true; /* the terminal is gone */
		desk_hunt(&l->desk);
		now = clock_mono_ns();
		if (l->dirty || now >= l->until_ns ||
		    (l->session->changes != l->drawn && now >= l->drawn_ns + FRAME_NS))
			draw(l);
	}
	return 0;
}

int ui_run(struct session *s, const struct ui_config *config, struct err *e)
{
	struct loop l = { .session = s, .config = config, .signals = -1 };
	sigset_t set, before;
	int rc;

	signal_set(&set);
	sigprocmask(SIG_BLOCK, &set, &before);
	l.signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (l.signals < 0) {
		rc = err_set(e, errno, "signals cannot be read: %s", strerror(errno));
		goto out;
	}
	rc = screen_open(s, &l.screen, e);
	if (rc)
		goto out;
	if (!screen_utf8(l.screen))
		s->settings.ascii = true;
	desk_init(&l.desk, s);
	prompt_load(&l.desk.prompt);
	rc = run(&l, e);
	desk_done(&l.desk);
	screen_close(l.screen);
	grid_done(&l.grid);
out:
	if (l.signals >= 0)
		close(l.signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return rc;
}

void ui_frame_text(struct session *s, int cols, int rows, const char *const *keys, struct buf *out)
{
	struct grid grid = { 0 };
	struct desk *desk = calloc(1, sizeof *desk);

	if (!desk)
		return;
	desk_init(desk, s);
	strcpy(desk->privileges, "root");
	desk_settle(desk, cols, rows);
	for (; keys && *keys; keys++) {
		struct key key = key_named(*keys);

		desk_event(desk, &key);
		while (s->hunt.on)
			desk_hunt(desk);
		desk_settle(desk, cols, rows);
	}
	desk_draw(desk, &grid);
	grid_text(&grid, out);
	desk_done(desk);
	grid_done(&grid);
	free(desk);
}
