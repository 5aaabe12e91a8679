/* name_book.h - names of addresses and ports for lines that ask for them (`dump -N`).
 *
 * An address is asked for once, in the background (c-ares: hosts file, DNS); until the answer is
 * there, and where there is none, it has no name. Nothing here waits but name_book_wait. Bounded:
 * NAME_BOOK addresses, NAME_ASKED questions at a time; an address beyond that stays a number. Names
 * are foreign: they are kept clean. Ports are those of services(5), read once. One thread.
 */
#ifndef SESSION_NAME_BOOK_H
#define SESSION_NAME_BOOK_H

#include "core/endpoint.h"

#include <stdbool.h>
#include <stdint.h>

struct err;
struct name_book;

enum { NAME_BOOK = 1 << 15, NAME_ASKED = 64 };

int name_book_new(struct name_book **out, struct err *e);
void name_book_free(struct name_book *b); /* NULL is fine */
/* NULL: not known, or not yet. `ip` as in struct packet. Valid until the next call. */
const char *name_book_host(struct name_book *b, int family, const uint8_t ip[16]);
/* IPPROTO_TCP, _UDP and their like; NULL: it has no name. */
const char *name_book_port(const struct name_book *b, uint8_t proto, uint16_t port);
/* As endpoint_format, with the names that are known: "localhost:http". Returns out. */
char *name_book_endpoint(struct name_book *b, uint8_t proto, const struct endpoint *e, char *out, size_t size);
/* A name from elsewhere, a capture file: it goes before what would be asked for. Foreign. */
void name_book_add(struct name_book *b, const struct endpoint *e, const char *name, size_t len);
/* Take over answers that have come. True: some are still to come. */
bool name_book_turn(struct name_book *b);
/* For who has time: wait until all have come, or for `ms`. */
void name_book_wait(struct name_book *b, unsigned ms);

#endif
