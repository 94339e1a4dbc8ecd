// An MQTT client in memory and in virtual time, and a test that plays its broker, packet by packet.
// What the client says is decoded and awaits being expected; what it tells is kept.
//
// A function that expects something fails the test if it did not come. Texts are C strings.
#ifndef TEST_ROLE_MQTT_CLIENT_SCRIPT_H
#define TEST_ROLE_MQTT_CLIENT_SCRIPT_H

#include "support.h"

#include "role/mqtt_client/mqtt_client.h"
#include "role/mqtt_client/mqtt_client_view.h"
#include "role/port.h"

#define SCRIPT_TOLD_MAX 4096

struct script_told {
    enum mqtt_client_event_kind kind;
    enum mqtt_client_cause cause;
    enum mqtt_reason reason;
    const char *why;
    const char *statement;
    char text[128];
    char value[128];
    uint64_t token;
    uint64_t retry_at;
    uint64_t took;
    uint8_t qos;
    bool session_present;
    bool was_open;
    bool is_followed;
    bool is_fatal;
    bool retain;
    bool dup;
};

struct script {
    struct memory memory;
    struct mqtt_client_config config;
    struct mqtt_client_port port;
    struct mqtt_client *client;
    uint64_t now;
    bool is_ready;
    bool takes_nothing; // the stream is stuck
    uint8_t *said;      // bytes of the client that were not expected yet
    size_t said_bytes;
    size_t room;
    size_t taken;
    struct mqtt_packet packet; // the last one that was expected; points into `said`
    struct script_told told[SCRIPT_TOLD_MAX];
    unsigned told_count;
    unsigned told_taken;
};

// 5.0, clean start, a keep alive of 60 s, no retries, limits that no test reaches by accident.
struct mqtt_client_config script_config(void);
// The same with a session that outlives connections.
struct mqtt_client_config script_lasting_config(enum mqtt_version version);
// NULL: script_config. The client has the identifier "c".
struct script *script_open(const struct mqtt_client_config *config);
// Nothing may be left in memory.
void script_close(struct script *script);

// Takes what the client says now.
void script_settle(struct script *script);
void script_wait(struct script *script, uint64_t nanoseconds);
const struct mqtt_packet *script_expect(struct script *script, enum mqtt_type type);
void script_expect_nothing(struct script *script);
const struct script_told *script_expect_told(struct script *script,
                                             enum mqtt_client_event_kind kind);
void script_expect_untold(const struct script *script);
// Tells that are of no matter.
void script_forget_told(struct script *script);

// The broker's side.
void script_send(struct script *script, const struct mqtt_packet *packet);
void script_send_short(struct script *script, enum mqtt_type type, uint16_t packet_id,
                       uint8_t reason);
void script_send_publish(struct script *script, const char *topic, const char *value, uint8_t qos,
                         uint16_t packet_id);
// The client asks for a stream and says CONNECT, which is returned.
const struct mqtt_packet *script_connect(struct script *script);
// The same, and the broker accepts it, with these properties (or NULL).
void script_open_connection(struct script *script, bool session_present,
                            const struct mqtt_properties *properties);
// The stream breaks.
void script_cut(struct script *script);
// The driver closes the stream, as the client asked for.
void script_expect_closing(struct script *script);

enum mqtt_client_result script_publish(struct script *script, const char *topic, const char *value,
                                       uint8_t qos, uint64_t token);

#endif
