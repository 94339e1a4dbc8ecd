// A soak: everything at once for SOAK_SECONDS, and nothing may grow (`make soak`: an hour). Passers
// and pairs (soak_crowd.h) come and go; exe/load runs in turn with all qualities of service and
// checks every message; visitors come over TLS, WebSocket and lines; the log is rotated, and what
// can be read again is read again. Meanwhile the broker's memory, descriptors, files and its own
// account are sampled, and judged (soak_flat.h). At the end everybody leaves, and of all that they
// had nothing may be left.
//
// SOAK_SEED makes it different.
#include "process/mqtt.h"
#include "process/soak/soak_crowd.h"
#include "process/soak/soak_flat.h"

#include <dirent.h>

#define SECONDS_PRESET 20u
#define SECONDS_LONG 600u // from here on progress is told, and sessions end by themselves
#define SAMPLES 120u      // of a run
#define LEAVE_SECONDS 30u // and as long as sessions last
#define KIB 1024u
#define TABLES_BYTES (2048 * KIB) // that stay as large as they once had to be
#define KEPT_DESCRIPTORS 4u       // that are opened once, when they are needed first

static const char *const acl =
    "topic readwrite #\ntopic read $SYS/#\nuser ann\ntopic readwrite #\n";

enum row {
    ROW_RESIDENT,
    ROW_DESCRIPTORS,
    ROW_STORE,
    ROW_OTHER_FILES,
    ROW_ACCOUNT,
    ROW_CLIENTS,
    ROW_SESSIONS,
    ROW_SUBSCRIPTIONS,
    ROW_RETAINED,
    ROW_QUEUED,
    ROW_CPU,
    ROWS,
};

// A sanitizer keeps what is freed for a while; what a store has grows until its next snapshot.
static const struct soak_row rows[ROWS] = {
    [ROW_RESIDENT] = {"resident memory, KiB", 4 * KIB, PROCESS_SLOW},
    [ROW_DESCRIPTORS] = {"open descriptors", 30, false},
    [ROW_STORE] = {"store and its log, KiB", 64 * KIB, false},
    [ROW_OTHER_FILES] = {"other files, KiB", 1 * KIB, false},
    [ROW_ACCOUNT] = {"account of memory, KiB", 1 * KIB, false},
    [ROW_CLIENTS] = {"clients", 30, false},
    [ROW_SESSIONS] = {"sessions", 50, false},
    [ROW_SUBSCRIPTIONS] = {"subscriptions", 100, false},
    [ROW_RETAINED] = {"retained messages", 100, false},
    [ROW_QUEUED] = {"queued messages", 2000, false},
    [ROW_CPU] = {"processor time of 1 s, us", 0, true},
};

// ---- the broker --------------------------------------------------------------------------------

static struct process *broker;
static uint16_t http_port;
static char port_text[8];
static char tls_url[MQTT_URL_SIZE];
static char websocket_url[MQTT_URL_SIZE];
static char load_seconds[16];
static unsigned seconds;

static uint64_t now_ns(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void write_files(void) {
    process_write_file("acl", acl);
    process_write_file("ann", "ann:secret\n");
    mqtt_make_certificate("cert.pem", "key.pem");
    mqtt_append_password("--scram-password", "ann:secret"); // checks that need no memory
}

// It logs into a file, so where it listens stands there.
static uint16_t port_behind(const char *what) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    for (;;) {
        char *log = process_file("log");
        const char *found = log == NULL ? NULL : strstr(log, what);
        uint16_t port = 0;
        if (found != NULL && strchr(found, '\n') != NULL) {
            port = (uint16_t)strtoul(found + strlen(what), NULL, 10);
        }
        free(log);
        if (port != 0) {
            return port;
        }
        if (broker->err.fd < 0 || process_now_ms() > deadline) {
            process_fail(broker, what);
        }
        (void)process_pump(-1, PROCESS_TURN_MS);
    }
}

static void start_broker(void) {
    char expiry[16];
    (void)snprintf(expiry, sizeof expiry, "%u", seconds >= SECONDS_LONG ? seconds / 60 : 3600);
    broker = process_start(
        "broker", "--mqtt", "0", "--mqtts", "0", "--websockets", "0", "--tls-certificate",
        "cert.pem", "--tls-key", "key.pem", "--http", "0", "--store", "s.db", "--log-file", "log",
        "--acl-file", "acl", "--password-file", "passwords", "--anonymous", "--rotate", "65536",
        "--session-expiry", expiry, "--mqtt-max-queued", "300", "--stay", "--quiet");
    (void)snprintf(port_text, sizeof port_text, "%u", port_behind(MQTT_TCP));
    (void)snprintf(tls_url, sizeof tls_url, "mqtts://localhost:%u", port_behind(MQTT_TLS));
    (void)snprintf(websocket_url, sizeof websocket_url, "wss://localhost:%u/mqtt",
                   port_behind(MQTT_WSS));
    http_port = port_behind("figures at http://127.0.0.1:");
}

// ---- samples -----------------------------------------------------------------------------------

static char *read_metrics(void) {
    int fd = http_dial(http_port);
    struct http_answer answer = http_expect(fd, 200, .method = "GET", .path = "/metrics",
                                            .headers = "Connection: close\r\n");
    close(fd);
    return answer.body;
}

// The sum over all labels.
static uint64_t value_of(const char *metrics, const char *name) {
    char start[128];
    double sum = 0;
    (void)snprintf(start, sizeof start, "\nmqttsim_broker_%s", name);
    for (const char *at = metrics; (at = strstr(at, start)) != NULL;) {
        at += strlen(start);
        const char *value = *at == '{' ? strstr(at, "} ") + 1 : at;
        sum += *value == ' ' ? strtod(value, NULL) : 0;
    }
    return (uint64_t)sum;
}

static uint64_t resident_kib(void) {
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)broker->id);
    char *status = support_read_file(path, NULL);
    assert_non_null(status);
    const char *found = strstr(status, "\nVmRSS:");
    assert_non_null(found);
    uint64_t kib = strtoull(found + strlen("\nVmRSS:"), NULL, 10);
    free(status);
    return kib;
}

static uint64_t cpu_us(void) {
    clockid_t clock;
    struct timespec used;
    assert_int_equal(clock_getcpuclockid(broker->id, &clock), 0);
    assert_int_equal(clock_gettime(clock, &used), 0);
    return (uint64_t)used.tv_sec * 1000000 + (uint64_t)used.tv_nsec / 1000;
}

static uint64_t count_descriptors(void) {
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/fd", (int)broker->id);
    DIR *folder = opendir(path);
    uint64_t count = 0;
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(folder);
    return count;
}

// Of the store, or of everything else in the folder.
static uint64_t count_bytes(bool of_store) {
    DIR *folder = opendir(process_folder);
    uint64_t bytes = 0;
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct stat about;
        bool is_store = strncmp(entry->d_name, "s.db", 4) == 0;
        if (is_store == of_store && fstatat(dirfd(folder), entry->d_name, &about, 0) == 0 &&
            S_ISREG(about.st_mode)) {
            bytes += (uint64_t)about.st_size;
        }
    }
    closedir(folder);
    return bytes;
}

static void take_sample(struct soak_flat *flat) {
    static uint64_t cpu_before;
    static uint64_t at_before;
    uint64_t cpu = cpu_us();
    uint64_t at = process_now_ms();
    char *metrics = read_metrics();
    uint64_t values[ROWS] = {
        [ROW_RESIDENT] = resident_kib(),
        [ROW_DESCRIPTORS] = count_descriptors(),
        [ROW_STORE] = count_bytes(true) / KIB,
        [ROW_OTHER_FILES] = count_bytes(false) / KIB,
        [ROW_ACCOUNT] = value_of(metrics, "memory_used_bytes") / KIB,
        [ROW_CLIENTS] = value_of(metrics, "connected_clients"),
        [ROW_SESSIONS] = value_of(metrics, "sessions"),
        [ROW_SUBSCRIPTIONS] = value_of(metrics, "subscriptions"),
        [ROW_RETAINED] = value_of(metrics, "retained_messages"),
        [ROW_QUEUED] = value_of(metrics, "queued_messages"),
        [ROW_CPU] = flat->count == 0 ? 0 : (cpu - cpu_before) * 1000 / (at - at_before + 1),
    };
    free(metrics);
    cpu_before = cpu;
    at_before = at;
    soak_flat_add(flat, values);
}

// ---- other programs ----------------------------------------------------------------------------

// One at a time of each kind, the next one when it has ended.
struct visitors {
    struct process *program; // NULL: none
    const char *const (*words)[16];
    size_t kinds;
    uint64_t begun;
};

#define LOAD "load", "--port", port_text, "--seconds", load_seconds, "--timeout", "60"
static const char *const loads[][16] = {
    {LOAD, "--rate", "200", "--qos", "1", "--publishers", "5"},
    {LOAD, "--rate", "200", "--qos", "2", "--publishers", "5", "--mqtt", "5"},
    {LOAD, "--rate", "50", "--subscribers", "20", "--all", "--mqtt", "3.1"},
    {LOAD, "--rate", "200", "--qos", "1", "--mqtt", "5", "--filter", "$share/g/load/+/+"},
    {LOAD, "--rate", "200", "--qos", "2", "--user", "ann", "--password", "secret"},
    {LOAD, "--retained", "500"},
    {LOAD, "--idle", "100", "--subscribe-each"},
};

#define ONCE "--count", "1", "--wait", "60"
#define LINES "--credentials", "ann", "--run", "conn; subs l/#; publ l/1 x", ONCE
static const char *const clients[][16] = {
    {"client", "--mqtt", websocket_url, "--tls-ca", "cert.pem", "--run", "subs v/# 2; publ v/1 x 2",
     ONCE},
    {"client", "--suite", "classic", LINES},
    {"client", "--mqtt", tls_url, "--tls-ca", "cert.pem", "--mqtt-version", "3.1.1", "--run",
     "subs v/# 1; publ v/1 x 1", ONCE},
    {"client", "--suite", "sodium", LINES},
};

static void visitors_turn(struct visitors *visitors, bool may_begin) {
    if (visitors->program != NULL && process_has_ended(visitors->program)) {
        process_assert_code(visitors->program, 0);
        process_forget(visitors->program);
        visitors->program = NULL;
    }
    if (visitors->program == NULL && may_begin) {
        visitors->program = process_start_with(&(struct process_options){
            .folder = process_folder, .words = visitors->words[visitors->begun % visitors->kinds]});
        visitors->begun++;
    }
}

// As logrotate does.
static void rotate_log(void) {
    char *from = support_path(process_folder, "log");
    char *to = support_path(process_folder, "log.1");
    assert_true(rename(from, to) == 0 || errno == ENOENT); // the last one is not begun anew yet
    free(from);
    free(to);
    process_signal(broker, SIGHUP);
}

// ---- the soak ----------------------------------------------------------------------------------

struct soak {
    struct soak_crowd *crowd;
    struct soak_flat flat;
    struct visitors loads;
    struct visitors clients;
    uint64_t client_at; // when the next one may come, in ms
    uint64_t descriptors;
    uint64_t account;
};

static void soak_turn(struct soak *soak, bool may_begin) {
    soak_crowd_turn(soak->crowd, now_ns());
    visitors_turn(&soak->loads, may_begin);
    bool client_may_begin = may_begin && process_now_ms() >= soak->client_at;
    if (client_may_begin && soak->clients.program == NULL) {
        soak->client_at = process_now_ms() + seconds * 1000u / SAMPLES;
    }
    visitors_turn(&soak->clients, client_may_begin);
    (void)process_pump(-1, 0);
}

static void tell_progress(const struct soak *soak, uint64_t ms) {
    const uint64_t *newest = soak->flat.samples[soak->flat.count - 1];
    struct soak_crowd_counts counts = soak_crowd_counts(soak->crowd);
    print_message(
        "%5u s: %llu connections, %llu in the ledger, %llu loads, %llu KiB resident, "
        "%llu descriptors, %llu KiB of store\n",
        (unsigned)(ms / 1000), (unsigned long long)counts.lives, (unsigned long long)counts.ledger,
        (unsigned long long)soak->loads.begun, (unsigned long long)newest[ROW_RESIDENT],
        (unsigned long long)newest[ROW_DESCRIPTORS], (unsigned long long)newest[ROW_STORE]);
    (void)fflush(stdout);
}

static void run(struct soak *soak) {
    uint64_t begin = process_now_ms();
    uint64_t sample_at = begin;
    uint64_t step = seconds * 1000u / SAMPLES + 1;
    while (process_now_ms() < begin + seconds * 1000u) {
        soak_turn(soak, true);
        if (process_now_ms() < sample_at) {
            continue;
        }
        sample_at += step;
        take_sample(&soak->flat);
        if (soak->flat.count % 4 == 0) {
            rotate_log();
        }
        if (soak->flat.count % 5 == 0 && seconds >= SECONDS_LONG) {
            tell_progress(soak, process_now_ms() - begin);
        }
    }
}

static void run_until_done(struct soak *soak) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (!soak_crowd_is_done(soak->crowd) || soak->loads.program != NULL ||
           soak->clients.program != NULL) {
        soak_turn(soak, false);
        if (process_now_ms() > deadline) {
            soak_crowd_explain(soak->crowd);
            process_explain(soak->loads.program != NULL ? soak->loads.program : broker);
            process_explain(soak->clients.program != NULL ? soak->clients.program : broker);
            fail();
        }
    }
}

// What is there of those that come and go, by name.
static const char *find_left(const struct soak *soak, const char *metrics) {
    static const char *const names[] = {"connected_clients", "line_connections",    "sessions",
                                        "subscriptions",     "queued_messages",     "queued_bytes",
                                        "retained_messages", "listener_connections"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (value_of(metrics, names[i]) > 0) {
            return names[i];
        }
    }
    if (value_of(metrics, "memory_used_bytes") > soak->account + TABLES_BYTES) {
        return "memory_used_bytes";
    }
    return count_descriptors() > soak->descriptors + KEPT_DESCRIPTORS ? "descriptors" : NULL;
}

// Everybody is gone: sessions end, after their time. Wills may come late, and be retained.
static void run_until_nothing_is_left(struct soak *soak) {
    uint64_t deadline = process_now_ms() + (LEAVE_SECONDS + seconds / 60) * 1000u;
    soak_crowd_clear(soak->crowd);
    for (;;) {
        run_until_done(soak);
        char *metrics = read_metrics();
        const char *left = find_left(soak, metrics);
        if (left != NULL && process_now_ms() > deadline) {
            print_error("%s are left (at the start: %llu bytes, %llu descriptors):\n%s\n", left,
                        (unsigned long long)soak->account, (unsigned long long)soak->descriptors,
                        metrics);
            fail();
        }
        free(metrics);
        if (left == NULL) {
            return;
        }
        if (strcmp(left, "retained_messages") == 0) {
            soak_crowd_clear(soak->crowd);
        }
        (void)poll(NULL, 0, 200);
    }
}

static void assert_no_faults(void) {
    static const char *const names[] = {"refused_connections_total",   "protocol_errors_total",
                                        "memory_refusals_total",       "journal_refusals_total",
                                        "store_commit_failures_total", "displaced_sessions_total"};
    char *metrics = read_metrics();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (value_of(metrics, names[i]) > 0) {
            print_error("%s: %llu\n", names[i], (unsigned long long)value_of(metrics, names[i]));
            fail();
        }
    }
    free(metrics);
}

static void begin(struct soak *soak) {
    *soak = (struct soak){.loads = {.words = loads, .kinds = sizeof loads / sizeof *loads},
                          .clients = {.words = clients, .kinds = sizeof clients / sizeof *clients}};
    char *metrics = read_metrics();
    soak->account = value_of(metrics, "memory_used_bytes");
    free(metrics);
    soak->descriptors = count_descriptors();
    soak->crowd = soak_crowd_create(
        &(struct soak_crowd_options){.port = (uint16_t)strtoul(port_text, NULL, 10),
                                     .passers = PROCESS_SLOW ? 20 : 50,
                                     .pairs = 12,
                                     .leaves_sessions = seconds >= SECONDS_LONG,
                                     .seed = support_setting("SOAK_SEED", 1)});
    soak_flat_init(&soak->flat, rows, ROWS);
}

static void nothing_grows_while_everything_comes_and_goes(void **state) {
    (void)state;
    struct soak soak;
    seconds = support_setting("SOAK_SECONDS", SECONDS_PRESET);
    (void)snprintf(load_seconds, sizeof load_seconds, "%u", 1 + seconds / 60);
    (void)alarm(seconds + 10 * PROCESS_DEADLINE_S); // whatever happens, it ends
    write_files();
    start_broker();
    begin(&soak);
    run(&soak);
    soak_crowd_stop(soak.crowd);
    run_until_done(&soak);
    assert_no_faults();
    struct soak_crowd_counts counts = soak_crowd_counts(soak.crowd);
    print_message("%u s: %llu connections, %llu messages sent and %llu received by hand, %llu in "
                  "the ledger; %llu loads, %llu clients\n",
                  seconds, (unsigned long long)counts.lives, (unsigned long long)counts.sent,
                  (unsigned long long)counts.received, (unsigned long long)counts.ledger,
                  (unsigned long long)soak.loads.begun, (unsigned long long)soak.clients.begun);
    assert_true(soak_flat_judge(&soak.flat, stdout));
    run_until_nothing_is_left(&soak);
    soak_crowd_destroy(soak.crowd);
    soak_flat_deinit(&soak.flat);
    process_end(broker);
    (void)alarm(0);
    process_assert_code(process_start("broker", "--check-store", "s.db"), 0);
}

// ---- the judge ---------------------------------------------------------------------------------

static bool judge_series(uint64_t (*value)(size_t place), size_t count, uint64_t spare) {
    const struct soak_row row = {"series", spare, false};
    struct soak_flat flat;
    FILE *nowhere = fopen("/dev/null", "w");
    soak_flat_init(&flat, &row, 1);
    for (size_t i = 0; i < count; i++) {
        uint64_t sample = value(i);
        soak_flat_add(&flat, &sample);
    }
    bool is_flat = soak_flat_judge(&flat, nowhere);
    assert_int_equal(fclose(nowhere), 0);
    soak_flat_deinit(&flat);
    return is_flat;
}

static uint64_t leaks(size_t place) {
    return 1000 + 5 * place;
}

static uint64_t warms_up(size_t place) {
    return place < 20 ? 10 * place : 200;
}

static uint64_t saws(size_t place) {
    return 1000 + 100 * (place % 7);
}

static uint64_t falls(size_t place) {
    return 1000 - 5 * place;
}

static void what_grows_is_found(void **state) {
    (void)state;
    assert_false(judge_series(leaks, 100, 50));
    assert_true(judge_series(leaks, 100, 250)); // the spare
    assert_true(judge_series(warms_up, 100, 0));
    assert_true(judge_series(saws, 100, 0));
    assert_true(judge_series(falls, 100, 0));
    assert_false(judge_series(saws, SOAK_SAMPLES_MIN - 1, 0)); // too few
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(nothing_grows_while_everything_comes_and_goes),
        cmocka_unit_test(what_grows_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
