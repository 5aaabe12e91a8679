/* test_ui_fixture.h - a session of fixed content: five sockets, their calls, four packets. Filled by
 * test_ui_frame.c. */
#ifndef TEST_UI_FIXTURE_H
#define TEST_UI_FIXTURE_H

#include "session/session.h"

enum { SOCKS = 5 };

struct fixture {
	struct session *session;
	struct lab_sock *socks[SOCKS];
	int fds[SOCKS];
};

void open_fixture(struct fixture *f);
void close_fixture(struct fixture *f);
/* The number of this process varies: it is taken out of a frame. */
void hide_pid(struct buf *text);

#endif
