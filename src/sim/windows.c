#include "sim/windows.h"

#include <stddef.h>

#include "base/assert.h"
#include "sim/account/telling.h"
#include "sim/link/flight.h"

void sim_windows_init(struct sim_windows *windows, struct memory *memory,
                      const struct sim_windows_options *options) {
    *windows = (struct sim_windows){.memory = memory, .options = *options};
    windows->due = memory_allocate(memory, options->count * sizeof *windows->due);
    windows->jobs[0] = memory_allocate(memory, options->count * sizeof(uint32_t));
    windows->jobs[1] = memory_allocate(memory, options->count * sizeof(uint32_t));
    windows->readers = memory_allocate(memory, options->count * sizeof *windows->readers);
    heap_init(&windows->heads, memory);
    for (uint32_t i = 0; i < options->count; i++) {
        struct sim_front *front = options->islands[i]->front;
        front->index = i;
        front->islands = options->count;
    }
}

void sim_windows_deinit(struct sim_windows *windows) {
    uint32_t count = windows->options.count;
    memory_free(windows->memory, windows->due, count * sizeof *windows->due);
    memory_free(windows->memory, windows->jobs[0], count * sizeof(uint32_t));
    memory_free(windows->memory, windows->jobs[1], count * sizeof(uint32_t));
    memory_free(windows->memory, windows->readers, count * sizeof *windows->readers);
    heap_deinit(&windows->heads);
}

// ---- the ledger ---------------------------------------------------------------------------------

// The order of what a log says next, among all logs.
static struct heap_item head_of(struct sim_log_reader *reader) {
    struct sim_telling told;
    memcpy(&told, reader->log->data + reader->at, sizeof told);
    return (struct heap_item){told.time, told.order, &reader->place};
}

// All that the first log says of one event.
static void hear_event(struct sim_windows *windows) {
    const struct heap_item first = windows->heads.items[0];
    struct sim_log_reader *reader =
        (struct sim_log_reader *)((uint8_t *)first.place - offsetof(struct sim_log_reader, place));
    struct sim_telling told;
    struct bytes text;
    size_t next;
    uint64_t *heard_at = windows->options.heard_at;
    *heard_at = first.due > *heard_at ? first.due : *heard_at; // outside of windows it may be less
    while ((next = sim_telling_read(reader->log, reader->at, &told, &text)) != 0 &&
           told.time == first.due && told.order == first.sequence) {
        (void)sim_telling_hear(windows->options.ledger, &told, text);
        reader->at = next;
    }
    if (next == 0) {
        heap_remove(&windows->heads, 0);
    } else {
        heap_move(&windows->heads, 0, told.time, told.order);
    }
}

// The logs of that number, of the islands of that row of jobs.
static void hear_logs(struct sim_windows *windows, uint32_t row) {
    for (uint32_t i = 0; i < windows->job_count[row]; i++) {
        uint32_t island = windows->jobs[row][i];
        struct sim_log_reader *reader = &windows->readers[island];
        *reader =
            (struct sim_log_reader){.log = &windows->options.islands[island]->front->logs[row]};
        if (reader->log->size > 0) {
            heap_add(&windows->heads, head_of(reader));
        }
    }
    while (windows->heads.count > 0) {
        hear_event(windows);
    }
    for (uint32_t i = 0; i < windows->job_count[row]; i++) {
        windows->options.islands[windows->jobs[row][i]]->front->logs[row].size = 0;
    }
    windows->job_count[row] = 0;
}

void sim_windows_settle(struct sim_windows *windows) {
    uint32_t row = windows->row;
    hear_logs(windows, 1 - row);
    for (uint32_t i = 0; i < windows->options.count; i++) {
        windows->options.islands[i]->front->log = row;
        windows->jobs[row][i] = i;
    }
    windows->job_count[row] = windows->options.count;
    hear_logs(windows, row);
}

// ---- windows ------------------------------------------------------------------------------------

static void begin(struct sim_windows *windows) {
    sim_windows_settle(windows);
    for (uint32_t i = 0; i < windows->options.count; i++) {
        windows->due[i] = sim_schedule_due(&windows->options.islands[i]->schedule);
    }
    windows->goes_on = true;
}

static uint64_t first_due(const struct sim_windows *windows) {
    uint64_t first = SIM_NEVER;
    for (uint32_t i = 0; i < windows->options.count; i++) {
        first = windows->due[i] < first ? windows->due[i] : first;
    }
    return first;
}

// The master stands last, and has most to do: it comes first.
static void choose_jobs(struct sim_windows *windows) {
    uint32_t count = 0;
    for (uint32_t i = windows->options.count; i-- > 0;) {
        if (windows->due[i] < windows->end) {
            windows->jobs[windows->row][count++] = i;
        }
    }
    windows->job_count[windows->row] = count;
}

uint32_t sim_windows_open(struct sim_windows *windows, uint64_t until) {
    if (!windows->goes_on) {
        begin(windows);
    }
    uint64_t first = first_due(windows);
    if (first >= until) {
        sim_windows_settle(windows);
        windows->goes_on = false;
        return 0;
    }
    uint64_t width = windows->options.width;
    windows->end = until - first > width ? first + width : until;
    windows->row = 1 - windows->row;
    choose_jobs(windows);
    bool has_ledgers = windows->job_count[1 - windows->row] > 0;
    return windows->job_count[windows->row] + has_ledgers;
}

struct sim_island *sim_windows_job(struct sim_windows *windows, uint32_t job) {
    uint32_t row = windows->row;
    if (job == windows->job_count[row]) {
        hear_logs(windows, 1 - row);
        return NULL;
    }
    ASSERT(job < windows->job_count[row]);
    struct sim_island *island = windows->options.islands[windows->jobs[row][job]];
    island->front->log = row;
    return island;
}

void sim_windows_done(struct sim_windows *windows, uint32_t job) {
    uint32_t island = windows->jobs[windows->row][job];
    windows->due[island] = sim_schedule_due(&windows->options.islands[island]->schedule);
}

static void land(struct sim_windows *windows, struct sim_island *from) {
    struct bytes outbox = buffer_bytes(&from->outbox);
    while (outbox.size > 0) {
        struct sim_event arrival = sim_flight_land(&outbox, from->nodes);
        struct sim_island *to = from->nodes[arrival.node]->island;
        uint64_t *due = &windows->due[to->front->index];
        ASSERT_MESSAGE(arrival.time >= windows->end, "a flight was faster than a window allows");
        sim_schedule_add(&to->schedule, &arrival);
        *due = arrival.time < *due ? arrival.time : *due;
    }
    from->outbox.size = 0;
}

void sim_windows_close(struct sim_windows *windows) {
    for (uint32_t i = 0; i < windows->job_count[windows->row]; i++) {
        struct sim_island *island = windows->options.islands[windows->jobs[windows->row][i]];
        if (island->outbox.size > 0) {
            land(windows, island);
        }
    }
}
