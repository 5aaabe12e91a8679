#include "privilege/privilege.h"

#include "inside.h"
#include "util/buf.h"
#include "util/real_user.h"

#include <stdio.h>
#include <unistd.h>

void privileges_read(struct privileges *out)
{
	uint64_t set = 0, all = capabilities_all();

	capabilities_effective(&set);
	*out = (struct privileges){ .uid = geteuid(), .all = set && (set & all) == all };
	for (unsigned i = 0; i < CAPABILITIES; i++)
		out->held |= set >> capabilities[i].bit & 1 ? 1u << i : 0;
	out->sudo = real_user(&out->sudo_uid, &out->sudo_gid);
}

char *privileges_words(const struct privileges *p, char *out, size_t size)
{
	unsigned raw = 1u << CAPABILITY_NET_RAW, admin = 1u << CAPABILITY_NET_ADMIN;

	if (!p->uid && (p->held & raw) && (p->held & 1u << CAPABILITY_SYS_ADMIN))
		snprintf(out, size, "root");
	else if (p->held & raw)
		snprintf(out, size, "cap_net_raw%s", p->held & admin ? "+admin" : "");
	else
		snprintf(out, size, p->held ? "few privileges" : "no privileges");
	return out;
}

void privileges_describe(const struct privileges *p, struct buf *out)
{
	char text[CAPABILITY_TEXT];
	unsigned all = 0;

	buf_printf(out, "uid %u%s", (unsigned)p->uid, p->all ? ", every capability" : p->held ? "" : ", no capability");
	if (p->sudo)
		buf_printf(out, ", by sudo for uid %u", (unsigned)p->sudo_uid);
	buf_puts(out, "\n\n");
	for (unsigned i = 0; i < CAPABILITIES; i++) {
		const struct capability_row *row = &capabilities[i];
		bool held = p->held & 1u << i;

		buf_printf(out, "%-8s %-21s %s\n", held ? "held" : "missing", row->name, row->brings);
		if (!held)
			buf_printf(out, "%-30s without it: %s\n%-30s grant it: %s\n", "", row->without, "",
				   capability_command(text, sizeof text, 1u << i));
		if (row->setcap)
			all |= 1u << i;
	}
	buf_printf(out, "\nmake setcap: %s\n", capability_command(text, sizeof text, all));
}
