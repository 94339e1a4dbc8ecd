#include "medium/capture/tap_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "medium/capture/capture_pcap.h"
#include "medium/capture/tap_format.h"
#include "medium/file/file_alarm.h"
#include "medium/file/file_status.h"
#include "medium/file/network_error.h"

#define TURN_BYTES (256u * 1024)
#define TURN_FRAMES 512
#define PLACE_BYTES 128 // more than a packet's head, which has its time

// One file after the other under the same path. Of pcapng the bytes that are no whole block yet
// wait in `bytes`; a file of pcap is libpcap's, from its whole head on.
struct tap_reader {
    const char *path;
    struct tap_blocks *blocks;
    struct file_alarm alarm;
    struct buffer bytes;       // not taken yet
    struct capture_pcap *pcap; // NULL: the file is pcapng, or there is none
    bool is_broken;            // until the next file
    int fd;                    // -1: there is no file
    int watch;
    struct file_identity file;
    uint64_t offset;
    uint8_t place[PLACE_BYTES]; // what stands before `offset`
    bool missing_is_said;
    const struct tap_events *events; // while it is read
};

static int open_regular(const char *path) {
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(fd);
        errno = EISDIR;
        return -1;
    }
    return fd;
}

static bool ends_with(const char *path, const char *end) {
    size_t size = strlen(path);
    return size > strlen(end) && strcmp(path + size - strlen(end), end) == 0;
}

static bool has_name_of_tap(const char *path) {
    return ends_with(path, ".pcapng") || ends_with(path, ".pcap");
}

bool tap_reader_is_for(const char *path) {
    uint32_t magic = 0;
    int fd = open_regular(path);
    if (fd < 0) {
        return errno == ENOENT && has_name_of_tap(path);
    }
    ssize_t size = pread(fd, &magic, sizeof magic, 0);
    close(fd);
    return size == 0 ? has_name_of_tap(path)
                     : size == (ssize_t)sizeof magic &&
                           (magic == PCAPNG_SECTION || capture_pcap_begins(magic));
}

// ---- the file -------------------------------------------------------------------------------

static void let_go(struct tap_reader *reader) {
    if (reader->fd >= 0) {
        file_alarm_unwatch_file(&reader->alarm, reader->watch);
        close(reader->fd);
    }
    capture_pcap_close(reader->pcap);
    reader->pcap = NULL;
    reader->is_broken = false;
    reader->fd = -1;
    reader->offset = 0;
    reader->bytes.size = 0;
}

// False with errno set if there is none that can be read.
static bool enter(struct tap_reader *reader) {
    struct file_status status;
    reader->fd = open_regular(reader->path);
    if (reader->fd < 0) {
        return false;
    }
    reader->watch = file_alarm_watch_file(&reader->alarm, reader->fd, reader->path);
    if (file_status_of_fd(reader->fd, &status)) {
        reader->file = status.identity;
    }
    reader->missing_is_said = false;
    return true;
}

struct tap_reader *tap_reader_open(const char *path, struct memory *memory,
                                   struct file_network_error *error) {
    struct file_alarm alarm;
    if (!file_alarm_open(&alarm, path, error)) {
        return NULL;
    }
    struct tap_reader *reader = memory_allocate(memory, sizeof *reader);
    *reader = (struct tap_reader){
        .path = path, .blocks = tap_blocks_create(memory), .alarm = alarm, .fd = -1, .watch = -1};
    buffer_init(&reader->bytes, memory);
    if (!enter(reader) && errno != ENOENT) {
        (void)network_error_set_errno(error, path, "cannot be read");
        tap_reader_close(reader);
        return NULL;
    }
    return reader;
}

void tap_reader_close(struct tap_reader *reader) {
    if (reader == NULL) {
        return;
    }
    struct memory *memory = reader->bytes.memory;
    let_go(reader);
    file_alarm_close(&reader->alarm);
    tap_blocks_destroy(reader->blocks);
    buffer_deinit(&reader->bytes);
    memory_free(memory, reader, sizeof *reader);
}

int tap_reader_fd(const struct tap_reader *reader) {
    return reader->alarm.epoll;
}

// ---- reading --------------------------------------------------------------------------------

// Passes on what the blocks say, with the file's name before it.
static void receive_notice(void *context, const char *text) {
    const struct tap_reader *reader = context;
    struct file_network_error notice;
    (void)network_error_set(&notice, "%s: %s", reader->path, text);
    reader->events->notice(reader->events->context, notice.text);
}

static void receive_event(void *context, const struct tap_event *event) {
    const struct tap_reader *reader = context;
    reader->events->event(reader->events->context, event);
}

static size_t place_size(const struct tap_reader *reader) {
    return reader->offset < PLACE_BYTES ? (size_t)reader->offset : PLACE_BYTES;
}

// Whether the file was truncated, and may have grown again past the place where we are.
static bool has_begun_anew(const struct tap_reader *reader) {
    uint8_t place[PLACE_BYTES];
    size_t size = place_size(reader);
    return pread(reader->fd, place, size, (off_t)(reader->offset - size)) != (ssize_t)size ||
           memcmp(place, reader->place, size) != 0;
}

// Moves on behind what was read.
static void move_on(struct tap_reader *reader, const uint8_t *data, size_t size) {
    size_t have = place_size(reader);
    size_t more = size < PLACE_BYTES ? size : PLACE_BYTES;
    size_t kept = have < PLACE_BYTES - more ? have : PLACE_BYTES - more;
    memmove(reader->place, reader->place + have - kept, kept);
    memcpy(reader->place + kept, data + size - more, more);
    reader->offset += size;
}

// Takes the next bytes of the file; false: there are none.
static bool take_blocks(struct tap_reader *reader, const struct tap_events *events) {
    uint8_t *room = buffer_reserve(&reader->bytes, TURN_BYTES);
    ssize_t size = pread(reader->fd, room, TURN_BYTES, (off_t)reader->offset);
    if (size <= 0) {
        return false;
    }
    move_on(reader, room, (size_t)size);
    reader->bytes.size += (size_t)size;
    buffer_consume(&reader->bytes,
                   tap_blocks_take(reader->blocks, buffer_bytes(&reader->bytes), events));
    return true;
}

static void break_off(struct tap_reader *reader, const char *why) {
    struct file_network_error notice;
    (void)network_error_set(&notice, "what follows is not shown: %s", why);
    reader->is_broken = true;
    receive_notice(reader, notice.text);
}

static bool take_frames(struct tap_reader *reader, const struct tap_events *events) {
    uint64_t before = reader->offset;
    enum capture_pcap_state state =
        capture_pcap_read(reader->pcap, TURN_FRAMES, reader->blocks, events);
    reader->offset = capture_pcap_offset(reader->pcap);
    size_t size = place_size(reader);
    // If it was cut meanwhile, the next look finds something else there.
    (void)!pread(reader->fd, reader->place, size, (off_t)(reader->offset - size));
    if (state == CAPTURE_PCAP_BROKEN) {
        break_off(reader, capture_pcap_error(reader->pcap));
    }
    return reader->offset > before;
}

// Makes libpcap's of a file that begins as its own, once its head is there.
static bool open_pcap(struct tap_reader *reader) {
    char why[CAPTURE_PCAP_WHY_SIZE];
    reader->pcap = capture_pcap_open(reader->fd, why);
    if (reader->pcap == NULL && why[0] != '\0') {
        break_off(reader, why);
    }
    return reader->pcap != NULL;
}

static bool is_pcap(const struct tap_reader *reader) {
    uint32_t magic;
    return reader->offset == 0 &&
           pread(reader->fd, &magic, sizeof magic, 0) == (ssize_t)sizeof magic &&
           capture_pcap_begins(magic);
}

static bool take_more(struct tap_reader *reader, const struct tap_events *events) {
    if (reader->is_broken) {
        return false;
    }
    if (reader->pcap == NULL && is_pcap(reader)) {
        return open_pcap(reader) && take_frames(reader, events);
    }
    return reader->pcap != NULL ? take_frames(reader, events) : take_blocks(reader, events);
}

static void begin_anew(struct tap_reader *reader, const char *what,
                       const struct tap_events *events) {
    let_go(reader);
    tap_blocks_restart(reader->blocks, events);
    receive_notice(reader, what);
}

// Another file stands there: one that the broker began goes on with the connections of ours.
static void go_over(struct tap_reader *reader) {
    let_go(reader);
    tap_blocks_follow(reader->blocks);
    receive_notice(reader, "was replaced by another file; going on from its start");
}

// What stands under the path, once our file is read to its end. True: there is more to read.
static bool follow_path(struct tap_reader *reader, const struct tap_events *events) {
    struct file_status status;
    if (!file_status_behind_path(reader->path, &status)) {
        if (!reader->missing_is_said) {
            reader->missing_is_said = true;
            receive_notice(reader, "is not there; it is read when it comes");
        }
        return false;
    }
    if (reader->fd >= 0 && file_identity_equal(status.identity, reader->file)) {
        if (status.size >= reader->offset && !has_begun_anew(reader)) {
            return false;
        }
        begin_anew(reader, "was truncated; going on from its start", events);
    } else if (reader->fd >= 0) {
        if (take_more(reader, events)) {
            return true; // written between our last look and the change
        }
        go_over(reader);
    }
    return enter(reader);
}

bool tap_reader_read(struct tap_reader *reader, const struct tap_events *events) {
    struct tap_events own = {reader, receive_event, receive_notice};
    reader->events = events;
    (void)file_alarm_take(&reader->alarm);
    return (reader->fd >= 0 && !has_begun_anew(reader) && take_more(reader, &own)) ||
           follow_path(reader, &own);
}

void tap_reader_flush(struct tap_reader *reader, const struct tap_events *events) {
    struct tap_events own = {reader, receive_event, receive_notice};
    reader->events = events;
    tap_blocks_flush(reader->blocks, &own);
}
