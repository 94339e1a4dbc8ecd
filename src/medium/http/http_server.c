#include "medium/http/http_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/decimal.h"
#include "medium/http/host_name.h"

#define NANOSECONDS UINT64_C(1000000000)
#define ANSWER_TIMEOUTS 10 // an answer may take so many request timeouts to be taken
#define BACKLOG 1024
#define STREAM_BLOCK (32u * 1024)
#define SHORTAGE_MS 100
#define HANG_UP_ROUNDS 500 // for connections that no thread has begun
#define HANG_UP_STEP_NS 10000000

// A connection. Its deadline is set by the server's threads and looked at in http_server_tick.
struct http_socket {
    struct http_socket *next;
    struct http_socket **link; // what points here
    int fd;
    bool local;
    _Atomic uint64_t deadline_ns; // 0: none, for the owner is at work on the answer
};

// One thread accepts, libmicrohttpd's threads serve. A connection is counted in `socket_count`
// when it was accepted, and stands among `sockets` from when a thread begins it until it is
// closed. `held` is what bodies and answers take, of all exchanges.
struct http_server {
    struct http_server_options options;
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    pthread_cond_t closed;       // a connection was
    struct http_socket *sockets; // under the lock: those that libmicrohttpd's threads have begun
    atomic_uint socket_count;    // all that were accepted
    pthread_t acceptor;
    atomic_uint exchanges;
    atomic_size_t held;
    _Atomic bool started;
    char message[256]; // libmicrohttpd's first, while it starts
};

static uint64_t steady_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NANOSECONDS + (uint64_t)now.tv_nsec;
}

static void set_deadline(struct http_exchange *exchange, uint64_t seconds) {
    exchange->socket->deadline_ns = seconds == 0 ? 0 : steady_ns() + seconds * NANOSECONDS;
}

// ---- connections ----------------------------------------------------------------------------

static void open_socket(struct http_server *server, struct MHD_Connection *connection,
                        void **context) {
    struct http_socket *socket = calloc(1, sizeof *socket);
    ASSERT_MESSAGE(socket != NULL, "out of memory");
    socket->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    socket->local = host_name_is_loopback_address(
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
    socket->deadline_ns = steady_ns() + server->options.request_timeout_s * NANOSECONDS;
    *context = socket;
    pthread_mutex_lock(&server->lock);
    socket->next = server->sockets;
    socket->link = &server->sockets;
    if (socket->next != NULL) {
        socket->next->link = &socket->next;
    }
    server->sockets = socket;
    pthread_mutex_unlock(&server->lock);
}

// The descriptor is still open here, so http_server_tick never meets one that is another's by now.
static void close_socket(struct http_server *server, struct http_socket *socket) {
    pthread_mutex_lock(&server->lock);
    *socket->link = socket->next;
    if (socket->next != NULL) {
        socket->next->link = socket->link;
    }
    server->socket_count--;
    pthread_cond_signal(&server->closed);
    pthread_mutex_unlock(&server->lock);
    free(socket);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket,
                          enum MHD_ConnectionNotificationCode code) {
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        open_socket(context, connection, socket);
    } else {
        close_socket(context, *socket);
    }
}

// A peer that sends no more is told so too when it has its answer. libmicrohttpd reads once for an
// edge of epoll, and misses an end that came together with the request.
static void answer_end(const struct http_socket *socket) {
    char byte;
    if (recv(socket->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) {
        shutdown(socket->fd, SHUT_RDWR);
    }
}

void http_server_tick(struct http_server *server) {
    uint64_t now = steady_ns();
    pthread_mutex_lock(&server->lock);
    for (struct http_socket *socket = server->sockets; socket != NULL; socket = socket->next) {
        uint64_t deadline = socket->deadline_ns;
        if (deadline != 0 && deadline <= now) {
            // Its thread sees that and closes it; or misses it when bytes come at the same moment,
            // for it reads once for an edge of epoll. Then the next time wakes it again.
            shutdown(socket->fd, SHUT_RDWR);
        }
    }
    pthread_mutex_unlock(&server->lock);
}

// ---- what an exchange asks ------------------------------------------------------------------

static struct bytes lookup(const struct http_exchange *exchange, enum MHD_ValueKind kind,
                           const char *name) {
    const char *value = NULL;
    size_t size = 0;
    if (MHD_lookup_connection_value_n(exchange->connection, kind, name, strlen(name), &value,
                                      &size) != MHD_YES) {
        return (struct bytes){0};
    }
    return bytes_make(value != NULL ? value : "", size); // a parameter may stand without a value
}

struct bytes http_exchange_header(const struct http_exchange *exchange, const char *name) {
    return lookup(exchange, MHD_HEADER_KIND, name);
}

struct bytes http_exchange_query(const struct http_exchange *exchange, const char *name) {
    return lookup(exchange, MHD_GET_ARGUMENT_KIND, name);
}

bool http_exchange_is_local(const struct http_exchange *exchange) {
    return exchange->socket->local;
}

void http_exchange_add(struct http_exchange *exchange, const char *name, const char *value) {
    ASSERT(exchange->header_count < HTTP_HEADERS_MAX);
    exchange->headers[exchange->header_count].name = name;
    int size =
        snprintf(exchange->headers[exchange->header_count].value, HTTP_HEADER_SIZE, "%s", value);
    ASSERT(size >= 0 && size < HTTP_HEADER_SIZE);
    exchange->header_count++;
}

void http_exchange_add_number(struct http_exchange *exchange, const char *name, uint64_t number) {
    uint8_t digits[DECIMAL_DIGITS_MAX + 1];
    *decimal_write(digits, number) = 0;
    http_exchange_add(exchange, name, (const char *)digits);
}

void http_exchange_suspend(struct http_exchange *exchange) {
    exchange->suspended = true;
    MHD_suspend_connection(exchange->connection);
}

void http_exchange_resume(struct http_exchange *exchange) {
    MHD_resume_connection(exchange->connection);
}

// ---- answers --------------------------------------------------------------------------------

static ssize_t read_chunk(void *context, uint64_t position, char *out, size_t room) {
    const struct http_exchange *exchange = context;
    size_t left = exchange->answer.size - (size_t)position;
    if (left == 0) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    size_t size = left < room ? left : room;
    memcpy(out, exchange->answer.data + position, size);
    return (ssize_t)size;
}

// While its owner has nothing for it, a stream has no deadline.
static ssize_t read_stream(void *context, uint64_t position, char *out, size_t room) {
    (void)position;
    struct http_exchange *exchange = context;
    struct http_server *server = exchange->server;
    // First: once it is suspended, another thread may resume it.
    set_deadline(exchange, 0);
    size_t size =
        server->options.events.read(server->options.events.context, exchange, (uint8_t *)out, room);
    if (size == HTTP_STREAM_END) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    if (size > 0) {
        set_deadline(exchange, server->options.request_timeout_s * ANSWER_TIMEOUTS);
    }
    return (ssize_t)size;
}

static struct MHD_Response *make_response(struct http_exchange *exchange) {
    if (exchange->streams) {
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream,
                                                 exchange, NULL);
    }
    if (exchange->chunked) {
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, exchange->answer.size + 1,
                                                 read_chunk, exchange, NULL);
    }
    return MHD_create_response_from_buffer(
        exchange->answer.size, (void *)(uintptr_t)exchange->answer.data, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_answer(struct http_exchange *exchange) {
    struct MHD_Response *response = make_response(exchange);
    if (response == NULL) {
        return MHD_NO;
    }
    if (exchange->content_type != NULL) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, exchange->content_type);
        MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    }
    for (unsigned i = 0; i < exchange->server->options.header_count; i++) {
        const struct http_header *header = &exchange->server->options.headers[i];
        MHD_add_response_header(response, header->name, header->value);
    }
    for (unsigned i = 0; i < exchange->header_count; i++) {
        MHD_add_response_header(response, exchange->headers[i].name, exchange->headers[i].value);
    }
    if (exchange->close) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    }
    size_t held = exchange->answer.size;
    exchange->held += held;
    exchange->server->held += held;
    set_deadline(exchange, exchange->server->options.request_timeout_s * ANSWER_TIMEOUTS);
    enum MHD_Result result = MHD_queue_response(exchange->connection, exchange->status, response);
    MHD_destroy_response(response);
    return result;
}

// ---- requests -------------------------------------------------------------------------------

bool http_server_is_full(struct http_server *server) {
    return server->held >= server->options.held_bytes / 2;
}

static void refuse(struct http_exchange *exchange, unsigned status) {
    struct http_server *server = exchange->server;
    server->options.events.refuse(server->options.events.context, exchange, status);
    buffer_deinit(&exchange->body);
}

// Counts what came of a body. False, and refused, if it is too much.
static bool hold(struct http_exchange *exchange, size_t size) {
    struct http_server *server = exchange->server;
    if (exchange->body.size + size > server->options.body_bytes) {
        refuse(exchange, 413);
        return false;
    }
    if (server->held + size > server->options.held_bytes) {
        refuse(exchange, 503);
        return false;
    }
    exchange->held += size;
    server->held += size;
    return true;
}

// The size that the request announces for its body; 0 if it does not.
static uint64_t announced_size(const struct http_exchange *exchange) {
    uint64_t size = 0;
    struct bytes text = http_exchange_header(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return decimal_read(text, UINT64_MAX, &size) ? size : 0;
}

// A body that is far too long, or that the client asks for first, is not worth waiting for.
static bool answers_at_once(const struct http_exchange *exchange, uint64_t size) {
    return exchange->status != 0 &&
           (size > exchange->server->options.body_bytes ||
            http_exchange_header(exchange, MHD_HTTP_HEADER_EXPECT).data != NULL);
}

static enum MHD_Result count_length(void *context, enum MHD_ValueKind kind, const char *name,
                                    const char *value) {
    unsigned *count = context;
    (void)kind;
    (void)value;
    *count += strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0 ||
              strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
    return MHD_YES;
}

// Who says twice how long a request is may mean to smuggle another one in behind it, past whoever
// believed the other length [RFC 9112, 6.1 and 6.3].
static bool has_two_lengths(const struct http_exchange *exchange) {
    unsigned count = 0;
    (void)MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, count_length, &count);
    return count > 1;
}

static enum MHD_Result begin(struct http_server *server, struct http_exchange *exchange,
                             bool is_spoilt) {
    set_deadline(exchange, server->options.request_timeout_s);
    server->options.events.begin(server->options.events.context, exchange);
    if (is_spoilt || has_two_lengths(exchange)) {
        exchange->header_count = 0;
        exchange->close = true; // where the next request begins is anybody's guess
        refuse(exchange, 400);
        return send_answer(exchange);
    }
    uint64_t size = announced_size(exchange);
    if (exchange->status == 0 && size > server->options.body_bytes) {
        refuse(exchange, 413);
    }
    return answers_at_once(exchange, size) ? send_answer(exchange) : MHD_YES;
}

static void collect(struct http_exchange *exchange, const char *data, size_t size) {
    if (exchange->status != 0) {
        return; // refused: what comes is skipped
    }
    if (hold(exchange, size)) {
        buffer_append(&exchange->body, bytes_make(data, size));
    }
}

// The whole request is there, or the exchange was resumed.
static enum MHD_Result receive(struct http_server *server, struct http_exchange *exchange) {
    if (!exchange->received && exchange->status == 0) {
        exchange->received = true;
        set_deadline(exchange, 0);
        server->options.events.receive(server->options.events.context, exchange);
        if (exchange->suspended) {
            return MHD_YES;
        }
    }
    ASSERT(exchange->status != 0);
    return send_answer(exchange);
}

static struct http_exchange *make_exchange(struct http_server *server,
                                           struct MHD_Connection *connection) {
    struct http_exchange *exchange = calloc(1, sizeof *exchange);
    ASSERT_MESSAGE(exchange != NULL, "out of memory");
    exchange->server = server;
    exchange->connection = connection;
    exchange->socket =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    exchange->begun_ns = steady_ns();
    memory_init(&exchange->memory);
    buffer_init(&exchange->body, &exchange->memory);
    server->exchanges++;
    return exchange;
}

// libmicrohttpd's callback has eight parameters.
// Stands for the exchange of a request whose path has a zero byte in it, until there is one.
static char spoilt;

// libmicrohttpd takes escapes away, and its texts end at a zero byte: the path would be another
// one.
static void *on_target(void *context, const char *target, struct MHD_Connection *connection) {
    (void)context;
    (void)connection;
    return strstr(target, "%00") != NULL ? &spoilt : NULL;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *path, const char *method, const char *version,
                                  const char *data, size_t *size, void **state) {
    (void)version;
    struct http_exchange *exchange = *state;
    bool is_spoilt = *state == &spoilt;
    if (exchange == NULL || is_spoilt) {
        *state = exchange = make_exchange(context, connection);
        exchange->method = method;
        exchange->path = path;
        return begin(context, exchange, is_spoilt);
    }
    if (*size > 0) {
        collect(exchange, data, *size);
        *size = 0;
        return MHD_YES;
    }
    return receive(context, exchange);
}

static void on_end(void *context, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode code) {
    (void)connection;
    (void)code;
    struct http_server *server = context;
    struct http_exchange *exchange = *state;
    if (exchange == NULL || *state == &spoilt) {
        return;
    }
    set_deadline(exchange, HTTP_IDLE_S);
    answer_end(exchange->socket);
    server->options.events.end(server->options.events.context, exchange);
    buffer_deinit(&exchange->body);
    server->held -= exchange->held;
    free(exchange);
    *state = NULL;
    server->exchanges--;
}

unsigned http_server_exchanges(struct http_server *server) {
    return server->exchanges;
}

unsigned http_server_connections(struct http_server *server) {
    return server->socket_count;
}

// ---- listening ------------------------------------------------------------------------------

// Splits HOST:PORT or [HOST]:PORT; false if it is neither.
static bool split_place(const char *where, char host[static 256], char port[static 8]) {
    const char *colon = strrchr(where, ':');
    if (colon == NULL || colon[1] == '\0' || strlen(colon + 1) > 5) {
        return false;
    }
    size_t size = (size_t)(colon - where);
    bool brackets = size > 2 && where[0] == '[' && where[size - 1] == ']';
    if (size == 0 || size > 255 || (!brackets && memchr(where, ':', size) != NULL)) {
        return false;
    }
    snprintf(host, 256, "%.*s", (int)(brackets ? size - 2 : size), where + brackets);
    snprintf(port, 8, "%s", colon + 1);
    return true;
}

static int open_listener(const struct addrinfo *place) {
    int fd = socket(place->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd < 0) {
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (place->ai_family == AF_INET6) {
        int off = 0; // [::] takes IPv4 too
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    if (bind(fd, place->ai_addr, place->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
        return fd;
    }
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static void name_listener(int fd, bool *loopback, char name[static 64]) {
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    char host[48] = "?";
    char port[8] = "?";
    struct sockaddr *any = (struct sockaddr *)&address;
    if (getsockname(fd, any, &size) == 0) {
        getnameinfo(any, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV);
        *loopback = host_name_is_loopback_address(any);
    }
    snprintf(name, 64, any->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

int http_listen(const char *where, bool *loopback, char name[static 64], struct http_error *error) {
    char host[256];
    char port[8];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *places = NULL;
    if (!split_place(where, host, port)) {
        snprintf(error->text, sizeof error->text,
                 "%s: give the place to listen at as HOST:PORT or [IPV6]:PORT", where);
        return -1;
    }
    int wrong = getaddrinfo(host, port, &hints, &places);
    if (wrong != 0) {
        snprintf(error->text, sizeof error->text, "%s: %s", where, gai_strerror(wrong));
        return -1;
    }
    int fd = open_listener(places);
    if (fd < 0) {
        snprintf(error->text, sizeof error->text, "cannot listen at %s: %s%s", where,
                 strerror(errno),
                 errno == EADDRINUSE ? "; is it running there already? Choose another port" : "");
    } else {
        name_listener(fd, loopback, name);
    }
    freeaddrinfo(places);
    return fd;
}

// ---- start and end --------------------------------------------------------------------------

// Its messages matter when it cannot start; later ones are about what clients do wrong.
static void on_message(void *context, const char *format, va_list arguments) {
    struct http_server *server = context;
    if (!server->started && server->message[0] == '\0') {
        vsnprintf(server->message, sizeof server->message, format, arguments);
        server->message[strcspn(server->message, "\n")] = '\0';
    }
}

static struct MHD_Daemon *start_daemon(struct http_server *server) {
    const struct http_server_options *options = &server->options;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                     MHD_USE_NO_LISTEN_SOCKET;
    struct MHD_OptionItem more[4] = {{MHD_OPTION_END, 0, NULL}};
    size_t count = 0;
    if (options->certificate != NULL) {
        flags |= MHD_USE_TLS;
        more[count++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0,
                                                (void *)(uintptr_t)options->certificate};
        more[count++] =
            (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)options->key};
    }
    if (options->threads > 1) {
        more[count++] =
            (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, options->threads, NULL};
    }
    more[count] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    // Never reached, since take_connection has the limit: a thread of libmicrohttpd 0.9.75 that
    // meets its share of it keeps a lock for ever.
    unsigned limit = 2 * options->connections * (options->threads > 1 ? options->threads : 1);
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER,
                            on_message, server, MHD_OPTION_NOTIFY_COMPLETED, on_end, server,
                            MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
                            MHD_OPTION_CONNECTION_LIMIT, limit, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
                            options->connections_per_address, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                            options->connection_bytes, MHD_OPTION_URI_LOG_CALLBACK, on_target,
                            server, MHD_OPTION_ARRAY, more, MHD_OPTION_END);
}

static void take_connection(struct http_server *server, int fd,
                            const struct sockaddr_storage *address, socklen_t size) {
    if (server->socket_count >= server->options.connections) {
        close(fd);
        return;
    }
    server->socket_count++;
    const struct sockaddr *any = (const struct sockaddr *)(const void *)address;
    // Above the limit of its address, libmicrohttpd closes it.
    if (MHD_add_connection(server->daemon, fd, any, size) != MHD_YES) {
        server->socket_count--;
    }
}

// Connections are accepted here, not by libmicrohttpd: in 0.9.75 its threads and the caller of
// MHD_quiesce_daemon take the listening socket away from the same epoll, and whoever is second
// aborts the program. It ends when the listening socket is shut down.
static void *accept_all(void *context) {
    struct http_server *server = context;
    for (;;) {
        struct sockaddr_storage address;
        socklen_t size = sizeof address;
        int fd = accept4(server->options.listener, (struct sockaddr *)&address, &size,
                         SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0) {
            take_connection(server, fd, &address, size);
        } else if (errno == EINVAL || errno == EBADF) {
            return NULL;
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            poll(NULL, 0, SHORTAGE_MS); // those that wait are taken when others have gone
        }
    }
}

static bool start(struct http_server *server) {
    server->daemon = start_daemon(server);
    server->started = true;
    if (server->daemon == NULL) {
        return false;
    }
    errno = pthread_create(&server->acceptor, NULL, accept_all, server);
    if (errno != 0) {
        MHD_stop_daemon(server->daemon);
    }
    return errno == 0;
}

static void free_server(struct http_server *server) {
    pthread_mutex_destroy(&server->lock);
    pthread_cond_destroy(&server->closed);
    free(server);
}

struct http_server *http_server_open(const struct http_server_options *options,
                                     struct http_error *error) {
    struct http_server *server = calloc(1, sizeof *server);
    ASSERT_MESSAGE(server != NULL, "out of memory");
    server->options = *options;
    pthread_mutex_init(&server->lock, NULL);
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&server->closed, &steady);
    pthread_condattr_destroy(&steady);
    if (start(server)) {
        return server;
    }
    snprintf(error->text, sizeof error->text, "the HTTP server does not start: %s",
             server->message[0] != '\0' ? server->message : strerror(errno));
    close(options->listener);
    free_server(server);
    return NULL;
}

void http_server_quiesce(struct http_server *server) {
    if (server->options.listener >= 0) {
        shutdown(server->options.listener, SHUT_RDWR);
        pthread_join(server->acceptor, NULL);
        close(server->options.listener);
        server->options.listener = -1;
    }
}

static void wait_for_close(struct http_server *server) {
    struct timespec soon;
    clock_gettime(CLOCK_MONOTONIC, &soon);
    soon.tv_nsec += HANG_UP_STEP_NS;
    soon.tv_sec += soon.tv_nsec / (long)NANOSECONDS;
    soon.tv_nsec %= (long)NANOSECONDS;
    pthread_cond_timedwait(&server->closed, &server->lock, &soon);
}

// Ends all connections, again and again: see http_server_tick. One that a thread has begun ends for
// certain, however long that thread is busy or the machine is, and is waited for. One that was
// accepted and never begun may be lost to libmicrohttpd.
static void hang_up(struct http_server *server) {
    unsigned rounds = 0; // in which none ended
    pthread_mutex_lock(&server->lock);
    while (server->sockets != NULL || (server->socket_count > 0 && rounds < HANG_UP_ROUNDS)) {
        for (struct http_socket *socket = server->sockets; socket != NULL; socket = socket->next) {
            shutdown(socket->fd, SHUT_RDWR);
        }
        unsigned before = server->socket_count;
        wait_for_close(server);
        rounds = server->socket_count == before ? rounds + 1 : 0;
    }
    pthread_mutex_unlock(&server->lock);
}

void http_server_close(struct http_server *server) {
    http_server_quiesce(server);
    // Before libmicrohttpd is told to stop: version 0.9.75 reads through a null pointer when it
    // refuses a malformed request after that.
    hang_up(server);
    MHD_stop_daemon(server->daemon);
    free_server(server);
}
