/* The worker and the sources that need no network: the fake one and files. */
#include "test_capture_help.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the fake source --- */

enum { FAKES = 5000, FAKE_BYTES = 54 };

/* Ethernet, IPv4, TCP and UDP in turns; the last four bytes are the packet's index. */
static void fill_fakes(struct packet *p, uint8_t *bytes, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint8_t *b = bytes + i * FAKE_BYTES;

		memset(b, 0, FAKE_BYTES);
		b[12] = 0x08;
		b[14] = 0x45;
		b[17] = FAKE_BYTES - 14;
		b[22] = 64;
		b[23] = i & 1 ? 17 : 6;
		memcpy(b + FAKE_BYTES - 4, &i, 4);
		p[i] = (struct packet){ .at_ns = 1000 + i,
					.len = 60 + i,
					.cap = FAKE_BYTES,
					.offset = i * FAKE_BYTES,
					.linktype = 1,
					.direction = DIRECTION_OUT,
					.ifindex = 7 };
	}
}

static uint32_t index_of(const struct got *g)
{
	uint32_t i;

	memcpy(&i, g->tail + GOT_BYTES - 4, 4);
	return i;
}

struct fakes {
	struct packet packets[FAKES];
	uint8_t bytes[FAKES * FAKE_BYTES];
};

static struct capture_config fake_config(struct fakes *f)
{
	fill_fakes(f->packets, f->bytes, FAKES);
	return (struct capture_config){
		.kind = CAPTURE_FAKE, .source = 3, .fake = f->packets, .fake_bytes = f->bytes, .fake_count = FAKES
	};
}

Test(capture, fake_delivers_all_in_order)
{
	struct fakes *f = calloc(1, sizeof *f);
	struct capture_config config = fake_config(f);
	struct capture_stats stats;
	struct harvest h;
	struct err e;
	uint64_t bytes = 0;

	harvest_begin(&h, &config, 1 << 30);
	cr_assert_str_eq(capture_device(h.capture), "fake");
	harvest_start(&h);
	cr_assert_eq(harvest_end(&h, &e), 0);
	cr_assert_eq(h.count, FAKES);
	for (uint32_t i = 0; i < FAKES; i++) {
		const struct packet *p = &h.got[i].packet;

		cr_assert_eq(index_of(&h.got[i]), i);
		cr_assert(p->at_ns == 1000 + i && p->len == 60 + i && p->cap == FAKE_BYTES);
		cr_assert(p->source == 3 && p->linktype == 1 && p->ifindex == 7 && p->direction == DIRECTION_OUT);
		cr_assert_eq(p->number, 0, "the recorder numbers");
		bytes += p->len;
	}
	cr_assert_geq(h.blocks, FAKES / 2048);
	capture_stats(h.capture, &stats);
	cr_assert_eq(stats.received, FAKES);
	cr_assert_eq(stats.bytes, bytes);
	cr_assert_eq(stats.dropped_here, 0);
	cr_assert_eq(capture_read_until(h.capture), UINT64_MAX);
	harvest_done(&h);
	free(f);
}

Test(capture, snapshot_length)
{
	struct fakes *f = calloc(1, sizeof *f);
	struct capture_config config = fake_config(f);
	struct harvest h;

	config.snaplen = 20;
	harvest_begin(&h, &config, 1 << 30);
	harvest_start(&h);
	harvest_end(&h, NULL);
	cr_assert_eq(h.got[9].packet.cap, 20);
	cr_assert_eq(h.got[9].packet.len, 69);
	harvest_done(&h);
	free(f);
}

Test(capture, filter_before_the_start)
{
	struct fakes *f = calloc(1, sizeof *f);
	struct capture_config config = fake_config(f);
	struct harvest h;
	struct err e;

	config.filter = "udp";
	harvest_begin(&h, &config, 1 << 30);
	cr_assert_eq(capture_filter(h.capture, "tcp port", &e), -EINVAL);
	cr_assert(strstr(e.text, "\"tcp port\": "), "%s", e.text);
	harvest_start(&h);
	harvest_end(&h, &e);
	cr_assert_eq(h.count, FAKES / 2);
	cr_assert_eq(index_of(&h.got[0]), 1);
	cr_assert_eq(capture_filter(h.capture, "tcp", &e), -ESHUTDOWN);
	harvest_done(&h);
	free(f);
}

Test(capture, filter_that_does_not_compile)
{
	struct capture_config config = { .kind = CAPTURE_FAKE, .filter = "nonsense (" };
	struct capture *c = NULL;
	struct err e;

	cr_assert_eq(capture_open(&config, &c, &e), -EINVAL);
	cr_assert_null(c);
	cr_assert_eq(e.code, EINVAL);
	cr_assert(strstr(e.text, "nonsense ("), "%s", e.text);
}

/* Nobody takes: the box takes the first block and what fits, the rest is lost and counted. */
Test(capture, full_mailbox)
{
	struct fakes *f = calloc(1, sizeof *f);
	struct capture_config config = fake_config(f);
	struct capture_stats stats;
	struct harvest h;
	bool ended = false;

	harvest_begin(&h, &config, 1000);
	harvest_start(&h);
	while (!ended)
		capture_state(h.capture, &ended, NULL);
	harvest_take(&h);
	capture_stats(h.capture, &stats);
	cr_assert_eq(stats.received, h.count);
	cr_assert_gt(stats.dropped_here, 0);
	cr_assert_eq(stats.received + stats.dropped_here, FAKES);
	harvest_done(&h);
	free(f);
}

Test(capture, closing_at_any_time)
{
	struct fakes *f = calloc(1, sizeof *f);
	struct capture_config config = fake_config(f);
	struct harvest h;

	cr_assert(capture_reap(NULL, false));
	capture_close(NULL);
	harvest_begin(&h, &config, 1 << 30); /* never started */
	harvest_done(&h);
	for (unsigned i = 0; i < 50; i++) { /* in the middle */
		harvest_begin(&h, &config, 1 << 30);
		harvest_start(&h);
		capture_close(h.capture);
		while (!capture_reap(h.capture, false))
			;
		h.capture = NULL;
		harvest_take(&h);
		for (uint32_t k = 0; k < h.count; k++)
			cr_assert_eq(index_of(&h.got[k]), k);
		mailbox_done(&h.box);
		free(h.got);
	}
	free(f);
}

/* --- files --- */

enum { RECORDS = 3000 };

static void put32(FILE *f, uint32_t v)
{
	fwrite(&v, 4, 1, f);
}

/* A pcap file in nanoseconds with RECORDS packets of FAKE_BYTES. */
static void write_pcap(FILE *f)
{
	static struct packet packets[RECORDS];
	static uint8_t bytes[RECORDS * FAKE_BYTES];

	fill_fakes(packets, bytes, RECORDS);
	put32(f, 0xa1b23c4d);
	put32(f, 2 | 4 << 16);
	put32(f, 0);
	put32(f, 0);
	put32(f, 65535);
	put32(f, 1);
	for (uint32_t i = 0; i < RECORDS; i++) {
		put32(f, 1700000000 + i);
		put32(f, 123456789);
		put32(f, FAKE_BYTES);
		put32(f, FAKE_BYTES + 1000);
		fwrite(bytes + i * FAKE_BYTES, FAKE_BYTES, 1, f);
	}
}

static char *path_of(const char *name)
{
	static char path[512];
	const char *dir = getenv("TMPDIR");

	snprintf(path, sizeof path, "%s/sockeye-%d-%s", dir ? dir : "/tmp", getpid(), name);
	return path;
}

static const char *pcap_file(const char *name, long cut)
{
	const char *path = path_of(name);
	FILE *f = fopen(path, "w");

	cr_assert_not_null(f);
	write_pcap(f);
	fclose(f);
	if (cut)
		cr_assert_eq(truncate(path, cut), 0);
	return path;
}

Test(capture, file)
{
	struct capture_config config = { .kind = CAPTURE_FILE, .device = pcap_file("whole", 0), .source = 2 };
	struct harvest h;
	struct err e;

	harvest_begin(&h, &config, 64 << 10); /* a small box: a file waits, nothing is lost */
	cr_assert_str_eq(capture_device(h.capture), config.device);
	harvest_start(&h);
	cr_assert_eq(harvest_end(&h, &e), 0);
	cr_assert_eq(h.count, RECORDS);
	for (uint32_t i = 0; i < RECORDS; i++) {
		const struct packet *p = &h.got[i].packet;

		cr_assert_eq(index_of(&h.got[i]), i);
		cr_assert_eq(p->at_ns, (1700000000ull + i) * 1000000000 + 123456789);
		cr_assert(p->cap == FAKE_BYTES && p->len == FAKE_BYTES + 1000 && p->linktype == 1 && p->source == 2);
	}
	harvest_done(&h);
	unlink(config.device);
}

Test(capture, file_with_a_filter)
{
	struct capture_config config = { .kind = CAPTURE_FILE, .device = pcap_file("filter", 0), .filter = "tcp" };
	struct harvest h;

	harvest_begin(&h, &config, 1 << 30);
	harvest_start(&h);
	harvest_end(&h, NULL);
	cr_assert_eq(h.count, RECORDS / 2);
	harvest_done(&h);
	unlink(config.device);
}

Test(capture, file_with_a_damaged_end)
{
	const long header = 24, record = 16 + FAKE_BYTES;
	struct capture_config config = { .kind = CAPTURE_FILE,
					 .device = pcap_file("damaged", header + 100 * record + 20) };
	struct harvest h;
	struct err e;

	harvest_begin(&h, &config, 1 << 30);
	harvest_start(&h);
	cr_assert_eq(harvest_end(&h, &e), -EBADMSG);
	cr_assert_eq(h.count, 100, "what is good is given");
	cr_assert(strstr(e.text, ": packet 101 at byte "), "%s", e.text);
	cr_assert_eq(capture_read_until(h.capture), UINT64_MAX);
	harvest_done(&h);
	unlink(config.device);
}

Test(capture, file_that_is_none)
{
	struct capture_config config = { .kind = CAPTURE_FILE, .device = path_of("none") };
	struct capture *c = NULL;
	struct err e;
	FILE *f;

	cr_assert_eq(capture_open(&config, &c, &e), -ENOENT);
	cr_assert(strstr(e.text, "No such file"), "%s", e.text);
	config.device = "/";
	cr_assert_eq(capture_open(&config, &c, &e), -EISDIR);
	config.device = path_of("text");
	f = fopen(config.device, "w");
	fputs("this is no capture at all, only some words", f);
	fclose(f);
	cr_assert_eq(capture_open(&config, &c, &e), -EBADMSG);
	cr_assert(strstr(e.text, "text: "), "%s", e.text);
	cr_assert_null(c);
	unlink(config.device);
}

/* --- a stream --- */

static void *write_all(void *arg)
{
	write_pcap(arg);
	fflush(arg);
	return NULL;
}

/* Opening does not wait for the header; what was written is handed over while the pipe is silent;
 * closing does not wait for the end. */
Test(capture, stream)
{
	struct capture_config config = { .kind = CAPTURE_FILE, .device = path_of("fifo"), .filter = "udp" };
	struct harvest h;
	struct err e;
	pthread_t t;
	FILE *to;

	cr_assert_eq(mkfifo(config.device, 0600), 0);
	harvest_begin(&h, &config, 1 << 30);
	harvest_start(&h);
	cr_assert_eq(capture_filter(h.capture, "tcp", &e), 0, "before the header: kept for later");
	to = fopen(config.device, "w");
	pthread_create(&t, NULL, write_all, to);
	while (h.count < RECORDS / 2)
		harvest_wait(&h, 1000);
	pthread_join(t, NULL);
	cr_assert_eq(capture_state(h.capture, NULL, NULL), 0);
	cr_assert_eq(capture_filter(h.capture, "nonsense (", &e), -EINVAL, "while the pipe is silent");
	harvest_done(&h);
	fclose(to);
	unlink(config.device);
}

Test(capture, stream_that_is_no_capture)
{
	struct capture_config config = { .kind = CAPTURE_FILE, .device = path_of("empty") };
	struct harvest h;
	struct err e = { 0 };
	int fd;

	cr_assert_eq(mkfifo(config.device, 0600), 0);
	fd = open(config.device, O_RDWR);
	harvest_begin(&h, &config, 1 << 30);
	harvest_start(&h);
	cr_assert_eq(write(fd, "no header of any kind", 21), 21);
	close(fd);
	cr_assert_eq(harvest_end(&h, &e), -EBADMSG);
	harvest_done(&h);
	unlink(config.device);
}
