/* The decoder: a byte chooses the link type, one says how much of the packet was rebuilt, two how
 * many bytes the wire had beyond what was kept; the rest is the packet. All speeds: the summary,
 * the tree, the info line.
 *
 * Hosts: ethernet vlan sll null raw arp ipv4 ipv4_option ipv6 ipv6_extension icmp icmpv6
 * icmp_message tcp tcp_option udp checksum field route proto info.
 * Links: llc stp lldp ppp pppoe chdlc frame_relay macsec radiotap wlan wlan_management netlink usb mpls. Tunnels
 * and routers: gre erspan vxlan geneve gtp esp igmp ospf vrrp pim icmp_extension nsh
 * trustsec fabricpath. Also arcnet nflog. What devices and programs put before a packet: fddi
 * token_ring wpan lowpan ppi prism pflog enc erf pktap ipnet ipoib netanalyzer sunatm juniper dsa
 * ieee1394 ipfc link_tag. Transports: sctp sctp_chunk
 * sctp_chunk_data sctp_chunk_control sctp_parameter dccp mptcp. Applications: application
 * dns dns_record nbns http tls quic quic_initial quic_keys. */
#include "decode/decode.h"

#include "util/buf.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const uint16_t linktypes[] = {
		1,   113, 276, 0,   108, 101, 228, 229, 9999, 9,   50,  51,  104, 105, 107, 127, 166, 189, 204, 220,
		253, 129, 239, 7,   6,   10,  100, 106, 109,  117, 119, 122, 123, 133, 138, 163, 167, 178, 179, 180,
		181, 192, 195, 197, 205, 206, 215, 219, 226,  230, 240, 241, 242, 248, 258, 281, 282, 283, 284, 285,
	};
	const struct packet_base base = { .wscale = 14 };
	struct packet p = { .flow = UINT32_MAX };
	struct buf info = { 0 };
	struct tree *tree;
	uint8_t *exact;

	if (len < 4 || len > 1 << 16)
		return 0;
	p.linktype = linktypes[bytes[0] % (sizeof linktypes / sizeof *linktypes)];
	p.rebuilt = bytes[1];
	p.cap = (uint32_t)len - 4;
	p.len = p.cap + (uint32_t)(bytes[2] << 8 | bytes[3]);
	exact = malloc(p.cap ? p.cap : 1);
	tree = malloc(sizeof *tree);
	memcpy(exact, bytes + 4, p.cap);
	decode_summary(&p, exact);
	if (p.layer_count > PACKET_LAYERS || packet_payload_kept(&p) > p.cap)
		__builtin_trap();
	decode_tree(&p, exact, tree);
	decode_info(&p, exact, &base, &info);
	buf_done(&info);
	free(tree);
	free(exact);
	return 0;
}
