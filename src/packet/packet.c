// The parser is one pass over the line with a cursor whose error sticks: fields are read straight
// on and the first fault is reported. The formatter first finds the size, then writes without
// further checks. Both look at the bytes of a payload eight at a time.
#include "packet/packet.h"

#include "base/assert.h"
#include "base/decimal.h"

#define TYPE_SIZE 4

static const char type_names[PACKET_TYPES][TYPE_SIZE + 1] = {
    [PACKET_JOIN] = "join", [PACKET_LEFT] = "left", [PACKET_CREQ] = "creq",
    [PACKET_CRES] = "cres", [PACKET_SREQ] = "sreq", [PACKET_SRES] = "sres",
    [PACKET_PUBL] = "publ", [PACKET_PING] = "ping", [PACKET_DISC] = "disc",
};

const char *packet_type_name(enum packet_type type) {
    ASSERT(type < PACKET_TYPES);
    return type_names[type];
}

// ---- eight bytes at a time ------------------------------------------------------------------

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HIGH_BITS EACH_BYTE(0x80)

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOWEST_FIRST_32(word) __builtin_bswap32(word)
#define LOWEST_FIRST_64(word) __builtin_bswap64(word)
#else
#define LOWEST_FIRST_32(word) (word)
#define LOWEST_FIRST_64(word) (word)
#endif

// Fewer than eight bytes, then 'A's. What is read twice stands in one place both times, so no call
// of memcpy for a size that varies is needed.
static inline uint64_t load_few(struct bytes text) {
    const uint8_t *at = text.data;
    size_t size = text.size;
    uint64_t word = 0;
    if (size >= sizeof(uint32_t)) {
        uint32_t first;
        uint32_t last;
        memcpy(&first, at, sizeof first);
        memcpy(&last, at + size - sizeof last, sizeof last);
        word = LOWEST_FIRST_32(first) | (uint64_t)LOWEST_FIRST_32(last)
                                            << (8 * (size - sizeof last));
    } else if (size > 0) {
        word = (uint64_t)at[0] | (uint64_t)at[size / 2] << (8 * (size / 2)) |
               (uint64_t)at[size - 1] << (8 * (size - 1));
    }
    return word | EACH_BYTE('A') << (8 * size);
}

// The bytes at `text` in a word, the first one lowest; up to eight of them, then 'A's.
static inline uint64_t load_word(struct bytes text) {
    if (text.size < sizeof(uint64_t)) {
        return load_few(text);
    }
    uint64_t word;
    memcpy(&word, text.data, sizeof word);
    return LOWEST_FIRST_64(word);
}

// The high bit of each byte that is a '-'.
static inline uint64_t dashes_in(uint64_t word) {
    uint64_t other = word ^ EACH_BYTE('-');
    return ~(((other & ~HIGH_BITS) + ~HIGH_BITS) | other) & HIGH_BITS;
}

// The high bit of each byte below `least`, or above 127.
static inline uint64_t outside_in(uint64_t word, unsigned least) {
    return (word | ~((word & ~HIGH_BITS) + EACH_BYTE(128 - least))) & HIGH_BITS;
}

// ---- parsing --------------------------------------------------------------------------------

struct cursor {
    const uint8_t *at;
    const uint8_t *end;
    enum packet_fault fault; // the first one found
};

// Keeps the first fault. What follows in the line is not read: its meaning is lost.
static void fail(struct cursor *cursor, enum packet_fault fault) {
    if (cursor->fault == PACKET_OK) {
        cursor->fault = fault;
    }
    cursor->at = cursor->end;
}

// A field of decimal digits and the TAB behind it.
static uint64_t read_number(struct cursor *cursor, uint64_t min, uint64_t max,
                            enum packet_fault fault) {
    const uint8_t *at = cursor->at;
    uint64_t number = 0;
    bool fits = true;
    while (at < cursor->end && (unsigned)*at - '0' <= 9) {
        unsigned digit = (unsigned)*at - '0';
        // 19 digits always fit.
        fits = fits && (at - cursor->at < 19 || number <= (UINT64_MAX - digit) / 10);
        number = number * 10 + digit;
        at++;
    }
    if (at == cursor->end) {
        fail(cursor, PACKET_FAULT_FIELDS);
        return 0;
    }
    if (at == cursor->at || *at != '\t' || !fits || number < min || number > max) {
        fail(cursor, fault);
        return 0;
    }
    cursor->at = at + 1;
    return number;
}

static uint32_t read_address(struct cursor *cursor, uint32_t min, enum packet_fault fault) {
    return (uint32_t)read_number(cursor, min, PACKET_ADDRESS_MAX, fault);
}

// The type of these four letters, or PACKET_TYPES. It looks at all names, since where a search
// would end cannot be foreseen by the processor.
static inline enum packet_type type_named(const uint8_t *word) {
    int type = PACKET_TYPES;
    for (int i = 0; i < PACKET_TYPES; i++) {
        type = memcmp(word, type_names[i], TYPE_SIZE) == 0 ? i : type;
    }
    return (enum packet_type)type;
}

static enum packet_type read_type(struct cursor *cursor) {
    const uint8_t *word = cursor->at;
    size_t left = (size_t)(cursor->end - word);
    if (left > TYPE_SIZE && word[TYPE_SIZE] == '\t') {
        enum packet_type type = type_named(word);
        if (type != PACKET_TYPES) {
            cursor->at = word + TYPE_SIZE + 1;
            return type;
        }
    }
    fail(cursor, memchr(word, '\t', left) == NULL ? PACKET_FAULT_FIELDS : PACKET_FAULT_TYPE);
    return PACKET_TYPES;
}

// What a byte means in a payload. DEL (127) is allowed in the plain form only: the suite `classic`
// makes it, and the programs from which this wire comes send it as it is.
enum byte_class {
    BYTE_ORDINARY,
    BYTE_DASH,
    BYTE_PERCENT,
    BYTE_DELETE,
    BYTE_ILLEGAL,
};

static inline enum byte_class class_of(uint8_t byte) {
    if (byte == '-') {
        return BYTE_DASH;
    }
    if (byte == '%') {
        return BYTE_PERCENT;
    }
    return byte >= 33 && byte < 127 ? BYTE_ORDINARY : byte == 127 ? BYTE_DELETE : BYTE_ILLEGAL;
}

static void add_parsed(struct cursor *cursor, struct packet *packet, const uint8_t *start,
                       const uint8_t *end) {
    if (packet->element_count == PACKET_ELEMENTS_MAX) {
        fail(cursor, PACKET_FAULT_ELEMENTS);
        return;
    }
    packet->element[packet->element_count++] = bytes_make(start, (size_t)(end - start));
}

static void read_plain(struct cursor *cursor, struct packet *packet, struct bytes payload) {
    const uint8_t *end = payload.data + payload.size;
    const uint8_t *start = payload.data + 1;
    uint64_t illegal = 0;
    for (const uint8_t *at = start; at < end; at += sizeof(uint64_t)) {
        uint64_t word = load_word(bytes_make(at, (size_t)(end - at)));
        illegal |= outside_in(word, ' '); // a blank is not written, but others may
        for (uint64_t dashes = dashes_in(word); dashes != 0; dashes &= dashes - 1) {
            const uint8_t *dash = at + __builtin_ctzll(dashes) / 8;
            add_parsed(cursor, packet, start, dash);
            start = dash + 1;
        }
    }
    if (illegal != 0) {
        fail(cursor, PACKET_FAULT_BYTE);
    }
}

static int hexadecimal_digit(uint8_t byte) {
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    uint8_t lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The byte that `%XX` at `at` stands for, or -1.
static int read_escape(const uint8_t *at, const uint8_t *end) {
    if (end - at < 3) {
        return -1;
    }
    int high = hexadecimal_digit(at[1]);
    int low = hexadecimal_digit(at[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static void read_escaped(struct cursor *cursor, struct packet *packet, struct bytes payload,
                         uint8_t *out) {
    const uint8_t *end = payload.data + payload.size;
    const uint8_t *start = out;
    for (const uint8_t *at = payload.data + 2; at < end && cursor->fault == PACKET_OK;) {
        int byte = 0;
        switch (class_of(*at)) {
        case BYTE_ORDINARY:
            *out++ = *at++;
            break;
        case BYTE_DASH:
            add_parsed(cursor, packet, start, out);
            start = out;
            at++;
            break;
        case BYTE_PERCENT:
            byte = read_escape(at, end);
            if (byte < 0) {
                fail(cursor, PACKET_FAULT_ESCAPE);
            }
            *out++ = (uint8_t)byte;
            at += 3;
            break;
        case BYTE_DELETE:
        case BYTE_ILLEGAL:
            fail(cursor, PACKET_FAULT_BYTE);
            break;
        }
    }
}

static void read_payload(struct cursor *cursor, struct packet *packet, uint8_t *scratch) {
    const uint8_t *start = cursor->at;
    const uint8_t *tab = memchr(start, '\t', (size_t)(cursor->end - start));
    if (tab == NULL) {
        fail(cursor, PACKET_FAULT_FIELDS);
        return;
    }
    struct bytes payload = bytes_make(start, (size_t)(tab - start));
    cursor->at = tab + 1;
    bool closed = payload.size > 0 && payload.data[payload.size - 1] == '-';
    if (closed && payload.data[0] == '-') {
        read_plain(cursor, packet, payload);
    } else if (closed && payload.data[0] == '%' && payload.data[1] == '-') {
        read_escaped(cursor, packet, payload, scratch);
    } else {
        fail(cursor, PACKET_FAULT_PAYLOAD);
    }
}

enum packet_fault packet_parse(struct packet *packet, struct bytes line, uint8_t *scratch) {
    packet->sender = 0;
    packet->element_count = 0;
    if (line.size >= PACKET_LINE_MAX) {
        return PACKET_FAULT_TOO_LONG;
    }
    if (line.size == 0) {
        return PACKET_FAULT_FIELDS;
    }
    struct cursor cursor = {line.data, line.data + line.size, PACKET_OK};
    packet->time_stamp = read_number(&cursor, 0, UINT64_MAX, PACKET_FAULT_TIME_STAMP);
    packet->sender = read_address(&cursor, 1, PACKET_FAULT_SENDER);
    packet->receiver = read_address(&cursor, PACKET_EVERYONE, PACKET_FAULT_RECEIVER);
    packet->type = read_type(&cursor);
    read_payload(&cursor, packet, scratch);
    packet->signature = (uint16_t)read_number(&cursor, 0, 999, PACKET_FAULT_SIGNATURE_FIELD);
    if (cursor.at != cursor.end) {
        fail(&cursor, PACKET_FAULT_FIELDS);
    }
    return cursor.fault;
}

// ---- formatting -----------------------------------------------------------------------------

// Whether the plain form can carry the element.
static bool is_plain(struct bytes element) {
    struct bytes last = element; // overlaps what stands in front of it
    uint64_t other = 0;
    if (element.size > sizeof other) {
        last = bytes_make(element.data + element.size - sizeof other, sizeof other);
    }
    for (const uint8_t *at = element.data; at < last.data; at += sizeof other) {
        uint64_t word = load_word(bytes_make(at, sizeof other));
        other |= dashes_in(word) | outside_in(word, ' ' + 1);
    }
    uint64_t word = load_word(last);
    return (other | dashes_in(word) | outside_in(word, ' ' + 1)) == 0;
}

// The size of the payload; *plain says in which form.
static size_t payload_size(const struct packet *packet, bool *plain) {
    size_t bytes = 0;
    *plain = true;
    for (unsigned i = 0; i < packet->element_count; i++) {
        bytes += packet->element[i].size + 1;
        *plain = *plain && is_plain(packet->element[i]);
    }
    if (*plain) {
        return 1 + bytes;
    }
    size_t escapes = 0;
    for (unsigned i = 0; i < packet->element_count; i++) {
        struct bytes element = packet->element[i];
        for (size_t k = 0; k < element.size; k++) {
            escapes += class_of(element.data[k]) != BYTE_ORDINARY;
        }
    }
    return 2 + bytes + 2 * escapes;
}

static uint8_t *write_plain(const struct packet *packet, uint8_t *out) {
    *out++ = '-';
    for (unsigned i = 0; i < packet->element_count; i++) {
        struct bytes element = packet->element[i];
        if (element.size > 0) {
            memcpy(out, element.data, element.size);
        }
        out += element.size;
        *out++ = '-';
    }
    return out;
}

static uint8_t *write_escaped_element(struct bytes element, uint8_t *out) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t k = 0; k < element.size; k++) {
        uint8_t byte = element.data[k];
        if (class_of(byte) == BYTE_ORDINARY) {
            *out++ = byte;
        } else {
            *out++ = '%';
            *out++ = (uint8_t)digits[byte >> 4];
            *out++ = (uint8_t)digits[byte & 15];
        }
    }
    return out;
}

static uint8_t *write_escaped(const struct packet *packet, uint8_t *out) {
    *out++ = '%';
    *out++ = '-';
    for (unsigned i = 0; i < packet->element_count; i++) {
        out = write_escaped_element(packet->element[i], out);
        *out++ = '-';
    }
    return out;
}

static uint8_t *write_number(uint8_t *out, uint64_t number) {
    out = decimal_write(out, number);
    *out++ = '\t';
    return out;
}

// The size of the line; *plain says in which form its payload is.
static size_t line_size(const struct packet *packet, bool *plain) {
    return decimal_size(packet->time_stamp) + 1 + decimal_size(packet->sender) + 1 +
           decimal_size(packet->receiver) + 1 + TYPE_SIZE + 1 + payload_size(packet, plain) + 1 +
           decimal_size(packet->signature) + 2;
}

size_t packet_line_size(const struct packet *packet) {
    bool plain;
    return line_size(packet, &plain);
}

size_t packet_format(const struct packet *packet, uint8_t *out, size_t room) {
    bool plain;
    size_t size = line_size(packet, &plain);
    if (size > room || size > PACKET_LINE_MAX) {
        return 0;
    }
    ASSERT(packet->type < PACKET_TYPES && packet->element_count <= PACKET_ELEMENTS_MAX);
    const uint8_t *start = out;
    out = write_number(out, packet->time_stamp);
    out = write_number(out, packet->sender);
    out = write_number(out, packet->receiver);
    memcpy(out, type_names[packet->type], TYPE_SIZE);
    out += TYPE_SIZE;
    *out++ = '\t';
    out = plain ? write_plain(packet, out) : write_escaped(packet, out);
    *out++ = '\t';
    out = write_number(out, packet->signature);
    *out++ = '\n';
    ASSERT((size_t)(out - start) == size);
    return size;
}

// Bytes a division.
#define SIGNATURE_STEP 6
_Static_assert(UINT64_C(255) * 255 * 255 * 255 * 255 * 255 <= UINT64_MAX / 999,
               "a signature so far and six bytes: their product fits");

// From the end, where the values stand, on which it depends most: it is often 0 before long, and
// stays so.
uint16_t packet_signature(const struct packet *packet) {
    uint64_t product = 1;
    for (unsigned i = packet->element_count; i-- > 0 && product != 0;) {
        const uint8_t *start = packet->element[i].data;
        size_t left = packet->element[i].size;
        for (; left >= SIGNATURE_STEP && product != 0; left -= SIGNATURE_STEP) {
            const uint8_t *at = start + left - SIGNATURE_STEP;
            product = product * at[0] * at[1] * at[2] * at[3] * at[4] * at[5] % 1000;
        }
        for (; left > 0 && product != 0; left--) {
            product *= start[left - 1];
        }
        product %= 1000;
    }
    ASSERT(product <= 999); // three digits on the wire
    return (uint16_t)product;
}

void packet_add(struct packet *packet, struct bytes element) {
    ASSERT(packet->element_count < PACKET_ELEMENTS_MAX);
    packet->element[packet->element_count++] = element;
}
