// An MQTT door in memory and in virtual time, and peers that talk to it: what they send is encoded
// with src/mqtt and handed over in blocks that are gone after the call, what comes out is decoded
// and kept for the test to look at. Time stands still but for mqtt_world_wait.
//
// A function that expects something fails the test if it did not come. Texts are C strings.
#ifndef TEST_ROLE_MQTT_PEER_H
#define TEST_ROLE_MQTT_PEER_H

#include "support.h"

#include "role/broker/mqtt/mqtt_door.h"
#include "role/memory_journal.h"

#define MQTT_PEERS_MAX 1024
#define MQTT_RETAIN 0x04 // beside a QoS, in mqtt_peer_publish

struct mqtt_world;

struct mqtt_peer {
    struct mqtt_world *world;
    struct door_connection *connection; // NULL: closed
    enum mqtt_version version;
    uint16_t packet_id;      // the last one used
    uint32_t maximum_packet; // no packet that comes may be larger; 0: there is no limit
    bool is_ready;           // the door told so, and its output was not taken yet
    bool is_stuck;           // its stream takes nothing: set by the test
    uint8_t *stream;         // came in and is no whole packet yet
    size_t stream_size;
    struct mqtt_got **got;
    unsigned got_count;
    unsigned taken; // those before it were all expected
};

// What was told, and what was asked; texts are owned and end with a NUL.
struct mqtt_told {
    enum door_event_kind kind;
    enum mqtt_reason reason;
    char *client_id;
    char *text;
    char *value;
};

struct mqtt_asked {
    struct door_connection *connection;
    uint64_t number;
    bool has_user_name;
    bool has_password;
    char *user_name;
    char *password;
};

struct mqtt_world {
    struct memory memory;
    struct broker_core core;
    struct mqtt_door_config config;
    struct mqtt_door_port port;
    struct mqtt_door *door;
    struct memory_journal journal; // nothing comes but to a world that was opened as kept
    uint64_t now;
    uint64_t address; // of streams that are opened
    uint8_t listener; // likewise
    size_t split;     // bytes that are handed over at a time; 0: all
    struct mqtt_peer *peers[MQTT_PEERS_MAX];
    unsigned peer_count;
    struct mqtt_told *told;
    unsigned told_count;
    struct mqtt_asked asked; // the last one
    unsigned asked_count;
    enum credentials_state state; // that is answered at once
    uint64_t cancelled;           // the number of the last check
    uint64_t postponed;           // likewise
    uint64_t events;              // so far
};

// Limits that no test reaches by accident, no credentials.
struct mqtt_door_config mqtt_world_config(void);
// NULL: mqtt_world_config.
struct mqtt_world *mqtt_world_open(const struct mqtt_door_config *config);
// With a door that asks for credentials; `asked` is answered by the test.
struct mqtt_world *mqtt_world_open_guarded(const struct mqtt_door_config *config);
// With a journal, of door and core; nothing is durable until it is written.
struct mqtt_world *mqtt_world_open_kept(const struct mqtt_door_config *config);
// The journal is written, or fails; what was held and may go out comes.
void mqtt_world_write(struct mqtt_world *world);
void mqtt_world_fail(struct mqtt_world *world);
// All peers close; nothing may be left in memory.
void mqtt_world_close(struct mqtt_world *world);
// Time goes on, from deadline to deadline.
void mqtt_world_wait(struct mqtt_world *world, uint64_t nanoseconds);
// Takes all output, of peers that are not stuck.
void mqtt_world_settle(struct mqtt_world *world);
void mqtt_world_answer(struct mqtt_world *world, bool is_good);
const struct mqtt_door_counts *mqtt_world_counts(const struct mqtt_world *world);
// How often it was told.
unsigned mqtt_world_told(const struct mqtt_world *world, enum door_event_kind kind);

// ---- streams ----------------------------------------------------------------------------------

// NULL: the door took no more. With version 0 nothing that comes is decoded: it stays in `stream`.
struct mqtt_peer *mqtt_peer_open(struct mqtt_world *world, enum mqtt_version version);
// The stream breaks, without DISCONNECT.
void mqtt_peer_cut(struct mqtt_peer *peer);
void mqtt_peer_send_bytes(struct mqtt_peer *peer, const void *bytes, size_t size);
void mqtt_peer_send(struct mqtt_peer *peer, const struct mqtt_packet *packet);

// ---- what comes -------------------------------------------------------------------------------

// The next packet that was not expected yet. All packets stay until the world closes.
const struct mqtt_packet *mqtt_peer_next(struct mqtt_peer *peer);
// The first packet of the type that was not expected yet.
const struct mqtt_packet *mqtt_peer_expect(struct mqtt_peer *peer, enum mqtt_type type);
void mqtt_peer_expect_nothing(const struct mqtt_peer *peer);
// The first PUBLISH that was not expected yet.
const struct mqtt_packet *mqtt_peer_expect_publish(struct mqtt_peer *peer, const char *topic,
                                                   const char *value);
// The same, acknowledged to the end. Its QoS is checked.
const struct mqtt_packet *mqtt_peer_take(struct mqtt_peer *peer, const char *topic,
                                         const char *value, uint8_t qos);
// The door closed the stream; a 5.0 client that is connected was told the reason.
void mqtt_peer_expect_closed(struct mqtt_peer *peer, enum mqtt_reason reason);
// The door refused the CONNECT with this reason (5.0) or return code, and closed the stream.
void mqtt_peer_expect_refused(struct mqtt_peer *peer, uint8_t reason);
// The door closed the stream before it was connected, with or without telling why.
void mqtt_peer_expect_gone(struct mqtt_peer *peer);
bool mqtt_peer_is_closed(const struct mqtt_peer *peer);

// The name or value of the user property at the place (from 0); empty if there is none. Valid until
// the next call.
const char *mqtt_peer_user_property(const struct mqtt_packet *packet, unsigned place,
                                    bool is_value);

// ---- what clients do --------------------------------------------------------------------------

// A CONNECT with clean start and this client identifier, for the test to change.
struct mqtt_packet mqtt_connect_packet(enum mqtt_version version, const char *client_id);
// A new stream on which this CONNECT is sent.
struct mqtt_peer *mqtt_peer_open_with(struct mqtt_world *world, const struct mqtt_packet *connect);
// The same, and a good CONNACK comes: it is left to be expected.
struct mqtt_peer *mqtt_peer_connect_with(struct mqtt_world *world,
                                         const struct mqtt_packet *connect);
// A clean start, and a good CONNACK without a session came.
struct mqtt_peer *mqtt_peer_connect(struct mqtt_world *world, enum mqtt_version version,
                                    const char *client_id);
// A session that outlives its connections for an hour (in 5.0), taken up or begun.
struct mqtt_peer *mqtt_peer_resume(struct mqtt_world *world, enum mqtt_version version,
                                   const char *client_id);

// SUBSCRIBE with one filter; the QoS asked for has to be granted.
void mqtt_peer_subscribe(struct mqtt_peer *peer, const char *filter, uint8_t options);
// The answer's code, whatever it is. `identifier` 0: none.
uint8_t mqtt_peer_try_subscribe(struct mqtt_peer *peer, const char *filter, uint8_t options,
                                uint32_t identifier);
// 5.0: the code of UNSUBACK.
uint8_t mqtt_peer_unsubscribe(struct mqtt_peer *peer, const char *filter);

// A PUBLISH for the test to change; `qos` may have MQTT_RETAIN. It gets the next packet identifier.
struct mqtt_packet mqtt_publish_packet(struct mqtt_peer *peer, const char *topic, const char *value,
                                       uint8_t qos);
// Publishes and is answered to the end; the reason of the first answer.
uint8_t mqtt_peer_publish(struct mqtt_peer *peer, const char *topic, const char *value,
                          uint8_t qos);
// The same with a packet of the test's making.
uint8_t mqtt_peer_publish_packet(struct mqtt_peer *peer, const struct mqtt_packet *packet);
// A packet of a type and a packet identifier only: PUBACK and its like, PINGREQ, DISCONNECT.
void mqtt_peer_send_short(struct mqtt_peer *peer, enum mqtt_type type, uint16_t packet_id,
                          uint8_t reason);

#endif
