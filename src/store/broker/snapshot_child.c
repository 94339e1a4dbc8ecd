#include "store/broker/snapshot_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIPE_BYTES (1024 * 1024)
#define PART_MAX (uint32_t)(800 * 1000 * 1000) // more than the largest record and a part
#define NICENESS 5

// ---- the child ---------------------------------------------------------------------------------

struct telling {
    const struct snapshot_source *source;
    struct buffer part;
    int to;
};

// Nobody waits for a child that cannot tell.
static void write_whole(int to, const void *data, size_t size) {
    const uint8_t *at = data;
    while (size > 0) {
        ssize_t written = write(to, at, size);
        if (written < 0) {
            _exit(1); // no signal interrupts it
        }
        at += written;
        size -= (size_t)written;
    }
}

// A part without records is the end.
static void tell_part(struct telling *telling) {
    uint32_t size = (uint32_t)telling->part.size;
    if (telling->part.size > PART_MAX) {
        _exit(1);
    }
    write_whole(telling->to, &size, sizeof size);
    write_whole(telling->to, telling->part.data, telling->part.size);
    telling->part.size = 0;
}

static void take_record(void *context, const struct journal_record *record) {
    struct telling *telling = context;
    record_rows_append(telling->source->rows, &telling->part, record);
    if (telling->part.size >= telling->source->part_bytes) {
        tell_part(telling);
    }
}

// All else that is open belongs to the parent: its ports are to be free when it ends.
static bool closes_others(int kept) {
    bool is_below_closed = kept == 0 || close_range(0, (unsigned)kept - 1, 0) == 0;
    return is_below_closed && close_range((unsigned)kept + 1, ~0U, 0) == 0;
}

static void live(const struct snapshot_source *source, int to, pid_t parent) {
    struct memory memory;
    struct telling telling = {.source = source, .to = to};
    bool is_bound = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
    if (!is_bound || !closes_others(to)) {
        _exit(1);
    }
    (void)nice(NICENESS);
    memory_init(&memory);
    buffer_init(&telling.part, &memory);
    source->snapshot(source->context, take_record, &telling);
    if (telling.part.size > 0) {
        tell_part(&telling);
    }
    tell_part(&telling);
    _exit(0);
}

// ---- the parent --------------------------------------------------------------------------------

bool snapshot_child_begin(struct snapshot_child *child, const struct snapshot_source *source) {
    int ends[2];
    sigset_t all;
    sigset_t before;
    pid_t parent = getpid();
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    (void)fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES); // fewer changes between the two
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); // handlers are the parent's
    pid_t process = fork();
    if (process == 0) {
        live(source, ends[1], parent);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (process < 0) {
        close(ends[0]);
        return false;
    }
    *child = (struct snapshot_child){process, ends[0]};
    return true;
}

static bool read_whole(int from, void *data, size_t size) {
    uint8_t *at = data;
    while (size > 0) {
        ssize_t got = read(from, at, size);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        at += got > 0 ? got : 0;
        size -= got > 0 ? (size_t)got : 0;
    }
    return true;
}

enum snapshot_child_found snapshot_child_read(struct snapshot_child *child, struct buffer *part) {
    uint32_t size = 0;
    part->size = 0;
    if (!read_whole(child->from, &size, sizeof size) || size > PART_MAX) {
        return SNAPSHOT_CHILD_LOST;
    }
    if (size == 0) {
        return SNAPSHOT_CHILD_END;
    }
    uint8_t *room = buffer_reserve(part, size);
    if (!read_whole(child->from, room, size)) {
        return SNAPSHOT_CHILD_LOST;
    }
    part->size = size;
    return SNAPSHOT_CHILD_PART;
}

void snapshot_child_end(struct snapshot_child *child) {
    if (child->process == 0) {
        return;
    }
    close(child->from);
    (void)kill(child->process, SIGKILL);
    while (waitpid(child->process, NULL, 0) < 0 && errno == EINTR) {
    }
    child->process = 0;
}
