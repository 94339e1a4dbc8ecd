#include "feed.h"

#include "brokers.h"
#include "client.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mqtt/packet.h"

#define BATCH 200 // messages that are sent before they are acknowledged
#define PACKET_MAX 256
#define PUBACK_BYTES 4
#define SUBACK_BYTES 5

size_t bench_feed_topic(char name[static BENCH_FEED_NAME_SIZE], uint32_t number) {
    return (size_t)snprintf(name, BENCH_FEED_NAME_SIZE, "kept/%u/%u", number / 1000, number % 1000);
}

size_t bench_feed_session(char name[static BENCH_FEED_NAME_SIZE], uint32_t number) {
    return (size_t)snprintf(name, BENCH_FEED_NAME_SIZE, "absent-%u", number);
}

static void send_all(int fd, const uint8_t *bytes, size_t size) {
    for (size_t sent = 0; sent < size;) {
        ssize_t more = send(fd, bytes + sent, size - sent, MSG_NOSIGNAL);
        if (more <= 0) {
            bench_fail("the broker to be filled went away");
        }
        sent += (size_t)more;
    }
}

static void read_all(int fd, size_t size) {
    uint8_t bytes[BATCH * PUBACK_BYTES];
    if (recv(fd, bytes, size, MSG_WAITALL) != (ssize_t)size) {
        bench_fail("the broker to be filled does not answer");
    }
}

// A run of messages of QoS 1, which the broker has when this returns.
struct batch {
    int fd;
    const struct bench_feed *feed;
    uint8_t bytes[BATCH * PACKET_MAX];
    size_t size;
    uint16_t count;
};

static void flush(struct batch *batch) {
    send_all(batch->fd, batch->bytes, batch->size);
    read_all(batch->fd, (size_t)batch->count * PUBACK_BYTES);
    batch->size = batch->count = 0;
}

static void publish(struct batch *batch, const char *topic, size_t topic_size, bool retain) {
    static const uint8_t payload[PACKET_MAX / 2];
    struct mqtt_packet packet = {
        .type = MQTT_PUBLISH,
        .publish = {.packet_id = ++batch->count,
                    .topic = bytes_make(topic, topic_size),
                    .payload = bytes_make(payload, batch->feed->payload_bytes),
                    .qos = 1,
                    .retain = retain}};
    uint8_t *at = batch->bytes + batch->size;
    batch->size += (size_t)(mqtt_encode(&packet, MQTT_3_1_1, at) - at);
    if (batch->count == BATCH) {
        flush(batch);
    }
}

// A session that is to have messages while it is away.
static void add_session(uint16_t port, uint32_t number) {
    char name[BENCH_FEED_NAME_SIZE];
    uint8_t bytes[PACKET_MAX] = {0x82, 0, 0, 1, 0};
    size_t size = bench_feed_session(name, number);
    int fd = bench_client_resume(port, name);
    if (fd < 0) {
        bench_fail("the broker to be filled lets no session in");
    }
    bytes[1] = (uint8_t)(2 + 2 + size + 1);
    bytes[5] = (uint8_t)size;
    memcpy(bytes + 6, name, size);
    bytes[6 + size] = 1;
    send_all(fd, bytes, 6 + size + 1);
    read_all(fd, SUBACK_BYTES);
    send_all(fd, (const uint8_t[]){0xe0, 0}, 2);
    close(fd);
}

void bench_feed(uint16_t port, const struct bench_feed *feed) {
    static struct batch batch;
    char name[BENCH_FEED_NAME_SIZE];
    batch = (struct batch){.fd = bench_client_connect(port, "feed", 4), .feed = feed};
    for (uint32_t i = 0; i < feed->sessions; i++) {
        add_session(port, i);
    }
    for (uint32_t i = 0; i < feed->retained; i++) {
        publish(&batch, name, bench_feed_topic(name, i), true);
    }
    for (uint32_t i = 0; i < feed->sessions * feed->messages; i++) {
        publish(&batch, name, bench_feed_session(name, i % feed->sessions), false);
    }
    flush(&batch);
    close(batch.fd);
}
