/* option_page.h - the socket options of one of our own sockets with their values, as a list with a
 * cursor.
 *
 * Values are read (getsockopt(2)) while the screen settles: when another socket is shown, after
 * each call on it, and once a second. SO_ERROR is never read here, because reading takes the error
 * away.
 */
#ifndef UI_OPTION_PAGE_H
#define UI_OPTION_PAGE_H

#include "lab/lab.h"
#include "ui/grid.h"
#include "ui/find.h"
#include "ui/list.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;

enum { OPTION_PAGE_ROWS = 128, OPTION_PAGE_VALUE = 64 };

struct option_page {
	uint32_t sock;      /* lab id; 0: no socket of our own is open */
	uint64_t last_call; /* on it, when the values were read */
	uint64_t read_ns;   /* when that was, CLOCK_MONOTONIC */
	struct option_shown {
		const struct option_row *option;
		char value[OPTION_PAGE_VALUE];
		bool known; /* else `value` says why not */
	} rows[OPTION_PAGE_ROWS];
	size_t count, cursor;
	int help; /* rows at the bottom that the help takes */
	struct list list;
};

/* `own` NULL: none is selected. */
void option_page_settle(struct option_page *p, const struct lab_sock *own, uint64_t now_ns, int w, int h);
void option_page_draw(const struct option_page *p, const struct area *a, bool focused);
/* Movement; true where it was one. */
bool option_page_act(struct option_page *p, enum ui_action action);
void option_page_click(struct option_page *p, int y);
/* The command line that changes (or reads) the option under the cursor: appends; nothing where
 * there is none. */
void option_page_line(const struct option_page *p, int fd, struct buf *out);
/* The next option whose name, value or help contains it. */
enum found option_page_find(struct option_page *p, const struct needle *n, int way);

#endif
