#include "store/broker/broker_writer.h"

#include "base/assert.h"
#include "store/broker/snapshot_child.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WAITING_BYTES_MAX (size_t)(64 * 1024 * 1024)
#define JOURNAL_BYTES_MIN (uint64_t)(16 * 1024 * 1024)
#define PART_BYTES (size_t)(2 * 1024 * 1024)
#define SMALL_BYTES (size_t)(8 * 1024 * 1024) // of memory: told whole at once in a few milliseconds
#define KEPT_BYTES (size_t)(4 * 1024 * 1024)  // of a buffer that is empty
#define RETRY_MS 1000
#define TAKEN_BACK 0xff // in place of a record's kind

_Static_assert(TAKEN_BACK >= RECORD_ROWS_KINDS_MAX, "no record begins so");

_Static_assert(WAITING_BYTES_MAX + (512 << 20) < BROKER_STORE_ROW_MAX,
               "what waits, and the largest record, fit in a row");

// Who has the turn, its buffer and the store.
enum job_state {
    JOB_NONE,    // nobody
    JOB_WRITING, // the thread
    JOB_WRITTEN, // whoever settles next
};

// A snapshot on its way to the store, part by part. Of a large broker a child process tells it, and
// the thread reads each part before it writes it. Of a small one, or where there can be no child,
// it is taken at once: `records` are the owner's to allocate and free; the thread only reads them.
struct snapshot {
    struct buffer records;
    struct buffer ends; // of parts, as size_t each
    size_t next_part;   // the place of its end in `ends`
    struct snapshot_child child;
    bool is_on;
    bool replaces_all; // records were dropped: nothing else is written before it counts
};

// Records that were appended one behind the other. Who takes one back marks it; it is left out
// before the records are written.
struct gathered {
    struct buffer records;
    struct buffer places; // where each begins, as uint32_t; none once some were left out
    uint64_t first;       // number of the first one
    bool has_gaps;        // some were taken back
};

// What the thread has read of a snapshot's child, for the job.
struct told {
    struct memory memory; // of the thread
    struct buffer part;
    bool is_read; // of this job
    bool is_lost; // the child ended early
};

// Two buffers change places: records are appended to `front`, and the thread writes `back`. Under
// the owner's lock: front, the snapshot, the journal. Under `lock`: state, is_ending, is_gathering,
// is_retry. Whoever has the job, by its state, has back, store, turn, told and is_good.
struct broker_writer {
    struct journal journal;
    struct broker_writer_options options;
    struct broker_store *store;
    struct gathered front;
    struct gathered back;
    uint64_t back_number; // of the last record in `back`
    struct snapshot snapshot;
    struct broker_writer_counts counts;
    bool is_dropping;     // more waits than may: records are not kept until a snapshot is taken
    bool has_no_children; // one was lost, or there can be none

    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wanted; // by the thread: a job, or the end
    pthread_cond_t done;   // by who waits for the thread
    enum job_state state;
    bool is_ending;
    bool is_gathering; // lazily: the thread lets time pass before it asks for a job
    bool is_retry;     // the job has failed before: the thread lets time pass
    struct broker_store_turn turn;
    struct told told;
    bool is_good;     // of the job that was written
    uint64_t took_ns; // likewise
    char trouble[sizeof(struct store_error)];
};

// ---- what is appended --------------------------------------------------------------------------

static void gathered_init(struct gathered *gathered, struct memory *memory) {
    *gathered = (struct gathered){.first = 1};
    buffer_init(&gathered->records, memory);
    buffer_init(&gathered->places, memory);
}

static void gathered_deinit(struct gathered *gathered) {
    buffer_deinit(&gathered->records);
    buffer_deinit(&gathered->places);
}

static uint32_t place_of(const struct gathered *gathered, size_t i) {
    uint32_t place;
    memcpy(&place, gathered->places.data + i * sizeof place, sizeof place);
    return place;
}

static void gather(struct broker_writer *writer, const struct journal_record *record) {
    struct gathered *front = &writer->front;
    ASSERT(front->records.size <= UINT32_MAX);
    uint32_t place = (uint32_t)front->records.size;
    buffer_append(&front->places, bytes_make(&place, sizeof place));
    record_rows_append(writer->options.rows, &front->records, record);
}

static bool take_back(void *context, uint64_t number) {
    struct broker_writer *writer = context;
    struct gathered *front = &writer->front;
    if (number < front->first || writer->is_dropping) {
        return false;
    }
    ASSERT(number - front->first < front->places.size / sizeof(uint32_t));
    front->records.data[place_of(front, number - front->first)] = TAKEN_BACK;
    front->has_gaps = true;
    return true;
}

static void move_run(struct buffer *records, size_t *to, size_t begin, size_t end) {
    if (end > begin) {
        memmove(records->data + *to, records->data + begin, end - begin);
        *to += end - begin;
    }
}

// Moves what is left together. Only the bytes change: whoever has them needs no lock.
static void close_gaps(struct gathered *gathered) {
    struct buffer *records = &gathered->records;
    size_t count = gathered->has_gaps ? gathered->places.size / sizeof(uint32_t) : 0;
    size_t left = 0;
    size_t run = 0; // where what stays begins, behind the last gap
    for (size_t i = 0; i < count; i++) {
        size_t begin = place_of(gathered, i);
        if (records->data[begin] == TAKEN_BACK) {
            move_run(records, &left, run, begin);
            run = i + 1 < count ? place_of(gathered, i + 1) : records->size;
        }
    }
    move_run(records, &left, run, records->size);
    records->size = left;
    gathered->places.size = 0;
    gathered->has_gaps = false;
}

static void append(void *context, const struct journal_record *record) {
    struct broker_writer *writer = context;
    struct journal_record other;
    bool is_other = writer->options.change != NULL &&
                    writer->options.change(writer->options.context, record, &other);
    if (!writer->is_dropping) {
        gather(writer, is_other ? &other : record);
    }
    if (writer->options.lazy_ms > 0 && !writer->journal.has_failed) {
        journal_set_durable(&writer->journal, writer->journal.appended);
    }
}

struct journal *broker_writer_journal(struct broker_writer *writer) {
    return &writer->journal;
}

// ---- the snapshot ------------------------------------------------------------------------------

static void append_end(struct snapshot *snapshot) {
    size_t end = snapshot->records.size;
    buffer_append(&snapshot->ends, bytes_make(&end, sizeof end));
}

static size_t end_of(const struct snapshot *snapshot, size_t part) {
    size_t end;
    memcpy(&end, snapshot->ends.data + part * sizeof end, sizeof end);
    return end;
}

static size_t count_parts(const struct snapshot *snapshot) {
    return snapshot->ends.size / sizeof(size_t);
}

static void take_record(void *context, const struct journal_record *record) {
    struct broker_writer *writer = context;
    struct snapshot *snapshot = &writer->snapshot;
    record_rows_append(writer->options.rows, &snapshot->records, record);
    size_t parts = count_parts(snapshot);
    size_t begin = parts == 0 ? 0 : end_of(snapshot, parts - 1);
    if (snapshot->records.size - begin >= PART_BYTES) {
        append_end(snapshot);
    }
}

static void take_at_once(struct broker_writer *writer) {
    struct snapshot *snapshot = &writer->snapshot;
    ASSERT(snapshot->records.size == 0);
    writer->options.snapshot(writer->options.context, take_record, writer);
    size_t parts = count_parts(snapshot);
    if (parts == 0 || end_of(snapshot, parts - 1) < snapshot->records.size) {
        append_end(snapshot);
    }
}

static bool has_child(const struct broker_writer *writer) {
    return writer->snapshot.child.process != 0;
}

static void begin_child(struct broker_writer *writer) {
    const struct snapshot_source source = {.rows = writer->options.rows,
                                           .part_bytes = PART_BYTES,
                                           .snapshot = writer->options.snapshot,
                                           .context = writer->options.context};
    bool is_small = writer->options.memory->bytes_in_use < writer->options.small_bytes;
    if (!is_small && !writer->has_no_children) {
        writer->has_no_children = !snapshot_child_begin(&writer->snapshot.child, &source);
    }
}

static void take_snapshot(struct broker_writer *writer) {
    struct snapshot *snapshot = &writer->snapshot;
    ASSERT(!snapshot->is_on);
    begin_child(writer);
    if (!has_child(writer)) {
        take_at_once(writer);
    }
    snapshot->next_part = 0;
    snapshot->is_on = true;
    snapshot->replaces_all = writer->is_dropping;
    writer->is_dropping = false;
    writer->counts.snapshots++;
}

static void end_snapshot(struct broker_writer *writer) {
    snapshot_child_end(&writer->snapshot.child);
    buffer_deinit(&writer->snapshot.records);
    buffer_deinit(&writer->snapshot.ends);
    writer->snapshot.is_on = writer->snapshot.replaces_all = false;
}

// The parts that it told never count. Whoever is to be replaced by it waits for the next one.
static void give_up_snapshot(struct broker_writer *writer) {
    writer->is_dropping = writer->is_dropping || writer->snapshot.replaces_all;
    writer->has_no_children = true;
    end_snapshot(writer);
}

static bool is_long_enough(const struct broker_writer *writer) {
    struct broker_store_sizes sizes = broker_store_sizes(writer->store);
    return sizes.journal > writer->options.journal_bytes_min && sizes.journal > sizes.snapshot / 4;
}

// ---- a job -------------------------------------------------------------------------------------

static void swap_buffers(struct broker_writer *writer) {
    struct gathered back = writer->back;
    ASSERT(back.records.size == 0 && back.places.size == 0);
    writer->back = writer->front;
    writer->front = back;
    writer->front.first = writer->journal.appended + 1;
    writer->back_number = writer->journal.appended;
}

static void add_part(struct broker_writer *writer) {
    struct snapshot *snapshot = &writer->snapshot;
    size_t part = snapshot->next_part;
    writer->turn.begins_snapshot = part == 0;
    if (has_child(writer)) {
        return; // the thread reads it
    }
    size_t begin = part == 0 ? 0 : end_of(snapshot, part - 1);
    writer->turn.part = bytes_make(snapshot->records.data + begin, end_of(snapshot, part) - begin);
    writer->turn.ends_snapshot = part + 1 == count_parts(snapshot);
}

// What is not written yet stands in the snapshot that is to replace it.
static void drop_front(struct broker_writer *writer) {
    gathered_deinit(&writer->front);
    gathered_init(&writer->front, writer->options.memory);
    writer->front.first = writer->journal.appended + 1;
}

// Whether there is something to write now. A snapshot is of the moment behind what goes to the back
// buffer then, so that it is begun with it.
static bool fill_job(struct broker_writer *writer) {
    struct snapshot *snapshot = &writer->snapshot;
    ASSERT(writer->back.records.size == 0);
    writer->turn = (struct broker_store_turn){0};
    writer->told.is_read = writer->told.is_lost = false;
    if (!snapshot->is_on && (writer->is_dropping || is_long_enough(writer))) {
        take_snapshot(writer);
        if (snapshot->replaces_all) {
            drop_front(writer);
        }
        swap_buffers(writer);
    } else if (!snapshot->replaces_all) {
        swap_buffers(writer);
    }
    if (snapshot->is_on) {
        add_part(writer);
    }
    return snapshot->is_on || writer->back.records.size > 0;
}

// The thread cleans the file when there is nothing to write.
static bool fill_job_or_clean(struct broker_writer *writer) {
    return fill_job(writer) || broker_store_is_untidy(writer->store);
}

static void set_state(struct broker_writer *writer, enum job_state state) {
    pthread_mutex_lock(&writer->lock);
    writer->state = state;
    pthread_cond_signal(state == JOB_WRITTEN ? &writer->done : &writer->wanted);
    pthread_mutex_unlock(&writer->lock);
}

static enum job_state state_of(struct broker_writer *writer) {
    pthread_mutex_lock(&writer->lock);
    enum job_state state = writer->state;
    pthread_mutex_unlock(&writer->lock);
    return state;
}

static void begin_job(struct broker_writer *writer) {
    set_state(writer, fill_job_or_clean(writer) ? JOB_WRITING : JOB_NONE);
}

static void begin_gathering(struct broker_writer *writer) {
    pthread_mutex_lock(&writer->lock);
    writer->is_gathering = true;
    pthread_cond_signal(&writer->wanted);
    pthread_mutex_unlock(&writer->lock);
}

// ---- what became of it -------------------------------------------------------------------------

static void empty(struct buffer *buffer) {
    struct memory *memory = buffer->memory;
    buffer->size = 0;
    if (buffer->capacity > KEPT_BYTES) {
        buffer_deinit(buffer);
        buffer_init(buffer, memory);
    }
}

static void note_durable(struct broker_writer *writer) {
    struct journal *journal = &writer->journal;
    uint64_t number = writer->options.lazy_ms > 0 ? journal->appended : writer->back_number;
    if (number > journal->durable) {
        journal_set_durable(journal, number);
    }
    journal->has_failed = false; // what was appended since is on its way, as ever
}

static enum broker_writer_news note_success(struct broker_writer *writer) {
    struct snapshot *snapshot = &writer->snapshot;
    bool was_failed = writer->journal.has_failed;
    writer->is_retry = false;
    writer->counts.commits++;
    writer->counts.bytes += writer->turn.steps.size + writer->turn.part.size;
    writer->counts.sizes = broker_store_sizes(writer->store);
    empty(&writer->back.records);
    empty(&writer->back.places);
    snapshot->next_part += snapshot->is_on;
    bool is_all = !writer->is_dropping && (!snapshot->replaces_all || writer->turn.ends_snapshot);
    if (writer->turn.ends_snapshot) {
        end_snapshot(writer);
    } else if (writer->told.is_lost) {
        give_up_snapshot(writer);
        is_all = is_all && !writer->is_dropping;
    }
    if (is_all) {
        note_durable(writer);
    }
    return !is_all ? BROKER_WRITER_NOTHING
                   : (was_failed ? BROKER_WRITER_WELL : BROKER_WRITER_WRITTEN);
}

// The thread tries the same again.
static enum broker_writer_news note_failure(struct broker_writer *writer) {
    bool is_first = !writer->journal.has_failed;
    writer->counts.failures++;
    if (is_first) {
        (void)snprintf(writer->trouble, sizeof writer->trouble, "%s",
                       broker_store_trouble(writer->store));
        journal_set_failed(&writer->journal);
    }
    writer->is_retry = true;
    set_state(writer, JOB_WRITING);
    return is_first ? BROKER_WRITER_FAILED : BROKER_WRITER_NOTHING;
}

enum broker_writer_news broker_writer_settle(struct broker_writer *writer) {
    enum job_state state = state_of(writer);
    if (state == JOB_WRITING) {
        return BROKER_WRITER_NOTHING;
    }
    if (state == JOB_NONE) {
        begin_job(writer);
        return BROKER_WRITER_NOTHING;
    }
    writer->counts.commit_ns = writer->took_ns;
    if (!writer->is_good) {
        return note_failure(writer);
    }
    enum broker_writer_news news = note_success(writer);
    bool is_busy =
        writer->snapshot.is_on || writer->is_dropping || broker_store_is_untidy(writer->store);
    bool waits = writer->options.lazy_ms > 0 && !is_busy;
    if (!waits) {
        begin_job(writer);
        return news;
    }
    set_state(writer, JOB_NONE);
    if (writer->front.records.size > 0) {
        begin_gathering(writer);
    }
    return news;
}

const char *broker_writer_trouble(const struct broker_writer *writer) {
    return writer->trouble;
}

// ---- a turn ------------------------------------------------------------------------------------

static void wait_for_disk(struct broker_writer *writer) {
    pthread_mutex_lock(&writer->lock);
    while (writer->state == JOB_WRITING && !writer->is_retry) {
        pthread_cond_wait(&writer->done, &writer->lock);
    }
    pthread_mutex_unlock(&writer->lock);
}

// More waits than may.
static enum broker_writer_news relieve(struct broker_writer *writer) {
    if (writer->journal.has_failed) {
        drop_front(writer);
        writer->is_dropping = true;
        return BROKER_WRITER_NOTHING;
    }
    wait_for_disk(writer);
    return broker_writer_settle(writer);
}

enum broker_writer_news broker_writer_turn(struct broker_writer *writer) {
    if (writer->front.records.size == 0) {
        return BROKER_WRITER_NOTHING;
    }
    if (writer->front.records.size > writer->options.waiting_bytes_max) {
        return relieve(writer);
    }
    if (state_of(writer) != JOB_NONE) {
        return BROKER_WRITER_NOTHING;
    }
    if (writer->options.lazy_ms > 0) {
        begin_gathering(writer);
    } else {
        begin_job(writer);
    }
    return BROKER_WRITER_NOTHING;
}

// ---- the thread --------------------------------------------------------------------------------

// With the lock, which others have meanwhile.
static void let_pass(struct broker_writer *writer, uint64_t milliseconds) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(milliseconds / 1000);
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    while (!writer->is_ending &&
           pthread_cond_timedwait(&writer->wanted, &writer->lock, &until) != ETIMEDOUT) {
    }
}

// What the thread is to do next, with the lock. False: it is to end.
static bool await_work(struct broker_writer *writer) {
    while (!writer->is_ending && writer->state != JOB_WRITING && !writer->is_gathering) {
        pthread_cond_wait(&writer->wanted, &writer->lock);
    }
    if (writer->state == JOB_WRITING && writer->is_retry) {
        let_pass(writer, RETRY_MS);
    } else if (writer->state != JOB_WRITING && writer->is_gathering) {
        let_pass(writer, writer->options.lazy_ms);
    }
    writer->is_gathering = false;
    return writer->state == JOB_WRITING || !writer->is_ending;
}

static uint64_t steady(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

// The next part that a child tells, once for each job however often that is tried.
static void read_part(struct broker_writer *writer) {
    struct told *told = &writer->told;
    if (!has_child(writer) || told->is_read) {
        return;
    }
    enum snapshot_child_found found = snapshot_child_read(&writer->snapshot.child, &told->part);
    told->is_read = true;
    told->is_lost = found == SNAPSHOT_CHILD_LOST;
    if (found != SNAPSHOT_CHILD_PART) {
        buffer_deinit(&told->part);
        buffer_init(&told->part, &told->memory);
    }
    writer->turn.part = buffer_bytes(&told->part);
    writer->turn.ends_snapshot = found == SNAPSHOT_CHILD_END;
}

static bool write_job(struct broker_writer *writer) {
    read_part(writer);
    close_gaps(&writer->back);
    writer->turn.steps = buffer_bytes(&writer->back.records);
    uint64_t began = steady();
    bool is_good = broker_store_commit(writer->store, &writer->turn);
    writer->took_ns = steady() - began;
    return is_good;
}

static void *run(void *context) {
    struct broker_writer *writer = context;
    bool goes_on;
    do {
        pthread_mutex_lock(&writer->lock);
        goes_on = await_work(writer);
        bool writes = writer->state == JOB_WRITING;
        pthread_mutex_unlock(&writer->lock);
        if (writes) {
            writer->is_good = write_job(writer);
            set_state(writer, JOB_WRITTEN);
        }
        pthread_mutex_lock(&writer->lock);
        goes_on = goes_on && !writer->is_ending;
        pthread_mutex_unlock(&writer->lock);
        if (goes_on) {
            writer->options.settle(writer->options.context);
        }
        if (writes) {
            broker_store_tidy(writer->store); // behind what was waited for
        }
    } while (goes_on);
    return NULL;
}

// ---- begin and end -----------------------------------------------------------------------------

static void init_locks(struct broker_writer *writer) {
    pthread_condattr_t steady;
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->done, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&writer->wanted, &steady);
    pthread_condattr_destroy(&steady);
}

static void destroy(struct broker_writer *writer) {
    end_snapshot(writer);
    buffer_deinit(&writer->told.part);
    gathered_deinit(&writer->front);
    gathered_deinit(&writer->back);
    pthread_cond_destroy(&writer->wanted);
    pthread_cond_destroy(&writer->done);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}

struct broker_writer *broker_writer_create(struct broker_store *store,
                                           const struct broker_writer_options *options) {
    struct broker_writer *writer = calloc(1, sizeof *writer);
    ASSERT_MESSAGE(writer != NULL, "out of memory");
    writer->options = *options;
    writer->store = store;
    if (options->waiting_bytes_max == 0) {
        writer->options.waiting_bytes_max = WAITING_BYTES_MAX;
    }
    if (options->journal_bytes_min == 0) {
        writer->options.journal_bytes_min = JOURNAL_BYTES_MIN;
    }
    if (options->small_bytes == 0) {
        writer->options.small_bytes = SMALL_BYTES;
    }
    writer->journal = (struct journal){.append = append, .take_back = take_back, .context = writer};
    writer->counts.sizes = broker_store_sizes(store);
    gathered_init(&writer->front, options->memory);
    gathered_init(&writer->back, options->memory);
    buffer_init(&writer->snapshot.records, options->memory);
    buffer_init(&writer->snapshot.ends, options->memory);
    memory_init(&writer->told.memory);
    buffer_init(&writer->told.part, &writer->told.memory);
    init_locks(writer);
    if (pthread_create(&writer->thread, NULL, run, writer) != 0) {
        destroy(writer);
        return NULL;
    }
    return writer;
}

void broker_writer_stop(struct broker_writer *writer) {
    pthread_mutex_lock(&writer->lock);
    writer->is_ending = true;
    pthread_cond_signal(&writer->wanted);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
}

// A job that failed is tried once more.
bool broker_writer_finish(struct broker_writer *writer) {
    if (writer->state == JOB_WRITTEN && writer->is_good) {
        (void)note_success(writer);
        writer->state = JOB_NONE;
    }
    bool has_job = writer->state != JOB_NONE || fill_job(writer);
    while (has_job) {
        if (!write_job(writer)) {
            (void)snprintf(writer->trouble, sizeof writer->trouble, "%s",
                           broker_store_trouble(writer->store));
            return false;
        }
        broker_store_tidy(writer->store);
        (void)note_success(writer);
        has_job = fill_job(writer);
    }
    return true;
}

void broker_writer_destroy(struct broker_writer *writer) {
    broker_store_close(writer->store);
    destroy(writer);
}

struct broker_writer_counts broker_writer_counts(const struct broker_writer *writer) {
    struct broker_writer_counts counts = writer->counts;
    counts.waiting = writer->front.records.size;
    return counts;
}
