// What `make run` starts, as somebody at a terminal with a browser has it (web_towns.js): two towns
// that exchange packets, and a cut that heals.
#include "mqtt.h"

static const char *after(const char *text, const char *words) {
    const char *found = strstr(text, words);
    assert_non_null(found);
    return found + strlen(words);
}

// By the pipe that the text names.
static void cut_at_home(const char *folder) {
    char path[PATH_MAX + 32];
    (void)snprintf(path, sizeof path, "%s/home/commands", folder);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "cut\n", 4), 4);
    (void)close(fd);
}

static void two_towns_live_break_and_heal(void **state) {
    (void)state;
    if (PROCESS_SLOW) {
        print_message("not tested: a browser is asked once, by the release variant\n");
        skip();
    }
    char script[PATH_MAX];
    char towns[PATH_MAX];
    char url[160];
    char folder[PATH_MAX];
    char *app = process_program("watch");
    char *programs = dirname(app);
    assert_int_equal(setenv("MQTTSIM_PROGRAMS", programs, 1), 0);
    (void)snprintf(script, sizeof script, "%s/../../../app/living-network", programs);
    (void)snprintf(towns, sizeof towns, "%s/../../../test/process/web_towns.js", programs);
    free(app);
    struct process *run =
        process_start_terminal(&(struct process_options){.folder = process_folder,
                                                         .words = (const char *[]){script, NULL}},
                               50, 200);
    process_await_out(run, "/home/commands");
    process_await_out(run, "\n");
    const char *link = after(run->out.text, "See it live in a browser: ");
    const char *place = after(run->out.text, "Two networks live in ");
    (void)snprintf(url, sizeof url, "%.*s", (int)strcspn(link, "\r\n"), link);
    (void)snprintf(folder, sizeof folder, "%.*s", (int)strcspn(place, ","), place);
    assert_non_null(strstr(url, "#token="));
    const char *pictures = getenv("WEB_PICTURES");
    struct process *page =
        process_start(mqtt_need_program("node"), towns, mqtt_need_program("chromium"), url,
                      pictures != NULL ? pictures : "");
    process_await_out(run, "connected with 41");
    process_await_out(page, "subscribe\n");
    process_send(run, "conn 7083\n");
    process_await_out(run, "connected with 7083");
    process_send(run, "subs 7083 machine/#\n");
    process_await_out(page, "cut\n");
    cut_at_home(folder);
    process_assert_code(page, 0);
    assert_non_null(strstr(process_text(&page->out), "checks passed in the page"));
    process_send(run, "exit\n");
    process_assert_code(run, 0);
    assert_int_equal(access(folder, F_OK), -1);
}

static int bind_at(uint16_t port) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(port)};
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    if (bind(fd, (const struct sockaddr *)&place, sizeof place) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

// Nobody listens at it, so it looks free, until the broker wants it.
static void a_port_that_is_taken_meanwhile_is_passed_over(void **state) {
    (void)state;
    if (PROCESS_SLOW) {
        print_message("not tested: the script is the same in all variants\n");
        skip();
    }
    int fd = -1;
    for (uint16_t port = 1883; fd < 0; port++) {
        fd = bind_at(port);
    }
    char script[PATH_MAX];
    char *app = process_program("watch");
    const char *programs = dirname(app);
    assert_int_equal(setenv("MQTTSIM_PROGRAMS", programs, 1), 0);
    (void)snprintf(script, sizeof script, "%s/../../../app/living-network", programs);
    free(app);
    struct process *tour = process_start("/usr/bin/env", script);
    process_assert_code(tour, 0);
    process_await_out(tour, "expected updates arrived");
    (void)close(fd);
}

// A test that failed leaves the networks running: all of them are told to end, as the script and
// what it has started share a group, and the script removes their folder.
static int tear_down(void **state) {
    struct process *run = process_count > 0 ? process_all[0] : NULL;
    if (run != NULL && run->id > 0 && kill(-run->id, SIGTERM) == 0) {
        (void)process_collect(run);
    }
    return process_tear_down(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(two_towns_live_break_and_heal, process_set_up, tear_down),
        PROCESS_TEST(a_port_that_is_taken_meanwhile_is_passed_over)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
