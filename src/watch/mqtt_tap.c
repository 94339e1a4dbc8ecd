#include "watch/mqtt_tap.h"

#include "base/hash.h"
#include "base/map.h"

struct side {
    struct buffer bytes; // not taken apart yet
    uint32_t skipped;    // bytes of a large packet still to come
    bool is_over;        // nothing that comes can be taken apart
    bool is_lost;        // bytes are missing: the next packet has to be found
    bool has_said_end;   // it sent DISCONNECT, before the other did
};

struct talk {
    uint32_t connection;
    uint32_t client;
    bool is_client_known;
    enum mqtt_version version;
    bool is_version_guessed; // no CONNECT was seen
    struct buffer client_id;
    struct side sides[2]; // by direction
    struct mqtt_costs costs;
};

struct mqtt_tap {
    struct memory *memory;
    struct map places;  // of talks, by their connection
    struct map clients; // numbers, by the hash of the identifier
    struct talk *talks;
    uint32_t count;
    uint32_t capacity;
};

struct mqtt_tap *mqtt_tap_create(struct memory *memory) {
    struct mqtt_tap *tap = memory_allocate(memory, sizeof *tap);
    tap->memory = memory;
    map_init(&tap->places, memory, 0);
    map_init(&tap->clients, memory, 0);
    return tap;
}

static void talk_deinit(struct talk *talk) {
    buffer_deinit(&talk->client_id);
    mqtt_costs_deinit(&talk->costs);
    buffer_deinit(&talk->sides[TAP_FROM_CLIENT].bytes);
    buffer_deinit(&talk->sides[TAP_FROM_BROKER].bytes);
}

void mqtt_tap_destroy(struct mqtt_tap *tap) {
    for (uint32_t i = 0; i < tap->count; i++) {
        talk_deinit(&tap->talks[i]);
    }
    memory_free(tap->memory, tap->talks, tap->capacity * sizeof *tap->talks);
    map_deinit(&tap->places);
    map_deinit(&tap->clients);
    memory_free(tap->memory, tap, sizeof *tap);
}

// ---- connections ----------------------------------------------------------------------------

static struct talk *add_talk(struct mqtt_tap *tap, uint32_t connection) {
    tap->talks =
        memory_grow(tap->memory, tap->talks, &tap->capacity, tap->count + 1, sizeof *tap->talks);
    map_put(&tap->places, connection, tap->count);
    struct talk *talk = &tap->talks[tap->count++];
    *talk = (struct talk){.connection = connection, .client = connection, .version = MQTT_3_1_1};
    buffer_init(&talk->client_id, tap->memory);
    mqtt_costs_init(&talk->costs, tap->memory);
    buffer_init(&talk->sides[TAP_FROM_CLIENT].bytes, tap->memory);
    buffer_init(&talk->sides[TAP_FROM_BROKER].bytes, tap->memory);
    return talk;
}

static struct talk *find_talk(struct mqtt_tap *tap, uint32_t connection) {
    uint32_t place = map_get(&tap->places, connection);
    return place == MAP_NONE ? add_talk(tap, connection) : &tap->talks[place];
}

static void remove_talk(struct mqtt_tap *tap, struct talk *talk) {
    talk_deinit(talk);
    map_remove(&tap->places, talk->connection);
    struct talk *last = &tap->talks[--tap->count];
    if (talk != last) {
        *talk = *last;
        map_put(&tap->places, talk->connection, (uint32_t)(talk - tap->talks));
    }
}

// The client says who it is, or is told.
static void learn_client(struct mqtt_tap *tap, struct talk *talk, struct bytes client_id) {
    if (client_id.size == 0) {
        return;
    }
    uint64_t hash = hash_bytes(client_id, 0);
    uint32_t number = map_get(&tap->clients, hash);
    talk->is_client_known = true;
    talk->client = number == MAP_NONE ? talk->connection : number;
    if (number == MAP_NONE && tap->clients.count < MQTT_TAP_CLIENTS_MAX) {
        map_put(&tap->clients, hash, talk->client);
    }
    talk->client_id.size = 0;
    size_t size = client_id.size < MQTT_TAP_ID_MAX ? client_id.size : MQTT_TAP_ID_MAX;
    buffer_append(&talk->client_id, bytes_make(client_id.data, size));
}

static void learn(struct mqtt_tap *tap, struct talk *talk, const struct mqtt_packet *packet) {
    if (packet->type == MQTT_CONNECT) {
        talk->version = (enum mqtt_version)packet->connect.version;
        talk->is_version_guessed = false;
        learn_client(tap, talk, packet->connect.client_id);
    } else if (packet->type == MQTT_CONNACK) {
        learn_client(tap, talk, packet->properties.assigned_client_identifier);
    }
}

// ---- packets --------------------------------------------------------------------------------

// Fills in what is the same of all items of a connection.
static void hand_out(const struct mqtt_item_taker *taker, const struct talk *talk,
                     const struct tap_event *event, struct mqtt_item item) {
    item.direction = event->direction;
    item.connection = talk->connection;
    item.client = talk->client;
    item.is_client_known = talk->is_client_known;
    item.client_id = buffer_bytes(&talk->client_id);
    item.port = event->port;
    item.peer = event->peer;
    item.broker = event->broker;
    item.unix_ns = event->unix_ns;
    item.version = talk->version;
    item.owner = event->owner;
    taker->take(taker->context, &item);
}

static enum mqtt_reason decode_as(enum mqtt_version version, enum tap_direction from,
                                  struct bytes bytes, struct mqtt_packet *packet,
                                  const char **why) {
    enum mqtt_sender sender = from == TAP_FROM_CLIENT ? MQTT_FROM_CLIENT : MQTT_FROM_SERVER;
    return mqtt_decode(packet, bytes, version, sender, why);
}

static struct mqtt_item decode(struct mqtt_tap *tap, struct talk *talk, enum tap_direction from,
                               struct bytes bytes, struct mqtt_packet *packet) {
    struct mqtt_item item = {.kind = MQTT_ITEM_PACKET,
                             .type = bytes.data[0] >> 4,
                             .bytes = (uint32_t)bytes.size,
                             .raw = bytes};
    item.fault = decode_as(talk->version, from, bytes, packet, &item.why);
    if (item.fault != MQTT_SUCCESS && talk->is_version_guessed &&
        decode_as(MQTT_5, from, bytes, packet, &item.why) == MQTT_SUCCESS) {
        item.fault = MQTT_SUCCESS;
        talk->version = MQTT_5;
    }
    if (item.fault == MQTT_SUCCESS) {
        item.packet = packet;
        learn(tap, talk, packet);
    }
    return item;
}

// Hands out a whole packet: with the note if the bytes that it stands for end with it.
static void take_whole(struct mqtt_tap *tap, struct talk *talk, const struct tap_event *event,
                       struct bytes bytes, const struct mqtt_item_taker *taker) {
    struct mqtt_packet packet;
    struct mqtt_message_cost cost;
    struct mqtt_item item = decode(tap, talk, event->direction, bytes, &packet);
    const struct buffer *all = &talk->sides[event->direction].bytes;
    bool is_last = bytes.data + bytes.size == all->data + all->size;
    item.note = is_last ? event->note : NULL;
    bool arrives = item.note == NULL || item.note->kind != TAP_NOTE_DROPPED;
    bool is_goodbye = item.packet != NULL && packet.type == MQTT_DISCONNECT && arrives;
    talk->sides[event->direction].has_said_end |=
        is_goodbye && !talk->sides[!event->direction].has_said_end;
    struct mqtt_cost_step step = {.direction = event->direction,
                                  .packet = item.packet,
                                  .bytes = item.bytes,
                                  .unix_ns = event->unix_ns,
                                  .is_lost = !arrives};
    if (item.packet != NULL && mqtt_costs_take(&talk->costs, &step, &cost)) {
        item.cost = &cost;
    }
    hand_out(taker, talk, event, item);
}

// Takes the next packet off the side's bytes and returns how many they are; 0: it is not whole.
static size_t take_packet(struct mqtt_tap *tap, struct talk *talk, const struct tap_event *event,
                          struct bytes rest, const struct mqtt_item_taker *taker) {
    struct side *side = &talk->sides[event->direction];
    struct mqtt_frame frame;
    enum mqtt_frame_state state = mqtt_frame_read(rest, &frame);
    if (state == MQTT_FRAME_MALFORMED) {
        side->is_over = true;
        hand_out(taker, talk, event, (struct mqtt_item){.kind = MQTT_ITEM_BROKEN});
        return rest.size;
    }
    if (frame.bytes > MQTT_TAP_PACKET_MAX) {
        side->skipped = frame.bytes;
        hand_out(taker, talk, event,
                 (struct mqtt_item){.kind = MQTT_ITEM_PACKET,
                                    .type = frame.first >> 4,
                                    .bytes = frame.bytes,
                                    .why = "is too large to be shown"});
        return 0;
    }
    if (state == MQTT_FRAME_PART) {
        return 0;
    }
    take_whole(tap, talk, event, bytes_make(rest.data, frame.bytes), taker);
    return frame.bytes;
}

// Bytes of a packet that is passed over.
static size_t skip(struct side *side, struct bytes rest) {
    size_t size = side->skipped < rest.size ? side->skipped : rest.size;
    side->skipped -= (uint32_t)size;
    return size;
}

// Whether the bytes are packets of that version, one behind the other, of which the last may go on.
static bool are_packets(struct bytes bytes, enum mqtt_version version, enum tap_direction from) {
    struct mqtt_frame frame;
    struct mqtt_packet packet;
    const char *why;
    unsigned whole = 0;
    while (bytes.size > 0 && mqtt_frame_read(bytes, &frame) == MQTT_FRAME_WHOLE) {
        struct bytes first = bytes_make(bytes.data, frame.bytes);
        if (decode_as(version, from, first, &packet, &why) != MQTT_SUCCESS) {
            return false;
        }
        bytes = bytes_make(bytes.data + frame.bytes, bytes.size - frame.bytes);
        whole++;
    }
    return whole > 0 && bytes.size == 0;
}

// Most programs begin a segment with a packet, so one that is made of packets ends a loss.
static bool find_packet(struct talk *talk, const struct tap_event *event) {
    struct side *side = &talk->sides[event->direction];
    bool are = are_packets(event->bytes, talk->version, event->direction);
    if (!are && talk->is_version_guessed && are_packets(event->bytes, MQTT_5, event->direction)) {
        talk->version = MQTT_5;
        are = true;
    }
    side->is_lost = !are;
    return are;
}

static void take_bytes(struct mqtt_tap *tap, struct talk *talk, const struct tap_event *event,
                       const struct mqtt_item_taker *taker) {
    struct side *side = &talk->sides[event->direction];
    if (side->is_over || event->bytes.size == 0 || (side->is_lost && !find_packet(talk, event))) {
        return;
    }
    buffer_append(&side->bytes, event->bytes);
    size_t done = 0;
    size_t before;
    do {
        before = done + side->skipped;
        done += skip(side, bytes_make(side->bytes.data + done, side->bytes.size - done));
        struct bytes rest = bytes_make(side->bytes.data + done, side->bytes.size - done);
        if (rest.size > 0 && side->skipped == 0) {
            done += take_packet(tap, talk, event, rest, taker);
        }
    } while (done + side->skipped != before);
    buffer_consume(&side->bytes, done);
}

static void take_loss(struct talk *talk, const struct tap_event *event,
                      const struct mqtt_item_taker *taker) {
    struct side *side = &talk->sides[event->direction];
    if (!side->is_over && !side->is_lost) {
        side->is_lost = true;
        side->skipped = 0;
        side->bytes.size = 0;
        hand_out(taker, talk, event, (struct mqtt_item){.kind = MQTT_ITEM_LOST});
    }
}

// Who said DISCONNECT ended the connection, whoever closed it then.
static void take_end(struct talk *talk, const struct tap_event *event,
                     const struct mqtt_item_taker *taker) {
    struct tap_note note = {.kind = TAP_NOTE_ENDED};
    note = event->note == NULL ? note : *event->note;
    bool is_plain = note.kind == TAP_NOTE_ENDED &&
                    (note.cause == TAP_CAUSE_CLOSED || note.cause == TAP_CAUSE_UNKNOWN ||
                     note.cause == TAP_CAUSE_RESET);
    for (int from = 0; from < 2 && is_plain; from++) {
        if (talk->sides[from].has_said_end) {
            note.cause = TAP_CAUSE_DISCONNECTED;
            note.side = from == TAP_FROM_CLIENT ? TAP_SIDE_CLIENT : TAP_SIDE_BROKER;
        }
    }
    hand_out(taker, talk, event, (struct mqtt_item){.kind = MQTT_ITEM_CLOSED, .note = &note});
}

void mqtt_tap_event(struct mqtt_tap *tap, const struct tap_event *event,
                    const struct mqtt_item_taker *taker) {
    struct talk *talk = find_talk(tap, event->connection);
    switch (event->kind) {
    case TAP_OPENED:
        talk->sides[0].is_lost = talk->sides[1].is_lost = event->is_middle;
        talk->is_version_guessed = event->is_middle;
        hand_out(taker, talk, event,
                 (struct mqtt_item){.kind = MQTT_ITEM_OPENED, .is_middle = event->is_middle});
        break;
    case TAP_BYTES:
        take_bytes(tap, talk, event, taker);
        break;
    case TAP_LOST:
        take_loss(talk, event, taker);
        break;
    case TAP_NOTED:
        hand_out(taker, talk, event,
                 (struct mqtt_item){.kind = MQTT_ITEM_NOTED, .note = event->note});
        break;
    case TAP_CLOSED:
        take_end(talk, event, taker);
        remove_talk(tap, talk);
        break;
    }
}
