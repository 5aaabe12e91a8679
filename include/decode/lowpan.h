/* lowpan.h - IPv6 over low-power radio: how its link layer finds it. */
#ifndef DECODE_LOWPAN_H
#define DECODE_LOWPAN_H

#include "decode/dissect.h"

/* Do the bytes at the cursor begin with a dispatch of RFC 4944 5.1 or RFC 6282 2? */
bool lowpan_looks_like(const struct dissect *d);

#endif
