// Whole sessions, as users run them: the way of an entry from one client over a broker to another
// client, what idle sessions wake up for, and how fast data is piped through.
//
// The way of an entry: one client publishes what it reads from a pipe, another prints what it is
// sent to a pipe; a round begins with the write to the one pipe and ends with the reading from the
// other. So a round holds two trips through the network file and, beyond them, the two pipes and
// the hand-overs between the threads of each session. The baseline holds two trips only: a bare
// inotify-and-read ping-pong of one line on a file, measured in the same run.
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

static void bench_delivery(void) {
    static uint64_t bare[ROUNDS];
    static uint64_t samples[ROUNDS];
    measure_bare(bare);
    measure_delivery(samples);
    const char *const names[] = {"client to broker to client, median", "  p99"};
    const double percentiles[] = {50, 99};
    for (unsigned i = 0; i < 2; i++) {
        double baseline = (double)bench_percentile(bare, ROUNDS, percentiles[i]) / 1e3;
        bench_print(&(struct bench_row){
            .what = names[i],
            .figure = (double)bench_percentile(samples, ROUNDS, percentiles[i]) / 1e3,
            .unit = "us",
            .target = i == 0 ? 4 * baseline : 0,
            .baseline = baseline,
            .baseline_name = "bare, two trips"});
    }
}

// ---- idle sessions ---------------------------------------------------------------------------

// Voluntary context switches of all threads: how often they went to sleep, and so were woken.
static uint64_t wake_ups(const struct program *program) {
    char command[128];
    unsigned long long count = 0;
    (void)snprintf(command, sizeof command,
                   "cat /proc/%d/task/*/status | awk '/^voluntary/ { n += $2 } END { print n }'",
                   (int)program->process);
    FILE *answer = popen(command, "re");
    if (answer == NULL || fscanf(answer, "%llu", &count) != 1) {
        fail("no figures in /proc");
    }
    (void)pclose(answer);
    return count;
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
    // What the start leads to is over when they slept once without being woken.
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
        unsigned number = 0;
        if (fscanf(output, "data %u\n", &number) != 1 || number != i) {
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
