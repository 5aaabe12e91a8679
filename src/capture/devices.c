/* devices.c - the devices that can be captured on. libpcap's list also has buses and kernel queues:
 * those are no interfaces and are left out. */
#include "inside.h"
#include "libpcap.h"

#include "util/mem.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_interface(const pcap_if_t *d)
{
	return !strcmp(d->name, "any") || if_nametoindex(d->name);
}

int capture_devices(struct capture_device **out, unsigned *count, struct err *e)
{
	struct capture_device *list = NULL;
	char words[PCAP_ERRBUF_SIZE] = "";
	size_t used = 0, room = 0;
	pcap_if_t *all;

	if (libpcap_load(e))
		return -ENOENT;
	if (libpcap()->findalldevs(&all, words))
		return err_set(e, EIO, "no list of devices: %s", words);
	for (const pcap_if_t *d = all; d; d = d->next) {
		struct capture_device *row;

		if (!is_interface(d))
			continue;
		MEM_ROOM(list, used, room);
		row = &list[used++];
		memset(row, 0, sizeof *row);
		snprintf(row->name, sizeof row->name, "%s", d->name);
		snprintf(row->description, sizeof row->description, "%s", d->description ? d->description : "");
		row->up = d->flags & PCAP_IF_UP;
		row->loopback = d->flags & PCAP_IF_LOOPBACK;
	}
	libpcap()->freealldevs(all);
	*out = list;
	*count = (unsigned)used;
	return 0;
}
