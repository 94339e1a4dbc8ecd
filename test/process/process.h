// What the process tests share: real programs of the same variant, started in a folder of the
// test's own, with pipes or a terminal at both ends.
//
// Waiting is done by waiting for what a program prints, never by letting time pass. While one
// program is awaited, the output of all of them is taken, so that none of them is held up by a full
// pipe. The deadline serves to fail a test that hangs.
#ifndef TEST_PROCESS_PROCESS_H
#define TEST_PROCESS_PROCESS_H

#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROCESS_MAX 128
#ifndef PROCESS_DEADLINE_S
#define PROCESS_DEADLINE_S 120
#endif
#define PROCESS_TURN_MS 1000

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PROCESS_SLOW 1
#endif
#endif
#ifndef PROCESS_SLOW
#define PROCESS_SLOW 0
#endif

// What a program has printed on one of its streams.
struct stream {
    int fd;     // -1: at its end
    bool held;  // not to be taken now
    char *text; // NUL-terminated
    size_t size;
    size_t capacity;
    size_t mark;  // what was awaited before lies before this
    size_t lines; // of all text
};

struct process {
    pid_t id; // 0: it was collected
    int in;   // -1: closed
    struct stream out;
    struct stream err;
    const char *name;
    int code; // once collected; 1000 + the signal that ended it
};

struct process_options {
    const char *folder;
    const char *const *words; // the program and its arguments, ended by NULL
    uint64_t file_size_max;   // 0: no limit
    bool unprivileged;        // without root's rights
};

// Of the test that runs.
static struct process *process_all[PROCESS_MAX];
static size_t process_count;
static char *process_folder;

// ---- the pump -------------------------------------------------------------------------------

static inline uint64_t process_now_ms(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static inline void stream_take(struct stream *stream) {
    if (stream->capacity - stream->size < 65537) {
        stream->capacity = 2 * stream->capacity + 65537;
        stream->text = realloc(stream->text, stream->capacity);
        assert_non_null(stream->text);
    }
    ssize_t got = read(stream->fd, stream->text + stream->size, 65536);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
        return;
    }
    if (got <= 0) { // EIO is the end of a terminal
        close(stream->fd);
        stream->fd = -1;
        return;
    }
    for (ssize_t i = 0; i < got; i++) {
        stream->lines += stream->text[stream->size + (size_t)i] == '\n';
    }
    stream->size += (size_t)got;
    stream->text[stream->size] = '\0';
}

// Takes what the programs have printed; waits if there is nothing, for `wait_ms` or until `in` can
// be written. Returns whether it can.
static inline bool process_pump(int in, int wait_ms) {
    struct pollfd places[2 * PROCESS_MAX + 1];
    struct stream *streams[2 * PROCESS_MAX];
    nfds_t count = 0;
    for (size_t i = 0; i < process_count; i++) {
        struct stream *both[] = {&process_all[i]->out, &process_all[i]->err};
        for (size_t k = 0; k < 2; k++) {
            if (both[k]->fd >= 0 && !both[k]->held) {
                streams[count] = both[k];
                places[count++] = (struct pollfd){.fd = both[k]->fd, .events = POLLIN};
            }
        }
    }
    places[count] = (struct pollfd){.fd = in, .events = POLLOUT};
    if (poll(places, count + 1, wait_ms) <= 0) {
        return false;
    }
    for (nfds_t i = 0; i < count; i++) {
        if (places[i].revents != 0) {
            stream_take(streams[i]);
        }
    }
    return places[count].revents != 0;
}

static inline void process_explain(const struct process *process) {
    (void)fprintf(stderr, "%s (%d) printed:\n%s\nand on standard error:\n%s\n", process->name,
                  (int)process->id, process->out.size > 0 ? process->out.text : "",
                  process->err.size > 0 ? process->err.text : "");
}

// ---- starting -------------------------------------------------------------------------------

// The program of this name in the variant that this test belongs to; one of the system is named by
// its path.
static inline char *process_program(const char *name) {
    char path[PATH_MAX] = {0};
    assert_true(readlink("/proc/self/exe", path, sizeof path - 1) > 0);
    char *program = NULL;
    if (name[0] == '/') {
        program = strdup(name);
        assert_non_null(program);
        return program;
    }
    char *inside = path; // of the variant's folder, as build/release, which has test and app
    for (char *at = path; (at = strstr(at, "/test/process/")) != NULL; at++) {
        inside = at;
    }
    *inside = '\0';
    assert_true(asprintf(&program, "%s/app/%s", path, name) > 0);
    return program;
}

static inline _Noreturn void process_become(const struct process_options *options, char *program) {
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (options->file_size_max > 0) {
        struct rlimit limit = {options->file_size_max, RLIM_INFINITY};
        (void)setrlimit(RLIMIT_FSIZE, &limit);
    }
    if (options->unprivileged && geteuid() == 0 &&
        (setgid(65534) != 0 || setuid(65534) != 0 || access(program, X_OK) != 0)) {
        _exit(127);
    }
    (void)setenv("TERM", "xterm", 1);
    (void)setenv("TZ", "UTC", 1);
    if (chdir(options->folder) == 0) {
        execv(program, (char *const *)(uintptr_t)options->words);
    }
    perror(program);
    _exit(127);
}

static inline struct process *process_start_with(const struct process_options *options) {
    int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
    struct process *process = calloc(1, sizeof *process);
    char *program = process_program(options->words[0]);
    assert_true(process_count < PROCESS_MAX);
    assert_true(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 &&
                pipe2(err, O_CLOEXEC) == 0);
    process->id = fork();
    assert_true(process->id >= 0);
    if (process->id == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        dup2(err[1], STDERR_FILENO);
        process_become(options, program);
    }
    close(in[0]);
    close(out[1]);
    close(err[1]);
    free(program);
    assert_int_equal(fcntl(in[1], F_SETFL, O_NONBLOCK), 0);
    process->name = options->words[0];
    process->in = in[1];
    process->out.fd = out[0];
    process->err.fd = err[0];
    process_all[process_count++] = process;
    return process;
}

// On a terminal of `rows` and `columns`; what it prints is all in `out`.
static inline struct process *process_start_terminal(const struct process_options *options,
                                                     unsigned short rows, unsigned short columns) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    struct process *process = calloc(1, sizeof *process);
    char *program = process_program(options->words[0]);
    int fd = -1;
    process->id = forkpty(&fd, NULL, NULL, &size);
    assert_true(process->id >= 0);
    if (process->id == 0) {
        process_become(options, program);
    }
    free(program);
    assert_int_equal(fcntl(fd, F_SETFD, FD_CLOEXEC), 0);
    process->name = options->words[0];
    process->in = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    process->out.fd = fd;
    process->err.fd = -1;
    process_all[process_count++] = process;
    return process;
}

// The program and its arguments.
#define process_start(...)                        \
    process_start_with(&(struct process_options){ \
        .folder = process_folder, .words = (const char *const[]){__VA_ARGS__, NULL}})

// ---- talking --------------------------------------------------------------------------------

static inline void process_send_bytes(struct process *process, struct bytes bytes) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (bytes.size > 0) {
        ssize_t sent = write(process->in, bytes.data, bytes.size);
        if (sent > 0) {
            bytes = bytes_make(bytes.data + sent, bytes.size - (size_t)sent);
        } else if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            return; // it has ended, which its exit code tells
        } else {
            (void)process_pump(process->in, PROCESS_TURN_MS);
            assert_true(process_now_ms() < deadline);
        }
    }
}

static inline void process_send(struct process *process, const char *text) {
    process_send_bytes(process, bytes_of_text(text));
}

static inline void process_close_input(struct process *process) {
    if (process->in >= 0) {
        close(process->in);
        process->in = -1;
    }
}

static inline void process_fail(const struct process *process, const char *what) {
    (void)fprintf(stderr, "awaited in vain: %s\n", what);
    process_explain(process);
    fail();
}

// Waits for the text behind what was awaited before on that stream.
static inline void process_await(struct process *process, struct stream *stream, const char *text) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    for (;;) {
        const char *start = stream->size > 0 ? stream->text + stream->mark : "";
        const char *found = strstr(start, text);
        if (found != NULL) {
            stream->mark += (size_t)(found - start) + strlen(text);
            return;
        }
        if (stream->fd < 0 || process_now_ms() > deadline) {
            process_fail(process, text);
        }
        (void)process_pump(-1, PROCESS_TURN_MS);
    }
}

static inline void process_await_out(struct process *process, const char *text) {
    process_await(process, &process->out, text);
}

static inline void process_await_err(struct process *process, const char *text) {
    process_await(process, &process->err, text);
}

// Waits until it has printed so many lines on standard output since it began.
static inline void process_await_lines(struct process *process, size_t lines) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    while (process->out.lines < lines) {
        if (process->out.fd < 0 || process_now_ms() > deadline) {
            (void)fprintf(stderr, "%zu lines of %zu\n", process->out.lines, lines);
            process_fail(process, "lines");
        }
        (void)process_pump(-1, PROCESS_TURN_MS);
    }
}

// ---- ending ---------------------------------------------------------------------------------

static inline void process_signal(struct process *process, int number) {
    assert_int_equal(kill(process->id, number), 0);
}

// What it printed was taken, so that collecting it does not wait.
static inline bool process_has_ended(const struct process *process) {
    return process->out.fd < 0 && process->err.fd < 0;
}

// Waits until it has ended and all it printed was taken; returns its exit code.
static inline int process_collect(struct process *process) {
    uint64_t deadline = process_now_ms() + PROCESS_DEADLINE_S * 1000u;
    int status = 0;
    process_close_input(process);
    process->out.held = process->err.held = false;
    while (process->out.fd >= 0 || process->err.fd >= 0) {
        (void)process_pump(-1, PROCESS_TURN_MS);
        if (process_now_ms() > deadline) {
            process_fail(process, "its end");
        }
    }
    if (process->id > 0) {
        assert_int_equal(waitpid(process->id, &status, 0), process->id);
        process->id = 0;
        process->code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    }
    return process->code;
}

static inline void process_assert_code(struct process *process, int expected) {
    int code = process_collect(process);
    if (code != expected) {
        (void)fprintf(stderr, "exit code %d\n", code);
        process_explain(process);
    }
    assert_int_equal(code, expected);
}

// Ends a program that stays.
static inline void process_end(struct process *process) {
    process_signal(process, SIGTERM);
    process_assert_code(process, 0);
}

static inline void process_kill(struct process *process) {
    process_signal(process, SIGKILL);
    process_assert_code(process, 1000 + SIGKILL);
}

static inline const char *process_text(const struct stream *stream) {
    return stream->size > 0 ? stream->text : "";
}

static inline size_t process_occurrences(const char *text, const char *part) {
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) {
        count++;
    }
    return count;
}

// ---- set up and tear down -------------------------------------------------------------------

static inline int process_set_up(void **state) {
    *state = NULL;
    (void)signal(SIGPIPE, SIG_IGN);
    process_folder = support_make_folder();
    setenv("XDG_STATE_HOME", process_folder, 1); // what is typed is kept there
    process_count = 0;
    return 0;
}

static inline void process_free(struct process *process) {
    if (process->id > 0) {
        (void)kill(process->id, SIGKILL);
        (void)waitpid(process->id, NULL, 0);
    }
    process_close_input(process);
    struct stream *both[] = {&process->out, &process->err};
    for (size_t k = 0; k < 2; k++) {
        if (both[k]->fd >= 0) {
            close(both[k]->fd);
        }
        free(both[k]->text);
    }
    free(process);
}

// One that was collected, so that others find room.
static inline void process_forget(struct process *process) {
    size_t place = 0;
    while (process_all[place] != process) {
        place++;
    }
    process_free(process);
    process_all[place] = process_all[--process_count];
}

static inline int process_tear_down(void **state) {
    (void)state;
    for (size_t i = 0; i < process_count; i++) {
        process_free(process_all[i]);
    }
    process_count = 0;
    support_remove_folder(process_folder);
    return 0;
}

#define PROCESS_TEST(name) cmocka_unit_test_setup_teardown(name, process_set_up, process_tear_down)

// ---- the programs ---------------------------------------------------------------------------

// A client whose commands come from the test.
static inline struct process *process_start_client(const char *commands) {
    struct process *client = process_start("client");
    process_await_err(client, " on the network ");
    process_send(client, commands);
    return client;
}

static inline struct process *process_start_broker(const char *address) {
    struct process *broker = process_start("broker", "--address", address);
    process_await_err(broker, " on the network ");
    return broker;
}

static inline unsigned process_address(const struct process *process) {
    unsigned address = 0;
    assert_int_equal(sscanf(process_text(&process->err), "%*s %u on the network", &address), 1);
    return address;
}

// The file of the network, or another file of the test's folder, to be freed.
static inline char *process_file(const char *name) {
    char *path = support_path(process_folder, name);
    char *content = support_read_file(path, NULL);
    free(path);
    return content;
}

static inline void process_write_file(const char *name, const char *content) {
    char *path = support_path(process_folder, name);
    support_write_file(path, bytes_of_text(content));
    free(path);
}

#endif
