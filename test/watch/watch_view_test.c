#include "support.h"

#include "watch/watch_view.h"

#include <stdio.h>

static const char golden[] = "1795435622\t83\t0\tjoin\t-broker-kitchen-\t600\t\n"
                             "1795435625\t580\t83\tcreq\t-6210-\t400\t\n"
                             "1795435625\t83\t580\tcres\t-200-1954-\t600\t\n"
                             "1795435627\t580\t83\tsreq\t-cT\\_-\t928\t\n";

static const char *const one_network[] = {"network"};
static const char *const two_networks[] = {"house", "a\033b"};

struct fixture {
    struct memory memory;
    struct watch_view_options options;
    struct watch_view *view;
    struct buffer out;
};

// Each look at the clock takes two microseconds and a half.
static uint64_t steady(void) {
    static uint64_t now;
    return now += 2500;
}

static void time_text(uint64_t unix_time, char text[static CLOCK_TEXT_SIZE]) {
    snprintf(text, CLOCK_TEXT_SIZE, "12:%02u:%02u", (unsigned)(unix_time / 60 % 60),
             (unsigned)(unix_time % 60));
}

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    memory_init(&fixture->memory);
    buffer_init(&fixture->out, &fixture->memory);
    fixture->options = (struct watch_view_options){.width = 80,
                                                   .networks = one_network,
                                                   .network_count = 1,
                                                   .steady = steady,
                                                   .time_text = time_text};
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    if (fixture->view != NULL) {
        watch_view_destroy(fixture->view);
    }
    buffer_deinit(&fixture->out);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    test_free(fixture);
    return 0;
}

static void show_on(struct fixture *fixture, uint32_t network, const char *lines) {
    if (fixture->view == NULL) {
        fixture->view = watch_view_create(&fixture->options, &fixture->memory);
    }
    while (*lines != '\0') {
        size_t size = strcspn(lines, "\n");
        watch_view_line(fixture->view, network, bytes_make(lines, size), &fixture->out);
        lines += size + (lines[size] == '\n');
    }
}

static void show(struct fixture *fixture, const char *lines) {
    show_on(fixture, 0, lines);
}

static void assert_shown(struct fixture *fixture, const char *text) {
    assert_bytes_equal(buffer_bytes(&fixture->out), bytes_of_text(text));
    fixture->out.size = 0;
}

static void shows_rows(void **state) {
    struct fixture *fixture = *state;
    show(fixture, golden);
    assert_shown(fixture,
                 "12:07:02  broker 83 kitchen -> everyone           join  joins the network as "
                 "broker \"kitchen\"\n"
                 "12:07:05  client 580        -> broker 83 kitchen  creq  asks for a connection; "
                 "public pre-key 6210 (suite classic)\n"
                 "12:07:05  broker 83 kitchen -> client 580         cres  accepts the connection "
                 "(200 OK); public pre-key 1954\n"
                 "12:07:07  client 580        -> broker 83 kitchen  sreq  subscribes to a topic "
                 "(sealed: cT\\\\_)\n");
}

static void shows_the_lines_themselves(void **state) {
    struct fixture *fixture = *state;
    fixture->options.lines = true;
    show(fixture, "1795435622\t83\t0\tjoin\t-broker-\t816\t\n\033[31m\n");
    assert_shown(fixture,
                 "1795435622\t83\t0\tjoin\t-broker-\t816\t\n"
                 "12:07:02  broker 83    -> everyone      join  joins the network as broker\n"
                 "\\x1B[31m\n"
                 "                                        ????  no packet: time_stamp is not a "
                 "whole number: "
                 "\\x1B[31m\n");
}

static void shows_what_it_overhears(void **state) {
    struct fixture *fixture = *state;
    fixture->options.eavesdrop = true;
    show(fixture, golden);
    const char *last_two = memmem(fixture->out.data, fixture->out.size, "12:07:05  broker", 16);
    assert_non_null(last_two);
    struct bytes end = bytes_make(
        last_two, fixture->out.size - (size_t)(last_two - (const char *)fixture->out.data));
    assert_bytes_equal(
        end, BYTES_LITERAL(
                 "12:07:05  broker 83 kitchen -> client 580         cres  accepts the connection "
                 "(200 OK); public pre-key 1954  key 4015 found from 6210 and 1954 in 2.5 µs: "
                 "6210 = 541^66, 1954^66 = 4015 (mod 7919)\n"
                 "12:07:07  client 580        -> broker 83 kitchen  sreq  subscribes to temp  key "
                 "4015\n"));
}

static void shows_a_ladder(void **state) {
    struct fixture *fixture = *state;
    fixture->options.eavesdrop = true;
    fixture->options.form = WATCH_LADDER;
    show(fixture, golden);
    show(fixture, "garbage");
    assert_shown(fixture, "              broker\n"
                          "                83\n"
                          "              kitchen\n"
                          "12:07:02         * join  joins the network as broker \"kitchen\"\n"
                          "              broker          client\n"
                          "                83              580\n"
                          "              kitchen\n"
                          "12:07:05         |<----creq------|       asks for a connection; public "
                          "pre-key\n"
                          "                 |               |       6210 (suite classic)\n"
                          "12:07:05         |-----cres----->|       accepts the connection (200 "
                          "OK);\n"
                          "                 |               |       public pre-key 1954; key 4015 "
                          "found\n"
                          "                 |               |       from 6210 and 1954 in 2.5 µs: "
                          "6210 =\n"
                          "                 |               |       541^66, 1954^66 = 4015 (mod "
                          "7919)\n"
                          "12:07:07         |<----sreq------|       subscribes to temp; key 4015\n"
                          "         no packet: time_stamp is not a whole number: garbage\n");
}

static void shows_json(void **state) {
    struct fixture *fixture = *state;
    fixture->options.eavesdrop = true;
    fixture->options.form = WATCH_JSON;
    show(fixture, golden);
    fixture->out.size = 0;
    show(fixture, "1795435627\t580\t83\tsreq\t-cT\\_-\t928\t");
    assert_shown(fixture,
                 "{\"time\":1795435627,\"network\":\"network\",\"sender\":580,\"receiver\":83,"
                 "\"type\":\"sreq\",\"elements\":[\"cT\\\\_\"],\"signature\":928,\"sealed\":true,"
                 "\"plain\":[\"temp\"],\"key\":4015,\"bytes\":35,\"words\":\"subscribes to temp\","
                 "\"note\":\"key 4015\"}\n");
    show(fixture, "18446744073709551615\t7\t0\tjoin\t%-%FF%FE-\t770\t");
    assert_shown(
        fixture,
        "{\"time\":9223372036854775807,\"network\":\"network\",\"sender\":7,\"receiver\":0,"
        "\"type\":\"join\",\"elements\":[{\"base64\":\"//4=\"}],\"signature\":770,"
        "\"sealed\":false,\"bytes\":45,\"words\":\"joins the network as \\\\xFF\\\\xFE\"}\n");
    show(fixture, "5\t580\t83\tblah\t-\t1\t\n\377");
    assert_shown(
        fixture,
        "{\"time\":5,\"network\":\"network\",\"sender\":580,"
        "\"line\":\"5\\t580\\t83\\tblah\\t-\\t1\\t\",\"bytes\":19,\"words\":\"no packet: type is "
        "unknown: 5\\\\t580\\\\t83\\\\tblah\\\\t-\\\\t1\\\\t\",\"fault\":\"type\"}\n"
        "{\"network\":\"network\",\"line_base64\":\"/w==\",\"bytes\":2,\"words\":\"no packet: "
        "time_stamp is not a whole number: \\\\xFF\",\"fault\":\"time-stamp\"}\n");
}

static void shows_and_counts_what_is_dropped(void **state) {
    struct fixture *fixture = *state;
    show(fixture, "1\t83\t0\tjoin\t-broker-\t816\t\n"
                  "\033[2Jgarbage\n"
                  "2\t83\t0\tblah\t-\t1\t\n"
                  "3\t83\t0\tleft\t-broker-\t817\t\n"
                  "4\t83\t0\tblah\t-\t1\t\n");
    assert_shown(
        fixture,
        "12:00:01  broker 83    -> everyone      join  joins the network as broker\n"
        "                                        ????  no packet: time_stamp is not a whole "
        "number: \\x1B[2Jgarbage\n"
        "12:00:02  broker 83                     ????  no packet: type is unknown: "
        "2\\t83\\t0\\tblah\\t-\\t1\\t\n"
        "12:00:03  broker 83    -> everyone      left  leaves the network  is dropped: signature "
        "does not fit the payload\n"
        "12:00:04  broker 83                     ????  no packet: type is unknown: "
        "4\\t83\\t0\\tblah\\t-\\t1\\t\n");
    watch_view_append_faults(fixture->view, &fixture->out);
    assert_shown(fixture, "4 of 5 lines are dropped: 1 because time_stamp is not a whole number, 2 "
                          "because type is unknown, 1 because signature does not fit the "
                          "payload\n");
}

static void marks_lines_that_nothing_protects(void **state) {
    struct fixture *fixture = *state;
    show(fixture, "1\t83\t7\tcres\t-200-7597-\t0\t\n"
                  "1\t7\t83\tpubl\t-dU]`-\"!~%-\t0\t\n"
                  "1\t83\t7\tjoin\t-broker-d2d2d2-\t0\t\n"
                  "1\t83\t7\tjoin\t-broker-d-\t0\t\n"
                  "1\t83\t7\tjoin\t-}@-\t0\t\n" // 125 * 64: the signature needs both
                  "1\t83\t7\tpubl\t-AQAAAAAAAABBQkNERUZHSElKS0xNTk9Q-\t0\t\n");
    assert_shown(fixture,
                 "12:00:01  broker 83    -> client 7      cres  accepts the connection (200 OK); "
                 "public pre-key 7597  signature 0: 6 of 7 bytes can be changed unnoticed\n"
                 "12:00:01  client 7     -> broker 83     publ  publishes an entry (sealed: dU]`, "
                 "\"!~%)  signature 0: hardly any change would be noticed\n"
                 "12:00:01  broker 83 d2d2d2 -> client 7          join  tells client 7 that it is "
                 "here: broker \"d2d2d2\"  signature 0: any byte can be changed unnoticed\n"
                 "12:00:01  broker 83 d2d2d2 -> client 7          join  tells client 7 that it is "
                 "here: broker \"d\"  is dropped: signature does not fit the payload\n"
                 "12:00:01  device 83        -> client 7          join  tells client 7 that it is "
                 "here: }@\n"
                 "12:00:01  device 83        -> client 7          publ  publishes an entry "
                 "(sealed: AQAAAAAAAABBQkNERUZHSElK…)\n");
}

static void marks_them_in_json(void **state) {
    struct fixture *fixture = *state;
    fixture->options.form = WATCH_JSON;
    show(fixture, "1\t83\t7\tcres\t-200-7597-\t0\t");
    assert_shown(fixture,
                 "{\"time\":1,\"network\":\"network\",\"sender\":83,\"receiver\":7,"
                 "\"type\":\"cres\",\"elements\":[\"200\",\"7597\"],\"signature\":0,"
                 "\"sealed\":false,\"unprotected\":true,\"bytes\":26,\"words\":\"accepts the "
                 "connection (200 OK); public pre-key 7597\",\"note\":\"signature 0: 6 of "
                 "7 bytes can be changed unnoticed\"}\n");
}

static void has_nothing_to_say_when_all_is_well(void **state) {
    struct fixture *fixture = *state;
    show(fixture, golden);
    fixture->out.size = 0;
    watch_view_append_faults(fixture->view, &fixture->out);
    assert_shown(fixture, "");
}

// What a device chose must not reach the terminal as a control character, in no form.
static void lets_no_control_characters_through(void **state) {
    struct fixture *fixture = *state;
    for (int form = WATCH_ROWS; form <= WATCH_JSON; form++) {
        fixture->options.form = (enum watch_form)form;
        fixture->view = watch_view_create(&fixture->options, &fixture->memory);
        show(fixture, "1\t83\t0\tjoin\t%-broker-%1B[2J%07%0D%0A%C2%9B-\t0\t");
        show(fixture, "1\t83\t7\tpubl\t%-%1B[2J-%00%9B-\t0\t\n\033]0;title\007\r");
        for (size_t i = 0; i < fixture->out.size; i++) {
            assert_true(fixture->out.data[i] >= 32 || fixture->out.data[i] == '\n');
            assert_true(fixture->out.data[i] != 0x9b && fixture->out.data[i] != 127);
        }
        watch_view_destroy(fixture->view);
        fixture->view = NULL;
        fixture->out.size = 0;
    }
}

static void leaves_out_what_is_not_wanted(void **state) {
    struct fixture *fixture = *state;
    fixture->options.types = 1u << PACKET_CREQ | 1u << PACKET_PING;
    fixture->options.no_ping = true;
    show(fixture, golden);
    show(fixture, "1\t83\t580\tping\t-\t1\t");
    assert_shown(fixture, "12:07:05  client 580   -> broker 83 kitchen  creq  asks for a "
                          "connection; public pre-key 6210 (suite classic)\n");
}

static void shows_one_address_only(void **state) {
    struct fixture *fixture = *state;
    fixture->options.address = 7;
    show(fixture, golden);
    show(fixture, "1\t83\t7\tping\t-\t1\t");
    show(fixture, "1\t7\t83\tping\t-\t1\t");
    assert_shown(fixture, "12:00:01  broker 83 kitchen -> device 7           ping  asks: still "
                          "there?\n"
                          "12:00:01  device 7          -> broker 83 kitchen  ping  is still "
                          "there\n");
}

static void keeps_networks_apart(void **state) {
    struct fixture *fixture = *state;
    fixture->options.networks = two_networks;
    fixture->options.network_count = 2;
    show_on(fixture, 0, "1\t83\t0\tjoin\t-broker-\t816\t");
    show_on(fixture, 1, "1\t83\t7\tping\t-\t1\t");
    assert_shown(fixture,
                 "12:00:01  house   broker 83    -> everyone      join  joins the network "
                 "as broker\n"
                 "12:00:01  a\\x1Bb  device 83    -> device 7      ping  is still there\n");
}

static void colours(void **state) {
    struct fixture *fixture = *state;
    fixture->options.colour = true;
    show(fixture, "1\t83\t7\tping\t-\t2\t");
    assert_shown(fixture, "\033[2m12:00:01\033[0m  device 83    -> device 7      \033[2mping\033[0m"
                          "  \033[0mis still there\033[0m\n");
}

static void survives_any_bytes(void **state) {
    struct fixture *fixture = *state;
    static const char *const starts[] = {"1\t83\t580\tsres\t-", "1\t580\t83\tpubl\t%-",
                                         "1\t580\t83\tcreq\t-", ""};
    uint64_t seed = 7;
    fixture->options.eavesdrop = true;
    fixture->options.form = WATCH_LADDER;
    for (int round = 0; round < 3000; round++) {
        char line[128];
        size_t size = (size_t)snprintf(line, sizeof line, "%s", starts[round % 4]);
        size_t end = size + support_random(&seed) % 60;
        while (size < end) {
            line[size++] = (char)("-%\t0123abcXYZ\x7f\xc3\xa4"[support_random(&seed) % 17]);
        }
        size += (size_t)snprintf(line + size, sizeof line - size, "-\t0\t");
        if (fixture->view == NULL) {
            fixture->view = watch_view_create(&fixture->options, &fixture->memory);
        }
        watch_view_line(fixture->view, 0, bytes_make(line, size), &fixture->out);
        fixture->out.size = 0;
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(shows_rows),
        TEST(shows_the_lines_themselves),
        TEST(shows_what_it_overhears),
        TEST(shows_a_ladder),
        TEST(shows_json),
        TEST(shows_and_counts_what_is_dropped),
        TEST(marks_lines_that_nothing_protects),
        TEST(marks_them_in_json),
        TEST(has_nothing_to_say_when_all_is_well),
        TEST(lets_no_control_characters_through),
        TEST(leaves_out_what_is_not_wanted),
        TEST(shows_one_address_only),
        TEST(keeps_networks_apart),
        TEST(colours),
        TEST(survives_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
