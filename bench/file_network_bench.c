// The file network between processes: packets a second from one writer to one reader, eight writers
// and eight readers at once, and the round trip of one line. Each beside bare system calls on a
// file of the same content. What arrives is checked: a line lost, repeated or out of order ends the
// run with exit code 1.
#include "support.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include "medium/file/file_network.h"

#define LINE_BYTES 60u
#define STREAM_LINES 10000000u
#define STREAM_BATCH 1000u
#define CROWD 8u
#define CROWD_LINES 100000u // of each writer
#define CROWD_BATCH 100u
#define ROUNDS 10000u
#define CLAIMS 50u
#define NOW 1795435622u
#define WAIT_MS 20000

static char folder[] = "/tmp/mqttsim-bench-XXXXXX";

static void fail(const char *what) {
    (void)fprintf(stderr, "file network: %s\n", what);
    _exit(1);
}

static void remove_files(void) {
    char command[128];
    (void)snprintf(command, sizeof command, "rm -f %s/*", folder);
    if (system(command) != 0) {
        fail("cannot remove its files");
    }
}

static const char *network_path(void) {
    static char path[64];
    (void)snprintf(path, sizeof path, "%s/network", folder);
    return path;
}

static struct file_network *open_network(unsigned keep) {
    struct file_network_error error;
    struct file_network_options options = {
        .path = network_path(), .rotate_bytes = FILE_NETWORK_ROTATE_BYTES, .keep = keep};
    struct file_network *network = file_network_open(&options, &error);
    if (network == NULL) {
        fail(error.text);
    }
    return network;
}

// ---- lines -------------------------------------------------------------------------------------

// A packet of 60 bytes with its LF, whose payload counts.
static void write_line(char *out, unsigned writer, unsigned number) {
    char line[LINE_BYTES + 1];
    (void)snprintf(line, sizeof line,
                   "1795435622\t%03u\t580\tpubl\t-temperature-21.50-%010u-\t416\t\n", writer + 1,
                   number);
    memcpy(out, line, LINE_BYTES);
}

static unsigned read_digits(const uint8_t *digits, size_t count) {
    unsigned number = 0;
    for (size_t i = 0; i < count; i++) {
        number = number * 10 + digits[i] - '0';
    }
    return number;
}

struct tally {
    unsigned next[CROWD];
    uint64_t lines;
};

static void count_line(void *context, struct bytes line) {
    struct tally *tally = context;
    if (line.size != LINE_BYTES - 1) {
        fail("a line was torn");
    }
    unsigned writer = read_digits(line.data + 11, 3) - 1;
    unsigned number = read_digits(line.data + 43, 10);
    if (writer >= CROWD || number != tally->next[writer]) {
        fail("a line was lost, repeated or out of order");
    }
    tally->next[writer]++;
    tally->lines++;
}

static void fail_at_notice(void *context, const char *text) {
    (void)context;
    fail(text);
}

static void append(struct file_network *network, const char *lines, size_t count) {
    struct file_network_error error;
    if (!file_network_append(network, bytes_make(lines, count * LINE_BYTES), &error)) {
        fail(error.text);
    }
}

static void wait_readable(int fd) {
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    if (poll(&ready, 1, WAIT_MS) != 1) {
        fail("nothing came any more");
    }
}

static void read_lines(struct file_network *network, uint64_t lines) {
    struct tally tally = {.lines = 0};
    struct file_network_events events = {&tally, count_line, fail_at_notice};
    while (tally.lines < lines) {
        if (!file_network_read(network, 4096, NOW, &events) && tally.lines < lines) {
            wait_readable(file_network_fd(network));
        }
    }
}

// ---- processes that begin together ------------------------------------------------------------

typedef void work_function(unsigned number, int start);

static pid_t start_process(work_function *work, unsigned number, int start) {
    pid_t process = fork();
    if (process < 0) {
        fail("cannot fork");
    }
    if (process == 0) {
        work(number, start);
        _exit(0);
    }
    return process;
}

static void finish_process(pid_t process) {
    int status = 1;
    if (waitpid(process, &status, 0) != process || status != 0) {
        fail("a process failed");
    }
}

// Every process of the run gives a byte when it is ready and waits until the pipe is closed.
static void await_start(int start) {
    char byte;
    (void)!read(start, &byte, 1);
}

// ---- one writer, one reader --------------------------------------------------------------------

static char batch[STREAM_BATCH * LINE_BYTES];

static void fill_batch(unsigned writer, unsigned from, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        write_line(batch + (size_t)i * LINE_BYTES, writer, from + i);
    }
}

// Cheaper than writing each line anew, so that it is not what is measured.
static void advance_batch(unsigned from) {
    char digits[16];
    for (unsigned i = 0; i < STREAM_BATCH; i += 1) {
        unsigned number = from + i;
        char *at = batch + (size_t)i * LINE_BYTES + 43;
        for (unsigned d = 10; d-- > 0; number /= 10) {
            digits[d] = (char)('0' + number % 10);
        }
        memcpy(at, digits, 10);
    }
}

static void stream_bare(unsigned number, int start) {
    (void)number;
    int fd = open(network_path(), O_WRONLY | O_APPEND);
    fill_batch(0, 0, STREAM_BATCH);
    await_start(start);
    for (unsigned line = 0; line < STREAM_LINES; line += STREAM_BATCH) {
        advance_batch(line);
        if (write(fd, batch, sizeof batch) != (ssize_t)sizeof batch) {
            fail("bare write failed");
        }
    }
}

static void stream_through_network(unsigned number, int start) {
    (void)number;
    struct file_network *network = open_network(FILE_NETWORK_KEEP);
    fill_batch(0, 0, STREAM_BATCH);
    await_start(start);
    for (unsigned line = 0; line < STREAM_LINES; line += STREAM_BATCH) {
        advance_batch(line);
        append(network, batch, STREAM_BATCH);
    }
    file_network_close(network);
}

static void read_bare(void) {
    static char block[256 * 1024];
    int fd = open(network_path(), O_RDONLY);
    uint64_t left = (uint64_t)STREAM_LINES * LINE_BYTES;
    while (left > 0) {
        ssize_t count = read(fd, block, sizeof block);
        if (count == 0) {
            sched_yield();
        }
        left -= (uint64_t)count;
        bench_use(block);
    }
    close(fd);
}

static double measure_bare_stream(void) {
    int start[2];
    close(open(network_path(), O_CREAT | O_WRONLY, 0600));
    if (pipe2(start, O_CLOEXEC) != 0) {
        fail("no pipe");
    }
    pid_t writer = start_process(stream_bare, 0, start[0]);
    uint64_t begin = bench_now();
    (void)!write(start[1], "", 1);
    read_bare();
    double seconds = (double)(bench_now() - begin) / 1e9;
    finish_process(writer);
    remove_files();
    return STREAM_LINES / seconds;
}

static double measure_stream(void) {
    int start[2];
    struct file_network *network = open_network(FILE_NETWORK_KEEP);
    if (pipe2(start, O_CLOEXEC) != 0) {
        fail("no pipe");
    }
    pid_t writer = start_process(stream_through_network, 0, start[0]);
    uint64_t begin = bench_now();
    (void)!write(start[1], "", 1);
    read_lines(network, STREAM_LINES);
    double seconds = (double)(bench_now() - begin) / 1e9;
    finish_process(writer);
    file_network_close(network);
    remove_files();
    return STREAM_LINES / seconds;
}

static void bench_stream(void) {
    double bare = measure_bare_stream();
    bench_print(&(struct bench_row){.what = "one writer to one reader, batches of 1000",
                                    .figure = measure_stream() / 1e6,
                                    .unit = "M packets/s",
                                    .target = 1,
                                    .at_least = 1,
                                    .baseline = bare / 1e6,
                                    .baseline_name = "bare write/read"});
}

// ---- a crowd -----------------------------------------------------------------------------------

static int ready_pipe;

static void write_in_crowd(unsigned number, int start) {
    struct file_network *network = open_network(CROWD);
    (void)!write(ready_pipe, "", 1);
    await_start(start);
    for (unsigned line = 0; line < CROWD_LINES; line += CROWD_BATCH) {
        fill_batch(number, line, CROWD_BATCH);
        append(network, batch, CROWD_BATCH);
    }
    file_network_close(network);
}

static void read_in_crowd(unsigned number, int start) {
    (void)number;
    struct file_network *network = open_network(CROWD);
    (void)!write(ready_pipe, "", 1);
    await_start(start);
    read_lines(network, (uint64_t)CROWD * CROWD_LINES);
    file_network_close(network);
}

static void bench_crowd(void) {
    int start[2];
    int ready[2];
    pid_t processes[2 * CROWD];
    if (pipe2(start, O_CLOEXEC) != 0 || pipe2(ready, O_CLOEXEC) != 0) {
        fail("no pipe");
    }
    ready_pipe = ready[1];
    for (unsigned i = 0; i < 2 * CROWD; i++) {
        char byte;
        processes[i] =
            start_process(i < CROWD ? read_in_crowd : write_in_crowd, i % CROWD, start[0]);
        (void)!read(ready[0], &byte, 1);
    }
    char go[2 * CROWD] = {0};
    uint64_t begin = bench_now();
    (void)!write(start[1], go, sizeof go);
    for (unsigned i = 0; i < 2 * CROWD; i++) {
        finish_process(processes[i]);
    }
    double seconds = (double)(bench_now() - begin) / 1e9;
    remove_files();
    double written = (double)CROWD * CROWD_LINES;
    bench_print(&(struct bench_row){.what = "8 writers, 8 readers, batches of 100: written",
                                    .figure = written / seconds / 1e6,
                                    .unit = "M packets/s"});
    bench_print(&(struct bench_row){.what = "  and delivered, none lost, in order",
                                    .figure = written * CROWD / seconds / 1e6,
                                    .unit = "M packets/s"});
}

static void write_until_killed(unsigned number, int start) {
    struct file_network *network = open_network(FILE_NETWORK_KEEP);
    fill_batch(number, 0, CROWD_BATCH);
    await_start(start);
    for (;;) {
        append(network, batch, CROWD_BATCH);
    }
}

static void claim_once(void) {
    struct file_network_error error;
    struct file_network *network = open_network(FILE_NETWORK_KEEP);
    uint32_t address = 0;
    if (!file_network_claim(network, &address, "client", NOW, &error)) {
        fail(error.text);
    }
    file_network_close(network);
}

// Whoever only appends shares a lock; who wants it alone must not be kept out by them.
static void bench_claims(void) {
    int start[2];
    pid_t writers[CROWD];
    uint64_t samples[CLAIMS];
    if (pipe2(start, O_CLOEXEC) != 0) {
        fail("no pipe");
    }
    for (unsigned i = 0; i < CROWD; i++) {
        writers[i] = start_process(write_until_killed, i, start[0]);
        (void)!write(start[1], "", 1);
    }
    for (unsigned i = 0; i < CLAIMS; i++) {
        uint64_t begin = bench_now();
        claim_once();
        samples[i] = bench_now() - begin;
    }
    for (unsigned i = 0; i < CROWD; i++) {
        (void)kill(writers[i], SIGKILL);
        (void)waitpid(writers[i], NULL, 0);
    }
    remove_files();
    const char *const what = "join and leave beside 8 busy writers, median";
    bench_print(&(struct bench_row){
        .what = what, .figure = (double)bench_percentile(samples, CLAIMS, 50) / 1e6, .unit = "ms"});
}

// ---- round trip --------------------------------------------------------------------------------

// A file watched and read with nothing in between; both sides write to the same one.
struct bare_side {
    int watch;
    int file;
    char self;
};

static struct bare_side open_bare(char self) {
    struct bare_side side = {.watch = inotify_init1(IN_CLOEXEC),
                             .file = open(network_path(), O_RDWR | O_APPEND | O_CREAT, 0600),
                             .self = self};
    if (side.file < 0 || inotify_add_watch(side.watch, network_path(), IN_MODIFY) < 0) {
        fail("bare watch failed");
    }
    return side;
}

static void bare_send(const struct bare_side *side) {
    char line[LINE_BYTES];
    write_line(line, 0, 0);
    line[0] = side->self;
    if (write(side->file, line, LINE_BYTES) != LINE_BYTES) {
        fail("bare write failed");
    }
}

static void bare_receive(const struct bare_side *side, off_t *offset) {
    char line[LINE_BYTES];
    _Alignas(struct inotify_event) char events[4096];
    for (;;) {
        while (pread(side->file, line, LINE_BYTES, *offset) == LINE_BYTES) {
            *offset += LINE_BYTES;
            if (line[0] != side->self) {
                return;
            }
        }
        (void)!read(side->watch, events, sizeof events);
    }
}

static void answer_bare(unsigned number, int start) {
    (void)number;
    struct bare_side side = open_bare('b');
    (void)!write(ready_pipe, "", 1);
    off_t offset = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        bare_receive(&side, &offset);
        bare_send(&side);
    }
    await_start(start);
}

static void ask_bare(uint64_t *samples) {
    struct bare_side side = open_bare('a');
    off_t offset = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t begin = bench_now();
        bare_send(&side);
        bare_receive(&side, &offset);
        samples[i] = bench_now() - begin;
    }
}

struct side {
    struct file_network *network;
    unsigned self;
    unsigned received;
};

static void receive_line(void *context, struct bytes line) {
    struct side *side = context;
    side->received += read_digits(line.data + 11, 3) != side->self + 1;
}

static void send_line(const struct side *side) {
    char line[LINE_BYTES];
    write_line(line, side->self, 0);
    append(side->network, line, 1);
}

static void receive(struct side *side, unsigned wanted) {
    struct file_network_events events = {side, receive_line, fail_at_notice};
    while (side->received < wanted) {
        wait_readable(file_network_fd(side->network));
        (void)file_network_read(side->network, 64, NOW, &events);
    }
}

static void answer_through_network(unsigned number, int start) {
    struct side side = {.network = open_network(FILE_NETWORK_KEEP), .self = number};
    (void)!write(ready_pipe, "", 1);
    for (unsigned i = 0; i < ROUNDS; i++) {
        receive(&side, i + 1);
        send_line(&side);
    }
    await_start(start);
    file_network_close(side.network);
}

static void ask_through_network(uint64_t *samples) {
    struct side side = {.network = open_network(FILE_NETWORK_KEEP), .self = 0};
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t begin = bench_now();
        send_line(&side);
        receive(&side, i + 1);
        samples[i] = bench_now() - begin;
    }
    file_network_close(side.network);
}

static void measure_round_trip(work_function *answer, void (*ask)(uint64_t *), uint64_t *samples) {
    int start[2];
    int ready[2];
    char byte;
    if (pipe2(start, O_CLOEXEC) != 0 || pipe2(ready, O_CLOEXEC) != 0) {
        fail("no pipe");
    }
    ready_pipe = ready[1];
    pid_t other = start_process(answer, 1, start[0]);
    (void)!read(ready[0], &byte, 1);
    ask(samples);
    (void)!write(start[1], "", 1);
    finish_process(other);
    remove_files();
}

static void bench_round_trip(void) {
    static uint64_t bare[ROUNDS];
    static uint64_t samples[ROUNDS];
    measure_round_trip(answer_bare, ask_bare, bare);
    measure_round_trip(answer_through_network, ask_through_network, samples);
    const char *const names[] = {"round trip of one line, median", "  p99"};
    const double percentiles[] = {50, 99};
    for (unsigned i = 0; i < 2; i++) {
        double figure = (double)bench_percentile(samples, ROUNDS, percentiles[i]) / 1e3;
        double baseline = (double)bench_percentile(bare, ROUNDS, percentiles[i]) / 1e3;
        bench_print(&(struct bench_row){.what = names[i],
                                        .figure = figure,
                                        .unit = "us",
                                        .baseline = baseline,
                                        .baseline_name = "bare inotify, read"});
    }
}

int main(void) {
    bench_title("file network (lines of 60 bytes)");
    if (mkdtemp(folder) == NULL) {
        fail("cannot make a folder in /tmp");
    }
    bench_stream();
    bench_crowd();
    bench_claims();
    bench_round_trip();
    return rmdir(folder) != 0;
}
