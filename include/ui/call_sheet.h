/* call_sheet.h - one call in full: what was asked, what came of it, what an errno means, the
 * bytes as text and hex. */
#ifndef UI_CALL_SHEET_H
#define UI_CALL_SHEET_H

#include "lab/journal.h"
#include "ui/sheet.h"

/* Refill the sheet. Borrows the call's bytes: draw before the next call is made. NULL: it is no
 * longer kept. */
void call_sheet(struct sheet *out, const struct call *c, uint64_t since_ns, bool ascii);

/* "12:03:04.123456", local time. `out` has 24 bytes. Returns out. */
char *clock_text(char out[24], uint64_t at_ns);

#endif
