// A broker with a store beside one without: how many messages of QoS 1 pass, and at what cost; how
// long one message takes to its PUBACK; how long a start with much in the store takes.
//
// Subscribers have sessions that last, so each message is in the journal: when it comes, when it is
// sent, when it is done. Debian's mosquitto stands beside with its persistence, which promises
// less: it saves everything each second, and acknowledges before. To its start and to its churn it
// brings a database that it has written itself, filled over the socket with a tenth of the messages
// and sessions: to fill it with all of them takes minutes.
#include "brokers.h"
#include "client.h"
#include "feed.h"
#include "support.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mqtt/packet.h"
#include "role/broker/session/door_record.h"
#include "store/broker/broker_store.h"
#include "store/broker/record_rows.h"

#define LOAD                                                                                       \
    "load --port %u --pid %d --publishers 10 --qos 1 --window 256 --no-clean --run 7 --seconds 3 " \
    "--warm-up 1 --json"
#define SINGLES 500
#define COMMIT_BYTES (16384 + 24) // a page of the write-ahead log, and its head
#define RETAINED 1000000u
#define SESSIONS 100000u
#define MESSAGES 10u // of each
#define SHARE 10u    // of all that, which mosquitto gets: one part in so many
#define PART_BYTES (2u * 1024 * 1024)
#define CHURN_MESSAGES 2000u // three times what is kept, and more
#define CHURN_TOPICS 16u
#define CHURN_BYTES 262144u
#define PAYLOAD_BYTES 64u
#define EACH_SECOND 1
#define AT_THE_END 100000 // seconds: only when it ends

enum kind { MEMORY, STRICT, MOSQUITTO };

static pid_t start(enum kind kind, uint16_t port) {
    char options[100];
    (void)snprintf(options, sizeof options, kind == STRICT ? "--store %u.db" : "", port);
    return kind == MOSQUITTO ? bench_start_mosquitto_durable(port, FIRST_CORE, EACH_SECOND)
                             : bench_start_ours(port, FIRST_CORE, options);
}

// ---- throughput --------------------------------------------------------------------------------

struct passed {
    double per_second;
    double cpu; // seconds a million
};

static struct passed measure(enum kind kind) {
    uint16_t port = bench_free_port();
    pid_t broker = start(kind, port);
    char line[256];
    int out[2];
    (void)snprintf(line, sizeof line, LOAD, port, (int)broker);
    if (pipe2(out, O_CLOEXEC) != 0) {
        bench_fail("no pipe");
    }
    pid_t load = bench_program_start(line, SECOND_CORE, out[1]);
    close(out[1]);
    FILE *from = fdopen(out[0], "r");
    json_t *report = json_loadf(from, 0, NULL);
    (void)fclose(from);
    (void)bench_program_end(load, 0);
    (void)bench_program_end(broker, SIGTERM);
    if (report == NULL || !json_is_true(json_object_get(report, "good"))) {
        bench_fail("messages were lost, repeated or out of order");
    }
    struct passed passed = {
        json_number_value(json_object_get(report, "delivered_per_second")),
        json_number_value(json_object_get(report, "broker_cpu_seconds_per_million"))};
    json_decref(report);
    return passed;
}

static void bench_throughput(void) {
    struct passed memory = measure(MEMORY);
    struct passed strict = measure(STRICT);
    struct passed theirs = {0};
    if (bench_has_mosquitto()) {
        theirs = measure(MOSQUITTO);
    }
    bench_print(&(struct bench_row){.what = "QoS 1, 10 to 10, window 256, without a store",
                                    .figure = memory.per_second,
                                    .unit = "msgs/s"});
    bench_print(&(struct bench_row){.what = "the same with a store, strict",
                                    .figure = strict.per_second,
                                    .unit = "msgs/s",
                                    .target = 400000,
                                    .at_least = 1,
                                    .baseline = theirs.per_second,
                                    .baseline_name = "mosquitto, persistence"});
    bench_print(&(struct bench_row){.what = "processor time of a million",
                                    .figure = strict.cpu,
                                    .unit = "s",
                                    .target = 2.5 * memory.cpu,
                                    .baseline = memory.cpu,
                                    .baseline_name = "without a store"});
}

// ---- one message -------------------------------------------------------------------------------

static void await_puback(int fd) {
    uint8_t bytes[16];
    if (recv(fd, bytes, sizeof bytes, 0) <= 0 || bytes[0] >> 4 != MQTT_PUBACK) {
        bench_fail("no PUBACK came");
    }
}

// A client that publishes a retained message of QoS 1 and awaits its PUBACK, again and again.
struct single {
    pid_t broker;
    int fd;
    uint64_t samples[SINGLES];
};

static void begin_single(struct single *single, enum kind kind) {
    uint16_t port = bench_free_port();
    single->broker = start(kind, port);
    single->fd = bench_client_connect(port, "single", 4);
}

static void publish_single(struct single *single, unsigned i) {
    static const uint8_t payload[64];
    uint8_t bytes[128];
    struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                 .publish = {.packet_id = 1,
                                             .topic = BYTES_LITERAL("bench/single"),
                                             .payload = bytes_make(payload, sizeof payload),
                                             .qos = 1,
                                             .retain = true}};
    size_t size = (size_t)(mqtt_encode(&packet, MQTT_3_1_1, bytes) - bytes);
    uint64_t began = bench_now();
    if (send(single->fd, bytes, size, MSG_NOSIGNAL) != (ssize_t)size) {
        bench_fail("a message could not be sent");
    }
    await_puback(single->fd);
    single->samples[i] = bench_now() - began;
}

// The median, in microseconds.
static double end_single(struct single *single) {
    close(single->fd);
    (void)bench_program_end(single->broker, SIGTERM);
    return (double)bench_percentile(single->samples, SINGLES, 50) / 1e3;
}

static uint64_t sync_bare(int fd) {
    static const uint8_t bytes[COMMIT_BYTES];
    uint64_t began = bench_now();
    if (write(fd, bytes, sizeof bytes) != (ssize_t)sizeof bytes || fdatasync(fd) != 0) {
        bench_fail("a file could not be written");
    }
    return bench_now() - began;
}

static int open_bare(void) {
    char path[128];
    (void)snprintf(path, sizeof path, "%s/bare", bench_brokers_folder());
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

// A disk is fast and slow by turns, so the samples of all are taken by turns.
static void bench_single(void) {
    static struct single memory;
    static struct single strict;
    static struct single theirs;
    static uint64_t bare[SINGLES];
    int fd = open_bare();
    begin_single(&memory, MEMORY);
    begin_single(&strict, STRICT);
    if (bench_has_mosquitto()) {
        begin_single(&theirs, MOSQUITTO);
    }
    for (unsigned i = 0; i < SINGLES; i++) {
        bare[i] = sync_bare(fd);
        publish_single(&memory, i);
        publish_single(&strict, i);
        if (theirs.broker != 0) {
            publish_single(&theirs, i);
        }
    }
    close(fd);
    double least = (double)bench_percentile(bare, SINGLES, 50) / 1e3 + end_single(&memory);
    bench_print(&(struct bench_row){.what = "one message to its PUBACK, strict",
                                    .figure = end_single(&strict),
                                    .unit = "us",
                                    .target = 1.4 * least,
                                    .baseline = least,
                                    .baseline_name = "bare fdatasync + without a store"});
    if (theirs.broker != 0) {
        bench_print(&(struct bench_row){.what = "  mosquitto, which has not saved it then",
                                        .figure = end_single(&theirs),
                                        .unit = "us"});
    }
}

// ---- a start -----------------------------------------------------------------------------------

static const struct record_rows rows = {door_journal_kinds, DOOR_RECORDS};

struct filling {
    struct broker_store *store;
    struct buffer part;
    uint64_t bytes;
    bool has_begun;
};

static void write_part(struct filling *filling, bool is_last) {
    const struct broker_store_turn turn = {.begins_snapshot = !filling->has_begun,
                                           .part = buffer_bytes(&filling->part),
                                           .ends_snapshot = is_last};
    if (!broker_store_commit(filling->store, &turn)) {
        bench_fail(broker_store_trouble(filling->store));
    }
    broker_store_tidy(filling->store);
    filling->has_begun = true;
    filling->bytes += filling->part.size;
    filling->part.size = 0;
}

static void add(struct filling *filling, const struct journal_record *record) {
    record_rows_append(rows, &filling->part, record);
    if (filling->part.size >= PART_BYTES) {
        write_part(filling, false);
    }
}

static void add_session(struct filling *filling, uint64_t number) {
    static const uint8_t payload[PAYLOAD_BYTES];
    char name[BENCH_FEED_NAME_SIZE];
    (void)bench_feed_session(name, (uint32_t)(number / (MESSAGES + 1)));
    add(filling, &(struct journal_record){
                     .kind = DOOR_SESSION,
                     .number = {number, MQTT_5, UINT32_MAX, MESSAGES, 0, 1, UINT64_MAX, 0},
                     .text = {bytes_of_text(name)}});
    add(filling, &(struct journal_record){.kind = DOOR_SUBSCRIBED,
                                          .number = {number, 1, 0, 0},
                                          .text = {bytes_of_text(name)}});
    for (uint64_t i = 1; i <= MESSAGES; i++) {
        add(filling, &(struct journal_record){
                         .kind = DOOR_MESSAGE,
                         .number = {number + i, UINT64_MAX, 1, 0},
                         .text = {bytes_of_text(name), {0}, bytes_make(payload, sizeof payload)}});
        add(filling, &(struct journal_record){.kind = DOOR_QUEUED,
                                              .number = {number, i, number + i, 1, 0, 0, 0, 0}});
    }
}

static uint64_t fill(const char *path) {
    static const uint8_t payload[PAYLOAD_BYTES];
    struct memory memory;
    struct broker_store_error error;
    struct filling filling = {.store = broker_store_open(path, &error)};
    if (filling.store == NULL) {
        bench_fail(error.said.text);
    }
    memory_init(&memory);
    buffer_init(&filling.part, &memory);
    for (uint32_t i = 0; i < RETAINED; i++) {
        char topic[BENCH_FEED_NAME_SIZE];
        (void)bench_feed_topic(topic, i);
        add(&filling,
            &(struct journal_record){
                .kind = BROKER_VALUE,
                .number = {UINT64_MAX, 0, 1, 0},
                .text = {bytes_of_text(topic), {0}, bytes_make(payload, sizeof payload)}});
    }
    for (uint64_t i = 0; i < SESSIONS; i++) {
        add_session(&filling, 1 + i * (MESSAGES + 1));
    }
    write_part(&filling, true);
    buffer_deinit(&filling.part);
    broker_store_close(filling.store);
    return filling.bytes;
}

static double file_size(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    off_t size = lseek(fd, 0, SEEK_END);
    close(fd);
    return (double)size;
}

static uint64_t fill_and_tell(char *path, size_t size) {
    (void)snprintf(path, size, "%s/full.db", bench_brokers_folder());
    (void)unlink(path);
    return fill(path);
}

static const char *database_of_mosquitto(void) {
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/mosquitto.db", bench_brokers_folder());
    return path;
}

// Has mosquitto write a database of its share of the contents, once.
static void fill_mosquitto(void) {
    static bool is_filled;
    const struct bench_feed feed = {.retained = RETAINED / SHARE,
                                    .sessions = SESSIONS / SHARE,
                                    .messages = MESSAGES,
                                    .payload_bytes = PAYLOAD_BYTES};
    if (!is_filled) {
        uint16_t port = bench_free_port();
        (void)unlink(database_of_mosquitto());
        pid_t broker = bench_start_mosquitto_durable(port, FIRST_CORE, AT_THE_END);
        bench_feed(port, &feed);
        (void)bench_program_end(broker, SIGTERM);
    }
    is_filled = true;
}

// A port that listens is not enough: what the store holds may not have been read yet.
static void await_let_in(uint16_t port) {
    int fd = bench_client_connect(port, "first", 4);
    if (fd < 0) {
        bench_fail("the broker lets nobody in");
    }
    close(fd);
}

// In seconds, until it lets a client in; 0: there is none.
static double start_of_mosquitto(void) {
    if (!bench_has_mosquitto()) {
        return 0;
    }
    fill_mosquitto();
    uint16_t port = bench_free_port();
    uint64_t began = bench_now();
    pid_t broker = bench_start_mosquitto_durable(port, FIRST_CORE, AT_THE_END);
    await_let_in(port);
    double took = (double)(bench_now() - began) / 1e9;
    (void)bench_program_end(broker, SIGTERM);
    return took;
}

static void bench_start(void) {
    char path[128];
    uint64_t bytes = fill_and_tell(path, sizeof path);
    double size = file_size(path);
    uint16_t port = bench_free_port();
    uint64_t began = bench_now();
    pid_t broker = bench_start_ours(port, FIRST_CORE, "--store full.db --memory 4G");
    await_let_in(port);
    double took = (double)(bench_now() - began) / 1e9;
    (void)bench_program_end(broker, SIGTERM);
    double theirs = start_of_mosquitto();
    double their_size = theirs > 0 ? file_size(database_of_mosquitto()) : 0;
    bench_print(&(struct bench_row){.what = "start: 1,000,000 retained, 100,000 x 10 messages",
                                    .figure = took,
                                    .unit = "s",
                                    .target = 5,
                                    .baseline = theirs,
                                    .baseline_name = "mosquitto, a tenth of it"});
    bench_print(&(struct bench_row){.what = "the file beside its records",
                                    .figure = size / (double)bytes,
                                    .unit = "times",
                                    .target = 1.5,
                                    .baseline = their_size * SHARE / (double)bytes,
                                    .baseline_name = "mosquitto's"});
}

// ---- churn -------------------------------------------------------------------------------------

// A message of QoS 0 to oneself and back, in nanoseconds.
static uint64_t echo(int fd) {
    static const uint8_t publish[] = {0x30, 6, 0, 2, 'm', 'e', 'o', 'k'};
    uint8_t answer[sizeof publish];
    uint64_t began = bench_now();
    if (send(fd, publish, sizeof publish, MSG_NOSIGNAL) != (ssize_t)sizeof publish ||
        recv(fd, answer, sizeof answer, MSG_WAITALL) != (ssize_t)sizeof answer) {
        bench_fail("a message did not come back");
    }
    return bench_now() - began;
}

static bool has_answer(int fd) {
    uint8_t byte;
    return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

static void subscribe_to_oneself(int fd) {
    static const uint8_t subscribe[] = {0x82, 7, 0, 1, 0, 2, 'm', 'e', 0};
    uint8_t answer[5];
    if (send(fd, subscribe, sizeof subscribe, MSG_NOSIGNAL) != (ssize_t)sizeof subscribe ||
        recv(fd, answer, sizeof answer, MSG_WAITALL) != (ssize_t)sizeof answer) {
        bench_fail("a client could not subscribe");
    }
}

static void send_large(int fd, unsigned number) {
    static uint8_t payload[CHURN_BYTES];
    static uint8_t bytes[CHURN_BYTES + 100];
    char topic[32];
    (void)snprintf(topic, sizeof topic, "kept/0/%u", number % CHURN_TOPICS);
    struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                 .publish = {.packet_id = 1,
                                             .topic = bytes_of_text(topic),
                                             .payload = {payload, sizeof payload},
                                             .qos = 1,
                                             .retain = true}};
    size_t size = (size_t)(mqtt_encode(&packet, MQTT_3_1_1, bytes) - bytes);
    for (size_t sent = 0; sent < size;) {
        ssize_t more = send(fd, bytes + sent, size - sent, MSG_NOSIGNAL);
        if (more < 0) {
            bench_fail("a message could not be sent");
        }
        sent += (size_t)more;
    }
}

// Retained messages take the place of others, which fills the journal again and again. Meanwhile
// somebody else's messages come and go. Returns the longest of these, in nanoseconds.
static uint64_t churn(uint16_t port) {
    uint64_t longest = 0;
    int publisher = bench_client_connect(port, "churn", 4);
    int other = bench_client_connect(port, "other", 4);
    subscribe_to_oneself(other);
    for (unsigned i = 0; i < CHURN_MESSAGES; i++) {
        send_large(publisher, i);
        do {
            uint64_t took = echo(other);
            longest = took > longest ? took : longest;
        } while (!has_answer(publisher));
        await_puback(publisher);
    }
    close(publisher);
    close(other);
    return longest;
}

// Of a file that is cleaned in the background: once it changes no more.
static double size_at_rest(const char *path) {
    const struct timespec while_it_changes = {.tv_sec = 2};
    double size = 0;
    double before;
    do {
        before = size;
        nanosleep(&while_it_changes, NULL);
        size = file_size(path);
    } while (size != before);
    return size;
}

struct churned {
    double longest_ms;
    double size;
};

static struct churned churn_ours(const char *path) {
    uint16_t port = bench_free_port();
    pid_t broker = bench_start_ours(
        port, FIRST_CORE, "--store full.db --memory 4G --max-entry-bytes 4G --max-entries 3000000");
    struct churned churned = {.longest_ms = (double)churn(port) / 1e6};
    churned.size = size_at_rest(path);
    (void)bench_program_end(broker, SIGTERM);
    return churned;
}

// It writes all of its database anew each second.
static struct churned churn_mosquitto(void) {
    if (!bench_has_mosquitto()) {
        return (struct churned){0};
    }
    fill_mosquitto();
    uint16_t port = bench_free_port();
    pid_t broker = bench_start_mosquitto_durable(port, FIRST_CORE, EACH_SECOND);
    struct churned churned = {.longest_ms = (double)churn(port) / 1e6};
    (void)bench_program_end(broker, SIGTERM);
    churned.size = file_size(database_of_mosquitto());
    return churned;
}

static void bench_churn(void) {
    char path[128];
    uint64_t filled = fill_and_tell(path, sizeof path);
    uint64_t bytes = filled + CHURN_TOPICS * CHURN_BYTES;
    double their_bytes = (double)filled / SHARE + CHURN_TOPICS * CHURN_BYTES;
    struct churned ours = churn_ours(path);
    struct churned theirs = churn_mosquitto();
    bench_print(&(struct bench_row){.what = "longest QoS 0 round trip beside snapshots",
                                    .figure = ours.longest_ms,
                                    .unit = "ms",
                                    .target = 100,
                                    .baseline = theirs.longest_ms,
                                    .baseline_name = "mosquitto beside its saving"});
    bench_print(&(struct bench_row){.what = "the file beside its records, after churn",
                                    .figure = ours.size / (double)bytes,
                                    .unit = "times",
                                    .target = 1.5,
                                    .baseline = theirs.size / their_bytes,
                                    .baseline_name = "mosquitto's"});
}

static const struct part {
    const char *name;
    void (*run)(void);
} parts[] = {{"throughput", bench_throughput},
             {"single", bench_single},
             {"start", bench_start},
             {"churn", bench_churn}};

// All parts, or the one that is named.
int main(int argc, char **argv) {
    (void)signal(SIGPIPE, SIG_IGN);
    bench_brokers_init("durable_bench");
    bench_run_at(SECOND_CORE);
    bench_title("a broker with a store");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (argc < 2 || strcmp(argv[1], parts[i].name) == 0) {
            parts[i].run();
        }
    }
    bench_brokers_deinit();
    return 0;
}
