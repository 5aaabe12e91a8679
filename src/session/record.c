/* -w FILE: what is captured goes into a pcapng as it comes, however little the recorder keeps. A
 * packet that several taps see is written once, as it counts once. */
#include "inside.h"

#include "capture/writer.h"
#include "session/guard.h"
#include "util/err.h"
#include "util/text.h"

#include <errno.h>
#include <string.h>

int session_record_open(struct session *s, const char *path, struct err *e)
{
	const struct writer_config config = { .path = path, .keep = true };
	int rc = guard_may_write(s->config.guard, path, e);

	if (!rc)
		rc = writer_open(&config, &s->record, e);
	if (rc)
		guard_explain(s->config.guard, e);

	if (!rc)
		text_clean_to(s->record_name, sizeof s->record_name, path, strlen(path));
	if (!rc && !s->opened)
		session_log_open(s);
	return rc;
}

void session_record_failed(struct session *s, const struct err *why)
{
	session_notice(s, NOTICE_ERROR, "nothing more is written: %s", why->text);
	writer_close(s->record, NULL, NULL);
	s->record = NULL;
}

void session_record_block(struct session *s, const struct block *b)
{
	struct err why = { 0 };

	for (uint32_t i = 0; s->record && i < b->count; i++) {
		const struct packet *p = &b->packets[i];

		if (!p->beside && writer_packet(s->record, p, block_bytes(b, p), NULL, &why))
			session_record_failed(s, &why);
		else
			s->recorded += !p->beside;
	}
	if (s->record && writer_flush(s->record, &why))
		session_record_failed(s, &why);
}

void session_record_number(struct session *s, uint64_t number)
{
	struct err why = { 0 };
	const uint8_t *bytes;
	const struct packet *p = session_packet(s, number, &bytes);

	if (p && writer_packet(s->record, p, bytes, NULL, &why))
		session_record_failed(s, &why);
	else
		s->recorded += p != NULL;
}

int session_record_close(struct session *s, struct err *e)
{
	int rc;

	if (!s->record)
		return 0;
	for (unsigned i = 0; i < TAPS; i++)
		session_tap_stop(s, i);
	session_tap_reap(s, true); /* their last blocks are in the box now */
	session_drain(s);
	session_update_trails(s); /* what they prove is told, too */
	session_log_tick(s, true);
	session_log_free(s);
	if (!s->record)
		return err_set(e, EIO, "%s", s->notice.text);
	rc = writer_close(s->record, NULL, e);
	s->record = NULL;
	return rc;
}
