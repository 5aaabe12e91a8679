#include "ui/osc.h"

void osc_copy(struct buf *out, const char *text, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *b = (const unsigned char *)text;

	if (len > CLIPBOARD_MOST)
		len = CLIPBOARD_MOST;
	buf_puts(out, "\033]52;c;");
	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		unsigned n = (unsigned)b[i] << 16;

		if (left > 1)
			n |= (unsigned)b[i + 1] << 8;
		if (left > 2)
			n |= b[i + 2];
		buf_putc(out, digits[n >> 18 & 63]);
		buf_putc(out, digits[n >> 12 & 63]);
		buf_putc(out, left > 1 ? digits[n >> 6 & 63] : '=');
		buf_putc(out, left > 2 ? digits[n & 63] : '=');
	}
	buf_putc(out, '\a');
}
