/* real_user.h - for whom root works: the user who called sudo(8), by what sudo leaves in the
 * environment. Only a process that is root believes it. */
#ifndef UTIL_REAL_USER_H
#define UTIL_REAL_USER_H

#include <stdbool.h>
#include <sys/types.h>

/* False: we are not root, or sudo did not start us. */
bool real_user(uid_t *uid, gid_t *gid);
/* A file that we have just made is the real user's; else it stays as it is. */
void real_user_owns(int fd);
/* mkdir(2), and the folder is theirs. What is there already stays as it is; what fails shows
 * when it is used. */
void real_user_folder(const char *path, mode_t mode);

#endif
