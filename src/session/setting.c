#include "session/setting.h"

#include "util/buf.h"
#include "util/err.h"
#include "util/text.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define MS 1000000u
#define AT(member) offsetof(struct settings, member)

const char *const theme_names[] = { "dark", "light", "mono", "contrast", NULL };
static const char *const spaces[] = { "own", "all", NULL };

/* clang-format off */
const struct setting_row settings[] = {
	{ "timeout", SETTING_TIME, AT(timeout_ns), 1 * MS, 3600000ull * MS, "5s", "T",
	  "how long a step of a script may take", NULL, NULL },
	{ "refresh", SETTING_TIME, AT(refresh_ns), 50 * MS, 60000ull * MS, "1s", "T",
	  "how often sockets are looked at that nothing announced", NULL, NULL },
	{ "show-peers", SETTING_BOOL, AT(show_peers), 0, 0, "off", "on|off",
	  "show the echo peers' own sockets among mine", NULL, NULL },
	{ "ascii", SETTING_BOOL, AT(ascii), 0, 0, "off", "on|off",
	  "no line drawing and no wide characters", NULL, NULL },
	{ "mouse", SETTING_BOOL, AT(mouse), 0, 0, "on", "on|off", "react to the mouse", NULL, NULL },
	{ "netns", SETTING_WORD, AT(netns), 0, 0, "own", "own|NAME|PID|all",
	  "network namespace that the scopes host and process show", NULL, spaces },
	{ "theme", SETTING_WORD, AT(theme), 0, 0, "dark", "NAME",
	  "the colours: dark, light, mono, contrast", theme_names, NULL },
	{ 0 },
};
/* clang-format on */

const struct setting_row *setting_find(const char *name)
{
	for (const struct setting_row *r = settings; r->name; r++)
		if (!strcmp(r->name, name))
			return r;
	return NULL;
}

static bool parse_bool(const char *text, bool *value)
{
	static const char *const words[] = { "off", "on", "0", "1", "no", "yes", "false", "true" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcasecmp(words[i], text)) {
			*value = i & 1;
			return true;
		}
	return false;
}

static bool is_choice(const struct setting_row *row, const char *text)
{
	for (const char *const *c = row->choices; c && *c; c++)
		if (!strcmp(*c, text))
			return true;
	return !row->choices;
}

static int no_choice(const struct setting_row *row, const char *text, struct err *e)
{
	struct buf known = { 0 };
	int rc;

	for (const char *const *c = row->choices; *c; c++)
		buf_printf(&known, "%s%s", c == row->choices ? "" : c[1] ? ", " : " or ", *c);
	rc = err_set(e, EINVAL, "%s takes %s, not \"%s\"", row->name, buf_text(&known), text);
	buf_done(&known);
	return rc;
}

int setting_set(struct settings *s, const struct setting_row *row, const char *text, struct err *e)
{
	char *at = (char *)s + row->offset;
	uint64_t ns;
	bool flag;

	switch (row->type) {
	case SETTING_BOOL:
		if (!parse_bool(text, &flag))
			return err_set(e, EINVAL, "%s takes on or off, not \"%s\"", row->name, text);
		memcpy(at, &flag, sizeof flag);
		return 0;
	case SETTING_TIME:
		if (!text_parse_duration(text, &ns))
			return err_set(e, EINVAL, "%s takes a time (50ms, 2s), not \"%s\"", row->name, text);
		if (ns < row->least || ns > row->most)
			return err_set(e, ERANGE, "%s takes %g s to %g s", row->name, (double)row->least / 1e9,
				       (double)row->most / 1e9);
		memcpy(at, &ns, sizeof ns);
		return 0;
	case SETTING_WORD:
		if (!*text || strlen(text) >= sizeof s->theme)
			return err_set(e, EINVAL, "%s takes a name", row->name);
		if (!is_choice(row, text))
			return no_choice(row, text, e);
		memcpy(at, text, strlen(text) + 1);
		return 0;
	}
	return -EINVAL;
}

int setting_check(const struct setting_row *row, const char *text, struct err *e)
{
	struct settings scratch;

	return setting_set(&scratch, row, text, e);
}

static void put_time(struct buf *out, uint64_t ns)
{
	if (ns % 1000000000u)
		buf_printf(out, "%gms", (double)ns / 1e6);
	else
		buf_printf(out, "%llus", (unsigned long long)(ns / 1000000000u));
}

void setting_get(const struct settings *s, const struct setting_row *row, struct buf *out)
{
	const char *at = (const char *)s + row->offset;
	uint64_t ns;
	bool flag;

	switch (row->type) {
	case SETTING_BOOL:
		memcpy(&flag, at, sizeof flag);
		buf_puts(out, flag ? "on" : "off");
		break;
	case SETTING_TIME:
		memcpy(&ns, at, sizeof ns);
		put_time(out, ns);
		break;
	case SETTING_WORD: buf_puts(out, at); break;
	}
}

static const char *const *values_of(const struct setting_row *row)
{
	return row->choices ? row->choices : row->usual;
}

static size_t choice_of(const char *const *values, const char *text, size_t *count)
{
	size_t found = SIZE_MAX;

	for (*count = 0; values && values[*count]; ++*count)
		if (!strcmp(values[*count], text))
			found = *count;
	return found;
}

/* 1, 2, 5, 10, … of the smallest unit that is written. */
static uint64_t time_step(uint64_t ns, int by)
{
	static const unsigned steps[] = { 1, 2, 5 };
	uint64_t before = 0;

	for (uint64_t unit = MS / 1000;; unit *= 10)
		for (size_t i = 0; i < 3; i++) {
			uint64_t at = unit * steps[i];

			if (by > 0 ? at > ns : at >= ns)
				return by > 0 ? at : before;
			before = at;
		}
}

bool setting_step(const struct settings *s, const struct setting_row *row, int by, struct buf *out)
{
	const char *at = (const char *)s + row->offset;
	uint64_t ns;
	size_t count, choice;
	bool flag;

	switch (row->type) {
	case SETTING_BOOL:
		memcpy(&flag, at, sizeof flag);
		buf_puts(out, flag ? "off" : "on");
		return true;
	case SETTING_TIME:
		memcpy(&ns, at, sizeof ns);
		ns = time_step(ns, by);
		if (ns < row->least || ns > row->most)
			return false;
		put_time(out, ns);
		return true;
	case SETTING_WORD:
		choice = choice_of(values_of(row), at, &count);
		if (!count)
			return false;
		if (choice == SIZE_MAX)
			choice = 0;
		else
			choice = (choice + count + (size_t)(by > 0 ? 1 : count - 1)) % count;
		buf_puts(out, values_of(row)[choice]);
		return true;
	}
	return false;
}

void settings_default(struct settings *s)
{
	memset(s, 0, sizeof *s);
	for (const struct setting_row *r = settings; r->name; r++)
		setting_set(s, r, r->value, NULL);
}
