/* packet_view.h - one packet in full: the tree of its fields beside its bytes. The bytes of the
 * selected field are lit; a byte that is selected leads to the innermost field that it is part of.
 *
 * What a packet completed stands below its own tree: a fragmented datagram that was put together,
 * TLS records that were opened. Each such part has bytes of its own: those of the selected line are
 * shown. What is folded is remembered for the next packet.
 * Trees are decoded when the view settles on another packet, never while drawing.
 */
#ifndef UI_PACKET_VIEW_H
#define UI_PACKET_VIEW_H

#include "analysis/fragments.h"
#include "decode/decode.h"
#include "session/command.h"
#include "session/plain.h"
#include "ui/grid.h"
#include "ui/list.h"
#include "ui/pane.h"

enum { PACKET_TURNED = 64 };

/* Whose fields and bytes: the packet's own, the datagram's, those of TLS records. */
enum { PART_PACKET, PART_WHOLE, PART_PLAIN, PACKET_PARTS = PART_PLAIN + PLAIN_MOST };

/* A line of one of the trees, or the heading of one. */
struct packet_line {
	const struct tree *tree;
	const struct tree_node *node;
	uint8_t depth;
	uint8_t part;
	bool parent; /* there are lines below it */
	bool shut;   /* which are folded away */
};

struct packet_trees {
	struct tree *trees[PACKET_PARTS]; /* made when there is the first such part */
	struct tree_node headings[PACKET_PARTS];
	struct packet_line *lines;
	size_t count, capacity;
	uint16_t *shown; /* lines that no fold hides; as many at most */
	size_t shown_count;
};

struct packet_view {
	uint64_t number;                   /* of the decoded packet, 0 for none */
	unsigned parts;                    /* that it had */
	struct packet_trees *trees;        /* allocated at the first settle */
	size_t line;                       /* the selected one */
	bool shut[PROTO_COUNT];            /* layers */
	const char *turned[PACKET_TURNED]; /* fields that are not folded as they would be */
	size_t turned_count;
	bool touched;  /* the user has folded a layer: no more folding by ourselves */
	bool in_bytes; /* the cursor is in the bytes, on `byte` */
	size_t byte;
	size_t hit, hit_len; /* bytes that a search found: lit in place of the field's; len 0: none */
	int w, h;            /* at the last settle */
	struct list list;
};

/* The packet that is looked at, and what it completed. */
struct packet_seen {
	const struct packet *packet;
	const uint8_t *bytes;
	const struct fragments_whole *whole; /* NULL for none */
	const struct tls_plain *plain;       /* TLS records; NULL for none */
	unsigned plain_count;
};

void packet_view_done(struct packet_view *v);
void packet_view_settle(struct packet_view *v, const struct packet_seen *p, int w, int h);
void packet_view_draw(const struct packet_view *v, const struct packet_seen *p, const struct area *a, bool focused);
/* Movement, fold and unfold, from the fields to the bytes and back. False: no use for it. */
bool packet_view_act(struct packet_view *v, const struct packet_seen *p, enum ui_action action);
/* Tab goes to the bytes, S-Tab back: before they go to another pane. */
bool packet_view_key(struct packet_view *v, const char *name);
/* See struct pane_ops. */
const struct pane_hint *packet_view_hints(const struct packet_view *v);
void packet_view_scroll(struct packet_view *v, int lines);
void packet_view_click(struct packet_view *v, const struct packet_seen *p, int x, int y);
/* The next field, or bytes, behind what is selected; `anew`: from the beginning (way -1: end). */
bool packet_view_find(struct packet_view *v, const struct packet_seen *p, const struct needle *n, int way, bool anew);
/* "tcp.flags, bytes 46 to 47 of 60". Appends. */
void packet_view_where(const struct packet_view *v, const struct packet_seen *p, struct buf *out);
/* "tcp.flags: SYN, ACK 0x0012". Appends. */
void packet_view_copy(const struct packet_view *v, struct buf *out);
/* The selected line; NULL: none. */
const struct packet_line *packet_view_line(const struct packet_view *v);

/* --- src/ui/packet_lines.c: the trees as lines --- */

/* Decode, and make lines of it. */
void packet_lines_make(struct packet_view *v, const struct packet_seen *p);
void packet_lines_done(struct packet_view *v);
/* How many of the packet's parts there are. */
unsigned packet_parts(const struct packet_seen *p);
/* The bytes of a part; NULL: it has no such part. */
const uint8_t *packet_part_bytes(const struct packet_seen *p, unsigned part, size_t *len);
/* Which lines are seen after something was folded. */
void packet_lines_fold(struct packet_view *v);
void packet_line_turn(struct packet_view *v, size_t line, bool shut);
/* Unfold what hides it, and select it. */
void packet_line_show(struct packet_view *v, size_t line);
size_t packet_line_above(const struct packet_view *v, size_t line); /* itself where it has none */
/* The innermost line of those bytes; the count of lines where no field has that byte. */
size_t packet_line_of(const struct packet_view *v, unsigned part, size_t byte);
/* The place of the selected line among those shown. */
size_t packet_line_place(const struct packet_view *v);
bool packet_line_contains(const struct packet_line *l, const struct needle *n);

#endif
