#include "session/router/router_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

#define TITLE "mqttsim-router-state 2\n"
#define COMMIT_WORD "commit"
#define HEADER_BYTES 44 // "commit SIZE CHECK\n", always that long
#define NEW_BYTES (1024u * 1024)

// The session's own records, behind those of the roles.
enum own_record {
    OWN_POSITION = UPLINK_RECORDS, // a place in the network: up to there it was read
    OWN_PLACE,                     // likewise: behind it the lines of the next record go
    OWN_APPEND,                    // lines that are about to be appended there
    OWN_APPENDED,                  // they were
    OWN_RECORDS,
};

#define PLACE_NUMBERS 7

static const struct journal_kind own_kinds[OWN_RECORDS - UPLINK_RECORDS] = {
    [OWN_POSITION - UPLINK_RECORDS] = {"position", PLACE_NUMBERS, 0},
    [OWN_PLACE - UPLINK_RECORDS] = {"place", PLACE_NUMBERS, 0},
    [OWN_APPEND - UPLINK_RECORDS] = {"land", 0, 1},
    [OWN_APPENDED - UPLINK_RECORDS] = {"landed", 0, 0},
};

static const struct journal_kind *row_of(unsigned kind) {
    ASSERT(kind < OWN_RECORDS);
    return kind < UPLINK_RECORDS ? &uplink_journal_kinds[kind] : &own_kinds[kind - UPLINK_RECORDS];
}

// ---- writing records ------------------------------------------------------------------------

static void write_number(struct buffer *out, uint64_t number) {
    buffer_append_byte(out, ' ');
    buffer_append_decimal(out, number);
}

static void write_record(void *context, const struct journal_record *record) {
    struct router_journal *journal = context;
    const struct journal_kind *row = row_of(record->kind);
    struct buffer *out = &journal->commit;
    buffer_append_text(out, row->word);
    for (unsigned i = 0; i < row->numbers; i++) {
        write_number(out, record->number[i]);
    }
    for (unsigned i = 0; i < row->texts; i++) {
        write_number(out, record->text[i].size);
    }
    buffer_append_byte(out, '\n');
    for (unsigned i = 0; i < row->texts; i++) {
        buffer_append(out, record->text[i]);
        buffer_append_byte(out, '\n');
    }
}

static void write_place(struct router_journal *journal, enum own_record kind,
                        const struct file_network_position *place) {
    struct journal_record record = {.kind = kind,
                                    .number = {place->claims_id, place->epoch, place->file.device,
                                               place->file.inode, place->file.birth, place->offset,
                                               place->skipping}};
    write_record(journal, &record);
}

void router_journal_move(struct router_journal *journal, struct file_network_position position) {
    journal->position = position;
    write_place(journal, OWN_POSITION, &position);
}

static void set_pending(struct router_journal *journal, struct bytes lines) {
    journal->pending.size = 0;
    buffer_append(&journal->pending, lines);
}

static void write_pending(struct router_journal *journal) {
    struct bytes lines = buffer_bytes(&journal->pending);
    write_place(journal, OWN_PLACE, &journal->pending_at);
    write_record(journal, &(struct journal_record){.kind = OWN_APPEND, .text = {lines}});
}

void router_journal_append(struct router_journal *journal, struct bytes lines,
                           struct file_network_position place) {
    set_pending(journal, lines);
    journal->pending_at = place;
    write_pending(journal);
}

void router_journal_appended(struct router_journal *journal) {
    journal->pending.size = 0;
    write_record(journal, &(struct journal_record){.kind = OWN_APPENDED});
}

// ---- reading records ------------------------------------------------------------------------

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

static unsigned kind_named(struct bytes word) {
    unsigned kind = 0;
    while (kind < OWN_RECORDS && !bytes_equal(word, bytes_of_text(row_of(kind)->word))) {
        kind++;
    }
    return kind;
}

// The text of that size, moving *rest behind it and its LF. False: it is not all there.
static bool take_text(struct bytes *rest, size_t size, struct bytes *text) {
    if (size >= rest->size) {
        return false;
    }
    *text = bytes_make(rest->data, size);
    *rest = bytes_make(rest->data + size + 1, rest->size - size - 1);
    return true;
}

// The next record, moving *rest behind it. False: there is no more.
static bool take_record(struct bytes *rest, struct journal_record *record) {
    struct bytes line;
    if (!take_line(rest, &line)) {
        return false;
    }
    *record = (struct journal_record){.kind = kind_named(take_value(&line))};
    if (record->kind == OWN_RECORDS) {
        return false;
    }
    const struct journal_kind *row = row_of(record->kind);
    bool is_whole = true;
    for (unsigned i = 0; i < row->numbers; i++) {
        record->number[i] = take_number(&line, UINT64_MAX);
    }
    for (unsigned i = 0; i < row->texts && is_whole; i++) {
        is_whole = take_text(rest, (size_t)take_number(&line, SIZE_MAX), &record->text[i]);
    }
    return is_whole;
}

static struct file_network_position place_of(const struct journal_record *record) {
    const uint64_t *number = record->number;
    return (struct file_network_position){.claims_id = number[0],
                                          .epoch = number[1],
                                          .file = {number[2], number[3], number[4]},
                                          .offset = number[5],
                                          .skipping = number[6] != 0};
}

static void read_own(struct router_journal *journal, const struct journal_record *record) {
    switch ((enum own_record)record->kind) {
    case OWN_POSITION:
        journal->position = place_of(record);
        break;
    case OWN_PLACE:
        journal->pending_at = place_of(record);
        break;
    case OWN_APPEND:
        set_pending(journal, record->text[0]);
        break;
    case OWN_APPENDED:
        journal->pending.size = 0;
        break;
    case OWN_RECORDS:
        break;
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
static size_t read_journal(struct router_journal *journal, bool *is_damaged) {
    struct bytes rest = buffer_bytes(&journal->loaded);
    struct bytes title = BYTES_LITERAL(TITLE);
    if (!bytes_starts_with(rest, title)) {
        return 0;
    }
    rest = bytes_make(rest.data + title.size, rest.size - title.size);
    size_t good = title.size;
    struct bytes records;
    while (take_commit(&rest, &records)) {
        struct journal_record record;
        good += HEADER_BYTES + records.size;
        while (take_record(&records, &record)) {
            read_own(journal, &record);
        }
    }
    *is_damaged = !is_cut_short(rest);
    return good;
}

void router_journal_restore(const struct router_journal *journal, journal_receiver *take,
                            void *context) {
    size_t title = sizeof TITLE - 1;
    if (journal->loaded.size <= title) {
        return;
    }
    struct bytes rest = bytes_make(journal->loaded.data + title, journal->loaded.size - title);
    struct bytes records;
    while (take_commit(&rest, &records)) {
        struct journal_record record;
        while (take_record(&records, &record)) {
            if (record.kind < UPLINK_RECORDS) {
                take(context, &record);
            }
        }
    }
}

void router_journal_forget(struct router_journal *journal) {
    buffer_deinit(&journal->loaded);
    buffer_init(&journal->loaded, journal->commit.memory);
}

// ---- commits --------------------------------------------------------------------------------

struct header {
    char text[sizeof TITLE + HEADER_BYTES];
    size_t size;
};

static struct header header_of(struct bytes records, bool is_first) {
    struct header header;
    int size =
        snprintf(header.text, sizeof header.text, "%s" COMMIT_WORD " %015zu %020llu\n",
                 is_first ? TITLE : "", records.size, (unsigned long long)hash_bytes(records, 0));
    header.size = (size_t)size;
    return header;
}

// The records with what goes before them, in one write.
static bool write_commit(struct router_journal *journal, int fd, bool is_first) {
    struct bytes records = buffer_bytes(&journal->commit);
    struct header header = header_of(records, is_first);
    struct iovec parts[2] = {{header.text, header.size},
                             {(void *)(uintptr_t)records.data, records.size}};
    return writev(fd, parts, 2) == (ssize_t)(header.size + records.size);
}

// All that is known, as records.
static void write_all(struct router_journal *journal) {
    journal->commit.size = 0;
    if (journal->snapshot != NULL) {
        journal->snapshot(journal->snapshot_context, write_record, journal);
    }
    if (journal->position.epoch != 0) {
        write_place(journal, OWN_POSITION, &journal->position);
    }
    if (journal->pending.size > 0) {
        write_pending(journal);
    }
}

static bool write_anew(struct router_journal *journal, struct file_network_error *error) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s.new", journal->path) >= (int)sizeof path) {
        return network_error_set(error, "%s: the name is too long; name another with --state",
                                 journal->path);
    }
    int fd = safe_file_create(path, O_RDWR | O_APPEND, 0600);
    if (fd < 0) {
        journal->new_size = 0;
        return network_error_set_errno(error, path, "cannot be written");
    }
    write_all(journal);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 || !write_commit(journal, fd, true) ||
        rename(path, journal->path) != 0) {
        (void)network_error_set_errno(error, path, "cannot be written");
        close(fd);
        journal->new_size = 0;
        return false;
    }
    close(journal->fd);
    journal->fd = fd;
    journal->size = sizeof TITLE - 1 + HEADER_BYTES + journal->commit.size;
    journal->new_size = NEW_BYTES + 4 * journal->size;
    return true;
}

static bool write_on(struct router_journal *journal, struct file_network_error *error) {
    if (!write_commit(journal, journal->fd, false)) {
        (void)network_error_set_errno(error, journal->path, "cannot be written");
        (void)!ftruncate(journal->fd, (off_t)journal->size);
        journal->new_size = 0; // all of it, the next time
        return false;
    }
    journal->size += HEADER_BYTES + journal->commit.size;
    return true;
}

bool router_journal_commit(struct router_journal *journal, struct file_network_error *error) {
    bool is_due =
        journal->new_size == 0 || journal->size + journal->commit.size > journal->new_size;
    bool written = is_due ? write_anew(journal, error) : write_on(journal, error);
    if (written) {
        journal->commit.size = 0;
        journal_set_durable(&journal->journal, journal->journal.appended);
    } else {
        journal_set_failed(&journal->journal);
    }
    return written;
}

// ---- the file -------------------------------------------------------------------------------

static bool is_the_present(const struct router_journal *journal) {
    struct file_status now;
    struct file_status ours;
    return file_status_of_path(journal->path, &now) && file_status_of_fd(journal->fd, &ours) &&
           file_identity_equal(now.identity, ours.identity);
}

// Opens the file and takes its lock; who had it may have put another in its place meanwhile.
static bool open_locked(struct router_journal *journal, struct file_network_error *error) {
    do {
        if (journal->fd >= 0) {
            close(journal->fd);
        }
        journal->fd = safe_file_open(journal->path, O_RDWR | O_APPEND | O_CREAT, 0600);
        if (journal->fd < 0) {
            return network_error_set(error, "%s: cannot be opened: %s; name another with --state",
                                     journal->path, safe_file_reason(errno));
        }
        if (!safe_file_is_own(journal->fd)) {
            return network_error_set(error,
                                     "%s: belongs to another user, who could read the secret of "
                                     "the lease; name another with --state",
                                     journal->path);
        }
        if (flock(journal->fd, LOCK_EX | LOCK_NB) != 0) {
            return network_error_set(error,
                                     "%s: another router of this network uses it; end that one, "
                                     "or name another file with --state",
                                     journal->path);
        }
    } while (!is_the_present(journal));
    return true;
}

struct last_lease {
    uint64_t gate; // 0: none
    char secret[GATE_SECRET_TEXT_SIZE];
    size_t secret_size;
};

static void note_lease(void *context, const struct journal_record *record) {
    struct last_lease *lease = context;
    struct bytes secret = record->text[0];
    if (record->kind == UPLINK_LEASED && secret.size > 0 && secret.size <= sizeof lease->secret) {
        lease->gate = record->number[0];
        lease->secret_size = secret.size;
        memcpy(lease->secret, secret.data, secret.size);
    }
}

// Of all that was loaded only the last lease stays, from a commit that is whole. Returns its gate.
static uint64_t reduce_to_lease(struct router_journal *journal) {
    struct last_lease lease = {0};
    router_journal_restore(journal, note_lease, &lease);
    journal->pending.size = journal->loaded.size = 0;
    journal->position = journal->pending_at = (struct file_network_position){0};
    if (lease.gate != 0) {
        struct bytes secret = bytes_make(lease.secret, lease.secret_size);
        write_record(journal, &(struct journal_record){
                                  .kind = UPLINK_LEASED, .number = {lease.gate}, .text = {secret}});
        struct header header = header_of(buffer_bytes(&journal->commit), true);
        buffer_append(&journal->loaded, bytes_make(header.text, header.size));
        buffer_append(&journal->loaded, buffer_bytes(&journal->commit));
        journal->commit.size = 0;
    }
    return lease.gate;
}

// Puts a damaged journal aside and begins a new one. Only the lease is taken from it; an old number
// or place would have lines go up twice or not at all.
static bool begin_anew(struct router_journal *journal, size_t good,
                       struct file_network_error *error) {
    char aside[PATH_MAX];
    if (snprintf(aside, sizeof aside, "%s.damaged", journal->path) >= (int)sizeof aside ||
        rename(journal->path, aside) != 0) {
        return network_error_set(error,
                                 "%s: is damaged behind byte %zu, and cannot be put aside: %s; "
                                 "move it away, or name another with --state",
                                 journal->path, good, strerror(errno));
    }
    uint64_t gate = reduce_to_lease(journal);
    (void)network_error_set(&journal->notice,
                            "%s: is damaged behind byte %zu and was put aside as %s; going on "
                            "with %s: packets that were on their way may be lost or come twice",
                            journal->path, good, aside,
                            gate != 0 ? "its lease and nothing else" : "a new lease");
    return open_locked(journal, error);
}

static bool load(struct router_journal *journal, struct file_network_error *error) {
    struct file_status status;
    bool is_damaged = false;
    if (!file_status_of_fd(journal->fd, &status)) {
        return network_error_set_errno(error, journal->path, "cannot be read");
    }
    uint8_t *data = buffer_reserve(&journal->loaded, status.size + 1);
    ssize_t count = pread(journal->fd, data, status.size, 0);
    if (count < 0) {
        return network_error_set_errno(error, journal->path, "cannot be read");
    }
    journal->loaded.size = (size_t)count;
    size_t good = read_journal(journal, &is_damaged);
    if (good == 0 && count > 0) {
        return network_error_set(error,
                                 "%s: is not the state of a router of this version; name another "
                                 "file with --state",
                                 journal->path);
    }
    if (is_damaged) {
        return begin_anew(journal, good, error);
    }
    // What was written in part, by a commit that was cut short, counts for nothing.
    if ((size_t)count > good && ftruncate(journal->fd, (off_t)good) != 0) {
        return network_error_set_errno(error, journal->path, "cannot be written");
    }
    journal->loaded.size = journal->size = good;
    return true;
}

bool router_journal_open(struct router_journal *journal, const char *path, struct memory *memory,
                         struct file_network_error *error) {
    char found[PATH_MAX];
    *journal =
        (struct router_journal){.fd = -1, .journal = {.append = write_record, .context = journal}};
    if (!safe_file_resolve(path, found)) {
        return network_error_set(error, "%s: cannot be opened: %s; name another with --state", path,
                                 safe_file_reason(errno));
    }
    journal->path = strdup(found);
    ASSERT_MESSAGE(journal->path != NULL, "out of memory");
    buffer_init(&journal->pending, memory);
    buffer_init(&journal->commit, memory);
    buffer_init(&journal->loaded, memory);
    if (!open_locked(journal, error) || !load(journal, error)) {
        router_journal_close(journal, false);
        return false;
    }
    return true; // with new_size 0: the first commit writes the file anew
}

void router_journal_close(struct router_journal *journal, bool remove) {
    if (journal->fd >= 0) {
        if (remove) {
            (void)unlink(journal->path);
        }
        close(journal->fd);
    }
    free(journal->path);
    buffer_deinit(&journal->pending);
    buffer_deinit(&journal->commit);
    buffer_deinit(&journal->loaded);
    *journal = (struct router_journal){.fd = -1};
}
