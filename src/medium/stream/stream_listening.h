// The listening sockets of one listener of a stream server, and how many streams it has let in.
//
// Used in the thread of the first loop, but for stream_listening_wrap and what follows
// stream_listening_accept, which any loop's thread may call.
#ifndef MEDIUM_STREAM_STREAM_LISTENING_H
#define MEDIUM_STREAM_STREAM_LISTENING_H

#include <pthread.h>
#include <sys/types.h>

#include "base/map.h"
#include "medium/stream/stream_error.h"
#include "medium/stream/stream_state.h"
#include "medium/stream/wrap/stream_wrap.h"

#define STREAM_LISTENING_SOCKETS 8u // addresses of one name

struct stream_listening;

struct stream_listening_socket {
    uv_poll_t poll;
    struct stream_listening *listening;
    int fd; // -1: none
    bool is_polled;
};

// What was told of a count, so that a flood is told once a minute.
struct stream_listening_told {
    uint64_t count; // with the last notice
    uint64_t at_ns; // 0: nothing was told
};

// A listener: what it was given, then its sockets, then what loops share. Its streams count in
// `connections`, and by address in `per_address`, from acceptance until they are closed, in
// whichever loop.
struct stream_listening {
    void *context;   // of the server
    unsigned number; // in its options
    enum stream_kind kind;
    struct stream_listener files; // of TLS, in copies of our own
    SSL_CTX *fresh_tls;           // what was read again; NULL: nothing
    struct stream_websocket_rules websocket;
    uint32_t connections_max; // 0: no limit, as below
    uint32_t per_address_max;
    uint64_t handshake_ms;
    struct stream_proxy_sources proxies;
    struct stream_listening_socket sockets[STREAM_LISTENING_SOCKETS];
    unsigned socket_count;
    uint16_t port;
    char *path; // of a Unix socket that is ours to remove; NULL: none
    dev_t path_device;
    ino_t path_inode;
    int spare_fd; // given up when there are no more, so that one can be accepted and refused

    pthread_mutex_t lock; // of the rest
    struct memory memory;
    SSL_CTX *tls; // NULL: none
    uint32_t connections;
    uint64_t accepted;
    uint64_t refused;     // for want of room, or not from a proxy that is trusted
    uint64_t bad_headers; // streams that ended for the want of a good PROXY header
    struct map per_address;
    struct stream_listening_told refused_told;
    struct stream_listening_told headers_told;
    bool shortage_is_said;
};

// Binds and listens, but accepts nothing yet.
bool stream_listening_open(struct stream_listening *listening, const struct stream_listener *how,
                           const struct stream_server_options *options,
                           struct stream_server_error *error);
// The path of a Unix socket stays when it stops listening: it is somebody else's now.
void stream_listening_leave_path(struct stream_listening *listening);
// Stops listening. Its sockets are polled no more.
void stream_listening_close(struct stream_listening *listening);
// After the last stream of it.
void stream_listening_deinit(struct stream_listening *listening);

// Reads the files of TLS again, if it has any; they hold from stream_listening_renew on.
bool stream_listening_reload(struct stream_listening *listening, struct stream_server_error *error);
void stream_listening_renew(struct stream_listening *listening);
// What a stream of it is wrapped in, in the caller's memory; NULL: nothing.
bool stream_listening_has_wrap(const struct stream_listening *listening);
struct stream_wrap *stream_listening_wrap(struct stream_listening *listening,
                                          struct memory *memory);

// The next connection that may come in; false: there is none for now. A notice, for people, that
// is due is put into `notice`, else it is empty.
bool stream_listening_accept(struct stream_listening_socket *from, struct stream_deal *deal,
                             struct stream_server_error *notice);
// A proxy has said where a stream comes from that was let in as one from nowhere, or none says so:
// from now on it counts as one from there. False: there are too many, with a notice that may be
// empty. The place is for people.
bool stream_listening_name(struct stream_listening *listening,
                           const struct sockaddr_storage *address, uint64_t *key,
                           struct stream_server_error *notice);
// A stream ends because its PROXY header is not good. A notice that is due is put into `notice`,
// else it is empty.
void stream_listening_note_header(struct stream_listening *listening, const char *place,
                                  const char *why, struct stream_server_error *notice);
// A stream that was let in is closed.
void stream_listening_forget(struct stream_listening *listening, uint64_t address);

#endif
