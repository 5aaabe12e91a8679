#include "util/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

int err_set(struct err *e, int code, const char *format, ...)
{
	va_list args;

	if (code == 0)
		code = EINVAL;
	if (e) {
		e->code = code;
		va_start(args, format);
		vsnprintf(e->text, sizeof e->text, format, args);
		va_end(args);
		for (unsigned char *p = (unsigned char *)e->text; *p; p++)
			if (*p < ' ' || *p == 0x7f)
				*p = '?';
	}
	return -code;
}
