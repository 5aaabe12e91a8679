/* beside_page.h - the Inspector's page "kernel | wire": a row for each figure, what the kernel says,
 * what the packets show, and a sign where they differ; below, why.
 */
#ifndef UI_BESIDE_PAGE_H
#define UI_BESIDE_PAGE_H

#include "analysis/beside.h"
#include "session/session.h"
#include "ui/sheet.h"

struct beside_page;

struct beside_page *beside_page_new(void);
void beside_page_free(struct beside_page *p); /* NULL is fine */
void beside_page_settle(struct beside_page *p, const struct session *s,
			const struct row *r, /* NULL: nothing is selected */
			int w, int h);
void beside_page_draw(const struct beside_page *p, const struct area *a);
struct sheet *beside_page_sheet(struct beside_page *p); /* what scrolls */

#endif
