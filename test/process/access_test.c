// Access lists of a running broker: the same file and the same clients at ours and at Debian's
// mosquitto, which may and may not do the same things; and the file read again.
#include "mqtt.h"

#include <sys/un.h>

#define USERS 4
#define TOPICS 8
#define OURS 0
#define THEIRS 1

static const char list[] = "# who has no user name\n"
                           "topic read public/#\n"
                           "\n"
                           "user ann\n"
                           "topic readwrite home/#\n"
                           "topic deny home/safe/+\n"
                           "topic write in/+/set\n"
                           "\n"
                           "user bob\n"
                           "topic home/safe/1\n"
                           "topic read in/#\n"
                           "\n"
                           "pattern write status/%c\n"
                           "pattern read mail/%u/#\n"
                           "\n"
                           "user root\n"
                           "topic #\n";

static const char *const users[USERS] = {NULL, "ann", "bob", "root"};
static const char *const topics[TOPICS] = {"public/a",   "home/a",       "home/safe/1", "in/1/set",
                                           "status/ann", "mail/bob/new", "mail/ann",    "other"};

static struct process *broker;
static struct process *other;
static uint16_t port;

static void start_ours_with(const char *passwords) {
    broker = process_start("broker", "--mqtt", "0", "--password-file", passwords, "--anonymous",
                           "--acl-file", "list");
    port = mqtt_port(broker, MQTT_TCP);
}

static void start_ours(void) {
    process_write_file("list", list);
    process_write_file("passwords", "ann:pw\nbob:pw\nroot:pw\n");
    start_ours_with("passwords");
}

// Both forms that mosquitto_passwd knows, in one file.
static void make_their_files(void) {
    (void)mqtt_need_program("mosquitto_passwd");
    process_write_file("list", list);
    process_write_file("hashed", "");
    process_assert_code(mqtt_shell("for u in ann root; do mosquitto_passwd -b hashed $u pw; done "
                                   "2>/dev/null; mosquitto_passwd -H sha512 -b hashed bob pw "
                                   "2>/dev/null; chmod 640 hashed list"),
                        0);
}

static void start_theirs(void) {
    process_write_file("mosquitto.conf", "user root\nlistener 0 theirs.sock\npersistence false\n"
                                         "allow_anonymous true\npassword_file hashed\n"
                                         "acl_file list\n");
    other = process_start(mqtt_need_program("mosquitto"), "-c", "mosquitto.conf");
    process_await_err(other, "running");
}

static int dial_theirs(void) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int size = snprintf(to.sun_path, sizeof to.sun_path, "%s/theirs.sock", process_folder);
    assert_in_range(size, 1, sizeof to.sun_path - 1);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

// What a CONNECT is answered.
static int try_to_log_in(size_t place, int where, const char *user, const char *password) {
    struct mqtt_hand *hand = &mqtt_hands[place];
    struct mqtt_connect connect = {.version = MQTT_5,
                                   .clean_start = true,
                                   .client_id = bytes_of_text(user == NULL ? "nobody" : user),
                                   .has_user_name = user != NULL,
                                   .has_password = user != NULL,
                                   .user_name = bytes_of_text(user == NULL ? "" : user),
                                   .password = bytes_of_text(password)};
    hand->fd = where == OURS ? http_dial(port) : dial_theirs();
    return mqtt_hand_ask(hand, &connect);
}

static struct mqtt_hand *log_in(size_t place, int where, const char *user) {
    assert_int_equal(try_to_log_in(place, where, user, "pw"), 0);
    return &mqtt_hands[place];
}

static void refuse_the_same(const char *user, const char *password) {
    for (int where = OURS; where <= THEIRS; where++) {
        assert_int_not_equal(try_to_log_in(0, where, user, password), 0);
        close(mqtt_hands[0].fd);
    }
}

// Whether a message of QoS 1 was taken.
static bool publish(struct mqtt_hand *hand, const char *topic) {
    struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                 .publish = {.topic = bytes_of_text(topic),
                                             .payload = BYTES_LITERAL("x"),
                                             .qos = 1,
                                             .packet_id = 1}};
    mqtt_hand_send(hand, &packet);
    return mqtt_hand_expect(hand, MQTT_PUBACK).reason < MQTT_UNSPECIFIED_ERROR;
}

// One bit for each topic.
static unsigned may_publish(int where, const char *user) {
    struct mqtt_hand *hand = log_in(0, where, user);
    unsigned found = 0;
    for (unsigned i = 0; i < TOPICS; i++) {
        found |= publish(hand, topics[i]) ? 1u << i : 0;
    }
    close(hand->fd);
    return found;
}

static unsigned bit_of(struct bytes topic) {
    for (unsigned i = 0; i < TOPICS; i++) {
        if (bytes_equal(topic, bytes_of_text(topics[i]))) {
            return 1u << i;
        }
    }
    return 0;
}

// What comes to `#`, until the answer to a PINGREQ, which is behind it all.
static unsigned may_read(int where, const char *user) {
    struct mqtt_hand *hand = log_in(0, where, user);
    struct mqtt_hand *root = log_in(1, where, "root");
    unsigned found = 0;
    if (user != NULL && strcmp(user, "root") == 0) {
        close(root->fd); // it has just been taken over
        root = hand;
    }
    mqtt_hand_subscribe(hand, "#", 0);
    for (unsigned i = 0; i < TOPICS && root != hand; i++) {
        assert_true(publish(root, topics[i]));
    }
    mqtt_hand_send(hand, &(struct mqtt_packet){.type = MQTT_PINGREQ});
    struct mqtt_packet packet = {.type = MQTT_PUBLISH};
    while (packet.type != MQTT_PINGRESP) {
        assert_true(mqtt_hand_take(hand, &packet));
        found |= packet.type == MQTT_PUBLISH ? bit_of(packet.publish.topic) : 0;
    }
    close(hand->fd);
    if (root != hand) {
        close(root->fd);
    }
    return found;
}

static void the_same_files_mean_the_same_as_for_mosquitto(void **state) {
    (void)state;
    static const unsigned writes[USERS] = {0x00, 0x1a, 0x04, 0xff};
    static const unsigned reads[USERS - 1] = {0x01, 0x42, 0x2c};
    make_their_files();
    start_ours_with("hashed");
    start_theirs();
    refuse_the_same("ann", "wp");
    refuse_the_same("bob", "");
    refuse_the_same("cid", "pw");
    for (unsigned i = 0; i < USERS; i++) {
        assert_int_equal(may_publish(OURS, users[i]), writes[i]);
        assert_int_equal(may_publish(THEIRS, users[i]), writes[i]);
    }
    for (unsigned i = 0; i < USERS - 1; i++) {
        assert_int_equal(may_read(OURS, users[i]), reads[i]);
        assert_int_equal(may_read(THEIRS, users[i]), reads[i]);
    }
    process_signal(other, SIGTERM);
    (void)process_collect(other);
    process_end(broker);
}

static void sighup_reads_the_lists_again(void **state) {
    (void)state;
    start_ours();
    struct mqtt_hand *ann = log_in(0, OURS, "ann");
    assert_true(publish(ann, "home/a"));
    assert_false(publish(ann, "other"));
    process_await_err(broker, "ann may not publish \"other\" by the access lists");
    process_write_file("list", "user ann\ntopic write other\n");
    process_signal(broker, SIGHUP);
    process_await_err(broker, "the access lists were read again");
    assert_false(publish(ann, "home/a")); // on the connection of before
    assert_true(publish(ann, "other"));
    process_write_file("list", "user ann\ntopic wriet home/a\n");
    process_signal(broker, SIGHUP);
    process_await_err(broker, "--acl-file list: line 2: \"wriet\": what may be done is read, "
                              "write, readwrite or deny");
    assert_true(publish(ann, "other")); // those of before go on
    close(ann->fd);
    process_end(broker);
}

static void what_cannot_be_read_is_told(void **state) {
    (void)state;
    process_write_file("list", "\ntopics a\n");
    struct process *wrong = process_start("broker", "--mqtt", "0", "--acl-file", "list");
    process_assert_code(wrong, 3);
    assert_non_null(strstr(process_text(&wrong->err),
                           "broker: --acl-file list: line 2: \"topics\": a line begins with user, "
                           "topic, pattern or #\n"));
    wrong = process_start("broker", "--mqtt", "0", "--acl-file", "nowhere");
    process_assert_code(wrong, 3);
    assert_non_null(strstr(process_text(&wrong->err),
                           "broker: --acl-file nowhere: No such file or directory\n"));
    wrong = process_start("broker", "--mqtt", "0", "--acl-file", ".");
    process_assert_code(wrong, 3);
    process_write_file("list", "user ann\ntopic a\n");
    broker = process_start("broker", "--mqtt", "0", "--acl-file", "list");
    process_await_err(broker, "without --password-file no user is known");
    (void)mqtt_port(broker, MQTT_TCP);
    process_end(broker);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(the_same_files_mean_the_same_as_for_mosquitto),
        PROCESS_TEST(sighup_reads_the_lists_again),
        PROCESS_TEST(what_cannot_be_read_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
