#include "medium/capture/tap_blocks.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/map.h"
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
    SAID_MIDDLE = 4,
    SAID_SIMPLE = 8,
    SAID_MANY = 16,
    SAID_CUT = 32,
};

struct interface {
    uint16_t link;
    uint8_t resolution; // as if_tsresol
};

// The addresses and ports of a connection, the client's first. Without padding, to be compared.
struct ends {
    uint8_t addresses[2][16];
    uint8_t ports[2][2];
    uint8_t is_v6;
    uint8_t zero[3];
};

struct connection {
    struct ends ends;
    uint64_t hash;
    uint32_t number;
    uint32_t next[2]; // sequence numbers, by direction
    bool has_begun[2];
    bool has_ended[2];
};

struct tap_blocks {
    struct memory *memory;
    struct map places; // of connections, by the hash of their ends
    struct connection *connections;
    uint32_t count;
    uint32_t capacity;
    uint32_t opened; // so far
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
    blocks->memory = memory;
    map_init(&blocks->places, memory, 0);
    return blocks;
}

void tap_blocks_destroy(struct tap_blocks *blocks) {
    memory_free(blocks->memory, blocks->connections,
                blocks->capacity * sizeof *blocks->connections);
    map_deinit(&blocks->places);
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

// ---- connections ----------------------------------------------------------------------------

static uint64_t hash_of(const struct ends *ends) {
    return hash_bytes(bytes_make(ends, sizeof *ends), 0);
}

static struct connection *find_connection(struct tap_blocks *blocks, const struct ends *ends) {
    uint32_t place = map_get(&blocks->places, hash_of(ends));
    bool found =
        place != MAP_NONE && memcmp(&blocks->connections[place].ends, ends, sizeof *ends) == 0;
    return found ? &blocks->connections[place] : NULL;
}

static struct tap_address address_of(const struct ends *ends, enum tap_direction direction) {
    struct tap_address address = {.is_v6 = ends->is_v6 != 0};
    memcpy(address.bytes, ends->addresses[direction], sizeof address.bytes);
    return address;
}

static uint16_t read_short(const uint8_t *at) {
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t read_long(const uint8_t *at) {
    return (uint32_t)read_short(at) << 16 | read_short(at + 2);
}

static void write_peer(const struct connection *connection, char text[static TAP_PEER_SIZE]) {
    char host[INET6_ADDRSTRLEN] = "";
    struct tap_address address = address_of(&connection->ends, TAP_FROM_CLIENT);
    unsigned port = read_short(connection->ends.ports[TAP_FROM_CLIENT]);
    (void)inet_ntop(address.is_v6 ? AF_INET6 : AF_INET, address.bytes, host, sizeof host);
    if (tap_address_is_unix(&address)) {
        (void)snprintf(text, TAP_PEER_SIZE, "unix %u", connection->number);
    } else {
        (void)snprintf(text, TAP_PEER_SIZE, address.is_v6 ? "[%s]:%u" : "%s:%u", host, port);
    }
}

static void tell(const struct tap_blocks *blocks, const struct connection *connection,
                 struct tap_event event) {
    char peer[TAP_PEER_SIZE];
    struct tap_address door = address_of(&connection->ends, TAP_FROM_BROKER);
    write_peer(connection, peer);
    event.peer = peer;
    event.connection = connection->number;
    event.port = tap_door_port(&door, read_short(connection->ends.ports[TAP_FROM_BROKER]));
    event.unix_ns = blocks->unix_ns;
    blocks->events->event(blocks->events->context, &event);
}

static void close_connection(struct tap_blocks *blocks, struct connection *connection) {
    tell(blocks, connection, (struct tap_event){.kind = TAP_CLOSED});
    map_remove(&blocks->places, connection->hash);
    struct connection *last = &blocks->connections[--blocks->count];
    if (connection != last) {
        *connection = *last;
        map_put(&blocks->places, connection->hash, (uint32_t)(connection - blocks->connections));
    }
}

static void close_all(struct tap_blocks *blocks) {
    while (blocks->count > 0) {
        close_connection(blocks, &blocks->connections[blocks->count - 1]);
    }
}

static void open_connection(struct tap_blocks *blocks, const struct ends *ends, uint32_t sequence) {
    struct connection *same = find_connection(blocks, ends);
    uint64_t hash = hash_of(ends);
    if (same != NULL && same->next[TAP_FROM_CLIENT] == sequence) {
        return; // the same packet again
    }
    if (same != NULL) {
        close_connection(blocks, same);
    }
    if (blocks->count >= TAP_CONNECTIONS_MAX || map_get(&blocks->places, hash) != MAP_NONE) {
        say(blocks, SAID_MANY, "has too many open connections; some are not shown");
        return;
    }
    blocks->connections = memory_grow(blocks->memory, blocks->connections, &blocks->capacity,
                                      blocks->count + 1, sizeof *blocks->connections);
    map_put(&blocks->places, hash, blocks->count);
    struct connection *connection = &blocks->connections[blocks->count++];
    *connection = (struct connection){.ends = *ends,
                                      .hash = hash,
                                      .number = ++blocks->opened,
                                      .next = {sequence},
                                      .has_begun = {true}};
    tell(blocks, connection, (struct tap_event){.kind = TAP_OPENED});
}

// ---- packets --------------------------------------------------------------------------------

struct segment {
    struct ends ends; // the sender's first
    uint32_t sequence;
    uint8_t flags;
    bool is_cut;
    struct bytes payload;
};

// Takes the payload of a direction as far as it is new.
static void take_payload(struct tap_blocks *blocks, struct connection *connection,
                         enum tap_direction direction, const struct segment *segment) {
    struct bytes payload = segment->payload;
    uint32_t ahead = segment->sequence - connection->next[direction];
    uint32_t behind = -ahead;
    bool is_known = connection->has_begun[direction];
    connection->has_begun[direction] = true;
    if (is_known && ahead != 0 && behind < UINT32_MAX / 2) {
        size_t old = behind < payload.size ? behind : payload.size;
        payload = bytes_make(payload.data + old, payload.size - old);
        if (payload.size == 0) {
            return; // it came before
        }
    } else if ((is_known && ahead != 0) || segment->is_cut) {
        tell(blocks, connection, (struct tap_event){.kind = TAP_LOST, .direction = direction});
    }
    connection->next[direction] = segment->sequence + (uint32_t)segment->payload.size;
    tell(blocks, connection,
         (struct tap_event){.kind = TAP_BYTES, .direction = direction, .bytes = payload});
}

static void take_segment_of(struct tap_blocks *blocks, struct connection *connection,
                            enum tap_direction direction, const struct segment *segment) {
    if ((segment->flags & TAP_FLAG_SYN) != 0) {
        connection->next[direction] = segment->sequence + 1;
        connection->has_begun[direction] = true;
        return;
    }
    if (segment->payload.size > 0) {
        take_payload(blocks, connection, direction, segment);
    }
    connection->has_ended[direction] |= (segment->flags & TAP_FLAG_FIN) != 0;
    bool is_reset = (segment->flags & TAP_FLAG_RST) != 0;
    if (is_reset || (connection->has_ended[0] && connection->has_ended[1])) {
        close_connection(blocks, connection);
    }
}

static struct ends swapped(const struct ends *ends) {
    struct ends other = {.is_v6 = ends->is_v6};
    for (int i = 0; i < 2; i++) {
        memcpy(other.addresses[i], ends->addresses[!i], sizeof other.addresses[i]);
        memcpy(other.ports[i], ends->ports[!i], sizeof other.ports[i]);
    }
    return other;
}

static void take_segment(struct tap_blocks *blocks, const struct segment *segment) {
    const uint8_t opening = TAP_FLAG_SYN | TAP_FLAG_ACK;
    if ((segment->flags & opening) == TAP_FLAG_SYN) {
        open_connection(blocks, &segment->ends, segment->sequence + 1);
        return;
    }
    struct ends other = swapped(&segment->ends);
    struct connection *as_client = find_connection(blocks, &segment->ends);
    struct connection *as_broker = find_connection(blocks, &other);
    if (as_client != NULL) {
        take_segment_of(blocks, as_client, TAP_FROM_CLIENT, segment);
    } else if (as_broker != NULL) {
        take_segment_of(blocks, as_broker, TAP_FROM_BROKER, segment);
    } else if (segment->payload.size > 0) {
        say(blocks, SAID_MIDDLE,
            "has bytes of connections whose beginning is not there; they are not shown");
    }
}

// The TCP segment of a packet's payload; `whole` is how many bytes it had before it was cut.
static bool read_tcp(struct segment *segment, struct bytes tcp, size_t whole) {
    size_t head = tcp.size >= TCP_BYTES ? (size_t)(tcp.data[12] >> 4) * 4 : 0;
    if (head < TCP_BYTES || head > tcp.size) {
        return false;
    }
    memcpy(segment->ends.ports, tcp.data, sizeof segment->ends.ports);
    segment->sequence = read_long(tcp.data + 4);
    segment->flags = tcp.data[13];
    segment->is_cut = tcp.size < whole;
    segment->payload = bytes_make(tcp.data + head, tcp.size - head);
    return true;
}

// The bytes behind a head, without what stands behind the packet.
static bool read_behind(struct segment *segment, struct bytes packet, size_t head, size_t whole) {
    if (head > packet.size || head > whole) {
        return false;
    }
    size_t size = packet.size < whole ? packet.size : whole;
    return read_tcp(segment, bytes_make(packet.data + head, size - head), whole - head);
}

static bool read_ipv4(struct segment *segment, struct bytes packet) {
    if (packet.size < IPV4_BYTES || packet.data[9] != IP_PROTOCOL_TCP ||
        (read_short(packet.data + 6) & 0x3fff) != 0) { // a fragment
        return false;
    }
    memcpy(segment->ends.addresses[0], packet.data + 12, 4);
    memcpy(segment->ends.addresses[1], packet.data + 16, 4);
    size_t head = (size_t)(packet.data[0] & 0x0f) * 4;
    return head >= IPV4_BYTES && read_behind(segment, packet, head, read_short(packet.data + 2));
}

static bool read_ipv6(struct segment *segment, struct bytes packet) {
    if (packet.size < IPV6_BYTES || packet.data[6] != IP_PROTOCOL_TCP) {
        return false;
    }
    segment->ends.is_v6 = 1;
    memcpy(segment->ends.addresses, packet.data + 8, sizeof segment->ends.addresses);
    return read_behind(segment, packet, IPV6_BYTES,
                       (size_t)IPV6_BYTES + read_short(packet.data + 4));
}

static void take_packet(struct tap_blocks *blocks, struct bytes packet) {
    struct segment segment = {.sequence = 0};
    unsigned version = packet.size > 0 ? packet.data[0] >> 4 : 0;
    if (version == 4 ? read_ipv4(&segment, packet) : version == 6 && read_ipv6(&segment, packet)) {
        take_segment(blocks, &segment);
    } else {
        say(blocks, SAID_NOT_TCP, "has packets that are not TCP over IP; they are not shown");
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
        close_all(blocks); // whoever wrote them is gone
    }
    blocks->is_in_section = true;
    blocks->interface_count = 0;
}

static uint8_t resolution_of(const struct tap_blocks *blocks, struct bytes options) {
    struct bytes resolution = option_of(blocks, options, PCAPNG_OPTION_RESOLUTION);
    return resolution.size == 1 ? resolution.data[0] : RESOLUTION_USUAL;
}

static void take_interface(struct tap_blocks *blocks, struct bytes body) {
    if (body.size < INTERFACE_HEAD_BYTES || blocks->interface_count == INTERFACES_MAX) {
        return; // its packets are of an interface that is not known
    }
    struct interface *interface = &blocks->interfaces[blocks->interface_count++];
    interface->link = half_at(blocks, body.data);
    interface->resolution = resolution_of(
        blocks, bytes_make(body.data + INTERFACE_HEAD_BYTES, body.size - INTERFACE_HEAD_BYTES));
    if (interface->link != PCAPNG_LINK_RAW) {
        char text[160];
        (void)snprintf(text, sizeof text,
                       "has packets of link type %u; only raw IP (%u), as a broker's --tap writes "
                       "it, is understood; they are not shown",
                       interface->link, PCAPNG_LINK_RAW);
        say(blocks, SAID_LINK_TYPE, text);
    }
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

static void take_packet_block(struct tap_blocks *blocks, struct bytes body) {
    uint32_t number = body.size < PACKET_HEAD_BYTES ? UINT32_MAX : word_at(blocks, body.data);
    if (number >= blocks->interface_count || blocks->interfaces[number].link != PCAPNG_LINK_RAW) {
        return;
    }
    uint64_t high = word_at(blocks, body.data + 4);
    uint32_t size = word_at(blocks, body.data + 12);
    blocks->unix_ns = nanoseconds_of(high << 32 | word_at(blocks, body.data + 8),
                                     blocks->interfaces[number].resolution);
    if (size <= body.size - PACKET_HEAD_BYTES) {
        take_packet(blocks, bytes_make(body.data + PACKET_HEAD_BYTES, size));
    } else {
        say(blocks, SAID_CUT, "has packets that are larger than their blocks; they are not shown");
    }
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
}

void tap_blocks_restart(struct tap_blocks *blocks, const struct tap_events *events) {
    blocks->events = events;
    close_all(blocks);
    tap_blocks_follow(blocks);
}
