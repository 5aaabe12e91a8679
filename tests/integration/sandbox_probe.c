/* Enters the sandbox as sockeye does, starts a thread, and tries in both what must not work any more. One line an
 * attempt: its name and the error's name or "worked". privileges.sh builds it from the sources: a filter that
 * sanitizers would need to widen is tested as it is. Arguments: a folder that may be written, a file outside of it. */
#include "privilege/privilege.h"
#include "privilege/sandbox.h"
#include "util/err.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *inside, *outside;

static long open_outside(void)
{
	return open(outside, O_WRONLY | O_CREAT, 0600);
}
static long open_beside(void)
{
	return open(outside, O_RDWR);
}
static long truncate_outside(void)
{
	return truncate(outside, 0);
}
static long remove_outside(void)
{
	return unlink(outside);
}
static long make_folder(void)
{
	return mkdir("/var/tmp/sockeye-probe", 0700);
}
static long link_outside(void)
{
	return symlink("/etc/passwd", "/var/tmp/sockeye-link");
}
static long run_program(void)
{
	return execl("/bin/true", "true", (char *)NULL);
}
static long make_process(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	return pid;
}
static long trace_parent(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}
static long end_parent(void)
{
	return kill(getppid(), 0);
}
static long new_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}
static long become_root(void)
{
	return setuid(0) || geteuid() ? -1 : chroot("/");
}
static long raw_socket(void)
{
	return socket(AF_INET, SOCK_RAW, 1);
}
static long write_inside(void)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/probe", inside);
	return open(path, O_WRONLY | O_CREAT, 0600);
}
static long read_outside(void)
{
	return open("/etc/passwd", O_RDONLY);
}
static long tcp_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

/* clang-format off */
static const struct {
	const char *name;
	long (*attempt)(void);
} attempts[] = {
	{ "open-outside", open_outside }, { "open-beside", open_beside }, { "truncate", truncate_outside },
	{ "unlink", remove_outside }, { "mkdir", make_folder }, { "symlink", link_outside }, { "exec", run_program },
	{ "fork", make_process }, { "ptrace", trace_parent }, { "kill", end_parent }, { "unshare", new_namespace },
	{ "root", become_root }, { "raw", raw_socket }, { "write-inside", write_inside }, { "read", read_outside },
	{ "tcp", tcp_socket },
};
/* clang-format on */

static void *try_all(void *thread)
{
	for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
		long result = attempts[i].attempt();

		printf("%s %s %s\n", (const char *)thread, attempts[i].name,
		       result < 0 ? strerrorname_np(errno) : "worked");
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const struct sandbox_config config = { .strict = true };
	struct privileges held;
	struct sandbox box = { 0 };
	struct err e;
	pthread_t thread;

	if (argc != 3)
		return 2;
	inside = argv[1];
	outside = argv[2];
	privileges_read(&held);
	sandbox_allow_folder(&box, inside);
	if (sandbox_give_up(&box, &config, &held, &e) || sandbox_confine(&box, &config, &e)) {
		printf("%s\n", e.text);
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	try_all((void *)"main");
	if (pthread_create(&thread, NULL, try_all, (void *)"thread"))
		return 1;
	pthread_join(thread, NULL);
	sandbox_done(&box);
	return 0;
}
