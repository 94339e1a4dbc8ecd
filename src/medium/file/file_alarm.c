#include "medium/file/file_alarm.h"

#include "medium/file/network_error.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EVENTS_BYTES 8192
#define PROCESS_TURNS 32
#define ROUNDS_MAX 16 // of draining notifications: a writer without pause must not hold us up

static bool add_to_epoll(struct file_alarm *alarm, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(alarm->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool watch_folder(struct file_alarm *alarm, const char *path) {
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int size = slash == NULL ? 1 : (int)(slash - path) + 1;
    (void)snprintf(folder, sizeof folder, "%.*s", size, slash == NULL ? "." : path);
    uint32_t changes = IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ONLYDIR;
    return inotify_add_watch(alarm->inotify, folder, changes) >= 0;
}

bool file_alarm_open(struct file_alarm *alarm, const char *path, struct file_network_error *error) {
    alarm->process = -1;
    alarm->takes = 0;
    alarm->epoll = epoll_create1(EPOLL_CLOEXEC);
    alarm->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (alarm->epoll < 0 || alarm->inotify < 0 || !add_to_epoll(alarm, alarm->inotify) ||
        !watch_folder(alarm, path)) {
        (void)(errno == ENOENT
                   ? network_error_set(error,
                                       "%s: its folder does not exist; create the folder, or "
                                       "name another file with --network",
                                       path)
                   : network_error_set_errno(error, path, "its folder cannot be watched"));
        file_alarm_close(alarm);
        return false;
    }
    return true;
}

static void close_if_open(int *fd) {
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

void file_alarm_close(struct file_alarm *alarm) {
    close_if_open(&alarm->process);
    close_if_open(&alarm->inotify);
    close_if_open(&alarm->epoll);
}

int file_alarm_watch_file(struct file_alarm *alarm, int fd, const char *path) {
    // By way of the descriptor, since another file may stand under the path by now.
    char name[64];
    (void)snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    int watch = inotify_add_watch(alarm->inotify, name, IN_MODIFY);
    return watch >= 0 ? watch : inotify_add_watch(alarm->inotify, path, IN_MODIFY);
}

void file_alarm_unwatch_file(struct file_alarm *alarm, int watch) {
    if (watch >= 0) {
        (void)inotify_rm_watch(alarm->inotify, watch);
    }
}

bool file_alarm_watch_process(struct file_alarm *alarm, pid_t process) {
    close_if_open(&alarm->process);
    if (process == 0) {
        return true;
    }
    alarm->process = (int)syscall(SYS_pidfd_open, process, 0);
    if (alarm->process >= 0 && !add_to_epoll(alarm, alarm->process)) {
        close_if_open(&alarm->process);
    }
    return alarm->process >= 0;
}

static bool is_about_folder(const struct inotify_event *event) {
    return event->len > 0 || (event->mask & IN_Q_OVERFLOW) != 0;
}

// Returns whether there was anything.
static bool drain_inotify(struct file_alarm *alarm, bool *folder_changed) {
    _Alignas(struct inotify_event) char events[EVENTS_BYTES];
    bool any = false;
    for (unsigned round = 0; round < ROUNDS_MAX; round++) {
        ssize_t count = read(alarm->inotify, events, sizeof events);
        any |= count > 0;
        for (ssize_t at = 0; at < count;) {
            const struct inotify_event *event = (const struct inotify_event *)(events + at);
            *folder_changed |= is_about_folder(event);
            at += (ssize_t)(sizeof *event + event->len);
        }
        // An event with the longest name would still have fitted: there were no more.
        if (count < (ssize_t)(sizeof events - sizeof(struct inotify_event) - NAME_MAX - 1)) {
            break;
        }
    }
    return any;
}

struct file_alarm_report file_alarm_take(struct file_alarm *alarm) {
    struct file_alarm_report report = {0};
    // Nearly always it is the file. A process that ended as well keeps the alarm ringing, so it is
    // enough to look for that now and then.
    bool any = drain_inotify(alarm, &report.folder_changed);
    if (any && ++alarm->takes % PROCESS_TURNS != 0) {
        return report;
    }
    struct pollfd process = {.fd = alarm->process, .events = POLLIN};
    if (alarm->process >= 0 && poll(&process, 1, 0) > 0) {
        report.process_ended = true;
        close_if_open(&alarm->process);
    }
    return report;
}
