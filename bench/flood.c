#include "flood.h"

#include "brokers.h"
#include "client.h"
#include "support.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILTERS 3000
#define USER_PROPERTIES 12000
#define SEND_BUFFER (64 * 1024) // bytes, of which the kernel makes twice as many

// ---- kinds -----------------------------------------------------------------------------------

static size_t put_head(uint8_t *to, unsigned first_byte, size_t rest) {
    size_t at = 0;
    to[at++] = (uint8_t)first_byte;
    for (; rest > 127; rest >>= 7) {
        to[at++] = (uint8_t)(rest | 0x80);
    }
    to[at++] = (uint8_t)rest;
    return at;
}

static size_t put_u16(uint8_t *to, unsigned value) {
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
    return 2;
}

static size_t put_bytes(uint8_t *to, const char *bytes, size_t size) {
    memcpy(to, bytes, size);
    return size;
}

static size_t put_text(uint8_t *to, const char *text) {
    size_t size = strlen(text);
    return 2 + put_bytes(to + put_u16(to, (unsigned)size), text, size);
}

static size_t pingreq(uint8_t *to, unsigned number) {
    (void)number;
    return put_head(to, 0xC0, 0);
}

static size_t subscribe(uint8_t *to, unsigned number) {
    size_t at = put_head(to, 0x82, 2 + 2 + 7 + 1);
    at += put_u16(to + at, number + 1);
    at += put_text(to + at, "flood/a");
    to[at++] = 0;
    return at;
}

static size_t subscribe_to_many(uint8_t *to, unsigned number) {
    size_t at = put_head(to, 0x82, 2 + FILTERS * (2 + 10 + 1));
    at += put_u16(to + at, number + 1);
    for (unsigned i = 0; i < FILTERS; i++) {
        char filter[16];
        (void)snprintf(filter, sizeof filter, "flood/%04u", i);
        at += put_text(to + at, filter);
        to[at++] = 0;
    }
    return at;
}

static size_t unsubscribe(uint8_t *to, unsigned number) {
    size_t at = put_head(to, 0xA2, 2 + 2 + 7);
    at += put_u16(to + at, number + 1);
    return at + put_text(to + at, "flood/a");
}

static size_t publish_qos_0(uint8_t *to, unsigned number) {
    (void)number;
    size_t at = put_head(to, 0x30, 2 + 7 + 16);
    at += put_text(to + at, "flood/a");
    memset(to + at, 'x', 16);
    return at + 16;
}

static size_t publish_qos_1(uint8_t *to, unsigned number) {
    size_t at = put_head(to, 0x32, 2 + 7 + 2 + 16);
    at += put_text(to + at, "flood/a");
    at += put_u16(to + at, number + 1);
    memset(to + at, 'x', 16);
    return at + 16;
}

static size_t publish_with_properties(uint8_t *to, unsigned number) {
    (void)number;
    const size_t properties = USER_PROPERTIES * 7; // in three bytes as a length
    size_t at = put_head(to, 0x30, 2 + 7 + 3 + properties);
    at += put_text(to + at, "flood/a");
    to[at++] = (uint8_t)(properties | 0x80);
    to[at++] = (uint8_t)(properties >> 7 | 0x80);
    to[at++] = (uint8_t)(properties >> 14);
    for (unsigned i = 0; i < USER_PROPERTIES; i++) {
        at += put_bytes(to + at, "\x26\0\1k\0\1v", 7);
    }
    return at;
}

static size_t puback(uint8_t *to, unsigned number) {
    return put_head(to, 0x40, 2) + put_u16(to + 2, number + 1);
}

const struct bench_flood_kind bench_flood_kinds[] = {
    {"no flood", NULL, 0, 4},
    {"PINGREQ", pingreq, 1000, 4},
    {"the same SUBSCRIBE", subscribe, 1000, 4},
    {"SUBSCRIBE, 3,000 filters", subscribe_to_many, 1, 4},
    {"UNSUBSCRIBE", unsubscribe, 1000, 4},
    {"PUBLISH, QoS 0", publish_qos_0, 1000, 4},
    {"PUBLISH, QoS 1", publish_qos_1, 1000, 4},
    {"12,000 user properties", publish_with_properties, 1, 5},
    {"PUBACK of unknown ids", puback, 1000, 4},
};
const size_t bench_flood_kind_count = sizeof bench_flood_kinds / sizeof *bench_flood_kinds;

// ---- the process -----------------------------------------------------------------------------

struct connection {
    int fd; // -1: ended
    size_t at;
};

// What both processes see.
struct shared {
    atomic_bool is_sending;
    _Atomic uint64_t bytes_sent;
    atomic_uint ended;
};

// A flood as its process has it: what is sent over and over, and by whom.
struct flood {
    uint8_t *bytes;
    size_t size;
    struct connection connections[BENCH_FLOOD_CONNECTIONS_MAX];
    struct shared *shared;
    int poller;
};

static struct shared *shared;
static pid_t process;
static double bytes_per_packet = 1;

static void end_connection(struct flood *flood, struct connection *connection) {
    close(connection->fd);
    connection->fd = -1;
    (void)atomic_fetch_add(&flood->shared->ended, 1);
}

// Both: false when the connection has ended.
static bool discard(const struct connection *connection) {
    static uint8_t answers[256 * 1024];
    ssize_t size = 0;
    do {
        size = recv(connection->fd, answers, sizeof answers, MSG_DONTWAIT);
    } while (size > 0);
    return size < 0 && errno == EAGAIN;
}

static bool send_some(struct flood *flood, struct connection *connection) {
    ssize_t sent = send(connection->fd, flood->bytes + connection->at, flood->size - connection->at,
                        MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
        return errno == EAGAIN;
    }
    connection->at += (size_t)sent;
    connection->at = connection->at < flood->size ? connection->at : 0;
    (void)atomic_fetch_add(&flood->shared->bytes_sent, (uint64_t)sent);
    return true;
}

static void serve(struct flood *flood, const struct epoll_event *event) {
    struct connection *connection = event->data.ptr;
    if (!discard(connection) ||
        ((event->events & EPOLLOUT) != 0 && !send_some(flood, connection))) {
        end_connection(flood, connection);
    }
}

static void run(struct flood *flood) {
    uint64_t end = bench_now() + BENCH_FLOOD_SECONDS_MAX * UINT64_C(1000000000);
    struct epoll_event events[BENCH_FLOOD_CONNECTIONS_MAX];
    while (bench_now() < end) {
        int count = epoll_wait(flood->poller, events, BENCH_FLOOD_CONNECTIONS_MAX, flood->size > 0);
        for (int i = 0; i < count; i++) {
            serve(flood, &events[i]);
        }
    }
}

static void connect_all(struct flood *flood, unsigned level, uint16_t port, unsigned count) {
    flood->poller = epoll_create1(EPOLL_CLOEXEC);
    for (unsigned i = 0; i < count; i++) {
        char id[24];
        (void)snprintf(id, sizeof id, "flood%u", i);
        struct connection *connection = &flood->connections[i];
        connection->fd = bench_client_connect(port, id, level);
        if (connection->fd < 0) {
            _exit(1);
        }
        // What waits in the kernel is not yet taken, but would count.
        (void)setsockopt(connection->fd, SOL_SOCKET, SO_SNDBUF, &(int){SEND_BUFFER}, sizeof(int));
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = connection};
        (void)epoll_ctl(flood->poller, EPOLL_CTL_ADD, connection->fd, &event);
    }
}

static _Noreturn void be_flood(struct flood *flood, const struct bench_flood_kind *kind,
                               uint16_t port, unsigned count) {
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){0}); // others come first
    if (kind->packet != NULL) {
        connect_all(flood, kind->protocol_level, port, count);
    } else {
        flood->poller = epoll_create1(EPOLL_CLOEXEC);
    }
    atomic_store(&shared->is_sending, true);
    run(flood);
    _exit(0);
}

// ---- the owner -------------------------------------------------------------------------------

static void write_packets(struct flood *flood, const struct bench_flood_kind *kind) {
    flood->bytes = malloc((size_t)BENCH_FLOOD_PACKET_MAX * (kind->packets > 1 ? 2 : 1));
    if (flood->bytes == NULL) {
        bench_fail("no memory");
    }
    for (unsigned i = 0; i < kind->packets; i++) {
        flood->size += kind->packet(flood->bytes + flood->size, i);
    }
    bytes_per_packet = kind->packets > 0 ? (double)flood->size / kind->packets : 1;
}

_Bool bench_flood_start(const struct bench_flood_kind *kind, uint16_t port, unsigned connections) {
    static struct flood flood;
    flood = (struct flood){.size = 0};
    write_packets(&flood, kind);
    if (shared == NULL) {
        shared =
            mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    }
    if (shared == MAP_FAILED) {
        bench_fail("no memory");
    }
    *shared = (struct shared){.bytes_sent = 0};
    flood.shared = shared;
    process = fork();
    if (process == 0) {
        be_flood(&flood, kind, port, connections);
    }
    free(flood.bytes);
    while (!atomic_load(&shared->is_sending) && waitpid(process, NULL, WNOHANG) == 0) {
        (void)usleep(1000);
    }
    return atomic_load(&shared->is_sending);
}

void bench_flood_stop(void) {
    (void)bench_program_end(process, SIGKILL);
}

uint64_t bench_flood_packets_sent(void) {
    return (uint64_t)((double)atomic_load(&shared->bytes_sent) / bytes_per_packet);
}

unsigned bench_flood_connections_ended(void) {
    return atomic_load(&shared->ended);
}
