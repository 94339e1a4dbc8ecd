#include "sim/device/mischief.h"

#include "base/assert.h"
#include "mqtt/packet.h"

#define THE_ID 1u // of all its messages
#define LENGTH_MAX 268435455u

void sim_mischief_init(struct sim_mischief *mischief, struct memory *memory) {
    buffer_init(&mischief->rest, memory);
    buffer_init(&mischief->out, memory);
}

void sim_mischief_deinit(struct sim_mischief *mischief) {
    buffer_deinit(&mischief->rest);
    buffer_deinit(&mischief->out);
}

void sim_mischief_begin(struct sim_mischief *mischief) {
    mischief->rest.size = 0;
}

static bool is_left_out(const struct sim_mischief *mischief, uint8_t type) {
    bool is_answer = type >= MQTT_PUBACK && type <= MQTT_PUBCOMP;
    return (is_answer && (mischief->bad & PLAN_BAD_NO_ACKNOWLEDGEMENT) != 0) ||
           (type == MQTT_PINGREQ && (mischief->bad & PLAN_BAD_NO_PING) != 0);
}

// The head of a packet that is larger than its broker takes, whatever follows.
static void say_too_much(struct sim_mischief *mischief, struct bytes packet) {
    uint32_t left = mischief->packet_most < LENGTH_MAX ? mischief->packet_most : LENGTH_MAX;
    buffer_append_byte(&mischief->out, packet.data[0]);
    for (unsigned i = 0; i < 4; i++) {
        uint8_t byte = (uint8_t)(left & 127);
        left >>= 7;
        buffer_append_byte(&mischief->out, (uint8_t)(byte | (left > 0 ? 128 : 0)));
        if (left == 0) {
            return;
        }
    }
}

static void make_one_id(uint8_t *packet, const struct mqtt_frame *frame) {
    if ((packet[0] >> 1 & 3) > 0) {
        const uint8_t *body = packet + frame->head_bytes;
        ASSERT(frame->bytes >= frame->head_bytes + 4u); // its role behaves
        uint8_t *id = packet + frame->head_bytes + 2 + (body[0] << 8 | body[1]);
        id[0] = 0;
        id[1] = THE_ID;
    }
}

static void spoil_publish(struct sim_mischief *mischief, struct bytes packet,
                          const struct mqtt_frame *frame) {
    if ((mischief->bad & PLAN_BAD_GARBAGE) != 0) {
        static const uint8_t garbage[] = {0, 0}; // there is no type 0
        buffer_append(&mischief->out, bytes_make(garbage, sizeof garbage));
        return;
    }
    if ((mischief->bad & PLAN_BAD_OVERSIZE) != 0) {
        say_too_much(mischief, packet);
        return;
    }
    size_t at = mischief->out.size;
    buffer_append(&mischief->out, packet);
    if ((mischief->bad & PLAN_BAD_SAME_ID) != 0) {
        make_one_id(mischief->out.data + at, frame);
    }
    mischief->sent(mischief->context, bytes_make(mischief->out.data + at, packet.size));
}

static void spoil_packet(struct sim_mischief *mischief, struct bytes packet,
                         const struct mqtt_frame *frame) {
    uint8_t type = packet.data[0] >> 4;
    if (is_left_out(mischief, type)) {
        return;
    }
    if (type == MQTT_PUBLISH) {
        spoil_publish(mischief, packet, frame);
    } else {
        buffer_append(&mischief->out, packet);
        mischief->sent(mischief->context, packet);
    }
}

struct bytes sim_mischief_spoil(struct sim_mischief *mischief, struct bytes output, uint64_t now) {
    mischief->out.size = 0;
    buffer_append(&mischief->rest, output);
    size_t at = 0;
    for (;;) {
        struct bytes left = bytes_make(mischief->rest.data + at, mischief->rest.size - at);
        struct mqtt_frame frame;
        if (mqtt_frame_read(left, &frame) != MQTT_FRAME_WHOLE) {
            break;
        }
        spoil_packet(mischief, bytes_make(left.data, frame.bytes), &frame);
        at += frame.bytes;
    }
    buffer_consume(&mischief->rest, at);
    mischief->sent_at = mischief->out.size > 0 ? now : mischief->sent_at;
    return buffer_bytes(&mischief->out);
}

bool sim_mischief_reads_not(struct sim_mischief *mischief, uint64_t stream) {
    if ((mischief->bad & PLAN_BAD_DOES_NOT_READ) == 0) {
        return false;
    }
    bool has_begun = mischief->reads_of == stream; // CONNACK is read
    mischief->reads_of = stream;
    return has_begun;
}
