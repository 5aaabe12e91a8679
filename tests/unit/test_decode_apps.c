/* Packets of applications; test_decode.c puts them through the decoder as all the others. Here:
 * fields of theirs. */
#include "test_decode_help.h"

#include <criterion/criterion.h>
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
	{ NULL, NULL, NULL },
};

Test(decode_apps, values_as_wireshark_prints_them)
{
	expect_fields(fields);
}
