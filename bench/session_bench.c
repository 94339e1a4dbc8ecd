// Whole sessions, as users run them: the way of an entry from one client over a broker to another
// client, what idle sessions wake up for, and how fast data is piped through.
//
// The way of an entry is measured twice. Over the network: from the call to publish in one process,
// through the real broker program, to the event that tells of the entry in a third one; the two
// clients are the client role on a file network and nothing else, so that two trips through the
// file and the work of three devices are what is measured. And from pipe to pipe between real
// programs, as users meet it: to the trips come the two pipes and the hand-overs between the
// threads of the two client sessions, four more times that a thread has to be woken.
//
// The baseline of both is a bare inotify-and-read ping-pong of one line on a file, two trips, in
// the same run. What a wake-up costs depends on which core it leads to, several times over, and the
// scheduler chooses now this, now that. So the baseline and the first figure have all processes on
// one core, where a trip costs the same each time. (With a core for each of its sides the baseline
// hardly ever sleeps, which tells nothing about devices that do.) The programs from pipe to pipe
// run wherever they like.
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "medium/file/file_network.h"
#include "role/client/client.h"

#define ROUNDS 2000u
#define LINES 100000u
#define IDLE_SECONDS 15
#define LINE_BYTES 60u
#define WAIT_MS 20000

static char folder[] = "/tmp/mqttsim-bench-XXXXXX";

static _Noreturn void fail(const char *what) {
    (void)fprintf(stderr, "sessions: %s\n", what);
    (void)kill(0, SIGTERM); // the programs started are of our process group
    _exit(1);
}

// ---- programs --------------------------------------------------------------------------------

struct program {
    pid_t process;
    int in;
    int out;
};

static void become(const char *const *words, const int *in, const int *out) {
    char path[PATH_MAX] = {0};
    char program[PATH_MAX + 64];
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (readlink("/proc/self/exe", path, sizeof path - 1) > 0 && chdir(folder) == 0) {
        (void)snprintf(program, sizeof program, "%s/../app/%s", dirname(path), words[0]);
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        (void)!freopen("/dev/null", "w", stderr);
        execv(program, (char *const *)(uintptr_t)words);
    }
    _exit(127);
}

static struct program start(const char *const *words) {
    int in[2];
    int out[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
        fail("no pipe");
    }
    pid_t process = fork();
    if (process == 0) {
        become(words, in, out);
    }
    close(in[0]);
    close(out[1]);
    return (struct program){process, in[1], out[0]};
}

#define START(...) start((const char *const[]){__VA_ARGS__, NULL})

static void end(struct program *program) {
    int status = 0;
    (void)kill(program->process, SIGTERM);
    if (waitpid(program->process, &status, 0) != program->process || status != 0) {
        fail("a program failed");
    }
    close(program->in);
    close(program->out);
}

static void send_text(const struct program *program, const char *text) {
    size_t size = strlen(text);
    if (write(program->in, text, size) != (ssize_t)size) {
        fail("a program takes no input");
    }
}

static size_t receive(const struct program *program, char *text, size_t size) {
    struct pollfd ready = {.fd = program->out, .events = POLLIN};
    ssize_t got = poll(&ready, 1, WAIT_MS) == 1 ? read(program->out, text, size - 1) : 0;
    if (got <= 0) {
        fail("nothing came any more");
    }
    text[got] = '\0';
    return (size_t)got;
}

// Reads until the text has come; what follows it is not kept.
static void await(const struct program *program, const char *wanted) {
    char text[4096] = "";
    size_t size = 0;
    while (strstr(text, wanted) == NULL) {
        if (size > sizeof text / 2) {
            size = 0;
        }
        size += receive(program, text + size, sizeof text - size);
    }
}

static struct program start_broker(void) {
    struct program broker = START("broker", "--address", "1", "--json", "--run", "tgll");
    await(&broker, "not listening");
    return broker;
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
    uint64_t entry_at; // when the last one was told
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
    if (event->kind == EVENT_ENTRY) {
        peer->entry_at = bench_now();
        peer->entries++;
    }
}

static void peer_flush(struct peer *peer) {
    struct file_network_error error;
    if (peer->outgoing.size > 0 &&
        !file_network_append(peer->network, buffer_bytes(&peer->outgoing), &error)) {
        fail(error.text);
    }
    peer->outgoing.size = 0;
}

static void peer_line(void *context, struct bytes line) {
    struct peer *peer = context;
    struct packet packet;
    if (packet_parse(&packet, line, peer->scratch) == PACKET_OK) {
        client_receive(&peer->client, &packet, bench_now());
    }
}

static void peer_notice(void *context, const char *text) {
    (void)context;
    fail(text);
}

// Handles what has come; waits for something first.
static void peer_turn(struct peer *peer, int other) {
    struct file_network_events events = {peer, peer_line, peer_notice};
    struct pollfd ready[2] = {{.fd = file_network_fd(peer->network), .events = POLLIN},
                              {.fd = other, .events = POLLIN}};
    if (poll(ready, 2, WAIT_MS) <= 0) {
        fail("nothing came any more");
    }
    if (ready[0].revents != 0) {
        (void)file_network_read(peer->network, 100, 0, &events);
    }
    peer_flush(peer);
}

static struct peer *open_peer(uint32_t address) {
    char path[64];
    struct file_network_error error;
    struct peer *peer = calloc(1, sizeof *peer);
    (void)snprintf(path, sizeof path, "%s/network", folder);
    memory_init(&peer->memory);
    buffer_init(&peer->outgoing, &peer->memory);
    peer->network = file_network_open(&(struct file_network_options){.path = path}, &error);
    if (peer->network == NULL ||
        !file_network_claim(peer->network, &address, "client", 0, &error)) {
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
    (void)client_connect(&peer->client, 1, bench_now());
    for (peer_flush(peer); !peer->connected;) {
        peer_turn(peer, -1);
    }
    return peer;
}

static void close_peer(struct peer *peer) {
    client_stop(&peer->client);
    peer_flush(peer);
    client_deinit(&peer->client);
    file_network_close(peer->network);
    buffer_deinit(&peer->outgoing);
    free(peer->port.seal_room);
    free(peer->port.unseal_room);
    free(peer);
}

// Subscribes, and writes to the pipe when each entry came.
static _Noreturn void receive_entries(int out) {
    struct peer *peer = open_peer(3);
    uint64_t ready = 0;
    (void)client_subscribe(&peer->client, 1, BYTES_LITERAL("t"), bench_now());
    for (peer_flush(peer); !peer->subscribed;) {
        peer_turn(peer, -1);
    }
    (void)!write(out, &ready, sizeof ready);
    for (unsigned i = 1; i <= ROUNDS; i++) {
        while (peer->entries < i) {
            peer_turn(peer, -1);
        }
        (void)!write(out, &peer->entry_at, sizeof peer->entry_at);
    }
    close_peer(peer);
    _exit(0);
}

// Waits for the number, taking packets meanwhile, as a session does.
static uint64_t await_number(struct peer *peer, int in) {
    uint64_t number = 0;
    while (read(in, &number, sizeof number) != (ssize_t)sizeof number) {
        peer_turn(peer, in);
    }
    return number;
}

static void measure_network(uint64_t *samples) {
    int answers[2];
    struct program broker = start_broker();
    if (pipe2(answers, O_CLOEXEC | O_NONBLOCK) != 0) {
        fail("no pipe");
    }
    pid_t receiver = fork();
    if (receiver == 0) {
        receive_entries(answers[1]);
    }
    struct peer *peer = open_peer(2);
    (void)await_number(peer, answers[0]);
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t begin = bench_now();
        (void)client_publish(&peer->client, 1, BYTES_LITERAL("t"), BYTES_LITERAL("21.5"));
        peer_flush(peer);
        samples[i] = await_number(peer, answers[0]) - begin;
    }
    close_peer(peer);
    (void)waitpid(receiver, NULL, 0);
    close(answers[0]);
    close(answers[1]);
    end(&broker);
}

// ---- publish to delivery ---------------------------------------------------------------------

static void prepare(const struct program *reader, const struct program *writer) {
    send_text(writer, "conn\npubl t ready\n");
    send_text(reader, "conn\nsubs t\n");
    await(reader, "t ready\n");
}

static void measure_delivery(uint64_t *samples) {
    struct program broker = start_broker();
    struct program reader = START("client");
    struct program writer = START("client");
    prepare(&reader, &writer);
    for (unsigned i = 0; i < ROUNDS; i++) {
        char line[32];
        char answer[64];
        (void)snprintf(line, sizeof line, "publ t %u\n", i);
        uint64_t begin = bench_now();
        send_text(&writer, line);
        (void)receive(&reader, answer, sizeof answer);
        samples[i] = bench_now() - begin;
        if (strcmp(answer, line + strlen("publ ")) != 0) {
            fail("an entry was lost, repeated or out of order");
        }
    }
    end(&reader);
    end(&writer);
    end(&broker);
}

// ---- the baseline ----------------------------------------------------------------------------

// Both sides write to one file, watch it, and read what the other wrote.
struct side {
    int watch;
    int file;
    char self;
    off_t offset;
};

static struct side open_side(char self) {
    char path[64];
    (void)snprintf(path, sizeof path, "%s/bare", folder);
    struct side side = {.watch = inotify_init1(IN_CLOEXEC),
                        .file = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600),
                        .self = self};
    if (side.file < 0 || inotify_add_watch(side.watch, path, IN_MODIFY) < 0) {
        fail("bare watch failed");
    }
    return side;
}

static void send_bare(const struct side *side) {
    char line[LINE_BYTES];
    memset(line, side->self, sizeof line);
    if (write(side->file, line, sizeof line) != (ssize_t)sizeof line) {
        fail("bare write failed");
    }
}

static void receive_bare(struct side *side) {
    char line[LINE_BYTES];
    _Alignas(struct inotify_event) char events[4096];
    for (;;) {
        while (pread(side->file, line, LINE_BYTES, side->offset) == LINE_BYTES) {
            side->offset += LINE_BYTES;
            if (line[0] != side->self) {
                return;
            }
        }
        (void)!read(side->watch, events, sizeof events);
    }
}

static void measure_bare(uint64_t *samples) {
    struct side here = open_side('a');
    struct side there = open_side('b');
    pid_t other = fork();
    if (other == 0) {
        for (unsigned i = 0; i < ROUNDS; i++) {
            receive_bare(&there);
            send_bare(&there);
        }
        _exit(0);
    }
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t begin = bench_now();
        send_bare(&here);
        receive_bare(&here);
        samples[i] = bench_now() - begin;
    }
    (void)waitpid(other, NULL, 0);
}

static void print_delivery(const char *what, uint64_t *samples, uint64_t *bare, bool targeted) {
    const double percentiles[] = {50, 99};
    for (unsigned i = 0; i < 2; i++) {
        double baseline = (double)bench_percentile(bare, ROUNDS, percentiles[i]) / 1e3;
        bench_print(&(struct bench_row){
            .what = i == 0 ? what : "  p99",
            .figure = (double)bench_percentile(samples, ROUNDS, percentiles[i]) / 1e3,
            .unit = "us",
            .target = i == 0 && targeted ? 4 * baseline : 0,
            .baseline = baseline,
            .baseline_name = "bare, two trips"});
    }
}

static void bench_delivery(void) {
    static uint64_t bare[ROUNDS];
    static uint64_t samples[ROUNDS];
    bench_run_on(BENCH_ONE_CORE);
    measure_bare(bare);
    measure_network(samples);
    bench_run_on(BENCH_ANYWHERE);
    print_delivery("client to broker to client, median", samples, bare, true);
    measure_delivery(samples);
    print_delivery("  from pipe to pipe of programs, median", samples, bare, false);
}

// ---- idle sessions ---------------------------------------------------------------------------

// Voluntary context switches of all threads: how often they went to sleep, and so were woken.
static uint64_t wake_ups(const struct program *program) {
    char command[128];
    char count[32] = "";
    (void)snprintf(command, sizeof command,
                   "cat /proc/%d/task/*/status | awk '/^voluntary/ { n += $2 } END { print n }'",
                   (int)program->process);
    FILE *answer = popen(command, "re");
    if (answer == NULL || fgets(count, sizeof count, answer) == NULL) {
        fail("no figures in /proc");
    }
    (void)pclose(answer);
    return strtoull(count, NULL, 10);
}

static unsigned count_pings(void) {
    char line[256];
    char path[64];
    unsigned pings = 0;
    (void)snprintf(path, sizeof path, "%s/network", folder);
    FILE *network = fopen(path, "re");
    while (network != NULL && fgets(line, sizeof line, network) != NULL) {
        pings += strstr(line, "\tping\t") != NULL;
    }
    if (network != NULL) {
        (void)fclose(network);
    }
    return pings;
}

static void bench_idle(void) {
    struct program broker = start_broker();
    struct program client = START("client");
    send_text(&client, "conn\nsubs t\npubl t ready\n");
    await(&client, "t ready\n");
    // The start is not what is measured.
    (void)poll(NULL, 0, 500);
    uint64_t of_broker = wake_ups(&broker);
    uint64_t of_client = wake_ups(&client);
    unsigned pings = count_pings();
    (void)poll(NULL, 0, IDLE_SECONDS * 1000);
    double minutes = IDLE_SECONDS / 60.0;
    bench_print(&(struct bench_row){.what = "idle broker, one client: wake-ups",
                                    .figure = (double)(wake_ups(&broker) - of_broker) / minutes,
                                    .unit = "a minute"});
    bench_print(&(struct bench_row){.what = "idle client, connected: wake-ups",
                                    .figure = (double)(wake_ups(&client) - of_client) / minutes,
                                    .unit = "a minute"});
    bench_print(&(struct bench_row){.what = "  pings to and fro meanwhile",
                                    .figure = (double)(count_pings() - pings) / minutes,
                                    .unit = "a minute"});
    end(&client);
    end(&broker);
}

// ---- data piped through ----------------------------------------------------------------------

static void write_lines(int fd) {
    FILE *input = fdopen(fd, "w");
    for (unsigned i = 0; i < LINES; i++) {
        (void)fprintf(input, "%u\n", i);
    }
    _exit(fclose(input) != 0);
}

static void check_lines(const struct program *reader) {
    FILE *output = fdopen(dup(reader->out), "r");
    for (unsigned i = 0; i < LINES; i++) {
        char line[64];
        char expected[64];
        (void)snprintf(expected, sizeof expected, "data %u\n", i);
        if (fgets(line, sizeof line, output) == NULL || strcmp(line, expected) != 0) {
            fail("a line was lost, repeated or out of order");
        }
    }
    (void)fclose(output);
}

static void bench_throughput(void) {
    char count[16];
    (void)snprintf(count, sizeof count, "%u", LINES + 1);
    struct program broker = start_broker();
    struct program reader = START("client", "--count", count);
    send_text(&reader, "conn\nsubs data\npubl data ready\n");
    await(&reader, "data ready\n");
    struct program writer = START("client", "--publish", "data", "--run", "conn; publ x 1");
    uint64_t begin = bench_now();
    pid_t feeder = fork();
    if (feeder == 0) {
        write_lines(writer.in);
    }
    close(writer.in);
    check_lines(&reader);
    double seconds = (double)(bench_now() - begin) / 1e9;
    bench_print(&(struct bench_row){.what = "--publish to one subscriber, none lost",
                                    .figure = LINES / seconds / 1e3,
                                    .unit = "k entries/s"});
    (void)waitpid(feeder, NULL, 0);
    (void)waitpid(writer.process, NULL, 0);
    (void)waitpid(reader.process, NULL, 0);
    end(&broker);
}

// ---- all of it -------------------------------------------------------------------------------

static void remove_files(void) {
    char command[64];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    if (system(command) != 0) {
        fail("cannot remove its files");
    }
}

int main(void) {
    bench_title("sessions (broker and clients as programs)");
    (void)setpgid(0, 0);
    (void)signal(SIGPIPE, SIG_IGN);
    if (mkdtemp(folder) == NULL) {
        fail("cannot make a folder in /tmp");
    }
    bench_delivery();
    bench_throughput();
    bench_idle();
    remove_files();
    return 0;
}
