/* Secrets of TLS connections: of a key log, and of the pcapng that is open. With -w they go along. */
#include "inside.h"

#include "analysis/tls_crypto.h"
#include "analysis/tls_keys.h"
#include "capture/note.h"
#include "capture/writer.h"
#include "session/keylog.h"
#include "session/plain.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

int session_secrets_open(struct session *s, const char *path, struct err *e)
{
	int rc = path ? tls_crypto_prepare(e) : 0;

	s->keys = tls_keys_new();
	s->plain = plain_new();
	s->keylog = mem_alloc(sizeof *s->keylog);
	s->keylog->fd = -1;
	return rc || !path ? rc : keylog_open(s->keylog, path, e);
}

void session_secrets_done(struct session *s)
{
	if (s->keylog)
		keylog_done(s->keylog);
	free(s->keylog);
	plain_free(s->plain);
	tls_keys_free(s->keys);
}

/* Whole lines of the key log, into the file that is written. */
static void record(void *session, const char *lines, size_t len)
{
	struct session *s = session;
	struct note *n;

	if (!s->record)
		return;
	n = mem_alloc(sizeof *n + len + 1);
	n->kind = NOTE_SECRETS;
	n->type = NOTES_SECRETS_TLS;
	n->len = len;
	memcpy(n->text, lines, len);
	writer_note(s->record, n);
	explicit_bzero(n->text, len);
	free(n);
}

static void take_notes(struct session *s)
{
	struct note *n = capture_notes(s->taps[TAP_LIVE].capture), *next;

	for (; n; n = next) {
		next = n->next;
		if (n->kind == NOTE_SECRETS && n->type == NOTES_SECRETS_TLS) {
			tls_keys_feed(s->keys, n->text, n->len);
			tls_keys_end(s->keys);
			if (s->record)
				writer_note(s->record, n);
			explicit_bzero(n->text, n->len);
		}
		free(n);
	}
}

void session_secrets_read(struct session *s)
{
	uint64_t before = tls_keys_count(s->keys);

	keylog_read(s->keylog, s->keys, record, s);
	if (s->opened && s->taps[TAP_LIVE].capture)
		take_notes(s);
	if (tls_keys_count(s->keys) != before)
		session_touch(s);
}
