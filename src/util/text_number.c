/* Numbers in decimals. */
#include "util/text.h"

#include <string.h>

static unsigned digits_of(uint64_t value)
{
	unsigned count = 1;

	for (;; value /= 10000, count += 4) {
		if (value < 10)
			return count;
		if (value < 100)
			return count + 1;
		if (value < 1000)
			return count + 2;
		if (value < 10000)
			return count + 3;
	}
}

static const char pairs[] = "00010203040506070809101112131415161718192021222324"
			    "25262728293031323334353637383940414243444546474849"
			    "50515253545556575859606162636465666768697071727374"
			    "75767778798081828384858687888990919293949596979899";

/* Two digits at a time, from the end: numbers are in every line that is printed. */
size_t text_uint(char *out, uint64_t value)
{
	size_t len = digits_of(value);
	char *at = out + len;

	*at = '\0';
	for (; value >= 100; value /= 100) {
		at -= 2;
		memcpy(at, pairs + 2 * (value % 100), 2);
	}
	if (value >= 10)
		memcpy(out, pairs + 2 * value, 2);
	else
		out[0] = (char)('0' + value);
	return len;
}

void text_digits(char *out, uint64_t value, unsigned width)
{
	for (; width >= 2; value /= 100) {
		width -= 2;
		memcpy(out + width, pairs + 2 * (value % 100), 2);
	}
	if (width)
		out[0] = (char)('0' + value % 10);
}
