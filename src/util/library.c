#include "util/library.h"

#include "util/err.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static const char *open_it(const struct library *l)
{
	void *library = NULL;

	for (const char *const *file = l->files; *file && !library; file++)
		library = dlopen(*file, RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return l->name;
	for (size_t i = 0; l->names[i]; i++) {
		void *at = dlsym(library, l->names[i]);

		if (!at)
			return l->names[i];
		memcpy((char *)l->functions + i * sizeof at, &at, sizeof at);
	}
	return NULL;
}

int library_load(struct library *l, struct err *e)
{
	int state = __atomic_load_n(&l->state, __ATOMIC_ACQUIRE);

	if (!state) {
		pthread_mutex_lock(&lock);
		if (!l->state) {
			l->missing = open_it(l);
			__atomic_store_n(&l->state, l->missing ? -1 : 1, __ATOMIC_RELEASE);
		}
		state = l->state;
		pthread_mutex_unlock(&lock);
	}
	if (state > 0)
		return 0;
	if (l->missing == l->name)
		return err_set(e, ENOENT, "%s is not installed", l->name);
	return err_set(e, ENOENT, "%s is too old: it has no %s", l->name, l->missing);
}
