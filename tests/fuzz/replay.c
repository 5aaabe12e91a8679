/*
 * Feeds a fuzz target without libFuzzer: each file that is named (or that lies in a directory that
 * is named), whole and cut at every length, each time in a heap buffer of exactly that size, so
 * that AddressSanitizer sees the first byte that is read too far.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CUTS = 4096 }; /* a longer seed is cut at about this many lengths, evenly spread */

static unsigned long inputs;

static void feed(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size);

	if (!exact && size)
		abort();
	if (size)
		memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	inputs++;
}

static int feed_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *data;
	size_t size, step;

	if (!f || fstat(fileno(f), &st) < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		if (f)
			fclose(f);
		return 1;
	}
	data = malloc((size_t)st.st_size + 1);
	if (!data)
		abort();
	size = fread(data, 1, (size_t)st.st_size, f);
	fclose(f);
	/* Said before, so that the last line names the file that a target dies on. */
	printf("%s\n", path);
	fflush(stdout);
	step = size / CUTS + 1;
	for (size_t cut = 0; cut < size; cut += step)
		feed(data, cut);
	feed(data, size);
	free(data);
	return 0;
}

static int feed_path(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	int failed = 0;

	if (!dir)
		return feed_file(path);
	while ((e = readdir(dir))) {
		char *sub = NULL;

		if (e->d_name[0] == '.')
			continue;
		sub = malloc(strlen(path) + strlen(e->d_name) + 2);
		if (!sub)
			abort();
		sprintf(sub, "%s/%s", path, e->d_name);
		failed |= feed_path(sub);
		free(sub);
	}
	closedir(dir);
	return failed;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= feed_path(argv[i]);
	printf("%lu inputs\n", inputs);
	return failed || inputs == 0;
}
