#include "netns.h"

#include "core/capability.h"
#include "kernel/diag.h"
#include "util/err.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

uint64_t netns_own(void)
{
	struct stat st;

	return stat("/proc/thread-self/ns/net", &st) ? 0 : st.st_ino;
}

/* -EPERM for what the kernel keeps to itself, else what errno says. */
static int unreachable(struct err *e, const char *which)
{
	char grant[CAPABILITY_TEXT];

	if (errno != EPERM && errno != EACCES)
		return err_set(e, errno, "network namespace %s: %s", which, strerror(errno));
	capability_command(grant, sizeof grant, 1u << CAPABILITY_SYS_ADMIN | 1u << CAPABILITY_SYS_PTRACE);
	return err_set(e, EPERM,
		       "network namespace %s: entering it needs CAP_SYS_ADMIN, and CAP_SYS_PTRACE where another user's "
		       "process names it: run as root, or: %s",
		       which, grant);
}

static size_t add(const char *path, struct netns *out, size_t count, size_t most)
{
	struct stat st;

	if (count == most || stat(path, &st))
		return count;
	for (size_t i = 0; i < count; i++)
		if (out[i].inode == st.st_ino)
			return count;
	out[count].inode = st.st_ino;
	snprintf(out[count].path, sizeof out[count].path, "%s", path);
	return count + 1;
}

/* Every entry of `dir` that `fits`, as `dir`/NAME`tail`. */
static size_t add_all(const char *dir, const char *tail, bool numbers, struct netns *out, size_t count, size_t most)
{
	char path[300];
	struct dirent *d;
	DIR *open_dir = opendir(dir);

	while (open_dir && (d = readdir(open_dir))) {
		if (d->d_name[0] == '.' || (numbers && !isdigit((unsigned char)d->d_name[0])))
			continue;
		if ((size_t)snprintf(path, sizeof path, "%s/%.200s%s", dir, d->d_name, tail) < sizeof path)
			count = add(path, out, count, most);
	}
	if (open_dir)
		closedir(open_dir);
	return count;
}

size_t netns_find(const char *which, struct netns *out, size_t most, struct err *e)
{
	bool number = which[0] && strspn(which, "0123456789") == strlen(which);
	char path[300];
	size_t count;

	if (!strcmp(which, "all")) {
		count = add("/proc/self/ns/net", out, 0, most);
		count = add_all("/run/netns", "", false, out, count, most);
		return add_all("/proc", "/ns/net", true, out, count, most);
	}
	if (!which[0] || which[0] == '.' || strchr(which, '/') || strlen(which) > 200) {
		err_set(e, EINVAL, "\"%s\" is no network namespace: a name of ip netns, a pid, or all", which);
		return 0;
	}
	snprintf(path, sizeof path, number ? "/proc/%s/ns/net" : "/run/netns/%s", which);
	count = add(path, out, 0, most);
	if (!count)
		unreachable(e, which);
	return count;
}

struct visit {
	const struct netns *where;
	struct diag *made;
	struct err *err;
	int rc;
};

static void *visit(void *arg)
{
	struct visit *v = arg;
	int fd = open(v->where->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWNET))
		v->rc = unreachable(v->err, v->where->path);
	else
		v->rc = diag_open(&v->made, v->err);
	if (fd >= 0)
		close(fd);
	return NULL;
}

int netns_diag(const struct netns *n, struct diag **out, struct err *e)
{
	struct visit v = { .where = n, .err = e };
	pthread_t thread;
	int code;

	if (n->inode == netns_own())
		return diag_open(out, e);
	code = pthread_create(&thread, NULL, visit, &v);
	if (code)
		return err_set(e, code, "a thread: %s", strerror(code));
	pthread_join(thread, NULL);
	if (!v.rc)
		*out = v.made;
	return v.rc;
}
