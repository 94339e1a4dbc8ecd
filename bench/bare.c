#include "bare.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES 16384 // as our broker reads from who floods it
#define EVENTS 64
#define DESCRIPTORS_MAX 1024

// What a connection is for, as its client id says.
enum part { UNKNOWN, FLOOD, PUBLISHER, SUBSCRIBER };

static enum part parts[DESCRIPTORS_MAX];
static int subscriber = -1;

static void put(int fd, const void *bytes, size_t size) {
    if (send(fd, bytes, size, MSG_NOSIGNAL) != (ssize_t)size) {
        bench_fail("the bare loop cannot send");
    }
}

static void let_in(int fd, const uint8_t *bytes, size_t size) {
    parts[fd] = memmem(bytes, size, "pair-p", 6) != NULL   ? PUBLISHER
                : memmem(bytes, size, "pair-s", 6) != NULL ? SUBSCRIBER
                                                           : FLOOD;
    subscriber = parts[fd] == SUBSCRIBER ? fd : subscriber;
    put(fd, "\x20\2\0\0", 4);
}

static void take(int fd, const uint8_t *bytes, size_t size) {
    switch (parts[fd]) {
    case UNKNOWN:
        let_in(fd, bytes, size);
        break;
    case FLOOD:
        break;
    case PUBLISHER:
        put(subscriber, bytes, size);
        break;
    case SUBSCRIBER:
        put(fd, (const uint8_t[]){0x90, 3, bytes[2], bytes[3], 0}, 5);
        break;
    }
}

static void accept_one(int listener, int poll) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0 || fd >= DESCRIPTORS_MAX) {
        bench_fail("the bare loop cannot accept");
    }
    parts[fd] = UNKNOWN;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    (void)epoll_ctl(poll, EPOLL_CTL_ADD, fd,
                    &(struct epoll_event){.events = EPOLLIN, .data.fd = fd});
}

static void read_one(int fd) {
    static uint8_t bytes[READ_BYTES];
    ssize_t size = recv(fd, bytes, sizeof bytes, 0);
    if (size > 0) {
        take(fd, bytes, (size_t)size);
    } else {
        close(fd);
    }
}

static _Noreturn void run(int listener, enum bench_core core) {
    struct epoll_event events[EVENTS];
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    bench_run_at(core);
    int poll = epoll_create1(EPOLL_CLOEXEC);
    (void)epoll_ctl(poll, EPOLL_CTL_ADD, listener,
                    &(struct epoll_event){.events = EPOLLIN, .data.fd = listener});
    for (;;) {
        int count = epoll_wait(poll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            fd == listener ? accept_one(listener, poll) : read_one(fd);
        }
    }
}

pid_t bench_start_bare(uint16_t port, enum bench_core core) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, SOMAXCONN) != 0) {
        bench_fail("the bare loop cannot listen");
    }
    pid_t process = fork();
    if (process == 0) {
        run(listener, core);
    }
    close(listener);
    return process;
}
