/* refusal.c - the words for a capture that the kernel refuses. */
#include "inside.h"

#include <errno.h>
#include <unistd.h>

int capture_refused(struct err *e, const char *what)
{
	char path[200];
	ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);

	path[len > 0 ? len : 0] = '\0';
	return err_set(e, EPERM,
		       "%s needs CAP_NET_RAW: run as root, or: sudo setcap cap_net_raw+ep %s", what,
		       len > 0 ? path : "sockeye");
}
