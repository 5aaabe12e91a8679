/* src/capture/raw_facts.c: the first byte chooses the address family and how long the name is, the
 * second how much of the rest is ancillary data; what remains is the packet. The header that is
 * rebuilt, or the frame with its VLAN tag, goes on to the decoder. */
#include "../../src/capture/raw_inside.h"

#include "decode/decode.h"

#include <linux/if_packet.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void read_facts(struct raw_facts *f, void *name, size_t name_len, void *control, size_t len)
{
	struct msghdr m = {
		.msg_name = name, .msg_namelen = (socklen_t)name_len, .msg_control = control, .msg_controllen = len
	};

	raw_facts_read(f, &m);
	if (f->extension_count > RAW_EXTENSIONS || f->extension_bytes > RAW_CONTROL)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const size_t name_most = sizeof(struct sockaddr_in6);
	struct packet p = { .flow = UINT32_MAX };
	size_t control_len, name_len, rest;
	uint8_t *control, *name, *packet;
	struct raw_facts f;
	bool frame;

	if (len < 2 + name_most || len > 1 << 16)
		return 0;
	frame = bytes[0] & 1;
	name_len = (bytes[0] >> 1) % (name_most + 1);
	name = malloc(name_len ? name_len : 1);
	memcpy(name, bytes + 2, name_len);
	control_len = bytes[1] * 2u;
	rest = len - 2 - name_most;
	if (control_len > rest)
		control_len = rest;
	control = malloc(control_len ? control_len : 1);
	memcpy(control, bytes + 2 + name_most, control_len);
	read_facts(&f, name, name_len, control, control_len);
	rest -= control_len;
	packet = malloc(RAW_HEADROOM + rest);
	memcpy(packet + RAW_HEADROOM, bytes + len - rest, rest);
	if (frame)
		p.rebuilt = (uint16_t)raw_vlan_put(&f, packet + RAW_HEADROOM, (uint32_t)rest);
	else
		p.rebuilt = (uint16_t)raw_header_put(&f, bytes[1], (uint32_t)rest, packet + RAW_HEADROOM);
	if (p.rebuilt > RAW_HEADROOM)
		__builtin_trap();
	p.linktype = frame ? f.linktype : LINKTYPE_RAW;
	p.cap = p.len = (uint32_t)rest + p.rebuilt;
	decode_summary(&p, packet + RAW_HEADROOM - p.rebuilt);
	free(packet);
	free(control);
	free(name);
	return 0;
}
