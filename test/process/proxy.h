// The link between routers and a master, for tests that cut it: a TCP proxy on loopback, in a
// process of its own. It does what it is told before proxy_tell returns.
#ifndef TEST_PROCESS_PROXY_H
#define TEST_PROCESS_PROXY_H

#include "http.h"

#define PROXY_PAIRS 64

enum proxy_order {
    PROXY_OPEN,    // connections pass
    PROXY_CUT,     // all are ended, new ones refused
    PROXY_SWALLOW, // what the master says goes nowhere; the master hears all
    PROXY_FREEZE,  // those that are open stay so, but nothing passes ever again; new ones pass
    PROXY_TARGET,  // new ones go to another port
};

struct proxy {
    pid_t process;
    int control;
    uint16_t port;
};

struct proxy_command {
    enum proxy_order order;
    uint16_t target;
};

// ---- in its process -------------------------------------------------------------------------

struct proxy_work {
    int control;
    int listener; // -1: closed
    uint16_t port;
    uint16_t target;
    bool swallows;
    struct {
        int near; // the router's side; -1: this place is free
        int far;  // the master's side; -1: the connection is frozen
    } pairs[PROXY_PAIRS];
};

static inline void proxy_quit_unless(bool good) {
    if (!good) {
        perror("proxy");
        _exit(1);
    }
}

static inline int proxy_listen(uint16_t *port) {
    struct sockaddr_in place = {
        .sin_family = AF_INET, .sin_port = htons(*port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    int on = 1;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    proxy_quit_unless(bind(listener, (const struct sockaddr *)&place, size) == 0 &&
                      listen(listener, PROXY_PAIRS) == 0 &&
                      getsockname(listener, (struct sockaddr *)&place, &size) == 0);
    *port = ntohs(place.sin_port);
    return listener;
}

static inline void proxy_end_pair(struct proxy_work *work, size_t i) {
    close(work->pairs[i].near);
    if (work->pairs[i].far >= 0) {
        close(work->pairs[i].far);
    }
    work->pairs[i].near = work->pairs[i].far = -1;
}

static inline void proxy_accept(struct proxy_work *work) {
    struct sockaddr_in place = {.sin_family = AF_INET,
                                .sin_port = htons(work->target),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    int near = accept4(work->listener, NULL, NULL, SOCK_CLOEXEC);
    int far = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    size_t i = 0;
    while (i < PROXY_PAIRS && work->pairs[i].near >= 0) {
        i++;
    }
    proxy_quit_unless(near >= 0 && far >= 0 && i < PROXY_PAIRS);
    work->pairs[i].near = near;
    work->pairs[i].far = far;
    (void)setsockopt(near, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(far, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(far, (const struct sockaddr *)&place, sizeof place) != 0) {
        proxy_end_pair(work, i);
    }
}

// False: one side has ended.
static inline bool proxy_carry(int from, int to, bool swallows) {
    char bytes[65536];
    ssize_t got = recv(from, bytes, sizeof bytes, 0);
    for (ssize_t at = 0; at < got && !swallows;) {
        ssize_t sent = send(to, bytes + at, (size_t)(got - at), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        at += sent;
    }
    return got > 0;
}

static inline void proxy_end_all(struct proxy_work *work) {
    for (size_t i = 0; i < PROXY_PAIRS; i++) {
        if (work->pairs[i].near >= 0) {
            proxy_end_pair(work, i);
        }
    }
    close(work->listener);
    work->listener = -1;
}

static inline void proxy_freeze(struct proxy_work *work) {
    for (size_t i = 0; i < PROXY_PAIRS; i++) {
        if (work->pairs[i].far >= 0) {
            close(work->pairs[i].far);
            work->pairs[i].far = -1;
        }
    }
}

static inline void proxy_obey(struct proxy_work *work) {
    struct proxy_command command;
    if (recv(work->control, &command, sizeof command, 0) != sizeof command) {
        _exit(0); // the test has ended
    }
    switch (command.order) {
    case PROXY_OPEN:
        work->swallows = false;
        if (work->listener < 0) {
            work->listener = proxy_listen(&work->port);
        }
        break;
    case PROXY_CUT:
        proxy_end_all(work);
        break;
    case PROXY_SWALLOW:
        work->swallows = true;
        break;
    case PROXY_FREEZE:
        proxy_freeze(work);
        break;
    case PROXY_TARGET:
        work->target = command.target;
        break;
    }
    proxy_quit_unless(send(work->control, "", 1, MSG_NOSIGNAL) == 1);
}

// A negative descriptor is not polled.
static inline void proxy_turn(struct proxy_work *work) {
    struct pollfd places[2 * PROXY_PAIRS + 2];
    for (size_t i = 0; i < PROXY_PAIRS; i++) {
        bool is_frozen = work->pairs[i].far < 0;
        places[2 * i] =
            (struct pollfd){.fd = is_frozen ? -1 : work->pairs[i].near, .events = POLLIN};
        places[2 * i + 1] = (struct pollfd){.fd = work->pairs[i].far, .events = POLLIN};
    }
    size_t last = (size_t)2 * PROXY_PAIRS;
    places[last] = (struct pollfd){.fd = work->listener, .events = POLLIN};
    places[last + 1] = (struct pollfd){.fd = work->control, .events = POLLIN};
    (void)poll(places, last + 2, -1);
    for (size_t i = 0; i < PROXY_PAIRS; i++) {
        int near = work->pairs[i].near;
        int far = work->pairs[i].far;
        if ((places[2 * i].revents != 0 && !proxy_carry(near, far, false)) ||
            (places[2 * i + 1].revents != 0 && !proxy_carry(far, near, work->swallows))) {
            proxy_end_pair(work, i);
        }
    }
    if (places[last].revents != 0) {
        proxy_accept(work);
    }
    if (places[last + 1].revents != 0) {
        proxy_obey(work);
    }
}

// ---- for the test ---------------------------------------------------------------------------

static inline struct proxy proxy_start(uint16_t target) {
    int control[2];
    struct proxy_work work = {.target = target};
    for (size_t i = 0; i < PROXY_PAIRS; i++) {
        work.pairs[i].near = work.pairs[i].far = -1;
    }
    work.listener = proxy_listen(&work.port);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control), 0);
    pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(control[0]);
        work.control = control[1];
        for (;;) {
            proxy_turn(&work);
        }
    }
    close(control[1]);
    close(work.listener);
    return (struct proxy){.process = process, .control = control[0], .port = work.port};
}

static inline void proxy_tell_target(const struct proxy *proxy, enum proxy_order order,
                                     uint16_t target) {
    struct proxy_command command = {.order = order, .target = target};
    char done;
    assert_int_equal(send(proxy->control, &command, sizeof command, MSG_NOSIGNAL), sizeof command);
    assert_int_equal(recv(proxy->control, &done, 1, 0), 1);
}

#define proxy_tell(proxy, order) proxy_tell_target((proxy), (order), 0)

static inline void proxy_end(struct proxy *proxy) {
    close(proxy->control);
    assert_int_equal(waitpid(proxy->process, NULL, 0), proxy->process);
}

#endif
