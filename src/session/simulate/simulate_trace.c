#include "session/simulate/simulate_trace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "medium/capture/tap.h"
#include "medium/capture/tap_faults.h"
#include "sim/broker.h"
#include "shell/machine/open_files.h"

#define OWN_DESCRIPTORS 64                      // beside one for each file
#define LINES_MAX (1u << 20)                    // bytes of lines that are kept
#define NAME_MAX_BYTES (3 * PLAN_NAME_MAX + 16) // of a file
#define NETWORK_SUFFIX ".network"
#define TAP_SUFFIX ".pcapng"
#define PORT_FIRST 1024u
#define PORTS (UINT16_MAX + 1u - PORT_FIRST)

// Of a network (lines, with `fd`) or of a broker (a tap). `next` leads through those of an island
// that have something to write.
struct trace_file {
    struct trace_file *next;
    bool is_listed;
    bool is_open;
    int fd;
    struct memory memory;
    struct buffer lines;
    struct tap *tap;
    char *network; // the path of the file with the lines of the tap's broker; NULL: none
};

// `files`: those of the plan's networks, then those of its brokers. `listed`: by island, of which
// there are no more than files.
struct simulate_trace {
    struct sim_trace port;
    const struct plan *plan;
    char folder[PATH_MAX]; // whole
    const char *typed;
    struct trace_file *files;
    struct trace_file **listed;
    uint32_t count;
    atomic_bool is_broken;
    pthread_mutex_t lock; // of `why`
    char why[SIMULATE_TRACE_WHY_MAX];
};

// The first one counts. `what` may be empty.
static void fail(struct simulate_trace *trace, const char *what, const char *reason) {
    pthread_mutex_lock(&trace->lock);
    if (!atomic_load(&trace->is_broken)) {
        (void)snprintf(trace->why, sizeof trace->why, "%s%s%s", what,
                       *what != '\0' ? ": the trace ends, since it cannot be written: " : "",
                       reason);
        atomic_store(&trace->is_broken, true);
    }
    pthread_mutex_unlock(&trace->lock);
}

// ---- files --------------------------------------------------------------------------------------

// Two names never come to the same file.
static void write_name(struct bytes name, const char *suffix, char out[static NAME_MAX_BYTES]) {
    char *at = out;
    for (size_t i = 0; i < name.size && i < PLAN_NAME_MAX; i++) {
        uint8_t byte = name.data[i];
        bool is_plain = byte != '/' && byte != '%' && (byte != '.' || i > 0);
        at += snprintf(at, 4, is_plain ? "%c" : "%%%02X", byte);
    }
    (void)snprintf(at, 16, "%s", suffix);
}

static bool write_path(const struct simulate_trace *trace, struct bytes name, const char *suffix,
                       char path[static PATH_MAX]) {
    char file[NAME_MAX_BYTES];
    write_name(name, suffix, file);
    return snprintf(path, PATH_MAX, "%s/%s", trace->folder, file) < PATH_MAX;
}

static void open_lines(struct simulate_trace *trace, struct trace_file *file, struct bytes name) {
    char path[PATH_MAX];
    file->is_open = true;
    file->fd = -1;
    errno = ENAMETOOLONG;
    if (write_path(trace, name, NETWORK_SUFFIX, path)) {
        file->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    }
    if (file->fd < 0) {
        fail(trace, path, strerror(errno));
    }
}

static void open_tap(struct simulate_trace *trace, struct trace_file *file,
                     const struct sim_broker *broker) {
    char path[PATH_MAX];
    char network[PATH_MAX];
    struct tap_error error;
    file->is_open = true;
    if (!write_path(trace, broker->plan->name, TAP_SUFFIX, path)) {
        fail(trace, trace->typed, "its name is too long");
        return;
    }
    file->tap = tap_open(path, &error);
    if (file->tap == NULL) {
        fail(trace, "", error.text);
        return;
    }
    bool has_lines = broker->line.network != NULL &&
                     write_path(trace, trace->plan->networks[broker->plan->network].name,
                                NETWORK_SUFFIX, network);
    file->network = has_lines ? strdup(network) : NULL;
    tap_set_owner(file->tap, &(struct tap_owner){.kind = "broker",
                                                 .address = has_lines ? broker->line.address : 0,
                                                 .name = broker->plan->name,
                                                 .network = file->network});
}

static void write_lines(struct simulate_trace *trace, struct trace_file *file) {
    size_t done = 0;
    while (done < file->lines.size) {
        ssize_t written = write(file->fd, file->lines.data + done, file->lines.size - done);
        if (written < 0 && errno != EINTR) {
            fail(trace, trace->typed, strerror(errno));
            return;
        }
        done += written > 0 ? (size_t)written : 0;
    }
    file->lines.size = 0;
}

static void write_out(struct simulate_trace *trace, struct trace_file *file) {
    if (file->fd >= 0) {
        write_lines(trace, file);
    }
    const char *wrong = file->tap == NULL ? NULL : tap_flush(file->tap);
    if (wrong != NULL) {
        fail(trace, "", wrong);
    }
}

static void list(struct simulate_trace *trace, struct trace_file *file,
                 const struct sim_island *island) {
    if (!file->is_listed) {
        ASSERT(island->number < trace->count);
        file->is_listed = true;
        file->next = trace->listed[island->number];
        trace->listed[island->number] = file;
    }
}

// ---- what is told -------------------------------------------------------------------------------

static void on_line(void *context, const struct sim_network *network, struct bytes line) {
    struct simulate_trace *trace = context;
    struct trace_file *file = &trace->files[network->index];
    if (!file->is_open) {
        open_lines(trace, file, trace->plan->networks[network->index].name);
    }
    if (atomic_load(&trace->is_broken)) {
        return;
    }
    buffer_append(&file->lines, line);
    list(trace, file, network->island);
    if (file->lines.size > LINES_MAX) {
        write_lines(trace, file);
    }
}

static const struct sim_broker *broker_of(const struct sim_stream *stream) {
    return (const struct sim_broker *)stream->node[SIM_BROKER_END]; // it stands first
}

// The file of the stream's tap; NULL: there is none.
static struct trace_file *tap_of(struct simulate_trace *trace, const struct sim_stream *stream) {
    const struct sim_broker *broker = broker_of(stream);
    uint32_t place = trace->plan->network_count + broker->node.place.index;
    struct trace_file *file = &trace->files[place];
    if (!file->is_open) {
        open_tap(trace, file, broker);
    }
    if (file->tap == NULL || atomic_load(&trace->is_broken)) {
        return NULL;
    }
    list(trace, file, stream->island);
    return file;
}

static uint64_t clock_of(const struct sim_stream *stream) {
    return SIM_EPOCH * PLAN_SECOND + stream->island->now;
}

// An address for each device, and a port for each place of a stream.
static void on_opened(void *context, const struct sim_stream *stream) {
    struct trace_file *file = tap_of(context, stream);
    uint32_t node = stream->node[SIM_CLIENT_END]->number;
    uint32_t port = PORT_FIRST + (uint32_t)(hash_number(stream->name, 0) % PORTS);
    char place[32];
    (void)snprintf(place, sizeof place, "10.%u.%u.%u:%u", node >> 16 & 0xff, node >> 8 & 0xff,
                   node & 0xff, port);
    if (file != NULL) {
        tap_stream_opened(file->tap, stream->name, place, 1883, clock_of(stream));
    }
}

static const enum tap_note_kind note_kinds[] = {
    [SIM_TRACE_SENT] = TAP_NOTE_NONE,       [SIM_TRACE_DROPPED] = TAP_NOTE_DROPPED,
    [SIM_TRACE_DELAYED] = TAP_NOTE_DELAYED, [SIM_TRACE_HELD] = TAP_NOTE_HELD,
    [SIM_TRACE_LET_GO] = TAP_NOTE_LET_GO,   [SIM_TRACE_REPEATED] = TAP_NOTE_REPEATED,
    [SIM_TRACE_CHANGED] = TAP_NOTE_CHANGED, [SIM_TRACE_REORDERED] = TAP_NOTE_REORDERED,
    [SIM_TRACE_SAID] = TAP_NOTE_NONE,
};

static void on_bytes(void *context, const struct sim_stream *stream,
                     const struct sim_trace_bytes *what) {
    struct trace_file *file = tap_of(context, stream);
    enum tap_note_kind kind = note_kinds[what->note.fate];
    struct tap_noted noted = {
        .direction = what->is_from_client ? TAP_FROM_CLIENT : TAP_FROM_BROKER,
        .bytes = what->bytes,
        .note = {.kind = kind, .delay_ns = what->note.delay_ns, .text = what->note.why}};
    if (file == NULL) {
        return;
    }
    if (kind == TAP_NOTE_NONE) {
        tap_bytes(file->tap, stream->name, noted.direction, what->bytes, clock_of(stream));
    } else {
        tap_noted(file->tap, stream->name, &noted, clock_of(stream));
    }
}

static enum tap_cause cause_of(const struct sim_trace_end *end) {
    switch (end->cause) {
    case SIM_TRACE_CLOSED:
        return TAP_CAUSE_CLOSED;
    case SIM_TRACE_GOODBYE:
        return TAP_CAUSE_DISCONNECTED;
    case SIM_TRACE_RESET:
        return TAP_CAUSE_RESET;
    case SIM_TRACE_CUT:
        return TAP_CAUSE_CUT;
    case SIM_TRACE_REASON:
        return tap_faults_cause((enum mqtt_reason)end->reason);
    case SIM_TRACE_SILENT:
        break;
    }
    return TAP_CAUSE_UNKNOWN;
}

static void on_closed(void *context, const struct sim_stream *stream,
                      const struct sim_trace_end *end) {
    struct trace_file *file = tap_of(context, stream);
    bool is_between = end->cause == SIM_TRACE_CUT || end->cause == SIM_TRACE_SILENT;
    struct tap_note note = {.kind = TAP_NOTE_ENDED,
                            .side = is_between        ? TAP_SIDE_NETWORK
                                    : end->is_clients ? TAP_SIDE_CLIENT
                                                      : TAP_SIDE_BROKER,
                            .cause = cause_of(end),
                            .text = end->why};
    if (file != NULL) {
        tap_stream_closed(file->tap, stream->name, &note, clock_of(stream));
    }
}

static void on_rests(void *context, uint32_t island) {
    struct simulate_trace *trace = context;
    struct trace_file *next = trace->listed[island];
    trace->listed[island] = NULL;
    while (next != NULL) {
        struct trace_file *file = next;
        next = file->next;
        file->is_listed = false;
        write_out(trace, file);
    }
}

// ---- the folder ---------------------------------------------------------------------------------

static bool is_empty(const char *folder) {
    DIR *entries = opendir(folder);
    unsigned count = 0;
    while (entries != NULL && readdir(entries) != NULL) {
        count++; // with itself and the one above
    }
    if (entries != NULL) {
        (void)closedir(entries);
    }
    return count <= 2;
}

// NULL, or what is wrong.
static const char *prepare(struct simulate_trace *trace, bool is_shared) {
    struct stat status;
    if (mkdir(trace->typed, 0777) != 0 && errno != EEXIST) {
        return strerror(errno);
    }
    if (realpath(trace->typed, trace->folder) == NULL || stat(trace->folder, &status) != 0) {
        return strerror(errno);
    }
    if (!S_ISDIR(status.st_mode)) {
        return "is no folder";
    }
    if (access(trace->folder, W_OK | X_OK) != 0) {
        return strerror(errno);
    }
    return is_shared || is_empty(trace->folder) ? NULL : "holds files already";
}

static void free_trace(struct simulate_trace *trace) {
    pthread_mutex_destroy(&trace->lock);
    free(trace->files);
    free(trace->listed);
    free(trace);
}

struct simulate_trace *simulate_trace_open(const char *folder, const struct plan *plan,
                                           bool is_shared,
                                           char why[static SIMULATE_TRACE_WHY_MAX]) {
    struct simulate_trace *trace = calloc(1, sizeof *trace);
    ASSERT_MESSAGE(trace != NULL, "there is no memory");
    trace->plan = plan;
    trace->typed = folder;
    trace->count = plan->network_count + plan->broker_count;
    trace->files = calloc(trace->count, sizeof *trace->files);
    trace->listed = calloc(trace->count, sizeof(struct trace_file *));
    ASSERT_MESSAGE(trace->files != NULL && trace->listed != NULL, "there is no memory");
    pthread_mutex_init(&trace->lock, NULL);
    trace->port = (struct sim_trace){trace, on_line, on_opened, on_bytes, on_closed, on_rests};
    const char *wrong = prepare(trace, is_shared);
    if (wrong != NULL) {
        (void)snprintf(why, SIMULATE_TRACE_WHY_MAX,
                       "%s: %s; name a folder that is empty or not there", folder, wrong);
        free_trace(trace);
        return NULL;
    }
    (void)open_files_raise(trace->count + OWN_DESCRIPTORS);
    for (uint32_t i = 0; i < trace->count; i++) {
        trace->files[i].fd = -1;
        memory_init(&trace->files[i].memory);
        buffer_init(&trace->files[i].lines, &trace->files[i].memory);
    }
    return trace;
}

const struct sim_trace *simulate_trace_port(const struct simulate_trace *trace) {
    return &trace->port;
}

bool simulate_trace_path(const struct simulate_trace *trace, uint32_t place,
                         char path[static PATH_MAX]) {
    const struct plan *plan = trace->plan;
    if (place >= plan->network_count + plan->broker_count) {
        return false;
    }
    bool is_network = place < plan->network_count;
    struct bytes name =
        is_network ? plan->networks[place].name : plan->brokers[place - plan->network_count].name;
    return write_path(trace, name, is_network ? NETWORK_SUFFIX : TAP_SUFFIX, path);
}

bool simulate_trace_close(struct simulate_trace *trace, char why[static SIMULATE_TRACE_WHY_MAX]) {
    if (trace == NULL) {
        return true;
    }
    for (uint32_t i = 0; i < trace->count; i++) {
        struct trace_file *file = &trace->files[i];
        write_out(trace, file);
        tap_close(file->tap);
        if (file->fd >= 0 && close(file->fd) != 0) {
            fail(trace, trace->typed, strerror(errno));
        }
        buffer_deinit(&file->lines);
        free(file->network);
    }
    bool is_good = !atomic_load(&trace->is_broken);
    if (!is_good) {
        memcpy(why, trace->why, sizeof trace->why);
    }
    free_trace(trace);
    return is_good;
}
