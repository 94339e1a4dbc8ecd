#include "watch/watch_session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "medium/capture/tap_reader.h"
#include "medium/file/file_network.h"
#include "role/port.h"
#include "shell/printable.h"
#include "shell/program_exit.h"
#include "watch/watch_merge.h"
#include "watch/watch_web.h"

#define LINES_A_TURN 512
#define WRITE_BYTES 4096 // a pipe that is writable takes so many at once (pipe(7), PIPE_BUF)
#define CHECK_INTERVAL (10 * ROLE_SECOND)
#define MILLISECOND UINT64_C(1000000)
#define WIDTH_UNKNOWN 80
#define FLUSH_BYTES (64u * 1024)

// Of each file: a network or a tap.
struct follower {
    struct watch_session *session;
    struct file_network *network; // NULL: it is none
    struct tap_reader *tap;       // likewise
    uint32_t place;
    bool is_quiet; // what is there already is only for knowing who is who
};

// The files that are read, in what order they are shown (merge; NULL: there is one only), as what
// (view), and what waits to be printed (out).
struct watch_session {
    const struct watch_session_options *options;
    struct watch_view_options view_options;
    struct memory memory;
    struct watch_view *view;
    struct watch_merge *merge;
    char **paths;
    struct follower *followers;
    struct pollfd *polled; // signals, standard output, networks
    struct buffer out;
    struct watch_web *web; // NULL: it is printed
    int signals;
    bool ended;
    bool web_failed;
    int output_error;
    uint64_t check_at;
};

enum polled {
    POLLED_SIGNALS,
    POLLED_OUTPUT,
    POLLED_NETWORKS,
};

// ---- the terminal ---------------------------------------------------------------------------

static size_t terminal_width(void) {
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                           : WIDTH_UNKNOWN;
}

static bool is_coloured(enum watch_colour colour) {
    const char *unwanted = getenv("NO_COLOR");
    switch (colour) {
    case WATCH_COLOUR_AUTO:
        return isatty(STDOUT_FILENO) == 1 && (unwanted == NULL || unwanted[0] == '\0');
    case WATCH_COLOUR_ALWAYS:
        return true;
    case WATCH_COLOUR_NEVER:
        break;
    }
    return false;
}

// ---- waiting --------------------------------------------------------------------------------

static void take_signal(struct watch_session *session) {
    struct signalfd_siginfo info;
    if (read(session->signals, &info, sizeof info) != (ssize_t)sizeof info) {
        return;
    }
    if (info.ssi_signo == SIGWINCH) {
        watch_view_resize(session->view, terminal_width());
    } else {
        session->ended = true;
    }
}

// Waits for one of the first `count` polled files; standard output is one, with these events.
static void wait_for(struct watch_session *session, nfds_t count, short output_events,
                     int timeout_ms) {
    session->polled[POLLED_OUTPUT].events = output_events;
    int ready = poll(session->polled, count, timeout_ms);
    if (ready > 0 && session->polled[POLLED_SIGNALS].revents != 0) {
        take_signal(session);
    }
    short output = ready > 0 ? session->polled[POLLED_OUTPUT].revents : 0;
    session->ended |= (output & (POLLERR | POLLNVAL)) != 0; // nobody reads it any more
}

// What is to be seen goes to the page.
static void show_in_page(struct watch_session *session) {
    if (session->out.size > 0 && !watch_web_put(session->web, buffer_bytes(&session->out))) {
        session->web_failed = session->ended = true;
    }
    session->out.size = 0;
}

// Writes all that is to be printed, unless that is in vain or a signal comes.
static void flush(struct watch_session *session) {
    if (session->web != NULL) {
        show_in_page(session);
        return;
    }
    size_t done = 0;
    while (done < session->out.size && !session->ended) {
        wait_for(session, POLLED_OUTPUT + 1, POLLOUT, -1);
        if (session->ended) {
            break;
        }
        size_t left = session->out.size - done;
        ssize_t written =
            write(STDOUT_FILENO, session->out.data + done, left < WRITE_BYTES ? left : WRITE_BYTES);
        if (written < 0 && errno != EINTR && errno != EAGAIN) {
            session->output_error = errno;
            session->ended = true;
        }
        done += written > 0 ? (size_t)written : 0;
    }
    session->out.size = 0;
}

// ---- networks -------------------------------------------------------------------------------

static void show_line(void *context, uint32_t file, struct bytes line) {
    struct watch_session *session = context;
    watch_view_line(session->view, file, line, &session->out);
}

static void show_event(void *context, uint32_t file, const struct tap_event *event) {
    struct watch_session *session = context;
    watch_view_tap(session->view, file, event, &session->out);
}

static void receive_line(void *context, struct bytes line) {
    const struct follower *follower = context;
    struct watch_session *session = follower->session;
    if (session->merge == NULL) {
        show_line(session, follower->place, line);
    } else {
        watch_merge_put_line(session->merge, follower->place, line, clock_unix_nanoseconds());
    }
}

static void receive_tap_event(void *context, const struct tap_event *event) {
    const struct follower *follower = context;
    struct watch_session *session = follower->session;
    size_t before = session->out.size;
    if (session->merge == NULL || follower->is_quiet) {
        show_event(session, follower->place, event);
    } else {
        watch_merge_put_event(session->merge, follower->place, event, clock_unix_nanoseconds());
    }
    session->out.size = follower->is_quiet ? before : session->out.size;
}

static void receive_notice(void *context, const char *text) {
    (void)context;
    printable_complain("watch: %s\n", text);
}

// Opens the follower's file, and returns what to poll for it; -1: it cannot be.
static int open_follower(struct follower *follower, const char *path) {
    struct watch_session *session = follower->session;
    struct file_network_error error;
    if (tap_reader_is_for(path)) {
        follower->is_quiet = session->options->only_later;
        follower->tap = tap_reader_open(path, &session->memory, &error);
    } else {
        struct file_network_options options = {
            .path = path, .read_only = true, .from_start = !session->options->only_later};
        follower->network = file_network_open(&options, &error);
    }
    if (follower->tap == NULL && follower->network == NULL) {
        printable_complain("watch: %s\n", error.text);
        return -1;
    }
    return follower->tap != NULL ? tap_reader_fd(follower->tap)
                                 : file_network_fd(follower->network);
}

static bool open_networks(struct watch_session *session) {
    const struct watch_view_options *view = &session->view_options;
    for (uint32_t i = 0; i < view->network_count; i++) {
        session->followers[i] = (struct follower){.session = session, .place = i};
        int fd = open_follower(&session->followers[i], view->networks[i]);
        if (fd < 0) {
            return false;
        }
        session->polled[POLLED_NETWORKS + i] = (struct pollfd){.fd = fd, .events = POLLIN};
    }
    return true;
}

static bool read_tap(struct follower *follower) {
    struct tap_events events = {follower, receive_tap_event, receive_notice};
    bool more = tap_reader_read(follower->tap, &events);
    follower->is_quiet &= more;
    return more;
}

static bool read_network(struct follower *follower, bool check) {
    struct file_network_events events = {follower, receive_line, receive_notice};
    uint64_t unix_now = clock_unix();
    return check ? file_network_check(follower->network, LINES_A_TURN, unix_now, &events)
                 : file_network_read(follower->network, LINES_A_TURN, unix_now, &events);
}

// Shows what is known to be next.
static void show_merged(struct watch_session *session) {
    const struct watch_merge_taker taker = {session, show_line, show_event};
    while (!session->ended && watch_merge_take(session->merge, &taker)) {
        if (session->out.size >= FLUSH_BYTES) {
            flush(session);
        }
    }
    flush(session);
}

// Whether more may be waiting in the file.
static bool read_follower(struct watch_session *session, struct follower *follower, bool check) {
    bool wants = session->merge == NULL || watch_merge_wants(session->merge, follower->place);
    if (!wants) {
        return true;
    }
    bool more = follower->tap != NULL ? read_tap(follower) : read_network(follower, check);
    if (session->merge == NULL) {
        flush(session);
    } else {
        watch_merge_set_end(session->merge, follower->place, !more);
    }
    return more;
}

// Whether more may be waiting.
static bool read_networks(struct watch_session *session) {
    uint64_t now = clock_steady();
    bool check = now >= session->check_at;
    bool more = false;
    session->check_at = check ? now + CHECK_INTERVAL : session->check_at;
    for (size_t i = 0; i < session->view_options.network_count && !session->ended; i++) {
        more |= read_follower(session, &session->followers[i], check);
    }
    if (session->merge != NULL) {
        show_merged(session);
    }
    return more;
}

// What captures keep since bytes before it are missing will not become whole any more.
static void finish(struct watch_session *session) {
    for (size_t i = 0; i < session->view_options.network_count && !session->ended; i++) {
        struct follower *follower = &session->followers[i];
        struct tap_events events = {follower, receive_tap_event, receive_notice};
        if (follower->tap != NULL) {
            tap_reader_flush(follower->tap, &events);
        }
    }
    if (session->merge != NULL) {
        show_merged(session);
    }
    flush(session);
}

// Until the files are to be looked at, or the page.
static int time_to_wait_ms(struct watch_session *session) {
    uint64_t now = clock_steady();
    uint64_t left = session->check_at > now ? session->check_at - now : 0;
    if (session->web != NULL) {
        uint64_t most = watch_web_rest(session->web);
        left = left < most ? left : most;
    }
    return (int)(left / MILLISECOND) + 1;
}

static void follow(struct watch_session *session) {
    nfds_t count = POLLED_NETWORKS + session->view_options.network_count;
    session->check_at = clock_steady() + CHECK_INTERVAL;
    while (!session->ended) {
        if (read_networks(session)) {
            continue;
        }
        if (session->options->once || session->ended) {
            finish(session);
            return;
        }
        wait_for(session, count, 0, time_to_wait_ms(session));
    }
}

// ---- from start to end ----------------------------------------------------------------------

static int open_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGWINCH);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN); // a closed standard output is seen when it is written to
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

// Where the files truly are: a tap names its network so. A file that is not there yet has no such
// place, and is known by the name that it was given.
static void find_paths(struct watch_session *session) {
    size_t count = session->view_options.network_count;
    session->paths = memory_allocate(&session->memory, count * sizeof *session->paths);
    for (size_t i = 0; i < count; i++) {
        const char *name = session->view_options.networks[i];
        char *path = realpath(name, NULL);
        session->paths[i] = path != NULL ? path : strdup(name);
    }
    session->view_options.paths = (const char *const *)session->paths;
}

static void free_paths(struct watch_session *session) {
    size_t count = session->view_options.network_count;
    for (size_t i = 0; i < count; i++) {
        free(session->paths[i]);
    }
    memory_free(&session->memory, session->paths, count * sizeof *session->paths);
}

static bool init(struct watch_session *session, const struct watch_session_options *options) {
    *session = (struct watch_session){.options = options, .view_options = options->view};
    session->view_options.colour = is_coloured(options->colour);
    session->view_options.width = terminal_width();
    session->view_options.steady = clock_steady;
    session->view_options.time_text = clock_text;
    if (options->web != NULL) {
        session->view_options.form = WATCH_JSON;
        session->view_options.why = session->view_options.raw = true;
    }
    memory_init(&session->memory);
    buffer_init(&session->out, &session->memory);
    find_paths(session);
    session->view = watch_view_create(&session->view_options, &session->memory);
    size_t count = session->view_options.network_count;
    session->merge = count > 1 ? watch_merge_create((uint32_t)count, &session->memory) : NULL;
    session->followers = memory_allocate(&session->memory, count * sizeof *session->followers);
    session->polled =
        memory_allocate(&session->memory, (POLLED_NETWORKS + count) * sizeof *session->polled);
    session->signals = open_signals();
    session->polled[POLLED_SIGNALS] = (struct pollfd){.fd = session->signals, .events = POLLIN};
    // A page needs no standard output once its link was printed.
    session->polled[POLLED_OUTPUT] =
        (struct pollfd){.fd = options->web == NULL ? STDOUT_FILENO : -1};
    if (session->signals < 0) {
        printable_complain("watch: signals cannot be waited for: %s\n", strerror(errno));
    }
    return session->signals >= 0;
}

static bool open_web(struct watch_session *session) {
    const struct watch_session_options *options = session->options;
    if (options->web == NULL) {
        return true;
    }
    session->web =
        watch_web_open(&(struct watch_web_options){.where = options->web,
                                                   .token_file = options->token_file,
                                                   .control = options->control,
                                                   .keep_bytes = options->web_keep_bytes,
                                                   .files = options->view.networks,
                                                   .file_count = options->view.network_count});
    return session->web != NULL;
}

static void deinit(struct watch_session *session) {
    size_t count = session->view_options.network_count;
    for (size_t i = 0; i < count; i++) {
        file_network_close(session->followers[i].network);
        tap_reader_close(session->followers[i].tap);
    }
    if (session->signals >= 0) {
        close(session->signals);
    }
    memory_free(&session->memory, session->followers, count * sizeof *session->followers);
    memory_free(&session->memory, session->polled,
                (POLLED_NETWORKS + count) * sizeof *session->polled);
    if (session->merge != NULL) {
        watch_merge_destroy(session->merge);
    }
    watch_web_close(session->web);
    watch_view_destroy(session->view);
    free_paths(session);
    buffer_deinit(&session->out);
}

static int report_end(struct watch_session *session) {
    if (session->web_failed) {
        return PROGRAM_UNUSABLE;
    }
    if (session->output_error != 0 && session->output_error != EPIPE) {
        printable_complain_of_output("watch", session->output_error);
        return PROGRAM_UNUSABLE;
    }
    if (session->view_options.form != WATCH_JSON) {
        session->out.size = 0;
        watch_view_append_faults(session->view, &session->out);
        fwrite(session->out.data, 1, session->out.size, stderr);
    }
    return PROGRAM_OK;
}

int watch_session_run(const struct watch_session_options *options) {
    struct watch_session session;
    if ((fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY) { // it was closed
        printable_complain_of_output("watch", EBADF);
        return PROGRAM_UNUSABLE;
    }
    int code = PROGRAM_UNUSABLE;
    if (init(&session, options) && open_networks(&session) && open_web(&session)) {
        follow(&session);
        code = report_end(&session);
    }
    deinit(&session);
    return code;
}
