// A broker that is started while another one serves takes its place, sockets and store; whatever
// goes wrong leaves one that serves. What happens under load, and when one of both is killed, is in
// store_storm_test. And how a broker ends: what its clients are told, and how long it may take.
#include "mqtt.h"

#include <sys/un.h>

#include "session/broker/upgrade/hand_over_wire.h"

static uint16_t port;

#define HANDING "--store", "s", "--hand-over", "h"

static struct process *start_first(void) {
    struct process *first = process_start("broker", "--mqtt", "0", HANDING);
    port = mqtt_port(first, MQTT_TCP);
    return first;
}

static struct mqtt_hand *connect_one(size_t place, const char *name) {
    return mqtt_hand_connect(place, port, MQTT_5, name);
}

// What it is told at the end.
static struct mqtt_packet await_goodbye(struct mqtt_hand *hand) {
    struct mqtt_packet packet = mqtt_hand_expect(hand, MQTT_DISCONNECT);
    http_await_end(hand->fd);
    close(hand->fd);
    return packet;
}

static void assert_answers(struct mqtt_hand *hand) {
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_PINGREQ});
    (void)mqtt_hand_expect(hand, MQTT_PINGRESP);
}

static void publish_retained(struct mqtt_hand *hand, const char *topic) {
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_PUBLISH,

                                               .publish = {.packet_id = 1,
                                                           .topic = bytes_of_text(topic),
                                                           .payload = BYTES_LITERAL("x"),
                                                           .qos = 1,
                                                           .retain = true}});
    (void)mqtt_hand_expect(hand, MQTT_PUBACK);
}

static void a_broker_takes_the_place_of_another(void **state) {
    (void)state;
    struct process *first =
        process_start("broker", "--mqtt", "0", "--mqtt-unix", "m.sock", "--websocket", "0",
                      "--server-reference", "other:1883", "--address", "83", HANDING);
    port = mqtt_port(first, MQTT_TCP);
    uint16_t websocket = mqtt_port(first, "MQTT over WebSocket at port ");
    struct mqtt_hand *hand = connect_one(0, "one");
    publish_retained(hand, "kept");
    struct process *second = process_start("broker", "--mqtt", "0", "--mqtt-unix", "m.sock",
                                           "--websocket", "0", "--take-over", HANDING);
    // It is to come back to the same place, not to another server.
    struct mqtt_packet packet = await_goodbye(hand);
    assert_int_equal(packet.reason, MQTT_SERVER_SHUTTING_DOWN);
    assert_int_equal(packet.properties.server_reference.size, 0);
    process_await_err(first, " takes over: this one ends when that one serves");
    process_assert_code(first, 0);
    process_await_err(second, "took over from process ");
    process_await_err(second, "\n");
    assert_int_equal(mqtt_port(second, MQTT_TCP), port);
    assert_int_equal(mqtt_port(second, "MQTT over WebSocket at port "), websocket);
    assert_non_null(strstr(process_text(&second->err), "broker 83 "));
    char *path = support_path(process_folder, "m.sock");
    assert_int_equal(access(path, F_OK), 0);
    hand = connect_one(0, "two");
    mqtt_hand_subscribe(hand, "kept", 0);
    (void)mqtt_hand_expect(hand, MQTT_PUBLISH);
    // And its place by a third one, of which there is nothing special.
    struct process *third = process_start("broker", "--mqtt", "0", "--mqtt-unix", "m.sock",
                                          "--websocket", "0", "--take-over", HANDING);
    process_assert_code(second, 0);
    assert_int_equal(access(path, F_OK), 0);
    process_end(third);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_null(process_file("h"));
    free(path);
    close(hand->fd);
}

static void a_newcomer_that_cannot_serve_disturbs_nobody(void **state) {
    (void)state;
    struct process *first = start_first();
    struct mqtt_hand *hand = connect_one(0, "one");
    struct process *wrong =
        process_start("broker", "--mqtt", "0", "--acl-file", "absent", "--take-over", HANDING);
    process_assert_code(wrong, 3);
    wrong = process_start("broker", "--mqtts", "0", "--tls-certificate", "absent", "--tls-key",
                          "absent", "--take-over", HANDING);
    process_assert_code(wrong, 3);
    wrong = process_start("broker", "--mqtt", "0", HANDING);
    process_assert_code(wrong, 3);
    assert_non_null(strstr(process_text(&wrong->err), "--hand-over h: another broker is there; "
                                                      "--take-over takes its place"));
    assert_answers(hand);
    process_end(first);
    close(hand->fd);
}

// Its store is not there any more when the other one has ended for it.
static void the_old_one_serves_again_if_the_new_one_fails(void **state) {
    (void)state;
    struct process *first = start_first();
    struct mqtt_hand *hand = connect_one(0, "one");
    publish_retained(hand, "kept");
    struct process *wrong = process_start("broker", "--mqtt", "0", "--store", "absent/s",
                                          "--hand-over", "h", "--take-over");
    assert_int_equal(await_goodbye(hand).reason, MQTT_SERVER_SHUTTING_DOWN);
    process_assert_code(wrong, 3);
    process_await_err(first, " ended before it served: this one goes on");
    hand = connect_one(0, "two"); // at the same port
    mqtt_hand_subscribe(hand, "kept", 0);
    (void)mqtt_hand_expect(hand, MQTT_PUBLISH);
    close(hand->fd);
    // And hands over to one that is right.
    struct process *right = process_start("broker", "--mqtt", "0", "--take-over", HANDING);
    process_await_err(right, "took over from process ");
    process_assert_code(first, 0);
    process_end(right);
}

static void where_nobody_is_it_just_starts(void **state) {
    (void)state;
    struct process *first = start_first();
    process_kill(first); // leaves its socket behind
    struct process *second = process_start("broker", "--mqtt", "0", "--take-over", HANDING);
    process_await_err(second, "there was nobody to take over from");
    port = mqtt_port(second, MQTT_TCP);
    close(connect_one(0, "one")->fd);
    process_end(second);
}

// ---- who is no broker ---------------------------------------------------------------------------

static int listen_at_h(int type) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s/h", process_folder);
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 4), 0);
    return fd;
}

// A process that hands over, and is gone as it is told to go on. `there` hears that it listens.
static _Noreturn void die_when_told(int there) {
    struct hand_over_message message;
    int fd = listen_at_h(SOCK_SEQPACKET);
    (void)!write(there, "", 1);
    int peer = accept(fd, NULL, NULL);
    bool is_asked = hand_over_receive(peer, &message, -1) == HAND_OVER_MESSAGE &&
                    hand_over_send(peer, HAND_OVER_BROKER "1", NULL, 0) &&
                    hand_over_send(peer, HAND_OVER_END, NULL, 0) &&
                    hand_over_receive(peer, &message, -1) == HAND_OVER_MESSAGE;
    _exit(is_asked && strcmp(message.text, HAND_OVER_GO) == 0 ? 0 : 1);
}

static void an_old_one_that_dies_instead_of_ending_is_replaced(void **state) {
    (void)state;
    int there[2];
    int status;
    char byte;
    assert_int_equal(pipe(there), 0);
    pid_t old = fork();
    assert_true(old >= 0);
    if (old == 0) {
        die_when_told(there[1]);
    }
    assert_int_equal(read(there[0], &byte, 1), 1);
    close(there[0]);
    close(there[1]);
    struct process *newcomer = process_start("broker", "--mqtt", "0", "--take-over", HANDING);
    assert_int_equal(waitpid(old, &status, 0), old);
    assert_int_equal(status, 0);
    process_await_err(newcomer, "took over from process ");
    port = mqtt_port(newcomer, MQTT_TCP);
    struct mqtt_hand *hand = connect_one(0, "one");
    assert_answers(hand);
    close(hand->fd);
    process_end(newcomer);
}

static void assert_refused(const char *why) {
    struct process *wrong = process_start("broker", "--mqtt", "0", "--take-over", HANDING);
    process_assert_code(wrong, 3);
    assert_non_null(strstr(process_text(&wrong->err), why));
    assert_int_equal(process_occurrences(process_text(&wrong->err), "\n"), 1);
    assert_null(process_file("s"));
}

static void remove_h(int fd) {
    char *path = support_path(process_folder, "h");
    close(fd);
    assert_int_equal(unlink(path), 0);
    free(path);
}

static void what_is_no_broker_is_told(void **state) {
    (void)state;
    int fd = listen_at_h(SOCK_STREAM);
    assert_refused("--take-over: h: whoever is there is no broker that hands over\n");
    remove_h(fd);
    process_write_file("h", "");
    assert_refused("--hand-over h: this is there and is no socket; name another path\n");
    char *path = support_path(process_folder, "h");
    assert_int_equal(unlink(path), 0);
    free(path);
    fd = listen_at_h(SOCK_SEQPACKET);
    struct process *wrong = process_start("broker", "--mqtt", "0", "--take-over", HANDING);
    int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    assert_int_equal(send(peer, "hello", 5, MSG_NOSIGNAL), 5);
    process_assert_code(wrong, 3);
    assert_non_null(strstr(process_text(&wrong->err), "is no broker that hands over\n"));
    close(peer);
    wrong = process_start("broker", "--mqtt", "0", "--take-over", HANDING);
    process_assert_code(wrong, 3); // nobody accepts it
    assert_non_null(strstr(process_text(&wrong->err), "whoever is there does not answer; end it"));
    remove_h(fd);
}

static int dial_h(void) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s/h", process_folder);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static void the_socket_is_for_its_user_and_for_one_at_a_time(void **state) {
    (void)state;
    struct stat status;
    struct process *first = start_first();
    char *path = support_path(process_folder, "h");
    assert_int_equal(lstat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(chmod(path, 0666), 0);
    free(path);
    if (geteuid() == 0) {
        assert_int_equal(chmod(process_folder, 0777), 0);
        struct process *other = process_start_with(&(struct process_options){
            .folder = process_folder,
            .words = (const char *const[]){"broker", "--mqtt", "0", "--take-over", HANDING, NULL},
            .unprivileged = true});
        int code = process_collect(other);
        if (code != 127) { // 127: it cannot reach the program
            assert_int_equal(code, 3);
            assert_non_null(
                strstr(process_text(&other->err), "the broker there is another user's"));
        }
    }
    // Words that make no sense, and going without having asked, end the conversation.
    static const char *const words[] = {"frob", "go", "serving"};
    char answer[64];
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        int fd = dial_h();
        assert_true(send(fd, words[i], strlen(words[i]), MSG_NOSIGNAL) > 0);
        assert_int_equal(http_take(fd, answer, sizeof answer), 0);
        close(fd);
    }
    int fd = dial_h();
    assert_true(send(fd, "take-over 1", 11, MSG_NOSIGNAL) > 0);
    assert_true(http_take(fd, answer, sizeof answer) > 0);
    struct process *second = process_start("broker", "--mqtt", "0", "--take-over", HANDING);
    process_assert_code(second, 3);
    assert_non_null(strstr(process_text(&second->err), "another process takes over just now\n"));
    close(fd);
    close(connect_one(0, "one")->fd);
    process_end(first);
}

static void what_makes_no_sense_is_a_usage_error(void **state) {
    (void)state;
    struct process *wrong = process_start("broker", "--mqtt", "0", "--take-over");
    process_assert_code(wrong, 2);
    assert_non_null(strstr(process_text(&wrong->err), "add --hand-over FILE"));
    wrong = process_start("broker", "--mqtt", "0", "--hand-over", "h");
    process_assert_code(wrong, 2);
    assert_non_null(strstr(process_text(&wrong->err), "add --store FILE"));
}

// ---- how a broker ends --------------------------------------------------------------------------

static void clients_are_told_that_it_ends_and_where_to_go(void **state) {
    (void)state;
    struct process *broker = process_start("broker", "--mqtt", "0");
    port = mqtt_port(broker, MQTT_TCP);
    struct mqtt_hand *hand = connect_one(0, "one");
    process_end(broker);
    struct mqtt_packet packet = await_goodbye(hand);
    assert_int_equal(packet.reason, MQTT_SERVER_SHUTTING_DOWN);
    broker = process_start("broker", "--mqtt", "0", "--server-reference", "other:1883");
    port = mqtt_port(broker, MQTT_TCP);
    hand = connect_one(0, "one");
    process_end(broker);
    packet = await_goodbye(hand);
    assert_int_equal(packet.reason, MQTT_USE_ANOTHER_SERVER);
    assert_true(bytes_equal(packet.properties.server_reference, BYTES_LITERAL("other:1883")));
}

// A client takes nothing of the megabytes that are for it: the end does not wait for it.
static void a_client_that_never_reads_does_not_hold_the_end_up(void **state) {
    (void)state;
    static char payload[100000];
    struct process *broker = process_start("broker", "--mqtt", "0", "--store", "s");
    port = mqtt_port(broker, MQTT_TCP);
    struct mqtt_hand *deaf = connect_one(0, "deaf");
    mqtt_hand_subscribe(deaf, "big", 1);
    struct mqtt_hand *other = connect_one(1, "other");
    for (uint16_t i = 1; i <= 200; i++) {
        mqtt_hand_send(
            other, &(struct mqtt_packet){.type = MQTT_PUBLISH,

                                         .publish = {.packet_id = i,
                                                     .topic = BYTES_LITERAL("big"),
                                                     .payload = bytes_make(payload, sizeof payload),
                                                     .qos = 1}});
        (void)mqtt_hand_expect(other, MQTT_PUBACK);
    }
    process_end(broker); // else the test's deadline comes
    close(deaf->fd);
    assert_int_equal(await_goodbye(other).reason, MQTT_SERVER_SHUTTING_DOWN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_broker_takes_the_place_of_another),
        PROCESS_TEST(a_newcomer_that_cannot_serve_disturbs_nobody),
        PROCESS_TEST(the_old_one_serves_again_if_the_new_one_fails),
        PROCESS_TEST(where_nobody_is_it_just_starts),
        PROCESS_TEST(an_old_one_that_dies_instead_of_ending_is_replaced),
        PROCESS_TEST(what_is_no_broker_is_told),
        PROCESS_TEST(the_socket_is_for_its_user_and_for_one_at_a_time),
        PROCESS_TEST(what_makes_no_sense_is_a_usage_error),
        PROCESS_TEST(clients_are_told_that_it_ends_and_where_to_go),
        PROCESS_TEST(a_client_that_never_reads_does_not_hold_the_end_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
