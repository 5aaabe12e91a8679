/* The wire: capture, interface, write. */
#include "commands.h"

#include "capture/pcapng.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

PARSER(capture)
{
	const struct token *t;
	int rc = parser_need(p, &t, "on, off or an interface");

	if (rc)
		return rc;
	out->start = strcasecmp(t->text, "off") != 0;
	if (out->start && strcasecmp(t->text, "on"))
		out->word = mem_string(t->text);
	return 0;
}

RUNNER(capture)
{
	struct err why;

	if (!r->step->start) {
		session_capture_stop(s);
		session_notice(s, NOTICE_INFO, "the capture is off");
		return RUN_DONE;
	}
	if (session_capture_start(s, r->step->word, &why))
		return run_fail(r, "%s", why.text);
	session_notice(s, NOTICE_INFO, "capturing on %s", capture_device(s->capture));
	return RUN_DONE;
}

/* `i`: the next interface in the list, "any" first. */
RUNNER(interface)
{
	struct capture_device *devices;
	const char *now = s->config.device, *next = NULL;
	unsigned count;
	struct err why;
	bool seen = false;

	if (capture_devices(&devices, &count, &why))
		return run_fail(r, "%s", why.text);
	for (unsigned i = 0; i < count && !next; i++) {
		if (seen && devices[i].up)
			next = devices[i].name;
		seen |= !strcmp(devices[i].name, now);
	}
	if (!next)
		next = "any";
	if (session_capture_start(s, next, &why)) {
		free(devices);
		return run_fail(r, "%s", why.text);
	}
	session_notice(s, NOTICE_INFO, "capturing on %s", next);
	free(devices);
	return RUN_DONE;
}

/* The packets of the current socket, as Traffic shows them. */
RUNNER(write)
{
	const struct trail *t = session_trail(s, s->selected);
	struct pcapng *w;
	struct err why;
	size_t written = 0;
	int rc = 0;

	if (!t || !t->count)
		return run_fail(r, "there are no packets of this socket to write");
	if (pcapng_create(r->step->word, &w, &why))
		return run_fail(r, "%s", why.text);
	for (size_t i = 0; i < t->count && !rc; i++) {
		const uint8_t *bytes;
		const struct packet *p = session_packet(s, t->numbers[i], &bytes);

		rc = p ? pcapng_packet(w, p, bytes, &why) : 0;
		written += p && !rc;
	}
	if (pcapng_close(w, rc ? NULL : &why) || rc)
		return run_fail(r, "%s", why.text);
	session_notice(s, NOTICE_INFO, "wrote %zu packet%s to %s", written, written == 1 ? "" : "s",
		       r->step->word);
	return RUN_DONE;
}
