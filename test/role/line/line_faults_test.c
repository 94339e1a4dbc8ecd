#include "support.h"

#include <stdio.h>

#include "fault/parse.h"
#include "role/line/line_faults.h"

#define SELF 83
#define MS UINT64_C(1000000)

struct place {
    struct memory memory;
    struct line_faults faults;
    char said[1024]; // "in ping" for each line that passed, and what was told
    uint32_t cut;
    unsigned refused;
};

static void note(struct place *place, const char *before, struct bytes text, const char *after) {
    size_t size = strlen(place->said);
    snprintf(place->said + size, sizeof place->said - size, "%s%.*s%s", before, (int)text.size,
             (const char *)text.data, after);
}

static void on_pass(void *context, enum line_way way, struct bytes line) {
    note(context, way == LINE_IN ? "in " : "out ", line, "|");
}

static void on_cut(void *context, uint32_t address) {
    ((struct place *)context)->cut = address;
}

static void on_refuse(void *context, enum line_way way, const struct packet *request) {
    (void)way;
    (void)request;
    ((struct place *)context)->refused++;
}

static void on_tell(void *context, const struct line_fault *fault) {
    note(context, "(", bytes_of_text(fault->text), ")");
}

// At the router, broker 83 is here, and 7083 elsewhere.
static bool on_is_of_broker(void *context, const struct packet *packet) {
    (void)context;
    return packet_address_local(packet->sender) == SELF;
}

static void open_place_of(struct place *place, enum line_faults_place place_kind) {
    memset(place, 0, sizeof *place);
    memory_init(&place->memory);
    line_faults_init(&place->faults, &place->memory,
                     &(struct line_faults_options){
                         .seed = 7,
                         .self = SELF,
                         .place = place_kind,
                         .rules_max = 8,
                         .kept_max = 4,
                         .kept_bytes_max = 1000,
                         .met_max = 2,
                         .events = {place, on_pass, on_cut, on_refuse, on_tell, on_is_of_broker},
                     });
}

static void open_place(struct place *place) {
    open_place_of(place, LINE_AT_BROKER);
}

static void close_place(struct place *place) {
    line_faults_deinit(&place->faults);
    assert_int_equal(place->memory.blocks_in_use, 0);
}

static uint32_t add(struct place *place, const char *text, uint64_t now) {
    struct fault_rule rule;
    struct fault_error error;
    assert_true(fault_parse(bytes_of_text(text), &rule, &error));
    return line_faults_add(&place->faults, &rule, now);
}

static void take(struct place *place, enum line_way way, uint32_t other, enum packet_type type,
                 uint64_t now) {
    struct packet packet = {.type = type,
                            .sender = way == LINE_IN ? other : SELF,
                            .receiver = way == LINE_IN ? SELF : other};
    char text[32];
    snprintf(text, sizeof text, "%s%u", packet_type_name(type), other);
    line_faults_take(&place->faults, way, &packet, bytes_of_text(text), now);
    line_faults_check(&place->faults);
}

static void tick(struct place *place, uint64_t now) {
    line_faults_tick(&place->faults, now);
    line_faults_check(&place->faults);
}

static void expect(struct place *place, const char *said) {
    assert_string_equal(place->said, said);
    place->said[0] = 0;
}

static void without_rules_all_pass(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    assert_false(line_faults_are_on(&place.faults));
    take(&place, LINE_IN, 580, PACKET_PUBL, 1);
    take(&place, LINE_OUT, 580, PACKET_PUBL, 1);
    expect(&place, "in publ580|out publ580|");
    assert_true(line_faults_deadline(&place.faults, 1) == UINT64_MAX);
    close_place(&place);
}

static void the_second_of_a_client_is_dropped(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    add(&place, "drop publ 2 from 580", 0);
    take(&place, LINE_IN, 580, PACKET_PUBL, 5);
    take(&place, LINE_IN, 580, PACKET_PING, 5);
    take(&place, LINE_IN, 581, PACKET_PUBL, 5);
    take(&place, LINE_IN, 580, PACKET_PUBL, 5);
    take(&place, LINE_OUT, 580, PACKET_PUBL, 5);
    expect(&place, "in publ580|in ping580|in publ581|(dropped)out publ580|");
    close_place(&place);
}

static void what_is_not_for_the_device_passes(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    add(&place, "drop packet", 0);
    struct packet packet = {.type = PACKET_PUBL, .sender = 580, .receiver = 84};
    line_faults_take(&place.faults, LINE_IN, &packet, bytes_of_text("other"), 5);
    expect(&place, "in other|");
    packet.receiver = PACKET_EVERYONE;
    line_faults_take(&place.faults, LINE_IN, &packet, bytes_of_text("all"), 5);
    expect(&place, "(dropped)");
    close_place(&place);
}

static void a_delayed_line_is_passed_by_others_and_a_held_one_is_not(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    add(&place, "delay 20 ms publ 1 to 580", 0);
    add(&place, "hold publ 1 to 581", 0);
    take(&place, LINE_OUT, 580, PACKET_PUBL, 5);
    take(&place, LINE_OUT, 580, PACKET_PING, 5);
    take(&place, LINE_OUT, 581, PACKET_PUBL, 5);
    take(&place, LINE_OUT, 581, PACKET_PING, 5);
    take(&place, LINE_IN, 581, PACKET_PING, 5);
    expect(&place, "(delayed)out ping580|(held)in ping581|");
    assert_true(line_faults_deadline(&place.faults, 5) == 5 + 20 * MS);
    tick(&place, 4 + 20 * MS);
    expect(&place, "");
    tick(&place, 5 + 20 * MS);
    expect(&place, "out publ580|");
    assert_true(line_faults_deadline(&place.faults, 5 + 20 * MS) == UINT64_MAX);
    assert_true(line_faults_step(&place.faults, 6 + 20 * MS));
    expect(&place, "out publ581|out ping581|");
    assert_false(line_faults_step(&place.faults, 6 + 20 * MS));
    close_place(&place);
}

static void all_are_held_until_no_more_are(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    line_faults_hold(&place.faults, true, 1);
    take(&place, LINE_IN, 580, PACKET_PUBL, 5);
    take(&place, LINE_OUT, 581, PACKET_PUBL, 5);
    expect(&place, "(held)(held)");
    line_faults_hold(&place.faults, false, 6);
    expect(&place, "in publ580|out publ581|");
    assert_false(line_faults_are_on(&place.faults));
    close_place(&place);
}

static void a_rule_taken_back_lets_go_what_it_held(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    uint32_t hold = add(&place, "hold publ", 0);
    uint32_t freeze = add(&place, "freeze with 581", 0);
    take(&place, LINE_IN, 580, PACKET_PUBL, 5);
    take(&place, LINE_IN, 581, PACKET_PING, 5);
    expect(&place, "(held)(frozen)");
    tick(&place, 1000 * MS);
    expect(&place, "");
    assert_true(line_faults_remove(&place.faults, hold, 1000 * MS));
    expect(&place, "in publ580|");
    assert_true(line_faults_remove(&place.faults, freeze, 1001 * MS));
    expect(&place, "in ping581|");
    assert_false(line_faults_remove(&place.faults, freeze, 1001 * MS));
    close_place(&place);
}

static void a_freeze_ends_by_itself(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    add(&place, "freeze 30 ms", 0);
    take(&place, LINE_IN, 580, PACKET_PUBL, 5);
    take(&place, LINE_IN, 580, PACKET_PING, 6);
    expect(&place, "(frozen)(frozen)");
    tick(&place, line_faults_deadline(&place.faults, 6));
    expect(&place, "in publ580|in ping580|");
    take(&place, LINE_IN, 580, PACKET_PING, 31 * MS);
    expect(&place, "in ping580|");
    close_place(&place);
}

static void copies_changes_cuts_and_refusals(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    add(&place, "duplicate publ 1 from 580", 0);
    add(&place, "cut inside publ 2 from 580 after 3 bytes", 0);
    add(&place, "refuse creq", 0);
    take(&place, LINE_IN, 580, PACKET_PUBL, 5);
    tick(&place, 5);
    expect(&place, "(sent twice)in publ580|in publ580|");
    take(&place, LINE_IN, 580, PACKET_PUBL, 6);
    expect(&place, "(cut off)in pub|");
    assert_int_equal(place.cut, 580);
    take(&place, LINE_IN, 580, PACKET_CREQ, 7);
    expect(&place, "(refused)");
    assert_int_equal(place.refused, 1);
    close_place(&place);
}

static void a_line_goes_behind_the_next_ones(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    add(&place, "reorder publ 1 by 2", 0);
    take(&place, LINE_OUT, 580, PACKET_PUBL, 5);
    take(&place, LINE_OUT, 580, PACKET_PING, 5);
    tick(&place, 5);
    take(&place, LINE_OUT, 580, PACKET_DISC, 6);
    tick(&place, 6);
    expect(&place, "(sent behind others)out ping580|out disc580|out publ580|");
    take(&place, LINE_OUT, 581, PACKET_PUBL, 7); // the first of another client
    tick(&place, line_faults_deadline(&place.faults, 7));
    expect(&place, "(sent behind others)out publ581|");
    close_place(&place);
}

static void a_cut_comes_by_the_clock(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    add(&place, "cut at 10 ms", 0);
    take(&place, LINE_IN, 580, PACKET_PUBL, 5);
    tick(&place, 5);
    assert_int_equal(place.cut, 0);
    tick(&place, line_faults_deadline(&place.faults, 5));
    assert_int_equal(place.cut, 580);
    close_place(&place);
}

static void no_more_wait_than_may(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    add(&place, "hold publ", 0);
    for (uint32_t i = 0; i < 5; i++) {
        take(&place, LINE_IN, 580 + i, PACKET_PUBL, 5); // more than are remembered, too
    }
    expect(&place, "(held)(held)(held)(held)(held)(dropped, since too many lines wait)");
    assert_int_equal(place.faults.kept_count, 4);
    assert_int_equal(place.faults.met_count, 2);
    close_place(&place);
}

static void no_more_bytes_wait_than_may(void **state) {
    (void)state;
    struct place place;
    char text[600];
    struct packet packet = {.type = PACKET_PUBL, .sender = 580, .receiver = SELF};
    memset(text, 'x', sizeof text);
    open_place(&place);
    add(&place, "hold publ", 0);
    for (int i = 0; i < 2; i++) {
        line_faults_take(&place.faults, LINE_IN, &packet, bytes_make(text, sizeof text), 5);
        line_faults_check(&place.faults);
    }
    expect(&place, "(held)(held)(dropped, since too many lines wait)");
    assert_int_equal(place.faults.kept_bytes, sizeof text);
    close_place(&place);
}

static void what_waited_for_a_stall_goes_on_when_it_is_taken_back(void **state) {
    (void)state;
    struct place place;
    open_place(&place);
    uint32_t stall = add(&place, "stall 3 s publ 1 from 580", 0);
    add(&place, "stall 9 s publ 1 from 581", 0);
    take(&place, LINE_IN, 580, PACKET_PUBL, 5);
    take(&place, LINE_IN, 580, PACKET_PUBL, 5); // waits behind it, by no rule of its own
    take(&place, LINE_IN, 581, PACKET_PUBL, 5);
    take(&place, LINE_IN, 581, PACKET_PUBL, 5);
    expect(&place, "(delayed)(delayed)");
    assert_true(line_faults_remove(&place.faults, stall, 6));
    expect(&place, "in publ580|in publ580|");
    take(&place, LINE_IN, 580, PACKET_PUBL, 7);
    expect(&place, "in publ580|");
    tick(&place, 5 + 9000 * MS);
    expect(&place, "in publ581|in publ581|");
    close_place(&place);
}

static void route(struct place *place, enum line_way way, uint32_t sender, uint32_t receiver) {
    struct packet packet = {.type = PACKET_PUBL, .sender = sender, .receiver = receiver};
    char text[48];
    snprintf(text, sizeof text, "%u>%u", sender, receiver);
    line_faults_take(&place->faults, way, &packet, bytes_of_text(text), 5);
    line_faults_check(&place->faults);
}

// A client here with a broker elsewhere, and a client elsewhere with a broker here: at the router
// both are known by the client, whichever way its lines go.
static void a_router_knows_both_ways_by_the_client(void **state) {
    (void)state;
    struct place place;
    open_place_of(&place, LINE_AT_ROUTER);
    add(&place, "drop publ 2 from 580", 0);
    add(&place, "drop publ to 7581", 0);
    add(&place, "cut before publ 1 to 582", 0);
    route(&place, LINE_IN, 580, 7083);
    route(&place, LINE_OUT, 7083, 580); // not from it
    route(&place, LINE_IN, 580, 7083);
    expect(&place, "in 580>7083|out 7083>580|(dropped)");
    route(&place, LINE_OUT, 7581, 83);
    route(&place, LINE_IN, 83, 7581);
    expect(&place, "out 7581>83|(dropped)");
    route(&place, LINE_OUT, 7083, 582);
    expect(&place, "(cut off)");
    assert_int_equal(place.cut, 582);
    close_place(&place);
}

static void a_router_leaves_lines_that_stay_alone(void **state) {
    (void)state;
    struct place place;
    open_place_of(&place, LINE_AT_ROUTER);
    add(&place, "drop packet", 0);
    route(&place, LINE_IN, 580, 83);               // within the network
    route(&place, LINE_IN, 7083, PACKET_EVERYONE); // what it wrote itself
    expect(&place, "in 580>83|in 7083>0|");
    route(&place, LINE_IN, 83, PACKET_EVERYONE);
    expect(&place, "(dropped)");
    close_place(&place);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_rules_all_pass),
        cmocka_unit_test(the_second_of_a_client_is_dropped),
        cmocka_unit_test(what_is_not_for_the_device_passes),
        cmocka_unit_test(a_delayed_line_is_passed_by_others_and_a_held_one_is_not),
        cmocka_unit_test(all_are_held_until_no_more_are),
        cmocka_unit_test(a_rule_taken_back_lets_go_what_it_held),
        cmocka_unit_test(a_freeze_ends_by_itself),
        cmocka_unit_test(copies_changes_cuts_and_refusals),
        cmocka_unit_test(a_line_goes_behind_the_next_ones),
        cmocka_unit_test(a_cut_comes_by_the_clock),
        cmocka_unit_test(no_more_wait_than_may),
        cmocka_unit_test(no_more_bytes_wait_than_may),
        cmocka_unit_test(what_waited_for_a_stall_goes_on_when_it_is_taken_back),
        cmocka_unit_test(a_router_knows_both_ways_by_the_client),
        cmocka_unit_test(a_router_leaves_lines_that_stay_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
