#include "medium/file/file_network.h"

#include "medium/file/address_claims.h"
#include "medium/file/claims_file.h"
#include "medium/file/file_alarm.h"
#include "medium/file/foreign_scan.h"
#include "medium/file/line_reader.h"
#include "medium/file/network_error.h"
#include "medium/file/network_writer.h"
#include "medium/file/safe_file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/assert.h"

#define ROUNDS_MAX 256 // of following epochs in one read: more than the ring of epochs has

// The parts that make up a network, each with a header of its own; and what is to be said once
// only.
struct file_network {
    char *path;
    bool read_only;
    bool lock_trouble_is_said;
    bool tend_trouble_is_said;
    bool claim_is_lost;
    bool path_is_sure; // it was looked at, and no notification of its folder came since
    uint32_t lost_address;
    struct file_network_error opening_notice; // to be told with the first read, or empty
    struct file_alarm alarm;
    struct claims_file file;
    struct network_writer writer;
    struct line_reader reader;
    struct address_claims claims;
};

// ---- locking -----------------------------------------------------------------------------------

static void retake_claim(struct file_network *network) {
    struct address_claims *claims = &network->claims;
    uint32_t address = claims->address;
    if (address != 0 && claims->claims_id != network->file.id && !address_claims_retake(claims)) {
        network->claim_is_lost = true;
        network->lost_address = address;
    }
}

// Takes the append lock and brings what we know in step with what there is.
static bool lock(struct file_network *network, bool create, struct file_network_error *error) {
    if (!claims_file_lock(&network->file, error)) {
        return false;
    }
    if (network->read_only) {
        return true;
    }
    uint64_t known_size = line_reader_known_size(&network->reader);
    if (!network_writer_sync(&network->writer, known_size, create, error)) {
        claims_file_unlock(&network->file);
        return false;
    }
    retake_claim(network);
    return true;
}

static void unlock(struct file_network *network) {
    claims_file_unlock(&network->file);
}

// ---- opening and closing -----------------------------------------------------------------------

static bool is_claims_file(const char *path) {
    size_t size = strlen(path);
    size_t ending = strlen(CLAIMS_ENDING);
    return size > ending && strcmp(path + size - ending, CLAIMS_ENDING) == 0;
}

// Checks the name that was given, and finds the file it stands for.
static bool resolve_path(const struct file_network_options *options, char path[static PATH_MAX],
                         struct file_network_error *error) {
    struct file_status status;
    if (options->path[0] == '\0' || strlen(options->path) >= PATH_MAX) {
        return network_error_set(error, "the name of the network is empty or too long; name a "
                                        "file with --network");
    }
    if (is_claims_file(options->path)) {
        return network_error_set(error,
                                 "%s: is a network's file of claims; name the network itself "
                                 "with --network",
                                 options->path);
    }
    if (!safe_file_resolve(options->path, path)) {
        return network_error_set_errno(error, options->path, "cannot be opened");
    }
    if (file_status_of_path(path, &status)) {
        return S_ISREG(status.mode) ||
               network_error_set(error, "%s: is not a regular file; name another with --network",
                                 options->path);
    }
    return (errno == ENOENT && !options->read_only) ||
           network_error_set_errno(error, options->path, "cannot be opened");
}

static struct file_network *allocate(const struct file_network_options *options, const char *path) {
    struct file_network *network = calloc(1, sizeof *network);
    ASSERT_MESSAGE(network != NULL, "out of memory");
    network->path = strdup(path);
    ASSERT_MESSAGE(network->path != NULL, "out of memory");
    network->read_only = options->read_only;
    claims_file_init(&network->file, network->path, options->read_only);
    network->writer = (struct network_writer){
        .path = network->path,
        .claims = &network->file,
        .rotate_bytes = options->rotate_bytes,
        .keep = options->keep,
        .fd = -1,
    };
    network->reader = (struct line_reader){
        .path = network->path,
        .claims = &network->file,
        .alarm = &network->alarm,
        .now.cursor.fd = -1,
        .before.cursor.fd = -1,
    };
    network->claims = (struct address_claims){
        .file = &network->file, .writer = &network->writer, .alarm = &network->alarm};
    return network;
}

static void release(struct file_network *network) {
    line_reader_close(&network->reader);
    network_writer_deinit(&network->writer);
    claims_file_deinit(&network->file);
    file_alarm_close(&network->alarm);
    free(network->path);
    free(network);
}

static bool open_parts(struct file_network *network, const struct file_network_options *options,
                       struct file_network_error *error) {
    if (!lock(network, true, error)) {
        return false;
    }
    bool opened = options->position != NULL
                      ? line_reader_open_at(&network->reader, options->position,
                                            &network->opening_notice, error)
                      : line_reader_open(&network->reader, options->from_start, error);
    unlock(network);
    return opened;
}

struct file_network *file_network_open(const struct file_network_options *options,
                                       struct file_network_error *error) {
    char path[PATH_MAX];
    if (!resolve_path(options, path, error)) {
        return NULL;
    }
    struct file_network *network = allocate(options, path);
    if (!file_alarm_open(&network->alarm, network->path, error) ||
        !open_parts(network, options, error)) {
        release(network);
        return NULL;
    }
    return network;
}

void file_network_close(struct file_network *network) {
    struct file_network_error ignored;
    if (network == NULL) {
        return;
    }
    if (network->claims.address != 0 && lock(network, false, &ignored)) {
        if (network->claims.address != 0) {
            address_claims_release(&network->claims);
        }
        unlock(network);
    }
    release(network);
}

// ---- claiming and appending --------------------------------------------------------------------

static bool refuse_read_only(const struct file_network *network, struct file_network_error *error) {
    return network_error_set(error, "%s: was opened only to look at it", network->path);
}

bool file_network_claim(struct file_network *network, uint32_t *address, const char *kind,
                        uint64_t unix_time, struct file_network_error *error) {
    if (network->read_only) {
        return refuse_read_only(network, error);
    }
    if (!lock(network, true, error)) {
        return false;
    }
    bool taken = address_claims_take(&network->claims, address, kind, unix_time, error);
    if (taken) {
        // Where it fails, the next read or check tries again.
        struct file_network_error ignored;
        (void)address_claims_watch(&network->claims, unix_time, &ignored);
    }
    unlock(network);
    return taken;
}

void file_network_list_foreign(struct file_network *network, void *context,
                               file_network_device *device) {
    struct claim_record records[CLAIMS_ADDRESSES + 1];
    struct file_network_error ignored; // whoever appends or reads next meets it, and tells
    if (network->read_only || !lock(network, true, &ignored)) {
        return;
    }
    foreign_scan(&network->file);
    bool known = claims_file_read_records(&network->file, records);
    unlock(network);
    for (uint32_t address = 1; known && address <= CLAIMS_ADDRESSES; address++) {
        struct claim_record *record = &records[address];
        if (record->state == CLAIM_FOREIGN) {
            record->kind[sizeof record->kind - 1] = '\0';
            device(context, address, record->kind, record->since);
        }
    }
}

bool file_network_append(struct file_network *network, struct bytes lines,
                         struct file_network_error *error) {
    ASSERT(lines.size > 0 && lines.data[lines.size - 1] == '\n');
    if (network->read_only) {
        return refuse_read_only(network, error);
    }
    if (claims_file_lock_to_append(&network->file)) {
        bool at_once = network_writer_can_append_at_once(&network->writer);
        bool appended = at_once && network_writer_append_at_once(&network->writer, lines, error);
        unlock(network);
        if (at_once) {
            return appended;
        }
    }
    if (!lock(network, true, error)) {
        return false;
    }
    bool appended = network_writer_append(&network->writer, lines, error);
    unlock(network);
    return appended;
}

// ---- reading -----------------------------------------------------------------------------------

int file_network_fd(const struct file_network *network) {
    return network->alarm.epoll;
}

static void tell_loss(struct file_network *network, const struct file_network_events *events) {
    if (network->claim_is_lost) {
        struct file_network_error notice;
        (void)network_error_set(&notice,
                                "%s: was removed, and another took address %u meanwhile; end this "
                                "session and start it again",
                                network->file.path, network->lost_address);
        network->claim_is_lost = false;
        events->notice(events->context, notice.text);
    }
}

// Says what keeps us from doing this, once until it works again.
static void tell_trouble(bool *is_said, bool works, const struct file_network_error *error,
                         const struct file_network_events *events) {
    bool was_said = *is_said;
    *is_said = !works;
    if (!works && !was_said) {
        events->notice(events->context, error->text);
    }
}

static bool lock_or_tell(struct file_network *network, const struct file_network_events *events) {
    struct file_network_error error;
    bool locked = lock(network, false, &error);
    tell_trouble(&network->lock_trouble_is_said, locked, &error, events);
    return locked;
}

static bool follow(struct file_network *network, const struct file_network_events *events) {
    struct file_network_error notice;
    if (!lock_or_tell(network, events)) {
        return false;
    }
    bool moved = line_reader_follow(&network->reader, &notice);
    unlock(network);
    if (notice.text[0] != '\0') {
        events->notice(events->context, notice.text);
    }
    return moved;
}

typedef bool tend_function(struct address_claims *claims, uint64_t unix_time,
                           struct file_network_error *error);

static void tend(struct file_network *network, tend_function *function, uint64_t unix_time,
                 const struct file_network_events *events) {
    struct file_network_error error;
    if (network->read_only || !lock_or_tell(network, events)) {
        return;
    }
    bool works = function(&network->claims, unix_time, &error);
    unlock(network);
    tell_trouble(&network->tend_trouble_is_said, works, &error, events);
}

static void answer_alarm(struct file_network *network, uint64_t unix_time,
                         const struct file_network_events *events) {
    struct file_alarm_report report = file_alarm_take(&network->alarm);
    network->path_is_sure = network->path_is_sure && !report.folder_changed;
    if (report.process_ended) {
        address_claims_note_end(&network->claims);
        tend(network, address_claims_tend, unix_time, events);
    } else if (report.folder_changed && !claims_file_is_present(&network->file)) {
        // Taking the lock makes or finds the claims file anew.
        (void)follow(network, events);
    }
}

// The header of the claims; id 0 if it cannot be used, or is not there to be looked at.
static struct claims_header peek(const struct file_network *network) {
    struct claims_header header;
    if (!claims_file_peek(&network->file, &header)) {
        header = (struct claims_header){.epoch = network->reader.epoch,
                                        .generation = network->claims.generation};
    }
    return header;
}

// Delivers up to lines_max lines, through as many epochs as it takes. True: there may be more.
// What changes after the peek is announced by a notification, or stands under the path.
static bool read_lines(struct file_network *network, size_t lines_max, struct claims_header *header,
                       const struct file_network_events *events) {
    struct line_reader *reader = &network->reader;
    // A file that was truncated and has grown again would look like one that just grew. And claims
    // that were spoilt or made anew have to be seen to.
    bool is_other = header->epoch != reader->epoch || header->id != network->file.id;
    if (is_other && line_reader_is_between_blocks(reader)) {
        (void)follow(network, events);
        *header = peek(network);
    }
    size_t count = 0;
    for (unsigned round = 0; round < ROUNDS_MAX; round++) {
        count += line_reader_deliver(reader, lines_max - count, events);
        if (count == lines_max || reader->is_paused) {
            return true;
        }
        // Who delivers lines has not been truncated.
        if (count > 0 && network->path_is_sure && header->epoch == reader->epoch) {
            break;
        }
        network->path_is_sure = !line_reader_has_to_follow(reader, header->epoch);
        if (network->path_is_sure || !follow(network, events)) {
            break;
        }
        *header = peek(network);
    }
    return false;
}

void file_network_pause(struct file_network *network) {
    network->reader.is_paused = true;
}

static void tell_opening(struct file_network *network, const struct file_network_events *events) {
    if (network->opening_notice.text[0] != '\0') {
        events->notice(events->context, network->opening_notice.text);
        network->opening_notice.text[0] = '\0';
    }
}

bool file_network_read(struct file_network *network, size_t lines_max, uint64_t unix_time,
                       const struct file_network_events *events) {
    ASSERT(lines_max > 0);
    network->reader.is_paused = false;
    tell_opening(network, events);
    answer_alarm(network, unix_time, events);
    struct claims_header header = peek(network);
    bool more = read_lines(network, lines_max, &header, events);
    if (!more && network->claims.address != 0 && header.generation != network->claims.generation) {
        tend(network, address_claims_watch, unix_time, events);
    }
    tell_loss(network, events);
    return more;
}

bool file_network_check(struct file_network *network, size_t lines_max, uint64_t unix_time,
                        const struct file_network_events *events) {
    network->path_is_sure = false;
    line_reader_age(&network->reader);
    tend(network, address_claims_tend, unix_time, events);
    bool more = file_network_read(network, lines_max, unix_time, events);
    if (!more && follow(network, events)) {
        more = true;
    }
    return more;
}

// ---- places ------------------------------------------------------------------------------------

struct file_network_position file_network_position(const struct file_network *network) {
    return line_reader_position(&network->reader);
}

// While the lock is shared no epoch begins, so file, epoch and size belong together if the file
// under the path is the present epoch's.
static bool peek_end(struct file_network *network, struct file_network_position *position) {
    struct claims_header header;
    struct file_status status;
    if (!claims_file_lock_to_append(&network->file)) {
        return false;
    }
    bool known = claims_file_peek(&network->file, &header) &&
                 file_status_of_path(network->path, &status) &&
                 file_identity_equal(status.identity, header.file) && status.size >= header.end;
    unlock(network);
    if (known) {
        *position = (struct file_network_position){.claims_id = header.id,
                                                   .epoch = header.epoch,
                                                   .file = header.file,
                                                   .offset = status.size};
    }
    return known;
}

bool file_network_is_read(struct file_network *network) {
    struct file_network_position here = line_reader_position(&network->reader);
    struct file_network_position end;
    return peek_end(network, &end) && here.claims_id == end.claims_id && here.epoch == end.epoch &&
           here.offset == end.offset;
}

bool file_network_end(struct file_network *network, struct file_network_position *position,
                      struct file_network_error *error) {
    if (peek_end(network, position)) {
        return true;
    }
    if (!lock(network, true, error)) {
        return false;
    }
    const struct claims_header *header = &network->file.header;
    *position = (struct file_network_position){.claims_id = network->file.id,
                                               .epoch = header->epoch,
                                               .file = header->file,
                                               .offset = network->writer.size};
    unlock(network);
    return true;
}
