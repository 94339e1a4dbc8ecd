#include "sim/device/speech.h"

#include "base/assert.h"
#include "sim/account/telling.h"

#define TOPIC_ROOM 1024u
#define SHARE "$share/"

struct bytes sim_speech_name(const struct sim_device *device, uint8_t room[static PLAN_NAME_MAX]) {
    return plan_device_name(device->node.island->plan, device->group->plan, device->node.place.i,
                            room);
}

// What never changes.
static struct pattern_values names_of(const struct sim_device *device, struct bytes name) {
    struct pattern_values values =
        plan_device_values(device->node.island->plan, device->group->plan, device->node.place.i);
    values.name = name;
    return values;
}

static struct pattern_values values_of(const struct sim_device *device, struct bytes name) {
    struct pattern_values values = names_of(device, name);
    values.time_ns = sim_device_clock(device);
    return values;
}

static struct bytes write_short(const struct pattern *pattern, const struct pattern_values *values,
                                uint8_t *room, size_t size) {
    size_t written = pattern_write(pattern, values, room, size);
    return bytes_make(room, written < size ? written : size);
}

// ---- payloads -----------------------------------------------------------------------------------

struct message {
    struct bytes topic;
    struct bytes value; // without its stamp
    uint64_t size;      // of the payload, where it is larger
    uint64_t expiry_ns;
    uint8_t qos;
    bool retain;
    uint32_t stream;
};

// The value, blanks up to the size, and room for the stamp; in the island's text.
static struct bytes lay_out(struct sim_device *device, const struct message *message) {
    struct buffer *text = &device->node.island->text;
    size_t least = message->value.size + 1 + SIM_STAMP_BYTES;
    size_t size = message->size > least ? (size_t)message->size : least;
    if (message->size == message->value.size + SIM_STAMP_BYTES) {
        size = (size_t)message->size; // no room for a blank is needed
    }
    bool is_there = message->value.size > 0 && message->value.data == text->data;
    text->size = is_there ? message->value.size : 0;
    (void)buffer_reserve(text, size);
    uint8_t *at = text->data;
    if (!is_there && message->value.size > 0) {
        memcpy(at, message->value.data, message->value.size);
    }
    memset(at + message->value.size, ' ', size - message->value.size);
    text->size = size;
    return bytes_make(at, size);
}

static void stamp(struct sim_device *device, struct bytes payload, struct mark mark) {
    struct bytes value = bytes_make(payload.data, payload.size - SIM_STAMP_BYTES);
    sim_ledger_stamp(device->node.island->text.data + value.size, value, mark,
                     device->node.island->now);
}

// ---- sending ------------------------------------------------------------------------------------

static bool send_mqtt(struct sim_device *device, const struct message *message,
                      struct bytes payload, struct mark mark) {
    bool expires = message->expiry_ns > 0 && device->group->mqtt.version == MQTT_5;
    struct mqtt_properties properties; // not even cleared where there are none
    if (expires) {
        properties = (struct mqtt_properties){.present = MQTT_HAS(MQTT_MESSAGE_EXPIRY),
                                              .message_expiry =
                                                  (uint32_t)(message->expiry_ns / PLAN_SECOND)};
    }
    struct mqtt_client_message said = {.topic = message->topic,
                                       .payload = payload,
                                       .qos = message->qos,
                                       .retain = message->retain,
                                       .token = (uint64_t)mark.stream << 32 | mark.number,
                                       .properties = expires ? &properties : NULL};
    return mqtt_client_publish(device->mqtt.client, &said, device->node.island->now) ==
           MQTT_CLIENT_OK;
}

static bool send_line(struct sim_device *device, const struct message *message,
                      struct bytes payload) {
    return client_publish(&device->line->client, device->line->broker, message->topic, payload) ==
           CLIENT_OK;
}

static void send(struct sim_device *device, const struct message *message) {
    struct sim_island *island = device->node.island;
    struct bytes payload = lay_out(device, message);
    bool is_mqtt = sim_device_speaks_mqtt(device);
    struct verdict_publication publication = {
        .qos = message->qos, .retain = message->retain, .expiry = message->expiry_ns};
    struct mark mark = sim_tell_publication(island, message->stream, &publication);
    stamp(device, payload, mark);
    island->counts.published[message->qos]++;
    device->group->tally->published[message->qos]++;
    if (device->mqtt.mischief != NULL) { // what it says may be lost, or be taken again
        sim_tell_loss(island, SIM_TOLD_DOUBTED, VERDICT_NONE, mark, LOSS_REFUSED);
        sim_tell(island, &(struct sim_telling){.kind = SIM_TOLD_COPIED, .mark = mark});
    }
    island->saying = mark;
    bool is_sent =
        is_mqtt ? send_mqtt(device, message, payload, mark) : send_line(device, message, payload);
    island->saying.stream = VERDICT_NONE;
    if (!is_sent) {
        bool is_full = message->qos > 0 && is_mqtt;
        island->counts.unpublished++;
        sim_tell_loss(island, SIM_TOLD_LOST_UPWARD, VERDICT_NONE, mark,
                      is_full ? LOSS_QUEUE_FULL : LOSS_NOT_CONNECTED);
    }
    if (is_mqtt) {
        sim_ready_add(island, &device->node.ready);
    }
}

static uint32_t stream_of(struct sim_device *device, const struct message *message, bool is_wills) {
    return sim_tell_stream(device->node.island, device->client,
                           &(struct sim_told_stream){.broker = device->broker->node.place.index,
                                                     .owner = device->node.place.index,
                                                     .qos = message->qos,
                                                     .retain = message->retain,
                                                     .is_wills = is_wills},
                           message->topic);
}

// ---- publications -------------------------------------------------------------------------------

static struct bytes value_of(struct sim_device *device, uint32_t row,
                             uint8_t room[static VALUE_TEXT_MAX]) {
    const struct plan_publish *publish = &device->group->plan->publish[row];
    struct sim_publishing *publishing = &device->publishing[row];
    if (publish->replay_count > 0) {
        return publish->replay[(publishing->n - 1) % publish->replay_count].value;
    }
    if (publish->value.count == 0) {
        return (struct bytes){0};
    }
    struct fault_random random =
        fault_random_at(&(struct fault_coordinates){.seed = device->node.random,
                                                    .client = SIM_FOR_VALUE,
                                                    .packet = publishing->n,
                                                    .rule = row});
    struct value_input input = {.time_ns = sim_device_clock(device),
                                .i = (uint64_t)device->group->plan->first + device->node.place.i,
                                .n = publishing->n,
                                .random = &random,
                                .state = sim_device_states(device) + publishing->state};
    struct value value = value_next(&publish->value, &input);
    return value_text(&publish->value, &value, room);
}

// The payload's text in front of its stamp, in the island's text or at `room`.
static struct bytes payload_of(struct sim_device *device, const struct pattern *pattern,
                               const struct pattern_values *values) {
    if (pattern->count == 0) {
        return values->value;
    }
    struct buffer *text = &device->node.island->text;
    text->size = 0;
    size_t size = pattern_write(pattern, values, buffer_reserve(text, TOPIC_ROOM), TOPIC_ROOM);
    if (size > TOPIC_ROOM) {
        size = pattern_write(pattern, values, buffer_reserve(text, size), size);
    }
    // The stamp and what is filled up follow in the same place.
    return bytes_make(text->data, size);
}

static bool is_fixed(const struct pattern *pattern) {
    return (pattern->uses &
            (PATTERN_BIT(PATTERN_N) | PATTERN_BIT(PATTERN_TIME) | PATTERN_BIT(PATTERN_VALUE) |
             PATTERN_BIT(PATTERN_TOPIC) | PATTERN_BIT(PATTERN_PAYLOAD))) == 0;
}

void sim_speech_publish(struct sim_device *device, uint32_t row) {
    const struct plan_publish *publish = &device->group->plan->publish[row];
    struct sim_publishing *publishing = &device->publishing[row];
    uint8_t name[PLAN_NAME_MAX];
    uint8_t topic[TOPIC_ROOM];
    uint8_t number[VALUE_TEXT_MAX];
    publishing->n++;
    bool is_known = publishing->stream != VERDICT_NONE;
    struct pattern_values values = {0};
    if (!is_known || publish->payload.count > 0) {
        values = values_of(device, sim_speech_name(device, name));
        values.n = publishing->n;
    }
    values.value = value_of(device, row, number);
    struct message message = {
        .topic = is_known ? sim_told_topic(device->node.island, publishing->stream)
                          : write_short(&publish->topic, &values, topic, sizeof topic),
        .size = publish->size,
        .expiry_ns = publish->expiry_ns,
        .qos = sim_device_speaks_mqtt(device) ? publish->qos : 0,
        .retain = publish->retain && sim_device_speaks_mqtt(device),
        .stream = publishing->stream};
    if (!is_known) {
        message.stream = stream_of(device, &message, false);
        publishing->stream = is_fixed(&publish->topic) ? message.stream : VERDICT_NONE;
    }
    message.value = payload_of(device, &publish->payload, &values);
    send(device, &message);
}

// ---- answers ------------------------------------------------------------------------------------

void sim_speech_hear_command(struct sim_device *device, uint32_t row, struct bytes topic,
                             struct bytes payload) {
    struct sim_island *island = device->node.island;
    const struct plan_answer *plan = &device->group->plan->subscribe[row].answer;
    uint64_t random = sim_device_draw(device, SIM_FOR_ANSWER);
    if (!plan->exists || !sim_random_share(random, plan->share) || device->is_over) {
        return;
    }
    struct sim_answer *answer =
        memory_resize(&island->memory, NULL, 0, sizeof *answer + topic.size + payload.size);
    *answer = (struct sim_answer){
        .due = island->now + 1 +
               sim_random_around(hash_number(random, 3), plan->after_ns, plan->jitter_ns),
        .asked_at = sim_ledger_time(payload),
        .subscribe = row,
        .topic_bytes = (uint32_t)topic.size,
        .payload_bytes = (uint32_t)payload.size};
    memcpy(answer->data, topic.data, topic.size);
    memcpy(answer->data + topic.size, payload.data, payload.size);
    struct sim_answer **link = &sim_device_rare(device)->answers;
    while (*link != NULL && (*link)->due <= answer->due) {
        link = &(*link)->next;
    }
    answer->next = *link;
    *link = answer;
    sim_node_wake(&device->node, answer->due);
    device->group->tally->answers_due++;
}

// The payload without what the ledger put behind it.
static struct bytes bare(struct bytes payload) {
    size_t size = payload.size - SIM_STAMP_BYTES;
    while (size > 0 && payload.data[size - 1] == ' ') {
        size--;
    }
    return bytes_make(payload.data, size);
}

void sim_speech_answer(struct sim_device *device, const struct sim_answer *answer) {
    struct sim_island *island = device->node.island;
    const struct plan_answer *plan = &device->group->plan->subscribe[answer->subscribe].answer;
    uint8_t name[PLAN_NAME_MAX];
    uint8_t topic[TOPIC_ROOM];
    uint8_t number[VALUE_TEXT_MAX];
    struct pattern_values values = values_of(device, sim_speech_name(device, name));
    values.topic = bytes_make(answer->data, answer->topic_bytes);
    values.payload = bare(bytes_make(answer->data + answer->topic_bytes, answer->payload_bytes));
    values.n = device->drawn;
    values.value = values.payload;
    if (plan->value.count > 0) {
        double state[VALUE_SLOTS_MAX] = {0};
        struct fault_random random = {.state = sim_device_draw(device, SIM_FOR_ANSWER)};
        struct value_input input = {
            .time_ns = values.time_ns, .i = values.i, .n = 1, .random = &random, .state = state};
        struct value value = value_next(&plan->value, &input);
        values.value = value_text(&plan->value, &value, number);
    }
    struct message message = {.topic = write_short(&plan->topic, &values, topic, sizeof topic),
                              .qos = sim_device_speaks_mqtt(device) ? plan->qos : 0,
                              .retain = plan->retain && sim_device_speaks_mqtt(device)};
    message.stream = stream_of(device, &message, false);
    sim_tell_answers(island, message.stream);
    message.value = payload_of(device, &plan->payload, &values);
    island->counts.answers++;
    histogram_parts_add(&island->times.answering, &island->memory, island->now - answer->asked_at);
    send(device, &message);
}

// ---- subscriptions ------------------------------------------------------------------------------

struct bytes sim_speech_filter(const struct sim_device *device, uint32_t row,
                               uint8_t room[static SIM_FILTER_ROOM]) {
    uint8_t name[PLAN_NAME_MAX];
    struct pattern_values values = names_of(device, sim_speech_name(device, name));
    return write_short(&device->group->plan->subscribe[row].filter, &values, room, SIM_FILTER_ROOM);
}

// Takes the share's name off the text; empty: there is none.
static struct bytes take_share(struct bytes *text) {
    if (!bytes_starts_with(*text, BYTES_LITERAL(SHARE))) {
        return (struct bytes){0};
    }
    struct bytes share = topic_level(*text, sizeof SHARE - 1);
    size_t skipped = sizeof SHARE - 1 + share.size + 1;
    *text = bytes_make(text->data + skipped, text->size - skipped);
    return share;
}

uint32_t sim_speech_row(const struct sim_device *device, struct bytes text) {
    uint8_t room[SIM_FILTER_ROOM];
    struct bytes share = take_share(&text);
    for (uint32_t row = 0; row < device->group->plan->subscribe_count; row++) {
        if (bytes_equal(device->group->plan->subscribe[row].share_name, share) &&
            bytes_equal(sim_speech_filter(device, row, room), text)) {
            return row;
        }
    }
    return UINT32_MAX;
}

struct bytes sim_speech_full_filter(const struct sim_device *device, uint32_t row) {
    const struct plan_subscribe *plan = &device->group->plan->subscribe[row];
    uint8_t room[SIM_FILTER_ROOM];
    struct buffer *text = &device->node.island->text;
    text->size = 0;
    if (plan->share_name.size > 0) {
        buffer_append(text, BYTES_LITERAL(SHARE));
        buffer_append(text, plan->share_name);
        buffer_append_byte(text, '/');
    }
    buffer_append(text, sim_speech_filter(device, row, room));
    return buffer_bytes(text);
}

static void subscribe_mqtt(struct sim_device *device, uint32_t row) {
    const struct plan_subscribe *plan = &device->group->plan->subscribe[row];
    uint8_t options = plan->qos;
    if (device->group->mqtt.version == MQTT_5) {
        options |= plan->no_local ? MQTT_OPTION_NO_LOCAL : 0;
        options |= plan->retain_as_published ? MQTT_OPTION_RETAIN_AS_PUBLISHED : 0;
        options |= (uint8_t)(plan->retain_handling << 4);
    }
    struct mqtt_client_subscription subscription = {.filter = sim_speech_full_filter(device, row),
                                                    .options = options};
    (void)mqtt_client_subscribe(device->mqtt.client, &subscription, device->node.island->now);
}

static void subscribe_line(struct sim_device *device, uint32_t row) {
    device->line->asked_at = device->node.island->now;
    uint8_t room[SIM_FILTER_ROOM];
    (void)client_subscribe(&device->line->client, device->line->broker,
                           sim_speech_filter(device, row, room), device->node.island->now);
}

static bool was_taken_back(struct sim_device *device, uint32_t row) {
    return device->group->takes_back && sim_device_taken_back_at(device)[row] == SIM_NEVER;
}

void sim_speech_unsubscribe(struct sim_device *device, uint32_t row) {
    uint64_t now = device->node.island->now;
    uint8_t room[SIM_FILTER_ROOM];
    if (sim_device_speaks_mqtt(device)) {
        (void)mqtt_client_unsubscribe(device->mqtt.client, sim_speech_full_filter(device, row),
                                      now);
        sim_ready_add(device->node.island, &device->node.ready);
    } else {
        (void)client_unsubscribe(&device->line->client, device->line->broker,
                                 sim_speech_filter(device, row, room), now);
    }
}

void sim_speech_subscribe(struct sim_device *device) {
    for (uint32_t row = 0; row < device->group->plan->subscribe_count; row++) {
        if (was_taken_back(device, row)) {
            continue;
        }
        if (sim_device_speaks_mqtt(device)) {
            subscribe_mqtt(device, row);
        } else {
            subscribe_line(device, row);
        }
    }
}

// ---- the will -----------------------------------------------------------------------------------

void sim_speech_renew_will(struct sim_device *device) {
    const struct plan_will *plan = &device->group->plan->connect.will;
    if (!plan->exists || device->rare->own_config == NULL) {
        return;
    }
    struct sim_device_rare *rare = sim_device_rare(device);
    struct sim_island *island = device->node.island;
    uint8_t name[PLAN_NAME_MAX];
    uint8_t topic[TOPIC_ROOM];
    struct pattern_values values = values_of(device, sim_speech_name(device, name));
    struct message message = {.topic = write_short(&plan->topic, &values, topic, sizeof topic),
                              .qos = plan->qos,
                              .retain = plan->retain};
    uint32_t stream = stream_of(device, &message, true);
    message.value = payload_of(device, &plan->payload, &values);
    struct bytes payload = lay_out(device, &message);
    rare->will = sim_tell_publication(
        island, stream,
        &(struct verdict_publication){.qos = plan->qos, .retain = plan->retain, .is_will = true});
    stamp(device, payload, rare->will);
    memory_free(&island->memory, rare->will_text, rare->will_bytes);
    rare->will_bytes = (uint32_t)(message.topic.size + payload.size);
    rare->will_text = memory_resize(&island->memory, NULL, 0, rare->will_bytes);
    memcpy(rare->will_text, message.topic.data, message.topic.size);
    memcpy(rare->will_text + message.topic.size, payload.data, payload.size);
    rare->own_config->will.topic = bytes_make(rare->will_text, message.topic.size);
    rare->own_config->will.payload = bytes_make(rare->will_text + message.topic.size, payload.size);
}
