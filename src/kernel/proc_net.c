/* Raw and ping sockets, for which most kernels have no sock_diag handler: /proc/net/raw, raw6,
 * icmp, icmp6, found by inode. One line a socket, see proc(5): sl local:proto remote:proto st tx:rx
 * tr:when retrnsmt uid timeout inode ref pointer drops. Addresses are 32-bit words in the host's
 * byte order, in hexadecimal.
 */
#include "inside.h"

#include "util/buf.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROC_MOST = 16 << 20, PROC_PIECE = 32768 };

static int read_whole(int fd, struct buf *out)
{
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	while (out->len < PROC_MOST) {
		ssize_t got = read(fd, buf_room(out, PROC_PIECE), PROC_PIECE);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			return 0;
		out->len += (size_t)got;
		out->data[out->len] = '\0';
	}
	return -EFBIG;
}

/* "0100007F" or four such words -> bytes as on the wire. Returns what follows, NULL where it does
 * not fit. */
static const char *parse_address(const char *text, unsigned words, uint8_t ip[16])
{
	for (unsigned i = 0; i < words; i++) {
		char digits[9] = { 0 };
		uint32_t word;

		if (strspn(text, "0123456789ABCDEFabcdef") < 8)
			return NULL;
		memcpy(digits, text, 8);
		word = (uint32_t)strtoul(digits, NULL, 16);
		memcpy(ip + 4 * i, &word, 4);
		text += 8;
	}
	return *text == ':' ? text : NULL;
}

static const char *parse_end(const char *text, int family, struct endpoint *out)
{
	*out = (struct endpoint){ .family = (uint8_t)family };
	text += strspn(text, " ");
	text = parse_address(text, family == AF_INET ? 1 : 4, out->ip);
	return text ? text + strcspn(text, " ") : NULL;
}

static bool parse_line(const char *line, int family, struct sock *s)
{
	uint64_t inode;
	uint32_t tx, rx, uid, drops;
	unsigned state;
	const char *text = strchr(line, ':');

	text = text ? parse_end(text + 1, family, &s->local) : NULL;
	text = text ? parse_end(text, family, &s->remote) : NULL;
	if (!text || sscanf(text, "%x %" SCNx32 ":%" SCNx32 " %*x:%*x %*x %" SCNu32 " %*d %" SCNu64 " %*d %*s %" SCNu32,
			    &state, &tx, &rx, &uid, &inode, &drops) != 6)
		return false;
	s->state = diag_plain_state((int)state);
	s->send_q = tx;
	s->recv_q = rx;
	s->uid = uid;
	s->inode = inode;
	s->drops = drops;
	s->known = SOCK_HAS_QUEUES | SOCK_HAS_UID | SOCK_HAS_INODE;
	if (s->state == STATE_UNCONNECTED)
		s->remote = (struct endpoint){ 0 };
	return true;
}

static const char *find_line(const char *text, const struct sock *was, struct sock *found)
{
	const char *line = strchr(text, '\n'); /* the first one is the header */

	for (; line && line[1]; line = strchr(line + 1, '\n'))
		if (parse_line(line + 1, was->family, found) && found->inode == was->inode)
			return line;
	return NULL;
}

int diag_find_proc(struct diag *d, const struct sock *was, struct sock *now)
{
	enum proc_table table = was->type == SOCK_RAW ? PROC_RAW : PROC_ICMP;
	struct sock found = { .family = was->family, .type = was->type, .protocol = was->protocol };
	struct buf text = { 0 };
	int fd = diag_table(d, (enum proc_table)(was->family == AF_INET6 ? table + 1 : table)), rc;

	if (!(was->known & SOCK_HAS_INODE))
		return -EINVAL;
	if (fd < 0)
		return -EPROTONOSUPPORT;
	rc = read_whole(fd, &text);
	if (rc)
		goto out;
	rc = -ENOENT;
	if (find_line(buf_text(&text), was, &found)) {
		found.cookie = was->cookie;
		found.known |= was->known & SOCK_HAS_COOKIE;
		*now = found;
		rc = 0;
	}
out:
	buf_done(&text);
	return rc;
}

bool diag_line_raw(const char *line, int family, int type, struct sock *out)
{
	struct sock s = { .family = family, .type = type };

	if (!parse_line(line, family, &s))
		return false;
	if (type == SOCK_RAW) /* the port's place holds the protocol's number */
		s.protocol = (int)strtol(strchr(strchr(line, ':') + 1, ':') + 1, NULL, 16);
	else
		s.protocol = family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	*out = s;
	return true;
}

int diag_dump_proc(struct diag *d, int family, int type, diag_each each, void *ctx)
{
	enum proc_table table = type == SOCK_RAW ? PROC_RAW : PROC_ICMP;
	int fd = diag_table(d, (enum proc_table)(family == AF_INET6 ? table + 1 : table)), rc;
	struct buf text = { 0 };
	const char *line;

	if (fd < 0)
		return -EPROTONOSUPPORT;
	rc = read_whole(fd, &text);
	line = rc ? NULL : strchr(buf_text(&text), '\n');
	for (; line && line[1]; line = strchr(line + 1, '\n')) {
		struct sock s;

		if (diag_line_raw(line + 1, family, type, &s))
			each(ctx, &s);
	}
	buf_done(&text);
	return rc;
}

/* --- tables of other families, one line a socket below a header --- */

static int each_line(int fd, bool (*parse)(const char *line, struct sock *s), diag_each each, void *ctx)
{
	struct buf text = { 0 };
	const char *line;
	int rc;

	if (fd < 0)
		return -EPROTONOSUPPORT;
	rc = read_whole(fd, &text);
	line = rc ? NULL : strchr(buf_text(&text), '\n');
	for (; line && line[1]; line = strchr(line + 1, '\n')) {
		struct sock s;

		if (parse(line + 1, &s))
			each(ctx, &s);
	}
	buf_done(&text);
	return rc;
}

/* sk RefCnt Type Proto Iface R Rmem User Inode: packet(7) */
bool diag_line_packet(const char *line, struct sock *s)
{
	unsigned type, protocol, interface, rmem, uid;
	uint64_t inode;

	if (sscanf(line, "%*s %*u %u %x %u %*u %u %u %" SCNu64, &type, &protocol, &interface, &rmem, &uid, &inode) != 6)
		return false;
	*s = (struct sock){ .family = AF_PACKET, .state = STATE_UNCONNECTED };
	s->type = (int)type;
	s->protocol = (int)protocol; /* an EtherType, 3: all of them */
	s->interface = interface;
	s->recv_q = rmem;
	s->uid = uid;
	s->inode = inode;
	s->known = SOCK_HAS_QUEUES | SOCK_HAS_UID | SOCK_HAS_INODE;
	return true;
}

/* sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode: netlink(7). The kernel's own sockets have port 0, as have those
 * of processes that were never bound. */
bool diag_line_netlink(const char *line, struct sock *s)
{
	unsigned protocol, port, rmem, wmem, drops;
	uint64_t inode;

	if (sscanf(line, "%*s %u %u %*x %u %u %*d %*d %u %" SCNu64, &protocol, &port, &rmem, &wmem, &drops, &inode) !=
	    6)
		return false;
	*s = (struct sock){ .family = AF_NETLINK, .type = SOCK_RAW, .state = STATE_UNCONNECTED };
	s->protocol = (int)protocol;
	s->recv_q = rmem;
	s->send_q = wmem;
	s->drops = drops;
	s->inode = inode;
	s->known = SOCK_HAS_QUEUES | SOCK_HAS_INODE | (port ? 0u : SOCK_OF_KERNEL);
	return true;
}

int diag_list_packet(struct diag *d, diag_each each, void *ctx)
{
	return each_line(diag_table(d, PROC_PACKET), diag_line_packet, each, ctx);
}

int diag_list_netlink(struct diag *d, diag_each each, void *ctx)
{
	return each_line(diag_table(d, PROC_NETLINK), diag_line_netlink, each, ctx);
}
