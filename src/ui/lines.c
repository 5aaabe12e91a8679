/* The first row: where we are and what is counted. */
#include "ui/desk.h"

#include "session/host.h"
#include "session/opened.h"
#include "session/replay.h"

#include "util/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct segment {
	char label[24], value[96];
	enum role role; /* of the value */
	int rank;       /* the highest goes first when there is no room */
	int width;
	bool brief;           /* also understood without its label, and without what stands behind a comma */
	uint64_t part, whole; /* a bar of BAR cells before the value; whole 0: none */
};

enum { SEGMENTS = 20, SEGMENT_GAP = 3, BAR = 12, WIDE = 120, DAMAGE = 44 };

static void segment(struct segment *list, int *n, int rank, enum role role, const char *label, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

static void measure(struct segment *s)
{
	s->width = (int)text_width(s->label) + (s->label[0] ? 1 : 0) + (int)text_width(s->value);
}

static void segment(struct segment *list, int *n, int rank, enum role role, const char *label, const char *format, ...)
{
	struct segment *s = &list[(*n)++];
	va_list args;

	*s = (struct segment){ 0 };
	s->rank = rank;
	s->role = role;
	snprintf(s->label, sizeof s->label, "%s", label);
	va_start(args, format);
	vsnprintf(s->value, sizeof s->value, format, args);
	va_end(args);
	measure(s);
}

/* By whom packets were lost matters: the kernel's buffer was too small, or we were too slow. */
static void add_drops(const struct capture_stats *stats, struct segment *list, int *n)
{
	unsigned long long kernel = stats->dropped_kernel + stats->dropped_interface, here = stats->dropped_here;

	if (kernel && here)
		segment(list, n, 2, ROLE_WARN, "dropped", "%llu by the kernel, %llu here", kernel, here);
	else if (kernel || here)
		segment(list, n, 2, ROLE_WARN, "dropped", "%llu %s", kernel + here, kernel ? "by the kernel" : "here");
	else
		segment(list, n, 6, ROLE_DIM, "", "0 drops");
}

/* How many sockets the scope has without the filter; 0: not known. */
static size_t whole_count(const struct session *s)
{
	const struct snapshot *snap = s->host ? host_snapshot(s->host) : NULL;

	switch (s->scope) {
	case SCOPE_MINE: return lab_open_count(s->lab);
	case SCOPE_HOST: return snap ? snap->count : 0;
	case SCOPE_CLOSED: return s->host ? host_closed_count(s->host) : 0;
	case SCOPE_FILE: return s->flows.count;
	default: return 0;
	}
}

static void add_scope(const struct session *s, struct segment *list, int *n)
{
	bool file = s->scope == SCOPE_FILE;
	size_t whole = s->filter_text ? whole_count(s) : 0;
	size_t count = s->row_count - s->departed - (file && s->row_count); /* one row stands for all of them */
	const char *what = file ? "flow" : "socket";

	if (s->scope == SCOPE_PROCESS)
		segment(list, n, 1, ROLE_STRONG, "scope", "process %s%s%u%s", s->scope_process,
			s->scope_process[0] ? " (" : "", (unsigned)s->scope_pid, s->scope_process[0] ? ")" : "");
	else
		segment(list, n, 1, ROLE_STRONG, "scope", "%s", scope_names[s->scope]);
	list[*n - 1].brief = true;
	if (whole > count)
		segment(list, n, 2, ROLE_VALUE, "", "%zu of %zu %ss", count, whole, what);
	else
		segment(list, n, 2, ROLE_VALUE, "", "%zu %s%s", count, what, count == 1 ? "" : "s");
	if (s->filter_text)
		segment(list, n, 2, ROLE_NEW, "filter", "%.60s", s->filter_text);
}

/* What is worth a warning about the last look at the host: it goes before the figures of the capture. In a narrow
 * terminal it is said what is not whole, but not why. */
static void add_host(const struct session *s, bool narrow, struct segment *list, int *n)
{
	const struct snapshot *snap = s->host ? host_snapshot(s->host) : NULL;
	char text[40];

	if (s->scope == SCOPE_MINE)
		return;
	if (strcmp(s->settings.netns, "own"))
		segment(list, n, 3, ROLE_NEW, "netns", "%.31s", s->settings.netns);
	if (!snap)
		return;
	if (snap->partial)
		segment(list, n, 2, ROLE_WARN, "partial", "%.*s", narrow ? (int)strcspn(snap->why, ":") : 60,
			snap->why);
	if (snap->hidden)
		segment(list, n, 3, ROLE_WARN, "", "%u owner%s hidden%s", snap->hidden, snap->hidden == 1 ? "" : "s",
			narrow ? "" : ": run as root");
	if (s->host_every_ns > s->settings.refresh_ns)
		segment(list, n, 3, ROLE_WARN, "refresh", "%s",
			text_duration(text, sizeof text, s->host_every_ns, s->settings.ascii));
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

/* The SOCK_RAW listener: what it listens to, and what that brought. */
static void add_raw(const struct session *s, struct segment *list, int *n)
{
	unsigned long long packets = 0, dropped = 0;
	const char *refused = NULL;
	char names[40] = "";
	size_t used = 0;

	for (unsigned i = TAP_RAW; i < TAPS; i++) {
		const struct tap *t = &s->taps[i];
		struct capture_stats stats;

		session_tap_stats(s, i, &stats);
		packets += stats.received;
		dropped += stats.dropped_kernel + stats.dropped_here;
		if (t->error.code)
			refused = raw_rows[i - TAP_RAW].name;
		if (t->capture)
			used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? "+" : "",
						 raw_rows[i - TAP_RAW].name);
	}
	if (!used && !packets) {
		segment(list, n, refused ? 4 : 7, refused ? ROLE_WARN : ROLE_DIM, "raw", refused ? "refused" : "off");
		return;
	}
	segment(list, n, 3, used ? ROLE_OK : ROLE_DIM, "raw", "%s %llu", used ? names : "off", packets);
	if (dropped)
		segment(list, n, 2, ROLE_WARN, "raw dropped", "%llu", dropped);
}

/* What an error of reading says behind the file's name. */
static const char *past_name(const char *text)
{
	const char *place = strstr(text, ": packet ");

	return place ? place + 2 : text;
}

static void add_hunt(const struct session *s, struct segment *list, int *n)
{
	const struct hunt *h = &s->hunt;

	if (!h->on || !h->all)
		return;
	segment(list, n, 1, ROLE_NEW, "searching", "%zu%%", h->done * 100 / h->all);
	list[*n - 1].part = h->done;
	list[*n - 1].whole = h->all;
	list[*n - 1].width += BAR + 1;
}

/* Of a file: how much of it was read, or what is wrong with it. */
static void add_file(const struct session *s, struct segment *list, int *n)
{
	const struct opened *o = s->opened;

	segment(list, n, 2, ROLE_OK, "file", "%.40s", o->name);
	if (!o->read && o->size) {
		segment(list, n, 2, ROLE_NEW, "", "%llu%%",
			(unsigned long long)(o->done < o->size ? o->done * 100 / o->size : 100));
		list[*n - 1].part = o->done;
		list[*n - 1].whole = o->size;
		list[*n - 1].width += BAR + 1;
	}
	segment(list, n, 3, ROLE_VALUE, "", "%llu packet%s", (unsigned long long)o->packets,
		o->packets == 1 ? "" : "s");
	if (o->damage.code)
		segment(list, n, 0, ROLE_WARN, "damaged", "%.*s%s", DAMAGE, past_name(o->damage.text),
			strlen(past_name(o->damage.text)) <= DAMAGE ? ""
			: s->settings.ascii                         ? "~"
								    : "…");
	else if (!o->size && !o->ended)
		segment(list, n, 4, ROLE_DIM, "", "live");
	if (o->replay)
		segment(list, n, 4, ROLE_VALUE, "recording", "%llu calls",
			(unsigned long long)lab_journal(s->lab)->count);
	if (s->recorder.thrown)
		segment(list, n, 5, ROLE_WARN, "let go", "%llu", (unsigned long long)s->recorder.thrown);
	if (s->record)
		segment(list, n, 3, ROLE_OK, "writing", "%.40s", base_name(s->record_name));
}

static int collect(const struct desk *d, struct segment *list)
{
	const struct session *s = d->session;
	const struct tap *live = &s->taps[TAP_LIVE];
	struct capture_stats stats;
	int n = 0;

	session_tap_stats(s, TAP_LIVE, &stats);
	add_scope(s, list, &n);
	add_hunt(s, list, &n);
	add_host(s, d->cols < WIDE, list, &n);
	if (s->opened) {
		add_file(s, list, &n);
		segment(list, &n, 6, ROLE_VALUE, "", "%s", d->privileges);
		return n;
	}
	if (live->capture)
		segment(list, &n, 3, ROLE_OK, "capture", "%s", s->config.device);
	else
		segment(list, &n, 3, live->error.code ? ROLE_WARN : ROLE_DIM, "capture", "off");
	list[n - 1].brief = live->capture && !s->config.file;
	segment(list, &n, 4, ROLE_VALUE, "", "%llu packet%s", (unsigned long long)stats.received,
		stats.received == 1 ? "" : "s");
	add_drops(&stats, list, &n);
	if (s->recorder.thrown)
		segment(list, &n, 5, ROLE_WARN, "let go", "%llu", (unsigned long long)s->recorder.thrown);
	if (s->record)
		segment(list, &n, 3, ROLE_OK, "writing", "%.40s", base_name(s->record_name));
	add_raw(s, list, &n);
	segment(list, &n, 5, ROLE_VALUE, "", "%s", d->privileges);
	list[n - 1].brief = true;
	return n;
}

static int total(const struct segment *list, int n)
{
	int sum = 0;

	for (int i = 0; i < n; i++)
		sum += list[i].width ? list[i].width + SEGMENT_GAP : 0;
	return sum;
}

/* The one that goes first of those that are left; false: none is. */
static bool drop_one(struct segment *list, int n)
{
	int victim = 0;

	for (int i = 0; i < n; i++)
		if (list[i].width && (!list[victim].width || list[i].rank >= list[victim].rank))
			victim = i;
	if (!list[victim].width)
		return false;
	list[victim].width = 0;
	return true;
}

/* All of it in fewer words is better than half of it in all words. */
static void fit_segments(struct segment *list, int n, int room)
{
	struct segment whole[SEGMENTS];

	if (total(list, n) <= room)
		return;
	memcpy(whole, list, sizeof whole);
	for (int i = 0; i < n; i++)
		if (list[i].brief) {
			list[i].label[0] = '\0';
			list[i].value[strcspn(list[i].value, ",")] = '\0';
			measure(&list[i]);
		}
	while (total(list, n) > room && drop_one(list, n))
		;
	for (int i = 0; i < n; i++)
		if (list[i].width && total(list, n) + whole[i].width - list[i].width <= room)
			list[i] = whole[i];
}

void status_draw(const struct desk *d, const struct area *a)
{
	static const char brand[] = "sockeye";
	struct segment list[SEGMENTS] = { 0 };
	int n = collect(d, list), x = 1;

	fit_segments(list, n, a->w - 1 - (int)sizeof brand);
	x = area_put(a, x, 0, ROLE_BRAND, brand);
	for (int i = 0; i < n; i++) {
		if (!list[i].width)
			continue;
		area_put(a, x + 1, 0, ROLE_RULE, glyph(a->grid, GLYPH_DOT));
		x += SEGMENT_GAP;
		if (list[i].label[0])
			x = area_put(a, x, 0, ROLE_LABEL, list[i].label) + 1;
		if (list[i].whole) {
			area_bar(a, x, 0, BAR, list[i].part, list[i].whole, list[i].role);
			x += BAR + 1;
		}
		x = area_put(a, x, 0, list[i].role, list[i].value);
	}
}
