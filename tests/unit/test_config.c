#include "session/config.h"
#include "session/session.h"
#include "session/typed.h"
#include "util/buf.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char home[] = "/tmp/sockeye-home-XXXXXX";

static void new_home(void)
{
	cr_assert(mkdtemp(home));
	setenv("HOME", home, 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_STATE_HOME");
	unsetenv("SOCKEYE_CONFIG");
}

static void old_home(void)
{
	char command[64];

	snprintf(command, sizeof command, "rm -rf %s", home);
	cr_expect_eq(system(command), 0);
}

static void put_file(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", home, name);
	f = fopen(path, "w");
	cr_assert(f);
	fputs(text, f);
	fclose(f);
}

static size_t load(struct session **s, const char *named, struct buf *warnings)
{
	const struct session_config config = { .interactive = true };

	cr_assert_eq(session_new(&config, s, NULL), 0);
	return config_load(*s, named, warnings);
}

Test(config, applies_what_is_right_and_tells_what_is_not, .init = new_home, .fini = old_home)
{
	struct buf warnings = { 0 };
	char path[256];
	struct session *s;

	put_file("config", "# mine\nset timeout 2s\nset timeout never\nbind-key M socket inet6 dgram\n"
			   "connect 127.0.0.1:1\ntheme light\nsocket inet stream\ntheme nonesuch\n");
	snprintf(path, sizeof path, "%s/config", home);
	cr_expect_eq(load(&s, path, &warnings), 4, "%s", buf_text(&warnings));
	cr_expect(strstr(warnings.data, "config:8:7: theme takes dark, light, "), "%s", warnings.data);
	cr_expect(strstr(warnings.data, "config:3:13: "), "%s", warnings.data);
	cr_expect(strstr(warnings.data, "config:5:1: "), "%s", warnings.data);
	cr_expect(strstr(warnings.data, "config:7:1: "), "%s", warnings.data);
	cr_expect_eq(s->settings.timeout_ns, 2000000000u);
	cr_expect_str_eq(s->settings.theme, "light");
	cr_expect_eq(s->binding_count, 1);
	cr_expect_eq(lab_open_count(s->lab), 0, "no socket is made by a configuration");
	session_free(s);
	buf_done(&warnings);
}

Test(config, its_places, .init = new_home, .fini = old_home)
{
	struct buf warnings = { 0 };
	char path[256];
	struct session *s;

	cr_expect_eq(load(&s, NULL, &warnings), 0, "none is no fault");
	session_free(s);
	snprintf(path, sizeof path, "%s/.config", home);
	mkdir(path, 0700);
	strcat(path, "/sockeye");
	mkdir(path, 0700);
	put_file(".config/sockeye/config", "set timeout 3s\n");
	cr_expect_eq(load(&s, NULL, &warnings), 0);
	cr_expect_eq(s->settings.timeout_ns, 3000000000u);
	session_free(s);
	setenv("SOCKEYE_CONFIG", "/nonexistent/config", 1);
	cr_expect_eq(load(&s, NULL, &warnings), 1, "a named one that is missing is a warning");
	cr_expect(strstr(warnings.data, "No such file"));
	session_free(s);
	buf_done(&warnings);
}

Test(typed, lines_come_back, .init = new_home, .fini = old_home)
{
	char *lines[3], path[256];
	struct stat st;

	cr_expect_eq(typed_load(lines, 3), 0);
	typed_append("one");
	typed_append("");
	typed_append("two");
	typed_append("three \"\\n\"");
	typed_append("four");
	cr_assert_eq(typed_load(lines, 3), 3);
	cr_expect_str_eq(lines[0], "two");
	cr_expect_str_eq(lines[1], "three \"\\n\"");
	cr_expect_str_eq(lines[2], "four");
	for (size_t i = 0; i < 3; i++)
		free(lines[i]);
	snprintf(path, sizeof path, "%s/.local/state/sockeye/history", home);
	cr_assert_eq(stat(path, &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0600);
}

Test(typed, does_not_grow_without_end, .init = new_home, .fini = old_home)
{
	char *lines[10], path[256], line[200];
	struct stat st;

	memset(line, 'x', sizeof line);
	line[sizeof line - 1] = '\0';
	for (int i = 0; i < 2000; i++)
		typed_append(line);
	typed_append("last");
	cr_assert_eq(typed_load(lines, 10), 10);
	cr_expect_str_eq(lines[9], "last");
	for (size_t i = 0; i < 10; i++)
		free(lines[i]);
	snprintf(path, sizeof path, "%s/.local/state/sockeye/history", home);
	cr_assert_eq(stat(path, &st), 0);
	cr_expect_lt(st.st_size, 1001 * 200);
	cr_assert_eq(typed_load(lines, 10), 10);
	cr_expect_str_eq(lines[9], "last");
	for (size_t i = 0; i < 10; i++)
		free(lines[i]);
}

Test(typed, without_a_home_nothing_is_kept)
{
	char *lines[1];

	unsetenv("HOME");
	unsetenv("XDG_STATE_HOME");
	typed_append("x");
	cr_expect_eq(typed_load(lines, 1), 0);
}
