#include "ui/fit.h"

static int total(const struct fit *columns, size_t count, int gap)
{
	int sum = 0;

	for (size_t i = 0; i < count; i++)
		if (columns[i].width)
			sum += columns[i].width + (sum ? gap : 0);
	return sum;
}

/* The column that is the first to go; NULL when only those are left that never go. */
static struct fit *least_wanted(struct fit *columns, size_t count)
{
	struct fit *victim = NULL;

	for (size_t i = 0; i < count; i++)
		if (columns[i].width && columns[i].rank &&
		    (!victim || columns[i].rank >= victim->rank))
			victim = &columns[i];
	return victim;
}

static int at_least(const struct fit *f)
{
	return f->least && f->least < f->wanted ? f->least : f->wanted;
}

int fit_columns(struct fit *columns, size_t count, int width, int gap)
{
	int over;

	for (size_t i = 0; i < count; i++)
		columns[i].width = columns[i].wanted > 0 ? at_least(&columns[i]) : 0;
	while (total(columns, count, gap) > width) {
		struct fit *victim = least_wanted(columns, count);

		if (!victim)
			break;
		victim->width = 0;
	}
	for (size_t i = 0; i < count; i++)
		if (columns[i].width)
			columns[i].width = columns[i].wanted;
	for (over = total(columns, count, gap) - width; over > 0; over--) {
		struct fit *widest = NULL;

		for (size_t i = 0; i < count; i++)
			if (columns[i].width > at_least(&columns[i]) &&
			    (!widest || columns[i].width > widest->width))
				widest = &columns[i];
		if (!widest)
			break;
		widest->width--;
	}
	return total(columns, count, gap);
}
