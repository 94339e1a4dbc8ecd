// The router's side of what it says with a master, one request and one answer at a time. Whole
// networks stand in test/role/internet_test.c.
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include "role/memory_journal.h"
#include "role/router/uplink.h"

#define EVENTS 10
#define SECRET "00112233445566778899aabbccddeeff"

// An uplink whose packets for the network are counted, and whose lines are the router's, but for
// those that a test adds itself.
struct fixture {
    struct memory memory;
    struct memory_journal journal;
    struct uplink_config config;
    struct router_port router_port;
    struct uplink_port port;
    struct uplink uplink;
    struct gate_request request; // the last one
    uint8_t scratch[PACKET_LINE_MAX];
    uint8_t line[PACKET_LINE_MAX];
    uint64_t now;
    unsigned downs;
    unsigned drops;
    unsigned told[EVENTS];
    struct uplink_event last; // of these
    bool is_silent;           // the router's own announcements are left out
};

static bool go_up(void *context, const struct packet *packet) {
    struct fixture *f = context;
    size_t size = packet_format(packet, f->line, sizeof f->line);
    if (!f->is_silent) {
        uplink_add_line(&f->uplink, bytes_make(f->line, size));
    }
    return true;
}

static bool go_down(void *context, const struct packet *packet) {
    struct fixture *f = context;
    (void)packet;
    f->downs++;
    return true;
}

static void hear(void *context, const struct role_event *event) {
    struct fixture *f = context;
    f->drops += event->kind == EVENT_DROPPED;
}

static void hear_uplink(void *context, const struct uplink_event *event) {
    struct fixture *f = context;
    f->told[event->kind]++;
    f->last = *event;
}

static void start(struct fixture *f, uint64_t seed) {
    memory_init(&f->memory);
    f->router_port = (struct router_port){
        .up = go_up, .down = go_down, .tell = hear, .context = f, .memory = &f->memory};
    f->port = (struct uplink_port){
        .router = &f->router_port, .tell = hear_uplink, .context = f, .unseal_room = f->scratch};
    uplink_init(&f->uplink, &f->config, &f->port, seed);
}

static struct fixture *open_fixture(uint64_t seed) {
    struct fixture *f = calloc(1, sizeof *f);
    f->now = 100 * ROLE_SECOND;
    f->is_silent = true;
    f->config =
        (struct uplink_config){.router = {.confirmation = 10 * ROLE_SECOND,
                                          .limits = {.brokers = 10, .gates = 10, .pairs = 10}},
                               .gate = 7,
                               .waiting_bytes = 100};
    memory_journal_init(&f->journal, uplink_journal_kinds);
    start(f, seed);
    f->router_port.journal = &f->journal.journal;
    uplink_start(&f->uplink);
    return f;
}

static void close_fixture(struct fixture *f) {
    uplink_deinit(&f->uplink);
    assert_int_equal(f->memory.blocks_in_use, 0);
    memory_journal_deinit(&f->journal);
    free(f);
}

static void write_step(struct fixture *f) {
    uplink_settle(&f->uplink);
    memory_journal_write(&f->journal);
    uplink_check(&f->uplink);
}

static bool asks(struct fixture *f, enum uplink_lane lane) {
    return uplink_next(&f->uplink, lane, &f->request, f->now);
}

static void assert_asks(struct fixture *f, enum uplink_lane lane, enum gate_request_kind kind) {
    write_step(f);
    assert_true(asks(f, lane));
    assert_int_equal(f->request.kind, kind);
    assert_false(asks(f, lane)); // one at a time
}

static void answer(struct fixture *f, enum uplink_lane lane, struct gate_answer answer) {
    uplink_answer(&f->uplink, lane, &answer, f->now);
    uplink_check(&f->uplink);
}

static void answer_lease(struct fixture *f, enum gate_status status, uint64_t uploaded) {
    answer(
        f, UPLINK_UP,
        (struct gate_answer){
            .status = status, .gate = 7, .secret = SECRET, .silence_s = 30, .uploaded = uploaded});
}

static void answer_uploaded(struct fixture *f, uint64_t uploaded) {
    answer(f, UPLINK_UP, (struct gate_answer){.status = GATE_OK, .uploaded = uploaded});
}

static void answer_trouble(struct fixture *f, enum uplink_lane lane, enum gate_status status,
                           unsigned retry_after_s) {
    answer(
        f, lane,
        (struct gate_answer){.status = status, .text = "trouble", .retry_after_s = retry_after_s});
}

static struct fixture *open_leased(uint64_t seed) {
    struct fixture *f = open_fixture(seed);
    assert_asks(f, UPLINK_UP, GATE_LEASE);
    answer_lease(f, GATE_NEW, 0);
    return f;
}

static void add(struct fixture *f, const char *lines) {
    for (const char *end; (end = strchr(lines, '\n')) != NULL; lines = end + 1) {
        uplink_add_line(&f->uplink, bytes_make(lines, (size_t)(end - lines) + 1));
    }
}

static void assert_uploads(struct fixture *f, uint64_t number, const char *lines) {
    assert_asks(f, UPLINK_UP, GATE_UPLOAD);
    assert_int_equal(f->request.number, number);
    assert_bytes_equal(f->request.lines, bytes_of_text(lines));
}

// ---- leases -----------------------------------------------------------------------------------

static void a_gate_is_leased_before_anything_passes(void **state) {
    (void)state;
    struct fixture *f = open_fixture(1);
    assert_true(uplink_is_full(&f->uplink));
    assert_false(asks(f, UPLINK_DOWN));
    assert_asks(f, UPLINK_UP, GATE_LEASE);
    assert_int_equal(f->request.gate, 7);
    assert_string_equal(f->request.secret, "");
    f->is_silent = false;
    answer_lease(f, GATE_NEW, 0);
    assert_int_equal(f->told[UPLINK_BEGAN], 1);
    assert_int_equal(f->told[UPLINK_LEASE_LOST], 0);
    assert_int_equal(f->downs, 1); // the router joins its network, and the other gates
    assert_int_equal(f->uplink.waiting_lines, 1);
    assert_false(uplink_is_full(&f->uplink));
    assert_asks(f, UPLINK_UP, GATE_UPLOAD);
    assert_string_equal(f->request.secret, SECRET);
    assert_asks(f, UPLINK_DOWN, GATE_TAKE);
    assert_int_equal(f->request.number, 0);
    assert_int_equal(f->request.wait_s, 10); // a third of the silence
    close_fixture(f);
}

static void another_gate_than_ours_is_not_taken(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    add(f, "a\n");
    assert_uploads(f, 1, "a\n");
    answer_trouble(f, UPLINK_UP, GATE_NO_LEASE, 0);
    assert_asks(f, UPLINK_UP, GATE_LEASE);
    answer(f, UPLINK_UP, (struct gate_answer){.status = GATE_NEW, .gate = 8, .secret = SECRET});
    assert_int_equal(f->told[UPLINK_WRONG_GATE], 1);
    assert_int_equal(f->last.gate, 8);
    assert_int_equal(f->uplink.gate, 7);
    assert_false(asks(f, UPLINK_UP)); // not at once
    close_fixture(f);
}

// What comes of a request out of a former lease is of a mailbox that is gone.
static void answers_of_a_former_lease_are_ignored(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    assert_asks(f, UPLINK_DOWN, GATE_TAKE);
    add(f, "a\n");
    assert_uploads(f, 1, "a\n");
    answer_trouble(f, UPLINK_UP, GATE_NO_LEASE, 0);
    assert_asks(f, UPLINK_UP, GATE_LEASE);
    answer_lease(f, GATE_NEW, 0);
    assert_int_equal(f->told[UPLINK_LEASE_LOST], 1);
    unsigned downs = f->downs;
    answer(f, UPLINK_DOWN,
           (struct gate_answer){.status = GATE_OK,
                                .last = 9,
                                .lines = BYTES_LITERAL("1\t9580\t83\tping\t-\t1\t\n")});
    assert_int_equal(f->downs, downs);
    assert_int_equal(f->uplink.cursor, 0);
    assert_uploads(f, 1, "a\n"); // it goes up with the new lease
    close_fixture(f);
}

// ---- uploads ----------------------------------------------------------------------------------

static void lines_wait_until_the_master_has_them(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    add(f, "a\nb\n");
    assert_uploads(f, 1, "a\nb\n");
    add(f, "c\n"); // meanwhile
    answer_uploaded(f, 1);
    assert_uploads(f, 2, "b\nc\n");
    answer_uploaded(f, 3);
    write_step(f);
    assert_false(asks(f, UPLINK_UP));
    assert_int_equal(uplink_waiting_bytes(&f->uplink), 0);
    close_fixture(f);
}

static void the_master_says_which_lines_it_has(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    add(f, "a\nb\nc\n");
    assert_uploads(f, 1, "a\nb\nc\n");
    answer_trouble(f, UPLINK_UP, GATE_UNAVAILABLE, 0); // the answer was lost
    f->now += 10 * ROLE_SECOND;
    assert_uploads(f, 1, "a\nb\nc\n");
    answer_uploaded(f, 2); // it has counted two of them before
    assert_uploads(f, 3, "c\n");
    answer(f, UPLINK_UP, (struct gate_answer){.status = GATE_GAP, .uploaded = 0}); // it forgot
    assert_int_equal(f->told[UPLINK_GAP], 1);
    assert_uploads(f, 1, "c\n");
    answer_uploaded(f, 100); // no number of ours: what waits goes behind it
    assert_uploads(f, 101, "c\n");
    close_fixture(f);
}

static void a_line_that_is_refused_is_found_and_given_up(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    add(f, "a\nb\nX\nd\n");
    uint64_t number = 1;
    for (unsigned tries = 0; f->uplink.waiting_lines > 0; tries++) {
        assert_true(tries < 12);
        assert_asks(f, UPLINK_UP, GATE_UPLOAD);
        assert_int_equal(f->request.number, number);
        if (memchr(f->request.lines.data, 'X', f->request.lines.size) != NULL) {
            answer_trouble(f, UPLINK_UP, GATE_REFUSED, 0);
        } else {
            number += f->request.lines.size / 2;
            answer_uploaded(f, number - 1);
        }
    }
    assert_int_equal(number, 4); // a, b and d
    assert_int_equal(f->told[UPLINK_LINE_REFUSED], 1);
    assert_int_equal(f->uplink.counts.refused, 1);
    close_fixture(f);
}

static void what_waits_has_a_limit(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    for (unsigned i = 0; i < 50; i++) {
        assert_int_equal(uplink_is_full(&f->uplink), i >= 50);
        add(f, "a\n");
    }
    assert_true(uplink_is_full(&f->uplink));
    assert_asks(f, UPLINK_UP, GATE_UPLOAD);
    answer_uploaded(f, 1);
    assert_false(uplink_is_full(&f->uplink));
    close_fixture(f);
}

static void unreachable_gates_are_asked_for_seldom(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    f->is_silent = false;
    for (unsigned i = 0; i < 10; i++) {
        f->now += 20 * ROLE_SECOND;
        add(f, "a\n");
        assert_asks(f, UPLINK_UP, GATE_UPLOAD);
        answer(f, UPLINK_UP,
               (struct gate_answer){.status = GATE_OK,
                                    .uploaded = f->uplink.uploaded + f->uplink.waiting_lines,
                                    .unreachable = 1});
    }
    assert_int_equal(f->uplink.counts.unreachable, 10);
    assert_int_equal(f->uplink.uploaded + f->uplink.waiting_lines, 10 + 3); // once a minute
    close_fixture(f);
}

// ---- the mailbox ------------------------------------------------------------------------------

static void packets_are_acknowledged_with_the_next_request(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    unsigned downs = f->downs;
    assert_asks(f, UPLINK_DOWN, GATE_TAKE);
    answer(
        f, UPLINK_DOWN,
        (struct gate_answer){.status = GATE_OK,
                             .last = 6,
                             .missing = 2,
                             .lines = BYTES_LITERAL("1\t9580\t7083\tping\t-\t1\t\nno packet\n")});
    assert_int_equal(f->downs, downs + 1);
    assert_int_equal(f->drops, 1);
    assert_int_equal(f->told[UPLINK_MISSING], 1);
    assert_int_equal(f->uplink.counts.missing, 2);
    assert_false(asks(f, UPLINK_DOWN)); // the journal does not have it yet
    assert_asks(f, UPLINK_DOWN, GATE_TAKE);
    assert_int_equal(f->request.number, 6);
    close_fixture(f);
}

// ---- trouble ----------------------------------------------------------------------------------

static uint64_t wait_after(struct fixture *f) {
    uint64_t due = uplink_deadline(&f->uplink);
    assert_true(due > f->now && due != ROLE_NEVER);
    f->now = due - 1;
    assert_false(asks(f, UPLINK_UP));
    f->now = due;
    return due;
}

static void it_backs_off_for_longer_and_longer(void **state) {
    (void)state;
    struct fixture *f = open_fixture(5);
    uint64_t limit = ROLE_SECOND / 4;
    for (unsigned i = 0; i < 20; i++) {
        assert_asks(f, UPLINK_UP, GATE_LEASE);
        uint64_t before = f->now;
        answer_trouble(f, UPLINK_UP, GATE_UNAVAILABLE, 0);
        uint64_t wait = wait_after(f) - before;
        assert_in_range(wait, limit / 2, limit);
        limit = 2 * limit < 15 * ROLE_SECOND ? 2 * limit : 15 * ROLE_SECOND;
    }
    assert_asks(f, UPLINK_UP, GATE_LEASE);
    answer_trouble(f, UPLINK_UP, GATE_UNAVAILABLE, 60); // the master asks for more
    assert_int_equal(uplink_deadline(&f->uplink), f->now + 60 * ROLE_SECOND);
    assert_int_equal(f->told[UPLINK_TROUBLE], 1); // it is said once
    f->now += 60 * ROLE_SECOND;
    assert_asks(f, UPLINK_UP, GATE_LEASE);
    answer_trouble(f, UPLINK_UP, GATE_UNTRUSTED, 0); // and once more if it is another
    assert_int_equal(f->told[UPLINK_TROUBLE], 2);
    f->now += 60 * ROLE_SECOND;
    assert_asks(f, UPLINK_UP, GATE_LEASE);
    answer_lease(f, GATE_NEW, 0);
    assert_int_equal(f->told[UPLINK_RECOVERED], 1);
    close_fixture(f);
}

static void many_do_not_come_back_as_one(void **state) {
    (void)state;
    enum { ROUTERS = 8 };
    uint64_t due[ROUTERS];
    for (unsigned i = 0; i < ROUTERS; i++) {
        struct fixture *f = open_fixture(i);
        assert_asks(f, UPLINK_UP, GATE_LEASE);
        answer_trouble(f, UPLINK_UP, GATE_UNAVAILABLE, 0);
        due[i] = uplink_deadline(&f->uplink);
        for (unsigned other = 0; other < i; other++) {
            assert_true(due[i] != due[other]);
        }
        close_fixture(f);
    }
}

// ---- its journal ------------------------------------------------------------------------------

static void nothing_is_asked_before_the_journal_has_it(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    write_step(f);
    add(f, "a\n");
    assert_false(asks(f, UPLINK_UP)); // gathered
    uplink_settle(&f->uplink);
    assert_false(asks(f, UPLINK_UP)); // appended
    memory_journal_fail(&f->journal);
    assert_false(asks(f, UPLINK_UP));
    memory_journal_write(&f->journal);
    assert_true(asks(f, UPLINK_UP));
    memory_journal_fail(&f->journal);
    assert_false(asks(f, UPLINK_DOWN)); // not even what was safe before
    close_fixture(f);
}

// With no journal nothing is held.
static void without_a_journal_it_asks_at_once(void **state) {
    (void)state;
    struct fixture *f = open_fixture(1);
    f->router_port.journal = NULL;
    assert_true(asks(f, UPLINK_UP));
    answer_lease(f, GATE_NEW, 0);
    add(f, "a\nb\n");
    assert_true(asks(f, UPLINK_UP));
    answer_uploaded(f, 1);
    assert_true(asks(f, UPLINK_UP));
    assert_bytes_equal(f->request.lines, BYTES_LITERAL("b\n"));
    assert_true(asks(f, UPLINK_DOWN));
    close_fixture(f);
}

static void restore(void *context, const struct journal_record *record) {
    struct fixture *f = context;
    assert_true(uplink_restore(&f->uplink, record, f->now));
}

static void revive(struct fixture *f) {
    uplink_deinit(&f->uplink);
    memory_journal_kill(&f->journal);
    start(f, 99);
    memory_journal_restore(&f->journal, restore, f);
    f->router_port.journal = &f->journal.journal;
    uplink_start(&f->uplink);
    uplink_check(&f->uplink);
}

static void use_a_little(struct fixture *f) {
    add(f, "a\nb\nc\n");
    assert_uploads(f, 1, "a\nb\nc\n");
    answer_uploaded(f, 1);
    assert_asks(f, UPLINK_DOWN, GATE_TAKE);
    answer(f, UPLINK_DOWN, (struct gate_answer){.status = GATE_OK, .last = 12});
    add(f, "d\n");
    write_step(f);
}

static void assert_goes_on(struct fixture *f) {
    assert_int_equal(f->told[UPLINK_BEGAN], 2);
    assert_asks(f, UPLINK_UP, GATE_LEASE);
    assert_int_equal(f->request.gate, 7);
    assert_string_equal(f->request.secret, SECRET);
    answer_lease(f, GATE_OK, 1);
    assert_int_equal(f->told[UPLINK_LEASE_LOST], 0);
    assert_uploads(f, 2, "b\nc\nd\n");
    assert_asks(f, UPLINK_DOWN, GATE_TAKE);
    assert_int_equal(f->request.number, 12);
}

static void a_router_that_was_killed_goes_on(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    use_a_little(f);
    add(f, "not yet written\n");
    revive(f);
    assert_goes_on(f);
    close_fixture(f);
}

static void a_snapshot_takes_the_place_of_all_records(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    use_a_little(f);
    uint32_t records = f->journal.count;
    memory_journal_cut(&f->journal);
    uplink_snapshot(&f->uplink, memory_journal_take, &f->journal);
    memory_journal_write(&f->journal);
    assert_true(f->journal.count < records);
    revive(f);
    assert_goes_on(f);
    close_fixture(f);
}

static bool restore_one(struct fixture *f, unsigned kind, uint64_t number, const char *text) {
    struct journal_record record = {
        .kind = kind, .number = {number}, .text = {bytes_of_text(text)}};
    return uplink_restore(&f->uplink, &record, f->now);
}

static void records_that_no_router_wrote_are_left_out(void **state) {
    (void)state;
    struct fixture *f = calloc(1, sizeof *f);
    f->config.gate = 7;
    start(f, 1);
    assert_false(restore_one(f, ROUTER_GATE, 9000, "")); // of no gate
    assert_false(restore_one(f, UPLINK_LEASED, 0, SECRET));
    assert_false(restore_one(f, UPLINK_LEASED, PACKET_GATE_MAX + 1, SECRET));
    assert_false(restore_one(f, UPLINK_LEASED, 7, ""));
    assert_false(restore_one(f, UPLINK_LEASED, 7, "12\r\nX: 1")); // would go into a header
    assert_false(restore_one(f, UPLINK_LEASED, 7, SECRET SECRET "0"));
    assert_true(restore_one(f, UPLINK_LEASED, 7, SECRET));
    assert_false(restore_one(f, UPLINK_ADDED, 0, ""));
    assert_false(restore_one(f, UPLINK_ADDED, 0, "a"));
    assert_false(restore_one(f, UPLINK_DROPPED, 0, ""));
    assert_true(restore_one(f, UPLINK_ADDED, 0, "a\nb\n"));
    assert_false(restore_one(f, UPLINK_UPLOADED, 3, ""));
    assert_true(restore_one(f, UPLINK_UPLOADED, 1, ""));
    assert_false(restore_one(f, UPLINK_UPLOADED, 0, ""));
    assert_true(restore_one(f, UPLINK_DROPPED, 0, ""));
    assert_true(restore_one(f, ROUTER_GATE, 9000, ""));
    assert_false(restore_one(f, UPLINK_LEASED, 8, SECRET)); // its tables are those of gate 7
    assert_false(restore_one(f, UPLINK_RECORDS, 8, ""));
    uplink_check(&f->uplink);
    uplink_deinit(&f->uplink);
    free(f);
}

// ---- the end ----------------------------------------------------------------------------------

static void a_gate_is_given_back_when_all_is_handed_over(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    add(f, "a\n");
    unsigned downs = f->downs;
    assert_false(uplink_leave(&f->uplink, false, f->now));
    assert_int_equal(f->downs, downs + 1); // the router leaves
    assert_uploads(f, 1, "a\n");
    assert_false(uplink_leave(&f->uplink, false, f->now));
    answer_uploaded(f, 1);
    assert_false(asks(f, UPLINK_DOWN));
    assert_false(uplink_leave(&f->uplink, false, f->now));
    assert_asks(f, UPLINK_UP, GATE_GIVE_BACK);
    assert_false(uplink_leave(&f->uplink, false, f->now));
    answer(f, UPLINK_UP, (struct gate_answer){.status = GATE_OK});
    assert_true(uplink_leave(&f->uplink, false, f->now));
    assert_int_equal(f->uplink.leaving, UPLINK_GONE);
    close_fixture(f);
}

// It was frozen for longer than its lease: what it learns from its last upload.
static void a_lease_that_is_lost_at_the_end_is_not_waited_for(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    add(f, "a\n");
    assert_false(uplink_leave(&f->uplink, false, f->now));
    assert_uploads(f, 1, "a\n");
    answer(f, UPLINK_UP, (struct gate_answer){.status = GATE_NO_LEASE});
    assert_true(uplink_leave(&f->uplink, false, f->now));
    assert_int_equal(f->told[UPLINK_LINES_WAITING], 1);
    close_fixture(f);
}

static void a_master_that_is_away_is_not_waited_for_at_the_end(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    add(f, "a\n");
    assert_false(uplink_leave(&f->uplink, false, f->now));
    assert_uploads(f, 1, "a\n");
    uint64_t due = uplink_deadline(&f->uplink);
    assert_int_equal(due, f->now + 5 * ROLE_SECOND);
    f->now = due;
    assert_true(uplink_leave(&f->uplink, false, f->now));
    assert_int_equal(f->told[UPLINK_LINES_WAITING], 1);
    assert_int_equal(f->last.count, 1);
    assert_int_not_equal(f->uplink.leaving, UPLINK_GONE); // it is to be remembered
    close_fixture(f);
}

static void a_gate_can_be_kept(void **state) {
    (void)state;
    struct fixture *f = open_leased(1);
    add(f, "a\n");
    unsigned downs = f->downs;
    assert_true(uplink_leave(&f->uplink, true, f->now));
    assert_int_equal(f->told[UPLINK_GATE_KEPT], 1);
    assert_int_equal(f->last.gate, 7);
    assert_int_equal(f->last.count, 1);
    assert_int_equal(f->downs, downs); // nobody is told that it left
    close_fixture(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gate_is_leased_before_anything_passes),
        cmocka_unit_test(another_gate_than_ours_is_not_taken),
        cmocka_unit_test(answers_of_a_former_lease_are_ignored),
        cmocka_unit_test(lines_wait_until_the_master_has_them),
        cmocka_unit_test(the_master_says_which_lines_it_has),
        cmocka_unit_test(a_line_that_is_refused_is_found_and_given_up),
        cmocka_unit_test(what_waits_has_a_limit),
        cmocka_unit_test(unreachable_gates_are_asked_for_seldom),
        cmocka_unit_test(packets_are_acknowledged_with_the_next_request),
        cmocka_unit_test(it_backs_off_for_longer_and_longer),
        cmocka_unit_test(many_do_not_come_back_as_one),
        cmocka_unit_test(nothing_is_asked_before_the_journal_has_it),
        cmocka_unit_test(without_a_journal_it_asks_at_once),
        cmocka_unit_test(a_router_that_was_killed_goes_on),
        cmocka_unit_test(a_snapshot_takes_the_place_of_all_records),
        cmocka_unit_test(records_that_no_router_wrote_are_left_out),
        cmocka_unit_test(a_gate_is_given_back_when_all_is_handed_over),
        cmocka_unit_test(a_lease_that_is_lost_at_the_end_is_not_waited_for),
        cmocka_unit_test(a_master_that_is_away_is_not_waited_for_at_the_end),
        cmocka_unit_test(a_gate_can_be_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
