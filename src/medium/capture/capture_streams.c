#include "medium/capture/capture_streams.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/map.h"
#include "medium/capture/tap_format.h"

#define FAR_MAX (1u << 30)  // of sequence numbers: what is further ahead lies behind
#define CONNECT_FIRST 0x10  // the first byte of a CONNECT
#define CONNECT_BYTES_MIN 9 // up to the end of the protocol's name
#define LENGTH_BYTES_MAX 4  // of a remaining length

// A segment that waits for others before it.
struct ahead {
    struct ahead *next;
    uint32_t sequence;
    uint32_t size;
    uint32_t missing;
    uint8_t data[];
};

// One direction of a TCP connection, put together from its segments. `next` moves on as bytes are
// delivered; what came ahead of it waits, by sequence. When too much waits, or the other end has
// long acknowledged what is missing, that is lost and `next` goes on behind it.
struct flow {
    struct ahead *ahead; // by sequence
    uint32_t ahead_bytes;
    uint32_t next; // sequence number of the next byte to deliver
    uint32_t acknowledged;
    uint32_t end; // sequence number behind the last byte
    uint8_t patience;
    bool has_begun; // `next` is known
    bool has_acknowledged;
    bool has_end;
};

// A connection lives from its first segment that is understood until both sides have ended, one
// has reset it, or another with the same ends begins. Until it is told (`number` is not 0) it may
// turn out to be none of MQTT, and goes.
struct connection {
    struct capture_ends ends; // the client's first
    uint64_t hash;
    uint32_t number;
    bool is_middle;
    bool ended_by_broker; // of the first side that ended
    bool is_ending;
    struct flow flows[2]; // by direction
};

// Connections live in one array; `places` finds one by its ends. Segments that came ahead of
// others wait with their flow, and `ahead_bytes` is the sum over all of them, which has a limit.
struct capture_streams {
    struct memory *memory;
    struct map places; // of connections, by the hash of their ends
    struct connection *connections;
    uint32_t count;
    uint32_t capacity;
    uint32_t opened; // so far
    size_t ahead_bytes;
    unsigned said; // bits of enum capture_streams_said
    const struct capture_moment *moment;
};

struct capture_streams *capture_streams_create(struct memory *memory) {
    struct capture_streams *streams = memory_allocate(memory, sizeof *streams);
    *streams = (struct capture_streams){.memory = memory};
    map_init(&streams->places, memory, 0);
    return streams;
}

static void free_first_ahead(struct capture_streams *streams, struct flow *flow) {
    struct ahead *first = flow->ahead;
    flow->ahead = first->next;
    flow->ahead_bytes -= first->size;
    streams->ahead_bytes -= first->size;
    memory_free(streams->memory, first, sizeof *first + first->size);
}

static void free_ahead(struct capture_streams *streams, struct connection *connection) {
    for (int direction = 0; direction < 2; direction++) {
        while (connection->flows[direction].ahead != NULL) {
            free_first_ahead(streams, &connection->flows[direction]);
        }
    }
}

void capture_streams_destroy(struct capture_streams *streams) {
    for (uint32_t i = 0; i < streams->count; i++) {
        free_ahead(streams, &streams->connections[i]);
    }
    ASSERT(streams->ahead_bytes == 0);
    memory_free(streams->memory, streams->connections,
                streams->capacity * sizeof *streams->connections);
    map_deinit(&streams->places);
    memory_free(streams->memory, streams, sizeof *streams);
}

void capture_streams_forget_said(struct capture_streams *streams) {
    streams->said = 0;
}

static void say(struct capture_streams *streams, enum capture_streams_said kind) {
    static const char *const texts[CAPTURE_SAID_KINDS] = {
        [CAPTURE_SAID_MANY] = "has too many open connections; some are not shown",
        [CAPTURE_SAID_OTHERS] = "has connections that are not MQTT, or whose beginning is not "
                                "there; they are not shown",
    };
    if ((streams->said & 1u << kind) == 0) {
        streams->said |= 1u << kind;
        streams->moment->events->notice(streams->moment->events->context, texts[kind]);
    }
}

// ---- what is told -----------------------------------------------------------------------------

static uint16_t port_of(const struct capture_ends *ends, enum tap_direction end) {
    return (uint16_t)(ends->ports[end][0] << 8 | ends->ports[end][1]);
}

static struct tap_address address_of(const struct capture_ends *ends, enum tap_direction end) {
    struct tap_address address = {.is_v6 = ends->is_v6 != 0};
    memcpy(address.bytes, ends->addresses[end], sizeof address.bytes);
    return address;
}

static void write_place(const struct capture_ends *ends, enum tap_direction end,
                        char text[static TAP_PEER_SIZE]) {
    char host[INET6_ADDRSTRLEN] = "";
    struct tap_address address = address_of(ends, end);
    (void)inet_ntop(address.is_v6 ? AF_INET6 : AF_INET, address.bytes, host, sizeof host);
    (void)snprintf(text, TAP_PEER_SIZE, address.is_v6 ? "[%s]:%u" : "%s:%u", host,
                   port_of(ends, end));
}

static void write_peer(const struct connection *connection, char text[static TAP_PEER_SIZE]) {
    struct tap_address address = address_of(&connection->ends, TAP_FROM_CLIENT);
    if (tap_address_is_unix(&address)) {
        (void)snprintf(text, TAP_PEER_SIZE, "unix %u", connection->number);
    } else {
        write_place(&connection->ends, TAP_FROM_CLIENT, text);
    }
}

static void tell(const struct capture_streams *streams, const struct connection *connection,
                 struct tap_event event) {
    char peer[TAP_PEER_SIZE];
    char broker[TAP_PEER_SIZE] = "";
    struct tap_address door = address_of(&connection->ends, TAP_FROM_BROKER);
    uint16_t port = port_of(&connection->ends, TAP_FROM_BROKER);
    if (connection->number == 0) {
        return;
    }
    write_peer(connection, peer);
    if (!tap_address_is_door(&door, port)) {
        write_place(&connection->ends, TAP_FROM_BROKER, broker);
    }
    event.peer = peer;
    event.broker = broker;
    event.connection = connection->number;
    event.port = tap_door_port(&door, port);
    event.unix_ns = streams->moment->unix_ns;
    event.owner = streams->moment->owner;
    streams->moment->events->event(streams->moment->events->context, &event);
}

static void tell_open(struct capture_streams *streams, struct connection *connection) {
    ASSERT(connection->number == 0);
    connection->number = ++streams->opened;
    tell(streams, connection,
         (struct tap_event){.kind = TAP_OPENED, .is_middle = connection->is_middle});
}

static void tell_lost(const struct capture_streams *streams, const struct connection *connection,
                      enum tap_direction direction) {
    tell(streams, connection, (struct tap_event){.kind = TAP_LOST, .direction = direction});
}

// ---- connections ------------------------------------------------------------------------------

static uint64_t hash_of(const struct capture_ends *ends) {
    return hash_bytes(bytes_make(ends, sizeof *ends), 0);
}

static struct connection *find_connection(struct capture_streams *streams,
                                          const struct capture_ends *ends) {
    uint32_t place = map_get(&streams->places, hash_of(ends));
    bool found =
        place != MAP_NONE && memcmp(&streams->connections[place].ends, ends, sizeof *ends) == 0;
    return found ? &streams->connections[place] : NULL;
}

static void remove_connection(struct capture_streams *streams, struct connection *connection) {
    free_ahead(streams, connection);
    map_remove(&streams->places, connection->hash);
    struct connection *last = &streams->connections[--streams->count];
    if (connection != last) {
        *connection = *last;
        map_put(&streams->places, connection->hash, (uint32_t)(connection - streams->connections));
    }
}

static void close_connection(struct capture_streams *streams, struct connection *connection,
                             const struct tap_note *note) {
    tell(streams, connection, (struct tap_event){.kind = TAP_CLOSED, .note = note});
    remove_connection(streams, connection);
}

// NULL: there is no room for one more.
static struct connection *add_connection(struct capture_streams *streams,
                                         const struct capture_ends *ends) {
    uint64_t hash = hash_of(ends);
    if (streams->count >= CAPTURE_CONNECTIONS_MAX || map_get(&streams->places, hash) != MAP_NONE) {
        say(streams, CAPTURE_SAID_MANY);
        return NULL;
    }
    streams->connections = memory_grow(streams->memory, streams->connections, &streams->capacity,
                                       streams->count + 1, sizeof *streams->connections);
    map_put(&streams->places, hash, streams->count);
    struct connection *connection = &streams->connections[streams->count++];
    *connection = (struct connection){.ends = *ends, .hash = hash};
    return connection;
}

// ---- bytes in order ---------------------------------------------------------------------------

// How far `to` lies behind `from`; more than FAR_MAX: it lies before it.
static uint32_t distance(uint32_t from, uint32_t to) {
    return to - from;
}

static bool is_behind(uint32_t sequence, uint32_t next) {
    return distance(next, sequence) > FAR_MAX;
}

// Whether bytes begin a CONNECT of MQTT, as far as that shows.
static bool begins_mqtt(struct bytes bytes) {
    if (bytes.size < CONNECT_BYTES_MIN || bytes.data[0] != CONNECT_FIRST) {
        return false;
    }
    size_t at = 1;
    while (at < LENGTH_BYTES_MAX && (bytes.data[at] & 0x80) != 0) {
        at++;
    }
    struct bytes rest = bytes_make(bytes.data + at + 1, bytes.size - at - 1);
    return (rest.size >= 6 && memcmp(rest.data, "\0\4MQTT", 6) == 0) ||
           (rest.size >= 8 && memcmp(rest.data, "\0\6MQIsdp", 8) == 0);
}

// Whether a connection is one that is told, now that the first bytes of a side are known.
static bool is_wanted(struct capture_streams *streams, struct connection *connection,
                      enum tap_direction direction, struct bytes bytes) {
    if (connection->number == 0 && direction == TAP_FROM_CLIENT && begins_mqtt(bytes)) {
        tell_open(streams, connection);
    }
    return connection->number != 0;
}

// Delivers what begins at the next byte, or before it.
static void deliver(struct capture_streams *streams, struct connection *connection,
                    enum tap_direction direction, const struct capture_segment *segment) {
    struct flow *flow = &connection->flows[direction];
    uint32_t old = distance(segment->sequence, flow->next);
    struct bytes payload = segment->payload;
    uint32_t end = segment->sequence + (uint32_t)payload.size + segment->missing;
    if (is_behind(end, flow->next) || (end == flow->next && segment->note == NULL)) {
        return; // all of it came before
    }
    old = old < payload.size ? old : (uint32_t)payload.size;
    payload = bytes_make(payload.data + old, payload.size - old);
    flow->next = end;
    flow->patience = 0;
    if (payload.size > 0 || segment->note != NULL) {
        tell(streams, connection,
             (struct tap_event){.kind = payload.size > 0 ? TAP_BYTES : TAP_NOTED,
                                .direction = direction,
                                .bytes = payload,
                                .note = segment->note});
    }
    if (segment->missing > 0) {
        tell_lost(streams, connection, direction);
    }
}

static void deliver_ahead(struct capture_streams *streams, struct connection *connection,
                          enum tap_direction direction) {
    struct flow *flow = &connection->flows[direction];
    while (flow->ahead != NULL &&
           (flow->ahead->sequence == flow->next || is_behind(flow->ahead->sequence, flow->next))) {
        struct ahead *first = flow->ahead;
        deliver(streams, connection, direction,
                &(struct capture_segment){.sequence = first->sequence,
                                          .missing = first->missing,
                                          .payload = bytes_make(first->data, first->size)});
        free_first_ahead(streams, flow);
    }
}

// What waits goes on without the bytes before it.
static void give_up(struct capture_streams *streams, struct connection *connection,
                    enum tap_direction direction) {
    struct flow *flow = &connection->flows[direction];
    ASSERT(flow->ahead != NULL);
    tell_lost(streams, connection, direction);
    flow->next = flow->ahead->sequence;
    flow->patience = 0;
    deliver_ahead(streams, connection, direction);
}

static void give_all_up(struct capture_streams *streams, struct connection *connection) {
    for (int direction = 0; direction < 2; direction++) {
        while (connection->flows[direction].ahead != NULL) {
            give_up(streams, connection, (enum tap_direction)direction);
        }
    }
}

static void keep_ahead(struct capture_streams *streams, struct connection *connection,
                       enum tap_direction direction, const struct capture_segment *segment) {
    struct flow *flow = &connection->flows[direction];
    uint32_t size = (uint32_t)segment->payload.size;
    struct ahead **place = &flow->ahead;
    while (*place != NULL && is_behind((*place)->sequence, segment->sequence)) {
        place = &(*place)->next;
    }
    bool is_same =
        *place != NULL && (*place)->sequence == segment->sequence && (*place)->size >= size;
    if (is_same || size + segment->missing == 0) {
        return; // once more, or only a note
    }
    struct ahead *ahead = memory_allocate(streams->memory, sizeof *ahead + size);
    ahead->next = *place;
    ahead->sequence = segment->sequence;
    ahead->size = size;
    ahead->missing = segment->missing;
    if (size > 0) {
        memcpy(ahead->data, segment->payload.data, size);
    }
    *place = ahead;
    flow->ahead_bytes += size;
    streams->ahead_bytes += size;
    while (flow->ahead_bytes > CAPTURE_AHEAD_MAX ||
           (flow->ahead != NULL && streams->ahead_bytes > CAPTURE_AHEAD_ALL_MAX)) {
        give_up(streams, connection, direction);
    }
}

static void take_payload(struct capture_streams *streams, struct connection *connection,
                         enum tap_direction direction, const struct capture_segment *segment) {
    struct flow *flow = &connection->flows[direction];
    if (!flow->has_begun) {
        flow->has_begun = true;
        flow->next = segment->sequence;
    }
    if (segment->sequence == flow->next || is_behind(segment->sequence, flow->next)) {
        deliver(streams, connection, direction, segment);
        deliver_ahead(streams, connection, direction);
    } else {
        keep_ahead(streams, connection, direction, segment);
    }
}

// The receiver has what we have not: it will not come again, or only out of order.
static void look_for_losses(struct capture_streams *streams, struct connection *connection) {
    for (int direction = 0; direction < 2; direction++) {
        struct flow *flow = &connection->flows[direction];
        bool is_acknowledged = flow->ahead != NULL && flow->has_acknowledged &&
                               !is_behind(flow->acknowledged, flow->ahead->sequence);
        if (is_acknowledged && ++flow->patience > CAPTURE_PATIENCE) {
            give_up(streams, connection, (enum tap_direction)direction);
        }
    }
}

// ---- segments ---------------------------------------------------------------------------------

static void note_end(struct connection *connection, enum tap_direction direction,
                     const struct capture_segment *segment) {
    struct flow *flow = &connection->flows[direction];
    flow->has_end = true;
    flow->end = segment->sequence + (uint32_t)segment->payload.size + segment->missing;
    if (!flow->has_begun) {
        flow->has_begun = true;
        flow->next = flow->end;
    }
    connection->ended_by_broker |= !connection->is_ending && direction == TAP_FROM_BROKER;
    connection->is_ending = true;
}

static bool is_over(const struct flow *flow) {
    return flow->has_end && !is_behind(flow->next, flow->end);
}

// Returns whether the connection ended, which is gone then.
static bool end_if_over(struct capture_streams *streams, struct connection *connection,
                        enum tap_direction direction, const struct capture_segment *segment) {
    const struct tap_note *note = segment->note;
    bool is_reset = (segment->flags & TAP_FLAG_RST) != 0;
    struct tap_note end = {.kind = TAP_NOTE_ENDED};
    if (is_reset && !connection->is_ending) {
        end.cause = TAP_CAUSE_RESET;
        end.side = direction == TAP_FROM_CLIENT ? TAP_SIDE_CLIENT : TAP_SIDE_BROKER;
    } else if (is_reset || (is_over(&connection->flows[0]) && is_over(&connection->flows[1]))) {
        end.cause = TAP_CAUSE_CLOSED;
        end.side = connection->ended_by_broker ? TAP_SIDE_BROKER : TAP_SIDE_CLIENT;
    } else if (note == NULL || note->kind != TAP_NOTE_ENDED) {
        return false;
    }
    bool is_told = note != NULL && note->kind == TAP_NOTE_ENDED;
    give_all_up(streams, connection);
    close_connection(streams, connection, is_told ? note : &end);
    return true;
}

static void take_segment(struct capture_streams *streams, struct connection *connection,
                         enum tap_direction direction, const struct capture_segment *segment) {
    bool is_end = segment->note != NULL && segment->note->kind == TAP_NOTE_ENDED;
    bool has_bytes = segment->payload.size + segment->missing > 0;
    struct flow *flow = &connection->flows[direction];
    struct flow *other = &connection->flows[!direction];
    if ((segment->flags & TAP_FLAG_SYN) != 0) {
        flow->next = flow->has_begun ? flow->next : segment->sequence + 1;
        flow->has_begun = true;
        return;
    }
    if (has_bytes && !is_wanted(streams, connection, direction, segment->payload) &&
        direction == TAP_FROM_CLIENT) {
        say(streams, CAPTURE_SAID_OTHERS);
        remove_connection(streams, connection);
        return;
    }
    if ((segment->flags & TAP_FLAG_ACK) != 0) {
        other->acknowledged = segment->acknowledged;
        other->has_acknowledged = true;
    }
    if (has_bytes || (segment->note != NULL && !is_end)) {
        take_payload(streams, connection, direction, segment);
    }
    if ((segment->flags & TAP_FLAG_FIN) != 0) {
        note_end(connection, direction, segment);
    }
    if (!end_if_over(streams, connection, direction, segment)) {
        look_for_losses(streams, connection);
    }
}

static struct capture_ends swapped(const struct capture_ends *ends) {
    struct capture_ends other = {.is_v6 = ends->is_v6};
    for (int i = 0; i < 2; i++) {
        memcpy(other.addresses[i], ends->addresses[!i], sizeof other.addresses[i]);
        memcpy(other.ports[i], ends->ports[!i], sizeof other.ports[i]);
    }
    return other;
}

// A client opens one; `sequence` is of its first byte.
static struct connection *open_connection(struct capture_streams *streams,
                                          const struct capture_ends *ends, uint32_t sequence) {
    static const struct tap_note replaced = {.kind = TAP_NOTE_ENDED, .cause = TAP_CAUSE_REPLACED};
    struct connection *same = find_connection(streams, ends);
    if (same != NULL && same->flows[TAP_FROM_CLIENT].next == sequence) {
        return same; // the same packet again
    }
    if (same != NULL) {
        give_all_up(streams, same);
        close_connection(streams, same, &replaced);
    }
    struct connection *connection = add_connection(streams, ends);
    if (connection != NULL) {
        connection->flows[TAP_FROM_CLIENT].has_begun = true;
        connection->flows[TAP_FROM_CLIENT].next = sequence;
        if (port_of(ends, TAP_FROM_BROKER) == TAP_PORT) {
            tell_open(streams, connection);
        }
    }
    return connection;
}

// A connection of which a segment is the first we see.
static void take_middle(struct capture_streams *streams, const struct capture_segment *segment) {
    bool from_client = port_of(&segment->ends, TAP_FROM_BROKER) == TAP_PORT;
    bool from_broker = port_of(&segment->ends, TAP_FROM_CLIENT) == TAP_PORT;
    if (segment->payload.size == 0) {
        return; // the end of one that is over
    }
    if (!from_client && !from_broker) {
        say(streams, CAPTURE_SAID_OTHERS);
        return;
    }
    struct capture_ends ends = from_client ? segment->ends : swapped(&segment->ends);
    struct connection *connection = add_connection(streams, &ends);
    if (connection != NULL) {
        connection->is_middle = true;
        tell_open(streams, connection);
        take_segment(streams, connection, from_client ? TAP_FROM_CLIENT : TAP_FROM_BROKER, segment);
    }
}

void capture_streams_take(struct capture_streams *streams, const struct capture_segment *segment,
                          const struct capture_moment *moment) {
    const uint8_t opening = TAP_FLAG_SYN | TAP_FLAG_ACK;
    streams->moment = moment;
    if ((segment->flags & opening) == TAP_FLAG_SYN) {
        (void)open_connection(streams, &segment->ends, segment->sequence + 1);
        return;
    }
    struct capture_ends other = swapped(&segment->ends);
    struct connection *as_client = find_connection(streams, &segment->ends);
    struct connection *as_broker = find_connection(streams, &other);
    if (as_client != NULL) {
        take_segment(streams, as_client, TAP_FROM_CLIENT, segment);
    } else if (as_broker != NULL) {
        take_segment(streams, as_broker, TAP_FROM_BROKER, segment);
    } else if ((segment->flags & opening) == opening) { // the SYN before it was not captured
        struct connection *opened = open_connection(streams, &other, segment->acknowledged);
        if (opened != NULL) {
            take_segment(streams, opened, TAP_FROM_BROKER, segment);
        }
    } else {
        take_middle(streams, segment);
    }
}

void capture_streams_flush(struct capture_streams *streams, const struct capture_moment *moment) {
    streams->moment = moment;
    for (uint32_t i = 0; i < streams->count; i++) {
        give_all_up(streams, &streams->connections[i]);
    }
}

void capture_streams_close(struct capture_streams *streams, const struct capture_moment *moment) {
    static const struct tap_note stopped = {.kind = TAP_NOTE_ENDED, .cause = TAP_CAUSE_STOPPED};
    streams->moment = moment;
    while (streams->count > 0) {
        struct connection *last = &streams->connections[streams->count - 1];
        give_all_up(streams, last);
        close_connection(streams, last, &stopped);
    }
}
