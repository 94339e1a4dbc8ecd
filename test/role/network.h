// A network in memory and in virtual time, for tests of the roles: any number of brokers and
// clients, whose packets become lines and are parsed again by each receiver, as on the real wire.
// What a role tells is kept for the test to look at. Every line and every packet lies in a block of
// its own that is gone after the call, so a sanitizer sees who reads beyond or keeps a pointer.
#ifndef TEST_ROLE_NETWORK_H
#define TEST_ROLE_NETWORK_H

#include "support.h"

#include "base/buffer.h"
#include "role/broker/broker.h"
#include "role/client/client.h"

#define NETWORK_NODES_MAX 64
#define NETWORK_NAME_MAX 48

struct network;

// A copy of what was told; text and value are owned and end with a NUL that is not counted.
struct network_event {
    struct role_event event;
    struct bytes text;
    struct bytes value;
};

struct network_node {
    struct network *network;
    uint32_t address;
    bool is_broker;
    bool is_alive;
    bool is_cut; // hears nothing and reaches nobody, as behind a broken cable
    struct memory memory;
    struct role_port port;
    struct broker_config broker_config;
    struct client_config client_config;
    struct broker broker;
    struct client client;
    struct network_event *events;
    uint32_t event_count;
    uint32_t event_capacity;
    unsigned faults[PACKET_FAULTS]; // of what it dropped
    uint64_t received;              // packets, by a broker
};

struct network_line {
    uint8_t *data;
    size_t size;
};

// Sees each line, with its LF, before it is queued, and may alter it within PACKET_LINE_MAX bytes;
// returns how many copies arrive.
typedef unsigned network_meddle(void *context, uint8_t *line, size_t *size);

struct network {
    uint64_t now;
    uint64_t seed;
    uint64_t hash; // of all lines, in their order
    uint64_t lines_sent;
    struct network_node *nodes[NETWORK_NODES_MAX];
    uint32_t node_count;
    struct network_line *queue;
    uint32_t queue_first;
    uint32_t queue_count;
    uint32_t queue_capacity;
    struct memory memory;
    struct buffer wire; // all lines since the last network_forget, dropped ones too
    network_meddle *meddle;
    void *meddle_context;
    uint8_t *seal_room;
    uint8_t *unseal_room;
    uint8_t *line; // PACKET_LINE_MAX bytes
};

struct network *network_open(uint64_t seed);
// Ends all roles, which must have given all memory back.
void network_close(struct network *network);

// Ten-second pings, 100 seconds of silence, ample limits, suite `classic`.
struct broker_config network_broker_config(void);
struct client_config network_client_config(void);

// A device that has not joined yet.
struct network_node *network_add_broker(struct network *network, uint32_t address,
                                        const struct broker_config *config);
struct network_node *network_add_client(struct network *network, uint32_t address,
                                        const struct client_config *config);
void network_join(struct network_node *node);
// Says goodbye and ends.
void network_leave(struct network_node *node);
// Ends without a word; its memory must all be given back.
void network_kill(struct network_node *node);
// A killed device, fresh, with another seed; it has not joined yet.
void network_revive(struct network_node *node);

// Delivers what is queued, and what that brings about, without time passing.
void network_settle(struct network *network);
// Lets so much time pass, waking each role when it wants to be.
void network_pass(struct network *network, uint64_t nanoseconds);

// Puts a line of the test's own on the network; it has no LF.
void network_inject(struct network *network, struct bytes line);
// Likewise a packet that is not sealed, with its signature.
void network_inject_packet(struct network *network, enum packet_type type, uint32_t sender,
                           uint32_t receiver, const char *element);

// The first event of that kind since the last network_forget, or NULL; and how many.
const struct network_event *network_event_of(const struct network_node *node, enum event_kind kind);
unsigned network_count(const struct network_node *node, enum event_kind kind);
// How many lines of that type were sent since then; and whether these bytes stood in any.
unsigned network_count_lines(const struct network *network, const char *type);
bool network_wire_holds(const struct network *network, struct bytes text);
// Forgets events, faults and lines, not the hash.
void network_forget(struct network *network);

// Both joined and settled: the usual beginning. NULL configs: the defaults.
struct network_pair {
    struct network *network;
    struct network_node *broker; // address 83
    struct network_node *client; // address 580
};
struct network_pair network_open_pair(const struct broker_config *broker,
                                      const struct client_config *client);
// Likewise, and connected.
struct network_pair network_open_connected(const struct broker_config *broker,
                                           const struct client_config *client);

// One more client, joined and connected to the broker 83.
struct network_node *network_add_connected(struct network *network, uint32_t address,
                                           const struct client_config *config);

// Commands, which must succeed, and what they bring about.
void network_connect(struct network_node *client, uint32_t broker);
void network_subscribe(struct network_node *client, uint32_t broker, const char *filter);
void network_publish(struct network_node *client, uint32_t broker, const char *topic,
                     const char *value);

#endif
