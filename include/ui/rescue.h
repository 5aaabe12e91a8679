/* rescue.h - gives the terminal back when the program crashes or is out of memory.
 *
 * What is needed then is written down beforehand, because nothing but async-signal-safe calls is
 * allowed in a handler: the bytes that end the full-screen mode and the terminal's settings.
 * Handles SIGSEGV SIGBUS SIGFPE SIGILL SIGABRT on a stack of its own, then lets the signal kill the
 * process as it would have, so that a core dump and the exit status tell the truth. Knows no
 * curses.
 */
#ifndef UI_RESCUE_H
#define UI_RESCUE_H

#include <stddef.h>
#include <termios.h>

struct session;

struct rescue {
	int fd;          /* the terminal */
	char bytes[512]; /* what makes it normal again */
	size_t len;
	struct termios before; /* its settings before we touched them */
	int have_before;
	const struct session *session; /* whose session_emergency is called; may be NULL */
};

/* Remember how the terminal is now. */
void rescue_init(struct rescue *r, int fd);
/* Append a terminfo string without its padding ($<5>); NULL is fine. */
void rescue_add(struct rescue *r, const char *capability);
/* From here on a crash restores the terminal. One at a time; `r` must stay. */
void rescue_arm(struct rescue *r);
void rescue_disarm(void);
/* Write the bytes and settings now. Async-signal-safe. */
void rescue_now(const struct rescue *r);

#endif
