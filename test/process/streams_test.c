// Standard streams that are closed or full.
#include "process.h"

// Runs a program with the arguments and redirections of a shell; returns its exit code.
static int run(const char *name, const char *arguments) {
    char *program = process_program(name);
    char *line = NULL;
    int status = 0;
    assert_true(asprintf(&line, "exec timeout %d '%s' %s", PROCESS_DEADLINE_S, program, arguments) >
                0);
    pid_t id = fork();
    assert_true(id >= 0);
    if (id == 0) {
        if (chdir(process_folder) == 0) {
            execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        }
        _exit(127);
    }
    assert_int_equal(waitpid(id, &status, 0), id);
    free(line);
    free(program);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void assert_file_has(const char *name, const char *text) {
    char *content = process_file(name);
    if (strstr(content, text) == NULL) {
        (void)fprintf(stderr, "%s holds no '%s' but:\n%s\n", name, text, content);
        fail();
    }
    free(content);
}

static void assert_network_is_whole(void) {
    char *content = process_file("network");
    for (const char *line = content; *line != '\0'; line = strchr(line, '\n') + 1) {
        assert_non_null(strchr(line, '\n'));
        assert_true(strtoul(line, NULL, 10) > 0);
    }
    free(content);
}

static void a_closed_standard_input_has_no_commands(void **state) {
    (void)state;
    assert_int_equal(run("client", "--wait 0.1 <&- 2>notices"), 0);
    assert_file_has("notices", "on the network");
    assert_network_is_whole();
}

static void a_closed_standard_error_gets_no_notices(void **state) {
    (void)state;
    struct process *broker = process_start_broker("83");
    assert_int_equal(run("client", "--run 'conn; subs t; publ t 1' --count 1 2>&- >updates"), 0);
    assert_file_has("updates", "t 1\n");
    assert_network_is_whole();
    process_end(broker);
}

static void a_standard_output_that_takes_nothing_is_told(void **state) {
    (void)state;
    struct process *broker = process_start_broker("83");
    const char *commands = "--run 'conn; subs t; publ t 1' --stay";
    char arguments[128];
    (void)snprintf(arguments, sizeof arguments, "%s >&- 2>notices", commands);
    assert_int_equal(run("client", arguments), 1);
    assert_file_has("notices", "client: standard output: Bad file descriptor\n");
    (void)snprintf(arguments, sizeof arguments, "%s >/dev/full 2>notices", commands);
    assert_int_equal(run("client", arguments), 1);
    assert_file_has("notices", "client: standard output: No space left on device\n");
    assert_network_is_whole();
    process_end(broker);
}

static void no_standard_stream_is_needed(void **state) {
    (void)state;
    assert_int_equal(run("client", "--wait 0.1 <&- >&- 2>&-"), 0);
    assert_network_is_whole();
}

// Whichever streams are closed or full, every program comes to its end by itself, and none takes a
// file of its own for a stream.
static void every_program_ends_without_its_streams(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *arguments;
    } programs[] = {
        {"broker", "--address 83 --run 'list; exit'"},
        {"client", "--run 'list; exit'"},
        {"router", "--gate 7 --master http://127.0.0.1:1 --run 'list; exit'"},
        {"master", "--listen 127.0.0.1:0 --store memory --run 'list; exit'"},
        {"load", "--port 1 --timeout 1"},
        {"watch", "--once network"},
        {"watch", "--version"},
    };
    static const char *const streams[] = {
        "<&-",      ">&-",          "2>&-",       "<&- >&-",     "<&- 2>&-",
        ">&- 2>&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full", ">/dev/full 2>&1",
    };
    process_write_file("network", "1\t5\t0\tjoin\t-client-\t600\t\n");
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        for (size_t k = 0; k < sizeof streams / sizeof *streams; k++) {
            char arguments[128];
            (void)snprintf(arguments, sizeof arguments, "%s %s", programs[i].arguments, streams[k]);
            int code = run(programs[i].name, arguments);
            if (code < 0 || code > 3) {
                print_error("%s %s: %d\n", programs[i].name, arguments, code);
            }
            assert_in_range(code, 0, 3);
        }
    }
    assert_network_is_whole();
}

// One sentence says why, and the exit code tells scripts.
static void what_no_output_takes_is_told_in_a_sentence(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *arguments;
        int code;
    } programs[] = {
        {"broker", "--address 83 --run 'list; exit'", 1},
        {"client", "--run 'list; exit'", 1},
        {"router", "--gate 7 --master http://127.0.0.1:1 --run 'list; exit'", 1},
        {"master", "--listen 127.0.0.1:0 --store memory --run 'list; exit'", 1},
        {"master", "--listen 127.0.0.1:0 --store memory --run 'list'", 1}, // which would stay
        {"master", "--listen 127.0.0.1:0 --store memory --json", 1},
        {"load", "--port 1 --timeout 1", 3},
        {"load", "--port 1 --timeout 1 --json", 3},
        {"watch", "network", 3}, // which would stay
        {"watch", "--json network", 3},
        {"watch", "--once network", 3},
    };
    static const char *const ways[][2] = {{">/dev/full", "No space left on device"},
                                          {">&-", "Bad file descriptor"},
                                          {"<&- >&-", "Bad file descriptor"}};
    process_write_file("network", "1\t5\t0\tjoin\t-client-\t600\t\n");
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
            char arguments[128];
            char sentence[96];
            (void)snprintf(arguments, sizeof arguments, "%s %s 2>notices", programs[i].arguments,
                           ways[k][0]);
            (void)snprintf(sentence, sizeof sentence, "%s: standard output: %s\n", programs[i].name,
                           ways[k][1]);
            assert_int_equal(run(programs[i].name, arguments), programs[i].code);
            assert_file_has("notices", sentence);
            char *notices = process_file("notices");
            assert_int_equal(process_occurrences(notices, "standard output"), 1);
            free(notices);
        }
    }
}

static void watch_ends_when_its_output_is_full(void **state) {
    (void)state;
    process_write_file("network", "1\t5\t0\tjoin\t-client-\t600\t\n");
    assert_int_equal(run("watch", ">/dev/full 2>notices"), 3);
    assert_file_has("notices", "watch: standard output: No space left on device\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PROCESS_TEST(a_closed_standard_input_has_no_commands),
        PROCESS_TEST(a_closed_standard_error_gets_no_notices),
        PROCESS_TEST(a_standard_output_that_takes_nothing_is_told),
        PROCESS_TEST(no_standard_stream_is_needed),
        PROCESS_TEST(every_program_ends_without_its_streams),
        PROCESS_TEST(what_no_output_takes_is_told_in_a_sentence),
        PROCESS_TEST(watch_ends_when_its_output_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
