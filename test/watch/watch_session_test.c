// The watch session runs in a child process, whose standard output is a pipe.
#include "support.h"

#include "watch/watch_session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "medium/capture/tap.h"
#include "shell/program_exit.h"

#define WAIT_MS 20000

struct fixture {
    char *folder;
    char *path;
    int output; // the reading end of the child's standard output
    bool quiet; // its standard error goes nowhere
    pid_t child;
    struct memory memory;
    struct buffer got;
};

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    fixture->folder = support_make_folder();
    fixture->path = support_path(fixture->folder, "network");
    memory_init(&fixture->memory);
    buffer_init(&fixture->got, &fixture->memory);
    fixture->output = -1;
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    if (fixture->output >= 0) {
        close(fixture->output);
    }
    buffer_deinit(&fixture->got);
    free(fixture->path);
    support_remove_folder(fixture->folder);
    test_free(fixture);
    return 0;
}

static void append(const struct fixture *fixture, const char *lines) {
    int fd = open(fixture->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, lines, strlen(lines)), (ssize_t)strlen(lines));
    close(fd);
}

static void start(struct fixture *fixture, struct watch_session_options options) {
    const char *networks[] = {fixture->path};
    int ends[2];
    options.view.networks = networks;
    options.view.network_count = 1;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    fixture->child = fork();
    assert_true(fixture->child >= 0);
    if (fixture->child == 0) {
        if (fixture->quiet) {
            dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
        }
        dup2(ends[1], STDOUT_FILENO);
        close(ends[1]);
        close(ends[0]);
        _exit(watch_session_run(&options));
    }
    close(ends[1]);
    fixture->output = ends[0];
}

// Reads more of the output; false at its end.
static bool read_more(struct fixture *fixture) {
    struct pollfd polled = {.fd = fixture->output, .events = POLLIN};
    assert_int_equal(poll(&polled, 1, WAIT_MS), 1);
    uint8_t *room = buffer_reserve(&fixture->got, 65536);
    ssize_t size = read(fixture->output, room, 65536);
    assert_true(size >= 0);
    fixture->got.size += (size_t)size;
    return size > 0;
}

static bool has_got(const struct fixture *fixture, const char *text) {
    return fixture->got.size > 0 &&
           memmem(fixture->got.data, fixture->got.size, text, strlen(text)) != NULL;
}

static void expect(struct fixture *fixture, const char *text) {
    while (!has_got(fixture, text)) {
        assert_true(read_more(fixture));
    }
}

static int exit_code(const struct fixture *fixture) {
    int status;
    assert_int_equal(waitpid(fixture->child, &status, 0), fixture->child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

#define JOIN "1\t83\t0\tjoin\t-broker-\t816\t\n"
#define LEFT "2\t83\t0\tleft\t-broker-\t816\t\n"

static void ends_at_the_end_if_asked(void **state) {
    struct fixture *fixture = *state;
    append(fixture, JOIN);
    start(fixture, (struct watch_session_options){.once = true});
    while (read_more(fixture)) {
    }
    assert_true(has_got(fixture, "joins the network as broker\n"));
    assert_int_equal(exit_code(fixture), PROGRAM_OK);
}

static void follows_until_a_signal(void **state) {
    struct fixture *fixture = *state;
    static const int signals[] = {SIGINT, SIGTERM};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        append(fixture, JOIN);
        start(fixture, (struct watch_session_options){.once = false});
        expect(fixture, "joins");
        append(fixture, LEFT);
        expect(fixture, "leaves");
        kill(fixture->child, signals[i]);
        assert_int_equal(exit_code(fixture), PROGRAM_OK);
        close(fixture->output);
        fixture->output = -1;
        fixture->got.size = 0;
        unlink(fixture->path);
    }
}

static void leaves_out_what_is_there_if_asked(void **state) {
    struct fixture *fixture = *state;
    append(fixture, JOIN);
    start(fixture, (struct watch_session_options){.only_later = true});
    // When it began to follow cannot be seen, so there are lines until it says one.
    while (poll(&(struct pollfd){.fd = fixture->output, .events = POLLIN}, 1, 50) == 0) {
        append(fixture, LEFT);
    }
    expect(fixture, "leaves");
    assert_false(has_got(fixture, "joins"));
    kill(fixture->child, SIGINT);
    assert_int_equal(exit_code(fixture), PROGRAM_OK);
}

static void ends_quietly_when_nobody_reads(void **state) {
    struct fixture *fixture = *state;
    append(fixture, JOIN);
    start(fixture, (struct watch_session_options){.once = false});
    expect(fixture, "joins");
    close(fixture->output);
    fixture->output = -1;
    assert_int_equal(exit_code(fixture), PROGRAM_OK);
}

#define CONNECT                                    \
    "\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04" \
    "dev1"
#define PINGREQ "\xc0\x00"

// A tap under a name that does not tell; its first bytes do.
static struct tap *open_tap(const struct fixture *fixture) {
    struct tap_error error;
    struct tap *tap = tap_open(fixture->path, &error);
    assert_non_null(tap);
    tap_stream_opened(tap, 1, "127.0.0.1:5000", 1883, 1);
    tap_bytes(tap, 1, TAP_FROM_CLIENT, BYTES_LITERAL(CONNECT), 2);
    assert_null(tap_flush(tap));
    return tap;
}

static void tap_ping(struct tap *tap) {
    tap_bytes(tap, 1, TAP_FROM_CLIENT, BYTES_LITERAL(PINGREQ), 3);
    assert_null(tap_flush(tap));
}

static void follows_a_tap(void **state) {
    struct fixture *fixture = *state;
    struct tap *tap = open_tap(fixture);
    start(fixture, (struct watch_session_options){.once = false});
    expect(fixture, "asks for a session as \"dev1\"");
    tap_ping(tap);
    expect(fixture, "is still there");
    tap_close(tap);
    kill(fixture->child, SIGINT);
    assert_int_equal(exit_code(fixture), PROGRAM_OK);
}

// What is left out still tells who speaks.
static void knows_who_speaks_in_a_tap_if_only_later(void **state) {
    struct fixture *fixture = *state;
    struct tap *tap = open_tap(fixture);
    start(fixture, (struct watch_session_options){.only_later = true});
    while (poll(&(struct pollfd){.fd = fixture->output, .events = POLLIN}, 1, 50) == 0) {
        tap_ping(tap);
    }
    expect(fixture, "client 1 dev1");
    expect(fixture, "is still there");
    assert_false(has_got(fixture, "asks for a session"));
    tap_close(tap);
    kill(fixture->child, SIGINT);
    assert_int_equal(exit_code(fixture), PROGRAM_OK);
}

static void waits_for_a_tap_by_its_name(void **state) {
    struct fixture *fixture = *state;
    fixture->quiet = true;
    free(fixture->path);
    fixture->path = support_path(fixture->folder, "tap.pcapng");
    start(fixture, (struct watch_session_options){.once = false});
    struct tap *tap = open_tap(fixture);
    expect(fixture, "asks for a session");
    tap_close(tap);
    kill(fixture->child, SIGINT);
    assert_int_equal(exit_code(fixture), PROGRAM_OK);
}

// A reader that stops reading must not keep a signal from ending it.
static void ends_by_a_signal_while_nobody_takes_its_output(void **state) {
    struct fixture *fixture = *state;
    for (int i = 0; i < 3000; i++) {
        append(fixture, JOIN);
    }
    start(fixture, (struct watch_session_options){.once = false});
    assert_int_equal(poll(&(struct pollfd){.fd = fixture->output, .events = POLLIN}, 1, WAIT_MS),
                     1);
    kill(fixture->child, SIGINT);
    assert_int_equal(exit_code(fixture), PROGRAM_OK);
}

static void needs_a_file(void **state) {
    struct fixture *fixture = *state;
    fixture->quiet = true; // what it says is not for the log of the tests
    start(fixture, (struct watch_session_options){.once = true});
    assert_int_equal(exit_code(fixture), PROGRAM_UNUSABLE);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(ends_at_the_end_if_asked),
        TEST(follows_until_a_signal),
        TEST(leaves_out_what_is_there_if_asked),
        TEST(ends_quietly_when_nobody_reads),
        TEST(ends_by_a_signal_while_nobody_takes_its_output),
        TEST(needs_a_file),
        TEST(follows_a_tap),
        TEST(knows_who_speaks_in_a_tap_if_only_later),
        TEST(waits_for_a_tap_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
