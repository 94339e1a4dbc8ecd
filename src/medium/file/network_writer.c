#include "medium/file/network_writer.h"

#include "medium/file/network_error.h"
#include "medium/file/safe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define RESERVE_BYTES (256u * 1024)

void network_rotated_path(char out[NETWORK_PATH_ROOM], const char *path, uint64_t number) {
    (void)snprintf(out, NETWORK_PATH_ROOM, "%s.%llu", path, (unsigned long long)number);
}

void network_writer_deinit(struct network_writer *writer) {
    if (writer->fd >= 0) {
        close(writer->fd);
    }
    writer->fd = -1;
}

// ---- which file --------------------------------------------------------------------------------

static bool open_path(struct network_writer *writer, int flags) {
    network_writer_deinit(writer);
    writer->fd = safe_file_open(writer->path, O_RDWR | O_APPEND | flags, 0666);
    struct file_status status;
    if (writer->fd < 0 || !file_status_of_fd(writer->fd, &status)) {
        return false;
    }
    writer->file = status.identity;
    writer->size = status.size;
    writer->reserved_to = writer->whole_to = 0;
    return true;
}

static bool find_present(struct network_writer *writer, bool create, struct file_status *status,
                         struct file_network_error *error) {
    writer->missing = false;
    if (file_status_of_path(writer->path, status)) {
        return S_ISREG(status->mode) ||
               network_error_set(error,
                                 "%s: is not a regular file; remove it or name another with "
                                 "--network",
                                 writer->path);
    }
    if (errno == ENOENT && !create) {
        writer->missing = true;
        return true;
    }
    if (errno != ENOENT || !open_path(writer, O_CREAT)) {
        return network_error_set_errno(error, writer->path, "cannot be opened for appending");
    }
    status->identity = writer->file;
    status->size = writer->size;
    return true;
}

// If a process died in the middle of a rotation, the file of the present epoch is already away.
static bool was_rotated_away(const struct network_writer *writer) {
    const struct claims_header *header = &writer->claims->header;
    char away[NETWORK_PATH_ROOM];
    network_rotated_path(away, writer->path, header->epoch);
    struct file_status status;
    return file_status_of_path(away, &status) && file_identity_equal(status.identity, header->file);
}

static bool begin_epoch(struct network_writer *writer, enum epoch_kind kind,
                        struct file_identity file, struct file_network_error *error) {
    writer->reserved_to = writer->whole_to = 0;
    return claims_file_begin_epoch(writer->claims, kind, file) ||
           network_error_set_errno(error, writer->claims->path, "cannot be written");
}

// How big the present epoch's file once was, as far as anyone here knows.
static uint64_t former_size(const struct network_writer *writer, uint64_t known_size) {
    const struct claims_header *header = &writer->claims->header;
    bool is_ours =
        writer->epoch == header->epoch && file_identity_equal(writer->file, header->file);
    uint64_t size = is_ours && writer->size > header->end ? writer->size : header->end;
    return size > known_size ? size : known_size;
}

static bool sync_epoch(struct network_writer *writer, const struct file_status *status,
                       uint64_t known_size, struct file_network_error *error) {
    struct claims_header *header = &writer->claims->header;
    if (header->file.inode == 0) {
        return begin_epoch(writer, EPOCH_FIRST, status->identity, error);
    }
    if (!file_identity_equal(header->file, status->identity)) {
        enum epoch_kind kind = was_rotated_away(writer) ? EPOCH_ROTATED : EPOCH_REPLACED;
        return begin_epoch(writer, kind, status->identity, error);
    }
    if (status->size < former_size(writer, known_size)) {
        return begin_epoch(writer, EPOCH_TRUNCATED, status->identity, error);
    }
    header->end = status->size; // to be saved when there is more to save
    return true;
}

bool network_writer_sync(struct network_writer *writer, uint64_t known_size, bool create,
                         struct file_network_error *error) {
    struct file_status status;
    if (!find_present(writer, create, &status, error)) {
        return false;
    }
    if (writer->missing) {
        return true;
    }
    if (!sync_epoch(writer, &status, known_size, error)) {
        return false;
    }
    writer->epoch = writer->claims->header.epoch;
    writer->size = status.size;
    return true;
}

// ---- rotation ----------------------------------------------------------------------------------

// Only what our epochs put there is removed.
static void remove_old(const struct network_writer *writer, uint64_t last_kept_away) {
    for (uint64_t back = 0; back < CLAIMS_EPOCHS && back < last_kept_away; back++) {
        uint64_t number = last_kept_away - back;
        struct epoch epoch = claims_file_epoch(writer->claims, number);
        char path[NETWORK_PATH_ROOM];
        network_rotated_path(path, writer->path, number);
        struct file_status status;
        if (epoch.number == number && file_status_of_path(path, &status) &&
            file_identity_equal(status.identity, epoch.file)) {
            (void)unlink(path);
        }
    }
}

// A file that cannot be moved just grows on: losing packets would be worse.
static bool rotate(struct network_writer *writer, struct file_network_error *error) {
    uint64_t number = writer->claims->header.epoch;
    char away[NETWORK_PATH_ROOM];
    network_rotated_path(away, writer->path, number);
    struct file_status old;
    if (!file_status_of_path(writer->path, &old) || !S_ISREG(old.mode) ||
        rename(writer->path, away) != 0) {
        return true;
    }
    // Another make may have created it in this moment: then we go on with that one.
    if (!open_path(writer, O_CREAT)) {
        (void)network_error_set_errno(error, writer->path, "cannot be created after rotation");
        (void)renameat2(AT_FDCWD, away, AT_FDCWD, writer->path, RENAME_NOREPLACE);
        return false;
    }
    (void)fchmod(writer->fd, old.mode & 0777);
    if (!begin_epoch(writer, EPOCH_ROTATED, writer->file, error)) {
        return false;
    }
    writer->epoch = writer->claims->header.epoch;
    if (number > writer->keep) {
        remove_old(writer, number - writer->keep);
    }
    return true;
}

// ---- appending ---------------------------------------------------------------------------------

// Has the disk set room aside, a good piece at a time, so that a full disk is noticed before the
// first byte of a batch is visible to anyone. Where the file system cannot do that, `withdraw` is
// left to clean up.
static bool reserve(struct network_writer *writer, uint64_t more) {
    uint64_t end = writer->size + more;
    if (end <= writer->reserved_to) {
        return true;
    }
    uint64_t ahead = (end / RESERVE_BYTES + 1) * RESERVE_BYTES;
    off_t from = (off_t)writer->size;
    if (fallocate(writer->fd, FALLOC_FL_KEEP_SIZE, from, (off_t)(ahead - writer->size)) == 0 ||
        (errno != ENOSPC && errno != EDQUOT)) {
        writer->reserved_to = ahead;
        return true;
    }
    return fallocate(writer->fd, FALLOC_FL_KEEP_SIZE, from, (off_t)more) == 0;
}

// Whether another make left a line without its end, which would swallow ours.
static bool has_torn_end(const struct network_writer *writer) {
    uint8_t last;
    return writer->size > 0 && writer->size != writer->whole_to &&
           pread(writer->fd, &last, 1, (off_t)writer->size - 1) == 1 && last != '\n';
}

// A short write is blanked out with empty lines, which mean nothing. It is not cut off: others may
// have appended behind it, and a reader may have come past its beginning.
static void withdraw(struct network_writer *writer, size_t count) {
    uint8_t blank[4096];
    memset(blank, '\n', sizeof blank);
    off_t at = lseek(writer->fd, 0, SEEK_CUR) - (off_t)count;
    int flags = fcntl(writer->fd, F_GETFL);
    (void)fcntl(writer->fd, F_SETFL, flags & ~O_APPEND);
    while (count > 0) {
        size_t size = count < sizeof blank ? count : sizeof blank;
        ssize_t done = pwrite(writer->fd, blank, size, at);
        if (done <= 0) {
            break; // what remains is torn; the next append puts an LF before its lines
        }
        count -= (size_t)done;
        at += done;
    }
    (void)fcntl(writer->fd, F_SETFL, flags);
}

bool network_writer_append_at_once(struct network_writer *writer, struct bytes lines,
                                   struct file_network_error *error) {
    struct iovec parts[2] = {{(void *)(uintptr_t) "\n", 1},
                             {(void *)(uintptr_t)lines.data, lines.size}};
    bool torn = has_torn_end(writer);
    size_t size = lines.size + torn;
    if (!reserve(writer, size)) {
        return network_error_set_errno(error, writer->path, "nothing was appended");
    }
    ssize_t written = writev(writer->fd, torn ? parts : parts + 1, 1 + torn);
    if (written == (ssize_t)size) {
        writer->size += size;
        writer->whole_to = writer->size;
        return true;
    }
    if (written >= 0) {
        withdraw(writer, (size_t)written);
        return network_error_set(error,
                                 "%s: nothing was appended: no room for all of it; make room on "
                                 "the disk or raise the limit on file sizes (ulimit -f)",
                                 writer->path);
    }
    return network_error_set_errno(error, writer->path, "nothing was appended");
}

static bool is_due_for_rotation(const struct network_writer *writer, uint64_t size) {
    return writer->rotate_bytes > 0 && size >= writer->rotate_bytes;
}

bool network_writer_append(struct network_writer *writer, struct bytes lines,
                           struct file_network_error *error) {
    if (is_due_for_rotation(writer, writer->size) && !rotate(writer, error)) {
        return false;
    }
    bool is_open =
        writer->fd >= 0 && file_identity_equal(writer->file, writer->claims->header.file);
    if (!is_open && !open_path(writer, 0)) {
        return network_error_set_errno(error, writer->path, "cannot be opened for appending");
    }
    if (!network_writer_append_at_once(writer, lines, error)) {
        return false;
    }
    writer->claims->header.end = writer->size;
    (void)claims_file_save_header(writer->claims);
    return true;
}

bool network_writer_can_append_at_once(struct network_writer *writer) {
    struct file_status status;
    bool can = writer->fd >= 0 && file_status_of_path(writer->path, &status) &&
               file_identity_equal(status.identity, writer->file) && status.size >= writer->size &&
               !is_due_for_rotation(writer, status.size);
    if (can) {
        writer->size = status.size;
    }
    return can;
}
