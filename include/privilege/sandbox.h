/* sandbox.h - takes away from this process what decoding and drawing do not need, once what
 * needs a privilege was opened and the broker was forked: capabilities of every set
 * (capabilities(7)), the uid that sudo gave, gaining any again (no_new_privs, prctl(2)),
 * writing elsewhere (landlock(7)), and system calls that nobody here makes (seccomp(2)).
 *
 * All of it holds for the thread that asks and those it starts later: call both functions while
 * there is one thread. What the kernel cannot do is left out and told, unless `strict`. */
#ifndef PRIVILEGE_SANDBOX_H
#define PRIVILEGE_SANDBOX_H

#include "privilege/privilege.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;

enum { SANDBOX_FOLDERS = 32 };

enum sandbox_part {
	SANDBOX_CAPABILITIES,
	SANDBOX_UID,
	SANDBOX_NO_NEW_PRIVS,
	SANDBOX_LANDLOCK,
	SANDBOX_SECCOMP,
	SANDBOX_PARTS
};

struct sandbox_config {
	bool none;     /* --no-sandbox: nothing is done */
	bool strict;   /* --sandbox-strict: a part that cannot be had is an error */
	bool keep_uid; /* --no-uid-drop */
};

struct sandbox {
	bool on;                /* sandbox_confine has worked, in whole or in part */
	unsigned done, missing; /* bits 1 << enum sandbox_part; a part that there was no need for is in neither */
	char *writable[SANDBOX_FOLDERS]; /* resolved; writes below them are let through */
	size_t writable_count;
	char *sockets[4]; /* UNIX socket paths may also be made below these */
	size_t socket_count;
};

/* A folder below which files may be written: call before sandbox_confine. One that is not
 * there, and "/", are left out. */
void sandbox_allow_folder(struct sandbox *s, const char *path);
/* The folder in which this file is. "-" is none. */
void sandbox_allow_file(struct sandbox *s, const char *path);

/* First half: ambient and bounding set, uid and groups (HOME becomes the user's), capabilities,
 * no_new_privs. */
int sandbox_give_up(struct sandbox *s, const struct sandbox_config *config, const struct privileges *held,
		    struct err *e);
/* Second half: Landlock and seccomp. */
int sandbox_confine(struct sandbox *s, const struct sandbox_config *config, struct err *e);
/* For `run`: no_new_privs alone. */
int sandbox_no_new_privs(struct err *e);
void sandbox_done(struct sandbox *s);

/* May this file be written (made, replaced)? True without a sandbox. Otherwise -EACCES with a
 * sentence that names --sandbox-write; 0 says nothing of the file's own mode. */
int sandbox_may_write(const struct sandbox *s, const char *path, struct err *e);
/* "sandboxed", "sandboxed but for seccomp", "no sandbox". Returns out. */
char *sandbox_words(const struct sandbox *s, char *out, size_t size);
/* For `sockeye --privileges`: what is confined. Appends. */
void sandbox_describe(const struct sandbox *s, struct buf *out);

#endif
