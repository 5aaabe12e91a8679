/* typed.h - the lines typed at the prompt, kept from one sitting to the next in $XDG_STATE_HOME/sockeye/history (else
 * ~/.local/state/sockeye/history), mode 0600. A file that cannot be read or written is no error: nothing is kept then.
 */
#ifndef SESSION_TYPED_H
#define SESSION_TYPED_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* The newest `most` lines, oldest first, each to be freed; returns how many. */
size_t typed_load(char **lines, size_t most);
/* The folder of that file, made if need be; appends its path. False where there is none. */
bool typed_folder(struct buf *path);
void typed_append(const char *line);

#endif
