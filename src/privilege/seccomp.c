/* seccomp.c - the system calls that decoding, drawing and the lab make, seccomp(2). Every other
 * one fails with EPERM: what a library tries for its own reasons then falls back, and a feature
 * that was forgotten here is a failed call, no crash.
 *
 * Not among them: execve, fork (threads only), ptrace, setns, unshare, mount, bpf, io_uring,
 * keyctl, process_vm_*, kill of anybody else, and prctl beyond a few names. */
#include "inside.h"

#include "util/err.h"
#include "util/library.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* clang-format off */
#define SECCOMP_FUNCTIONS(X) \
	X(seccomp_init) \
	X(seccomp_rule_add) X(seccomp_rule_add_array) X(seccomp_load) X(seccomp_release)
/* clang-format on */
LIBRARY(libseccomp, "libseccomp", SECCOMP_FUNCTIONS, "libseccomp.so.2", "libseccomp.so")

#if defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#elif defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED 1
#endif

#define CALL(name) SCMP_SYS(name)

/* clang-format off */
static const int allowed[] = {
	/* files */
	CALL(read), CALL(write), CALL(readv), CALL(writev), CALL(pread64), CALL(pwrite64),
	CALL(preadv), CALL(pwritev), CALL(open), CALL(openat), CALL(openat2), CALL(close),
	CALL(close_range), CALL(lseek), CALL(_llseek), CALL(fstat), CALL(stat), CALL(lstat),
	CALL(fstat64), CALL(stat64), CALL(lstat64), CALL(newfstatat), CALL(fstatat64),
	CALL(statx), CALL(statfs), CALL(fstatfs), CALL(access), CALL(faccessat), CALL(faccessat2),
	CALL(readlink), CALL(readlinkat), CALL(getdents), CALL(getdents64), CALL(getcwd),
	CALL(dup), CALL(dup2), CALL(dup3), CALL(fcntl), CALL(fcntl64), CALL(ioctl), CALL(pipe),
	CALL(pipe2), CALL(ftruncate), CALL(fallocate), CALL(fadvise64), CALL(rename),
	CALL(renameat), CALL(renameat2), CALL(unlink), CALL(unlinkat), CALL(mkdir), CALL(mkdirat),
	CALL(fchmod), CALL(umask), CALL(flock), CALL(fsync), CALL(fdatasync), CALL(memfd_create),
	/* memory */
	CALL(mmap), CALL(mmap2), CALL(munmap), CALL(mprotect), CALL(mremap), CALL(madvise),
	CALL(brk),
	/* threads, signals of one's own */
	CALL(futex), CALL(futex_waitv), CALL(set_robust_list), CALL(get_robust_list), CALL(rseq),
	CALL(set_tid_address), CALL(exit), CALL(exit_group), CALL(gettid), CALL(getpid),
	CALL(getppid), CALL(getpgrp), CALL(getpgid), CALL(getsid), CALL(sched_yield),
	CALL(sched_getaffinity), CALL(sched_getparam), CALL(sched_getscheduler), CALL(membarrier),
	CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(sigreturn),
	CALL(rt_sigtimedwait), CALL(rt_sigpending), CALL(sigaltstack), CALL(signalfd4),
	CALL(pause), CALL(restart_syscall), CALL(wait4), CALL(waitid),
	/* time and waiting */
	CALL(clock_gettime), CALL(clock_gettime64), CALL(clock_getres), CALL(clock_nanosleep),
	CALL(nanosleep), CALL(gettimeofday), CALL(time), CALL(times), CALL(timerfd_create),
	CALL(timerfd_settime), CALL(timerfd_gettime), CALL(poll), CALL(ppoll), CALL(select),
	CALL(_newselect), CALL(pselect6), CALL(epoll_create), CALL(epoll_create1),
	CALL(epoll_ctl), CALL(epoll_wait), CALL(epoll_pwait), CALL(epoll_pwait2), CALL(eventfd2),
	CALL(inotify_init1), CALL(inotify_add_watch), CALL(inotify_rm_watch),
	/* sockets */
	CALL(socket), CALL(socketpair), CALL(bind), CALL(connect), CALL(listen), CALL(accept),
	CALL(accept4), CALL(send), CALL(sendto), CALL(recv), CALL(recvfrom), CALL(sendmsg),
	CALL(recvmsg), CALL(sendmmsg), CALL(recvmmsg), CALL(shutdown), CALL(getsockname),
	CALL(getpeername), CALL(getsockopt), CALL(setsockopt),
	/* who and where we are */
	CALL(getuid), CALL(geteuid), CALL(getgid), CALL(getegid), CALL(getgroups),
	CALL(getresuid), CALL(getresgid), CALL(uname), CALL(sysinfo), CALL(getrandom),
	CALL(getrlimit), CALL(ugetrlimit), CALL(prlimit64), CALL(getrusage), CALL(capget),
};

/* prctl's first argument. */
static const unsigned names[] = { PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS,
				  PR_GET_SECCOMP,
				  PR_CAPBSET_READ, PR_SET_VMA };
/* clang-format on */

/* Threads, but no processes; signals, but to ourselves only (raise(3) stops at C-z, and ends
 * after a crash). */
static int add_narrow(scmp_filter_ctx ctx)
{
	const struct scmp_arg_cmp thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD);
	const struct scmp_arg_cmp us = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);
	const struct scmp_arg_cmp group = SCMP_A0(SCMP_CMP_EQ, 0, 0);
	int rc = libseccomp.seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, CALL(clone), 1, &thread);

	/* Its flags lie in memory, where no filter can look: the C library falls back to clone. */
	if (!rc)
		rc = libseccomp.seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), CALL(clone3), 0);
	if (!rc)
		rc = libseccomp.seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, CALL(tgkill), 1, &us);
	if (!rc)
		rc = libseccomp.seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, CALL(kill), 1, &us);
	if (!rc)
		rc = libseccomp.seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, CALL(kill), 1, &group);
	for (size_t i = 0; i < sizeof names / sizeof *names && !rc; i++) {
		const struct scmp_arg_cmp name = SCMP_A0(SCMP_CMP_EQ, names[i], 0);

		rc = libseccomp.seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, CALL(prctl), 1, &name);
	}
	return rc;
}

int seccomp_enter(struct err *e)
{
	scmp_filter_ctx ctx;
	int rc;

#ifdef SANITIZED
	return err_set(e, EOPNOTSUPP, "a build with sanitizers makes calls of its own: no seccomp");
#endif
	rc = library_load(&libseccomp_library, e);
	if (rc)
		return rc;
	ctx = libseccomp.seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!ctx)
		return err_set(e, ENOMEM, "seccomp: out of memory");
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed && !rc; i++)
		rc = libseccomp.seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0);
	if (!rc)
		rc = add_narrow(ctx);
	if (!rc)
		rc = libseccomp.seccomp_load(ctx);
	libseccomp.seccomp_release(ctx);
	return rc ? err_set(e, -rc, "seccomp: %s", strerror(-rc)) : 0;
}
