// Input: packets of classic routers, one a line: ts, sa, ra, type, payload and sig between tabs,
// the payload as its bytes after a '+', else as the codes that such routers write. What is read is
// a line of ours; written for a classic router and read again, it is the same line.
#include <stdlib.h>

#include "base/assert.h"
#include "fuzz/pieces.h"
#include "session/master/master_classic.h"

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

// What is for a router is for everyone on its network then.
static void check_round_trip(struct bytes line, bool is_for_router, struct memory *memory) {
    struct buffer out;
    struct buffer back;
    struct packet packet;
    buffer_init(&out, memory);
    buffer_init(&back, memory);
    master_classic_write(line, &out);
    ASSERT(memchr(out.data, '\n', out.size) == NULL);
    const struct master_classic_fields fields = split(buffer_bytes(&out));
    ASSERT(master_classic_read(&fields, &back, &packet) == PACKET_OK);
    ASSERT(is_for_router ? packet.receiver == PACKET_EVERYONE
                         : bytes_equal(buffer_bytes(&back), line));
    buffer_deinit(&out);
    buffer_deinit(&back);
}

static void check_answer(struct bytes line, struct memory *memory) {
    struct buffer answer;
    struct packet packet;
    uint32_t asker;
    buffer_init(&answer, memory);
    if (master_classic_answer(8, line, &answer, &asker)) {
        uint8_t scratch[PACKET_LINE_MAX];
        ASSERT(packet_parse(&packet, bytes_make(answer.data, answer.size - 1), scratch) ==
               PACKET_OK);
        ASSERT(packet.sender == 8000 && packet.receiver == packet_address_global(asker, 0));
    } else {
        ASSERT(answer.size == 0);
    }
    buffer_deinit(&answer);
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
        check_answer(buffer_bytes(&line), memory);
        bool is_for_router =
            packet.receiver != PACKET_EVERYONE && packet_address_local(packet.receiver) == 0;
        check_round_trip(buffer_bytes(&line), is_for_router, memory);
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
