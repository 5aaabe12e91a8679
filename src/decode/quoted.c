/* The packet that an ICMP error is about: its beginning stands in the message, RFC 792, RFC 4443 3. */
#include "decode/decode.h"

#include "core/endpoint.h"
#include "decode/dissect.h"
#include "util/buf.h"

#include <netinet/in.h>
#include <string.h>

bool decode_quotes(const struct packet *p)
{
	enum { UNREACHABLE = 3, QUENCH, REDIRECT, EXCEEDED = 11, PROBLEM, V6_PROBLEM = 4 };

	if (p->fragment || p->has_ports || !p->payload_len)
		return false;
	if (p->ip_proto == IPPROTO_ICMPV6)
		return p->icmp_type >= 1 && p->icmp_type <= V6_PROBLEM;
	return p->ip_proto == IPPROTO_ICMP && ((p->icmp_type >= UNREACHABLE && p->icmp_type <= REDIRECT) ||
					       p->icmp_type == EXCEEDED || p->icmp_type == PROBLEM);
}

bool decode_quoted(const struct packet *p, const uint8_t *bytes, struct packet *out)
{
	enum { RAW_LINK = 101, WHOLE = 65535 + 40 };

	if (!bytes || !decode_quotes(p) || p->payload_off >= p->cap)
		return false;
	*out = (struct packet){ .number = p->number,
				.at_ns = p->at_ns,
				.len = WHOLE, /* the quote is its beginning: cut, not broken */
				.cap = packet_payload_kept(p),
				.linktype = RAW_LINK };
	decode_summary(out, bytes + p->payload_off);
	return out->family == p->family;
}

bool decode_error_words(const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	struct packet about;
	struct endpoint from;
	struct buf words = { 0 };
	char text[ENDPOINT_TEXT], *open, *end;

	if (!decode_quoted(p, bytes, &about))
		return false;
	decode_words(p, bytes, &words);
	open = words.len ? strchr(words.data, '(') : NULL;
	end = open ? strchr(open, ')') : NULL;
	buf_puts(out, "ICMP ");
	if (end) { /* the code is what counts: "destination unreachable (port unreachable)" */
		buf_add(out, open + 1, (size_t)(end - open - 1));
		buf_puts(out, end + 1);
	} else {
		buf_puts(out, buf_text(&words));
	}
	packet_source(p, &from);
	if (memcmp(p->src, about.dst, sizeof p->src) != 0)
		buf_printf(out, " from %s", endpoint_address(&from, text, sizeof text));
	buf_done(&words);
	return true;
}
