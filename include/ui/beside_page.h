/* beside_page.h - the Inspector's page "kernel | wire": a row for each figure, what the kernel says,
 * what the packets show, and a sign where they differ; below, why.
 */
#ifndef UI_BESIDE_PAGE_H
#define UI_BESIDE_PAGE_H

#include "session/beside_of.h"
#include "ui/sheet.h"

struct beside_page;

struct beside_page *beside_page_new(void);
void beside_page_free(struct beside_page *p); /* NULL is fine */
/* `r` NULL: nothing is selected. `wire` is brought up to date; the Inspector's pages share it. */
/* Why there is nothing to put side by side; NULL: there is. */
const char *beside_page_unfit(const struct row *r);
void beside_page_settle(struct beside_page *p, const struct session *s, const struct row *r, struct wire_of *wire,
			int w, int h);
void beside_page_draw(const struct beside_page *p, const struct area *a);
struct sheet *beside_page_sheet(struct beside_page *p); /* what scrolls */

#endif
