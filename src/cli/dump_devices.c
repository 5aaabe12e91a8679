/* dump -D: what can be captured on. */
#include "cli/dump_devices.h"

#include "cli/options.h"
#include "session/source.h"
#include "util/buf.h"
#include "util/err.h"
#include "util/json.h"

#include <stdio.h>
#include <stdlib.h>

static void device_json(const struct capture_device *d, unsigned number)
{
	struct buf line = { 0 };
	struct json j;

	json_init(&j, &line);
	json_object(&j, NULL);
	json_uint(&j, "number", number);
	json_string(&j, "name", d->name);
	json_string(&j, "description", d->description[0] ? d->description : NULL);
	json_bool(&j, "up", d->up);
	json_bool(&j, "loopback", d->loopback);
	json_end(&j, '}');
	puts(buf_text(&line));
	buf_done(&line);
}

int dump_devices(bool as_json)
{
	struct capture_device *devices;
	unsigned count;
	struct err e;

	if (capture_devices(&devices, &count, &e))
		return complain(EXIT_FAILED, "%s", e.text);
	for (unsigned i = 0; i < count && as_json; i++)
		device_json(&devices[i], i + 1);
	for (unsigned i = 0; i < count && !as_json; i++)
		printf("%u.%s%s%s%s%s\n", i + 1, devices[i].name, devices[i].description[0] ? " " : "",
		       devices[i].description, devices[i].up ? " [up]" : "", devices[i].loopback ? " [loopback]" : "");
	free(devices);
	return EXIT_DONE;
}
