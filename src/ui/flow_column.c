#include "ui/flow_column.h"

#include "analysis/flow_state.h"
#include "decode/dissect.h"
#include "decode/proto.h"
#include "session/opened.h"
#include "ui/call_sheet.h"
#include "util/text.h"

#include <ctype.h>
#include <netinet/in.h>

void flow_proto_text(const struct row *r, struct buf *out)
{
	const struct flow *f = r->conversation;
	const char *name = f ? ip_protocol_name(f->proto) : NULL;

	if (!f)
		return;
	for (; name && *name; name++)
		buf_putc(out, (char)tolower((unsigned char)*name));
	if (!ip_protocol_name(f->proto))
		buf_printf(out, "%u", (unsigned)f->proto);
	if (f->family == AF_INET6 && f->proto != IPPROTO_ICMPV6)
		buf_putc(out, '6');
}

static void app_text(const struct row *r, struct buf *out)
{
	if (r->conversation)
		buf_puts(out, flow_app_name(r->conversation));
}

static enum role app_role(const struct row *r)
{
	(void)r;
	return ROLE_NAME;
}

/* --- counts, each way as the client sees it --- */

static bool packets(const struct row *r, bool out_way, uint64_t *out)
{
	const struct flow *f = r->conversation;

	*out = f ? f->side[flow_client(f) != !out_way].packets : r->file ? (out_way ? r->file->packets : 0) : 0;
	return *out != 0;
}

static bool bytes(const struct row *r, bool out_way, uint64_t *out)
{
	const struct flow *f = r->conversation;

	*out = f ? f->side[flow_client(f) != !out_way].wire_bytes : r->file ? (out_way ? r->file->bytes : 0) : 0;
	return *out != 0;
}

static bool packets_out(const struct row *r, uint64_t *out)
{
	return packets(r, true, out);
}

static bool packets_in(const struct row *r, uint64_t *out)
{
	return packets(r, false, out);
}

static bool bytes_out(const struct row *r, uint64_t *out)
{
	return bytes(r, true, out);
}

static bool bytes_in(const struct row *r, uint64_t *out)
{
	return bytes(r, false, out);
}

static void count_text(uint64_t count, struct buf *out)
{
	if (count < 100000)
		buf_printf(out, "%llu", (unsigned long long)count);
	else if (count < 1000000)
		buf_printf(out, "%lluk", (unsigned long long)(count / 1000));
	else
		buf_printf(out, "%.1fM", (double)count / 1e6);
}

static void size_text(uint64_t count, struct buf *out)
{
	char text[24];

	buf_puts(out, text_size(text, sizeof text, count));
}

static void packets_out_text(const struct row *r, struct buf *out)
{
	uint64_t count;

	if (packets_out(r, &count))
		count_text(count, out);
}

static void packets_in_text(const struct row *r, struct buf *out)
{
	uint64_t count;

	if (packets_in(r, &count))
		count_text(count, out);
}

static void bytes_out_text(const struct row *r, struct buf *out)
{
	uint64_t count;

	if (bytes_out(r, &count))
		size_text(count, out);
}

static void bytes_in_text(const struct row *r, struct buf *out)
{
	uint64_t count;

	if (bytes_in(r, &count))
		size_text(count, out);
}

/* --- how and when --- */

void flow_end_text(const struct flow *f, struct buf *out)
{
	if (flow_ending(f) != FLOW_OPEN)
		buf_puts(out, flow_end_words(f));
}

static void end_text(const struct row *r, struct buf *out)
{
	if (r->conversation)
		flow_end_text(r->conversation, out);
}

static enum role end_role(const struct row *r)
{
	const struct flow *f = r->conversation;
	enum flow_ending end = f ? flow_ending(f) : FLOW_OPEN;

	return end == FLOW_RST ? ROLE_ERROR : end == FLOW_HALF ? ROLE_WARN : ROLE_DIM;
}

static bool trouble_number(const struct row *r, uint64_t *out)
{
	const struct flow *f = r->conversation;

	*out = 0;
	for (unsigned i = 0; f && i < 2; i++)
		*out += (uint64_t)f->side[i].retransmissions + f->side[i].lost + f->side[i].zero_windows;
	return *out != 0;
}

static void trouble_text(const struct row *r, struct buf *out)
{
	uint64_t count;

	if (trouble_number(r, &count))
		count_text(count, out);
}

static enum role trouble_role(const struct row *r)
{
	(void)r;
	return ROLE_WARN;
}

static bool start_number(const struct row *r, uint64_t *out)
{
	*out = r->conversation ? r->conversation->first_ns : r->file ? r->file->first_ns : 0;
	return *out != 0;
}

static void start_text(const struct row *r, struct buf *out)
{
	char text[24];
	uint64_t at_ns;

	if (start_number(r, &at_ns))
		buf_printf(out, "%.12s", clock_text(text, at_ns));
}

static bool lasted_number(const struct row *r, uint64_t *out)
{
	const struct flow *f = r->conversation;
	uint64_t from = f ? f->first_ns : r->file ? r->file->first_ns : 0;
	uint64_t until = f ? f->last_ns : r->file ? r->file->last_ns : 0;

	*out = until > from ? until - from : 0;
	return until > from;
}

static void lasted_text(const struct row *r, struct buf *out)
{
	char text[32];
	uint64_t ns;

	if (lasted_number(r, &ns))
		buf_puts(out, text_duration(text, sizeof text, ns, false));
}

#define FILE_SCOPE (1u << SCOPE_FILE)

const struct sock_column flow_columns[] = {
	{ .name = "app",
	  .help = "of a file: the application, the highest protocol that was seen",
	  .scopes = FILE_SCOPE,
	  .rank = 4,
	  .text = app_text,
	  .role = app_role },
	{ .name = "packets-out",
	  .title = "PKTS",
	  .help = "of a file: packets that the client sent",
	  .scopes = FILE_SCOPE,
	  .rank = 7,
	  .right = true,
	  .text = packets_out_text,
	  .number = packets_out },
	{ .name = "packets-in",
	  .title = "BACK",
	  .help = "of a file: packets that the server sent",
	  .scopes = FILE_SCOPE,
	  .rank = 8,
	  .right = true,
	  .text = packets_in_text,
	  .number = packets_in },
	{ .name = "wire-out",
	  .title = "BYTES",
	  .help = "of a file: bytes of the client's packets, with their headers",
	  .scopes = FILE_SCOPE,
	  .rank = 10,
	  .right = true,
	  .text = bytes_out_text,
	  .number = bytes_out },
	{ .name = "wire-in",
	  .title = "BACK",
	  .help = "of a file: bytes of the server's packets, with their headers",
	  .scopes = FILE_SCOPE,
	  .rank = 11,
	  .right = true,
	  .text = bytes_in_text,
	  .number = bytes_in },
	{ .name = "end",
	  .help = "of a file: how the connection ended, and by whom",
	  .scopes = FILE_SCOPE,
	  .rank = 5,
	  .text = end_text,
	  .role = end_role },
	{ .name = "trouble",
	  .help = "of a file: segments sent again or lost, and closed windows",
	  .scopes = FILE_SCOPE,
	  .rank = 12,
	  .right = true,
	  .text = trouble_text,
	  .role = trouble_role,
	  .number = trouble_number },
	{ .name = "start",
	  .help = "of a file: when the first packet was seen",
	  .scopes = FILE_SCOPE,
	  .rank = 13,
	  .text = start_text,
	  .number = start_number },
	{ .name = "lasted",
	  .help = "of a file: from the first packet to the last",
	  .scopes = FILE_SCOPE,
	  .rank = 14,
	  .right = true,
	  .text = lasted_text,
	  .number = lasted_number },
	{ 0 },
};
