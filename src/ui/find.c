#include "ui/find.h"

enum found find_row(size_t count, size_t from, int way, bool (*holds)(void *ctx, size_t row), void *ctx, size_t *at)
{
	bool round = false;
	size_t row = from;

	for (size_t i = 0; i < count; i++) {
		if (way > 0 ? row + 1 >= count : !row || row > count) {
			row = way > 0 ? 0 : count - 1;
			round = true;
		} else {
			row = way > 0 ? row + 1 : row - 1;
		}
		if (holds(ctx, row)) {
			*at = row;
			return round ? FOUND_ROUND : FOUND_HERE;
		}
	}
	return FOUND_NOTHING;
}
