// A storm: publishers and subscribers of every version and quality of service, with sessions that
// last, retained messages and a will, while the broker is killed with -9 again and again, its disk
// fills, and its clock is set. At the end nothing that was acknowledged is missing, nothing of QoS
// 2 came twice, and all came in order.
//
// STORE_STORM_ROUNDS and STORE_STORM_CLIENTS (of each kind) make it longer and wider.
#include "mqtt.h"

#include <sys/mman.h>

#include "role/mqtt_client/mqtt_client.h"

#define CLIENTS_MAX 50
#define NUMBERS_MAX 200000 // of messages of a publisher
#define IN_FLIGHT 10
#define PAUSE_NS 20000000u
#define FILE_MORE (512 * 1024) // that the store's log may still grow before the disk is full

enum outcome { OPEN, ACCEPTED, REFUSED };

// A client with its stream. What a publisher has sent: `outcomes` by number. What a subscriber got:
// of each publisher how often each number came, and the newest.
struct one {
    struct mqtt_client *client;
    struct mqtt_client_config config;
    int fd; // -1: none
    unsigned place;
    unsigned qos;
    uint32_t sent;
    uint32_t answered;
    uint32_t last_accepted;
    uint64_t pause_until;
    uint8_t *outcomes;
    uint8_t *copies[CLIENTS_MAX];
    uint32_t newest[CLIENTS_MAX];
};

static struct memory memory;
static struct cipher_secret seed;
static struct mqtt_client_port client_port;
static struct one publishers[CLIENTS_MAX];
static struct one subscribers[CLIENTS_MAX];
static struct one dying; // has a will
static unsigned count;
static uint64_t answers; // of all publishers
static unsigned wills;
static unsigned subscribed; // of the subscribers
static bool is_publishing;
static unsigned refused_dials; // by the system, since nobody listened
static struct process *broker;
static uint16_t port;
static int64_t *step;

static uint64_t now_ns(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static bool is_publisher(const struct one *one) {
    return one->outcomes != NULL;
}

// ---- what clients tell -------------------------------------------------------------------------

static void note_answer(struct one *one, uint64_t number, bool is_accepted) {
    assert_int_equal(one->outcomes[number], OPEN);
    one->outcomes[number] = is_accepted ? ACCEPTED : REFUSED;
    one->answered++;
    answers++;
    if (is_accepted) {
        one->last_accepted = (uint32_t)number;
    } else {
        one->pause_until = now_ns() + PAUSE_NS;
    }
}

// Behind the newest one, or again: whoever publishes with QoS 1 or 2 says again what was not
// answered, which the broker knows again if it is of QoS 2 and had been answered or went out so.
static void note_message(struct one *one, const struct mqtt_client_event *event) {
    char text[32] = "";
    unsigned publisher;
    unsigned number;
    if (bytes_equal(event->text, BYTES_LITERAL("will"))) {
        wills += one->place == count - 1 && !event->dup; // the last one has the highest QoS
        return;
    }
    if (event->retain) { // the subscription's own copy of what came at the same time
        return;
    }
    assert_true(event->value.size < sizeof text);
    memcpy(text, event->value.data, event->value.size);
    assert_int_equal(sscanf(text, "%u %u", &publisher, &number), 2);
    assert_true(publisher < count && number < NUMBERS_MAX);
    uint8_t *copies = &one->copies[publisher][number];
    bool may_repeat = event->qos == 1 || (event->qos == 0 && publishers[publisher].qos == 1);
    if (*copies > 0 ? !may_repeat : number <= one->newest[publisher]) {
        print_error("subscriber %u (QoS %u): number %u of publisher %u %s, newest %u\n", one->place,
                    event->qos, number, publisher, *copies > 0 ? "came twice" : "is late",
                    one->newest[publisher]);
        fail();
    }
    *copies = *copies < UINT8_MAX ? (uint8_t)(*copies + 1) : UINT8_MAX;
    one->newest[publisher] = number > one->newest[publisher] ? number : one->newest[publisher];
}

static void on_ready(void *context, void *owner) {
    (void)context;
    (void)owner;
}

static void on_tell(void *context, void *owner, const struct mqtt_client_event *event) {
    struct one *one = owner;
    (void)context;
    switch ((int)event->kind) {
    case MQTT_CLIENT_EVENT_MESSAGE:
        note_message(one, event);
        break;
    case MQTT_CLIENT_EVENT_PUBLISHED:
        note_answer(one, event->token, true);
        break;
    case MQTT_CLIENT_EVENT_NOT_PUBLISHED:
        note_answer(one, event->token, false);
        break;
    case MQTT_CLIENT_EVENT_SUBSCRIBED:
        subscribed++;
        break;
    case MQTT_CLIENT_EVENT_SESSION_LOST:
    case MQTT_CLIENT_EVENT_VIOLATION:
        print_error("%s %u: %s %s\n", is_publisher(one) ? "publisher" : "subscriber", one->place,
                    event->statement != NULL ? event->statement : "its session is lost",
                    event->why != NULL ? event->why : "");
        fail();
        break;
    default:
        break;
    }
}

// ---- clients -----------------------------------------------------------------------------------

static void begin_one(struct one *one, const char *kind, unsigned place) {
    static const enum mqtt_version versions[] = {MQTT_3_1, MQTT_3_1_1, MQTT_5};
    char name[16];
    *one = (struct one){.fd = -1, .place = place, .qos = place / 3 % 3};
    one->config = (struct mqtt_client_config){
        .version = versions[place % 3],
        .connect_timeout = UINT64_C(60000000000),
        .answer_timeout = UINT64_C(60000000000),
        .retry = {.kind = MQTT_CLIENT_RETRY_FIXED, .first = PAUSE_NS, .most = PAUSE_NS},
        .limits = {.messages = 2 * IN_FLIGHT,
                   .subscriptions = 4,
                   .message_bytes = 100000,
                   .output_bytes = 100000,
                   .packet_bytes = 100000,
                   .receive_maximum = 100,
                   .in_flight = IN_FLIGHT},
        .seed = &seed};
    if (one->config.version == MQTT_5) {
        one->config.properties = (struct mqtt_properties){.present = MQTT_HAS(MQTT_SESSION_EXPIRY),
                                                          .session_expiry = UINT32_MAX};
    }
    (void)snprintf(name, sizeof name, "%s%u", kind, place);
    if (kind[0] == 'w') {
        one->config.will = (struct mqtt_client_will){
            .topic = BYTES_LITERAL("will"), .payload = BYTES_LITERAL("x"), .qos = 1};
    }
    one->client = mqtt_client_create(&one->config, &client_port, bytes_of_text(name), place, one);
    assert_int_equal(mqtt_client_connect(one->client, now_ns()), MQTT_CLIENT_OK);
}

static void begin_all(void) {
    client_port = (struct mqtt_client_port){.ready = on_ready, .tell = on_tell, .memory = &memory};
    memory_init(&memory);
    for (unsigned i = 0; i < count; i++) {
        begin_one(&publishers[i], "p", i);
        publishers[i].outcomes = calloc(NUMBERS_MAX, 1);
        assert_non_null(publishers[i].outcomes);
        begin_one(&subscribers[i], "s", i);
        for (unsigned k = 0; k < count; k++) {
            subscribers[i].copies[k] = calloc(NUMBERS_MAX, 1);
            assert_non_null(subscribers[i].copies[k]);
        }
        struct mqtt_client_subscription all = {.filter = BYTES_LITERAL("#"),
                                               .options = (uint8_t)subscribers[i].qos};
        assert_int_equal(mqtt_client_subscribe(subscribers[i].client, &all, now_ns()),
                         MQTT_CLIENT_OK);
    }
    begin_one(&dying, "w", 2);
}

static void close_one(struct one *one, const char *why) {
    close(one->fd);
    one->fd = -1;
    mqtt_client_closed(one->client, why, now_ns());
}

static void end_one(struct one *one) {
    if (one->fd >= 0) {
        close(one->fd);
    }
    mqtt_client_destroy(one->client);
    free(one->outcomes);
    for (unsigned i = 0; i < count; i++) {
        free(one->copies[i]);
    }
}

// A socket that is not blocked on; NULL port: nobody listens.
static void open_one(struct one *one) {
    struct sockaddr_in place = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    one->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(one->fd >= 0);
    // Where a service manager listens, but no broker takes anybody, it would wait for ever.
    struct timeval patience = {.tv_sec = PROCESS_DEADLINE_S};
    (void)setsockopt(one->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(one->fd, (const struct sockaddr *)&place, sizeof place) != 0) {
        refused_dials++;
        close_one(one, "nobody listens");
        return;
    }
    assert_int_equal(fcntl(one->fd, F_SETFL, O_NONBLOCK), 0);
    mqtt_client_opened(one->client, now_ns());
}

static void publish_more(struct one *one) {
    while (is_publishing && one->sent - one->answered < IN_FLIGHT && one->pause_until <= now_ns() &&
           one->sent + 1 < NUMBERS_MAX) {
        char topic[16];
        char text[32];
        uint32_t number = one->sent + 1;
        (void)snprintf(topic, sizeof topic, "s/%u", one->place);
        (void)snprintf(text, sizeof text, "%u %u", one->place, number);
        struct mqtt_client_message message = {.topic = bytes_of_text(topic),
                                              .payload = bytes_of_text(text),
                                              .qos = (uint8_t)one->qos,
                                              .retain = true,
                                              .token = number};
        if (mqtt_client_publish(one->client, &message, now_ns()) != MQTT_CLIENT_OK) {
            one->pause_until = now_ns() + PAUSE_NS; // QoS 0 without a connection
            return;
        }
        one->sent = number;
        if (one->qos == 0) {
            note_answer(one, number, true);
            one->pause_until = now_ns() + PAUSE_NS / 10;
        }
    }
}

static void receive_more(struct one *one) {
    uint8_t bytes[65536];
    ssize_t got = recv(one->fd, bytes, sizeof bytes, 0);
    if (got > 0) {
        mqtt_client_receive(one->client, bytes_make(bytes, (size_t)got), now_ns());
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        close_one(one, NULL);
    }
}

static void send_more(struct one *one) {
    struct bytes output = mqtt_client_output(one->client);
    ssize_t sent = output.size == 0 ? 0 : send(one->fd, output.data, output.size, MSG_NOSIGNAL);
    if (sent > 0) {
        mqtt_client_sent(one->client, (size_t)sent, now_ns());
    }
}

static void serve(struct one *one, bool is_readable) {
    if (is_publisher(one)) {
        publish_more(one);
    }
    if (one->fd >= 0 && is_readable) {
        receive_more(one);
    }
    if (mqtt_client_deadline(one->client) <= now_ns()) {
        mqtt_client_tick(one->client, now_ns());
    }
    if (one->fd >= 0) {
        send_more(one);
    }
    enum mqtt_client_need need = mqtt_client_need(one->client);
    if (need == MQTT_CLIENT_NEEDS_STREAM && one->fd < 0) {
        open_one(one);
    } else if (need == MQTT_CLIENT_NEEDS_CLOSING && one->fd >= 0) {
        close_one(one, NULL);
    }
}

// One round of all clients.
static void turn(void) {
    struct one *all[2 * CLIENTS_MAX + 1];
    struct pollfd places[2 * CLIENTS_MAX + 1];
    nfds_t all_count = 0;
    for (unsigned i = 0; i < count; i++) {
        all[all_count++] = &publishers[i];
        all[all_count++] = &subscribers[i];
    }
    all[all_count++] = &dying;
    for (nfds_t i = 0; i < all_count; i++) {
        places[i] = (struct pollfd){.fd = all[i]->fd, .events = POLLIN};
    }
    (void)poll(places, all_count, 2);
    for (nfds_t i = 0; i < all_count; i++) {
        serve(all[i], places[i].revents != 0);
    }
    (void)process_pump(-1, 0);
}

// ---- the storm ---------------------------------------------------------------------------------

static void start(void) {
    broker = process_start("broker", "--quiet", "--mqtt", "0", "--store", "s.db");
    port = mqtt_port(broker, MQTT_TCP);
}

static void kill_broker(void) {
    process_kill(broker);
    process_free(broker);
    process_count--; // it was the last one
}

static void run_until_answered(uint64_t more) {
    uint64_t wanted = answers + more;
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (answers < wanted) {
        turn();
        assert_true(process_now_ms() < deadline);
    }
}

static bool has_said(const char *text) {
    return strstr(process_text(&broker->err), text) != NULL;
}

static void limit_files(rlim_t most) {
    struct rlimit limit = {most, RLIM_INFINITY};
    assert_int_equal(prlimit(broker->id, RLIMIT_FSIZE, &limit, NULL), 0);
}

// The disk fills; it gets room again, or the broker is killed before that.
static void fill_disk(bool recovers) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    limit_files(FILE_MORE);
    while (!has_said("what would be promised is refused")) {
        turn();
        assert_true(process_now_ms() < deadline);
    }
    if (recovers) {
        limit_files(RLIM_INFINITY);
        while (!has_said("can be written again")) {
            turn();
            assert_true(process_now_ms() < deadline);
        }
        run_until_answered(20);
    }
}

static void step_clock(void) {
    char program[PATH_MAX] = {0};
    char *library = NULL;
    char *path = support_path(process_folder, "step");
    assert_true(readlink("/proc/self/exe", program, sizeof program - 1) > 0);
    assert_true(asprintf(&library, "%s/../preload/clock_step.so", dirname(program)) > 0);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(ftruncate(fd, sizeof(int64_t)), 0);
    step = mmap(NULL, sizeof *step, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_true(step != MAP_FAILED);
    close(fd);
    assert_int_equal(setenv("CLOCK_STEP_FILE", path, 1), 0);
    assert_int_equal(setenv("LD_PRELOAD", library, 1), 0);
    free(library);
    free(path);
}

// ---- the end -----------------------------------------------------------------------------------

static unsigned lowest_qos(unsigned publisher, const struct one *subscriber) {
    unsigned qos = publishers[publisher].qos;
    return qos < subscriber->qos ? qos : subscriber->qos;
}

static bool has_all(const struct one *subscriber) {
    for (unsigned i = 0; i < count; i++) {
        for (uint32_t n = 1; n <= publishers[i].sent && lowest_qos(i, subscriber) > 0; n++) {
            if (publishers[i].outcomes[n] == ACCEPTED && subscriber->copies[i][n] == 0) {
                return false;
            }
        }
    }
    return true;
}

static bool is_complete(void) {
    for (unsigned i = 0; i < count; i++) {
        if (publishers[i].sent != publishers[i].answered || !has_all(&subscribers[i])) {
            return false;
        }
    }
    return true;
}

static void say_missing(void) {
    for (unsigned s = 0; s < count; s++) {
        for (unsigned i = 0; i < count; i++) {
            for (uint32_t n = 1; n <= publishers[i].sent; n++) {
                if (publishers[i].outcomes[n] == ACCEPTED && lowest_qos(i, &subscribers[s]) > 0 &&
                    subscribers[s].copies[i][n] == 0) {
                    print_error("subscriber %u lacks number %u of publisher %u\n", s, n, i);
                    break;
                }
            }
        }
    }
    for (unsigned i = 0; i < count; i++) {
        if (publishers[i].sent != publishers[i].answered) {
            print_error("publisher %u: %u sent, %u answered\n", i, publishers[i].sent,
                        publishers[i].answered);
        }
    }
}

static void run_until_complete(void) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 300u;
    is_publishing = false;
    while (!is_complete()) {
        turn();
        if (process_now_ms() > deadline) {
            say_missing();
            fail();
        }
    }
}

// What is retained is the newest, or was under way when it was answered.
static void assert_retained(void) {
    struct mqtt_hand *hand = mqtt_hand_connect(0, port, MQTT_5, "look");
    mqtt_hand_subscribe(hand, "s/#", 0);
    for (unsigned i = 0; i < count; i++) {
        struct mqtt_packet packet = mqtt_hand_expect(hand, MQTT_PUBLISH);
        char text[32] = "";
        unsigned publisher;
        unsigned number;
        memcpy(text, packet.publish.payload.data, packet.publish.payload.size);
        assert_int_equal(sscanf(text, "%u %u", &publisher, &number), 2);
        assert_true(publishers[publisher].qos == 0 ||
                    number == publishers[publisher].last_accepted);
    }
}

static void begin_storm(uint64_t clients) {
    count = clients < CLIENTS_MAX ? (unsigned)clients : CLIENTS_MAX;
    answers = 0;
    wills = subscribed = 0;
    begin_all();
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (subscribed < count) {
        turn();
        assert_true(process_now_ms() < deadline);
    }
    is_publishing = true;
}

static void end_storm(void) {
    run_until_complete();
    assert_retained();
    process_end(broker);
    for (unsigned i = 0; i < count; i++) {
        end_one(&publishers[i]);
        end_one(&subscribers[i]);
    }
    end_one(&dying);
    assert_int_equal(memory.bytes_in_use, 0);
}

static void nothing_acknowledged_is_lost_in_a_storm(void **state) {
    (void)state;
    unsigned rounds = support_setting("STORE_STORM_ROUNDS", 6);
    uint64_t random = support_setting("STORE_STORM_SEED", 1);
    step_clock();
    start();
    begin_storm(support_setting("STORE_STORM_CLIENTS", 9));
    for (unsigned round = 1; round <= rounds; round++) {
        run_until_answered(1 + support_random(&random) % 400);
        if (round % 3 == 0) {
            fill_disk(round % 2 == 0);
        }
        kill_broker();
        *step = (int64_t)(support_random(&random) % 6000) - 3000;
        start();
    }
    end_storm();
    assert_true(wills > 0 && wills <= rounds);
    print_message("%u kills, %llu answers, %u wills\n", rounds, (unsigned long long)answers, wills);
    assert_int_equal(munmap(step, sizeof *step), 0);
    (void)unsetenv("LD_PRELOAD");
}

// ---- an upgrade --------------------------------------------------------------------------------

// As a service manager does that keeps the port open: clients wait in it between two brokers.
static void start_at(int listening) {
    char *program = process_program("broker");
    char line[200];
    (void)snprintf(line, sizeof line,
                   "exec 3<&%d; LISTEN_FDS=1 LISTEN_FDNAMES=mqtt LISTEN_PID=$$ exec \"$0\" --quiet "
                   "--mqtt fd:mqtt --store s.db",
                   listening);
    broker = process_start("/bin/sh", "-c", line, program);
    free(program);
}

static int listen_anywhere(void) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0); // goes on to the program
    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 100), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    port = ntohs(at.sin_port);
    return fd;
}

// Ends it in order, while its clients go on. It is a child of this test until it was collected.
static void end_in_order(void) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    process_signal(broker, SIGTERM);
    while (broker->err.fd >= 0 || broker->out.fd >= 0) {
        turn();
        assert_true(process_now_ms() < deadline);
    }
    process_assert_code(broker, 0);
    process_free(broker);
    process_count--;
}

static void an_upgrade_under_load_loses_nothing(void **state) {
    (void)state;
    unsigned rounds = support_setting("STORE_STORM_ROUNDS", 6) / 2;
    int listening = listen_anywhere();
    start_at(listening);
    begin_storm(support_setting("STORE_STORM_CLIENTS", 9));
    for (unsigned round = 1; round <= rounds; round++) {
        run_until_answered(400);
        unsigned refused_before = refused_dials;
        end_in_order();
        start_at(listening);
        run_until_answered(400);
        assert_int_equal(refused_dials, refused_before); // the port was open all the time
    }
    end_storm();
    close(listening);
    print_message("%u upgrades, %llu answers\n", rounds, (unsigned long long)answers);
}

// ---- a hand-over -------------------------------------------------------------------------------

static struct process *start_handing(const char *option) {
    return process_start("broker", "--quiet", "--mqtt", "0", "--store", "s.db", "--hand-over", "h",
                         option, NULL);
}

static void forget(struct process *process, int code) {
    process_assert_code(process, code);
    process_forget(process);
}

static void run_turns(uint64_t turns) {
    for (uint64_t i = 0; i < turns; i++) {
        turn();
    }
}

static void run_until_ended(const struct process *process) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (!process_has_ended(process)) {
        turn();
        assert_true(process_now_ms() < deadline);
    }
}

// The newcomer serves, whatever became of the other one.
static void run_until_serving(struct process *newcomer) {
    broker = newcomer;
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (!has_said("took over from process") && !has_said("nobody to take over from")) {
        turn();
        assert_true(process_now_ms() < deadline);
    }
    port = mqtt_port(newcomer, MQTT_TCP); // another one if nobody was there
}

static void hand_over(void) {
    struct process *before = broker;
    unsigned refused_before = refused_dials;
    run_until_serving(start_handing("--take-over"));
    run_until_ended(before);
    forget(before, 0);
    assert_int_equal(refused_dials, refused_before); // clients waited at its sockets
}

static void kill_the_old_one(uint64_t after) {
    struct process *before = broker;
    struct process *newcomer = start_handing("--take-over");
    run_turns(after);
    process_signal(before, SIGKILL);
    run_until_ended(before);
    int code = process_collect(before); // it may have been done
    forget(before, code == 0 ? 0 : 1000 + SIGKILL);
    run_until_serving(newcomer);
}

static void kill_the_new_one(uint64_t after) {
    struct process *before = broker;
    struct process *newcomer = start_handing("--take-over");
    run_turns(after);
    process_signal(newcomer, SIGKILL);
    run_until_ended(newcomer);
    forget(newcomer, 1000 + SIGKILL);
    // More than could still be on its way from the one that was killed.
    uint64_t wanted = answers + (uint64_t)count * IN_FLIGHT + 1;
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (answers < wanted && !process_has_ended(before)) {
        turn();
        assert_true(process_now_ms() < deadline);
    }
    if (process_has_ended(before)) { // the new one served already: that was the kill of a broker
        forget(before, 0);
        broker = start_handing(NULL);
        port = mqtt_port(broker, MQTT_TCP);
    }
}

static void a_hand_over_loses_nothing_whoever_is_killed(void **state) {
    (void)state;
    unsigned rounds = support_setting("STORE_STORM_ROUNDS", 6);
    uint64_t random = support_setting("STORE_STORM_SEED", 1);
    broker = start_handing(NULL);
    port = mqtt_port(broker, MQTT_TCP);
    begin_storm(support_setting("STORE_STORM_CLIENTS", 9));
    for (unsigned round = 1; round <= rounds; round++) {
        uint64_t after = support_random(&random) % 60;
        run_until_answered(200);
        if (round % 3 == 1) {
            hand_over();
        } else if (round % 3 == 2) {
            kill_the_old_one(after);
        } else {
            kill_the_new_one(after);
        }
        run_until_answered(200);
    }
    end_storm();
    print_message("%u hand-overs, %llu answers\n", rounds, (unsigned long long)answers);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(nothing_acknowledged_is_lost_in_a_storm),
        PROCESS_TEST(an_upgrade_under_load_loses_nothing),
        PROCESS_TEST(a_hand_over_loses_nothing_whoever_is_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
