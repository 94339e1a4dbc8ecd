// What the tests of the file network share: a listener that keeps what it heard, waiting without
// sleeping, and processes that are held and released by pipes.
#ifndef TEST_MEDIUM_FILE_NETWORK_SUPPORT_H
#define TEST_MEDIUM_FILE_NETWORK_SUPPORT_H

#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "medium/file/file_network.h"

#define NOW 1795435622u
#define WAIT_MS 60000

// Where a test takes place, in a folder of its own.
struct place {
    char *folder;
    char *path;
    char *claims;
};

static inline int set_up(void **state) {
    struct place *place = malloc(sizeof *place);
    place->folder = support_make_folder();
    place->path = support_path(place->folder, "network");
    place->claims = support_path(place->folder, "network.claims");
    *state = place;
    return 0;
}

static inline int tear_down(void **state) {
    struct place *place = *state;
    support_remove_folder(place->folder);
    free(place->path);
    free(place->claims);
    free(place);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

struct listener {
    struct file_network *network;
    char text[1 << 16]; // the lines heard, each with LF, as far as they fit
    size_t size;
    size_t lines;
    size_t longest;
    size_t notices;
    char notice[512]; // the last one
};

static inline void hear_line(void *context, struct bytes line) {
    struct listener *listener = context;
    listener->lines++;
    listener->longest = line.size > listener->longest ? line.size : listener->longest;
    if (line.size + 2 <= sizeof listener->text - listener->size) {
        memcpy(listener->text + listener->size, line.data, line.size);
        listener->size += line.size;
        listener->text[listener->size++] = '\n';
        listener->text[listener->size] = '\0';
    }
}

static inline void hear_notice(void *context, const char *text) {
    struct listener *listener = context;
    listener->notices++;
    (void)snprintf(listener->notice, sizeof listener->notice, "%s", text);
}

static inline struct file_network_events events_of(struct listener *listener) {
    return (struct file_network_events){listener, hear_line, hear_notice};
}

static inline struct file_network *open_with(struct file_network_options options) {
    struct file_network_error error = {{0}};
    struct file_network *network = file_network_open(&options, &error);
    if (network == NULL) {
        print_error("%s\n", error.text);
    }
    assert_non_null(network);
    return network;
}

static inline struct file_network *open_network(const char *path) {
    return open_with((struct file_network_options){.path = path, .keep = 2});
}

static inline struct listener *listen_on(struct file_network *network) {
    struct listener *listener = calloc(1, sizeof *listener);
    listener->network = network;
    return listener;
}

static inline struct listener *open_listener(const char *path) {
    return listen_on(open_network(path));
}

static inline void close_listener(struct listener *listener) {
    file_network_close(listener->network);
    free(listener);
}

static inline void read_all(struct listener *listener) {
    struct file_network_events events = events_of(listener);
    while (file_network_read(listener->network, 7, NOW, &events)) {
    }
}

static inline void check(struct listener *listener) {
    struct file_network_events events = events_of(listener);
    while (file_network_check(listener->network, 7, NOW, &events)) {
    }
}

static inline bool is_ready(const struct file_network *network, int timeout_ms) {
    struct pollfd ready = {.fd = file_network_fd(network), .events = POLLIN};
    return poll(&ready, 1, timeout_ms) == 1;
}

static inline void wait_for_lines(struct listener *listener, size_t lines) {
    read_all(listener);
    while (listener->lines < lines) {
        assert_true(is_ready(listener->network, WAIT_MS));
        read_all(listener);
    }
}

static inline void append(struct file_network *network, const char *lines) {
    struct file_network_error error = {{0}};
    bool appended = file_network_append(network, bytes_of_text(lines), &error);
    if (!appended) {
        print_error("%s\n", error.text);
    }
    assert_true(appended);
}

// As a program of another make does.
static inline void append_foreign(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static inline uint32_t claim(struct file_network *network, uint32_t address) {
    struct file_network_error error = {{0}};
    bool claimed = file_network_claim(network, &address, "broker", NOW, &error);
    if (!claimed) {
        print_error("%s\n", error.text);
    }
    assert_true(claimed);
    return address;
}

static inline void assert_not_claimable(struct file_network *network, uint32_t address,
                                        const char *part_of_error) {
    struct file_network_error error = {{0}};
    assert_false(file_network_claim(network, &address, "client", NOW, &error));
    assert_non_null(strstr(error.text, part_of_error));
}

static inline size_t count_in_file(const char *path, const char *text) {
    char *content = support_read_file(path, NULL);
    size_t count = 0;
    for (char *at = content; at != NULL && (at = strstr(at, text)) != NULL; at++) {
        count++;
    }
    free(content);
    return count;
}

static inline size_t count_files(const char *folder) {
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    size_t count = 0;
    struct dirent *entry;
    while ((entry = readdir(entries)) != NULL) {
        count += entry->d_name[0] != '.';
    }
    closedir(entries);
    return count;
}

// Each append of 10 bytes begins a new file.
static inline void append_numbers(struct file_network *network, unsigned from, unsigned to) {
    for (unsigned i = from; i < to; i++) {
        char line[16];
        (void)snprintf(line, sizeof line, "line %04u\n", i);
        append(network, line);
    }
}

static inline void assert_heard_numbers(const struct listener *listener, unsigned from,
                                        unsigned to) {
    assert_int_equal(listener->lines, to - from);
    for (unsigned i = from; i < to; i++) {
        char line[16];
        (void)snprintf(line, sizeof line, "line %04u\n", i);
        assert_memory_equal(listener->text + 10 * (i - from), line, 10);
    }
}

// A child process that runs `work` and says by a byte when it is ready; its exit code is what
// `work` returns.
struct worker {
    pid_t process;
    int from; // what it writes
    int to;   // what it reads; closing it lets it go
};

static inline void say(int fd) {
    char byte = '!';
    while (write(fd, &byte, 1) < 0) {
    }
}

// False: the other side has gone.
static inline bool await(int fd) {
    char byte;
    return read(fd, &byte, 1) == 1;
}

typedef int work_function(void *context, int in, int out);

static inline struct worker start_worker(work_function *work, void *context) {
    int up[2];
    int down[2];
    assert_int_equal(pipe2(up, O_CLOEXEC), 0);
    assert_int_equal(pipe2(down, O_CLOEXEC), 0);
    pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        close(up[0]);
        close(down[1]);
        _exit(work(context, down[0], up[1]));
    }
    close(up[1]);
    close(down[0]);
    return (struct worker){process, up[0], down[1]};
}

static inline int finish_worker(struct worker *worker) {
    int status = 0;
    close(worker->to);
    assert_int_equal(waitpid(worker->process, &status, 0), worker->process);
    close(worker->from);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

#endif
