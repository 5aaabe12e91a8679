/* inside.h - what the session's own files share. */
#ifndef SRC_SESSION_INSIDE_H
#define SRC_SESSION_INSIDE_H

#include "core/rate.h"
#include "session/session.h"

struct record;
struct snapshot;

struct shown { /* rows of the host, unpacked: a ring */
	struct row rows[SESSION_SHOWN];
	struct sock socks[SESSION_SHOWN];
	unsigned at;
};

/* tap.c. `config` needs kind and device; the tap that ran is stopped once the new one is open. */
int session_tap_start(struct session *s, unsigned tap, struct capture_config *config, struct err *e);
void session_tap_stop(struct session *s, unsigned tap);
void session_tap_reap(struct session *s, bool wait);
void session_tap_watch(struct session *s);        /* those that ended by themselves */
bool session_tap_beside(const struct session *s, const struct packet *p); /* another tap counts it */

/* park.c: a capture that was opened while the privilege was there is kept, since it cannot be opened again. */
int session_park_open(struct session *s, struct err *e); /* one that waits, where none is to run yet */
bool session_park(struct session *s);             /* false: nothing to keep, the capture may end */
/* 1: the kept or running capture is on `device` now; 0: there is none; -errno. */
int session_unpark(struct session *s, const char *device, struct err *e);

/* record.c */
int session_record_open(struct session *s, const char *path, struct err *e);
void session_record_failed(struct session *s, const struct err *why); /* nothing more is written */
/* sitting_log.c: sockets and calls beside the packets. `last`: whatever was not told yet. */
void session_log_open(struct session *s);
void session_log_tick(struct session *s, bool last);
void session_log_free(struct session *s);
void session_record_block(struct session *s, const struct block *b);
void session_record_number(struct session *s, uint64_t number); /* one that the recorder finds */

/* secrets.c: of TLS. `path`: a key log, NULL for none; before files are given away */
int session_secrets_open(struct session *s, const char *path, struct err *e);
void session_secrets_done(struct session *s);
void session_secrets_read(struct session *s); /* what has come since */

bool session_drain(struct session *s);          /* take the capture's blocks; true: there were some */
void session_trails_done(struct trail_entry *e);  /* what it holds */
void session_update_trails(struct session *s);
/* What a packet proves of the state of the socket that it went out of (DIRECTION_OUT) or came into. */
void session_prove(const struct session *s, struct history *h, const struct packet *p, enum direction way);
/* A socket of the host that is our own tool, and not what the user asked for. */
bool session_is_plumbing(const struct session *s, const struct snapshot *snap, const struct record *r);
void session_own_row(const struct session *s, struct row *row); /* of our own: we are its owner */
void session_choose_host(struct session *s);      /* tell the host's thread what the rows will be made of */
void session_rebuild_rows(struct session *s);    /* where they are stale */
void session_look_at_owner(struct session *s, uint64_t now_mono);
void session_sample_host(struct session *s, uint64_t now_mono); /* adopt a snapshot, ask for the next */
uint64_t session_host_until(const struct session *s); /* CLOCK_MONOTONIC of the next request */
void session_go_runs(struct session *s);        /* steps that wait, and the loaded script */
uint64_t session_runs_until(const struct session *s); /* CLOCK_MONOTONIC of their next deadline */

bool session_start_host(struct session *s); /* false: it was told why not */
/* own_rate.c: measured once a second */
void session_rate_own(struct session *s, uint64_t now_mono);
const struct sock_rate *session_own_rate(const struct session *s, uint32_t id); /* NULL: none yet */

/* Make the file `path`, which must not be there, with these bytes. 0, or -errno with *e. */
int save_bytes(const char *path, const void *bytes, size_t len, struct err *e);

#endif
