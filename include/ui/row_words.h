/* row_words.h - what a row of the session is called in titles and questions. */
#ifndef UI_ROW_WORDS_H
#define UI_ROW_WORDS_H

#include "session/session.h"
#include "util/buf.h"

#include <stdbool.h>

/* Its name, its process, or kind and address. Appends. */
void row_label(const struct row *r, struct buf *out);
/* At length: "tcp 127.0.0.1:80 → 127.0.0.1:40312 of nginx (pid 812)". Appends. */
void row_sentence(const struct row *r, bool ascii, struct buf *out);
/* Not ours, so nobody tells us of its calls. */
bool row_is_foreign(const struct row *r);

/* The row that stands for all packets of a file. */
bool row_is_all(const struct row *r);

#endif
