// A snapshot taken without a pause: a child process (fork) has the memory as it was, and tells it
// record by record through a pipe, while its parent goes on. The parent pays for the fork (it grows
// with the memory in use: a few milliseconds a gigabyte) and a copy of each page that it changes
// while the child lives.
//
// The child has nothing open but the pipe, takes no signals, and dies with the thread that forked
// it. It calls `snapshot` with all of the parent's memory and none of its threads, so that must not
// take a lock which another thread might hold.
#ifndef STORE_BROKER_SNAPSHOT_CHILD_H
#define STORE_BROKER_SNAPSHOT_CHILD_H

#include "base/buffer.h"
#include "role/journal.h"
#include "store/broker/record_rows.h"

#include <sys/types.h>

struct snapshot_source {
    struct record_rows rows;
    size_t part_bytes; // from this size on a part is told
    void (*snapshot)(void *context, journal_receiver *take, void *take_context);
    void *context;
};

struct snapshot_child {
    pid_t process; // 0: there is none
    int from;
};

// False: there can be no child now.
__attribute__((warn_unused_result)) bool snapshot_child_begin(struct snapshot_child *child,
                                                              const struct snapshot_source *source);

enum snapshot_child_found {
    SNAPSHOT_CHILD_PART,
    SNAPSHOT_CHILD_END,  // that was all
    SNAPSHOT_CHILD_LOST, // the child ended early
};
// Waits for the next part, whose records take the place of what is in `part`.
enum snapshot_child_found snapshot_child_read(struct snapshot_child *child, struct buffer *part);

// At any time; nothing happens if there is none.
void snapshot_child_end(struct snapshot_child *child);

#endif
