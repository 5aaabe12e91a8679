/* How the values of each type of option are read and written, see option_kind.h. */
#include "option_kind.h"

#include "core/words.h"
#include "util/buf.h"
#include "util/text.h"

#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>

/* --- numbers --- */

bool option_is_none(const char *text)
{
	return !*text || !strcasecmp(text, "none") || !strcasecmp(text, "off");
}

/* Names may be written in full, too: IP_PMTUDISC_DO, SOCK_STREAM. */
static bool find_word(const struct option_row *o, const char *text, int64_t *value)
{
	const char *tail = strrchr(text, '_');

	for (const struct option_word *w = o->words; w && w->name; w++)
		if (!strcasecmp(w->name, text) || (tail && !strcasecmp(w->name, tail + 1))) {
			*value = w->value;
			return true;
		}
	return false;
}

/* "1500", "64K" of bytes, "2m" of seconds: in the row's unit, a part of it rounded up. */
static bool parse_number(const struct option_row *o, const char *text, int64_t *value)
{
	static const struct {
		const char *unit;
		uint64_t ns;
	} times[] = { { "s", 1000000000 }, { "ms", 1000000 }, { "us", 1000 } };
	uint64_t much;

	if (text_parse_int(text, value) || find_word(o, text, value))
		return true;
	if (!strcmp(o->unit, "bytes") && text_parse_size(text, &much) && much <= INT64_MAX) {
		*value = (int64_t)much;
		return true;
	}
	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		if (!strcmp(o->unit, times[i].unit) && text_parse_duration(text, &much)) {
			*value = (int64_t)(much / times[i].ns + (much % times[i].ns != 0));
			return true;
		}
	return false;
}

static int parse_int(const struct option_row *o, const char *text, struct option_value *out)
{
	bool wide = o->most > INT_MAX; /* the kernel reads the int as an unsigned one */
	int64_t value;

	if (!parse_number(o, text, &value))
		return -EINVAL;
	if (value < (wide ? 0 : INT_MIN) || value > (wide ? UINT32_MAX : INT_MAX))
		return -ERANGE;
	out->number = (int)value;
	out->len = sizeof out->number;
	return 0;
}

static void print_int(const struct option_row *o, const struct option_raw *raw, struct buf *out)
{
	if (o->most > INT_MAX)
		buf_printf(out, "%u", (unsigned)raw->number);
	else
		buf_printf(out, "%d", raw->number);
}

static int parse_enum(const struct option_row *o, const char *text, struct option_value *out)
{
	int64_t value;

	if (!find_word(o, text, &value) && !text_parse_int(text, &value))
		return -EINVAL;
	if (value < INT_MIN || value > INT_MAX)
		return -ERANGE;
	out->number = (int)value;
	out->len = sizeof out->number;
	return 0;
}

static void print_enum(const struct option_row *o, const struct option_raw *raw, struct buf *out)
{
	for (const struct option_word *w = o->words; w && w->name; w++)
		if (w->value == raw->number) {
			buf_puts(out, w->name);
			return;
		}
	buf_printf(out, "%d", raw->number);
}

static int parse_bool(const struct option_row *o, const char *text, struct option_value *out)
{
	static const struct {
		const char *word;
		int value;
	} words[] = { { "1", 1 },   { "0", 0 },  { "on", 1 },   { "off", 0 },
		      { "yes", 1 }, { "no", 0 }, { "true", 1 }, { "false", 0 } };

	(void)o;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcasecmp(words[i].word, text)) {
			out->number = words[i].value;
			out->len = sizeof out->number;
			return 0;
		}
	return -EINVAL;
}

static void print_bool(const struct option_row *o, const struct option_raw *raw, struct buf *out)
{
	(void)o;
	buf_puts(out, raw->number ? "1" : "0");
}

static int parse_errno(const struct option_row *o, const char *text, struct option_value *out)
{
	const struct word *w = word_find(errnos, text, strlen(text));

	if (!w)
		return parse_enum(o, text, out);
	out->number = w->value;
	out->len = sizeof out->number;
	return 0;
}

static void print_errno(const struct option_row *o, const struct option_raw *raw, struct buf *out)
{
	(void)o;
	buf_puts(out, errno_name(raw->number));
}

/* --- structs --- */

/* Python's struct.pack("ii", 1, 0): what follows the format. */
const char *option_unpacked(const char *text)
{
	if (strncmp(text, "struct.pack ", 12))
		return text;
	text += 12;
	text += strcspn(text, " ");
	return text + strspn(text, " ");
}

/* "1 0" or "1,0": two numbers. */
static bool parse_pair(const char *text, long long *a, long long *b)
{
	char *end;

	errno = 0;
	*a = strtoll(text, &end, 10);
	if (end == text || (*end != ' ' && *end != ','))
		return false;
	text = end + 1;
	*b = strtoll(text, &end, 10);
	return end != text && !*end && !errno;
}

static int parse_linger(const struct option_row *o, const char *text, struct option_value *out)
{
	struct linger l = { 0 };
	long long on, seconds;
	int64_t value;

	text = option_unpacked(text);
	if (parse_pair(text, &on, &seconds)) {
		if (on < 0 || on > 1 || seconds < 0 || seconds > INT_MAX)
			return -ERANGE;
		l.l_onoff = (int)on;
		l.l_linger = on ? (int)seconds : 0;
	} else if (*text && option_is_none(text)) {
		l.l_onoff = 0;
	} else if (parse_number(o, text, &value)) {
		if (value < 0 || value > INT_MAX)
			return -ERANGE;
		l.l_onoff = 1;
		l.l_linger = (int)value;
	} else {
		return -EINVAL;
	}
	memcpy(out->bytes, &l, sizeof l);
	out->len = sizeof l;
	return 0;
}

static void print_linger(const struct option_row *o, const struct option_raw *raw, struct buf *out)
{
	struct linger l;

	(void)o;
	memcpy(&l, raw->bytes, sizeof l);
	if (l.l_onoff)
		buf_printf(out, "%d", l.l_linger);
	else
		buf_puts(out, "off");
}

static int parse_time(const struct option_row *o, const char *text, struct option_value *out)
{
	struct timeval t = { 0 };
	long long seconds, us;
	uint64_t ns = 0;

	(void)o;
	text = option_unpacked(text);
	if (parse_pair(text, &seconds, &us)) {
		if (seconds < 0 || us < 0 || us > 999999)
			return -ERANGE;
		t.tv_sec = seconds;
		t.tv_usec = us;
	} else {
		if (!*text || (!option_is_none(text) && !text_parse_duration(text, &ns)))
			return -EINVAL;
		ns += 999; /* never 0, which is for ever, for less than a microsecond */
		t.tv_sec = (time_t)(ns / 1000000000);
		t.tv_usec = (suseconds_t)(ns % 1000000000 / 1000);
	}
	memcpy(out->bytes, &t, sizeof t);
	out->len = sizeof t;
	return 0;
}

static void print_time(const struct option_row *o, const struct option_raw *raw, struct buf *out)
{
	struct timeval t;
	long long us;

	(void)o;
	memcpy(&t, raw->bytes, sizeof t);
	us = (long long)t.tv_usec;
	if (!us)
		buf_printf(out, t.tv_sec ? "%llds" : "0", (long long)t.tv_sec);
	else if (us % 1000 == 0)
		buf_printf(out, "%lldms", (long long)t.tv_sec * 1000 + us / 1000);
	else
		buf_printf(out, "%lldus", (long long)t.tv_sec * 1000000 + us);
}

static int parse_string(const struct option_row *o, const char *text, struct option_value *out)
{
	size_t len = strlen(text);

	(void)o;
	if (option_is_none(text))
		len = 0;
	if (len >= IFNAMSIZ) /* TCP_CA_NAME_MAX is the same */
		return -ERANGE;
	memcpy(out->bytes, text, len);
	out->len = len + 1;
	return 0;
}

static void print_string(const struct option_row *o, const struct option_raw *raw, struct buf *out)
{
	const char *text = (const char *)raw->bytes;
	size_t len = strnlen(text, sizeof raw->bytes);

	(void)o;
	if (len)
		text_clean(out, text, len);
	else
		buf_puts(out, "none");
}

static void print_cookie(const struct option_row *o, const struct option_raw *raw, struct buf *out)
{
	(void)o;
	buf_printf(out, "0x%llx", (unsigned long long)raw->cookie);
}

static int parse_cookie(const struct option_row *o, const char *text, struct option_value *out)
{
	char *end;

	(void)o;
	errno = 0;
	out->align = strtoull(text, &end, 0);
	if (end == text || *end || *text == '-')
		return -EINVAL;
	out->len = sizeof out->align;
	return errno ? -ERANGE : 0;
}

static void print_cred(const struct option_row *o, const struct option_raw *raw, struct buf *out)
{
	struct ucred c;

	(void)o;
	memcpy(&c, raw->bytes, sizeof c);
	buf_printf(out, "pid=%d uid=%d gid=%d", (int)c.pid, (int)c.uid, (int)c.gid);
}

/* --- the table --- */

#define WHERE "the name of an interface, its address, or \"none\""

const struct option_kind option_kinds[] = {
	[OPTION_BOOL] = { parse_bool, print_bool, "1 or 0 (on or off)", NULL },
	[OPTION_INT] = { parse_int, print_int, NULL, NULL },
	[OPTION_LINGER] = { parse_linger, print_linger, "\"off\" or the seconds to wait (0: close sends RST)", "0" },
	[OPTION_TIME] = { parse_time, print_time, "a duration (2s, 500ms; 0: for ever)", NULL },
	[OPTION_STRING] = { parse_string, print_string, "a name of at most 15 characters", NULL },
	[OPTION_ENUM] = { parse_enum, print_enum, NULL, NULL },
	[OPTION_GROUP] = { option_parse_group, NULL, NULL, NULL },
	[OPTION_ADDRESS] = { option_parse_address, option_print_address, WHERE, NULL },
	[OPTION_COOKIE] = { parse_cookie, print_cookie, "a number", NULL },
	[OPTION_CRED] = { NULL, print_cred, NULL, NULL },
	[OPTION_TCP_INFO] = { NULL, option_print_tcp_info, NULL, NULL },
	[OPTION_INTERFACE] = { option_parse_interface, option_print_interface,
			       "the name or index of an interface, or \"none\"", NULL },
	[OPTION_ERRNO] = { parse_errno, print_errno, "an errno", NULL },
};
