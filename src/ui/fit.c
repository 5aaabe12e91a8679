#include "ui/fit.h"

/* What a firm column keeps while columns of this rank and above are there: a full IPv6 address with its port, then an
 * IPv4 one, then no more than others. */
static const struct {
	int cells, rank;
} firmness[] = { { 47, 10 }, { 21, 7 }, { 0, 1 } };

static int total(const struct fit *columns, size_t count, int gap)
{
	int sum = 0;

	for (size_t i = 0; i < count; i++)
		if (columns[i].width)
			sum += columns[i].width + (sum ? gap : 0);
	return sum;
}

/* The column that is the first to go; NULL when only those are left that stay: of a lower rank. */
static struct fit *least_wanted(struct fit *columns, size_t count, int rank)
{
	struct fit *victim = NULL;

	for (size_t i = 0; i < count; i++)
		if (columns[i].width && columns[i].rank >= rank && (!victim || columns[i].rank >= victim->rank))
			victim = &columns[i];
	return victim;
}

static int at_least(const struct fit *f)
{
	return f->least && f->least < f->wanted ? f->least : f->wanted;
}

/* Leave columns of that rank and above out until the rest fits, firm ones with as many cells. */
static void leave_out(struct fit *columns, size_t count, int width, int gap, int cells, int rank)
{
	struct fit *victim;

	for (size_t i = 0; i < count; i++) {
		struct fit *f = &columns[i];
		int keeps = f->firm ? (f->wanted < cells ? f->wanted : cells) : 0;

		if (f->width)
			f->width = keeps > at_least(f) ? keeps : at_least(f);
	}
	while (total(columns, count, gap) > width && (victim = least_wanted(columns, count, rank)))
		victim->width = 0;
}

int fit_columns(struct fit *columns, size_t count, int width, int gap)
{
	int over;

	for (size_t i = 0; i < count; i++)
		columns[i].width = columns[i].wanted > 0 ? columns[i].wanted : 0;
	for (size_t i = 0; i < sizeof firmness / sizeof *firmness; i++)
		leave_out(columns, count, width, gap, firmness[i].cells, firmness[i].rank);
	for (size_t i = 0; i < count; i++)
		if (columns[i].width)
			columns[i].width = columns[i].wanted;
	for (over = total(columns, count, gap) - width; over > 0; over--) {
		struct fit *widest = NULL;

		for (size_t i = 0; i < count; i++)
			if (columns[i].width > at_least(&columns[i]) && (!widest || columns[i].width > widest->width))
				widest = &columns[i];
		if (!widest)
			break;
		widest->width--;
	}
	return total(columns, count, gap);
}
