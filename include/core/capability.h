/* capability.h - the capabilities(7) that matter to sockeye: one row each, what it brings, what
 * is missed without it and how it is granted. `sockeye --privileges`, the status line, the
 * texts of refusals, README's table and `make setcap` say what stands here. Nothing but words:
 * what a process holds is told by privilege/privilege.h. */
#ifndef CORE_CAPABILITY_H
#define CORE_CAPABILITY_H

#include <stdbool.h>
#include <stddef.h>

struct err;

enum capability {
	CAPABILITY_NET_RAW,
	CAPABILITY_NET_ADMIN,
	CAPABILITY_BPF,
	CAPABILITY_PERFMON,
	CAPABILITY_SYS_PTRACE,
	CAPABILITY_DAC_READ_SEARCH,
	CAPABILITY_NET_BIND_SERVICE,
	CAPABILITY_KILL,
	CAPABILITY_SYS_ADMIN,
	CAPABILITIES
};

struct capability_row {
	const char *name;    /* "CAP_NET_RAW" */
	int bit;             /* as in linux/capability.h */
	const char *brings;  /* what works with it */
	const char *without; /* what does not, and what is there instead */
	bool setcap;         /* `make setcap` gives it to an installed binary */
};
extern const struct capability_row capabilities[CAPABILITIES];

enum { CAPABILITY_TEXT = 300 };

/* "sudo setcap cap_net_raw,cap_bpf+ep /usr/local/bin/sockeye": for these rows (bits 1 << enum
 * capability), at the path of the running program. Returns out. */
char *capability_command(char *out, size_t size, unsigned rows);
/* The words of a refusal: "needs CAP_NET_RAW: run as root, or: sudo setcap cap_net_raw+ep
 * PATH". Any capability's name will do, also one without a row. Returns out. */
char *capability_needs(char *out, size_t size, const char *name);
/* -EPERM, *e being `what` and those words. */
int capability_refused(struct err *e, const char *what, const char *name);

#endif
