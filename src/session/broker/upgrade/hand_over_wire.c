#include "session/broker/upgrade/hand_over_wire.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"

#define SOCKETS_BYTES (SERVICE_SOCKETS_MAX * sizeof(int))

unsigned handed_sockets_take(struct handed_sockets *handed, const char *name,
                             int sockets[static SERVICE_SOCKETS_MAX]) {
    for (unsigned i = 0; i < handed->count; i++) {
        struct handed_listener *listener = &handed->listeners[i];
        if (listener->count > 0 && strcmp(listener->name, name) == 0) {
            unsigned count = listener->count;
            memcpy(sockets, listener->sockets, count * sizeof *sockets);
            listener->count = 0;
            return count;
        }
    }
    return 0;
}

static void close_all(const int *sockets, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        (void)close(sockets[i]);
    }
}

void handed_sockets_close(struct handed_sockets *handed) {
    for (unsigned i = 0; i < handed->count; i++) {
        close_all(handed->listeners[i].sockets, handed->listeners[i].count);
    }
    handed->count = 0;
}

// ---- messages -----------------------------------------------------------------------------------

bool hand_over_send(int fd, const char *text, const int *sockets, unsigned count) {
    union {
        struct cmsghdr header;
        uint8_t bytes[CMSG_SPACE(SOCKETS_BYTES)];
    } control = {.bytes = {0}};
    struct iovec run = {(void *)(uintptr_t)text, strlen(text)};
    struct msghdr message = {.msg_iov = &run, .msg_iovlen = 1};
    ASSERT(count <= SERVICE_SOCKETS_MAX);
    if (count > 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(count * sizeof *sockets);
        control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(count * sizeof *sockets),
                                          .cmsg_level = SOL_SOCKET,
                                          .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(&control.header), sockets, count * sizeof *sockets);
    }
    ssize_t sent;
    do {
        sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)run.iov_len;
}

bool hand_over_send_all(int fd, const struct handed_sockets *handed) {
    bool is_sent = true;
    for (unsigned i = 0; i < handed->count && is_sent; i++) {
        const struct handed_listener *listener = &handed->listeners[i];
        char text[HAND_OVER_TEXT_SIZE];
        (void)snprintf(text, sizeof text, HAND_OVER_LISTENER "%s", listener->name);
        is_sent = hand_over_send(fd, text, listener->sockets, listener->count);
    }
    return is_sent && hand_over_send(fd, HAND_OVER_END, NULL, 0);
}

static void take_sockets(struct msghdr *header, struct hand_over_message *message) {
    const struct cmsghdr *control = CMSG_FIRSTHDR(header);
    message->count = 0;
    if (control == NULL || control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS) {
        return;
    }
    size_t size = control->cmsg_len - CMSG_LEN(0);
    ASSERT(size <= sizeof message->sockets);
    memcpy(message->sockets, CMSG_DATA(control), size);
    message->count = (unsigned)(size / sizeof(int));
}

enum hand_over_received hand_over_receive(int fd, struct hand_over_message *message, int wait_ms) {
    union {
        struct cmsghdr header;
        uint8_t bytes[CMSG_SPACE(SOCKETS_BYTES)];
    } control;
    struct iovec run = {message->text, sizeof message->text - 1};
    struct msghdr header = {.msg_iov = &run,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof control.bytes};
    struct pollfd at = {.fd = fd, .events = POLLIN};
    int ready;
    do {
        ready = poll(&at, 1, wait_ms);
    } while (ready < 0 && errno == EINTR);
    if (ready == 0) {
        return HAND_OVER_NOTHING;
    }
    ssize_t got = recvmsg(fd, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (got < 0 && errno == ECONNRESET) { // told first, and once; what was sent before comes then
        got = recvmsg(fd, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    }
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return HAND_OVER_NOTHING;
    }
    if (got <= 0) {
        return HAND_OVER_ENDED;
    }
    message->text[got] = '\0';
    take_sockets(&header, message);
    if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
        close_all(message->sockets, message->count);
        return HAND_OVER_ENDED;
    }
    return HAND_OVER_MESSAGE;
}

// ---- who is there -------------------------------------------------------------------------------

bool hand_over_place(const char *path, struct sockaddr_un *place) {
    size_t size = strlen(path);
    *place = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (size == 0 || size >= sizeof place->sun_path) {
        return false;
    }
    memcpy(place->sun_path, path, size);
    return true;
}

bool hand_over_is_ours(int fd, pid_t *process) {
    struct ucred who = {0};
    socklen_t size = sizeof who;
    bool is_known = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0;
    *process = is_known ? who.pid : 0;
    return is_known && who.uid == geteuid();
}

int hand_over_watch(pid_t process) {
    return process > 0 ? pidfd_open(process, 0) : -1;
}

void hand_over_await_end(int watched, int wait_ms) {
    struct pollfd at = {.fd = watched, .events = POLLIN};
    if (watched >= 0) {
        while (poll(&at, 1, wait_ms) < 0 && errno == EINTR) {
        }
    }
}
