#include "role/client/client.h"

#include "base/hash.h"
#include "cipher/classic.h"
#include "cipher/sodium.h"
#include "role/line/dispatch.h"
#include "topic/topic.h"

// ---- records --------------------------------------------------------------------------------

static struct connection *find_connection(const struct client *client, uint32_t address) {
    for (uint32_t i = 0; i < client->connection_count; i++) {
        if (client->connections[i].address == address) {
            return &client->connections[i];
        }
    }
    return NULL;
}

const struct connection *client_find_connection(const struct client *client, uint32_t address) {
    return find_connection(client, address);
}

static struct connection *find_open(const struct client *client, uint32_t address) {
    struct connection *connection = find_connection(client, address);
    return connection != NULL && connection->status_code == STATUS_OK ? connection : NULL;
}

static struct bytes filter_of(const struct client_subscription *subscription) {
    return bytes_make(subscription->filter, subscription->filter_size);
}

static struct client_subscription *find_subscription(const struct client *client, uint32_t address,
                                                     struct bytes filter) {
    for (uint32_t i = 0; i < client->subscription_count; i++) {
        struct client_subscription *subscription = &client->subscriptions[i];
        if (subscription->address == address && bytes_equal(filter_of(subscription), filter)) {
            return subscription;
        }
    }
    return NULL;
}

const struct client_subscription *client_find_subscription(const struct client *client,
                                                           uint32_t address, struct bytes filter) {
    return find_subscription(client, address, filter);
}

static void remove_subscription(struct client *client, struct client_subscription *subscription) {
    memory_free(client->port->memory, subscription->filter, subscription->filter_size);
    client->subscription_count--;
    size_t behind = client->subscription_count - (size_t)(subscription - client->subscriptions);
    memmove(subscription, subscription + 1, behind * sizeof *subscription);
}

// Takes the connection and its subscriptions off the books, without a word to anyone.
static void remove_connection(struct client *client, struct connection *connection) {
    for (uint32_t i = client->subscription_count; i-- > 0;) {
        if (client->subscriptions[i].address == connection->address) {
            remove_subscription(client, &client->subscriptions[i]);
        }
    }
    connection_forget_key(connection, client->port->memory);
    client->connection_count--;
    size_t behind = client->connection_count - (size_t)(connection - client->connections);
    memmove(connection, connection + 1, behind * sizeof *connection);
}

static void tell(const struct client *client, const struct role_event *event) {
    struct role_event told = *event;
    told.self = client->self;
    client->port->tell(client->port->context, &told);
}

static void end_connection(struct client *client, struct connection *connection,
                           enum event_cause cause, unsigned status) {
    struct role_event event = {.kind = EVENT_DISCONNECTED,
                               .address = connection->address,
                               .cause = cause,
                               .status = status};
    if (connection->status_code != STATUS_OK && cause != CAUSE_ASKED) {
        event.kind = EVENT_REFUSED; // it never was open
        event.status = status == STATUS_NONE ? STATUS_UNAVAILABLE : status;
    }
    remove_connection(client, connection);
    tell(client, &event);
}

// ---- asking for a connection ----------------------------------------------------------------

// Our public key for the suite, as text.
static struct bytes public_key(const struct client *client, const struct connection *connection,
                               const struct cipher_suite *suite,
                               uint8_t text[static CIPHER_PUBLIC_KEY_MAX]) {
    struct cipher_secret secret =
        connection_secret(&client->seed, connection->secret_number, suite);
    return bytes_make(text, suite->public_key(&secret, text));
}

// creq {pre-key}, and for more than the bare suite `classic` {suite, public key, credentials}.
static enum client_answer send_creq(struct client *client, struct connection *connection,
                                    struct bytes credentials) {
    uint8_t classic_text[CIPHER_PUBLIC_KEY_MAX];
    uint8_t sodium_text[CIPHER_PUBLIC_KEY_MAX];
    enum suite_policy policy = client->config->suite;
    struct bytes pre_key = policy == SUITE_SODIUM
                               ? BYTES_LITERAL("0")
                               : public_key(client, connection, &cipher_classic, classic_text);
    struct packet packet = {
        .sender = client->self, .receiver = connection->address, .type = PACKET_CREQ};
    packet_add(&packet, pre_key);
    if (policy != SUITE_CLASSIC) {
        packet_add(&packet, bytes_of_text(cipher_sodium.name));
        packet_add(&packet, public_key(client, connection, &cipher_sodium, sodium_text));
    } else if (credentials.size > 0) {
        packet_add(&packet, bytes_of_text(cipher_classic.name));
        packet_add(&packet, pre_key);
    }
    if (credentials.size > 0) {
        packet_add(&packet, credentials);
    }
    packet.signature = packet_signature(&packet);
    connection->attempt++;
    return client->port->send(client->port->context, &packet) ? CLIENT_OK : CLIENT_TOO_LONG;
}

enum client_answer client_connect(struct client *client, uint32_t address, uint64_t now) {
    if (address == PACKET_EVERYONE || address == client->self || address > PACKET_ADDRESS_MAX) {
        return CLIENT_BAD_ADDRESS;
    }
    if (find_connection(client, address) != NULL) {
        return CLIENT_ALREADY;
    }
    if (client->connection_count >= client->config->limits.connections) {
        return CLIENT_FULL;
    }
    client->connections =
        memory_grow(client->port->memory, client->connections, &client->connection_capacity,
                    client->connection_count + 1, sizeof *client->connections);
    struct connection *connection = &client->connections[client->connection_count++];
    *connection = (struct connection){.address = address,
                                      .secret_number = ++client->secret_number,
                                      .time_stamp = now,
                                      .last_heard = now};
    // Only who asked for the suite `classic` alone has agreed to send credentials readable.
    bool readable = client->config->suite == SUITE_CLASSIC;
    enum client_answer answer =
        send_creq(client, connection, readable ? client->config->credentials : (struct bytes){0});
    if (answer != CLIENT_OK) {
        remove_connection(client, connection);
    }
    return answer;
}

// What a cres says.
struct offer {
    unsigned status;
    const struct cipher_suite *suite; // NULL: one that we do not know
    struct bytes suite_name;
    struct bytes public_key;
};

static struct offer read_offer(const struct packet *packet) {
    struct offer offer = {.status = status_read(packet->element[0]),
                          .suite = &cipher_classic,
                          .suite_name = bytes_of_text(cipher_classic.name),
                          .public_key = packet->element[1]};
    if (packet->element_count > 2) {
        offer.suite_name = packet->element[2];
        offer.suite = cipher_suite_named(packet->element[2]);
    }
    if (offer.suite != NULL && !offer.suite->pre_key) {
        offer.public_key = packet->element_count > 3 ? packet->element[3] : (struct bytes){0};
    }
    return offer;
}

static struct suite_key key_of(const struct offer *offer) {
    return (struct suite_key){offer->suite, offer->public_key};
}

static bool agrees_to(const struct client *client, const struct cipher_suite *suite) {
    switch (client->config->suite) {
    case SUITE_CLASSIC:
        return suite == &cipher_classic;
    case SUITE_SODIUM:
        return suite == &cipher_sodium;
    case SUITE_ANY:
        return suite != NULL;
    }
    return false;
}

static void refuse(struct client *client, struct connection *connection, struct offer offer,
                   unsigned status) {
    struct role_event event = {.kind = EVENT_REFUSED,
                               .address = connection->address,
                               .status = status,
                               .text = offer.suite_name};
    remove_connection(client, connection);
    tell(client, &event);
}

// Answers a broker that wants credentials, by sealing them for its login key. False: it cannot.
static bool log_in(struct client *client, struct connection *connection, struct offer offer) {
    struct memory *memory = client->port->memory;
    struct connection login = {.secret_number = connection->secret_number};
    if (offer.suite != &cipher_sodium || !agrees_to(client, offer.suite) ||
        connection->attempt > 1 || client->config->credentials.size == 0 ||
        !connection_agree(&login, key_of(&offer), CIPHER_CLIENT, &client->seed, memory)) {
        return false;
    }
    struct packet packet = {.type = PACKET_CREQ};
    packet_add(&packet, client->config->credentials);
    bool sealed = offer.suite->seal(&login.key, &packet, client->port->seal_room, ROLE_SEAL_ROOM);
    connection_forget_key(&login, memory);
    return sealed && send_creq(client, connection, packet.element[0]) == CLIENT_OK;
}

// An answer to an attempt that was given up came first, and was taken for that to the last one: the
// two ends have different keys. The connection has to be made anew.
static enum packet_fault hear_second_answer(struct client *client, struct connection *connection) {
    if (client->unanswered == 0 || client->unanswered_address != connection->address) {
        return PACKET_FAULT_UNEXPECTED;
    }
    client->unanswered--;
    end_connection(client, connection, CAUSE_RESTARTED, STATUS_NONE);
    return PACKET_OK;
}

static enum packet_fault receive_cres(void *role, struct packet *packet, uint64_t now) {
    struct client *client = role;
    struct connection *connection = find_connection(client, packet->sender);
    if (connection == NULL || packet->receiver == PACKET_EVERYONE) {
        return PACKET_FAULT_UNEXPECTED;
    }
    if (connection->status_code != STATUS_NONE) {
        return hear_second_answer(client, connection);
    }
    struct offer offer = read_offer(packet);
    if (offer.status == STATUS_NONE) {
        return PACKET_FAULT_CONTENT;
    }
    if (offer.status == STATUS_UNAUTHORIZED && log_in(client, connection, offer)) {
        return PACKET_OK;
    }
    if (offer.status != STATUS_OK || !agrees_to(client, offer.suite)) {
        refuse(client, connection, offer,
               offer.status == STATUS_OK ? STATUS_FORBIDDEN : offer.status);
        return PACKET_OK;
    }
    if (!connection_agree(connection, key_of(&offer), CIPHER_CLIENT, &client->seed,
                          client->port->memory)) {
        refuse(client, connection, offer, STATUS_MALFORMED);
        return PACKET_FAULT_CONTENT;
    }
    connection->status_code = STATUS_OK;
    connection->time_stamp = connection->last_heard = now;
    tell(client, &(struct role_event){.kind = EVENT_CONNECTED,
                                      .address = connection->address,
                                      .suite = offer.suite->name,
                                      .status = STATUS_OK});
    return PACKET_OK;
}

enum client_answer client_disconnect(struct client *client, uint32_t address) {
    struct connection *connection = find_connection(client, address);
    if (connection == NULL) {
        return CLIENT_NOT_CONNECTED;
    }
    if (connection->status_code == STATUS_OK) {
        connection_send_disc(connection, client->port, client->self, STATUS_NONE);
    }
    end_connection(client, connection, CAUSE_ASKED, STATUS_NONE);
    return CLIENT_OK;
}

// ---- subscriptions --------------------------------------------------------------------------

static enum client_answer send_sreq(struct client *client, struct connection *connection,
                                    struct bytes filter, bool on) {
    struct packet packet = {
        .sender = client->self, .receiver = connection->address, .type = PACKET_SREQ};
    packet_add(&packet, filter);
    if (!on) {
        packet_add(&packet, BYTES_LITERAL("off"));
    }
    return connection_send(connection, client->port, &packet) ? CLIENT_OK : CLIENT_TOO_LONG;
}

static void add_subscription(struct client *client, uint32_t address, struct bytes filter,
                             uint64_t now) {
    struct memory *memory = client->port->memory;
    client->subscriptions =
        memory_grow(memory, client->subscriptions, &client->subscription_capacity,
                    client->subscription_count + 1, sizeof *client->subscriptions);
    uint8_t *copy = memory_allocate(memory, filter.size);
    memcpy(copy, filter.data, filter.size);
    client->subscriptions[client->subscription_count++] =
        (struct client_subscription){.filter = copy,
                                     .filter_size = (uint16_t)filter.size,
                                     .address = address,
                                     .time_stamp = now,
                                     .state = SUBSCRIPTION_EXPECTS_SRES};
}

enum client_answer client_subscribe(struct client *client, uint32_t address, struct bytes filter,
                                    uint64_t now) {
    struct connection *connection = find_open(client, address);
    if (topic_filter_check(filter) != TOPIC_OK) {
        return CLIENT_BAD_TOPIC;
    }
    if (connection == NULL) {
        return CLIENT_NOT_CONNECTED;
    }
    if (find_subscription(client, address, filter) != NULL) {
        return CLIENT_ALREADY;
    }
    if (client->subscription_count >= client->config->limits.subscriptions) {
        return CLIENT_FULL;
    }
    enum client_answer answer = send_sreq(client, connection, filter, true);
    if (answer == CLIENT_OK) {
        add_subscription(client, address, filter, now);
    }
    return answer;
}

enum client_answer client_unsubscribe(struct client *client, uint32_t address, struct bytes filter,
                                      uint64_t now) {
    struct connection *connection = find_open(client, address);
    if (topic_filter_check(filter) != TOPIC_OK) {
        return CLIENT_BAD_TOPIC;
    }
    if (connection == NULL) {
        return CLIENT_NOT_CONNECTED;
    }
    struct client_subscription *subscription = find_subscription(client, address, filter);
    if (subscription == NULL) {
        return CLIENT_NOT_SUBSCRIBED;
    }
    if (subscription->state != SUBSCRIPTION_OPEN) {
        return CLIENT_ALREADY;
    }
    enum client_answer answer = send_sreq(client, connection, filter, false);
    if (answer == CLIENT_OK) {
        subscription->state = SUBSCRIPTION_EXPECTS_OFF;
        subscription->time_stamp = now;
    }
    return answer;
}

static void tell_subscription(struct client *client, enum event_kind kind, uint32_t address,
                              struct bytes filter, unsigned status) {
    tell(client,
         &(struct role_event){.kind = kind, .address = address, .text = filter, .status = status});
}

static enum packet_fault receive_sres(void *role, struct connection *connection,
                                      struct packet *packet, uint64_t now) {
    struct client *client = role;
    unsigned status = status_read(packet->element[0]);
    struct bytes filter = packet->element[1];
    uint32_t address = connection->address;
    struct client_subscription *subscription = find_subscription(client, address, filter);
    if (subscription == NULL || subscription->state == SUBSCRIPTION_OPEN) {
        return PACKET_FAULT_UNEXPECTED;
    }
    if (status == STATUS_NONE) {
        return PACKET_FAULT_CONTENT;
    }
    bool asked_off = subscription->state == SUBSCRIPTION_EXPECTS_OFF;
    subscription->state = SUBSCRIPTION_OPEN;
    subscription->time_stamp = now;
    if ((status == STATUS_OK) == asked_off) {
        remove_subscription(client, subscription);
    }
    enum event_kind kind = status == STATUS_OK
                               ? (asked_off ? EVENT_UNSUBSCRIBED : EVENT_SUBSCRIBED)
                               : (asked_off ? EVENT_NOT_UNSUBSCRIBED : EVENT_NOT_SUBSCRIBED);
    tell_subscription(client, kind, address, filter, status);
    return PACKET_OK;
}

// ---- entries --------------------------------------------------------------------------------

enum client_answer client_publish(struct client *client, uint32_t address, struct bytes topic,
                                  struct bytes value) {
    struct connection *connection = find_open(client, address);
    if (topic_name_check(topic) != TOPIC_OK) {
        return CLIENT_BAD_TOPIC;
    }
    if (connection == NULL) {
        return CLIENT_NOT_CONNECTED;
    }
    struct packet packet;
    packet_begin(&packet, PACKET_PUBL, client->self, address);
    packet_add(&packet, topic);
    packet_add(&packet, value);
    return connection_send(connection, client->port, &packet) ? CLIENT_OK : CLIENT_TOO_LONG;
}

static enum packet_fault receive_publ(void *role, struct connection *connection,
                                      struct packet *packet, uint64_t now) {
    struct client *client = role;
    struct bytes topic = packet->element[0];
    struct bytes value = packet->element[1];
    if (topic_name_check(topic) != TOPIC_OK) {
        return PACKET_FAULT_CONTENT;
    }
    bool kept = topic_values_set(&client->values, topic, value, connection->address, now) ==
                TOPIC_VALUES_OK;
    tell(client,
         &(struct role_event){
             .kind = EVENT_ENTRY, .address = connection->address, .text = topic, .value = value});
    return kept ? PACKET_OK : PACKET_FAULT_NO_ROOM;
}

static enum packet_fault receive_ping(void *role, struct connection *connection,
                                      struct packet *packet, uint64_t now) {
    struct client *client = role;
    (void)packet;
    connection->last_ping = now;
    struct packet answer = {
        .sender = client->self, .receiver = connection->address, .type = PACKET_PING};
    (void)connection_send(connection, client->port, &answer); // far shorter than a line
    return PACKET_OK;
}

static enum packet_fault receive_disc(void *role, struct connection *connection,
                                      struct packet *packet, uint64_t now) {
    struct client *client = role;
    (void)now;
    end_connection(client, connection, CAUSE_PEER, connection_disc_status(packet));
    return PACKET_OK;
}

// ---- devices come and go --------------------------------------------------------------------

static enum packet_fault receive_join(void *role, struct packet *packet, uint64_t now) {
    struct client *client = role;
    struct connection *connection = find_open(client, packet->sender);
    if (packet->receiver == PACKET_EVERYONE && connection != NULL) {
        end_connection(client, connection, CAUSE_RESTARTED, STATUS_NONE);
    }
    if (client->config->brokers_only && device_kind_named(packet->element[0]) != DEVICE_BROKER) {
        devices_remove(&client->devices, client->port, packet->sender); // if it was one until now
        return PACKET_OK;
    }
    bool kept =
        devices_put(&client->devices, client->port, packet, client->config->limits.devices, now);
    return kept ? PACKET_OK : PACKET_FAULT_NO_ROOM;
}

static enum packet_fault receive_left(void *role, struct packet *packet, uint64_t now) {
    struct client *client = role;
    (void)now;
    struct connection *connection = find_connection(client, packet->sender);
    if (connection != NULL) {
        end_connection(client, connection, CAUSE_LEFT, STATUS_NONE);
    }
    devices_remove(&client->devices, client->port, packet->sender);
    return PACKET_OK;
}

// ---- the dispatcher -------------------------------------------------------------------------

static const struct line_rule rules[PACKET_TYPES] = {
    [PACKET_JOIN] = {.open = receive_join, .elements = 1},
    [PACKET_LEFT] = {.open = receive_left},
    [PACKET_CRES] = {.open = receive_cres, .elements = 2},
    [PACKET_SRES] = {.sealed = receive_sres, .elements = 2},
    [PACKET_PUBL] = {.sealed = receive_publ, .elements = 2},
    [PACKET_PING] = {.sealed = receive_ping},
    [PACKET_DISC] = {.sealed = receive_disc},
};

static struct connection *find_open_connection(void *role, uint32_t address) {
    return find_open(role, address);
}

static void note_heard(void *role, struct connection *connection, uint64_t now) {
    (void)role;
    connection->last_heard = now;
}

static void end_unknown(void *role, struct connection *connection) {
    end_connection(role, connection, CAUSE_UNKNOWN, STATUS_UNAUTHORIZED);
}

// Who is being asked for a connection is no stranger.
static bool answers(void *role, uint32_t address) {
    return find_connection(role, address) == NULL;
}

void client_receive(struct client *client, struct packet *packet, uint64_t now) {
    const struct line_end end = {.rules = rules,
                                 .role = client,
                                 .port = client->port,
                                 .self = client->self,
                                 .find = find_open_connection,
                                 .heard = note_heard,
                                 .is_unknown = end_unknown,
                                 .answers = answers};
    line_dispatch(&end, packet, now);
}

// ---- time, start and end --------------------------------------------------------------------

static uint64_t connection_due(const struct client *client, const struct connection *connection) {
    return connection->status_code == STATUS_OK
               ? connection->last_heard + client->config->silence
               : connection->time_stamp + client->config->answer_timeout;
}

static uint64_t subscription_due(const struct client *client,
                                 const struct client_subscription *subscription) {
    return subscription->state == SUBSCRIPTION_OPEN
               ? ROLE_NEVER
               : subscription->time_stamp + client->config->answer_timeout;
}

uint64_t client_deadline(const struct client *client) {
    uint64_t first = ROLE_NEVER;
    for (uint32_t i = 0; i < client->connection_count; i++) {
        uint64_t due = connection_due(client, &client->connections[i]);
        first = due < first ? due : first;
    }
    for (uint32_t i = 0; i < client->subscription_count; i++) {
        uint64_t due = subscription_due(client, &client->subscriptions[i]);
        first = due < first ? due : first;
    }
    return first;
}

static void give_up_connection(struct client *client, struct connection *connection) {
    if (connection->status_code == STATUS_OK) {
        connection_send_disc(connection, client->port, client->self, STATUS_TIMED_OUT);
    } else {
        bool is_same = client->unanswered_address == connection->address;
        client->unanswered = is_same ? client->unanswered + 1 : 1;
        client->unanswered_address = connection->address;
    }
    end_connection(client, connection, CAUSE_SILENT, STATUS_TIMED_OUT);
}

static void give_up_subscription(struct client *client, struct client_subscription *subscription,
                                 uint64_t now) {
    bool asked_off = subscription->state == SUBSCRIPTION_EXPECTS_OFF;
    struct client_subscription copy = *subscription;
    tell_subscription(client, asked_off ? EVENT_NOT_UNSUBSCRIBED : EVENT_NOT_SUBSCRIBED,
                      copy.address, filter_of(&copy), STATUS_TIMED_OUT);
    if (asked_off) {
        subscription->state = SUBSCRIPTION_OPEN;
        subscription->time_stamp = now;
    } else {
        remove_subscription(client, subscription);
    }
}

void client_tick(struct client *client, uint64_t now) {
    for (uint32_t i = client->connection_count; i-- > 0;) {
        if (connection_due(client, &client->connections[i]) <= now) {
            give_up_connection(client, &client->connections[i]);
        }
    }
    for (uint32_t i = client->subscription_count; i-- > 0;) {
        if (subscription_due(client, &client->subscriptions[i]) <= now) {
            give_up_subscription(client, &client->subscriptions[i], now);
        }
    }
}

void client_init(struct client *client, const struct client_config *config,
                 const struct role_port *port, uint32_t address, const struct cipher_secret *seed) {
    *client = (struct client){.config = config,
                              .port = port,
                              .seed = *seed,
                              .self = address,
                              .devices = {.self = address}};
    topic_values_init(&client->values, port->memory,
                      hash_bytes(bytes_make(seed->bytes, sizeof seed->bytes), 0),
                      config->limits.values);
}

void client_deinit(struct client *client) {
    struct memory *memory = client->port->memory;
    while (client->connection_count > 0) {
        remove_connection(client, &client->connections[client->connection_count - 1]);
    }
    memory_free(memory, client->connections,
                client->connection_capacity * sizeof *client->connections);
    memory_free(memory, client->subscriptions,
                client->subscription_capacity * sizeof *client->subscriptions);
    devices_deinit(&client->devices, memory);
    topic_values_deinit(&client->values);
}

static void announce(const struct client *client, enum packet_type type) {
    struct packet packet = {.sender = client->self, .receiver = PACKET_EVERYONE, .type = type};
    device_announce(client->port, &packet, DEVICE_CLIENT, client->config->name);
}

void client_start(struct client *client) {
    announce(client, PACKET_JOIN);
}

void client_stop(struct client *client) {
    while (client->connection_count > 0) {
        struct connection *connection = &client->connections[client->connection_count - 1];
        if (connection->status_code == STATUS_OK) {
            connection_send_disc(connection, client->port, client->self, STATUS_NONE);
        }
        remove_connection(client, connection);
    }
    announce(client, PACKET_LEFT);
}
