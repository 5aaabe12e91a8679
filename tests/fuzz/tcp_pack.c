/* The packed counters of a snapshot, which come over a file from another process. */
#include "core/tcp_pack.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct sock_tcp t, again;
	uint8_t packed[TCP_PACK_MOST];
	size_t used = tcp_unpack(bytes, len, &t);
	uint64_t sent, received, retransmits;
	bool counted = tcp_unpack_counts(bytes, len, &sent, &received, &retransmits);

	if (used > len || !memchr(t.congestion, '\0', sizeof t.congestion))
		__builtin_trap();
	if (used && (!tcp_unpack(packed, tcp_pack(&t, packed), &again) || memcmp(&t, &again, sizeof t)))
		__builtin_trap();
	if (used &&
	    (!counted || sent != t.bytes_sent || received != t.bytes_received || retransmits != t.total_retrans))
		__builtin_trap();
	return 0;
}
