#include "support.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/power.h"
#include "store/broker/broker_store.h"

// A store in a folder of the test's own.
struct place {
    char *folder;
    char *path;
    struct broker_store *store;
    struct broker_store_error error;
};

static void open_place(struct place *place) {
    place->store = broker_store_open(place->path, &place->error);
}

static void begin(struct place *place) {
    *place = (struct place){.folder = support_make_folder()};
    place->path = support_path(place->folder, "broker.db");
    open_place(place);
    assert_non_null(place->store);
}

static void end(struct place *place) {
    if (place->store != NULL) {
        broker_store_close(place->store);
    }
    free(place->path);
    support_remove_folder(place->folder);
}

static void reopen(struct place *place) {
    broker_store_close(place->store);
    open_place(place);
}

static bool commit(struct place *place, struct broker_store_turn turn) {
    bool is_good = broker_store_commit(place->store, &turn);
    broker_store_tidy(place->store);
    return is_good;
}

static bool add_step(struct place *place, const char *text) {
    return commit(place, (struct broker_store_turn){.steps = bytes_of_text(text)});
}

// Rows that begin with '!' make no sense.
static bool take_row(void *context, struct bytes records) {
    char *text = context;
    (void)snprintf(text + strlen(text), 1000 - strlen(text), "%.*s ", (int)records.size,
                   (const char *)records.data);
    return records.data[0] != '!';
}

static void assert_reads(struct place *place, const char *expected) {
    char text[1000] = "";
    bool is_read = broker_store_read(place->store, false, take_row, text, &place->error);
    assert_string_equal(is_read ? "" : place->error.said.text, "");
    assert_string_equal(text, expected);
}

static void assert_damaged(struct place *place, const char *what) {
    char text[1000] = "";
    assert_false(broker_store_read(place->store, false, take_row, text, &place->error));
    assert_true(place->error.is_damaged);
    assert_non_null(strstr(place->error.said.text, what));
    assert_non_null(strstr(place->error.said.text, "broker --export"));
}

// Closes the store and tells the file something.
static void tell_file(struct place *place, const char *text) {
    sqlite3 *database;
    if (place->store != NULL) {
        broker_store_close(place->store);
        place->store = NULL;
    }
    assert_int_equal(sqlite3_open(place->path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static void assert_refused(struct place *place, const char *why) {
    if (place->store == NULL) {
        open_place(place);
    }
    assert_null(place->store);
    assert_non_null(strstr(place->error.said.text, why));
}

static void what_was_written_is_read_in_its_order(void **state) {
    (void)state;
    struct place p;
    begin(&p);
    assert_true(broker_store_is_empty(p.store));
    assert_reads(&p, "");
    assert_true(add_step(&p, "a"));
    assert_true(add_step(&p, "b"));
    assert_false(broker_store_is_empty(p.store));
    assert_reads(&p, "a b ");
    reopen(&p);
    assert_true(add_step(&p, "c"));
    reopen(&p);
    assert_reads(&p, "a b c ");
    assert_true(broker_store_check(p.store, &p.error));
    end(&p);
}

// It counts from its end on, and begins behind the step that it begins with.
static void a_snapshot_cuts_the_journal(void **state) {
    (void)state;
    struct place p;
    begin(&p);
    assert_true(add_step(&p, "a"));
    assert_true(commit(&p, (struct broker_store_turn){.steps = bytes_of_text("b"),
                                                      .begins_snapshot = true,
                                                      .part = bytes_of_text("AB1")}));
    assert_true(add_step(&p, "c"));
    assert_true(commit(&p, (struct broker_store_turn){.part = bytes_of_text("AB2")}));
    reopen(&p);
    assert_reads(&p, "a b c "); // it was not ended
    assert_true(commit(
        &p, (struct broker_store_turn){.begins_snapshot = true, .part = bytes_of_text("ABC1")}));
    assert_true(add_step(&p, "d"));
    assert_true(commit(&p, (struct broker_store_turn){.steps = bytes_of_text("e"),
                                                      .part = bytes_of_text("ABC2"),
                                                      .ends_snapshot = true}));
    assert_int_equal(broker_store_sizes(p.store).journal, 2);
    assert_int_equal(broker_store_sizes(p.store).snapshot, 8);
    reopen(&p);
    assert_reads(&p, "ABC1 ABC2 d e ");
    end(&p);
}

static int64_t count_rows(struct place *place, const char *question) {
    sqlite3 *database;
    sqlite3_stmt *statement;
    broker_store_close(place->store);
    assert_int_equal(sqlite3_open(place->path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, question, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    open_place(place);
    return number;
}

// What counts no more goes with the commits that follow, and with it the file's pages.
static void the_file_shrinks_again(void **state) {
    (void)state;
    struct place p;
    struct stat status;
    const size_t size = 100000;
    uint8_t *bytes = calloc(1, size);
    assert_non_null(bytes);
    begin(&p);
    for (int i = 0; i < 200; i++) {
        assert_true(commit(&p, (struct broker_store_turn){.steps = bytes_make(bytes, size)}));
    }
    assert_true(
        commit(&p, (struct broker_store_turn){.begins_snapshot = true, .ends_snapshot = true}));
    for (int i = 0; i < 40; i++) {
        assert_true(add_step(&p, "x"));
    }
    assert_int_equal(count_rows(&p, "SELECT count(*) FROM journal"), 40);
    assert_int_equal(stat(p.path, &status), 0);
    assert_true(status.st_size < 6000000);
    free(bytes);
    end(&p);
}

static int64_t log_size(const struct place *place) {
    struct stat status;
    char *path = support_path(place->folder, "broker.db-wal");
    assert_int_equal(stat(path, &status), 0);
    free(path);
    return status.st_size;
}

// However much is written, and it is longer than what is in it, so that syncs are fast.
static void the_log_stays_short(void **state) {
    (void)state;
    struct place p;
    const size_t size = 1000000;
    uint8_t *bytes = calloc(1, size);
    assert_non_null(bytes);
    begin(&p);
    assert_true(add_step(&p, "x")); // with what made the file
    assert_true(add_step(&p, "x"));
    int64_t before = log_size(&p);
    assert_true(add_step(&p, "x"));
    assert_int_equal(log_size(&p), before);
    for (int i = 0; i < 200; i++) {
        assert_true(commit(&p, (struct broker_store_turn){.steps = bytes_make(bytes, size)}));
    }
    assert_true(log_size(&p) < 80000000);
    free(bytes);
    end(&p);
}

static void a_changed_row_is_found(void **state) {
    (void)state;
    struct place p;
    begin(&p);
    assert_true(commit(&p, (struct broker_store_turn){.begins_snapshot = true,
                                                      .part = bytes_of_text("A"),
                                                      .ends_snapshot = true}));
    assert_true(add_step(&p, "b"));
    assert_true(add_step(&p, "c"));
    assert_true(add_step(&p, "d"));
    tell_file(&p, "UPDATE journal SET records = x'41' WHERE step = 2");
    open_place(&p);
    assert_damaged(&p, "step 2 is not as it was written");
    char text[1000] = "";
    assert_false(broker_store_read(p.store, true, take_row, text, &p.error));
    assert_string_equal(text, "A b d "); // as far as it can
    tell_file(&p, "UPDATE snapshot SET hash = 1");
    open_place(&p);
    assert_damaged(&p, "part 1 is not as it was written");
    end(&p);
}

static void a_missing_row_is_found(void **state) {
    (void)state;
    struct place p;
    begin(&p);
    assert_true(add_step(&p, "a"));
    assert_true(add_step(&p, "b"));
    assert_true(add_step(&p, "c"));
    tell_file(&p, "DELETE FROM journal WHERE step = 2");
    open_place(&p);
    assert_damaged(&p, "step 2");
    tell_file(&p, "UPDATE state SET end_part = 3");
    open_place(&p);
    assert_damaged(&p, "part 1");
    end(&p);
}

static void a_row_without_sense_is_found(void **state) {
    (void)state;
    struct place p;
    begin(&p);
    assert_true(add_step(&p, "!"));
    assert_damaged(&p, "step 1");
    end(&p);
}

static void other_files_are_refused(void **state) {
    (void)state;
    struct place p;
    begin(&p);
    tell_file(&p, "PRAGMA user_version = 99");
    assert_refused(&p, "newer version of this program (schema 99, this one knows 1); use that");
    tell_file(&p, "PRAGMA user_version = 1; PRAGMA application_id = 7");
    assert_refused(&p, "is the database of another program; name another file");
    FILE *file = fopen(p.path, "w");
    assert_non_null(file);
    for (int i = 0; i < 1000; i++) {
        (void)fprintf(file, "this is no database %d\n", i);
    }
    (void)fclose(file);
    assert_refused(&p, "file is not a database");
    assert_true(p.error.is_damaged);
    end(&p);
}

static void links_and_folders_are_refused(void **state) {
    (void)state;
    struct place p;
    begin(&p);
    broker_store_close(p.store);
    char *link = support_path(p.folder, "link.db");
    assert_int_equal(symlink(p.path, link), 0);
    assert_null(broker_store_open(link, &p.error));
    assert_non_null(strstr(p.error.said.text, "it is a symbolic link; name a file"));
    assert_null(broker_store_open(p.folder, &p.error));
    assert_non_null(strstr(p.error.said.text, "cannot be opened: Is a directory"));
    if (geteuid() == 0) { // nobody else can give a file away
        assert_int_equal(chown(p.path, 12345, 12345), 0);
        assert_null(broker_store_open(p.path, &p.error));
        assert_non_null(strstr(p.error.said.text, "belongs to another user"));
    }
    p.store = NULL;
    free(link);
    end(&p);
}

static void one_that_is_in_use_is_refused(void **state) {
    (void)state;
    struct place p;
    begin(&p);
    assert_null(broker_store_open(p.path, &p.error));
    assert_non_null(strstr(p.error.said.text, "another program uses it: end that one"));
    assert_true(add_step(&p, "a"));
    reopen(&p);
    assert_reads(&p, "a ");
    end(&p);
}

static void a_full_disk_is_told_and_recovered_from(void **state) {
    (void)state;
    struct place p;
    power_watch();
    begin(&p);
    assert_true(add_step(&p, "a"));
    power_fill_disk(true);
    assert_false(add_step(&p, "b"));
    assert_non_null(strstr(broker_store_trouble(p.store), "make room on the disk"));
    assert_false(commit(&p, (struct broker_store_turn){.steps = bytes_of_text("b"),
                                                       .begins_snapshot = true,
                                                       .part = bytes_of_text("AB"),
                                                       .ends_snapshot = true}));
    power_fill_disk(false);
    assert_true(add_step(&p, "c"));
    reopen(&p);
    assert_reads(&p, "a c ");
    end(&p);
    power_unwatch();
}

// What a loss of power leaves has at least what was committed, and nothing by halves.
static void assert_survives(const struct place *place, uint64_t committed, uint64_t *random) {
    struct place after = {.folder = support_make_folder()};
    char text[1000] = "";
    uint64_t number = 0;
    after.path = support_path(after.folder, "broker.db");
    power_cut(place->folder, after.folder, "broker.db", random);
    open_place(&after);
    assert_non_null(after.store);
    assert_true(broker_store_read(after.store, false, take_row, text, &after.error));
    const char *last = strrchr(text, '#');
    if (last != NULL) {
        number = strtoull(last + 1, NULL, 10);
    }
    assert_int_equal(number, committed);
    end(&after);
}

// After any commit the power might fail: then each file may be what it was when it was last synced,
// or what it is now, whatever the other is.
static void nothing_committed_is_lost_with_the_power(void **state) {
    (void)state;
    struct place p;
    uint64_t random = 3;
    power_watch();
    begin(&p);
    for (uint64_t i = 1; i <= 120; i++) {
        char text[40];
        char whole[40];
        bool cuts = i % 7 == 0;
        (void)snprintf(text, sizeof text, "#%llu", (unsigned long long)i);
        (void)snprintf(whole, sizeof whole, "whole#%llu", (unsigned long long)i);
        assert_true(commit(&p, (struct broker_store_turn){.steps = bytes_of_text(text),
                                                          .begins_snapshot = cuts,
                                                          .part = bytes_of_text(cuts ? whole : ""),
                                                          .ends_snapshot = cuts}));
        if (support_random(&random) % 4 == 0) {
            assert_survives(&p, i, &random);
        }
    }
    end(&p);
    power_unwatch();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_in_its_order),
        cmocka_unit_test(a_snapshot_cuts_the_journal),
        cmocka_unit_test(the_file_shrinks_again),
        cmocka_unit_test(the_log_stays_short),
        cmocka_unit_test(a_changed_row_is_found),
        cmocka_unit_test(a_missing_row_is_found),
        cmocka_unit_test(a_row_without_sense_is_found),
        cmocka_unit_test(other_files_are_refused),
        cmocka_unit_test(links_and_folders_are_refused),
        cmocka_unit_test(one_that_is_in_use_is_refused),
        cmocka_unit_test(a_full_disk_is_told_and_recovered_from),
        cmocka_unit_test(nothing_committed_is_lost_with_the_power),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
