/* dump_devices.h - dump -D: the interfaces that can be captured on, by number and name. */
#ifndef CLI_DUMP_DEVICES_H
#define CLI_DUMP_DEVICES_H

#include <stdbool.h>

int dump_devices(bool as_json); /* prints them; returns the exit status */

#endif
