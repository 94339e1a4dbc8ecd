#include "session/broker/upgrade/hand_over.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "shell/printable.h"

#define BACKLOG 4
#define ENDING_MS 10000 // for a newcomer that is gone to have ended

// Its place, the newcomer that is there (-1: none), and what was offered to it. `has_begun` from
// its `go` on: then its connection outlives the loop.
struct hand_over {
    struct hand_over_owner owner;
    struct sockaddr_un place;
    dev_t device; // of its path
    ino_t inode;
    int listener;
    int newcomer;
    int watched; // its process
    pid_t process;
    struct handed_sockets offered;
    bool has_offered;
    bool has_begun;
    uv_poll_t arriving; // all three do not keep the loop alive
    uv_poll_t asking;
    uv_timer_t patience;
};

static void close_one(int *fd) {
    if (*fd >= 0) {
        (void)close(*fd);
    }
    *fd = -1;
}

// What another process has put there meanwhile stays.
static void give_up_place(struct hand_over *hand) {
    struct stat status;
    if (hand->inode != 0 && lstat(hand->place.sun_path, &status) == 0 &&
        status.st_dev == hand->device && status.st_ino == hand->inode) {
        (void)unlink(hand->place.sun_path);
    }
    close_one(&hand->listener);
    hand->inode = 0;
}

// ---- a newcomer ---------------------------------------------------------------------------------

// From now on another one may come.
static void on_asking_closed(uv_handle_t *handle) {
    struct hand_over *hand = handle->data;
    close_one(&hand->newcomer);
    close_one(&hand->watched);
}

static void send_away(struct hand_over *hand) {
    uv_poll_stop(&hand->asking);
    uv_close((uv_handle_t *)&hand->asking, on_asking_closed);
    uv_timer_stop(&hand->patience);
    (void)shutdown(hand->newcomer, SHUT_RDWR);
    handed_sockets_close(&hand->offered);
    hand->has_offered = false;
}

static void on_impatient(uv_timer_t *timer) {
    send_away(timer->data);
}

static void offer(struct hand_over *hand) {
    char text[64];
    (void)snprintf(text, sizeof text, HAND_OVER_BROKER "%u", hand->owner.address);
    handed_sockets_close(&hand->offered);
    hand->has_offered = true;
    hand->owner.offer(hand->owner.context, &hand->offered);
    if (!hand_over_send(hand->newcomer, text, NULL, 0) ||
        !hand_over_send_all(hand->newcomer, &hand->offered)) {
        send_away(hand);
    }
}

// The place is the newcomer's from here on.
static void begin(struct hand_over *hand) {
    hand->has_begun = true;
    uv_poll_stop(&hand->asking);
    uv_poll_stop(&hand->arriving);
    uv_timer_stop(&hand->patience);
    give_up_place(hand);
    hand->owner.begin(hand->owner.context, hand->process);
}

static void on_asking(uv_poll_t *poll, int status, int events) {
    struct hand_over *hand = poll->data;
    struct hand_over_message message;
    (void)events;
    enum hand_over_received received =
        status < 0 ? HAND_OVER_ENDED : hand_over_receive(hand->newcomer, &message, 0);
    if (received == HAND_OVER_NOTHING) {
        return;
    }
    for (unsigned i = 0; received == HAND_OVER_MESSAGE && i < message.count; i++) {
        (void)close(message.sockets[i]); // nobody asked for them
    }
    if (received == HAND_OVER_MESSAGE && strcmp(message.text, HAND_OVER_ASK) == 0) {
        offer(hand);
    } else if (received == HAND_OVER_MESSAGE && strcmp(message.text, HAND_OVER_GO) == 0 &&
               hand->has_offered) {
        begin(hand);
    } else {
        send_away(hand);
    }
}

static const char *why_not(const struct hand_over *hand, int fd, pid_t *process) {
    if (!hand_over_is_ours(fd, process)) {
        return HAND_OVER_REFUSED "this broker is another user's";
    }
    return hand->newcomer >= 0 ? HAND_OVER_REFUSED "another process takes over just now" : NULL;
}

static void on_arriving(uv_poll_t *poll, int status, int events) {
    struct hand_over *hand = poll->data;
    pid_t process;
    (void)status;
    (void)events;
    int fd = accept4(hand->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        return;
    }
    const char *why = why_not(hand, fd, &process);
    if (why != NULL) {
        (void)hand_over_send(fd, why, NULL, 0);
        (void)close(fd);
        return;
    }
    hand->newcomer = fd;
    hand->process = process;
    hand->watched = hand_over_watch(process);
    (void)uv_poll_init(poll->loop, &hand->asking, fd);
    uv_unref((uv_handle_t *)&hand->asking);
    uv_poll_start(&hand->asking, UV_READABLE | UV_DISCONNECT, on_asking);
    uv_timer_start(&hand->patience, on_impatient, HAND_OVER_READY_S * 1000, 0);
}

void hand_over_start(struct hand_over *hand, uv_loop_t *loop, const struct hand_over_owner *owner) {
    hand->owner = *owner;
    (void)uv_poll_init(loop, &hand->arriving, hand->listener);
    (void)uv_timer_init(loop, &hand->patience);
    hand->arriving.data = hand->asking.data = hand->patience.data = hand;
    uv_unref((uv_handle_t *)&hand->arriving);
    uv_unref((uv_handle_t *)&hand->patience);
    uv_poll_start(&hand->arriving, UV_READABLE, on_arriving);
}

// ---- the place ----------------------------------------------------------------------------------

static bool complain(const char *path, const char *why) {
    printable_complain("broker: --hand-over %s: %s\n", path, why);
    return false;
}

// Whether there is nothing at the path, or a socket that nobody listens at.
static bool is_free(const struct hand_over *hand) {
    const char *path = hand->place.sun_path;
    struct stat status;
    if (lstat(path, &status) != 0) {
        return errno == ENOENT || complain(path, strerror(errno));
    }
    if (!S_ISSOCK(status.st_mode)) {
        return complain(path, "this is there and is no socket; name another path");
    }
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    bool is_used = fd < 0 ||
                   connect(fd, (const struct sockaddr *)&hand->place, sizeof hand->place) == 0 ||
                   errno != ECONNREFUSED;
    if (fd >= 0) {
        (void)close(fd);
    }
    return !is_used || complain(path, "another broker is there; --take-over takes its place");
}

// First under another name, so that it is nobody else's from the start, and there or not.
static bool listen_at(struct hand_over *hand) {
    struct sockaddr_un fresh;
    struct stat status;
    char name[sizeof fresh.sun_path + 16];
    (void)snprintf(name, sizeof name, "%s.%d", hand->place.sun_path, (int)getpid());
    if (!hand_over_place(name, &fresh)) {
        return complain(hand->place.sun_path, "the path of a Unix socket has at most 96 bytes");
    }
    hand->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    (void)unlink(name);
    bool is_open = hand->listener >= 0 &&
                   bind(hand->listener, (const struct sockaddr *)&fresh, sizeof fresh) == 0 &&
                   chmod(name, 0600) == 0 && listen(hand->listener, BACKLOG) == 0 &&
                   lstat(name, &status) == 0 && rename(name, hand->place.sun_path) == 0;
    if (!is_open) {
        int reason = errno;
        (void)unlink(name);
        return complain(hand->place.sun_path, strerror(reason));
    }
    hand->device = status.st_dev;
    hand->inode = status.st_ino;
    return true;
}

struct hand_over *hand_over_open(const char *path) {
    struct hand_over *hand = calloc(1, sizeof *hand);
    ASSERT_MESSAGE(hand != NULL, "out of memory");
    hand->listener = hand->newcomer = hand->watched = -1;
    bool is_right = hand_over_place(path, &hand->place) ||
                    complain(path, "the path of a Unix socket has at most 96 bytes");
    if (!is_right || !is_free(hand) || !listen_at(hand)) {
        hand_over_close(hand);
        return NULL;
    }
    return hand;
}

// ---- the end ------------------------------------------------------------------------------------

// Waits for as long as the newcomer needs: it may have a large store to read.
static bool is_replaced(struct hand_over *hand) {
    struct hand_over_message message = {.text = ""};
    (void)hand_over_send(hand->newcomer, HAND_OVER_CLOSED, NULL, 0);
    enum hand_over_received received;
    do {
        received = hand_over_receive(hand->newcomer, &message, -1);
    } while (received == HAND_OVER_NOTHING);
    return received == HAND_OVER_MESSAGE && strcmp(message.text, HAND_OVER_SERVING) == 0;
}

bool hand_over_finish(struct hand_over *hand, struct handed_sockets *handed, pid_t *process) {
    if (hand == NULL || !hand->has_begun || is_replaced(hand)) {
        return true;
    }
    hand_over_await_end(hand->watched, ENDING_MS);
    *process = hand->process;
    *handed = hand->offered;
    hand->offered.count = 0;
    return false;
}

void hand_over_close(struct hand_over *hand) {
    if (hand == NULL) {
        return;
    }
    give_up_place(hand);
    close_one(&hand->newcomer);
    close_one(&hand->watched);
    handed_sockets_close(&hand->offered);
    free(hand);
}
