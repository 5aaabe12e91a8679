/* library.h - shared libraries that are opened when they are first needed. To link one makes every start of the program
 * 50 us longer, whatever it is started for: to list a thousand sockets takes not much more than 1 ms.
 *
 * The functions that are used are named once, in a list for the preprocessor, and are then members of a struct:
 *
 *   #define ZLIB_FUNCTIONS(X) X(inflate) X(inflateEnd)
 *   LIBRARY(zlib, "zlib", ZLIB_FUNCTIONS, "libz.so.1", "libz.so")
 *   …
 *   if (library_load(&zlib_library, e)) …        before the first call, every time
 *   zlib.inflate(…)
 */
#ifndef UTIL_LIBRARY_H
#define UTIL_LIBRARY_H

#include <stddef.h>

struct err;

struct library {
	const char *name;         /* as people know it */
	const char *const *files; /* the best first; ends with NULL */
	const char *const *names; /* of what is used; ends with NULL */
	void *functions;          /* a struct of as many pointers, filled once */
	int state;                /* 0: not tried yet; 1: it is there; -1: it is not */
	const char *missing;      /* then: the library's name, or the first function that it lacks */
};

/* 0, or -ENOENT: it is not installed, or too old. Any thread; once it was 0 it always is. */
int library_load(struct library *l, struct err *e);

#define LIBRARY_MEMBER(function) __typeof__(&(function)) function;
#define LIBRARY_NAME(function) #function,
#define LIBRARY(variable, title, FUNCTIONS, ...)                                \
	static struct {                                                         \
		FUNCTIONS(LIBRARY_MEMBER)                                       \
	} variable;                                                             \
	static struct library variable##_library = {                            \
		.name = title,                                                  \
		.files = (const char *const[]){ __VA_ARGS__, NULL },            \
		.names = (const char *const[]){ FUNCTIONS(LIBRARY_NAME) NULL }, \
		.functions = &variable,                                         \
	};

#endif
