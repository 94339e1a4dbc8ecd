// One connection of a load: an MQTT client that publishes numbered messages as fast as a window
// lets it, or subscribes and checks what comes, or only stays connected.
//
// It reads what the broker sent from the bytes themselves: PUBLISH and the acknowledgements cost a
// few instructions and no memory; only what comes once (CONNACK, SUBACK) goes through the codec.
// All that it wants to say stands in `out`, in order, to be sent at once.
//
// Acknowledgements: QoS 1 and 2 of both sides (5.0, section 4.3), with a check of each: one that
// answers nothing is a fault. Packet identifiers are those from 1 to the window.
//
// A message that comes again is a fault. Before 5.0 a broker may send one again on the same
// connection, with the DUP flag; 5.0 forbids that [MQTT-4.4.0-1].
//
// Ownership: settings and ledger are borrowed and shared by all clients. A fault ends a client: it
// says no more and takes no more.
#ifndef ROLE_LOAD_LOAD_CLIENT_H
#define ROLE_LOAD_LOAD_CLIENT_H

#include "base/buffer.h"
#include "mqtt/packet.h"
#include "check/load_ledger.h"

// What each PUBLISH of a topic begins with: header and name, when they are short enough.
#define LOAD_START_ROOM 63
#define LOAD_STARTS_MAX 64 // of publishers of more topics none are kept

struct load_start {
    uint8_t bytes[LOAD_START_ROOM];
    uint8_t size; // 0: none yet
};

enum load_kind { LOAD_PUBLISHER, LOAD_SUBSCRIBER, LOAD_IDLE };

enum load_state {
    LOAD_EXPECT_CONNACK,
    LOAD_EXPECT_SUBACK,
    LOAD_READY,
    LOAD_FAULTY,
};

// How all clients of a load are: version, QoS, how they identify themselves, how large their
// messages are and how many may be under way. Borrowed by each client for as long as it lives.
struct load_settings {
    enum mqtt_version version;
    uint8_t qos;
    bool clean;
    bool retain;         // messages are retained, and the window does not wait for deliveries
    bool open;           // messages go out by a clock: the window does not wait for deliveries
    uint16_t keep_alive; // seconds; 0: none
    uint16_t window;     // 1 or more
    uint32_t payload_bytes;
    const char *user_name;  // NULL: none
    const char *password;   // NULL: none
    uint32_t run;           // stands in client identifiers
    struct bytes client_id; // with the run, a letter and a number behind it; empty: the broker
                            // chooses
};

// A publisher or a subscriber. It opens, subscribes if it is one, then publishes or receives
// until its quota is done, and is closed. A packet identifier is in `free_ids`, or has in
// `expected` the type that is awaited for it.
struct load_client {
    struct memory *memory;
    const struct load_settings *settings;
    struct load_ledger *ledger;
    struct buffer out;
    enum load_kind kind;
    enum load_state state;
    uint8_t usual_flags;       // DUP and QoS of what is to come
    uint32_t number;           // among those of its kind
    uint32_t subacks;          // awaited
    uint32_t topic;            // the next to publish under
    struct load_start *starts; // of its topics; NULL: none
    uint64_t quota;            // messages left to publish
    uint32_t unacknowledged;   // of what it published
    uint32_t unreleased;       // QoS 2: of what it received, PUBRELs to come
    uint32_t resent;           // QoS 2: as the version allows, so PUBREL may come again, too
    uint32_t pings;            // unanswered
    uint16_t window;           // no more than the broker takes
    uint8_t *expected;         // by packet identifier: the type of the acknowledgement, or 0
    uint16_t *free_ids;
    uint64_t *received; // QoS 2: bits of identifiers that await their PUBREL
    char fault[160];    // for people, when faulty
};

struct load_client_options {
    const struct load_settings *settings;
    struct load_ledger *ledger;
    enum load_kind kind;
    uint32_t number;
    uint64_t quota;
};

void load_client_init(struct load_client *client, struct memory *memory,
                      const struct load_client_options *options);
void load_client_deinit(struct load_client *client);

// Says CONNECT. Once it is accepted the client is ready.
void load_client_connect(struct load_client *client);

// Says SUBSCRIBE for the filters, in one packet, and awaits one SUBACK more.
void load_client_subscribe(struct load_client *client, struct mqtt_filters filters);

// Takes whole packets from the front of the bytes; returns how many bytes they took. What is left
// is to come again, with what follows it.
size_t load_client_receive(struct load_client *client, struct bytes bytes, uint64_t now);

// Publishes up to `most` messages, as many as window and quota let pass; returns how many. QoS 0
// that nobody gets has no window.
uint32_t load_client_publish(struct load_client *client, uint32_t most, uint64_t now);

void load_client_ping(struct load_client *client);
// Takes the retained message of each of its topics away.
void load_client_clear(struct load_client *client);
void load_client_disconnect(struct load_client *client);

#endif
