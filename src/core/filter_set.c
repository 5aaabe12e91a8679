/* Keys of filter.h whose values are words of a fixed vocabulary: protocols, states, families. */
#include "filter_inside.h"

#include "util/err.h"
#include "util/text.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

struct set_word {
	const char *word;
	uint32_t set;
};

/* clang-format off */
static const struct set_word families[] = {
	{ "inet", 1 }, { "inet4", 1 }, { "ipv4", 1 }, { "4", 1 }, { "inet6", 2 }, { "ipv6", 2 },
	  { "6", 2 },
	{ "unix", 4 }, { "local", 4 }, { "packet", 8 }, { "link", 8 }, { "netlink", 16 }, { "vsock",
	  32 }, { 0 },
};
static const int family_bits[] = { AF_INET, AF_INET6, AF_UNIX, AF_PACKET, AF_NETLINK, AF_VSOCK };

enum { PROTO_ICMP = 1 << KIND_COUNT, PROTO_ICMPV6 = PROTO_ICMP << 1 };

#define BIT(state) (1u << STATE_##state)
#define ALL_STATES ((1u << STATE_COUNT) - 1)
#define CONNECTED_STATES (ALL_STATES & ~(BIT(NONE) | BIT(CLOSED) | BIT(LISTEN) | BIT(UNCONNECTED)))
#define BUCKETS (BIT(TIME_WAIT) | BIT(SYN_RECEIVED))

/* ss(8): its words for UDP and UNIX are those of TCP. */
static const struct set_word ss_states[] = {
	{ "all", ALL_STATES }, { "connected", CONNECTED_STATES },
	{ "synchronized", CONNECTED_STATES & ~BIT(SYN_SENT) }, { "bucket", BUCKETS },
	{ "big", ALL_STATES & ~BUCKETS }, { "listening", BIT(LISTEN) }, { 0 },
};
/* clang-format on */

static uint32_t set_find(const struct set_word *words, const char *text)
{
	for (; words->word; words++)
		if (!strcasecmp(words->word, text))
			return words->set;
	return 0;
}

uint32_t filter_states_ss(const char *text)
{
	uint32_t set = set_find(ss_states, text);
	enum state s = set ? STATE_NONE : state_find(text, strlen(text));

	if (s == STATE_ESTABLISHED)
		return BIT(ESTABLISHED) | BIT(CONNECTED);
	if (s == STATE_CLOSED || s == STATE_UNCONNECTED)
		return BIT(CLOSED) | BIT(UNCONNECTED);
	return s ? 1u << s : set;
}

int filter_state_parse(const struct filter_key *k, enum filter_op op, const char *text, struct filter_value *out,
		       struct err *e)
{
	const char *names[STATE_COUNT + 1] = { 0 };
	enum state s = state_find(text, strlen(text));
	const char *near;

	if (filter_only_equal(k, op, e))
		return -EINVAL;
	out->set = s ? 1u << s : set_find(ss_states, text);
	if (out->set)
		return 0;
	for (int i = STATE_CLOSED; i < STATE_COUNT; i++)
		names[i - STATE_CLOSED] = states[i].name;
	near = text_nearest(text, names);
	return err_set(e, EINVAL, "there is no state \"%s\"%s%s%s", text, near ? "; did you mean " : "",
		       near ? near : "", near ? "?" : "");
}

bool filter_state_match(const struct sock_view *v, const struct filter_value *value)
{
	return value->set >> v->sock->state & 1;
}

int filter_proto_parse(const struct filter_key *k, enum filter_op op, const char *text, struct filter_value *out,
		       struct err *e)
{
	const char *names[KIND_COUNT + 1] = { 0 }, *near;

	if (filter_only_equal(k, op, e))
		return -EINVAL;
	for (unsigned i = 0; i < KIND_COUNT; i++)
		if (!strcasecmp(text, sock_kinds[i]))
			out->set = 1u << i;
	if (!strcasecmp(text, "icmp"))
		out->set = PROTO_ICMP;
	else if (!strcasecmp(text, "icmpv6") || !strcasecmp(text, "icmp6"))
		out->set = PROTO_ICMPV6;
	if (out->set)
		return 0;
	memcpy(names, sock_kinds, sizeof sock_kinds);
	near = text_nearest(text, names);
	return err_set(e, EINVAL, "there is no protocol \"%s\"%s%s%s", text, near ? "; did you mean " : "",
		       near ? near : "", near ? "?" : "");
}

bool filter_proto_match(const struct sock_view *v, const struct filter_value *value)
{
	enum sock_kind kind = sock_kind(v->sock);
	uint32_t bit = 1u << kind;

	if (kind == KIND_RAW && v->sock->type != SOCK_RAW)
		bit = v->sock->protocol == IPPROTO_ICMP ? PROTO_ICMP : PROTO_ICMPV6;
	return value->set & bit;
}

int filter_family_parse(const struct filter_key *k, enum filter_op op, const char *text, struct filter_value *out,
			struct err *e)
{
	if (filter_only_equal(k, op, e))
		return -EINVAL;
	out->set = set_find(families, text);
	return out->set ? 0
			: err_set(e, EINVAL,
				  "there is no family \"%s\": inet, inet6, unix, packet, "
				  "netlink, vsock",
				  text);
}

bool filter_family_match(const struct sock_view *v, const struct filter_value *value)
{
	for (size_t i = 0; i < sizeof family_bits / sizeof *family_bits; i++)
		if (family_bits[i] == v->sock->family)
			return value->set >> i & 1;
	return false;
}
