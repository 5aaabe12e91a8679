#include "out_file.h"

#include "util/err.h"
#include "util/real_user.h"
#include "util/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FLAGS = O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, MODE = 0666 };

/* "-", "/dev/stdout", "/dev/fd/63" as the shell writes >(…); -1 for what is a path. */
static int descriptor_named(const char *path)
{
	static const char fds[] = "/dev/fd/";
	int64_t fd;

	if (!strcmp(path, "-") || !strcmp(path, "/dev/stdout"))
		return STDOUT_FILENO;
	if (!strncmp(path, fds, sizeof fds - 1) && text_parse_int(path + sizeof fds - 1, &fd) && fd >= 0 &&
	    fd < 1 << 20)
		return (int)fd;
	return -1;
}

/* What is there already is taken only once it is known to be no trap. */
static int check_old(int fd, const char *path, const char *reading, bool *regular, struct err *e)
{
	struct stat st, input;

	if (fstat(fd, &st))
		return err_set(e, errno, "%s: %s", path, strerror(errno));
	*regular = S_ISREG(st.st_mode);
	if (!*regular)
		return 0;
	if (reading && (strcmp(reading, "-") ? !stat(reading, &input) : !fstat(0, &input)) &&
	    input.st_dev == st.st_dev && input.st_ino == st.st_ino)
		return err_set(e, EINVAL, "%s is the file that is being read", path);
	if (ftruncate(fd, 0))
		return err_set(e, errno, "%s: %s", path, strerror(errno));
	return 0;
}

int out_file_open(const char *path, const char *reading, bool keep, bool *regular, struct err *e)
{
	int fd = descriptor_named(path), rc;

	*regular = false;
	if (fd >= 0) {
		fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
		return fd >= 0 ? fd : err_set(e, errno, "%s: %s", path, strerror(errno));
	}
	fd = open(path, FLAGS | O_CREAT | O_EXCL, MODE);
	if (fd >= 0) {
		real_user_owns(fd);
		*regular = true;
		return fd;
	}
	if (errno == EEXIST && keep)
		return err_set(e, EEXIST, "%s: the file exists already", path);
	if (errno == EEXIST)
		fd = open(path, FLAGS);
	if (fd < 0)
		return err_set(e, errno, "%s: %s", path,
			       errno == ELOOP ? "a symbolic link is in the way" : strerror(errno));
	rc = check_old(fd, path, reading, regular, e);
	if (rc) {
		close(fd);
		return rc;
	}
	return fd;
}
