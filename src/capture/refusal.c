/* refusal.c - the words for a capture that the kernel refuses. */
#include "inside.h"

#include "core/capability.h"

int capture_refused(struct err *e, const char *what)
{
	return capability_refused(e, what, capabilities[CAPABILITY_NET_RAW].name);
}
