/* libpcap.h - libpcap(3), loaded when it is first needed. On most systems it brings eight libraries more with it, D-Bus and
 * systemd among them: to load and bind them takes a program that lists sockets as long as listing a thousand.
 */
#ifndef CAPTURE_LIBPCAP_H
#define CAPTURE_LIBPCAP_H

#include <pcap.h>

struct err;

/* The functions that are used, each without its `pcap_`. */
/* clang-format off */
#define LIBPCAP_FUNCTIONS(X) \
	X(activate) X(close) X(compile) X(create) X(datalink) X(dispatch) X(fileno) X(findalldevs) \
	X(freealldevs) X(freecode) X(get_required_select_timeout) X(get_selectable_fd) X(geterr) \
	X(offline_filter) X(open_dead) X(set_buffer_size) X(set_datalink) X(set_promisc) X(set_snaplen) \
	X(set_timeout) X(set_tstamp_precision) X(setnonblock) X(stats) X(statustostr)
/* clang-format on */

struct libpcap {
#define LIBPCAP_MEMBER(name) __typeof__(&pcap_##name) name;
	LIBPCAP_FUNCTIONS(LIBPCAP_MEMBER)
};

/* Whoever gets hold of a handle or a program first asks for it: 0, or -ENOENT when it is not installed. Any thread. */
int libpcap_load(struct err *e);
/* Valid after that. */
const struct libpcap *libpcap(void);

#endif
