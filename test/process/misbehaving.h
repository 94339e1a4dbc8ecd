// An MQTT broker that breaks one rule, for the tests of the program load. It hands each message
// that is published to every connection that has subscribed to anything, keeps all the rules but
// one, and is a process of its own, which ends when its last connection does.
#ifndef TEST_PROCESS_MISBEHAVING_H
#define TEST_PROCESS_MISBEHAVING_H

#include "process.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "mqtt/packet.h"

enum misbehaviour {
    MISBEHAVES_NOT,
    NO_CONNACK,
    NO_SUBACK,
    NO_PUBACK,
    NO_PUBREC,
    NO_PUBREL,
    NO_PUBCOMP,
    NO_PINGRESP,
    LOWER_QOS,
    HIGHER_QOS,
    // Of every tenth message.
    LOSES,
    REPEATS,
    REPEATS_WITH_DUP,
    REORDERS,
    CUTS_THE_END,
    CUTS_THE_HEAD,
    CHANGES_BYTE_31,
    CHANGES_BYTE_9,
    CHANGES_THE_TOPIC,
    // After 50 messages.
    HANGS,
    RESETS,
    NEVER_STOPS_REPEATING, // the 50th, until the end
    // To members of a group.
    ALL_TO_ONE_MEMBER,
    ALL_TO_ALL_MEMBERS,
};

#define MISBEHAVING_LINKS 8
#define MISBEHAVING_ROOM 65536

struct misbehaving_link {
    int fd; // -1: closed
    bool has_subscribed;
    uint8_t data[MISBEHAVING_ROOM];
    size_t size;
};

struct misbehaving_broker {
    enum misbehaviour fault;
    int listener;
    bool is_5;
    struct misbehaving_link links[MISBEHAVING_LINKS];
    size_t link_count;
    uint32_t messages;
    uint16_t last_id;
    uint8_t held[1024]; // a message that is to come late
    struct mqtt_publish held_message;
};

static inline void misbehaving_say(const struct misbehaving_link *link, const void *data,
                                   size_t size) {
    const uint8_t *at = data;
    while (size > 0 && link->fd >= 0) {
        ssize_t sent = send(link->fd, at, size, MSG_NOSIGNAL);
        if (sent <= 0) {
            return;
        }
        at += sent;
        size -= (size_t)sent;
    }
}

static inline void misbehaving_answer(const struct misbehaving_link *link, enum mqtt_type type,
                                      uint16_t id) {
    uint8_t flags = type == MQTT_PUBREL ? 2 : 0;
    uint8_t bytes[4] = {(uint8_t)(type << 4 | flags), 2, (uint8_t)(id >> 8), (uint8_t)id};
    misbehaving_say(link, bytes, sizeof bytes);
}

// ---- handing on -----------------------------------------------------------------------------

static inline void misbehaving_send(struct misbehaving_broker *broker,
                                    const struct misbehaving_link *link,
                                    const struct mqtt_publish *message) {
    struct mqtt_packet packet = {.type = MQTT_PUBLISH, .publish = *message};
    enum mqtt_version version = broker->is_5 ? MQTT_5 : MQTT_3_1_1;
    uint8_t bytes[2048];
    if (packet.publish.qos > 0 && !message->dup) {
        broker->last_id = broker->last_id == UINT16_MAX ? 1 : (uint16_t)(broker->last_id + 1);
    }
    packet.publish.packet_id = packet.publish.qos > 0 ? broker->last_id : 0;
    size_t size = mqtt_encoded_size(&packet, version);
    assert_true(size <= sizeof bytes);
    (void)mqtt_encode(&packet, version, bytes);
    misbehaving_say(link, bytes, size);
}

static inline void misbehaving_hold(struct misbehaving_broker *broker,
                                    const struct mqtt_publish *message) {
    size_t topic = message->topic.size;
    assert_true(topic + message->payload.size <= sizeof broker->held);
    memcpy(broker->held, message->topic.data, topic);
    memcpy(broker->held + topic, message->payload.data, message->payload.size);
    broker->held_message = *message;
    broker->held_message.topic.data = broker->held;
    broker->held_message.payload.data = broker->held + topic;
}

static inline void misbehaving_spoil(enum misbehaviour fault, struct mqtt_publish *message) {
    uint8_t *payload = (uint8_t *)(uintptr_t)message->payload.data; // it lies in the link's room
    uint8_t *topic = (uint8_t *)(uintptr_t)message->topic.data;
    if (fault == CUTS_THE_END) {
        message->payload.size--;
    } else if (fault == CUTS_THE_HEAD) {
        message->payload.size = 10;
    } else if (fault == CHANGES_BYTE_31) {
        payload[31] ^= 0x10;
    } else if (fault == CHANGES_BYTE_9) {
        payload[9] ^= 0x10;
    } else if (fault == CHANGES_THE_TOPIC) {
        topic[message->topic.size - 1] ^= 1;
    }
}

static inline void misbehaving_hand_on(struct misbehaving_broker *broker,
                                       const struct misbehaving_link *link,
                                       struct mqtt_publish message) {
    enum misbehaviour fault = broker->fault;
    uint32_t place = broker->messages % 10;
    if (fault == LOWER_QOS) {
        message.qos--;
    } else if (fault == HIGHER_QOS) {
        message.qos++;
    } else if (place == 8 && fault == REORDERS) {
        misbehaving_hold(broker, &message);
        return;
    } else if (place == 9 && fault == LOSES) {
        return;
    } else if (place == 9) {
        misbehaving_spoil(fault, &message);
    }
    misbehaving_send(broker, link, &message);
    if (place == 9 && (fault == REPEATS || fault == REPEATS_WITH_DUP)) {
        message.dup = fault == REPEATS_WITH_DUP;
        misbehaving_send(broker, link, &message);
    } else if (place == 9 && fault == REORDERS) {
        misbehaving_send(broker, link, &broker->held_message);
    }
}

// It stops when the other end is gone.
static inline void misbehaving_repeat(struct misbehaving_broker *broker,
                                      const struct misbehaving_link *link,
                                      const struct mqtt_publish *message) {
    uint8_t byte;
    while (recv(link->fd, &byte, 1, MSG_DONTWAIT) != 0) {
        misbehaving_send(broker, link, message);
        (void)usleep(1000);
    }
    _exit(0);
}

static inline void misbehaving_disappear(struct misbehaving_broker *broker) {
    for (size_t i = 0; i < broker->link_count; i++) {
        struct linger linger = {.l_onoff = 1};
        (void)setsockopt(broker->links[i].fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
        close(broker->links[i].fd);
    }
    _exit(0);
}

static inline void misbehaving_publish(struct misbehaving_broker *broker,
                                       const struct mqtt_publish *message) {
    bool is_late = broker->messages == 50;
    if (is_late && broker->fault == RESETS) {
        misbehaving_disappear(broker);
    }
    while (is_late && broker->fault == HANGS) {
        (void)pause();
    }
    bool is_handed_on = false;
    for (size_t i = 0; i < broker->link_count; i++) {
        struct misbehaving_link *link = &broker->links[i];
        if (!link->has_subscribed || (is_handed_on && broker->fault == ALL_TO_ONE_MEMBER)) {
            continue;
        }
        misbehaving_hand_on(broker, link, *message);
        is_handed_on = true;
        if (is_late && broker->fault == NEVER_STOPS_REPEATING) {
            misbehaving_repeat(broker, link, message);
        }
    }
    broker->messages++;
}

// ---- what clients say -----------------------------------------------------------------------

static inline void misbehaving_accept(struct misbehaving_broker *broker,
                                      const struct misbehaving_link *link,
                                      const struct mqtt_packet *packet) {
    broker->is_5 = packet->connect.version == MQTT_5;
    static const uint8_t accepted[] = {MQTT_CONNACK << 4, 3, 0, 0, 0};
    uint8_t bytes[sizeof accepted];
    memcpy(bytes, accepted, sizeof bytes);
    bytes[1] = broker->is_5 ? 3 : 2;
    if (broker->fault != NO_CONNACK) {
        misbehaving_say(link, bytes, bytes[1] + 2u);
    }
}

// Grants what is asked for: all filters of a load ask for the same.
static inline void misbehaving_subscribe(struct misbehaving_broker *broker,
                                         struct misbehaving_link *link,
                                         const struct mqtt_packet *packet) {
    uint8_t qos = packet->filters.run.data[packet->filters.run.size - 1] & 3;
    uint8_t codes[256];
    memset(codes, qos, sizeof codes);
    assert_true(packet->filters.count <= sizeof codes);
    struct mqtt_packet answer = {.type = MQTT_SUBACK,
                                 .packet_id = packet->packet_id,
                                 .codes = bytes_make(codes, packet->filters.count)};
    enum mqtt_version version = broker->is_5 ? MQTT_5 : MQTT_3_1_1;
    uint8_t bytes[512];
    (void)mqtt_encode(&answer, version, bytes);
    link->has_subscribed = true;
    if (broker->fault != NO_SUBACK) {
        misbehaving_say(link, bytes, mqtt_encoded_size(&answer, version));
    }
}

static inline void misbehaving_take_publish(struct misbehaving_broker *broker,
                                            const struct misbehaving_link *link,
                                            const struct mqtt_packet *packet) {
    if (packet->publish.qos == 1 && broker->fault != NO_PUBACK) {
        misbehaving_answer(link, MQTT_PUBACK, packet->publish.packet_id);
    } else if (packet->publish.qos == 2 && broker->fault != NO_PUBREC) {
        misbehaving_answer(link, MQTT_PUBREC, packet->publish.packet_id);
    }
    misbehaving_publish(broker, &packet->publish);
}

static inline void misbehaving_handle(struct misbehaving_broker *broker,
                                      struct misbehaving_link *link,
                                      const struct mqtt_packet *packet) {
    if (packet->type == MQTT_CONNECT) {
        misbehaving_accept(broker, link, packet);
    } else if (packet->type == MQTT_SUBSCRIBE) {
        misbehaving_subscribe(broker, link, packet);
    } else if (packet->type == MQTT_PUBLISH) {
        misbehaving_take_publish(broker, link, packet);
    } else if (packet->type == MQTT_PUBREL && broker->fault != NO_PUBCOMP) {
        misbehaving_answer(link, MQTT_PUBCOMP, packet->packet_id);
    } else if (packet->type == MQTT_PUBREC && broker->fault != NO_PUBREL) {
        misbehaving_answer(link, MQTT_PUBREL, packet->packet_id);
    } else if (packet->type == MQTT_PINGREQ && broker->fault != NO_PINGRESP) {
        misbehaving_say(link, "\xd0", 2);
    } else if (packet->type == MQTT_DISCONNECT) {
        close(link->fd);
        link->fd = -1;
    }
}

// ---- the process ----------------------------------------------------------------------------

static inline void misbehaving_read(struct misbehaving_broker *broker,
                                    struct misbehaving_link *link) {
    ssize_t got = recv(link->fd, link->data + link->size, sizeof link->data - link->size, 0);
    if (got <= 0) {
        close(link->fd);
        link->fd = -1;
        return;
    }
    link->size += (size_t)got;
    size_t at = 0;
    struct mqtt_frame frame;
    while (link->fd >= 0 && mqtt_frame_read(bytes_make(link->data + at, link->size - at), &frame) ==
                                MQTT_FRAME_WHOLE) {
        struct mqtt_packet packet;
        const char *why = NULL;
        assert_int_equal(mqtt_decode(&packet, bytes_make(link->data + at, frame.bytes),
                                     broker->is_5 ? MQTT_5 : MQTT_3_1_1, MQTT_FROM_CLIENT, &why),
                         MQTT_SUCCESS);
        misbehaving_handle(broker, link, &packet);
        at += frame.bytes;
    }
    memmove(link->data, link->data + at, link->size - at);
    link->size -= at;
}

static inline _Noreturn void misbehaving_run(struct misbehaving_broker *broker) {
    bool is_over = false;
    while (!is_over) {
        struct pollfd places[MISBEHAVING_LINKS + 1];
        for (size_t i = 0; i < broker->link_count; i++) {
            places[i] = (struct pollfd){.fd = broker->links[i].fd, .events = POLLIN};
        }
        places[broker->link_count] = (struct pollfd){.fd = broker->listener, .events = POLLIN};
        (void)poll(places, broker->link_count + 1, -1);
        is_over = broker->link_count > 0;
        for (size_t i = 0; i < broker->link_count; i++) {
            if (places[i].revents != 0 && broker->links[i].fd >= 0) {
                misbehaving_read(broker, &broker->links[i]);
            }
            is_over = is_over && broker->links[i].fd < 0;
        }
        if (places[broker->link_count].revents != 0) {
            assert_true(broker->link_count < MISBEHAVING_LINKS);
            struct misbehaving_link *link = &broker->links[broker->link_count++];
            *link = (struct misbehaving_link){.fd = accept(broker->listener, NULL, NULL)};
            is_over = false;
        }
    }
    _exit(0);
}

// Starts one at a free port, which is written as text.
static inline pid_t misbehaving_start(enum misbehaviour fault, char port[8]) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, MISBEHAVING_LINKS), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    (void)snprintf(port, 8, "%u", ntohs(address.sin_port));
    pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        static struct misbehaving_broker broker;
        broker.fault = fault;
        broker.listener = listener;
        misbehaving_run(&broker);
    }
    close(listener);
    return process;
}

static inline void misbehaving_end(pid_t process) {
    (void)kill(process, SIGKILL);
    assert_int_equal(waitpid(process, NULL, 0), process);
}

#endif
