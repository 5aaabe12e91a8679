/* list_destroy.c - -K: what matches is shown, counted, and destroyed only with --yes (SOCK_DESTROY:
 * the program that has the socket gets ECONNABORTED, a TCP peer a reset). */
#include "cli/list.h"

#include "session/listing.h"
#include "util/err.h"

#include <errno.h>
#include <string.h>

struct result {
	size_t matched, destroyed, failed;
	size_t gone;  /* closed by itself meanwhile, often with its other end */
	size_t unfit; /* of a kind that cannot be destroyed */
	struct err first;
};

static bool is_fit(const struct record *r)
{
	enum sock_kind kind = record_kind(r);

	return kind == KIND_TCP || kind == KIND_UDP || kind == KIND_RAW || kind == KIND_UDPLITE || kind == KIND_MPTCP;
}

/* Those that cannot be destroyed are left out of what is shown. */
static void keep_fit(struct picked *p, struct result *result)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++)
		if (is_fit(&p->snapshot->records[p->rows[i]]))
			p->rows[kept++] = p->rows[i];
	result->unfit = p->count - kept;
	p->count = kept;
	result->matched = kept;
}

static void destroy(struct list *l, const struct picked *p, struct result *result)
{
	for (size_t i = 0; i < p->count; i++) {
		struct err e = { 0 };
		int rc = listing_destroy(l->listing, p->snapshot, &p->snapshot->records[p->rows[i]], &e);

		if (!rc) {
			result->destroyed++;
		} else if (rc == -ENOENT) {
			result->gone++;
		} else {
			if (!result->failed++)
				result->first = e;
		}
	}
}

static void total_text(struct list *l, const struct result *r)
{
	const char *s = r->matched == 1 ? "" : "s";

	if (!l->o->yes)
		buf_printf(&l->out, "%zu socket%s would be destroyed%s", r->matched, s,
			   r->matched ? "; --yes does it" : "");
	else
		buf_printf(&l->out, "%zu of %zu socket%s destroyed", r->destroyed, r->matched, s);
	if (r->gone)
		buf_printf(&l->out, ", %zu that the kernel did not find any more", r->gone);
	if (r->unfit)
		buf_printf(&l->out, "; %zu more match that are neither TCP, UDP nor RAW: they cannot be", r->unfit);
	buf_putc(&l->out, '\n');
}

static void total_json(struct list *l, const struct result *r)
{
	struct json j;

	json_init(&j, &l->out);
	json_object(&j, NULL);
	json_object(&j, "destroy");
	json_bool(&j, "dry_run", !l->o->yes);
	json_uint(&j, "matched", r->matched);
	json_uint(&j, "destroyed", r->destroyed);
	json_uint(&j, "gone", r->gone);
	json_uint(&j, "failed", r->failed);
	json_uint(&j, "unfit", r->unfit);
	json_end(&j, '}');
	json_end(&j, '}');
	buf_putc(&l->out, '\n');
}

static int failure(const struct result *r)
{
	bool refused = r->first.code == EPERM || r->first.code == EACCES;

	return complain(refused ? EXIT_PRIVILEGE : EXIT_FAILED, "%zu socket%s could not be destroyed: %s", r->failed,
			r->failed == 1 ? "" : "s", r->first.text);
}

int list_destroy(struct list *l, const struct picked *all)
{
	struct picked p = *all;
	struct result result = { 0 };

	keep_fit(&p, &result);
	if (l->o->common.json)
		list_json(l, &p);
	else if (p.count)
		list_text(l, &p);
	if (l->o->yes)
		destroy(l, &p, &result);
	if (l->o->common.json)
		total_json(l, &result);
	else
		total_text(l, &result);
	list_flush(l);
	return result.failed ? failure(&result) : EXIT_DONE;
}
