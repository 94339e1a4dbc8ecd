// How long a message of a well-behaved pair of clients takes while others flood the same broker:
// ours beside Debian's mosquitto, each kind of flood from 1 and from 100 connections.
//
// The broker, fresh for each run, has the first core; the pair and the flood share the second one,
// where the pair, in a process of its own, comes first. The publisher sends a message of QoS 0 each
// millisecond whether or not the one before has arrived: a broker that stands still for a second
// shows in 1000 latencies. A latency counts from the call that sends the message until the kernel
// has it for the subscriber (SO_TIMESTAMPNS). So how long the pair itself waits for its core, which
// a flood that is never held up leaves to it later, is in no figure. When the time is up the flood
// ends and the pair waits for what is still on its way; a message that never arrives counts as long
// as was waited. Runs of ours and of mosquitto take turns, and percentiles are those of the samples
// of all runs together: 3000 of each.
//
// "no flood" is the same with a process that floods nothing but keeps the core as busy: what of the
// figures is the machine's. So is what a bare loop (bare.h) gives beside a flood from one
// connection: it takes as much as the kernel moves, and does nothing with it. The targets: p99 not
// above mosquitto's, and the worst at most 100 ms; "as bare" is above mosquitto's, but not above
// that of the loop, beside this flood or beside none: no program that takes as much can be expected
// to be better than that. The column "flood" has the thousands of its packets a second that the
// broker took. A broker may end connections that flood it, or slow them down; what it ends stays
// ended.
//
// `--threads N` gives ours N threads, `--ours` leaves mosquitto out, `--seconds N` measures longer.
// Words that follow choose rows by a part of their names, as in "PINGREQ, 100 connections".
#include "bare.h"
#include "brokers.h"
#include "client.h"
#include "flood.h"
#include "support.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MS UINT64_C(1000000) // of ns
#define INTERVAL (1 * MS)
#define WARM_UP (400 * MS)
#define PATIENCE (20000 * MS) // for messages on their way when the flood has ended
#define SECONDS 1
#define RUNS 3
#define SECONDS_MAX 20
#define WORST_MOST_MS 100.0
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

// Message i is due at start + i * INTERVAL, and its payload is i. The first ones, of the warm-up,
// are no figures.
struct pair {
    int publisher;
    int subscriber;
    uint64_t start;
    size_t sent;
    uint64_t sent_at[MESSAGES_MAX]; // as the clock of arrivals has it
    size_t arrived;
    uint8_t unread[64 * MESSAGE_SIZE]; // from the beginning of a message whose end has not come
    size_t unread_size;
    uint64_t latencies[MESSAGES_MAX]; // 0: has not arrived
};

// Of CLOCK_REALTIME, which the kernel's timestamps are of.
static uint64_t nanoseconds(struct timespec time) {
    return (uint64_t)time.tv_sec * 1000 * MS + (uint64_t)time.tv_nsec;
}

static uint64_t now_of_arrivals(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return nanoseconds(now);
}

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
    (void)setsockopt(pair->subscriber, SOL_SOCKET, SO_TIMESTAMPNS, &(int){1}, sizeof(int));
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
        uint64_t number = pair->sent++;
        memcpy(message + 2 + TOPIC_SIZE, &number, sizeof number);
        pair->sent_at[number] = now_of_arrivals();
        if (send(pair->publisher, message, MESSAGE_SIZE, MSG_NOSIGNAL | MSG_DONTWAIT) !=
            MESSAGE_SIZE) {
            bench_fail("the publisher of the pair was disconnected, or not read from");
        }
    }
}

// What has not passed at all takes a nanosecond.
static uint64_t since_sending(const struct pair *pair, size_t i, uint64_t now) {
    return now > pair->sent_at[i] ? now - pair->sent_at[i] : 1;
}

static void take_message(struct pair *pair, const uint8_t *message, uint64_t arrived) {
    uint64_t i = 0;
    memcpy(&i, message + 2 + TOPIC_SIZE, sizeof i);
    if (i >= pair->sent || pair->latencies[i] != 0) {
        bench_fail("the pair got what was not sent");
    }
    pair->latencies[i] = since_sending(pair, i, arrived);
    pair->arrived++;
}

// When the kernel had what was read last; now, if it does not say.
static uint64_t arrival_time(struct msghdr *header) {
    struct timespec time;
    struct cmsghdr *part = CMSG_FIRSTHDR(header);
    for (; part != NULL; part = CMSG_NXTHDR(header, part)) {
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
            memcpy(&time, CMSG_DATA(part), sizeof time);
            return nanoseconds(time);
        }
    }
    return now_of_arrivals();
}

static void take_messages(struct pair *pair) {
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct timespec)) * 2];
    struct iovec room = {pair->unread + pair->unread_size, sizeof pair->unread - pair->unread_size};
    struct msghdr header = {.msg_iov = &room,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
    ssize_t size = recvmsg(pair->subscriber, &header, MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno != EAGAIN)) {
        bench_fail("the subscriber of the pair was disconnected");
    }
    uint64_t arrived = size > 0 ? arrival_time(&header) : 0;
    pair->unread_size += size > 0 ? (size_t)size : 0;
    size_t at = 0;
    for (; pair->unread_size - at >= MESSAGE_SIZE; at += MESSAGE_SIZE) {
        take_message(pair, pair->unread + at, arrived);
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
            pair->latencies[i] = since_sending(pair, i, now_of_arrivals());
        }
    }
    return pair->sent - pair->arrived;
}

// ---- measuring -------------------------------------------------------------------------------

// Of all runs of a row with one broker.
struct figures {
    uint64_t latencies[RUNS * MESSAGES_MAX];
    size_t count;
    double packets; // a second, of all runs
    unsigned ended; // connections of the flood, by the broker, in the run with the most of them
    size_t lost;
};

static double percentile_ms(struct figures *figures, double p) {
    return (double)bench_percentile(figures->latencies, figures->count, p) / (double)MS;
}

static void add_latencies(struct figures *figures, const struct pair *pair) {
    size_t count = pair->sent - WARM_UP_MESSAGES;
    memcpy(figures->latencies + figures->count, pair->latencies + WARM_UP_MESSAGES,
           count * sizeof *figures->latencies);
    figures->count += count;
}

static void measure(struct figures *figures, const struct row *row, uint16_t port,
                    unsigned seconds) {
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
    unsigned ended = bench_flood_connections_ended();
    figures->packets += (double)(bench_flood_packets_sent() - before) / seconds;
    figures->ended = ended > figures->ended ? ended : figures->ended;
    bench_flood_stop();
    figures->lost += pair_drain(&pair);
    add_latencies(figures, &pair);
    pair_disconnect(&pair);
}

static void measure_ours(struct figures *figures, const struct row *row,
                         const struct options *options) {
    uint16_t port = bench_free_port();
    pid_t broker = bench_start_ours(port, FIRST_CORE, options->ours);
    measure(figures, row, port, options->seconds);
    (void)bench_program_end(broker, SIGTERM);
}

static void measure_mosquitto(struct figures *figures, const struct row *row,
                              const struct options *options) {
    uint16_t port = bench_free_port();
    pid_t broker = bench_start_mosquitto(port, FIRST_CORE);
    measure(figures, row, port, options->seconds);
    (void)bench_program_end(broker, SIGTERM);
}

static void measure_bare(struct figures *figures, const struct row *row,
                         const struct options *options) {
    uint16_t port = bench_free_port();
    pid_t loop = bench_start_bare(port, FIRST_CORE);
    measure(figures, row, port, options->seconds);
    (void)bench_program_end(loop, SIGTERM);
}

// ---- the table -------------------------------------------------------------------------------

static void print_head(void) {
    printf("  %-29s %-30s %-30s %s\n", "", "ours, ms", "mosquitto, ms", "bare, ms");
    printf("  %-29s", "flood and its connections");
    for (unsigned i = 0; i < 2; i++) {
        printf(" %7s %7s %7s %6s", "p50", "p99", "worst", "flood");
    }
    printf(" %7s\n", "p99");
}

static void print_figures(struct figures *figures) {
    printf(" %7.2f %7.2f %7.2f %6.0f", percentile_ms(figures, 50), percentile_ms(figures, 99),
           percentile_ms(figures, 100), figures->packets / RUNS / 1000);
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

static bool is_as_good(struct figures *ours, struct figures *figures) {
    return figures->count > 0 && percentile_ms(ours, 99) <= percentile_ms(figures, 99);
}

// The bare loop's p99 beside no flood; 0 until it is measured.
static double calm_p99_ms;

static bool is_as_bare(struct figures *ours, struct figures *bare) {
    return is_as_good(ours, bare) || (bare->count > 0 && percentile_ms(ours, 99) <= calm_p99_ms);
}

static const char *verdict(struct figures *ours, struct figures *theirs, struct figures *bare) {
    bool is_prompt = percentile_ms(ours, 100) <= WORST_MOST_MS;
    bool is_met = theirs->count == 0 || is_as_good(ours, theirs);
    return !is_prompt ? "MISSED" : is_met ? "met" : is_as_bare(ours, bare) ? "as bare" : "MISSED";
}

static void print_row(const struct row *row, struct figures *ours, struct figures *theirs,
                      struct figures *bare) {
    printf("  %-29s", row->name);
    print_figures(ours);
    if (theirs->count > 0) {
        print_figures(theirs);
    }
    if (bare->count > 0) {
        printf(" %7.2f", percentile_ms(bare, 99));
    } else {
        printf(" %7s", "");
    }
    if (row->kind->packet != NULL) {
        printf(" %s", verdict(ours, theirs, bare));
    } else if (bare->count > 0) {
        calm_p99_ms = percentile_ms(bare, 99);
    }
    printf("\n");
    print_notes(ours, "ours");
    print_notes(theirs, "mosquitto");
    (void)fflush(stdout);
}

static void run_row(const struct row *row, const struct options *options) {
    static struct figures ours;
    static struct figures theirs;
    static struct figures bare;
    memset(&ours, 0, sizeof ours);
    memset(&theirs, 0, sizeof theirs);
    memset(&bare, 0, sizeof bare);
    for (unsigned i = 0; i < RUNS; i++) {
        measure_ours(&ours, row, options);
        if (options->has_mosquitto) {
            measure_mosquitto(&theirs, row, options);
        }
        if (options->has_mosquitto && row->connections == 1) {
            measure_bare(&bare, row, options);
        }
    }
    print_row(row, &ours, &theirs, &bare);
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
