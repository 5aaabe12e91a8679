/* soft_filter.h - a BPF filter that we run ourselves: for files and the fake, which have no kernel
 * to do it. */
#ifndef CAPTURE_SOFT_FILTER_H
#define CAPTURE_SOFT_FILTER_H

#include "libpcap.h"

#include <stdbool.h>
#include <stdint.h>

struct err;

struct soft_filter {
	struct bpf_program program; /* without instructions: everything passes */
};

/* Replace the filter; NULL or "" passes everything. -EINVAL with libpcap's words, *f unchanged. */
int soft_filter_set(struct soft_filter *f, int dlt, const char *text, struct err *e);
bool soft_filter_passes(const struct soft_filter *f, const uint8_t *bytes, uint32_t len,
			uint32_t cap);
void soft_filter_done(struct soft_filter *f);

/* Put libpcap's words about a filter into *e; returns -EINVAL. */
int filter_error(struct err *e, const char *text, const char *words);

#endif
