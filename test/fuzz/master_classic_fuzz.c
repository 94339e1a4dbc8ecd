// Input: packets of classic routers, one a line: ts, sa, ra, type, payload and sig between tabs,
// the payload as its bytes after a '+', else as the codes that such routers write. What is read is
// a line of ours; written for a classic router and read again, it is the same line.
#include <stdlib.h>

#include "base/assert.h"
#include "fuzz/pieces.h"
#include "session/master_classic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FIELDS 6

static struct master_classic_fields split(struct bytes text) {
    struct bytes part[FIELDS];
    for (size_t i = 0; i < FIELDS; i++) {
        part[i] = take_until(&text, '\t');
    }
    return (struct master_classic_fields){part[0], part[1], part[2], part[3], part[4], part[5]};
}

// A fuzzer rarely hits on four digits for each character, so it may leave them to us.
static void write_codes(struct bytes text, struct buffer *out) {
    for (size_t i = 0; i < text.size; i++) {
        uint8_t code = text.data[i];
        buffer_append_byte(out, '0');
        buffer_append_byte(out, (uint8_t)('0' + code / 100));
        buffer_append_byte(out, (uint8_t)('0' + code / 10 % 10));
        buffer_append_byte(out, (uint8_t)('0' + code % 10));
    }
}

static void check_line(struct bytes line, const struct packet *packet) {
    struct packet parsed;
    uint8_t *scratch = malloc(line.size);
    ASSERT(scratch != NULL && line.size <= PACKET_LINE_MAX && line.data[line.size - 1] == '\n');
    ASSERT(packet_parse(&parsed, bytes_make(line.data, line.size - 1), scratch) == PACKET_OK);
    ASSERT(parsed.sender == packet->sender && parsed.receiver == packet->receiver);
    free(scratch);
}

static void check_round_trip(struct bytes line, struct memory *memory) {
    struct buffer out;
    struct buffer back;
    struct packet packet;
    buffer_init(&out, memory);
    buffer_init(&back, memory);
    master_classic_write(line, &out);
    ASSERT(memchr(out.data, '\n', out.size) == NULL);
    const struct master_classic_fields fields = split(buffer_bytes(&out));
    ASSERT(master_classic_read(&fields, &back, &packet) == PACKET_OK);
    ASSERT(bytes_equal(buffer_bytes(&back), line));
    buffer_deinit(&out);
    buffer_deinit(&back);
}

static void check_packet(struct bytes text, struct memory *memory) {
    struct master_classic_fields fields = split(text);
    struct buffer codes;
    struct buffer line;
    struct packet packet;
    buffer_init(&codes, memory);
    buffer_init(&line, memory);
    if (bytes_starts_with(fields.payload, BYTES_LITERAL("+"))) {
        write_codes(bytes_make(fields.payload.data + 1, fields.payload.size - 1), &codes);
        fields.payload = buffer_bytes(&codes);
    }
    if (master_classic_read(&fields, &line, &packet) == PACKET_OK) {
        check_line(buffer_bytes(&line), &packet);
        check_round_trip(buffer_bytes(&line), memory);
    } else {
        ASSERT(line.size == 0);
    }
    buffer_deinit(&codes);
    buffer_deinit(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct memory memory;
    struct bytes rest = bytes_make(data, size);
    memory_init(&memory);
    while (rest.size > 0) {
        check_packet(take_until(&rest, '\n'), &memory);
    }
    ASSERT(memory.blocks_in_use == 0);
    return 0;
}
