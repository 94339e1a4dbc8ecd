#include "support.h"

#include "watch/ladder.h"

#include <stdio.h>

struct fixture {
    struct memory memory;
    struct ladder ladder;
    struct buffer out;
};

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    memory_init(&fixture->memory);
    ladder_init(&fixture->ladder, 80, false);
    buffer_init(&fixture->out, &fixture->memory);
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    buffer_deinit(&fixture->out);
    test_free(fixture);
    return 0;
}

static const struct ladder_end everyone = {.kind = "device"};
static const struct ladder_end kitchen = {
    .address = 83, .kind = "broker", .name = BYTES_LITERAL("kitchen")};
static const struct ladder_end ada = {.address = 580, .kind = "client"};
static const struct ladder_end ben = {.address = 12, .kind = "client"};

static void step(struct fixture *fixture, struct ladder_end sender, struct ladder_end receiver,
                 const char *type, const char *words) {
    struct ladder_step step = {.time = "12:00:22",
                               .sender = sender,
                               .receiver = receiver,
                               .type = type,
                               .colour = COLOUR_CYAN,
                               .words = bytes_of_text(words)};
    ladder_append_step(&fixture->ladder, &step, &fixture->out);
}

static void assert_shown(struct fixture *fixture, const char *text) {
    assert_bytes_equal(buffer_bytes(&fixture->out), bytes_of_text(text));
    fixture->out.size = 0;
}

// Of three clients of one host the port is all that tells them apart.
static void an_address_too_wide_for_its_column_keeps_its_end(void **state) {
    struct fixture *fixture = *state;
    static const char *const places[] = {"127.0.0.1:35892", "127.0.0.1:35894", "[::1]:40001"};
    for (uint32_t i = 0; i < 3; i++) {
        struct ladder_end client = {
            .address = i + 1, .kind = "client", .name = bytes_of_text(places[i])};
        fixture->out.size = 0;
        step(fixture, client, kitchen, "PING", "");
    }
    assert_shown(fixture, "           client    broker    client    client\n"
                          "              1        83         2         3\n"
                          "           …:35892   kitchen   …:35894   …:40001\n"
                          "12:00:22      |         |<------PING--------|\n");
}

static void draws_the_life_of_a_connection(void **state) {
    struct fixture *fixture = *state;
    step(fixture, kitchen, everyone, "join", "joins the network as broker \"kitchen\"");
    step(fixture, ada, everyone, "join", "joins the network as client");
    step(fixture, kitchen, ada, "join", "tells client 580 that it is here: broker \"kitchen\"");
    step(fixture, ada, kitchen, "creq", "asks for a connection; public pre-key 6210");
    step(fixture, kitchen, ada, "cres", "accepts the connection");
    step(fixture, ben, everyone, "join", "joins the network as client");
    step(fixture, kitchen, ben, "join", "tells client 12 that it is here");
    step(fixture, ada, everyone, "left", "leaves the network");
    step(fixture, kitchen, everyone, "left", "leaves the network");
    step(fixture, ben, ben, "publ", "talks to itself");
    assert_shown(fixture,
                 "              broker\n"
                 "                83\n"
                 "              kitchen\n"
                 "12:00:22         * join  joins the network as broker \"kitchen\"\n"
                 "              broker          client\n"
                 "                83              580\n"
                 "              kitchen\n"
                 "12:00:22         |<====join======*       joins the network as client\n"
                 "12:00:22         |-----join----->|       tells client 580 that it is here:\n"
                 "                 |               |       broker \"kitchen\"\n"
                 "12:00:22         |<----creq------|       asks for a connection; public pre-key\n"
                 "                 |               |       6210\n"
                 "12:00:22         |-----cres----->|       accepts the connection\n"
                 "            broker       client       client\n"
                 "              83           580          12\n"
                 "            kitchen\n"
                 "12:00:22       |<===========|<===join====*      joins the network as client\n"
                 "12:00:22       |----------join---------->|      tells client 12 that it is here\n"
                 "12:00:22       |<===========*====left===>|      leaves the network\n"
                 "12:00:22       *====left===>|===========>|      leaves the network\n"
                 "12:00:22       |            |            o publ talks to itself\n");
}

// With many devices words stand under their arrows.
static void words_stand_below_when_lanes_need_the_width(void **state) {
    struct fixture *fixture = *state;
    ladder_resize(&fixture->ladder, 0); // taken for the least
    step(fixture, ada, kitchen, "creq",
         "asks for a connection; public pre-key 6210 (suite classic)");
    step(fixture, kitchen, ada, "cres", "");
    assert_shown(fixture, "          client  broker\n"
                          "            580     83\n"
                          "                  kitchen\n"
                          "12:00:22     |-creq->|\n"
                          "           asks for a connection;\n"
                          "           public pre-key 6210 (suite\n"
                          "           classic)\n"
                          "12:00:22     |<cres--|\n");
}

static void gives_the_lane_of_the_quietest_away(void **state) {
    struct fixture *fixture = *state;
    ladder_resize(&fixture->ladder, 40); // three lanes
    step(fixture, ada, kitchen, "creq", "");
    step(fixture, ben, kitchen, "creq", "");
    fixture->out.size = 0;
    step(fixture, (struct ladder_end){.address = 7, .kind = "device"}, kitchen, "ping", "");
    assert_shown(fixture, "          device  broker  client\n"
                          "             7      83      12\n"
                          "                  kitchen\n"
                          "12:00:22     |-ping->|       |\n");
}

// Not that of the quiet one beside it, who is still there.
static void gives_the_lane_of_one_that_left_away(void **state) {
    struct fixture *fixture = *state;
    step(fixture, ada, kitchen, "creq", "");
    step(fixture, ben, kitchen, "creq", "");
    struct ladder_step left = {.time = "12:00:23",
                               .sender = ben,
                               .receiver = everyone,
                               .type = "left",
                               .words = BYTES_LITERAL(""),
                               .sender_leaves = true};
    ladder_append_step(&fixture->ladder, &left, &fixture->out);
    fixture->out.size = 0;
    step(fixture, (struct ladder_end){.address = 7, .kind = "device"}, kitchen, "ping", "");
    assert_shown(fixture, "            client       broker       device\n"
                          "              580          83            7\n"
                          "                         kitchen\n"
                          "12:00:22       |            |<---ping----|\n");
    step(fixture, ben, ada, "join", ""); // it is there again, and has another one
    assert_int_equal(fixture->ladder.count, 4);
}

static void draws_what_became_of_packets(void **state) {
    struct fixture *fixture = *state;
    static const char *const arrows[LADDER_SHAPES][2] = {
        [LADDER_ARROW] = {"|-----ping----->|", "|<----ping------|"},
        [LADDER_DROPPED] = {"|-----ping----x |", "| x---ping------|"},
        [LADDER_DELAYED] = {"|~~~~~ping~~~~~>|", "|<~~~~ping~~~~~~|"},
        [LADDER_HELD] = {"|=====ping====| |", "| |===ping======|"},
        [LADDER_CUT] = {"|- - -ping - -  |", "|  - -ping - - -|"},
    };
    step(fixture, ada, ben, "ping", "");
    for (int shape = 0; shape < LADDER_SHAPES; shape++) {
        for (int way = 0; way < 2; way++) {
            char expected[64];
            struct ladder_step step = {.time = "12:00:22",
                                       .sender = way == 0 ? ada : ben,
                                       .receiver = way == 0 ? ben : ada,
                                       .type = "ping",
                                       .words = BYTES_LITERAL(""),
                                       .shape = (enum ladder_shape)shape};
            (void)snprintf(expected, sizeof expected, "12:00:22         %s\n", arrows[shape][way]);
            fixture->out.size = 0;
            ladder_append_step(&fixture->ladder, &step, &fixture->out);
            assert_shown(fixture, expected);
        }
    }
}

static void marks_and_says_why(void **state) {
    struct fixture *fixture = *state;
    step(fixture, ada, ben, "ping", "");
    ladder_show_milliseconds(&fixture->ladder);
    fixture->out.size = 0;
    struct ladder_step marked = {.time = "12:00:22.001",
                                 .sender = ada,
                                 .receiver = ben,
                                 .type = "ping",
                                 .is_marked = true,
                                 .words = BYTES_LITERAL("is still there"),
                                 .why = BYTES_LITERAL("Silence looks the same, alive or dead.")};
    ladder_append_step(&fixture->ladder, &marked, &fixture->out);
    ladder_append_note(&fixture->ladder, &marked, &fixture->out);
    assert_shown(fixture,
                 "                  client          client\n"
                 "                    580             12\n"
                 "12:00:22.001!        |-----ping----->|       is still there\n"
                 "                     |               |       Silence looks the same, alive or\n"
                 "                     |               |       dead.\n"
                 "12:00:22.001!is still there\n"
                 "             Silence looks the same, alive or dead.\n");
}

static void repeats_the_legend(void **state) {
    struct fixture *fixture = *state;
    step(fixture, ada, ben, "ping", "");
    fixture->out.size = 0;
    for (int i = 1; i < LADDER_LEGEND_LINES; i++) {
        step(fixture, ada, ben, "ping", "");
    }
    assert_null(memmem(fixture->out.data, fixture->out.size, "client", 6));
    fixture->out.size = 0;
    step(fixture, ada, ben, "ping", "");
    assert_shown(fixture, "              client          client\n"
                          "                580             12\n"
                          "12:00:22         |-----ping----->|\n");
}

static void repeats_the_legend_when_a_name_becomes_known(void **state) {
    struct fixture *fixture = *state;
    struct ladder_end nameless = kitchen;
    nameless.name = (struct bytes){0};
    step(fixture, ada, nameless, "ping", "");
    fixture->out.size = 0;
    step(fixture, ada, kitchen, "ping", "");
    assert_shown(fixture, "              client          broker\n"
                          "                580             83\n"
                          "                              kitchen\n"
                          "12:00:22         |-----ping----->|\n");
}

static void keeps_networks_apart(void **state) {
    struct fixture *fixture = *state;
    struct ladder_end house = kitchen;
    struct ladder_end garden = kitchen;
    struct ladder_end guest = ada;
    house.network = guest.network = "house";
    garden.network = "garden";
    step(fixture, house, everyone, "join", "");
    step(fixture, garden, everyone, "join", "");
    fixture->out.size = 0;
    step(fixture, guest, everyone, "join", "");
    assert_shown(fixture, "            broker       broker       client\n"
                          "              83           83           580\n"
                          "            kitchen      kitchen\n"
                          "             house       garden        house\n"
                          "12:00:22       |<================join====*\n");
}

static void cuts_words_without_end(void **state) {
    struct fixture *fixture = *state;
    char words[1001] = {0};
    memset(words, 'x', 1000);
    step(fixture, ada, kitchen, "publ", words);
    size_t lines = 0;
    for (size_t i = 0; i < fixture->out.size; i++) {
        lines += fixture->out.data[i] == '\n';
    }
    assert_int_equal(lines, 3 + 8);
    assert_non_null(memmem(fixture->out.data, fixture->out.size, "x…\n", 5));
}

static void shows_notes_across(void **state) {
    struct fixture *fixture = *state;
    struct ladder_step note = {.time = "", .words = BYTES_LITERAL("no packet: garbage")};
    ladder_append_note(&fixture->ladder, &note, &fixture->out);
    assert_shown(fixture, "         no packet: garbage\n");
}

static void colours_arrows(void **state) {
    struct fixture *fixture = *state;
    ladder_init(&fixture->ladder, 80, true);
    step(fixture, ada, ben, "ping", "");
    fixture->out.size = 0;
    step(fixture, ada, ben, "ping", "words");
    assert_shown(fixture, "\033[2m12:00:22\033[0m \033[36m        |-----ping----->|       "
                          "\033[0mwords\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(draws_the_life_of_a_connection),
        TEST(an_address_too_wide_for_its_column_keeps_its_end),
        TEST(words_stand_below_when_lanes_need_the_width),
        TEST(gives_the_lane_of_the_quietest_away),
        TEST(gives_the_lane_of_one_that_left_away),
        TEST(draws_what_became_of_packets),
        TEST(marks_and_says_why),
        TEST(repeats_the_legend),
        TEST(repeats_the_legend_when_a_name_becomes_known),
        TEST(keeps_networks_apart),
        TEST(cuts_words_without_end),
        TEST(shows_notes_across),
        TEST(colours_arrows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
