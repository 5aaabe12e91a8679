/* inside.h - what the sandbox's files share. Each returns 0 or -errno: -ENOSYS or -EOPNOTSUPP where the kernel cannot.
 * */
#ifndef SRC_PRIVILEGE_INSIDE_H
#define SRC_PRIVILEGE_INSIDE_H

#include "privilege/sandbox.h"

#include <stdbool.h>
#include <stdint.h>

/* capget(2), capset(2), bits 1 << CAP_; the wrappers of libcap are not worth loading it at every start. */
int capabilities_effective(uint64_t *out);
int capabilities_clear(void); /* all three sets */
uint64_t capabilities_all(void); /* those that this kernel has */

int landlock_enter(const struct sandbox *s, struct err *e);
int seccomp_enter(struct err *e);

#endif
