#include "session/parser.h"

#include "session/command.h"
#include "util/buf.h"
#include "util/err.h"
#include "util/mem.h"
#include "util/text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MOST = 64 << 20 };

/* --- errors and tokens --- */

int parser_fail(struct parser *p, const struct token *at, const char *format, ...)
{
	char text[ERR_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	p->column = at ? at->column : lex_column(p->line, p->tokens.end);
	return err_set(p->err, EINVAL, "%s", text);
}

const struct token *parser_peek(const struct parser *p)
{
	return p->at < p->tokens.count ? &p->tokens.token[p->at] : NULL;
}

const struct token *parser_next(struct parser *p)
{
	return p->at < p->tokens.count ? &p->tokens.token[p->at++] : NULL;
}

bool parser_word(struct parser *p, const char *word)
{
	const struct token *t = parser_peek(p);

	if (!t || t->quoted || strcasecmp(t->text, word))
		return false;
	p->at++;
	return true;
}

int parser_need(struct parser *p, const struct token **t, const char *what)
{
	*t = parser_next(p);
	return *t ? 0 : parser_fail(p, NULL, "%s is missing", what);
}

bool name_is_valid(const char *name, size_t len)
{
	if (!len || len >= LAB_NAME || (!isalpha((unsigned char)name[0]) && name[0] != '_'))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '_')
			return false;
	return true;
}

char *parser_rest(struct parser *p)
{
	char *copy = mem_string(p->rest ? p->rest : "");
	size_t len = strlen(copy);

	while (len && isspace((unsigned char)copy[len - 1]))
		copy[--len] = '\0';
	p->rest = NULL;
	return copy;
}

/* --- addresses --- */

static bool is_number(const struct token *t)
{
	return t && !t->quoted && t->len && strspn(t->text, "0123456789") == t->len;
}

/* $echo.tcp, $NAME.local, $NAME.peer */
static int parse_reference(struct parser *p, const struct token *t, struct address *out)
{
	const char *name = t->text + 1, *dot = strchr(name, '.');
	size_t len = dot ? (size_t)(dot - name) : strlen(name);

	if (!dot)
		return parser_fail(p, t, "\"%s\": $echo.tcp, $NAME.local or $NAME.peer is wanted", t->text);
	if (len == 4 && !strncmp(name, "echo", 4)) {
		for (int k = 0; k < ECHO_COUNT; k++)
			if (!strcmp(dot + 1, echoes[k].name)) {
				out->kind = ADDRESS_ECHO;
				out->echo = (enum echo_kind)k;
				return 0;
			}
		return parser_fail(p, t,
				   "there is no echo peer \"%s\": tcp tcp6 udp udp6 unix unix_dgram unix_seqpacket",
				   dot + 1);
	}
	if (!strcmp(dot + 1, "local"))
		out->kind = ADDRESS_LOCAL;
	else if (!strcmp(dot + 1, "peer") || !strcmp(dot + 1, "remote"))
		out->kind = ADDRESS_PEER;
	else
		return parser_fail(p, t, "\"%s\": a socket has .local and .peer", t->text);
	if (!name_is_valid(name, len))
		return parser_fail(p, t, "\"%.*s\" is not a name", (int)len, name);
	snprintf(out->name, sizeof out->name, "%.*s", (int)len, name);
	if (!symbols_find(p->symbols, out->name))
		return parser_fail(p, t, "there is no socket named \"%s\"", out->name);
	return 0;
}

/* A host and a port as two words, as Python's tuples are read here: "127.0.0.1" 8080; further numbers of an IPv6
 * tuple (flow label, scope) are passed over. */
static void join_port(struct parser *p, const struct token *host, char *text, size_t size)
{
	const struct token *port = parser_peek(p);
	bool complete = strchr(host->text, ':') && !host->quoted && host->text[0] != ':';

	if (!is_number(port) || (complete && host->text[strlen(host->text) - 1] != ']')) {
		snprintf(text, size, "%s", host->text);
		return;
	}
	p->at++;
	if (strchr(host->text, ':') && host->text[0] != '[')
		snprintf(text, size, "[%s]:%s", host->text, port->text);
	else
		snprintf(text, size, "%s:%s", host->text, port->text);
	if (strchr(host->text, ':'))
		while (is_number(parser_peek(p)))
			p->at++;
}

int parser_address(struct parser *p, struct address *out)
{
	const struct token *t;
	struct address made = { 0 };
	char text[ENDPOINT_HOST + 128];
	struct err why;
	int rc = parser_need(p, &t, "an address");

	if (rc)
		return rc;
	if (t->text[0] == '$' && !t->quoted) {
		rc = parse_reference(p, t, &made);
		if (!rc)
			*out = made;
		return rc;
	}
	if (t->len >= ENDPOINT_HOST + 64)
		return parser_fail(p, t, "an address of %zu characters is too long", t->len);
	if (t->quoted && t->len && t->text[0] == '\0') { /* Python's "\0name" is an abstract UNIX name */
		snprintf(text, sizeof text, "@%s", t->text + 1);
	} else if (p->target && p->target->family == AF_UNIX && strncmp(t->text, "unix:", 5) && t->text[0] != '@') {
		snprintf(text, sizeof text, "unix:%s", t->text);
	} else if (t->text[0] == '/' || t->text[0] == '@' || !strncmp(t->text, "unix:", 5)) {
		snprintf(text, sizeof text, "%s", t->text);
	} else {
		join_port(p, t, text, sizeof text);
	}
	switch (endpoint_parse(text, &made.endpoint, made.host, &why)) {
	case ENDPOINT_BAD: return parser_fail(p, t, "%s", why.text);
	case ENDPOINT_OK: made.kind = ADDRESS_LITERAL; break;
	case ENDPOINT_ANY: made.kind = ADDRESS_ANY; break;
	case ENDPOINT_NAME: made.kind = ADDRESS_HOST; break;
	}
	if (made.kind != ADDRESS_ANY && made.endpoint.family != AF_UNIX && !made.endpoint.has_port && p->target &&
	    p->target->type != SOCK_RAW)
		return parser_fail(p, t, "\"%s\" has no port: ADDRESS:PORT is wanted", t->text);
	*out = made;
	return 0;
}

/* --- data --- */

static int read_file(struct parser *p, const struct token *t, const char *name, struct data *out)
{
	struct buf path = { 0 }, content = { 0 };
	struct stat st;
	int fd = -1, rc = 0;
	ssize_t got;

	if (name[0] != '/' && p->directory)
		buf_printf(&path, "%s/", p->directory);
	buf_puts(&path, name);
	fd = open(path.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st)) {
		rc = parser_fail(p, t, "file %s: %s", path.data, strerror(errno));
		goto out;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > FILE_MOST) {
		rc = parser_fail(p, t, "file %s: not a file, or larger than 64 MiB", path.data);
		goto out;
	}
	while ((got = read(fd, buf_room(&content, 65536), 65536)) > 0 && content.len <= FILE_MOST)
		content.len += (size_t)got;
	if (got < 0) {
		rc = parser_fail(p, t, "file %s: %s", path.data, strerror(errno));
		goto out;
	}
	out->len = content.len;
	out->bytes = (uint8_t *)content.data;
	content = (struct buf){ 0 };
out:
	if (fd >= 0)
		close(fd);
	buf_done(&path);
	buf_done(&content);
	return rc;
}

static int parse_hex(struct parser *p, const struct token *t, const char *digits, struct data *out)
{
	size_t len = strlen(digits);

	if (len % 2 || strspn(digits, "0123456789abcdefABCDEF") != len)
		return parser_fail(p, t, "hex: takes pairs of hexadecimal digits");
	out->bytes = mem_alloc(len / 2 + 1);
	out->len = len / 2;
	for (size_t i = 0; i < len; i += 2) {
		const char pair[3] = { digits[i], digits[i + 1] };

		out->bytes[i / 2] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return 0;
}

int parser_data(struct parser *p, struct data *out)
{
	const struct token *t;
	int rc = parser_need(p, &t, "data (\"text\", hex:…, file:PATH or zero:BYTES)");

	if (rc)
		return rc;
	memset(out, 0, sizeof *out);
	if (t->quoted) {
		out->bytes = mem_alloc(t->len + 1);
		memcpy(out->bytes, t->text, t->len);
		out->len = t->len;
		return 0;
	}
	if (!strncmp(t->text, "hex:", 4))
		return parse_hex(p, t, t->text + 4, out);
	if (!strncmp(t->text, "file:", 5))
		return read_file(p, t, t->text + 5, out);
	if (!strncmp(t->text, "zero:", 5)) {
		if (!text_parse_size(t->text + 5, &out->len) || out->len > 1u << 30)
			return parser_fail(p, t, "zero: takes a number of bytes (K and M allowed) up to 1024M");
		out->zeroes = true;
		return 0;
	}
	return parser_fail(p, t, "data is written \"text\", hex:48656c6c6f, file:PATH or zero:BYTES");
}

int parser_duration(struct parser *p, uint64_t *ns)
{
	const struct token *t;
	int rc = parser_need(p, &t, "a time (50ms, 2s)");

	if (!rc && !text_parse_duration(t->text, ns))
		rc = parser_fail(p, t, "\"%s\" is not a time: 50ms, 2s", t->text);
	return rc;
}

int parser_size(struct parser *p, const char *what, uint64_t *bytes)
{
	const struct token *t;
	int rc = parser_need(p, &t, what);

	if (!rc && !text_parse_size(t->text, bytes))
		rc = parser_fail(p, t, "\"%s\" is not %s", t->text, what);
	return rc;
}

int parser_within(struct parser *p, struct step *out)
{
	if (!parser_word(p, "within"))
		return 0;
	out->has_within = true;
	return parser_duration(p, &out->within_ns);
}

/* --- the head: NAME = TARGET.COMMAND --- */

static int parse_made(struct parser *p, struct step *out)
{
	unsigned equals = 0;
	const struct token *t;

	while (equals < p->tokens.count && !p->tokens.token[equals].assign)
		equals++;
	if (equals == p->tokens.count)
		return 0;
	t = &p->tokens.token[0];
	if (equals == 0)
		return parser_fail(p, t, "a name is missing before =");
	if (equals > 2)
		return parser_fail(p, &p->tokens.token[2], "one name is wanted before =");
	for (unsigned i = 0; i < equals; i++) {
		const struct token *name = &p->tokens.token[i];

		if (name->quoted || !name_is_valid(name->text, name->len))
			return parser_fail(p, name, "\"%s\" is not a name: letters, digits and _, at most %d",
					   name->text, LAB_NAME - 1);
	}
	if (command_find(t->text, t->len))
		return parser_fail(p, t, "\"%s\" is a command's name and not free for a socket", t->text);
	snprintf(out->made, sizeof out->made, "%s", t->text);
	p->at = equals + 1;
	return 0;
}

static int unknown_command(struct parser *p, const struct token *t, const char *name)
{
	const char *words[160];
	size_t count = 0;
	const char *near;

	for (const struct command *c = commands; c->name && count + 1 < sizeof words / sizeof *words; c++)
		words[count++] = c->name;
	words[count] = NULL;
	near = text_nearest(name, words);
	if (near)
		return parser_fail(p, t, "unknown command \"%s\": did you mean \"%s\"?", name, near);
	return parser_fail(p, t, "unknown command \"%s\"", name);
}

static int parse_command(struct parser *p, struct step *out)
{
	const struct token *t;
	const char *name, *dot;
	int rc = parser_need(p, &t, "a command");

	if (rc)
		return rc;
	out->column = t->column;
	dot = t->quoted ? NULL : strchr(t->text, '.');
	name = dot ? dot + 1 : t->text;
	if (dot) {
		size_t len = (size_t)(dot - t->text);

		if (!name_is_valid(t->text, len))
			return parser_fail(p, t, "\"%.*s\" is not a socket's name", (int)len, t->text);
		snprintf(out->target, sizeof out->target, "%.*s", (int)len, t->text);
	}
	out->command = t->quoted ? NULL : command_find(name, strlen(name));
	if (!out->command)
		return unknown_command(p, t, name);
	if (dot && !(out->command->flags & COMMAND_SOCKET))
		return parser_fail(p, t, "\"%s\" does not act on a socket", name);
	if (dot && !symbols_find(p->symbols, out->target))
		return parser_fail(p, t, "there is no socket named \"%s\"", out->target);
	return 0;
}

/* Find whom a command acts on, now that it is known which command it is. */
static int parse_target(struct parser *p, struct step *out)
{
	const struct token *t = &p->tokens.token[p->at - 1];

	if (!(out->command->flags & COMMAND_SOCKET))
		return 0;
	if (!out->target[0]) {
		if (!p->symbols->current)
			return parser_fail(p, t, "there is no socket yet: make one with socket inet stream");
		snprintf(out->target, sizeof out->target, "%s", p->symbols->symbol[p->symbols->current - 1].name);
	}
	p->target = symbols_find(p->symbols, out->target);
	return 0;
}

static int check_made(struct parser *p, struct step *out)
{
	const struct symbol *taken;

	if (!out->made[0])
		return 0;
	if (out->command->flags & COMMAND_RESULT) {
		out->names_result = true;
		return 0;
	}
	if (!(out->command->flags & COMMAND_MAKES))
		return parser_fail(p, &p->tokens.token[0], "\"%s\" makes no socket, so it takes no name",
				   out->command->name);
	taken = symbols_find(p->symbols, out->made);
	if (taken && taken->open)
		return parser_fail(p, &p->tokens.token[0], "the name \"%s\" is in use: close that socket first",
				   out->made);
	return 0;
}

/* Commands that take the rest of the line as it stands: only their own word is split off. */
static bool lex_rest(struct parser *p)
{
	const char *start = p->line + strspn(p->line, " \t");
	size_t len = strcspn(start, " \t\r\n(");
	const struct command *c = command_find(start, len);
	char *head;

	if (!len || !c || !(c->flags & COMMAND_REST))
		return false;
	head = mem_alloc((size_t)(start - p->line) + len + 1);
	memcpy(head, p->line, (size_t)(start - p->line) + len);
	lex_line(head, &p->tokens, NULL, NULL); /* a command's word: it cannot fail */
	free(head);
	p->rest = start + len + strspn(start + len, " \t");
	return true;
}

int parse_line(const char *line, const char *directory, struct symbols *symbols, struct step *out, struct err *e,
	       unsigned *column)
{
	struct parser p = { .line = line, .directory = directory, .symbols = symbols, .err = e };
	struct step made = { 0 };
	int rc = lex_rest(&p) ? 0 : lex_line(line, &p.tokens, e, &p.column);

	if (rc)
		goto out;
	if (!p.tokens.count)
		goto out;
	rc = parse_made(&p, &made);
	if (!rc)
		rc = parse_command(&p, &made);
	if (!rc)
		rc = parse_target(&p, &made);
	if (!rc)
		rc = check_made(&p, &made);
	if (!rc && made.command->parse)
		rc = made.command->parse(&p, &made);
	if (!rc && parser_peek(&p))
		rc = parser_fail(&p, parser_peek(&p), "\"%s\" is one word too many: %s %s", parser_peek(&p)->text,
				 made.command->name, made.command->usage);
	if (!rc) {
		size_t start = p.tokens.token[0].offset;
		size_t end = made.command->flags & COMMAND_REST ? strlen(line) : p.tokens.end;

		while (end > start && isspace((unsigned char)line[end - 1]))
			end--;
		made.text = mem_alloc(end - start + 1);
		memcpy(made.text, line + start, end - start);
		*out = made;
		rc = 1;
	} else {
		step_free(&made);
	}
out:
	if (rc < 0 && column)
		*column = p.column;
	lex_done(&p.tokens);
	return rc;
}

void step_free(struct step *s)
{
	if (!s)
		return;
	free(s->text);
	free(s->data.bytes);
	free(s->word);
	free(s->rest);
	memset(s, 0, sizeof *s);
}
