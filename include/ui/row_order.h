/* row_order.h - the order in which the rows of a session are shown.
 *
 * It is made anew only when rows came, went or changed, or another order is asked for; then every
 * row gives its key once (a number, or a text), and the keys are sorted: 20,000 rows take
 * milliseconds.
 */
#ifndef UI_ROW_ORDER_H
#define UI_ROW_ORDER_H

#include "session/session.h"
#include "ui/sock_column.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct row_order {
	uint32_t *rows; /* numbers of the session's rows, as shown; valid until the next change there */
	size_t count, capacity;
	uint64_t stamp; /* of rows and order when it was made */
	bool made;
	struct row_key *keys; /* while it is made, and their texts */
	struct buf texts;
	size_t cursor; /* where a row was found last */
};

void row_order_done(struct row_order *o);
/* `by` NULL: the order of the scope: as made; kind, listeners, endpoints; newest first. What is not
 * known comes last, reversed or not. */
void row_order_settle(struct row_order *o, const struct session *s, const struct sock_column *by, bool reverse);
/* Where in the order a row is; false: it is not there. */
bool row_order_find(struct row_order *o, const struct session *s, uint64_t key, size_t *at);

#endif
