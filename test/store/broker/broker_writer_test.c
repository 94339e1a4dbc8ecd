#include "support.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/power.h"
#include "role/broker/session/door_record.h"
#include "store/broker/broker_writer.h"

// An owner that keeps one thing: the number of the last session that ended. Its lock is all that
// the writer's thread and the test share.
struct owner {
    char *folder;
    char *path;
    struct memory memory;
    struct broker_writer_options options;
    struct broker_store *store;
    struct broker_writer *writer;
    struct journal *journal;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    uint64_t last;
    pid_t process;       // of the test
    bool kills_children; // that are to tell a snapshot
    unsigned told_here;  // snapshots by this process itself
    unsigned failed;     // times that it was told so, and that all is well again
    unsigned well;
};

static const struct record_rows rows = {door_journal_kinds, DOOR_RECORDS};

static void note(struct owner *owner, enum broker_writer_news news) {
    owner->failed += news == BROKER_WRITER_FAILED;
    owner->well += news == BROKER_WRITER_WELL;
    pthread_cond_broadcast(&owner->moved);
}

static void settle(void *context) {
    struct owner *owner = context;
    pthread_mutex_lock(&owner->lock);
    note(owner, broker_writer_settle(owner->writer));
    pthread_mutex_unlock(&owner->lock);
}

static void give_whole(void *context, journal_receiver *take, void *take_context) {
    struct owner *owner = context;
    if (getpid() == owner->process) {
        owner->told_here++;
    } else if (owner->kills_children) {
        _exit(3);
    }
    take(take_context, &(struct journal_record){.kind = DOOR_ENDED, .number = {owner->last}});
}

static void open_owner(struct owner *owner) {
    struct broker_store_error error = {0};
    owner->store = broker_store_open(owner->path, &error);
    assert_string_equal(error.said.text, "");
    owner->writer = broker_writer_create(owner->store, &owner->options);
    assert_non_null(owner->writer);
    owner->journal = broker_writer_journal(owner->writer);
}

static void begin(struct owner *owner, struct broker_writer_options options) {
    *owner =
        (struct owner){.folder = support_make_folder(), .options = options, .process = getpid()};
    owner->path = support_path(owner->folder, "broker.db");
    owner->options.rows = rows;
    owner->options.memory = &owner->memory;
    owner->options.snapshot = give_whole;
    owner->options.settle = settle;
    owner->options.context = owner;
    memory_init(&owner->memory);
    pthread_mutex_init(&owner->lock, NULL);
    pthread_cond_init(&owner->moved, NULL);
    open_owner(owner);
}

static void close_owner(struct owner *owner) {
    broker_writer_stop(owner->writer);
    assert_true(broker_writer_finish(owner->writer));
    broker_writer_destroy(owner->writer);
}

static void end(struct owner *owner) {
    free(owner->path);
    support_remove_folder(owner->folder);
    assert_int_equal(owner->memory.bytes_in_use, 0);
    pthread_mutex_destroy(&owner->lock);
    pthread_cond_destroy(&owner->moved);
}

// A turn in which the next so many sessions end.
static void append(struct owner *owner, unsigned count) {
    pthread_mutex_lock(&owner->lock);
    while (count-- > 0) {
        journal_append(owner->journal,
                       &(struct journal_record){.kind = DOOR_ENDED, .number = {++owner->last}});
    }
    note(owner, broker_writer_turn(owner->writer));
    pthread_mutex_unlock(&owner->lock);
}

static void await_durable(struct owner *owner) {
    pthread_mutex_lock(&owner->lock);
    while (!journal_is_durable(owner->journal) || owner->journal->has_failed) {
        pthread_cond_wait(&owner->moved, &owner->lock);
    }
    pthread_mutex_unlock(&owner->lock);
}

static void await_failures(struct owner *owner, uint64_t count) {
    pthread_mutex_lock(&owner->lock);
    while (broker_writer_counts(owner->writer).failures < count) {
        pthread_cond_wait(&owner->moved, &owner->lock);
    }
    pthread_mutex_unlock(&owner->lock);
}

struct found {
    uint64_t count;
    uint64_t first;
    uint64_t last;
};

static bool take_records(void *context, struct bytes records) {
    struct found *found = context;
    struct journal_record record;
    while (record_rows_next(rows, &records, &record) == RECORD_ROWS_RECORD) {
        found->first = found->count++ == 0 ? record.number[0] : found->first;
        assert_true(found->count == 1 || record.number[0] == found->last + 1);
        found->last = record.number[0];
    }
    return true;
}

static struct found read_file(const struct owner *owner) {
    struct found found = {0};
    struct broker_store_error error = {0};
    struct broker_store *store = broker_store_open(owner->path, &error);
    assert_non_null(store);
    assert_true(broker_store_read(store, false, take_records, &found, &error));
    broker_store_close(store);
    return found;
}

static void what_is_appended_gets_durable(void **state) {
    (void)state;
    struct owner owner;
    begin(&owner, (struct broker_writer_options){0});
    for (unsigned i = 0; i < 50; i++) {
        append(&owner, i % 5);
        if (i % 10 == 0) {
            await_durable(&owner);
        }
    }
    close_owner(&owner); // what was on its way is written
    struct found found = read_file(&owner);
    assert_int_equal(found.count, 100);
    assert_int_equal(found.last, 100);
    end(&owner);
}

// What comes while the disk is busy makes one commit.
static void turns_share_a_commit(void **state) {
    (void)state;
    struct owner owner;
    begin(&owner, (struct broker_writer_options){0});
    pthread_mutex_lock(&owner.lock); // so that nothing is settled
    for (int i = 0; i < 100; i++) {
        journal_append(owner.journal,
                       &(struct journal_record){.kind = DOOR_ENDED, .number = {++owner.last}});
        (void)broker_writer_turn(owner.writer);
    }
    assert_int_equal(owner.journal->durable, 0);
    pthread_mutex_unlock(&owner.lock);
    await_durable(&owner);
    assert_int_equal(broker_writer_counts(owner.writer).commits, 2);
    close_owner(&owner);
    end(&owner);
}

static void append_one(struct owner *owner, uint64_t number) {
    journal_append(owner->journal,
                   &(struct journal_record){.kind = DOOR_ENDED, .number = {number}});
    (void)broker_writer_turn(owner->writer);
}

// Not what is on its way to the disk.
static void what_is_taken_back_is_not_written(void **state) {
    (void)state;
    struct owner owner;
    begin(&owner, (struct broker_writer_options){0});
    pthread_mutex_lock(&owner.lock); // so that nothing is settled
    append_one(&owner, 1);
    append_one(&owner, 98);
    append_one(&owner, 2);
    append_one(&owner, 99);
    append_one(&owner, 3);
    assert_false(journal_take_back(owner.journal, 1));
    assert_true(journal_take_back(owner.journal, 2));
    assert_true(journal_take_back(owner.journal, 4));
    pthread_mutex_unlock(&owner.lock);
    await_durable(&owner);
    pthread_mutex_lock(&owner.lock);
    assert_false(journal_take_back(owner.journal, 5));
    append_one(&owner, 4);
    append_one(&owner, 97);
    assert_true(journal_take_back(owner.journal, 7)); // all of a commit
    pthread_mutex_unlock(&owner.lock);
    await_durable(&owner);
    close_owner(&owner);
    struct found found = read_file(&owner);
    assert_int_equal(found.count, 4);
    assert_int_equal(found.last, 4);
    end(&owner);
}

static void cut_long_journal(struct owner *owner) {
    for (int i = 0; i < 100; i++) {
        append(owner, 10);
        await_durable(owner);
    }
    assert_true(broker_writer_counts(owner->writer).snapshots >= 5);
    close_owner(owner);
    struct found found = read_file(owner);
    assert_int_equal(found.last, 1000);
    assert_true(found.first > 900); // that of the last snapshot
}

static void a_long_journal_is_cut(void **state) {
    (void)state;
    struct owner owner;
    begin(&owner, (struct broker_writer_options){.journal_bytes_min = 100});
    cut_long_journal(&owner);
    assert_true(owner.told_here >= 5);
    end(&owner);
}

// So it goes on meanwhile.
static void a_child_tells_what_is_large(void **state) {
    (void)state;
    struct owner owner;
    begin(&owner, (struct broker_writer_options){.journal_bytes_min = 100, .small_bytes = 1});
    cut_long_journal(&owner);
    assert_int_equal(owner.told_here, 0);
    end(&owner);
}

static void a_child_that_dies_is_not_missed(void **state) {
    (void)state;
    struct owner owner;
    begin(&owner, (struct broker_writer_options){.journal_bytes_min = 100, .small_bytes = 1});
    owner.kills_children = true;
    cut_long_journal(&owner);
    assert_true(owner.told_here >= 4);
    end(&owner);
}

static void a_full_disk_fails_the_journal_until_there_is_room(void **state) {
    (void)state;
    struct owner owner;
    power_watch();
    begin(&owner, (struct broker_writer_options){0});
    append(&owner, 1);
    await_durable(&owner);
    power_fill_disk(true);
    append(&owner, 1);
    await_failures(&owner, 2);
    append(&owner, 1);
    assert_int_equal(owner.failed, 1); // told once
    assert_int_equal(owner.journal->durable, 1);
    assert_false(journal_may_promise(owner.journal));
    assert_non_null(strstr(broker_writer_trouble(owner.writer), "make room on the disk"));
    power_fill_disk(false);
    await_durable(&owner);
    assert_int_equal(owner.well, 1);
    close_owner(&owner);
    assert_int_equal(read_file(&owner).count, 3);
    end(&owner);
    power_unwatch();
}

// More than may wait is dropped, and the whole takes its place.
static void fail_for_long(size_t small_bytes, bool kills_children) {
    struct owner owner;
    power_watch();
    begin(&owner,
          (struct broker_writer_options){.waiting_bytes_max = 1000, .small_bytes = small_bytes});
    owner.kills_children = kills_children;
    append(&owner, 5);
    await_durable(&owner);
    power_fill_disk(true);
    append(&owner, 1);
    await_failures(&owner, 1);
    for (int i = 0; i < 100; i++) {
        append(&owner, 100);
        assert_true(broker_writer_counts(owner.writer).waiting < 2000);
    }
    power_fill_disk(false);
    await_durable(&owner);
    append(&owner, 1);
    await_durable(&owner);
    close_owner(&owner);
    struct found found = read_file(&owner);
    assert_int_equal(found.first, 10006);
    assert_int_equal(found.last, 10007);
    end(&owner);
    power_unwatch();
}

static void after_a_long_failure_a_snapshot_takes_the_place(void **state) {
    (void)state;
    fail_for_long(0, false);
    fail_for_long(1, false);
    fail_for_long(1, true);
}

static void lazily_all_is_durable_at_once(void **state) {
    (void)state;
    struct owner owner;
    begin(&owner, (struct broker_writer_options){.lazy_ms = 3600000});
    for (int i = 0; i < 10; i++) {
        append(&owner, 1);
        assert_true(journal_is_durable(owner.journal));
    }
    assert_int_equal(broker_writer_counts(owner.writer).commits, 0);
    close_owner(&owner); // does not wait for an hour
    assert_int_equal(read_file(&owner).count, 10);
    owner.options.lazy_ms = 1;
    open_owner(&owner);
    append(&owner, 1);
    pthread_mutex_lock(&owner.lock);
    while (broker_writer_counts(owner.writer).commits == 0) {
        pthread_cond_wait(&owner.moved, &owner.lock);
    }
    pthread_mutex_unlock(&owner.lock);
    close_owner(&owner);
    assert_int_equal(read_file(&owner).count, 11);
    end(&owner);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_gets_durable),
        cmocka_unit_test(turns_share_a_commit),
        cmocka_unit_test(what_is_taken_back_is_not_written),
        cmocka_unit_test(a_long_journal_is_cut),
        cmocka_unit_test(a_child_tells_what_is_large),
        cmocka_unit_test(a_child_that_dies_is_not_missed),
        cmocka_unit_test(a_full_disk_fails_the_journal_until_there_is_room),
        cmocka_unit_test(after_a_long_failure_a_snapshot_takes_the_place),
        cmocka_unit_test(lazily_all_is_durable_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
