// Faults on the lines of one device: between it and its network, rules decide about each line that
// it writes or reads (fault/set.h). What rules delay, hold or freeze waits here.
//
// The device's driver hands every line over with line_faults_take and acts on those that come back
// through `pass`: at once, or from line_faults_tick or a lever, which the driver calls outside of
// the role. It ticks at the end of each turn, since a line that is changed goes then. A packet that
// is not for the device, nor for everyone, passes untouched. To a broker the client of a line is
// the device at its other end; to a client it is the client itself, which may have a name. Topics
// are sealed, so rules with `on` never fit.
//
// A router (role/router/router.h) stands between others: what it reads for devices elsewhere, or
// for everyone, and what it writes in their place goes by the rules. It has to say which of the two
// devices of a line is the broker; the other one is the client.
//
// On a network of lines nothing keeps packets in order but the file: a delayed line is passed by
// others. A held one is not: those between the same two devices, in the same direction, wait behind
// it.
//
// Limits: as many lines as kept_max wait, of kept_bytes_max in all; beyond, a line that would have
// to wait is dropped, and told. Of devices, the last met_max are remembered.
//
// Pure: times are nanoseconds of any steady clock, never going back.
#ifndef ROLE_LINE_LINE_FAULTS_H
#define ROLE_LINE_LINE_FAULTS_H

#include "base/map.h"
#include "fault/set.h"
#include "packet/packet.h"

enum line_way { LINE_IN, LINE_OUT };

// What happened to a line that did not simply pass.
struct line_fault {
    enum fault_end end; // FAULT_PASSES: it came too late, twice, or changed
    enum line_way way;
    uint32_t rule;    // 0: by no rule, but because of what is told in `text`
    uint32_t address; // LINE_IN: whom it comes from, else whom it goes to
    enum packet_type type;
    const char *text; // "delayed", "held", "dropped": a word or two
    uint32_t copies;  // where it passes: more than 1, and it comes more than once
    bool is_changed;  // what comes of it is not what was sent
};

// `pass` may hand over new lines; the others may not. A cut comes in the middle of what the role
// does, so it is to be done later.
struct line_faults_events {
    void *context;
    void (*pass)(void *context, enum line_way way, struct bytes line);
    void (*cut)(void *context, uint32_t peer); // the connections with it are to end
    void (*refuse)(void *context, enum line_way way, const struct packet *request);
    void (*tell)(void *context, const struct line_fault *fault);
    // At a router: whether a broker has sent it. NULL elsewhere.
    bool (*is_of_broker)(void *context, const struct packet *packet);
};

enum line_faults_place { LINE_AT_CLIENT, LINE_AT_BROKER, LINE_AT_ROUTER };

// Who the device is and where it stands; how many rules, waiting lines and met devices there may
// be; and who is told. Rules know a client by its address, and by `name`, which is borrowed; empty:
// by nothing else.
struct line_faults_options {
    uint64_t seed;
    uint32_t self; // the device's address; not of a router
    struct bytes name;
    enum line_faults_place place;
    uint32_t rules_max;
    uint32_t kept_max;
    size_t kept_bytes_max;
    uint32_t met_max;
    struct line_faults_events events;
};

enum line_kept_state {
    LINE_DELAYED, // until `due`
    LINE_FROZEN,  // likewise; it blocks those behind it
    LINE_HELD,    // until line_faults_step
};

// A line that waits, in the order in which they came. Those of one peer and way stay in order; it
// is the device at the other end, and at a router the client.
struct line_kept {
    enum line_kept_state state;
    enum line_way way;
    enum packet_type type;
    uint32_t address; // as in struct line_fault
    uint32_t peer;
    bool to_broker;
    uint32_t rule;
    uint32_t copies;
    bool is_changed;
    uint32_t by; // so many lines of its way go before it
    uint64_t due;
    uint64_t since; // when it came to be kept
    uint8_t *line;
    size_t size;
};

// A peer that there were lines of.
struct line_met {
    uint32_t address;
    uint64_t looked; // when the rules of time were last asked about it
    uint64_t frozen_until;
};

// The rules; the lines that wait; the devices met, found by address, the oldest replaced by the
// newest when the table is full.
struct line_faults {
    struct memory *memory;
    struct line_faults_options options;
    struct fault_set set;
    bool holds_all;
    struct line_kept *kept;
    uint32_t kept_count;
    uint32_t kept_capacity;
    size_t kept_bytes;
    struct line_met *met;
    uint32_t met_count;
    uint32_t met_capacity;
    uint32_t met_next; // to be replaced
    struct map met_by_address;
};

void line_faults_init(struct line_faults *faults, struct memory *memory,
                      const struct line_faults_options *options);
void line_faults_deinit(struct line_faults *faults);

// Whether there is anything to do: else lines need not be handed over.
static inline bool line_faults_are_on(const struct line_faults *faults) {
    return faults->set.count > 0 || faults->holds_all || faults->kept_count > 0;
}

// `text` is the packet's line, without its LF.
void line_faults_take(struct line_faults *faults, enum line_way way, const struct packet *packet,
                      struct bytes text, uint64_t now);
// Passes what has come due.
void line_faults_tick(struct line_faults *faults, uint64_t now);
uint64_t line_faults_deadline(const struct line_faults *faults, uint64_t now);

// ---- levers -------------------------------------------------------------------------------------

// The rule's number; 0: there are as many as may be.
uint32_t line_faults_add(struct line_faults *faults, const struct fault_rule *rule, uint64_t now);
// What waits because of the rule goes on. False: there is no rule of this number.
bool line_faults_remove(struct line_faults *faults, uint32_t number, uint64_t now);
// Every line is held from now on; false: no more, and those that are held go on.
void line_faults_hold(struct line_faults *faults, bool holds, uint64_t now);
// When the first line that is held came to be so; UINT64_MAX: none is.
uint64_t line_faults_held_since(const struct line_faults *faults);
// Lets it go. False: none is.
bool line_faults_step(struct line_faults *faults, uint64_t now);

// What `refuse` is to bring about: the answer to a request for a connection, as of a broker that
// has no time for it. Writes the line, with its LF; its size.
#define LINE_FAULTS_ANSWER_MAX 256
size_t line_faults_refusal(const struct packet *request, uint64_t time_stamp,
                           uint8_t line[static LINE_FAULTS_ANSWER_MAX]);

// Asserts what always holds.
void line_faults_check(const struct line_faults *faults);

#endif
