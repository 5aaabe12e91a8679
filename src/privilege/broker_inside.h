/* broker_inside.h - the two ends of the broker's pairs. */
#ifndef SRC_PRIVILEGE_BROKER_INSIDE_H
#define SRC_PRIVILEGE_BROKER_INSIDE_H

#include <stddef.h>
#include <sys/types.h>

/* One message with at most one descriptor (-1: none). 0 or -errno; receiving: its length, 0 at the end of the pair. *fd
 * is the caller's; of several that came all are closed and *fds tells how many there were. */
int broker_send(int pair, const void *bytes, size_t len, int fd);
ssize_t broker_receive(int pair, void *bytes, size_t size, int *fd, unsigned *fds);

/* The broker's life: never returns. */
_Noreturn void broker_serve(int quick, int slow);

#endif
