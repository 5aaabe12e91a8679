/* fit.h - which columns of a table fit into a width, and how wide each becomes. Pure numbers.
 *
 * Every column has the width that its content wants, the least that is of use, and a rank: when the
 * least widths do not fit, the column of the highest rank is left out, and so on. What is missing
 * then is taken from the widest columns. A firm column is what the row is about, as the two ends of a connection are:
 * it keeps its content up to a measure for as long as there are columns that matter less to leave out.
 */
#ifndef UI_FIT_H
#define UI_FIT_H

#include <stdbool.h>
#include <stddef.h>

struct fit {
	int wanted, least; /* cells; wanted 0: nothing to show, left out */
	int rank;          /* 0: never left out */
	bool firm;         /* is cut only when what matters less is gone */
	int width;         /* the answer; 0: left out */
};

/* Returns the cells used, with `gap` between neighbours. */
int fit_columns(struct fit *columns, size_t count, int width, int gap);

#endif
