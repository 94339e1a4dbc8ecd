// A crowd in one process: a million clients of the line network and the broker they are connected
// with, and 200,000 sessions of MQTT. What each costs, to the byte as the roles account for it, and
// as the machine counts what the process has (which includes holes and headers of the heap).
#include "doors.h"
#include "lines.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#define BROKER 83u
#define FIRST_CLIENT 1001u
#define CLIENTS 1000000u
#define SESSIONS 200000u
#define NOW ROLE_SECOND

// What a client or the broker sends is one line, kept until the next.
struct crowd {
    struct memory broker_memory;
    struct memory client_memory;
    struct role_port broker_port;
    struct role_port client_port;
    struct broker_config broker_config;
    struct client_config client_config;
    struct broker broker;
    struct client *clients;
    uint8_t line[PACKET_LINE_MAX];
    size_t line_size;
};

static uint8_t seal_room[ROLE_SEAL_ROOM];
static uint8_t unseal_room[ROLE_UNSEAL_ROOM];

static void print_each(const char *what, double bytes, double target, double resident) {
    bench_print(&(struct bench_row){.what = what,
                                    .figure = bytes,
                                    .unit = "bytes",
                                    .target = target,
                                    .baseline = resident,
                                    .baseline_name = "of the process"});
}

// ---- clients of the line network ---------------------------------------------------------------

static bool keep_line(void *context, const struct packet *packet) {
    struct crowd *crowd = context;
    crowd->line_size = packet_format(packet, crowd->line, sizeof crowd->line);
    return crowd->line_size > 0;
}

static void ignore_event(void *context, const struct role_event *event) {
    (void)context;
    if (event->kind == EVENT_DROPPED || event->kind == EVENT_REFUSED) {
        printf("this should not happen: %d\n", (int)event->kind);
        exit(1);
    }
}

static struct role_port port_of(struct crowd *crowd, struct memory *memory) {
    memory_init(memory);
    return (struct role_port){.send = keep_line,
                              .tell = ignore_event,
                              .context = crowd,
                              .memory = memory,
                              .seal_room = seal_room,
                              .unseal_room = unseal_room};
}

static struct crowd *open_crowd(void) {
    struct crowd *crowd = calloc(1, sizeof *crowd);
    crowd->clients = calloc(CLIENTS, sizeof *crowd->clients);
    crowd->broker_port = port_of(crowd, &crowd->broker_memory);
    crowd->client_port = port_of(crowd, &crowd->client_memory);
    crowd->broker_config = lines_broker_config(SUITE_CLASSIC);
    crowd->client_config = lines_client_config(SUITE_CLASSIC);
    broker_init(&crowd->broker, &crowd->broker_config, &crowd->broker_port, BROKER,
                &(struct cipher_secret){{1}});
    return crowd;
}

static void close_crowd(struct crowd *crowd) {
    for (uint32_t i = 0; i < CLIENTS; i++) {
        client_deinit(&crowd->clients[i]);
    }
    broker_deinit(&crowd->broker);
    free(crowd->clients);
    free(crowd);
}

// Hands the line that was kept to the other side.
static void pass_line(struct crowd *crowd, struct client *client, bool to_broker) {
    uint8_t line[PACKET_LINE_MAX];
    uint8_t scratch[PACKET_LINE_MAX];
    struct packet packet;
    memcpy(line, crowd->line, crowd->line_size);
    if (packet_parse(&packet, bytes_make(line, crowd->line_size - 1), scratch) != PACKET_OK) {
        printf("a line does not parse\n");
        exit(1);
    }
    if (to_broker) {
        broker_receive(&crowd->broker, &packet, NOW);
    } else {
        client_receive(client, &packet, NOW);
    }
}

static struct bytes filter_of(uint32_t number, char text[static 64]) {
    int size = snprintf(text, 64, "site/%u/device/%u/temp", (unsigned)(number % 100),
                        (unsigned)(1000000 + number));
    return bytes_make(text, (size_t)size);
}

static void begin_client(struct crowd *crowd, uint32_t number) {
    struct client *client = &crowd->clients[number];
    uint32_t address = FIRST_CLIENT + number;
    struct cipher_secret seed = {{2}};
    char text[64];
    memcpy(seed.bytes + 1, &address, sizeof address);
    client_init(client, &crowd->client_config, &crowd->client_port, address, &seed);
    bool connects = client_connect(client, BROKER, NOW) == CLIENT_OK;
    pass_line(crowd, client, true);
    pass_line(crowd, client, false);
    bool subscribes =
        connects && client_subscribe(client, BROKER, filter_of(number, text), NOW) == CLIENT_OK;
    pass_line(crowd, client, true);
    pass_line(crowd, client, false);
    if (!subscribes) {
        printf("a client was not let in\n");
        exit(1);
    }
}

static struct crowd *gather_clients(void) {
    double before = bench_resident_bytes();
    struct crowd *crowd = open_crowd();
    for (uint32_t i = 0; i < CLIENTS; i++) {
        begin_client(crowd, i);
    }
    double resident = (bench_resident_bytes() - before) / CLIENTS;
    double client =
        (double)(sizeof *crowd->clients) + (double)crowd->client_memory.bytes_in_use / CLIENTS;
    double connection = (double)crowd->broker_memory.bytes_in_use / CLIENTS;
    print_each("1,000,000 line clients with a subscription, each", client, 420, 0);
    print_each("  its connection at the broker", connection, 256, 0);
    print_each("  both", client + connection, 0, resident);
    return crowd;
}

// ---- sessions of MQTT --------------------------------------------------------------------------

static struct doors *gather_sessions(struct door_connection **connections) {
    double before = bench_resident_bytes();
    struct doors *doors = doors_open(false);
    char name[32];
    char text[64];
    for (uint32_t i = 0; i < SESSIONS; i++) {
        int size = snprintf(name, sizeof name, "device-%u", (unsigned)i);
        connections[i] =
            doors_connect(doors, bytes_make(name, (size_t)size), filter_of(i, text), 1);
    }
    print_each("200,000 MQTT sessions with a subscription, each",
               (double)doors->memory.bytes_in_use / SESSIONS, 600,
               (bench_resident_bytes() - before) / SESSIONS);
    for (uint32_t i = 0; i < SESSIONS; i++) {
        mqtt_door_close(doors->door, connections[i], NOW);
    }
    mqtt_door_give_back(doors->door);
    print_each("  while its client is away", (double)doors->memory.bytes_in_use / SESSIONS, 600,
               (bench_resident_bytes() - before) / SESSIONS);
    return doors;
}

int main(void) {
    bench_title("a crowd in one process: bytes of each, as roles account for them");
    struct door_connection **connections = calloc(SESSIONS, sizeof(struct door_connection *));
    struct crowd *crowd = gather_clients();
    struct doors *doors = gather_sessions(connections);
    doors_close(doors);
    close_crowd(crowd);
    free((void *)connections);
    return 0;
}
