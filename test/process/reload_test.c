// Users, certificates and lists of revoked ones that change while clients are connected: who is
// good stays, who is not any more is told and ended, and a wrong file changes nothing.
#include "mqtt.h"

static struct process *broker;
static uint16_t port;

// The reason of the answer to a CONNECT at a place of mqtt_hands.
static int log_in(size_t place, const char *user, const char *password) {
    struct mqtt_hand *hand = &mqtt_hands[place];
    struct mqtt_connect connect = {.version = MQTT_5,
                                   .clean_start = true,
                                   .client_id = bytes_of_text(user),
                                   .has_user_name = true,
                                   .has_password = true,
                                   .user_name = bytes_of_text(user),
                                   .password = bytes_of_text(password)};
    hand->fd = http_dial(port);
    return mqtt_hand_ask(hand, &connect);
}

static void reload(const char *said) {
    process_signal(broker, SIGHUP);
    process_await_err(broker, said);
}

static void assert_stays(size_t place) {
    mqtt_hand_send(&mqtt_hands[place], &(struct mqtt_packet){.type = MQTT_PINGREQ});
    (void)mqtt_hand_expect(&mqtt_hands[place], MQTT_PINGRESP);
}

static void assert_ended(size_t place) {
    struct mqtt_packet packet = mqtt_hand_expect(&mqtt_hands[place], MQTT_DISCONNECT);
    assert_int_equal(packet.reason, MQTT_NOT_AUTHORIZED);
    close(mqtt_hands[place].fd);
}

static void users_are_read_again(void **state) {
    (void)state;
    process_write_file("p", "ann:one\nbob:two\ncid:three\n");
    broker = process_start("broker", "--mqtt", "0", "--address", "1", "--password-file", "p");
    port = mqtt_port(broker, MQTT_TCP);
    process_write_file("right", "cid:three\n");
    struct process *line = process_start("client", "--address", "7", "--suite", "sodium", "--run",
                                         "conn", "--stay", "--credentials", "right");
    process_await_err(line, "connected with 1");
    assert_int_equal(log_in(0, "ann", "one"), 0);
    assert_int_equal(log_in(1, "bob", "two"), 0);
    assert_int_equal(log_in(2, "cid", "three"), 0);
    process_write_file("p", "ann:one\nbob:other\n");
    reload("the password file was read again");
    assert_stays(0);
    assert_ended(1);
    assert_ended(2);
    process_await_err(line, "connection with 1 ended");
    assert_int_equal(log_in(1, "bob", "two"), MQTT_BAD_USER_NAME_OR_PASSWORD);
    assert_int_equal(log_in(1, "bob", "other"), 0);
    assert_int_equal(log_in(2, "cid", "three"), MQTT_BAD_USER_NAME_OR_PASSWORD);
    process_write_file("p", "ann:one\nno colon\n");
    reload("line 2: it has no user and colon in front");
    assert_stays(0);
    assert_stays(1);
    process_end(broker);
}

static void a_command_does_it_on_a_terminal(void **state) {
    (void)state;
    process_write_file("p", "ann:one\n");
    struct process_options options = {
        .folder = process_folder,
        .words = (const char *const[]){"broker", "--mqtt", "0", "--password-file", "p", NULL}};
    broker = process_start_terminal(&options, 24, 200);
    process_await_out(broker, MQTT_TCP);
    port = (uint16_t)strtoul(broker->out.text + broker->out.mark, NULL, 10);
    assert_int_equal(log_in(0, "ann", "one"), 0);
    process_write_file("p", "");
    process_send(broker, "reload\n");
    process_await_out(broker, "the password file was read again");
    assert_ended(0);
    process_send(broker, "exit\n");
    while (broker->out.fd >= 0) {
        (void)process_pump(-1, PROCESS_TURN_MS);
    }
    process_assert_code(broker, 0);
}

// ---- certificates -----------------------------------------------------------------------------

// An authority with certificates of ann, bob and one without a common name, and an empty list.
static void make_authority(void) {
    (void)mqtt_need_program("openssl");
    process_write_file("ca.cnf", "[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\nserial=serial\n"
                                 "new_certs_dir=.\ndefault_md=sha256\npolicy=p\ndefault_days=30\n"
                                 "default_crl_days=30\n[p]\norganizationName=optional\n"
                                 "commonName=optional\n");
    process_write_file("index.txt", "");
    process_write_file("serial", "01\n");
    process_assert_code(
        mqtt_shell(
            "set -e; exec 2>/dev/null; new='-newkey ec -pkeyopt "
            "ec_paramgen_curve:prime256v1 -nodes'\n"
            "openssl req -x509 $new -keyout ca.key -out ca.pem -days 30 -subj /CN=authority\n"
            "for n in ann bob; do openssl req $new -keyout $n.key -out $n.csr -subj "
            "/O=home/CN=$n; openssl ca -batch -config ca.cnf -cert ca.pem -keyfile ca.key "
            "-in $n.csr -out $n.pem -notext; done\n"
            "openssl ca -config ca.cnf -cert ca.pem -keyfile ca.key -gencrl -out crl.pem"),
        0);
}

static void start_tls(const char *user) {
    make_authority();
    mqtt_make_certificate("cert.pem", "key.pem");
    process_write_file("acl", "user ann\ntopic ann/#\nuser CN=ann,O=home\ntopic subject/#\n");
    broker = process_start("broker", "--mqtts", "0", "--mqtt", "0", "--tls-certificate", "cert.pem",
                           "--tls-key", "key.pem", "--tls-client-ca", "ca.pem", "--tls-crl",
                           "crl.pem", "--certificate-user", user, "--acl-file", "acl");
    port = mqtt_port(broker, MQTT_TLS);
}

// QoS 1 over TLS with the certificate of `name`; whether it was taken.
static bool publish(const char *name, const char *topic) {
    char line[512];
    (void)snprintf(line, sizeof line,
                   "exec %s -h localhost -p %u -V 5 -q 1 --cafile cert.pem --cert %s.pem --key "
                   "%s.key -t %s -m x -d",
                   mqtt_need_program("mosquitto_pub"), port, name, name, topic);
    struct process *client = mqtt_shell(line);
    const char *said = process_text(&client->out);
    return client->code == 0 && strstr(said, "PUBACK") != NULL && strstr(said, "RC:135") == NULL;
}

static void a_certificate_names_its_user(void **state) {
    (void)state;
    start_tls("cn");
    assert_true(publish("ann", "ann/x"));
    assert_false(publish("ann", "subject/x"));
    assert_false(publish("bob", "ann/x"));
    process_end(broker);
    start_tls("subject");
    assert_true(publish("ann", "subject/x"));
    assert_false(publish("ann", "ann/x"));
    process_end(broker);
    start_tls("none");
    assert_false(publish("ann", "ann/x"));
    process_end(broker);
}

static void revoked_certificates_are_not_let_in_and_end(void **state) {
    (void)state;
    char line[512];
    start_tls("cn");
    (void)snprintf(line, sizeof line,
                   "exec %s -h localhost -p %u -V 5 --cafile cert.pem --cert ann.pem --key ann.key "
                   "-t ann/x -i listener",
                   mqtt_need_program("mosquitto_sub"), port);
    struct process *reader = process_start("/bin/sh", "-c", line);
    process_await_err(broker, "listener subscribed");
    assert_true(publish("ann", "ann/y"));
    process_assert_code(
        mqtt_shell("exec 2>/dev/null; openssl ca -config ca.cnf -cert ca.pem -keyfile ca.key "
                   "-revoke ann.pem && openssl ca -config ca.cnf -cert ca.pem -keyfile ca.key "
                   "-gencrl -out crl.pem"),
        0);
    reload("the certificates were read again");
    process_await_err(broker, "listener: connection ended: its certificate is revoked");
    assert_false(publish("ann", "ann/y"));
    process_write_file("crl.pem", "nothing\n");
    reload("crl.pem: no list of revoked certificates (CRL) in PEM");
    process_signal(reader, SIGTERM);
    (void)process_collect(reader);
    process_end(broker);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(users_are_read_again),
        PROCESS_TEST(a_command_does_it_on_a_terminal),
        PROCESS_TEST(a_certificate_names_its_user),
        PROCESS_TEST(revoked_certificates_are_not_let_in_and_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
