/* tls_hello.h - what of a client's or server's hello opening records needs (RFC 8446 4.1). */
#ifndef ANALYSIS_TLS_HELLO_H
#define ANALYSIS_TLS_HELLO_H

#include "analysis/tls_keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tls_hello {
	uint8_t random[TLS_RANDOM];
	uint16_t version;
	uint16_t suite;  /* a server's: the one chosen */
	bool mac_last;   /* a server's: encrypt-then-MAC was chosen (RFC 7366) */
	bool v13;        /* a server's: TLS 1.3 was chosen */
	bool retry;      /* a server's: it wants another hello (RFC 8446 4.1.4) */
	bool early_data; /* a client's: it sends some (RFC 8446 4.2.10) */
};

/* The message's body, of which not everything need be there. False: it ends before its random does,
 * or a server's before what it chose. */
bool tls_hello_read(const uint8_t *body, size_t len, bool server, struct tls_hello *out);

#endif
