// How long a message of a well-behaved pair of clients takes while others flood the same broker:
// ours beside Debian's mosquitto, each kind of flood from 1 and from 100 connections.
//
// The broker, fresh for each figure, has the first core; the pair and the flood share the second
// one, where the pair, in a process of its own, comes first. The publisher sends a message of QoS 0
// each 2 ms whether or not the one before has arrived, and a latency counts from the moment when
// the message was due: a broker that stands still for a second shows in 500 latencies. When the
// time is up the flood ends and the pair waits for what is still on its way; a message that never
// arrives counts as long as was waited.
//
// "no flood" is the same with a process that floods nothing but keeps the core as busy: what of the
// figures is the machine's and the measuring's. The targets: p99 not above mosquitto's, and the
// worst at most 100 ms. The column "flood" has the thousands of its packets a second that the
// broker took. A broker may end connections that flood it, or slow them down; what it ends stays
// ended.
//
// `--threads N` gives ours N threads, `--ours` leaves mosquitto out, `--seconds N` measures longer.
// Words that follow choose rows by a part of their names, as in "PINGREQ, 100 connections".
#include "brokers.h"
#include "client.h"
#include "flood.h"
#include "support.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define MS UINT64_C(1000000) // of ns
#define INTERVAL (2 * MS)
#define WARM_UP (400 * MS)
#define PATIENCE (20000 * MS) // for messages on their way when the flood has ended
#define SECONDS 1
#define RUNS 3
#define SECONDS_MAX 20
#define WORST_MOST_MS 100.0
#define NOT_MEASURED INFINITY
#define WARM_UP_MESSAGES (WARM_UP / INTERVAL)
#define MESSAGES_MAX (WARM_UP_MESSAGES + SECONDS_MAX * 1000 * MS / INTERVAL)

static const unsigned connection_counts[] = {1, 100};

struct row {
    char name[48];
    const struct bench_flood_kind *kind;
    unsigned connections;
};

struct options {
    char *const *words;
    char ours[32]; // further options of our broker
    unsigned seconds;
    bool has_mosquitto;
};

// ---- the pair --------------------------------------------------------------------------------

#define TOPIC "\0\6pair/a"
#define TOPIC_SIZE 8
#define MESSAGE_SIZE (2 + TOPIC_SIZE + sizeof(uint64_t))

// Message i is due at start + i * INTERVAL and says so in its payload. The first ones, of the
// warm-up, are no figures.
struct pair {
    int publisher;
    int subscriber;
    uint64_t start;
    size_t sent;
    size_t arrived;
    uint8_t unread[64 * MESSAGE_SIZE]; // from the beginning of a message whose end has not come
    size_t unread_size;
    uint64_t latencies[MESSAGES_MAX]; // 0: has not arrived
};

static void pair_connect(struct pair *pair, uint16_t port) {
    static const uint8_t subscribe[] = "\x82\x0b\0\1" TOPIC;
    uint8_t suback[5];
    pair->publisher = bench_client_connect(port, "pair-publisher", 4);
    pair->subscriber = bench_client_connect(port, "pair-subscriber", 4);
    if (pair->publisher < 0 || pair->subscriber < 0 ||
        send(pair->subscriber, subscribe, sizeof subscribe, MSG_NOSIGNAL) != sizeof subscribe ||
        recv(pair->subscriber, suback, sizeof suback, MSG_WAITALL) != sizeof suback) {
        bench_fail("the pair is not let in");
    }
}

static void pair_disconnect(struct pair *pair) {
    close(pair->publisher);
    close(pair->subscriber);
}

static uint64_t due_time(const struct pair *pair, size_t i) {
    return pair->start + i * INTERVAL;
}

static void publish_due(struct pair *pair, size_t count, uint64_t now) {
    while (pair->sent < count && due_time(pair, pair->sent) <= now) {
        uint8_t message[MESSAGE_SIZE + 1] = "\x30\x10" TOPIC;
        uint64_t due = due_time(pair, pair->sent++);
        memcpy(message + 2 + TOPIC_SIZE, &due, sizeof due);
        if (send(pair->publisher, message, MESSAGE_SIZE, MSG_NOSIGNAL | MSG_DONTWAIT) !=
            MESSAGE_SIZE) {
            bench_fail("the publisher of the pair was disconnected, or not read from");
        }
    }
}

static void take_message(struct pair *pair, const uint8_t *message, uint64_t now) {
    uint64_t due = 0;
    memcpy(&due, message + 2 + TOPIC_SIZE, sizeof due);
    size_t i = (due - pair->start) / INTERVAL;
    if (i >= pair->sent || pair->latencies[i] != 0) {
        bench_fail("the pair got what was not sent");
    }
    pair->latencies[i] = now - due;
    pair->arrived++;
}

static void take_messages(struct pair *pair) {
    ssize_t size = recv(pair->subscriber, pair->unread + pair->unread_size,
                        sizeof pair->unread - pair->unread_size, MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno != EAGAIN)) {
        bench_fail("the subscriber of the pair was disconnected");
    }
    uint64_t now = bench_now();
    pair->unread_size += size > 0 ? (size_t)size : 0;
    size_t at = 0;
    for (; pair->unread_size - at >= MESSAGE_SIZE; at += MESSAGE_SIZE) {
        take_message(pair, pair->unread + at, now);
    }
    pair->unread_size -= at;
    memmove(pair->unread, pair->unread + at, pair->unread_size);
}

static void wait_for_messages(struct pair *pair, uint64_t until) {
    uint64_t now = bench_now();
    uint64_t left = until > now ? until - now : 0;
    struct pollfd socket = {.fd = pair->subscriber, .events = POLLIN};
    struct timespec most = {.tv_sec = (time_t)(left / (1000 * MS)),
                            .tv_nsec = (long)(left % (1000 * MS))};
    if (ppoll(&socket, 1, &most, NULL) > 0) {
        take_messages(pair);
    }
}

// Until `count` messages are sent.
static void pair_run(struct pair *pair, size_t count) {
    while (pair->sent < count) {
        wait_for_messages(pair, due_time(pair, pair->sent));
        publish_due(pair, count, bench_now());
    }
}

// Gives back how many messages were lost, which then have the time that was waited.
static size_t pair_drain(struct pair *pair) {
    uint64_t until = bench_now() + PATIENCE;
    while (pair->arrived < pair->sent && bench_now() < until) {
        wait_for_messages(pair, until);
    }
    for (size_t i = 0; i < pair->sent; i++) {
        if (pair->latencies[i] == 0) {
            pair->latencies[i] = bench_now() - due_time(pair, i);
        }
    }
    return pair->sent - pair->arrived;
}

// ---- measuring -------------------------------------------------------------------------------

struct figures {
    double p50_ms;
    double p99_ms;
    double worst_ms;
    double packets_per_second;
    unsigned ended; // connections of the flood, by the broker
    size_t lost;
};

static double percentile_ms(struct pair *pair, double p) {
    return (double)bench_percentile(pair->latencies + WARM_UP_MESSAGES,
                                    pair->sent - WARM_UP_MESSAGES, p) /
           (double)MS;
}

static struct figures measure(const struct row *row, uint16_t port, unsigned seconds) {
    static struct pair pair;
    memset(&pair, 0, sizeof pair);
    pair_connect(&pair, port);
    if (!bench_flood_start(row->kind, port, row->connections)) {
        bench_fail("the flood is not let in");
    }
    pair.start = bench_now();
    pair_run(&pair, WARM_UP_MESSAGES);
    uint64_t before = bench_flood_packets_sent();
    pair_run(&pair, WARM_UP_MESSAGES + seconds * 1000 * MS / INTERVAL);
    struct figures figures = {
        .packets_per_second = (double)(bench_flood_packets_sent() - before) / seconds,
        .ended = bench_flood_connections_ended(),
    };
    bench_flood_stop();
    figures.lost = pair_drain(&pair);
    figures.p50_ms = percentile_ms(&pair, 50);
    figures.p99_ms = percentile_ms(&pair, 99);
    figures.worst_ms = percentile_ms(&pair, 100);
    pair_disconnect(&pair);
    return figures;
}

static struct figures measure_ours(const struct row *row, const struct options *options) {
    uint16_t port = bench_free_port();
    pid_t broker = bench_start_ours(port, FIRST_CORE, options->ours);
    struct figures figures = measure(row, port, options->seconds);
    (void)bench_program_end(broker, SIGTERM);
    return figures;
}

static struct figures measure_mosquitto(const struct row *row, const struct options *options) {
    uint16_t port = bench_free_port();
    pid_t broker = bench_start_mosquitto(port, FIRST_CORE);
    struct figures figures = measure(row, port, options->seconds);
    (void)bench_program_end(broker, SIGTERM);
    return figures;
}

// ---- the table -------------------------------------------------------------------------------

static void print_head(void) {
    printf("  %-29s %-30s %-30s\n", "", "ours, ms", "mosquitto, ms");
    printf("  %-29s", "flood and its connections");
    for (unsigned i = 0; i < 2; i++) {
        printf(" %7s %7s %7s %6s", "p50", "p99", "worst", "flood");
    }
    printf("\n");
}

static void print_figures(const struct figures *figures) {
    printf(" %7.2f %7.2f %7.2f %6.0f", figures->p50_ms, figures->p99_ms, figures->worst_ms,
           figures->packets_per_second / 1000);
}

// What is not in the latencies.
static void print_notes(const struct figures *figures, const char *whose) {
    if (figures->ended > 0) {
        printf("    %s ended %u connections of the flood\n", whose, figures->ended);
    }
    if (figures->lost > 0) {
        printf("    %s lost %zu messages of the pair\n", whose, figures->lost);
    }
}

static int compare(const void *first, const void *second) {
    double one = *(const double *)first;
    double other = *(const double *)second;
    return (one > other) - (one < other);
}

static double median(double values[static RUNS]) {
    qsort(values, RUNS, sizeof *values, compare);
    return values[RUNS / 2];
}

static struct figures combine(const struct figures runs[static RUNS]) {
    struct figures all = {.ended = 0};
    double p50[RUNS];
    double p99[RUNS];
    double packets[RUNS];
    for (unsigned i = 0; i < RUNS; i++) {
        p50[i] = runs[i].p50_ms;
        p99[i] = runs[i].p99_ms;
        packets[i] = runs[i].packets_per_second;
        all.worst_ms = runs[i].worst_ms > all.worst_ms ? runs[i].worst_ms : all.worst_ms;
        all.ended = runs[i].ended > all.ended ? runs[i].ended : all.ended;
        all.lost += runs[i].lost;
    }
    all.p50_ms = median(p50);
    all.p99_ms = median(p99);
    all.packets_per_second = median(packets);
    return all;
}

static void print_row(const struct row *row, const struct figures *ours,
                      const struct figures *theirs) {
    printf("  %-29s", row->name);
    print_figures(ours);
    if (theirs->p99_ms != NOT_MEASURED) {
        print_figures(theirs);
    }
    if (row->kind->packet != NULL) {
        bool is_met = ours->worst_ms <= WORST_MOST_MS && ours->p99_ms <= theirs->p99_ms;
        printf(" %s", is_met ? "met" : "MISSED");
    }
    printf("\n");
    print_notes(ours, "ours");
    print_notes(theirs, "mosquitto");
    (void)fflush(stdout);
}

static void run_row(const struct row *row, const struct options *options) {
    struct figures ours[RUNS];
    struct figures theirs[RUNS];
    for (unsigned i = 0; i < RUNS; i++) {
        ours[i] = measure_ours(row, options);
        theirs[i] = options->has_mosquitto ? measure_mosquitto(row, options)
                                           : (struct figures){.p99_ms = NOT_MEASURED};
    }
    struct figures first = combine(ours);
    struct figures second = combine(theirs);
    print_row(row, &first, &second);
}

static bool is_chosen(const char *name, char *const *words) {
    bool chosen = words[0] == NULL;
    for (; *words != NULL; words++) {
        chosen |= strstr(name, *words) != NULL;
    }
    return chosen;
}

static void run_rows(const struct bench_flood_kind *kind, const struct options *options) {
    for (size_t i = 0; i < sizeof connection_counts / sizeof *connection_counts; i++) {
        struct row row = {.kind = kind, .connections = connection_counts[i]};
        (void)snprintf(row.name, sizeof row.name, "%s, %u", kind->name, row.connections);
        bool is_again = kind->packet == NULL && i > 0;
        if (!is_again && is_chosen(row.name, options->words)) {
            run_row(&row, options);
        }
    }
}

static struct options parse(char **words) {
    struct options options = {.seconds = SECONDS, .has_mosquitto = bench_has_mosquitto()};
    for (; *words != NULL && strncmp(*words, "--", 2) == 0; words++) {
        if (strcmp(*words, "--ours") == 0) {
            options.has_mosquitto = false;
        } else if (strcmp(*words, "--threads") == 0 && words[1] != NULL) {
            (void)snprintf(options.ours, sizeof options.ours, "--threads %s", *++words);
        } else if (strcmp(*words, "--seconds") == 0 && words[1] != NULL) {
            options.seconds = (unsigned)strtoul(*++words, NULL, 10);
        }
    }
    if (options.seconds < 1 || options.seconds > SECONDS_MAX) {
        options.seconds = SECONDS;
    }
    options.words = words;
    return options;
}

int main(int argc, char **argv) {
    (void)argc;
    bench_brokers_init("flood");
    struct options options = parse(argv + 1);
    bench_run_at(SECOND_CORE);
    (void)prctl(PR_SET_TIMERSLACK, 1000UL); // ns
    bench_title(options.has_mosquitto ? "MQTT broker: a pair of clients beside others that flood it"
                                      : "MQTT broker beside clients that flood it, alone");
    print_head();
    for (size_t i = 0; i < bench_flood_kind_count; i++) {
        run_rows(&bench_flood_kinds[i], &options);
    }
    bench_brokers_deinit();
    return 0;
}
