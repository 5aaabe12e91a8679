#include "util/text.h"

#include "util/buf.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t text_decode(const char *bytes, size_t len, uint32_t *rune)
{
	const unsigned char *b = (const unsigned char *)bytes;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need;
	uint32_t r;

	if (len == 0)
		return 0;
	if (b[0] < 0x80) {
		*rune = b[0];
		return 1;
	}
	if (b[0] >= 0xc2 && b[0] < 0xe0)
		need = 2, r = b[0] & 0x1f;
	else if (b[0] >= 0xe0 && b[0] < 0xf0)
		need = 3, r = b[0] & 0x0f;
	else if (b[0] >= 0xf0 && b[0] < 0xf5)
		need = 4, r = b[0] & 0x07;
	else
		return 0;
	if (len < need)
		return 0;
	for (size_t i = 1; i < need; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		r = r << 6 | (b[i] & 0x3f);
	}
	if (r < least[need] || r > 0x10ffff || (r >= 0xd800 && r < 0xe000))
		return 0;
	*rune = r;
	return need;
}

bool text_is_utf8(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t rune;
		size_t used = text_decode(bytes + i, len - i, &rune);

		if (!used)
			return false;
		i += used;
	}
	return true;
}

size_t text_encode(uint32_t rune, char out[4])
{
	if (rune < 0x80) {
		out[0] = (char)rune;
		return 1;
	}
	if (rune < 0x800) {
		out[0] = (char)(0xc0 | rune >> 6);
		out[1] = (char)(0x80 | (rune & 0x3f));
		return 2;
	}
	if (rune < 0x10000) {
		if (rune >= 0xd800 && rune < 0xe000)
			return 0;
		out[0] = (char)(0xe0 | rune >> 12);
		out[1] = (char)(0x80 | (rune >> 6 & 0x3f));
		out[2] = (char)(0x80 | (rune & 0x3f));
		return 3;
	}
	if (rune > 0x10ffff)
		return 0;
	out[0] = (char)(0xf0 | rune >> 18);
	out[1] = (char)(0x80 | (rune >> 12 & 0x3f));
	out[2] = (char)(0x80 | (rune >> 6 & 0x3f));
	out[3] = (char)(0x80 | (rune & 0x3f));
	return 4;
}

struct span {
	uint32_t first, last;
};

/* Unicode: general categories Mn, Me and Cf of the scripts that occur in names; sorted. */
static const struct span combining[] = {
	{ 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x05bf, 0x05bf },   { 0x05c1, 0x05c2 },
	{ 0x0610, 0x061a }, { 0x064b, 0x065f }, { 0x0670, 0x0670 }, { 0x06d6, 0x06dc },   { 0x0900, 0x0902 },
	{ 0x093a, 0x093a }, { 0x093c, 0x093c }, { 0x0941, 0x0948 }, { 0x094d, 0x094d },   { 0x0e31, 0x0e31 },
	{ 0x0e34, 0x0e3a }, { 0x0e47, 0x0e4e }, { 0x1160, 0x11ff }, { 0x1ab0, 0x1aff },   { 0x1dc0, 0x1dff },
	{ 0x200b, 0x200d }, { 0x2060, 0x2064 }, { 0x20d0, 0x20ff }, { 0x302a, 0x302d },   { 0x3099, 0x309a },
	{ 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff }, { 0xe0100, 0xe01ef },
};

/* Unicode: East Asian Width W and F (most emoji are), with the unassigned code points between them;
 * sorted. */
static const struct span wide[] = {
	{ 0x1100, 0x115f },   { 0x231a, 0x231b },   { 0x2329, 0x232a },   { 0x23e9, 0x23ec },   { 0x23f0, 0x23f0 },
	{ 0x23f3, 0x23f3 },   { 0x25fd, 0x25fe },   { 0x2614, 0x2615 },   { 0x2648, 0x2653 },   { 0x267f, 0x267f },
	{ 0x2693, 0x2693 },   { 0x26a1, 0x26a1 },   { 0x26aa, 0x26ab },   { 0x26bd, 0x26be },   { 0x26c4, 0x26c5 },
	{ 0x26ce, 0x26ce },   { 0x26d4, 0x26d4 },   { 0x26ea, 0x26ea },   { 0x26f2, 0x26f3 },   { 0x26f5, 0x26f5 },
	{ 0x26fa, 0x26fa },   { 0x26fd, 0x26fd },   { 0x2705, 0x2705 },   { 0x270a, 0x270b },   { 0x2728, 0x2728 },
	{ 0x274c, 0x274c },   { 0x274e, 0x274e },   { 0x2753, 0x2755 },   { 0x2757, 0x2757 },   { 0x2795, 0x2797 },
	{ 0x27b0, 0x27b0 },   { 0x27bf, 0x27bf },   { 0x2b1b, 0x2b1c },   { 0x2b50, 0x2b50 },   { 0x2b55, 0x2b55 },
	{ 0x2e80, 0x303e },   { 0x3041, 0x3247 },   { 0x3250, 0x4dbf },   { 0x4e00, 0xa4c6 },   { 0xa960, 0xa97c },
	{ 0xac00, 0xd7a3 },   { 0xf900, 0xfad9 },   { 0xfe10, 0xfe19 },   { 0xfe30, 0xfe6b },   { 0xff01, 0xff60 },
	{ 0xffe0, 0xffe6 },   { 0x16fe0, 0x1b2fb }, { 0x1f004, 0x1f004 }, { 0x1f0cf, 0x1f0cf }, { 0x1f18e, 0x1f18e },
	{ 0x1f191, 0x1f19a }, { 0x1f200, 0x1f320 }, { 0x1f32d, 0x1f335 }, { 0x1f337, 0x1f37c }, { 0x1f37e, 0x1f393 },
	{ 0x1f3a0, 0x1f3ca }, { 0x1f3cf, 0x1f3d3 }, { 0x1f3e0, 0x1f3f0 }, { 0x1f3f4, 0x1f3f4 }, { 0x1f3f8, 0x1f43e },
	{ 0x1f440, 0x1f440 }, { 0x1f442, 0x1f4fc }, { 0x1f4ff, 0x1f53d }, { 0x1f54b, 0x1f54e }, { 0x1f550, 0x1f567 },
	{ 0x1f57a, 0x1f57a }, { 0x1f595, 0x1f596 }, { 0x1f5a4, 0x1f5a4 }, { 0x1f5fb, 0x1f64f }, { 0x1f680, 0x1f6c5 },
	{ 0x1f6cc, 0x1f6cc }, { 0x1f6d0, 0x1f6d2 }, { 0x1f6d5, 0x1f6df }, { 0x1f6eb, 0x1f6ec }, { 0x1f6f4, 0x1f6fc },
	{ 0x1f7e0, 0x1f7f0 }, { 0x1f90c, 0x1f93a }, { 0x1f93c, 0x1f945 }, { 0x1f947, 0x1f9ff }, { 0x1fa70, 0x1faff },
	{ 0x20000, 0x2fffd }, { 0x30000, 0x3fffd },
};

static bool within(const struct span *spans, size_t count, uint32_t rune)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (rune > spans[mid].last)
			low = mid + 1;
		else if (rune < spans[mid].first)
			high = mid;
		else
			return true;
	}
	return false;
}

int text_rune_width(uint32_t rune)
{
	if (rune < ' ' || (rune >= 0x7f && rune < 0xa0))
		return -1;
	if (rune < 0x300)
		return 1;
	if (within(combining, sizeof combining / sizeof *combining, rune))
		return 0;
	return within(wide, sizeof wide / sizeof *wide, rune) ? 2 : 1;
}

size_t text_width(const char *text)
{
	size_t len = strlen(text), cells = 0;

	for (size_t i = 0; i < len;) {
		uint32_t rune;
		size_t used;

		if (text[i] >= ' ' && text[i] < 0x7f) {
			cells++, i++;
			continue;
		}
		used = text_decode(text + i, len - i, &rune);
		if (!used || text_rune_width(rune) > 0)
			cells += used ? (size_t)text_rune_width(rune) : 1;
		i += used ? used : 1;
	}
	return cells;
}

/* Marks that reorder what follows (bidirectional controls) can make one name look like another. */
static bool deceptive(uint32_t rune)
{
	return rune == 0x061c || (rune >= 0x202a && rune <= 0x202e) || (rune >= 0x2066 && rune <= 0x2069) ||
	       rune == 0x200e || rune == 0x200f || rune == 0x2028 || rune == 0x2029 || rune == 0xfeff;
}

static void escape_byte(struct buf *out, unsigned char c)
{
	static const struct {
		char c;
		const char *text;
	} named[] = { { '\n', "\\n" }, { '\r', "\\r" }, { '\t', "\\t" } };

	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (c == (unsigned char)named[i].c) {
			buf_puts(out, named[i].text);
			return;
		}
	buf_printf(out, "\\x%02x", c);
}

/* Bytes at the start that stand for themselves: almost always all of them. */
static size_t plain_run(const char *bytes, size_t len, bool quoted)
{
	size_t i = 0;

	while (i < len && bytes[i] >= ' ' && bytes[i] < 0x7f && !(quoted && (bytes[i] == '"' || bytes[i] == '\\')))
		i++;
	return i;
}

static void clean(struct buf *out, const char *bytes, size_t len, bool quoted)
{
	size_t start = plain_run(bytes, len, quoted);

	buf_add(out, bytes, start);
	for (size_t i = start; i < len;) {
		uint32_t rune = 0;
		unsigned char c = (unsigned char)bytes[i];
		size_t used = text_decode(bytes + i, len - i, &rune);

		if (used == 0 || text_rune_width(rune) < 0 || (quoted && deceptive(rune))) {
			size_t each = used ? used : 1;

			for (size_t k = 0; k < each; k++)
				escape_byte(out, (unsigned char)bytes[i + k]);
			i += each;
			continue;
		}
		if (deceptive(rune))
			buf_printf(out, "\\u%04x", (unsigned)rune);
		else if (quoted && (c == '"' || c == '\\'))
			buf_putc(out, '\\'), buf_putc(out, (char)c);
		else
			buf_add(out, bytes + i, used);
		i += used;
	}
}

void text_clean(struct buf *out, const char *bytes, size_t len)
{
	clean(out, bytes, len, false);
}

void text_quote(struct buf *out, const void *bytes, size_t len)
{
	buf_putc(out, '"');
	clean(out, bytes, len, true);
	buf_putc(out, '"');
}

char *text_clean_to(char *out, size_t size, const char *bytes, size_t len)
{
	struct buf cleaned = { 0 };
	size_t keep;

	if (size == 0)
		return out;
	text_clean(&cleaned, bytes, len);
	keep = cleaned.len < size - 1 ? cleaned.len : size - 1;
	while (keep && keep < cleaned.len && ((unsigned char)cleaned.data[keep] & 0xc0) == 0x80)
		keep--;
	memcpy(out, buf_text(&cleaned), keep);
	out[keep] = '\0';
	buf_done(&cleaned);
	return out;
}

/* `value` in units of 1/10^places, then a word: what "%.2f ms" would write, but much quicker. */
static void decimal(char *out, size_t size, uint64_t value, unsigned places, const char *unit)
{
	char text[32];
	size_t at = sizeof text - 1;

	text[at] = '\0';
	for (unsigned i = 0; value || i <= places; i++, value /= 10) {
		if (places && i == places)
			text[--at] = '.';
		text[--at] = (char)('0' + value % 10);
	}
	for (const char *from = text + at; *from && size > 1; size--)
		*out++ = *from++;
	for (; *unit && size > 1; size--)
		*out++ = *unit++;
	*out = '\0';
}

char *text_duration(char *out, size_t size, uint64_t ns, bool ascii)
{
	const char *micro = ascii ? " us" : " µs";

	if (ns < 1000)
		decimal(out, size, ns, 0, " ns");
	else if (ns < 10000)
		decimal(out, size, (ns + 50) / 100, 1, micro);
	else if (ns < 1000000)
		decimal(out, size, ns / 1000, 0, micro);
	else if (ns < 10000000)
		decimal(out, size, (ns + 5000) / 10000, 2, " ms");
	else if (ns < 1000000000)
		decimal(out, size, ns / 1000000, 0, " ms");
	else if (ns < 60000000000u)
		decimal(out, size, (ns + 5000000) / 10000000, 2, " s");
	else if (ns < 3600000000000u)
		snprintf(out, size, "%u min %u s", (unsigned)(ns / 60000000000u), (unsigned)(ns / 1000000000u % 60));
	else if (ns < 172800000000000u)
		snprintf(out, size, "%llu h %u min", (unsigned long long)(ns / 3600000000000u),
			 (unsigned)(ns / 60000000000u % 60));
	else
		snprintf(out, size, "%llu d %u h", (unsigned long long)(ns / 86400000000000u),
			 (unsigned)(ns / 3600000000000u % 24));
	return out;
}

char *text_size(char *out, size_t size, uint64_t bytes)
{
	static const char *const units[] = { "K", "M", "G", "T", "P", "E" };
	uint64_t whole = bytes, rest = 0; /* whole + rest / 1024 of the unit */
	size_t unit = 0;

	if (bytes < 1024) {
		decimal(out, size, bytes, 0, "");
		return out;
	}
	for (;; unit++) {
		rest = whole % 1024;
		whole /= 1024;
		if ((whole < 1023 || (whole == 1023 && rest < 973)) || unit == 5) /* never "1024.0K" */
			break;
	}
	decimal(out, size, whole * 10 + (rest * 10 + 512) / 1024, 1, units[unit]);
	return out;
}

/* By hand and in integers: strtod(3) reads "1,5" in some locales, and a double has no nine digits
 * after the point. */
bool text_parse_duration(const char *text, uint64_t *ns)
{
	static const struct {
		const char *unit;
		uint64_t ns;
	} units[] = { { "", 1000000000 },   { "s", 1000000000 },    { "ms", 1000000 },
		      { "us", 1000 },       { "µs", 1000 },         { "ns", 1 },
		      { "m", 60000000000 }, { "min", 60000000000 }, { "h", 3600000000000 } };
	const uint64_t most = INT64_MAX;
	size_t whole_len = strspn(text, "0123456789");
	const char *fraction = text + whole_len + (text[whole_len] == '.');
	size_t fraction_len = fraction > text + whole_len ? strspn(fraction, "0123456789") : 0;
	uint64_t whole = 0;

	if (!whole_len && !fraction_len)
		return false;
	for (size_t i = 0; i < whole_len; i++) {
		if (whole > most / 10 - 1)
			return false;
		whole = whole * 10 + (uint64_t)(text[i] - '0');
	}
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		uint64_t sum = 0, part = units[i].ns;

		if (strcmp(fraction + fraction_len, units[i].unit))
			continue;
		if (whole > most / units[i].ns - 1)
			return false;
		for (size_t k = 0; k < fraction_len && part; k++) {
			part /= 10;
			sum += part * (uint64_t)(fraction[k] - '0');
		}
		*ns = whole * units[i].ns + sum;
		return true;
	}
	return false;
}

bool text_parse_size(const char *text, uint64_t *bytes)
{
	char *end;
	unsigned long long value;
	unsigned shift = 0;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno)
		return false;
	if (*end == 'K' || *end == 'k')
		shift = 10, end++;
	else if (*end == 'M')
		shift = 20, end++;
	else if (*end == 'G')
		shift = 30, end++;
	if (*end || value > UINT64_MAX >> shift)
		return false;
	*bytes = value << shift;
	return true;
}

bool text_parse_int(const char *text, int64_t *value)
{
	char *end;
	long long v;

	if (!isdigit((unsigned char)text[0]) && !(text[0] == '-' && isdigit((unsigned char)text[1])))
		return false;
	errno = 0;
	v = strtoll(text, &end, 0);
	if (errno || *end)
		return false;
	*value = v;
	return true;
}

/* Optimal string alignment: insertions, deletions, replacements, and two letters that changed
 * places, each once. Words here are short. */
static size_t distance(const char *a, const char *b)
{
	enum { LONGEST = 32 };
	size_t la = strlen(a), lb = strlen(b), d[LONGEST + 1][LONGEST + 1];

	if (la > LONGEST || lb > LONGEST)
		return SIZE_MAX;
	for (size_t i = 0; i <= la; i++)
		d[i][0] = i;
	for (size_t k = 0; k <= lb; k++)
		d[0][k] = k;
	for (size_t i = 1; i <= la; i++)
		for (size_t k = 1; k <= lb; k++) {
			int x = tolower((unsigned char)a[i - 1]), y = tolower((unsigned char)b[k - 1]);
			size_t best = d[i - 1][k - 1] + (x != y);

			if (d[i - 1][k] + 1 < best)
				best = d[i - 1][k] + 1;
			if (d[i][k - 1] + 1 < best)
				best = d[i][k - 1] + 1;
			if (i > 1 && k > 1 && x == tolower((unsigned char)b[k - 2]) &&
			    y == tolower((unsigned char)a[i - 2]) && d[i - 2][k - 2] + 1 < best)
				best = d[i - 2][k - 2] + 1;
			d[i][k] = best;
		}
	return d[la][lb];
}

const char *text_nearest(const char *typed, const char *const *words)
{
	const char *best = NULL;
	size_t least = strlen(typed) / 3 + 1;

	for (; *words; words++) {
		size_t d = distance(typed, *words);

		if (d <= least && (!best || d < least)) {
			best = *words;
			least = d;
		}
	}
	return best;
}
