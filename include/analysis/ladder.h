/* ladder.h - the life of a conversation as a ladder: one time axis down, a line for each party, and
 * on it calls with their results, the kernel's states, packets and data as arrows.
 *
 * Fill it (parties first, then events in any order), settle it, read its rows from top to bottom. A
 * row is what one line of the screen shows: an event with the states that it led to, the return of
 * a call between whose begin and end something else happened, a break where nothing happened for
 * long, or the beginning of a client's line. On a tie the order is call, packet, state, return.
 *
 * Party 0 stands on the left; the others have a lane each to its right. Where the left one has many
 * peers (a listener's clients), a lane is used again once its party's last event is past. Times are
 * CLOCK_REALTIME ns. Pure: no clock, no I/O. Bounded: what found no room is counted in `refused`.
 */
#ifndef ANALYSIS_LADDER_H
#define ANALYSIS_LADDER_H

#include "core/packet.h"
#include "core/tcp_state.h"
#include "decode/decode.h"
#include "util/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	LADDER_PARTIES = 256,
	LADDER_LANES = 32,
	LADDER_EVENTS = 32768,
	LADDER_NAME = 64,
	LADDER_PREVIEW = 48, /* bytes of a payload that are kept to be shown */
};

#define LADDER_BREAK_NS UINT64_C(200000000) /* a longer silence is drawn as a break */
#define LADDER_NONE UINT32_MAX
/* As a base's wscale: windows and mss are left out, they depend on the host's settings. */
#define LADDER_NO_WINDOW (-2)

enum ladder_kind { LADDER_CALL, LADDER_PACKET, LADDER_DATA, LADDER_STATE, LADDER_RETURN };

struct ladder_party {
	char name[LADDER_NAME];  /* "client", a process, or "" */
	char where[LADDER_NAME]; /* its address, or "" */
	char tag[24];            /* short, for rows of a ladder with many lanes: "c1", ":40312" */
	/* by ladder_settle */
	unsigned lane;
	uint32_t first, last; /* its rows; LADDER_NONE: it has none */
};

struct ladder_event {
	uint64_t at_ns;
	uint64_t number; /* of the call or the packet; STATE: at_ns */
	enum ladder_kind kind;
	unsigned party, to; /* whose it is; of an arrow: sender and receiver */
	uint32_t order;     /* as they were added */
	enum state state;   /* STATE */
	/* CALL, RETURN: offsets into ladder.text */
	size_t call, result;  /* "connect(127.0.0.1:7)", "= 0"; of a RETURN `call` is "connect" */
	uint64_t duration_ns; /* of the call, CLOCK_MONOTONIC */
	bool running, failed;
	bool alone; /* CALL: its return has a row of its own */
	/* PACKET, DATA */
	uint8_t ip_proto;
	uint8_t direction; /* the link's, and where it was seen: tell two sights of a packet apart */
	uint32_t ifindex;
	uint16_t flags;            /* TCP's */
	uint32_t seq, ack, window; /* relative where their base is known; scaled */
	bool windowless;           /* the window is not told */
	uint32_t len;              /* of the payload */
	uint16_t mss;              /* of a SYN */
	uint32_t tsval, tsecr;
	size_t info;      /* what is neither TCP nor UDP: a sentence in ladder.text */
	const char *mark; /* static words: "retransmission", NULL for none */
	bool bad;         /* the mark is bad news */
	uint8_t preview_len;
	uint8_t preview[LADDER_PREVIEW];
};

enum ladder_row_kind { LADDER_ROW_EVENT, LADDER_ROW_BREAK, LADDER_ROW_PARTY };

struct ladder_row {
	enum ladder_row_kind kind;
	uint32_t event;         /* BREAK, PARTY: the one that comes next */
	unsigned party;         /* PARTY: whose line begins */
	uint32_t state[2];      /* STATE events drawn beside it, of the left lane and of another */
	uint64_t at_ns, gap_ns; /* since the row before it */
	uint32_t alive, busy;   /* a bit a lane: its party is there; a call of its waits or runs */
};

struct ladder {
	struct ladder_party *parties;
	unsigned party_count, lanes;
	struct ladder_event *events; /* after settle: in order */
	size_t count, capacity;
	struct ladder_row *rows;
	size_t row_count, row_capacity;
	char *text; /* NUL ended strings; text[0] is the empty one */
	size_t used, text_capacity;
	uint64_t refused;
	uint64_t begin_ns; /* of the first row */
};

void ladder_clear(struct ladder *l); /* a zeroed struct is an empty ladder; memory is kept */
void ladder_done(struct ladder *l);

/* The new party's number, or LADDER_NONE when there is no room. The texts are cut. */
unsigned ladder_party(struct ladder *l, const char *name, const char *where, const char *tag);

/* `end_ns` 0: it runs still. `function` alone is said again where the return has its own row. */
struct ladder_call {
	uint64_t number, start_ns, end_ns, duration_ns;
	const char *function, *call, *result;
	bool failed;
};
void ladder_call(struct ladder *l, unsigned party, const struct ladder_call *c);
void ladder_state(struct ladder *l, unsigned party, uint64_t at_ns, enum state s);
/* `base` may be NULL. A packet that was seen leaving already and is now seen arriving (both happen
 * on lo) is left out. `bytes` may be NULL: no preview. `mark` is static. */
void ladder_packet(struct ladder *l, unsigned from, unsigned to, const struct packet *p, const struct packet_base *base,
		   const uint8_t *bytes, const char *mark, bool bad);
/* Bytes that a call moved where no packet shows it: UNIX sockets, no capture. */
void ladder_data(struct ladder *l, unsigned from, unsigned to, uint64_t at_ns, uint64_t number, const void *bytes,
		 uint64_t len, size_t kept);

/* Order events and make the rows. `match` NULL or "": all; else only those whose words, names or
 * states contain it, whatever its case. `breaks` false: without break rows. */
void ladder_settle(struct ladder *l, const char *match, bool breaks);
/* The row of an event; LADDER_NONE when it is not shown. */
uint32_t ladder_find(const struct ladder *l, enum ladder_kind kind, uint64_t number, unsigned party);

/* --- words: src/analysis/ladder_words.c --- */

struct ladder_words {
	int width; /* cells; what does not fit is left out, the least telling first */
	bool ascii;
	bool times; /* how long a call took */
};
/* Append what an event says: "[P.] seq=1 ack=1 win=512 len=6  "hello\n"", "connect(127.0.0.1:7) =
 * 0  41 µs", "ESTABLISHED". Clean text. */
void ladder_say(const struct ladder *l, const struct ladder_event *e, const struct ladder_words *w, struct buf *out);

#endif
