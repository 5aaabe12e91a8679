/* inside.h - what the sandbox's files share. Each returns 0 or -errno: -ENOSYS or -EOPNOTSUPP where the kernel cannot. */
#ifndef SRC_PRIVILEGE_INSIDE_H
#define SRC_PRIVILEGE_INSIDE_H

#include "privilege/sandbox.h"

int landlock_enter(const struct sandbox *s, struct err *e);
int seccomp_enter(struct err *e);

#endif
