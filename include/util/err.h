/* err.h - why something failed, as a sentence composed where the facts are known.
 *
 * Functions that can fail in several ways return 0 or -errno and take a `struct err *`; out-parameters are
 * untouched on failure. Library code never prints: the ui and the cli show the text. A NULL err is allowed.
 */
#ifndef UTIL_ERR_H
#define UTIL_ERR_H

enum { ERR_TEXT = 320 };

struct err {
	int code;            /* an errno value, 0 when nothing failed */
	char text[ERR_TEXT]; /* one line, no newline, already free of control characters */
};

/* Fill *e and return -code. A code of 0 is taken as EINVAL, so that the result is always negative. */
int err_set(struct err *e, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
