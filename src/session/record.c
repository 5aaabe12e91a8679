/* -w FILE: what is captured goes into a pcapng as it comes, however little the recorder keeps. A
 * packet that several taps see is written once, as it counts once. */
#include "inside.h"

#include "capture/writer.h"
#include "session/guard.h"
#include "util/text.h"

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
	return rc;
}

static void stop(struct session *s, const struct err *why)
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
			stop(s, &why);
		else
			s->recorded += !p->beside;
	}
	if (s->record && writer_flush(s->record, &why))
		stop(s, &why);
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
	rc = writer_close(s->record, NULL, e);
	s->record = NULL;
	return rc;
}
