#include "medium/capture/tap_blocks.h"

#include <stdio.h>

#include "base/buffer.h"
#include "base/decimal.h"
#include "medium/capture/capture_streams.h"
#include "medium/capture/tap_format.h"

#define INTERFACES_MAX 32
#define RESOLUTION_USUAL 6 // microseconds
#define DECIMALS_MAX 18
#define BINARY_RESOLUTION 0x80
#define PACKET_HEAD_BYTES 20 // of an enhanced packet block's body
#define SECTION_HEAD_BYTES 16
#define INTERFACE_HEAD_BYTES 8

// What is said once.
enum {
    SAID_LINK_TYPE = 1,
    SAID_NOT_TCP = 2,
    SAID_FRAGMENT = 4,
    SAID_SIMPLE = 8,
    SAID_CUT = 16,
    SAID_LARGE = 32,
};

struct interface {
    uint16_t link;
    uint8_t resolution; // as if_tsresol
    bool has_owner;
    struct tap_owner owner;

    uint8_t name[TAP_OWNER_NAME_MAX];
    struct buffer network; // with a zero behind
};

// A file's sections, one after the other: the interfaces of the one we are in, and the connections
// that may outlive it. What is said once is said once a file.
struct tap_blocks {
    struct memory *memory;
    struct capture_streams *streams;
    bool is_in_section;
    bool is_broken; // until the next file
    bool is_swapped;
    unsigned said;
    uint64_t unix_ns; // of the last packet
    unsigned interface_count;
    struct interface interfaces[INTERFACES_MAX];
    const struct tap_events *events; // while blocks are taken
};

struct tap_blocks *tap_blocks_create(struct memory *memory) {
    struct tap_blocks *blocks = memory_allocate(memory, sizeof *blocks);
    *blocks = (struct tap_blocks){.memory = memory, .streams = capture_streams_create(memory)};
    return blocks;
}

static void forget_interfaces(struct tap_blocks *blocks) {
    for (unsigned i = 0; i < blocks->interface_count; i++) {
        buffer_deinit(&blocks->interfaces[i].network);
    }
    blocks->interface_count = 0;
}

void tap_blocks_destroy(struct tap_blocks *blocks) {
    forget_interfaces(blocks);
    capture_streams_destroy(blocks->streams);
    memory_free(blocks->memory, blocks, sizeof *blocks);
}

// Says something of this kind once.
static void say(struct tap_blocks *blocks, unsigned kind, const char *text) {
    if ((blocks->said & kind) == 0) {
        blocks->said |= kind;
        blocks->events->notice(blocks->events->context, text);
    }
}

static void break_off(struct tap_blocks *blocks, const char *text) {
    blocks->is_broken = true;
    blocks->events->notice(blocks->events->context, text);
}

static struct capture_moment moment_of(const struct tap_blocks *blocks,
                                       const struct tap_owner *owner) {
    return (struct capture_moment){
        .unix_ns = blocks->unix_ns, .owner = owner, .events = blocks->events};
}

// ---- frames ---------------------------------------------------------------------------------

static void take_frame(struct tap_blocks *blocks, const struct tap_frame *frame,
                       const struct tap_owner *owner, const struct tap_note *note) {
    struct capture_segment segment;
    struct capture_moment moment = moment_of(blocks, owner);
    switch (capture_frame_read(frame->link, frame->bytes, &segment)) {
    case CAPTURE_FRAME_TCP:
        segment.note = note;
        capture_streams_take(blocks->streams, &segment, &moment);
        break;
    case CAPTURE_FRAME_OTHER:
        say(blocks, SAID_NOT_TCP, "has packets that are not TCP over IP; they are not shown");
        break;
    case CAPTURE_FRAME_FRAGMENT:
        say(blocks, SAID_FRAGMENT, "has fragments of IP packets; they are not shown");
        break;
    case CAPTURE_FRAME_BROKEN:
        say(blocks, SAID_CUT, "has packets whose heads are cut or wrong; they are not shown");
        break;
    }
}

// Whether frames of this link are understood; if not, that is said.
static bool check_link(struct tap_blocks *blocks, uint32_t link) {
    if (!capture_frame_knows(link)) {
        char text[160];
        (void)snprintf(text, sizeof text,
                       "has packets of link type %u; Ethernet, Linux cooked, loopback and raw IP "
                       "are understood; they are not shown",
                       link);
        say(blocks, SAID_LINK_TYPE, text);
        return false;
    }
    return true;
}

void tap_blocks_frame(struct tap_blocks *blocks, const struct tap_frame *frame,
                      const struct tap_events *events) {
    blocks->events = events;
    blocks->unix_ns = frame->unix_ns;
    if (check_link(blocks, frame->link)) {
        take_frame(blocks, frame, NULL, NULL);
    }
}

// ---- blocks ---------------------------------------------------------------------------------

static uint32_t word_at(const struct tap_blocks *blocks, const uint8_t *at) {
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return blocks->is_swapped ? __builtin_bswap32(word) : word;
}

static uint16_t half_at(const struct tap_blocks *blocks, const uint8_t *at) {
    uint16_t half;
    memcpy(&half, at, sizeof half);
    return blocks->is_swapped ? __builtin_bswap16(half) : half;
}

// The first option with that code; no bytes if there is none.
static struct bytes option_of(const struct tap_blocks *blocks, struct bytes options,
                              uint16_t wanted) {
    while (options.size >= 4) {
        uint16_t code = half_at(blocks, options.data);
        size_t size = half_at(blocks, options.data + 2);
        size_t used = 4 + (size + 3) / 4 * 4;
        if (code == 0 || used > options.size) {
            break;
        }
        if (code == wanted) {
            return bytes_make(options.data + 4, size);
        }
        options = bytes_make(options.data + used, options.size - used);
    }
    return (struct bytes){0};
}

static void take_section(struct tap_blocks *blocks, struct bytes body) {
    size_t head = body.size < SECTION_HEAD_BYTES ? body.size : SECTION_HEAD_BYTES;
    struct bytes options = bytes_make(body.data + head, body.size - head);
    struct bytes comment = option_of(blocks, options, PCAPNG_OPTION_COMMENT);
    if (!bytes_equal(comment, BYTES_LITERAL(TAP_CONTINUES))) {
        struct capture_moment moment = moment_of(blocks, NULL);
        capture_streams_close(blocks->streams, &moment); // whoever wrote them is gone
    }
    blocks->is_in_section = true;
    forget_interfaces(blocks);
}

static uint8_t resolution_of(const struct tap_blocks *blocks, struct bytes options) {
    struct bytes resolution = option_of(blocks, options, PCAPNG_OPTION_RESOLUTION);
    return resolution.size == 1 ? resolution.data[0] : RESOLUTION_USUAL;
}

// Splits "broker 90" into kind and address; other interfaces have other names ("eth0").
static bool read_owner_name(struct interface *interface, struct bytes name) {
    static const char *const kinds[] = {"broker", "proxy", "router", "master", "client"};
    const uint8_t *blank = name.size > 0 ? memchr(name.data, ' ', name.size) : NULL;
    size_t size = blank == NULL ? name.size : (size_t)(blank - name.data);
    uint64_t address = 0;
    if (blank != NULL &&
        !decimal_read(bytes_make(blank + 1, name.size - size - 1), UINT32_MAX, &address)) {
        return false;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (bytes_equal(bytes_make(name.data, size), bytes_of_text(kinds[i]))) {
            interface->owner = (struct tap_owner){.kind = kinds[i], .address = (uint32_t)address};
            return true;
        }
    }
    return false;
}

static void read_owner(const struct tap_blocks *blocks, struct interface *interface,
                       struct bytes options) {
    struct bytes name = option_of(blocks, options, PCAPNG_OPTION_IF_TEXT);
    struct bytes network = option_of(blocks, options, PCAPNG_OPTION_COMMENT);
    const size_t before = sizeof TAP_NETWORK - 1;
    interface->has_owner =
        read_owner_name(interface, option_of(blocks, options, PCAPNG_OPTION_IF_NAME));
    if (!interface->has_owner) {
        return;
    }
    name.size = name.size < TAP_OWNER_NAME_MAX ? name.size : TAP_OWNER_NAME_MAX;
    if (name.size > 0) {
        memcpy(interface->name, name.data, name.size);
    }
    interface->owner.name = bytes_make(interface->name, name.size);
    if (network.size > before && memcmp(network.data, TAP_NETWORK, before) == 0) {
        buffer_append(&interface->network,
                      bytes_make(network.data + before, network.size - before));
        buffer_append_byte(&interface->network, '\0');
        interface->owner.network = (const char *)interface->network.data;
    }
}

static void take_interface(struct tap_blocks *blocks, struct bytes body) {
    if (body.size < INTERFACE_HEAD_BYTES || blocks->interface_count == INTERFACES_MAX) {
        return; // its packets are of an interface that is not known
    }
    struct bytes options =
        bytes_make(body.data + INTERFACE_HEAD_BYTES, body.size - INTERFACE_HEAD_BYTES);
    struct interface *interface = &blocks->interfaces[blocks->interface_count++];
    *interface = (struct interface){.link = half_at(blocks, body.data),
                                    .resolution = resolution_of(blocks, options)};
    buffer_init(&interface->network, blocks->memory);
    read_owner(blocks, interface, options);
    (void)check_link(blocks, interface->link);
}

static uint64_t nanoseconds_of(uint64_t units, uint8_t resolution) {
    unsigned exponent = resolution & ~BINARY_RESOLUTION & UINT8_MAX;
    if ((resolution & BINARY_RESOLUTION) != 0) {
        return exponent < 64 ? (units >> exponent) * 1000000000 : 0;
    }
    for (; exponent < 9; exponent++) {
        units *= 10;
    }
    for (exponent = exponent < DECIMALS_MAX ? exponent : DECIMALS_MAX; exponent > 9; exponent--) {
        units /= 10;
    }
    return units;
}

// The note that stands behind a packet, as its comment; none if there is no comment.
static struct tap_note note_of(const struct tap_blocks *blocks, struct bytes body, uint32_t size) {
    size_t used = PACKET_HEAD_BYTES + (size_t)size + -size % 4;
    struct bytes comment = {0};
    if (used < body.size) {
        comment = option_of(blocks, bytes_make(body.data + used, body.size - used),
                            PCAPNG_OPTION_COMMENT);
    }
    return comment.size > 0 ? tap_note_read(comment) : (struct tap_note){.kind = TAP_NOTE_NONE};
}

static void take_packet_block(struct tap_blocks *blocks, struct bytes body) {
    uint32_t number = body.size < PACKET_HEAD_BYTES ? UINT32_MAX : word_at(blocks, body.data);
    if (number >= blocks->interface_count ||
        !capture_frame_knows(blocks->interfaces[number].link)) {
        return;
    }
    const struct interface *interface = &blocks->interfaces[number];
    uint64_t high = word_at(blocks, body.data + 4);
    uint32_t size = word_at(blocks, body.data + 12);
    blocks->unix_ns =
        nanoseconds_of(high << 32 | word_at(blocks, body.data + 8), interface->resolution);
    if (size > body.size - PACKET_HEAD_BYTES) {
        say(blocks, SAID_LARGE,
            "has packets that are larger than their blocks; they are not shown");
        return;
    }
    struct tap_note note = note_of(blocks, body, size);
    struct tap_frame frame = {.link = interface->link,
                              .bytes = bytes_make(body.data + PACKET_HEAD_BYTES, size)};
    take_frame(blocks, &frame, interface->has_owner ? &interface->owner : NULL,
               note.kind == TAP_NOTE_NONE ? NULL : &note);
}

static void take_block(struct tap_blocks *blocks, uint32_t type, struct bytes body) {
    switch (type) {
    case PCAPNG_SECTION:
        take_section(blocks, body);
        break;
    case PCAPNG_INTERFACE:
        take_interface(blocks, body);
        break;
    case PCAPNG_PACKET:
        take_packet_block(blocks, body);
        break;
    case PCAPNG_SIMPLE_PACKET:
        say(blocks, SAID_SIMPLE, "has packets without a time; they are not shown");
        break;
    default:
        break; // names, statistics, and what is to come
    }
}

// Whether the type of the next block is known to be right; a section tells its byte order.
static bool begin_block(struct tap_blocks *blocks, struct bytes bytes) {
    if (word_at(blocks, bytes.data) != PCAPNG_SECTION) {
        return blocks->is_in_section;
    }
    uint32_t order;
    memcpy(&order, bytes.data + 8, sizeof order);
    blocks->is_swapped = order == __builtin_bswap32(PCAPNG_ORDER);
    return blocks->is_swapped || order == PCAPNG_ORDER;
}

// The size of the block that the bytes begin with; 0: it is not there whole, or cannot be read.
static size_t block_size(struct tap_blocks *blocks, struct bytes bytes) {
    if (bytes.size < PCAPNG_BLOCK_MIN) {
        return 0;
    }
    if (!begin_block(blocks, bytes)) {
        break_off(blocks, "is no capture (pcapng); nothing of it is shown");
        return 0;
    }
    uint32_t size = word_at(blocks, bytes.data + 4);
    if (size < PCAPNG_BLOCK_MIN || size % 4 != 0 || size > TAP_BLOCK_MAX) {
        break_off(blocks, "has a block whose size cannot be; what follows is not shown");
        return 0;
    }
    return size <= bytes.size ? size : 0;
}

size_t tap_blocks_take(struct tap_blocks *blocks, struct bytes bytes,
                       const struct tap_events *events) {
    size_t taken = 0;
    blocks->events = events;
    while (!blocks->is_broken) {
        struct bytes rest = bytes_make(bytes.data + taken, bytes.size - taken);
        size_t size = block_size(blocks, rest);
        if (size == 0) {
            break;
        }
        take_block(blocks, word_at(blocks, rest.data),
                   bytes_make(rest.data + 8, size - PCAPNG_BLOCK_MIN));
        taken += size;
    }
    return blocks->is_broken ? bytes.size : taken;
}

void tap_blocks_follow(struct tap_blocks *blocks) {
    blocks->is_in_section = blocks->is_broken = blocks->is_swapped = false;
    blocks->said = 0;
    capture_streams_forget_said(blocks->streams);
}

void tap_blocks_flush(struct tap_blocks *blocks, const struct tap_events *events) {
    blocks->events = events;
    struct capture_moment moment = moment_of(blocks, NULL);
    capture_streams_flush(blocks->streams, &moment);
}

void tap_blocks_restart(struct tap_blocks *blocks, const struct tap_events *events) {
    blocks->events = events;
    struct capture_moment moment = moment_of(blocks, NULL);
    capture_streams_close(blocks->streams, &moment);
    tap_blocks_follow(blocks);
}
