// What a scenario comes to: a world, its devices and what they do, faults, expectations; as plain
// values. It knows nothing of virtual time, nor of where it came from: read.h makes one of a YAML
// file, a simulator runs it, and real sockets may.
//
// Everything belongs to the plan's arena and lives as long as the plan; nothing in it changes.
// Parts refer to each other by their places in the plan's arrays; PLAN_NONE is no place. Times are
// nanoseconds, from the start or as spans; speeds are bits a second, 0 where there is no limit;
// shares are parts of a million. A limit that is 0 is the role's own default.
#ifndef SCENARIO_PLAN_H
#define SCENARIO_PLAN_H

#include "fault/profile.h"
#include "fault/rule.h"
#include "role/mqtt_client/mqtt_client_retry.h"
#include "scenario/metric.h"
#include "scenario/pattern.h"
#include "scenario/value.h"

#define PLAN_NONE UINT32_MAX
#define PLAN_MILLION 1000000u
#define PLAN_SECOND UINT64_C(1000000000)
#define PLAN_DAY (86400 * PLAN_SECOND)

// Bounds of what a plan can ask for.
#define PLAN_TIME_MAX (UINT64_C(3660) * PLAN_DAY) // ten years, for every time
#define PLAN_NETWORKS_MAX 100000u
#define PLAN_BROKERS_MAX 100000u
#define PLAN_ROUTERS_MAX 100000u
#define PLAN_LINKS_MAX 1000u
#define PLAN_GROUPS_MAX 1000u
#define PLAN_DEVICES_MAX 10000000u // of all groups
#define PLAN_ITEMS_MAX 256u        // of a list: faults, expectations, publications of a group ...
#define PLAN_NAME_MAX 63u          // bytes of a name as it is in the end
#define PLAN_PAYLOAD_MAX (UINT64_C(256) << 20)

// ---- the world ----------------------------------------------------------------------------------

struct plan_link {
    struct bytes name;  // a profile's or its own
    uint64_t delay_ns;  // one way
    uint64_t jitter_ns; // uniform, either way
    uint64_t up;        // from the device or router on
    uint64_t down;
    struct fault_loss loss; // all zero but to_good: none
    uint64_t forgets_ns;    // a NAT on the way forgets a silent stream after; 0: never
};

// Time that a role takes, one packet after the other.
struct plan_processing {
    uint64_t packet_ns;
    uint64_t kib_ns; // for each 1024 bytes, on top
};

struct plan_network {
    struct bytes name;
    uint32_t link; // of a device that names none, and of its brokers
};

// Between a network and the master.
enum plan_store { PLAN_IN_MEMORY, PLAN_DURABLE };

struct plan_router {
    struct bytes name;
    uint32_t network;
    uint32_t gate;   // 1 to 65535; no two routers have the same
    uint32_t uplink; // a link
    enum plan_store store;
    struct plan_processing processing;
    uint32_t queue_packets; // that wait for the master
};

struct plan_master {
    bool exists; // there are routers
    enum plan_store store;
    struct plan_processing processing;
    uint32_t mailbox_packets;
    uint64_t mailbox_bytes;
    uint64_t silence_ns; // after which a lease ends
};

#define PLAN_DOOR_LINE 1u
#define PLAN_DOOR_MQTT 2u

// Limits of a broker, with the meanings that the options of the program broker have (docs/mqtt.md).
// A limit that is 0 is that program's default.
struct plan_broker_limits {
    uint32_t connections;
    uint32_t sessions;
    uint32_t packet_bytes;
    uint32_t subscriptions; // of a session
    uint32_t in_flight;     // to a client
    uint32_t receive_maximum;
    uint32_t topic_aliases;
    uint32_t queue_messages; // waiting for a client
    uint64_t queue_bytes;
    uint64_t total_bytes;       // waiting for all clients
    uint32_t messages_a_second; // of a client
    uint64_t session_expiry_ns;
    uint64_t memory_bytes;
};

// A broker of the world: where it stands, which doors it has, whether and how fast it stores what
// it promises, how long its work takes, and its limits.
struct plan_broker {
    struct bytes name;
    uint32_t network;
    uint32_t link; // PLAN_NONE: it stands at the network itself
    uint8_t doors; // PLAN_DOOR_...
    enum plan_store store;
    uint64_t store_ns; // until a record is durable
    uint64_t ping_ns;  // between two pings of a connection at the line door; 0: as usual
    struct plan_processing processing;
    struct plan_broker_limits limits;
};

// ---- devices ------------------------------------------------------------------------------------

enum plan_speaks {
    PLAN_LINE_CLASSIC,
    PLAN_LINE_SODIUM,
    PLAN_MQTT_3_1,
    PLAN_MQTT_3_1_1,
    PLAN_MQTT_5_0,
};

static inline bool plan_speaks_mqtt(enum plan_speaks speaks) {
    return speaks >= PLAN_MQTT_3_1;
}

struct plan_will {
    bool exists;
    uint8_t qos;
    bool retain;
    struct pattern topic;
    struct pattern payload;
    uint64_t delay_ns; // 5.0
};

// When and how the devices of a group connect. Times are of virtual time; what is 0 is as the
// client's role has it by default.
struct plan_connect {
    uint64_t at_ns;        // from the start
    uint64_t within_ns;    // spread evenly from then on
    uint16_t keep_alive_s; // 0: none
    bool clean_start;
    uint64_t session_expiry_ns; // UINT64_MAX: never; before 5.0: 0, or never without clean start
    uint64_t timeout_ns;        // for an answer to the CONNECT; 0: the role's default
    uint16_t receive_maximum;   // 0: the role's default
    bool scram;                 // 5.0: a password is proved by SCRAM-SHA-256
    struct mqtt_client_retry retry;
    struct plan_will will;
};

// How busy it is at a time of day; in between, along a straight line, and around midnight.
struct plan_curve_point {
    uint64_t at_ns; // below a day, ascending
    uint32_t share; // 1000000: as `every` says; at most ten times so
};

// A row of a table that is played again: at that time, that value.
struct plan_replay_row {
    uint64_t at_ns; // from the table's first row on
    struct bytes value;
};

// What a device publishes, and when: at the times that plan_times.h says, `burst` messages each
// time. The topic, payload and value are patterns and programs that are run for each message; times
// come from `every`, from a curve over the day, or from a replay.
struct plan_publish {
    struct pattern topic;
    struct pattern payload;     // count 0: the value alone
    struct value_program value; // count 0 with a replay, or where the payload says all
    uint8_t qos;
    bool retain;
    uint64_t every_ns;  // 0: once, or as the replay says
    uint64_t jitter_ns; // either way, below every_ns
    uint64_t from_ns;
    uint64_t until_ns;  // UINT64_MAX: to the end
    uint32_t burst;     // 1 or more
    uint32_t times;     // at most so often; 0: no bound
    uint64_t size;      // bytes: a shorter payload is filled up with blanks; 0: as it is
    uint64_t expiry_ns; // 5.0; 0: none
    const struct plan_curve_point *curve;
    uint32_t curve_count; // 0: always as `every` says
    const struct plan_replay_row *replay;
    uint32_t replay_count; // 0: there is none
    bool replay_again;
};

// What a device publishes when a message of a subscription comes: commands are answered. Without
// `exists` there is none, and the rest means nothing.
struct plan_answer {
    bool exists;
    uint8_t qos;
    bool retain;
    struct pattern topic;
    struct pattern payload;
    struct value_program value;
    uint64_t after_ns;  // it takes so long
    uint64_t jitter_ns; // at most after_ns
    uint32_t share;     // of the commands that are answered
};

struct plan_subscribe {
    struct pattern filter;
    struct bytes share_name; // empty: it is not shared
    uint8_t qos;
    bool no_local;
    bool retain_as_published;
    uint8_t retain_handling;
    uint64_t for_ns; // after which it is taken back, once; 0: never
    struct plan_answer answer;
};

// A device that goes away by itself and comes back.
struct plan_pause {
    uint64_t every_ns; // connected for so long; 0: it never goes
    uint64_t jitter_ns;
    uint64_t for_ns;   // away for so long
    bool says_goodbye; // DISCONNECT, disc; else as if a cable were cut
    bool forgets;      // and what comes back is a new device of the same name: no state is left
};

#define PLAN_BAD_NO_ACKNOWLEDGEMENT 1u // neither PUBACK nor PUBREC, PUBREL, PUBCOMP
#define PLAN_BAD_SAME_ID 2u            // every message has the same packet identifier
#define PLAN_BAD_OVERSIZE 4u           // packets larger than the broker takes
#define PLAN_BAD_NO_PING 8u            // silent beyond its keep alive
#define PLAN_BAD_DOES_NOT_READ 16u     // bytes of the broker stay in its stream
#define PLAN_BAD_GARBAGE 32u           // bytes that are no packet

// Devices of one kind. Device number i, from 0, has the name that `name` gives for it.
// A device is in the network `network`, or where that is PLAN_NONE in its broker's; the broker of
// device i is brokers[i / in_row % broker_count], see plan_device_broker.
struct plan_group {
    struct bytes label; // "soil", for reports and expectations
    struct pattern name;
    uint32_t count;
    uint32_t first; // the number of the first one, as people count
    enum plan_speaks speaks;
    uint32_t link; // PLAN_NONE: that of the network
    const uint32_t *networks;
    uint32_t network_count; // 0: that of the broker
    uint32_t network_in_row;
    const uint32_t *brokers;
    uint32_t broker_count;
    uint32_t broker_in_row;
    struct plan_connect connect;
    const struct plan_publish *publish;
    uint32_t publish_count;
    const struct plan_subscribe *subscribe;
    uint32_t subscribe_count;
    struct plan_pause sleep;
    struct plan_pause churn;
    uint64_t take_over_ns; // about so often another one of the same name connects; 0: never
    uint32_t bad;          // PLAN_BAD_...
    uint32_t bad_share;    // of the devices of the group
    struct plan_processing processing; // of what it receives
    uint64_t clock_offset_ns;          // its clock is wrong by up to so much, either way
    uint32_t clock_drift_ppm;          // and runs wrong by up to so much
};

// ---- faults -------------------------------------------------------------------------------------

enum plan_party_kind {
    PLAN_PARTY_NETWORK, // all of its devices, brokers and routers
    PLAN_PARTY_BROKER,
    PLAN_PARTY_ROUTER,
    PLAN_PARTY_MASTER,
    PLAN_PARTY_GROUP,   // all of its devices
    PLAN_PARTY_DEVICES, // those whose name fits `pattern`
};

struct plan_party {
    enum plan_party_kind kind;
    uint32_t index;       // not of the master nor of devices
    struct bytes pattern; // as fault_pattern_fits takes it; else the party as it was typed
};

enum plan_fault_kind {
    PLAN_RULE,          // rule; its own times count from at_ns
    PLAN_LINK_DOWN,     // who
    PLAN_LINK_AS,       // who, link: as if the link were another one
    PLAN_PARTITION,     // who, from; is_one_way: what `who` sends does not reach `from`
    PLAN_CRASH,         // who; without_journal; it starts anew when the fault ends
    PLAN_RESTART,       // who; in good order: it says farewell and writes everything down
    PLAN_PAUSE,         // who stands still, and goes on where it was
    PLAN_CLOCK_STEP,    // who, step_ns
    PLAN_LIMIT_QUEUE,   // who (a broker), limit: messages for one client
    PLAN_LIMIT_MAILBOX, // who (a router: its gate's; the master: all), limit: packets
    PLAN_SURGE,         // who (devices), times
    PLAN_FAULTS,
};

// One fault, from at_ns on for for_ns, and if every_ns is not 0 again and again. `kind` says what
// happens and which of the fields behind the times mean something.
struct plan_fault {
    struct bytes source; // as it was typed
    enum plan_fault_kind kind;
    uint64_t at_ns;
    uint64_t for_ns;   // 0: a moment, or to the end
    uint64_t every_ns; // 0: once; else longer than for_ns
    struct plan_party who;
    struct plan_party from;
    bool is_one_way;
    bool without_journal;
    uint32_t link;
    uint64_t limit;
    int64_t step_ns;
    uint32_t surge; // parts of a million of the usual rate
    struct fault_rule rule;
};

// ---- the plan -----------------------------------------------------------------------------------

// A scenario, read and checked: names are numbers, times are nanoseconds, patterns are compiled.
// It is never changed, and all of it lives in the arena.
struct plan {
    struct arena arena;
    struct bytes title; // what it is about, in a line; may be empty
    uint64_t seed;
    uint64_t stop_ns; // how long it lasts
    uint64_t calm_ns; // of that, at the end: no fault acts, nothing is published any more
    uint64_t rest_ns; // within which all must come to rest in the calm; 0: no bound
    struct plan_link *links;
    struct plan_network *networks;
    struct plan_router *routers;
    struct plan_broker *brokers;
    struct plan_group *groups;
    struct plan_fault *faults;
    struct metric_expectation *expectations;
    uint32_t link_count;
    uint32_t network_count;
    uint32_t router_count;
    uint32_t broker_count;
    uint32_t group_count;
    uint32_t fault_count;
    uint32_t expectation_count;
    uint32_t device_count; // of all groups
    struct plan_master master;
};

void plan_init(struct plan *plan, struct memory *memory);
void plan_deinit(struct plan *plan);

static inline uint32_t plan_device_broker(const struct plan_group *group, uint64_t i) {
    return group->brokers[i / group->broker_in_row % group->broker_count];
}

uint32_t plan_device_network(const struct plan *plan, const struct plan_group *group, uint64_t i);
// A link, always.
uint32_t plan_device_link(const struct plan *plan, const struct plan_group *group, uint64_t i);

// All that a pattern may say about device i, but its name; n and value are 0.
struct pattern_values plan_device_values(const struct plan *plan, const struct plan_group *group,
                                         uint64_t i);
// The name of device i, written at `room`.
struct bytes plan_device_name(const struct plan *plan, const struct plan_group *group, uint64_t i,
                              uint8_t room[static PLAN_NAME_MAX]);

// Whether the party is, or holds, the device of that name.
bool plan_party_has_device(const struct plan *plan, const struct plan_party *party, uint32_t group,
                           uint64_t i);

// Whether an expectation asks how long the group's messages took: those that come to it
// (`at_group`), or else those that it publishes.
bool plan_wants_latency(const struct plan *plan, uint32_t group, bool at_group);

// Asserts what always holds: that places are in their arrays, counts in their bounds.
void plan_check(const struct plan *plan);

#endif
