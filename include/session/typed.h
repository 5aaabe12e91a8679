/* typed.h - the lines typed at the prompt, kept from one sitting to the next in $XDG_STATE_HOME/sockeye/history (else
 * ~/.local/state/sockeye/history), mode 0600. A file that cannot be read or written is no error: nothing is kept then.
 */
#ifndef SESSION_TYPED_H
#define SESSION_TYPED_H

#include <stddef.h>

/* The newest `most` lines, oldest first, each to be freed; returns how many. */
size_t typed_load(char **lines, size_t most);
void typed_append(const char *line);

#endif
