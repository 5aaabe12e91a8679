/* What /proc tells of a process: its control group, as systemd, docker, podman and containerd name
 * them. */
#include "kernel/sampler.h"

#include "util/err.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ID "4f0c9b1d7e2a3856b1c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7081920"

Test(process, unit_and_container_of_a_control_group)
{
	/* clang-format off */
	static const struct {
		const char *text, *unit, *container;
	} rows[] = {
		{ "0::/system.slice/nginx.service\n", "nginx.service", "" },
		{ "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-foot-77.scope\n",
		  "app-foot-77.scope", "" },
		{ "0::/system.slice/docker-" ID ".scope\n", "docker-" ID ".scope", ID },
		{ "12:cpu,cpuacct:/docker/" ID "\n11:pids:/docker/" ID "\n", "", ID },
		{ "0::/machine.slice/libpod-" ID ".scope/container\n", "libpod-" ID ".scope", ID },
		{ "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1.slice/"
		  "cri-containerd-" ID ".scope\n", "cri-containerd-" ID ".scope", ID },
		{ "0::/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:" ID "\n",
		  "containerd.service", ID },
		{ "0::/\n", "", "" },
		{ "", "", "" },
		{ "0::/.service/.scope\n", "", "" },
		{ "0::/docker/" ID "00\n", "", "" },       /* too long for an id */
		{ "0::/docker-" ID "x.scope\n", "docker-" ID "x.scope", "" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct process p = { 0 };

		process_cgroup(rows[i].text, &p);
		cr_expect_str_eq(p.unit, rows[i].unit, "%s: %s", rows[i].text, p.unit);
		cr_expect_str_eq(p.container, rows[i].container, "%s: %s", rows[i].text, p.container);
	}
}

/* A real one, where we may mount the file system that makes them. */
Test(process, a_control_group_of_the_kernel)
{
	char root[] = "/tmp/cgroup.XXXXXX", group[128], file[160];
	struct process p;
	struct err e = { 0 };
	pid_t child;
	FILE *f;

	cr_assert(mkdtemp(root));
	if (unshare(CLONE_NEWNS) || mount("none", root, "cgroup2", 0, NULL)) {
		rmdir(root);
		cr_skip_test("no control group can be made here");
	}
	snprintf(group, sizeof group, "%s/docker-" ID ".scope", root);
	snprintf(file, sizeof file, "%s/cgroup.procs", group);
	child = fork();
	if (!child)
		for (;;)
			pause();
	f = mkdir(group, 0755) ? NULL : fopen(file, "w");
	cr_expect(f && fprintf(f, "%d\n", (int)child) > 0 && !fclose(f));
	cr_expect_eq(process_read((uint32_t)child, &p, &e), 0, "%s", e.text);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	for (int i = 0; i < 100 && rmdir(group); i++) /* once it is empty */
		usleep(10000);
	umount(root);
	rmdir(root);
	cr_expect_str_eq(p.container, ID);
	cr_expect_str_eq(p.unit, "docker-" ID ".scope");
}
