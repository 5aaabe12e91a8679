/* command.h - the one table of commands. Keys, the prompt, step scripts, the configuration, completion, the hint line,
 * the help pane and the manual all read it: a row carries behaviour and words.
 *
 * To add a command: a row here in src/session/command_table.c, its parser and its run function beside its family
 * (src/session/cmd_*.c). Nothing else.
 */
#ifndef SESSION_COMMAND_H
#define SESSION_COMMAND_H

#include "session/step.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct session;
struct parser;
struct run;

enum command_flag {
	COMMAND_SOCKET = 1 << 0,  /* acts on a socket: NAME.command, or the current one */
	COMMAND_MAKES = 1 << 1,   /* makes a socket: NAME = command */
	COMMAND_RESULT = 1 << 2,  /* `data = s.recv(…)`: a name before it is allowed and means nothing */
	COMMAND_AT_ONCE = 1 << 3, /* its key acts at once; else the key opens the prompt with the command filled in */
	COMMAND_UI = 1 << 4,      /* only does something where there is a screen */
	COMMAND_REST = 1 << 5,    /* takes the rest of the line as it stands: filter, print, bind-key */
	COMMAND_CALL = 1 << 6,    /* is a call on a socket, shown in Calls and counted as a step of a life */
	COMMAND_CONFIG = 1 << 7,  /* makes sense in the configuration file */
	COMMAND_ASKS = 1 << 8,    /* its key asks first; the answer no is the default */
	COMMAND_LIVE = 1 << 9,    /* makes or changes sockets: not in a recording */
	COMMAND_HOST = 1 << 10,   /* needs a living host: not while a file is open */
};

/* What a run function answers. */
enum run_result { RUN_DONE, RUN_WAIT, RUN_FAIL };

/* What an argument is, for completion. */
enum complete {
	COMPLETE_NOTHING,
	COMPLETE_FAMILY,
	COMPLETE_TYPE,
	COMPLETE_PROTOCOL,
	COMPLETE_ADDRESS,
	COMPLETE_DATA,
	COMPLETE_SHUTDOWN,
	COMPLETE_OPTION,
	COMPLETE_OPTION_VALUE,
	COMPLETE_NAME,
	COMPLETE_FILE,
	COMPLETE_EXPECT,
	COMPLETE_SETTING,
	COMPLETE_SETTING_VALUE,
	COMPLETE_DEVICE,
	COMPLETE_COMMAND,
	COMPLETE_STARTSTOP,
	COMPLETE_SCOPE,
	COMPLETE_THEME,
	COMPLETE_ONOFF,
	COMPLETE_TOPIC,
	COMPLETE_RAW,
	COMPLETE_GRAPH,
	COMPLETE_GROUP,
	COMPLETE_COLUMN
};

enum { COMMAND_ARGS = 4 };

struct command {
	const char *name;    /* "connect" */
	const char *aliases; /* other spellings, blank separated ("sendall sendto"), or NULL */
	const char *key;     /* "c", "Space", "Tab", "C-l"; several blank separated; NULL: none */
	const char *hint;    /* one or two words for the key hint line; NULL: never there */
	const char *group;   /* heading in help: "Sockets", "Traffic", "View", "Session" */
	const char *usage;   /* arguments as the language writes them: "ADDRESS [nowait]" */
	const char *help;    /* one sentence */
	unsigned flags;      /* enum command_flag */
	enum complete complete[COMMAND_ARGS];
	int (*parse)(struct parser *p, struct step *out); /* NULL: takes no arguments */
	enum run_result (*run)(struct session *s, struct run *r);
	bool (*fits)(const struct session *s);                   /* does its key make sense now? NULL: always */
	void (*fill)(const struct session *s, struct buf *line); /* the prompt's text; NULL: the name and a blank */
	int ui;                                                  /* COMMAND_UI: enum ui_action */
};

extern const struct command commands[]; /* ends with a NULL name */

/* Keys whose command has arguments: they run the line at once. Help shows them in their group. */
struct key_line {
	const char *key, *line, *group, *help;
};
extern const struct key_line key_lines[]; /* ends with a NULL key */

const struct command *command_find(const char *name, size_t len); /* by name or alias; NULL */
/* Whatever the user has bound to the key, else the row whose default key it is: the command line to run. `at_once`
 * tells whether it runs or opens the prompt. NULL: the key is free. The text is valid until the next call. */
const char *command_for_key(struct session *s, const char *key, bool *at_once, const struct command **row);

/* Actions that only the ui can do; it plugs in a function (session.h, struct session_hooks). */
enum ui_action {
	UI_NOTHING,
	UI_HELP,
	UI_NEXT_PANE,
	UI_PREVIOUS_PANE,
	UI_DETAIL,
	UI_BACK,
	UI_ZOOM,
	UI_PAUSE,
	UI_REDRAW,
	UI_PROMPT,
	UI_INSPECTOR_PAGE,
	UI_SORT,
	UI_REVERSE,
	UI_COPY,
	UI_OPTIONS,
	UI_OPTIONS_END,
	UI_TRAFFIC,
	UI_GRAPH,
	UI_GRAPH_PAGE,
	UI_EXPLAIN,
	UI_SEARCH,
	UI_SEARCH_BACK,
	UI_NEXT_SAME,
	UI_PREVIOUS_SAME,
	UI_NEXT_ITEM,
	UI_PREVIOUS_ITEM,
	UI_MARK,
	UI_SOCKETS,
	UI_COLUMNS,
	UI_SETTINGS,
	UI_UP,
	UI_DOWN,
	UI_PAGE_UP,
	UI_PAGE_DOWN,
	UI_TOP,
	UI_BOTTOM,
	UI_LEFT,
	UI_RIGHT
};

#endif
