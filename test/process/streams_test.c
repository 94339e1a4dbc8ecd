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
        PROCESS_TEST(watch_ends_when_its_output_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
