#include "libpcap.h"

#include "capture/capture.h"
#include "util/err.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

static const char *const names[] = { "libpcap.so.0.8" /* of Debian */, "libpcap.so.1", "libpcap.so" };

static const struct row {
	const char *name;
	size_t offset;
} rows[] = {
#define ROW(function) { "pcap_" #function, offsetof(struct libpcap, function) },
	LIBPCAP_FUNCTIONS(ROW)
};

/* Written once, by the first thread that asks; constant after that. */
static struct libpcap functions;
static const char *missing;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void)
{
	void *library = NULL;

	for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++)
		library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	if (!library)
		missing = "libpcap";
	for (size_t i = 0; i < sizeof rows / sizeof *rows && !missing; i++) {
		void *at = dlsym(library, rows[i].name);

		if (!at)
			missing = rows[i].name;
		memcpy((char *)&functions + rows[i].offset, &at, sizeof at);
	}
}

int libpcap_load(struct err *e)
{
	pthread_once(&once, load);
	if (!missing)
		return 0;
	return err_set(e, ENOENT, "%s is not installed, or too old: without it no packets are captured or filtered",
		       missing);
}

const struct libpcap *libpcap(void)
{
	return &functions;
}

void capture_prepare(void)
{
	libpcap_load(NULL);
}
