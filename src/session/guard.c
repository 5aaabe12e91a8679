#include "session/guard.h"

#include "session/typed.h"
#include "util/buf.h"
#include "util/err.h"

void guard_init(struct guard *g)
{
	*g = (struct guard){ 0 };
	privileges_read(&g->held);
}

int guard_enter(struct guard *g, struct err *e)
{
	struct buf state = { 0 };
	int rc;

	if (!g || g->entered || g->wanted.none)
		return 0;
	g->entered = true;
	sandbox_allow_folder(&g->box, ".");
	rc = sandbox_give_up(&g->box, &g->wanted, &g->held, e);
	if (rc)
		return rc;
	if (g->state && typed_folder(&state)) /* made by the user, not by root */
		sandbox_allow_folder(&g->box, state.data);
	buf_done(&state);
	return sandbox_confine(&g->box, &g->wanted, e);
}

int guard_may_write(const struct guard *g, const char *path, struct err *e)
{
	return g && g->entered ? sandbox_may_write(&g->box, path, e) : 0;
}

void guard_done(struct guard *g)
{
	sandbox_done(&g->box);
}
