/* hint.h - what a pane can do now, for the last row of the screen: a table for each thing that can be open or selected,
 * the most useful first. Only keys that work there stand in one; a key that the command table hints at too is told
 * once.
 */
#ifndef UI_HINT_H
#define UI_HINT_H

struct pane_hint {
	const char *key;   /* by its name; two of them with a blank between */
	const char *words; /* one or two */
};

/* Each ends with a NULL key. */
extern const struct pane_hint hints_bytes[], hints_call[], hints_calls[], hints_columns[], hints_graph[],
	hints_groups[], hints_help[], hints_inspector[], hints_ladder[], hints_options[], hints_packet[],
	hints_packets[], hints_settings[], hints_sockets[], hints_stream[];

#endif
