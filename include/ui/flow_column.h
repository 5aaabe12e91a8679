/* flow_column.h - the columns of the Sockets pane that a flow of a capture file has besides those of a
 * socket: application, packets, how it ended, when it began.
 */
#ifndef UI_FLOW_COLUMN_H
#define UI_FLOW_COLUMN_H

#include "ui/sock_column.h"

extern const struct sock_column flow_columns[]; /* ends with a NULL name */

/* "tcp6", "icmp", "47": of a row that is a flow, or of all packets. */
void flow_proto_text(const struct row *r, struct buf *out);
/* As flow_end_words; appends nothing while it is open. */
void flow_end_text(const struct flow *f, struct buf *out);

#endif
