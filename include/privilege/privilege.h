/* privilege.h - what this process may do: its effective capabilities and how it was started.
 * From the process itself, by libcap; what the file carries says nothing of what is held (a
 * mount may be nosuid, a bounding set smaller).
 *
 * Read it at the start, before the sandbox gives everything away. */
#ifndef PRIVILEGE_PRIVILEGE_H
#define PRIVILEGE_PRIVILEGE_H

#include "core/capability.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct buf;

struct privileges {
	unsigned held; /* bits 1 << enum capability: effective now */
	bool all;      /* every capability that the kernel knows */
	uid_t uid;     /* effective */
	bool sudo;     /* root, started by sudo: the two below say by whom */
	uid_t sudo_uid;
	gid_t sudo_gid;
};

void privileges_read(struct privileges *out);
/* For the status line: "root", "cap_net_raw+admin", "few privileges", "no privileges". Returns
 * out. */
char *privileges_words(const struct privileges *p, char *out, size_t size);
/* `sockeye --privileges`: what is held, what is missing and how to grant it. Appends; ends with
 * a newline. */
void privileges_describe(const struct privileges *p, struct buf *out);

#endif
