/* ladder_paint.h - a line of a ladder in the colours of the theme. */
#ifndef UI_LADDER_PAINT_H
#define UI_LADDER_PAINT_H

#include "analysis/ladder_line.h"
#include "ui/grid.h"

void ladder_paint(const struct area *a, int y, const struct ladder_line *line);

#endif
