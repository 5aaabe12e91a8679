/* src/privilege/broker_request.c: a hostile message to the broker, and src/core/snapshot_wire.c's check of a snapshot
 * that a hostile broker would send. The first byte chooses; the second is how many descriptors came. What passes is
 * what the broker may do: nothing beyond it. */
#include "core/snapshot_wire.h"
#include "privilege/broker_request.h"
#include "util/err.h"

#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void trap_unless(int good)
{
	if (!good)
		__builtin_trap();
}

static void request(const uint8_t *bytes, size_t len, unsigned fds)
{
	uint8_t padded[sizeof(struct broker_request)] = { 0 };
	struct broker_request r;
	struct err e;

	trap_unless(broker_request_check(bytes, len, fds, &r, &e) == 0 || e.text[0]);
	/* A short input would always be refused for its length alone. */
	memcpy(padded, bytes, len < sizeof padded ? len : sizeof padded);
	padded[0] = (uint8_t)(padded[0] % (BROKER_KINDS + 1));
	memset(padded + 1, 0, 3);
	if (broker_request_check(padded, sizeof padded, fds, &r, &e))
		return;
	trap_unless(r.kind < BROKER_KINDS && fds == (r.kind == BROKER_BIND || r.kind == BROKER_SETSOCKOPT));
	if (r.kind == BROKER_SNAPSHOT)
		trap_unless(strlen(r.netns) < sizeof r.netns);
	if (r.kind == BROKER_SOCKET)
		trap_unless(r.type == SOCK_RAW || r.family == AF_PACKET);
	if (r.kind == BROKER_SIGNAL)
		trap_unless(r.pid > 1 && (int32_t)r.pid > 0);
	if (r.kind == BROKER_SETSOCKOPT)
		trap_unless(r.len <= sizeof r.value);
	if (r.kind == BROKER_BIND)
		trap_unless(r.len <= sizeof(struct sockaddr_in6));
}

static void snapshot(const uint8_t *bytes, size_t len)
{
	struct snapshot s = { 0 };

	s.count = len / (sizeof *s.records + sizeof *s.owners);
	s.owner_count = s.count;
	s.records = malloc(s.count * sizeof *s.records + 1);
	s.owners = malloc(s.count * sizeof *s.owners + 1);
	memcpy(s.records, bytes, s.count * sizeof *s.records);
	memcpy(s.owners, bytes + s.count * sizeof *s.records, s.count * sizeof *s.owners);
	if (snapshot_is_sound(&s))
		for (size_t i = 0; i < s.count; i++) {
			size_t count;
			const struct owner *o = record_owners(&s, &s.records[i], &count);
			const struct record *peer = record_peer(&s, &s.records[i]);

			trap_unless(!count || (o >= s.owners && o + count <= s.owners + s.owner_count));
			trap_unless(!peer || (peer >= s.records && peer < s.records + s.count));
		}
	free(s.records);
	free(s.owners);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len < 2)
		return 0;
	if (bytes[0] & 1)
		snapshot(bytes + 2, len - 2);
	else
		request(bytes + 2, len - 2, bytes[1] % 4);
	return 0;
}
