/* packet_view.h - one packet in full: the tree of its fields, and its bytes with those of the
 * selected field lit.
 *
 * Layers fold; which ones are open is remembered for the next packet. The tree is decoded when the
 * view settles on another packet, never while drawing.
 */
#ifndef UI_PACKET_VIEW_H
#define UI_PACKET_VIEW_H

#include "decode/decode.h"
#include "session/command.h"
#include "ui/grid.h"
#include "ui/list.h"

struct packet_view {
	uint64_t number;            /* of the decoded packet, 0 for none */
	struct tree *tree;          /* allocated at the first settle */
	uint16_t shown[TREE_NODES]; /* nodes that no fold hides */
	size_t shown_count;
	size_t node; /* index into shown */
	bool shut[PROTO_COUNT];
	bool touched; /* the user has folded something: no more folding by ourselves */
	struct list list;
};

void packet_view_done(struct packet_view *v);
void packet_view_settle(struct packet_view *v, const struct packet *p, const uint8_t *bytes, int w,
			int h);
void packet_view_draw(const struct packet_view *v, const struct packet *p, const uint8_t *bytes,
		      const struct area *a, bool focused);
bool packet_view_act(struct packet_view *v, enum ui_action action); /* movement, fold and unfold */
void packet_view_scroll(struct packet_view *v, int lines);
void packet_view_click(struct packet_view *v, int y);

#endif
