// The journal of a router: what was committed is there again, whatever a kill did to the end of the
// file; and which of the lines to be appended stand in the network.
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session/router/router_journal.h"
#include "session/router/router_recovery.h"

struct place {
    char *folder;
    char *path;
    struct memory memory;
    struct router_journal state;
    struct file_network_error error;
    char records[4096]; // those restored, as text
    unsigned lines;     // of them that were added
    uint64_t cursor;    // of the last of them
    uint32_t gate;      // likewise
};

static int set_up(void **state) {
    struct place *place = calloc(1, sizeof *place);
    place->folder = support_make_folder();
    place->path = support_path(place->folder, "network.router");
    memory_init(&place->memory);
    *state = place;
    return 0;
}

static int tear_down(void **state) {
    struct place *place = *state;
    assert_int_equal(place->memory.blocks_in_use, 0);
    support_remove_folder(place->folder);
    free(place->path);
    free(place);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void note_record(void *context, const struct journal_record *record) {
    struct place *place = context;
    size_t size = strlen(place->records);
    (void)snprintf(place->records + size, sizeof place->records - size, "%s %llu %llu %.*s;",
                   uplink_journal_kinds[record->kind].word, (unsigned long long)record->number[0],
                   (unsigned long long)record->number[1], (int)record->text[0].size,
                   (const char *)record->text[0].data);
    place->lines += record->kind == UPLINK_ADDED;
    place->cursor = record->kind == UPLINK_TAKEN ? record->number[0] : place->cursor;
    place->gate = record->kind == UPLINK_LEASED ? (uint32_t)record->number[0] : place->gate;
}

static void open_state(struct place *place) {
    bool opened = router_journal_open(&place->state, place->path, &place->memory, &place->error);
    if (!opened) {
        print_error("%s\n", place->error.text);
    }
    assert_true(opened);
    place->records[0] = '\0';
    place->lines = place->gate = 0;
    place->cursor = 0;
    router_journal_restore(&place->state, note_record, place);
}

static void commit(struct place *place) {
    struct journal *journal = &place->state.journal;
    assert_true(router_journal_is_changed(&place->state));
    assert_true(router_journal_commit(&place->state, &place->error));
    assert_false(router_journal_is_changed(&place->state));
    assert_true(journal_is_durable(journal) && journal_may_promise(journal));
}

// As after kill -9: nothing but what was written counts.
static void reopen(struct place *place) {
    router_journal_close(&place->state, false);
    open_state(place);
}

static void append_number(struct place *place, unsigned kind, uint64_t number) {
    journal_append(&place->state.journal,
                   &(struct journal_record){.kind = kind, .number = {number}});
}

static void append_text(struct place *place, unsigned kind, uint64_t number, struct bytes text) {
    journal_append(&place->state.journal,
                   &(struct journal_record){.kind = kind, .number = {number}, .text = {text}});
}

static void add_line(struct place *place, unsigned number) {
    char line[16];
    int size = snprintf(line, sizeof line, "%u\n", number);
    append_text(place, UPLINK_ADDED, 0, bytes_make(line, (size_t)size));
}

// What the roles know, in these tests: that much of the mailbox was taken.
static void give_cursor(void *context, journal_receiver *take, void *take_context) {
    const struct place *place = context;
    take(take_context, &(struct journal_record){.kind = UPLINK_TAKEN, .number = {place->cursor}});
}

// The first commit of an opened file writes it anew.
static void begin(struct place *place) {
    open_state(place);
    append_number(place, UPLINK_DROPPED, 0);
    commit(place);
}

// ---- what is kept ---------------------------------------------------------------------------

static void test_everything_committed_is_there_again(void **state) {
    struct place *place = *state;
    struct file_network_position position = {UINT64_MAX, 2, {3, 4, UINT64_MAX}, 5, true};
    struct file_network_position end = {1, 2, {3, 4, 5}, 99, false};
    begin(place);
    assert_int_equal(place->state.position.epoch, 0);
    append_text(place, UPLINK_LEASED, 7, BYTES_LITERAL("0123456789abcdef"));
    append_text(place, UPLINK_ADDED, 0, BYTES_LITERAL("commit\nup 3\n"));
    append_number(place, UPLINK_TAKEN, UINT64_MAX - 1);
    append_text(place, ROUTER_BROKER, 8083, BYTES_LITERAL("a\n b"));
    append_text(place, ROUTER_BROKER, 8084, (struct bytes){0});
    journal_append(&place->state.journal,
                   &(struct journal_record){.kind = ROUTER_PAIR, .number = {580, 4294966999}});
    router_journal_move(&place->state, position);
    router_journal_append(&place->state, BYTES_LITERAL("commit\nland 3\n\0x\n"), end);
    commit(place);
    reopen(place);
    const struct router_journal *kept = &place->state;
    assert_string_equal(place->records, "lease 7 0 0123456789abcdef;up 0 0 commit\nup 3\n;"
                                        "cursor 18446744073709551614 0 ;broker 8083 0 a\n b;"
                                        "broker 8084 0 ;pair 580 4294966999 ;");
    assert_memory_equal(&kept->position.file, &position.file, sizeof position.file);
    assert_true(kept->position.claims_id == UINT64_MAX && kept->position.skipping);
    assert_int_equal(kept->position.offset, 5);
    assert_bytes_equal(buffer_bytes(&kept->pending), BYTES_LITERAL("commit\nland 3\n\0x\n"));
    assert_int_equal(kept->pending_at.offset, 99);
    router_journal_appended(&place->state);
    commit(place);
    reopen(place);
    assert_int_equal(place->state.pending.size, 0);
    router_journal_close(&place->state, false);
}

static void test_what_was_not_committed_is_not_there(void **state) {
    struct place *place = *state;
    begin(place);
    append_number(place, UPLINK_TAKEN, 8);
    commit(place);
    add_line(place, 1);
    append_number(place, UPLINK_TAKEN, 9);
    assert_false(journal_is_durable(&place->state.journal));
    reopen(place);
    assert_int_equal(place->cursor, 8);
    assert_int_equal(place->lines, 0);
    router_journal_close(&place->state, false);
}

static void test_records_can_be_restored_until_they_are_forgotten(void **state) {
    struct place *place = *state;
    begin(place);
    add_line(place, 1);
    commit(place);
    reopen(place);
    router_journal_restore(&place->state, note_record, place);
    assert_int_equal(place->lines, 2); // once in reopen
    router_journal_forget(&place->state);
    router_journal_restore(&place->state, note_record, place);
    assert_int_equal(place->lines, 2);
    router_journal_close(&place->state, false);
}

// The next one writes all that is known, so nothing is lost.
static void test_a_commit_that_fails_is_told_to_the_roles(void **state) {
    struct place *place = *state;
    char *new = support_path(place->folder, "network.router.new");
    begin(place);
    place->state.snapshot = give_cursor;
    place->state.snapshot_context = place;
    place->cursor = 5;
    append_number(place, UPLINK_TAKEN, 5);
    place->state.new_size = 0;
    assert_int_equal(mkdir(new, 0700), 0); // in the way
    assert_false(router_journal_commit(&place->state, &place->error));
    assert_non_null(strstr(place->error.text, "cannot be written"));
    assert_false(journal_may_promise(&place->state.journal));
    assert_false(journal_is_durable(&place->state.journal));
    assert_int_equal(rmdir(new), 0);
    commit(place);
    reopen(place);
    assert_int_equal(place->cursor, 5);
    router_journal_close(&place->state, false);
    free(new);
}

// ---- the file -------------------------------------------------------------------------------

static void test_the_journal_does_not_grow_without_end(void **state) {
    struct place *place = *state;
    open_state(place);
    place->state.snapshot = give_cursor;
    place->state.snapshot_context = place;
    struct stat status;
    for (unsigned i = 0; i < 2000; i++) {
        char line[4096];
        memset(line, 'x', sizeof line);
        line[sizeof line - 1] = '\n';
        append_text(place, UPLINK_ADDED, 0, bytes_make(line, sizeof line));
        commit(place);
        append_number(place, UPLINK_TAKEN, ++place->cursor);
        commit(place);
        assert_int_equal(stat(place->path, &status), 0);
        assert_true(status.st_size < 2 * 1024 * 1024);
    }
    assert_int_equal(status.st_mode & 077, 0); // it holds a secret
    place->state.new_size = 0;
    append_number(place, UPLINK_TAKEN, ++place->cursor);
    commit(place);
    reopen(place);
    assert_string_equal(place->records, "cursor 2001 0 ;");
    router_journal_close(&place->state, false);
}

// However short the file was cut, what comes back is what some commit left.
static void test_a_commit_that_was_cut_short_counts_for_nothing(void **state) {
    struct place *place = *state;
    begin(place);
    for (unsigned i = 1; i < 6; i++) {
        add_line(place, i);
        append_number(place, UPLINK_TAKEN, i);
        commit(place);
    }
    router_journal_close(&place->state, false);
    size_t size;
    char *whole = support_read_file(place->path, &size);
    unsigned seen[6] = {0};
    for (size_t cut = size; cut > 64; cut--) {
        support_write_file(place->path, bytes_make(whole, cut));
        open_state(place);
        assert_string_equal(place->state.notice.text, ""); // that is normal
        assert_in_range(place->cursor, 0, 5);
        assert_int_equal(place->lines, place->cursor);
        seen[place->cursor]++;
        place->state.snapshot = give_cursor;
        place->state.snapshot_context = place;
        place->cursor += 10; // and it can be gone on from there
        append_number(place, UPLINK_TAKEN, place->cursor);
        commit(place);
        uint64_t cursor = place->cursor;
        reopen(place);
        assert_int_equal(place->cursor, cursor);
        router_journal_close(&place->state, false);
    }
    assert_int_equal(seen[5], 1);
    assert_true(seen[1] > 0 && seen[4] > 0);
    free(whole);
}

static void assert_was_put_aside(struct place *place, struct bytes content) {
    char *aside = support_path(place->folder, "network.router.damaged");
    size_t size;
    char *kept = support_read_file(aside, &size);
    assert_bytes_equal(bytes_make(kept, size), content);
    assert_int_equal(unlink(aside), 0);
    free(kept);
    free(aside);
}

// Whichever bit was turned, it is noticed and told, and nothing but the lease is taken: with old
// numbers and places lines would go up twice.
static void test_a_damaged_file_is_told_and_not_taken(void **state) {
    struct place *place = *state;
    begin(place);
    append_text(place, UPLINK_LEASED, 7, BYTES_LITERAL("0123456789abcdef"));
    for (unsigned i = 1; i < 4; i++) {
        add_line(place, i);
        append_number(place, UPLINK_TAKEN, i);
        commit(place);
    }
    router_journal_close(&place->state, false);
    size_t size;
    char *content = support_read_file(place->path, &size);
    unsigned with_lease = 0;
    for (size_t at = sizeof "mqttsim-router-state 2"; at < size; at++) {
        content[at] ^= 1;
        support_write_file(place->path, bytes_make(content, size));
        open_state(place);
        assert_non_null(strstr(place->state.notice.text, "network.router: is damaged"));
        assert_int_equal(place->lines, 0);
        assert_int_equal(place->cursor, 0);
        bool has_lease = strcmp(place->records, "lease 7 0 0123456789abcdef;") == 0;
        assert_true(has_lease || place->records[0] == '\0');
        with_lease += has_lease;
        assert_was_put_aside(place, bytes_make(content, size));
        router_journal_close(&place->state, true);
        content[at] ^= 1;
    }
    assert_true(with_lease > 0);
    free(content);
}

static void test_blanks_behind_the_end_are_no_damage(void **state) {
    struct place *place = *state;
    begin(place);
    add_line(place, 1);
    commit(place);
    router_journal_close(&place->state, false);
    FILE *file = fopen(place->path, "a");
    for (int i = 0; i < 100; i++) {
        fputc(0, file); // as a machine that stopped may leave them
    }
    fclose(file);
    open_state(place);
    assert_string_equal(place->state.notice.text, "");
    assert_int_equal(place->lines, 1);
    router_journal_close(&place->state, false);
}

static void test_no_link_is_written_through(void **state) {
    struct place *place = *state;
    char *victim = support_path(place->folder, "victim");
    char *new = support_path(place->folder, "network.router.new");
    support_write_file(victim, BYTES_LITERAL("precious"));
    assert_int_equal(symlink("victim", new), 0);
    open_state(place);
    append_number(place, UPLINK_TAKEN, 1);
    commit(place);
    router_journal_close(&place->state, true);
    assert_int_equal(symlink("absent", place->path), 0);
    assert_false(router_journal_open(&place->state, place->path, &place->memory, &place->error));
    assert_non_null(strstr(place->error.text, "symbolic link"));
    char *content = support_read_file(victim, NULL);
    assert_string_equal(content, "precious");
    free(content);
    free(victim);
    free(new);
}

static void test_the_file_of_another_user_is_not_used(void **state) {
    struct place *place = *state;
    if (geteuid() != 0) {
        skip(); // only root can give a file away
    }
    support_write_file(place->path, BYTES_LITERAL(""));
    assert_int_equal(chown(place->path, 12345, 12345), 0);
    assert_false(router_journal_open(&place->state, place->path, &place->memory, &place->error));
    assert_non_null(strstr(place->error.text, "belongs to another user"));
}

static void assert_cannot_open(struct place *place, const char *part_of_error) {
    struct router_journal other;
    assert_false(router_journal_open(&other, place->path, &place->memory, &place->error));
    assert_non_null(strstr(place->error.text, part_of_error));
    assert_non_null(strstr(place->error.text, "--state"));
}

static void test_a_state_is_used_by_one_router_at_a_time(void **state) {
    struct place *place = *state;
    open_state(place);
    assert_cannot_open(place, "another router of this network uses it");
    append_number(place, UPLINK_TAKEN, 1);
    commit(place); // another file under the same name
    assert_cannot_open(place, "another router of this network uses it");
    router_journal_close(&place->state, true);
    assert_int_not_equal(access(place->path, F_OK), 0);
}

static void test_what_is_no_state_is_left_alone(void **state) {
    struct place *place = *state;
    support_write_file(place->path, BYTES_LITERAL("somebody's notes"));
    assert_cannot_open(place, "is not the state of a router");
    char *content = support_read_file(place->path, NULL);
    assert_string_equal(content, "somebody's notes");
    free(content);
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(mkdir(place->path, 0700), 0);
    struct router_journal other;
    assert_false(router_journal_open(&other, place->path, &place->memory, &place->error));
}

// ---- recovery -------------------------------------------------------------------------------

#define APPENDED \
    "1\t8083\t0\tjoin\t-broker-\t816\t\n1\t8083\t580\tpubl\t-a-\t1\t\n1\t8083\t5\tping\t-\t1\t\n"

static void append(struct file_network *network, struct bytes lines) {
    struct file_network_error error;
    assert_true(file_network_append(network, lines, &error));
}

// An append of which `size` bytes were written, between what others wrote.
static void try_recovery(struct place *place, size_t size, size_t expected) {
    char *path = support_path(place->folder, "network");
    struct file_network_options options = {.path = path, .keep = 2};
    struct file_network *network = file_network_open(&options, &place->error);
    struct bytes lines = BYTES_LITERAL(APPENDED);
    struct file_network_position end;
    size_t appended;
    append(network, lines); // the same before
    append(network, BYTES_LITERAL("other\n"));
    assert_true(file_network_end(network, &end, &place->error));
    append(network, BYTES_LITERAL("other\n"));
    if (size > 0) {
        FILE *file = fopen(path, "a");
        assert_int_equal(fwrite(lines.data, 1, size, file), size);
        fclose(file);
    }
    append(network, BYTES_LITERAL("other\n"));
    assert_true(router_recovery_find(path, lines, &end, &appended, &place->error));
    assert_int_equal(appended, expected);
    file_network_close(network);
    free(path);
}

static void test_finds_how_much_was_appended(void **state) {
    struct place *place = *state;
    struct bytes lines = BYTES_LITERAL(APPENDED);
    size_t expected = 0;
    for (size_t size = 0; size <= lines.size; size++) {
        // A line cut short is none, unless only its LF is missing: that is put there.
        bool is_line = size > 0 && (lines.data[size - 1] == '\n' ||
                                    (size < lines.size && lines.data[size] == '\n'));
        if (is_line) {
            expected = lines.data[size - 1] == '\n' ? size : size + 1;
        }
        try_recovery(place, size, expected);
    }
}

static void test_an_append_whose_place_is_gone_counts_as_done(void **state) {
    struct place *place = *state;
    char *path = support_path(place->folder, "network");
    support_write_file(path, BYTES_LITERAL("line\n"));
    struct file_network_position end = {1, 7, {1, 2, 3}, 9, false};
    size_t appended;
    struct bytes lines = BYTES_LITERAL(APPENDED);
    struct file_network_options options = {.path = path, .keep = 2};
    file_network_close(file_network_open(&options, &place->error));
    assert_true(router_recovery_find(path, lines, &end, &appended, &place->error));
    assert_int_equal(appended, lines.size);
    assert_int_equal(unlink(path), 0);
    assert_false(router_recovery_find(path, lines, &end, &appended, &place->error));
    free(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_everything_committed_is_there_again),
        TEST(test_what_was_not_committed_is_not_there),
        TEST(test_records_can_be_restored_until_they_are_forgotten),
        TEST(test_a_commit_that_fails_is_told_to_the_roles),
        TEST(test_the_journal_does_not_grow_without_end),
        TEST(test_a_commit_that_was_cut_short_counts_for_nothing),
        TEST(test_a_damaged_file_is_told_and_not_taken),
        TEST(test_blanks_behind_the_end_are_no_damage),
        TEST(test_no_link_is_written_through),
        TEST(test_the_file_of_another_user_is_not_used),
        TEST(test_a_state_is_used_by_one_router_at_a_time),
        TEST(test_what_is_no_state_is_left_alone),
        TEST(test_finds_how_much_was_appended),
        TEST(test_an_append_whose_place_is_gone_counts_as_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
