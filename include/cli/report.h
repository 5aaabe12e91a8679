/* report.h - what `run` prints: a line or an object a step, then the total.
 *
 * With a capture, a step's packets are known only when the next step has begun and the capture has been read up to
 * there: outcomes wait in a queue until then, so that the steps themselves never wait for the wire.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "session/script.h"
#include "util/buf.h"

#include <stdbool.h>

struct outcome {
	const struct script_step *step;
	struct run run; /* a copy; its step is borrowed from the script */
	bool passed, skipped;
	struct buf line; /* the call as text, composed while the journal has it */
	struct buf data; /* what a recv got */
	bool has_data;
	struct buf events; /* of a failure: the last events of its socket */
	char *printed;     /* of `print` */
};

struct report {
	struct session *session;
	bool json, colour, capture, ascii, verbose;
	struct outcome *queue;
	size_t count, capacity, written;
	uint64_t reported; /* packets up to this number were given to a step */
	uint64_t begun_ns; /* CLOCK_MONOTONIC */
	unsigned steps, passed, failed, skipped;
	char denied[ERR_TEXT]; /* what was refused for want of a privilege, the first time; "" */
	bool broken;           /* standard output is gone */
};

void report_init(struct report *r, struct session *s, bool json, bool colour, bool capture);
void report_done(struct report *r);
/* Takes what it needs; `finished` stays the caller's. NULL: the step was skipped. */
void report_step(struct report *r, const struct script_step *step, const struct run *finished, bool passed);
/* Write what is ready; `all`: everything, whatever the capture has. False: something still waits. */
bool report_write(struct report *r, bool all);
void report_total(struct report *r);

#endif
