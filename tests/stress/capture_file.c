/* A placed capture file: its blocks are given back and filled again while they are read. Each packet comes once, in
 * order, whole. For the thread sanitizer. */
#include "capture/capture.h"
#include "util/err.h"
#include "util/mailbox.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PACKETS = 100000, HEADER = 16, BYTES = 28, BOX_BYTES = 2 << 20, MOST_MS = 60000 };

/* UDP over raw IPv4, with its number in the time. */
static bool write_file(const char *path)
{
	static const uint32_t head[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, 101 };
	uint8_t bytes[BYTES] = { 0x45, 0, 0, BYTES, 0, 0, 0, 0, 64, 17 };
	FILE *f = fopen(path, "wb");

	if (!f)
		return false;
	fwrite(head, sizeof head, 1, f);
	for (uint32_t i = 0; i < PACKETS; i++) {
		const uint32_t record[4] = { i, 0, BYTES, BYTES };

		fwrite(record, sizeof record, 1, f);
		fwrite(bytes, sizeof bytes, 1, f);
	}
	return !fclose(f);
}

/* What is in the box: false, something is wrong with it. */
static bool take(struct mailbox *box, struct capture *c, uint32_t *next)
{
	bool good = true;

	for (struct mail *m = mailbox_take(box), *rest; m; m = rest) {
		struct block *b = (struct block *)m;

		rest = m->next;
		for (uint32_t i = 0; i < b->count; i++, ++*next)
			good &= b->packets[i].at_ns == *next * UINT64_C(1000000000) && b->packets[i].len == BYTES &&
				b->packets[i].ip_proto == 17;
		capture_give_back(c, b);
	}
	return good;
}

int main(void)
{
	struct capture_config config = { .kind = CAPTURE_FILE, .placed = true };
	const char *folder = getenv("TMPDIR");
	struct mailbox box;
	struct capture *c;
	char path[4096];
	struct err e = { 0 };
	uint32_t next = 0;
	bool good = true;

	snprintf(path, sizeof path, "%s/stress-%d.pcap", folder ? folder : "/tmp", (int)getpid());
	config.device = path;
	if (!write_file(path) || mailbox_init(&box, BOX_BYTES) || capture_open(&config, &c, &e) ||
	    capture_start(c, &box, &e)) {
		printf("capture_file: cannot begin: %s\n", e.text);
		return 1;
	}
	while (good && next < PACKETS) {
		struct pollfd in = { .fd = box.fd, .events = POLLIN };

		if (poll(&in, 1, MOST_MS) <= 0)
			break;
		good = take(&box, c, &next);
	}
	capture_close(c);
	capture_reap(c, true);
	take(&box, NULL, &next);
	mailbox_done(&box);
	unlink(path);
	printf("capture_file: %u packets: %s\n", next, good && next == PACKETS ? "good" : "wrong");
	return good && next == PACKETS ? 0 : 1;
}
