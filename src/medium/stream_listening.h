// The listening sockets of one listener of a stream server, and how many streams it has let in.
//
// Used in the thread of the first loop, but for stream_listening_forget, which any loop's thread
// may call.
#ifndef MEDIUM_STREAM_LISTENING_H
#define MEDIUM_STREAM_LISTENING_H

#include <pthread.h>
#include <sys/types.h>

#include "base/map.h"
#include "medium/stream.h"

#define STREAM_LISTENING_SOCKETS 8u // addresses of one name

struct stream_listening;

struct stream_listening_socket {
    uv_poll_t poll;
    struct stream_listening *listening;
    int fd; // -1: none
    bool is_polled;
};

struct stream_listening {
    void *context; // of the server
    enum stream_kind kind;
    uint32_t connections_max; // 0: no limit, as below
    uint32_t per_address_max;
    uint64_t handshake_ms;
    struct stream_listening_socket sockets[STREAM_LISTENING_SOCKETS];
    unsigned socket_count;
    uint16_t port;
    char *path; // of a Unix socket that is ours to remove; NULL: none
    dev_t path_device;
    ino_t path_inode;
    int spare_fd; // given up when there are no more, so that one can be accepted and refused

    pthread_mutex_t lock; // of the rest
    struct memory memory;
    uint32_t connections;
    struct map per_address;
    uint64_t refused; // since the last notice
    uint64_t refused_notice_ns;
    bool shortage_is_said;
};

// Binds and listens, but accepts nothing yet.
bool stream_listening_open(struct stream_listening *listening, const struct stream_listener *how,
                           int backlog, struct stream_server_error *error);
// Stops listening. Its sockets are polled no more.
void stream_listening_close(struct stream_listening *listening);
// After the last stream of it.
void stream_listening_deinit(struct stream_listening *listening);

// The next connection that may come in; false: there is none for now. A notice, for people, that
// is due is put into `notice`, else it is empty.
bool stream_listening_accept(struct stream_listening_socket *from, struct stream_deal *deal,
                             struct stream_server_error *notice);
// A stream that was let in is closed.
void stream_listening_forget(struct stream_listening *listening, uint64_t address);

#endif
