#include "check/flow_watch.h"

#include "base/assert.h"
#include "base/hash.h"

enum phase {
    EXPECT_CONNECT, // nothing passed
    EXPECT_CONNACK,
    CONNECTED,
    STRANGE, // a client was told of a session that it does not have: only DISCONNECT may follow
    OVER,    // this end sent DISCONNECT, or a refusal
};

enum exchange_state {
    // of `sending`
    EXPECT_PUBACK,
    EXPECT_PUBREC,
    OWES_PUBREL,
    EXPECT_PUBCOMP,
    EXPECT_SUBACK, // or UNSUBACK
    // of `answering`
    OWES_PUBACK,
    OWES_PUBREC,
    EXPECT_PUBREL,
    OWES_PUBCOMP,
    OWES_SUBACK,
    OWES_UNSUBACK,
};

#define NONE UINT32_MAX

// What the judge looks at of a packet.
struct facts {
    uint8_t type; // 0: it is malformed
    bool dup;
    uint8_t qos;
    uint8_t reason;
    uint16_t packet_id;
    uint32_t payload;
    struct mqtt_packet packet; // of CONNECT and CONNACK
};

// ---- packets ----------------------------------------------------------------------------------

// The payload's hash; the properties between it and the packet identifier may differ.
static bool read_publish(struct facts *facts, uint8_t version, struct bytes body) {
    if (body.size < 2) {
        return false;
    }
    size_t at = 2 + (size_t)mqtt_two_bytes_read(body.data);
    if (facts->qos > 0) {
        if (body.size < at + 2) {
            return false;
        }
        facts->packet_id = mqtt_two_bytes_read(body.data + at);
        at += 2;
    }
    if (version == MQTT_5) {
        uint32_t properties;
        int size =
            at > body.size ? 0 : mqtt_variable_read(body.data + at, body.size - at, &properties);
        if (size <= 0) {
            return false;
        }
        at += (size_t)size + properties;
    }
    if (at > body.size) {
        return false;
    }
    facts->payload = (uint32_t)hash_bytes(bytes_make(body.data + at, body.size - at), 0);
    return true;
}

static bool read_body(struct facts *facts, const struct flow_watch *watch, struct bytes body) {
    switch ((enum mqtt_type)facts->type) {
    case MQTT_PUBLISH:
        return read_publish(facts, watch->version, body);
    case MQTT_PUBACK:
    case MQTT_PUBREC:
    case MQTT_PUBREL:
    case MQTT_PUBCOMP:
    case MQTT_SUBSCRIBE:
    case MQTT_SUBACK:
    case MQTT_UNSUBSCRIBE:
    case MQTT_UNSUBACK:
        if (body.size < 2) {
            return false;
        }
        facts->packet_id = mqtt_two_bytes_read(body.data);
        facts->reason = watch->version == MQTT_5 && body.size > 2 ? body.data[2] : 0;
        return true;
    case MQTT_CONNECT:
    case MQTT_CONNACK:
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
    case MQTT_DISCONNECT:
    case MQTT_AUTH:
        return true;
    }
    return false;
}

static struct facts read_facts(const struct flow_watch *watch, struct bytes packet,
                               bool is_from_server) {
    struct facts facts = {0};
    struct mqtt_frame frame;
    if (mqtt_frame_read(packet, &frame) != MQTT_FRAME_WHOLE || frame.bytes != packet.size) {
        return facts;
    }
    facts.type = frame.first >> 4;
    facts.dup = (frame.first & 8) != 0;
    facts.qos = frame.first >> 1 & 3;
    struct bytes body = bytes_make(packet.data + frame.head_bytes, packet.size - frame.head_bytes);
    bool is_whole = read_body(&facts, watch, body);
    if (is_whole && (facts.type == MQTT_CONNECT || facts.type == MQTT_CONNACK)) {
        enum mqtt_version version =
            watch->version == 0 ? MQTT_3_1_1 : (enum mqtt_version)watch->version;
        enum mqtt_sender sender = is_from_server ? MQTT_FROM_SERVER : MQTT_FROM_CLIENT;
        is_whole = mqtt_decode(&facts.packet, packet, version, sender, NULL) == MQTT_SUCCESS;
    }
    if (!is_whole || (facts.type == MQTT_PUBLISH && facts.qos == 3)) {
        facts.type = 0;
    }
    return facts;
}

// ---- exchanges --------------------------------------------------------------------------------

static uint32_t find(const struct flow_watch_exchanges *list, uint16_t packet_id) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i].packet_id == packet_id) {
            return i;
        }
    }
    return NONE;
}

static uint32_t find_state(const struct flow_watch_exchanges *list, uint16_t packet_id,
                           enum exchange_state state) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i].packet_id == packet_id && list->items[i].state == state) {
            return i;
        }
    }
    return NONE;
}

static void add(struct flow_watch *watch, struct memory *memory, struct flow_watch_exchanges *list,
                struct flow_watch_exchange exchange) {
    if (list->count == FLOW_WATCH_MAX) {
        watch->is_lost = true;
        return;
    }
    list->items =
        memory_grow(memory, list->items, &list->capacity, list->count + 1, sizeof *list->items);
    exchange.connection = watch->connection;
    list->items[list->count++] = exchange;
}

static void release(struct memory *memory, struct flow_watch_exchanges *list) {
    memory_free(memory, list->items, list->capacity * sizeof *list->items);
    *list = (struct flow_watch_exchanges){0};
}

static void take_out(struct memory *memory, struct flow_watch_exchanges *list, uint32_t at) {
    list->count--;
    memmove(&list->items[at], &list->items[at + 1], (list->count - at) * sizeof *list->items);
    if (list->count == 0) {
        release(memory, list);
    }
}

static void end_sending(struct flow_watch *watch, struct memory *memory, uint32_t at) {
    if (watch->sending.items[at].is_counted) {
        watch->in_flight--;
    }
    watch->again -= at < watch->again;
    take_out(memory, &watch->sending, at);
}

// What the end of a connection ends: requests, and answers that nobody will get.
static void drop_if_over(struct flow_watch *watch, struct memory *memory) {
    for (uint32_t i = watch->sending.count; i > 0; i--) {
        struct flow_watch_exchange *exchange = &watch->sending.items[i - 1];
        exchange->is_counted = false;
        if (exchange->state == EXPECT_SUBACK) {
            take_out(memory, &watch->sending, i - 1);
        }
    }
    for (uint32_t i = watch->answering.count; i > 0; i--) {
        if (watch->answering.items[i - 1].state != EXPECT_PUBREL) {
            take_out(memory, &watch->answering, i - 1);
        }
    }
}

// What older connections left is forgotten.
static void drop_older(struct flow_watch *watch, struct memory *memory) {
    for (uint32_t i = watch->sending.count; i > 0; i--) {
        if (watch->sending.items[i - 1].connection != watch->connection) {
            end_sending(watch, memory, i - 1);
        }
    }
    for (uint32_t i = watch->answering.count; i > 0; i--) {
        if (watch->answering.items[i - 1].connection != watch->connection) {
            take_out(memory, &watch->answering, i - 1);
        }
    }
}

// ---- its life ---------------------------------------------------------------------------------

void flow_watch_init(struct flow_watch *watch, const struct flow_watch_options *options) {
    *watch = (struct flow_watch){.is_server = options->is_server,
                                 .adopts = options->adopts,
                                 .is_between = options->is_between,
                                 .receive_maximum = UINT16_MAX,
                                 .phase = OVER};
}

void flow_watch_deinit(struct flow_watch *watch, struct memory *memory) {
    release(memory, &watch->sending);
    release(memory, &watch->answering);
}

void flow_watch_connected(struct flow_watch *watch, struct memory *memory) {
    drop_if_over(watch, memory);
    watch->connection++;
    watch->again = watch->strange_pubrecs = 0;
    watch->in_flight = watch->pings = 0;
    watch->receive_maximum = UINT16_MAX;
    watch->phase = EXPECT_CONNECT;
    watch->version = 0;
    watch->faults = 0;
}

void flow_watch_forget(struct flow_watch *watch, struct memory *memory) {
    flow_watch_deinit(watch, memory);
    watch->again = watch->in_flight = 0;
    watch->has_session = watch->is_lost = watch->is_restored = watch->has_unsent = false;
}

void flow_watch_restored(struct flow_watch *watch) {
    watch->is_restored = true;
}

void flow_watch_closed(struct flow_watch *watch, bool has_unsent) {
    watch->has_unsent = watch->has_unsent || has_unsent;
}

// ---- CONNECT and CONNACK ----------------------------------------------------------------------

static uint16_t receive_maximum_of(const struct mqtt_packet *packet) {
    return mqtt_properties_have(&packet->properties, MQTT_RECEIVE_MAXIMUM)
               ? packet->properties.receive_maximum
               : UINT16_MAX;
}

static void pass_connect(struct flow_watch *watch, const struct facts *facts) {
    watch->version = facts->packet.connect.version;
    watch->is_clean = facts->packet.connect.clean_start;
    watch->phase = EXPECT_CONNACK;
    if (watch->is_server) {
        watch->receive_maximum = receive_maximum_of(&facts->packet);
    }
}

static void pass_connack(struct flow_watch *watch, struct memory *memory,
                         const struct facts *facts) {
    if (facts->packet.reason != 0) {
        watch->phase = watch->is_server ? OVER : CONNECTED;
        return;
    }
    watch->phase = CONNECTED;
    if (watch->version == MQTT_3_1 && !watch->is_clean && watch->has_session) {
        flow_watch_restored(watch); // nobody says whether the session is there
    } else if (!facts->packet.session_present) {
        drop_older(watch, memory);
        watch->is_lost = false;
    } else if (!watch->is_server && (watch->is_clean || (!watch->has_session && !watch->adopts))) {
        watch->phase = STRANGE;
    }
    watch->has_session = true;
    if (!watch->is_server) {
        watch->receive_maximum = receive_maximum_of(&facts->packet);
    }
}

// ---- what it receives -------------------------------------------------------------------------

static void receive_publish(struct flow_watch *watch, struct memory *memory,
                            const struct facts *facts) {
    struct flow_watch_exchanges *list = &watch->answering;
    uint32_t at = facts->qos == 2 ? find(list, facts->packet_id) : NONE;
    if (at != NONE && list->items[at].state == EXPECT_PUBREL) {
        list->items[at].state = OWES_PUBREC; // it comes again
        list->items[at].connection = watch->connection;
    } else if (facts->qos > 0) {
        add(watch, memory, list,
            (struct flow_watch_exchange){.packet_id = facts->packet_id,
                                         .qos = facts->qos,
                                         .state = facts->qos == 1 ? OWES_PUBACK : OWES_PUBREC});
    }
}

static void receive_pubrec(struct flow_watch *watch, struct memory *memory,
                           const struct facts *facts) {
    uint32_t at = find(&watch->sending, facts->packet_id);
    if (at == NONE) {
        watch->strange_pubrecs++;
        return;
    }
    struct flow_watch_exchange *exchange = &watch->sending.items[at];
    if (exchange->state == EXPECT_PUBREC && facts->reason >= 0x80) {
        end_sending(watch, memory, at);
    } else if (exchange->state == EXPECT_PUBREC || exchange->state == EXPECT_PUBCOMP) {
        exchange->state = OWES_PUBREL;
        exchange->connection = watch->connection;
    }
}

static void receive_pubrel(struct flow_watch *watch, struct memory *memory,
                           const struct facts *facts) {
    uint32_t at = find_state(&watch->answering, facts->packet_id, EXPECT_PUBREL);
    if (at != NONE) {
        take_out(memory, &watch->answering, at);
    }
    add(watch, memory, &watch->answering,
        (struct flow_watch_exchange){.packet_id = facts->packet_id, .state = OWES_PUBCOMP});
}

static void receive_end(struct flow_watch *watch, struct memory *memory, uint16_t packet_id,
                        enum exchange_state state) {
    uint32_t at = find_state(&watch->sending, packet_id, state);
    if (at == NONE && state == EXPECT_PUBCOMP) {
        at = find_state(&watch->sending, packet_id, OWES_PUBREL);
    }
    if (at != NONE) {
        end_sending(watch, memory, at);
    }
}

static void receive_request(struct flow_watch *watch, struct memory *memory,
                            const struct facts *facts) {
    bool is_subscribe = facts->type == MQTT_SUBSCRIBE;
    add(watch, memory, &watch->answering,
        (struct flow_watch_exchange){.packet_id = facts->packet_id,
                                     .state = is_subscribe ? OWES_SUBACK : OWES_UNSUBACK});
}

void flow_watch_received(struct flow_watch *watch, struct memory *memory, struct bytes packet) {
    struct facts facts = read_facts(watch, packet, !watch->is_server);
    if (facts.type == 0 || watch->is_lost) {
        return;
    }
    switch ((enum mqtt_type)facts.type) {
    case MQTT_CONNECT:
        pass_connect(watch, &facts);
        break;
    case MQTT_CONNACK:
        pass_connack(watch, memory, &facts);
        break;
    case MQTT_PUBLISH:
        receive_publish(watch, memory, &facts);
        break;
    case MQTT_PUBACK:
        receive_end(watch, memory, facts.packet_id, EXPECT_PUBACK);
        break;
    case MQTT_PUBREC:
        receive_pubrec(watch, memory, &facts);
        break;
    case MQTT_PUBREL:
        receive_pubrel(watch, memory, &facts);
        break;
    case MQTT_PUBCOMP:
        receive_end(watch, memory, facts.packet_id, EXPECT_PUBCOMP);
        break;
    case MQTT_SUBSCRIBE:
    case MQTT_UNSUBSCRIBE:
        receive_request(watch, memory, &facts);
        break;
    case MQTT_SUBACK:
    case MQTT_UNSUBACK:
        receive_end(watch, memory, facts.packet_id, EXPECT_SUBACK);
        break;
    case MQTT_PINGREQ:
        watch->pings = watch->pings < UINT16_MAX ? (uint16_t)(watch->pings + 1) : UINT16_MAX;
        break;
    case MQTT_PINGRESP:
    case MQTT_DISCONNECT:
    case MQTT_AUTH:
        break;
    }
}

// ---- what it sends ----------------------------------------------------------------------------

static struct flow_watch_exchange exchange_of(const struct facts *facts) {
    return (struct flow_watch_exchange){.packet_id = facts->packet_id,
                                        .qos = facts->qos,
                                        .payload = facts->payload,
                                        .is_counted = true,
                                        .state = facts->qos == 1 ? EXPECT_PUBACK : EXPECT_PUBREC};
}

static enum check_rule send_new(struct flow_watch *watch, struct memory *memory,
                                const struct facts *facts) {
    add(watch, memory, &watch->sending, exchange_of(facts));
    watch->in_flight++;
    if (facts->dup && !watch->is_restored && !watch->has_unsent) {
        return RULE_DUP_FIRST;
    }
    bool is_bounded = watch->version == MQTT_5 && watch->phase == CONNECTED;
    return is_bounded && watch->in_flight > watch->receive_maximum ? RULE_RECEIVE_MAXIMUM
                                                                   : CHECK_RULES;
}

// A PUBLISH whose packet identifier is in use, within one connection.
static enum check_rule judge_within(const struct flow_watch *watch, const struct facts *facts,
                                    const struct flow_watch_exchange *exchange) {
    if (!facts->dup) {
        return RULE_PACKET_ID;
    }
    if (exchange->state == OWES_PUBREL || exchange->state == EXPECT_PUBCOMP) {
        return watch->is_between ? CHECK_RULES : RULE_AFTER_PUBREC;
    }
    return watch->version == MQTT_5 ? RULE_SENT_AGAIN : CHECK_RULES;
}

static enum check_rule judge_again(const struct flow_watch *watch, const struct facts *facts,
                                   uint32_t at) {
    const struct flow_watch_exchange *exchange = &watch->sending.items[at];
    bool is_same = exchange->payload == facts->payload && exchange->qos == facts->qos;
    if (exchange->state == OWES_PUBREL || exchange->state == EXPECT_PUBCOMP) {
        return facts->dup ? RULE_AFTER_PUBREC : RULE_PACKET_ID;
    }
    if (!facts->dup) {
        return is_same ? RULE_DUP_MISSING : RULE_PACKET_ID;
    }
    if (!is_same) {
        return RULE_OTHER_AGAIN;
    }
    return at < watch->again ? RULE_ORDER_AGAIN : CHECK_RULES;
}

static enum check_rule send_publish(struct flow_watch *watch, struct memory *memory,
                                    const struct facts *facts) {
    if (facts->qos == 0) {
        return facts->dup ? RULE_DUP_QOS_0 : CHECK_RULES;
    }
    if (facts->packet_id == 0) {
        return RULE_PACKET_ID;
    }
    uint32_t at = find(&watch->sending, facts->packet_id);
    if (at == NONE) {
        return send_new(watch, memory, facts);
    }
    struct flow_watch_exchange *exchange = &watch->sending.items[at];
    if (exchange->state == EXPECT_SUBACK) {
        return RULE_PACKET_ID;
    }
    if (exchange->connection == watch->connection) {
        return judge_within(watch, facts, exchange);
    }
    enum check_rule rule = watch->is_restored ? CHECK_RULES : judge_again(watch, facts, at);
    if (watch->is_restored) {
        // It may be another message: of the last one nothing is known any more.
        *exchange = exchange_of(facts);
    }
    exchange->connection = watch->connection;
    exchange->is_counted = true;
    watch->in_flight++;
    watch->again = at >= watch->again ? at + 1 : watch->again;
    return rule;
}

static enum check_rule send_pubrel(struct flow_watch *watch, const struct facts *facts) {
    uint32_t at = find(&watch->sending, facts->packet_id);
    if (at == NONE) {
        if (watch->strange_pubrecs > 0) {
            watch->strange_pubrecs--; // its answer
            return CHECK_RULES;
        }
        return watch->is_restored ? CHECK_RULES : RULE_PUBREL;
    }
    struct flow_watch_exchange *exchange = &watch->sending.items[at];
    bool is_again = exchange->state == EXPECT_PUBCOMP;
    if (is_again && exchange->connection == watch->connection && watch->version == MQTT_5) {
        return RULE_SENT_AGAIN;
    }
    if (!is_again && exchange->state != OWES_PUBREL) {
        return watch->is_restored ? CHECK_RULES : RULE_PUBREL;
    }
    exchange->state = EXPECT_PUBCOMP;
    exchange->connection = watch->connection;
    return CHECK_RULES;
}

// An answer: to something that came, and, from a client, in the order in which it came.
static enum check_rule send_answer(struct flow_watch *watch, struct memory *memory,
                                   const struct facts *facts, enum exchange_state owed) {
    struct flow_watch_exchanges *list = &watch->answering;
    uint32_t at = find_state(list, facts->packet_id, owed);
    if (at == NONE) {
        return RULE_ACKNOWLEDGEMENT;
    }
    bool is_late = false;
    bool is_ordered = !watch->is_server && (owed == OWES_PUBACK || owed == OWES_PUBREC);
    for (uint32_t i = 0; i < at && is_ordered; i++) {
        is_late = is_late || list->items[i].state == owed;
    }
    if (owed == OWES_PUBREC && facts->reason < 0x80) {
        list->items[at].state = EXPECT_PUBREL;
    } else {
        take_out(memory, list, at);
    }
    return is_late ? RULE_ACKNOWLEDGEMENT_ORDER : CHECK_RULES;
}

static enum check_rule send_request(struct flow_watch *watch, struct memory *memory,
                                    const struct facts *facts) {
    if (facts->packet_id == 0 || find(&watch->sending, facts->packet_id) != NONE) {
        return RULE_PACKET_ID;
    }
    add(watch, memory, &watch->sending,
        (struct flow_watch_exchange){.packet_id = facts->packet_id, .state = EXPECT_SUBACK});
    return CHECK_RULES;
}

static enum check_rule send_pingresp(struct flow_watch *watch) {
    if (watch->pings == 0) {
        return RULE_ACKNOWLEDGEMENT;
    }
    watch->pings--;
    return CHECK_RULES;
}

// What may be sent at all in this phase of the connection.
static enum check_rule judge_phase(const struct flow_watch *watch, enum mqtt_type type) {
    if (watch->phase == OVER) {
        return RULE_AFTER_DISCONNECT;
    }
    bool is_first = watch->phase == EXPECT_CONNECT;
    if (!watch->is_server && is_first != (type == MQTT_CONNECT)) {
        return RULE_CONNECT_FIRST;
    }
    bool is_opening = watch->phase == EXPECT_CONNACK && type == MQTT_AUTH;
    if (watch->is_server && !is_opening &&
        (watch->phase == EXPECT_CONNACK) != (type == MQTT_CONNACK)) {
        return RULE_CONNACK_FIRST;
    }
    return watch->phase == STRANGE && type != MQTT_DISCONNECT ? RULE_SESSION_STRANGE : CHECK_RULES;
}

static enum check_rule send_one(struct flow_watch *watch, struct memory *memory,
                                const struct facts *facts) {
    switch ((enum mqtt_type)facts->type) {
    case MQTT_CONNECT:
        pass_connect(watch, facts);
        return CHECK_RULES;
    case MQTT_CONNACK:
        pass_connack(watch, memory, facts);
        return CHECK_RULES;
    case MQTT_PUBLISH:
        return send_publish(watch, memory, facts);
    case MQTT_PUBACK:
        return send_answer(watch, memory, facts, OWES_PUBACK);
    case MQTT_PUBREC:
        return send_answer(watch, memory, facts, OWES_PUBREC);
    case MQTT_PUBREL:
        return send_pubrel(watch, facts);
    case MQTT_PUBCOMP:
        return send_answer(watch, memory, facts, OWES_PUBCOMP);
    case MQTT_SUBSCRIBE:
    case MQTT_UNSUBSCRIBE:
        return send_request(watch, memory, facts);
    case MQTT_SUBACK:
        return send_answer(watch, memory, facts, OWES_SUBACK);
    case MQTT_UNSUBACK:
        return send_answer(watch, memory, facts, OWES_UNSUBACK);
    case MQTT_PINGRESP:
        return send_pingresp(watch);
    case MQTT_DISCONNECT:
        watch->phase = OVER;
        return CHECK_RULES;
    case MQTT_PINGREQ:
    case MQTT_AUTH:
        return CHECK_RULES;
    }
    return RULE_MALFORMED;
}

enum check_rule flow_watch_sent(struct flow_watch *watch, struct memory *memory,
                                struct bytes packet) {
    struct facts facts = read_facts(watch, packet, watch->is_server);
    enum check_rule rule = RULE_MALFORMED;
    if (facts.type != 0) {
        rule = judge_phase(watch, (enum mqtt_type)facts.type);
    }
    if (rule == CHECK_RULES) {
        rule = send_one(watch, memory, &facts);
    }
    if (watch->is_lost) {
        return CHECK_RULES;
    }
    watch->faults += rule != CHECK_RULES;
    return rule;
}

// ---- at rest ----------------------------------------------------------------------------------

enum check_rule flow_watch_rest(const struct flow_watch *watch) {
    if (watch->phase != CONNECTED || watch->is_lost) {
        return CHECK_RULES;
    }
    for (uint32_t i = 0; i < watch->sending.count; i++) {
        const struct flow_watch_exchange *exchange = &watch->sending.items[i];
        if (exchange->state == OWES_PUBREL) {
            return RULE_UNANSWERED;
        }
        if (exchange->connection != watch->connection && !watch->is_restored) {
            return RULE_NOT_AGAIN;
        }
    }
    for (uint32_t i = 0; i < watch->answering.count; i++) {
        if (watch->answering.items[i].state != EXPECT_PUBREL) {
            return RULE_UNANSWERED;
        }
    }
    return watch->pings > 0 ? RULE_UNANSWERED : CHECK_RULES;
}

enum check_rule flow_watch_accusation(const struct flow_watch *watch,
                                      const struct flow_watch *other) {
    ASSERT(watch->is_server != other->is_server);
    return other->faults > 0 || other->is_lost ? CHECK_RULES : RULE_ACCUSATION;
}

void flow_watch_check(const struct flow_watch *watch) {
    uint32_t counted = 0;
    for (uint32_t i = 0; i < watch->sending.count; i++) {
        const struct flow_watch_exchange *exchange = &watch->sending.items[i];
        ASSERT(exchange->state <= EXPECT_SUBACK && exchange->connection <= watch->connection);
        counted += exchange->is_counted;
    }
    for (uint32_t i = 0; i < watch->answering.count; i++) {
        ASSERT(watch->answering.items[i].state > EXPECT_SUBACK);
    }
    ASSERT(counted == watch->in_flight && watch->again <= watch->sending.count);
    ASSERT((watch->sending.count == 0) == (watch->sending.items == NULL));
    ASSERT((watch->answering.count == 0) == (watch->answering.items == NULL));
}
