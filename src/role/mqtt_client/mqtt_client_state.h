// What the sources of the MQTT client share. Nobody else includes this; users of the client see
// mqtt_client.h.
//
//   mqtt_client           life, stream, time, commands; packets one by one
//   mqtt_client_state     helpers that all share
//   mqtt_client_opening   CONNECT, CONNACK, AUTH: what the broker grants, which session it is
//   mqtt_client_sending   messages that we publish: what waits, what is under way, PUBLISH as bytes
//   mqtt_client_arriving  messages of the broker; topic aliases both ways
//   mqtt_client_requests  SUBSCRIBE and UNSUBSCRIBE
//   mqtt_client_ending    how a connection ends, and what a broker does wrong
//   mqtt_client_retry     when it is tried again
//   mqtt_client_view      what there is, for people; invariants
#ifndef ROLE_MQTT_CLIENT_MQTT_CLIENT_STATE_H
#define ROLE_MQTT_CLIENT_MQTT_CLIENT_STATE_H

#include "base/buffer.h"
#include "cipher/scram.h"
#include "mqtt/flow.h"
#include "role/mqtt_client/mqtt_client_types.h"

#define MQTT_CLIENT_SECOND UINT64_C(1000000000)
#define MQTT_CLIENT_NEVER UINT64_MAX

// ---- messages that we publish -----------------------------------------------------------------

// As it was published: topic, encoded properties and payload stand behind it, in this order. Once
// the broker has a QoS 2 message only the topic is kept.
struct mqtt_client_kept {
    uint64_t token;
    uint32_t payload_bytes;
    uint32_t properties_bytes;
    uint16_t topic_bytes;
    bool retain;
    uint8_t data[];
};

struct mqtt_client_flight {
    struct mqtt_client_kept *kept; // NULL: done
    uint16_t packet_id;            // 0: it was never sent
    uint8_t state;                 // enum mqtt_flow_state
    uint8_t qos : 2;
    uint8_t is_under_way : 1; // it counts among in_flight: sent on this connection, and not done
};

// ---- subscriptions ----------------------------------------------------------------------------

enum mqtt_client_filter_state {
    MQTT_CLIENT_FILTER_UNSENT,
    MQTT_CLIENT_FILTER_EXPECT_SUBACK,
    MQTT_CLIENT_FILTER_ACTIVE,
    MQTT_CLIENT_FILTER_LEAVING, // UNSUBSCRIBE is to be sent
    MQTT_CLIENT_FILTER_EXPECT_UNSUBACK,
};

// A subscription, from the request to the answer to UNSUBSCRIBE; `state` says which answer it
// awaits. In a list, oldest first. The filter and the user properties stand behind it, in the same
// block.
struct mqtt_client_filter {
    struct mqtt_client_filter *next;
    uint32_t identifier;
    uint16_t packet_id; // of the request that awaits an answer
    uint16_t filter_bytes;
    uint16_t more_bytes;
    uint8_t options;
    uint8_t state; // enum mqtt_client_filter_state
    uint8_t granted;
    uint8_t data[];
};

// ---- one connection ---------------------------------------------------------------------------

struct mqtt_client_alias {
    uint64_t hash; // of the topic; only of those that are ours
    uint8_t *topic;
    uint32_t topic_bytes;
};

struct mqtt_client_aliases {
    struct mqtt_client_alias *items; // of the numbers 1, 2, ...
    uint32_t count;
    uint32_t capacity;
};

// What only some connections need; it ends with the connection.
struct mqtt_client_link {
    struct scram_client *scram; // an exchange under way
    struct mqtt_client_aliases in;
    struct mqtt_client_aliases out;
};

enum mqtt_client_lack { // bits: what a 5.0 broker does not have
    MQTT_CLIENT_LACKS_RETAINING = 1,
    MQTT_CLIENT_LACKS_WILDCARDS = 2,
    MQTT_CLIENT_LACKS_SHARING = 4,
    MQTT_CLIENT_LACKS_IDENTIFIERS = 8,
};

// What few clients need, or few moments of one: those that have nothing of it share one that says
// so. `received` is sorted. `retry_at` is when to try again after the stream at hand is closed.
struct mqtt_client_apart {
    struct buffer rest;   // the start of a packet that came
    uint8_t *assigned_id; // by the broker; NULL: client_id counts
    uint8_t *server;      // where a broker sent us; NULL: nowhere
    uint16_t server_bytes;
    uint16_t redirects; // followed in a row
    uint32_t attempts;  // that failed in a row
    uint64_t wait;      // before the last one
    uint64_t retry_at;
    uint16_t *received; // identifiers of QoS 2 messages that await PUBREL, ascending
    uint32_t received_count;
    uint32_t received_capacity;
};

// Four groups of fields, by how long they live. A simulation has a million clients, so what few of
// them need stands in `apart`, which is changed by mqtt_client_apart only.
//
// Always: who it is, and what is to be sent. `out` is freed whenever all of it is sent, so an idle
// client holds no buffer.
//
// The session: the ring of flights, oldest first; those before `cursor` were looked at on this
// connection, and `in_flight` counts those that are under way on it. Flights that were ever sent
// stand before those that were not, and their packet identifiers go round in order from the first
// one's: so an answer's flight is found by its distance. One that is done stays until all before it
// are. All of it, and what was received, outlives connections until the broker says that it has no
// session.
//
// The connection: what the broker granted, and when what was heard. Set by CONNACK, of no meaning
// without one.
//
// Attempts: `due_at` is what the state waits for (an attempt, a stream, a CONNACK, the closing).
// When to try again after that, and how often it failed, stands apart.
struct mqtt_client {
    const struct mqtt_client_config *config;
    const struct mqtt_client_port *port;
    void *owner;
    struct buffer out;
    const struct mqtt_client_apart *apart;
    uint32_t number;
    uint32_t draws;           // random numbers so far
    uint16_t client_id_bytes; // of the one that counts
    uint16_t own_id_bytes;    // of client_id, behind this struct
    uint8_t state;            // enum mqtt_client_state
    bool is_ready : 1;        // port->ready was told
    bool is_hurried : 1;      // what is not sent is given up
    bool was_connected : 1;   // once: a session is not begun anew
    bool has_session : 1;     // that outlives a connection
    bool is_moved : 1;        // `server` is for good
    bool is_redirected : 1;   // the end under way leads to `server`
    bool is_abandoned : 1;    // the stream at hand, or the last one
    bool has_ghost : 1; // a CONNECT was left unanswered, and may take over the next connection
    bool is_clean : 1;  // the CONNECT under way asked for a new session

    struct mqtt_client_flight *ring;
    uint32_t ring_capacity; // 0 or a power of two
    uint32_t ring_head;
    uint32_t count;
    uint32_t cursor;
    size_t message_bytes;
    struct mqtt_client_filter *filters;
    struct mqtt_client_filter *last_filter;
    struct mqtt_client_filter *settled; // it and all before it are active; NULL: none needs to be
    uint32_t filter_count;
    uint32_t unsent_requests;
    uint32_t session_expiry; // seconds

    struct mqtt_client_link *link; // NULL: nothing of it was needed
    uint64_t opened_at;
    uint64_t sent_at;
    uint64_t received_at;
    uint64_t pinged_at; // the first PINGREQ that is not answered; NEVER: none
    uint32_t maximum_packet;
    uint16_t receive_maximum;
    uint16_t alias_maximum;
    uint16_t keep_alive;
    uint16_t in_flight;
    uint16_t unreleased; // QoS 2 messages of this connection that await PUBREL, at least
    uint16_t requests;   // that await an answer
    uint16_t last_publish_id;
    uint16_t last_request_id;
    uint8_t maximum_qos;
    uint8_t lacks; // enum mqtt_client_lack
    uint8_t pings; // PINGREQ that are not answered

    uint64_t due_at;
    uint8_t client_id[];
};

// ---- helpers that all share -------------------------------------------------------------------

static inline bool mqtt_client_is_5(const struct mqtt_client *client) {
    return client->config->version == MQTT_5;
}

static inline bool mqtt_client_is_open(const struct mqtt_client *client) {
    return client->state == MQTT_CLIENT_OPEN;
}

static inline struct bytes mqtt_client_own_id(const struct mqtt_client *client) {
    const uint8_t *assigned = client->apart->assigned_id;
    const uint8_t *id = assigned != NULL ? assigned : client->client_id;
    return bytes_make(id, client->client_id_bytes);
}

static inline struct mqtt_client_flight *mqtt_client_flight_at(const struct mqtt_client *client,
                                                               uint32_t i) {
    return &client->ring[(client->ring_head + i) & (client->ring_capacity - 1)];
}

static inline struct bytes mqtt_client_filter_text(const struct mqtt_client_filter *filter) {
    return bytes_make(filter->data, filter->filter_bytes);
}

// Whether more than answers may be added to the stream.
static inline bool mqtt_client_has_room(const struct mqtt_client *client) {
    return client->out.size < client->config->limits.output_bytes;
}

void mqtt_client_tell(struct mqtt_client *client, const struct mqtt_client_event *event);
void mqtt_client_wake(struct mqtt_client *client);
// Adds the packet to the stream. False: it is larger than the broker takes.
bool mqtt_client_say(struct mqtt_client *client, const struct mqtt_packet *packet, uint64_t now);
// PUBACK to PUBCOMP.
void mqtt_client_say_short(struct mqtt_client *client, uint8_t type, uint16_t packet_id,
                           uint8_t reason, uint64_t now);
// A packet of so many bytes was written at the end of the stream.
void mqtt_client_note_said(struct mqtt_client *client, size_t bytes, uint64_t now);
// What stands apart, to be changed.
struct mqtt_client_apart *mqtt_client_apart(struct mqtt_client *client);
void mqtt_client_apart_init(struct mqtt_client *client);
void mqtt_client_apart_free(struct mqtt_client *client);
// When to try again once the stream at hand is closed.
void mqtt_client_set_retry(struct mqtt_client *client, uint64_t retry_at);
struct mqtt_client_link *mqtt_client_link(struct mqtt_client *client);
void mqtt_client_link_free(struct mqtt_client *client);
// A number between 0 and 2^64-1 that others cannot foretell.
uint64_t mqtt_client_draw(struct mqtt_client *client);
void mqtt_client_aliases_free(struct mqtt_client *client, struct mqtt_client_aliases *aliases);

#endif
