/* packet_row.h - one packet as one row: number, time, who saw it, arrow, what it is. */
#ifndef UI_PACKET_ROW_H
#define UI_PACKET_ROW_H

#include "session/session.h"
#include "ui/grid.h"
#include "ui/packet_view.h"

struct packet_row {
	const struct session *session;
	uint64_t key;      /* the socket that it goes out of or comes into */
	uint64_t since_ns; /* what the time is counted from */
	int number_cells;
	bool marks; /* name the tap that saw it */
	bool ends;  /* name its addresses */
};

/* Is there more than one tap that a packet may come from? */
bool packet_row_marked(const struct session *s);
/* Then an open packet has rows below its own that tell who saw it, and what that tap cannot see:
 * how many, in w x h cells; and drawn there. */
int packet_source_rows(const struct session *s, const struct packet *packet, int w, int h);
void packet_source_draw(const struct session *s, const struct packet *packet, const struct area *a);

/* The packet as text: what the row says but for its number and its time. Appends. */
void packet_row_text(const struct packet_row *r, const struct packet *p, const uint8_t *bytes, bool ascii,
		     struct buf *out);
/* The packet, and what it completed; false: it is no longer kept. */
bool packet_row_seen(const struct session *s, uint64_t number, struct packet_seen *out);
/* The packet, or the field that is selected in its view (NULL: none), explained. */
void packet_row_explain(const struct session *s, uint64_t number, const struct packet_view *v, struct explanation *out);
void packet_row_draw(const struct packet_row *r, const struct area *a, int y, uint64_t number);

#endif
