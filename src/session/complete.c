/* Completion at the prompt: what may stand where the cursor is, read from the tables. */
#include "session/explain.h"
#include "session/session.h"

#include "core/words.h"
#include "session/parser.h"
#include "session/setting.h"
#include "util/buf.h"
#include "util/mem.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { WORDS_MOST = 512 };

struct words {
	char **word;
	size_t count, capacity;
	const char *typed; /* what every candidate begins with */
	size_t typed_len;
};

static void offer(struct words *w, const char *word)
{
	if (w->count >= WORDS_MOST || strncasecmp(word, w->typed, w->typed_len))
		return;
	for (size_t i = 0; i < w->count; i++)
		if (!strcmp(w->word[i], word))
			return;
	MEM_ROOM(w->word, w->count + 1, w->capacity);
	w->word[w->count++] = mem_string(word);
}

static void offer_all(struct words *w, const char *const *words)
{
	for (; *words; words++)
		offer(w, *words);
}

static void offer_words(struct words *w, const struct word *table)
{
	for (; table->name; table++)
		offer(w, w->typed_len && w->typed[0] >= 'A' && w->typed[0] <= 'Z' ? table->symbol : table->name);
}

static void offer_names(const struct session *s, struct words *w, const char *before, const char *after)
{
	const struct lab_sock *sock;
	char text[LAB_NAME + 16];

	for (size_t i = 0; (sock = lab_next(s->lab, &i));) {
		if (sock->peer)
			continue;
		snprintf(text, sizeof text, "%s%s%s", before, sock->name, after);
		offer(w, text);
	}
}

static void offer_addresses(const struct session *s, struct words *w)
{
	const struct lab_sock *sock, *current = session_current(s);
	int family = current ? current->now.family : 0;
	char text[ENDPOINT_TEXT];

	for (int k = 0; k < ECHO_COUNT; k++) {
		if (family && (echoes[k].family != family || echoes[k].type != current->now.type))
			continue;
		snprintf(text, sizeof text, "$echo.%s", echoes[k].name);
		offer(w, text);
	}
	offer_names(s, w, "$", ".local");
	offer_names(s, w, "$", ".peer");
	if (family != AF_UNIX) {
		offer(w, family == AF_INET6 ? "[::1]:" : "127.0.0.1:");
	} else {
		offer(w, "unix:/");
		offer(w, "unix:@");
	}
	for (size_t i = 0; (sock = lab_next(s->lab, &i));) { /* addresses seen */
		if (family && sock->now.family != family)
			continue;
		if (sock->now.local.family && (sock->now.local.port || sock->now.local.path_len))
			offer(w, endpoint_format(&sock->now.local, text, sizeof text));
		if (sock->last_peer.family)
			offer(w, endpoint_format(&sock->last_peer, text, sizeof text));
	}
}

static void offer_files(struct words *w)
{
	const char *slash = strrchr(w->typed, '/');
	size_t head = slash ? (size_t)(slash - w->typed) + 1 : 0;
	char *directory = mem_string(head ? w->typed : ".");
	struct dirent *d;
	DIR *dir;

	if (head)
		directory[head] = '\0';
	dir = opendir(directory);
	while (dir && (d = readdir(dir))) {
		struct buf path = { 0 };
		struct stat st;

		if (d->d_name[0] == '.' && w->typed[head] != '.')
			continue;
		buf_add(&path, w->typed, head);
		buf_puts(&path, d->d_name);
		if (!stat(buf_text(&path), &st) && S_ISDIR(st.st_mode))
			buf_putc(&path, '/');
		offer(w, buf_text(&path));
		buf_done(&path);
	}
	if (dir)
		closedir(dir);
	free(directory);
}

static void offer_devices(struct words *w)
{
	struct capture_device *devices;
	unsigned count;
	struct err e;

	offer(w, "on");
	offer(w, "off");
	if (capture_devices(&devices, &count, &e))
		return;
	for (unsigned i = 0; i < count; i++)
		offer(w, devices[i].name);
	free(devices);
}

static void offer_option_values(struct words *w, const char *option)
{
	const struct option_row *o = option_find(option);

	for (const struct option_word *v = o ? o->words : NULL; v && v->name; v++)
		offer(w, v->name);
	if (o && o->type == OPTION_BOOL) {
		offer(w, "1");
		offer(w, "0");
	}
}

static void offer_options(const struct session *s, struct words *w)
{
	const struct lab_sock *sock = session_current(s);

	for (const struct option_row *o = options; o->name; o++)
		if (!sock || option_fits(o, sock->now.family, sock->now.type, sock->now.protocol))
			offer(w, o->name);
}

static void offer_setting(struct words *w, const struct setting_row *row, const char *const *onoff)
{
	if (row && (row->choices || row->usual))
		offer_all(w, row->choices ? row->choices : row->usual);
	else if (row && row->type == SETTING_BOOL)
		offer_all(w, onoff);
}

static void offer_argument(const struct session *s, struct words *w, enum complete what, const char *before)
{
	static const char *const data[] = { "\"", "hex:", "file:", "zero:", NULL };
	static const char *const expect[] = { "state", "recv", "eof", "error", "peer", "option", "packets", NULL };
	static const char *const startstop[] = { "start", "stop", NULL }, *const onoff[] = { "on", "off", NULL };

	switch (what) {
	case COMPLETE_NOTHING: break;
	case COMPLETE_FAMILY: offer_words(w, families); break;
	case COMPLETE_TYPE: offer_words(w, types); break;
	case COMPLETE_PROTOCOL: offer_words(w, protocols); break;
	case COMPLETE_ADDRESS: offer_addresses(s, w); break;
	case COMPLETE_DATA: offer_all(w, data); break;
	case COMPLETE_SHUTDOWN: offer_words(w, shutdowns); break;
	case COMPLETE_OPTION: offer_options(s, w); break;
	case COMPLETE_OPTION_VALUE: offer_option_values(w, before); break;
	case COMPLETE_NAME: offer_names(s, w, "", ""); break;
	case COMPLETE_FILE: offer_files(w); break;
	case COMPLETE_EXPECT: offer_all(w, expect); break;
	case COMPLETE_SETTING:
		for (const struct setting_row *r = settings; r->name; r++)
			offer(w, r->name);
		break;
	case COMPLETE_SETTING_VALUE: offer_setting(w, setting_find(before), onoff); break;
	case COMPLETE_DEVICE: offer_devices(w); break;
	case COMPLETE_TOPIC:
		for (size_t t = 0; explain_table(t); t++) {
			const char *name;

			for (size_t i = 0; (name = explain_entry(t, i)); i++)
				if (name[0])
					offer(w, name);
		}
		break;
	case COMPLETE_COMMAND:
		for (const struct command *c = commands; c->name; c++)
			offer(w, c->name);
		break;
	case COMPLETE_STARTSTOP: offer_all(w, startstop); break;
	case COMPLETE_SCOPE:
		for (int i = 0; i < SCOPES; i++)
			offer(w, scope_names[i]);
		break;
	case COMPLETE_THEME: offer_setting(w, setting_find("theme"), onoff); break;
	case COMPLETE_GROUP:
		for (int i = 0; i < GROUPS; i++)
			offer(w, group_names[i]);
		break;
	case COMPLETE_COLUMN:
		offer(w, "default");
		for (const struct socket_column *c = socket_columns; c->name; c++)
			offer(w, c->name);
		break;
	case COMPLETE_ONOFF: offer_all(w, onoff); break;
	case COMPLETE_GRAPH:
		for (unsigned i = 0; i < GRAPHS; i++)
			offer(w, graph_names[i]);
		break;
	case COMPLETE_RAW:
		for (unsigned i = 0; i < RAW_PROTOCOLS; i++)
			offer(w, raw_rows[i].name);
		break;
	}
}

/* The first word: commands, and the names of sockets with a dot behind them. */
static void offer_heads(const struct session *s, struct words *w)
{
	const char *dot = strchr(w->typed, '.');

	for (const struct command *c = commands; c->name; c++) {
		char text[LAB_NAME + 32];

		if (dot && !(c->flags & COMMAND_SOCKET))
			continue;
		snprintf(text, sizeof text, "%.*s%s", dot ? (int)(dot - w->typed) + 1 : 0, w->typed, c->name);
		if (c->group)
			offer(w, text);
	}
	if (!dot)
		offer_names(s, w, "", ".");
}

static int alphabetical(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **session_complete(struct session *s, const char *line, size_t cursor, size_t *from)
{
	char *head = mem_string(line);
	struct words w = { 0 };
	struct tokens tokens;
	const struct command *c = NULL;
	unsigned first = 0, at;
	const char *dot;

	if (cursor < strlen(head))
		head[cursor] = '\0';
	*from = strlen(head);
	while (*from && !strchr(" \t(,=", head[*from - 1]))
		--*from;
	w.typed = head + *from;
	w.typed_len = strlen(w.typed);
	if (lex_line(head, &tokens, NULL, NULL)) { /* inside a quote there is nothing to offer */
		free(head);
		return mem_array(1, sizeof *w.word);
	}
	for (unsigned i = 0; i < tokens.count; i++)
		if (tokens.token[i].assign)
			first = i + 1;
	at = tokens.count - (w.typed_len ? tokens.count > 0 : 0); /* index of the word at the cursor */
	if (at <= first) {
		offer_heads(s, &w);
	} else {
		dot = strchr(tokens.token[first].text, '.');
		dot = dot ? dot + 1 : tokens.token[first].text;
		c = command_find(dot, strlen(dot));
		if (c && at - first - 1 < COMMAND_ARGS)
			offer_argument(s, &w, c->complete[at - first - 1], tokens.token[at - 1].text);
	}
	lex_done(&tokens);
	free(head);
	MEM_ROOM(w.word, w.count + 1, w.capacity);
	if (w.count > 1)
		qsort(w.word, w.count, sizeof *w.word, alphabetical);
	w.word[w.count] = NULL;
	return w.word;
}

void session_free_words(char **words)
{
	for (char **w = words; w && *w; w++)
		free(*w);
	free(words);
}
