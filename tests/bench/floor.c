/* floor FILE: how fast packets can be had from libpcap at all: pcap_dispatch, and count. */
#include <pcap.h>
#include <stdio.h>

static void got(u_char *count, const struct pcap_pkthdr *h, const u_char *bytes)
{
	(void)h;
	(void)bytes;
	++*(unsigned long *)(void *)count;
}

int main(int argc, char **argv)
{
	char why[PCAP_ERRBUF_SIZE] = "usage: floor FILE";
	pcap_t *p = argc == 2 ? pcap_open_offline(argv[1], why) : NULL;
	unsigned long count = 0;

	if (!p)
		return fprintf(stderr, "%s\n", why), 1;
	while (pcap_dispatch(p, -1, got, (u_char *)&count) > 0)
		;
	pcap_close(p);
	printf("%lu\n", count);
	return 0;
}
