#include "libpcap.h"

#include "capture/capture.h"
#include "util/err.h"
#include "util/library.h"

#include <errno.h>
#include <stddef.h>

static struct libpcap functions;
static struct library library = {
	.name = "libpcap",
	.files = (const char *const[]){ "libpcap.so.0.8" /* of Debian */, "libpcap.so.1", "libpcap.so", NULL },
#define NAME(function) "pcap_" #function,
	.names = (const char *const[]){ LIBPCAP_FUNCTIONS(NAME) NULL },
	.functions = &functions,
};

int libpcap_load(struct err *e)
{
	if (!library_load(&library, NULL))
		return 0;
	return err_set(e, ENOENT, "%s is not installed, or too old: without it no packets are captured or filtered",
		       library.missing);
}

const struct libpcap *libpcap(void)
{
	return &functions;
}

void capture_prepare(void)
{
	libpcap_load(NULL);
}
