/* json.h - a streaming JSON writer over a struct buf (RFC 8259). It keeps the commas and the nesting, nothing else:
 * a library that builds a tree first would cost an allocation per value, and one object is written per packet.
 *
 * Strings may hold any bytes: control characters are escaped and bytes that are not UTF-8 become \u00XX, so the
 * output is always valid JSON and never carries an escape sequence to a terminal.
 */
#ifndef UTIL_JSON_H
#define UTIL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum { JSON_DEPTH = 32 };

struct json {
	struct buf *out; /* borrowed */
	unsigned depth;
	bool comma[JSON_DEPTH]; /* something was already written at this depth */
};

void json_init(struct json *j, struct buf *out);
/* `key` is NULL inside an array and at the top level. */
void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_end(struct json *j, char closing);                                     /* '}' or ']' */
void json_string(struct json *j, const char *key, const char *text);             /* NULL text writes null */
void json_bytes(struct json *j, const char *key, const void *bytes, size_t len); /* a string of any bytes */
void json_int(struct json *j, const char *key, int64_t value);
void json_uint(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);
void json_raw(struct json *j, const char *key, const char *text); /* already JSON */
void json_hex(struct json *j, const char *key, const void *bytes, size_t len);
/* "1763862649.123456789" from nanoseconds since the epoch, as a string. */
void json_time(struct json *j, const char *key, uint64_t at_ns);

#endif
