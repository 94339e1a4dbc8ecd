// What it costs to decode and to encode a PUBLISH of MQTT, beside a plain copy of the same bytes.
// The packets differ in topics, sizes and payloads, as on a connection, so that no branch is learnt
// by heart.
#include "support.h"

#include <stdio.h>

#include "base/hash.h"
#include "mqtt/packet.h"

#define PACKETS 1024u // they fit a second-level cache, as what was just received does
#define PAYLOAD_SIZE 64u
#define ROOM 192u // for the largest of them
#define ROUNDS 1000u
#define REPEATS 7u // the fastest counts: what disturbs only adds

// One way to publish.
struct kind {
    const char *decode;
    const char *encode;
    enum mqtt_version version;
    uint8_t qos;
    bool has_properties;
};

static uint8_t wire[PACKETS][ROOM];
static size_t sizes[PACKETS];
static uint8_t out[PACKETS][ROOM];
static char topics[PACKETS][32];
static uint8_t payload[PAYLOAD_SIZE];
static size_t topic_sizes[PACKETS];
static struct mqtt_packet packet; // to be encoded
static enum mqtt_version version;

// What the packets of a kind have in common.
static void begin_packet(const struct kind *kind) {
    packet = (struct mqtt_packet){
        .type = MQTT_PUBLISH, .publish = {.qos = kind->qos, .payload = {payload, PAYLOAD_SIZE}}};
    if (kind->has_properties) {
        packet.properties.present = MQTT_HAS(MQTT_MESSAGE_EXPIRY) | MQTT_HAS(MQTT_CONTENT_TYPE);
        packet.properties.content_type = BYTES_LITERAL("text/plain");
    }
}

static void set_packet(uint32_t i) {
    packet.publish.topic = bytes_make(topics[i], topic_sizes[i]);
    packet.publish.packet_id = (uint16_t)(1 + i);
    packet.properties.message_expiry = i;
}

static void make_packets(const struct kind *kind) {
    begin_packet(kind);
    for (uint32_t i = 0; i < PACKETS; i++) {
        uint64_t random = hash_number(i, 1);
        int size = snprintf(topics[i], sizeof topics[i], "site/%u/line/%u/t",
                            (unsigned)(random % 100), (unsigned)(random / 100 % 1000));
        topic_sizes[i] = (size_t)size;
        set_packet(i);
        sizes[i] = mqtt_encoded_size(&packet, version);
        (void)mqtt_encode(&packet, version, wire[i]);
    }
}

static uint64_t decode_all(void) {
    uint64_t faults = 0;
    struct mqtt_packet decoded;
    for (uint32_t i = 0; i < PACKETS; i++) {
        faults += mqtt_decode(&decoded, bytes_make(wire[i], sizes[i]), version, MQTT_FROM_CLIENT,
                              NULL) != MQTT_SUCCESS;
        bench_use(&decoded);
    }
    return faults;
}

// With its size, as a caller needs it to make room.
static uint64_t encode_all(void) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < PACKETS; i++) {
        set_packet(i);
        bytes += mqtt_encoded_size(&packet, version);
        bench_use(mqtt_encode(&packet, version, out[i]));
    }
    return bytes;
}

static uint64_t copy_all(void) {
    for (uint32_t i = 0; i < PACKETS; i++) {
        memcpy(out[i], wire[i], sizes[i]);
        bench_use(out[i]);
    }
    return PACKETS;
}

// Nanoseconds of one packet.
static double time_of(uint64_t (*all)(void)) {
    double best = 0;
    for (uint32_t repeat = 0; repeat < REPEATS; repeat++) {
        uint64_t sum = 0;
        uint64_t start = bench_now();
        for (uint32_t round = 0; round < ROUNDS; round++) {
            sum += all();
        }
        double each = (double)(bench_now() - start) / ROUNDS / PACKETS;
        best = best == 0 || each < best ? each : best;
        bench_use(&sum);
    }
    return best;
}

// Whether the packets are what they should be.
static bool measure(const struct kind *kind) {
    version = kind->version;
    make_packets(kind);
    if (decode_all() != 0) {
        return false;
    }
    double target = kind->has_properties ? 0 : 25;
    struct bench_row row = {
        .unit = "ns", .target = target, .baseline = time_of(copy_all), .baseline_name = "memcpy"};
    row.what = kind->decode;
    row.figure = time_of(decode_all);
    bench_print(&row);
    row.what = kind->encode;
    row.target = 0;
    row.figure = time_of(encode_all);
    bench_print(&row);
    return true;
}

int main(void) {
    static const struct kind kinds[] = {
        {"decode, 3.1.1, QoS 0", "encode, 3.1.1, QoS 0", MQTT_3_1_1, 0, false},
        {"decode, 5.0, QoS 1", "encode, 5.0, QoS 1", MQTT_5, 1, false},
        {"decode, 5.0, QoS 1, two properties", "encode, 5.0, QoS 1, two properties", MQTT_5, 1,
         true},
    };
    bench_title("mqtt: a PUBLISH with a payload of 64 bytes, one core");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!measure(&kinds[i])) {
            printf("the packets are not what they should be\n");
            return 1;
        }
    }
    return 0;
}
