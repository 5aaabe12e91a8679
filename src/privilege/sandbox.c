#include "inside.h"

#include "util/buf.h"
#include "util/err.h"
#include "util/mem.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* clang-format off */
static const struct {
	const char *name;   /* in "sandboxed but for …" */
	const char *means;
} parts[SANDBOX_PARTS] = {
	[SANDBOX_CAPABILITIES] = { "capabilities", "no capability in any set" },
	[SANDBOX_UID] = { "uid", "the user who called sudo" },
	[SANDBOX_NO_NEW_PRIVS] = { "no_new_privs", "no program that is started could gain any" },
	[SANDBOX_LANDLOCK] = { "Landlock", "files are written only below the folders named here" },
	[SANDBOX_SECCOMP] = { "seccomp", "only the system calls that decoding, drawing and the lab make" },
};
/* clang-format on */

/* --- folders --- */

static void allow(char *list[], size_t *count, size_t most, const char *path)
{
	char *real = realpath(path, NULL);
	bool known = !real || !strcmp(real, "/") || *count == most;

	for (size_t i = 0; i < *count && !known; i++)
		known = !strcmp(list[i], real);
	if (known)
		free(real);
	else
		list[(*count)++] = real;
}

/* The folder that holds `path`; false where it is too long. */
static bool folder_of(const char *path, char out[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;

	if (len >= PATH_MAX)
		return false;
	if (!slash)
		strcpy(out, ".");
	else
		snprintf(out, PATH_MAX, "%.*s", (int)(len ? len : 1), path);
	return true;
}

void sandbox_allow_folder(struct sandbox *s, const char *path)
{
	allow(s->writable, &s->writable_count, SANDBOX_FOLDERS, path);
}

void sandbox_allow_file(struct sandbox *s, const char *path)
{
	char folder[PATH_MAX];

	if (strcmp(path, "-") && folder_of(path, folder))
		allow(s->writable, &s->writable_count, SANDBOX_FOLDERS, folder);
}

int sandbox_may_write(const struct sandbox *s, const char *path, struct err *e)
{
	char folder[PATH_MAX], *real;
	bool inside = false;

	if (!s || !(s->done & 1u << SANDBOX_LANDLOCK) || !folder_of(path, folder))
		return 0;
	real = realpath(folder, NULL);
	if (!real)
		return 0; /* opening it will say why */
	for (size_t i = 0; i < s->writable_count && !inside; i++) {
		size_t len = strlen(s->writable[i]);

		inside = !strncmp(real, s->writable[i], len) && (!real[len] || real[len] == '/');
	}
	free(real);
	if (inside)
		return 0;
	return err_set(e, EACCES, "%s: the sandbox lets nothing be written there; start with --sandbox-write %s", path,
		       folder);
}

/* --- what was done --- */

/* Strict: the first part that cannot be had ends it. */
static int note(struct sandbox *s, const struct sandbox_config *config, enum sandbox_part part, int rc, struct err *why,
		struct err *e)
{
	*(rc ? &s->missing : &s->done) |= 1u << part;
	if (!rc || !config->strict)
		return 0;
	return err_set(e, -rc, "--sandbox-strict: %s", why->text);
}

char *sandbox_words(const struct sandbox *s, char *out, size_t size)
{
	size_t used;

	snprintf(out, size, !s->on ? "no sandbox" : s->missing ? "sandboxed but for" : "sandboxed");
	for (unsigned i = 0; s->on && i < SANDBOX_PARTS; i++) {
		used = strlen(out);
		if (s->missing & 1u << i)
			snprintf(out + used, size - used, " %s", parts[i].name);
	}
	return out;
}

void sandbox_describe(const struct sandbox *s, struct buf *out)
{
	for (unsigned i = 0; i < SANDBOX_PARTS; i++)
		buf_printf(out, "%-8s %-21s %s\n",
			   s->done & 1u << i      ? "applied"
			   : s->missing & 1u << i ? "refused"
						  : "not asked",
			   parts[i].name, parts[i].means);
	for (size_t i = 0; i < s->writable_count; i++)
		buf_printf(out, "%-8s %-21s %s\n", "", i ? "" : "may be written below", s->writable[i]);
	for (size_t i = 0; i < s->socket_count; i++)
		buf_printf(out, "%-8s %-21s %s\n", "", i ? "" : "UNIX sockets also in", s->sockets[i]);
}

/* --- giving up --- */

/* The bounding set says what executing a file could bring back. Without CAP_SETPCAP it cannot
 * be changed: no_new_privs says the same then. */
static int drop_bounding(struct err *e)
{
	uint64_t held = 0, all = capabilities_all();

	capabilities_effective(&held);
	for (unsigned bit = 0; bit < 64 && held >> CAP_SETPCAP & 1; bit++)
		if ((all >> bit & 1) && prctl(PR_CAPBSET_READ, bit, 0, 0, 0) > 0 &&
		    prctl(PR_CAPBSET_DROP, bit, 0, 0, 0))
			return err_set(e, errno, "the bounding set: %s", strerror(errno));
	return 0;
}

static int drop_capabilities(struct err *e)
{
	int rc;

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); /* EINVAL: there is no such set */
	rc = capabilities_clear();
	return rc ? err_set(e, -rc, "capabilities: %s", strerror(-rc)) : 0;
}

/* The user's own home takes the place of root's: configuration and state are theirs. */
static int drop_uid(const struct privileges *held, struct err *e)
{
	const struct passwd *user = getpwuid(held->sudo_uid);
	char runtime[64];
	struct stat st;
	int rc = user ? initgroups(user->pw_name, held->sudo_gid) : setgroups(0, NULL);

	if (rc || setresgid(held->sudo_gid, held->sudo_gid, held->sudo_gid) ||
	    setresuid(held->sudo_uid, held->sudo_uid, held->sudo_uid))
		return err_set(e, errno, "uid %u: %s", (unsigned)held->sudo_uid, strerror(errno));
	if (user && !(getenv("HOME") && !stat(getenv("HOME"), &st) && st.st_uid == held->sudo_uid))
		setenv("HOME", user->pw_dir, 1);
	snprintf(runtime, sizeof runtime, "/run/user/%u", (unsigned)held->sudo_uid);
	if (!stat(runtime, &st) && st.st_uid == held->sudo_uid)
		setenv("XDG_RUNTIME_DIR", runtime, 0);
	return 0;
}

int sandbox_no_new_privs(struct err *e)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return err_set(e, errno, "no_new_privs: %s", strerror(errno));
	return 0;
}

int sandbox_give_up(struct sandbox *s, const struct sandbox_config *config, const struct privileges *held,
		    struct err *e)
{
	struct err why = { 0 };
	int rc = drop_bounding(&why);

	if (!rc && held->sudo && !config->keep_uid) {
		int failed = drop_uid(held, &why);

		if (note(s, config, SANDBOX_UID, failed, &why, e))
			return -EPERM;
	}
	rc = rc ? rc : drop_capabilities(&why);
	if (note(s, config, SANDBOX_CAPABILITIES, rc, &why, e))
		return rc;
	rc = sandbox_no_new_privs(&why);
	return note(s, config, SANDBOX_NO_NEW_PRIVS, rc, &why, e);
}

/* --- confining --- */

int sandbox_confine(struct sandbox *s, const struct sandbox_config *config, struct err *e)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	struct err why = { 0 };
	int rc;

	allow(s->sockets, &s->socket_count, sizeof s->sockets / sizeof *s->sockets, "/tmp");
	if (runtime && *runtime == '/')
		allow(s->sockets, &s->socket_count, sizeof s->sockets / sizeof *s->sockets, runtime);
	rc = landlock_enter(s, &why);
	rc = note(s, config, SANDBOX_LANDLOCK, rc, &why, e);
	if (rc)
		return rc;
	rc = seccomp_enter(&why);
	s->on = true;
	return note(s, config, SANDBOX_SECCOMP, rc, &why, e);
}

void sandbox_done(struct sandbox *s)
{
	for (size_t i = 0; i < s->writable_count; i++)
		free(s->writable[i]);
	for (size_t i = 0; i < s->socket_count; i++)
		free(s->sockets[i]);
	*s = (struct sandbox){ 0 };
}
