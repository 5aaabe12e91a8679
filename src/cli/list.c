/* sockeye list: the sockets of the host as text, JSON, CSV, a summary, or followed as they change. */
#include "cli/list.h"

#include "cli/cli.h"
#include "session/listing.h"
#include "util/err.h"
#include "util/mem.h"
#include "util/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define AT(member) offsetof(struct list_options, member)
#define FLAG(letter, name, member, help)                             \
	{                                                            \
		letter, name, NULL, OPT_FLAG, AT(member), help, 0, 0 \
	}
#define WORD(letter, name, argument, member, help)                         \
	{                                                                  \
		letter, name, argument, OPT_STRING, AT(member), help, 0, 0 \
	}

/* clang-format off */
static const struct cli_option rows[] = {
	FLAG('t', "tcp", tcp, "TCP; kinds add up"),
	FLAG('u', "udp", udp, "UDP and UDP-Lite"),
	FLAG('w', "raw", raw, "RAW, and ICMP of ping"),
	FLAG('x', "unix", unix_, "UNIX"),
	FLAG('0', "packet", packet, "packet sockets"),
	FLAG('4', "ipv4", inet, "IPv4"),
	FLAG('6', "ipv6", inet6, "IPv6"),
	FLAG('l', "listening", listening, "what waits to be spoken to"),
	FLAG('a', "all", all, "every state (the default)"),
	FLAG('n', "numeric", numeric, "addresses and ports as numbers (the default)"),
	FLAG('r', "resolve", resolve, "names of hosts and services"),
	FLAG('p', "processes", processes, "who has it (the default)"),
	FLAG(0, "no-owners", no_owners, "do not ask who has it: faster"),
	FLAG('i', "info", info, "the kernel's TCP values"),
	FLAG('e', "extended", extended, "user, inode, cookie, interface too"),
	FLAG('o', "options", timers, "timers too"),
	FLAG('m', "memory", memory, "buffers and drops too"),
	FLAG('s', "summary", summary, "only count them"),
	FLAG('H', "no-header", no_header, "no line of headings"),
	FLAG(0, "csv", csv, "comma-separated values"),
	FLAG(0, "metrics", metrics, "Prometheus text"),
	WORD(0, "columns", "A,B,…", columns, "these columns"),
	WORD(0, "sort", "COLUMN", sort, "in this order; -COLUMN: the other way round"),
	WORD('N', "netns", "NAME|PID|all", netns, "of another network namespace, or of all"),
	WORD(0, "watch", "[SECONDS]", watch, "follow: what opens, changes, closes (every second)"),
	FLAG('K', "destroy", destroy, "destroy what FILTER matches; only says so without --yes"),
	FLAG(0, "yes", yes, "with -K: do it"),
	FLAG(0, "fail-empty", fail_empty, "exit 1 when nothing matches"),
	{ 0 },
};
/* clang-format on */

#define KIND(kind) (1u << KIND_##kind)
#define INET_KINDS (KIND(TCP) | KIND(UDP) | KIND(RAW) | KIND(MPTCP) | KIND(UDPLITE) | KIND(SCTP) | KIND(OTHER))

/* --- what the options mean --- */

static void choose_kinds(struct list *l, const struct list_options *o)
{
	l->kinds = (o->tcp ? KIND(TCP) : 0) | (o->udp ? KIND(UDP) | KIND(UDPLITE) : 0) | (o->raw ? KIND(RAW) : 0) |
		   (o->unix_ ? KIND(UNIX) : 0) | (o->packet ? KIND(PACKET) : 0);
	if (!l->kinds)
		l->kinds = o->inet || o->inet6 ? INET_KINDS : (1u << KIND_COUNT) - 1;
	if (o->inet != o->inet6)
		l->family = o->inet ? AF_INET : AF_INET6;
}

static int unknown_column(const char *option, const char *name, size_t len)
{
	const char *names[LIST_COLUMNS + 1] = { 0 }, *near;
	char typed[64];
	size_t count = 0;

	for (const struct socket_column *c = socket_columns; c->name && count < LIST_COLUMNS; c++)
		names[count++] = c->name;
	snprintf(typed, sizeof typed, "%.*s", (int)len, name);
	near = text_nearest(typed, names);
	return usage_error(&list_command, "%s: there is no column \"%s\"%s%s%s", option, typed,
			   near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static int named_columns(struct list *l, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, ",");
		const struct socket_column *c = column_find(text, len);

		if (!c)
			return unknown_column("--columns", text, len);
		if (l->column_count < LIST_COLUMNS)
			l->columns[l->column_count++] = c;
		text += len + (text[len] == ',');
	}
	return l->column_count ? OPTIONS_GO : usage_error(&list_command, "--columns wants names of columns");
}

static bool named_by(const struct socket_column *c, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(*names, c->name))
			return true;
	return false;
}

/* Without --columns: what is shown always, and what options ask for. */
static void usual_columns(struct list *l, const struct list_options *o)
{
	static const char *const extended[] = { "user", "inode", "cookie", "iface", NULL };
	static const char *const timers[] = { "timer", NULL };
	static const char *const space[] = { "netns", NULL };
	static const char *const memory[] = { "rmem", "rcvbuf", "wmem", "sndbuf", "drops", NULL };

	for (const struct socket_column *c = socket_columns; c->name; c++) {
		bool shown = (c->flags & COLUMN_PLAIN) || (o->common.verbose && (c->flags & COLUMN_MORE)) ||
			     (o->extended && named_by(c, extended)) || (o->timers && named_by(c, timers)) ||
			     (o->netns && named_by(c, space)) || (o->memory && named_by(c, memory));

		if (o->csv) /* a program takes what it wants */
			shown = strcmp(c->name, "name") && (o->info || !(c->flags & COLUMN_INFO));
		if (o->no_owners && (c->flags & COLUMN_OWNER))
			shown = false;
		if (shown && l->column_count < LIST_COLUMNS)
			l->columns[l->column_count++] = c;
	}
}

static int choose_columns(struct list *l, const struct list_options *o)
{
	const char *sort = o->sort;
	int status = o->columns ? named_columns(l, o->columns) : OPTIONS_GO;

	if (status != OPTIONS_GO)
		return status;
	if (!o->columns)
		usual_columns(l, o);
	if (!sort)
		return OPTIONS_GO;
	l->descending = *sort == '-';
	sort += l->descending;
	l->sort = column_find(sort, strlen(sort));
	return l->sort ? OPTIONS_GO : unknown_column("--sort", sort, strlen(sort));
}

/* What the kernel tells only when it is asked for more than the heads. */
static void choose_depth(struct list *l, const struct list_options *o)
{
	static const unsigned asked_for = SOCK_HAS_MEMORY | SOCK_HAS_TOS;
	bool counted = o->summary && !o->common.json;
	unsigned needed = l->sort ? l->sort->flags : 0, known = l->sort ? l->sort->known : 0;
	unsigned all = l->sort ? l->sort->flags : ~0u;

	for (size_t i = 0; i < l->column_count && !counted; i++) {
		needed |= l->columns[i]->flags;
		known |= l->columns[i]->known;
		all &= l->columns[i]->flags;
	}
	l->plain = (all & COLUMN_BASE) && !filter_wants_more(l->filter) && !o->common.json && !o->metrics &&
		   !o->destroy;
	l->owners = !o->no_owners && ((needed & COLUMN_OWNER) || filter_wants_owners(l->filter) ||
				      (o->common.json && !o->summary) || o->metrics);
	l->info = o->info || (needed & COLUMN_INFO) || (known & asked_for) || filter_wants_info(l->filter) ||
		  (o->common.json && !o->summary) || o->metrics;
}

/* The words that are left, joined by blanks. */
static int read_filter(struct list *l, char **words, int count)
{
	struct buf text = { 0 };
	unsigned column = 0;
	struct err e;
	int rc = 0;

	for (int i = 0; i < count; i++)
		buf_printf(&text, "%s%s", i ? " " : "", words[i]);
	if (count)
		rc = filter_new(buf_text(&text), &l->filter, &e, &column);
	if (rc)
		rc = usage_error(&list_command, "filter, column %u: %s", column, e.text);
	else
		rc = OPTIONS_GO;
	buf_done(&text);
	return rc;
}

static int contradictions(const struct list_options *o, int words)
{
	if (o->resolve && o->numeric)
		return usage_error(&list_command, "-n and -r contradict each other");
	if (o->common.json + o->csv + o->metrics > 1)
		return usage_error(&list_command, "--json, --csv and --metrics exclude each other");
	if (o->watch && (o->csv || o->metrics || o->summary || o->destroy || o->resolve))
		return usage_error(&list_command, "--watch does not go with --csv, --metrics, -s, -r or -K");
	if (o->destroy && (o->csv || o->metrics || o->summary))
		return usage_error(&list_command, "-K does not go with --csv, --metrics or -s");
	if (o->destroy && o->yes && !words)
		return usage_error(&list_command, "-K --yes wants a FILTER: it would destroy every connection");
	if (o->yes && !o->destroy)
		return usage_error(&list_command, "--yes belongs to -K");
	return OPTIONS_GO;
}

static unsigned terminal_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return 0;
	return size.ws_col;
}

/* --- taking and choosing --- */

static bool is_ordered(const struct list *l)
{
	return !l->o->summary && !l->o->metrics;
}

int list_take(struct list *l, bool live, struct snapshot **out, struct err *e)
{
	struct listing_request request = { .owners = l->owners, .info = l->info, .live = live, .netns = l->o->netns };
	struct filter_push push;

	filter_push(l->filter, &push);
	/* Nothing may match: then ask for the little that the options left. */
	request.kinds = l->kinds & push.kinds ? l->kinds & push.kinds : l->kinds;
	/* The other end of a connection may be in another state and of another family; and an event should tell
	 * "closed" from "in another state". */
	request.no_peers = !l->o->common.json;
	request.plain = l->plain && !l->o->watch;
	request.unsettled = is_ordered(l) && !l->sort && !l->o->watch;
	if ((request.no_peers || !l->owners) && !live && !l->o->watch) {
		unsigned every = (1u << STATE_COUNT) - 1, wanted = every;

		if (!(request.kinds & KIND(UNIX))) /* they have the names of their peers */
			wanted = push.states;
		if (l->o->listening)
			wanted &= 1u << STATE_LISTEN | 1u << STATE_UNCONNECTED;
		request.states = wanted == every ? 0 : wanted;
		request.family = l->family && push.family && l->family != push.family ? 0
				 : l->family                                          ? l->family
										      : push.family;
	}
	return listing_take(l->listing, &request, out, e);
}

/* Listeners; and what has no connections but an address to be found at. */
static bool is_listening(const struct snapshot *s, const struct record *r)
{
	struct sock k;

	if (r->state != STATE_UNCONNECTED)
		return r->state == STATE_LISTEN;
	record_sock(s, r, &k);
	return sock_kind(&k) == KIND_RAW || endpoint_there(&k.local);
}

bool list_wants(struct list *l, const struct snapshot *s, const struct record *r)
{
	bool inet = r->family == AF_INET || r->family == AF_INET6;
	struct sock_view v;
	struct sock room;

	if (!(l->kinds >> record_kind(r) & 1) || (inet && l->family && r->family != l->family))
		return false;
	if ((l->o->listening && !is_listening(s, r)) || listing_is_plumbing(l->listing, s, r))
		return false;
	if (!l->filter)
		return true;
	v = sock_view(s, r, l->names, &room);
	return filter_match(l->filter, &v);
}

void list_pick(struct list *l, const struct snapshot *s, struct picked *out)
{
	*out = (struct picked){ .snapshot = s, .rows = mem_array(s->count ? s->count : 1, sizeof *out->rows) };
	for (size_t i = 0; i < s->count; i++) {
		const struct record *r = &s->records[i];

		if (!list_wants(l, s, r))
			continue;
		out->rows[out->count++] = (uint32_t)i;
		out->hidden += !r->owner_count && r->reason == OWNER_NO_PERMISSION;
	}
	if (is_ordered(l))
		list_order(l, out);
}

/* --- saying --- */

void list_flush(struct list *l)
{
	size_t done = 0;

	while (!l->broken && done < l->out.len) {
		ssize_t n = write(STDOUT_FILENO, l->out.data + done, l->out.len - done);

		if (n > 0)
			done += (size_t)n;
		else if (n == 0 || errno != EINTR)
			l->broken = true, l->broken_why = n ? errno : EIO;
	}
	buf_clear(&l->out);
}

void list_hints(struct list *l, const struct picked *p)
{
	if (p->snapshot->partial && !l->warned) {
		complain(0, "the list may be incomplete: %s", p->snapshot->why);
		l->warned = true;
	}
	if (p->hidden && l->owners && !l->hinted) {
		complain(0,
			 geteuid() ? "the owners of %zu socket%s are hidden: they belong to other users; "
				     "run as root to see them"
				   : "the owners of %zu socket%s are hidden: not even root may look "
				     "into every process here",
			 p->hidden, p->hidden == 1 ? "" : "s");
		l->hinted = true;
	}
}

static int refused(const struct err *e)
{
	return complain(e->code == EPERM || e->code == EACCES ? EXIT_PRIVILEGE : EXIT_FAILED, "%s", e->text);
}

/* --- once --- */

static int write_once(struct list *l, const struct picked *p)
{
	const struct list_options *o = l->o;

	if (o->destroy)
		return list_destroy(l, p);
	if (o->summary)
		list_summary(l, p);
	else if (o->metrics)
		list_metrics(l, p);
	else if (o->csv)
		list_csv(l, p);
	else if (o->common.json)
		list_json(l, p);
	else
		list_text(l, p);
	list_flush(l);
	return EXIT_DONE;
}

static int once(struct list *l)
{
	struct list_names *names = l->o->resolve ? list_names_new(l->names) : NULL;
	struct snapshot *s;
	struct picked p;
	struct err e;
	int status;

	if (list_take(l, false, &s, &e)) {
		list_names_free(names);
		return refused(&e);
	}
	list_pick(l, s, &p);
	if (names)
		l->names = list_names_ask(names, &p);
	status = write_once(l, &p);
	list_hints(l, &p);
	if (status == EXIT_DONE && !p.count && l->o->fail_empty)
		status = EXIT_FAILED;
	free(p.rows);
	snapshot_free(s);
	list_names_free(names);
	return status;
}

static int run_list(struct list *l, uint64_t interval_ns)
{
	struct err e;
	int status;

	if (listing_new(l->kinds, &l->listing, &e))
		return refused(&e);
	l->names = listing_names(l->listing);
	l->colour = use_colour(&l->o->common);
	l->width = terminal_width();
	status = l->o->watch ? list_watch(l, interval_ns) : once(l);
	listing_free(l->listing);
	if (l->broken && status == EXIT_DONE)
		status = l->broken_why == EPIPE ? EXIT_FAILED
						: complain(EXIT_FAILED, "standard output cannot be written: %s",
							   strerror(l->broken_why));
	return status;
}

static int list_main(int argc, char **argv)
{
	struct list_options o = { 0 };
	struct list l = { .o = &o };
	uint64_t interval_ns = 1000000000;
	int first, status = options_parse(&list_command, argc, argv, &o, &first);

	if (status == OPTIONS_GO)
		status = contradictions(&o, argc - first);
	if (status == OPTIONS_GO && o.watch && *o.watch &&
	    (!text_parse_duration(o.watch, &interval_ns) || interval_ns < 10000000))
		status = usage_error(&list_command, "--watch takes seconds (0.5, 2, 500ms), not \"%s\"", o.watch);
	if (status == OPTIONS_GO)
		status = read_filter(&l, argv + first, argc - first);
	if (status == OPTIONS_GO)
		status = choose_columns(&l, &o);
	if (status == OPTIONS_GO) {
		choose_kinds(&l, &o);
		choose_depth(&l, &o);
		status = run_list(&l, interval_ns);
	}
	filter_free(l.filter);
	buf_done(&l.out);
	return status;
}

const struct subcommand list_command = {
	.name = "list",
	.usage = "list [options] [FILTER]",
	.help = "print sockets once, or follow them (--watch)",
	.options = rows,
	.main = list_main,
	.mixed = true,
};
