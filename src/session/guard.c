#include "session/guard.h"

#include "capture/capture.h"
#include "session/typed.h"
#include "util/buf.h"
#include "util/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void guard_init(struct guard *g)
{
	*g = (struct guard){ 0 };
	privileges_read(&g->held);
}

void guard_broker(struct guard *g)
{
	if (!g->wanted.none && broker_start(&g->broker, NULL))
		g->lost = true;
}

struct broker *guard_helper(const struct guard *g)
{
	return g && broker_alive(g->broker) ? g->broker : NULL;
}

bool guard_has_lost(const struct guard *g)
{
	return g && g->broker && !g->lost && !broker_alive(g->broker);
}

static int enter(struct guard *g, struct err *e)
{
	struct buf state = { 0 };
	int rc;

	sandbox_allow_folder(&g->box, ".");
	rc = sandbox_give_up(&g->box, &g->wanted, &g->held, e);
	if (rc)
		return rc;
	if (g->state && typed_folder(&state)) /* made by the user, not by root */
		sandbox_allow_folder(&g->box, state.data);
	buf_done(&state);
	return sandbox_confine(&g->box, &g->wanted, e);
}

int guard_enter(struct guard *g, struct err *e)
{
	if (!g || g->wanted.none)
		return 0;
	if (!g->entered) {
		capture_prepare();
		enter(g, &g->failure);
	}
	g->entered = true;
	return g->failure.code ? err_set(e, g->failure.code, "%s", g->failure.text) : 0;
}

int guard_may_write(const struct guard *g, const char *path, struct err *e)
{
	return g && g->entered ? sandbox_may_write(&g->box, path, e) : 0;
}

void guard_explain(const struct guard *g, struct err *e)
{
	char text[ERR_TEXT];

	if (!g || !g->entered || g->held.uid || e->code != EACCES || strstr(e->text, "sandbox"))
		return;
	memcpy(text, e->text, sizeof text);
	err_set(e, EACCES, "%.200s (root's privileges were given away at the start: --no-sandbox keeps them)", text);
}

char *guard_words(const struct guard *g, char *out, size_t size)
{
	char held[48], box[64];

	snprintf(out, size, "%s, %s%s", privileges_words(&g->held, held, sizeof held),
		 sandbox_words(&g->box, box, sizeof box), g->lost ? ", no broker" : "");
	return out;
}

void guard_done(struct guard *g)
{
	sandbox_done(&g->box);
	broker_free(g->broker);
	g->broker = NULL;
}
