// What a session on a network file says of the events of its role: lines for people or JSON
// objects.
#ifndef SESSION_LINE_LINE_REPORT_H
#define SESSION_LINE_LINE_REPORT_H

#include "role/port.h"
#include "shell/report.h"

struct line_report {
    struct report *report; // borrowed
    bool broker;           // entries are passed on, not received
    uint64_t dropped[PACKET_FAULTS];
};

// Says the event; counts it if it is a dropped packet.
void line_report_event(struct line_report *line, const struct role_event *event);

// A packet that passes a router, "up" or "down", unless nobody is listening. `line` is its line.
void line_report_packet(struct report *report, const char *direction, const struct packet *packet,
                        struct bytes line);

// The address and the network, once at the start. A router has no suite: NULL.
void line_report_start(struct report *report, const char *role, uint32_t address,
                       const char *network, const char *suite);

#endif
