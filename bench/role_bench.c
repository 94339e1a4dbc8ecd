// What a client and a broker keep in memory, to the byte, and how fast a broker forwards entries:
// from a line that was read to the lines that are to be written.
#include "lines.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#define BROKER 83u
#define FIRST_CLIENT 1001u
#define CLASSIC_PEERS 100000u
#define SODIUM_PEERS 10000u    // each costs four key agreements
#define SILENT_DEVICE 1000001u // and those above, which do not connect
#define FAN_OUT 1000u
#define ENTRIES 100000u
#define LINE_ROOM 512u
#define NOW ROLE_SECOND

// A broker, and one client after another; what each sends is one line, kept until the next.
struct bench {
    struct memory broker_memory;
    struct memory client_memory;
    struct role_port broker_port;
    struct role_port client_port;
    struct broker_config broker_config;
    struct client_config client_config;
    struct broker broker;
    struct client client;
    uint32_t client_address;
    uint8_t *line;
    size_t line_size;
    uint64_t lines_sent;
};

static uint8_t seal_room[ROLE_SEAL_ROOM];
static uint8_t unseal_room[ROLE_UNSEAL_ROOM];
static uint8_t scratch[PACKET_LINE_MAX];
static uint8_t line_room[PACKET_LINE_MAX];
static uint8_t read_room[PACKET_LINE_MAX];

static bool keep_line(void *context, const struct packet *packet) {
    struct bench *bench = context;
    bench->line_size = packet_format(packet, bench->line, PACKET_LINE_MAX);
    bench->lines_sent++;
    return bench->line_size > 0;
}

static void ignore_event(void *context, const struct role_event *event) {
    (void)context;
    if (event->kind == EVENT_DROPPED || event->kind == EVENT_REFUSED ||
        event->kind == EVENT_NOT_SUBSCRIBED) {
        printf("this should not happen: %d\n", (int)event->kind);
        exit(1);
    }
}

static struct role_port port_of(struct bench *bench, struct memory *memory) {
    memory_init(memory);
    return (struct role_port){.send = keep_line,
                              .tell = ignore_event,
                              .context = bench,
                              .memory = memory,
                              .seal_room = seal_room,
                              .unseal_room = unseal_room};
}

static struct bench *open_bench(enum suite_policy suite) {
    struct bench *bench = calloc(1, sizeof *bench);
    bench->line = line_room;
    bench->broker_port = port_of(bench, &bench->broker_memory);
    bench->client_port = port_of(bench, &bench->client_memory);
    bench->broker_config = lines_broker_config(suite);
    bench->client_config = lines_client_config(suite);
    broker_init(&bench->broker, &bench->broker_config, &bench->broker_port, BROKER,
                &(struct cipher_secret){{1}});
    return bench;
}

static void close_bench(struct bench *bench) {
    client_deinit(&bench->client);
    broker_deinit(&bench->broker);
    free(bench);
}

static struct packet read_line(struct bytes line) {
    struct packet packet;
    if (packet_parse(&packet, line, scratch) != PACKET_OK) {
        printf("a line does not parse\n");
        exit(1);
    }
    return packet;
}

// The line lies where the next one is written, so it is moved away first.
static struct packet read_last(const struct bench *bench) {
    memcpy(read_room, bench->line, bench->line_size);
    return read_line(bytes_make(read_room, bench->line_size - 1));
}

static void client_to_broker(struct bench *bench) {
    struct packet packet = read_last(bench);
    broker_receive(&bench->broker, &packet, NOW);
}

static void broker_to_client(struct bench *bench) {
    struct packet packet = read_last(bench);
    client_receive(&bench->client, &packet, NOW);
}

static void begin_client(struct bench *bench, uint32_t address) {
    struct cipher_secret seed = {{2}};
    memcpy(seed.bytes + 1, &address, sizeof address);
    bench->client_address = address;
    client_init(&bench->client, &bench->client_config, &bench->client_port, address, &seed);
}

static void connect_client(struct bench *bench) {
    if (client_connect(&bench->client, BROKER, NOW) != CLIENT_OK) {
        exit(1);
    }
    client_to_broker(bench);
    broker_to_client(bench);
}

static void subscribe_client(struct bench *bench, struct bytes filter) {
    if (client_subscribe(&bench->client, BROKER, filter, NOW) != CLIENT_OK) {
        exit(1);
    }
    client_to_broker(bench);
    broker_to_client(bench);
}

static struct bytes filter_of(uint32_t number, char text[static 64]) {
    int size = snprintf(text, 64, "site/%u/device/%u/temp", number % 100, 100000 + number);
    return bytes_make(text, (size_t)size);
}

// ---- memory ---------------------------------------------------------------------------------

static void measure_client(enum suite_policy suite, const char *name) {
    struct bench *bench = open_bench(suite);
    char what[64];
    begin_client(bench, FIRST_CLIENT);
    broker_start(&bench->broker);
    broker_to_client(bench);
    connect_client(bench);
    subscribe_client(bench, BYTES_LITERAL("site/1/device/100001/temp"));
    snprintf(what, sizeof what, "client, 1 connection, 1 subscription, %s", name);
    struct bench_row row = {.what = what,
                            .figure =
                                (double)(sizeof bench->client + bench->client_memory.bytes_in_use),
                            .unit = "bytes",
                            .target = 512,
                            .baseline = sizeof bench->client,
                            .baseline_name = "the bare instance"};
    bench_print(&row);
    if (client_publish(&bench->client, BROKER, BYTES_LITERAL("site/1/device/100001/temp"),
                       BYTES_LITERAL("21.5")) != CLIENT_OK) {
        exit(1);
    }
    client_to_broker(bench);
    broker_to_client(bench);
    snprintf(what, sizeof what, "  and the last value of 1 topic, %s", name);
    row.figure = (double)(sizeof bench->client + bench->client_memory.bytes_in_use);
    bench_print(&row);
    close_bench(bench);
}

static void add_peers(struct bench *bench, uint32_t count) {
    char text[64];
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) {
            client_deinit(&bench->client);
        }
        begin_client(bench, FIRST_CLIENT + i);
        connect_client(bench);
        subscribe_client(bench, filter_of(i, text));
    }
}

// The texts of the filters count as well: they are the broker's to keep. The target is that of the
// suite `classic`, which a million simulated devices speak; two keys, two counters and a window add
// 88 bytes for `sodium`.
static void measure_broker(enum suite_policy suite, uint32_t peers, const char *name) {
    struct bench *bench = open_bench(suite);
    char what[64];
    char text[64];
    uint64_t start = bench_now();
    add_peers(bench, peers);
    double spent = (double)(bench_now() - start);
    snprintf(what, sizeof what, "broker, per connection+subscription, %s", name);
    bench_print(&(struct bench_row){
        .what = what,
        .figure = (double)(sizeof bench->broker + bench->broker_memory.bytes_in_use) / peers,
        .unit = "bytes",
        .target = suite == SUITE_CLASSIC ? 256 : 0,
        .baseline = (double)filter_of(peers / 2, text).size,
        .baseline_name = "its filter's text"});
    bench_print(&(struct bench_row){.what = "  connecting and subscribing, both ends",
                                    .figure = spent / peers / 1000,
                                    .unit = "us each"});
    size_t before = bench->broker_memory.bytes_in_use;
    for (uint32_t i = 0; i < peers; i++) {
        struct packet join = {
            .sender = SILENT_DEVICE + i, .receiver = PACKET_EVERYONE, .type = PACKET_JOIN};
        packet_add(&join, BYTES_LITERAL("client"));
        join.signature = packet_signature(&join);
        broker_receive(&bench->broker, &join, NOW);
    }
    bench_print(
        &(struct bench_row){.what = "  a device that joined, without a name",
                            .figure = (double)(bench->broker_memory.bytes_in_use - before) / peers,
                            .unit = "bytes"});
    close_bench(bench);
}

// ---- forwarding -----------------------------------------------------------------------------

struct lines {
    uint8_t (*data)[LINE_ROOM];
    size_t *sizes;
};

// What the client publishes, as lines.
static struct lines write_entries(struct bench *bench, uint32_t peers) {
    struct lines lines = {malloc(ENTRIES * sizeof *lines.data),
                          malloc(ENTRIES * sizeof *lines.sizes)};
    char text[64];
    char value[16];
    for (uint32_t i = 0; i < ENTRIES; i++) {
        snprintf(value, sizeof value, "%u.%02u", i % 40, i % 100);
        bench->line = lines.data[i];
        if (client_publish(&bench->client, BROKER, filter_of(i * 7919u % peers, text),
                           bytes_of_text(value)) != CLIENT_OK) {
            exit(1);
        }
        lines.sizes[i] = bench->line_size;
    }
    bench->line = line_room;
    return lines;
}

static double seconds_of_codec(struct bench *bench, const struct lines *lines) {
    uint64_t start = bench_now();
    for (uint32_t i = 0; i < ENTRIES; i++) {
        struct packet packet = read_line(bytes_make(lines->data[i], lines->sizes[i] - 1));
        keep_line(bench, &packet);
    }
    return (double)(bench_now() - start) / 1e9;
}

static double seconds_of_broker(struct bench *bench, const struct lines *lines) {
    uint64_t start = bench_now();
    for (uint32_t i = 0; i < ENTRIES; i++) {
        struct packet packet = read_line(bytes_make(lines->data[i], lines->sizes[i] - 1));
        broker_receive(&bench->broker, &packet, NOW);
    }
    return (double)(bench_now() - start) / 1e9;
}

static void measure_forwarding(enum suite_policy suite, const char *name) {
    struct bench *bench = open_bench(suite);
    char what[64];
    add_peers(bench, FAN_OUT);
    struct lines lines = write_entries(bench, FAN_OUT);
    double codec = seconds_of_codec(bench, &lines);
    bench->lines_sent = 0;
    double broker = seconds_of_broker(bench, &lines);
    if (bench->lines_sent != ENTRIES) {
        printf("an entry went astray\n");
        exit(1);
    }
    snprintf(what, sizeof what, "entries to one of %u subscribers, %s", FAN_OUT, name);
    bench_print(&(struct bench_row){.what = what,
                                    .figure = ENTRIES / broker,
                                    .unit = "entries/s",
                                    .baseline = ENTRIES / codec,
                                    .baseline_name = "parse and format"});
    free(lines.data);
    free(lines.sizes);
    close_bench(bench);
}

// Each entry goes to FAN_OUT subscribers.
static void measure_fan_out(enum suite_policy suite, const char *name) {
    enum { PUBLISHED = 200 };
    struct bench *bench = open_bench(suite);
    char what[64];
    for (uint32_t i = 0; i < FAN_OUT; i++) {
        if (i > 0) {
            client_deinit(&bench->client);
        }
        begin_client(bench, FIRST_CLIENT + i);
        connect_client(bench);
        subscribe_client(bench, BYTES_LITERAL("all/#"));
    }
    bench->lines_sent = 0;
    uint64_t start = bench_now();
    for (int i = 0; i < PUBLISHED; i++) {
        if (client_publish(&bench->client, BROKER, BYTES_LITERAL("all/temp"),
                           BYTES_LITERAL("21.5")) != CLIENT_OK) {
            exit(1);
        }
        client_to_broker(bench);
    }
    double seconds = (double)(bench_now() - start) / 1e9;
    if (bench->lines_sent != PUBLISHED * (FAN_OUT + 1)) {
        printf("an entry went astray\n");
        exit(1);
    }
    snprintf(what, sizeof what, "deliveries of entries to %u each, %s", FAN_OUT, name);
    bench_print(&(struct bench_row){
        .what = what, .figure = PUBLISHED * (double)FAN_OUT / seconds, .unit = "lines/s"});
    close_bench(bench);
}

int main(void) {
    bench_title("role: memory in the core, to the byte (texts included)");
    measure_client(SUITE_CLASSIC, "classic");
    measure_client(SUITE_SODIUM, "sodium");
    measure_broker(SUITE_CLASSIC, CLASSIC_PEERS, "classic");
    measure_broker(SUITE_SODIUM, SODIUM_PEERS, "sodium");
    bench_title("role: a broker forwards, one core, from line to line");
    measure_forwarding(SUITE_CLASSIC, "classic");
    measure_forwarding(SUITE_SODIUM, "sodium");
    measure_fan_out(SUITE_CLASSIC, "classic");
    measure_fan_out(SUITE_SODIUM, "sodium");
    return 0;
}
