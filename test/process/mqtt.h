// What tests of the MQTT door share: brokers with all kinds of listeners, certificates, and a
// client by hand that looks at each packet.
#ifndef TEST_PROCESS_MQTT_H
#define TEST_PROCESS_MQTT_H

#include "http.h"
#include "mqtt/packet.h"

#define MQTT_PACKET_ROOM (256u * 1024)
#define MQTT_URL_SIZE 160

#define ALL_LISTENERS                                                                              \
    "--mqtt", "0", "--mqtts", "0", "--websocket", "0", "--websockets", "0", "--mqtt-unix", "door", \
        "--tls-certificate", "cert.pem", "--tls-key", "key.pem"

// ---- other programs -------------------------------------------------------------------------

// The path of a program of the system, in a buffer of the function's own; NULL: there is none.
static inline const char *mqtt_find_program(const char *name) {
    static const char *const folders[] = {"/usr/bin", "/usr/local/bin", "/bin", "/usr/sbin",
                                          "/opt/homebrew/bin"};
    static char paths[8][64];
    static size_t next;
    char *path = paths[next++ % 8];
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        (void)snprintf(path, sizeof paths[0], "%s/%s", folders[i], name);
        if (access(path, X_OK) == 0) {
            return path;
        }
    }
    return NULL;
}

// The same, or the test is skipped.
static inline const char *mqtt_need_program(const char *name) {
    const char *path = mqtt_find_program(name);
    if (path == NULL) {
        print_message("not tested: there is no %s; install it\n", name);
        skip();
    }
    return path;
}

// Runs a line of a shell in the test's folder until it ends.
static inline struct process *mqtt_shell(const char *line) {
    struct process *shell = process_start("/bin/sh", "-c", line);
    (void)process_collect(shell);
    return shell;
}

// A certificate of localhost that vouches for itself: NAME.pem (and NAME's key in key file).
static inline void mqtt_make_certificate(const char *certificate, const char *key) {
    char line[512];
    (void)mqtt_need_program("openssl");
    (void)snprintf(line, sizeof line,
                   "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                   "-keyout %s -out %s -days 30 -subj /CN=localhost "
                   "-addext subjectAltName=DNS:localhost,IP:127.0.0.1",
                   key, certificate);
    process_assert_code(mqtt_shell(line), 0);
}

// ---- brokers --------------------------------------------------------------------------------

// The port behind this text of what the broker says of itself.
static inline uint16_t mqtt_port(struct process *broker, const char *what) {
    if (strstr(process_text(&broker->err), what) == NULL) {
        process_await_err(broker, what);
    }
    (void)process_pump(-1, 0);
    const char *at = strstr(process_text(&broker->err), what) + strlen(what);
    while (strchr(at, ' ') == NULL) {
        (void)process_pump(-1, PROCESS_TURN_MS);
        at = strstr(process_text(&broker->err), what) + strlen(what);
    }
    return (uint16_t)strtoul(at, NULL, 10);
}

#define MQTT_TCP "MQTT at port "
#define MQTT_TLS "MQTT over TLS at port "
#define MQTT_WS "MQTT over WebSocket at port "
#define MQTT_WSS "MQTT over WebSocket and TLS at port "

// What the broker makes of user:password for its file "passwords".
static inline void mqtt_append_password(const char *option, const char *credentials) {
    char *name = process_program("broker");
    char line[2 * PATH_MAX];
    (void)snprintf(line, sizeof line, "umask 077; echo '%s' | '%s' %s >>passwords", credentials,
                   name, option);
    free(name);
    process_assert_code(mqtt_shell(line), 0);
}

// ---- a client by hand -----------------------------------------------------------------------

struct mqtt_hand {
    int fd;
    enum mqtt_version version;
    uint8_t bytes[MQTT_PACKET_ROOM]; // of the newest packet
};

// A failed assertion leaves the test by a jump, and what it has not freed; this keeps it in sight.
static struct mqtt_hand mqtt_hands[4];

static inline void mqtt_hand_send(struct mqtt_hand *hand, const struct mqtt_packet *packet) {
    size_t size = mqtt_encoded_size(packet, hand->version);
    uint8_t *bytes = malloc(size);
    assert_non_null(bytes);
    (void)mqtt_encode(packet, hand->version, bytes);
    http_send_bytes(hand->fd, bytes_make(bytes, size));
    free(bytes);
}

// The next packet, borrowed until the next; false: the connection has ended.
static inline bool mqtt_hand_take(struct mqtt_hand *hand, struct mqtt_packet *packet) {
    struct mqtt_frame frame = {0};
    size_t size = 0;
    while (mqtt_frame_read(bytes_make(hand->bytes, size), &frame) != MQTT_FRAME_WHOLE) {
        size_t wanted = frame.bytes > size ? frame.bytes - size : 1;
        assert_true(size + wanted <= sizeof hand->bytes);
        size_t got = http_take(hand->fd, (char *)hand->bytes + size, wanted);
        if (got == 0) {
            return false;
        }
        size += got;
    }
    assert_int_equal(
        mqtt_decode(packet, bytes_make(hand->bytes, size), hand->version, MQTT_FROM_SERVER, NULL),
        MQTT_SUCCESS);
    return true;
}

// The next packet has to be of this type.
static inline struct mqtt_packet mqtt_hand_expect(struct mqtt_hand *hand, enum mqtt_type type) {
    struct mqtt_packet packet = {0};
    assert_true(mqtt_hand_take(hand, &packet));
    if (packet.type != type) {
        print_error("%s in place of %s\n", mqtt_type_name(packet.type), mqtt_type_name(type));
    }
    assert_int_equal(packet.type, type);
    return packet;
}

// Sends the CONNECT; the CONNACK's reason, or -1 if the connection ends without one.
static inline int mqtt_hand_ask(struct mqtt_hand *hand, const struct mqtt_connect *connect) {
    struct mqtt_packet packet = {.type = MQTT_CONNECT, .connect = *connect};
    hand->version = (enum mqtt_version)connect->version;
    mqtt_hand_send(hand, &packet);
    if (!mqtt_hand_take(hand, &packet)) {
        return -1;
    }
    assert_int_equal(packet.type, MQTT_CONNACK);
    return packet.reason;
}

// Connected anew at the port; `place` is its place among those by hand.
static inline struct mqtt_hand *mqtt_hand_connect(size_t place, uint16_t port,
                                                  enum mqtt_version version, const char *name) {
    struct mqtt_hand *hand = &mqtt_hands[place];
    hand->fd = http_dial(port);
    struct mqtt_connect connect = {
        .version = (uint8_t)version, .clean_start = true, .client_id = bytes_of_text(name)};
    assert_int_equal(mqtt_hand_ask(hand, &connect), 0);
    return hand;
}

static inline void mqtt_hand_subscribe(struct mqtt_hand *hand, const char *filter, uint8_t qos) {
    uint8_t run[64];
    uint8_t *end = mqtt_filter_write(MQTT_SUBSCRIBE, run, bytes_of_text(filter), qos);
    struct mqtt_packet packet = {.type = MQTT_SUBSCRIBE,
                                 .packet_id = 1,
                                 .filters = {bytes_make(run, (size_t)(end - run)), 1}};
    mqtt_hand_send(hand, &packet);
    (void)mqtt_hand_expect(hand, MQTT_SUBACK);
}

static inline void mqtt_hand_publish(struct mqtt_hand *hand, const char *topic,
                                     struct bytes payload) {
    struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                 .publish = {.topic = bytes_of_text(topic), .payload = payload}};
    mqtt_hand_send(hand, &packet);
}

#endif
