#include "medium/file/line_reader.h"

#include "medium/file/network_error.h"
#include "medium/file/network_writer.h"
#include "medium/file/safe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"

#define CHECKS_OF_BEFORE_MAX 2

// ---- one file ----------------------------------------------------------------------------------

static const struct followed_file none = {.cursor.fd = -1, .watch = -1};

static void let_go(struct line_reader *reader, struct followed_file *followed) {
    if (followed->cursor.fd >= 0) {
        file_alarm_unwatch_file(reader->alarm, followed->watch);
        close(followed->cursor.fd);
    }
    if (reader->source == followed) {
        reader->block.at = reader->block.end = 0;
    }
    *followed = none;
}

// Opens and watches what stands under the path, if it is `wanted` (NULL: whatever it is) and not
// the file we are in: a file has one watch, which must not end twice.
static bool open_followed(struct line_reader *reader, const char *path,
                          const struct file_identity *wanted, struct followed_file *out) {
    *out = none;
    struct file_status status;
    int fd = safe_file_open(path, O_RDONLY, 0);
    if (fd < 0) {
        return false;
    }
    if (!file_status_of_fd(fd, &status) || file_identity_equal(status.identity, reader->now.file) ||
        (wanted != NULL && !file_identity_equal(status.identity, *wanted))) {
        close(fd);
        errno = EINVAL;
        return false;
    }
    out->cursor.fd = fd;
    out->file = status.identity;
    out->watch = file_alarm_watch_file(reader->alarm, fd, path);
    if (out->watch < 0) {
        close(fd);
        *out = none;
    }
    return out->cursor.fd >= 0;
}

static void start_at_end(struct followed_file *followed) {
    struct file_status status;
    uint8_t last = '\n';
    if (file_status_of_fd(followed->cursor.fd, &status) && status.size > 0) {
        followed->cursor.offset = followed->seen_end = status.size;
        (void)pread(followed->cursor.fd, &last, 1, (off_t)status.size - 1);
    }
    followed->cursor.skipping = last != '\n';
}

static void begin(struct line_reader *reader, uint64_t epoch) {
    reader->block = (struct line_block){.data = malloc(LINE_BLOCK_BYTES)};
    ASSERT_MESSAGE(reader->block.data != NULL, "out of memory");
    reader->source = &reader->now;
    reader->epoch = epoch;
    reader->claims_id = reader->claims->id;
}

bool line_reader_open(struct line_reader *reader, bool from_start,
                      struct file_network_error *error) {
    reader->before = none;
    if (!open_followed(reader, reader->path, NULL, &reader->now)) {
        return network_error_set_errno(error, reader->path, "cannot be read");
    }
    begin(reader, reader->claims->header.epoch);
    if (!from_start) {
        start_at_end(&reader->now);
    }
    return true;
}

// ---- going on at a position --------------------------------------------------------------------

// The file of that epoch, if it still stands where the epoch left it.
static bool open_epoch(struct line_reader *reader, uint64_t number) {
    char away[NETWORK_PATH_ROOM];
    network_rotated_path(away, reader->path, number);
    uint64_t present = reader->claims->header.epoch;
    struct epoch epoch = claims_file_epoch(reader->claims, number);
    struct epoch next = claims_file_epoch(reader->claims, number + 1);
    bool is_truncated = number < present && next.number != 0 && next.kind == EPOCH_TRUNCATED;
    return epoch.number != 0 && !is_truncated &&
           open_followed(reader, number == present ? reader->path : away, &epoch.file,
                         &reader->now);
}

// Opens the file of the position's epoch, or of the first one after it that is there, and returns
// the epoch's number; 0: there is none.
static uint64_t open_oldest(struct line_reader *reader,
                            const struct file_network_position *position) {
    uint64_t present = reader->claims->header.epoch;
    uint64_t number = position->epoch;
    if (position->claims_id != reader->claims->id || number > present) {
        // The claims file was made anew, which leaves the present file what it was.
        number = present;
    } else if (present - number >= CLAIMS_EPOCHS) {
        number = present - CLAIMS_EPOCHS + 1;
    }
    while (number <= present && !open_epoch(reader, number)) {
        number++;
    }
    return number <= present ? number : 0;
}

static bool stands_in(const struct file_network_position *position,
                      const struct line_reader *reader, uint64_t epoch) {
    struct file_status status;
    bool is_same_life = position->claims_id != reader->claims->id || position->epoch == epoch;
    return is_same_life && file_identity_equal(position->file, reader->now.file) &&
           file_status_of_fd(reader->now.cursor.fd, &status) && status.size >= position->offset;
}

bool line_reader_open_at(struct line_reader *reader, const struct file_network_position *position,
                         struct file_network_error *notice, struct file_network_error *error) {
    notice->text[0] = '\0';
    reader->before = none;
    uint64_t epoch = open_oldest(reader, position);
    if (epoch == 0) {
        return network_error_set_errno(error, reader->path, "cannot be read");
    }
    begin(reader, epoch);
    if (stands_in(position, reader, epoch)) {
        reader->now.cursor.offset = reader->now.seen_end = position->offset;
        reader->now.cursor.skipping = position->skipping;
    } else {
        (void)network_error_set(notice,
                                "%s: the place up to which it was read is gone (the file was "
                                "removed, replaced or truncated); packets behind that place may "
                                "be lost; going on with the oldest that are there",
                                reader->path);
    }
    return true;
}

struct file_network_position line_reader_position(const struct line_reader *reader) {
    return (struct file_network_position){.claims_id = reader->claims_id,
                                          .epoch = reader->epoch,
                                          .file = reader->now.file,
                                          .offset = reader->now.cursor.offset,
                                          .skipping = reader->now.cursor.skipping};
}

void line_reader_close(struct line_reader *reader) {
    let_go(reader, &reader->before);
    let_go(reader, &reader->now);
    free(reader->block.data);
    reader->block.data = NULL;
}

// ---- delivering --------------------------------------------------------------------------------

static bool refill_from(struct line_reader *reader, struct followed_file *followed) {
    if (followed->cursor.fd < 0) {
        return false;
    }
    size_t size = line_block_fill(&reader->block, &followed->cursor);
    uint64_t end = followed->cursor.offset + size;
    bool is_more = end > followed->seen_end;
    followed->seen_end = end;
    reader->source = followed;
    reader->is_at_end = size < LINE_BLOCK_BYTES && followed == &reader->now;
    if (!is_more) {
        reader->block.end = 0;
    }
    return is_more;
}

size_t line_reader_deliver(struct line_reader *reader, size_t lines_max,
                           const struct file_network_events *events) {
    size_t count = 0;
    reader->is_at_end = false;
    do {
        struct bytes line;
        while (count < lines_max && !reader->is_paused &&
               line_block_next(&reader->block, &reader->source->cursor, &line)) {
            events->line(events->context, line);
            count++;
        }
    } while (count < lines_max && !reader->is_paused && !reader->is_at_end &&
             (refill_from(reader, &reader->before) || refill_from(reader, &reader->now)));
    return count;
}

// ---- following ---------------------------------------------------------------------------------

uint64_t line_reader_known_size(const struct line_reader *reader) {
    const struct claims_header *header = &reader->claims->header;
    bool is_present = reader->epoch == header->epoch && reader->claims_id == reader->claims->id &&
                      file_identity_equal(reader->now.file, header->file);
    return is_present ? reader->now.cursor.offset : 0;
}

bool line_reader_has_to_follow(const struct line_reader *reader, uint64_t epoch) {
    struct file_status status;
    return epoch != reader->epoch || !file_status_of_path(reader->path, &status) ||
           !file_identity_equal(status.identity, reader->now.file) ||
           status.size < reader->now.cursor.offset;
}

// What happened on the way, for one notice about all of it.
struct incident {
    bool replaced;
    bool truncated;
    bool missing;
    uint64_t epochs_lost;
};

static void restart(struct line_reader *reader, struct incident *incident) {
    reader->now.cursor = (struct line_cursor){.fd = reader->now.cursor.fd};
    reader->now.seen_end = 0;
    reader->block.at = reader->block.end = 0;
    incident->truncated = true;
}

static bool switch_to(struct line_reader *reader, const char *path,
                      const struct file_identity *wanted) {
    struct followed_file next;
    let_go(reader, &reader->before);
    if (!open_followed(reader, path, wanted, &next)) {
        return false;
    }
    reader->before = reader->now;
    reader->now = next;
    reader->source = &reader->now;
    reader->block.at = reader->block.end = 0;
    reader->checks_of_before = 0;
    return true;
}

static bool has_grown(const struct followed_file *followed) {
    struct file_status status;
    return file_status_of_fd(followed->cursor.fd, &status) && status.size > followed->seen_end;
}

static bool enter_file_of(struct line_reader *reader, const struct epoch *epoch,
                          struct incident *incident) {
    char away[NETWORK_PATH_ROOM];
    network_rotated_path(away, reader->path, epoch->number);
    bool is_present = epoch->number == reader->claims->header.epoch;
    if (epoch->number == 0 || !switch_to(reader, is_present ? reader->path : away, &epoch->file)) {
        incident->epochs_lost += !is_present;
        return false;
    }
    incident->replaced |= epoch->kind == EPOCH_REPLACED;
    return true;
}

// Goes through the epochs since ours up to the first that has a file to read.
static bool follow_epochs(struct line_reader *reader, struct incident *incident) {
    bool moved = false;
    uint64_t behind = reader->claims->header.epoch - reader->epoch;
    if (reader->epoch < reader->claims->header.epoch && behind > CLAIMS_EPOCHS) {
        incident->epochs_lost = behind - CLAIMS_EPOCHS;
        reader->epoch += incident->epochs_lost;
    }
    while (!moved && reader->epoch < reader->claims->header.epoch) {
        struct epoch next = claims_file_epoch(reader->claims, reader->epoch + 1);
        if (next.number != 0 && file_identity_equal(next.file, reader->now.file)) {
            moved = next.kind == EPOCH_TRUNCATED && !reader->truncation_is_followed;
            if (moved) {
                restart(reader, incident);
            }
        } else if (has_grown(&reader->now)) {
            return true; // written between our last look and the rotation
        } else {
            moved = enter_file_of(reader, &next, incident);
        }
        reader->truncation_is_followed = false;
        reader->epoch++;
    }
    return moved;
}

// For what no epoch tells: nobody registers them where all are of another make or only look.
static bool follow_path(struct line_reader *reader, struct incident *incident) {
    struct file_status status;
    if (!file_status_of_path(reader->path, &status)) {
        incident->missing = !reader->missing_is_said;
        reader->missing_is_said = true;
        return false;
    }
    if (!file_identity_equal(status.identity, reader->now.file)) {
        bool has_to_read_on = has_grown(&reader->now);
        incident->replaced = !has_to_read_on && switch_to(reader, reader->path, NULL);
        return has_to_read_on || incident->replaced;
    }
    if (status.size < reader->now.cursor.offset) {
        restart(reader, incident);
        reader->truncation_is_followed = true;
        return true;
    }
    reader->missing_is_said = false;
    return false;
}

static void tell(struct line_reader *reader, const struct incident *incident,
                 struct file_network_error *notice) {
    if (incident->missing) {
        network_error_set(notice, "%s: was deleted; it is made again with the next packet",
                          reader->path);
    } else if (incident->epochs_lost > 0) {
        network_error_set(notice,
                          "%s: reading fell behind; %llu rotated file(s) were gone and their "
                          "packets are lost; keep more of them (--keep) or bigger ones (--rotate)",
                          reader->path, (unsigned long long)incident->epochs_lost);
    } else if (incident->truncated) {
        network_error_set(notice, "%s: was truncated; going on from its start", reader->path);
    } else if (incident->replaced && !reader->missing_is_said) {
        network_error_set(notice, "%s: was replaced by another file; going on from its start",
                          reader->path);
    }
    reader->missing_is_said &= !incident->replaced;
}

// The claims file was made anew: its numbers mean nothing to us. If our file is not the present
// one, the path leads there.
static void find_place_again(struct line_reader *reader) {
    const struct claims_header *header = &reader->claims->header;
    reader->epoch = header->epoch;
    reader->truncation_is_followed = false;
    reader->claims_id = reader->claims->id;
}

bool line_reader_follow(struct line_reader *reader, struct file_network_error *notice) {
    notice->text[0] = '\0';
    if (!line_reader_is_between_blocks(reader)) {
        return true;
    }
    if (reader->claims_id != reader->claims->id) {
        find_place_again(reader);
    }
    struct incident incident = {0};
    bool moved = follow_epochs(reader, &incident) || follow_path(reader, &incident);
    tell(reader, &incident, notice);
    return moved;
}

void line_reader_age(struct line_reader *reader) {
    if (reader->before.cursor.fd >= 0 && ++reader->checks_of_before >= CHECKS_OF_BEFORE_MAX) {
        let_go(reader, &reader->before);
    }
}
