/* More of one process, from /proc/PID. See proc(5), cgroups(7). */
#include "kernel/sampler.h"

#include "core/capability.h"
#include "util/clock.h"
#include "util/err.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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
	if (sscanf(close_at + 1, " %*c %u %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
		   parent, &ticks) != 2)
		return false;
	*start_ticks = ticks;
	return true;
}

static bool ends_with(const char *text, const char *tail)
{
	size_t len = strlen(text), tail_len = strlen(tail);

	return len > tail_len && !strcmp(text + len - tail_len, tail);
}

/* 64 hexadecimal digits, behind the last - or alone: docker-ID.scope, libpod-ID.scope, /docker/ID, x:cri-containerd:ID
 * */
static bool container_id(const char *part, char out[65])
{
	const char *id = strrchr(part, '-');
	size_t digits;

	id = id ? id + 1 : part;
	digits = strspn(id, "0123456789abcdef");
	if (digits != 64 || (id[64] && strcmp(id + 64, ".scope")))
		return false;
	snprintf(out, 65, "%.64s", id);
	return true;
}

void process_cgroup(const char *text, struct process *out)
{
	static const char between[] = "/:\n";
	char part[256];

	for (text += strspn(text, between); *text; text += strspn(text, between)) {
		size_t len = strcspn(text, between);

		if (len < sizeof part) {
			snprintf(part, sizeof part, "%.*s", (int)len, text);
			if (ends_with(part, ".service") || ends_with(part, ".scope"))
				snprintf(out->unit, sizeof out->unit, "%.127s", part);
			container_id(part, out->container);
		}
		text += len;
	}
}

/* A number may be another process's by now: what is signalled is what was looked at. */
int process_signal(uint32_t pid, const char *name, int number, struct err *e)
{
	int fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0), code = 0;
	char now[16];
	uint32_t parent;
	uint64_t ticks;

	if (fd < 0 || !read_stat(pid, now, &parent, &ticks) || strncmp(now, name, sizeof now))
		code = ESRCH;
	else if (syscall(SYS_pidfd_send_signal, fd, number, NULL, 0))
		code = errno;
	if (fd >= 0)
		close(fd);
	if (code == ESRCH)
		return err_set(e, ESRCH, "there is no process %u (%.15s) any more", pid, name);
	if (code == EPERM)
		return capability_refused(e, "a signal to another user's process", "CAP_KILL");
	return code ? err_set(e, code, "a signal to %u (%.15s): %s", pid, name, strerror(code)) : 0;
}

int process_read(uint32_t pid, struct process *out, struct err *e)
{
	struct process p = { .pid = pid };
	uint64_t ticks = 0, grand;
	uint32_t up;
	char path[32], text[4096];
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
	if (read_file(pid, "cgroup", text, sizeof text) > 0)
		process_cgroup(text, &p);
	*out = p;
	return 0;
}
