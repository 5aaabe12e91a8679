#include "kernel_filter.h"

#include "inside.h"

#include "util/mem.h"

#include <errno.h>
#include <linux/filter.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { OUTGOING = 4 /* PACKET_OUTGOING of packet(7) */ };

#define AUXILIARY(what) ((uint32_t)(SKF_AD_OFF + (what)))

static const struct sock_filter once_only[] = {
	{ BPF_LD | BPF_B | BPF_ABS, 0, 0, AUXILIARY(SKF_AD_PKTTYPE) },
	{ BPF_JMP | BPF_JEQ | BPF_K, 0, 3, OUTGOING },
	{ BPF_LD | BPF_H | BPF_ABS, 0, 0, AUXILIARY(SKF_AD_HATYPE) },
	{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, ARPHRD_LOOPBACK },
	{ BPF_RET | BPF_K, 0, 0, 0 },
};

enum { ONCE_ONLY = sizeof once_only / sizeof *once_only };

/* A cooked header is libpcap's: the kernel's packet begins after it, and its fields have to be
 * asked for. */
static const struct cooked {
	uint16_t linktype;
	uint32_t size, protocol, type, ifindex; /* where they are; none: UINT32_MAX */
} cooked[] = {
	{ LINKTYPE_LINUX_SLL, 16, 14, 0, UINT32_MAX },
	{ LINKTYPE_LINUX_SLL2, 20, 0, 10, 4 },
};

static const struct cooked *cooked_header(uint16_t linktype)
{
	for (size_t i = 0; i < sizeof cooked / sizeof *cooked; i++)
		if (cooked[i].linktype == linktype)
			return &cooked[i];
	return NULL;
}

static bool reads_packet(const struct sock_filter *i)
{
	unsigned class = BPF_CLASS(i->code), mode = BPF_MODE(i->code);

	return (class == BPF_LD || class == BPF_LDX) && (mode == BPF_ABS || mode == BPF_IND || mode == BPF_MSH);
}

/* From an offset into the packet with its cooked header to what the kernel knows it by. */
static bool translate(const struct cooked *h, struct sock_filter *i)
{
	if (!reads_packet(i) || (int32_t)i->k < 0)
		return true;
	if (i->k >= h->size)
		i->k -= h->size;
	else if (i->k == h->protocol)
		i->k = AUXILIARY(SKF_AD_PROTOCOL);
	else if (i->k == h->type)
		i->k = AUXILIARY(SKF_AD_PKTTYPE);
	else if (i->k == h->ifindex)
		i->k = AUXILIARY(SKF_AD_IFINDEX);
	else
		return false;
	return true;
}

static bool translate_all(uint16_t linktype, struct sock_filter *body, unsigned count)
{
	const struct cooked *h = cooked_header(linktype);

	for (unsigned i = 0; h && i < count; i++)
		if (!translate(h, &body[i]))
			return false;
	return true;
}

int kernel_filter_set(int fd, uint16_t linktype, uint32_t snaplen, const struct bpf_program *program, bool *soft,
		      struct err *e)
{
	unsigned count = program->bf_len;
	struct sock_filter *whole = mem_array(ONCE_ONLY + count + 1, sizeof *whole), *body = whole + ONCE_ONLY;
	struct sock_fprog attach = { .filter = whole };
	bool passes_all = false;
	int error = EINVAL;

	memcpy(whole, once_only, sizeof once_only);
	for (unsigned i = 0; i < count; i++) {
		const struct bpf_insn *from = &program->bf_insns[i];

		body[i] = (struct sock_filter){ from->code, from->jt, from->jf, from->k };
	}
	if (!translate_all(linktype, body, count)) {
		passes_all = true;
		count = 1;
		body[0] = (struct sock_filter){ BPF_RET | BPF_K, 0, 0, snaplen };
	}
	if (ONCE_ONLY + count <= BPF_MAXINSNS) {
		attach.len = (unsigned short)(ONCE_ONLY + count);
		error = setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &attach, sizeof attach) ? errno : 0;
	}
	free(whole);
	if (error)
		return err_set(e, E2BIG, "the filter is too long for the kernel: %u instructions%s", program->bf_len,
			       error == ENOMEM ? " (the limit is net.core.optmem_max)" : "");
	*soft = passes_all;
	return 0;
}
