/* session.h - the program's brain: owns the lab, the kernel look-ups, the capture, the recorder and the flows, and
 * executes commands. It knows no terminal; the ui and the headless commands are two faces of it.
 *
 * One thread, one poll(2): the face calls session_wait with its own descriptors, then looks at what changed. Faces
 * read the struct freely and change it only through the functions here.
 */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include "analysis/flow.h"
#include "analysis/recorder.h"
#include "capture/capture.h"
#include "core/filter.h"
#include "core/sock_column.h"
#include "lab/lab.h"
#include "session/command.h"
#include "session/tap.h"
#include "session/trail.h"
#include "util/err.h"
#include "util/mailbox.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct diag;
struct guard;
struct host;
struct own_rate;
struct names;
struct logbook;
struct watches;
struct keylog;
struct opened;
struct plain;
struct tls_keys;
struct writer;
struct process;
struct sampler;
struct resolver;
struct script;

enum { SESSION_NOTICE = 512, SESSION_BINDINGS = 128 };

enum { SESSION_SHOWN = 256 };

enum notice_kind { NOTICE_NONE, NOTICE_INFO, NOTICE_WARN, NOTICE_ERROR };

/* What the Traffic pane shows of the selected socket. */
enum traffic_view { VIEW_PACKETS, VIEW_LADDER, VIEW_STREAM, VIEWS };
extern const char *const view_names[VIEWS]; /* "packets", "ladder", "stream" */

enum stream_form { FORM_TEXT, FORM_HEX, FORM_C, FORMS };
extern const char *const form_names[FORMS]; /* "text", "hex", "c" */

/* What the Inspector's page of graphs shows of the selected socket. */
enum graph_kind { GRAPH_SEQUENCE, GRAPH_THROUGHPUT, GRAPH_RTT, GRAPH_WINDOW, GRAPH_CWND, GRAPHS };
extern const char *const graph_names[GRAPHS]; /* "sequence", ... */

enum scope { SCOPE_MINE, SCOPE_HOST, SCOPE_PROCESS, SCOPE_CLOSED, SCOPE_FILE, SCOPES };
extern const char *const scope_names[SCOPES]; /* "mine", "host", "process", "closed", "file" */

/* What a row of the table stands for: one socket, all of a process, all with one address at the other end. */
enum group_by { GROUP_SOCKET, GROUP_PROCESS, GROUP_REMOTE, GROUPS };
extern const char *const group_names[GROUPS]; /* "socket", "process", "remote" */

/* What `set NAME VALUE` changes; each has a row in session/setting.h. */
struct settings {
	uint64_t timeout_ns; /* how long a step may take */
	uint64_t refresh_ns; /* between two looks at sockets that nothing announced */
	bool show_peers;     /* the echo peers' own sockets among mine */
	bool ascii;          /* no line drawing, no wide characters */
	bool mouse;
	char theme[32];
	char netns[32]; /* whose sockets the scopes host and process show: "own", NAME, PID, "all" */
};

struct session_config {
	const char *device; /* "any" */
	const char *file;   /* open this capture in place of a live one; NULL: none */
	const char *keylog; /* secrets of TLS (session/keylog.h); NULL: those of the file */
	const char *record; /* write what is captured into this pcapng; NULL: nowhere */
	uint32_t snaplen;
	uint64_t recorder_bytes; /* 0: 64 MiB */
	bool capture;            /* open a capture now, while privileges are there */
	bool raw;                /* and the SOCK_RAW listener */
	/* Raw sockets that were opened while the privilege was there (see struct capture_config, `sockets`); -1 where
	 * there is none. NULL: each is opened when it is asked for. Borrowed as long as the session lives. */
	const int (*raw_sockets)[RAW_SOCKETS]; /* [RAW_PROTOCOLS] */
	struct guard *guard; /* entered before the first thread starts; NULL: nothing is given away. Borrowed */
	bool interactive;    /* calls have no deadline and failed ones do not fail a run */
};

/* What a face plugs in; every member may be NULL. */
struct session_hooks {
	void *ctx;
	void (*ui)(void *ctx, enum ui_action action, const char *text); /* a COMMAND_UI was run */
	void (*print)(void *ctx, const char *text);                     /* the command `print` */
};

/* One row of the Sockets pane. Rows are valid until the next turn of the loop, and until SESSION_SHOWN others were
 * asked for; keep the key. */
enum row_kind { ROW_SOCKET, ROW_FLOW, ROW_ALL /* all packets of a file */ };

struct row {
	uint64_t key; /* identity: stays with the socket; of our own: its lab id */
	enum row_kind kind;
	uint32_t flow;                   /* ROW_FLOW: its number in session->flows */
	const struct flow *conversation; /* ROW_FLOW: that; NULL */
	const struct history *ends; /* of the selected flow of TCP: its client's states, as packets prove them; NULL */
	const struct opened *file;  /* ROW_ALL: what is open; NULL */
	const char *name;           /* of our own: its name; else its first owner's process, "" when unknown */
	const struct sock *sock;    /* what the kernel says */
	const struct lab_sock *own; /* NULL for a socket of somebody else */
	struct sock_view view;      /* for the columns of core/sock_column.h: owners, record */
	struct owner self;          /* of our own: ourselves, whatever /proc tells; pid 0 once closed */
	bool fresh;                 /* opened, or closed, a moment ago */
	uint64_t closed_ns;         /* of the scope closed: when, CLOCK_REALTIME; 0 while it lives */
};

struct notice {
	enum notice_kind kind;
	char text[SESSION_NOTICE];
	uint64_t at_ns; /* CLOCK_MONOTONIC */
	uint64_t count; /* grows with each notice */
};

/* A moment that other moments are measured from: that of a packet, a call, a state, a socket's beginning. */
struct mark {
	uint64_t at_ns;  /* CLOCK_REALTIME; 0: nothing is marked */
	uint64_t number; /* of the packet or call, 0 for others */
	char what[64];   /* "packet 3": clean */
};

/* A search that goes on, a slice in each turn of the loop: see ui/desk.h. */
struct hunt {
	bool on;           /* there is more to look through */
	bool same;         /* for one of the same kind, not for s->search */
	int way;           /* 1 forwards, -1 backwards */
	uint64_t key;      /* of the row that was selected */
	uint64_t until_ns; /* CLOCK_MONOTONIC: end of the slice */
	uint64_t origin;   /* number of the packet where it began; 0: the first slice */
	size_t done, all;  /* looked through so far, and of how many */
	bool round;        /* it went on from the other end */
};

struct binding { /* bind-key KEY COMMAND */
	char key[24];
	char *line;
};

struct session {
	struct session_config config;
	struct session_hooks hooks;
	struct settings settings;
	struct lab *lab;
	struct diag *diag; /* NULL where netlink is refused */
	struct recorder recorder;
	struct opened *opened; /* a capture file in place of a live capture; NULL: none. See session/opened.h */
	struct flow_table flows;
	struct mailbox box;       /* blocks from the capture worker */
	struct tap taps[TAPS];    /* where packets come from */
	unsigned raw_last;        /* bits of the raw protocols that were switched off last; 0: the usual ones */
	uint64_t read_until;      /* see session_read_until */
	struct flow_table beside; /* of packets that another tap counts; see session/tap.h */
	struct writer *record;    /* NULL: nothing is written */
	char record_name[128];    /* its path, clean */
	uint64_t recorded;        /* packets written */
	struct tls_keys *keys;    /* secrets of TLS connections that are known */
	struct keylog *keylog;
	struct plain *plain;             /* what is in the records of the packet that is looked at */
	struct sitting_log *sitting_log; /* what was told in it of sockets and calls; NULL */
	struct trail_entry {             /* trails of own sockets, by lab id */
		uint32_t sock;
		struct trail trail;
		struct trail beside;  /* of the flows `beside` */
		uint64_t proved;      /* packets up to this number were turned into evidence of states */
		size_t judged;        /* of a flow: so many of the trail's packets were */
		unsigned answers;     /* and so many more may answer one that changes a state */
		struct history *ends; /* of a flow: both ends' states, the client's first; NULL: not known */
	} * trails;
	size_t trail_count, trail_capacity;
	struct row *rows; /* of the scope, rebuilt when something changed; read them by session_row_at */
	const uint32_t
		*refs; /* what each row is, where most are records of the host: see session_row_packed; NULL: `rows` */
	uint32_t *ref_room;  /* where those lie */
	struct shown *shown; /* rows of the host that were asked for lately, unpacked */
	size_t row_count, whole_count, row_capacity, ref_capacity; /* whole_count: of `rows` */
	size_t departed;                                           /* of these, closed a moment ago, or selected */
	uint64_t rows_made;                                        /* grows whenever they are rebuilt */
	uint64_t found; /* the row of this key is at `found_at`; row_count: nowhere */
	size_t found_at;
	uint64_t selected; /* key of the current socket, 0 for none */
	enum scope scope;
	uint32_t scope_pid;         /* of the scope process */
	char scope_process[64];     /* its name, clean */
	struct watches *watches;    /* figures over time; see session/watch.h */
	struct process *process;    /* the owner of the selected socket that is not ours; pid 0: none, or it is gone */
	uint64_t process_ns;        /* CLOCK_MONOTONIC of the look at it */
	struct names *names;        /* of users and the like; learns from the host's snapshots */
	struct own_rate *own_rates; /* of our own sockets, by lab id; own_rate.c */
	size_t own_rate_count;
	uint64_t own_rated_ns;                 /* CLOCK_MONOTONIC of the last measurement */
	struct host *host;                     /* the sampler's thread; NULL until a scope needs it */
	struct sampler *sampler;               /* for single requests: destroy; NULL until then */
	uint64_t host_asked_ns, host_every_ns; /* CLOCK_MONOTONIC of the last request; the interval in use */
	char host_netns[32];                   /* whose sockets were asked for last, as in settings.netns */
	bool host_failed;                      /* the last look did, and it was told */
	struct trail_entry *watched;           /* the trail of the selected socket that is not ours, NULL for none */
	uint64_t watched_key, trailed;         /* trailed: what was selected when trails were last brought up to date */
	enum group_by group;
	char *columns[SCOPES]; /* names, see session/columns.h; NULL: those at first */
	uint64_t columns_set;  /* grows whenever they are */
	enum traffic_view view;
	enum stream_form form;
	enum graph_kind graph;
	char match[64];   /* only rows of the ladder that contain it; "": all */
	char search[128]; /* what was searched for last, as written; "": nothing yet */
	struct hunt hunt;
	struct mark mark;
	bool since_mark;       /* times are told from the mark on */
	struct filter *filter; /* of the rows; NULL: all */
	char *filter_text;     /* as written; NULL: none */
	uint64_t filters_set;  /* grows whenever it is */
	bool rows_stale;       /* they have to be built again */
	struct notice notice;
	struct script *script; /* the loaded script, NULL for none */
	bool script_step;      /* its next step is to be made (Space) */
	bool script_all;       /* run it to its end (source) */
	struct run **runs;     /* steps that wait */
	size_t run_count, run_capacity;
	struct resolver *resolver;
	struct binding bindings[SESSION_BINDINGS];
	size_t binding_count;
	struct logbook *logbook; /* what was done by hand, for `save` */
	uint64_t *accepts;       /* journal numbers of accepts that wait: what they make gets selected */
	size_t accept_count, accept_capacity;
	char *device;        /* owns config.device */
	uint64_t looked_ns;  /* CLOCK_MONOTONIC of the last look at everything */
	uint64_t changed_ns; /* CLOCK_MONOTONIC of the lab's last change */
	bool lab_changed;    /* since the last turn of the loop */
	uint64_t changes;    /* grows whenever something that a face shows has changed */
	bool quit;           /* the command `quit` was given */
};

int session_new(const struct session_config *config, struct session **out, struct err *e);
void session_free(struct session *s); /* closes every socket, removes paths, stops the capture; NULL is fine */

/* Wait until one of `extra` is ready, something of ours happened, or `until_ns` (CLOCK_MONOTONIC) has come; handle
 * what is ours. revents of `extra` are filled. Returns 0 or -errno (never -EINTR). */
int session_wait(struct session *s, struct pollfd *extra, size_t count, uint64_t until_ns);
/* Handle what is due without waiting. */
void session_tick(struct session *s);

/* Parse one line and start it. 0: it runs or is done, its outcome appears in Calls or as a notice. -errno: nothing
 * was changed, *e says why, *column (from 1, may be NULL) where. */
int session_enter(struct session *s, const char *line, struct err *e, unsigned *column);
/* Candidates for the word at `cursor` of `line`, as a NULL ended array to be freed with session_free_words; *from is
 * where the word begins. */
char **session_complete(struct session *s, const char *line, size_t cursor, size_t *from);
void session_free_words(char **words);

/* Sockets. Keys of own sockets are their lab id. */
const struct row *session_row_at(const struct session *s, size_t index); /* NULL: there are not so many */
/* As it lies there, and quicker: a row of the host has its record (row->view.record), but no socket. `index` must be
 * below row_count. Where `refs` is set, rows are in the order of core/rank.h. */
const struct row *session_row_packed(const struct session *s, size_t index, struct row *room);
uint64_t session_key_at(const struct session *s, size_t index);       /* of such a row */
size_t session_find(const struct session *s, uint64_t key);           /* which row it is; row_count: gone */
const struct row *session_row(const struct session *s, uint64_t key); /* NULL: gone */
const struct row *session_selected(const struct session *s);          /* NULL: none */
void session_select(struct session *s, uint64_t key);
struct lab_sock *session_current(const struct session *s); /* the selected own socket, NULL */
void session_set_scope(struct session *s, enum scope scope);
/* Why this scope has nothing to show in this sitting; NULL: it may. */
const char *session_scope_refused(const struct session *s, enum scope scope);
/* The scope process: its sockets, and nothing else. pid 0: the owner of the selected socket; false when none is known.
 * */
bool session_set_process(struct session *s, uint32_t pid);
/* A filter for the rows; NULL or "" shows all again. 0, or -EINVAL with *e and the column, and nothing is changed. */
int session_set_filter(struct session *s, const char *text, struct err *e, unsigned *column);
/* SOCK_DESTROY of a row's socket. */
int session_destroy(struct session *s, uint64_t key, struct err *e);
/* A signal to the first owner of a row's socket, if it still is the process that the row names. */
int session_signal(struct session *s, uint64_t key, int number, struct err *e);

/* The guided step: the line that comes next in the selected socket's life ("connect $echo.tcp"), and a few words why.
 * False when there is none. Also what a loaded script does next. */
bool session_next_step(const struct session *s, char *line, size_t size, const char **why);

/* Packets of a socket. */
const struct trail *session_trail(const struct session *s, uint64_t key); /* NULL: none */
/* What other taps have of the same: no packet of these counts. NULL: none. */
const struct trail *session_trail_beside(const struct session *s, uint64_t key);
const struct packet *session_packet(const struct session *s, uint64_t number, const uint8_t **bytes);
/* Direction as the socket sees it, and what its numbers are relative to. */
enum direction session_direction(const struct session *s, uint64_t key, const struct packet *p);
void session_base(const struct session *s, const struct packet *p, struct packet_base *out);

/* The tap TAP_LIVE. NULL device: what it was before. */
int session_capture_start(struct session *s, const char *device, struct err *e);
void session_capture_stop(struct session *s);
/* A capture file ("-": standard input) in place of it, see session/opened.h. `path` is borrowed. */
int session_file_open(struct session *s, const char *path, struct err *e);
/* The end of what config.record asked for, with the last packet that was seen; the taps stop. 0, or -errno with *e (no
 * space left). session_free does it too, silently. */
int session_record_close(struct session *s, struct err *e);
/* Everything seen before this moment has been read (CLOCK_REALTIME ns); UINT64_MAX when none runs. */
uint64_t session_read_until(const struct session *s);

/* Something that a face shows has changed. */
void session_touch(struct session *s);
void session_notice(struct session *s, enum notice_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* --demo: the echo peers and one example of each kind of socket. */
int session_demo(struct session *s, struct err *e);
/* Load a script for stepping with Space. */
int session_load(struct session *s, const char *path, struct err *e);
/* Only from a crash handler; async-signal-safe. */
void session_emergency(const struct session *s);

#endif
