// What wakes a session: changes of the network's file and of its folder (inotify), and the death of
// one other process (a pidfd), behind one descriptor. An alarm is a hint to look; what is true is
// looked up elsewhere.
#ifndef MEDIUM_FILE_FILE_ALARM_H
#define MEDIUM_FILE_FILE_ALARM_H

#include "medium/file/network_error.h"

#include <sys/types.h>

struct file_alarm {
    int epoll;
    int inotify;
    int process; // pidfd, or -1
    unsigned takes;
};

struct file_alarm_report {
    bool folder_changed;
    bool process_ended;
};

// `path` is the network's file, whose folder is watched.
bool file_alarm_open(struct file_alarm *alarm, const char *path, struct file_network_error *error);
void file_alarm_close(struct file_alarm *alarm);

// From now on every write to the open file `fd` wakes. Returns a number for
// file_alarm_unwatch_file, or -1 with errno set.
int file_alarm_watch_file(struct file_alarm *alarm, int fd, const char *path);
void file_alarm_unwatch_file(struct file_alarm *alarm, int watch);

// Watches this process instead of the former one; 0: none. False if it cannot be watched.
bool file_alarm_watch_process(struct file_alarm *alarm, pid_t process);

// What has come since the last time. Look only after this, so that no change slips in between.
struct file_alarm_report file_alarm_take(struct file_alarm *alarm);

#endif
