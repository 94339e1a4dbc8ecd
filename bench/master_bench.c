// The master as a program, over loopback: how fast a packet passes, how many pass, what a gate that
// waits costs. The baseline is a bare round trip: a request that the HTTP library answers alone.
#include "support.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRIPS 5000
#define GATES 10000
#define BATCH_LINES 1000
#define BATCHES 1000
#define ANSWER_MAX (2 * 1024 * 1024)

struct client {
    int fd;
    unsigned status;
    char last[32]; // Mailbox-Last
    size_t size;   // of the body
    char *body;    // in `text`
    char *text;
};

struct master {
    pid_t id;
    uint16_t port;
    char folder[PATH_MAX];
};

static _Noreturn void give_up(const char *what) {
    perror(what);
    exit(1);
}

// ---- the program ----------------------------------------------------------------------------

static uint16_t read_port(int fd) {
    char text[1024] = "";
    size_t size = 0;
    while (strstr(text, " (store ") == NULL) {
        ssize_t got = read(fd, text + size, sizeof text - size - 1);
        if (got <= 0) {
            give_up(text);
        }
        size += (size_t)got;
        text[size] = '\0';
    }
    return (uint16_t)strtoul(strstr(text, "127.0.0.1:") + 10, NULL, 10);
}

static struct master start_master(const char *store) {
    char program[PATH_MAX] = {0};
    int err[2];
    struct master master = {0};
    snprintf(master.folder, sizeof master.folder, "%s/master-bench-XXXXXX",
             getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    if (readlink("/proc/self/exe", program, sizeof program - 32) <= 0 ||
        mkdtemp(master.folder) == NULL || pipe2(err, O_CLOEXEC) != 0) {
        give_up("start");
    }
    char *path = NULL;
    if (asprintf(&path, "%s/../app/master", dirname(program)) < 0) {
        give_up("start");
    }
    master.id = fork();
    if (master.id == 0) {
        dup2(err[1], STDERR_FILENO);
        if (chdir(master.folder) == 0) {
            execl(path, "master", "--listen", "127.0.0.1:0", "--store", store, "--max-gates",
                  "20000", "--mailbox-packets", "2000000", "--mailbox-bytes", "256M",
                  "--idle-timeout", "300", "--run", "#", NULL);
        }
        give_up(path);
    }
    close(err[1]);
    master.port = read_port(err[0]);
    free(path);
    return master;
}

// Returns the processor time that it took, in ns.
static uint64_t stop_master(const struct master *master) {
    struct rusage usage;
    int status;
    kill(master->id, SIGTERM);
    wait4(master->id, &status, 0, &usage);
    char *command = NULL;
    if (asprintf(&command, "rm -rf '%s'", master->folder) > 0) {
        (void)!system(command); // NOLINT(cert-env33-c): a folder of our own
    }
    free(command);
    return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000u +
           (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000u;
}

static double memory_of(const struct master *master) {
    char path[64];
    char line[256];
    unsigned long long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)master->id);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "VmRSS:", 6) == 0) {
            kib = strtoull(line + 6, NULL, 10);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return (double)kib;
}

// ---- a client -------------------------------------------------------------------------------

static struct client dial(const struct master *master, char *text) {
    struct client client = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .text = text};
    struct sockaddr_in place = {.sin_family = AF_INET,
                                .sin_port = htons(master->port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    memcpy(client.last, "0", 2);
    if (client.fd < 0 || connect(client.fd, (struct sockaddr *)&place, sizeof place) != 0) {
        give_up("connect");
    }
    setsockopt(client.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return client;
}

static void put(struct client *client, const char *text, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t sent = send(client->fd, text + done, size - done, MSG_NOSIGNAL);
        if (sent <= 0) {
            give_up("send");
        }
        done += (size_t)sent;
    }
}

static size_t take(struct client *client, size_t size) {
    ssize_t got = recv(client->fd, client->text + size, ANSWER_MAX - size - 1, 0);
    if (got <= 0) {
        give_up("receive");
    }
    client->text[size + (size_t)got] = '\0';
    return size + (size_t)got;
}

static void get(struct client *client, unsigned status) {
    size_t size = 0;
    char *end = NULL;
    for (client->text[0] = '\0'; end == NULL; end = strstr(client->text, "\r\n\r\n")) {
        size = take(client, size);
    }
    client->status = (unsigned)strtoul(client->text + 9, NULL, 10);
    const char *length = strstr(client->text, "Content-Length: ");
    const char *last = strstr(client->text, "Mailbox-Last: ");
    client->size = length != NULL ? strtoul(length + 16, NULL, 10) : 0;
    if (last != NULL) {
        snprintf(client->last, sizeof client->last, "%.*s", (int)strcspn(last + 14, "\r"),
                 last + 14);
    }
    client->body = end + 4;
    while (size < (size_t)(client->body - client->text) + client->size) {
        size = take(client, size);
    }
    if (client->status != status) {
        fprintf(stderr, "%s\n", client->text);
        exit(1);
    }
}

static void lease(struct client *client, unsigned gate, char secret[static 33]) {
    char text[256];
    char body[32];
    int length = snprintf(body, sizeof body, "{\"gate\":%u}", gate);
    int size = snprintf(
        text, sizeof text,
        "POST /v1/gates HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", length, body);
    put(client, text, (size_t)size);
    get(client, 201);
    snprintf(secret, 33, "%s", strstr(client->body, "\"secret\":\"") + 10);
}

static void send_take(struct client *client, unsigned gate, const char *secret, unsigned wait) {
    char text[256];
    int size = snprintf(text, sizeof text,
                        "GET /v1/gates/%u/mailbox?after=%s&wait=%u HTTP/1.1\r\nHost: localhost\r\n"
                        "Lease-Secret: %s\r\n\r\n",
                        gate, client->last, wait, secret);
    put(client, text, (size_t)size);
}

static void send_upload(struct client *client, const char *secret, uint64_t first,
                        const char *lines) {
    char text[256];
    size_t length = strlen(lines);
    int size = snprintf(text, sizeof text,
                        "POST /v1/gates/7/packets?first=%llu HTTP/1.1\r\nHost: localhost\r\n"
                        "Lease-Secret: %s\r\nContent-Length: %zu\r\n\r\n",
                        (unsigned long long)first, secret, length);
    put(client, text, (size_t)size);
    put(client, lines, length);
}

// ---- what is measured -----------------------------------------------------------------------

struct pair {
    struct client up;
    struct client down;
    char seven[33];
    char eight[33];
    uint64_t next;
};

static uint64_t bare_trip(struct client *client) {
    static const char request[] = "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n";
    static uint64_t samples[TRIPS];
    for (unsigned i = 0; i < TRIPS; i++) {
        uint64_t start = bench_now();
        put(client, request, sizeof request - 1);
        get(client, 404);
        samples[i] = bench_now() - start;
    }
    return bench_percentile(samples, TRIPS, 50);
}

// From sending an upload until the receiver, who waits, has the packet.
static uint64_t passage(struct pair *pair) {
    static uint64_t samples[TRIPS];
    for (unsigned i = 0; i < TRIPS; i++) {
        send_take(&pair->down, 8, pair->eight, 60);
        uint64_t start = bench_now();
        send_upload(&pair->up, pair->seven, pair->next++,
                    "1795435622\t7083\t8580\tpubl\t-cT\\_-12345-\t400\t\n");
        get(&pair->down, 200);
        samples[i] = bench_now() - start;
        get(&pair->up, 200);
    }
    return bench_percentile(samples, TRIPS, 50);
}

// Packets a second from one router to another, in long batches.
static double throughput(struct pair *pair) {
    static char batch[BATCH_LINES * 64];
    size_t size = 0;
    uint64_t bytes = 0;
    uint64_t wanted = 0;
    for (unsigned i = 0; i < BATCH_LINES; i++) {
        size += (size_t)snprintf(batch + size, sizeof batch - size,
                                 "1795435622\t7083\t8580\tpubl\t-cT\\_-%05u-\t400\t\n", i);
    }
    uint64_t start = bench_now();
    for (unsigned i = 0; i < BATCHES; i++, wanted += size, pair->next += BATCH_LINES) {
        send_upload(&pair->up, pair->seven, pair->next, batch);
        send_take(&pair->down, 8, pair->eight, 60);
        get(&pair->up, 200);
        get(&pair->down, 200);
        bytes += pair->down.size;
    }
    while (bytes < wanted) {
        send_take(&pair->down, 8, pair->eight, 60);
        get(&pair->down, 200);
        bytes += pair->down.size;
    }
    return 1e9 * BATCHES * BATCH_LINES / (double)(bench_now() - start);
}

static unsigned gates_for_descriptors(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur > GATES + 200 ? GATES : (unsigned)limit.rlim_cur - 200;
}

static unsigned waiting_now(struct client *client) {
    static const char request[] = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    put(client, request, sizeof request - 1);
    get(client, 200);
    return (unsigned)strtoul(strstr(client->body, "\nmqttsim_waiting_polls ") + 23, NULL, 10);
}

static void many_gates(const struct master *master, struct pair *pair) {
    unsigned count = gates_for_descriptors();
    struct client *clients = calloc(count, sizeof *clients);
    double before = memory_of(master);
    for (unsigned i = 0; i < count; i++) {
        char secret[33];
        lease(&pair->up, 100 + i, secret);
        clients[i] = dial(master, pair->down.text);
        send_take(&clients[i], 100 + i, secret, 60);
    }
    while (waiting_now(&pair->up) < count) {
    }
    char what[64];
    snprintf(what, sizeof what, "memory of a gate that waits (%u gates)", count);
    bench_print(&(struct bench_row){
        .what = what, .figure = (memory_of(master) - before) / count, .unit = "KiB", .target = 10});
    uint64_t start = bench_now();
    send_upload(&pair->up, pair->seven, pair->next++, "1\t7083\t0\tjoin\t-broker-\t816\t\n");
    get(&pair->up, 200);
    for (unsigned i = 0; i < count; i++) {
        get(&clients[i], 200);
        close(clients[i].fd);
    }
    bench_print(&(struct bench_row){.what = "a packet for everyone, until all of them have it",
                                    .figure = (double)(bench_now() - start) / 1e6,
                                    .unit = "ms"});
    free(clients);
}

static void measure(const char *store, double target, bool many) {
    struct master master = start_master(store);
    char title[64];
    snprintf(title, sizeof title, "master, store %s", store);
    bench_title(title);
    struct pair pair = {.up = dial(&master, calloc(1, ANSWER_MAX)),
                        .down = dial(&master, calloc(1, ANSWER_MAX)),
                        .next = 1};
    lease(&pair.up, 7, pair.seven);
    lease(&pair.up, 8, pair.eight);
    double bare = (double)bare_trip(&pair.up);
    bench_print(&(struct bench_row){.what = "upload until a waiting router has it, median",
                                    .figure = (double)passage(&pair) / 1e3,
                                    .unit = "us",
                                    .baseline = bare / 1e3,
                                    .baseline_name = "bare round trip"});
    bench_print(&(struct bench_row){.what = "packets in batches of 1000, up and down",
                                    .figure = throughput(&pair),
                                    .unit = "1/s",
                                    .target = target,
                                    .at_least = 1});
    if (many) {
        many_gates(&master, &pair);
    }
    double cpu = (double)stop_master(&master) / 1e9;
    bench_print(&(struct bench_row){.what = many ? "processor time of all that"
                                                 : "processor time of that, some 1 million packets",
                                    .figure = cpu,
                                    .unit = "s"});
    close(pair.up.fd);
    close(pair.down.fd);
    free(pair.up.text);
    free(pair.down.text);
}

int main(void) {
    measure("memory", 200000, false);
    measure("sqlite:bench.db", 100000, false);
    measure("memory", 200000, true);
    return 0;
}
