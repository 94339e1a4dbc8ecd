#include "sim/device/judge.h"

#include "base/assert.h"
#include "sim/account/telling.h"
#include "sim/device/device.h"

struct sim_judge *sim_judge_create(struct memory *memory) {
    struct sim_judge *judge = memory_allocate(memory, sizeof *judge);
    flow_watch_init(&judge->client, &(struct flow_watch_options){.adopts = true});
    flow_watch_init(&judge->broker, &(struct flow_watch_options){.is_server = true});
    return judge;
}

static void remove_stream(struct sim_judge *judge, uint32_t place) {
    ASSERT(place < judge->count);
    for (unsigned side = 0; side < SIM_ENDS; side++) {
        buffer_deinit(&judge->streams[place].parts[side]);
    }
    judge->streams[place] = judge->streams[--judge->count];
}

void sim_judge_destroy(struct sim_judge *judge, struct memory *memory) {
    while (judge->count > 0) {
        remove_stream(judge, judge->count - 1);
    }
    flow_watch_deinit(&judge->client, memory);
    flow_watch_deinit(&judge->broker, memory);
    memory_free(memory, judge->streams, judge->capacity * sizeof *judge->streams);
    memory_free(memory, judge, sizeof *judge);
}

// ---- what both ends have in common --------------------------------------------------------------

void sim_judge_note_bad(struct sim_device *device) {
    struct sim_mischief *mischief = device->mqtt.mischief;
    device->group->tally->accused += !mischief->is_accused;
    mischief->is_accused = true;
}

// Of a bad device nobody says that its broker is wrong.
static void report(struct sim_device *device, enum check_rule broken) {
    if (broken != CHECK_RULES && device->mqtt.mischief != NULL) {
        sim_judge_note_bad(device);
    } else if (broken != CHECK_RULES) {
        sim_tell(device->node.island, &(struct sim_telling){.kind = SIM_TOLD_REPORTED,
                                                            .client = device->client,
                                                            .number = broken});
    }
}

// For the ladder of a finding.
static void note(const struct sim_device *device, struct bytes packet, bool is_up) {
    uint8_t type = packet.data[0] >> 4;
    uint8_t flags = type == MQTT_PUBLISH ? packet.data[0] & 15 : 0;
    struct mqtt_frame frame;
    (void)mqtt_frame_read(packet, &frame);
    struct bytes body = bytes_make(packet.data + frame.head_bytes, packet.size - frame.head_bytes);
    struct verdict_packet seen = {.type = type,
                                  .qos = flags >> 1 & 3,
                                  .dup = (flags & 8) != 0,
                                  .retain = (flags & 1) != 0,
                                  .is_up = is_up};
    size_t at = type != MQTT_PUBLISH ? 0 : body.size < 2 ? 2 : 2u + mqtt_two_bytes_read(body.data);
    bool has_id = type == MQTT_PUBLISH ? seen.qos > 0 : type > MQTT_PUBLISH && type < MQTT_PINGREQ;
    if (has_id && body.size >= at + 2) {
        seen.packet_id = mqtt_two_bytes_read(body.data + at);
    }
    sim_tell_packet(device->node.island, device->client, &seen);
}

// ---- the client ---------------------------------------------------------------------------------

void sim_judge_client(struct sim_device *device, bool is_sent, struct bytes packet) {
    struct memory *memory = &device->node.island->memory;
    struct flow_watch *watch = &device->rare->judge->client;
    if (!is_sent) {
        flow_watch_received(watch, memory, packet);
        return;
    }
    note(device, packet, true);
    if (packet.data[0] >> 4 == MQTT_CONNECT) {
        flow_watch_connected(watch, memory);
    }
    report(device, flow_watch_sent(watch, memory, packet));
}

void sim_judge_client_ended(struct sim_device *device) {
    flow_watch_deinit(&device->rare->judge->client, &device->node.island->memory);
    flow_watch_init(&device->rare->judge->client, &(struct flow_watch_options){.adopts = true});
}

// ---- the broker ---------------------------------------------------------------------------------

static struct sim_judge_stream *find_stream(struct sim_judge *judge, uint64_t name) {
    for (uint32_t i = 0; i < judge->count; i++) {
        if (judge->streams[i].name == name) {
            return &judge->streams[i];
        }
    }
    return NULL;
}

static struct sim_judge_stream *stream_of(struct sim_device *device,
                                          const struct sim_stream *stream) {
    struct sim_judge *judge = device->rare->judge;
    struct memory *memory = &device->node.island->memory;
    struct sim_judge_stream *found = find_stream(judge, stream->name);
    if (found != NULL) {
        return found;
    }
    judge->streams = memory_grow(memory, judge->streams, &judge->capacity, judge->count + 1,
                                 sizeof *judge->streams);
    found = &judge->streams[judge->count++];
    *found = (struct sim_judge_stream){.name = stream->name};
    for (unsigned side = 0; side < SIM_ENDS; side++) {
        buffer_init(&found->parts[side], memory);
    }
    return found;
}

static void hear_broker(struct sim_device *device, uint64_t name, enum sim_side sender,
                        struct bytes packet) {
    struct sim_judge *judge = device->rare->judge;
    struct memory *memory = &device->node.island->memory;
    if (sender == SIM_CLIENT_END && packet.data[0] >> 4 == MQTT_CONNECT) {
        if (judge->current !=
            0) { // it takes over, and the old connection may have had unsent output
            flow_watch_closed(&judge->broker, device->broker->plan->store_ns > 0);
        }
        judge->current = name;
        flow_watch_connected(&judge->broker, memory);
    }
    if (judge->current != name) {
        return;
    }
    if (sender == SIM_CLIENT_END) {
        flow_watch_received(&judge->broker, memory, packet);
        return;
    }
    note(device, packet, false);
    report(device, flow_watch_sent(&judge->broker, memory, packet));
}

void sim_judge_broker(struct sim_device *device, const struct sim_stream *stream,
                      enum sim_side sender, struct bytes bytes) {
    struct sim_judge_stream *heard = stream_of(device, stream);
    struct buffer *part = &heard->parts[sender];
    struct mqtt_frame frame;
    if (heard->is_lost) {
        return;
    }
    buffer_append(part, bytes);
    size_t at = 0;
    enum mqtt_frame_state state = MQTT_FRAME_PART;
    for (;;) {
        struct bytes rest = bytes_make(part->data + at, part->size - at);
        state = mqtt_frame_read(rest, &frame);
        if (state != MQTT_FRAME_WHOLE) {
            break;
        }
        hear_broker(device, stream->name, sender, bytes_make(rest.data, frame.bytes));
        at += frame.bytes;
    }
    heard->is_lost = state == MQTT_FRAME_MALFORMED;
    buffer_consume(part, at);
}

void sim_judge_closed(struct sim_device *device, const struct sim_stream *stream, bool has_unsent) {
    struct sim_judge *judge = device->rare->judge;
    struct sim_judge_stream *found = find_stream(judge, stream->name);
    if (found != NULL) {
        remove_stream(judge, (uint32_t)(found - judge->streams));
    }
    if (judge->current == stream->name) {
        judge->current = 0;
        flow_watch_closed(&judge->broker, has_unsent);
    }
}

void sim_judge_broker_ended(struct sim_device *device, bool keeps) {
    struct sim_judge *judge = device->rare->judge;
    while (judge->count > 0) {
        remove_stream(judge, judge->count - 1);
    }
    judge->current = 0;
    if (keeps) {
        flow_watch_restored(&judge->broker);
    } else {
        flow_watch_forget(&judge->broker, &device->node.island->memory);
    }
}

// ---- both ---------------------------------------------------------------------------------------

void sim_judge_accused(struct sim_device *device, bool by_broker) {
    const struct sim_judge *judge = device->rare->judge;
    const struct flow_watch *accuser = by_broker ? &judge->broker : &judge->client;
    const struct flow_watch *accused = by_broker ? &judge->client : &judge->broker;
    report(device, flow_watch_accusation(accuser, accused));
}

bool sim_judge_is_still(const struct sim_device *device) {
    const struct sim_stream *stream = device->mqtt.stream;
    bool is_held = device->broker->plan->store_ns > 0 && stream->connection != NULL &&
                   mqtt_door_has_unsent(stream->connection);
    return sim_way_first(&stream->way[SIM_CLIENT_END]) == NULL &&
           sim_way_first(&stream->way[SIM_BROKER_END]) == NULL && !is_held;
}

static bool leaves_unread(const struct sim_device *device) {
    const struct sim_piece *piece = sim_way_first(&device->mqtt.stream->way[SIM_BROKER_END]);
    return device->mqtt.mischief != NULL && piece != NULL &&
           piece->due + PLAN_SECOND <= device->node.island->now;
}

void sim_judge_rest(struct sim_device *device) {
    const struct sim_judge *judge = device->rare->judge;
    const struct sim_stream *stream = device->mqtt.stream;
    bool is_up = stream != NULL && device->is_connected && stream->name == judge->current;
    if (is_up && leaves_unread(device)) {
        sim_judge_note_bad(device);
    }
    if (!is_up || !sim_judge_is_still(device)) {
        return;
    }
    enum check_rule broken = flow_watch_rest(&judge->client);
    report(device, broken != CHECK_RULES ? broken : flow_watch_rest(&judge->broker));
}
