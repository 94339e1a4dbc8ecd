#include "shell/live_page.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shell/printable.h"

#define WORDS_MAX (LIVE_PAGE_FILES_MAX + 8)
#define LINK_MAX 256
#define CONTROL_FD 3 // in the process of the page

bool live_page_find_program(struct bytes name, char path[static PATH_MAX]) {
    static const char *const prefixes[] = {"", "mqttsim-"};
    char own[PATH_MAX] = {0};
    if (name.size == 0 || memchr(name.data, '/', name.size) != NULL ||
        readlink("/proc/self/exe", own, sizeof own - 1) <= 0) {
        return false;
    }
    const char *folder = dirname(own);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        int size = snprintf(path, PATH_MAX, "%s/%s%.*s", folder, prefixes[i], (int)name.size,
                            (const char *)name.data);
        if (size > 0 && size < PATH_MAX && access(path, X_OK) == 0) {
            return true;
        }
    }
    return false;
}

// ---- the tap ------------------------------------------------------------------------------------

static bool make_tap(struct live_page *page) {
    const char *folder = getenv("TMPDIR");
    folder = folder != NULL && folder[0] != '\0' ? folder : "/tmp";
    int size = snprintf(page->tap, sizeof page->tap, "%s/mqttsim-tap-XXXXXX.pcapng", folder);
    int fd = size < (int)sizeof page->tap ? mkostemps(page->tap, 7, O_CLOEXEC) : -1;
    if (fd < 0) {
        page->tap[0] = '\0';
        return false;
    }
    close(fd);
    return true;
}

// ---- the process --------------------------------------------------------------------------------

// In the child: its group is its own, so that Ctrl-C at the program's terminal is the program's.
static _Noreturn void become_watch(const char *path, const char *const *words, int out,
                                   int control) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    (void)setpgid(0, 0);
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    // Both may stand in each other's place.
    int own = control > 0 ? fcntl(control, F_DUPFD_CLOEXEC, CONTROL_FD + 1) : 0;
    bool are_set = dup2(out, STDOUT_FILENO) >= 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
                   (own == 0 || dup2(own, CONTROL_FD) >= 0);
    if (!are_set) {
        _exit(127);
    }
    execv(path, (char *const *)(uintptr_t)words);
    _exit(127);
}

// Reads the line that says where the page is; empty: the process ended first, and said why.
static void read_link(int fd, char link[static LINK_MAX]) {
    size_t size = 0;
    while (size < LINK_MAX - 1) {
        ssize_t got = read(fd, link + size, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            size = 0;
            break;
        }
        if (link[size] == '\n') {
            break;
        }
        size++;
    }
    link[size] = '\0';
}

static bool start_process(struct live_page *page, const struct live_page_options *options,
                          const char *const *words) {
    const char *program = options->program;
    char path[PATH_MAX];
    char link[LINK_MAX];
    int ends[2];
    int control[2] = {0};
    if (!live_page_find_program(BYTES_LITERAL("watch"), path)) {
        printable_complain("%s: --web: the program watch is not beside this one\n", program);
        return false;
    }
    bool has_control =
        !options->control || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) == 0;
    if (!has_control || pipe2(ends, O_CLOEXEC) != 0) {
        printable_complain("%s: --web: %s\n", program, strerror(errno));
        return false;
    }
    page->process = fork();
    if (page->process == 0) {
        become_watch(path, words, ends[1], control[1]);
    }
    close(ends[1]);
    if (options->control) {
        close(control[1]);
        page->control = control[0];
    }
    read_link(ends[0], link);
    close(ends[0]);
    if (link[0] != '\0') {
        printable_complain("%s\n", link);
    }
    return link[0] != '\0';
}

static void make_network(struct live_page *page, const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0) {
        close(fd);
        page->made[page->made_count++] = path;
    }
}

// One that its program did not come to use.
static void remove_unused(const char *path) {
    struct stat status;
    if (lstat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0) {
        (void)unlink(path);
    }
}

// A capture is waited for; a network has to be there.
static void make_network_of(struct live_page *page, const char *path) {
    struct bytes name = bytes_of_text(path);
    struct bytes suffix = BYTES_LITERAL(".pcapng");
    bool is_capture = name.size > suffix.size &&
                      memcmp(name.data + name.size - suffix.size, suffix.data, suffix.size) == 0;
    if (!is_capture) {
        make_network(page, path);
    }
}

bool live_page_start(struct live_page *page, const struct live_page_options *options) {
    const char *words[WORDS_MAX] = {"watch", "--web", options->place, "--eavesdrop"};
    size_t count = 4;
    *page = (struct live_page){0};
    if (options->place == NULL) {
        return true;
    }
    if (options->control) {
        words[count++] = "--control";
        words[count++] = "fd:3";
    }
    if (options->network != NULL) {
        make_network(page, options->network);
        words[count++] = options->network;
    }
    if (options->tap != NULL && *options->tap == NULL) {
        if (!make_tap(page)) {
            printable_complain("%s: --web: there is no room for a tap: %s; name one with --tap\n",
                               options->program, strerror(errno));
            return false;
        }
        *options->tap = page->tap;
    }
    for (size_t i = 0; i < options->file_count && i + 1 < LIVE_PAGE_FILES_MAX; i++) {
        make_network_of(page, options->files[i]);
        words[count++] = options->files[i];
    }
    if (options->tap != NULL) {
        words[count++] = *options->tap;
    }
    if (!start_process(page, options, words)) {
        live_page_end(page);
        return false;
    }
    return true;
}

void live_page_end(struct live_page *page) {
    // First, for a second signal may end us at once.
    if (page->tap[0] != '\0') {
        (void)unlink(page->tap);
    }
    if (page->process > 0) {
        (void)kill(page->process, SIGTERM);
        while (waitpid(page->process, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    for (size_t i = 0; i < page->made_count; i++) {
        remove_unused(page->made[i]);
    }
    *page = (struct live_page){0};
}
