/* logbook.h - what was done by hand in this sitting, kept so that `save` can write it as a script that runs again.
 *
 * A line is kept with the call that came of it. When it is written, names are explicit, an address that the kernel
 * had chosen is written as the socket that has it ($server.local) or the echo peer ($echo.tcp), a call that failed
 * is followed by `expect error`, and a call that never ended is left out.
 */
#ifndef SESSION_LOGBOOK_H
#define SESSION_LOGBOOK_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct logbook;
struct run;
struct session;

struct logbook *logbook_new(void);
void logbook_free(struct logbook *l);
/* A step was entered by hand; `r` as it is when it was begun. */
void logbook_add(struct session *s, const struct run *r);
/* Write the script; a file that exists is not overwritten unless it was saved by this sitting. */
int logbook_save(struct session *s, const char *path, size_t *lines, struct err *e);

#endif
