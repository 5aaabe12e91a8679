/* src/session/sitting.c: the bytes are a block of messages of a recording. What is read can be written
 * again and is the same then; the lab and the journal take whatever it says. */
#include "session/sitting.h"

#include "util/buf.h"
#include "util/err.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void write_again(struct buf *out, const struct sitting_message *m)
{
	switch (m->kind) {
	case SITTING_BEGIN: sitting_begin(out, &m->begin); break;
	case SITTING_SOCKET: sitting_socket(out, &m->sock); break;
	case SITTING_FORGOT: sitting_forgot(out, m->id); break;
	case SITTING_CALL: sitting_call(out, &m->call); break;
	default: sitting_host(out, m->kind, &m->host); break;
	}
}

static void take(struct lab *l, const struct sitting_message *m)
{
	if (m->kind == SITTING_SOCKET)
		lab_restore(l, &m->sock);
	else if (m->kind == SITTING_FORGOT)
		lab_forget(l, m->id);
	else if (m->kind == SITTING_CALL)
		lab_restore_call(l, &m->call);
}

static void check(struct lab *l, const uint8_t *bytes, size_t len)
{
	struct sitting_message *m = malloc(sizeof *m), *n = malloc(sizeof *n);
	struct buf first = { 0 }, second = { 0 };

	if (sitting_read(bytes, len, m) == SITTING_OK) {
		write_again(&first, m);
		if (sitting_read((const uint8_t *)first.data, first.len, n) != SITTING_OK)
			__builtin_trap();
		write_again(&second, n);
		if (first.len != second.len || memcmp(first.data, second.data, first.len) != 0)
			__builtin_trap();
		take(l, m);
	}
	buf_done(&first);
	buf_done(&second);
	free(m);
	free(n);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct buf text = { 0 };
	struct lab_sock *k;
	const uint8_t *one;
	struct lab *l;
	struct err e;
	size_t size;

	if (len > 1 << 16)
		return 0;
	l = lab_new(NULL, &e);
	if (!l)
		return 0;
	lab_still(l);
	while ((one = sitting_next(&bytes, &len, &size)))
		check(l, one, size);
	for (size_t i = 0; (k = lab_next(l, &i));)
		if (lab_find(l, k->id) != k)
			__builtin_trap();
	for (uint64_t n = journal_oldest(lab_journal(l)); n < lab_journal(l)->next; n++)
		call_format(journal_find(lab_journal(l), n), false, &text);
	buf_done(&text);
	lab_free(l);
	return 0;
}
