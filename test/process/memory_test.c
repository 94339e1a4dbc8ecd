// A broker with little memory under clients that make it keep as much as they can: it stays within
// its limit, and serves those who use it well all the while.
#include "mqtt.h"

#include "mqtt/variable.h"

#define SCALE (PROCESS_SLOW ? 8u : 1u)
#define MEMORY (PROCESS_SLOW ? "8M" : "64M")
// 1.3 x the limit + 16 MiB.
#define RESIDENT_MAX_KIB (64u * 1024 * 13 / 10 + 16 * 1024)
#define MIB (1024u * 1024)
#define TEXT_MAX 65535u
#define STUCK_MAX 1200

static struct process *broker;
static uint16_t port;
static struct mqtt_hand *reader;
static struct mqtt_hand *writer;
static int held[STUCK_MAX]; // connections that stay
static size_t held_count;
static uint8_t *filler; // 16 MiB

// ---- those who use it well --------------------------------------------------------------------

static void start_with(const char *memory, const char *packet, const char *queue) {
    struct rlimit files = {4096, 4096};
    (void)setrlimit(RLIMIT_NOFILE, &files);
    mqtt_make_certificate("cert.pem", "key.pem");
    broker = process_start("broker", "--mqtt", "0", "--mqtts", "0", "--tls-certificate", "cert.pem",
                           "--tls-key", "key.pem", "--quiet", "--memory", memory,
                           "--mqtt-max-packet", packet, "--mqtt-max-queue-bytes", queue);
    port = mqtt_port(broker, MQTT_TCP);
    reader = mqtt_hand_connect(0, port, MQTT_5, "reader");
    writer = mqtt_hand_connect(1, port, MQTT_3_1_1, "writer");
    mqtt_hand_subscribe(reader, "well", 1);
    filler = malloc(16 * MIB);
    memset(filler, 'x', 16 * MIB);
}

static void start_broker(void) {
    start_with(MEMORY, "8M", "64M");
}

static void close_hand(struct mqtt_hand *hand) {
    close(hand->fd);
    hand->fd = 0;
}

static void assert_newcomer_is_served(void) {
    struct mqtt_hand *hand = mqtt_hand_connect(2, port, MQTT_5, "new");
    mqtt_hand_subscribe(hand, "own", 0);
    mqtt_hand_publish(hand, "own", BYTES_LITERAL("value"));
    (void)mqtt_hand_expect(hand, MQTT_PUBLISH);
    close_hand(hand);
}

static void assert_serves(void) {
    struct mqtt_packet ping = {.type = MQTT_PINGREQ};
    mqtt_hand_publish(writer, "well", BYTES_LITERAL("value"));
    struct mqtt_packet packet = mqtt_hand_expect(reader, MQTT_PUBLISH);
    assert_int_equal(packet.publish.payload.size, 5);
    mqtt_hand_send(reader, &ping);
    (void)mqtt_hand_expect(reader, MQTT_PINGRESP);
    assert_newcomer_is_served();
}

// A figure of /proc/PID/status, in KiB.
static size_t status_kib(const char *name) {
    char path[64];
    char line[256];
    size_t value = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)broker->id);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, name, strlen(name)) == 0) {
            value = strtoull(line + strlen(name), NULL, 10);
        }
    }
    (void)fclose(file);
    return value;
}

static void end_all(void) {
    while (held_count > 0) {
        close(held[--held_count]);
    }
    close_hand(reader);
    close_hand(writer);
    free(filler);
    process_end(broker);
}

static void end_broker(void) {
    assert_serves();
    size_t most = status_kib("VmHWM:");
    print_message("at most %zu KiB resident\n", most);
    if (!PROCESS_SLOW) { // sanitizers take memory of their own
        assert_in_range(most, 1, RESIDENT_MAX_KIB);
    }
    end_all();
}

// ---- the others -------------------------------------------------------------------------------

// With a socket that takes little before it is read.
static int dial(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int size = 4096;
    struct sockaddr_in place = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_true(fd >= 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    assert_int_equal(connect(fd, (const struct sockaddr *)&place, sizeof place), 0);
    return fd;
}

static void hold(int fd) {
    assert_true(held_count < STUCK_MAX);
    held[held_count++] = fd;
}

static void send_packet(int fd, const struct mqtt_packet *packet, enum mqtt_version version) {
    size_t size = mqtt_encoded_size(packet, version);
    uint8_t *bytes = malloc(size);
    assert_non_null(bytes);
    (void)mqtt_encode(packet, version, bytes);
    http_send_bytes(fd, bytes_make(bytes, size));
    free(bytes);
}

static struct mqtt_packet connect_packet(const char *name) {
    return (struct mqtt_packet){
        .type = MQTT_CONNECT,
        .connect = {.version = MQTT_5, .client_id = bytes_of_text(name)},
        .properties = {.present = MQTT_HAS(MQTT_SESSION_EXPIRY), .session_expiry = 86400}};
}

// Whether it was let in.
static bool send_connect(int fd, const struct mqtt_packet *packet) {
    uint8_t head[130] = {0}; // its length is one byte
    send_packet(fd, packet, MQTT_5);
    for (size_t got = 0, size = 2; got < size; size = 2 + (size_t)(head[1] & 127)) {
        size_t more = http_take(fd, (char *)head + got, size - got);
        if (more == 0) {
            return false;
        }
        got += more;
    }
    return head[0] == MQTT_CONNACK << 4 && head[3] == 0;
}

static int enter_as(const char *name) {
    struct mqtt_packet packet = connect_packet(name);
    int fd = dial();
    (void)send_connect(fd, &packet);
    return fd;
}

static int enter_numbered(const char *name, unsigned number) {
    char text[32];
    (void)snprintf(text, sizeof text, "%s%u", name, number);
    return enter_as(text);
}

static void send_publish(int fd, const char *topic, size_t size, uint8_t qos) {
    struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                 .publish = {.topic = bytes_of_text(topic),
                                             .payload = bytes_make(filler, size),
                                             .qos = qos & 3,
                                             .retain = (qos & 4) != 0,
                                             .packet_id = qos & 3 ? 1 : 0}};
    send_packet(fd, &packet, MQTT_5);
}

static void send_subscribe(int fd, struct bytes filter, uint8_t qos) {
    uint8_t *run = malloc(filter.size + 8);
    uint8_t *end = mqtt_filter_write(MQTT_SUBSCRIBE, run, filter, qos);
    struct mqtt_packet packet = {.type = MQTT_SUBSCRIBE,
                                 .packet_id = 1,
                                 .filters = {bytes_make(run, (size_t)(end - run)), 1}};
    send_packet(fd, &packet, MQTT_5);
    free(run);
}

// Sends as much as the broker takes: it may read no more from who does not read.
static void send_what_is_taken(int fd, struct bytes bytes) {
    struct pollfd place = {.fd = fd, .events = POLLOUT};
    while (bytes.size > 0 && poll(&place, 1, 200) > 0) {
        ssize_t sent = send(fd, bytes.data, bytes.size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0) {
            return;
        }
        bytes = bytes_make(bytes.data + sent, bytes.size - (size_t)sent);
    }
}

// Takes what has come, so that the broker is not held up by what it answers.
static void drain(int fd) {
    char bytes[65536];
    while (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0) {
    }
}

// ---- what they do -----------------------------------------------------------------------------

// 260 KB each: topic, payload and user properties.
static void delayed_wills(void **state) {
    (void)state;
    start_broker();
    uint8_t *more = malloc(140000);
    uint8_t *end = more;
    for (int i = 0; i < 2; i++) {
        end = mqtt_user_property_write(end, bytes_make(filler, 200), bytes_make(filler, TEXT_MAX));
    }
    for (unsigned i = 0; i < 3000 / SCALE; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "will%u", i);
        struct mqtt_packet packet = connect_packet(name);
        packet.connect.has_will = true;
        packet.connect.will_topic = bytes_make(filler, TEXT_MAX);
        packet.connect.will_payload = bytes_make(filler, TEXT_MAX);
        packet.connect.will_properties.present = MQTT_HAS(MQTT_WILL_DELAY);
        packet.connect.will_properties.will_delay = 86400;
        packet.connect.will_properties.more = bytes_make(more, (size_t)(end - more));
        int fd = dial();
        (void)send_connect(fd, &packet);
        close(fd);
        if (i % 500 == 0) {
            assert_serves();
        }
    }
    free(more);
    end_broker();
}

static void long_filters(void **state) {
    (void)state;
    start_broker();
    for (unsigned i = 0; i < 9; i++) {
        int fd = enter_numbered("filters", i);
        for (unsigned k = 0; k < 1000 / SCALE; k++) {
            (void)snprintf((char *)filler, 16, "%03u/%07u", i, k);
            filler[11] = 'x';
            send_subscribe(fd, bytes_make(filler, TEXT_MAX), 1);
            drain(fd);
        }
        assert_serves();
        hold(fd);
    }
    end_broker();
}

static void topic_aliases(void **state) {
    (void)state;
    start_broker();
    for (unsigned i = 0; i < 100; i++) {
        int fd = enter_numbered("aliases", i);
        for (unsigned alias = 1; alias <= 64 / SCALE; alias++) {
            struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                         .publish = {.topic = bytes_make(filler, TEXT_MAX)}};
            packet.properties.present = MQTT_HAS(MQTT_TOPIC_ALIAS);
            packet.properties.topic_alias = (uint16_t)alias;
            send_packet(fd, &packet, MQTT_5);
        }
        hold(fd);
        if (i % 20 == 0) {
            assert_serves();
        }
    }
    end_broker();
}

static void long_client_ids(void **state) {
    (void)state;
    start_broker();
    for (unsigned i = 0; i < 5000 / SCALE; i++) {
        (void)snprintf((char *)filler, 16, "%010u", i);
        filler[10] = 'x';
        struct mqtt_packet packet = connect_packet("");
        packet.connect.client_id = bytes_make(filler, TEXT_MAX);
        int fd = dial();
        (void)send_connect(fd, &packet);
        close(fd);
        if (i % 500 == 0) {
            assert_serves();
        }
    }
    end_broker();
}

// Sessions that are small, and absent, and very many.
static void many_sessions(void **state) {
    (void)state;
    start_broker();
    for (unsigned i = 0; i < 150000 / SCALE / SCALE; i++) {
        close(enter_numbered("session", i));
        if (i % 20000 == 0) {
            assert_serves();
        }
    }
    end_broker();
}

static void queues(void **state) {
    (void)state;
    start_broker();
    int from = enter_as("from");
    for (unsigned i = 0; i < 100; i++) {
        char topic[16];
        (void)snprintf(topic, sizeof topic, "q%u", i);
        int fd = enter_as(topic);
        send_subscribe(fd, bytes_of_text(topic), 1);
        char bytes[64];
        (void)http_take(fd, bytes, sizeof bytes);
        close(fd);
        for (unsigned k = 0; k < 200 / SCALE; k++) {
            send_publish(from, topic, k % 2 == 0 ? 100000 : 10, 1);
            drain(from);
        }
        if (i % 20 == 0) {
            assert_serves();
        }
    }
    hold(from);
    end_broker();
}

static void packets_that_never_end(void **state) {
    (void)state;
    start_broker();
    for (unsigned i = 0; i < 100; i++) {
        static const uint8_t head[] = {0x30, 0xf0, 0xff, 0xff, 0x03}; // 8 MiB
        int fd = enter_numbered("part", i);
        http_send_bytes(fd, bytes_make(head, sizeof head));
        http_send_bytes(fd, bytes_make(filler, 8 * MIB - 30));
        hold(fd);
        if (i % 20 == 0) {
            assert_serves();
        }
    }
    end_broker();
}

// Messages for those who do not read.
static void fill_streams(size_t size, uint8_t qos) {
    int from = enter_as("from");
    for (unsigned i = 0; i < 100; i++) {
        int fd = enter_numbered("stuck", i);
        char topic[16];
        (void)snprintf(topic, sizeof topic, "s%u", i);
        send_subscribe(fd, bytes_of_text(topic), qos);
        hold(fd);
    }
    for (size_t i = 0; i < 400 * MIB / SCALE / size; i++) {
        char topic[16];
        (void)snprintf(topic, sizeof topic, "s%zu", i % 100);
        send_publish(from, topic, size, qos);
        drain(from);
    }
    hold(from);
}

static void streams_that_are_not_read(void **state) {
    (void)state;
    for (uint8_t qos = 0; qos <= 1; qos++) {
        start_broker();
        fill_streams(MIB, qos);
        fill_streams(1000, qos);
        end_broker();
    }
}

// So many that what each may have waiting is more than there is in all.
static void many_that_do_not_read(void **state) {
    (void)state;
    start_broker();
    int from = enter_as("from");
    for (unsigned i = 0; i < 900; i++) {
        int fd = enter_numbered("stuck", i);
        char topic[16];
        (void)snprintf(topic, sizeof topic, "s%u", i);
        send_subscribe(fd, bytes_of_text(topic), 0);
        hold(fd);
    }
    for (unsigned k = 0; k < 60 / SCALE; k++) {
        for (unsigned i = 0; i < 900; i++) {
            char topic[16];
            (void)snprintf(topic, sizeof topic, "s%u", i);
            send_publish(from, topic, 15000, 0);
        }
        if (k % 10 == 0) {
            assert_serves();
        }
    }
    hold(from);
    end_broker();
}

// Handshakes that are begun and not ended.
static void handshakes(void **state) {
    (void)state;
    start_broker();
    uint16_t tls = mqtt_port(broker, MQTT_TLS);
    static const uint8_t hello[] = {0x16, 3, 1, 0x3f, 0xff, 1, 0, 0x3f, 0xfb, 3, 3};
    for (unsigned i = 0; i < 1000; i++) {
        int fd = http_dial(tls);
        http_send_bytes(fd, bytes_make(hello, sizeof hello));
        http_send_bytes(fd, bytes_make(filler, 16000));
        hold(fd);
    }
    assert_serves();
    end_broker();
}

static void answers_that_are_not_read(void **state) {
    (void)state;
    start_broker();
    for (unsigned i = 0; i < 16 * MIB; i += 2) {
        filler[i] = 0xc0; // PINGREQ
        filler[i + 1] = 0;
    }
    for (unsigned i = 0; i < 100; i++) {
        int fd = enter_numbered("stuck", i);
        send_what_is_taken(fd, bytes_make(filler, 16 * MIB / SCALE));
        hold(fd);
        if (i % 20 == 0) {
            assert_serves();
        }
    }
    end_broker();
}

static void retained_messages(void **state) {
    (void)state;
    static const size_t sizes[] = {MIB, 10000, 0};
    for (size_t i = 0; i < 3; i++) {
        start_broker();
        int from = enter_as("from");
        for (unsigned k = 0; k < (sizes[i] < 1000 ? 400000 : 400 * MIB / sizes[i]) / SCALE; k++) {
            char topic[16];
            (void)snprintf(topic, sizeof topic, "r%u", k);
            send_publish(from, topic, sizes[i] + 1, 4);
        }
        assert_serves();
        hold(from);
        end_broker();
    }
}

// Holes: many small blocks, of which most go again, and large ones afterwards.
static void retained_messages_that_leave_holes(void **state) {
    (void)state;
    start_broker();
    int from = enter_as("from");
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 40000 / SCALE; i++) {
            char topic[16];
            (void)snprintf(topic, sizeof topic, "h%u", i);
            send_publish(from, topic, 700 + 300 * round, 4);
        }
        for (unsigned i = 0; i < 40000 / SCALE; i++) {
            char topic[16];
            (void)snprintf(topic, sizeof topic, "h%u", i);
            if (i % 4 != 0) {
                send_publish(from, topic, 0, 4);
            }
        }
        assert_serves();
    }
    fill_streams(100000, 1);
    hold(from);
    end_broker();
}

static void groups(void **state) {
    (void)state;
    start_broker();
    for (unsigned i = 0; i < 9; i++) {
        int fd = enter_numbered("group", i);
        for (unsigned k = 0; k < 1000 / SCALE; k++) {
            uint8_t *text = filler;
            int size = snprintf((char *)text, 64, "$share/%u-%u", i, k);
            text[size] = 'x';
            text[TEXT_MAX - 2] = '/';
            send_subscribe(fd, bytes_make(text, TEXT_MAX), 1);
            text[TEXT_MAX - 2] = 'x';
            drain(fd);
        }
        assert_serves();
        hold(fd);
    }
    end_broker();
}

static void packet_ids(void **state) {
    (void)state;
    start_broker();
    for (unsigned i = 0; i < 60; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "ids%u", i);
        struct mqtt_packet packet = connect_packet(name);
        packet.connect.version = MQTT_3_1_1;
        int fd = dial();
        send_packet(fd, &packet, MQTT_3_1_1);
        for (unsigned k = 1; k <= UINT16_MAX / SCALE; k++) {
            uint8_t bytes[] = {0x34, 5, 0, 1, 'a', (uint8_t)(k >> 8), (uint8_t)k};
            http_send_bytes(fd, bytes_make(bytes, sizeof bytes));
            if (k % 1000 == 0) {
                drain(fd);
            }
        }
        hold(fd);
    }
    end_broker();
}

static void user_properties(void **state) {
    (void)state;
    start_broker();
    int from = enter_as("from");
    uint8_t *more = malloc(7 * MIB);
    uint8_t *end = more;
    while (end + 20 < more + 7 * MIB) {
        end = mqtt_user_property_write(end, BYTES_LITERAL("k"), BYTES_LITERAL("v"));
    }
    for (unsigned i = 0; i < 20; i++) {
        int fd = enter_numbered("properties", i);
        send_subscribe(fd, BYTES_LITERAL("p/#"), 1);
        hold(fd);
        char topic[16];
        (void)snprintf(topic, sizeof topic, "p/%u", i);
        struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                     .publish = {.topic = bytes_of_text(topic),
                                                 .retain = true,
                                                 .payload = BYTES_LITERAL("v")}};
        packet.properties.more = bytes_make(more, (size_t)(end - more));
        send_packet(from, &packet, MQTT_5);
        drain(from);
    }
    free(more);
    hold(from);
    end_broker();
}

// Millions of filters in packets of 8 MB.
static void many_filters(void **state) {
    (void)state;
    start_broker();
    uint8_t *end = filler;
    uint32_t count = 0;
    for (; end + 16 < filler + 8 * MIB / SCALE - 16; count++) {
        char filter[16];
        (void)snprintf(filter, sizeof filter, "%x", count % 9000);
        end = mqtt_filter_write(MQTT_SUBSCRIBE, end, bytes_of_text(filter), 0);
    }
    for (unsigned i = 0; i < 20; i++) {
        struct mqtt_packet packet = {
            .type = MQTT_SUBSCRIBE,
            .packet_id = 1,
            .filters = {bytes_make(filler, (size_t)(end - filler)), count}};
        int fd = enter_numbered("many", i);
        send_packet(fd, &packet, MQTT_5);
        hold(fd);
    }
    end_broker();
}

// ---- what is theirs to use --------------------------------------------------------------------

// Eight clients do not read, and go; what waited for them goes back to the system.
static void memory_of_a_peak_goes_back(void **state) {
    (void)state;
    const size_t room = 32u * 1024; // KiB
    start_with("4G", "8M", "64M");
    size_t before = status_kib("VmRSS:");
    int from = enter_as("from");
    for (unsigned i = 0; i < 8; i++) {
        int fd = enter_numbered("slow", i);
        send_subscribe(fd, BYTES_LITERAL("slow/+"), 0);
        hold(fd);
    }
    for (unsigned i = 0; i < 60000 / SCALE; i++) {
        send_publish(from, "slow/1", 1000, 0);
    }
    assert_serves();
    if (!PROCESS_SLOW) {
        assert_true(status_kib("VmRSS:") > before + 8 * room);
    }
    while (held_count > 0) {
        close(held[--held_count]);
    }
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (!PROCESS_SLOW && status_kib("VmRSS:") > before + room) {
        assert_true(process_now_ms() < deadline);
        (void)process_pump(-1, 100);
    }
    hold(from);
    assert_serves();
    end_all();
}

// As large as a packet can be, which is what the broker announces.
static void the_largest_packet_is_taken(void **state) {
    (void)state;
    const size_t size = PROCESS_SLOW ? 32u * MIB : 268435455u - 20;
    uint8_t *payload = calloc(1, size);
    char bytes[65536];
    start_with("4G", "268435460", "512M");
    int to = enter_as("to");
    int window = MIB;
    (void)setsockopt(to, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
    int from = enter_as("from");
    send_subscribe(to, BYTES_LITERAL("large"), 0);
    assert_int_equal(http_take(to, bytes, sizeof bytes), 6); // SUBACK
    struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                 .publish = {.topic = BYTES_LITERAL("large"),
                                             .payload = bytes_make(payload, size),
                                             .qos = 1}};
    packet.publish.packet_id = 1;
    send_packet(from, &packet, MQTT_5);
    assert_int_equal(http_take(from, bytes, sizeof bytes), 4);
    assert_int_equal((uint8_t)bytes[0], MQTT_PUBACK << 4);
    for (size_t got = 0; got < size;) {
        size_t more = http_take(to, bytes, sizeof bytes);
        assert_true(more > 0);
        got += more;
    }
    free(payload);
    hold(to);
    hold(from);
    assert_serves();
    end_all();
}

static int tear_down(void **state) {
    held_count = 0;
    return process_tear_down(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, process_set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(delayed_wills),
        TEST(long_filters),
        TEST(topic_aliases),
        TEST(long_client_ids),
        TEST(many_sessions),
        TEST(queues),
        TEST(packets_that_never_end),
        TEST(streams_that_are_not_read),
        TEST(many_that_do_not_read),
        TEST(handshakes),
        TEST(answers_that_are_not_read),
        TEST(retained_messages),
        TEST(retained_messages_that_leave_holes),
        TEST(groups),
        TEST(packet_ids),
        TEST(user_properties),
        TEST(many_filters),
        TEST(memory_of_a_peak_goes_back),
        TEST(the_largest_packet_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
