/* trouble.h - why a socket is as it is: the usual troubles, one row each. A row looks at facts
 * and says a sentence or two. Pure: facts in, sentences out. */
#ifndef SESSION_TROUBLE_H
#define SESSION_TROUBLE_H

#include "core/snapshot.h"
#include "core/sock.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct explanation;
struct row;
struct session;

enum reset_by { RESET_NONE, RESET_OURS, RESET_PEER };

struct trouble_facts {
	const struct sock *sock;
	char owner[80];           /* "nginx (pid 812)", "" where it is not known; clean */
	enum owner_reason reason; /* why not */
	bool own;                 /* a socket of ours: we know what was called on it */
	bool closed, aborted;     /* ours: close was called, with a reset */
	bool unread;              /* ours: bytes were not read when it was closed */
	uint32_t waiting;         /* ours, a listener: connections that wait for accept */
	uint32_t queued, backlog; /* of the listener on this host that it asks; 0: none is known */
	char listener[80];        /* who has that one, as `owner` */
	int error;                /* ours: errno of the last call, 0 for none */
	const char *call;         /* and its name; NULL */
	/* from its packets; all 0 where none were seen */
	uint64_t packets;
	unsigned syns; /* SYNs that it sent without an answer */
	enum reset_by reset;
	bool reset_answers_syn;       /* the first thing that came back for a SYN */
	bool reset_answers_data;      /* the side that was reset had sent data last */
	bool reset_after_fin;         /* after the other side's FIN */
	unsigned again_out, again_in; /* segments sent again by it, by its peer */
	char icmp[120];               /* the ICMP error that was its last answer; "" for none */
	bool window_shut;             /* the peer's last word was a window of zero */
};

struct trouble {
	const char *name; /* "close-wait": stable, for tests */
	bool (*holds)(const struct trouble_facts *f);
	void (*say)(const struct trouble_facts *f, struct buf *out);
	const char *source;
};

extern const struct trouble troubles[]; /* ends with a NULL name; the most telling first */

/* All that hold, as parts of the explanation. Returns how many. */
unsigned trouble_explain(const struct trouble_facts *f, struct explanation *e);
/* What is known of a row. */
void trouble_facts(const struct session *s, const struct row *r, struct trouble_facts *out);

#endif
