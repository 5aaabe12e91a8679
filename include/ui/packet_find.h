/* packet_find.h - one packet among many: the next that contains something, the next of the same
 * kind. */
#ifndef UI_PACKET_FIND_H
#define UI_PACKET_FIND_H

#include "ui/find.h"
#include "ui/packet_list.h"
#include "ui/packet_row.h"

/* Does its row, its bytes, or one of its fields contain it? `tree` is room for those. */
bool packet_contains(const struct packet_row *row, uint64_t number, const struct needle *n, struct tree *room);
/* The place in the list of the next one that contains it, by hunt->way. FOUND_LATER: it was not
 * among those that were looked at until hunt->until_ns; call again with *at in place of `from`.
 * FOUND_NOTHING: *at is where the hunt began. */
enum found packet_find(const struct packet_list *list, const struct packet_row *row, const struct needle *n,
		       size_t from, struct hunt *hunt, size_t *at);
/* Are they of one kind: with the same mark of TCP's analysis; else of the same flow, protocol, ICMP
 * type, TCP flags (PSH aside), with or without data? */
bool packet_same(const struct packet *a, const struct packet *b);
enum found packet_find_same(const struct packet_list *list, const struct packet_row *row, size_t from,
			    struct hunt *hunt, size_t *at);

#endif
