/* packet_view.h - one packet in full: the tree of its fields beside its bytes. The bytes of the
 * selected field are lit; a byte that is selected leads to the innermost field that it is part of.
 *
 * A packet that completed a fragmented datagram has the datagram's tree below its own, and the
 * bytes are those of the line that is selected. What is folded is remembered for the next packet.
 * Trees are decoded when the view settles on another packet, never while drawing.
 */
#ifndef UI_PACKET_VIEW_H
#define UI_PACKET_VIEW_H

#include "analysis/fragments.h"
#include "decode/decode.h"
#include "session/command.h"
#include "ui/grid.h"
#include "ui/list.h"
#include "ui/pane.h"

enum { PACKET_LINES = 2 * TREE_NODES + 1, PACKET_TURNED = 64 };

/* A line of either tree, or the heading of the datagram's. */
struct packet_line {
	const struct tree *tree;
	const struct tree_node *node;
	uint8_t depth;
	bool whole;  /* its bytes are the datagram's */
	bool parent; /* there are lines below it */
	bool shut;   /* which are folded away */
};

struct packet_trees {
	struct tree tree, whole;
	struct tree_node heading; /* of the datagram */
	struct packet_line lines[PACKET_LINES];
	size_t count;
	uint16_t shown[PACKET_LINES]; /* lines that no fold hides */
	size_t shown_count;
};

struct packet_view {
	uint64_t number;                   /* of the decoded packet, 0 for none */
	struct packet_trees *trees;        /* allocated at the first settle */
	size_t line;                       /* the selected one */
	bool shut[PROTO_COUNT];            /* layers */
	const char *turned[PACKET_TURNED]; /* fields that are not folded as they would be */
	size_t turned_count;
	bool touched;  /* the user has folded a layer: no more folding by ourselves */
	bool in_bytes; /* the cursor is in the bytes, on `byte` */
	size_t byte;
	size_t hit,
		hit_len; /* bytes that a search found: lit in place of the field's; len 0: none */
	int w, h;        /* at the last settle */
	struct list list;
};

/* The packet that is looked at, and what it completed. */
struct packet_seen {
	const struct packet *packet;
	const uint8_t *bytes;
	const struct fragments_whole *whole; /* NULL for none */
};

void packet_view_done(struct packet_view *v);
void packet_view_settle(struct packet_view *v, const struct packet_seen *p, int w, int h);
void packet_view_draw(const struct packet_view *v, const struct packet_seen *p,
		      const struct area *a, bool focused);
/* Movement, fold and unfold, from the fields to the bytes and back. False: no use for it. */
bool packet_view_act(struct packet_view *v, const struct packet_seen *p, enum ui_action action);
/* Tab goes to the bytes, S-Tab back: before they go to another pane. */
bool packet_view_key(struct packet_view *v, const char *name);
/* See struct pane_ops. */
const struct pane_hint *packet_view_hints(const struct packet_view *v);
void packet_view_scroll(struct packet_view *v, int lines);
void packet_view_click(struct packet_view *v, const struct packet_seen *p, int x, int y);
/* The next field, or bytes, behind what is selected; `anew`: from the beginning (way -1: end). */
bool packet_view_find(struct packet_view *v, const struct packet_seen *p, const struct needle *n,
		      int way, bool anew);
/* "tcp.flags, bytes 46 to 47 of 60". Appends. */
void packet_view_where(const struct packet_view *v, const struct packet_seen *p, struct buf *out);
/* "tcp.flags: SYN, ACK 0x0012". Appends. */
void packet_view_copy(const struct packet_view *v, struct buf *out);
/* The selected line; NULL: none. */
const struct packet_line *packet_view_line(const struct packet_view *v);

/* --- src/ui/packet_lines.c: the trees as lines --- */

/* Decode, and make lines of it. */
void packet_lines_make(struct packet_view *v, const struct packet_seen *p);
/* Which lines are seen after something was folded. */
void packet_lines_fold(struct packet_view *v);
void packet_line_turn(struct packet_view *v, size_t line, bool shut);
/* Unfold what hides it, and select it. */
void packet_line_show(struct packet_view *v, size_t line);
size_t packet_line_above(const struct packet_view *v, size_t line); /* itself where it has none */
/* The innermost line of those bytes; the count of lines where no field has that byte. */
size_t packet_line_of(const struct packet_view *v, bool whole, size_t byte);
/* The place of the selected line among those shown. */
size_t packet_line_place(const struct packet_view *v);
bool packet_line_contains(const struct packet_line *l, const struct needle *n);

#endif
