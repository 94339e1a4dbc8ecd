// The role of a client: it learns of brokers, connects, subscribes, publishes, answers pings, and
// keeps the last value of each topic that it was sent. Pure: see role/port.h.
#ifndef ROLE_CLIENT_CLIENT_H
#define ROLE_CLIENT_CLIENT_H

#include "role/line/connection.h"
#include "role/line/device.h"
#include "topic/values.h"

// How a client of lines is to be: what it calls itself, its suite and credentials, how long it
// waits, how much it keeps. Borrowed for as long as the client lives; many clients may share one.
struct client_config {
    struct bytes name; // up to DEVICE_NAME_MAX bytes
    enum suite_policy suite;
    struct bytes credentials; // empty: none
    uint64_t answer_timeout;  // for creq and sreq; nanoseconds, as all times here
    uint64_t silence;         // a broker not heard of for so long is given up
    bool brokers_only;        // keep no record of other devices: it saves memory
    struct {
        uint32_t connections;
        uint32_t subscriptions;
        uint32_t devices;
        struct topic_values_limits values;
    } limits;
};

enum subscription_state {
    SUBSCRIPTION_EXPECTS_SRES,
    SUBSCRIPTION_OPEN,
    SUBSCRIPTION_EXPECTS_OFF, // asked to end it
};

struct client_subscription {
    uint8_t *filter;     // owned
    uint64_t time_stamp; // of the last change of its state
    uint32_t address;    // of the broker
    uint16_t filter_size;
    uint8_t state; // enum subscription_state
};

// What a command came to.
enum client_answer {
    CLIENT_OK, // done, or asked for: events tell the rest
    CLIENT_NOT_CONNECTED,
    CLIENT_ALREADY, // connected, asking, or subscribed already
    CLIENT_NOT_SUBSCRIBED,
    CLIENT_BAD_TOPIC,
    CLIENT_TOO_LONG, // for a line
    CLIENT_FULL,     // a limit of this client's
    CLIENT_BAD_ADDRESS,
};

// What it was given; who is in the network; then what it has asked for, each until it is refused
// or taken back; and the last values that came. Connections and subscriptions are few, and are
// found by looking.
struct client {
    const struct client_config *config;
    const struct role_port *port;
    struct cipher_secret seed;
    uint64_t secret_number; // the last one given out
    uint32_t self;
    struct devices devices;
    struct connection *connections; // in the order of asking
    uint32_t connection_count;
    uint32_t connection_capacity;
    uint32_t unanswered_address;               // who may still answer an attempt that was given up
    uint32_t unanswered;                       // so many of them
    struct client_subscription *subscriptions; // likewise
    uint32_t subscription_count;
    uint32_t subscription_capacity;
    struct topic_values values;
};

// `config` and `port` are borrowed for the client's life. `seed` must be fresh random bytes: all
// secrets come from it.
void client_init(struct client *client, const struct client_config *config,
                 const struct role_port *port, uint32_t address, const struct cipher_secret *seed);
void client_deinit(struct client *client);

// Joins the network.
void client_start(struct client *client);
// The packet's elements may be replaced by unsealed ones, valid until the next call.
void client_receive(struct client *client, struct packet *packet, uint64_t now);
// To be called when client_deadline is reached; earlier does no harm.
void client_tick(struct client *client, uint64_t now);
uint64_t client_deadline(const struct client *client);
// Ends all connections and leaves the network.
void client_stop(struct client *client);

// Commands of the user.
enum client_answer client_connect(struct client *client, uint32_t address, uint64_t now);
enum client_answer client_disconnect(struct client *client, uint32_t address);
enum client_answer client_subscribe(struct client *client, uint32_t address, struct bytes filter,
                                    uint64_t now);
enum client_answer client_unsubscribe(struct client *client, uint32_t address, struct bytes filter,
                                      uint64_t now);
enum client_answer client_publish(struct client *client, uint32_t address, struct bytes topic,
                                  struct bytes value);

// NULL if there is none. An open connection's status_code is STATUS_OK.
const struct connection *client_find_connection(const struct client *client, uint32_t address);
const struct client_subscription *client_find_subscription(const struct client *client,
                                                           uint32_t address, struct bytes filter);

#endif
