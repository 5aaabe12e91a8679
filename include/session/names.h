/* names.h - names for the numbers that the kernel tells: users, interfaces, network namespaces. Each is asked for once
 * and kept, up to a number of them; beyond that numbers stay numbers.
 *
 * A user's name may come from a server far away. So there are two ways: a face that may wait asks when a name is needed
 * (NAMES_ASK); a screen only reads what another thread has learnt in advance (names_learn). One thread may learn while
 * one other reads.
 */
#ifndef SESSION_NAMES_H
#define SESSION_NAMES_H

#include "core/sock_column.h"

#include <stdint.h>

struct names;

enum names_mode { NAMES_ASK, NAMES_LEARNT };

struct names *names_new(enum names_mode mode);
void names_free(struct names *n); /* NULL is fine */
/* For columns; borrowed as long as `n` lives. Only for the thread that reads. */
const struct sock_names *names_table(const struct names *n);
/* The users of a snapshot's sockets and of their owners; of one. Only for the thread that learns. */
void names_learn(struct names *n, const struct snapshot *s);
void names_learn_user(struct names *n, uint32_t uid);

#endif
