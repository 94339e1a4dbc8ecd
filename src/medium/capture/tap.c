#include "medium/capture/tap.h"

#include "medium/file/file_status.h"
#include "medium/file/safe_file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "base/map.h"
#include "medium/capture/tap_format.h"

#define FLUSH_BYTES (1u << 20) // collected before they are written without being asked
#define SEGMENT_MAX (UINT16_MAX - IPV4_BYTES - TCP_BYTES)
#define PACKET_HEAD_BYTES 28 // of an enhanced packet block
#define UNIX_PORT_FIRST 1024u
#define UNIX_PORTS (UINT16_MAX + 1u - UNIX_PORT_FIRST)
#define PLACE_MAX 64
#define NANOSECONDS 9         // the exponent of if_tsresol
#define OPTION_BYTES_MAX 4400 // a path, and what stands around it
#define KIND_MAX 16

struct tap_stream {
    uint64_t number;
    struct tap_address ends[2]; // by direction: where those bytes come from
    uint16_t ports[2];
    uint32_t next[2]; // sequence numbers
};

// A capture that is being written: records gather in `out` and are appended as one, at `end`.
// Where the file reaches `limit` a new one begins, with a section like the first. After a
// failure `fd` is -1, nothing is written any more, and `error` is told once.
struct tap {
    struct memory memory;
    struct buffer out;
    struct map places; // of streams, by their number
    struct tap_stream *streams;
    uint32_t count;
    uint32_t capacity;
    // Who writes, as it stands in the interface of each section.
    char kind[KIND_MAX]; // empty: nobody said
    uint8_t name[TAP_OWNER_NAME_MAX];
    size_t name_bytes;
    uint32_t address;
    const char *network;
    int fd;              // -1: it failed
    uint64_t head_bytes; // of the file's first section
    uint64_t end;        // of what stands in the file whole
    uint64_t limit;      // 0: none
    bool is_told;
    struct tap_error error;
    char path[PATH_MAX]; // of the file itself: links are resolved
};

static bool fail(struct tap_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(struct tap_error *error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}

// ---- the file -------------------------------------------------------------------------------

static uint8_t *put(uint8_t *out, const void *data, size_t size) {
    memcpy(out, data, size);
    return out + size;
}

static uint8_t *put_word(uint8_t *out, uint32_t word) {
    return put(out, &word, sizeof word);
}

static uint8_t *put_option(uint8_t *out, uint16_t code, struct bytes value) {
    const uint16_t head[] = {code, (uint16_t)value.size};
    ASSERT(value.size <= OPTION_BYTES_MAX);
    out = put(out, head, sizeof head);
    if (value.size > 0) {
        out = put(out, value.data, value.size);
    }
    return put(out, (const uint8_t[4]){0}, -value.size % 4);
}

// Room for a block of unknown size; end_block writes the size at both of its ends.
static uint8_t *begin_block(struct buffer *out, uint32_t type) {
    return put_word(put_word(buffer_reserve(out, OPTION_BYTES_MAX + 256), type), 0);
}

static void end_block(struct buffer *out, uint8_t *end) {
    uint8_t *begin = out->data + out->size;
    uint32_t size = (uint32_t)(end - begin) + 4;
    put_word(begin + 4, size);
    put_word(end, size);
    out->size += size;
}

static void append_section(struct buffer *out, bool continues) {
    const uint16_t version[] = {1, 0};
    const uint64_t unknown_length = UINT64_MAX;
    uint8_t *at = put_word(begin_block(out, PCAPNG_SECTION), PCAPNG_ORDER);
    at = put(put(at, version, sizeof version), &unknown_length, sizeof unknown_length);
    if (continues) {
        at = put_option(at, PCAPNG_OPTION_COMMENT, BYTES_LITERAL(TAP_CONTINUES));
        at = put_word(at, 0); // the end of options
    }
    end_block(out, at);
}

static uint8_t *put_owner(uint8_t *at, const struct tap *tap) {
    char text[KIND_MAX + 16];
    char network[PATH_MAX + sizeof TAP_NETWORK];
    (void)snprintf(text, sizeof text, tap->address == 0 ? "%s" : "%s %u", tap->kind, tap->address);
    at = put_option(at, PCAPNG_OPTION_IF_NAME, bytes_of_text(text));
    if (tap->name_bytes > 0) {
        at = put_option(at, PCAPNG_OPTION_IF_TEXT, bytes_make(tap->name, tap->name_bytes));
    }
    if (tap->network != NULL) {
        (void)snprintf(network, sizeof network, "%s%s", TAP_NETWORK, tap->network);
        at = put_option(at, PCAPNG_OPTION_COMMENT, bytes_of_text(network));
    }
    return at;
}

static void append_interface(const struct tap *tap, struct buffer *out) {
    const uint16_t link[] = {PCAPNG_LINK_RAW, 0};
    const uint8_t exponent[] = {NANOSECONDS};
    uint8_t *at = put(begin_block(out, PCAPNG_INTERFACE), link, sizeof link);
    at = put_word(at, 0); // packets are never cut
    at = put_option(at, PCAPNG_OPTION_RESOLUTION, bytes_make(exponent, sizeof exponent));
    at = tap->kind[0] == '\0' ? at : put_owner(at, tap);
    end_block(out, put_word(at, 0)); // the end of options
}

// A section and its one interface, in the machine's byte order.
static void append_head(const struct tap *tap, bool continues, struct buffer *out) {
    append_section(out, continues);
    append_interface(tap, out);
}

// Whether a capture ends with a whole block. It does not if the machine stopped while one was
// written.
static bool ends_whole(int fd, uint64_t size) {
    uint32_t length = 0;
    uint32_t same = 0;
    return size >= PCAPNG_BLOCK_MIN && pread(fd, &length, 4, (off_t)size - 4) == 4 &&
           length >= PCAPNG_BLOCK_MIN && length <= size &&
           pread(fd, &same, 4, (off_t)(size - length) + 4) == 4 && same == length;
}

static bool check_file(struct tap *tap, struct tap_error *error) {
    struct stat status;
    uint32_t magic = 0;
    if (fstat(tap->fd, &status) != 0 || !safe_file_is_own(tap->fd)) {
        return fail(error,
                    "%s: belongs to another user, who could read the passwords that pass; name "
                    "another file",
                    tap->path);
    }
    if (flock(tap->fd, LOCK_EX | LOCK_NB) != 0) {
        return fail(error, "%s: is another program's tap; name another file", tap->path);
    }
    tap->end = (uint64_t)status.st_size;
    if (tap->end == 0) {
        return true;
    }
    if (pread(tap->fd, &magic, sizeof magic, 0) != (ssize_t)sizeof magic ||
        magic != PCAPNG_SECTION) {
        return fail(error, "%s: is there and is no capture (pcapng); remove it or name another",
                    tap->path);
    }
    return ends_whole(tap->fd, tap->end) ||
           fail(error, "%s: its last packet is cut short; remove it or name another", tap->path);
}

static bool fail_to_open(struct tap_error *error, const char *path) {
    return fail(error,
                "%s: the tap cannot be written: %s; name a file in a folder where you may write",
                path, safe_file_reason(errno));
}

static bool open_file(struct tap *tap, struct tap_error *error) {
    tap->fd = safe_file_open(tap->path, O_RDWR | O_APPEND | O_CREAT, 0600);
    if (tap->fd < 0) {
        return fail_to_open(error, tap->path);
    }
    if (!check_file(tap, error)) {
        close(tap->fd);
        tap->fd = -1;
        return false;
    }
    return true;
}

// Takes back what was written of blocks that are not whole.
static void stop(struct tap *tap) {
    (void)fail(&tap->error,
               "%s: the tap ends here, since it cannot be written: %s; see to it and start again",
               tap->path, strerror(errno));
    (void)!ftruncate(tap->fd, (off_t)tap->end);
    close(tap->fd);
    tap->fd = -1;
}

static void write_all(struct tap *tap, struct bytes bytes) {
    size_t done = 0;
    while (tap->fd >= 0 && done < bytes.size) {
        ssize_t written = write(tap->fd, bytes.data + done, bytes.size - done);
        if (written < 0 && errno != EINTR) {
            stop(tap);
        }
        done += written > 0 ? (size_t)written : 0;
    }
    tap->end += tap->fd >= 0 ? done : 0;
}

static void write_head(struct tap *tap, bool continues) {
    struct buffer head;
    buffer_init(&head, &tap->memory);
    append_head(tap, continues, &head);
    write_all(tap, buffer_bytes(&head));
    tap->head_bytes = head.size;
    buffer_deinit(&head);
}

// ---- another file ---------------------------------------------------------------------------

// Whether the path leads to our file still, and how big that is.
static bool is_in_place(const struct tap *tap, uint64_t *size) {
    struct file_status ours;
    struct file_status there;
    bool is_there = file_status_of_fd(tap->fd, &ours) && file_status_of_path(tap->path, &there) &&
                    file_identity_equal(ours.identity, there.identity);
    *size = is_there ? there.size : 0;
    return is_there;
}

// Begins a capture in what stands under the path now. False: *error says why, and the former file
// is gone on with, if there is one.
static bool begin_file(struct tap *tap, struct tap_error *error) {
    int former = tap->fd;
    uint64_t former_end = tap->end;
    if (!open_file(tap, error)) {
        tap->fd = former;
        tap->end = former_end;
        return false;
    }
    if (former >= 0) {
        close(former);
    }
    tap->is_told = false;
    write_head(tap, true);
    return true;
}

// Truncated by somebody: the file has no head any more, or its last block may be cut.
static bool go_on_truncated(struct tap *tap, uint64_t size, struct tap_error *error) {
    if (size > 0 && !ends_whole(tap->fd, size)) {
        return fail(error, "%s: was cut within a packet; move it away and send SIGHUP", tap->path);
    }
    tap->end = size;
    write_head(tap, true);
    return true;
}

static bool put_aside(const struct tap *tap) {
    char aside[PATH_MAX];
    int size = snprintf(aside, sizeof aside, "%s.1", tap->path);
    if (size >= (int)sizeof aside) {
        errno = ENAMETOOLONG;
        return false;
    }
    return rename(tap->path, aside) == 0;
}

static void keep_limit(struct tap *tap, uint64_t more) {
    uint64_t size;
    if (tap->limit == 0 || tap->fd < 0 || tap->end + more <= tap->limit ||
        tap->end <= tap->head_bytes) {
        return;
    }
    // Whoever moved the file away meanwhile did what we were about to do.
    bool is_away = !is_in_place(tap, &size) || put_aside(tap);
    if (!is_away || !begin_file(tap, &tap->error)) {
        if (!is_away) {
            (void)fail(&tap->error, "%s: the tap ends here, since it cannot be moved to %s.1: %s",
                       tap->path, tap->path, strerror(errno));
        }
        close(tap->fd);
        tap->fd = -1;
    }
}

// Blocks behind a head that is gone would be no capture.
static void note_truncation(struct tap *tap) {
    struct file_status status;
    if (tap->fd >= 0 && file_status_of_fd(tap->fd, &status) && status.size < tap->end &&
        !go_on_truncated(tap, status.size, &tap->error)) {
        close(tap->fd);
        tap->fd = -1;
    }
}

static void write_out(struct tap *tap) {
    if (tap->out.size > 0) {
        note_truncation(tap);
        keep_limit(tap, tap->out.size);
        write_all(tap, buffer_bytes(&tap->out));
        tap->out.size = 0;
    }
}

void tap_limit(struct tap *tap, uint64_t bytes) {
    tap->limit = bytes;
}

bool tap_follow(struct tap *tap, struct tap_error *said) {
    uint64_t size;
    said->text[0] = '\0';
    if (tap->fd >= 0 && is_in_place(tap, &size)) {
        bool is_truncated = size < tap->end;
        if (is_truncated && !go_on_truncated(tap, size, said)) {
            return false;
        }
        write_out(tap);
        (void)(is_truncated && fail(said, "%s: the tap begins anew, where it was cut", tap->path));
        return true;
    }
    write_out(tap); // what came until now belongs to the former file
    if (!begin_file(tap, said)) {
        return false;
    }
    (void)fail(said, "%s: the tap begins a new file", tap->path);
    return true;
}

struct tap *tap_open(const char *path, struct tap_error *error) {
    struct tap *tap = calloc(1, sizeof *tap);
    if (tap == NULL) {
        (void)fail(error, "%s: no memory for the tap", path);
        return NULL;
    }
    if (!safe_file_resolve(path, tap->path)) {
        (void)fail_to_open(error, path);
        free(tap);
        return NULL;
    }
    memory_init(&tap->memory);
    buffer_init(&tap->out, &tap->memory);
    map_init(&tap->places, &tap->memory, 0);
    tap->fd = -1;
    if (!open_file(tap, error)) {
        tap_close(tap);
        return NULL;
    }
    write_head(tap, false);
    if (tap->fd < 0) {
        *error = tap->error;
        tap_close(tap);
        return NULL;
    }
    return tap;
}

void tap_close(struct tap *tap) {
    if (tap == NULL) {
        return;
    }
    write_out(tap);
    if (tap->fd >= 0) {
        close(tap->fd);
    }
    memory_free(&tap->memory, tap->streams, tap->capacity * sizeof *tap->streams);
    map_deinit(&tap->places);
    buffer_deinit(&tap->out);
    free(tap);
}

const char *tap_flush(struct tap *tap) {
    write_out(tap);
    bool has_to_tell = tap->fd < 0 && !tap->is_told;
    tap->is_told |= has_to_tell;
    return has_to_tell ? tap->error.text : NULL;
}

void tap_set_owner(struct tap *tap, const struct tap_owner *owner) {
    (void)snprintf(tap->kind, sizeof tap->kind, "%s", owner->kind);
    tap->address = owner->address;
    tap->network = owner->network;
    tap->name_bytes = owner->name.size < TAP_OWNER_NAME_MAX ? owner->name.size : TAP_OWNER_NAME_MAX;
    if (tap->name_bytes > 0) {
        memcpy(tap->name, owner->name.data, tap->name_bytes);
    }
    if (tap->fd >= 0) {
        append_head(tap, true, &tap->out); // what comes belongs to another section
    }
}

// ---- packets --------------------------------------------------------------------------------

struct segment {
    enum tap_direction direction;
    uint8_t flags;
    struct bytes payload;
    uint64_t unix_ns;
    const struct tap_note *note; // NULL: none
};

static uint8_t *put_short(uint8_t *out, uint16_t number) {
    out[0] = (uint8_t)(number >> 8);
    out[1] = (uint8_t)number;
    return out + 2;
}

static uint8_t *put_long(uint8_t *out, uint32_t number) {
    return put_short(put_short(out, (uint16_t)(number >> 16)), (uint16_t)number);
}

// The sum of RFC 1071, not folded yet.
static uint64_t sum_of(const uint8_t *data, size_t size) {
    uint64_t sum = 0;
    for (size_t i = 0; i + 1 < size; i += 2) {
        sum += (uint32_t)data[i] << 8 | data[i + 1];
    }
    return size % 2 == 0 ? sum : sum + ((uint32_t)data[size - 1] << 8);
}

static uint16_t checksum_of(uint64_t sum) {
    while (sum > UINT16_MAX) {
        sum = (sum & UINT16_MAX) + (sum >> 16);
    }
    return (uint16_t)~sum;
}

static size_t address_bytes(const struct tap_stream *stream) {
    return stream->ends[0].is_v6 ? 16 : 4;
}

static uint8_t *put_addresses(uint8_t *out, const struct tap_stream *stream,
                              enum tap_direction direction) {
    size_t size = address_bytes(stream);
    return put(put(out, stream->ends[direction].bytes, size), stream->ends[!direction].bytes, size);
}

static uint8_t *put_ipv4(uint8_t *out, const struct tap_stream *stream,
                         enum tap_direction direction, size_t tcp_bytes) {
    static const uint8_t middle[] = {0, 0, 0x40, 0, 64, IP_PROTOCOL_TCP, 0, 0};
    uint8_t *at = out;
    *at++ = 0x45;
    *at++ = 0;
    at = put_short(at, (uint16_t)(IPV4_BYTES + tcp_bytes));
    at = put_addresses(put(at, middle, sizeof middle), stream, direction);
    put_short(out + 10, checksum_of(sum_of(out, IPV4_BYTES)));
    return at;
}

static uint8_t *put_ipv6(uint8_t *out, const struct tap_stream *stream,
                         enum tap_direction direction, size_t tcp_bytes) {
    out = put_short(put_long(out, 0x60000000), (uint16_t)tcp_bytes);
    *out++ = IP_PROTOCOL_TCP;
    *out++ = 64;
    return put_addresses(out, stream, direction);
}

static uint8_t *put_tcp(uint8_t *out, const struct tap_stream *stream,
                        const struct segment *segment) {
    enum tap_direction direction = segment->direction;
    bool acknowledges = (segment->flags & TAP_FLAG_ACK) != 0;
    uint8_t *at = put_short(put_short(out, stream->ports[direction]), stream->ports[!direction]);
    at = put_long(put_long(at, stream->next[direction]),
                  acknowledges ? stream->next[!direction] : 0);
    *at++ = TCP_BYTES / 4 << 4;
    *at++ = segment->flags;
    at = put_long(put_short(at, UINT16_MAX), 0);
    if (segment->payload.size > 0) {
        at = put(at, segment->payload.data, segment->payload.size);
    }
    size_t size = (size_t)(at - out);
    size_t addresses = address_bytes(stream);
    uint64_t pseudo = IP_PROTOCOL_TCP + size + sum_of(stream->ends[0].bytes, addresses) +
                      sum_of(stream->ends[1].bytes, addresses);
    put_short(out + 16, checksum_of(pseudo + sum_of(out, size)));
    return at;
}

static uint8_t *put_packet(uint8_t *out, const struct tap_stream *stream,
                           const struct segment *segment) {
    size_t tcp_bytes = TCP_BYTES + segment->payload.size;
    out = stream->ends[0].is_v6 ? put_ipv6(out, stream, segment->direction, tcp_bytes)
                                : put_ipv4(out, stream, segment->direction, tcp_bytes);
    return put_tcp(out, stream, segment);
}

static uint8_t *put_note(uint8_t *at, const struct tap_note *note) {
    char comment[TAP_NOTE_BYTES_MAX];
    size_t size = tap_note_write(note, comment);
    return put_word(put_option(at, PCAPNG_OPTION_COMMENT, bytes_make(comment, size)), 0);
}

static void append_block(struct tap *tap, const struct tap_stream *stream,
                         const struct segment *segment) {
    size_t ip_bytes = stream->ends[0].is_v6 ? IPV6_BYTES : IPV4_BYTES;
    uint32_t size = (uint32_t)(ip_bytes + TCP_BYTES + segment->payload.size);
    uint32_t room = PACKET_HEAD_BYTES + size + 3 + TAP_NOTE_BYTES_MAX + 16;
    uint8_t *begin = buffer_reserve(&tap->out, room);
    uint8_t *at = put_word(put_word(put_word(begin, PCAPNG_PACKET), 0), 0);
    at = put_word(at, (uint32_t)(segment->unix_ns >> 32));
    at = put_word(at, (uint32_t)segment->unix_ns);
    at = put_packet(put_word(put_word(at, size), size), stream, segment);
    at = put(at, (const uint8_t[4]){0}, -size % 4);
    end_block(&tap->out, segment->note == NULL ? at : put_note(at, segment->note));
}

// Streams are counted on while the tap has ended: it may begin anew.
static void append_segment(struct tap *tap, struct tap_stream *stream,
                           const struct segment *segment) {
    if (tap->fd >= 0) {
        append_block(tap, stream, segment);
    }
    bool counts = (segment->flags & (TAP_FLAG_SYN | TAP_FLAG_FIN)) != 0;
    stream->next[segment->direction] += (uint32_t)segment->payload.size + counts;
}

static void append_flags(struct tap *tap, struct tap_stream *stream, enum tap_direction direction,
                         uint8_t flags, uint64_t unix_ns) {
    append_segment(tap, stream,
                   &(struct segment){.direction = direction, .flags = flags, .unix_ns = unix_ns});
}

// ---- streams --------------------------------------------------------------------------------

// The number of a port in decimal digits up to the end of the text.
static bool read_port(const char *text, uint16_t *port) {
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    *port = (uint16_t)number;
    return *text >= '0' && *text <= '9' && *end == '\0' && number <= UINT16_MAX;
}

// "127.0.0.1:5000", "[::1]:5000", "[fe80::1%eth0]:5000"
static bool read_place(const char *place, struct tap_address *address, uint16_t *port) {
    char host[PLACE_MAX];
    const char *colon = strrchr(place, ':');
    if (colon == NULL || !read_port(colon + 1, port)) {
        return false;
    }
    address->is_v6 = *place == '[';
    place += address->is_v6;
    size_t size = strcspn(place, address->is_v6 ? "]%" : ":");
    if (size >= sizeof host) {
        return false;
    }
    memcpy(host, place, size);
    host[size] = '\0';
    return inet_pton(address->is_v6 ? AF_INET6 : AF_INET, host, address->bytes) == 1;
}

static void set_unix_place(uint64_t number, struct tap_address *address, uint16_t *port) {
    uint64_t block = number / UNIX_PORTS;
    *address = (struct tap_address){.bytes = {127, 127, (uint8_t)(block >> 8), (uint8_t)block}};
    *port = (uint16_t)(UNIX_PORT_FIRST + number % UNIX_PORTS);
}

static struct tap_stream *add_stream(struct tap *tap, uint64_t number) {
    tap->streams = memory_grow(&tap->memory, tap->streams, &tap->capacity, tap->count + 1,
                               sizeof *tap->streams);
    map_put(&tap->places, number, tap->count);
    struct tap_stream *stream = &tap->streams[tap->count++];
    // Where a client's port comes again, other sequence numbers tell the streams apart.
    *stream = (struct tap_stream){.number = number,
                                  .next = {(uint32_t)hash_number(number, TAP_FROM_CLIENT),
                                           (uint32_t)hash_number(number, TAP_FROM_BROKER)}};
    return stream;
}

static void remove_stream(struct tap *tap, struct tap_stream *stream) {
    map_remove(&tap->places, stream->number);
    struct tap_stream *last = &tap->streams[--tap->count];
    if (stream != last) {
        *stream = *last;
        map_put(&tap->places, stream->number, (uint32_t)(stream - tap->streams));
    }
}

static struct tap_stream *find_stream(struct tap *tap, uint64_t number) {
    uint32_t place = map_get(&tap->places, number);
    return place == MAP_NONE ? NULL : &tap->streams[place];
}

static void write_if_much(struct tap *tap) {
    if (tap->out.size >= FLUSH_BYTES) {
        write_out(tap);
    }
}

void tap_stream_opened(struct tap *tap, uint64_t number, const char *place, uint16_t port,
                       uint64_t unix_ns) {
    ASSERT(find_stream(tap, number) == NULL);
    struct tap_stream *stream = add_stream(tap, number);
    struct tap_address *client = &stream->ends[TAP_FROM_CLIENT];
    if (!read_place(place, client, &stream->ports[TAP_FROM_CLIENT])) {
        set_unix_place(number, client, &stream->ports[TAP_FROM_CLIENT]);
    }
    stream->ends[TAP_FROM_BROKER] = tap_door_address(client->is_v6, port == 0 ? TAP_PORT : port);
    stream->ports[TAP_FROM_BROKER] = TAP_PORT;
    append_flags(tap, stream, TAP_FROM_CLIENT, TAP_FLAG_SYN, unix_ns);
    append_flags(tap, stream, TAP_FROM_BROKER, TAP_FLAG_SYN | TAP_FLAG_ACK, unix_ns);
    append_flags(tap, stream, TAP_FROM_CLIENT, TAP_FLAG_ACK, unix_ns);
    write_if_much(tap);
}

// The last of the segments bears the note: with it the packet is there whole.
static void append_payload(struct tap *tap, struct tap_stream *stream, struct segment segment) {
    const struct tap_note *note = segment.note;
    struct bytes rest = segment.payload;
    while (rest.size > SEGMENT_MAX) {
        segment.payload = bytes_make(rest.data, SEGMENT_MAX);
        rest = bytes_make(rest.data + SEGMENT_MAX, rest.size - SEGMENT_MAX);
        segment.note = NULL;
        append_segment(tap, stream, &segment);
        write_if_much(tap);
    }
    segment.payload = rest;
    segment.note = note;
    append_segment(tap, stream, &segment);
    write_if_much(tap);
}

void tap_bytes(struct tap *tap, uint64_t number, enum tap_direction direction, struct bytes bytes,
               uint64_t unix_ns) {
    struct tap_stream *stream = find_stream(tap, number);
    if (stream != NULL && bytes.size > 0) {
        append_payload(tap, stream,
                       (struct segment){.direction = direction,
                                        .flags = TAP_FLAG_PSH | TAP_FLAG_ACK,
                                        .payload = bytes,
                                        .unix_ns = unix_ns});
    }
}

void tap_noted(struct tap *tap, uint64_t number, const struct tap_noted *noted, uint64_t unix_ns) {
    struct tap_stream *stream = find_stream(tap, number);
    bool has_bytes = noted->bytes.size > 0;
    if (stream != NULL) {
        append_payload(
            tap, stream,
            (struct segment){.direction = noted->direction,
                             .flags = (uint8_t)((has_bytes ? TAP_FLAG_PSH : 0) | TAP_FLAG_ACK),
                             .payload = noted->bytes,
                             .unix_ns = unix_ns,
                             .note = &noted->note});
    }
}

static bool is_cut(const struct tap_note *note) {
    return note->kind == TAP_NOTE_ENDED &&
           (note->cause == TAP_CAUSE_CUT || note->cause == TAP_CAUSE_RESET);
}

void tap_stream_closed(struct tap *tap, uint64_t number, const struct tap_note *note,
                       uint64_t unix_ns) {
    struct tap_stream *stream = find_stream(tap, number);
    if (stream == NULL) {
        return;
    }
    static const struct tap_note unknown = {.kind = TAP_NOTE_ENDED};
    note = note == NULL ? &unknown : note;
    bool is_broker = note->side == TAP_SIDE_BROKER;
    enum tap_direction first = is_broker ? TAP_FROM_BROKER : TAP_FROM_CLIENT;
    struct segment end = {.direction = first,
                          .flags = (is_cut(note) ? TAP_FLAG_RST : TAP_FLAG_FIN) | TAP_FLAG_ACK,
                          .unix_ns = unix_ns,
                          .note = note};
    append_segment(tap, stream, &end);
    if (!is_cut(note)) {
        append_flags(tap, stream, !first, TAP_FLAG_FIN | TAP_FLAG_ACK, unix_ns);
        append_flags(tap, stream, first, TAP_FLAG_ACK, unix_ns);
    }
    remove_stream(tap, stream);
    write_if_much(tap);
}
