/* kernel_filter.h - a BPF filter put on libpcap's socket by ourselves.
 *
 * pcap_setfilter is not used: it prints on standard error when the kernel refuses a filter; for
 * some microseconds it lets nothing pass; and it judges the packets that are waiting by a
 * user-space run of the program, which cannot see what `inbound` and `vlan` ask the kernel for and
 * loses them. Here one filter takes the other's place at once, and a packet is judged by the filter
 * that was there when it was seen.
 */
#ifndef CAPTURE_KERNEL_FILTER_H
#define CAPTURE_KERNEL_FILTER_H

#include "libpcap.h"

#include <stdbool.h>
#include <stdint.h>

struct err;

/* Attach `program` to the packet socket `fd`, preceded by a rule that drops the first of the two
 * copies that the loopback interface shows of every packet: the one going out. *soft is set when
 * the program asks for something of a cooked header (SLL, SLL2) that the kernel does not have:
 * everything passes then, and the caller runs the program. -E2BIG for what the kernel does not
 * take; the filter that was there stays. */
int kernel_filter_set(int fd, uint16_t linktype, uint32_t snaplen,
		      const struct bpf_program *program, bool *soft, struct err *e);

#endif
