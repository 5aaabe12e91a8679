/* traffic.h - the views of the Traffic pane: each is a pane of its own, and session->view says which
 * one is seen. src/ui/traffic.c stands for them before the desk.
 */
#ifndef UI_TRAFFIC_H
#define UI_TRAFFIC_H

#include "ui/pane.h"

extern const struct pane_ops traffic_packets, traffic_ladder, traffic_stream;

#endif
