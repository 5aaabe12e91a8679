/* libcurses.h - ncurses(3), opened when there is a screen to draw: the commands that only print do without (util/library.h).
 *
 * Its functions and variables keep their names, so that the macros of its headers work with them.
 */
#ifndef UI_LIBCURSES_H
#define UI_LIBCURSES_H

#include "util/library.h"

#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <term.h>
#undef lines /* a macro of term.h, and a field of struct key */

/* clang-format off */
/* clang-format off */
#define CURSES_FUNCTIONS(X) \
	X(newterm) X(set_term) X(delscreen) X(endwin) X(setupterm) X(del_curterm) \
	X(resizeterm) X(raw) X(noecho) X(nonl) X(keypad) X(nodelay) X(intrflush) X(leaveok) \
	X(scrollok) X(set_escdelay) X(define_key) X(keybound) X(has_colors) X(start_color) \
	X(use_default_colors) X(init_pair) X(werase) X(clearok) X(wmove) X(wadd_wch) \
	X(setcchar) X(wrefresh) X(curs_set) X(wget_wch) X(unget_wch) X(ungetch) X(wtimeout) \
	X(getmouse) X(mousemask) X(mouseinterval) X(stdscr) X(cur_term) X(COLORS) \
	X(COLOR_PAIRS)
/* clang-format on */
/* clang-format on */
LIBRARY(libcurses, "ncurses", CURSES_FUNCTIONS, "libncursesw.so.6", "libncursesw.so")

#define newterm libcurses.newterm
#define set_term libcurses.set_term
#define delscreen libcurses.delscreen
#define endwin libcurses.endwin
#define setupterm libcurses.setupterm
#define del_curterm libcurses.del_curterm
#define resizeterm libcurses.resizeterm
#define raw libcurses.raw
#define noecho libcurses.noecho
#define nonl libcurses.nonl
#define keypad libcurses.keypad
#define nodelay libcurses.nodelay
#define intrflush libcurses.intrflush
#define leaveok libcurses.leaveok
#define scrollok libcurses.scrollok
#define set_escdelay libcurses.set_escdelay
#define define_key libcurses.define_key
#define keybound libcurses.keybound
#define has_colors libcurses.has_colors
#define start_color libcurses.start_color
#define use_default_colors libcurses.use_default_colors
#define init_pair libcurses.init_pair
#define werase libcurses.werase
#define clearok libcurses.clearok
#define wmove libcurses.wmove
#define wadd_wch libcurses.wadd_wch
#define setcchar libcurses.setcchar
#define wrefresh libcurses.wrefresh
#define curs_set libcurses.curs_set
#define wget_wch libcurses.wget_wch
#define unget_wch libcurses.unget_wch
#define ungetch libcurses.ungetch
#define wtimeout libcurses.wtimeout
#define getmouse libcurses.getmouse
#define mousemask libcurses.mousemask
#define mouseinterval libcurses.mouseinterval
#define stdscr (*libcurses.stdscr)
#define cur_term (*libcurses.cur_term)
#define COLORS (*libcurses.COLORS)
#define COLOR_PAIRS (*libcurses.COLOR_PAIRS)

#endif
