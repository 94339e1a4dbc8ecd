#include "session/router/router_state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/decimal.h"
#include "base/hash.h"
#include "medium/file/file_status.h"
#include "medium/file/network_error.h"
#include "medium/file/safe_file.h"

#define TITLE "mqttsim-router-state 1\n"
#define COMMIT_WORD "commit"
#define HEADER_BYTES 44 // "commit SIZE CHECK\n", always that long
#define NEW_BYTES (1024u * 1024)
#define WAITING_SLACK (256u * 1024)

// ---- lines that wait ------------------------------------------------------------------------

static void consume_waiting(struct router_state *state, size_t bytes, uint64_t lines) {
    state->waiting_at += bytes;
    state->waiting_lines -= lines;
    if (state->waiting_at > WAITING_SLACK && state->waiting_at > state->waiting.size / 2) {
        buffer_consume(&state->waiting, state->waiting_at);
        state->waiting_kept -= state->waiting_at;
        state->waiting_at = 0;
    }
}

static size_t size_of_lines(const struct router_state *state, uint64_t lines) {
    size_t at = state->waiting_at;
    for (uint64_t i = 0; i < lines; i++) {
        const uint8_t *lf = memchr(state->waiting.data + at, '\n', state->waiting.size - at);
        ASSERT(lf != NULL);
        at = (size_t)(lf - state->waiting.data) + 1;
    }
    return at - state->waiting_at;
}

static uint64_t count_lines(struct bytes lines) {
    uint64_t count = 0;
    for (size_t i = 0; i < lines.size; i++) {
        count += lines.data[i] == '\n';
    }
    return count;
}

struct bytes router_state_batch(const struct router_state *state, size_t limit) {
    size_t size = router_state_waiting_bytes(state);
    if (size == 0) {
        return (struct bytes){0};
    }
    const uint8_t *start = state->waiting.data + state->waiting_at;
    if (size <= limit) {
        return bytes_make(start, size);
    }
    const uint8_t *lf = memrchr(start, '\n', limit);
    if (lf == NULL) {
        lf = memchr(start, '\n', size);
        ASSERT(lf != NULL);
    }
    return bytes_make(start, (size_t)(lf - start) + 1);
}

// ---- what a record does ---------------------------------------------------------------------

static void apply_acknowledge(struct router_state *state, uint64_t uploaded) {
    uint64_t lines = uploaded - state->uploaded;
    consume_waiting(state, size_of_lines(state, lines), lines);
    state->uploaded = uploaded;
}

static void apply_add(struct router_state *state, struct bytes lines) {
    buffer_append(&state->waiting, lines);
    state->waiting_lines += count_lines(lines);
}

static void apply_landing(struct router_state *state, struct bytes lines,
                          struct file_network_position place) {
    state->landing.size = 0;
    buffer_append(&state->landing, lines);
    state->landing_at = place;
}

// ---- writing records ------------------------------------------------------------------------

__attribute__((format(printf, 2, 3))) static void write_record(struct router_state *state,
                                                               const char *format, ...) {
    struct buffer *commit = &state->commit;
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf((char *)buffer_reserve(commit, 256), 256, format, arguments);
    va_end(arguments);
    ASSERT(size > 0 && size < 256);
    commit->size += (size_t)size;
}

static void write_bytes(struct router_state *state, const char *word, struct bytes bytes) {
    write_record(state, "%s %zu\n", word, bytes.size);
    buffer_append(&state->commit, bytes);
    buffer_append_byte(&state->commit, '\n');
}

static void write_place(struct router_state *state, const char *word,
                        const struct file_network_position *place) {
    write_record(state, "%s %llu %llu %llu %llu %llu %llu %d\n", word,
                 (unsigned long long)place->claims_id, (unsigned long long)place->epoch,
                 (unsigned long long)place->file.device, (unsigned long long)place->file.inode,
                 (unsigned long long)place->file.birth, (unsigned long long)place->offset,
                 place->skipping);
}

// What was added since the last commit; it is to stand before it is acknowledged.
static void write_waiting(struct router_state *state) {
    size_t from = state->waiting_kept > state->waiting_at ? state->waiting_kept : state->waiting_at;
    if (from < state->waiting.size) {
        write_bytes(state, "up",
                    bytes_make(state->waiting.data + from, state->waiting.size - from));
    }
    state->waiting_kept = state->waiting.size;
}

void router_state_lease(struct router_state *state, uint32_t gate, const char *secret) {
    state->gate = gate;
    memcpy(state->secret, secret, strlen(secret) + 1);
    write_record(state, "lease %u %s\n", gate, secret);
}

void router_state_acknowledge(struct router_state *state, uint64_t uploaded) {
    ASSERT(uploaded >= state->uploaded && uploaded - state->uploaded <= state->waiting_lines);
    if (uploaded != state->uploaded) {
        write_waiting(state);
        apply_acknowledge(state, uploaded);
        write_record(state, "uploaded %llu\n", (unsigned long long)uploaded);
    }
}

void router_state_renumber(struct router_state *state, uint64_t uploaded) {
    state->uploaded = uploaded;
    write_record(state, "renumber %llu\n", (unsigned long long)uploaded);
}

void router_state_drop_line(struct router_state *state) {
    ASSERT(state->waiting_lines > 0);
    write_waiting(state);
    consume_waiting(state, size_of_lines(state, 1), 1);
    write_record(state, "drop\n");
}

void router_state_add_line(struct router_state *state, struct bytes line) {
    ASSERT(line.size > 0 && line.data[line.size - 1] == '\n');
    buffer_append(&state->waiting, line);
    state->waiting_lines++;
}

void router_state_move(struct router_state *state, struct file_network_position position) {
    state->position = position;
    write_place(state, "position", &position);
}

void router_state_take(struct router_state *state, uint64_t cursor) {
    state->cursor = cursor;
    write_record(state, "cursor %llu\n", (unsigned long long)cursor);
}

static void write_landing(struct router_state *state) {
    write_place(state, "place", &state->landing_at);
    write_bytes(state, "land", buffer_bytes(&state->landing));
}

void router_state_land(struct router_state *state, struct bytes lines,
                       struct file_network_position place) {
    apply_landing(state, lines, place);
    write_landing(state);
}

void router_state_landed(struct router_state *state) {
    state->landing.size = 0;
    write_record(state, "landed\n");
}

static const char *const record_words[ROUTER_RECORDS] = {
    [ROUTER_BROKER] = "broker",   [ROUTER_NO_BROKER] = "no-broker", [ROUTER_GATE] = "gate",
    [ROUTER_NO_GATE] = "no-gate", [ROUTER_PAIR] = "pair",           [ROUTER_NO_PAIR] = "no-pair",
};

void router_state_record(struct router_state *state, const struct router_record *record) {
    write_record(state, "%s %u %u %zu\n", record_words[record->kind], record->address,
                 record->remote, record->name.size);
    buffer_append(&state->commit, record->name);
    buffer_append_byte(&state->commit, '\n');
}

// ---- reading records ------------------------------------------------------------------------

struct record {
    char word[16];
    struct bytes values;
    struct bytes bytes; // behind the line, for those that have some
};

// The line up to its LF, moving *rest behind it. False: there is none.
static bool take_line(struct bytes *rest, struct bytes *line) {
    const uint8_t *lf = rest->size > 0 ? memchr(rest->data, '\n', rest->size) : NULL;
    if (lf == NULL) {
        return false;
    }
    *line = bytes_make(rest->data, (size_t)(lf - rest->data));
    *rest = bytes_make(lf + 1, rest->size - line->size - 1);
    return true;
}

// The next value, moving *rest behind it.
static struct bytes take_value(struct bytes *rest) {
    const uint8_t *blank = rest->size > 0 ? memchr(rest->data, ' ', rest->size) : NULL;
    size_t size = blank != NULL ? (size_t)(blank - rest->data) : rest->size;
    struct bytes value = bytes_make(rest->data, size);
    size_t skip = size + (blank != NULL);
    *rest = bytes_make(rest->data + skip, rest->size - skip);
    return value;
}

// Likewise as a number; 0 if it is none up to `max`. The check saw what was written, so it is one.
static uint64_t take_number(struct bytes *rest, uint64_t max) {
    uint64_t number = 0;
    return decimal_read(take_value(rest), max, &number) ? number : 0;
}

// How many bytes stand behind the record's line, as its last value says.
static size_t size_of(const struct record *record) {
    struct bytes rest = record->values;
    uint64_t size = 0;
    while (rest.size > 0) {
        size = take_number(&rest, SIZE_MAX);
    }
    return (size_t)size;
}

static int record_kind(const char *word) {
    int kind = 0;
    while (kind < ROUTER_RECORDS && strcmp(word, record_words[kind]) != 0) {
        kind++;
    }
    return kind;
}

// The next record, moving *rest behind it. False: there is no more.
static bool take_record(struct bytes *rest, struct record *record) {
    struct bytes line;
    if (!take_line(rest, &line)) {
        return false;
    }
    const uint8_t *blank = line.size > 0 ? memchr(line.data, ' ', line.size) : NULL;
    size_t size = blank != NULL ? (size_t)(blank - line.data) : line.size;
    size_t skip = size + (blank != NULL);
    if (size >= sizeof record->word) {
        return false;
    }
    *record = (struct record){0};
    memcpy(record->word, line.data, size);
    record->values = bytes_make(line.data + skip, line.size - skip);
    bool has_bytes = strcmp(record->word, "up") == 0 || strcmp(record->word, "land") == 0 ||
                     record_kind(record->word) < ROUTER_RECORDS;
    if (!has_bytes) {
        return true;
    }
    size_t count = size_of(record);
    if (count >= rest->size) {
        return false;
    }
    record->bytes = bytes_make(rest->data, count);
    *rest = bytes_make(rest->data + count + 1, rest->size - count - 1);
    return true;
}

static uint64_t number_of(const struct record *record) {
    struct bytes rest = record->values;
    return take_number(&rest, UINT64_MAX);
}

static struct file_network_position place_of(const struct record *record) {
    struct bytes rest = record->values;
    uint64_t v[7];
    for (size_t i = 0; i < 7; i++) {
        v[i] = take_number(&rest, UINT64_MAX);
    }
    return (struct file_network_position){.claims_id = v[0],
                                          .epoch = v[1],
                                          .file = {v[2], v[3], v[4]},
                                          .offset = v[5],
                                          .skipping = v[6] != 0};
}

static void read_lease(struct router_state *state, const struct record *record) {
    struct bytes rest = record->values;
    uint64_t gate = take_number(&rest, PACKET_GATE_MAX);
    if (gate != 0 && rest.size < MASTER_SECRET_SIZE) {
        state->gate = (uint32_t)gate;
        memset(state->secret, 0, sizeof state->secret);
        memcpy(state->secret, rest.data, rest.size);
    }
}

static void read_numbers(struct router_state *state, const struct record *record) {
    uint64_t number = number_of(record);
    if (strcmp(record->word, "renumber") == 0) {
        state->uploaded = number;
    } else if (number >= state->uploaded && number - state->uploaded <= state->waiting_lines) {
        apply_acknowledge(state, number);
    }
}

static void read_record(struct router_state *state, const struct record *record) {
    const char *word = record->word;
    if (strcmp(word, "lease") == 0) {
        read_lease(state, record);
    } else if (strcmp(word, "uploaded") == 0 || strcmp(word, "renumber") == 0) {
        read_numbers(state, record);
    } else if (strcmp(word, "drop") == 0 && state->waiting_lines > 0) {
        consume_waiting(state, size_of_lines(state, 1), 1);
    } else if (strcmp(word, "up") == 0) {
        apply_add(state, record->bytes);
    } else if (strcmp(word, "position") == 0) {
        state->position = place_of(record);
    } else if (strcmp(word, "cursor") == 0) {
        state->cursor = number_of(record);
    } else if (strcmp(word, "place") == 0) {
        state->landing_at = place_of(record);
    } else if (strcmp(word, "land") == 0) {
        apply_landing(state, record->bytes, state->landing_at);
    } else if (strcmp(word, "landed") == 0) {
        state->landing.size = 0;
    }
}

struct commit {
    uint64_t size; // of its records
    uint64_t check;
    struct bytes rest; // behind the header
};

static bool read_header(struct bytes bytes, struct commit *commit) {
    if (bytes.size < HEADER_BYTES || bytes.data[HEADER_BYTES - 1] != '\n') {
        return false;
    }
    struct bytes header = bytes_make(bytes.data, HEADER_BYTES - 1);
    bool is_commit = bytes_equal(take_value(&header), BYTES_LITERAL(COMMIT_WORD));
    commit->size = take_number(&header, SIZE_MAX);
    commit->check = take_number(&header, UINT64_MAX);
    commit->rest = bytes_make(bytes.data + HEADER_BYTES, bytes.size - HEADER_BYTES);
    return is_commit;
}

// The records of the next commit that is whole, moving *rest behind it. False: there is none.
static bool take_commit(struct bytes *rest, struct bytes *records) {
    struct commit commit;
    if (!read_header(*rest, &commit) || commit.size > commit.rest.size) {
        return false;
    }
    struct bytes found = bytes_make(commit.rest.data, (size_t)commit.size);
    if (hash_bytes(found, 0) != commit.check) {
        return false;
    }
    *records = found;
    *rest = bytes_make(found.data + found.size, commit.rest.size - found.size);
    return true;
}

// Whether a whole commit stands somewhere in there. Each begins a line.
static bool has_commit(struct bytes rest) {
    static const char start[] = "\n" COMMIT_WORD " ";
    const uint8_t *at;
    while (rest.size > 0 && (at = memmem(rest.data, rest.size, start, sizeof start - 1)) != NULL) {
        struct bytes records;
        rest = bytes_make(at + 1, rest.size - (size_t)(at + 1 - rest.data));
        struct bytes candidate = rest;
        if (take_commit(&candidate, &records)) {
            return true;
        }
    }
    return false;
}

static bool is_blank(struct bytes bytes) {
    return bytes.size == 0 ||
           (bytes.data[0] == 0 && memcmp(bytes.data, bytes.data + 1, bytes.size - 1) == 0);
}

// Whether what stands behind the good commits is one that a kill cut short (or, where the machine
// stopped, blank). Anything else was changed after it was written; so was a size that leads behind
// the end although its records, or commits after it, are there.
static bool is_cut_short(struct bytes rest) {
    static const char word[] = COMMIT_WORD " ";
    struct commit commit;
    size_t size = rest.size < sizeof word - 1 ? rest.size : sizeof word - 1;
    if (is_blank(rest)) {
        return true;
    }
    if (rest.size < HEADER_BYTES) {
        return memcmp(rest.data, word, size) == 0;
    }
    return read_header(rest, &commit) && commit.size > commit.rest.size &&
           hash_bytes(commit.rest, 0) != commit.check && !has_commit(commit.rest);
}

// Returns how many bytes of the journal are good.
static size_t read_journal(struct router_state *state, bool *is_damaged) {
    struct bytes rest = buffer_bytes(&state->loaded);
    struct bytes title = BYTES_LITERAL(TITLE);
    if (!bytes_starts_with(rest, title)) {
        return 0;
    }
    rest = bytes_make(rest.data + title.size, rest.size - title.size);
    size_t good = title.size;
    struct bytes records;
    while (take_commit(&rest, &records)) {
        struct record record;
        good += HEADER_BYTES + records.size;
        while (take_record(&records, &record)) {
            read_record(state, &record);
        }
    }
    *is_damaged = !is_cut_short(rest);
    return good;
}

static void restore_commit(struct bytes records,
                           void (*give)(void *context, const struct router_record *record),
                           void *context) {
    struct record record;
    while (take_record(&records, &record)) {
        struct bytes values = record.values;
        uint32_t address = (uint32_t)take_number(&values, UINT32_MAX);
        uint32_t remote = (uint32_t)take_number(&values, UINT32_MAX);
        int kind = record_kind(record.word);
        if (kind < ROUTER_RECORDS) {
            give(context, &(struct router_record){.kind = (enum router_record_kind)kind,
                                                  .address = address,
                                                  .remote = remote,
                                                  .name = record.bytes});
        }
    }
}

void router_state_restore(struct router_state *state,
                          void (*give)(void *context, const struct router_record *record),
                          void *context) {
    size_t title = sizeof TITLE - 1;
    if (state->loaded.size > title) {
        struct bytes rest = bytes_make(state->loaded.data + title, state->loaded.size - title);
        struct bytes records;
        while (take_commit(&rest, &records)) {
            restore_commit(records, give, context);
        }
    }
    buffer_deinit(&state->loaded);
    buffer_init(&state->loaded, state->commit.memory);
}

// ---- the file -------------------------------------------------------------------------------

static bool is_the_present(const struct router_state *state) {
    struct file_status now;
    struct file_status ours;
    return file_status_of_path(state->path, &now) && file_status_of_fd(state->fd, &ours) &&
           file_identity_equal(now.identity, ours.identity);
}

// Opens the file and takes its lock; who had it may have put another in its place meanwhile.
static bool open_locked(struct router_state *state, struct file_network_error *error) {
    do {
        if (state->fd >= 0) {
            close(state->fd);
        }
        state->fd = safe_file_open(state->path, O_RDWR | O_APPEND | O_CREAT, 0600);
        if (state->fd < 0) {
            return network_error_set(error, "%s: cannot be opened: %s; name another with --state",
                                     state->path, safe_file_reason(errno));
        }
        if (!safe_file_is_own(state->fd)) {
            return network_error_set(error,
                                     "%s: belongs to another user, who could read the secret of "
                                     "the lease; name another with --state",
                                     state->path);
        }
        if (flock(state->fd, LOCK_EX | LOCK_NB) != 0) {
            return network_error_set(error,
                                     "%s: another router of this network uses it; end that one, "
                                     "or name another file with --state",
                                     state->path);
        }
    } while (!is_the_present(state));
    return true;
}

static void reset(struct router_state *state) {
    state->uploaded = state->cursor = 0;
    state->waiting.size = state->waiting_at = 0;
    state->waiting_lines = 0;
    state->landing.size = state->loaded.size = 0;
    state->position = state->landing_at = (struct file_network_position){0};
}

// Puts a damaged journal aside and begins a new one. Only the lease is taken from it, from a commit
// that is whole; an old number or place would have lines go up twice or not at all.
static bool begin_anew(struct router_state *state, size_t good, struct file_network_error *error) {
    char aside[PATH_MAX];
    if (snprintf(aside, sizeof aside, "%s.damaged", state->path) >= (int)sizeof aside ||
        rename(state->path, aside) != 0) {
        return network_error_set(error,
                                 "%s: is damaged behind byte %zu, and cannot be put aside: %s; "
                                 "move it away, or name another with --state",
                                 state->path, good, strerror(errno));
    }
    reset(state);
    (void)network_error_set(&state->notice,
                            "%s: is damaged behind byte %zu and was put aside as %s; going on "
                            "with %s: packets that were on their way may be lost or come twice",
                            state->path, good, aside,
                            state->gate != 0 ? "its lease and nothing else" : "a new lease");
    return open_locked(state, error);
}

static bool load(struct router_state *state, struct file_network_error *error) {
    struct file_status status;
    bool is_damaged = false;
    if (!file_status_of_fd(state->fd, &status)) {
        return network_error_set_errno(error, state->path, "cannot be read");
    }
    uint8_t *data = buffer_reserve(&state->loaded, status.size + 1);
    ssize_t count = pread(state->fd, data, status.size, 0);
    if (count < 0) {
        return network_error_set_errno(error, state->path, "cannot be read");
    }
    state->loaded.size = (size_t)count;
    size_t good = read_journal(state, &is_damaged);
    if (good == 0 && count > 0) {
        return network_error_set(error,
                                 "%s: is not the state of a router of this version; name another "
                                 "file with --state",
                                 state->path);
    }
    if (is_damaged) {
        return begin_anew(state, good, error);
    }
    // What was written in part, by a commit that was cut short, counts for nothing.
    if ((size_t)count > good && ftruncate(state->fd, (off_t)good) != 0) {
        return network_error_set_errno(error, state->path, "cannot be written");
    }
    state->loaded.size = state->size = good;
    state->waiting_kept = state->waiting.size;
    return true;
}

bool router_state_open(struct router_state *state, const char *path, struct memory *memory,
                       struct file_network_error *error) {
    char found[PATH_MAX];
    *state = (struct router_state){.fd = -1};
    if (!safe_file_resolve(path, found)) {
        return network_error_set(error, "%s: cannot be opened: %s; name another with --state", path,
                                 safe_file_reason(errno));
    }
    state->path = strdup(found);
    ASSERT_MESSAGE(state->path != NULL, "out of memory");
    buffer_init(&state->waiting, memory);
    buffer_init(&state->landing, memory);
    buffer_init(&state->commit, memory);
    buffer_init(&state->loaded, memory);
    if (!open_locked(state, error) || !load(state, error)) {
        router_state_close(state, false);
        return false;
    }
    return true; // with new_size 0: the first commit writes the file anew
}

void router_state_close(struct router_state *state, bool remove) {
    if (state->fd >= 0) {
        if (remove) {
            (void)unlink(state->path);
        }
        close(state->fd);
    }
    free(state->path);
    buffer_deinit(&state->waiting);
    buffer_deinit(&state->landing);
    buffer_deinit(&state->commit);
    buffer_deinit(&state->loaded);
    *state = (struct router_state){.fd = -1};
}

// ---- commits --------------------------------------------------------------------------------

bool router_state_is_changed(const struct router_state *state) {
    return state->commit.size > 0 || state->waiting_kept < state->waiting.size;
}

// All that is known, as records.
static void write_all(struct router_state *state) {
    state->commit.size = 0;
    if (state->gate != 0) {
        write_record(state, "lease %u %s\n", state->gate, state->secret);
    }
    write_record(state, "renumber %llu\n", (unsigned long long)state->uploaded);
    write_record(state, "cursor %llu\n", (unsigned long long)state->cursor);
    if (state->position.epoch != 0) {
        write_place(state, "position", &state->position);
    }
    if (state->landing.size > 0) {
        write_landing(state);
    }
    state->waiting_kept = 0;
    write_waiting(state);
    if (state->save != NULL) {
        state->save(state->save_context);
    }
}

// The records with what goes before them, in one write.
static bool write_commit(struct router_state *state, int fd, bool is_first) {
    char header[sizeof TITLE + HEADER_BYTES];
    struct bytes records = buffer_bytes(&state->commit);
    int size = snprintf(header, sizeof header, "%scommit %015zu %020llu\n", is_first ? TITLE : "",
                        records.size, (unsigned long long)hash_bytes(records, 0));
    struct iovec parts[2] = {{header, (size_t)size},
                             {(void *)(uintptr_t)records.data, records.size}};
    return writev(fd, parts, 2) == (ssize_t)((size_t)size + records.size);
}

static bool write_anew(struct router_state *state, struct file_network_error *error) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s.new", state->path) >= (int)sizeof path) {
        return network_error_set(error, "%s: the name is too long; name another with --state",
                                 state->path);
    }
    int fd = safe_file_create(path, O_RDWR | O_APPEND, 0600);
    if (fd < 0) {
        state->new_size = 0;
        return network_error_set_errno(error, path, "cannot be written");
    }
    write_all(state);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 || !write_commit(state, fd, true) ||
        rename(path, state->path) != 0) {
        (void)network_error_set_errno(error, path, "cannot be written");
        close(fd);
        state->new_size = 0;
        return false;
    }
    close(state->fd);
    state->fd = fd;
    state->size = sizeof TITLE - 1 + HEADER_BYTES + state->commit.size;
    state->new_size = NEW_BYTES + 4 * state->size;
    return true;
}

static bool write_on(struct router_state *state, struct file_network_error *error) {
    write_waiting(state);
    if (!write_commit(state, state->fd, false)) {
        (void)network_error_set_errno(error, state->path, "cannot be written");
        (void)ftruncate(state->fd, (off_t)state->size);
        state->new_size = 0; // all of it, the next time
        return false;
    }
    state->size += HEADER_BYTES + state->commit.size;
    return true;
}

bool router_state_commit(struct router_state *state, struct file_network_error *error) {
    bool is_due = state->new_size == 0 || state->size + state->commit.size > state->new_size;
    bool written = is_due ? write_anew(state, error) : write_on(state, error);
    if (written) {
        state->commit.size = 0;
    }
    return written;
}
