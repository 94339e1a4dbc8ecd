#include "sim/device/mqtt_end.h"

#include "base/assert.h"
#include "sim/rules.h"

static void lose(struct sim_mqtt_end *end, enum sim_ending ending, const char *why, uint64_t now) {
    sim_mqtt_end_leave(end, ending);
    mqtt_client_closed(end->client, why, now);
}

void sim_mqtt_end_leave(struct sim_mqtt_end *end, enum sim_ending ending) {
    struct sim_stream *stream = end->stream;
    end->stream = NULL;
    end->is_open = false;
    if (stream != NULL) {
        sim_stream_close(stream, SIM_CLIENT_END, ending);
    }
}

void sim_mqtt_end_gives_up(struct sim_mqtt_end *end, struct sim_node *node) {
    lose(end, SIM_ENDS_SILENTLY, "connection timed out", node->island->now);
}

// False: nothing more can be taken now.
static bool take_piece(struct sim_mqtt_end *end, struct sim_node *node) {
    uint64_t now = node->island->now;
    const struct sim_piece *piece =
        end->stream == NULL ? NULL : sim_stream_arrived(end->stream, SIM_CLIENT_END);
    if (piece == NULL) {
        return false;
    }
    switch ((enum sim_mark)piece->mark) {
    case SIM_ACCEPT:
        end->is_open = true;
        mqtt_client_opened(end->client, now);
        break;
    case SIM_BYTES:
        if (end->busy_until > now || !mqtt_client_takes_input(end->client) ||
            (end->mischief != NULL && sim_mischief_reads_not(end->mischief, end->stream->name))) {
            return false;
        }
        mqtt_client_receive(end->client, bytes_make(piece->data, piece->size), now);
        break;
    case SIM_FIN:
        lose(end, SIM_ENDS_WITH_FIN, NULL, now);
        return true;
    case SIM_RESET:
        lose(end, SIM_ENDS_SILENTLY, end->is_open ? "connection reset" : "connection refused", now);
        return true;
    case SIM_SYN:
        break;
    }
    sim_stream_take(end->stream, SIM_CLIENT_END);
    return true;
}

// False: there is nothing to send, or no room.
static bool send_output(struct sim_mqtt_end *end, struct sim_node *node) {
    if (!end->is_open) {
        return false;
    }
    ASSERT(end->stream != NULL);
    struct bytes output = mqtt_client_output(end->client);
    size_t room = output.size == 0 ? 0 : sim_stream_room(end->stream, SIM_CLIENT_END);
    if (room == 0) {
        return false;
    }
    output.size = output.size < room ? output.size : room;
    struct bytes said = end->mischief == NULL
                            ? output
                            : sim_mischief_spoil(end->mischief, output, node->island->now);
    if (said.size > 0) {
        sim_rules_send(node->island->rules, end->stream, SIM_CLIENT_END, said, node->island->now);
    }
    mqtt_client_sent(end->client, output.size, node->island->now);
    return true;
}

static void open_stream(struct sim_mqtt_end *end, struct sim_node *node) {
    uint64_t random = sim_random(node->random, SIM_FOR_STREAM, ++end->streams);
    ASSERT(end->stream == NULL && !end->is_open);
    end->stream = sim_stream_open(node, end->broker, random);
    if (end->mischief != NULL) {
        sim_mischief_begin(end->mischief);
    }
}

// True: it was done.
static bool meet_need(struct sim_mqtt_end *end, struct sim_node *node) {
    switch (mqtt_client_need(end->client)) {
    case MQTT_CLIENT_NEEDS_STREAM:
        if (end->stream != NULL) {
            return false; // it is on its way
        }
        open_stream(end, node);
        return true;
    case MQTT_CLIENT_NEEDS_CLOSING:
        lose(end, mqtt_client_aborts(end->client) ? SIM_ENDS_WITH_RESET : SIM_ENDS_WITH_FIN, NULL,
             node->island->now);
        return true;
    case MQTT_CLIENT_NEEDS_NOTHING:
        return false;
    }
    return false;
}

void sim_mqtt_end_pump(struct sim_mqtt_end *end, struct sim_node *node) {
    while (take_piece(end, node) || meet_need(end, node) || send_output(end, node)) {
    }
}
