/* osc.h - the terminal's clipboard: OSC 52 of xterm's control sequences. */
#ifndef UI_OSC_H
#define UI_OSC_H

#include "util/buf.h"

enum { CLIPBOARD_MOST = 65536 }; /* bytes; more is cut */

/* Append the sequence that puts the text on the clipboard: the text travels as base64 (RFC
 * 4648), so it cannot end the sequence early. */
void osc_copy(struct buf *out, const char *text, size_t len);

#endif
