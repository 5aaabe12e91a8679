/* Addresses as text: two a packet and a flow are printed, too many for printf. */
#include "core/endpoint.h"

#include <string.h>

/* Each number with a dot behind it, and how long it is without. */
#define OCTET(n)                                          \
	{                                                 \
		{ (n) > 99  ? '0' + (n) / 100             \
		  : (n) > 9 ? '0' + (n) / 10              \
			    : '0' + (n),                  \
		  (n) > 99  ? '0' + (n) / 10 % 10         \
		  : (n) > 9 ? '0' + (n) % 10              \
			    : '.',                        \
		  (n) > 99 ? '0' + (n) % 10 : '.', '.' }, \
			(n) > 99  ? 3                     \
			: (n) > 9 ? 2                     \
				  : 1                     \
	}
#define OCTETS4(n) OCTET(n), OCTET(n + 1), OCTET(n + 2), OCTET(n + 3)
#define OCTETS16(n) OCTETS4(n), OCTETS4(n + 4), OCTETS4(n + 8), OCTETS4(n + 12)
#define OCTETS64(n) OCTETS16(n), OCTETS16(n + 16), OCTETS16(n + 32), OCTETS16(n + 48)

static char *put_v4(char *out, const uint8_t *ip)
{
	static const struct {
		char text[4];
		uint8_t len;
	} octets[256] = { OCTETS64(0), OCTETS64(64), OCTETS64(128), OCTETS64(192) };

	for (unsigned i = 0; i < 3; i++) {
		memcpy(out, octets[ip[i]].text, 4);
		out += octets[ip[i]].len + 1;
	}
	memcpy(out, octets[ip[3]].text, 3);
	return out + octets[ip[3]].len;
}

static char *put_group(char *out, unsigned value)
{
	static const char hex[] = "0123456789abcdef";
	int shift = value > 0xfff ? 12 : value > 0xff ? 8 : value > 0xf ? 4 : 0;

	for (; shift >= 0; shift -= 4)
		*out++ = hex[value >> shift & 15];
	return out;
}

/* The longest run of zero groups, the first of several, of two at least (RFC 5952, 4.2). */
static unsigned zero_run(const uint8_t ip[16], unsigned *length)
{
	unsigned best = 8, run = 0;

	*length = 1;
	for (unsigned i = 0; i < 8; i++) {
		run = ip[2 * i] || ip[2 * i + 1] ? 0 : run + 1;
		if (run > *length) {
			*length = run;
			best = i + 1 - run;
		}
	}
	return best;
}

/* ::ffff:10.0.0.1, and the compatible ::10.0.0.1 as inet_ntop(3) has it. */
static bool ends_in_v4(const uint8_t ip[16], unsigned at, unsigned length)
{
	return !at && (length == 6 || (length == 5 && ip[10] == 0xff && ip[11] == 0xff));
}

static char *put_v6(char *out, const uint8_t ip[16])
{
	unsigned length, zero = zero_run(ip, &length);

	for (unsigned i = 0; i < 8; i++) {
		if (i == zero) {
			*out++ = ':';
			i += length - 1;
			if (i == 7)
				*out++ = ':';
			continue;
		}
		if (i)
			*out++ = ':';
		if (i == 6 && ends_in_v4(ip, zero, length))
			return put_v4(out, ip + 12);
		out = put_group(out, (unsigned)ip[2 * i] << 8 | ip[2 * i + 1]);
	}
	return out;
}

size_t endpoint_ip_text(int family, const uint8_t ip[16], char *out)
{
	char *end = family == AF_INET ? put_v4(out, ip) : put_v6(out, ip);

	*end = '\0';
	return (size_t)(end - out);
}
