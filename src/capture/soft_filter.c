#include "soft_filter.h"

#include "inside.h"

#include <errno.h>
#include <string.h>

int filter_error(struct err *e, const char *text, const char *words)
{
	return err_set(e, EINVAL, "filter \"%.160s\": %s", text, words);
}

int soft_filter_set(struct soft_filter *f, int dlt, const char *text, struct err *e)
{
	struct bpf_program made = { 0 };
	pcap_t *dead;
	int rc = 0;

	if (text && *text) {
		if (libpcap_load(e))
			return -ENOENT;
		dead = libpcap()->open_dead(dlt, SNAPLEN_MOST);
		if (!dead)
			return err_set(e, ENOMEM, "no memory for a filter");
		if (libpcap()->compile(dead, &made, text, 1, PCAP_NETMASK_UNKNOWN))
			rc = filter_error(e, text, libpcap()->geterr(dead));
		libpcap()->close(dead);
		if (rc)
			return rc;
	}
	soft_filter_done(f);
	f->program = made;
	return 0;
}

bool soft_filter_passes(const struct soft_filter *f, const uint8_t *bytes, uint32_t len, uint32_t cap)
{
	const struct pcap_pkthdr h = { .len = len, .caplen = cap };

	return !f->program.bf_insns || libpcap()->offline_filter(&f->program, &h, bytes);
}

void soft_filter_done(struct soft_filter *f)
{
	if (f->program.bf_insns)
		libpcap()->freecode(&f->program);
	memset(f, 0, sizeof *f);
}
