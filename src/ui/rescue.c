#include "ui/rescue.h"

#include "session/session.h"
#include "util/mem.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { STACK = 32768 };

/* Whatever ends the program without asking it first, but for SIGKILL, which nobody is told of. */
static const int signals[] = { SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGABRT, SIGQUIT, SIGSYS,
			       SIGTRAP, SIGALRM, SIGXCPU, SIGXFSZ, SIGUSR1, SIGUSR2 };

/* The one mutable global of the program's screen: a signal handler is given nothing but the
 * signal's number, so what it needs can only be found through a fixed place. It is written
 * before and after the handlers are installed, never while one could run for another reason. */
static struct rescue *volatile armed;
static uint8_t stack[STACK]; /* a handler for a stack overflow needs another stack; malloc may be what broke */

void rescue_init(struct rescue *r, int fd)
{
	memset(r, 0, sizeof *r);
	r->fd = fd;
	r->have_before = !tcgetattr(fd, &r->before);
}

void rescue_add(struct rescue *r, const char *capability)
{
	while (capability && *capability && r->len < sizeof r->bytes) {
		const char *end = capability[0] == '$' && capability[1] == '<' ? strchr(capability, '>') : NULL;

		if (end) {
			capability = end + 1;
			continue;
		}
		r->bytes[r->len++] = *capability++;
	}
}

void rescue_now(const struct rescue *r)
{
	size_t at = 0;

	while (at < r->len) {
		ssize_t n = write(r->fd, r->bytes + at, r->len - at);

		if (n <= 0)
			break;
		at += (size_t)n;
	}
	if (r->have_before)
		tcsetattr(r->fd, TCSANOW, &r->before);
}

static void on_crash(int number)
{
	struct rescue *r = armed;
	sigset_t set;

	armed = NULL;
	if (r) {
		rescue_now(r);
		if (r->session)
			session_emergency(r->session);
	}
	signal(number, SIG_DFL); /* SA_RESETHAND did so already; kept for handlers that were replaced */
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
}

static void on_no_memory(void)
{
	struct rescue *r = armed;

	armed = NULL;
	if (r)
		rescue_now(r);
}

void rescue_arm(struct rescue *r)
{
	struct sigaction act = { .sa_handler = on_crash, .sa_flags = SA_RESETHAND | SA_ONSTACK | SA_NODEFER };
	struct sigaction before;
	stack_t other = { .ss_sp = stack, .ss_size = sizeof stack };

	armed = r;
	sigaltstack(&other, NULL);
	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (sigaction(signals[i], NULL, &before) || before.sa_handler != SIG_IGN)
			sigaction(signals[i], &act, NULL);
	mem_on_failure(on_no_memory);
}

void rescue_disarm(void)
{
	struct sigaction now;

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (!sigaction(signals[i], NULL, &now) && now.sa_handler == on_crash)
			signal(signals[i], SIG_DFL);
	armed = NULL;
	mem_on_failure(NULL);
}
