/*
 * A unit test that hangs is ended after a minute: Criterion 2.4.1 keeps its --timeout only for tests
 * that name a timeout of their own. Each test runs in a process that Criterion starts anew; BXFI_MAP
 * tells such a one from the process that waits for them. A test may set an alarm of its own.
 */
#include <stdlib.h>
#include <unistd.h>

enum { LIMIT_S = 60 };

__attribute__((constructor)) static void limit_test(void)
{
	if (getenv("BXFI_MAP"))
		alarm(LIMIT_S);
}
