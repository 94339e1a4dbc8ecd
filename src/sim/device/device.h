// A device of the simulated world: what its group in the plan says that it does, done by a client
// of lines or of real MQTT. It connects at its time, subscribes, publishes, answers commands,
// sleeps, leaves and comes back.
//
// This is what is known of it. What it does by itself is in sim/device/life.h, what it says in
// sim/device/speech.h, what comes of it in sim/device/hearing.h.
#ifndef SIM_DEVICE_DEVICE_H
#define SIM_DEVICE_DEVICE_H

#include "role/client/client.h"
#include "sim/broker.h"
#include "sim/link/line_rules.h"
#include "sim/account/ledger.h"
#include "sim/device/mqtt_end.h"

struct sim_judge; // sim/device/judge.h

// What the devices of a group share on an island: the configurations of their roles, which borrow
// them; the size of what stands behind each device; and what is counted of all of them.
struct sim_group {
    struct sim_island *island;
    const struct plan_group *plan;
    struct mqtt_client_config mqtt;
    struct mqtt_client_port mqtt_port;
    struct client_config line;
    struct cipher_secret seed;
    uint32_t states; // numbers that the values of a device go on from
    bool takes_back; // some of its subscriptions are for a while
    struct sim_tally *tally;
};

// One row of publish, of one device.
struct sim_publishing {
    uint64_t next_at;
    uint64_t n;
    uint32_t state;  // the first of the numbers that its value goes on from
    uint32_t stream; // of the ledger; VERDICT_NONE: it changes, or is not known yet
};

// An answer that is to be given.
struct sim_answer {
    struct sim_answer *next;
    uint64_t due;
    uint64_t asked_at;
    uint32_t subscribe;
    uint32_t topic_bytes;
    uint32_t payload_bytes;
    uint8_t data[];
};

enum sim_device_state {
    SIM_DEVICE_UNSTARTED,
    SIM_DEVICE_ACTIVE,
    SIM_DEVICE_AWAY, // asleep, or gone; until `changes_at`
};

// What a device has in place of `mqtt` where it is a client of lines: the role, its place on the
// network, and what our driver does that the role does not: to want a connection, and to try again.
struct sim_line_role {
    struct client client;
    struct sim_line_end end;
    struct sim_line_rules *rules; // NULL: there can be none
    bool is_made;
    uint32_t broker;   // its address
    uint64_t asked_at; // for subscriptions, the last time
    bool wants;        // a connection
    bool has_lost;     // it, or an attempt at it: it is tried again
    uint64_t retry_at;
    uint64_t wait; // before the last attempt
    uint32_t attempts;
};

// What is known of few devices: what befell them, their wills, what they are to answer, who judges
// them. The others share one that says that there is nothing; see sim_device_rare.
struct sim_device_rare {
    struct sim_answer *answers;
    struct mqtt_client_config *own_config; // NULL: that of the group
    struct sim_judge *judge;               // of its packets; NULL: nobody judges them
    uint8_t *will_text;                    // topic and payload
    struct mark will;
    int64_t clock_step; // by which faults have set its clock
    uint64_t takes_over_at;
    uint32_t surge; // of its rate, parts of a million
    uint32_t will_bytes;
};

// `changes_at`: it starts, goes away, or comes back. Behind it stand its publishings, one for each
// row of the group; the numbers that their values go on from; and, where its group takes back
// subscriptions, when it does that, see sim_device_taken_back_at. A simulation has a million, so
// what few of them need stands apart.
struct sim_device {
    struct sim_node node;
    struct sim_group *group;
    struct sim_broker *broker;
    struct sim_mqtt_end mqtt;
    struct sim_line_role *line;
    const struct sim_device_rare *rare;
    uint64_t *records;   // of its session and its subscriptions, see sim/device/hearing.c; or NULL
    struct mark command; // the last message that it was handed
    uint64_t changes_at;
    uint32_t client;         // of the ledger
    uint32_t first_interest; // likewise, of the group's first row of subscribe
    uint32_t drawn;
    uint8_t state;   // enum sim_device_state
    bool will_sleep; // its next pause; else it leaves
    bool is_connected;
    bool was_connected;
    bool just_connected; // what it does on a new connection is still to be done
    bool is_known;       // the broker has its connection, as far as the ledger was told
    bool is_taken_over;  // by a new connection of its own
    bool is_over;        // the plan is in its calm: it begins nothing more
    struct sim_publishing publishing[];
};

static inline bool sim_device_speaks_mqtt(const struct sim_device *device) {
    return device->line == NULL;
}

// What is rare of it, to be changed.
struct sim_device_rare *sim_device_rare(struct sim_device *device);

// The numbers that the values of all its publishings go on from.
static inline double *sim_device_states(struct sim_device *device) {
    return (double *)(device->publishing + device->group->plan->publish_count);
}

// When it takes each row of subscribe back; 0: not known yet, SIM_NEVER: it was, or is not. Only
// where its group takes some back.
static inline uint64_t *sim_device_taken_back_at(struct sim_device *device) {
    return (uint64_t *)(sim_device_states(device) + device->group->states);
}

// What its clock says now: as its group has it, wrong by an offset and running wrong.
uint64_t sim_device_clock(const struct sim_device *device);

static inline size_t sim_device_records(const struct sim_device *device) {
    return (1 + (size_t)device->group->plan->subscribe_count) * sizeof(uint64_t);
}

static inline uint64_t sim_device_draw(struct sim_device *device, enum sim_purpose purpose) {
    return sim_random(device->node.random, purpose, ++device->drawn);
}

#endif
