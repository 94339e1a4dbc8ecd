#include "medium/stream/stream_support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/x509.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_S 60

// ---- the owner ------------------------------------------------------------------------------

struct block {
    struct block *next;
    size_t at;
    size_t size;
    uint8_t bytes[];
};

struct host_stream {
    struct host *host;
    struct stream *stream;
    struct host_stream *next;
    struct host_stream *previous;
    struct block *first;
    struct block *last;
    unsigned number;
    size_t flood_left; // a pattern, of which no copy is kept
    bool is_over;
};

static uint8_t pattern[65536];

static void lock(struct host *host) {
    pthread_mutex_lock(&host->lock);
}

static void unlock(struct host *host) {
    pthread_cond_broadcast(&host->changed);
    pthread_mutex_unlock(&host->lock);
}

static void batch_begin(void *context) {
    struct host *host = context;
    lock(host);
    host->is_in_batch = true;
    host->batch_thread = pthread_self();
}

static void batch_end(void *context) {
    struct host *host = context;
    host->is_in_batch = false;
    unlock(host);
}

static void check_batch(const struct host *host) {
    assert_true(host->is_in_batch && pthread_equal(host->batch_thread, pthread_self()));
}

static void *opened(void *context, struct stream *stream, const struct stream_info *info) {
    struct host *host = context;
    struct host_stream *one = NULL;
    lock(host);
    (void)snprintf(host->last_place, sizeof host->last_place, "%s", info->place);
    host->last_name[0] = '\0';
    if (info->certificate != NULL) {
        (void)X509_NAME_get_text_by_NID(X509_get_subject_name(info->certificate), NID_commonName,
                                        host->last_name, sizeof host->last_name);
    }
    if (host->mode != HOST_REFUSE) {
        one = calloc(1, sizeof *one);
        *one = (struct host_stream){.host = host, .stream = stream, .next = host->streams};
        if (one->next != NULL) {
            one->next->previous = one;
        }
        host->streams = one;
        one->number = ++host->opened;
    }
    unlock(host);
    return one;
}

static void add_block(struct host_stream *one, struct bytes bytes) {
    struct block *block = malloc(sizeof *block + bytes.size);
    *block = (struct block){.size = bytes.size};
    memcpy(block->bytes, bytes.data, bytes.size);
    *(one->first == NULL ? &one->first : &one->last->next) = block;
    one->last = block;
}

static bool received(void *context, void *user, struct bytes bytes) {
    struct host *host = context;
    struct host_stream *one = user;
    check_batch(host);
    assert_true(bytes.size > 0);
    host->received += bytes.size;
    if (host->order_count < sizeof host->order / sizeof host->order[0]) {
        host->order[host->order_count++] = one->number;
    }
    if (host->mode == HOST_FLOOD) {
        one->flood_left = one->is_over ? one->flood_left : host->flood;
        one->is_over = true;
    } else {
        add_block(one, bytes);
        one->is_over = host->mode == HOST_ECHO_ONCE;
    }
    stream_wake(one->stream);
    return host->mode != HOST_HOLD;
}

// What is owed goes out first.
static bool ended(void *context, void *user) {
    struct host *host = context;
    struct host_stream *one = user;
    check_batch(host);
    one->is_over = true;
    return one->first != NULL || one->flood_left > 0;
}

static bool takes_input(void *context, void *user) {
    struct host *host = context;
    (void)user;
    lock(host);
    bool result = host->mode != HOST_HOLD || host->takes_input;
    unlock(host);
    return result;
}

static unsigned flood_runs(const struct host_stream *one, struct bytes *runs, unsigned most) {
    unsigned count = 0;
    size_t left = one->flood_left;
    size_t total = one->host->flood;
    while (left > 0 && count < most) {
        size_t at = (total - left) % sizeof pattern;
        size_t size = sizeof pattern - at < left ? sizeof pattern - at : left;
        runs[count++] = bytes_make(pattern + at, size);
        left -= size;
    }
    return count;
}

static void note_output(struct host *host, const struct host_stream *one) {
    unsigned all = atomic_fetch_add(&host->outputs, 1) + 1;
    unsigned of_round = atomic_fetch_add(&host->outputs_of_round, 1) + 1;
    host->outputs_most = of_round > host->outputs_most ? of_round : host->outputs_most;
    if (one->number == 1 && one->first != NULL) {
        host->first_had_some_at = all;
    }
}

static void wake_first(const struct host *host) {
    struct host_stream *one = host->streams;
    while (one != NULL && one->number != 1) {
        one = one->next;
    }
    if (one != NULL) {
        stream_wake(one->stream);
    }
}

static unsigned output(void *context, void *user, struct bytes *runs, unsigned most) {
    struct host *host = context;
    const struct host_stream *one = user;
    lock(host);
    note_output(host, one);
    if (host->wakes_first && one->number != 1) {
        wake_first(host);
    }
    unsigned count = flood_runs(one, runs, most);
    for (const struct block *block = one->first; block != NULL && count < most;
         block = block->next) {
        runs[count++] = bytes_make(block->bytes + block->at, block->size - block->at);
    }
    unlock(host);
    return count;
}

// Without the lock, for which tests let the loop wait when it has read something.
static void round_begins(void *context) {
    struct host *host = context;
    const struct peer *interrupter = atomic_load(&host->interrupter);
    if (atomic_exchange(&host->outputs_of_round, 0) > 1 && interrupter != NULL) {
        assert_int_equal(write(interrupter->fd, "y", 1), 1);
        host->interrupted_at = atomic_load(&host->outputs);
        atomic_store(&host->interrupter, NULL);
    }
}

static void sent(void *context, void *user, size_t bytes) {
    struct host *host = context;
    struct host_stream *one = user;
    check_batch(host);
    host->sent += bytes;
    if (one->flood_left > 0) {
        assert_true(bytes <= one->flood_left);
        one->flood_left -= bytes;
        return;
    }
    while (bytes > 0) {
        struct block *block = one->first;
        assert_non_null(block);
        size_t take = block->size - block->at < bytes ? block->size - block->at : bytes;
        block->at += take;
        bytes -= take;
        if (block->at == block->size) {
            one->first = block->next;
            free(block);
        }
    }
}

static bool is_over(void *context, void *user) {
    struct host *host = context;
    const struct host_stream *one = user;
    lock(host);
    bool result = one->is_over;
    unlock(host);
    return result;
}

static void closed(void *context, void *user) {
    struct host *host = context;
    struct host_stream *one = user;
    check_batch(host);
    host->closed++;
    *(one->previous == NULL ? &host->streams : &one->previous->next) = one->next;
    if (one->next != NULL) {
        one->next->previous = one->previous;
    }
    while (one->first != NULL) {
        struct block *block = one->first;
        one->first = block->next;
        free(block);
    }
    free(one);
}

static bool held(void *context, size_t before, size_t now) {
    struct host *host = context;
    lock(host);
    host->held += now - before;
    bool has_room = host->held_max == 0 || host->held <= host->held_max;
    unlock(host);
    return has_room;
}

static void notice(void *context, const char *text) {
    struct host *host = context;
    lock(host);
    host->notices++;
    (void)snprintf(host->last_notice, sizeof host->last_notice, "%s", text);
    unlock(host);
}

// ---- the host -------------------------------------------------------------------------------

static void on_server_closed(void *context) {
    struct host *host = context;
    uv_close((uv_handle_t *)&host->async, NULL);
}

static void wake_all(struct host *host) {
    for (struct host_stream *one = host->streams; one != NULL; one = one->next) {
        stream_wake(one->stream);
    }
}

static void obey(uv_async_t *async) {
    struct host *host = async->data;
    struct stream_server_error error = {{0}};
    lock(host);
    enum host_command command = host->command;
    unlock(host);
    if (command == HOST_RELOAD) {
        host->is_reloaded = stream_server_reload(host->server, &error);
    } else if (command == HOST_STOP_LISTENING) {
        stream_server_stop_listening(host->server);
    } else if (command == HOST_CLOSE) {
        stream_server_close(host->server, on_server_closed, host);
    }
    lock(host);
    if (command == HOST_WAKE) {
        wake_all(host);
    }
    host->error = error;
    host->command = HOST_NOTHING;
    unlock(host);
}

static void *run_host(void *argument) {
    struct host *host = argument;
    struct stream_owner owner = {.context = host,
                                 .opened = opened,
                                 .received = received,
                                 .ended = ended,
                                 .output = output,
                                 .sent = sent,
                                 .is_over = is_over,
                                 .takes_input = takes_input,
                                 .closed = closed,
                                 .batch_begin = batch_begin,
                                 .batch_end = batch_end,
                                 .round = round_begins,
                                 .notice = notice,
                                 .held = held};
    uv_loop_init(&host->loop);
    uv_async_init(&host->loop, &host->async, obey);
    host->async.data = host;
    struct stream_server *server =
        stream_server_open(&host->loop, &host->options, &owner, &host->error);
    for (unsigned i = 0; server != NULL && i < host->options.listener_count; i++) {
        host->ports[i] = stream_server_port(server, i);
    }
    if (server == NULL) {
        uv_close((uv_handle_t *)&host->async, NULL);
    }
    lock(host);
    host->server = server;
    host->is_done = true;
    unlock(host);
    uv_run(&host->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&host->loop), 0);
    return NULL;
}

void host_start(struct host *host, bool may_fail) {
    (void)signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof pattern; i++) {
        pattern[i] = (uint8_t)(i * 7 + i / 251);
    }
    pthread_mutex_init(&host->lock, NULL);
    pthread_cond_init(&host->changed, NULL);
    assert_int_equal(pthread_create(&host->thread, NULL, run_host, host), 0);
    lock(host);
    while (!host->is_done) {
        pthread_cond_wait(&host->changed, &host->lock);
    }
    bool is_open = host->server != NULL;
    pthread_mutex_unlock(&host->lock);
    if (!is_open) {
        pthread_join(host->thread, NULL);
        if (!may_fail) {
            fail_msg("%s", host->error.text);
        }
    }
}

static bool wait_a_while(struct host *host) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    return pthread_cond_timedwait(&host->changed, &host->lock, &until) == 0;
}

static void await_count(struct host *host, const unsigned *counter, unsigned count) {
    lock(host);
    bool in_time = true;
    while (*counter < count && in_time) {
        in_time = wait_a_while(host);
    }
    unsigned reached = *counter;
    pthread_mutex_unlock(&host->lock);
    assert_true(reached >= count);
}

void host_await_opened(struct host *host, unsigned count) {
    await_count(host, &host->opened, count);
}

void host_await_closed(struct host *host, unsigned count) {
    await_count(host, &host->closed, count);
}

void host_await_notices(struct host *host, unsigned count) {
    await_count(host, &host->notices, count);
}

void host_await_received(struct host *host, uint64_t bytes) {
    lock(host);
    bool in_time = true;
    while (host->received < bytes && in_time) {
        in_time = wait_a_while(host);
    }
    uint64_t reached = host->received;
    pthread_mutex_unlock(&host->lock);
    assert_int_equal(reached, bytes);
}

void host_do(struct host *host, enum host_command command) {
    lock(host);
    host->command = command;
    uv_async_send(&host->async);
    while (host->command != HOST_NOTHING) {
        pthread_cond_wait(&host->changed, &host->lock);
    }
    pthread_mutex_unlock(&host->lock);
}

void host_end(struct host *host) {
    host_do(host, HOST_CLOSE);
    pthread_join(host->thread, NULL);
    assert_int_equal(host->opened, host->closed);
    assert_null(host->streams);
    pthread_mutex_destroy(&host->lock);
    pthread_cond_destroy(&host->changed);
}

struct host *host_create(const struct stream_listener *listener, unsigned threads) {
    struct host *host = calloc(1, sizeof *host);
    host->options = (struct stream_server_options){.listeners = listener,
                                                   .listener_count = 1,
                                                   .threads = threads,
                                                   .backlog = 512,
                                                   .message_bytes_max = 1 << 20};
    return host;
}

struct host *host_run(const struct stream_listener *listener, unsigned threads) {
    struct host *host = host_create(listener, threads);
    host_start(host, false);
    return host;
}

void host_destroy(struct host *host) {
    host_end(host);
    free(host);
}

void host_expect_error(const struct stream_listener *listener, const char *part) {
    struct host *host = host_create(listener, 1);
    host_start(host, true);
    assert_null(host->server);
    if (strstr(host->error.text, part) == NULL) {
        fail_msg("'%s' is not in: %s", part, host->error.text);
    }
    free(host);
}

// ---- peers ----------------------------------------------------------------------------------

static void be_patient(int fd) {
    struct timeval patience = {.tv_sec = PATIENCE_S};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

int connect_port(uint16_t port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    be_patient(fd);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

int connect_path(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    be_patient(fd);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

void peer_write(struct peer *peer, const void *bytes, size_t size) {
    const uint8_t *at = bytes;
    while (size > 0) {
        ssize_t written = peer->ssl != NULL ? SSL_write(peer->ssl, at, (int)size)
                                            : send(peer->fd, at, size, MSG_NOSIGNAL);
        assert_true(written > 0);
        at += written;
        size -= (size_t)written;
    }
}

static ssize_t read_some(struct peer *peer, void *bytes, size_t size) {
    return peer->ssl != NULL ? SSL_read(peer->ssl, bytes, (int)size)
                             : recv(peer->fd, bytes, size, 0);
}

void peer_read(struct peer *peer, void *bytes, size_t size) {
    uint8_t *at = bytes;
    while (size > 0) {
        ssize_t count = read_some(peer, at, size);
        if (count <= 0) {
            fail_msg("the stream ended, or nothing came (errno %d)", errno);
        }
        at += count;
        size -= (size_t)count;
    }
}

void peer_echo(struct peer *peer, size_t size) {
    uint8_t *out = malloc(size);
    uint8_t *in = malloc(size);
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(i ^ (i >> 8));
    }
    peer_write(peer, out, size);
    peer_read(peer, in, size);
    assert_memory_equal(out, in, size);
    free(out);
    free(in);
}

void peer_await_end(struct peer *peer, bool orderly) {
    uint8_t byte;
    ssize_t count = read_some(peer, &byte, 1);
    assert_true(count <= 0);
    if (peer->ssl == NULL) {
        assert_true(count == 0 || (!orderly && errno == ECONNRESET));
    } else if (orderly) {
        assert_int_equal(SSL_get_error(peer->ssl, (int)count), SSL_ERROR_ZERO_RETURN);
    }
}

void peer_close(struct peer *peer) {
    if (peer->ssl != NULL) {
        SSL_free(peer->ssl);
    }
    close(peer->fd);
}
