#include "support.h"

#include "role/master/mailbox.h"

struct fixture {
    struct memory memory;
    struct mailbox_pool pool;
    struct mailbox mailbox;
    struct buffer out;
    uint64_t freed;
};

static void count_freed(void *context, const struct mailbox_block *block) {
    struct fixture *f = context;
    assert_int_equal(block->references, 0);
    f->freed++;
}

static void begin(struct fixture *f) {
    *f = (struct fixture){.freed = 0};
    memory_init(&f->memory);
    f->pool = (struct mailbox_pool){&f->memory, 1, count_freed, f};
    mailbox_init(&f->mailbox);
    buffer_init(&f->out, &f->memory);
}

static void end(struct fixture *f) {
    mailbox_deinit(&f->mailbox, &f->pool);
    buffer_deinit(&f->out);
    assert_int_equal(f->memory.blocks_in_use, 0);
    assert_int_equal(f->freed, f->pool.next_id - 1);
}

static void push(struct fixture *f, const char *text, uint32_t lines) {
    struct bytes bytes = bytes_of_text(text);
    struct mailbox_block *block = mailbox_block_create(&f->pool, (uint32_t)bytes.size);
    memcpy(block->data, bytes.data, bytes.size);
    block->lines = lines;
    mailbox_push(&f->mailbox, &f->pool, block);
    mailbox_block_unref(&f->pool, block);
}

static void assert_read(struct fixture *f, uint64_t bytes_max, const char *text, uint64_t lines) {
    f->out.size = 0;
    assert_int_equal(mailbox_read(&f->mailbox, bytes_max, &f->out), lines);
    assert_bytes_equal(buffer_bytes(&f->out), bytes_of_text(text));
}

static void is_read_in_whole_lines(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    assert_read(&f, 100, "", 0);
    push(&f, "a\nbb\n", 2);
    push(&f, "ccc\nd\n", 2);
    assert_read(&f, 0, "a\n", 1);
    assert_read(&f, 4, "a\n", 1);
    assert_read(&f, 5, "a\nbb\n", 2);
    assert_read(&f, 8, "a\nbb\n", 2);
    assert_read(&f, 9, "a\nbb\nccc\n", 3);
    assert_read(&f, 10, "a\nbb\nccc\n", 3);
    assert_read(&f, 11, "a\nbb\nccc\nd\n", 4);
    assert_read(&f, UINT64_MAX, "a\nbb\nccc\nd\n", 4);
    end(&f);
}

static void loses_the_fewest_that_are_enough(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    push(&f, "a\nbb\nccc\n", 3);
    push(&f, "d\ne\n", 2);
    assert_int_equal(mailbox_remove(&f.mailbox, &f.pool, 0, 0), 0);
    assert_int_equal(mailbox_remove(&f.mailbox, &f.pool, 1, 1), 1);
    assert_int_equal(f.mailbox.first, 2);
    assert_int_equal(mailbox_front(&f.mailbox), 1);
    assert_read(&f, 100, "bb\nccc\nd\ne\n", 4);
    assert_read(&f, 1, "bb\n", 1);
    assert_int_equal(mailbox_remove(&f.mailbox, &f.pool, 1, 4), 2);
    assert_int_equal(f.freed, 1);
    assert_int_equal(mailbox_front(&f.mailbox), 4);
    assert_int_equal(f.mailbox.bytes, 4);
    assert_int_equal(mailbox_remove(&f.mailbox, &f.pool, 100, 0), 2);
    assert_int_equal(mailbox_last(&f.mailbox), 5);
    assert_int_equal(mailbox_remove(&f.mailbox, &f.pool, 1, 1), 0);
    push(&f, "f\n", 1);
    assert_int_equal(mailbox_last(&f.mailbox), 6);
    assert_read(&f, 100, "f\n", 1);
    end(&f);
}

static void allocates_nothing_while_empty(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 1000; i++) {
            push(&f, "x\n", 1);
            if (i % 3 == 0) {
                mailbox_remove(&f.mailbox, &f.pool, 1, 0);
            }
        }
        mailbox_remove(&f.mailbox, &f.pool, 1000, 0);
        assert_int_equal(f.memory.blocks_in_use, 0);
    }
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_read_in_whole_lines),
        cmocka_unit_test(loses_the_fewest_that_are_enough),
        cmocka_unit_test(allocates_nothing_while_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
