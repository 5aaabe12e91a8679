/* traffic web|many COUNT FILE: a pcap file of COUNT packets, the same each time. `web`: connections
 * kept alive, answers of many full segments, one IPv6 in five, 62 packets a connection; `many`: short
 * conversations, a third of them UDP, 13 packets each. A few
 * segments are missing. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FULL = 1448, HEADERS = 14 + 40 + 32, AT_ONCE_WEB = 128, AT_ONCE_MANY = 1024 };

struct talk {
	uint32_t id, seq[2], left, answer; /* left: packets; answer: segments still to send */
	unsigned step;
	int udp, v6;
};

static uint8_t frame[HEADERS + FULL];
static FILE *out;
static uint64_t now_us = 1700000000000000, written;
static uint32_t state = 12345;

static uint32_t chance(void)
{
	state = state * 1664525 + 1013904223;
	return state >> 8;
}

static void put16(uint8_t *at, uint32_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static void put32(uint8_t *at, uint32_t v)
{
	put16(at, v >> 16);
	put16(at + 2, v & 0xffff);
}

static void ip(const struct talk *t, int way, uint32_t len, uint8_t proto)
{
	uint8_t *a = frame + 14 + (t->v6 ? 8 : 12);
	uint32_t size = t->v6 ? 16 : 4;

	memset(frame, 0, 14 + 40);
	put16(frame + 12, t->v6 ? 0x86dd : 0x0800);
	if (t->v6) {
		frame[14] = 0x60;
		put16(frame + 18, len);
		frame[20] = proto;
		frame[21] = 64;
		a[0] = a[16] = 0xfd;
	} else {
		frame[14] = 0x45;
		put16(frame + 16, len + 20);
		put16(frame + 18, (uint32_t)written & 0xffff);
		frame[22] = 64;
		frame[23] = proto;
		a[0] = a[4] = 10;
	}
	put16(a + (way ? size : 0) + size - 2, 0x100 + t->id / 50000);
	put16(a + (way ? 0 : size) + size - 2, 0x200 + t->id % 7);
}

static void write_frame(uint32_t len)
{
	uint32_t head[4] = { (uint32_t)(now_us / 1000000), (uint32_t)(now_us % 1000000), len, len };

	now_us += 3 + chance() % 20;
	fwrite(head, sizeof head, 1, out);
	fwrite(frame, len, 1, out);
	written++;
}

static void send_packet(struct talk *t, int way, uint8_t flags, uint32_t len)
{
	uint32_t size = t->udp ? 8 : 32, l4 = 14 + (t->v6 ? 40 : 20);
	uint8_t *h = frame + l4;
	uint16_t client = (uint16_t)(10000 + t->id % 50000), server = t->udp ? 53 : t->id % 3 ? 443 : 80;

	if (!t->udp && len && chance() % 500 == 0) { /* lost before the capture: an empty one in its place */
		t->seq[way] += len;
		len = 0;
	}
	ip(t, way, size + len, t->udp ? 17 : 6);
	memset(h, 0, size);
	put16(h, way ? server : client);
	put16(h + 2, way ? client : server);
	if (t->udp) {
		put16(h + 4, len + 8);
	} else {
		put32(h + 4, t->seq[way]);
		put32(h + 8, flags & 16 ? t->seq[!way] : 0);
		h[12] = 0x80;
		h[13] = flags;
		put16(h + 14, 501);
		memcpy(h + 20, "\1\1\10\12", 4);
		put32(h + 24, (uint32_t)(now_us / 1000));
	}
	memset(h + size, 'x', len);
	write_frame(l4 + size + len);
	t->seq[way] += len + !!(flags & 3);
	t->left--;
}

/* One more packet of a conversation. */
static void go_on(struct talk *t)
{
	unsigned step = t->step++;

	if (t->udp) {
		send_packet(t, step & 1, 0, step & 1 ? 120 : 40);
	} else if (step < 3) {
		send_packet(t, step == 1, step == 0 ? 2 : step == 1 ? 18 : 16, 0);
	} else if (t->left <= 3) {
		send_packet(t, t->left == 2, t->left == 1 ? 16 : 17, 0);
	} else if (t->answer) {
		t->answer--;
		if (t->answer % 3 == 2)
			send_packet(t, 0, 16, 0);
		else
			send_packet(t, 1, 24, t->answer ? FULL : 300);
	} else {
		send_packet(t, 0, 24, 250 + chance() % 300);
		t->answer = 2 + chance() % 20;
	}
}

int main(int argc, char **argv)
{
	int many = argc > 1 && !strcmp(argv[1], "many");
	uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
	const uint32_t head[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, 1 };
	uint32_t at_once = many ? AT_ONCE_MANY : AT_ONCE_WEB, id = 0;
	struct talk *talks = calloc(at_once, sizeof *talks);

	out = argc > 3 ? fopen(argv[3], "w") : NULL;
	if (!out || !talks)
		return fprintf(stderr, "usage: traffic web|many COUNT FILE\n"), 2;
	fwrite(head, sizeof head, 1, out);
	while (written < count) {
		struct talk *t = &talks[chance() % at_once];

		if (!t->left) {
			*t = (struct talk){ .id = id, .seq = { chance() << 8, chance() << 8 } };
			id++;
			t->left = many ? 13 : 62;
			t->udp = many && t->id % 3 == 0;
			t->v6 = t->id % 5 == 0;
		}
		for (unsigned burst = 1 + chance() % 4; burst && t->left && written < count; burst--)
			go_on(t);
	}
	fprintf(stderr, "%u conversations\n", id);
	return fclose(out) != 0;
}
