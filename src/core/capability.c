#include "core/capability.h"

#include "util/err.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
const struct capability_row capabilities[CAPABILITIES] = {
	[CAPABILITY_NET_RAW] = { "CAP_NET_RAW", 13,
		"capture (Traffic, dump), the SOCK_RAW listener, raw and packet sockets",
		"capture and raw sockets are refused; calls and kernel states are shown all the same", true },
	[CAPABILITY_NET_ADMIN] = { "CAP_NET_ADMIN", 12,
		"destroying a socket (K, list -K), SO_MARK, IP_TRANSPARENT, SO_RCVBUFFORCE and their like, marks of all sockets",
		"a socket of somebody else cannot be destroyed, some options are refused", true },
	[CAPABILITY_BPF] = { "CAP_BPF", 39,
		"with CAP_PERFMON: owners of all sockets by a BPF iterator, in one pass",
		"owners are looked up in /proc", true },
	[CAPABILITY_PERFMON] = { "CAP_PERFMON", 38,
		"with CAP_BPF: owners of all sockets by a BPF iterator, in one pass",
		"owners are looked up in /proc", true },
	[CAPABILITY_SYS_PTRACE] = { "CAP_SYS_PTRACE", 19,
		"with CAP_DAC_READ_SEARCH: owners of other users' sockets, from /proc",
		"owners of other users' sockets are unknown, unless BPF tells them", true },
	[CAPABILITY_DAC_READ_SEARCH] = { "CAP_DAC_READ_SEARCH", 2,
		"with CAP_SYS_PTRACE: owners of other users' sockets, from /proc",
		"owners of other users' sockets are unknown, unless BPF tells them", true },
	[CAPABILITY_NET_BIND_SERVICE] = { "CAP_NET_BIND_SERVICE", 10,
		"bind to a port below 1024",
		"ports below net.ipv4.ip_unprivileged_port_start are refused", false },
	[CAPABILITY_KILL] = { "CAP_KILL", 5,
		"signals to other users' processes",
		"signals reach one's own processes only", false },
	[CAPABILITY_SYS_ADMIN] = { "CAP_SYS_ADMIN", 21,
		"sockets of other network namespaces (--netns)",
		"only this network namespace is seen", false },
};
/* clang-format on */

static void lower(char *out, size_t size, const char *name)
{
	size_t i = 0;

	for (; name[i] && i + 1 < size; i++)
		out[i] = (char)tolower((unsigned char)name[i]);
	out[i] = '\0';
}

static char *command(char *out, size_t size, const char *names)
{
	char path[200];
	ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);

	path[len > 0 ? len : 0] = '\0';
	snprintf(out, size, "sudo setcap %s+ep %s", names, len > 0 ? path : "sockeye");
	return out;
}

char *capability_command(char *out, size_t size, unsigned rows)
{
	char names[CAPABILITIES * 24] = "";
	size_t used = 0;

	for (unsigned i = 0; i < CAPABILITIES; i++) {
		char name[24];

		if (!(rows & 1u << i))
			continue;
		lower(name, sizeof name, capabilities[i].name);
		used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? "," : "", name);
	}
	return command(out, size, names);
}

char *capability_needs(char *out, size_t size, const char *name)
{
	char small[40], grant[CAPABILITY_TEXT];

	lower(small, sizeof small, name);
	snprintf(out, size, "needs %s: run as root, or: %s", name, command(grant, sizeof grant, small));
	return out;
}

int capability_refused(struct err *e, const char *what, const char *name)
{
	char needs[CAPABILITY_TEXT];

	return err_set(e, EPERM, "%s %s", what, capability_needs(needs, sizeof needs, name));
}
