/* src/kernel/proc_net.c: lines of /proc/net/raw, raw6, icmp, packet and netlink; and process.c:
 * /proc/PID/cgroup. The first byte chooses which. */
#include "../../src/kernel/inside.h"

#include "kernel/sampler.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static bool parse(unsigned which, const char *line, struct sock *s)
{
	switch (which) {
	case 0: return diag_line_raw(line, AF_INET, SOCK_RAW, s);
	case 1: return diag_line_raw(line, AF_INET6, SOCK_RAW, s);
	case 2: return diag_line_raw(line, AF_INET, SOCK_DGRAM, s);
	case 3: return diag_line_packet(line, s);
	default: return diag_line_netlink(line, s);
	}
}

static void group(const char *text)
{
	struct process p = { 0 };

	process_cgroup(text, &p);
	if (!memchr(p.unit, 0, sizeof p.unit) || (p.container[0] && strspn(p.container, "0123456789abcdef") != 64))
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct sock s = { 0 };
	char *text;

	if (!len || len > 1 << 16)
		return 0;
	text = malloc(len);
	if (!text)
		abort();
	memcpy(text, bytes + 1, len - 1);
	text[len - 1] = '\0';
	if (bytes[0] % 6 == 5)
		group(text);
	else if (parse(bytes[0] % 6, text, &s) && (!s.family || !sock_proto(&s)))
		__builtin_trap();
	free(text);
	return 0;
}
