// A stream server in a thread of its own, with an owner that echoes, and peers with blocking
// sockets for the tests to talk to it.
#ifndef TEST_MEDIUM_STREAM_STREAM_SUPPORT_H
#define TEST_MEDIUM_STREAM_STREAM_SUPPORT_H

#include "support.h"

#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>

#include "medium/stream/stream_server.h"

enum host_mode {
    HOST_ECHO,
    HOST_ECHO_ONCE, // what came is echoed, then the stream is over
    HOST_FLOOD,     // `flood` bytes for the first that came, then the stream is over
    HOST_REFUSE,    // no stream is wanted
    HOST_HOLD,      // as HOST_ECHO, but each time it is enough, until `takes_input`
};

enum host_command { HOST_NOTHING, HOST_RELOAD, HOST_STOP_LISTENING, HOST_WAKE, HOST_CLOSE };

struct host_stream;

struct peer {
    int fd;
    SSL *ssl; // NULL: none
};

struct host {
    struct stream_server_options options;
    enum host_mode mode;
    size_t flood;
    uint16_t ports[8];

    atomic_uint outputs; // that were asked for
    atomic_uint outputs_of_round;
    _Atomic(const struct peer *) interrupter; // says "y" behind the next round with several
    unsigned interrupted_at;                  // of all outputs

    pthread_mutex_t lock; // the owner's, and of what follows
    pthread_cond_t changed;
    struct stream_server *server;
    struct stream_server_error error;
    struct host_stream *streams;
    unsigned opened;
    unsigned closed;
    uint64_t received;
    unsigned order[256]; // which streams it came from, by the sequence of their opening
    unsigned order_count;
    bool takes_input;
    bool wakes_first;      // whoever is asked for output wakes the stream that was opened first
    unsigned outputs_most; // that were asked for in any round
    unsigned first_had_some_at; // of all outputs, the stream that was opened first
    uint64_t sent;
    uint64_t held;     // as the streams told
    uint64_t held_max; // 0: any number
    unsigned notices;
    char last_notice[256];
    char last_place[STREAM_PLACE_MAX];
    char last_name[64]; // of a certificate; empty: none
    enum host_command command;
    bool is_done;
    bool is_reloaded;
    bool is_in_batch;
    pthread_t batch_thread;

    pthread_t thread;
    uv_loop_t loop;
    uv_async_t async;
};

// Starts it with its options and mode; fails the test if it cannot, unless `may_fail`.
void host_start(struct host *host, bool may_fail);
// Closes it, with whatever streams are open, and checks that each was told closed.
void host_end(struct host *host);
// Has the host's thread do something, and waits until it is done.
void host_do(struct host *host, enum host_command command);
void host_await_opened(struct host *host, unsigned count);
void host_await_closed(struct host *host, unsigned count);
void host_await_notices(struct host *host, unsigned count);
void host_await_received(struct host *host, uint64_t bytes);

// A host with one listener, which is not started yet.
struct host *host_create(const struct stream_listener *listener, unsigned threads);
// The same, started.
struct host *host_run(const struct stream_listener *listener, unsigned threads);
// Ends and frees it.
void host_destroy(struct host *host);
// Starts a server that cannot be, and looks for the part in what it says.
void host_expect_error(const struct stream_listener *listener, const char *part);

int connect_port(uint16_t port);
int connect_path(const char *path);
void peer_write(struct peer *peer, const void *bytes, size_t size);
// Exactly so many bytes.
void peer_read(struct peer *peer, void *bytes, size_t size);
// Writes so many bytes, and reads the same again.
void peer_echo(struct peer *peer, size_t size);
// Whether the other end is closed, by an orderly end if `orderly`; fails if bytes come.
void peer_await_end(struct peer *peer, bool orderly);
void peer_close(struct peer *peer);

#endif
