/* manual.h - sockeye(1) as roff on standard output: `sockeye help manual`, and what `make install` installs. */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

void manual_print(void);

#endif
