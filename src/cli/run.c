/* sockeye run: a step script without a screen. */
#include "cli/cli.h"
#include "cli/confine.h"

#include "cli/report.h"
#include "session/ladder_of.h"
#include "util/clock.h"
#include "util/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct run_options {
	struct common_options common;
	const char *capture, *write;
	bool keep_going, ladder, stable;
	struct confine_options confine;
};

/* clang-format off */
static const struct cli_option rows[] = {
	{ 'i', "capture", "IFACE", OPT_STRING, offsetof(struct run_options, capture),
	  "capture on IFACE (any, lo, …) and show each step's packets", 0, 0 },
	{ 'w', "write", "FILE", OPT_STRING, offsetof(struct run_options, write),
	  "record packets, sockets and calls to a pcapng (sockeye -r opens it)", 0, 0 },
	{ 'k', "keep-going", NULL, OPT_FLAG, offsetof(struct run_options, keep_going),
	  "go on after a step that failed", 0, 0 },
	{ 'l', "ladder", NULL, OPT_FLAG, offsetof(struct run_options, ladder),
	  "at the end draw the ladder of each conversation: calls, states, packets", 0, 0 },
	{ 0, "stable", NULL, OPT_FLAG, offsetof(struct run_options, stable),
	  "in the ladder names instead of what differs from run to run: times, ports", 0, 0 },
	{ 0, "sandbox-strict", NULL, OPT_FLAG, offsetof(struct run_options, confine.strict),
	  "confine it as the screen is, and do not start where that cannot be done", 0, 0 },
	{ 0, "sandbox-write", "DIR", OPT_LIST, offsetof(struct run_options, confine.write),
	  "with --sandbox-strict: files may also be written below DIR", 0, 0 },
	{ 0 },
};
/* clang-format on */

enum { TICK_STEPS = 64 /* steps that are done at once, between two looks at everything else */ };

/* The line and a caret below the place. */
static void show_error(const struct script_error *e)
{
	fprintf(stderr, "%s:%u:%u: %s\n", e->file, e->line, e->column, e->why);
	if (!e->text[0])
		return;
	fprintf(stderr, "    %s\n", e->text);
	if ((int)e->caret <= (int)text_width(e->text)) /* a long line may have been cut before it */
		fprintf(stderr, "    %*s^\n", (int)e->caret, "");
}

static int show_errors(const struct script *s)
{
	size_t shown = s->error_count < SCRIPT_ERRORS ? s->error_count : SCRIPT_ERRORS;

	for (size_t i = 0; i < shown; i++)
		show_error(&s->errors[i]);
	if (s->error_count > shown)
		fprintf(stderr, "… and %zu more\n", s->error_count - shown);
	return complain(EXIT_USAGE, "%s: %zu error%s, nothing was run", s->name, s->error_count,
			s->error_count == 1 ? "" : "s");
}

static int signals_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Wait for what the running step waits for, or for the capture. True: a signal asks to end. */
static bool wait_more(struct session *s, const struct script *script, int signals, bool for_capture)
{
	struct pollfd fd = { .fd = signals, .events = POLLIN };
	const struct run *r = script->running;
	uint64_t until = for_capture ? clock_mono_ns() + 5000000 : UINT64_MAX;

	if (r && r->wake_ns < until)
		until = r->wake_ns;
	if (r && r->deadline_ns < until)
		until = r->deadline_ns;
	session_wait(s, &fd, 1, until);
	return fd.revents & POLLIN;
}

static bool drive(struct session *s, struct script *script, struct report *report, const struct run_options *o,
		  int signals)
{
	unsigned since = 0;
	bool stop = false;

	while (script->next < script->count && !stop && !report->broken && !s->quit) {
		const struct script_step *step = &script->steps[script->next];
		struct run *finished;
		enum run_result result = script_go(s, script, &finished);

		if (result == RUN_WAIT) {
			stop = wait_more(s, script, signals, report->count > report->written);
			report_write(report, false);
			continue;
		}
		report_step(report, step, finished, script_passed(step, finished));
		stop = report->failed && !o->keep_going;
		run_free(finished);
		if (++since == TICK_STEPS) {
			since = 0;
			session_tick(s);
		}
		report_write(report, false);
	}
	return stop;
}

static int finish(struct session *s, struct script *script, struct report *report, int signals)
{
	/* The last step's packets are still on their way. */
	uint64_t patience = clock_mono_ns() + 2000000000u;

	while (!report_write(report, false) && clock_mono_ns() < patience && !report->broken)
		if (wait_more(s, script, signals, true))
			break;
	report_write(report, true);
	for (; script->next < script->count && !s->quit; script->next++)
		report_step(report, &script->steps[script->next], NULL, false);
	report_write(report, true);
	report_total(report);
	if (report->denied[0])
		return complain(EXIT_PRIVILEGE, "%s", report->denied);
	return report->failed || report->skipped ? EXIT_FAILED : EXIT_DONE;
}

static void show_ladders(struct session *s, const struct run_options *o)
{
	struct winsize size;
	struct buf text = { 0 };
	int width = 100;

	if (!o->stable && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		width = size.ws_col;
	session_tick(s);
	ladder_of_all(s, o->stable, width, &text);
	fputs("\n", stdout);
	fwrite(buf_text(&text), 1, text.len, stdout);
	buf_done(&text);
}

/* A script is as trusted as a program: it is confined only where that is asked for. */
static int confine(const struct run_options *o, const char *script, struct guard *g, struct err *e)
{
	sandbox_allow_file(&g->box, script);
	if (o->write)
		sandbox_allow_file(&g->box, o->write);
	if (o->confine.strict)
		guard_broker(g);
	else
		g->wanted.none = true;
	return sandbox_no_new_privs(e);
}

static int run_script(struct script *script, const struct run_options *o, struct guard *guard)
{
	bool capture = o->capture || script->wants_capture;
	const struct session_config config = {
		.device = o->capture ? o->capture : "any",
		.capture = capture,
		.record = o->write,
		.guard = guard,
	};
	int signals = signals_fd(), status;
	struct session *s;
	struct report report;
	struct err e;

	if (confine(o, script->name, guard, &e) || session_new(&config, &s, &e))
		return complain(EXIT_FAILED, "%s", e.text);
	if (capture && !s->taps[TAP_LIVE].capture) {
		e = s->taps[TAP_LIVE].error;
		session_free(s);
		return complain(e.code == EPERM || e.code == EACCES ? EXIT_PRIVILEGE : EXIT_FAILED, "%s", e.text);
	}
	report_init(&report, s, o->common.json, use_colour(&o->common), capture);
	drive(s, script, &report, o, signals);
	status = finish(s, script, &report, signals);
	if (o->ladder)
		show_ladders(s, o);
	if (session_record_close(s, &e))
		status = complain(EXIT_FAILED, "%s", e.text);
	report_done(&report);
	run_free(script->running);
	script->running = NULL;
	session_free(s);
	close(signals);
	return status;
}

static int run_main(int argc, char **argv)
{
	struct run_options o = { 0 };
	struct script *script;
	struct guard guard;
	struct err e;
	int first, status = options_parse(&run_command, argc, argv, &o, &first);

	if (status != OPTIONS_GO)
		return status;
	if (first >= argc)
		return usage_error(&run_command, "run needs a script (- for standard input)");
	if (first + 1 < argc)
		return usage_error(&run_command, "run takes one script, \"%s\" is one word too many", argv[first + 1]);
	if (o.ladder && o.common.json)
		return usage_error(&run_command, "--ladder is text: leave out --json");
	status = confine_init(&run_command, &o.confine, &guard);
	if (status != OPTIONS_GO)
		return status;
	if (script_read(argv[first], &script, &e)) {
		status = complain(EXIT_USAGE, "%s", e.text);
	} else {
		status = script->error_count ? show_errors(script) : run_script(script, &o, &guard);
		script_free(script);
	}
	guard_done(&guard);
	return status;
}

const struct subcommand run_command = {
	.name = "run",
	.usage = "run [options] SCRIPT",
	.help = "run a step script without a screen (- = standard input)",
	.options = rows,
	.main = run_main,
};
