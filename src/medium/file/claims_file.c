#include "medium/file/claims_file.h"

#include "medium/file/network_error.h"
#include "medium/file/safe_file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/decimal.h"

#define EPOCHS_AT 1024
#define EPOCHS_MAX (UINT64_C(1) << 48)
#define RECORDS_AT 8192

// Bytes that are locked, though nothing is written there.
#define APPEND_LOCK_AT 0
#define GATE_LOCK_AT 1
#define ADDRESS_LOCKS_AT 1000

static const char magic[8] = "mqttsim";

_Static_assert(sizeof(struct claims_header) <= EPOCHS_AT, "the header has its place");
_Static_assert(EPOCHS_AT + CLAIMS_EPOCHS * sizeof(struct epoch) <= RECORDS_AT, "so has the ring");

static bool write_at(const struct claims_file *claims, const void *data, size_t size, size_t at) {
    return pwrite(claims->fd, data, size, (off_t)at) == (ssize_t)size;
}

static bool read_at(const struct claims_file *claims, void *data, size_t size, size_t at) {
    return pread(claims->fd, data, size, (off_t)at) == (ssize_t)size;
}

static bool set_locks(const struct claims_file *claims, int command, short type, off_t at,
                      off_t count) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = count};
    int result;
    do {
        result = fcntl(claims->fd, command, &lock);
    } while (result < 0 && errno == EINTR);
    return result == 0;
}

// Who wants the append lock to share waits for the gate too, and leaves that open again at once.
// Who wants it alone closes the gate and waits for those who are inside. Without that, a few busy
// writers, of whom there is always one inside, would keep others waiting for seconds.
static bool lock_shared(const struct claims_file *claims) {
    return set_locks(claims, F_OFD_SETLKW, F_RDLCK, APPEND_LOCK_AT, 2) &&
           set_locks(claims, F_OFD_SETLK, F_UNLCK, GATE_LOCK_AT, 1);
}

static bool lock_alone(const struct claims_file *claims) {
    return set_locks(claims, F_OFD_SETLKW, F_WRLCK, GATE_LOCK_AT, 1) &&
           set_locks(claims, F_OFD_SETLKW, F_WRLCK, APPEND_LOCK_AT, 1) &&
           set_locks(claims, F_OFD_SETLK, F_UNLCK, GATE_LOCK_AT, 1);
}

// ---- opening -------------------------------------------------------------------------------

void claims_file_init(struct claims_file *claims, const char *network_path, bool read_only) {
    *claims = (struct claims_file){.network_path = network_path, .fd = -1, .read_only = read_only};
    int size = asprintf(&claims->path, "%s" CLAIMS_ENDING, network_path);
    ASSERT_MESSAGE(size > 0, "out of memory");
}

static void close_file(struct claims_file *claims) {
    if (claims->fd >= 0) {
        close(claims->fd);
    }
    claims->fd = -1;
}

void claims_file_deinit(struct claims_file *claims) {
    close_file(claims);
    free(claims->path);
}

static bool open_file(struct claims_file *claims) {
    int flags = claims->read_only ? O_RDONLY : O_RDWR | O_CREAT;
    claims->fd = safe_file_open(claims->path, flags, 0666);
    struct file_status status;
    if (claims->fd < 0 || !file_status_of_fd(claims->fd, &status)) {
        close_file(claims);
        return false;
    }
    claims->identity = status.identity;
    return true;
}

bool claims_file_is_present(const struct claims_file *claims) {
    struct file_status status;
    return claims->fd >= 0 && file_status_of_path(claims->path, &status) &&
           file_identity_equal(status.identity, claims->identity);
}

// The highest number of a rotated file that already stands in the folder, so that none of them is
// taken for one of ours and overwritten.
static uint64_t highest_number(const char *network_path) {
    const char *slash = strrchr(network_path, '/');
    const char *name = slash == NULL ? network_path : slash + 1;
    char folder[PATH_MAX];
    (void)snprintf(folder, sizeof folder, "%.*s", (int)(name - network_path), network_path);
    DIR *entries = opendir(slash == NULL ? "." : folder);
    uint64_t highest = 0;
    struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        struct bytes text = bytes_of_text(entry->d_name);
        size_t prefix = strlen(name) + 1;
        uint64_t number;
        if (text.size > prefix && bytes_starts_with(text, bytes_of_text(name)) &&
            text.data[prefix - 1] == '.' &&
            decimal_read(bytes_make(text.data + prefix, text.size - prefix), UINT32_MAX, &number) &&
            number > highest) {
            highest = number;
        }
    }
    if (entries != NULL) {
        closedir(entries);
    }
    return highest;
}

// The header, which makes the file valid, is written last: if we die before, the next one starts
// over. The number before the first epoch's is kept in `epoch` of an otherwise empty header.
static bool make_content(struct claims_file *claims) {
    size_t size = RECORDS_AT + (CLAIMS_ADDRESSES + 1) * sizeof(struct claim_record);
    uint8_t *zeros = calloc(1, size);
    ASSERT_MESSAGE(zeros != NULL, "out of memory");
    bool written = write_at(claims, zeros, size, 0);
    free(zeros);
    claims->header = (struct claims_header){
        .version = CLAIMS_VERSION,
        .addresses = CLAIMS_ADDRESSES,
        .epoch = highest_number(claims->network_path),
    };
    memcpy(claims->header.magic, magic, sizeof magic);
    written = written && getrandom(&claims->header.id, sizeof claims->header.id, 0) ==
                             (ssize_t)sizeof claims->header.id;
    return written && claims_file_save_header(claims);
}

// No network ever comes to so many epochs; whoever counts them up would not come to an end.
static bool is_usable(const struct claims_header *header) {
    return memcmp(header->magic, magic, sizeof magic) == 0 && header->version == CLAIMS_VERSION &&
           header->addresses == CLAIMS_ADDRESSES && header->epoch <= EPOCHS_MAX;
}

static bool is_blank(const struct claims_header *header) {
    static const struct claims_header blank;
    return memcmp(header, &blank, sizeof blank) == 0;
}

static bool load_header(struct claims_file *claims, struct file_network_error *error) {
    struct claims_header header = {0};
    ssize_t count = pread(claims->fd, &header, sizeof header, 0);
    if (count < 0) {
        return network_error_set_errno(error, claims->path, "cannot be read");
    }
    claims->header = header;
    if (is_blank(&header) && !make_content(claims)) {
        return network_error_set_errno(error, claims->path, "cannot be written");
    }
    if (!is_usable(&claims->header)) {
        return network_error_set(error,
                                 "%s: is not a claims file of version %u of this program; end the "
                                 "sessions that use it and remove it",
                                 claims->path, CLAIMS_VERSION);
    }
    claims->id = claims->header.id;
    return true;
}

// ---- locking -------------------------------------------------------------------------------

static bool lock_to_write(struct claims_file *claims, struct file_network_error *error) {
    for (;;) {
        if (claims->fd < 0 && !open_file(claims)) {
            return network_error_set_errno(error, claims->path, "cannot be opened for writing");
        }
        if (!lock_alone(claims)) {
            (void)network_error_set_errno(error, claims->path, "cannot be locked");
            claims_file_unlock(claims);
            return false;
        }
        if (claims_file_is_present(claims)) {
            break;
        }
        close_file(claims);
    }
    bool loaded = load_header(claims, error);
    if (!loaded) {
        claims_file_unlock(claims);
    }
    return loaded;
}

static void lock_to_look(struct claims_file *claims) {
    claims->header = (struct claims_header){0};
    if (!claims_file_is_present(claims)) {
        close_file(claims);
    }
    if (claims->fd < 0 && !open_file(claims)) {
        return;
    }
    (void)lock_shared(claims);
    if (!claims_file_peek(claims, &claims->header)) {
        claims->header = (struct claims_header){0};
    }
    claims->id = claims->header.id;
}

bool claims_file_lock(struct claims_file *claims, struct file_network_error *error) {
    if (!claims->read_only) {
        return lock_to_write(claims, error);
    }
    lock_to_look(claims);
    return true;
}

bool claims_file_lock_to_append(const struct claims_file *claims) {
    return claims->fd >= 0 && lock_shared(claims);
}

void claims_file_unlock(struct claims_file *claims) {
    if (claims->fd >= 0) {
        (void)set_locks(claims, F_OFD_SETLK, F_UNLCK, APPEND_LOCK_AT, 2);
    }
}

// ---- header, epochs, records ---------------------------------------------------------------

bool claims_file_peek(const struct claims_file *claims, struct claims_header *header) {
    return claims->fd >= 0 && read_at(claims, header, sizeof *header, 0) && is_usable(header);
}

bool claims_file_save_header(struct claims_file *claims) {
    return write_at(claims, &claims->header, sizeof claims->header, 0);
}

static size_t epoch_at(uint64_t number) {
    return EPOCHS_AT + (size_t)(number % CLAIMS_EPOCHS) * sizeof(struct epoch);
}

bool claims_file_begin_epoch(struct claims_file *claims, enum epoch_kind kind,
                             struct file_identity file) {
    struct claims_header *header = &claims->header;
    struct epoch epoch = {.number = header->epoch + 1, .kind = kind, .file = file};
    if (!write_at(claims, &epoch, sizeof epoch, epoch_at(epoch.number))) {
        return false;
    }
    header->epoch = epoch.number;
    header->file = file;
    header->end = 0;
    return claims_file_save_header(claims);
}

struct epoch claims_file_epoch(const struct claims_file *claims, uint64_t number) {
    struct epoch epoch;
    bool found = claims->fd >= 0 && read_at(claims, &epoch, sizeof epoch, epoch_at(number)) &&
                 epoch.number == number;
    return found ? epoch : (struct epoch){0};
}

static size_t record_at(uint32_t address) {
    ASSERT(address <= CLAIMS_ADDRESSES);
    return RECORDS_AT + address * sizeof(struct claim_record);
}

bool claims_file_read_records(const struct claims_file *claims,
                              struct claim_record records[CLAIMS_ADDRESSES + 1]) {
    return read_at(claims, records, (CLAIMS_ADDRESSES + 1) * sizeof *records, record_at(0));
}

bool claims_file_write_record(struct claims_file *claims, uint32_t address,
                              const struct claim_record *record) {
    claims->header.generation++;
    return write_at(claims, record, sizeof *record, record_at(address)) &&
           claims_file_save_header(claims);
}

bool claims_file_take_address(const struct claims_file *claims, uint32_t address) {
    return set_locks(claims, F_OFD_SETLK, F_WRLCK, ADDRESS_LOCKS_AT + (off_t)address, 1);
}

void claims_file_release_address(const struct claims_file *claims, uint32_t address) {
    (void)set_locks(claims, F_OFD_SETLK, F_UNLCK, ADDRESS_LOCKS_AT + (off_t)address, 1);
}

bool claims_file_is_held_by_other(const struct claims_file *claims, uint32_t address) {
    struct flock lock = {.l_type = F_WRLCK,
                         .l_whence = SEEK_SET,
                         .l_start = ADDRESS_LOCKS_AT + (off_t)address,
                         .l_len = 1};
    return fcntl(claims->fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}
