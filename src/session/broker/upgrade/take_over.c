#include "session/broker/upgrade/take_over.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/decimal.h"
#include "shell/printable.h"

#define DYING_MS 10000 // for a process that is gone to have ended

static bool complain(const struct take_over *take, const char *why) {
    printable_complain("broker: --take-over: %s: %s\n", take->path, why);
    return false;
}

static bool starts_with(const char *text, const char *head) {
    return strncmp(text, head, strlen(head)) == 0;
}

// What is behind a head.
static const char *behind(const char *text, const char *head) {
    return text + strlen(head);
}

// False, and it says why, if it is not the message that is awaited. ENDED: *has_died.
static bool receive(const struct take_over *take, struct hand_over_message *message,
                    bool *has_died) {
    enum hand_over_received received =
        hand_over_receive(take->fd, message, TAKE_OVER_ANSWER_S * 1000);
    *has_died = received == HAND_OVER_ENDED;
    if (received == HAND_OVER_NOTHING) {
        return complain(take, "whoever is there does not answer; end it, and start again");
    }
    if (received == HAND_OVER_MESSAGE && starts_with(message->text, HAND_OVER_REFUSED)) {
        return complain(take, behind(message->text, HAND_OVER_REFUSED));
    }
    return received == HAND_OVER_MESSAGE;
}

static void keep_listener(struct handed_sockets *handed, const struct hand_over_message *message) {
    struct handed_listener *listener = &handed->listeners[handed->count++];
    (void)snprintf(listener->name, sizeof listener->name, "%.*s", HAND_OVER_NAME_SIZE - 1,
                   behind(message->text, HAND_OVER_LISTENER));
    memcpy(listener->sockets, message->sockets, message->count * sizeof *message->sockets);
    listener->count = message->count;
}

// What one message of the offer says. False: it is none.
static bool take_in(struct take_over *take, const struct hand_over_message *message,
                    struct handed_sockets *handed) {
    if (starts_with(message->text, HAND_OVER_LISTENER) && handed->count < HAND_OVER_LISTENERS_MAX) {
        keep_listener(handed, message);
        return true;
    }
    for (unsigned i = 0; i < message->count; i++) {
        (void)close(message->sockets[i]);
    }
    return starts_with(message->text, HAND_OVER_BROKER) &&
           decimal_read(bytes_of_text(behind(message->text, HAND_OVER_BROKER)), UINT32_MAX,
                        &take->address);
}

// The offer, up to its end.
static bool receive_offer(struct take_over *take, struct handed_sockets *handed, bool *has_died) {
    struct hand_over_message message;
    for (;;) {
        if (!receive(take, &message, has_died)) {
            return false;
        }
        if (take->address != 0 && strcmp(message.text, HAND_OVER_END) == 0) {
            return true;
        }
        if (!take_in(take, &message, handed)) {
            return complain(take, "whoever is there is no broker that hands over");
        }
    }
}

static void leave(struct take_over *take, struct handed_sockets *handed) {
    handed_sockets_close(handed);
    take_over_close(take);
}

// Nobody is there: -1 in take->fd. False after a message.
static bool reach(struct take_over *take) {
    struct sockaddr_un place;
    if (!hand_over_place(take->path, &place)) {
        return complain(take, "the path of a Unix socket has at most 96 bytes");
    }
    take->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (take->fd < 0) {
        return complain(take, strerror(errno));
    }
    if (connect(take->fd, (const struct sockaddr *)&place, sizeof place) == 0) {
        return hand_over_is_ours(take->fd, &take->process) ||
               complain(take, "the broker there is another user's; start as that user");
    }
    bool is_nobody = errno == ENOENT || errno == ECONNREFUSED;
    const char *why =
        errno == EPROTOTYPE ? "whoever is there is no broker that hands over" : strerror(errno);
    take_over_close(take);
    return is_nobody || complain(take, why);
}

bool take_over_begin(struct take_over *take, const char *path, struct handed_sockets *handed) {
    *take = (struct take_over){.path = path, .fd = -1, .watched = -1};
    if (!reach(take)) {
        take_over_close(take);
        return false;
    }
    if (take->fd < 0) {
        return true;
    }
    bool has_died = false;
    take->watched = hand_over_watch(take->process);
    (void)hand_over_send(take->fd, HAND_OVER_ASK, NULL, 0); // if that fails, so does what follows
    if (receive_offer(take, handed, &has_died)) {
        return true;
    }
    if (has_died) {
        hand_over_await_end(take->watched, DYING_MS);
    }
    leave(take, handed);
    return has_died;
}

bool take_over_go(struct take_over *take) {
    struct hand_over_message message;
    if (take->fd < 0) {
        return true;
    }
    enum hand_over_received received = HAND_OVER_ENDED;
    if (hand_over_send(take->fd, HAND_OVER_GO, NULL, 0)) {
        received = hand_over_receive(take->fd, &message, TAKE_OVER_END_S * 1000);
    }
    if (received == HAND_OVER_NOTHING) {
        return complain(take, "the broker there does not end; end it, and start again");
    }
    if (received == HAND_OVER_ENDED) {
        hand_over_await_end(take->watched, DYING_MS); // its files are closed then
    }
    return true;
}

void take_over_finish(struct take_over *take) {
    if (take->fd >= 0) {
        (void)hand_over_send(take->fd, HAND_OVER_SERVING, NULL, 0);
    }
    take_over_close(take);
}

void take_over_close(struct take_over *take) {
    const int both[] = {take->fd, take->watched};
    for (size_t i = 0; i < 2; i++) {
        if (both[i] >= 0) {
            (void)close(both[i]);
        }
    }
    take->fd = take->watched = -1;
}
