/* process.h - what is shown of a process that has a socket. The kernel layer fills it; texts are not clean. */
#ifndef CORE_PROCESS_H
#define CORE_PROCESS_H

#include <stdint.h>

struct process {
	uint32_t pid, parent, uid;
	uint64_t started_ns; /* CLOCK_REALTIME */
	char name[16], parent_name[16];
	char command[512], executable[256], directory[256]; /* command: arguments joined by blanks, not clean */
	char unit[128];                                     /* systemd unit, from the cgroup path */
	char container[80]; /* id of the container (docker, podman, containerd), from the cgroup path */
};

#endif
