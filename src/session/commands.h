/* commands.h - the parse, run, fits and fill functions of the command table's rows, for command_table.c alone. */
#ifndef SRC_SESSION_COMMANDS_H
#define SRC_SESSION_COMMANDS_H

#include "session/command.h"
#include "session/parser.h"
#include "session/run.h"

#define PARSER(name) int parse_##name(struct parser *p, struct step *out)
#define RUNNER(name) enum run_result run_##name(struct session *s, struct run *r)
#define FITS(name) bool fits_##name(const struct session *s)
#define FILL(name) void fill_##name(const struct session *s, struct buf *line)

/* cmd_call.c: the calls */
PARSER(socket); PARSER(bind); PARSER(listen); PARSER(accept); PARSER(connect); PARSER(send); PARSER(sendto);
PARSER(recv); PARSER(shutdown); PARSER(setsockopt); PARSER(getsockopt); PARSER(settimeout); PARSER(close);
RUNNER(socket); RUNNER(bind); RUNNER(listen); RUNNER(accept); RUNNER(connect); RUNNER(send); RUNNER(recv);
RUNNER(shutdown); RUNNER(close); RUNNER(abort); RUNNER(setsockopt); RUNNER(getsockopt); RUNNER(settimeout);

/* cmd_expect.c */
PARSER(expect);
RUNNER(expect);

/* cmd_session.c, cmd_view.c, cmd_wire.c: everything that is not a call */
PARSER(echo); PARSER(wait); PARSER(set); PARSER(print); PARSER(scope); PARSER(select); PARSER(signal);
PARSER(capture); PARSER(path); PARSER(bind_key); PARSER(theme); PARSER(import); PARSER(topic); PARSER(filter);
PARSER(raw); PARSER(view); PARSER(form); PARSER(match); PARSER(search); PARSER(explain); PARSER(graph);
RUNNER(echo); RUNNER(wait); RUNNER(set); RUNNER(print); RUNNER(scope); RUNNER(select); RUNNER(capture);
RUNNER(interface); RUNNER(source); RUNNER(save); RUNNER(bind_key); RUNNER(theme); RUNNER(quit); RUNNER(step);
RUNNER(view); RUNNER(form); RUNNER(stream); RUNNER(match); RUNNER(search); RUNNER(since); RUNNER(graph);
RUNNER(write); RUNNER(raw); RUNNER(filter); RUNNER(destroy); RUNNER(signal); RUNNER(nothing); RUNNER(ui);

/* cmd_table.c */
PARSER(columns); PARSER(group);
RUNNER(columns); RUNNER(group);

/* guide.c: what makes sense now, and what the prompt begins with */
FITS(open); FITS(bind); FITS(listen); FITS(accept); FITS(connect); FITS(send); FITS(recv); FITS(shutdown);
FITS(make); FITS(abort); FITS(step); FITS(destroy); FITS(signal); FITS(form);
FILL(socket); FILL(bind); FILL(connect); FILL(send); FILL(shutdown); FILL(setsockopt); FILL(write);
FILL(filter); FILL(match); FILL(search);

#endif
