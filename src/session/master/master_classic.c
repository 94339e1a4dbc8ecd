#include "session/master/master_classic.h"

#include "base/assert.h"
#include "role/line/device.h"

#define CODE_DIGITS 4

// ---- in -------------------------------------------------------------------------------------

static bool read_codes(struct bytes codes, struct buffer *out) {
    if (codes.size % CODE_DIGITS != 0) {
        return false;
    }
    for (size_t i = 0; i < codes.size; i += CODE_DIGITS) {
        unsigned code = 0;
        for (size_t k = i; k < i + CODE_DIGITS; k++) {
            unsigned digit = (unsigned)codes.data[k] - '0';
            if (digit > 9) {
                return false;
            }
            code = code * 10 + digit;
        }
        if (code > UINT8_MAX) {
            return false;
        }
        buffer_append_byte(out, (uint8_t)code);
    }
    return true;
}

// The line with this payload, without its LF.
static void join_fields(const struct master_classic_fields *fields, struct bytes payload,
                        struct buffer *line) {
    const struct bytes all[] = {fields->time_stamp, fields->sender, fields->receiver,
                                fields->type,       payload,        fields->signature};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        buffer_append(line, all[i]);
        buffer_append_byte(line, '\t');
    }
}

// The elements between the '-' of a payload that may hold any other byte.
static enum packet_fault split_payload(struct packet *packet, struct bytes payload) {
    if (payload.size == 0 || payload.data[0] != '-' || payload.data[payload.size - 1] != '-') {
        return PACKET_FAULT_PAYLOAD;
    }
    const uint8_t *start = payload.data + 1;
    const uint8_t *end = payload.data + payload.size;
    while (start < end) {
        const uint8_t *dash = memchr(start, '-', (size_t)(end - start));
        if (packet->element_count == PACKET_ELEMENTS_MAX) {
            return PACKET_FAULT_ELEMENTS;
        }
        packet_add(packet, bytes_make(start, (size_t)(dash - start)));
        start = dash + 1;
    }
    return PACKET_OK;
}

// Reads all fields but the payload, then the payload by its own rules.
static enum packet_fault parse(const struct master_classic_fields *fields, struct bytes payload,
                               struct buffer *scratch, struct packet *packet) {
    bool escaped = payload.size > 0 && payload.data[0] == '%';
    size_t start = scratch->size;
    join_fields(fields, escaped ? payload : BYTES_LITERAL("-"), scratch);
    size_t size = scratch->size - start;
    uint8_t *unescaped = buffer_reserve(scratch, size);
    enum packet_fault fault =
        packet_parse(packet, bytes_make(scratch->data + start, size), unescaped);
    if (fault != PACKET_OK || escaped) {
        return fault;
    }
    return split_payload(packet, payload);
}

enum packet_fault master_classic_read(const struct master_classic_fields *fields,
                                      struct buffer *line, struct packet *packet) {
    struct buffer payload;
    struct buffer scratch;
    buffer_init(&payload, line->memory);
    buffer_init(&scratch, line->memory);
    enum packet_fault fault = PACKET_FAULT_PAYLOAD;
    if (read_codes(fields->payload, &payload)) {
        if (payload.size == 0) {
            buffer_append_byte(&payload, '-');
        }
        fault = parse(fields, buffer_bytes(&payload), &scratch, packet);
    }
    if (fault == PACKET_OK) {
        size_t size = packet_format(packet, buffer_reserve(line, PACKET_LINE_MAX), PACKET_LINE_MAX);
        line->size += size;
        fault = size > 0 ? PACKET_OK : PACKET_FAULT_TOO_LONG;
    }
    buffer_deinit(&payload);
    buffer_deinit(&scratch);
    return fault;
}

// ---- out ------------------------------------------------------------------------------------

static void write_codes(struct bytes text, struct buffer *out) {
    uint8_t *at = buffer_reserve(out, text.size * CODE_DIGITS);
    for (size_t i = 0; i < text.size; i++) {
        uint8_t code = text.data[i];
        *at++ = '0';
        *at++ = (uint8_t)('0' + code / 100);
        *at++ = (uint8_t)('0' + code / 10 % 10);
        *at++ = (uint8_t)('0' + code % 10);
    }
    out->size += text.size * CODE_DIGITS;
}

// Whether classic routers can be handed the elements as they are.
static bool is_carried(const struct packet *packet) {
    for (unsigned i = 0; i < packet->element_count; i++) {
        for (size_t k = 0; k < packet->element[i].size; k++) {
            uint8_t byte = packet->element[i].data[k];
            if (byte < 32 || byte > 127 || byte == '-') {
                return false;
            }
        }
    }
    return true;
}

static void write_payload(const struct packet *packet, struct bytes as_it_is, struct buffer *out) {
    if (!is_carried(packet)) {
        write_codes(as_it_is, out);
        return;
    }
    write_codes(BYTES_LITERAL("-"), out);
    for (unsigned i = 0; i < packet->element_count; i++) {
        write_codes(packet->element[i], out);
        write_codes(BYTES_LITERAL("-"), out);
    }
}

void master_classic_write(struct bytes line, struct buffer *out) {
    struct packet packet;
    struct bytes field[6];
    struct buffer scratch;
    buffer_init(&scratch, out->memory);
    line.size--;
    enum packet_fault fault = packet_parse(&packet, line, buffer_reserve(&scratch, line.size));
    ASSERT_MESSAGE(fault == PACKET_OK, "every line was looked at before it came into the store");
    const uint8_t *at = line.data;
    for (size_t i = 0; i < sizeof field / sizeof *field; i++) {
        const uint8_t *tab = memchr(at, '\t', (size_t)(line.data + line.size - at));
        field[i] = bytes_make(at, (size_t)(tab - at));
        at = tab + 1;
    }
    if (packet_address_local(packet.receiver) == 0) {
        field[2] = BYTES_LITERAL("0");
    }
    for (size_t i = 0; i < sizeof field / sizeof *field; i++) {
        if (i > 0) {
            buffer_append_byte(out, '\t');
        }
        if (i == 4) {
            write_payload(&packet, field[i], out);
        } else {
            buffer_append(out, field[i]);
        }
    }
    buffer_deinit(&scratch);
}

// ---- answers --------------------------------------------------------------------------------

bool master_classic_answer(uint32_t gate, struct bytes line, struct buffer *out, uint32_t *asker) {
    struct packet join;
    struct buffer scratch;
    buffer_init(&scratch, out->memory);
    line.size--;
    bool asks = packet_parse(&join, line, buffer_reserve(&scratch, line.size)) == PACKET_OK &&
                join.type == PACKET_JOIN && join.receiver == PACKET_EVERYONE &&
                packet_address_local(join.sender) == 0 && join.element_count > 0 &&
                device_kind_named(join.element[0]) == DEVICE_ROUTER;
    if (asks) {
        struct packet answer = {.time_stamp = join.time_stamp,
                                .sender = packet_address_global(gate, 0),
                                .receiver = join.sender,
                                .type = PACKET_JOIN};
        packet_add(&answer, bytes_of_text(device_kind_name(DEVICE_ROUTER)));
        answer.signature = packet_signature(&answer);
        out->size += packet_format(&answer, buffer_reserve(out, PACKET_LINE_MAX), PACKET_LINE_MAX);
        *asker = packet_address_gate(join.sender);
    }
    buffer_deinit(&scratch);
    return asks;
}
