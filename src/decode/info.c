/* One line about a packet, from its summary. No printf where a packet is printed per line: numbers are appended by hand. */
#include "decode/decode.h"

#include "decode/info.h"
#include "util/buf.h"

#include <netinet/in.h>
#include <string.h>

static void number(struct buf *out, uint32_t value)
{
	char digits[10];
	size_t at = sizeof digits;

	do
		digits[--at] = (char)('0' + value % 10);
	while (value /= 10);
	buf_add(out, digits + at, sizeof digits - at);
}

static void named(struct buf *out, const char *name, uint32_t value)
{
	buf_puts(out, name);
	number(out, value);
}

static void ports(struct buf *out, const struct packet *p, bool ascii)
{
	number(out, p->sport);
	buf_puts(out, ascii ? " -> " : " → ");
	number(out, p->dport);
}

static void tcp_options(const struct packet *p, const struct packet_base *base, struct buf *out)
{
	if (p->tcp_options & TCP_OPT_MSS)
		named(out, " mss=", p->tcp_mss);
	if (p->tcp_options & TCP_OPT_WSCALE)
		named(out, " wscale=", p->tcp_wscale);
	if (p->tcp_options & TCP_OPT_SACK_OK)
		buf_puts(out, " sackOK");
	for (unsigned i = 0; i < p->tcp_sack_count; i++) {
		uint32_t from = base->has_ack ? base->ack : 0;

		named(out, i ? "," : " sack=", p->tcp_sack[i][0] - from);
		named(out, "-", p->tcp_sack[i][1] - from);
	}
	if ((p->tcp_options & TCP_OPT_TS) && (p->tcp_flags & TCP_FLAG_SYN))
		buf_puts(out, " ts");
}

static void tcp(const struct packet *p, const struct packet_base *base, struct buf *out)
{
	uint32_t window = p->tcp_window;
	char flags[10];

	ports(out, p, base->ascii);
	buf_puts(out, " [");
	buf_puts(out, packet_flags(p->tcp_flags, flags));
	named(out, "] seq=", p->tcp_seq - (base->has_seq ? base->seq : 0));
	if (p->tcp_flags & TCP_FLAG_ACK)
		named(out, " ack=", p->tcp_ack - (base->has_ack ? base->ack : 0));
	/* The window of a SYN is never scaled (RFC 7323, 2.2). */
	if (!(p->tcp_flags & TCP_FLAG_SYN) && base->wscale > 0 && base->wscale <= 14)
		window <<= base->wscale;
	named(out, " win=", window);
	if (p->payload_len)
		named(out, " len=", p->payload_len);
	tcp_options(p, base, out);
}

static void icmp(const struct packet *p, bool v6, struct buf *out)
{
	const char *type = v6 ? icmpv6_type_name(p->icmp_type) : icmp_type_name(p->icmp_type);
	const char *code = v6 ? icmpv6_code_name(p->icmp_type, p->icmp_code)
			      : icmp_code_name(p->icmp_type, p->icmp_code);
	bool echo = v6 ? p->icmp_type == 128 || p->icmp_type == 129
		       : p->icmp_type == 0 || p->icmp_type == 8;

	if (type)
		buf_puts(out, type);
	else
		named(out, v6 ? "ICMPv6 type " : "ICMP type ", p->icmp_type);
	if (code) {
		buf_puts(out, " (");
		buf_puts(out, code);
		buf_putc(out, ')');
	}
	if (echo) {
		named(out, " id=", p->tcp_seq >> 16);
		named(out, " seq=", p->tcp_seq & 0xffff);
	}
}

/* The addresses are where Ethernet and IPv4 put them: 14 bytes into what was kept behind the link header. */
static void arp(const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	static const char *const words[] = { "ARP", "who has ", "", "ARP", "ARP" };
	uint32_t at = p->payload_off;
	char text[INET_ADDRSTRLEN];
	struct endpoint from = { .family = AF_INET }, to = { .family = AF_INET };
	uint8_t operation = p->icmp_code;

	if (!bytes || !at || p->cap < at + 28 || operation < 1 || operation > 2) {
		named(out, "ARP operation ", operation);
		return;
	}
	memcpy(from.ip, bytes + at + 14, 4);
	memcpy(to.ip, bytes + at + 24, 4);
	buf_puts(out, words[operation]);
	if (operation == 1) {
		buf_puts(out, endpoint_address(&to, text, sizeof text));
		buf_puts(out, "? tell ");
		buf_puts(out, endpoint_address(&from, text, sizeof text));
	} else {
		buf_puts(out, endpoint_address(&from, text, sizeof text));
		buf_printf(out, " is at %02x:%02x:%02x:%02x:%02x:%02x", bytes[at + 8],
			   bytes[at + 9], bytes[at + 10], bytes[at + 11], bytes[at + 12],
			   bytes[at + 13]);
	}
}

static void other(const struct packet *p, struct buf *out)
{
	uint8_t last = p->layer_count ? p->layers[p->layer_count - 1] : PROTO_NONE;

	if (last == PROTO_DATA && p->layer_count > 1)
		last = p->layers[p->layer_count - 2];
	if (p->family)
		named(out, "protocol ", p->ip_proto);
	else
		buf_puts(out, last == PROTO_NONE || last == PROTO_DATA ? "unknown link type"
								       : proto_name(last));
	named(out, " len=", p->len);
}

void decode_info(const struct packet *p, const uint8_t *bytes, const struct packet_base *base,
		 struct buf *out)
{
	bool has_arp = memchr(p->layers, PROTO_ARP, p->layer_count) != NULL;
	bool header = memchr(p->layers, PROTO_ICMP, p->layer_count) ||
		      memchr(p->layers, PROTO_ICMPV6, p->layer_count);

	if (has_arp)
		arp(p, bytes, out);
	else if (p->ip_proto == IPPROTO_TCP && p->has_ports)
		tcp(p, base, out);
	else if (p->ip_proto == IPPROTO_UDP && p->has_ports)
		ports(out, p, base->ascii), named(out, " len=", p->payload_len);
	else if (header && (p->ip_proto == IPPROTO_ICMP || p->ip_proto == IPPROTO_ICMPV6))
		icmp(p, p->ip_proto == IPPROTO_ICMPV6, out);
	else
		other(p, out);
	if (p->fragment)
		buf_puts(out, " (fragment)");
	if (p->note) {
		buf_puts(out, p->status == PACKET_MALFORMED ? " [malformed: " : " [");
		buf_puts(out, p->note);
		buf_putc(out, ']');
	}
}
