#include "medium/stream/stream_listening.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "medium/http/host_name.h"
#include "medium/stream/stream_error.h"

#define NOTICE_INTERVAL_NS (UINT64_C(60) * 1000 * 1000 * 1000)

// ---- errors ---------------------------------------------------------------------------------

static const char *advice(int reason) {
    switch (reason) {
    case EADDRINUSE:
        return "another program listens there: end it, or choose another port";
    case EACCES:
    case EPERM:
        return "ports below 1024 and foreign folders are for those who are allowed to: choose a "
               "port of 1024 or more or a path of your own";
    case EADDRNOTAVAIL:
        return "this machine has no such address: name one that it has, or 0.0.0.0 or :: for all";
    case EAFNOSUPPORT:
        return "this machine does not have this kind of address: name another";
    case EMFILE:
    case ENFILE:
        return "raise the limit on open files (ulimit -n)";
    case ENOENT:
    case ENOTDIR:
        return "create the folder, or name another path";
    default:
        return "see to it and try again";
    }
}

static bool fail(struct stream_server_error *error, const char *place, int reason) {
    return stream_error_set(error, "%s: cannot listen: %s; %s", place, strerror(reason),
                            advice(reason));
}

// ---- TCP ------------------------------------------------------------------------------------

static void set_port(struct sockaddr_storage *address, uint16_t port) {
    if (address->ss_family == AF_INET) {
        ((struct sockaddr_in *)address)->sin_port = htons(port);
    } else {
        ((struct sockaddr_in6 *)address)->sin6_port = htons(port);
    }
}

static uint16_t port_of(int fd) {
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } address = {.six = {0}};
    socklen_t size = sizeof address;
    if (getsockname(fd, &address.any, &size) != 0) {
        return 0;
    }
    return ntohs(address.any.sa_family == AF_INET ? address.four.sin_port : address.six.sin6_port);
}

// The streams inherit TCP_NODELAY from the listening socket. Only `::` takes IPv4 as well.
static int bind_tcp(const struct sockaddr_storage *address, socklen_t size, int backlog) {
    int on = 1;
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
        int only_six = !IN6_IS_ADDR_UNSPECIFIED(&six->sin6_addr);
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_six, sizeof only_six);
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(fd, (const struct sockaddr *)address, size) != 0 || listen(fd, backlog) != 0) {
        int reason = errno;
        close(fd);
        errno = reason;
        return -1;
    }
    return fd;
}

static void add_socket(struct stream_listening *listening, int fd) {
    listening->sockets[listening->socket_count++] =
        (struct stream_listening_socket){.listening = listening, .fd = fd};
}

// The first of several addresses chooses a free port for all.
static int open_address(struct stream_listening *listening, const struct addrinfo *info,
                        int backlog) {
    struct sockaddr_storage address = {0};
    memcpy(&address, info->ai_addr, info->ai_addrlen);
    set_port(&address, listening->port);
    int fd = bind_tcp(&address, info->ai_addrlen, backlog);
    if (fd < 0) {
        return errno;
    }
    listening->port = port_of(fd);
    add_socket(listening, fd);
    return 0;
}

// A machine may lack one of the kinds of addresses that a name, or loopback, stands for.
static bool is_lack(int reason) {
    return reason == EADDRNOTAVAIL || reason == EAFNOSUPPORT;
}

static bool open_addresses(struct stream_listening *listening, const struct addrinfo *found,
                           int backlog, const char *host, struct stream_server_error *error) {
    char place[300];
    int reason = 0;
    for (; found != NULL && listening->socket_count < STREAM_LISTENING_SOCKETS;
         found = found->ai_next) {
        int fault = open_address(listening, found, backlog);
        reason = fault != 0 ? fault : reason;
        if (fault != 0 && !is_lack(fault)) {
            break;
        }
    }
    if (reason == 0 || (is_lack(reason) && listening->socket_count > 0)) {
        return true;
    }
    (void)snprintf(place, sizeof place, strchr(host, ':') == NULL ? "%s:%u" : "[%s]:%u", host,
                   listening->port);
    return fail(error, place, reason);
}

static bool open_host(struct stream_listening *listening, const char *host, int backlog,
                      struct stream_server_error *error) {
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    int fault = getaddrinfo(host, "0", &hints, &found);
    if (fault != 0) {
        return stream_error_set(error,
                                "%s: cannot listen: %s; name an address or a host that this "
                                "machine has",
                                host, gai_strerror(fault));
    }
    bool is_open = open_addresses(listening, found, backlog, host, error);
    freeaddrinfo(found);
    return is_open;
}

static bool open_tcp(struct stream_listening *listening, const struct stream_listener *how,
                     int backlog, struct stream_server_error *error) {
    listening->port = how->port;
    if (how->host != NULL) {
        return open_host(listening, how->host, backlog, error);
    }
    if (!open_host(listening, "127.0.0.1", backlog, error)) {
        return false;
    }
    struct sockaddr_in6 loopback = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    const struct addrinfo six = {.ai_addr = (struct sockaddr *)&loopback,
                                 .ai_addrlen = sizeof loopback};
    return open_addresses(listening, &six, backlog, "::1", error);
}

// ---- Unix -----------------------------------------------------------------------------------

// A socket that nobody listens at was left by a process that was killed.
static bool remove_stale(const struct sockaddr_un *address, struct stream_server_error *error) {
    struct stat status;
    if (lstat(address->sun_path, &status) != 0) {
        return true;
    }
    if (!S_ISSOCK(status.st_mode)) {
        return stream_error_set(error,
                                "%s: cannot listen: this is there and is no socket; name another "
                                "path",
                                address->sun_path);
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int fault = fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof *address) != 0;
    int reason = fault ? errno : 0;
    if (fd >= 0) {
        close(fd);
    }
    if (reason != ECONNREFUSED) {
        return stream_error_set(error,
                                "%s: cannot listen: another program listens there: end it, or "
                                "name another path",
                                address->sun_path);
    }
    return unlink(address->sun_path) == 0 || fail(error, address->sun_path, errno);
}

static void keep_path(struct stream_listening *listening, const char *path) {
    struct stat status;
    if (lstat(path, &status) == 0) {
        listening->path = strdup(path);
        listening->path_device = status.st_dev;
        listening->path_inode = status.st_ino;
    }
}

static bool open_unix(struct stream_listening *listening, const char *path, int backlog,
                      struct stream_server_error *error) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = path == NULL ? 0 : strlen(path);
    if (size == 0 || size >= sizeof address.sun_path) {
        return stream_error_set(error,
                                "%.80s: cannot listen: the path of a Unix socket has 1 to %zu "
                                "bytes; name another",
                                size == 0 ? "" : path, sizeof address.sun_path - 1);
    }
    memcpy(address.sun_path, path, size);
    if (!remove_stale(&address, error)) {
        return false;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return fail(error, path, errno);
    }
    add_socket(listening, fd);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, backlog) != 0) {
        return fail(error, path, errno);
    }
    keep_path(listening, path);
    return true;
}

void stream_listening_leave_path(struct stream_listening *listening) {
    free(listening->path);
    listening->path = NULL;
}

// What another process has put there meanwhile stays.
static void remove_path(struct stream_listening *listening) {
    struct stat status;
    if (listening->path != NULL && lstat(listening->path, &status) == 0 &&
        status.st_dev == listening->path_device && status.st_ino == listening->path_inode) {
        (void)unlink(listening->path);
    }
    stream_listening_leave_path(listening);
}

// ---- its life -------------------------------------------------------------------------------

static int open_spare(void) {
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static char *copy_text(const char *text) {
    return text == NULL ? NULL : strdup(text);
}

static bool has_tls(const struct stream_listening *listening) {
    return listening->kind == STREAM_TLS || listening->kind == STREAM_WEBSOCKET_TLS;
}

static bool open_tls(struct stream_listening *listening, struct stream_server_error *error) {
    if (has_tls(listening)) {
        listening->tls = stream_tls_open_context(&listening->files, error);
    }
    return !has_tls(listening) || listening->tls != NULL;
}

// Whether only this machine reaches it, as far as its name tells.
static bool is_loopback(const char *host) {
    return host == NULL || host_name_is_loopback(bytes_of_text(host));
}

static struct stream_websocket_rules websocket_rules(const struct stream_listener *how,
                                                     const struct stream_server_options *options) {
    return (struct stream_websocket_rules){.frame_bytes_max = options->message_bytes_max,
                                           .origins = {.is_checked = how->checks_origin,
                                                       .is_loopback = is_loopback(how->host),
                                                       .allowed = copy_text(how->origins)},
                                           .path = copy_text(how->path),
                                           .message_size = options->message_size};
}

// The path of a socket that was opened there by the process before us is ours to remove now.
static void adopt_path(struct stream_listening *listening, int fd, const char *path) {
    struct sockaddr_un bound = {0};
    socklen_t size = sizeof bound - 1;
    if (getsockname(fd, (struct sockaddr *)&bound, &size) == 0 &&
        strcmp(bound.sun_path, path) == 0) {
        keep_path(listening, path);
    }
}

// Sockets that another process has opened for us.
static bool adopt(struct stream_listening *listening, const struct stream_listener *how,
                  struct stream_server_error *error) {
    for (unsigned i = 0; i < how->socket_count && i < STREAM_LISTENING_SOCKETS; i++) {
        int fd = how->sockets[i];
        int is_listening = 0;
        socklen_t size = sizeof is_listening;
        if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &size) != 0 || !is_listening) {
            return stream_error_set(error, "descriptor %d is no listening socket", fd);
        }
        (void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
        add_socket(listening, fd);
        if (how->kind == STREAM_UNIX) {
            adopt_path(listening, fd, how->host);
        } else {
            listening->port = port_of(fd);
        }
    }
    return true;
}

static bool open_sockets(struct stream_listening *listening, const struct stream_listener *how,
                         int backlog, struct stream_server_error *error) {
    return how->socket_count > 0      ? adopt(listening, how, error)
           : how->kind == STREAM_UNIX ? open_unix(listening, how->host, backlog, error)
                                      : open_tcp(listening, how, backlog, error);
}

bool stream_listening_open(struct stream_listening *listening, const struct stream_listener *how,
                           const struct stream_server_options *options,
                           struct stream_server_error *error) {
    int backlog = (int)options->backlog;
    uint64_t seed = 0;
    *listening = (struct stream_listening){.kind = how->kind,
                                           .websocket = websocket_rules(how, options),
                                           .connections_max = how->connections,
                                           .per_address_max = how->connections_per_address,
                                           .handshake_ms = how->handshake_ms,
                                           .proxies = how->proxies,
                                           .spare_fd = open_spare()};
    listening->files = (struct stream_listener){.certificate = copy_text(how->certificate),
                                                .key = copy_text(how->key),
                                                .authority = copy_text(how->authority),
                                                .revoked = copy_text(how->revoked),
                                                .tls_1_3_only = how->tls_1_3_only};
    (void)uv_random(NULL, NULL, &seed, sizeof seed, 0, NULL);
    pthread_mutex_init(&listening->lock, NULL);
    memory_init(&listening->memory);
    map_init(&listening->per_address, &listening->memory, seed);
    return open_tls(listening, error) && open_sockets(listening, how, backlog, error);
}

bool stream_listening_reload(struct stream_listening *listening,
                             struct stream_server_error *error) {
    SSL_CTX_free(listening->fresh_tls);
    listening->fresh_tls =
        has_tls(listening) ? stream_tls_open_context(&listening->files, error) : NULL;
    return !has_tls(listening) || listening->fresh_tls != NULL;
}

void stream_listening_renew(struct stream_listening *listening) {
    if (listening->fresh_tls == NULL) {
        return;
    }
    pthread_mutex_lock(&listening->lock);
    SSL_CTX *old = listening->tls;
    listening->tls = listening->fresh_tls;
    pthread_mutex_unlock(&listening->lock);
    listening->fresh_tls = NULL;
    SSL_CTX_free(old);
}

static bool has_websocket(const struct stream_listening *listening) {
    return listening->kind == STREAM_WEBSOCKET || listening->kind == STREAM_WEBSOCKET_TLS;
}

bool stream_listening_has_wrap(const struct stream_listening *listening) {
    return has_websocket(listening) || has_tls(listening) ||
           stream_proxy_is_wanted(&listening->proxies);
}

struct stream_wrap *stream_listening_wrap(struct stream_listening *listening,
                                          struct memory *memory) {
    if (!stream_listening_has_wrap(listening)) {
        return NULL;
    }
    pthread_mutex_lock(&listening->lock);
    struct stream_wrap *wrap = stream_wrap_create(
        listening->tls, has_websocket(listening) ? &listening->websocket : NULL, memory);
    pthread_mutex_unlock(&listening->lock);
    if (stream_proxy_is_wanted(&listening->proxies)) {
        wrap->proxy = memory_allocate(memory, sizeof *wrap->proxy);
    }
    return wrap;
}

void stream_listening_close(struct stream_listening *listening) {
    remove_path(listening);
    for (unsigned i = 0; i < listening->socket_count; i++) {
        if (listening->sockets[i].fd >= 0) {
            close(listening->sockets[i].fd);
            listening->sockets[i].fd = -1;
        }
    }
    if (listening->spare_fd >= 0) {
        close(listening->spare_fd);
        listening->spare_fd = -1;
    }
}

void stream_listening_deinit(struct stream_listening *listening) {
    map_deinit(&listening->per_address);
    SSL_CTX_free(listening->tls);
    SSL_CTX_free(listening->fresh_tls);
    free((char *)(uintptr_t)listening->files.certificate);
    free((char *)(uintptr_t)listening->files.key);
    free((char *)(uintptr_t)listening->files.authority);
    free((char *)(uintptr_t)listening->files.revoked);
    free((char *)(uintptr_t)listening->websocket.origins.allowed);
    free((char *)(uintptr_t)listening->websocket.path);
    pthread_mutex_destroy(&listening->lock);
}

// ---- who may come in ------------------------------------------------------------------------

// An IPv6 network of one owner is a /64; of its addresses each may be as many as it likes. The
// keys of IPv4 addresses are those of a multicast network, from which nothing comes. 0: a Unix
// socket, of which there is no address.
static uint64_t address_key(const struct sockaddr_storage *address) {
    uint32_t four = 0;
    uint64_t key = 0;
    if (address->ss_family == AF_INET) {
        four = ((const struct sockaddr_in *)address)->sin_addr.s_addr;
    } else if (address->ss_family == AF_INET6) {
        const struct in6_addr *six = &((const struct sockaddr_in6 *)address)->sin6_addr;
        if (!IN6_IS_ADDR_V4MAPPED(six)) {
            memcpy(&key, six->s6_addr, sizeof key);
            return key;
        }
        memcpy(&four, six->s6_addr + 12, sizeof four);
    } else {
        return 0;
    }
    return UINT64_C(0xffffffff00000000) | four;
}

// One more stream from there. NULL: it is counted.
static const char *count_address(struct stream_listening *listening, uint64_t address) {
    if (listening->per_address_max != 0 && address != 0) {
        uint32_t count = map_get(&listening->per_address, address);
        count = count == MAP_NONE ? 0 : count;
        if (count >= listening->per_address_max) {
            return "there are as many as one address may have";
        }
        map_put(&listening->per_address, address, count + 1);
    }
    return NULL;
}

// NULL: it may come in, and is counted.
static const char *admit(struct stream_listening *listening, uint64_t address) {
    if (listening->connections_max != 0 && listening->connections >= listening->connections_max) {
        return "there are as many as the listener may have";
    }
    const char *why = count_address(listening, address);
    if (why != NULL) {
        return why;
    }
    listening->connections++;
    listening->accepted++;
    return NULL;
}

void stream_listening_forget(struct stream_listening *listening, uint64_t address) {
    pthread_mutex_lock(&listening->lock);
    listening->connections--;
    if (listening->per_address_max != 0 && address != 0) {
        uint32_t count = map_get(&listening->per_address, address);
        if (count > 1) {
            map_put(&listening->per_address, address, count - 1);
        } else {
            map_remove(&listening->per_address, address);
        }
    }
    pthread_mutex_unlock(&listening->lock);
}

// How many came since the last notice, if one is due; 0: none is. With the lock.
static uint64_t take_told(struct stream_listening_told *told, uint64_t count) {
    uint64_t now = uv_hrtime();
    uint64_t since = count - told->count;
    if (told->at_ns != 0 && now - told->at_ns <= NOTICE_INTERVAL_NS) {
        return 0;
    }
    *told = (struct stream_listening_told){count, now};
    return since;
}

// With the lock.
static void refuse(struct stream_listening *listening, const char *why,
                   struct stream_server_error *notice) {
    uint64_t count = take_told(&listening->refused_told, ++listening->refused);
    if (count > 0) {
        (void)stream_error_set(notice, "port %u: connections refused: %llu; %s", listening->port,
                               (unsigned long long)count, why);
    }
}

// Streams of proxies come from nowhere until their header says more.
static bool is_let_in(struct stream_listening *listening, const struct sockaddr_storage *address,
                      uint64_t *key, struct stream_server_error *notice) {
    bool has_proxies = stream_proxy_is_wanted(&listening->proxies);
    *key = has_proxies ? 0 : address_key(address);
    pthread_mutex_lock(&listening->lock);
    const char *why = has_proxies && !stream_proxy_sources_have(&listening->proxies, address)
                          ? "they do not come from a proxy that ?proxy= names"
                          : admit(listening, *key);
    if (why != NULL) {
        refuse(listening, why, notice);
    }
    pthread_mutex_unlock(&listening->lock);
    return why == NULL;
}

bool stream_listening_name(struct stream_listening *listening,
                           const struct sockaddr_storage *address, uint64_t *key,
                           struct stream_server_error *notice) {
    uint64_t named = address_key(address);
    notice->text[0] = '\0';
    pthread_mutex_lock(&listening->lock);
    const char *why = count_address(listening, named);
    if (why != NULL) {
        refuse(listening, why, notice);
    } else {
        *key = named;
    }
    pthread_mutex_unlock(&listening->lock);
    return why == NULL;
}

void stream_listening_note_header(struct stream_listening *listening, const char *place,
                                  const char *why, struct stream_server_error *notice) {
    notice->text[0] = '\0';
    pthread_mutex_lock(&listening->lock);
    uint64_t count = take_told(&listening->headers_told, ++listening->bad_headers);
    if (count > 0) {
        (void)stream_error_set(notice,
                               "port %u: connections without a good PROXY header ended: %llu; the "
                               "last from %s: %s",
                               listening->port, (unsigned long long)count, place, why);
    }
    pthread_mutex_unlock(&listening->lock);
}

// With no descriptor left, a connection could be neither taken nor refused, and the loop would be
// told of it again and again. So the spare one is given up for it.
static bool refuse_for_want(struct stream_listening_socket *from,
                            struct stream_server_error *notice) {
    struct stream_listening *listening = from->listening;
    if (!listening->shortage_is_said) {
        listening->shortage_is_said = true;
        (void)stream_error_set(notice,
                               "port %u: connections refused: no more files can be opened; raise "
                               "the limit (ulimit -n)",
                               listening->port);
    }
    if (listening->spare_fd < 0) {
        return false;
    }
    close(listening->spare_fd);
    int fd = accept4(from->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0) {
        close(fd);
    }
    listening->spare_fd = open_spare();
    return fd >= 0;
}

bool stream_listening_accept(struct stream_listening_socket *from, struct stream_deal *deal,
                             struct stream_server_error *notice) {
    notice->text[0] = '\0';
    for (;;) {
        struct sockaddr_storage address = {0};
        socklen_t size = sizeof address;
        int fd =
            accept4(from->fd, (struct sockaddr *)&address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) {
            continue;
        }
        if (fd < 0 && (errno == EMFILE || errno == ENFILE) && refuse_for_want(from, notice)) {
            continue;
        }
        if (fd < 0) {
            return false;
        }
        *deal = (struct stream_deal){.fd = fd, .listening = from->listening};
        if (is_let_in(from->listening, &address, &deal->address, notice)) {
            return true;
        }
        close(fd);
    }
}
