/* More of one process, from /proc/PID. See proc(5), cgroups(7). */
#include "kernel/sampler.h"

#include "util/clock.h"
#include "util/err.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ssize_t read_file(uint32_t pid, const char *name, char *out, size_t size)
{
	char path[64];
	ssize_t got;
	int fd;

	snprintf(path, sizeof path, "/proc/%u/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	got = read(fd, out, size - 1);
	close(fd);
	out[got > 0 ? got : 0] = '\0';
	return got;
}

static void read_link(uint32_t pid, const char *name, char *out, size_t size)
{
	char path[64];
	ssize_t got;

	snprintf(path, sizeof path, "/proc/%u/%s", pid, name);
	got = readlink(path, out, size - 1);
	out[got > 0 ? got : 0] = '\0';
}

/* "pid (comm) S ppid …": the name may hold anything, so it ends at the last bracket. Field 22 is the start. */
static bool read_stat(uint32_t pid, char name[16], uint32_t *parent, uint64_t *start_ticks)
{
	char text[1024], *open_at, *close_at;
	unsigned long long ticks;

	if (read_file(pid, "stat", text, sizeof text) <= 0)
		return false;
	open_at = strchr(text, '(');
	close_at = strrchr(text, ')');
	if (!open_at || !close_at || close_at < open_at)
		return false;
	*close_at = '\0';
	snprintf(name, 16, "%s", open_at + 1);
	if (sscanf(close_at + 1,
		   " %*c %u %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", parent,
		   &ticks) != 2)
		return false;
	*start_ticks = ticks;
	return true;
}

/* The last component of a cgroup path that looks like a unit; and 64 hexadecimal digits are a container's id. */
static void read_cgroup(struct process *p)
{
	char text[4096];
	char *line = text, *save = NULL, *part;

	if (read_file(p->pid, "cgroup", text, sizeof text) <= 0)
		return;
	for (part = strtok_r(line, "/:\n", &save); part; part = strtok_r(NULL, "/:\n", &save)) {
		size_t len = strlen(part), digits;
		const char *id = strrchr(part, '-');

		if (len > 8 && (!strcmp(part + len - 8, ".service") || (len > 6 && !strcmp(part + len - 6, ".scope"))))
			snprintf(p->unit, sizeof p->unit, "%.127s", part);
		id = id ? id + 1 : part;
		digits = strspn(id, "0123456789abcdef");
		if (digits == 64)
			snprintf(p->container, sizeof p->container, "%.64s", id);
	}
}

int process_read(uint32_t pid, struct process *out, struct err *e)
{
	struct process p = { .pid = pid };
	uint64_t ticks = 0, grand;
	uint32_t up;
	char path[32];
	struct stat st;
	ssize_t len;

	if (!read_stat(pid, p.name, &p.parent, &ticks))
		return err_set(e, ESRCH, "there is no process %u (any more)", pid);
	snprintf(path, sizeof path, "/proc/%u", pid);
	if (!stat(path, &st))
		p.uid = st.st_uid;
	p.started_ns = clock_real_ns() - clock_read_ns(CLOCK_BOOTTIME) +
		       ticks * (1000000000u / (uint64_t)sysconf(_SC_CLK_TCK));
	if (!p.parent || !read_stat(p.parent, p.parent_name, &up, &grand))
		p.parent_name[0] = '\0';
	len = read_file(pid, "cmdline", p.command, sizeof p.command);
	for (ssize_t i = 0; i + 1 < len; i++)
		if (!p.command[i])
			p.command[i] = ' ';
	read_link(pid, "exe", p.executable, sizeof p.executable);
	read_link(pid, "cwd", p.directory, sizeof p.directory);
	read_cgroup(&p);
	*out = p;
	return 0;
}
