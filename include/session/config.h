/* config.h - the configuration file: the command language again (set, theme, bind-key, scope, capture).
 *
 * Which file: the one that was named, else $SOCKEYE_CONFIG, else $XDG_CONFIG_HOME/sockeye/config, else
 * ~/.config/sockeye/config. A wrong line is reported with its place and the rest still applies; a file that cannot be
 * read is a warning.
 */
#ifndef SESSION_CONFIG_H
#define SESSION_CONFIG_H

#include <stddef.h>

struct buf;
struct session;

/* Read and apply. `named` may be NULL. One warning a line is appended to `warnings`; returns how many. */
size_t config_load(struct session *s, const char *named, struct buf *warnings);

/* A path below $XDG_CONFIG_HOME or $XDG_STATE_HOME: `variable` and its default below HOME. 0, or -ENOENT without a
 * HOME. */
int config_path(const char *variable, const char *fallback, const char *file, struct buf *out);

#endif
