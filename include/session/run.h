/* run.h - the execution of one step: begun, waited for, done.
 *
 * A run is resumable: its command's run function is called until it answers RUN_DONE or RUN_FAIL, and nothing ever
 * blocks. What it did is kept in the run for the face that shows it. At the prompt a call that waits is left to the
 * lab (its outcome appears in Calls); in a script the run waits for it.
 */
#ifndef SESSION_RUN_H
#define SESSION_RUN_H

#include "session/command.h"
#include "session/session.h"

enum { RUN_TRIES = 16 };

struct run {
	struct step own; /* the step, when the run owns it (prompt, keys) */
	const struct step *step;
	bool in_script;    /* wait for calls, with a deadline */
	unsigned phase;    /* 0 at the first call of the run function; the function's own afterwards */
	uint64_t begun_ns; /* CLOCK_REALTIME */
	uint64_t begun_mono_ns;
	uint64_t ended_ns;
	uint64_t deadline_ns; /* CLOCK_MONOTONIC, UINT64_MAX for none */
	uint64_t wake_ns;     /* CLOCK_MONOTONIC: call the run function again then; UINT64_MAX: on events */

	uint32_t sock;                    /* lab id it acted on, or made; 0 for none */
	char name[LAB_NAME];              /* that socket's name */
	uint64_t call;                    /* number in the journal, 0 for none */
	unsigned query;                   /* of the resolver, 0 for none */
	struct endpoint tries[RUN_TRIES]; /* the addresses of a name */
	unsigned try_count, try_at;

	enum call_status status; /* the outcome */
	int64_t result;
	int error; /* errno by value */
	uint64_t duration_ns;
	enum state before, after;
	struct endpoint local, remote;
	char message[ERR_TEXT]; /* why it failed: what was expected and what was seen; "" when it did not */
	bool denied;            /* it failed for want of a privilege: a capture, a raw listener */
};

struct run *run_new(struct session *s, const struct step *step, bool in_script);
void run_free(struct run *r);
/* Begin or go on. On RUN_DONE and RUN_FAIL everything above is filled. */
enum run_result run_go(struct session *s, struct run *r);

/* For the commands' run functions. */
enum run_result run_fail(struct run *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
enum run_result run_refused(struct run *r, const struct err *why); /* as run_fail; `denied` by its code */
struct lab_sock *run_target(struct session *s, struct run *r);     /* the target; NULL: run_fail was called */
/* Turn the step's address into r->tries for a socket of `family`. Names are looked up without blocking. */
enum run_result run_address(struct session *s, struct run *r, const struct address *a, int family);
/* Start a verb and follow it until it is done (in a script) or started (else). */
enum run_result run_verb(struct session *s, struct run *r, struct lab_sock *sock, enum verb verb,
			 const struct lab_args *args);
enum run_result run_follow(struct session *s, struct run *r); /* the call r->call */
bool run_expired(const struct run *r);

#endif
