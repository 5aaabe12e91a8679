#include "file_filter.h"

#include "inside.h"

#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

static void forget_links(struct file_filter *f)
{
	for (unsigned i = 0; i < f->link_count; i++)
		soft_filter_done(&f->links[i].soft);
	f->link_count = 0;
}

void file_filter_done(struct file_filter *f)
{
	forget_links(f);
	free(f->text);
	*f = (struct file_filter){ 0 };
}

static int add_link(struct file_filter *f, uint16_t linktype, struct err *e)
{
	struct file_link *l = &f->links[f->link_count++];
	int rc;

	*l = (struct file_link){ .linktype = linktype };
	rc = soft_filter_set(&l->soft, link_dlt(linktype), f->text, e);
	l->never = rc;
	return rc;
}

void file_filter_know(struct file_filter *f, uint16_t linktype)
{
	for (unsigned i = 0; i < f->link_count; i++)
		if (f->links[i].linktype == linktype)
			return;
	if (f->link_count < FILE_LINKS)
		add_link(f, linktype, NULL);
}

int file_filter_set(struct file_filter *f, const char *text, struct err *e)
{
	static const uint16_t common[] = { LINKTYPE_ETHERNET, LINKTYPE_RAW, LINKTYPE_LINUX_SLL2 };
	struct file_filter made = { 0 };
	unsigned count = f->link_count, fit = 0;
	int rc = 0;

	made.text = mem_string(text);
	for (unsigned i = 0; i < (count ? count : sizeof common / sizeof *common); i++) {
		int one = add_link(&made, count ? f->links[i].linktype : common[i], fit ? NULL : e);

		fit += !one;
		rc = one;
	}
	if (!fit) {
		forget_links(&made);
		free(made.text);
		return rc;
	}
	if (!count)
		forget_links(&made);
	forget_links(f);
	free(f->text);
	f->text = made.text;
	memcpy(f->links, made.links, sizeof f->links);
	f->link_count = made.link_count;
	return 0;
}

bool file_filter_passes(struct file_filter *f, const struct file_item *item)
{
	unsigned i = 0;

	if (!f->text)
		return true;
	while (i < f->link_count && f->links[i].linktype != item->linktype)
		i++;
	if (i == f->link_count) {
		if (i == FILE_LINKS)
			return false;
		add_link(f, item->linktype, NULL);
	}
	return !f->links[i].never && soft_filter_passes(&f->links[i].soft, item->data, item->len, item->cap);
}
