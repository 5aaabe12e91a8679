/* The trees of a packet as lines that fold. */
#include "ui/packet_view.h"

#include "util/mem.h"
#include "util/needle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 6 /* a field with so many below it begins folded: its own line sums them up */ };

unsigned packet_parts(const struct packet_seen *p)
{
	return 1 + (p->whole != NULL) + p->plain_count;
}

const uint8_t *packet_part_bytes(const struct packet_seen *p, unsigned part, size_t *len)
{
	const struct tls_plain *plain = part >= PART_PLAIN && part - PART_PLAIN < p->plain_count
						? &p->plain[part - PART_PLAIN]
						: NULL;

	*len = part == PART_PACKET              ? p->packet->cap
	       : part == PART_WHOLE && p->whole ? p->whole->packet.cap
	       : plain                          ? plain->bytes.len - plain->made_up
						: 0;
	return part == PART_PACKET              ? p->bytes
	       : part == PART_WHOLE && p->whole ? p->whole->bytes
	       : plain                          ? (const uint8_t *)plain->bytes.data + plain->made_up
						: NULL;
}

static struct packet_line *add_line(struct packet_trees *t)
{
	if (t->count == t->capacity) {
		t->capacity = t->capacity ? 2 * t->capacity : 256;
		t->lines = mem_grow(t->lines, t->capacity, sizeof *t->lines);
		t->shown = mem_grow(t->shown, t->capacity, sizeof *t->shown);
	}
	return &t->lines[t->count++];
}

/* The layers of a packet that was made up around a record, which nobody sent. */
static bool is_made_up(const struct tree_node *n)
{
	return n->proto == PROTO_RAW || n->proto == PROTO_IPV4 || n->proto == PROTO_TCP;
}

/* `made_up`: bytes that come before the part's own. */
static void add_tree(struct packet_trees *t, unsigned part, const struct packet *p, const uint8_t *bytes,
		     uint32_t made_up)
{
	struct tree *tree = t->trees[part];

	if (!tree)
		tree = t->trees[part] = mem_alloc(sizeof *tree);
	decode_tree(p, bytes, tree);
	for (unsigned i = 0; i < tree->count && i < TREE_NODES; i++) {
		struct tree_node *n = &tree->nodes[i];

		if (made_up && is_made_up(n))
			continue;
		n->len = n->offset < made_up ? 0 : n->len;
		n->offset -= n->offset < made_up ? n->offset : made_up;
		*add_line(t) = (struct packet_line){
			.tree = tree,
			.node = n,
			.depth = (uint8_t)(n->depth + (part != PART_PACKET)),
			.part = (uint8_t)part,
		};
	}
}

/* A part that the packet completed, below a heading of its own. */
static void add_part(struct packet_trees *t, unsigned part, const struct packet *p, const uint8_t *bytes,
		     uint32_t made_up)
{
	static const struct tree_node headings[] = {
		{ .proto = PROTO_COUNT,
		  .label = "Reassembled datagram",
		  .name = "ip.reassembled.data",
		  .help = "the pieces of a fragmented datagram put together; this packet completed it, "
			  "RFC 791 3.2, RFC 8200 4.5" },
		{ .proto = PROTO_COUNT,
		  .label = "Decrypted TLS record",
		  .name = "tls.decrypted",
		  .help = "what is in a record that this packet completed, opened with a secret of the key log; "
			  "RFC 8446 5.2, RFC 5246 6.2.3" },
	};
	size_t line = t->count;

	t->headings[part] = headings[part != PART_WHOLE];
	t->headings[part].len = p->cap - made_up;
	*add_line(t) = (struct packet_line){ .node = &t->headings[part], .part = (uint8_t)part };
	add_tree(t, part, p, bytes, made_up);
	t->lines[line].tree = t->trees[part]; /* of no text: that of the heading is empty */
}

static size_t below(const struct packet_trees *t, size_t line)
{
	size_t n = 0;

	while (line + n + 1 < t->count && t->lines[line + n + 1].depth > t->lines[line].depth)
		n++;
	return n;
}

static bool is_layer(const struct packet_line *l)
{
	return l->node->depth == 0 && l->node->proto < PROTO_COUNT;
}

static size_t turned_at(const struct packet_view *v, const char *name)
{
	size_t i = 0;

	while (i < v->turned_count && v->turned[i] != name)
		i++;
	return i;
}

static void set_folds(struct packet_view *v)
{
	struct packet_trees *t = v->trees;

	for (size_t i = 0; i < t->count; i++) {
		struct packet_line *l = &t->lines[i];
		size_t n = below(t, i);
		bool turned = turned_at(v, l->node->name) < v->turned_count;

		l->parent = n > 0;
		l->shut = !n ? false : is_layer(l) ? v->shut[l->node->proto] : turned != (l->node->depth && n >= MANY);
	}
}

void packet_lines_fold(struct packet_view *v)
{
	struct packet_trees *t = v->trees;

	set_folds(v);
	t->shown_count = 0;
	if (!t->count)
		v->line = 0;
	for (size_t i = 0; i < t->count;) {
		t->shown[t->shown_count++] = (uint16_t)i;
		i += t->lines[i].shut ? below(t, i) + 1 : 1;
	}
	while (v->line && (v->line >= t->count || t->shown[packet_line_place(v)] != v->line))
		v->line = v->line >= t->count ? t->count - 1 : packet_line_above(v, v->line);
}

/* Layers below the last two that have a header of their own are of less interest: they begin
 * folded. */
static void fold_lower(struct packet_view *v, const struct packet *p)
{
	memset(v->shut, 0, sizeof v->shut);
	for (int i = 0; i < p->layer_count && p->layers[i] < PROTO_COUNT; i++)
		if (p->layers[i] != PROTO_TCP && p->layers[i] != PROTO_UDP && p->layers[i] != PROTO_ICMP &&
		    p->layers[i] != PROTO_ICMPV6 && !(p->layers[i] == PROTO_RAW && p->rebuilt) &&
		    i + 1 < p->layer_count)
			v->shut[p->layers[i]] = true;
}

/* The line of the field that was selected in the packet before. */
static size_t same_field(const struct packet_trees *t, const char *name, const char *label)
{
	for (size_t i = 0; name && i < t->count; i++)
		if (t->lines[i].node->name == name && t->lines[i].node->label == label)
			return i;
	return 0;
}

void packet_lines_make(struct packet_view *v, const struct packet_seen *p)
{
	struct packet_trees *t = v->trees;
	const struct packet_line *on = packet_view_line(v);
	const char *name = on ? on->node->name : NULL, *label = on ? on->node->label : NULL;

	v->number = p->packet->number;
	v->parts = packet_parts(p);
	v->in_bytes = false;
	v->hit_len = 0;
	t->count = 0;
	add_tree(t, PART_PACKET, p->packet, p->bytes, 0);
	if (p->whole)
		add_part(t, PART_WHOLE, &p->whole->packet, p->whole->bytes, 0);
	for (unsigned i = 0; i < p->plain_count; i++)
		add_part(t, PART_PLAIN + i, &p->plain[i].packet, (const uint8_t *)p->plain[i].bytes.data,
			 p->plain[i].made_up);
	if (!v->touched)
		fold_lower(v, p->whole ? &p->whole->packet : p->packet);
	v->line = same_field(t, name, label);
	packet_lines_fold(v);
}

void packet_lines_done(struct packet_view *v)
{
	struct packet_trees *t = v->trees;

	for (unsigned i = 0; t && i < PACKET_PARTS; i++)
		free(t->trees[i]);
	if (t)
		free(t->lines);
	if (t)
		free(t->shown);
	free(t);
	v->trees = NULL;
}

void packet_line_turn(struct packet_view *v, size_t line, bool shut)
{
	const struct packet_line *l = &v->trees->lines[line];
	size_t at = turned_at(v, l->node->name);

	if (!l->parent || l->shut == shut)
		return;
	if (is_layer(l)) {
		v->shut[l->node->proto] = shut;
		v->touched = true;
	} else if (at < v->turned_count) {
		v->turned[at] = v->turned[--v->turned_count];
	} else if (v->turned_count < PACKET_TURNED) {
		v->turned[v->turned_count++] = l->node->name;
	}
	packet_lines_fold(v);
}

size_t packet_line_above(const struct packet_view *v, size_t line)
{
	const struct packet_trees *t = v->trees;

	for (size_t i = line; i-- > 0;)
		if (t->lines[i].depth < t->lines[line].depth)
			return i;
	return line;
}

void packet_line_show(struct packet_view *v, size_t line)
{
	for (size_t above = packet_line_above(v, line), last = line; above != last;
	     last = above, above = packet_line_above(v, above))
		packet_line_turn(v, above, false);
	v->line = line;
	packet_lines_fold(v);
}

size_t packet_line_of(const struct packet_view *v, unsigned part, size_t byte)
{
	const struct packet_trees *t = v->trees;
	size_t best = t->count;

	for (size_t i = 0; i < t->count; i++) {
		const struct tree_node *n = t->lines[i].node;

		if (t->lines[i].part != part || byte < n->offset || byte - n->offset >= n->len)
			continue;
		if (best == t->count || n->len <= t->lines[best].node->len)
			best = i;
	}
	return best;
}

size_t packet_line_place(const struct packet_view *v)
{
	const struct packet_trees *t = v->trees;
	size_t at = t->shown_count;

	while (at > 0 && t->shown[at - 1] > v->line)
		at--;
	return at ? at - 1 : 0;
}

bool packet_line_contains(const struct packet_line *l, const struct needle *n)
{
	const char *value = tree_text(l->tree, l->node->value);
	char both[NEEDLE_LONGEST * 2];

	snprintf(both, sizeof both, "%s=%.100s", l->node->name ? l->node->name : "", value);
	return needle_in_text(n, l->node->label) || needle_in_text(n, both) || needle_in_text(n, value) ||
	       needle_in_text(n, tree_text(l->tree, l->node->meaning));
}
