// Networks joined by routers, all programs as users run them: the way of an entry from one network
// to the other, and how many packets pass from router to router.
//
// The way of an entry: from the call to publish in network A through broker, router, master and the
// other router to the event that tells of the entry in network B. As in session_bench.c the two
// clients are the client role on a file network and nothing else, here both in this process, so
// that the way is measured and not how threads and pipes of client programs hand things on. The
// baseline is a bare HTTP round trip over a connection kept open: libcurl here, libmicrohttpd with
// one thread and a constant answer in another process. The two take turns, so that other work on
// the machine meets both. It is measured with everything on one core, where a wake-up costs the
// same each time, and with the cores that there are, where what it costs is up to the scheduler.
//
// Router to router: lines are appended to network A in large batches, faster than they pass, until
// all of them stand in network B, each once and in order.
#include "support.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/decimal.h"
#include "medium/file/file_network.h"
#include "role/client/client.h"

#define BLOCKS 20u // of trips, those of the baseline and ours in turns
#define BLOCK_TRIPS 100u
#define TRIPS (BLOCKS * BLOCK_TRIPS)
#define PACKETS 1000000u // in each run
#define RUNS 3u
#define BATCH_LINES 1000u
#define WAIT_MS 20000

static char folder[] = "/var/tmp/mqttsim-bench-XXXXXX"; // /tmp may be memory, which is no disk

static void remove_files(void) {
    char command[64];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    (void)!system(command); // NOLINT(cert-env33-c): a folder of our own
}

static _Noreturn void fail(const char *what) {
    (void)fprintf(stderr, "routers: %s\n", what);
    (void)signal(SIGTERM, SIG_IGN);
    (void)kill(0, SIGTERM); // the programs started are of our process group
    while (wait(NULL) > 0) {
    }
    remove_files();
    _exit(1);
}

// ---- programs --------------------------------------------------------------------------------

struct program {
    pid_t process;
    int out; // what it says
    char said[1024];
};

static void become(const char *const *words, int out) {
    char path[PATH_MAX] = {0};
    char program[PATH_MAX + 64];
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (readlink("/proc/self/exe", path, sizeof path - 1) > 0 && chdir(folder) == 0) {
        (void)snprintf(program, sizeof program, "%s/../app/%s", dirname(path), words[0]);
        (void)!freopen("/dev/null", "r", stdin);
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        execv(program, (char *const *)(uintptr_t)words);
        execvp(words[0], (char *const *)(uintptr_t)words);
    }
    _exit(127);
}

// Waits until it says what is wanted.
static struct program start(const char *wanted, const char *const *words) {
    struct program program = {0};
    size_t size = 0;
    int out[2];
    if (pipe2(out, O_CLOEXEC) != 0) {
        fail("no pipe");
    }
    program.process = fork();
    if (program.process == 0) {
        become(words, out[1]);
    }
    close(out[1]);
    program.out = out[0];
    while (strstr(program.said, wanted) == NULL) {
        struct pollfd ready = {.fd = out[0], .events = POLLIN};
        size_t room = sizeof program.said - 1 - size;
        ssize_t got = poll(&ready, 1, WAIT_MS) == 1 ? read(out[0], program.said + size, room) : 0;
        if (got <= 0) {
            (void)fprintf(stderr, "%s: %s\n", words[0], program.said);
            fail("a program did not start");
        }
        size += (size_t)got;
    }
    return program;
}

#define START(wanted, ...) start(wanted, (const char *const[]){__VA_ARGS__, NULL})

static void end(struct program *program) {
    int status = 0;
    (void)kill(program->process, SIGTERM);
    if (waitpid(program->process, &status, 0) != program->process || status != 0) {
        fail("a program failed");
    }
    close(program->out);
}

// Processor time in nanoseconds since it was started.
static uint64_t time_used(const struct program *program) {
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(program->process, &clock) != 0 || clock_gettime(clock, &used) != 0) {
        fail("a program has ended");
    }
    return (uint64_t)used.tv_sec * 1000000000u + (uint64_t)used.tv_nsec;
}

// A socket that listens on a free port of loopback.
static int listen_anywhere(uint16_t *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 10) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        fail("cannot listen on loopback");
    }
    *port = ntohs(address.sin_port);
    return fd;
}

// ---- two networks ----------------------------------------------------------------------------

enum { GATE_A = 7, GATE_B = 8 };

struct internet {
    struct program master;
    struct program a;
    struct program b;
};

static struct internet start_internet(const char *store) {
    struct internet net;
    char url[64];
    // What is written passes up faster than down; a full mailbox drops packets, so it is large.
    net.master = START(" (store ", "master", "--listen", "127.0.0.1:0", "--store", store,
                       "--mailbox-packets", "10000000", "--mailbox-bytes", "1G");
    unsigned long port = strtoul(strstr(net.master.said, "127.0.0.1:") + 10, NULL, 10);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%lu", port);
    net.a = START(" on the network ", "router", "-n", "a", "-m", url, "-g", "7");
    net.b = START(" on the network ", "router", "-n", "b", "-m", url, "-g", "8");
    return net;
}

static void end_internet(struct internet *net) {
    end(&net->a);
    end(&net->b);
    end(&net->master);
}

static struct file_network *open_network(const char *name) {
    char path[64];
    struct file_network_error error;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    struct file_network *network = file_network_open(
        &(struct file_network_options){.path = path, .rotate_bytes = 64u << 20, .keep = 2}, &error);
    if (network == NULL) {
        fail(error.text);
    }
    return network;
}

static void append(struct file_network *network, struct buffer *lines) {
    struct file_network_error error;
    if (lines->size > 0 && !file_network_append(network, buffer_bytes(lines), &error)) {
        fail(error.text);
    }
    lines->size = 0;
}

static void on_notice(void *context, const char *text) {
    (void)context;
    fail(text);
}

// ---- clients that are nothing but the role ---------------------------------------------------

struct peer {
    struct memory memory;
    struct role_port port;
    struct client_config config;
    struct client client;
    struct file_network *network;
    struct buffer outgoing;
    bool connected;
    bool subscribed;
    unsigned entries;
    uint8_t scratch[PACKET_LINE_MAX];
};

static bool peer_send(void *context, const struct packet *packet) {
    struct peer *peer = context;
    uint8_t *room = buffer_reserve(&peer->outgoing, PACKET_LINE_MAX);
    size_t size = packet_format(packet, room, PACKET_LINE_MAX);
    peer->outgoing.size += size;
    return size > 0;
}

static void peer_tell(void *context, const struct role_event *event) {
    struct peer *peer = context;
    peer->connected = peer->connected || event->kind == EVENT_CONNECTED;
    peer->subscribed = peer->subscribed || event->kind == EVENT_SUBSCRIBED;
    peer->entries += event->kind == EVENT_ENTRY;
}

static void peer_line(void *context, struct bytes line) {
    struct peer *peer = context;
    struct packet packet;
    if (packet_parse(&packet, line, peer->scratch) == PACKET_OK) {
        client_receive(&peer->client, &packet, bench_now());
    }
}

static struct peer *open_peer(const char *name, uint32_t address) {
    struct file_network_error error;
    struct peer *peer = calloc(1, sizeof *peer);
    memory_init(&peer->memory);
    buffer_init(&peer->outgoing, &peer->memory);
    peer->network = open_network(name);
    if (!file_network_claim(peer->network, &address, "client", 0, &error)) {
        fail(error.text);
    }
    peer->port = (struct role_port){.send = peer_send,
                                    .tell = peer_tell,
                                    .context = peer,
                                    .memory = &peer->memory,
                                    .seal_room = malloc(ROLE_SEAL_ROOM),
                                    .unseal_room = malloc(ROLE_UNSEAL_ROOM)};
    peer->config =
        (struct client_config){.suite = SUITE_CLASSIC,
                               .answer_timeout = 60 * ROLE_SECOND,
                               .silence = 100 * ROLE_SECOND,
                               .limits = {10, 10, 10, {.entries_max = 10, .bytes_max = 10000}}};
    struct cipher_secret seed = {{(uint8_t)address}};
    client_init(&peer->client, &peer->config, &peer->port, address, &seed);
    client_start(&peer->client);
    append(peer->network, &peer->outgoing);
    return peer;
}

static void close_peer(struct peer *peer) {
    client_stop(&peer->client);
    append(peer->network, &peer->outgoing);
    client_deinit(&peer->client);
    file_network_close(peer->network);
    buffer_deinit(&peer->outgoing);
    free(peer->port.seal_room);
    free(peer->port.unseal_room);
    free(peer);
}

// Waits for something, and handles it.
static void turn(struct peer *const peers[2]) {
    struct pollfd ready[2];
    for (int i = 0; i < 2; i++) {
        append(peers[i]->network, &peers[i]->outgoing);
        ready[i] = (struct pollfd){.fd = file_network_fd(peers[i]->network), .events = POLLIN};
    }
    if (poll(ready, 2, WAIT_MS) <= 0) {
        fail("nothing came any more");
    }
    for (int i = 0; i < 2; i++) {
        struct file_network_events events = {peers[i], peer_line, on_notice};
        if (ready[i].revents != 0) {
            (void)file_network_read(peers[i]->network, 100, 0, &events);
        }
    }
}

// ---- the baseline ----------------------------------------------------------------------------

// Answered when it is called again: an answer to the headers alone would close the connection.
static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **own) {
    (void)url, (void)method, (void)version, (void)data, (void)size;
    bool is_whole = *own != NULL;
    *own = context;
    return is_whole ? MHD_queue_response(connection, MHD_HTTP_OK, context) : MHD_YES;
}

static _Noreturn void serve(int listener) {
    static char text[] = "ok";
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(2, text, MHD_RESPMEM_PERSISTENT);
    if (MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, response,
                         MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_END) == NULL) {
        _exit(1);
    }
    for (;;) {
        pause();
    }
}

struct bare {
    pid_t server;
    CURL *easy;
    bool is_open; // the connection
};

static size_t take_body(char *data, size_t one, size_t count, void *context) {
    (void)data, (void)context;
    return one * count;
}

static struct bare start_bare(void) {
    struct bare bare = {0};
    char url[64];
    uint16_t port;
    int listener = listen_anywhere(&port);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/", port);
    bare.server = fork();
    if (bare.server == 0) {
        serve(listener);
    }
    close(listener);
    bare.easy = curl_easy_init();
    curl_easy_setopt(bare.easy, CURLOPT_URL, url);
    curl_easy_setopt(bare.easy, CURLOPT_PROXY, "");
    curl_easy_setopt(bare.easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(bare.easy, CURLOPT_WRITEFUNCTION, take_body);
    return bare;
}

static void trip(struct bare *bare) {
    long connections = 0;
    if (curl_easy_perform(bare->easy) != CURLE_OK ||
        curl_easy_getinfo(bare->easy, CURLINFO_NUM_CONNECTS, &connections) != CURLE_OK) {
        fail("no bare round trip");
    }
    if (bare->is_open && connections != 0) {
        fail("the bare connection is not kept open");
    }
    bare->is_open = true;
}

static void end_bare(struct bare *bare) {
    curl_easy_cleanup(bare->easy);
    (void)kill(bare->server, SIGKILL);
    (void)waitpid(bare->server, NULL, 0);
}

// ---- the way of an entry ---------------------------------------------------------------------

static void pass_entry(struct peer *const peers[2]) {
    unsigned next = peers[1]->entries + 1;
    (void)client_publish(&peers[0]->client, 1, BYTES_LITERAL("t"), BYTES_LITERAL("21.5"));
    while (peers[1]->entries < next) {
        turn(peers);
    }
}

static void connect_peers(struct peer *const peers[2]) {
    uint32_t far = packet_address_global(GATE_A, 1);
    (void)client_connect(&peers[0]->client, 1, bench_now());
    (void)client_connect(&peers[1]->client, far, bench_now());
    while (!peers[0]->connected || !peers[1]->connected) {
        turn(peers);
    }
    (void)client_subscribe(&peers[1]->client, far, BYTES_LITERAL("t"), bench_now());
    while (!peers[1]->subscribed) {
        turn(peers);
    }
}

static void measure_trips(uint64_t *samples, uint64_t *trips) {
    struct bare bare = start_bare();
    struct internet net = start_internet("memory");
    struct program broker = START(" on the network ", "broker", "-n", "a", "--address", "1");
    struct peer *const peers[2] = {open_peer("a", 2), open_peer("b", 3)};
    connect_peers(peers);
    trip(&bare);
    for (unsigned i = 0; i < TRIPS; i++) {
        bool is_bare = i / BLOCK_TRIPS % 2 == 0;
        for (int round = 0; round < 2; round++, is_bare = !is_bare) {
            uint64_t begin = bench_now();
            if (is_bare) {
                trip(&bare);
            } else {
                pass_entry(peers);
            }
            (is_bare ? trips : samples)[i] = bench_now() - begin;
        }
    }
    close_peer(peers[0]);
    close_peer(peers[1]);
    end(&broker);
    end_internet(&net);
    end_bare(&bare);
}

static void bench_way(enum bench_place place, const char *what) {
    static uint64_t samples[TRIPS];
    static uint64_t trips[TRIPS];
    const double percentiles[] = {50, 99};
    bench_run_on(place);
    measure_trips(samples, trips);
    bench_run_on(BENCH_ANYWHERE);
    for (unsigned i = 0; i < 2; i++) {
        double baseline = (double)bench_percentile(trips, TRIPS, percentiles[i]) / 1e3;
        bench_print(&(struct bench_row){
            .what = i == 0 ? what : "  p99",
            .figure = (double)bench_percentile(samples, TRIPS, percentiles[i]) / 1e3,
            .unit = "us",
            .target = i == 0 ? 6 * baseline : 0,
            .baseline = baseline,
            .baseline_name = "bare HTTP round trip"});
    }
}

// ---- router to router ------------------------------------------------------------------------

// What arrives in network B.
struct arrival {
    struct file_network *network;
    uint64_t count;
    uint8_t scratch[PACKET_LINE_MAX];
};

static void arrive(void *context, struct bytes line) {
    struct arrival *arrival = context;
    struct packet packet;
    uint64_t number = 0;
    bool right = packet_parse(&packet, line, arrival->scratch) == PACKET_OK &&
                 packet.sender == packet_address_global(GATE_A, 5);
    if (right && packet.type == PACKET_PUBL) {
        right = packet.receiver == 83 && decimal_read(packet.element[1], UINT64_MAX, &number) &&
                number == arrival->count;
        arrival->count++;
        if (!right) {
            fail("a packet was lost, repeated or out of order");
        }
    }
}

static void write_lines(struct file_network *network, uint64_t first) {
    struct memory memory;
    struct buffer lines;
    memory_init(&memory);
    buffer_init(&lines, &memory);
    for (uint64_t i = first; i < first + PACKETS; i++) {
        char number[32];
        int size = snprintf(number, sizeof number, "%llu", (unsigned long long)i);
        struct packet packet = {.time_stamp = 1795435622,
                                .sender = 5,
                                .receiver = packet_address_global(GATE_B, 83),
                                .type = PACKET_PUBL};
        packet_add(&packet, BYTES_LITERAL("site/12/temperature"));
        packet_add(&packet, bytes_make(number, (size_t)size));
        packet.signature = packet_signature(&packet);
        uint8_t *room = buffer_reserve(&lines, PACKET_LINE_MAX);
        lines.size += packet_format(&packet, room, PACKET_LINE_MAX);
        if ((i + 1) % BATCH_LINES == 0) {
            append(network, &lines);
        }
    }
    append(network, &lines);
    buffer_deinit(&lines);
}

// Reads what has come, waiting up to `wait_ms` for something. False: nothing came.
static bool read_arrivals(struct arrival *arrival, int wait_ms) {
    struct file_network_events events = {arrival, arrive, on_notice};
    struct pollfd ready = {.fd = file_network_fd(arrival->network), .events = POLLIN};
    if (poll(&ready, 1, wait_ms) <= 0) {
        return false;
    }
    while (file_network_read(arrival->network, 4096, 0, &events)) {
    }
    return true;
}

// Nanoseconds until all stand in network B.
static uint64_t pass_packets(struct file_network *from, struct arrival *arrival) {
    uint64_t end = arrival->count + PACKETS;
    uint64_t begin = bench_now();
    write_lines(from, arrival->count);
    while (arrival->count < end) {
        if (!read_arrivals(arrival, WAIT_MS)) {
            fail("packets were lost");
        }
    }
    return bench_now() - begin;
}

static void print_time(const char *what, uint64_t ns) {
    bench_print(&(struct bench_row){
        .what = what, .figure = (double)ns / (RUNS * PACKETS), .unit = "ms/million"});
}

static void bench_packets(const char *store, double target, const struct program *redis) {
    struct internet net = start_internet(store);
    const struct program *const programs[] = {&net.a, &net.b, &net.master, redis};
    static const char *const names[] = {"  processor time, router up", "  router down", "  master",
                                        "  redis-server"};
    size_t count = redis != NULL ? 4 : 3;
    struct file_network *from = open_network("a");
    struct arrival *arrival = calloc(1, sizeof *arrival);
    uint64_t used[4];
    uint64_t runs[RUNS];
    char what[64];
    arrival->network = open_network("b");
    for (size_t i = 0; i < count; i++) {
        used[i] = time_used(programs[i]);
    }
    for (unsigned i = 0; i < RUNS; i++) {
        runs[i] = pass_packets(from, arrival);
    }
    (void)snprintf(what, sizeof what, "router to router, store %.*s", (int)strcspn(store, ":"),
                   store);
    bench_print(
        &(struct bench_row){.what = what,
                            .figure = PACKETS * 1e9 / (double)bench_percentile(runs, RUNS, 50),
                            .unit = "packets/s",
                            .target = target,
                            .at_least = 1});
    for (size_t i = 0; i < count; i++) {
        print_time(names[i], time_used(programs[i]) - used[i]);
    }
    while (read_arrivals(arrival, 200)) { // what should not be there
    }
    if (arrival->count != RUNS * PACKETS) {
        fail("packets were repeated");
    }
    file_network_close(arrival->network);
    file_network_close(from);
    free(arrival);
    end_internet(&net);
}

static void bench_redis(void) {
    char port_text[16];
    char store[64];
    uint16_t port;
    if (system("command -v redis-server >/dev/null") != 0) { // NOLINT(cert-env33-c)
        printf("  (redis: not measured, there is no redis-server; install it)\n");
        return;
    }
    close(listen_anywhere(&port)); // free now, and most likely still in a moment
    (void)snprintf(port_text, sizeof port_text, "%u", port);
    (void)snprintf(store, sizeof store, "redis://127.0.0.1:%u", port);
    struct program redis = START("eady to accept connections", "redis-server", "--port", port_text,
                                 "--bind", "127.0.0.1", "--save", "", "--dir", ".");
    bench_packets(store, 50000, &redis);
    end(&redis);
}

// ---- all of it -------------------------------------------------------------------------------

int main(void) {
    bench_title("routers (two networks, with a master between them)");
    (void)setpgid(0, 0);
    (void)signal(SIGPIPE, SIG_IGN);
    if (mkdtemp(folder) == NULL || curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK) {
        fail("cannot make a folder in /var/tmp");
    }
    bench_way(BENCH_ONE_CORE, "publish in A to update in B, one core, median");
    bench_way(BENCH_ANYWHERE, "  on all cores, median");
    bench_packets("memory", 200000, NULL);
    bench_packets("sqlite:master.db", 100000, NULL);
    bench_redis();
    remove_files();
    curl_global_cleanup();
    return 0;
}
