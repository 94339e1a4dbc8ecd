#include "shell/terminal/console.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "shell/terminal/terminal.h"

#define READ_BYTES 65536

void console_fill_streams(void) {
    static const int modes[] = {
        [STDIN_FILENO] = O_RDONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_RDWR};
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)open("/dev/null", modes[fd]); // takes the lowest number that is free, which is fd
        }
    }
}

bool console_is_terminal(void) {
    const char *type = getenv("TERM");
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp() &&
           type != NULL && strcmp(type, "dumb") != 0;
}

// ---- reading --------------------------------------------------------------------------------

static void end_input(struct console *console) {
    console->reads = false;
    input_end(console->input);
    console->owner->wake(console->owner->context);
}

// Adds the lines of `held` that are complete, or all of it at the end of input.
static void add_held(struct console *console, bool at_end) {
    size_t done = 0;
    size_t size = console->held.size;
    while (done < size && !console->over) {
        const uint8_t *start = console->held.data + done;
        const uint8_t *end = memchr(start, '\n', size - done);
        if (end == NULL && !at_end) {
            break;
        }
        size_t length = end == NULL ? size - done : (size_t)(end - start);
        console_streams_add(console, bytes_make(start, length));
        done += length + (end != NULL);
    }
    buffer_consume(&console->held, done);
}

// Nothing at all is a line, too.
static void add_whole(struct console *console, bool at_end) {
    if (at_end || console->held.size >= CONSOLE_WHOLE_BYTES_MAX) {
        console_streams_add(console, buffer_bytes(&console->held));
        buffer_consume(&console->held, console->held.size);
        end_input(console);
    }
}

static void take_end(struct console *console) {
    if (console->is_whole) {
        add_whole(console, true);
    } else {
        add_held(console, true);
        end_input(console);
    }
}

static void read_some(struct console *console) {
    uint8_t *room = buffer_reserve(&console->held, READ_BYTES);
    ssize_t got = read(STDIN_FILENO, room, READ_BYTES);
    if (got > 0) {
        console->held.size += (size_t)got;
        if (console->is_whole) {
            add_whole(console, false);
        } else {
            add_held(console, false);
        }
    } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
        take_end(console);
    }
}

static void run_plain(struct console *console) {
    while (!console->over) {
        struct pollfd places[2] = {
            {.fd = console->output->wake, .events = POLLIN},
            {.fd = console->reads ? STDIN_FILENO : -1, .events = POLLIN},
        };
        if (poll(places, 2, -1) < 0 && errno != EINTR) {
            return;
        }
        if (places[0].revents != 0) {
            console_streams_print(console);
        }
        if (!console->over && places[1].revents != 0) {
            read_some(console);
        }
    }
}

void console_run(struct console *console, bool reads, bool terminal) {
    memory_init(&console->memory);
    buffer_init(&console->bytes, &console->memory);
    buffer_init(&console->chunks, &console->memory);
    buffer_init(&console->held, &console->memory);
    console->reads = reads;
    if (!reads) {
        end_input(console);
    }
    if (terminal) {
        terminal_run(console);
    }
    run_plain(console); // after a terminal: what is left to print
    buffer_deinit(&console->bytes);
    buffer_deinit(&console->chunks);
    buffer_deinit(&console->held);
}
