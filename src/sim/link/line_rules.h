// Rules of faults on the lines of one device: they stand between its role and its network, as the
// levers of a real client of lines do (role/line/line_faults.h). Rules know the device by its name,
// or by its local address.
//
// Who drives a device sends its lines, and receives those for it, through this; ticks it at the end
// of each turn, outside of the role; and wakes it at the deadline.
#ifndef SIM_LINK_LINE_RULES_H
#define SIM_LINK_LINE_RULES_H

#include "role/line/line_faults.h"
#include "sim/link/lines.h"

// What a rule did to a message.
enum sim_line_fate {
    SIM_LINE_DROPPED,
    SIM_LINE_DOUBTED, // it comes late, or not as it was, or not at all
    SIM_LINE_COPIED,  // it comes more than once
    SIM_LINE_CHANGED, // some line or other is not what was sent; of any mark
};

struct sim_line_rules_watch {
    void *context;
    // A line came through. The mark is that of its message; stream VERDICT_NONE: it bears none.
    void (*receive)(void *context, struct packet *packet, struct mark mark);
    void (*touched)(void *context, enum line_way way, struct mark mark, enum sim_line_fate fate);
};

// The rules of a device; `next` are those of other devices of its island. While one line is
// decided, `mark` is that of its message, and `touches` says that a rule has to do with it. What is
// to be done outside of the role waits until the next tick: answers to requests that a rule
// refused, lines with their LF; and a cut.
struct sim_line_rules {
    struct sim_line_rules *next;
    struct sim_line_end *end;
    struct sim_line_rules_watch watch;
    struct line_faults faults;
    struct mark mark;
    bool touches;
    bool is_cut;
    struct buffer answers;
    uint8_t name_bytes;
    uint8_t name[PLAN_NAME_MAX];
};

struct sim_line_rules *sim_line_rules_create(struct sim_line_end *end, struct bytes name,
                                             const struct sim_line_rules_watch *watch);
void sim_line_rules_destroy(struct sim_line_rules *rules);

// In place of sim_lines_send.
bool sim_line_rules_send(struct sim_line_rules *rules, const struct packet *packet);
// A line that arrived for the device.
void sim_line_rules_receive(struct sim_line_rules *rules, const struct sim_line *line);

// Passes what has come due. True: the connection is to be cut.
bool sim_line_rules_tick(struct sim_line_rules *rules);
// SIM_NEVER: none.
uint64_t sim_line_rules_deadline(const struct sim_line_rules *rules);

#endif
