/* tcp_info.h - struct tcp_info of linux/tcp.h, as getsockopt(TCP_INFO) and sock_diag(7) bring it.
 * It has grown with the kernel: the one that runs may send more or less of it than the header knew
 * that we were built with. */
#ifndef CORE_TCP_INFO_H
#define CORE_TCP_INFO_H

#include "core/sock.h"

#include <stddef.h>

enum {
	TCP_INFO_ROOM = 512, /* bytes: more than any kernel sends */
	TCP_INFO_LEAST = 8,  /* with fewer it says nothing */
};

/* Fills what struct sock_tcp has of it, 0 where `len` bytes do not reach. The congestion control's
 * name and words come by other ways and stay as they are. Of a listener unacked are the connections
 * that wait, sacked is the backlog. */
void tcp_info_read(const void *bytes, size_t len, struct sock_tcp *out);
enum state tcp_info_state(const void *bytes, size_t len); /* STATE_NONE: it says nothing */

#endif
