#include "support.h"

#include <stdlib.h>

#include "role/broker/delivery/door_output.h"

#define RUNS_MAX 64
#define SMALL_KEPT 4096 // as the pool says
#define LARGE_KEPT 512

struct fixture {
    struct memory memory;
    struct door_pool pool;
    struct door_output output;
    uint64_t written; // all bytes appended so far: each is made from its place in the stream
    uint64_t read;
};

static void start(struct fixture *fixture) {
    *fixture = (struct fixture){.written = 0};
    memory_init(&fixture->memory);
    door_pool_init(&fixture->pool, &fixture->memory);
}

static void finish(struct fixture *fixture) {
    door_output_clear(&fixture->output, &fixture->pool);
    assert_int_equal(fixture->output.bytes, 0);
    assert_null(fixture->output.first);
    assert_null(fixture->output.last);
    door_pool_deinit(&fixture->pool);
    assert_int_equal(fixture->memory.blocks_in_use, 0);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

static uint8_t byte_at(uint64_t place) {
    return (uint8_t)(place * 7 + place / 251);
}

static void append(struct fixture *fixture, size_t size) {
    uint8_t *place = door_output_append(&fixture->output, &fixture->pool, size);
    for (size_t i = 0; i < size; i++) {
        place[i] = byte_at(fixture->written++);
    }
}

// The message of a payload of so many bytes, with one reference.
static struct door_message *make_message(struct fixture *fixture, size_t size, uint64_t from) {
    uint8_t *payload = malloc(size + 1);
    for (size_t i = 0; i < size; i++) {
        payload[i] = byte_at(from + i);
    }
    struct door_texts texts = {.topic = BYTES_LITERAL("a"), .payload = bytes_make(payload, size)};
    struct door_message *message = door_message_create(&fixture->memory, &texts);
    free(payload);
    return message;
}

// Only the output holds the message then.
static void refer(struct fixture *fixture, size_t size) {
    struct door_message *message = make_message(fixture, size, fixture->written);
    door_output_refer(&fixture->output, &fixture->pool, message);
    assert_int_equal(message->references, 2);
    door_message_unref(&fixture->memory, message);
    fixture->written += size;
}

static unsigned runs_of(const struct fixture *fixture, struct bytes runs[RUNS_MAX]) {
    return door_output_runs(&fixture->output, runs, RUNS_MAX);
}

// The runs have what was written and not read, in its order.
static void assert_whole(const struct fixture *fixture) {
    struct bytes runs[RUNS_MAX];
    unsigned count = runs_of(fixture, runs);
    uint64_t place = fixture->read;
    for (unsigned i = 0; i < count; i++) {
        assert_true(runs[i].size > 0);
        for (size_t at = 0; at < runs[i].size; at++) {
            assert_int_equal(runs[i].data[at], byte_at(place++));
        }
    }
    assert_int_equal(fixture->output.bytes, fixture->written - fixture->read);
    assert_true(place == fixture->written || count == RUNS_MAX);
}

static void consume(struct fixture *fixture, size_t count) {
    door_output_consume(&fixture->output, &fixture->pool, count);
    fixture->read += count;
    assert_whole(fixture);
}

static void an_empty_output_holds_nothing(void **state) {
    (void)state;
    struct fixture fixture;
    struct bytes runs[RUNS_MAX];
    start(&fixture);
    assert_int_equal(runs_of(&fixture, runs), 0);
    door_output_consume(&fixture.output, &fixture.pool, 0);
    assert_int_equal(fixture.memory.blocks_in_use, 0);
    append(&fixture, 10);
    consume(&fixture, 10);
    assert_null(fixture.output.first);
    assert_int_equal(fixture.pool.small_count, 1); // its chunk is the pool's again
    append(&fixture, 10);
    assert_int_equal(fixture.pool.small_count, 0);
    assert_int_equal(fixture.memory.blocks_in_use, 1);
    finish(&fixture);
}

static void small_appends_share_a_chunk(void **state) {
    (void)state;
    struct fixture fixture;
    struct bytes runs[RUNS_MAX];
    start(&fixture);
    for (int i = 0; i < 10; i++) {
        append(&fixture, 100);
    }
    assert_int_equal(runs_of(&fixture, runs), 1);
    append(&fixture, DOOR_CHUNK_SMALL - 1000); // to its last byte
    assert_int_equal(runs_of(&fixture, runs), 1);
    append(&fixture, 1); // more is to be sent: the next chunk is a large one
    append(&fixture, DOOR_CHUNK_LARGE - 1);
    assert_int_equal(runs_of(&fixture, runs), 2);
    assert_int_equal(runs[0].size, DOOR_CHUNK_SMALL);
    assert_int_equal(runs[1].size, DOOR_CHUNK_LARGE);
    append(&fixture, DOOR_CHUNK_LARGE + 1); // no chunk is as large: it gets one of its own
    assert_int_equal(runs_of(&fixture, runs), 3);
    assert_whole(&fixture);
    consume(&fixture, fixture.output.bytes);
    assert_int_equal(fixture.pool.small_count, 1);
    assert_int_equal(fixture.pool.large_count, 1);
    assert_int_equal(fixture.memory.blocks_in_use, 2); // that of its own is gone
    finish(&fixture);
}

static void runs_stay_while_more_is_appended(void **state) {
    (void)state;
    struct fixture fixture;
    struct bytes before[RUNS_MAX], after[RUNS_MAX];
    start(&fixture);
    append(&fixture, 600);
    refer(&fixture, 5000);
    append(&fixture, 300);
    unsigned count = runs_of(&fixture, before);
    assert_int_equal(count, 3);
    for (int i = 0; i < 200; i++) {
        append(&fixture, 500);
    }
    assert_true(runs_of(&fixture, after) > count);
    uint64_t place = 0;
    for (unsigned i = 0; i < count; i++) {
        assert_ptr_equal(after[i].data, before[i].data);
        for (size_t at = 0; at < before[i].size; at++) {
            assert_int_equal(before[i].data[at], byte_at(place++));
        }
    }
    assert_whole(&fixture);
    finish(&fixture);
}

static void no_more_runs_come_than_asked_for(void **state) {
    (void)state;
    struct fixture fixture;
    struct bytes runs[RUNS_MAX] = {{0}};
    start(&fixture);
    for (int i = 0; i < 5; i++) {
        refer(&fixture, 10);
    }
    assert_int_equal(door_output_runs(&fixture.output, runs, 2), 2);
    assert_null(runs[2].data);
    assert_int_equal(door_output_runs(&fixture.output, runs, 0), 0);
    finish(&fixture);
}

static void referred_payloads_are_not_copied(void **state) {
    (void)state;
    struct fixture fixture;
    struct door_output other = {0};
    struct bytes runs[RUNS_MAX];
    start(&fixture);
    struct door_message *message = make_message(&fixture, 100000, 0);
    fixture.written = 100000;
    door_output_refer(&fixture.output, &fixture.pool, message);
    door_output_refer(&other, &fixture.pool, message);
    assert_int_equal(message->references, 3);
    assert_int_equal(runs_of(&fixture, runs), 1);
    assert_ptr_equal(runs[0].data, door_message_texts(message).payload.data);
    assert_true(fixture.memory.bytes_in_use < 101000);
    door_message_unref(&fixture.memory, message);
    consume(&fixture, 99999);
    assert_int_equal(message->references, 2);
    consume(&fixture, 1);
    assert_int_equal(message->references, 1);
    door_output_clear(&other, &fixture.pool);
    assert_int_equal(fixture.memory.blocks_in_use, 0);
    finish(&fixture);
}

static void an_empty_payload_goes_with_what_is_before_it(void **state) {
    (void)state;
    struct fixture fixture;
    struct bytes runs[RUNS_MAX];
    start(&fixture);
    append(&fixture, 10);
    refer(&fixture, 0);
    append(&fixture, 10);
    assert_int_equal(runs_of(&fixture, runs), 2);
    assert_whole(&fixture);
    consume(&fixture, 10);
    consume(&fixture, 10);
    refer(&fixture, 0);
    assert_int_equal(runs_of(&fixture, runs), 0);
    consume(&fixture, 0);
    assert_null(fixture.output.first);
    finish(&fixture);
}

static void bytes_are_forgotten_across_chunks(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture);
    append(&fixture, 1000);
    append(&fixture, 9000);
    refer(&fixture, 3000);
    append(&fixture, 50000);
    consume(&fixture, 999);
    consume(&fixture, 2);            // over an edge
    consume(&fixture, 8998);         // up to the payload's first byte but one
    append(&fixture, 100);           // behind what is partly sent
    consume(&fixture, 1 + 3000 + 1); // over two edges
    consume(&fixture, fixture.output.bytes - 1);
    append(&fixture, 20);
    consume(&fixture, 21);
    assert_null(fixture.output.first);
    finish(&fixture);
}

// More chunks of a size than the pool keeps, all given back.
static void assert_kept(size_t chunk_bytes, uint32_t kept) {
    struct fixture fixture;
    start(&fixture);
    struct door_output *outputs = calloc(kept + 10, sizeof *outputs);
    for (uint32_t i = 0; i < kept + 10; i++) {
        (void)door_output_append(&outputs[i], &fixture.pool, chunk_bytes);
    }
    assert_int_equal(fixture.memory.blocks_in_use, kept + 10);
    for (uint32_t i = 0; i < kept + 10; i++) {
        door_output_clear(&outputs[i], &fixture.pool);
    }
    assert_int_equal(fixture.memory.blocks_in_use, kept);
    assert_int_equal(fixture.pool.small_count + fixture.pool.large_count, kept);
    free(outputs);
    finish(&fixture);
}

static void the_pool_is_bounded(void **state) {
    (void)state;
    assert_kept(DOOR_CHUNK_SMALL, SMALL_KEPT);
    assert_kept(DOOR_CHUNK_LARGE, LARGE_KEPT);
    assert_kept(DOOR_CHUNK_LARGE + 1, 0);
}

static void run_sequence(uint64_t seed) {
    struct fixture fixture;
    uint64_t random = seed;
    start(&fixture);
    for (int step = 0; step < 300; step++) {
        uint64_t size = support_random(&random) % (support_random(&random) % 8 == 0 ? 40000 : 900);
        switch (support_random(&random) % 4) {
        case 0:
            refer(&fixture, size);
            break;
        case 1:
            consume(&fixture, support_random(&random) % (fixture.output.bytes + 1));
            break;
        default:
            append(&fixture, size);
        }
    }
    consume(&fixture, fixture.output.bytes);
    assert_null(fixture.output.first);
    finish(&fixture);
}

static void random_sequences_send_what_was_written(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        run_sequence(seed);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_output_holds_nothing),
        cmocka_unit_test(small_appends_share_a_chunk),
        cmocka_unit_test(runs_stay_while_more_is_appended),
        cmocka_unit_test(no_more_runs_come_than_asked_for),
        cmocka_unit_test(referred_payloads_are_not_copied),
        cmocka_unit_test(an_empty_payload_goes_with_what_is_before_it),
        cmocka_unit_test(bytes_are_forgotten_across_chunks),
        cmocka_unit_test(the_pool_is_bounded),
        cmocka_unit_test(random_sequences_send_what_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
