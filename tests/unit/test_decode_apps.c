/* Packets of applications; test_decode.c puts them through the decoder as all the others. Here:
 * fields of theirs. */
#include "test_decode_help.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define ETH "020000000002 020000000001 "
#define IP4(len, proto) "4500" len "0001 4000 40" proto "0000 0a000001 0a000002 "

const struct sample app_samples[] = {
	{ "dns query", 1, ETH "0800" IP4("0039", "11") "d431 0035 0025 0000" "123401000001000000000000076578616d706c65036f72670000010001",
	  "ethernet ipv4 udp dns", "54321 → 53 len=29: query 0x1234 A? example.org", PACKET_WHOLE },
	{ "mdns response", 1, ETH "0800" IP4("0049", "11") "d431 14e9 0035 0000" "123481800001000100000000076578616d706c65036f72670000010001c00c000100010000003c0004c0000201",
	  "ethernet ipv4 udp dns", "54321 → 5353 len=45: response 0x1234 A? example.org A 192.0.2.1", PACKET_WHOLE },
	{ "dns over tcp", 1, ETH "0800" IP4("0047", "06") "9c40 0035 00000065 00000001 5018 0100 0000 0000" "001d123401000001000000000000076578616d706c65036f72670000010001",
	  "ethernet ipv4 tcp dns", "40000 → 53 [P.] seq=101 ack=1 win=256 len=31: query 0x1234 A? example.org", PACKET_WHOLE },
	{ "http request", 1, ETH "0800" IP4("004e", "06") "9c40 0050 00000065 00000001 5018 0100 0000 0000" "474554202f7820485454502f312e310d0a486f73743a206578616d706c652e6f72670d0a0d0a",
	  "ethernet ipv4 tcp http", "40000 → 80 [P.] seq=101 ack=1 win=256 len=38: GET /x HTTP/1.1", PACKET_WHOLE },
	{ "http response on another port", 1, ETH "0800" IP4("0063", "06") "9c40 270f 00000065 00000001 5018 0100 0000 0000" "485454502f312e3120323030204f4b0d0a5472616e736665722d456e636f64696e673a206368756e6b65640d0a0d0a320d0a68690d0a300d0a0d0a",
	  "ethernet ipv4 tcp http", "40000 → 9999 [P.] seq=101 ack=1 win=256 len=59: HTTP/1.1 200 OK", PACKET_WHOLE },
	{ "tls client hello", 1, ETH "0800" IP4("0088", "06") "9c40 01bb 00000065 00000001 5018 0100 0000 0000" "160301005b010000570303111111111111111111111111111111111111111111111111111111111111111100000213010100002c00000010000e00000b6578616d706c652e6f7267001000050003026832000a00040002001d002b0003020304",
	  "ethernet ipv4 tcp tls", "40000 → 443 [P.] seq=101 ack=1 win=256 len=96: Client Hello example.org h2", PACKET_WHOLE },
	{ "tls alert on another port", 1, ETH "0800" IP4("002f", "06") "9c40 270f 00000065 00000001 5018 0100 0000 0000" "15030300020228",
	  "ethernet ipv4 tcp tls", "40000 → 9999 [P.] seq=101 ack=1 win=256 len=7: Fatal Alert Handshake Failure", PACKET_WHOLE },
	{ "the middle of a tls stream", 1, ETH "0800" IP4("002f", "06") "9c40 01bb 00000065 00000001 5018 0100 0000 0000" "00112233445566",
	  "ethernet ipv4 tcp data", "40000 → 443 [P.] seq=101 ack=1 win=256 len=7", PACKET_WHOLE },
	{ "dns name that goes round", 1, ETH "0800" IP4("002e", "11") "d431 0035 001a 0000" "123401000001000000000000c00c00010001",
	  "ethernet ipv4 udp dns", NULL, PACKET_MALFORMED },
	{ "dns on another port", 1, ETH "0800" IP4("0039", "11") "d431 ff35 0025 0000" "123401000001000000000000076578616d706c65036f72670000010001",
	  "ethernet ipv4 udp dns", "54321 → 65333 len=29: query 0x1234 A? example.org", PACKET_WHOLE },
	{ "dns on the port of quic", 1, ETH "0800" IP4("0039", "11") "d431 01bb 0025 0000" "523401000001000000000000076578616d706c65036f72670000010001",
	  "ethernet ipv4 udp dns", "54321 → 443 len=29: query 0x5234 A? example.org", PACKET_WHOLE },
	{ "what has a question but no class", 1, ETH "0800" IP4("0039", "11") "d431 ff35 0025 0000" "123401000001000000000000076578616d706c65036f72670000010009",
	  "ethernet ipv4 udp data", "54321 → 65333 len=29", PACKET_WHOLE },
	{ "what has no room for its records", 1, ETH "0800" IP4("0039", "11") "d431 ff35 0025 0000" "123401000001000200000000076578616d706c65036f72670000010001",
	  "ethernet ipv4 udp data", "54321 → 65333 len=29", PACKET_WHOLE },
	{ "bytes on the port of dns", 1, ETH "0800" IP4("0029", "11") "d431 0035 0015 0000" "123401400001000000000000ff",
	  "ethernet ipv4 udp dns", NULL, PACKET_MALFORMED },
	{ "text on the port of dns", 1, ETH "0800" IP4("0034", "11") "d431 0035 0020 0000" "787878787878787878787878787878787878787878787878",
	  "ethernet ipv4 udp data", "54321 → 53 len=24", PACKET_WHOLE },
	{ "dns label of an unknown kind", 1, ETH "0800" IP4("0039", "11") "d431 0035 0025 0000" "123401000001000000000000806578616d706c65036f72670000010001",
	  "ethernet ipv4 udp dns", NULL, PACKET_MALFORMED },
	{ "nbns query", 1, ETH "0800" IP4("004e", "11") "0089 0089 003a 0000" "a7490110000100000000000020464845504643454c45484643455046464641434143414341434143414341424e0000200001",
	  "ethernet ipv4 udp nbns", "137 → 137 len=50: query request 0xa749 NB WORKGROUP<1d>", PACKET_WHOLE },
	{ "nbns response", 1, ETH "0800" IP4("005a", "11") "0089 0089 0046 0000" "a74985000000000100000000204542414245434341434143414341434143414341434143414341434143414141000020000100000e1000066000c0000201",
	  "ethernet ipv4 udp nbns", "137 → 137 len=62: query response 0xa749 NB A\\001B<00> 192.0.2.1", PACKET_WHOLE },
	{ "nbns response cut short", 1, ETH "0800" IP4("004c", "11") "0089 0089 0038 0000" "a74985000000000100000000204542434143414341434143414341434143414341434143414341434143414141000020",
	  "ethernet ipv4 udp nbns", NULL, PACKET_MALFORMED },
	{ "quic client hello of T050", 1, ETH "0800" IP4("009e", "11") "d431 01bb 008a 0000"
	  "cd5430353008010203040506070800004070777829410f2f7893aa1e5c4b3820d5973f9f649a3c1164ca57d449f71133838e"
	  "c3d67a86dbe479d4f01befbf88ec676f1207bf9edbc6e9d949553ddd58ceeaa68afc6d9a74ab31f7ef2601732b32e1cf678b"
	  "4ec9694619fe08c2318477b69c15d76a55b7b08255044d14a405134e1d82",
	  "ethernet ipv4 udp quic",
	  "54321 → 443 len=130: Initial T050 dcid=0102030405060708, Client Hello example.org h2", PACKET_WHOLE },
	{ "rtsp request", 1, ETH "0800" IP4("004f", "06") "9c40 216a 00000065 00000001 5018 0100 0000 0000" "4f5054494f4e5320727473703a2f2f612f20525453502f312e300d0a435365713a20310d0a0d0a",
	  "ethernet ipv4 tcp data", "40000 → 8554 [P.] seq=101 ack=1 win=256 len=39", PACKET_WHOLE },
	{ "sip request", 1, ETH "0800" IP4("0045", "06") "9c40 13c4 00000065 00000001 5018 0100 0000 0000" "535542534352494245207369703a614062205349502f322e300d0a0d0a",
	  "ethernet ipv4 tcp data", "40000 → 5060 [P.] seq=101 ack=1 win=256 len=29", PACKET_WHOLE },
	{ "tcp that ends behind its ports", 1, ETH "0800" IP4("001f", "06") "9c40 0050 00000065 000000",
	  "ethernet ipv4 tcp", NULL, PACKET_MALFORMED },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};
/* clang-format on */

static const struct sample_field fields[] = {
	{ "dns query", "dns.qry.name", "example.org" },
	{ "dns query", "dns.flags.recdesired", "1" },
	{ "mdns response", "dns.a", "192.0.2.1" },
	{ "mdns response", "dns.resp.name", "example.org" },
	{ "mdns response", "dns.resp.ttl", "60" },
	{ "dns over tcp", "dns.length", "29" },
	{ "http request", "http.request.method", "GET" },
	{ "http request", "http.request.uri", "/x" },
	{ "http request", "http.host", "example.org" },
	{ "http response on another port", "http.response.code", "200" },
	{ "http response on another port", "http.chunk_size", "2" },
	{ "tls client hello", "tls.handshake.extensions_server_name", "example.org" },
	{ "tls client hello", "tls.handshake.extensions_alpn_str", "h2" },
	{ "tls client hello", "tls.handshake.ciphersuite", "0x1301" },
	{ "tls client hello", "tls.handshake.extensions_supported_group", "0x001d" },
	{ "tls client hello", "tls.handshake.extensions.supported_version", "0x0304" },
	{ "tls alert on another port", "tls.alert_message.desc", "40" },
	{ "dns on another port", "dns.qry.name", "example.org" },
	{ "nbns query", "nbns.name", "WORKGROUP<1d>" },
	{ "nbns query", "nbns.flags.broadcast", "1" },
	{ "nbns response", "nbns.addr", "192.0.2.1" },
	{ "nbns response", "nbns.ttl", "3600" },
	{ "quic client hello of T050", "tls.handshake.extensions_server_name", "example.org" },
	{ "tcp that ends behind its ports", "tcp.dstport", "80" },
	{ NULL, NULL, NULL },
};

Test(decode_apps, values_as_wireshark_prints_them)
{
	expect_fields(fields);
}

static struct packet summary_of(const char *what, uint32_t len)
{
	const struct sample *s = sample_find(what);
	uint32_t kept;
	uint8_t *bytes = sample_bytes(s, &kept);
	struct packet p = sample_packet(s, kept, len ? len : kept);

	decode_summary(&p, bytes);
	free(bytes);
	return p;
}

Test(decode_apps, tcp_of_which_only_the_ports_are_to_be_believed)
{
	struct packet p = summary_of("tcp that ends behind its ports", 0);

	cr_expect(p.has_ports && p.partial && !packet_is_segment(&p));
	cr_expect_eq(p.sport, 40000);
	cr_expect_eq(p.dport, 80);
	p = summary_of("tcp header longer than the packet", 0);
	cr_expect(p.has_ports && p.partial && !packet_is_segment(&p));
	cr_expect_neq(p.tcp_flags, 0);
	cr_expect(packet_is_segment(&(struct packet){ .ip_proto = 6, .has_ports = true }));
	p = summary_of("rtsp request", 0);
	cr_expect(packet_is_segment(&p));
}

/* A record may say that the packet was shorter than what was kept of it. */
Test(decode_apps, a_record_that_is_shorter_than_its_bytes)
{
	struct packet p = summary_of("dns query", 0), again = summary_of("dns query", 20);

	cr_expect_eq(again.layer_count, p.layer_count);
	cr_expect_eq(again.dport, 53);
	cr_expect_eq(again.len, 20);
}

/* A name that breaks a rule is named as what it is. */
Test(decode_apps, names_that_break_a_rule)
{
	cr_expect_str_eq(summary_of("dns name that goes round", 0).note, "a DNS name points forward or goes round");
	cr_expect_str_eq(summary_of("dns label of an unknown kind", 0).note,
			 "a DNS name has a label of an unknown kind");
}
