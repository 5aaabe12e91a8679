/* main.c - the table of subcommands, and the terminal's command line (`sockeye` alone). */
#include "cli/cli.h"
#include "cli/confine.h"
#include "session/config.h"
#include "session/session.h"
#include "session/setting.h"
#include "ui/ui.h"
#include "util/buf.h"
#include "util/mem.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct ui_options {
	struct common_options common;
	const char *device, *script, *scope, *theme, *config, *filter, *netns, *read, *write, *keylog;
	struct confine_options confine;
	bool demo, no_capture, ascii, raw, privileges;
	uint64_t snaplen, buffer;
};

#define AT(member) offsetof(struct ui_options, member)

static int ui_main(int argc, char **argv);

/* clang-format off */
static const struct cli_option ui_rows[] = {
	{ 'i', "interface", "IFACE", OPT_STRING, AT(device), "capture on IFACE (default: any)", 0, 0 },
	{ 'r', "read", "FILE", OPT_STRING, AT(read), "open a capture in place of a live one (- = standard input)", 0, 0 },
	{ 'w', "write", "FILE", OPT_STRING, AT(write), "record what is captured to a pcapng", 0, 0 },
	{ 0, "keylog", "FILE", OPT_STRING, AT(keylog), "open TLS with the secrets of a key log (SSLKEYLOGFILE)", 0, 0 },
	{ 's', "script", "SCRIPT", OPT_STRING, AT(script), "load a step script: Space runs its next step", 0, 0 },
	{ 0, "demo", NULL, OPT_FLAG, AT(demo), "start the echo peers and one example of each kind of socket", 0, 0 },
	{ 0, "scope", "SCOPE", OPT_STRING, AT(scope), "which sockets: mine, host, process:PID, closed", 0, 0 },
	{ 0, "filter", "EXPR", OPT_STRING, AT(filter), "show only the sockets that match", 0, 0 },
	{ 0, "netns", "NAME|PID|all", OPT_STRING, AT(netns), "whose sockets the scope host shows", 0, 0 },
	{ 0, "snaplen", "BYTES", OPT_NUMBER, AT(snaplen), "bytes kept of each packet (default 262144)", 64, 262144 },
	{ 0, "buffer", "MIB", OPT_NUMBER, AT(buffer), "size of the recorder (default 64)", 1, 1 << 20 },
	{ 0, "no-capture", NULL, OPT_FLAG, AT(no_capture), "do not capture packets", 0, 0 },
	{ 0, "raw", NULL, OPT_FLAG, AT(raw), "start the SOCK_RAW listener too (R; needs CAP_NET_RAW)", 0, 0 },
	{ 0, "theme", "NAME", OPT_STRING, AT(theme), "colours: dark, light, mono, contrast", 0, 0 },
	{ 0, "ascii", NULL, OPT_FLAG, AT(ascii), "no line drawing and no wide characters", 0, 0 },
	CONFINE_ROWS(struct ui_options, confine),
	{ 0, "privileges", NULL, OPT_FLAG, AT(privileges), "show what is held, what is missing and how to grant it", 0, 0 },
	{ 0, "config", "FILE", OPT_STRING, AT(config), "read this configuration", 0, 0 },
	{ 0 },
};
/* clang-format on */

static const struct subcommand ui_command = {
	.usage = "[options]",
	.help = "Show a socket's whole life: the calls, what the kernel says, the packets.",
	.options = ui_rows,
	.main = ui_main,
};

const struct subcommand *const subcommands[] = { &ui_command,  &list_command, &dump_command,
						 &run_command, &help_command, NULL };

/* What is held, and what the sandbox would do here: it is entered for that. */
static int show_privileges(struct guard *g)
{
	struct buf text = { 0 };
	struct err e;

	privileges_describe(&g->held, &text);
	buf_putc(&text, '\n');
	g->state = true;
	if (guard_enter(g, &e)) {
		buf_done(&text);
		guard_done(g);
		return complain(EXIT_FAILED, "%s", e.text);
	}
	sandbox_describe(&g->box, &text);
	fputs(buf_text(&text), stdout);
	buf_done(&text);
	guard_done(g);
	return EXIT_DONE;
}

/* What the options ask for, checked before the terminal is touched. */
static int check(const struct ui_options *o, int argc, char **argv, int first)
{
	struct err e;
	int rc;

	if (first < argc)
		return usage_error(&ui_command, "unknown command \"%s\"", argv[first]);
	if (o->common.json)
		return usage_error(&ui_command, "--json needs a command: sockeye run --json SCRIPT");
	if (o->write && !strcmp(o->write, "-"))
		return usage_error(&ui_command, "-w needs a file: standard output is the screen (sockeye dump -w -)");
	if (o->read && !strcmp(o->read, "-") && isatty(STDIN_FILENO))
		return usage_error(&ui_command, "-r - reads a capture from standard input, which is a terminal here");
	if (o->read && (o->demo || o->raw))
		return usage_error(&ui_command, "-r opens a file, and nothing in it is alive: not with --%s",
				   o->demo ? "demo" : "raw");
	if (o->theme && setting_check(setting_find("theme"), o->theme, &e))
		return usage_error(&ui_command, "--theme: %s", e.text);
	rc = ui_check(&e); /* before anything is opened */
	if (rc)
		return rc == -ENOTTY ? usage_error(&ui_command, "%s", e.text) : complain(EXIT_FAILED, "%s", e.text);
	return OPTIONS_GO;
}

/* --scope and --filter are the commands of that name. */
static int enter_option(struct session *s, const char *command, const char *value, struct err *e)
{
	struct buf line = { 0 };
	int rc;

	buf_printf(&line, "%s %s", command, value);
	rc = session_enter(s, line.data, e, NULL);
	buf_done(&line);
	return rc;
}

static int prepare(struct session *s, const struct ui_options *o, struct err *e)
{
	struct buf warnings = { 0 };
	size_t count = config_load(s, o->config, &warnings);

	if (count)
		session_notice(s, NOTICE_WARN, "%.*s%s", (int)strcspn(warnings.data, "\n"), warnings.data,
			       count > 1 ? " (and more)" : "");
	buf_done(&warnings);
	if (o->theme)
		setting_set(&s->settings, setting_find("theme"), o->theme, e);
	if (o->ascii)
		s->settings.ascii = true;
	if (o->netns && setting_set(&s->settings, setting_find("netns"), o->netns, e))
		return -EINVAL;
	if (o->scope && enter_option(s, "scope", o->scope, e))
		return -EINVAL;
	if (o->filter && enter_option(s, "filter", o->filter, e))
		return -EINVAL;
	if (o->script) {
		int rc = session_load(s, o->script, e);

		if (rc)
			return rc;
	}
	return o->demo ? session_demo(s, e) : 0;
}

/* What is named may also be written beside. */
static void allow_files(struct guard *g, const struct ui_options *o)
{
	const char *const named[] = { o->read, o->write, o->script };

	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (named[i])
			sandbox_allow_file(&g->box, named[i]);
}

static int ui_main(int argc, char **argv)
{
	struct ui_options o = { 0 };
	struct session_config config = { .interactive = true };
	struct ui_config screen = { 0 };
	struct guard guard;
	struct session *s;
	struct err e = { 0 };
	int first, rc, status;

	setlocale(LC_CTYPE, ""); /* not LC_NUMERIC: a decimal point stays a point */
	status = options_parse(&ui_command, argc, argv, &o, &first);
	if (status == OPTIONS_GO)
		status = confine_init(&ui_command, &o.confine, &guard);
	if (status != OPTIONS_GO)
		return status;
	if (o.privileges)
		return show_privileges(&guard);
	status = check(&o, argc, argv, first);
	if (status != OPTIONS_GO) {
		guard_done(&guard);
		return status;
	}
	config.device = o.device;
	config.snaplen = (uint32_t)o.snaplen;
	config.recorder_bytes = o.buffer << 20;
	config.capture = !o.no_capture;
	config.file = o.read;
	config.raw = o.raw;
	config.record = o.write;
	config.keylog = o.keylog;
	guard_broker(&guard);
	config.guard = &guard;
	guard.state = true;
	allow_files(&guard, &o);
	screen.guard = &guard;
	screen.no_color = o.common.no_color;
	rc = session_new(&config, &s, &e);
	if (rc) {
		guard_done(&guard);
		return complain(EXIT_FAILED, "%s", e.text);
	}
	rc = prepare(s, &o, &e);
	if (rc)
		status = rc == -EINVAL ? usage_error(&ui_command, "%s", e.text) : complain(EXIT_FAILED, "%s", e.text);
	else
		status = ui_run(s, &screen, &e) ? complain(EXIT_FAILED, "%s", e.text) : EXIT_DONE;
	if (session_record_close(s, &e))
		status = complain(EXIT_FAILED, "%s", e.text);
	session_free(s);
	guard_done(&guard);
	return status;
}

static const struct subcommand *find(const char *name)
{
	for (const struct subcommand *const *s = subcommands; *s; s++)
		if ((*s)->name && !strcmp((*s)->name, name))
			return *s;
	return NULL;
}

/* What was printed must have arrived; that the reader is gone is no news to tell. */
static int output_written(int status)
{
	struct pollfd out = { .fd = STDOUT_FILENO };
	bool lost = fflush(stdout) || ferror(stdout);

	if (!lost || status != EXIT_DONE)
		return status;
	if (poll(&out, 1, 0) == 1 && (out.revents & POLLERR))
		return EXIT_FAILED;
	return complain(EXIT_FAILED, "standard output cannot be written");
}

int main(int argc, char **argv)
{
	const struct subcommand *found;
	int status;

	mem_setup();
	if (argc < 2 || argv[1][0] == '-') {
		status = ui_main(argc, argv);
	} else {
		found = find(argv[1]);
		if (!found)
			return usage_error(&ui_command, "unknown command \"%s\"", argv[1]);
		status = found->main(argc - 1, argv + 1);
	}
	return output_written(status);
}
