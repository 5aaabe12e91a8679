#include "util/real_user.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_id(const char *name, unsigned *out)
{
	const char *text = getenv(name);
	unsigned long value;
	char *end;

	if (!text || *text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || !value || value >= (uid_t)-1)
		return false;
	*out = (unsigned)value;
	return true;
}

bool real_user(uid_t *uid, gid_t *gid)
{
	return !geteuid() && read_id("SUDO_UID", uid) && read_id("SUDO_GID", gid);
}

void real_user_owns(int fd)
{
	uid_t uid;
	gid_t gid;

	if (real_user(&uid, &gid) && fchown(fd, uid, gid))
		return; /* it stays root's: the file system knows no owners, or the privilege is gone */
}

void real_user_folder(const char *path, mode_t mode)
{
	int fd = mkdir(path, mode) ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	real_user_owns(fd);
	close(fd);
}
