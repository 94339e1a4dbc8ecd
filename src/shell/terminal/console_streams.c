#include "shell/terminal/console_streams.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define WRITE_BYTES 4096 // what a pipe takes at once if it takes anything
#define PATIENCE_MS 1000 // for a stuck standard output once a signal has ended the session

// True when the descriptor takes bytes; false to give up.
static bool wait_to_write(struct console *console, int fd) {
    struct pollfd place = {.fd = fd, .events = POLLOUT};
    for (;;) {
        int ready = poll(&place, 1, PATIENCE_MS);
        if (ready > 0) {
            return true;
        }
        if ((ready < 0 && errno != EINTR) || (ready == 0 && output_is_hurried(console->output))) {
            return false;
        }
    }
}

static void write_all(struct console *console, int fd, struct bytes text) {
    bool *broken = &console->broken[fd == STDERR_FILENO];
    while (text.size > 0 && !*broken) {
        errno = ETIMEDOUT;
        ssize_t written = -1;
        if (wait_to_write(console, fd)) {
            written = write(fd, text.data, text.size < WRITE_BYTES ? text.size : WRITE_BYTES);
        }
        if (written >= 0) {
            text = bytes_make(text.data + written, text.size - (size_t)written);
        } else if (errno != EINTR && errno != EAGAIN) {
            *broken = true;
            console->owner->broken(console->owner->context, errno);
        }
    }
}

// Writes runs of chunks for one stream at once.
static void write_chunks(struct console *console) {
    const struct output_chunk *chunk = (const struct output_chunk *)console->chunks.data;
    size_t count = console->chunks.size / sizeof *chunk;
    const uint8_t *at = console->bytes.data;
    for (size_t i = 0; i < count;) {
        enum output_stream stream = chunk[i].stream;
        size_t size = 0;
        if (stream == OUTPUT_LOG) {
            log_write(console->log, bytes_make(at, chunk[i].size));
            at += chunk[i++].size;
            continue;
        }
        for (; i < count && chunk[i].stream == stream; i++) {
            size += chunk[i].size;
        }
        write_all(console, stream == OUTPUT_ANSWER ? STDOUT_FILENO : STDERR_FILENO,
                  bytes_make(at, size));
        at += size;
    }
    console->bytes.size = console->chunks.size = 0;
}

void console_streams_print(struct console *console) {
    console->over = !output_take(console->output, &console->bytes, &console->chunks);
    bool was_full = console->bytes.size >= OUTPUT_BYTES_MAX;
    write_chunks(console);
    if (was_full) {
        console->owner->wake(console->owner->context);
    }
}

void console_streams_add(struct console *console, struct bytes line) {
    while (!console->over && !input_add(console->input, line)) {
        struct pollfd place = {.fd = console->output->wake, .events = POLLIN};
        (void)poll(&place, 1, -1);
        console_streams_print(console);
    }
    console->owner->wake(console->owner->context);
}
