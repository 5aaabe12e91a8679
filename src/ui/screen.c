#include "ui/screen.h"

#include "libcurses.h"
#include "ui/osc.h"
#include "ui/rescue.h"
#include "util/buf.h"
#include "util/err.h"
#include "util/mem.h"
#include "util/text.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum { ESCAPE_MS = 25, PAIRS_MOST = 200 };
/* ncurses numbers keys that only some terminals' descriptions know from KEY_MAX on: ours lie far above. */
enum { KEY_PASTE_BEGIN = KEY_MAX + 0x1000, KEY_PASTE_END };

static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";
/* Reports in decimals (SGR): read here, also where terminfo knows only those that end at column 223. */
static const char mouse_sgr_on[] = "\033[?1006h", mouse_sgr_off[] = "\033[?1006l";
static const char mouse_off[] = "\033[?1000l\033[?1002l\033[?1003l\033[?1006l";

struct screen {
	SCREEN *terminal;
	FILE *in; /* where keys come from; ours to close when it is not standard input */
	struct rescue rescue;
	bool utf8, mouse;
	struct cell *shown; /* what the terminal has */
	int cols, rows;     /* of `shown` */
	bool nothing_shown;
	const struct theme *theme;
	short pair_count;
	struct {
		short ink, back;
	} pairs[PAIRS_MOST];
	struct buf paste;
};

/* --- life --- */

int screen_check(struct err *e)
{
	const char *name = getenv("TERM");
	int status = 0;
	bool can;

	if (!isatty(STDOUT_FILENO))
		return err_set(e, ENOTTY, "standard output is no terminal: `sockeye run SCRIPT` works without one");
	if (library_load(&libcurses_library, e))
		return -ENODEV;
	if (setupterm(NULL, STDOUT_FILENO, &status) != OK)
		return err_set(e, ENODEV,
			       status < 0 ? "there is no terminal description (terminfo) on this system"
					  : "the terminal \"%s\" is unknown: set TERM to its kind, "
					    "for example xterm-256color",
			       name ? name : "");
	can = cursor_address && clear_screen;
	del_curterm(cur_term);
	if (!can)
		return err_set(e, ENODEV,
			       "the terminal \"%s\" cannot place the cursor: set TERM to its kind, for "
			       "example xterm-256color",
			       name ? name : "");
	return 0;
}

static void write_down_rescue(struct screen *s, const struct session *session)
{
	s->rescue.session = session;
	rescue_add(&s->rescue, mouse_off);
	rescue_add(&s->rescue, paste_off);
	rescue_add(&s->rescue, exit_attribute_mode);
	rescue_add(&s->rescue, orig_pair);
	rescue_add(&s->rescue, cursor_normal);
	rescue_add(&s->rescue, keypad_local);
	rescue_add(&s->rescue, exit_ca_mode);
}

static void put_bytes(const char *bytes)
{
	fputs(bytes, stdout);
	fflush(stdout);
}

static void set_up(struct screen *s)
{
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(ESCAPE_MS);
	intrflush(stdscr, FALSE);
	leaveok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	define_key("\033[200~", KEY_PASTE_BEGIN);
	define_key("\033[201~", KEY_PASTE_END);
	if (has_colors()) {
		start_color();
		use_default_colors();
	}
	s->utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
}

int screen_open(const struct session *session, struct screen **out, struct err *e)
{
	struct screen *s;
	int rc = screen_check(e);

	if (rc)
		return rc;
	setlocale(LC_CTYPE, "");
	s = mem_alloc(sizeof *s);
	s->in = isatty(STDIN_FILENO) ? stdin : fopen("/dev/tty", "re");
	if (!s->in) {
		rc = err_set(e, errno, "there is no terminal to read keys from: %s", strerror(errno));
		free(s);
		return rc;
	}
	rescue_init(&s->rescue, STDOUT_FILENO);
	s->terminal = newterm(NULL, stdout, s->in);
	if (!s->terminal) {
		rc = err_set(e, ENODEV, "the terminal \"%s\" does not do", getenv("TERM") ? getenv("TERM") : "");
		if (s->in != stdin)
			fclose(s->in);
		free(s);
		return rc;
	}
	set_term(s->terminal);
	write_down_rescue(s, session);
	rescue_arm(&s->rescue);
	set_up(s);
	put_bytes(paste_on);
	s->nothing_shown = true;
	*out = s;
	return 0;
}

void screen_close(struct screen *s)
{
	if (!s)
		return;
	screen_mouse(s, false);
	put_bytes(paste_off);
	endwin();
	rescue_disarm();
	delscreen(s->terminal);
	if (s->in != stdin)
		fclose(s->in);
	free(s->shown);
	buf_done(&s->paste);
	free(s);
}

void screen_stop(struct screen *s)
{
	bool mouse = s->mouse;

	screen_mouse(s, false);
	put_bytes(paste_off);
	endwin();
	raise(SIGSTOP);
	put_bytes(paste_on);
	screen_mouse(s, mouse);
	screen_resized(s);
}

int screen_fd(const struct screen *s)
{
	return fileno(s->in);
}

bool screen_utf8(const struct screen *s)
{
	return s->utf8;
}

int screen_colors(const struct screen *s)
{
	(void)s;
	return has_colors() ? COLORS : 0;
}

void screen_size(const struct screen *s, int *cols, int *rows)
{
	(void)s;
	getmaxyx(stdscr, *rows, *cols);
}

void screen_resized(struct screen *s)
{
	struct winsize size;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
	screen_forget(s);
}

void screen_forget(struct screen *s)
{
	s->nothing_shown = true;
}

void screen_mouse(struct screen *s, bool on)
{
	if (s->mouse == on)
		return;
	s->mouse = on;
	mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
	mouseinterval(0);
	put_bytes(on ? mouse_sgr_on : mouse_sgr_off);
}

void screen_copy(struct screen *s, const char *text, size_t len)
{
	struct buf out = { 0 };

	(void)s;
	osc_copy(&out, text, len);
	put_bytes(buf_text(&out));
	buf_done(&out);
}

/* --- cells --- */

/* curses numbers pairs of colours; ours are made when they are first used. */
static short pair_of(struct screen *s, short ink, short back)
{
	short i;

	if (ink < 0 && back < 0)
		return 0;
	for (i = 0; i < s->pair_count; i++)
		if (s->pairs[i].ink == ink && s->pairs[i].back == back)
			return (short)(i + 1);
	if (s->pair_count >= PAIRS_MOST || s->pair_count + 1 >= COLOR_PAIRS)
		return 0;
	s->pairs[i].ink = ink;
	s->pairs[i].back = back;
	s->pair_count++;
	init_pair((short)(i + 1), ink, back);
	return (short)(i + 1);
}

static attr_t attributes(unsigned attr)
{
	return (attr & STYLE_BOLD ? A_BOLD : 0) | (attr & STYLE_DIM ? A_DIM : 0) |
	       (attr & STYLE_UNDERLINE ? A_UNDERLINE : 0) | (attr & STYLE_REVERSE ? A_REVERSE : 0);
}

static void put_cell(struct screen *s, const struct theme *theme, const struct cell *c, int x, int y)
{
	struct style style = theme_style(theme, (enum role)c->role, (enum over)c->over);
	int colors = screen_colors(s);
	wchar_t text[CELL_RUNES + 1] = { 0 };
	cchar_t cell;
	short pair = 0;

	for (int i = 0; i < CELL_RUNES && c->runes[i]; i++)
		text[i] = (wchar_t)c->runes[i];
	/* What the terminal's library holds for another width would shift the rest of the row. */
	if (c->runes[0] > '~' && wcwidth(text[0]) != c->width) {
		text[0] = c->width == 2 ? 0xff1f : '?'; /* a wide question mark */
		text[1] = 0;
	}
	if (colors >= 256)
		pair = pair_of(s, style.rich, style.rich_back);
	else if (colors >= 8)
		pair = pair_of(s, style.plain, style.plain_back);
	setcchar(&cell, text, attributes(colors >= 256 ? style.attr : style.plain_attr), pair, NULL);
	mvadd_wch(y, x, &cell);
}

static void fit_shown(struct screen *s, const struct grid *g)
{
	if (s->cols == g->cols && s->rows == g->rows && !s->nothing_shown)
		return;
	free(s->shown);
	s->shown = mem_array((size_t)g->cols * (size_t)g->rows + 1, sizeof *s->shown);
	s->cols = g->cols;
	s->rows = g->rows;
	s->nothing_shown = false;
	clearok(stdscr, TRUE);
	erase();
}

void screen_show(struct screen *s, const struct grid *g, const struct theme *theme)
{
	if (s->theme != theme)
		s->nothing_shown = true;
	s->theme = theme;
	fit_shown(s, g);
	for (int y = 0; y < g->rows; y++)
		for (int x = 0; x < g->cols; x++) {
			struct cell *was = &s->shown[(size_t)y * (size_t)g->cols + (size_t)x];
			const struct cell *now = grid_cell(g, x, y);

			if (cell_same(was, now))
				continue;
			*was = *now;
			if (now->width)
				put_cell(s, theme, now, x, y);
		}
	if (g->cursor_x >= 0 && g->cursor_y >= 0) {
		curs_set(1);
		move(g->cursor_y, g->cursor_x);
	} else {
		curs_set(0);
	}
	refresh();
}

/* --- keys --- */

static const struct {
	int code;
	const char *name;
} names[] = {
	{ KEY_UP, "Up" },
	{ KEY_DOWN, "Down" },
	{ KEY_LEFT, "Left" },
	{ KEY_RIGHT, "Right" },
	{ KEY_HOME, "Home" },
	{ KEY_END, "End" },
	{ KEY_PPAGE, "PgUp" },
	{ KEY_NPAGE, "PgDn" },
	{ KEY_IC, "Insert" },
	{ KEY_DC, "Delete" },
	{ KEY_BACKSPACE, "Backspace" },
	{ KEY_ENTER, "Enter" },
	{ KEY_BTAB, "S-Tab" },
	{ KEY_SLEFT, "S-Left" },
	{ KEY_SRIGHT, "S-Right" },
	{ KEY_SHOME, "S-Home" },
	{ KEY_SEND, "S-End" },
	{ KEY_A1, "Home" },
	{ KEY_C1, "End" },
	{ KEY_A3, "PgUp" },
	{ KEY_C3, "PgDn" },
};

/* A key without a constant, as Alt-Delete: what the terminal sends for it tells which it is. */
static void name_sequence(int code, struct key *out)
{
	char *sent = keybound(code, 0);

	out->kind = EVENT_NONE;
	if (sent && sent[0] == 27 && sent[1] == '[')
		key_sequence(sent + 2, out);
	free(sent);
}

static void name_code(int code, struct key *out)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].code == code) {
			snprintf(out->name, sizeof out->name, "%s", names[i].name);
			return;
		}
	if (code > KEY_F0 && code <= KEY_F(63))
		snprintf(out->name, sizeof out->name, "F%d", (code - KEY_F0) % 64);
	else
		name_sequence(code, out);
}

static void name_mouse(struct key *out)
{
	MEVENT m;

	out->kind = EVENT_NONE;
	if (getmouse(&m) != OK)
		return;
	out->x = m.x;
	out->y = m.y;
	if (m.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED)) {
		out->kind = EVENT_WHEEL;
		out->lines = m.bstate & BUTTON4_PRESSED ? -3 : 3;
	} else if (m.bstate & BUTTON1_PRESSED) {
		out->kind = EVENT_CLICK;
	}
}

/* Everything between the two marks of a bracketed paste; a terminal that forgets the second one
 * is not waited for. */
static void read_paste(struct screen *s, struct key *out)
{
	enum { PATIENCE_MS = 200, MOST = 65536 };
	wint_t c;
	int kind;

	buf_clear(&s->paste);
	timeout(PATIENCE_MS);
	while ((kind = get_wch(&c)) != ERR && !(kind == KEY_CODE_YES && c == KEY_PASTE_END)) {
		char bytes[4];

		if (kind == OK && s->paste.len < MOST)
			buf_add(&s->paste, bytes, text_encode((uint32_t)c, bytes));
	}
	timeout(0);
	while (s->paste.len && (s->paste.data[s->paste.len - 1] == '\n' || s->paste.data[s->paste.len - 1] == '\r'))
		buf_cut(&s->paste, s->paste.len - 1, 1);
	out->kind = s->paste.len ? EVENT_PASTE : EVENT_NONE;
	buf_putc(&s->paste, '\0');
	out->paste = s->paste.data;
}

/* ESC [ came. A sequence that terminfo has no key for is one event, not an Esc and some letters; what turns out to be
 * none is given back, to be read as keys. */
static bool read_sequence(struct key *out)
{
	enum { MOST = 31 };
	char bytes[MOST + 1] = "";
	size_t len = 0;
	int whole = 0, kind;
	wint_t c;

	timeout(ESCAPE_MS);
	while (!whole && len < MOST && (kind = get_wch(&c)) != ERR) {
		if (kind == KEY_CODE_YES || c >= 128) {
			kind == KEY_CODE_YES ? ungetch((int)c) : unget_wch((wchar_t)c);
			break;
		}
		bytes[len++] = (char)c;
		bytes[len] = '\0';
		whole = key_sequence_whole(bytes);
	}
	timeout(0);
	if (whole == 1) {
		key_sequence(bytes, out);
		return true;
	}
	while (len)
		unget_wch((wchar_t)bytes[--len]);
	return false;
}

/* Esc alone; the key that came right behind it is a key of its own. */
static void read_escape(int kind, wint_t next, struct key *out)
{
	if (kind == KEY_CODE_YES)
		ungetch((int)next);
	else if (kind == OK)
		unget_wch((wchar_t)next);
	snprintf(out->name, sizeof out->name, "Esc");
}

bool screen_event(struct screen *s, struct key *out)
{
	wint_t c = 0, next = 0;
	int kind = get_wch(&c);

	*out = (struct key){ .kind = EVENT_KEY };
	if (kind == ERR)
		return false;
	if (kind == OK && c == 27) {
		kind = get_wch(&next);
		if (kind == OK && next == '[' && read_sequence(out))
			return true;
		if (kind == OK && next != 27)
			key_character((uint32_t)next, "M-", out);
		else if (kind == KEY_CODE_YES && next == KEY_BACKSPACE)
			snprintf(out->name, sizeof out->name, "M-Backspace");
		else
			read_escape(kind, next, out);
		return true;
	}
	if (kind == OK)
		key_character((uint32_t)c, "", out);
	else if (c == KEY_MOUSE)
		name_mouse(out);
	else if (c == KEY_PASTE_BEGIN)
		read_paste(s, out);
	else
		name_code((int)c, out);
	return true;
}
