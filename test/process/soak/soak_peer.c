#include "process/soak/soak_peer.h"

#include "support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_BYTES 8u

void soak_peer_open(struct soak_peer *peer, uint16_t port, const struct mqtt_packet *opening) {
    struct sockaddr_in place = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    peer->version = (enum mqtt_version)opening->connect.version;
    peer->is_deaf = false;
    peer->in_size = peer->out_size = 0;
    assert_true(peer->fd >= 0);
    assert_true(connect(peer->fd, (const struct sockaddr *)&place, sizeof place) == 0 ||
                errno == EINPROGRESS);
    assert_true(soak_peer_say(peer, opening));
}

void soak_peer_close(struct soak_peer *peer) {
    if (peer->fd >= 0) {
        close(peer->fd);
        peer->fd = -1;
    }
}

bool soak_peer_say(struct soak_peer *peer, const struct mqtt_packet *packet) {
    size_t size = mqtt_encoded_size(packet, peer->version);
    if (size > sizeof peer->out - peer->out_size) {
        return false;
    }
    (void)mqtt_encode(packet, peer->version, peer->out + peer->out_size);
    peer->out_size += size;
    return true;
}

void soak_peer_subscribe(struct soak_peer *peer, const char *filter, uint8_t options) {
    uint8_t run[64];
    assert_true(MQTT_FILTER_SIZE(strlen(filter)) <= sizeof run);
    uint8_t *end = mqtt_filter_write(MQTT_SUBSCRIBE, run, bytes_of_text(filter), options);
    struct mqtt_packet packet = {.type = MQTT_SUBSCRIBE,
                                 .packet_id = 1,
                                 .filters = {bytes_make(run, (size_t)(end - run)), 1}};
    (void)soak_peer_say(peer, &packet);
}

static void answer(struct soak_peer *peer, const struct mqtt_packet *packet) {
    struct mqtt_packet said = {.packet_id = packet->packet_id};
    switch ((int)packet->type) {
    case MQTT_PUBLISH:
        said.packet_id = packet->publish.packet_id;
        said.type = packet->publish.qos == 2 ? MQTT_PUBREC : MQTT_PUBACK;
        if (packet->publish.qos == 0) {
            return;
        }
        break;
    case MQTT_PUBREC:
        said.type = MQTT_PUBREL;
        break;
    case MQTT_PUBREL:
        said.type = MQTT_PUBCOMP;
        break;
    default:
        return;
    }
    assert_true(soak_peer_say(peer, &said));
}

// As long as there is room for the answers.
static void take_packets(struct soak_peer *peer, soak_peer_told *told, void *owner) {
    size_t taken = 0;
    struct mqtt_frame frame;
    while (sizeof peer->out - peer->out_size >= ANSWER_BYTES &&
           mqtt_frame_read(bytes_make(peer->in + taken, peer->in_size - taken), &frame) ==
               MQTT_FRAME_WHOLE) {
        struct mqtt_packet packet = {0};
        assert_int_equal(mqtt_decode(&packet, bytes_make(peer->in + taken, frame.bytes),
                                     peer->version, MQTT_FROM_SERVER, NULL),
                         MQTT_SUCCESS);
        told(owner, &packet);
        answer(peer, &packet);
        taken += frame.bytes;
    }
    memmove(peer->in, peer->in + taken, peer->in_size - taken);
    peer->in_size -= taken;
}

static bool has_failed(ssize_t done) {
    return done < 0 && errno != EAGAIN && errno != EINTR;
}

static bool receive(struct soak_peer *peer) {
    size_t room = sizeof peer->in - peer->in_size;
    if (room == 0 || peer->is_deaf) {
        return true;
    }
    ssize_t got = recv(peer->fd, peer->in + peer->in_size, room, 0);
    peer->in_size += got > 0 ? (size_t)got : 0;
    return got != 0 && !has_failed(got);
}

static bool transmit(struct soak_peer *peer) {
    if (peer->out_size == 0) {
        return true;
    }
    ssize_t sent = send(peer->fd, peer->out, peer->out_size, MSG_NOSIGNAL);
    if (sent > 0) {
        peer->out_size -= (size_t)sent;
        memmove(peer->out, peer->out + sent, peer->out_size);
    }
    return !has_failed(sent);
}

bool soak_peer_serve(struct soak_peer *peer, soak_peer_told *told, void *owner) {
    bool is_open = receive(peer);
    take_packets(peer, told, owner);
    is_open = is_open && transmit(peer);
    if (!is_open) {
        soak_peer_close(peer);
    }
    return is_open;
}
