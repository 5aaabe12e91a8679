#include "commands.h"

#include "session/session.h"

#include <string.h>
#include <strings.h>

/* clang-format off */
#define CALL (COMMAND_SOCKET | COMMAND_CALL)
#define KEY (COMMAND_UI | COMMAND_AT_ONCE)
#define UI_KEY(name_, key_, hint_, group_, help_, action)                                                            \
	{ .name = name_, .key = key_, .hint = hint_, .group = group_, .usage = "", .help = help_, .flags = KEY,      \
	  .run = run_ui, .ui = action }
/* clang-format on */

/* The order is that of the help pane and of the hint line. */
const struct command commands[] = {
	{ .name = "step", .key = "Space", .hint = "next step", .group = "Sockets", .usage = "",
	  .flags = COMMAND_AT_ONCE | COMMAND_LIVE,
	  .help = "make the next call in this socket's life, or the loaded script's next step",
	  .run = run_step, .fits = fits_step },
	{ .name = "socket", .key = "n", .hint = "new", .group = "Sockets", .usage = "FAMILY TYPE [PROTOCOL]",
	  .flags = COMMAND_MAKES | COMMAND_CALL, .help = "make a socket, socket(2)",
	  .complete = { COMPLETE_FAMILY, COMPLETE_TYPE, COMPLETE_PROTOCOL },
	  .parse = parse_socket, .run = run_socket, .fits = fits_make, .fill = fill_socket },
	{ .name = "bind", .key = "b", .hint = "bind", .group = "Sockets", .usage = "ADDRESS", .flags = CALL,
	  .help = "give the socket a local address, bind(2)", .complete = { COMPLETE_ADDRESS },
	  .parse = parse_bind, .run = run_bind, .fits = fits_bind, .fill = fill_bind },
	{ .name = "listen", .key = "l", .hint = "listen", .group = "Sockets", .usage = "[BACKLOG]", .flags = CALL,
	  .help = "wait for connections, listen(2)", .parse = parse_listen, .run = run_listen, .fits = fits_listen },
	{ .name = "accept", .key = "a", .hint = "accept", .group = "Sockets", .usage = "",
	  .flags = CALL | COMMAND_MAKES, .help = "take a waiting connection, accept(2)",
	  .parse = parse_accept, .run = run_accept, .fits = fits_accept },
	{ .name = "connect", .aliases = "connect_ex", .key = "c", .hint = "connect", .group = "Sockets",
	  .usage = "ADDRESS [nowait]", .flags = CALL, .help = "connect the socket to a peer, connect(2)",
	  .complete = { COMPLETE_ADDRESS },
	  .parse = parse_connect, .run = run_connect, .fits = fits_connect, .fill = fill_connect },
	{ .name = "send", .aliases = "sendall", .key = "s", .hint = "send", .group = "Sockets",
	  .usage = "DATA [to ADDRESS]", .flags = CALL | COMMAND_RESULT,
	  .help = "send \"text\", hex:…, file:PATH or zero:BYTES, send(2)", .complete = { COMPLETE_DATA },
	  .parse = parse_send, .run = run_send, .fits = fits_send, .fill = fill_send },
	{ .name = "sendto", .usage = "DATA ADDRESS", .flags = CALL | COMMAND_RESULT,
	  .help = "Python's spelling of send … to", .complete = { COMPLETE_DATA, COMPLETE_ADDRESS },
	  .parse = parse_sendto, .run = run_send },
	{ .name = "recv", .aliases = "recvfrom", .key = "r", .hint = "recv", .group = "Sockets", .usage = "[BYTES]",
	  .flags = CALL | COMMAND_RESULT, .help = "receive what has arrived, or wait for it, recv(2)",
	  .parse = parse_recv, .run = run_recv, .fits = fits_recv },
	{ .name = "shutdown", .key = "d", .hint = "shutdown", .group = "Sockets", .usage = "rd|wr|rdwr", .flags = CALL,
	  .help = "end one direction, shutdown(2)", .complete = { COMPLETE_SHUTDOWN },
	  .parse = parse_shutdown, .run = run_shutdown, .fits = fits_shutdown, .fill = fill_shutdown },
	{ .name = "close", .key = "x", .hint = "close", .group = "Sockets", .usage = "", .flags = CALL,
	  .help = "close the socket, close(2)", .parse = parse_close, .run = run_close, .fits = fits_open },
	{ .name = "abort", .key = "X", .group = "Sockets", .usage = "", .flags = CALL,
	  .help = "close with a reset (RST): SO_LINGER 0, then close", .parse = parse_close, .run = run_abort,
	  .fits = fits_abort },
	{ .name = "setsockopt", .key = "S", .group = "Sockets", .usage = "OPTION VALUE", .flags = CALL,
	  .help = "set a socket option, setsockopt(2)", .complete = { COMPLETE_OPTION, COMPLETE_OPTION_VALUE },
	  .parse = parse_setsockopt, .run = run_setsockopt, .fits = fits_open, .fill = fill_setsockopt },
	{ .name = "getsockopt", .group = "Sockets", .usage = "OPTION", .flags = CALL | COMMAND_RESULT,
	  .help = "read a socket option, getsockopt(2)", .complete = { COMPLETE_OPTION },
	  .parse = parse_getsockopt, .run = run_getsockopt },
	{ .name = "settimeout", .usage = "T", .flags = COMMAND_SOCKET,
	  .help = "Python's: how long a call on this socket may take", .parse = parse_settimeout, .run = run_settimeout },
	{ .name = "expect", .group = "Scripts", .usage = "state|recv|eof|error|peer|option|packets …",
	  .flags = COMMAND_SOCKET, .help = "wait until this is so: the test of a script",
	  .complete = { COMPLETE_EXPECT }, .parse = parse_expect, .run = run_expect },
	{ .name = "echo", .key = "e", .hint = "echo peers", .group = "Sockets", .usage = "[start|stop] [ADDRESS]",
	  .flags = COMMAND_AT_ONCE | COMMAND_LIVE, .help = "start or stop the built-in echo peers",
	  .complete = { COMPLETE_STARTSTOP, COMPLETE_ADDRESS }, .parse = parse_echo, .run = run_echo, .fits = fits_make },
	{ .name = "select", .group = "Sockets", .usage = "NAME", .help = "make a socket the current one",
	  .complete = { COMPLETE_NAME }, .parse = parse_select, .run = run_select },

	{ .name = "capture", .group = "Traffic", .usage = "on|off|IFACE", .flags = COMMAND_CONFIG | COMMAND_HOST,
	  .help = "start or stop the capture, or choose its interface", .complete = { COMPLETE_DEVICE },
	  .parse = parse_capture, .run = run_capture },
	{ .name = "interface", .key = "i", .group = "Traffic", .usage = "", .flags = COMMAND_AT_ONCE | COMMAND_HOST,
	  .help = "capture on the next interface", .run = run_interface },
	{ .name = "raw", .key = "R", .group = "Traffic", .usage = "on|off [tcp|udp|icmp|all]",
	  .flags = COMMAND_CONFIG | COMMAND_AT_ONCE | COMMAND_HOST,
	  .help = "start or stop SOCK_RAW listeners beside the capture (tcp, udp and icmp where none is named)",
	  .complete = { COMPLETE_ONOFF, COMPLETE_RAW, COMPLETE_RAW, COMPLETE_RAW }, .parse = parse_raw, .run = run_raw },
	{ .name = "write", .key = "w", .group = "Traffic", .usage = "FILE",
	  .help = "save what Traffic shows: packets as pcapng, the ladder as .txt or .svg, a stream as its bytes", .complete = { COMPLETE_FILE },
	  .parse = parse_path, .run = run_write, .fill = fill_write },
	{ .name = "view", .key = "t", .hint = "view", .group = "Traffic", .usage = "[packets|ladder|stream]",
	  .flags = COMMAND_AT_ONCE | COMMAND_CONFIG, .help = "what Traffic shows; without a word the next one",
	  .parse = parse_view, .run = run_view },
	{ .name = "follow", .key = "f", .group = "Traffic", .usage = "", .flags = COMMAND_AT_ONCE,
	  .help = "the bytes of the socket's stream, both ways", .run = run_stream },
	{ .name = "form", .key = "h", .hint = "text hex C", .group = "Traffic", .usage = "[text|hex|c]",
	  .flags = COMMAND_AT_ONCE | COMMAND_CONFIG, .help = "how a stream's bytes are shown; without a word the next way",
	  .parse = parse_form, .run = run_form, .fits = fits_form },
	{ .name = "match", .group = "Traffic", .usage = "[WORD]", .flags = COMMAND_REST,
	  .help = "of the ladder only what contains the word (the key / there); nothing shows all",
	  .parse = parse_match, .run = run_match, .fill = fill_match },
	UI_KEY("mark", "m", NULL, "Traffic", "mark the packet, call, state or socket's beginning under the cursor, or take its mark away", UI_MARK),
	{ .name = "since", .key = "M", .group = "Traffic", .usage = "", .flags = COMMAND_AT_ONCE,
	  .help = "tell times from the mark on, or from the beginning again", .run = run_since },
	UI_KEY("pause", "p", "pause", "Traffic", "hold the traffic view still, or let it go on", UI_PAUSE),

	{ .name = "scope", .group = "View", .usage = "mine|host|process[:PID]|closed|file", .flags = COMMAND_CONFIG,
	  .help = "which sockets are shown", .complete = { COMPLETE_SCOPE }, .parse = parse_scope, .run = run_scope },
	{ .name = "filter", .key = "/", .group = "View", .usage = "FILTER", .flags = COMMAND_REST | COMMAND_CONFIG,
	  .help = "show only what matches: words, port:80, state:listen, proc:nginx; nothing shows all",
	  .parse = parse_filter, .run = run_filter, .fill = fill_filter },
	{ .name = "search", .key = "\\", .group = "View", .usage = "[WORD]", .flags = COMMAND_REST,
	  .help = "go to the next row, field or bytes that contain a text, \"text\\n\" or hex:0d0a; without a word the last one again",
	  .parse = parse_search, .run = run_search, .fill = fill_search },
	{ .name = "explain", .key = "E", .group = "View", .usage = "[WORD]", .flags = KEY,
	  .help = "say what is selected means, and why it is so; with a word: a state, an errno, an option, a mark, a column",
	  .complete = { COMPLETE_TOPIC }, .parse = parse_explain, .run = run_ui, .ui = UI_EXPLAIN },
	UI_KEY("next-match", "N F3", NULL, "View", "search on, forwards", UI_SEARCH),
	UI_KEY("previous-match", "P", NULL, "View", "search on, backwards", UI_SEARCH_BACK),
	UI_KEY("next-same", "]", NULL, "View",
	       "the next of the same kind: packet with the same mark, else of the same flow, protocol and flags; call of the same name; "
	       "socket in the same state",
	       UI_NEXT_SAME),
	UI_KEY("previous-same", "[", NULL, "View", "the one before of the same kind", UI_PREVIOUS_SAME),
	UI_KEY("next-item", ">", NULL, "View", "the next packet or call, while one is open", UI_NEXT_ITEM),
	UI_KEY("previous-item", "<", NULL, "View", "the packet or call before, while one is open", UI_PREVIOUS_ITEM),
	{ .name = "destroy", .key = "K", .hint = "destroy", .group = "Sockets", .usage = "", .flags = COMMAND_ASKS | COMMAND_HOST,
	  .help = "destroy the selected socket of this host (SOCK_DESTROY)", .run = run_destroy, .fits = fits_destroy },
	{ .name = "signal", .key = "T", .hint = "signal", .group = "Sockets", .usage = "[TERM|INT|HUP|KILL|STOP|CONT|USR1|USR2]",
	  .flags = COMMAND_ASKS | COMMAND_HOST, .help = "send a signal to the process that has the selected socket of this host (TERM)",
	  .parse = parse_signal, .run = run_signal, .fits = fits_signal },
	{ .name = "group", .key = "u", .group = "View", .usage = "[socket|process|remote]",
	  .flags = COMMAND_AT_ONCE | COMMAND_CONFIG,
	  .help = "a row for each socket, process or remote address; without a word the next of these",
	  .complete = { COMPLETE_GROUP }, .parse = parse_group, .run = run_group },
	{ .name = "columns", .key = "C", .group = "View", .usage = "[A,B,…|default] [in SCOPE]",
	  .flags = COMMAND_AT_ONCE | COMMAND_CONFIG,
	  .help = "these columns in this order, in every scope or in one; without a word they are chosen from a list",
	  .complete = { COMPLETE_COLUMN, COMPLETE_COLUMN, COMPLETE_COLUMN, COMPLETE_COLUMN },
	  .parse = parse_columns, .run = run_columns },
	UI_KEY("next-pane", "Tab", NULL, "View", "the next pane", UI_NEXT_PANE),
	UI_KEY("previous-pane", "S-Tab", NULL, "View", "the pane before", UI_PREVIOUS_PANE),
	UI_KEY("detail", "Enter", "detail", "View", "open what is selected", UI_DETAIL),
	UI_KEY("back", "Esc", NULL, "View", "back, or close what is open", UI_BACK),
	UI_KEY("zoom", "z", "zoom", "View", "the focused pane over the whole screen", UI_ZOOM),
	UI_KEY("page", "v", NULL, "View", "the Inspector's next page", UI_INSPECTOR_PAGE),
	{ .name = "graph", .key = "V", .group = "View", .usage = "[sequence|throughput|rtt|window|cwnd]",
	  .flags = COMMAND_AT_ONCE | COMMAND_CONFIG,
	  .help = "the selected socket over time, on the whole screen; without a word the next graph",
	  .complete = { COMPLETE_GRAPH }, .parse = parse_graph, .run = run_graph },
	UI_KEY("sort", "o", NULL, "View", "sort by the next column", UI_SORT),
	UI_KEY("reverse", "O", NULL, "View", "reverse the order", UI_REVERSE),
	UI_KEY("copy", "y", NULL, "View", "copy the row to the clipboard", UI_COPY),
	UI_KEY("up", "k Up", NULL, "Moving", "one line up", UI_UP),
	UI_KEY("down", "j Down", NULL, "Moving", "one line down", UI_DOWN),
	UI_KEY("left", "Left", NULL, "Moving", "to the left", UI_LEFT),
	UI_KEY("right", "Right", NULL, "Moving", "to the right", UI_RIGHT),
	UI_KEY("page-up", "PgUp C-b", NULL, "Moving", "one page up", UI_PAGE_UP),
	UI_KEY("page-down", "PgDn C-f", NULL, "Moving", "one page down", UI_PAGE_DOWN),
	UI_KEY("top", "g Home", NULL, "Moving", "to the first line", UI_TOP),
	UI_KEY("bottom", "G End", NULL, "Moving", "to the last line", UI_BOTTOM),
	UI_KEY("redraw", "C-l", NULL, "View", "draw the whole screen again", UI_REDRAW),
	{ .name = "theme", .group = "View", .usage = "NAME", .flags = COMMAND_CONFIG, .help = "choose the colours",
	  .complete = { COMPLETE_THEME }, .parse = parse_theme, .run = run_theme },

	{ .name = "wait", .group = "Scripts", .usage = "T", .help = "wait for a time: 50ms, 2s", .parse = parse_wait,
	  .run = run_wait },
	{ .name = "print", .group = "Scripts", .usage = "\"…\"", .flags = COMMAND_REST, .help = "print a text",
	  .parse = parse_print, .run = run_print },
	{ .name = "source", .group = "Scripts", .usage = "FILE", .flags = COMMAND_LIVE, .help = "run the lines of a file",
	  .complete = { COMPLETE_FILE }, .parse = parse_path, .run = run_source },
	{ .name = "save", .group = "Scripts", .usage = "FILE",
	  .help = "write what was done by hand as a script that runs again", .complete = { COMPLETE_FILE },
	  .parse = parse_path, .run = run_save },
	{ .name = "import", .usage = "MODULE", .help = "Python's: does nothing", .parse = parse_import,
	  .run = run_nothing },

	UI_KEY("prompt", ":", NULL, "Session", "the command prompt", UI_PROMPT),
	{ .name = "help", .key = "? F1", .hint = "help", .group = "Session", .usage = "[COMMAND]", .flags = KEY,
	  .help = "keys and commands", .complete = { COMPLETE_COMMAND }, .parse = parse_topic, .run = run_ui,
	  .ui = UI_HELP },
	UI_KEY("settings", "F2", NULL, "Session", "the list of settings, to be changed in place", UI_SETTINGS),
	{ .name = "set", .group = "Session", .usage = "SETTING VALUE", .flags = COMMAND_CONFIG,
	  .help = "change a setting: timeout, refresh, theme, …", .complete = { COMPLETE_SETTING, COMPLETE_SETTING_VALUE },
	  .parse = parse_set, .run = run_set },
	{ .name = "bind-key", .group = "Session", .usage = "KEY COMMAND", .flags = COMMAND_REST | COMMAND_CONFIG,
	  .help = "let a key run a command", .parse = parse_bind_key, .run = run_bind_key },
	{ .name = "quit", .aliases = "exit", .key = "q", .hint = "quit", .group = "Session", .usage = "",
	  .flags = COMMAND_AT_ONCE, .help = "close every socket and leave", .run = run_quit },
	{ 0 },
};

const struct key_line key_lines[] = {
	{ "1", "scope mine", "View", "the sockets made here" },
	{ "2", "scope host", "View", "every socket of the host" },
	{ "3", "scope process", "View", "the sockets of the selected one's process" },
	{ "4", "scope closed", "View", "the sockets that were closed" },
	{ "5", "scope file", "View", "the conversations of the file that is open (-r)" },
	{ 0 },
};

/* Is `word` one of the blank separated `words`? */
static bool among(const char *words, const char *word, size_t len)
{
	while (words && *words) {
		size_t each = strcspn(words, " ");

		if (each == len && !strncmp(words, word, len))
			return true;
		words += each + strspn(words + each, " ");
	}
	return false;
}

const struct command *command_find(const char *name, size_t len)
{
	for (const struct command *c = commands; c->name; c++)
		if ((strlen(c->name) == len && !strncmp(c->name, name, len)) || among(c->aliases, name, len))
			return c;
	return NULL;
}

const char *command_for_key(struct session *s, const char *key, bool *at_once, const struct command **row)
{
	for (size_t i = 0; i < s->binding_count; i++)
		if (!strcmp(s->bindings[i].key, key)) {
			*at_once = true;
			*row = NULL;
			return s->bindings[i].line;
		}
	for (const struct key_line *k = key_lines; k->key; k++)
		if (!strcmp(k->key, key)) {
			*at_once = true;
			*row = NULL;
			return k->line;
		}
	for (const struct command *c = commands; c->name; c++)
		if (among(c->key, key, strlen(key))) {
			*at_once = c->flags & COMMAND_AT_ONCE;
			*row = c;
			return c->name;
		}
	return NULL;
}
