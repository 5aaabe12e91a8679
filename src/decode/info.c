/* One line about a packet. TCP's, UDP's and UDP-Lite's come from the summary alone, with numbers
 * appended by hand: `dump` prints one a packet. The others ask the decoders again. */
#include "decode/decode.h"

#include "decode/dissect.h"
#include "util/buf.h"

#include <netinet/in.h>

static void named(struct buf *out, const char *name, uint32_t value)
{
	buf_puts(out, name);
	buf_uint(out, value);
}

static void ports(struct buf *out, const struct packet *p, bool ascii)
{
	buf_uint(out, p->sport);
	buf_puts(out, ascii ? " -> " : " → ");
	buf_uint(out, p->dport);
}

static void option_words(const struct packet *p, const struct packet_base *base, struct buf *out)
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
	if (p->partial && !p->tcp_flags)
		return;
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
	option_words(p, base, out);
}

/* What neither the summary nor a decoder has words for: its name and length. */
static void other(const struct packet *p, struct buf *out)
{
	uint8_t last = p->layer_count ? p->layers[p->layer_count - 1] : PROTO_NONE;
	const char *name = ip_protocol_name(p->ip_proto);

	if (last == PROTO_DATA && p->layer_count > 1)
		last = p->layers[p->layer_count - 2];
	if (!p->family && last == PROTO_DATA && linktype_name(p->linktype))
		buf_puts(out, linktype_name(p->linktype));
	else if (!p->family)
		buf_puts(out, last == PROTO_NONE || last == PROTO_DATA ? "unknown link type" : proto_name(last));
	else if (name)
		buf_puts(out, name);
	else
		named(out, "protocol ", p->ip_proto);
	named(out, " len=", p->family ? p->payload_len : p->len);
}

static void words(const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	size_t before = out->len;

	if (bytes)
		decode_words(p, bytes, out);
	if (out->len == before)
		other(p, out);
}

/* "len=33: A? example.org" */
static void application(const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	size_t before = out->len;

	buf_puts(out, ": ");
	decode_words(p, bytes, out);
	if (out->len == before + 2)
		buf_cut(out, before, 2);
}

void decode_info(const struct packet *p, const uint8_t *bytes, const struct packet_base *base, struct buf *out)
{
	if (p->has_ports && p->ip_proto == IPPROTO_TCP) {
		tcp(p, base, out);
	} else if (p->has_ports && (p->ip_proto == IPPROTO_UDP || p->ip_proto == IPPROTO_UDPLITE)) {
		ports(out, p, base->ascii);
		named(out, " len=", p->payload_len);
	} else if (p->has_ports) { /* SCTP, DCCP */
		ports(out, p, base->ascii);
		buf_putc(out, ' ');
		words(p, bytes, out);
	} else {
		words(p, bytes, out);
	}
	if (bytes && protos[decode_protocol(p)].looks_like)
		application(p, bytes, out);
	if (p->fragment && p->has_ports)
		buf_puts(out, " (first fragment)");
	if (p->note) {
		buf_puts(out, p->status == PACKET_MALFORMED ? " [malformed: " : " [");
		buf_puts(out, p->note);
		buf_putc(out, ']');
	}
}

uint8_t decode_protocol(const struct packet *p)
{
	for (unsigned i = p->layer_count; i-- > 0;)
		if (p->layers[i] != PROTO_DATA)
			return p->layers[i];
	return PROTO_DATA;
}
