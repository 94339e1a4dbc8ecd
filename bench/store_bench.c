// How fast the stores take and give packets, beside what the machine itself needs to copy or to
// write the same bytes, and what an idle gate costs. Packets are uploaded by one gate in long
// batches and taken by another, as between two routers.
#include "support.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store.h"

#define BATCH 1000u
#define LINE 60u
#define ROUNDS 400u
#define IDLE_GATES 10000u
#define BROADCASTS 20u
#define REDIS_PORT 26380
#define NOW UINT64_C(1795435622000)

static uint8_t lines[BATCH * LINE];
static struct store_packet packets[BATCH];
static char folder[] = "/var/tmp/mqttsim-bench-XXXXXX"; // /tmp may be memory, which is no disk

static const struct store_limits limits = {.gates = IDLE_GATES + 2,
                                           .mailbox_packets = 1000000,
                                           .mailbox_bytes = 100000000,
                                           .silence_ms = 1000000,
                                           .classic_silence_ms = 1000000};

static void make_lines(void) {
    memset(lines, 'x', sizeof lines);
    for (uint32_t i = 0; i < BATCH; i++) {
        lines[i * LINE + LINE - 1] = '\n';
        packets[i] = (struct store_packet){2, bytes_make(lines + i * LINE, LINE)};
    }
}

static double cpu_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// ---- baselines --------------------------------------------------------------------------------

static double copies_per_second(void) {
    uint8_t *copy = malloc(sizeof lines);
    uint64_t start = bench_now();
    for (uint32_t round = 0; round < ROUNDS * 10; round++) {
        for (uint32_t i = 0; i < BATCH; i++) {
            memcpy(copy + i * LINE, packets[i].line.data, packets[i].line.size);
        }
        bench_use(copy);
    }
    free(copy);
    return ROUNDS * 10.0 * BATCH / ((double)(bench_now() - start) / 1e9);
}

static double writes_per_second(void) {
    char path[128];
    snprintf(path, sizeof path, "%s/plain", folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    uint64_t start = bench_now();
    for (uint32_t round = 0; round < ROUNDS; round++) {
        if (write(fd, lines, sizeof lines) != sizeof lines || fdatasync(fd) != 0) {
            exit(1);
        }
    }
    double seconds = (double)(bench_now() - start) / 1e9;
    close(fd);
    return ROUNDS * (double)BATCH / seconds;
}

// ---- stores -----------------------------------------------------------------------------------

struct bench {
    struct store *store;
    struct memory memory;
};

static void execute(struct bench *bench, struct store_request *const *requests, size_t count) {
    bench->store->kind->execute(bench->store, requests, count);
    for (size_t i = 0; i < count; i++) {
        if (requests[i]->status > GATE_NEW) {
            printf("this should not happen: status %d\n", (int)requests[i]->status);
            exit(1);
        }
    }
}

static struct store_request request_of(struct bench *bench, enum store_operation operation,
                                       uint32_t gate) {
    struct store_request request = {
        .operation = operation, .now_ms = NOW, .gate = gate, .bytes_max = 1u << 20};
    buffer_init(&request.lines, &bench->memory);
    return request;
}

static void lease(struct bench *bench, uint32_t gate) {
    struct store_request request = request_of(bench, STORE_LEASE, gate);
    execute(bench, (struct store_request *[]){&request}, 1);
}

static bool open_bench(struct bench *bench, const char *name) {
    struct store_error error;
    memory_init(&bench->memory);
    bench->store = store_open(name, &limits, &error);
    if (bench->store == NULL) {
        printf("  not measured: %s\n", error.text);
    }
    return bench->store != NULL;
}

// An upload and a take in each call, as when both routers are at work.
static double packets_per_second(struct bench *bench) {
    struct store_request upload = request_of(bench, STORE_UPLOAD, 1);
    struct store_request take = request_of(bench, STORE_TAKE, 2);
    uint64_t taken = 0;
    upload.packets = packets;
    upload.packet_count = BATCH;
    uint64_t start = bench_now();
    for (uint32_t round = 0; round < ROUNDS; round++) {
        upload.first = round * (uint64_t)BATCH + 1;
        take.acknowledged = take.last;
        execute(bench, (struct store_request *[]){&upload, &take}, 2);
        taken += take.lines.size / LINE;
    }
    double seconds = (double)(bench_now() - start) / 1e9;
    if (taken != ROUNDS * BATCH) {
        printf("packets went astray: %llu\n", (unsigned long long)taken);
        exit(1);
    }
    buffer_deinit(&take.lines);
    return ROUNDS * (double)BATCH / seconds;
}

// One packet, alone: what an entry that travels waits for.
static double microseconds_alone(struct bench *bench) {
    static uint64_t samples[ROUNDS];
    struct store_request upload = request_of(bench, STORE_UPLOAD, 1);
    struct store_request take = request_of(bench, STORE_TAKE, 2);
    upload.packets = packets;
    upload.packet_count = 1;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        upload.first = ROUNDS * (uint64_t)BATCH + round + 1;
        take.acknowledged = take.last;
        uint64_t start = bench_now();
        execute(bench, (struct store_request *[]){&upload}, 1);
        execute(bench, (struct store_request *[]){&take}, 1);
        samples[round] = bench_now() - start;
    }
    buffer_deinit(&take.lines);
    return (double)bench_percentile(samples, ROUNDS, 50) / 1e3;
}

static void measure(const char *name, double target, double baseline, const char *baseline_name) {
    struct bench bench;
    char what[64];
    if (!open_bench(&bench, name)) {
        return;
    }
    lease(&bench, 1);
    lease(&bench, 2);
    double before = cpu_seconds();
    double speed = packets_per_second(&bench);
    double cpu = cpu_seconds() - before;
    const char *kind = bench.store->kind->name;
    snprintf(what, sizeof what, "%s: uploaded and taken, by %u", kind, BATCH);
    bench_print(&(struct bench_row){what, speed, "packets/s", target, 1, baseline, baseline_name});
    snprintf(what, sizeof what, "%s: own processor time of a million packets", kind);
    bench_print(
        &(struct bench_row){.what = what, .figure = cpu / (ROUNDS * BATCH / 1e6), .unit = "s"});
    snprintf(what, sizeof what, "%s: one packet, uploaded and taken", kind);
    bench_print(
        &(struct bench_row){.what = what, .figure = microseconds_alone(&bench), .unit = "us"});
    bench.store->kind->close(bench.store);
}

// ---- many gates -------------------------------------------------------------------------------

// Large blocks are not among uordblks.
static size_t heap_bytes(void) {
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static void measure_gates(const char *name, bool is_in_process) {
    struct bench bench;
    char what[64];
    size_t before = heap_bytes();
    if (!open_bench(&bench, name)) {
        return;
    }
    for (uint32_t gate = 1; gate <= IDLE_GATES; gate++) {
        lease(&bench, gate);
    }
    const char *kind = bench.store->kind->name;
    snprintf(what, sizeof what, "%s: an idle gate among %u", kind, IDLE_GATES);
    if (is_in_process) {
        double bytes = (double)(heap_bytes() - before) / IDLE_GATES;
        bench_print(
            &(struct bench_row){.what = what, .figure = bytes, .unit = "bytes", .target = 10240});
    }
    struct store_request upload = request_of(&bench, STORE_UPLOAD, 1);
    struct store_packet packet = {0, packets[0].line};
    upload.packets = &packet;
    upload.packet_count = 1;
    uint64_t start = bench_now();
    for (uint32_t i = 0; i < BROADCASTS; i++) {
        upload.first = i + 1;
        execute(&bench, (struct store_request *[]){&upload}, 1);
    }
    double seconds = (double)(bench_now() - start) / 1e9;
    snprintf(what, sizeof what, "%s: a packet for all of them", kind);
    bench_print(
        &(struct bench_row){.what = what, .figure = seconds / BROADCASTS * 1e3, .unit = "ms"});
    bench.store->kind->close(bench.store);
}

// ---- Redis ------------------------------------------------------------------------------------

static pid_t start_redis(void) {
    char port[16];
    snprintf(port, sizeof port, "%d", REDIS_PORT);
    pid_t process = fork();
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(open("/dev/null", O_WRONLY), 1);
        execlp("redis-server", "redis-server", "--port", port, "--bind", "127.0.0.1", "--dir",
               folder, "--save", "", (char *)NULL);
        _exit(127);
    }
    usleep(500000);
    return process;
}

static void remove_folder(void) {
    static const char *const names[] = {"plain", "a.db",     "a.db-wal",
                                        "b.db",  "b.db-wal", "redis.rdb"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

int main(void) {
    char first[128];
    char second[128];
    char redis[64];
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    snprintf(first, sizeof first, "sqlite:%s/a.db", folder);
    snprintf(second, sizeof second, "sqlite:%s/b.db", folder);
    snprintf(redis, sizeof redis, "redis://127.0.0.1:%d", REDIS_PORT);
    make_lines();
    pid_t process = start_redis();
    double copies = copies_per_second();
    double writes = writes_per_second();
    bench_title("store: from router to router, without HTTP (lines of 60 bytes)");
    measure("memory", 200000, copies, "memcpy");
    measure(first, 100000, writes, "write and fdatasync");
    measure(redis, 50000, copies, "memcpy");
    bench_title("store: many gates");
    measure_gates("memory", true);
    measure_gates(second, true);
    snprintf(redis, sizeof redis, "redis://127.0.0.1:%d/1", REDIS_PORT);
    measure_gates(redis, false);
    kill(process, SIGKILL);
    waitpid(process, NULL, 0);
    remove_folder();
    return 0;
}
