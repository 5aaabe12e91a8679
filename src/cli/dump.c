/* sockeye dump: packets decoded, live or from a file. */
#include "cli/dump.h"
#include "analysis/tls_watch.h"
#include "cli/dump_beside.h"
#include "cli/dump_devices.h"
#include "session/keylog.h"
#include "cli/dump_view.h"
#include "cli/dump_write.h"

#include "cli/cli.h"
#include "cli/confine.h"
#include "session/name_book.h"
#include "session/source.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/mem.h"
#include "util/real_user.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct dump_options {
	struct common_options common;
	const char *read, *time, *raw, *keylog;
	struct option_list interfaces;
	struct dump_view_options view;
	struct dump_write_options write;
	struct confine_options confine;
	bool devices, numeric, names, hex, quiet, no_promiscuous, line_buffered, packet_buffered;
	uint64_t count, snaplen, buffer;
};

#define AT(member) offsetof(struct dump_options, member)

/* clang-format off */
static const struct cli_option rows[] = {
	{ 'i', "interface", "IFACE", OPT_LIST, AT(interfaces), "capture on IFACE (default: any); may be given several times", 0, 0 },
	{ 'D', "list-interfaces", NULL, OPT_FLAG, AT(devices), "list the interfaces", 0, 0 },
	{ 'r', "read", "FILE", OPT_STRING, AT(read), "read a pcap or pcapng file, .gz and .zst too (- = standard input)", 0, 0 },
	{ 'w', "write", "FILE", OPT_STRING, AT(write.path), "write pcapng in place of lines (NAME.pcap: pcap, - = standard output)", 0, 0 },
	{ 0, "print", NULL, OPT_FLAG, AT(write.print), "the lines too, with -w", 0, 0 },
	{ 'C', "rotate-size", "MB", OPT_NUMBER, AT(write.size_mb), "another file after MB million bytes: FILE, FILE1, FILE2", 1, 1000000 },
	{ 'G', "rotate-seconds", "SECONDS", OPT_NUMBER, AT(write.seconds), "another file after SECONDS; FILE goes through strftime(3)", 1, 1 << 30 },
	{ 'W', "rotate-files", "COUNT", OPT_NUMBER, AT(write.files), "with -C: COUNT files in a ring; with -G: end after COUNT", 1, 1000000 },
	{ 0, "raw", "PROTO", OPT_STRING, AT(raw), "listen on a SOCK_RAW socket in place of libpcap: tcp, udp, icmp, all", 0, 0 },
	{ 'c', "count", "COUNT", OPT_NUMBER, AT(count), "end after COUNT packets", 1, 0 },
	{ 'n', "numeric", NULL, OPT_FLAG, AT(numeric), "addresses and ports as numbers (the default)", 0, 0 },
	{ 'N', "names", NULL, OPT_FLAG, AT(names), "names of addresses and ports, once they are known", 0, 0 },
	{ 'q', "quick", NULL, OPT_FLAG, AT(quiet), "short lines: ends, protocol, length", 0, 0 },
	{ 'p', "no-promiscuous-mode", NULL, OPT_FLAG, AT(no_promiscuous), "only what is for this host", 0, 0 },
	{ 'l', "line-buffered", NULL, OPT_FLAG, AT(line_buffered), "nothing: lines are never held back when live", 0, 0 },
	{ 'U', "packet-buffered", NULL, OPT_FLAG, AT(packet_buffered), "nothing: nor are packets that are written", 0, 0 },
	{ 'x', "hex", NULL, OPT_FLAG, AT(hex), "the bytes too", 0, 0 },
	{ 's', "snaplen", "BYTES", OPT_NUMBER, AT(snaplen), "bytes kept of each packet (default 262144)", 0, 262144 },
	{ 'B', "buffer", "MIB", OPT_NUMBER, AT(buffer), "size of the kernel's buffer (default 64)", 1, 1024 },
	{ 0, "time", "FORM", OPT_STRING, AT(time), "absolute, relative, delta, epoch", 0, 0 },
	{ 0, "flows", NULL, OPT_FLAG, AT(view.flows), "at the end: a row a conversation, in place of the packets", 0, 0 },
	{ 0, "extract", "DIR", OPT_STRING, AT(view.extract), "write what HTTP carried into files in DIR", 0, 0 },
	{ 0, "messages", NULL, OPT_FLAG, AT(view.messages), "a line a message of an application (a DNS question, an HTTP request)", 0, 0 },
	{ 0, "stats", NULL, OPT_FLAG, AT(view.stats), "at the end: totals by protocol, by TCP analysis, by address", 0, 0 },
	{ 0, "stream", "N", OPT_STRING, AT(view.stream), "the bytes of conversation N, put in order", 0, 0 },
	{ 0, "as", "FORM", OPT_STRING, AT(view.as), "of --stream: text, hex, raw, c", 0, 0 },
	{ 0, "side", "SIDE", OPT_STRING, AT(view.side), "of --stream: 0 (who began), 1, both", 0, 0 },
	{ 0, "keylog", "FILE", OPT_STRING, AT(keylog), "open TLS with the secrets of a key log (SSLKEYLOGFILE)", 0, 0 },
	CONFINE_ROWS(struct dump_options, confine),
	{ 0 },
};
/* clang-format on */

static const char *const time_forms[] = {
	[TIME_ABSOLUTE] = "absolute",
	[TIME_RELATIVE] = "relative",
	[TIME_DELTA] = "delta",
	[TIME_EPOCH] = "epoch",
};

static int time_form(const char *text, enum time_form *out)
{
	*out = TIME_ABSOLUTE;
	if (!text)
		return OPTIONS_GO;
	for (size_t i = 0; i < sizeof time_forms / sizeof *time_forms; i++)
		if (!strcmp(time_forms[i], text)) {
			*out = (enum time_form)i;
			return OPTIONS_GO;
		}
	return usage_error(&dump_command, "--time takes absolute, relative, delta or epoch, not \"%s\"", text);
}

static int check_raw(const struct dump_options *o)
{
	enum raw_protocol ignored;

	if (!o->raw)
		return OPTIONS_GO;
	if (o->read)
		return usage_error(&dump_command, "--raw listens and -r reads: one or the other");
	if (!raw_protocol_named(o->raw, &ignored))
		return usage_error(&dump_command, "--raw takes tcp, udp, icmp or all, not \"%s\"", o->raw);
	return OPTIONS_GO;
}

static int signals_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

struct dump {
	struct guard *guard;
	struct source *source;
	struct dump_write *write; /* NULL: no -w */
	bool lines;
	struct dump_print print;
	const struct dump_view *view; /* NULL: lines */
	void *shown;                  /* the view's own */
	struct dump_out view_out;
	struct dump_beside beside;
	struct tls_keys *keys;
	struct keylog keylog;
	struct buf out;
	uint64_t count, most;
	unsigned names_ms;         /* of a file: how long names may still be waited for, in all */
	bool live, prompt, broken; /* prompt: who waits for lines gets them at once */
};

static void flush(struct dump *d)
{
	if (d->out.len && (fwrite(d->out.data, 1, d->out.len, stdout) != d->out.len || fflush(stdout)))
		d->broken = true;
	buf_clear(&d->out);
}

/* A file has time: its first lines would all be without names else. */
static void await_names(struct dump *d, const struct packet *p)
{
	enum { EACH_MS = 250 };
	unsigned ms = d->names_ms < EACH_MS ? d->names_ms : EACH_MS;
	uint64_t before = clock_mono_ns(), gone;

	name_book_host(d->print.names, p->family, p->src);
	name_book_host(d->print.names, p->family, p->dst);
	if (!ms || !name_book_turn(d->print.names))
		return;
	name_book_wait(d->print.names, ms);
	gone = (clock_mono_ns() - before) / 1000000;
	d->names_ms -= gone < d->names_ms ? (unsigned)gone : d->names_ms;
}

static void print_block(struct dump *d, struct block *b)
{
	enum { FLUSH_AT = 1 << 16 };

	dump_beside_turn(&d->beside);
	if (d->prompt)
		keylog_read(&d->keylog, d->keys, dump_write_secrets, d->write);
	if (d->print.names)
		name_book_turn(d->print.names);
	for (uint32_t i = 0; i < b->count && (!d->most || d->count < d->most) && !d->broken; i++) {
		const struct packet *p = &b->packets[i];

		source_enter(d->source, b, i);
		d->count++;
		dump_beside_packet(&d->beside, p, block_bytes(b, p));
		if (d->write && !dump_write_packet(d->write, p, block_bytes(b, p), &d->beside.comments))
			d->broken = true;
		if (!d->lines && !d->view)
			continue;
		if (d->view) {
			if (d->view->packet && !d->view->packet(d->shown, p, block_bytes(b, p), &d->view_out))
				d->broken = true;
			continue;
		}
		if (d->print.names && !d->live)
			await_names(d, p);
		dump_packet(&d->print, p, block_bytes(b, p), &d->out);
		if (d->out.len >= FLUSH_AT)
			flush(d);
	}
	if (d->prompt)
		flush(d), dump_out_flush(&d->view_out);
	if (d->prompt && d->write)
		dump_write_batch(d->write);
	d->broken |= d->view_out.broken;
}

static int go(struct dump *d, int signals, struct err *e)
{
	int rc = 0;

	while (!d->broken && (!d->most || d->count < d->most)) {
		struct pollfd fd = { .fd = signals, .events = POLLIN };
		struct block *b;

		rc = source_ended(d->source, e);
		if (rc)
			break;
		if (source_wait(d->source, &fd, 1, d->prompt ? 500 : 2) || fd.revents)
			break;
		b = source_take(d->source);
		if (b) {
			print_block(d, b);
			source_give_back(d->source, b);
		}
	}
	flush(d);
	return rc < 0 ? rc : 0;
}

static void summary(const struct dump *d)
{
	struct capture_stats stats;

	source_stats(d->source, &stats);
	fprintf(stderr,
		"%llu packet%s %s, %llu received, %llu dropped by the kernel, %llu by the interface, %llu here\n",
		(unsigned long long)d->count, d->count == 1 ? "" : "s", d->lines || d->view ? "shown" : "captured",
		(unsigned long long)stats.received, (unsigned long long)stats.dropped_kernel,
		(unsigned long long)stats.dropped_interface, (unsigned long long)stats.dropped_here);
}

/* The view that takes the packets in place of the lines, if one was asked for. */
static int begin_view(struct dump *d, const struct dump_options *o, struct err *e)
{
	struct dump_view_config config = {
		.json = o->common.json,
		.colour = use_colour(&o->common),
		.verbose = o->common.verbose,
		.flows = source_flows(d->source),
		.zone_s = d->print.zone_s,
		.keys = d->keys,
		.keys_may_come = d->prompt && o->keylog,
		.names = d->print.names,
		.beside = &d->beside,
	};

	if (d->lines || o->view.messages)
		d->beside.tls = tls_watch_new(d->keys, config.flows, config.keys_may_come);
	d->view = dump_view_chosen(&o->view, &config.argument);
	config.options = &o->view;
	if (!d->view)
		return 0;
	d->shown = d->view->begin(&config, e);
	return d->shown ? 0 : -EINVAL;
}

static int end_view(struct dump *d)
{
	int status = d->view ? d->view->end(d->shown, &d->view_out) : EXIT_DONE;

	buf_done(&d->view_out.text);
	return status;
}

static unsigned captures(const struct dump_options *o, const char *filter, struct capture_config configs[OPTION_LIST])
{
	unsigned count = o->read || !o->interfaces.count ? 1 : o->interfaces.count;

	for (unsigned i = 0; i < count; i++) {
		configs[i] = (struct capture_config){
			.kind = o->read  ? CAPTURE_FILE
				: o->raw ? CAPTURE_RAW
					 : CAPTURE_LIVE,
			.device = o->read               ? o->read
				  : o->interfaces.count ? o->interfaces.items[i]
							: "any",
			.filter = filter,
			.snaplen = (uint32_t)o->snaplen,
			.buffer_bytes = (uint32_t)((o->buffer ? o->buffer : 64) << 20),
			.wait_ms = 1, /* a socket of which a packet is seen late may have no owner any more */
			.promiscuous = !o->no_promiscuous,
		};
		if (o->raw)
			raw_protocol_named(o->raw, &configs[i].raw);
	}
	return count;
}

static int open_write(struct dump *d, const struct dump_options *o, const char *filter, struct err *e)
{
	const struct dump_write_config config = {
		.options = &o->write,
		.reading = o->read,
		.filter = filter,
		.snaplen = (uint32_t)o->snaplen,
		.source = d->source,
	};

	return o->write.path ? dump_write_open(&config, &d->write, e) : 0;
}

static void take_note(void *arg, const struct note *n)
{
	struct dump *d = arg;

	if (d->write)
		dump_write_note(d->write, n);
	if (d->print.names && n->kind == NOTE_NAME)
		name_book_add(d->print.names, &n->address, n->text, n->len);
	if (n->kind == NOTE_SECRETS && n->type == NOTES_SECRETS_TLS) {
		tls_keys_feed(d->keys, n->text, n->len);
		tls_keys_end(d->keys);
	}
}

static int open_all(struct dump *d, const struct dump_options *o, const char *filter, struct err *e)
{
	struct capture_config configs[OPTION_LIST];
	unsigned count = captures(o, filter, configs);
	int rc = o->names ? name_book_new(&d->print.names, e) : 0;

	if (!rc && o->keylog)
		rc = tls_crypto_prepare(e);
	if (!rc && o->keylog)
		rc = keylog_open(&d->keylog, o->keylog, e);
	if (rc)
		return complain(EXIT_FAILED, "%s", e->text);
	rc = source_open(configs, count, d->guard, &d->source, e);

	if (rc == -EINVAL)
		return usage_error(&dump_command, "%s", e->text);
	if (rc)
		return complain((rc == -EPERM || rc == -EACCES) && !o->read ? EXIT_PRIVILEGE : EXIT_FAILED, "%s",
				e->text);
	rc = open_write(d, o, filter, e);
	if (rc)
		guard_explain(d->guard, e);
	if (rc)
		return complain(EXIT_FAILED, "%s", e->text);
	dump_beside_begin(&d->beside, d->source, d->guard, d->live);
	d->beside.note = take_note;
	d->beside.arg = d;
	d->beside.compose = d->write;
	keylog_read(&d->keylog, d->keys, dump_write_secrets, d->write);
	rc = begin_view(d, o, e);
	return rc ? complain(EXIT_USAGE, "%s", e->text) : EXIT_DONE;
}

static void release(struct dump *d)
{
	dump_beside_done(&d->beside);
	dump_print_done(&d->print);
	name_book_free(d->print.names);
	keylog_done(&d->keylog);
	buf_done(&d->out);
	source_close(d->source);
	tls_keys_free(d->keys);
}

static int close_all(struct dump *d)
{
	int status = end_view(d), written;

	dump_beside_end(&d->beside);
	written = dump_write_close(d->write, d->live);
	if (d->live)
		summary(d);
	release(d);
	return status ? status : written;
}

/* A pipe from somewhere: it may go on for days. */
static bool is_stream(const char *path)
{
	struct stat st;

	return (strcmp(path, "-") ? stat(path, &st) : fstat(STDIN_FILENO, &st)) || !S_ISREG(st.st_mode);
}

static int dump(const struct dump_options *o, const char *filter, enum time_form form, struct guard *guard)
{
	struct dump d = { .guard = guard,
			  .most = o->count,
			  .live = !o->read,
			  .prompt = !o->read || is_stream(o->read),
			  .names_ms = 3000,
			  .keys = tls_keys_new(),
			  .keylog.fd = -1,
			  .lines = !o->write.path || o->write.print };
	int signals = signals_fd(), rc, status;
	time_t now = time(NULL);
	struct tm here;
	struct err e = { 0 };

	localtime_r(&now, &here);
	d.print = (struct dump_print){
		.json = o->common.json,
		.verbose = o->common.verbose,
		.hex = o->hex,
		.quiet = o->quiet,
		.colour = use_colour(&o->common),
		.time = form,
		.zone_s = here.tm_gmtoff,
	};
	d.beside.stop = signals;
	d.print.beside = &d.beside;
	status = open_all(&d, o, filter, &e);
	if (status) {
		dump_write_close(d.write, false);
		release(&d);
		close(signals);
		return status;
	}
	d.print.flows = source_flows(d.source);
	d.print.source = d.source;
	d.print.tree = o->common.verbose ? mem_alloc(sizeof(struct tree)) : NULL;
	rc = go(&d, signals, &e);
	status = close_all(&d);
	close(signals);
	return rc ? complain(EXIT_FAILED, "%s", e.text) : status;
}

static int dump_main(int argc, char **argv)
{
	struct dump_options o = { 0 };
	struct buf filter = { 0 };
	enum time_form form;
	struct guard guard;
	int first, status = options_parse(&dump_command, argc, argv, &o, &first);

	if (status == OPTIONS_GO)
		status = time_form(o.time, &form);
	if (status == OPTIONS_GO)
		status = check_raw(&o);
	if (status == OPTIONS_GO)
		status = dump_view_check(&o.view);
	if (status == OPTIONS_GO)
		status = dump_write_check(&o.write);
	if (status == OPTIONS_GO)
		status = confine_init(&dump_command, &o.confine, &guard);
	if (status != OPTIONS_GO)
		return status;
	if (o.devices)
		return dump_devices(o.common.json);
	for (int i = first; i < argc; i++)
		buf_printf(&filter, "%s%s", i > first ? " " : "", argv[i]);
	if (!o.read)
		guard_broker(&guard);
	if (o.write.path)
		sandbox_allow_file(&guard.box, o.write.path);
	if (o.read)
		sandbox_allow_file(&guard.box, o.read);
	if (o.view.extract) {
		real_user_folder(o.view.extract, 0777);
		sandbox_allow_folder(&guard.box, o.view.extract);
	}
	status = dump(&o, filter.len ? filter.data : NULL, form, &guard);
	guard_done(&guard);
	buf_done(&filter);
	return status;
}

const struct subcommand dump_command = {
	.name = "dump",
	.usage = "dump [options] [BPF]",
	.help = "decode packets, live or from a file",
	.options = rows,
	.main = dump_main,
};
