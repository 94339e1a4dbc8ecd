// What it costs to read a line and to write one, beside a plain copy of the same bytes. The lines
// differ in addresses, types and values, as on a network, so that no branch is learnt by heart.
#include "support.h"

#include <stdio.h>

#include "base/hash.h"
#include "packet/packet.h"

#define LINES 4096u // they fit a second-level cache, as what was just read from a file does
#define LINE_SIZE 60u
#define ROUNDS 500u
#define REPEATS 7u // the fastest counts: what disturbs only adds

static uint8_t lines[LINES][LINE_SIZE];
static uint8_t out[LINES][LINE_SIZE + 4];
static uint8_t scratch[PACKET_LINE_MAX];
static struct packet packets[LINES];

// Makes value bytes until the line has LINE_SIZE bytes.
static void make_line(uint32_t i) {
    static const enum packet_type types[] = {PACKET_PUBL, PACKET_PUBL, PACKET_PUBL, PACKET_SREQ};
    uint64_t random = hash_number(i, 1);
    uint8_t value[LINE_SIZE];
    for (size_t k = 0; k < sizeof value; k++) {
        value[k] = (uint8_t)('a' + hash_number(k, random) % 26);
    }
    struct packet packet = {.time_stamp = 1795435622 + i / 100,
                            .sender = 1 + (uint32_t)(random % 999),
                            .receiver = 1 + (uint32_t)(random / 999 % 999),
                            .type = types[random >> 62]};
    packet_add(&packet, bytes_make(value, 4 + random % 8));
    packet_add(&packet, bytes_make(value, 1));
    size_t size;
    do {
        packet.signature = packet_signature(&packet);
        size = packet_format(&packet, lines[i], LINE_SIZE);
        packet.element[1].size++;
    } while (size < LINE_SIZE && size > 0);
    if (size == 0) { // a signature of more digits left no room: another value
        packet.element[1].size -= 2;
        packet.signature = 100 + packet.signature % 900;
        (void)packet_format(&packet, lines[i], LINE_SIZE);
    }
}

static uint64_t parse_all(void) {
    uint64_t faults = 0;
    for (uint32_t i = 0; i < LINES; i++) {
        struct bytes line = bytes_make(lines[i], LINE_SIZE - 1);
        faults += packet_parse(&packets[i], line, scratch) != PACKET_OK;
    }
    return faults;
}

static uint64_t format_all(void) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < LINES; i++) {
        bytes += packet_format(&packets[i], out[i], sizeof out[i]);
    }
    return bytes;
}

static uint64_t copy_all(void) {
    for (uint32_t i = 0; i < LINES; i++) {
        memcpy(out[i], lines[i], LINE_SIZE);
        bench_use(out[i]);
    }
    return LINES;
}

// Nanoseconds of one line.
static double time_of(uint64_t (*all)(void)) {
    double best = 0;
    for (uint32_t repeat = 0; repeat < REPEATS; repeat++) {
        uint64_t sum = 0;
        uint64_t start = bench_now();
        for (uint32_t round = 0; round < ROUNDS; round++) {
            sum += all();
        }
        double each = (double)(bench_now() - start) / ROUNDS / LINES;
        best = best == 0 || each < best ? each : best;
        bench_use(&sum);
    }
    return best;
}

int main(void) {
    for (uint32_t i = 0; i < LINES; i++) {
        make_line(i);
    }
    if (parse_all() != 0 || format_all() != (uint64_t)LINES * LINE_SIZE) {
        printf("the lines are not what they should be\n");
        return 1;
    }
    bench_title("packet: a line of 60 bytes, one core");
    double copy = time_of(copy_all);
    struct bench_row row = {
        .unit = "ns", .target = 100, .baseline = copy, .baseline_name = "memcpy"};
    row.what = "parse";
    row.figure = time_of(parse_all);
    bench_print(&row);
    row.what = "format";
    row.figure = time_of(format_all);
    bench_print(&row);
    return 0;
}
