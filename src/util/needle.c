#include "util/needle.h"

#include "util/err.h"

#include <errno.h>
#include <string.h>

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static int digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, lower((uint8_t)c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

static int too_long(struct err *e)
{
	return err_set(e, EINVAL, "at most %d bytes can be searched for", NEEDLE_LONGEST);
}

static int parse_hex(const char *word, struct needle *n, struct err *e)
{
	n->hex = true;
	for (; *word; word++) {
		int high = digit(word[0]), low = high < 0 ? -1 : digit(word[1]);

		if (*word == ' ' || *word == ':')
			continue;
		if (low < 0)
			return err_set(e, EINVAL, "hex: takes pairs of hexadecimal digits");
		if (n->len == NEEDLE_LONGEST)
			return too_long(e);
		n->bytes[n->len++] = (uint8_t)(high << 4 | low);
		word++;
	}
	return n->len ? 0 : err_set(e, EINVAL, "hex: takes pairs of hexadecimal digits");
}

/* One character of a quoted text, `*at` behind it; -1 for an escape that there is not. */
static int unescape(const char **at)
{
	static const char letters[] = "rnt0\"\\", values[] = "\r\n\t\0\"\\";
	const char *p = *at, *letter;

	if (*p != '\\') {
		++*at;
		return (uint8_t)*p;
	}
	if (p[1] == 'x' && digit(p[2]) >= 0 && digit(p[3]) >= 0) {
		*at += 4;
		return digit(p[2]) << 4 | digit(p[3]);
	}
	letter = p[1] ? strchr(letters, p[1]) : NULL;
	*at += 2;
	return letter ? (uint8_t)values[letter - letters] : -1;
}

static int parse_quoted(const char *word, struct needle *n, struct err *e)
{
	while (*word && *word != '"') {
		int c = unescape(&word);

		if (c < 0)
			return err_set(e, EINVAL, "there is no such escape: \\r \\n \\t \\0 \\xHH \\\" \\\\");
		if (n->len == NEEDLE_LONGEST)
			return too_long(e);
		n->bytes[n->len++] = lower((uint8_t)c);
	}
	return n->len ? 0 : err_set(e, EINVAL, "nothing to search for");
}

int needle_parse(const char *word, struct needle *out, struct err *e)
{
	struct needle n = { .len = 0 };
	int rc = 0;

	if (!strncmp(word, "hex:", 4)) {
		rc = parse_hex(word + 4, &n, e);
	} else if (word[0] == '"') {
		rc = parse_quoted(word + 1, &n, e);
	} else if (!*word) {
		rc = err_set(e, EINVAL, "nothing to search for");
	} else if (strlen(word) > NEEDLE_LONGEST) {
		rc = too_long(e);
	} else {
		for (; word[n.len]; n.len++)
			n.bytes[n.len] = lower((uint8_t)word[n.len]);
	}
	if (!rc)
		*out = n;
	return rc;
}

static bool same(const struct needle *n, const uint8_t *at)
{
	if (n->hex)
		return !memcmp(at, n->bytes, n->len);
	for (size_t i = 0; i < n->len; i++)
		if (lower(at[i]) != n->bytes[i])
			return false;
	return true;
}

size_t needle_in_bytes(const struct needle *n, const uint8_t *bytes, size_t len, size_t from)
{
	uint8_t first = n->bytes[0];
	uint8_t other = !n->hex && first >= 'a' && first <= 'z' ? (uint8_t)(first - 32) : first;

	for (; n->len <= len && from <= len - n->len; from++)
		if ((bytes[from] == first || bytes[from] == other) && same(n, bytes + from))
			return from;
	return NEEDLE_NONE;
}

bool needle_in_text(const struct needle *n, const char *text)
{
	return text && !n->hex && needle_in_bytes(n, (const uint8_t *)text, strlen(text), 0) != NEEDLE_NONE;
}
