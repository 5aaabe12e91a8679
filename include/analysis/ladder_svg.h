/* ladder_svg.h - a ladder as a drawing, SVG 1.1: for papers, tickets and lessons. Pure; the text of
 * foreign names and payloads is escaped.
 */
#ifndef ANALYSIS_LADDER_SVG_H
#define ANALYSIS_LADDER_SVG_H

#include "analysis/ladder.h"

/* Append. `times`: gaps at the left, and how long calls took. */
void ladder_svg(const struct ladder *l, bool times, struct buf *out);

#endif
