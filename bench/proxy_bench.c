// What a proxy costs that sees every packet and changes none: messages a second, processor time for
// the same bytes beside HAProxy in TCP mode, and what it adds to a round trip. The bench is both
// ends: a client that publishes, and a broker that reads; they share the second core, the proxy has
// the first.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "session/load/load_process.h"

#include "brokers.h"
#include "support.h"

#define PAYLOAD 64u
#define PACKET (2u + 2u + 8u + PAYLOAD)
#define BATCH 800u // packets that are written at once
#define MESSAGES 4000000u
#define TRIPS 20000u

static const uint8_t connect_packet[] = {0x10, 0x0d, 0, 4, 'M', 'Q', 'T', 'T',
                                         4,    2,    0, 0, 0,   1,   'b'};
static const uint8_t connack[] = {0x20, 2, 0, 0};

static uint16_t broker_port;
static int listener;
static char folder[] = "/var/tmp/mqttsim-proxy-bench-XXXXXX";
static char haproxy_file[64];
static char rules_file[64];

// ---- sockets ------------------------------------------------------------------------------------

static struct sockaddr_in place_of(uint16_t port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void listen_as_broker(void) {
    int on = 1;
    broker_port = bench_free_port();
    struct sockaddr_in place = place_of(broker_port);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    (void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (const struct sockaddr *)&place, sizeof place) != 0 ||
        listen(listener, 64) != 0) {
        bench_fail("listen");
    }
}

static void no_delay(int fd) {
    int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void write_all(int fd, const uint8_t *bytes, size_t size) {
    while (size > 0) {
        ssize_t sent = write(fd, bytes, size);
        if (sent <= 0) {
            bench_fail("write");
        }
        bytes += sent;
        size -= (size_t)sent;
    }
}

static void read_exactly(int fd, uint8_t *bytes, size_t size) {
    while (size > 0) {
        ssize_t got = read(fd, bytes, size);
        if (got <= 0) {
            bench_fail("read");
        }
        bytes += got;
        size -= (size_t)got;
    }
}

// A client and the broker's end of it, past CONNECT and CONNACK.
struct ends {
    int client;
    int broker;
};

static struct ends open_ends(uint16_t port) {
    struct sockaddr_in place = place_of(port);
    uint8_t bytes[sizeof connect_packet];
    struct ends ends = {.client = socket(AF_INET, SOCK_STREAM, 0)};
    if (connect(ends.client, (const struct sockaddr *)&place, sizeof place) != 0) {
        bench_fail("connect");
    }
    write_all(ends.client, connect_packet, sizeof connect_packet);
    do { // what only looked whether the port is open has ended
        ends.broker = accept(listener, NULL, NULL);
    } while (ends.broker >= 0 && recv(ends.broker, bytes, 1, MSG_PEEK) <= 0);
    no_delay(ends.client);
    no_delay(ends.broker);
    read_exactly(ends.broker, bytes, sizeof connect_packet);
    write_all(ends.broker, connack, sizeof connack);
    read_exactly(ends.client, bytes, sizeof connack);
    return ends;
}

static void close_ends(const struct ends *ends) {
    close(ends->client);
    close(ends->broker);
}

// ---- much ---------------------------------------------------------------------------------------

static void *publish_all(void *argument) {
    const struct ends *ends = argument;
    static const uint8_t topic[] = {'l', 'o', 'a', 'd', '/', '1', '/', '1'};
    static uint8_t batch[BATCH * PACKET];
    for (unsigned i = 0; i < BATCH; i++) {
        uint8_t *packet = batch + (size_t)i * PACKET;
        packet[0] = 0x30;
        packet[1] = PACKET - 2;
        packet[3] = 8;
        memcpy(packet + 4, topic, sizeof topic);
    }
    for (unsigned sent = 0; sent < MESSAGES; sent += BATCH) {
        write_all(ends->client, batch, sizeof batch);
    }
    return NULL;
}

// Seconds that the messages took.
static double carry(const struct ends *ends) {
    static uint8_t bytes[1u << 20];
    pthread_t thread;
    uint64_t start = bench_now();
    if (pthread_create(&thread, NULL, publish_all, (void *)(uintptr_t)ends) != 0) {
        bench_fail("thread");
    }
    for (size_t left = (size_t)MESSAGES * PACKET; left > 0;) {
        ssize_t got = read(ends->broker, bytes, sizeof bytes);
        if (got <= 0) {
            bench_fail("the bytes did not come");
        }
        left -= (size_t)got;
    }
    pthread_join(thread, NULL);
    return (double)(bench_now() - start) / 1e9;
}

// Processor time of a process and its threads, in seconds.
static double processor_time(pid_t process) {
    struct load_usage usage;
    if (!load_process_usage((uint64_t)process, &usage)) {
        bench_fail("the processor time of a process");
    }
    return (double)usage.cpu_ns / 1e9;
}

// ---- one at a time ------------------------------------------------------------------------------

// The median round trip of a PINGREQ, in microseconds.
static double round_trip(uint16_t port) {
    static const uint8_t ping[] = {0xc0, 0};
    static const uint8_t answer[] = {0xd0, 0};
    static uint64_t samples[TRIPS];
    uint8_t bytes[2];
    struct ends ends = open_ends(port);
    for (unsigned i = 0; i < TRIPS; i++) {
        uint64_t start = bench_now();
        write_all(ends.client, ping, sizeof ping);
        read_exactly(ends.broker, bytes, sizeof bytes);
        write_all(ends.broker, answer, sizeof answer);
        read_exactly(ends.client, bytes, sizeof bytes);
        samples[i] = bench_now() - start;
    }
    close_ends(&ends);
    return (double)bench_percentile(samples, TRIPS, 50) / 1e3;
}

// ---- proxies ------------------------------------------------------------------------------------

struct result {
    double per_second;
    double processor; // seconds for all messages
    double added;     // microseconds, one way
};

static void await_port(uint16_t port) {
    struct sockaddr_in place = place_of(port);
    for (unsigned i = 0; i < 500; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        int is_open = connect(fd, (const struct sockaddr *)&place, sizeof place) == 0;
        close(fd);
        if (is_open) {
            return;
        }
        usleep(10000);
    }
    bench_fail("the proxy does not listen");
}

static struct result measure(pid_t process, uint16_t port, double direct) {
    struct result result;
    await_port(port);
    struct ends ends = open_ends(port);
    double before = processor_time(process);
    result.per_second = MESSAGES / carry(&ends);
    result.processor = processor_time(process) - before;
    close_ends(&ends);
    result.added = (round_trip(port) - direct) / 2;
    return result;
}

static struct result measure_ours(const char *faults, double direct) {
    char line[256];
    uint16_t port = bench_free_port();
    (void)snprintf(line, sizeof line, "proxy -q --listen %u --broker %u%s%s", port, broker_port,
                   faults == NULL ? "" : " --fault-file ", faults == NULL ? "" : faults);
    pid_t process = bench_program_start(line, FIRST_CORE, -1);
    struct result result = measure(process, port, direct);
    (void)bench_program_end(process, 15);
    return result;
}

static struct result measure_haproxy(double direct) {
    char line[256];
    uint16_t port = bench_free_port();
    FILE *file = fopen(haproxy_file, "w");
    if (file == NULL) {
        bench_fail(haproxy_file);
    }
    (void)fprintf(file,
                  "global\n nbthread 1\n maxconn 1000\ndefaults\n mode tcp\n timeout connect 5s\n"
                  " timeout client 60s\n timeout server 60s\nlisten l\n bind 127.0.0.1:%u\n"
                  " server s 127.0.0.1:%u\n",
                  port, broker_port);
    (void)fclose(file);
    (void)snprintf(line, sizeof line, "/usr/sbin/haproxy -f %s -db", haproxy_file);
    pid_t process = bench_program_start(line, FIRST_CORE, -1);
    struct result result = measure(process, port, direct);
    (void)bench_program_end(process, 15);
    return result;
}

static void print(const char *kind, const struct result *ours, const struct result *theirs) {
    static const struct result none;
    const struct result *base = theirs == NULL ? &none : theirs;
    char what[3][96];
    (void)snprintf(what[0], sizeof what[0], "messages of 64 bytes, %s", kind);
    (void)snprintf(what[1], sizeof what[1], "processor time of a million, %s", kind);
    (void)snprintf(what[2], sizeof what[2], "added one way, p50, %s", kind);
    bool has_targets = theirs != NULL;
    bench_print(&(struct bench_row){what[0], ours->per_second, "/s", has_targets ? 1e6 : 0, 1,
                                    base->per_second, "HAProxy"});
    bench_print(&(struct bench_row){what[1], ours->processor * 1e9 / MESSAGES, "ms",
                                    1.5 * base->processor * 1e9 / MESSAGES, 0,
                                    base->processor * 1e9 / MESSAGES, "HAProxy"});
    bench_print(&(struct bench_row){what[2], ours->added, "us", 40, 0, base->added, "HAProxy"});
}

static void write_rules(void) {
    FILE *file = fopen(rules_file, "w");
    if (file == NULL || fputs("drop PUBACK 3 from dev-*\ndrop PUBLISH on a/b\n", file) < 0 ||
        fclose(file) != 0) {
        bench_fail(rules_file);
    }
}

static void make_folder(void) {
    if (mkdtemp(folder) == NULL) {
        bench_fail(folder);
    }
    (void)snprintf(haproxy_file, sizeof haproxy_file, "%s/haproxy", folder);
    (void)snprintf(rules_file, sizeof rules_file, "%s/rules", folder);
}

int main(void) {
    bench_brokers_init("proxy_bench");
    make_folder();
    bench_run_at(SECOND_CORE);
    listen_as_broker();
    bench_title("proxy: a client publishes through it to a broker that only reads");
    double direct = round_trip(broker_port);
    struct result ours = measure_ours(NULL, direct);
    if (access("/usr/sbin/haproxy", X_OK) == 0) {
        struct result theirs = measure_haproxy(direct);
        print("no rules", &ours, &theirs);
    } else {
        print("no rules", &ours, NULL);
        printf("  no baseline: install haproxy\n");
    }
    write_rules();
    ours = measure_ours(rules_file, direct);
    print("rules that pass all", &ours, NULL);
    (void)unlink(haproxy_file);
    (void)unlink(rules_file);
    (void)rmdir(folder);
    bench_brokers_deinit();
    return 0;
}
