#include "role/broker/line_door.h"

#include "base/assert.h"
#include "base/hash.h"
#include "cipher/classic.h"
#include "cipher/sodium.h"
#include "role/line/dispatch.h"
#include "topic/topic.h"

// The login key's number: credentials are sealed for it before there is a connection.
#define LOGIN_NUMBER 0

// In units of 20 ns:
#define DELIVERY_WORK 50    // of an entry, which is sealed and written
#define QUESTION_WORK 4     // to access lists ...
#define PATTERNS_A_UNIT 4   // ... and of their patterns
#define QUESTIONS_A_SEND 50 // of retained values: so much work of questions is as good as a send

static const struct bytes off = BYTES_LITERAL("off");

static void tell(const struct line_door *door, struct role_event event) {
    event.self = door->self;
    door->port->tell(door->port->context, &event);
}

static struct deadline_links ping_links(const struct line_door *door) {
    return (struct deadline_links){&door->peers->ping, sizeof *door->peers};
}

static struct deadline_links silence_links(const struct line_door *door) {
    return (struct deadline_links){&door->peers->silence, sizeof *door->peers};
}

static uint64_t hash_seed(const struct cipher_secret *seed) {
    return hash_bytes(bytes_make(seed->bytes, sizeof seed->bytes), 0);
}

// ---- connections ----------------------------------------------------------------------------

static struct line_peer *find(const struct line_door *door, uint32_t address) {
    uint32_t place = map_get(&door->places, address);
    return place == MAP_NONE ? NULL : &door->peers[place];
}

// The connection is the first member of what it belongs to.
static struct line_peer *peer_of(struct connection *connection) {
    return (struct line_peer *)connection;
}

const struct line_peer *line_door_find(const struct line_door *door, uint32_t address) {
    return find(door, address);
}

static uint32_t take_place(struct line_door *door) {
    uint32_t place = door->peer_free;
    if (place != DEADLINE_NONE) {
        ASSERT(door->peers != NULL && place < door->peer_used);
        door->peer_free = door->peers[place].ping.earlier;
        return place;
    }
    door->peers = memory_grow_little(door->port->memory, door->peers, &door->peer_capacity,
                                     door->peer_used + 1, sizeof *door->peers);
    return door->peer_used++;
}

static struct line_peer *open_peer(struct line_door *door, uint32_t address, uint64_t now) {
    uint32_t place = take_place(door);
    ASSERT(door->peers != NULL && place < door->peer_used);
    struct line_peer *peer = &door->peers[place];
    *peer = (struct line_peer){.connection = {.address = address,
                                              .status_code = STATUS_OK,
                                              .time_stamp = now,
                                              .last_heard = now},
                               .ping_sent = now};
    map_put(&door->places, address, place);
    door->peer_count++;
    deadline_append(&door->pings, ping_links(door), place);
    deadline_append(&door->silences, silence_links(door), place);
    return peer;
}

static struct broker_peer peer_at(const struct line_door *door, uint32_t place) {
    return (struct broker_peer){door->number, place};
}

static void free_block(struct line_door *door, struct line_subscription_block block) {
    memory_free(door->port->memory, block.items, block.capacity * sizeof *block.items);
}

// Takes the connection off the books, without a word to anyone.
static void close_peer(struct line_door *door, struct line_peer *peer) {
    uint32_t place = (uint32_t)(peer - door->peers);
    line_access_leave(&door->access, place);
    line_retained_stop_all(&door->retained, place);
    for (uint32_t i = 0; i < peer->subscription_count; i++) {
        broker_core_unsubscribe(door->core, peer_at(door, place),
                                line_peer_subscriptions(peer)[i].node);
    }
    if (peer->subscription_count >= 2) {
        free_block(door, peer->subscriptions.block);
    }
    connection_forget_key(&peer->connection, door->port->memory);
    deadline_remove(&door->pings, ping_links(door), place);
    deadline_remove(&door->silences, silence_links(door), place);
    map_remove(&door->places, peer->connection.address);
    door->peer_count--;
    *peer = (struct line_peer){.ping = {.earlier = door->peer_free}};
    door->peer_free = place;
}

static void end_peer(struct line_door *door, struct line_peer *peer, enum event_cause cause,
                     unsigned status) {
    struct role_event event = {.kind = EVENT_DISCONNECTED,
                               .address = peer->connection.address,
                               .cause = cause,
                               .status = status};
    close_peer(door, peer);
    tell(door, event);
}

static void hear(struct line_door *door, struct line_peer *peer, uint64_t now) {
    uint32_t place = (uint32_t)(peer - door->peers);
    peer->connection.last_heard = now;
    deadline_remove(&door->silences, silence_links(door), place);
    deadline_append(&door->silences, silence_links(door), place);
}

bool line_door_disconnect(struct line_door *door, uint32_t address) {
    struct line_peer *peer = find(door, address);
    if (peer == NULL) {
        return false;
    }
    connection_send_disc(&peer->connection, door->port, door->self, STATUS_NONE);
    end_peer(door, peer, CAUSE_ASKED, STATUS_NONE);
    return true;
}

void line_door_review(struct line_door *door, bool (*is_good)(void *context, struct bytes user),
                      void *context) {
    for (uint32_t place = 0; place < door->peer_used; place++) {
        struct line_peer *peer = &door->peers[place];
        struct access_client client = line_access_of(&door->access, place);
        if (peer->connection.address != 0 && client.has_user && !is_good(context, client.user)) {
            connection_send_disc(&peer->connection, door->port, door->self, STATUS_UNAUTHORIZED);
            end_peer(door, peer, CAUSE_REVOKED, STATUS_UNAUTHORIZED);
        }
    }
}

// ---- requests that wait for a check of their credentials ----------------------------------------

static void forget_login(struct line_door *door, struct line_login *login) {
    door->config->cancel_check(door->config->authenticate_context, login->number);
    line_logins_remove(&door->logins, login);
}

static void forget_login_of(struct line_door *door, uint32_t address) {
    struct line_login *login = line_logins_find(&door->logins, address);
    if (login != NULL) {
        forget_login(door, login);
    }
}

static void forget_logins(struct line_door *door) {
    while (door->logins.first != NULL) {
        forget_login(door, door->logins.first);
    }
}

// ---- devices come and go --------------------------------------------------------------------

static void announce(struct line_door *door, enum packet_type type, uint32_t receiver) {
    struct packet packet = {.sender = door->self, .receiver = receiver, .type = type};
    device_announce(door->port, &packet, DEVICE_BROKER, door->config->name);
}

static enum packet_fault receive_join(void *role, struct packet *packet, uint64_t now) {
    struct line_door *door = role;
    bool newcomer = packet->receiver == PACKET_EVERYONE;
    struct line_peer *peer = find(door, packet->sender);
    if (newcomer) {
        forget_login_of(door, packet->sender);
    }
    if (newcomer && peer != NULL) {
        end_peer(door, peer, CAUSE_RESTARTED, STATUS_NONE);
    }
    if (newcomer && device_kind_named(packet->element[0]) != DEVICE_BROKER) {
        announce(door, PACKET_JOIN, packet->sender);
    }
    bool kept = devices_put(&door->devices, door->port, packet, door->config->limits.devices, now);
    return kept ? PACKET_OK : PACKET_FAULT_NO_ROOM;
}

static enum packet_fault receive_left(void *role, struct packet *packet, uint64_t now) {
    struct line_door *door = role;
    (void)now;
    struct line_peer *peer = find(door, packet->sender);
    forget_login_of(door, packet->sender);
    if (peer != NULL) {
        end_peer(door, peer, CAUSE_LEFT, STATUS_NONE);
    }
    devices_remove(&door->devices, door->port, packet->sender);
    return PACKET_OK;
}

// ---- creq -----------------------------------------------------------------------------------

// What a creq asks for, and what is answered.
struct request {
    uint32_t address;
    struct bytes pre_key;
    struct bytes public_key; // of the suite `sodium`; empty if the client does not offer it
    struct bytes credentials;
    struct bytes user; // of credentials that are right; empty: nobody asked
    bool names_suite;  // it has more than a pre-key, so its sender understands more than that
    const struct cipher_suite *suite; // chosen
    uint64_t secret_number;           // with which the answer's public key is made
};

static struct request read_request(const struct packet *packet) {
    struct request request = {.address = packet->sender, .pre_key = packet->element[0]};
    request.names_suite = packet->element_count > 1;
    if (packet->element_count > 2 && cipher_suite_named(packet->element[1]) == &cipher_sodium) {
        request.public_key = packet->element[2];
    }
    if (packet->element_count > 3) {
        request.credentials = packet->element[3];
    }
    return request;
}

static struct suite_key key_of(const struct request *request) {
    bool pre_key = request->suite->pre_key;
    return (struct suite_key){request->suite, pre_key ? request->pre_key : request->public_key};
}

// {status, pre-key}, and {suite, public key} for who understands it.
static void answer_request(struct line_door *door, const struct request *request,
                           enum status_code status) {
    char status_bytes[STATUS_TEXT_SIZE];
    uint8_t key_bytes[CIPHER_PUBLIC_KEY_MAX];
    struct bytes key = {0};
    bool has_key = status == STATUS_OK || status == STATUS_UNAUTHORIZED;
    if (has_key) {
        struct cipher_secret secret =
            connection_secret_for(&door->seed, request->secret_number, key_of(request));
        key = bytes_make(key_bytes, request->suite->public_key(&secret, key_bytes));
    }
    struct bytes no_key = BYTES_LITERAL("0");
    bool pre_key = request->suite->pre_key;
    struct packet packet = {
        .sender = door->self, .receiver = request->address, .type = PACKET_CRES};
    packet_add(&packet, status_write(status, status_bytes));
    packet_add(&packet, has_key && pre_key ? key : no_key);
    if (request->names_suite || !pre_key) {
        packet_add(&packet, bytes_of_text(request->suite->name));
    }
    if (!pre_key && has_key) {
        packet_add(&packet, key);
    }
    packet.signature = packet_signature(&packet);
    (void)door->port->send(door->port->context, &packet); // far shorter than a line
}

// The suite that both agree to, else the one that we demand with STATUS_FORBIDDEN.
static enum status_code choose_suite(const struct line_door *door, struct request *request) {
    bool sodium_offered = request->public_key.size > 0;
    bool classic_offered = !bytes_equal(request->pre_key, BYTES_LITERAL("0"));
    enum suite_policy policy = door->config->suite;
    if (policy != SUITE_CLASSIC && sodium_offered) {
        request->suite = &cipher_sodium;
        return STATUS_OK;
    }
    request->suite = policy == SUITE_SODIUM ? &cipher_sodium : &cipher_classic;
    return policy != SUITE_SODIUM && classic_offered ? STATUS_OK : STATUS_FORBIDDEN;
}

// Unseals credentials that were sealed for our login key.
static bool unseal_credentials(struct line_door *door, struct request *request) {
    struct connection login = {.secret_number = LOGIN_NUMBER};
    struct memory *memory = door->port->memory;
    struct packet packet = {.type = PACKET_CREQ};
    packet_add(&packet, request->credentials);
    bool good = request->credentials.size > 0 &&
                connection_agree(&login, key_of(request), CIPHER_BROKER, &door->seed, memory) &&
                request->suite->unseal(&login.key, &packet, door->port->unseal_room) == PACKET_OK &&
                packet.element_count > 0;
    connection_forget_key(&login, memory);
    request->credentials = good ? packet.element[0] : (struct bytes){0};
    return good;
}

// What a request whose credentials were checked comes to. STATUS_NONE: it waits.
static enum status_code status_of_check(enum credentials_state state) {
    switch (state) {
    case CREDENTIALS_GOOD:
        return STATUS_OK;
    case CREDENTIALS_WRONG:
        return STATUS_UNAUTHORIZED;
    case CREDENTIALS_BUSY:
        return STATUS_UNAVAILABLE;
    case CREDENTIALS_WAIT:
        break;
    }
    return STATUS_NONE;
}

// What stands before the colon.
static struct bytes user_of(struct bytes credentials) {
    const uint8_t *colon =
        credentials.size == 0 ? NULL : memchr(credentials.data, ':', credentials.size);
    return bytes_make(credentials.data, colon == NULL ? 0 : (size_t)(colon - credentials.data));
}

static enum status_code check_credentials(struct line_door *door, struct request *request) {
    const struct line_door_config *config = door->config;
    if (config->authenticate == NULL) {
        return STATUS_OK;
    }
    if (!request->suite->pre_key && !unseal_credentials(door, request)) {
        return STATUS_UNAUTHORIZED;
    }
    struct line_login login = {.number = ++door->login_number,
                               .address = request->address,
                               .names_suite = request->names_suite,
                               .suite = request->suite,
                               .credentials_bytes = request->credentials.size,
                               .user = user_of(request->credentials),
                               .key = key_of(request).text};
    if (!memory_has_room(door->port->memory, MEMORY_ENTERING, line_logins_cost(&login))) {
        return STATUS_FULL;
    }
    enum credentials_state state =
        config->authenticate(config->authenticate_context, login.number, request->credentials);
    if (state == CREDENTIALS_WAIT) {
        line_logins_add(&door->logins, &login);
    }
    request->user = login.user;
    return status_of_check(state);
}

static enum status_code check_room(const struct line_door *door, const struct request *request) {
    bool is_known = find(door, request->address) != NULL;
    bool has_place = door->peer_count < door->config->limits.connections &&
                     memory_has_room(door->port->memory, MEMORY_ENTERING, sizeof *door->peers);
    return is_known || has_place ? STATUS_OK : STATUS_FULL;
}

// Who it is stays the same as long as the connection does.
static void note_person(struct line_door *door, const struct request *request, uint32_t place) {
    const struct device *device = devices_find(&door->devices, request->address);
    if (door->config->access != NULL || door->config->keeps_users) {
        line_access_enter(&door->access, place,
                          &(struct access_client){
                              .has_user = request->user.size > 0,
                              .user = request->user,
                              .client_id = device == NULL
                                               ? bytes_make(NULL, 0)
                                               : bytes_make(device->name, device->name_size)});
    }
}

static uint32_t hash_request(const struct request *request) {
    return (uint32_t)hash_bytes(key_of(request).text, 0);
}

// A copy of the request that made the connection, which its client has not used yet: by a network
// that copies lines, or because its answer was late. A connection with another key would be of no
// use to the client, which heeds the first answer.
static bool is_repeated(const struct line_door *door, struct request *request) {
    const struct line_peer *peer = find(door, request->address);
    if (peer == NULL || peer->connection.last_heard != peer->connection.time_stamp ||
        peer->connection.suite != request->suite || peer->request != hash_request(request)) {
        return false;
    }
    request->secret_number = peer->secret_number;
    return true;
}

// A connection that the client has already is given up only for one that can be made.
static enum status_code connect_peer(struct line_door *door, struct request *request,
                                     uint64_t now) {
    struct connection agreed = {.secret_number = ++door->secret_number};
    request->secret_number = door->secret_number;
    if (!connection_agree(&agreed, key_of(request), CIPHER_BROKER, &door->seed,
                          door->port->memory)) {
        return STATUS_MALFORMED;
    }
    struct line_peer *peer = find(door, request->address);
    if (peer != NULL) {
        end_peer(door, peer, CAUSE_RESTARTED, STATUS_NONE);
    }
    peer = open_peer(door, request->address, now);
    peer->connection.suite = agreed.suite;
    peer->connection.key = agreed.key;
    peer->request = hash_request(request);
    peer->secret_number = (uint32_t)request->secret_number;
    ASSERT(peer->secret_number == request->secret_number);
    note_person(door, request, (uint32_t)(peer - door->peers));
    return STATUS_OK;
}

static void tell_answer(struct line_door *door, const struct request *request,
                        enum status_code status) {
    struct role_event event = {.kind = status == STATUS_OK ? EVENT_CONNECTED : EVENT_REFUSED,
                               .address = request->address,
                               .suite = request->suite->name,
                               .status = status};
    tell(door, event);
}

static enum packet_fault receive_creq(void *role, struct packet *packet, uint64_t now) {
    struct line_door *door = role;
    if (packet->receiver == PACKET_EVERYONE) {
        return PACKET_FAULT_UNEXPECTED; // a connection is asked of one
    }
    forget_login_of(door, packet->sender); // the newest of its requests is answered
    struct request request = read_request(packet);
    bool has_credentials = request.credentials.size > 0;
    enum status_code status = choose_suite(door, &request);
    status = status != STATUS_OK ? status : check_room(door, &request);
    status = status != STATUS_OK ? status : check_credentials(door, &request);
    if (status == STATUS_NONE) {
        return PACKET_OK;
    }
    if (status == STATUS_OK && is_repeated(door, &request)) {
        answer_request(door, &request, STATUS_OK);
        return PACKET_OK;
    }
    status = status != STATUS_OK ? status : connect_peer(door, &request, now);
    answer_request(door, &request, status);
    // A client of suite `sodium` learns from a first 401 which key to seal its credentials for.
    bool first_step = status == STATUS_UNAUTHORIZED && !request.suite->pre_key && !has_credentials;
    if (!first_step) {
        tell_answer(door, &request, status);
    }
    return PACKET_OK;
}

static struct request request_of(const struct line_login *login) {
    return (struct request){.address = login->address,
                            .pre_key = login->key,
                            .public_key = login->key,
                            .names_suite = login->names_suite,
                            .user = login->user,
                            .suite = login->suite};
}

void line_door_authenticated(struct line_door *door, uint64_t number, enum credentials_state state,
                             uint64_t now) {
    door->now = now;
    struct line_login *login = line_logins_numbered(&door->logins, number);
    if (login == NULL) {
        return;
    }
    struct request request = request_of(login);
    enum status_code status = status_of_check(state);
    ASSERT(status != STATUS_NONE);
    status = status != STATUS_OK ? status : check_room(door, &request);
    status = status != STATUS_OK ? status : connect_peer(door, &request, now);
    answer_request(door, &request, status);
    tell_answer(door, &request, status);
    line_logins_remove(&door->logins, login);
}

// ---- sreq -----------------------------------------------------------------------------------

static uint32_t subscription_at(const struct line_peer *peer, uint32_t node) {
    const struct line_subscription *subscriptions = line_peer_subscriptions(peer);
    uint32_t i = 0;
    while (i < peer->subscription_count && subscriptions[i].node != node) {
        i++;
    }
    return i;
}

static void add_subscription(struct line_door *door, struct line_peer *peer,
                             struct line_subscription added) {
    uint32_t count = peer->subscription_count++;
    if (count == 0) {
        peer->subscriptions.only = added;
        return;
    }
    bool is_first_block = count == 1;
    struct line_subscription only = peer->subscriptions.only;
    uint32_t capacity = is_first_block ? 0 : peer->subscriptions.block.capacity;
    struct line_subscription *items = is_first_block ? NULL : peer->subscriptions.block.items;
    items = memory_grow(door->port->memory, items, &capacity, count + 1, sizeof *items);
    if (is_first_block) {
        items[0] = only;
    }
    items[count] = added;
    peer->subscriptions.block = (struct line_subscription_block){capacity, items};
}

static void remove_subscription(struct line_door *door, struct line_peer *peer, uint32_t at) {
    uint32_t left = --peer->subscription_count;
    if (left == 0) {
        return;
    }
    struct line_subscription_block block = peer->subscriptions.block;
    memmove(&block.items[at], &block.items[at + 1], (left - at) * sizeof *block.items);
    if (left == 1) {
        peer->subscriptions.only = block.items[0];
        free_block(door, block);
    }
}

static enum status_code subscribe(struct line_door *door, struct line_peer *peer,
                                  struct bytes filter, uint64_t now) {
    uint32_t node = broker_core_find(door->core, filter);
    if (subscription_at(peer, node) < peer->subscription_count) {
        return STATUS_OK; // again: the last values are sent again, as MQTT has it
    }
    if (peer->subscription_count >= door->config->limits.subscriptions ||
        !memory_has_room(door->port->memory, MEMORY_ENTERING,
                         topic_filter_cost(filter) + sizeof(struct line_subscription) +
                             line_retained_cost(filter))) {
        return STATUS_FULL;
    }
    uint32_t place = (uint32_t)(peer - door->peers);
    node = broker_core_subscribe(door->core, peer_at(door, place), filter, 0);
    add_subscription(door, peer, (struct line_subscription){node, now});
    return STATUS_OK;
}

static void unsubscribe(struct line_door *door, struct line_peer *peer, struct bytes filter) {
    uint32_t node = broker_core_find(door->core, filter);
    uint32_t i = subscription_at(peer, node);
    if (node != TOPIC_TREE_NONE && i < peer->subscription_count) {
        uint32_t place = (uint32_t)(peer - door->peers);
        broker_core_unsubscribe(door->core, peer_at(door, place), node);
        line_retained_stop(&door->retained, place, filter);
        remove_subscription(door, peer, i);
    }
}

static uint64_t question_work(const struct line_door *door) {
    const struct access *rules = door->config->access;
    return rules == NULL ? 0 : QUESTION_WORK + rules->pattern_count / PATTERNS_A_UNIT;
}

static bool may(const struct line_door *door, const struct line_peer *peer, enum access_kind kind,
                struct bytes topic) {
    return line_access_allows(&door->access, door->config->access, (uint32_t)(peer - door->peers),
                              kind, topic);
}

// As `may`, for a request of the peer's.
static bool may_by_request(const struct line_door *door, const struct line_peer *peer,
                           enum access_kind kind, struct bytes topic) {
    role_port_spend(door->port, question_work(door));
    return may(door, peer, kind, topic);
}

// Seals and sends to a peer; an element too long for a line is told.
static void send_to(struct line_door *door, struct line_peer *peer, enum packet_type type,
                    struct bytes first, struct bytes second) {
    struct packet packet;
    packet_begin(&packet, type, door->self, peer->connection.address);
    packet_add(&packet, first);
    packet_add(&packet, second);
    if (!connection_send(&peer->connection, door->port, &packet)) {
        tell(door, (struct role_event){.kind = EVENT_UNDELIVERED,
                                       .address = peer->connection.address,
                                       .text = type == PACKET_PUBL ? first : second});
    }
}

// A last value, if the peer may read it.
static void send_value_to(struct line_door *door, struct line_peer *peer,
                          const struct topic_value *value) {
    if (may(door, peer, ACCESS_READ, value->topic)) {
        send_to(door, peer, PACKET_PUBL, value->topic, value->value);
    }
}

struct recipient {
    struct line_door *door;
    struct line_peer *peer;
};

static void send_own_value(void *context, const struct topic_value *value) {
    const struct recipient *recipient = context;
    send_value_to(recipient->door, recipient->peer, value);
}

static uint32_t send_value(void *context, uint32_t place, const struct topic_value *value) {
    struct line_door *door = context;
    send_value_to(door, &door->peers[place], value);
    return 1 + (uint32_t)(question_work(door) / QUESTIONS_A_SEND);
}

// The broker's own topics are few, and their values are made when they are asked for. A filter
// without wildcards is looked up.
static void send_last_values(struct line_door *door, struct line_peer *peer, struct bytes filter,
                             uint64_t now) {
    uint32_t place = (uint32_t)(peer - door->peers);
    if (broker_core_owns(door->core, filter)) {
        struct recipient recipient = {door, peer};
        broker_core_visit(door->core, filter, now, send_own_value, &recipient);
    } else if (topic_name_check(filter) == TOPIC_OK) {
        const struct topic_value *value = topic_values_get(&door->core->values, filter);
        if (value != NULL) {
            (void)send_value(door, place, value);
        }
    } else {
        line_retained_start(&door->retained, place, filter);
    }
}

static enum packet_fault receive_sreq(void *role, struct connection *connection,
                                      struct packet *packet, uint64_t now) {
    struct line_door *door = role;
    struct line_peer *peer = peer_of(connection);
    struct bytes filter = packet->element[0];
    bool leave = packet->element_count > 1 && bytes_equal(packet->element[1], off);
    enum status_code status = STATUS_OK;
    if (topic_filter_check(filter) != TOPIC_OK) {
        status = STATUS_MALFORMED;
    } else if (leave) {
        unsubscribe(door, peer, filter);
    } else if (topic_name_check(filter) == TOPIC_OK &&
               !may_by_request(door, peer, ACCESS_READ, filter)) {
        status = STATUS_FORBIDDEN; // one with wildcards brings what it may read
    } else {
        status = subscribe(door, peer, filter, now);
    }
    char text[STATUS_TEXT_SIZE];
    send_to(door, peer, PACKET_SRES, status_write(status, text), filter);
    enum event_kind kind = status != STATUS_OK ? EVENT_NOT_SUBSCRIBED
                           : leave             ? EVENT_UNSUBSCRIBED
                                               : EVENT_SUBSCRIBED;
    tell(door,
         (struct role_event){
             .kind = kind, .address = peer->connection.address, .text = filter, .status = status});
    if (kind == EVENT_SUBSCRIBED) {
        send_last_values(door, peer, filter, now);
    }
    return PACKET_OK;
}

// ---- publ, ping, disc -----------------------------------------------------------------------

static bool may_read(struct line_door *door, uint32_t place, const struct broker_entry *entry) {
    const struct line_reading reading = {door->config->access, entry->topic, entry->serial};
    uint64_t patterns = 0;
    if (reading.rules == NULL) {
        return true;
    }
    bool result = line_access_reads(&door->access, &reading, place, &patterns);
    door->core->work += QUESTION_WORK + patterns / PATTERNS_A_UNIT;
    return result;
}

static void deliver(void *context, uint32_t place, uint32_t options,
                    const struct broker_entry *entry) {
    (void)options;
    struct line_door *door = context;
    struct line_peer *peer = &door->peers[place];
    if (peer->delivered != entry->serial) {
        peer->delivered = entry->serial;
        if (may_read(door, place, entry)) {
            door->core->work += DELIVERY_WORK;
            door->deliveries++;
            send_to(door, peer, PACKET_PUBL, entry->topic, entry->value);
        }
    }
}

// What it takes at all doors is work of the device's turn. Lines that are sent are seen there.
static bool publish(struct line_door *door, const struct broker_entry *entry, uint64_t now) {
    uint64_t work = door->core->work;
    uint64_t deliveries = door->deliveries;
    enum broker_published result = broker_core_publish(door->core, *entry, now);
    role_port_spend(door->port,
                    door->core->work - work - (door->deliveries - deliveries) * DELIVERY_WORK);
    return result != BROKER_NOT_RETAINED;
}

static enum packet_fault receive_publ(void *role, struct connection *connection,
                                      struct packet *packet, uint64_t now) {
    struct line_door *door = role;
    struct line_peer *peer = peer_of(connection);
    struct broker_entry entry = {.topic = packet->element[0],
                                 .value = packet->element[1],
                                 .source = peer_at(door, (uint32_t)(peer - door->peers)),
                                 .expires_at = UINT64_MAX,
                                 .address = peer->connection.address,
                                 .retain = true};
    if (topic_name_check(entry.topic) != TOPIC_OK || broker_core_owns(door->core, entry.topic)) {
        return PACKET_FAULT_CONTENT;
    }
    if (!may_by_request(door, peer, ACCESS_WRITE, entry.topic)) {
        return PACKET_FAULT_DENIED;
    }
    tell(door, (struct role_event){.kind = EVENT_ENTRY,
                                   .address = entry.address,
                                   .text = entry.topic,
                                   .value = entry.value});
    return publish(door, &entry, now) ? PACKET_OK : PACKET_FAULT_NO_ROOM;
}

static enum packet_fault receive_ping(void *role, struct connection *connection,
                                      struct packet *packet, uint64_t now) {
    (void)role;
    struct line_peer *peer = peer_of(connection);
    (void)packet;
    peer->connection.last_ping = now;
    return PACKET_OK; // not answered: it is an answer
}

static enum packet_fault receive_disc(void *role, struct connection *connection,
                                      struct packet *packet, uint64_t now) {
    struct line_door *door = role;
    struct line_peer *peer = peer_of(connection);
    (void)now;
    end_peer(door, peer, CAUSE_PEER, connection_disc_status(packet));
    return PACKET_OK;
}

// ---- the dispatcher -------------------------------------------------------------------------

static const struct line_rule rules[PACKET_TYPES] = {
    [PACKET_JOIN] = {.open = receive_join, .elements = 1},
    [PACKET_LEFT] = {.open = receive_left},
    [PACKET_CREQ] = {.open = receive_creq, .elements = 1},
    [PACKET_SREQ] = {.sealed = receive_sreq, .elements = 1},
    [PACKET_PUBL] = {.sealed = receive_publ, .elements = 2},
    [PACKET_PING] = {.sealed = receive_ping},
    [PACKET_DISC] = {.sealed = receive_disc},
};

static struct connection *find_connection(void *role, uint32_t address) {
    struct line_peer *peer = find(role, address);
    return peer == NULL ? NULL : &peer->connection;
}

static void note_heard(void *role, struct connection *connection, uint64_t now) {
    hear(role, peer_of(connection), now);
}

static void end_unknown(void *role, struct connection *connection) {
    end_peer(role, peer_of(connection), CAUSE_UNKNOWN, STATUS_UNAUTHORIZED);
}

static bool answers_everybody(void *role, uint32_t address) {
    (void)role;
    (void)address;
    return true;
}

void line_door_receive(struct line_door *door, struct packet *packet, uint64_t now) {
    door->now = now;
    const struct line_end end = {.rules = rules,
                                 .role = door,
                                 .port = door->port,
                                 .self = door->self,
                                 .find = find_connection,
                                 .heard = note_heard,
                                 .is_unknown = end_unknown,
                                 .answers = answers_everybody};
    line_dispatch(&end, packet, now);
}

// ---- time, start and end --------------------------------------------------------------------

static uint64_t ping_due(const struct line_door *door) {
    return door->pings.first == DEADLINE_NONE
               ? ROLE_NEVER
               : door->peers[door->pings.first].ping_sent + door->config->ping_interval;
}

static uint64_t silence_due(const struct line_door *door) {
    return door->silences.first == DEADLINE_NONE
               ? ROLE_NEVER
               : door->peers[door->silences.first].connection.last_heard + door->config->silence;
}

uint64_t line_door_deadline(const struct line_door *door) {
    uint64_t ping = ping_due(door);
    uint64_t silence = silence_due(door);
    uint64_t due = ping < silence ? ping : silence;
    bool is_due = line_retained_is_due(&door->retained) && role_port_has_room(door->port);
    return is_due || due < door->now ? door->now : due;
}

static void ping_first(struct line_door *door, uint64_t now) {
    uint32_t place = door->pings.first;
    struct line_peer *peer = &door->peers[place];
    struct packet packet = {
        .sender = door->self, .receiver = peer->connection.address, .type = PACKET_PING};
    (void)connection_send(&peer->connection, door->port, &packet); // far shorter than a line
    peer->ping_sent = now;
    deadline_remove(&door->pings, ping_links(door), place);
    deadline_append(&door->pings, ping_links(door), place);
}

void line_door_tick(struct line_door *door, uint64_t now) {
    door->now = now;
    while (silence_due(door) <= now) {
        struct line_peer *peer = &door->peers[door->silences.first];
        connection_send_disc(&peer->connection, door->port, door->self, STATUS_TIMED_OUT);
        end_peer(door, peer, CAUSE_SILENT, STATUS_TIMED_OUT);
    }
    while (ping_due(door) <= now) {
        ping_first(door, now);
    }
    if (role_port_has_room(door->port)) {
        line_retained_go_on(&door->retained, send_value, door);
    }
}

void line_door_init(struct line_door *door, const struct line_door_config *config,
                    const struct role_port *port, uint32_t self, const struct cipher_secret *seed) {
    ASSERT(config->ping_interval > 0);
    *door = (struct line_door){.config = config,
                               .port = port,
                               .seed = *seed,
                               .self = self,
                               .devices = {.self = self},
                               .secret_number = LOGIN_NUMBER,
                               .peer_free = DEADLINE_NONE};
    map_init(&door->places, port->memory, hash_seed(seed));
    line_logins_init(&door->logins, port->memory);
    line_access_init(&door->access, port->memory);
    deadline_init(&door->pings);
    deadline_init(&door->silences);
}

void line_door_attach(struct line_door *door, struct broker_core *core) {
    door->core = core;
    line_retained_init(&door->retained, door->port->memory, &core->values, hash_seed(&door->seed));
    door->number =
        broker_core_add_door(core, (struct broker_door){.deliver = deliver, .context = door});
}

void line_door_deinit(struct line_door *door) {
    forget_logins(door);
    while (door->pings.first != DEADLINE_NONE) {
        close_peer(door, &door->peers[door->pings.first]);
    }
    memory_free(door->port->memory, door->peers, door->peer_capacity * sizeof *door->peers);
    map_deinit(&door->places);
    line_access_deinit(&door->access);
    line_retained_deinit(&door->retained);
    broker_core_remove_door(door->core, door->number);
    devices_deinit(&door->devices, door->port->memory);
}

void line_door_start(struct line_door *door) {
    announce(door, PACKET_JOIN, PACKET_EVERYONE);
}

void line_door_stop(struct line_door *door) {
    forget_logins(door);
    while (door->pings.first != DEADLINE_NONE) {
        struct line_peer *peer = &door->peers[door->pings.first];
        connection_send_disc(&peer->connection, door->port, door->self, STATUS_UNAVAILABLE);
        close_peer(door, peer);
    }
    announce(door, PACKET_LEFT, PACKET_EVERYONE);
}

// ---- what has to hold -------------------------------------------------------------------------

static void check_peer(const struct line_door *door, uint32_t place) {
    const struct line_peer *peer = &door->peers[place];
    ASSERT(map_get(&door->places, peer->connection.address) == place);
    ASSERT(peer->subscription_count < 2 ||
           peer->subscription_count <= peer->subscriptions.block.capacity);
    ASSERT(peer->delivered <= door->core->serial);
    for (uint32_t i = 0; i < peer->subscription_count; i++) {
        uint32_t options;
        ASSERT(broker_core_find_subscriber(door->core, peer_at(door, place),
                                           line_peer_subscriptions(peer)[i].node, &options));
    }
}

void line_door_check(const struct line_door *door) {
    uint32_t open = 0;
    uint32_t unused = 0;
    for (uint32_t place = 0; place < door->peer_used; place++) {
        if (door->peers[place].connection.address != 0) {
            check_peer(door, place);
            open++;
        }
    }
    for (uint32_t place = door->peer_free; place != DEADLINE_NONE;
         place = door->peers[place].ping.earlier) {
        ASSERT(door->peers[place].connection.address == 0);
        unused++;
    }
    ASSERT(open == door->peer_count && open == door->places.count);
    ASSERT(open + unused == door->peer_used && door->peer_used <= door->peer_capacity);
    if (door->peers != NULL) {
        ASSERT(deadline_check(&door->pings, ping_links(door)) == open);
        ASSERT(deadline_check(&door->silences, silence_links(door)) == open);
    }
    ASSERT(door->retained.places.count <= open); // who has gone is sent nothing
    line_retained_check(&door->retained);
    devices_check(&door->devices);
}
