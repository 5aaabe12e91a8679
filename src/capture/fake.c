/* fake.c - packets from memory, for tests and demonstrations: all of them, in order, then a regular
 * end. */
#include "inside.h"
#include "soft_filter.h"

#include "util/clock.h"
#include "util/mem.h"

#include <stdlib.h>

struct fake {
	struct soft_filter filter;
	uint32_t next;
};

static int fake_filter(struct capture *c, const char *text, struct err *e)
{
	struct fake *f = c->source;
	int dlt = c->config.fake_count ? c->config.fake[0].linktype : LINKTYPE_ETHERNET;

	return soft_filter_set(&f->filter, dlt, text, e);
}

static void fake_close(struct capture *c)
{
	struct fake *f = c->source;

	soft_filter_done(&f->filter);
	free(f);
	c->source = NULL;
}

static int fake_open(struct capture *c, struct err *e)
{
	int rc;

	c->source = mem_alloc(sizeof(struct fake));
	rc = fake_filter(c, c->config.filter, e);
	if (rc)
		fake_close(c);
	return rc;
}

static int fake_read(struct capture *c, struct err *e)
{
	struct fake *f = c->source;

	(void)e;
	for (unsigned n = 0; n < BATCH; n++) {
		const struct packet *p = c->config.fake + f->next;
		struct arrival a;

		if (f->next == c->config.fake_count)
			return CAPTURE_END;
		f->next++;
		a = (struct arrival){
			.bytes = c->config.fake_bytes + p->offset,
			.at_ns = p->at_ns ? p->at_ns : clock_real_ns(),
			.len = p->len,
			.cap = p->cap,
			.ifindex = p->ifindex,
			.linktype = p->linktype,
			.direction = p->direction,
		};
		link_facts(&a);
		if (soft_filter_passes(&f->filter, a.bytes, a.len, a.cap))
			capture_take(c, &a);
	}
	return CAPTURE_SOME;
}

static int fake_fd(const struct capture *c, int *timeout_ms)
{
	(void)c;
	(void)timeout_ms;
	return -1;
}

const struct capture_ops capture_fake = {
	.name = "fake",
	.open = fake_open,
	.read = fake_read,
	.filter = fake_filter,
	.fd = fake_fd,
	.close = fake_close,
};
