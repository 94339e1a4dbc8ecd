#include "role/proxy/passage.h"

#include "base/assert.h"

#define ASIDE_MAX 64u
#define ASIDE_NS UINT64_C(1000000000)
// A packet that a slow line carries leaves in pieces of so much, at their times.
#define TRICKLE_BYTES 1460u
#define TRICKLE_PIECES_MAX 64u
#define HEAD_STEP 64u

// A packet that waits until others have gone before it.
struct proxy_aside {
    struct buffer packet;
    uint32_t by; // so many more
    uint64_t due;
    struct fault_decision decision;
};

// What is at work while one side's bytes are taken apart, at one time: the connection, the side's
// input and the lane out, and the packet at hand. It lives for one call.
struct passage {
    struct proxy_connection *connection;
    struct proxy *proxy;
    struct proxy_input *input;
    struct proxy_lane *lane;
    enum proxy_side side;
    uint64_t now;
    struct bytes packet; // at hand, if all of it is there; else empty
    // A head that was put together: its bytes, how many of them had come before, and where the
    // others stand in the bytes of this time.
    struct bytes joined;
    size_t joined_before;
    const uint8_t *joined_rest;
};

static struct passage passage_of(struct proxy_connection *connection, enum proxy_side side,
                                 uint64_t now) {
    return (struct passage){.connection = connection,
                            .proxy = connection->proxy,
                            .input = &connection->inputs[side],
                            .lane = &connection->lanes[side],
                            .side = side,
                            .now = now};
}

void proxy_passage_init(struct proxy_input *input, struct memory *memory) {
    *input = (struct proxy_input){.state = PROXY_AT_START};
    buffer_init(&input->head, memory);
    proxy_aliases_init(&input->aliases, memory);
}

static void forget_asides(struct proxy_input *input, struct memory *memory) {
    for (uint32_t i = 0; i < input->aside_count; i++) {
        buffer_deinit(&input->aside[i].packet);
    }
    memory_free(memory, input->aside, input->aside == NULL ? 0 : ASIDE_MAX * sizeof *input->aside);
    input->aside = NULL;
    input->aside_count = 0;
}

void proxy_passage_deinit(struct proxy_input *input, struct memory *memory) {
    forget_asides(input, memory);
    buffer_deinit(&input->head);
    proxy_aliases_deinit(&input->aliases);
}

size_t proxy_passage_size(const struct proxy_input *input) {
    size_t size = input->head.size;
    for (uint32_t i = 0; i < input->aside_count; i++) {
        size += input->aside[i].packet.size;
    }
    return size;
}

// ---- into the lane ------------------------------------------------------------------------------

static void put(struct passage *passage, const struct proxy_part *part) {
    struct proxy_toxins *toxins = passage->connection->toxins;
    if (toxins == NULL) {
        proxy_lane_put(passage->lane, part);
    } else {
        proxy_toxins_put(toxins, &passage->proxy->toxics, (enum fault_direction)passage->side,
                         passage->lane, part);
    }
}

static void put_plain(struct passage *passage, struct bytes bytes) {
    put(passage, &(struct proxy_part){.bytes = bytes, .now = passage->now});
}

// When a line of some speed has carried the first `end` bytes of the packet.
static uint64_t due_of(const struct fault_decision *decision, uint64_t end, uint64_t bytes) {
    __extension__ unsigned __int128 span =
        (unsigned __int128)(decision->finish - decision->begin) * end / bytes;
    return decision->begin + (uint64_t)span;
}

static size_t trickle_size(uint32_t bytes) {
    uint32_t least = bytes / TRICKLE_PIECES_MAX + 1;
    return least > TRICKLE_BYTES ? least : TRICKLE_BYTES;
}

// Packets that are held are let go in the order in which they came, whatever lane they are in.
static uint64_t held_now(const struct passage *passage) {
    uint64_t *last = &passage->proxy->last_held;
    *last = passage->now > *last ? passage->now : *last + 1;
    return *last;
}

// Bytes of a packet from `offset` on, as it was decided.
static void put_decided(struct passage *passage, const struct fault_decision *decision,
                        struct bytes bytes, uint32_t offset) {
    uint32_t whole = passage->input->bytes;
    size_t most = decision->finish > decision->begin ? trickle_size(whole) : bytes.size;
    bool is_held = decision->end == FAULT_IS_HELD && offset == 0;
    struct proxy_part part = {
        .now = passage->now,
        .is_held = is_held,
        .kind = passage->input->kind,
        .rule = decision->rule,
        .since = is_held ? held_now(passage) : 0,
        .wrong = decision->bits > 0 ? decision : NULL,
        .packet_bytes = whole,
    };
    while (bytes.size > 0) {
        size_t size = bytes.size < most ? bytes.size : most;
        part.bytes = bytes_make(bytes.data, size);
        part.offset = offset;
        part.due = due_of(decision, offset + size, whole);
        put(passage, &part);
        part.is_held = false;
        offset += (uint32_t)size;
        bytes = bytes_make(bytes.data + size, bytes.size - size);
    }
}

static void put_copies(struct passage *passage, const struct fault_decision *decision,
                       struct bytes packet) {
    for (uint32_t i = 0; i < decision->copies; i++) {
        put_decided(passage, decision, packet, 0);
    }
}

static void break_at(struct passage *passage, uint64_t due) {
    proxy_lane_mark(passage->lane, PROXY_CUT, due, passage->now);
    passage->input->state = PROXY_DEAF;
}

// ---- packets out of order -----------------------------------------------------------------------

static void release_aside(struct passage *passage, uint32_t index) {
    struct proxy_input *input = passage->input;
    struct proxy_aside aside = input->aside[index];
    memmove(&input->aside[index], &input->aside[index + 1],
            (--input->aside_count - index) * sizeof aside);
    uint32_t bytes = input->bytes;
    input->bytes = (uint32_t)aside.packet.size;
    put_copies(passage, &aside.decision, buffer_bytes(&aside.packet));
    input->bytes = bytes;
    buffer_deinit(&aside.packet);
}

// A packet has gone its way: those that waited for it have one less to wait for.
static void count_past_asides(struct passage *passage) {
    struct proxy_input *input = passage->input;
    for (uint32_t i = 0; i < input->aside_count;) {
        if (--input->aside[i].by == 0) {
            release_aside(passage, i);
        } else {
            i++;
        }
    }
}

static void put_aside(struct passage *passage, struct bytes packet) {
    struct proxy_input *input = passage->input;
    if (input->aside == NULL) {
        input->aside = memory_allocate(passage->proxy->memory, ASIDE_MAX * sizeof *input->aside);
    }
    if (input->aside_count == ASIDE_MAX) {
        release_aside(passage, 0);
    }
    struct proxy_aside *aside = &input->aside[input->aside_count++];
    *aside = (struct proxy_aside){
        .by = input->decision.by, .due = passage->now + ASIDE_NS, .decision = input->decision};
    buffer_init(&aside->packet, passage->proxy->memory);
    buffer_append(&aside->packet, packet);
}

uint64_t proxy_passage_due(const struct proxy_input *input) {
    bool is_between = input->state == PROXY_AT_PACKET || input->state == PROXY_IN_COLLECTED;
    return input->aside_count > 0 && is_between ? input->aside[0].due : UINT64_MAX;
}

void proxy_passage_tick(struct proxy_connection *connection, enum proxy_side side, uint64_t now) {
    struct passage passage = passage_of(connection, side, now);
    while (proxy_passage_due(passage.input) <= now) {
        release_aside(&passage, 0);
    }
}

// ---- deciding -----------------------------------------------------------------------------------

static bool cares(const struct passage *passage, unsigned kind) {
    return passage->connection->is_holding ||
           fault_set_cares(&passage->proxy->set, passage->side, kind);
}

static void tell_hit(struct passage *passage) {
    const struct fault_decision *decision = &passage->input->decision;
    proxy_tell(passage->connection,
               &(struct proxy_event){.kind = PROXY_HIT,
                                     .rule = decision->rule,
                                     .end = decision->end,
                                     .packet = passage->input->kind,
                                     .way = (enum fault_direction)passage->side});
}

// What came of it this time.
static struct bytes part_of_now(const struct passage *passage, struct bytes packet) {
    struct bytes joined = passage->joined;
    if (joined.size == 0 || packet.size == 0 || packet.data < joined.data ||
        packet.data >= joined.data + joined.size) {
        return packet;
    }
    size_t begin = (size_t)(packet.data - joined.data);
    size_t end = begin + packet.size;
    size_t before = passage->joined_before;
    begin = begin > before ? begin : before;
    return end > before ? bytes_make(passage->joined_rest + (begin - before), end - begin)
                        : bytes_make(NULL, 0);
}

static void tell_fate(const struct passage *passage, enum proxy_side side, struct bytes packet,
                      const struct fault_decision *decision) {
    const struct proxy_port *port = &passage->proxy->port;
    packet = part_of_now(passage, packet);
    if (port->decided != NULL && packet.size > 0) {
        port->decided(port->context, &(struct proxy_fate){.connection = passage->connection,
                                                          .side = side,
                                                          .decision = decision,
                                                          .now = passage->now,
                                                          .packet = packet});
    }
}

static void decide(struct passage *passage, const struct proxy_head *head, uint64_t bytes) {
    struct proxy_connection *connection = passage->connection;
    struct fault_decision *decision = &passage->input->decision;
    struct fault_packet packet = {
        .kind = passage->input->kind,
        .direction = (uint8_t)passage->side,
        .qos = head->qos,
        .bytes = bytes,
        .topic = head->topic,
        .client = proxy_connection_name(connection),
        .address = bytes_of_text(connection->address),
    };
    fault_set_decide(&passage->proxy->set, connection->client, &packet, passage->now, decision);
    if (decision->end == FAULT_PASSES && connection->is_holding) {
        decision->end = FAULT_IS_HELD;
    }
    passage->input->is_plain =
        decision->rule == 0 && decision->end == FAULT_PASSES && decision->begin <= passage->now;
    if (decision->rule > 0) {
        tell_hit(passage);
    }
    passage->input->is_told = passage->packet.size > 0;
    if (!passage->input->is_plain) {
        tell_fate(passage, passage->side, passage->packet, decision);
    }
    if (decision->frozen_until > passage->now) {
        proxy_set_frozen(connection, decision->frozen_until);
    }
}

// A CONNECT that the broker does not see is answered in its place: "server unavailable".
static void refuse(struct passage *passage) {
    static const uint8_t before_5[] = {MQTT_CONNACK << 4, 2, 0, 3};
    static const uint8_t five[] = {MQTT_CONNACK << 4, 3, 0, MQTT_SERVER_UNAVAILABLE, 0};
    bool is_5 = passage->connection->version == MQTT_5;
    struct bytes answer =
        is_5 ? bytes_make(five, sizeof five) : bytes_make(before_5, sizeof before_5);
    struct proxy_lane *back = &passage->connection->lanes[PROXY_BROKER];
    proxy_lane_put(back, &(struct proxy_part){.bytes = answer, .now = passage->now});
    tell_fate(passage, PROXY_BROKER, answer, NULL);
    break_at(passage, 0);
}

// What the decision says before the first byte of the packet goes on. False: none of it does.
static bool begin_decided(struct passage *passage) {
    const struct fault_decision *decision = &passage->input->decision;
    switch (decision->end) {
    case FAULT_PASSES:
    case FAULT_IS_HELD:
    case FAULT_IS_DROPPED: // its bytes are left out as they come
        return true;
    case FAULT_IS_REFUSED:
        refuse(passage);
        return false;
    case FAULT_IS_RESET:
        passage->connection->is_reset = true;
        break_at(passage, decision->begin);
        return false;
    case FAULT_IS_CUT:
        if (decision->place == FAULT_BEFORE) {
            break_at(passage, decision->begin);
        }
        return decision->place != FAULT_BEFORE;
    }
    return true;
}

static bool needs_whole(const struct fault_decision *decision) {
    return decision->end == FAULT_PASSES && (decision->copies > 1 || decision->by > 0);
}

// The decision stands; the packet's bytes come. False: the side is heard no more.
static bool begin_packet(struct passage *passage, const struct proxy_head *head) {
    struct proxy_input *input = passage->input;
    input->bytes = head->bytes;
    input->offset = 0;
    input->state = PROXY_IN_PACKET;
    if (!cares(passage, input->kind)) {
        input->is_plain = true;
        fault_client_count(passage->connection->client, passage->side);
        return true;
    }
    decide(passage, head, head->bytes);
    if (!begin_decided(passage)) {
        return false;
    }
    if (needs_whole(&input->decision)) {
        if (head->bytes <= passage->proxy->limits.lane_bytes) {
            input->state = PROXY_IN_COLLECTED;
        } else {
            passage->proxy->too_large++;
        }
    }
    return true;
}

static void end_packet(struct passage *passage) {
    struct proxy_input *input = passage->input;
    bool is_cut = !input->is_plain && input->decision.end == FAULT_IS_CUT;
    input->state = PROXY_AT_PACKET;
    if (is_cut) {
        break_at(passage, input->decision.finish);
    } else if (input->aside_count > 0) {
        count_past_asides(passage);
    }
}

// Of a packet that came in pieces this is the last.
static void tell_last_piece(const struct passage *passage, struct bytes piece) {
    const struct proxy_input *input = passage->input;
    if (!input->is_plain && !input->is_told) {
        tell_fate(passage, passage->side, piece, &input->decision);
    }
}

// Bytes of the packet at hand. How many were taken.
static size_t take_of_packet(struct passage *passage, struct bytes bytes) {
    struct proxy_input *input = passage->input;
    const struct fault_decision *decision = &input->decision;
    size_t size = input->bytes - input->offset;
    size = size < bytes.size ? size : bytes.size;
    struct bytes part = bytes_make(bytes.data, size);
    bool is_inside =
        !input->is_plain && decision->end == FAULT_IS_CUT && decision->place == FAULT_INSIDE;
    if (is_inside && input->offset + size >= decision->inside_bytes) {
        part.size = decision->inside_bytes - input->offset;
    }
    if (input->is_plain) {
        put_plain(passage, part);
    } else if (decision->end != FAULT_IS_DROPPED) {
        put_decided(passage, decision, part, input->offset);
    }
    input->offset += (uint32_t)size;
    if ((is_inside && input->offset >= decision->inside_bytes) || input->offset == input->bytes) {
        tell_last_piece(passage, bytes_make(bytes.data, size));
        end_packet(passage);
    }
    return size;
}

static size_t take_collected(struct passage *passage, struct bytes bytes) {
    struct proxy_input *input = passage->input;
    size_t size = input->bytes - input->offset;
    size = size < bytes.size ? size : bytes.size;
    buffer_append(&input->head, bytes_make(bytes.data, size));
    input->offset += (uint32_t)size;
    if (input->offset < input->bytes) {
        return size;
    }
    tell_last_piece(passage, bytes_make(bytes.data, size));
    if (input->decision.by > 0) {
        put_aside(passage, buffer_bytes(&input->head));
        input->state = PROXY_AT_PACKET;
    } else {
        put_copies(passage, &input->decision, buffer_bytes(&input->head));
        end_packet(passage);
    }
    buffer_deinit(&input->head);
    return size;
}

// ---- recognising --------------------------------------------------------------------------------

// A client that has no identifier gets a name to be told apart by.
static void name_client(struct passage *passage, struct bytes identifier) {
    struct proxy_connection *connection = passage->connection;
    ASSERT(connection->client == NULL);
    if (identifier.size > 0) {
        buffer_append(&connection->name, identifier);
    } else {
        buffer_append_byte(&connection->name, '~');
        buffer_append_decimal(&connection->name, ++passage->proxy->last_nameless);
    }
    connection->client = fault_set_ref(&passage->proxy->set, buffer_bytes(&connection->name));
    ASSERT(connection->client != NULL); // for there are more of them than connections
}

void proxy_passage_join(struct proxy_connection *connection, enum mqtt_version version,
                        struct bytes client_id, uint32_t rest) {
    struct passage passage = passage_of(connection, PROXY_CLIENT, 0);
    name_client(&passage, client_id);
    connection->version = version;
    connection->is_known = true;
    connection->inputs[PROXY_BROKER].state = PROXY_AT_PACKET;
    passage.input->state = rest > 0 ? PROXY_IN_PACKET : PROXY_AT_PACKET;
    passage.input->is_plain = true;
    passage.input->bytes = rest;
}

static void become_foreign(struct passage *passage) {
    struct proxy_connection *connection = passage->connection;
    passage->input->state = PROXY_IN_FOREIGN;
    if (connection->client == NULL) {
        name_client(passage, bytes_make(NULL, 0));
    }
    if (!connection->is_foreign) {
        connection->is_foreign = true;
        passage->proxy->foreign++;
        proxy_tell(connection, &(struct proxy_event){.kind = PROXY_FOREIGN});
    }
}

static void count(struct passage *passage, uint8_t type) {
    passage->proxy->packets[passage->side][type & 15]++;
    passage->connection->packets[passage->side]++;
}

// How many bytes of packets that are whole and that no rule is about the stream begins with.
static size_t skip_plain(struct passage *passage, struct bytes stream) {
    struct fault_client *client = passage->connection->client;
    bool is_5 = passage->connection->version == MQTT_5;
    size_t at = 0;
    if (passage->input->aside_count > 0) {
        return 0; // they are counted one by one
    }
    while (at < stream.size) {
        struct mqtt_frame frame;
        struct bytes rest = bytes_make(stream.data + at, stream.size - at);
        if (mqtt_frame_read(rest, &frame) != MQTT_FRAME_WHOLE) {
            break;
        }
        uint8_t type = frame.first >> 4;
        // Of a PUBLISH of 5.0 the topic alias is wanted.
        if (type == 0 || cares(passage, type) || (is_5 && type == MQTT_PUBLISH)) {
            break;
        }
        at += frame.bytes;
        fault_client_count(client, passage->side);
        count(passage, type);
    }
    return at;
}

static bool reads_topic(const struct passage *passage) {
    return passage->connection->version == MQTT_5 || cares(passage, MQTT_PUBLISH);
}

static struct bytes whole(struct bytes stream, uint32_t bytes) {
    return stream.size >= bytes ? bytes_make(stream.data, bytes) : bytes_make(NULL, 0);
}

// The next packet begins. How many bytes were taken; 0: its head is not whole.
static size_t take_head(struct passage *passage, struct bytes stream) {
    struct proxy_head head;
    size_t plain = skip_plain(passage, stream);
    if (plain > 0) {
        put_plain(passage, bytes_make(stream.data, plain));
        return plain;
    }
    enum proxy_head_state state =
        proxy_head_read(stream, passage->connection->version, reads_topic(passage), &head);
    if (state == PROXY_HEAD_PART) {
        return 0;
    }
    if (state == PROXY_HEAD_FOREIGN) {
        become_foreign(passage);
        return SIZE_MAX;
    }
    if (head.alias > 0) {
        head.topic = proxy_aliases_resolve(&passage->input->aliases, head.alias, head.topic);
    }
    passage->input->kind = head.type;
    count(passage, head.type);
    passage->packet = whole(stream, head.bytes);
    (void)begin_packet(passage, &head);
    return SIZE_MAX;
}

// The first packet of a side.
static size_t take_start(struct passage *passage, struct bytes stream) {
    struct proxy_connection *connection = passage->connection;
    struct proxy_greeting greeting;
    if (passage->side == PROXY_BROKER && connection->is_known) {
        passage->input->state = PROXY_AT_PACKET;
        return SIZE_MAX;
    }
    enum proxy_head_state state = passage->side == PROXY_BROKER
                                      ? PROXY_HEAD_FOREIGN // it has not been spoken to
                                      : proxy_head_greet(stream, &greeting);
    if (state == PROXY_HEAD_PART) {
        return 0;
    }
    if (state == PROXY_HEAD_FOREIGN) {
        become_foreign(passage);
        return SIZE_MAX;
    }
    if (connection->client == NULL) {
        name_client(passage, greeting.client_id);
    }
    connection->version = greeting.version;
    connection->is_known = true;
    passage->input->kind = MQTT_CONNECT;
    passage->packet = whole(stream, greeting.head.bytes);
    count(passage, MQTT_CONNECT);
    proxy_tell(connection, &(struct proxy_event){.kind = PROXY_KNOWN});
    (void)begin_packet(passage, &greeting.head);
    return SIZE_MAX;
}

// A run of bytes of another protocol is taken for a packet.
static size_t take_foreign(struct passage *passage, struct bytes bytes) {
    struct proxy_input *input = passage->input;
    struct proxy_head head = {.qos = -1, .bytes = (uint32_t)bytes.size};
    input->kind = FAULT_BYTES;
    passage->packet = bytes;
    if (begin_packet(passage, &head)) {
        (void)(input->state == PROXY_IN_COLLECTED ? take_collected(passage, bytes)
                                                  : take_of_packet(passage, bytes));
    }
    input->state = input->state == PROXY_DEAF ? PROXY_DEAF : PROXY_IN_FOREIGN;
    return bytes.size;
}

// How many bytes were taken; SIZE_MAX: none, but the state has changed; 0: more are needed.
static size_t take_some(struct passage *passage, struct bytes bytes) {
    switch (passage->input->state) {
    case PROXY_AT_START:
        return take_start(passage, bytes);
    case PROXY_AT_PACKET:
        return take_head(passage, bytes);
    case PROXY_IN_PACKET:
        return take_of_packet(passage, bytes);
    case PROXY_IN_COLLECTED:
        return take_collected(passage, bytes);
    case PROXY_IN_FOREIGN:
        return take_foreign(passage, bytes);
    case PROXY_DEAF:
        break;
    }
    return bytes.size;
}

static void take_all(struct passage *passage, struct bytes bytes) {
    while (bytes.size > 0) {
        size_t taken = take_some(passage, bytes);
        if (taken == 0) {
            buffer_append(&passage->input->head, bytes);
            return;
        }
        taken = taken == SIZE_MAX ? 0 : taken;
        bytes = bytes_make(bytes.data + taken, bytes.size - taken);
    }
}

static bool is_between_packets(const struct proxy_input *input) {
    return input->state == PROXY_AT_START || input->state == PROXY_AT_PACKET;
}

// A head that came in two parts is put together from them, with little more than it needs.
static size_t take_joined(struct passage *passage, struct bytes bytes) {
    struct buffer joined = passage->input->head;
    size_t size = joined.size > HEAD_STEP ? joined.size : HEAD_STEP;
    size = size < bytes.size ? size : bytes.size;
    buffer_init(&passage->input->head, passage->proxy->memory);
    passage->joined_before = joined.size;
    passage->joined_rest = bytes.data;
    buffer_append(&joined, bytes_make(bytes.data, size));
    passage->joined = buffer_bytes(&joined);
    take_all(passage, passage->joined);
    passage->joined = bytes_make(NULL, 0);
    buffer_deinit(&joined);
    return size;
}

void proxy_passage_take(struct proxy_connection *connection, enum proxy_side side,
                        struct bytes bytes, uint64_t now) {
    struct passage passage = passage_of(connection, side, now);
    passage.proxy->bytes[side] += bytes.size;
    while (bytes.size > 0 && passage.input->head.size > 0 && is_between_packets(passage.input)) {
        size_t taken = take_joined(&passage, bytes);
        bytes = bytes_make(bytes.data + taken, bytes.size - taken);
    }
    take_all(&passage, bytes);
}

void proxy_passage_end(struct proxy_connection *connection, enum proxy_side side, uint64_t now) {
    struct passage passage = passage_of(connection, side, now);
    while (passage.input->aside_count > 0) {
        release_aside(&passage, 0);
    }
    put_plain(&passage, buffer_bytes(&passage.input->head));
    buffer_deinit(&passage.input->head);
    passage.input->state = PROXY_DEAF;
}
