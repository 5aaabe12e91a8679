#include "core/snapshot_wire.h"

#include "util/err.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

#define COUNT_MOST (UINT64_C(1) << 27)

/* The arrays, in the order of the file: the struct itself comes first. */
static const struct section {
	size_t array, count, size; /* offsets of the pointer and of its count; bytes of an element */
} sections[] = {
	{ offsetof(struct snapshot, records), offsetof(struct snapshot, count), sizeof(struct record) },
	{ offsetof(struct snapshot, owners), offsetof(struct snapshot, owner_count), sizeof(struct owner) },
	{ offsetof(struct snapshot, tcps), offsetof(struct snapshot, tcp_bytes), 1 },
	{ offsetof(struct snapshot, names), offsetof(struct snapshot, name_bytes), 1 },
};
enum { SECTIONS = sizeof sections / sizeof *sections };

static void *array_of(const struct snapshot *s, const struct section *part)
{
	void *at;

	memcpy(&at, (const char *)s + part->array, sizeof at);
	return at;
}

static void set_array(struct snapshot *s, const struct section *part, void *at)
{
	memcpy((char *)s + part->array, &at, sizeof at);
}

static size_t count_of(const struct snapshot *s, const struct section *part)
{
	size_t count;

	memcpy(&count, (const char *)s + part->count, sizeof count);
	return count;
}

/* --- writing --- */

static int write_all(int fd, const void *bytes, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = write(fd, (const char *)bytes + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		done += (size_t)n;
	}
	return 0;
}

int snapshot_to_file(const struct snapshot *s, struct err *e)
{
	int fd = memfd_create("snapshot", MFD_CLOEXEC | MFD_ALLOW_SEALING), rc;
	struct snapshot head = *s;

	head.map = NULL;
	head.map_bytes = 0;
	head.capacity = head.owner_capacity = head.tcp_capacity = head.name_capacity = 0;
	if (fd < 0)
		return err_set(e, errno, "memfd_create: %s", strerror(errno));
	for (size_t i = 0; i < SECTIONS; i++)
		set_array(&head, &sections[i], NULL); /* addresses are nobody's business */
	rc = write_all(fd, &head, sizeof head);
	for (size_t i = 0; i < SECTIONS && !rc; i++)
		rc = write_all(fd, array_of(s, &sections[i]), count_of(s, &sections[i]) * sections[i].size);
	if (!rc && fcntl(fd, F_ADD_SEALS, SEALS))
		rc = -errno;
	if (!rc)
		return fd;
	close(fd);
	return err_set(e, -rc, "a snapshot: %s", strerror(-rc));
}

/* --- checking --- */

static bool bool_is_sound(const bool *value)
{
	unsigned char byte;

	memcpy(&byte, value, 1);
	return byte <= 1;
}

static bool name_is_sound(const struct snapshot *s, uint32_t at, uint16_t len)
{
	return len <= ENDPOINT_PATH && at <= s->name_bytes && len <= s->name_bytes - at;
}

static bool record_is_sound(const struct snapshot *s, const struct record *r)
{
	if (r->state >= STATE_COUNT || r->timer > TIMER_PERSIST || r->reason >= OWNER_REASONS)
		return false;
	if (r->owner_first > s->owner_count || r->owner_count > s->owner_count - r->owner_first)
		return false;
	if ((r->peer != RECORD_NONE && r->peer >= s->count) || ((r->known & SOCK_HAS_TCP) && r->tcp >= s->tcp_bytes))
		return false;
	return r->family != AF_UNIX ||
	       (name_is_sound(s, r->local_at, r->local_port) && name_is_sound(s, r->remote_at, r->remote_port));
}

bool snapshot_is_sound(const struct snapshot *s)
{
	if (!bool_is_sound(&s->partial) || !memchr(s->why, '\0', sizeof s->why))
		return false;
	for (size_t i = 0; i < s->count; i++)
		if (!record_is_sound(s, &s->records[i]) || (i && s->records[i - 1].key >= s->records[i].key))
			return false;
	for (size_t i = 0; i < s->owner_count; i++)
		if (!memchr(s->owners[i].process, '\0', sizeof s->owners[i].process))
			return false;
	return true;
}

/* --- reading --- */

/* The first bytes of the file. */
static int read_head(int fd, void *bytes, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = pread(fd, (char *)bytes + done, len - done, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EBADMSG;
		done += (size_t)n;
	}
	return 0;
}

/* The file is exactly as long as its head says. */
static bool fits(const struct snapshot *head, uint64_t size)
{
	uint64_t sum = sizeof *head;

	for (size_t i = 0; i < SECTIONS; i++) {
		size_t count = count_of(head, &sections[i]);

		if (count > COUNT_MOST)
			return false;
		sum += count * sections[i].size;
	}
	return sum == size;
}

/* The arrays are where they are in the file, which is sealed: no copy is made. Each begins where its elements are
 * aligned, as long as a larger alignment comes first. */
static int map(int fd, struct snapshot *s, size_t bytes)
{
	char *at = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);

	if (at == MAP_FAILED)
		return -errno;
	s->map = at;
	s->map_bytes = bytes;
	at += sizeof *s;
	for (size_t i = 0; i < SECTIONS; i++) {
		set_array(s, &sections[i], at);
		at += count_of(s, &sections[i]) * sections[i].size;
	}
	return 0;
}

static int load(int fd, struct snapshot *s)
{
	struct stat st;
	int rc;

	/* Nobody may change it under our eyes. */
	if ((fcntl(fd, F_GET_SEALS) & SEALS) != SEALS || fstat(fd, &st) || st.st_size < (off_t)sizeof *s)
		return -EBADMSG;
	rc = read_head(fd, s, sizeof *s);
	s->map = NULL;
	s->map_bytes = 0;
	s->capacity = s->owner_capacity = s->tcp_capacity = s->name_capacity = 0;
	for (size_t i = 0; i < SECTIONS; i++)
		set_array(s, &sections[i], NULL);
	if (rc || !fits(s, (uint64_t)st.st_size)) {
		*s = (struct snapshot){ 0 };
		return -EBADMSG;
	}
	rc = map(fd, s, (size_t)st.st_size);
	return rc ? rc : snapshot_is_sound(s) ? 0 : -EBADMSG;
}

int snapshot_from_file(int fd, struct snapshot **out, struct err *e)
{
	struct snapshot *s = mem_alloc(sizeof *s);
	int rc = load(fd, s);

	if (rc) {
		snapshot_free(s);
		return err_set(e, EBADMSG, "what came is no snapshot");
	}
	*out = s;
	return 0;
}
