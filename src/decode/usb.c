/* USB requests as Linux' usbmon tells them (Documentation/usb/usbmon.rst), in the byte order of the
 * machine that captured, here little-endian:
 *
 * id 8 bytes, type 1 ('S'ubmit, 'C'omplete, 'E'rror), transfer 1, endpoint 1, device 1, bus 2, setup
 * flag 1, data flag 1, seconds 8, microseconds 4, status 4, length 4, length of the data here 4,
 * setup 8; LINKTYPE_USB_LINUX_MMAPPED has 16 more.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>

enum { SHORT = 48, MMAPPED = 64, LINKTYPE_MMAPPED = 220 };

static const struct field_word types[] = {
	{ 'S', "submit" },
	{ 'C', "complete" },
	{ 'E', "error" },
	{ 0, NULL },
};

static const struct field_word transfers[] = {
	{ 0, "isochronous" }, { 1, "interrupt" }, { 2, "control" }, { 3, "bulk" }, { 0, NULL },
};

static const struct field fields[] = {
	{ "usb.urb_type", "Type", 64, 8, FIELD_DEC, .words = types, .help = "usbmon" },
	{ "usb.transfer_type", "Transfer", 72, 8, FIELD_HEX, .words = transfers, .help = "how the bytes go" },
	{ "usb.endpoint_address", "Endpoint", 80, 8, FIELD_HEX, .help = "its first bit: to the host" },
	{ "usb.device_address", "Device", 88, 8, FIELD_DEC, .help = "on the bus" },
	{ "usb.bus_id", "Bus", 96, 16, FIELD_DEC, .little = true, .help = "of this machine" },
	{ "usb.urb_len", "Length", 256, 32, FIELD_DEC, .little = true, .help = "bytes asked for or moved" },
	{ "usb.data_len", "Data length", 288, 32, FIELD_DEC, .little = true, .help = "bytes that follow" },
	{ 0 },
};

void decode_usb(struct dissect *d)
{
	const uint8_t *b = cursor_at(&d->c, d->c.off, 14);
	const struct layer layer = { PROTO_USB, fields, d->p->linktype == LINKTYPE_MMAPPED ? MMAPPED : SHORT,
				     "the USB header is cut short", b ? field_word(types, b[8]) : NULL };

	if (!dissect_header(d, &layer))
		return;
	if (d->words && b)
		buf_printf(d->words, "USB %s %s bus=%u device=%u endpoint=%u len=%u",
			   layer.words ? layer.words : "request",
			   field_word(transfers, b[9]) ? field_word(transfers, b[9]) : "transfer", b[12] | b[13] << 8,
			   b[11], b[10] & 15, cursor_left(&d->c));
	dissect_next(d, PROTO_DATA);
}
