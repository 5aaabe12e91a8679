/* A capture on the loopback interface, by libpcap and by raw sockets, under load, while the main
 * thread asks for everything that it may ask for: statistics, `read until` (whose promise is
 * checked), other filters, the end at any moment. For the thread sanitizer. */
#include "capture/capture.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/mailbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LIVES = 4, LIFE_MS = 1200, MOST = 200000, BURST = 40, PORT = 9999, BOX_BYTES = 32 << 20 };

struct sender {
	pthread_t thread;
	atomic_bool stop;
	atomic_uint sent;
	int fd;
	uint64_t sent_ns[MOST];
	bool seen[MOST];
};

static void *send_bursts(void *arg)
{
	struct sender *s = arg;
	unsigned seed = 1;

	for (unsigned i = 0; i < MOST && !atomic_load(&s->stop); i++) {
		if (send(s->fd, &i, sizeof i, 0) != sizeof i)
			break;
		s->sent_ns[i] = clock_real_ns();
		atomic_store(&s->sent, i + 1);
		if (i % BURST == 0)
			poll(NULL, 0, rand_r(&seed) % 12);
	}
	return NULL;
}

static int socket_to_itself(void)
{
	const struct sockaddr_in a = { .sin_family = AF_INET,
				       .sin_port = htons(PORT),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&a, sizeof a) ||
	    connect(fd, (const struct sockaddr *)&a, sizeof a))
		return -1;
	return fd;
}

/* Mark what has arrived; false when a packet came twice. */
static bool take(struct mailbox *box, struct sender *s)
{
	bool once = true;

	for (struct mail *m = mailbox_take(box), *next; m; m = next) {
		struct block *b = (struct block *)m;

		next = m->next;
		for (uint32_t i = 0; i < b->count; i++) {
			const struct packet *p = &b->packets[i];
			unsigned number;

			memcpy(&number, block_bytes(b, p) + p->cap - sizeof number, sizeof number);
			if (number >= MOST || s->seen[number])
				once = false;
			else
				s->seen[number] = true;
		}
		free(b);
	}
	return once;
}

/* One capture from its opening to its end. NULL, or what went wrong. */
static const char *live(struct sender *s, struct mailbox *box, enum capture_kind kind, bool filters, unsigned *proved)
{
	const struct capture_config config = {
		.kind = kind, .raw = RAW_UDP, .device = "any", .filter = "udp port 9999"
	};
	uint64_t end = clock_mono_ns() + LIFE_MS * UINT64_C(1000000);
	unsigned first, checked;
	const char *wrong = NULL;
	struct capture_stats stats;
	struct capture *c;
	struct err e;

	if (capture_open(&config, &c, &e) || capture_start(c, box, &e))
		return "no capture";
	first = checked = atomic_load(&s->sent) + 1; /* one may be under way */
	while (!wrong && clock_mono_ns() < end) {
		struct pollfd p = { .fd = box->fd, .events = POLLIN };
		uint64_t until;

		poll(&p, 1, 7);
		until = capture_read_until(c);
		if (!take(box, s))
			wrong = "a packet came twice";
		for (; checked < atomic_load(&s->sent) && s->sent_ns[checked] < until; checked++)
			if (!s->seen[checked])
				wrong = "read_until broke its promise";
		if (filters && capture_filter(c, "udp and dst port 9999", &e))
			wrong = "a filter was refused";
		capture_stats(c, &stats);
		if (stats.dropped_kernel || stats.dropped_here || capture_state(c, NULL, &e))
			wrong = "packets were dropped, or the capture ended";
	}
	*proved += checked - first;
	capture_close(c);
	capture_reap(c, true);
	if (!take(box, s))
		wrong = "a packet came twice";
	return wrong;
}

int main(void)
{
	const struct capture_config config = { .device = "lo" };
	static struct sender s;
	const char *wrong = NULL;
	unsigned proved = 0;
	struct mailbox box;
	struct capture *c;
	struct err e;
	int rc = capture_open(&config, &c, &e);

	if (rc == -EPERM) {
		printf("capture: skipped: %s\n", e.text);
		return 0;
	}
	s.fd = socket_to_itself();
	if (rc || s.fd < 0 || mailbox_init(&box, BOX_BYTES)) {
		printf("capture: no network to test with\n");
		return 1;
	}
	capture_close(c);
	capture_reap(c, true);
	pthread_create(&s.thread, NULL, send_bursts, &s);
	for (unsigned i = 0; i < LIVES && !wrong; i++)
		wrong = live(&s, &box, i & 2 ? CAPTURE_RAW : CAPTURE_LIVE, i & 1, &proved);
	atomic_store(&s.stop, true);
	pthread_join(s.thread, NULL);
	mailbox_done(&box);
	close(s.fd);
	printf("capture: %u packets sent, %u of them checked: %s\n", atomic_load(&s.sent), proved,
	       wrong ? wrong : "good");
	return wrong || !proved ? 1 : 0;
}
