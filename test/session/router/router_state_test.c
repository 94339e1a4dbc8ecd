// The journal of a router: what was committed is there again, whatever a kill did to the end of the
// file; and which lines of a landing stand in the network.
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session/router/router_landing.h"
#include "session/router/router_state.h"

struct place {
    char *folder;
    char *path;
    struct memory memory;
    struct router_state state;
    struct file_network_error error;
    char records[4096]; // those restored, as text
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

static void open_state(struct place *place) {
    bool opened = router_state_open(&place->state, place->path, &place->memory, &place->error);
    if (!opened) {
        print_error("%s\n", place->error.text);
    }
    assert_true(opened);
}

static void commit(struct place *place) {
    assert_true(router_state_is_changed(&place->state));
    assert_true(router_state_commit(&place->state, &place->error));
    assert_false(router_state_is_changed(&place->state));
}

// As after kill -9: nothing but what was written counts.
static void reopen(struct place *place) {
    router_state_close(&place->state, false);
    open_state(place);
}

static struct bytes waiting(const struct place *place) {
    return router_state_batch(&place->state, SIZE_MAX);
}

static void add_lines(struct place *place, unsigned from, unsigned to) {
    for (unsigned i = from; i < to; i++) {
        char line[16];
        int size = snprintf(line, sizeof line, "%u\n", i);
        router_state_add_line(&place->state, bytes_make(line, (size_t)size));
    }
}

static void keep_record(void *context, const struct router_record *record) {
    struct place *place = context;
    size_t size = strlen(place->records);
    (void)snprintf(place->records + size, sizeof place->records - size, "%d %u %u %.*s;",
                   record->kind, record->address, record->remote, (int)record->name.size,
                   (const char *)record->name.data);
}

static void save_one(void *context) {
    struct place *place = context;
    router_state_record(&place->state,
                        &(struct router_record){.kind = ROUTER_GATE, .address = 8000});
}

// ---- what is kept ---------------------------------------------------------------------------

static void test_everything_committed_is_there_again(void **state) {
    struct place *place = *state;
    struct file_network_position position = {UINT64_MAX, 2, {3, 4, UINT64_MAX}, 5, true};
    struct file_network_position end = {1, 2, {3, 4, 5}, 99, false};
    open_state(place);
    assert_int_equal(place->state.gate, 0);
    assert_int_equal(place->state.position.epoch, 0);
    router_state_lease(&place->state, 7, "0123456789abcdef0123456789abcdef");
    commit(place);
    add_lines(place, 1, 4);
    router_state_move(&place->state, position);
    router_state_take(&place->state, UINT64_MAX - 1);
    router_state_land(&place->state, BYTES_LITERAL("commit\nland 3\n\0x\n"), end);
    commit(place);
    reopen(place);
    const struct router_state *kept = &place->state;
    assert_int_equal(kept->gate, 7);
    assert_string_equal(kept->secret, "0123456789abcdef0123456789abcdef");
    assert_bytes_equal(waiting(place), BYTES_LITERAL("1\n2\n3\n"));
    assert_int_equal(kept->waiting_lines, 3);
    assert_true(kept->cursor == UINT64_MAX - 1);
    assert_memory_equal(&kept->position.file, &position.file, sizeof position.file);
    assert_true(kept->position.claims_id == UINT64_MAX && kept->position.skipping);
    assert_int_equal(kept->position.offset, 5);
    assert_bytes_equal(buffer_bytes(&kept->landing), BYTES_LITERAL("commit\nland 3\n\0x\n"));
    assert_int_equal(kept->landing_at.offset, 99);
    router_state_landed(&place->state);
    commit(place);
    reopen(place);
    assert_int_equal(place->state.landing.size, 0);
    router_state_close(&place->state, false);
}

static void test_what_was_not_committed_is_not_there(void **state) {
    struct place *place = *state;
    open_state(place);
    router_state_lease(&place->state, 7, "00");
    commit(place);
    add_lines(place, 1, 3);
    router_state_take(&place->state, 9);
    reopen(place);
    assert_int_equal(place->state.cursor, 0);
    assert_int_equal(place->state.waiting_lines, 0);
    router_state_close(&place->state, false);
}

static void test_lines_wait_until_the_master_has_them(void **state) {
    struct place *place = *state;
    open_state(place);
    add_lines(place, 1, 6);
    commit(place);
    router_state_acknowledge(&place->state, 2);
    add_lines(place, 6, 8);
    router_state_acknowledge(&place->state, 6);
    assert_bytes_equal(waiting(place), BYTES_LITERAL("7\n"));
    commit(place);
    add_lines(place, 8, 10);
    commit(place);
    reopen(place);
    assert_int_equal(place->state.uploaded, 6);
    assert_bytes_equal(waiting(place), BYTES_LITERAL("7\n8\n9\n"));
    router_state_renumber(&place->state, 0); // a new lease
    router_state_acknowledge(&place->state, 1);
    router_state_drop_line(&place->state); // 8 is refused
    add_lines(place, 10, 11);
    commit(place);
    reopen(place);
    assert_int_equal(place->state.uploaded, 1);
    assert_int_equal(place->state.waiting_lines, 2);
    assert_bytes_equal(waiting(place), BYTES_LITERAL("9\n10\n"));
    router_state_close(&place->state, false);
}

static void test_a_batch_holds_whole_lines(void **state) {
    struct place *place = *state;
    open_state(place);
    assert_int_equal(router_state_batch(&place->state, 10).size, 0);
    add_lines(place, 8, 13);
    assert_bytes_equal(router_state_batch(&place->state, 6), BYTES_LITERAL("8\n9\n"));
    assert_bytes_equal(router_state_batch(&place->state, 7), BYTES_LITERAL("8\n9\n10\n"));
    assert_bytes_equal(router_state_batch(&place->state, 1), BYTES_LITERAL("8\n"));
    router_state_acknowledge(&place->state, 2);
    assert_bytes_equal(router_state_batch(&place->state, 1), BYTES_LITERAL("10\n"));
    router_state_close(&place->state, false);
}

static void test_records_of_the_role_come_back_in_their_order(void **state) {
    struct place *place = *state;
    open_state(place);
    router_state_take(&place->state, 1);
    commit(place); // the first one writes all that is known anew, and there is nobody to ask
    router_state_record(&place->state, &(struct router_record){.kind = ROUTER_BROKER,
                                                               .address = 8083,
                                                               .name = BYTES_LITERAL("a\n b")});
    commit(place);
    router_state_record(
        &place->state,
        &(struct router_record){.kind = ROUTER_PAIR, .address = 580, .remote = 4294966999});
    router_state_record(&place->state,
                        &(struct router_record){.kind = ROUTER_NO_BROKER, .address = 8083});
    commit(place);
    reopen(place);
    router_state_restore(&place->state, keep_record, place);
    assert_string_equal(place->records, "0 8083 0 a\n b;4 580 4294966999 ;1 8083 0 ;");
    router_state_close(&place->state, false);
}

// ---- the file -------------------------------------------------------------------------------

static void test_the_journal_does_not_grow_without_end(void **state) {
    struct place *place = *state;
    open_state(place);
    place->state.save = save_one;
    place->state.save_context = place;
    struct stat status;
    for (unsigned i = 0; i < 2000; i++) {
        char line[4096];
        memset(line, 'x', sizeof line);
        line[sizeof line - 1] = '\n';
        router_state_add_line(&place->state, bytes_make(line, sizeof line));
        commit(place);
        router_state_acknowledge(&place->state, i + 1);
        commit(place);
        assert_int_equal(stat(place->path, &status), 0);
        assert_true(status.st_size < 2 * 1024 * 1024);
    }
    assert_int_equal(status.st_mode & 077, 0); // it holds a secret
    reopen(place);
    assert_int_equal(place->state.uploaded, 2000);
    assert_int_equal(place->state.waiting_lines, 0);
    router_state_restore(&place->state, keep_record, place);
    assert_non_null(strstr(place->records, "2 8000 0 ;"));
    router_state_close(&place->state, false);
}

// However short the file was cut, what comes back is what some commit left.
static void test_a_commit_that_was_cut_short_counts_for_nothing(void **state) {
    struct place *place = *state;
    open_state(place);
    for (unsigned i = 1; i < 6; i++) {
        add_lines(place, i, i + 1);
        router_state_take(&place->state, i);
        commit(place);
    }
    router_state_close(&place->state, false);
    size_t size;
    char *whole = support_read_file(place->path, &size);
    unsigned seen[6] = {0};
    for (size_t cut = size; cut > 64; cut--) {
        support_write_file(place->path, bytes_make(whole, cut));
        open_state(place);
        assert_string_equal(place->state.notice.text, ""); // that is normal
        assert_in_range(place->state.cursor, 0, 5);
        assert_int_equal(place->state.waiting_lines, place->state.cursor);
        seen[place->state.cursor]++;
        add_lines(place, 9, 10); // and it can be gone on from there
        commit(place);
        reopen(place);
        assert_int_equal(place->state.waiting_lines, place->state.cursor + 1);
        router_state_close(&place->state, false);
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
    open_state(place);
    router_state_lease(&place->state, 7, "0123456789abcdef0123456789abcdef");
    for (unsigned i = 1; i < 4; i++) {
        add_lines(place, i, i + 1);
        router_state_take(&place->state, i);
        commit(place);
    }
    router_state_close(&place->state, false);
    size_t size;
    char *content = support_read_file(place->path, &size);
    unsigned with_lease = 0;
    for (size_t at = sizeof "mqttsim-router-state 1"; at < size; at++) {
        content[at] ^= 1;
        support_write_file(place->path, bytes_make(content, size));
        open_state(place);
        assert_non_null(strstr(place->state.notice.text, "network.router: is damaged"));
        assert_int_equal(place->state.waiting_lines, 0);
        assert_int_equal(place->state.cursor, 0);
        assert_true(place->state.gate == 0 || place->state.gate == 7);
        with_lease += place->state.gate == 7;
        assert_was_put_aside(place, bytes_make(content, size));
        router_state_close(&place->state, true);
        content[at] ^= 1;
    }
    assert_true(with_lease > 0);
    free(content);
}

static void test_blanks_behind_the_end_are_no_damage(void **state) {
    struct place *place = *state;
    open_state(place);
    add_lines(place, 1, 2);
    commit(place);
    router_state_close(&place->state, false);
    FILE *file = fopen(place->path, "a");
    for (int i = 0; i < 100; i++) {
        fputc(0, file); // as a machine that stopped may leave them
    }
    fclose(file);
    open_state(place);
    assert_string_equal(place->state.notice.text, "");
    assert_int_equal(place->state.waiting_lines, 1);
    router_state_close(&place->state, false);
}

static void test_no_link_is_written_through(void **state) {
    struct place *place = *state;
    char *victim = support_path(place->folder, "victim");
    char *new = support_path(place->folder, "network.router.new");
    support_write_file(victim, BYTES_LITERAL("precious"));
    assert_int_equal(symlink("victim", new), 0);
    open_state(place);
    router_state_take(&place->state, 1);
    commit(place);
    router_state_close(&place->state, true);
    assert_int_equal(symlink("absent", place->path), 0);
    assert_false(router_state_open(&place->state, place->path, &place->memory, &place->error));
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
    assert_false(router_state_open(&place->state, place->path, &place->memory, &place->error));
    assert_non_null(strstr(place->error.text, "belongs to another user"));
}

static void assert_cannot_open(struct place *place, const char *part_of_error) {
    struct router_state other;
    assert_false(router_state_open(&other, place->path, &place->memory, &place->error));
    assert_non_null(strstr(place->error.text, part_of_error));
    assert_non_null(strstr(place->error.text, "--state"));
}

static void test_a_state_is_used_by_one_router_at_a_time(void **state) {
    struct place *place = *state;
    open_state(place);
    assert_cannot_open(place, "another router of this network uses it");
    router_state_take(&place->state, 1);
    commit(place); // another file under the same name
    assert_cannot_open(place, "another router of this network uses it");
    router_state_close(&place->state, true);
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
    struct router_state other;
    assert_false(router_state_open(&other, place->path, &place->memory, &place->error));
}

// ---- landings -------------------------------------------------------------------------------

#define LANDING \
    "1\t8083\t0\tjoin\t-broker-\t816\t\n1\t8083\t580\tpubl\t-a-\t1\t\n1\t8083\t5\tping\t-\t1\t\n"

static void append(struct file_network *network, struct bytes lines) {
    struct file_network_error error;
    assert_true(file_network_append(network, lines, &error));
}

// A landing of which `size` bytes were written, between what others wrote.
static void try_landing(struct place *place, size_t size, size_t expected) {
    char *path = support_path(place->folder, "network");
    struct file_network_options options = {.path = path, .keep = 2};
    struct file_network *network = file_network_open(&options, &place->error);
    struct bytes lines = BYTES_LITERAL(LANDING);
    struct file_network_position end;
    size_t landed;
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
    assert_true(router_landing_find(path, lines, &end, &landed, &place->error));
    assert_int_equal(landed, expected);
    file_network_close(network);
    free(path);
}

static void test_finds_how_much_of_a_landing_stands(void **state) {
    struct place *place = *state;
    struct bytes lines = BYTES_LITERAL(LANDING);
    size_t expected = 0;
    for (size_t size = 0; size <= lines.size; size++) {
        // A line cut short is none, unless only its LF is missing: that is put there.
        bool is_line = size > 0 && (lines.data[size - 1] == '\n' ||
                                    (size < lines.size && lines.data[size] == '\n'));
        if (is_line) {
            expected = lines.data[size - 1] == '\n' ? size : size + 1;
        }
        try_landing(place, size, expected);
    }
}

static void test_a_landing_whose_place_is_gone_counts_as_done(void **state) {
    struct place *place = *state;
    char *path = support_path(place->folder, "network");
    support_write_file(path, BYTES_LITERAL("line\n"));
    struct file_network_position end = {1, 7, {1, 2, 3}, 9, false};
    size_t landed;
    struct bytes lines = BYTES_LITERAL(LANDING);
    struct file_network_options options = {.path = path, .keep = 2};
    file_network_close(file_network_open(&options, &place->error));
    assert_true(router_landing_find(path, lines, &end, &landed, &place->error));
    assert_int_equal(landed, lines.size);
    assert_int_equal(unlink(path), 0);
    assert_false(router_landing_find(path, lines, &end, &landed, &place->error));
    free(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_everything_committed_is_there_again),
        TEST(test_what_was_not_committed_is_not_there),
        TEST(test_lines_wait_until_the_master_has_them),
        TEST(test_a_batch_holds_whole_lines),
        TEST(test_records_of_the_role_come_back_in_their_order),
        TEST(test_the_journal_does_not_grow_without_end),
        TEST(test_a_commit_that_was_cut_short_counts_for_nothing),
        TEST(test_a_damaged_file_is_told_and_not_taken),
        TEST(test_blanks_behind_the_end_are_no_damage),
        TEST(test_no_link_is_written_through),
        TEST(test_the_file_of_another_user_is_not_used),
        TEST(test_a_state_is_used_by_one_router_at_a_time),
        TEST(test_what_is_no_state_is_left_alone),
        TEST(test_finds_how_much_of_a_landing_stands),
        TEST(test_a_landing_whose_place_is_gone_counts_as_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
