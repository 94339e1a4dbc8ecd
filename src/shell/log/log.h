// Where a program's log goes: lines to standard error, lines with time and level to a file, or
// records with fields to systemd's journal (its native protocol; no library is needed for it).
//
// A record is made in the thread that has something to say, and written in the user's thread, so
// that a slow disk or journal holds nobody up (shell/terminal/output.h bounds what waits). What
// cannot be written is counted, and told as soon as something can.
#ifndef SHELL_LOG_LOG_H
#define SHELL_LOG_LOG_H

#include <limits.h>
#include <stdatomic.h>

#include "base/buffer.h"

#define LOG_FIELD_MAX 256 // bytes of a field's value; what is beyond is cut
#define LOG_JOURNAL "/run/systemd/journal/socket"

// From the least urgent on.
enum log_level { LOG_DEBUG, LOG_INFO, LOG_NOTICE, LOG_WARNING, LOG_ERROR };
#define LOG_LEVEL_CHOICES "debug|info|notice|warning|error" // in their order

struct log_options {
    const char *file;    // NULL: none
    bool to_journal;     // as JOURNAL_STREAM may say, too (systemd.exec(5))
    int level;           // enum log_level: what is less urgent is left out
    const char *program; // in the journal: SYSLOG_IDENTIFIER
};

// What there is to say. Text is printable. All is borrowed; what is empty or NULL is left out.
struct log_record {
    enum log_level level;
    struct bytes text;
    const char *event;      // "mqtt-refused"
    struct bytes client_id; // any bytes, as the next
    struct bytes place;
    const char *reason; // for people
    int reason_code;    // 0: none
};

struct log {
    const struct log_options *options;
    bool is_journal;
    char path[PATH_MAX]; // of the file, without links on its last component
    int fd;
    _Atomic bool follows; // the file is to be opened anew
    uint64_t lost;        // lines that could not be written, and were not told
};

// Whether the log goes anywhere but to standard error.
bool log_is_wanted(const struct log_options *options);
// False after a complaint on standard error. The options are borrowed for the log's life.
bool log_open(struct log *log, const struct log_options *options);
// To another socket than LOG_JOURNAL.
bool log_open_journal(struct log *log, const struct log_options *options, const char *path);
void log_close(struct log *log);

// Appends the record as it is to be written.
void log_encode(const struct log *log, const struct log_record *record, struct buffer *out);
// Writes what log_encode made. In the user's thread.
void log_write(struct log *log, struct bytes bytes);
// A file that was moved away is begun anew with the next record. Any thread.
void log_follow(struct log *log);

#endif
