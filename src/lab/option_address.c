/* Values that name addresses and interfaces: multicast groups and where they are joined. See ip(7),
 * ipv6(7). */
#include "option_kind.h"

#include "util/buf.h"
#include "util/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

static int find_interface(const char *text, unsigned *index)
{
	int64_t value;

	*index = if_nametoindex(text);
	if (*index)
		return 0;
	if (!text_parse_int(text, &value))
		return -ENODEV;
	if (value < 0 || value > INT_MAX)
		return -ERANGE;
	*index = (unsigned)value;
	return 0;
}

int option_parse_interface(const struct option_row *o, const char *text, struct option_value *out)
{
	unsigned index = 0;
	int rc = option_is_none(text) ? 0 : find_interface(text, &index);

	(void)o;
	out->number = (int)index;
	out->len = sizeof out->number;
	return rc;
}

void option_print_interface(const struct option_row *o, const struct option_raw *raw, struct buf *out)
{
	char name[IF_NAMESIZE];

	(void)o;
	if (!raw->number)
		buf_puts(out, "none");
	else if (if_indextoname((unsigned)raw->number, name))
		text_clean(out, name, strlen(name));
	else
		buf_printf(out, "%d", raw->number);
}

/* An address, or the name of an interface. */
static int parse_local(const char *text, struct ip_mreqn *m)
{
	unsigned index;
	int rc;

	if (inet_pton(AF_INET, text, &m->imr_address) == 1)
		return 0;
	if (!strcasecmp(text, "INADDR_ANY") || !strcasecmp(text, "socket.INADDR_ANY"))
		return 0;
	rc = find_interface(text, &index);
	m->imr_ifindex = (int)index;
	return rc;
}

int option_parse_address(const struct option_row *o, const char *text, struct option_value *out)
{
	struct ip_mreqn m = { 0 };
	int rc = option_is_none(text) ? 0 : parse_local(text, &m);

	(void)o;
	memcpy(out->bytes, &m, sizeof m);
	out->len = sizeof m;
	return rc;
}

void option_print_address(const struct option_row *o, const struct option_raw *raw, struct buf *out)
{
	char text[INET_ADDRSTRLEN];

	(void)o;
	buf_puts(out, inet_ntop(AF_INET, raw->bytes, text, sizeof text) ? text : "0.0.0.0");
}

static int parse_group4(const char *group, const char *where, struct option_value *out)
{
	struct ip_mreqn m = { 0 };
	int rc = 0;

	if (inet_pton(AF_INET, group, &m.imr_multiaddr) != 1)
		return -EINVAL;
	if (!IN_MULTICAST(ntohl(m.imr_multiaddr.s_addr)))
		return -ERANGE;
	if (!option_is_none(where))
		rc = parse_local(where, &m);
	memcpy(out->bytes, &m, sizeof m);
	out->len = sizeof m;
	return rc;
}

static int parse_group6(const char *group, const char *where, struct option_value *out)
{
	struct ipv6_mreq m = { 0 };
	int rc = 0;

	if (inet_pton(AF_INET6, group, &m.ipv6mr_multiaddr) != 1)
		return -EINVAL;
	if (!IN6_IS_ADDR_MULTICAST(&m.ipv6mr_multiaddr))
		return -ERANGE;
	if (!option_is_none(where))
		rc = find_interface(where, &m.ipv6mr_interface);
	memcpy(out->bytes, &m, sizeof m);
	out->len = sizeof m;
	return rc;
}

/* "224.0.0.251", "224.0.0.251 eth0", "224.0.0.251 10.0.0.1", "ff02::fb%eth0". Python packs the
 * addresses first. */
int option_parse_group(const struct option_row *o, const char *text, struct option_value *out)
{
	char copy[128], *words[3] = { NULL }, *rest = NULL;
	size_t count = 0;

	text = option_unpacked(text);
	if (strlen(text) >= sizeof copy)
		return -EINVAL;
	strcpy(copy, text);
	for (char *w = strtok_r(copy, " %", &rest); w; w = strtok_r(NULL, " %", &rest)) {
		if (!strcmp(w, "socket.inet_aton") || !strcmp(w, "inet_aton"))
			continue;
		if (count == 2)
			return -EINVAL;
		words[count++] = w;
	}
	if (!count)
		return -EINVAL;
	return (o->level == IPPROTO_IP ? parse_group4 : parse_group6)(words[0], words[1] ? words[1] : "", out);
}
