#include "medium/capture/tap_faults.h"

#include "fault/text.h"

static void write_rule(const struct proxy *proxy, uint32_t number, struct buffer *text) {
    for (uint32_t i = 0; i < proxy->set.count; i++) {
        if (proxy->set.entries[i].number == number) {
            fault_text_write(&proxy->set.entries[i].rule, text);
        }
    }
}

static bool is_inside(struct bytes whole, struct bytes part) {
    return whole.size > 0 && part.data >= whole.data &&
           part.data + part.size <= whole.data + whole.size;
}

static bool never_arrives(const struct fault_decision *decision) {
    return decision->end == FAULT_IS_DROPPED || decision->end == FAULT_IS_REFUSED ||
           decision->end == FAULT_IS_RESET ||
           (decision->end == FAULT_IS_CUT && decision->place != FAULT_AFTER);
}

static enum tap_note_kind kind_of(const struct proxy_fate *fate) {
    const struct fault_decision *decision = fate->decision;
    return never_arrives(decision)              ? TAP_NOTE_DROPPED
           : decision->end == FAULT_IS_HELD     ? TAP_NOTE_HELD
           : decision->frozen_until > fate->now ? TAP_NOTE_HELD
           : decision->by > 0                   ? TAP_NOTE_REORDERED
           : decision->bits > 0                 ? TAP_NOTE_CHANGED
           : decision->finish > fate->now       ? TAP_NOTE_DELAYED
                                                : TAP_NOTE_NONE;
}

static void note(const struct tap_faults *faults, const struct proxy_fate *fate,
                 enum tap_note_kind kind, struct bytes text) {
    uint64_t finish = fate->decision->finish;
    struct tap_noted noted = {.direction = faults->direction,
                              .bytes = fate->packet,
                              .note = {.kind = kind,
                                       .text = text,
                                       .delay_ns = finish > fate->now ? finish - fate->now : 0}};
    tap_noted(faults->tap, faults->number, &noted, faults->unix_ns);
}

static void note_packet(const struct tap_faults *faults, const struct proxy_fate *fate,
                        struct bytes text) {
    enum tap_note_kind kind = kind_of(fate);
    if (kind == TAP_NOTE_NONE) {
        tap_bytes(faults->tap, faults->number, faults->direction, fate->packet, faults->unix_ns);
    } else {
        note(faults, fate, kind, text);
    }
    for (uint32_t i = 1; i < fate->decision->copies && !never_arrives(fate->decision); i++) {
        note(faults, fate, TAP_NOTE_REPEATED, text);
    }
}

void tap_faults_decided(struct tap_faults *faults, const struct proxy_fate *fate) {
    if (fate->decision == NULL) {
        enum tap_direction other =
            faults->direction == TAP_FROM_CLIENT ? TAP_FROM_BROKER : TAP_FROM_CLIENT;
        tap_bytes(faults->tap, faults->number, other, fate->packet, faults->unix_ns);
        return;
    }
    if (!is_inside(faults->left, fate->packet)) {
        return;
    }
    size_t before = (size_t)(fate->packet.data - faults->left.data);
    size_t end = before + fate->packet.size;
    struct bytes passed = bytes_make(faults->left.data, before);
    if (before > 0) {
        tap_bytes(faults->tap, faults->number, faults->direction, passed, faults->unix_ns);
    }
    faults->left = bytes_make(faults->left.data + end, faults->left.size - end);
    struct buffer text;
    buffer_init(&text, fate->connection->proxy->memory);
    if (fate->decision->rule > 0) {
        write_rule(fate->connection->proxy, fate->decision->rule, &text);
    } else {
        buffer_append_text(&text, "by hand");
    }
    note_packet(faults, fate, buffer_bytes(&text));
    buffer_deinit(&text);
}

void tap_faults_end(struct tap_faults *faults) {
    if (faults->left.size > 0) {
        tap_bytes(faults->tap, faults->number, faults->direction, faults->left, faults->unix_ns);
    }
    faults->left = bytes_make(NULL, 0);
}

void tap_faults_let_go(struct tap *tap, uint64_t number, const struct proxy_event *event,
                       uint64_t unix_ns) {
    struct tap_noted noted = {.direction =
                                  event->way == FAULT_TO_BROKER ? TAP_FROM_CLIENT : TAP_FROM_BROKER,
                              .note = {.kind = TAP_NOTE_LET_GO, .delay_ns = event->waited}};
    tap_noted(tap, number, &noted, unix_ns);
}

static struct tap_note note_cut(const struct proxy_connection *connection, struct buffer *text) {
    if (connection->broken_by > 0) {
        write_rule(connection->proxy, connection->broken_by, text);
    } else {
        buffer_append_text(text, connection->is_cut_by_hand ? "by hand" : "by a toxic");
    }
    return (struct tap_note){.kind = TAP_NOTE_ENDED,
                             .side = TAP_SIDE_NETWORK,
                             .cause = connection->is_reset ? TAP_CAUSE_RESET : TAP_CAUSE_CUT,
                             .text = buffer_bytes(text)};
}

struct tap_note tap_faults_note_end(const struct proxy_connection *connection,
                                    struct buffer *text) {
    if (connection->is_broken) {
        return note_cut(connection, text);
    }
    struct tap_note ended = {.kind = TAP_NOTE_ENDED};
    if (!connection->has_ended) {
        return ended;
    }
    bool is_client = connection->ended_by == PROXY_CLIENT;
    bool said_goodbye = is_client && connection->is_known &&
                        connection->inputs[PROXY_CLIENT].kind == MQTT_DISCONNECT;
    ended.side = is_client ? TAP_SIDE_CLIENT : TAP_SIDE_BROKER;
    ended.cause = said_goodbye ? TAP_CAUSE_DISCONNECTED : TAP_CAUSE_CLOSED;
    return ended;
}

enum tap_cause tap_faults_cause(enum mqtt_reason reason) {
    static const struct {
        enum mqtt_reason reason;
        enum tap_cause cause;
    } causes[] = {
        {MQTT_KEEP_ALIVE_TIMEOUT, TAP_CAUSE_KEEP_ALIVE},
        {MQTT_ADMINISTRATIVE_ACTION, TAP_CAUSE_KILLED},
        {MQTT_SESSION_TAKEN_OVER, TAP_CAUSE_TAKEN_OVER},
        {MQTT_SERVER_SHUTTING_DOWN, TAP_CAUSE_SHUT_DOWN},
        {MQTT_USE_ANOTHER_SERVER, TAP_CAUSE_SHUT_DOWN},
        {MQTT_MALFORMED_PACKET, TAP_CAUSE_PROTOCOL},
        {MQTT_PROTOCOL_ERROR, TAP_CAUSE_PROTOCOL},
        {MQTT_TOPIC_NAME_INVALID, TAP_CAUSE_PROTOCOL},
        {MQTT_TOPIC_FILTER_INVALID, TAP_CAUSE_PROTOCOL},
        {MQTT_TOPIC_ALIAS_INVALID, TAP_CAUSE_PROTOCOL},
        {MQTT_PAYLOAD_FORMAT_INVALID, TAP_CAUSE_PROTOCOL},
        {MQTT_RECEIVE_MAXIMUM_EXCEEDED, TAP_CAUSE_PROTOCOL},
    };
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        if (causes[i].reason == reason) {
            return causes[i].cause;
        }
    }
    return TAP_CAUSE_LIMIT;
}
