#include "shell/log/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "medium/file/safe_file.h"
#include "shell/clock.h"
#include "shell/printable.h"

#define PATIENCE_S 1 // for a journal that takes nothing
#define LINE_BYTES 65536

static const struct {
    const char *name;
    int priority; // of syslog
} levels[] = {
    [LOG_DEBUG] = {"debug", 7},     [LOG_INFO] = {"info", 6},   [LOG_NOTICE] = {"notice", 5},
    [LOG_WARNING] = {"warning", 4}, [LOG_ERROR] = {"error", 3},
};

// ---- opening ------------------------------------------------------------------------------------

// Whether standard error is the journal's, as it says by device and inode.
static bool is_at_journal(void) {
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat status;
    char own[64];
    if (stream == NULL || fstat(STDERR_FILENO, &status) != 0) {
        return false;
    }
    (void)snprintf(own, sizeof own, "%llu:%llu", (unsigned long long)status.st_dev,
                   (unsigned long long)status.st_ino);
    return strcmp(own, stream) == 0;
}

bool log_is_wanted(const struct log_options *options) {
    return options->file != NULL || options->to_journal || is_at_journal();
}

static int open_file(const struct log *log) {
    return safe_file_open(log->path, O_WRONLY | O_APPEND | O_CREAT, 0640);
}

bool log_open_journal(struct log *log, const struct log_options *options, const char *path) {
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    *log = (struct log){.options = options, .is_journal = true};
    (void)snprintf(place.sun_path, sizeof place.sun_path, "%s", path);
    log->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (log->fd < 0 || connect(log->fd, (const struct sockaddr *)&place, sizeof place) != 0) {
        printable_complain("%s: the journal cannot be reached at %s: %s\n", options->program, path,
                           strerror(errno));
        log_close(log);
        return false;
    }
    (void)setsockopt(log->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return true;
}

bool log_open(struct log *log, const struct log_options *options) {
    *log = (struct log){.options = options, .fd = -1};
    if (options->file == NULL) {
        return log_open_journal(log, options, LOG_JOURNAL);
    }
    if (!safe_file_resolve(options->file, log->path) || (log->fd = open_file(log)) < 0) {
        printable_complain("%s: --log-file %s: %s\n", options->program, options->file,
                           safe_file_reason(errno));
    }
    return log->fd >= 0;
}

void log_close(struct log *log) {
    if (log->fd >= 0) {
        close(log->fd);
        log->fd = -1;
    }
}

// ---- records ------------------------------------------------------------------------------------

// "2026-11-30T09:00:00.123Z notice: text"
static void encode_line(const struct log_record *record, struct buffer *out) {
    uint64_t now = clock_unix_nanoseconds();
    time_t seconds = (time_t)(now / 1000000000);
    struct tm parts;
    char text[64] = "";
    size_t size = 0;
    if (gmtime_r(&seconds, &parts) != NULL) {
        size = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    }
    (void)snprintf(text + size, sizeof text - size, ".%03uZ %s: ", (unsigned)(now / 1000000 % 1000),
                   levels[record->level].name);
    buffer_append_text(out, text);
    buffer_append(out, record->text);
    buffer_append_byte(out, '\n');
}

// A value of any bytes goes with its size in front.
static void encode_field(struct buffer *out, const char *name, struct bytes value) {
    uint64_t size = value.size;
    buffer_append_text(out, name);
    if (size > 0 && memchr(value.data, '\n', value.size) != NULL) {
        buffer_append_byte(out, '\n');
        for (unsigned i = 0; i < 8; i++) {
            buffer_append_byte(out, (uint8_t)(size >> (8 * i)));
        }
    } else {
        buffer_append_byte(out, '=');
    }
    buffer_append(out, value);
    buffer_append_byte(out, '\n');
}

static void encode_some(struct buffer *out, const char *name, struct bytes value) {
    if (value.size > 0) {
        value.size = value.size < LOG_FIELD_MAX ? value.size : LOG_FIELD_MAX;
        encode_field(out, name, value);
    }
}

static void encode_number(struct buffer *out, const char *name, int number) {
    char text[16];
    (void)snprintf(text, sizeof text, "%d", number);
    encode_field(out, name, bytes_of_text(text));
}

static struct bytes text_or_none(const char *text) {
    return text == NULL ? bytes_make(NULL, 0) : bytes_of_text(text);
}

static void encode_fields(const struct log *log, const struct log_record *record,
                          struct buffer *out) {
    struct bytes text = record->text;
    text.size = text.size < LINE_BYTES ? text.size : LINE_BYTES;
    encode_field(out, "MESSAGE", text);
    encode_number(out, "PRIORITY", levels[record->level].priority);
    encode_some(out, "SYSLOG_IDENTIFIER", bytes_of_text(log->options->program));
    encode_some(out, "EVENT", text_or_none(record->event));
    encode_some(out, "CLIENT_ID", record->client_id);
    encode_some(out, "CLIENT_ADDRESS", record->place);
    encode_some(out, "REASON", text_or_none(record->reason));
    if (record->reason_code != 0) {
        encode_number(out, "REASON_CODE", record->reason_code);
    }
}

void log_encode(const struct log *log, const struct log_record *record, struct buffer *out) {
    if (log->is_journal) {
        encode_fields(log, record, out);
    } else {
        encode_line(record, out);
    }
}

// ---- writing ------------------------------------------------------------------------------------

static bool write_record(const struct log *log, struct bytes bytes) {
    ssize_t written = -1;
    do {
        written = log->is_journal ? send(log->fd, bytes.data, bytes.size, MSG_NOSIGNAL)
                                  : write(log->fd, bytes.data, bytes.size);
    } while (written < 0 && errno == EINTR);
    return written == (ssize_t)bytes.size;
}

static bool tell_lost(const struct log *log) {
    char text[96];
    struct memory memory;
    struct buffer out;
    (void)snprintf(text, sizeof text, "%llu lines of the log could not be written",
                   (unsigned long long)log->lost);
    memory_init(&memory);
    buffer_init(&out, &memory);
    const struct log_record record = {.level = LOG_WARNING, .text = bytes_of_text(text)};
    log_encode(log, &record, &out);
    bool is_written = write_record(log, buffer_bytes(&out));
    buffer_deinit(&out);
    return is_written;
}

// The old file stays in use if there can be no new one.
static void reopen(struct log *log) {
    int fd = log->is_journal ? -1 : open_file(log);
    if (fd >= 0) {
        close(log->fd);
        log->fd = fd;
    }
}

void log_write(struct log *log, struct bytes bytes) {
    if (atomic_exchange(&log->follows, false)) {
        reopen(log);
    }
    if (log->lost > 0 && tell_lost(log)) {
        log->lost = 0;
    }
    log->lost += !write_record(log, bytes);
}

void log_follow(struct log *log) {
    atomic_store(&log->follows, true);
}
