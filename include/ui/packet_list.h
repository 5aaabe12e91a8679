/* packet_list.h - which packets Traffic shows, in what order: those of the selected socket, with
 * what another tap has of the same put in between by time; all that was recorded where the row
 * of a capture file that stands for all is selected, or nothing is and a SOCK_RAW listener runs.
 */
#ifndef UI_PACKET_LIST_H
#define UI_PACKET_LIST_H

#include "session/session.h"

struct packet_list {
	const uint64_t *numbers; /* NULL: one after another, from `first` on */
	uint64_t first;
	size_t count;
	bool mixed; /* of several taps, in order of time: see `merged` */
	bool all;   /* no socket's */

	struct merged_packet {
		uint64_t at_ns, number;
	} * merged; /* owned */
	size_t room, merged_count;
	uint64_t key;
	struct merge_source {  /* the socket's own packets, those beside */
		size_t taken;  /* so many are in `merged`, */
		uint64_t last; /* the last of which is this */
	} sources[2];
};

void packet_list_done(struct packet_list *l);
/* Packets up to number `limit` of the socket `key` (0: none is selected). What it points to is good
 * until the session changes. */
void packet_list_settle(struct packet_list *l, const struct session *s, uint64_t key, uint64_t limit);
uint64_t packet_list_at(const struct packet_list *l, size_t i);
/* The place of that packet; where it is gone, of one near it. */
size_t packet_list_find(const struct packet_list *l, uint64_t number);

#endif
