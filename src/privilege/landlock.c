/* landlock.c - which files may be written, landlock(7). Reading is not restricted, nor is the
 * network: packets, scripts and addresses are what the user points at. Executing is refused
 * everywhere.
 *
 * The system's header may be older than the kernel: the rights are numbered here. */
#include "inside.h"

#include "util/err.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum right {
	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	REMOVE_DIR = 1 << 4,
	REMOVE_FILE = 1 << 5,
	MAKE_CHAR = 1 << 6,
	MAKE_DIR = 1 << 7,
	MAKE_REG = 1 << 8,
	MAKE_SOCK = 1 << 9,
	MAKE_FIFO = 1 << 10,
	MAKE_BLOCK = 1 << 11,
	MAKE_SYM = 1 << 12,
	REFER = 1 << 13,
	TRUNCATE = 1 << 14,
};

enum {
	BY_ABI_1 = EXECUTE | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_CHAR | MAKE_DIR | MAKE_REG | MAKE_SOCK |
		   MAKE_FIFO | MAKE_BLOCK | MAKE_SYM,
	ON_FILE = WRITE_FILE | TRUNCATE,
	WRITABLE = ON_FILE | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SOCK | REFER,
	SOCKETS = MAKE_SOCK | REMOVE_FILE,
};

/* Beside the folders: what a terminal program writes to. */
static const char *const devices[] = { "/dev/null", "/dev/tty", "/dev/pts" };

static int add(int ruleset, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = rights };
	struct stat st;
	int rc = 0;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return 0; /* what is not there cannot be written */
	if (!fstat(rule.parent_fd, &st) && !S_ISDIR(st.st_mode))
		rule.allowed_access &= ON_FILE;
	if (rule.allowed_access && syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0))
		rc = -errno;
	close(rule.parent_fd);
	return rc;
}

static int add_all(int ruleset, const struct sandbox *s, uint64_t handled)
{
	int rc = 0;

	for (size_t i = 0; i < s->writable_count && !rc; i++)
		rc = add(ruleset, s->writable[i], WRITABLE & handled);
	for (size_t i = 0; i < s->socket_count && !rc; i++)
		rc = add(ruleset, s->sockets[i], SOCKETS & handled);
	for (size_t i = 0; i < sizeof devices / sizeof *devices && !rc; i++)
		rc = add(ruleset, devices[i], WRITE_FILE);
	return rc;
}

int landlock_enter(const struct sandbox *s, struct err *e)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct landlock_ruleset_attr attr = { .handled_access_fs = BY_ABI_1 };
	int ruleset, rc;

	if (abi < 0)
		return err_set(e, errno, "this kernel has no Landlock: %s", strerror(errno));
	attr.handled_access_fs |= (abi >= 2 ? REFER : 0) | (abi >= 3 ? TRUNCATE : 0);
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
	if (ruleset < 0)
		return err_set(e, errno, "landlock_create_ruleset: %s", strerror(errno));
	rc = add_all(ruleset, s, attr.handled_access_fs);
	if (!rc && syscall(SYS_landlock_restrict_self, ruleset, 0))
		rc = -errno;
	close(ruleset);
	return rc ? err_set(e, -rc, "Landlock: %s", strerror(-rc)) : 0;
}
