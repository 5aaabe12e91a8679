#include "inside.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct __user_cap_header_struct head_t;
typedef struct __user_cap_data_struct sets_t;

int capabilities_effective(uint64_t *out)
{
	head_t head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	sets_t sets[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &head, sets))
		return -errno;
	*out = sets[0].effective | (uint64_t)sets[1].effective << 32;
	return 0;
}

int capabilities_clear(void)
{
	head_t head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const sets_t none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return syscall(SYS_capset, &head, none) ? -errno : 0;
}

uint64_t capabilities_all(void)
{
	uint64_t all = 0;

	for (unsigned bit = 0; bit < 64 && prctl(PR_CAPBSET_READ, bit, 0, 0, 0) >= 0; bit++)
		all |= UINT64_C(1) << bit;
	return all;
}
