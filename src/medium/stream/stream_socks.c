#include "medium/stream/stream_socks.h"

#include <string.h>

#include "base/assert.h"

#define VERSION 5
#define LOGIN_VERSION 1
#define NO_LOGIN 0
#define LOGIN 2
#define CONNECT 1
#define NAME_MAX_BYTES 255u

enum address_type { ADDRESS_4 = 1, ADDRESS_NAME = 3, ADDRESS_6 = 4 };

static void append_text(struct buffer *out, struct bytes text) {
    ASSERT(text.size <= NAME_MAX_BYTES);
    buffer_append_byte(out, (uint8_t)text.size);
    buffer_append(out, text);
}

void stream_socks_begin(struct stream_socks *socks, const struct stream_socks_target *target,
                        struct buffer *out) {
    *socks = (struct stream_socks){.target = target};
    uint8_t method = target->user.size > 0 ? LOGIN : NO_LOGIN;
    buffer_append(out, bytes_make((const uint8_t[]){VERSION, 1, method}, 3));
}

static void say_login(const struct stream_socks *socks, struct buffer *out) {
    buffer_append_byte(out, LOGIN_VERSION);
    append_text(out, socks->target->user);
    append_text(out, socks->target->password);
}

static void say_request(const struct stream_socks *socks, struct buffer *out) {
    uint16_t port = socks->target->port;
    buffer_append(out, bytes_make((const uint8_t[]){VERSION, CONNECT, 0, ADDRESS_NAME}, 4));
    append_text(out, bytes_of_text(socks->target->host));
    buffer_append_byte(out, (uint8_t)(port >> 8));
    buffer_append_byte(out, (uint8_t)port);
}

static void fail(struct stream_socks *socks, const char *why) {
    socks->state = STREAM_SOCKS_FAILED;
    socks->why = why;
}

static const char *reply_text(uint8_t reply) {
    static const char *const texts[] = {
        [1] = "the proxy failed",
        [2] = "the proxy's rules do not allow this connection",
        [3] = "the proxy cannot reach the network",
        [4] = "the proxy cannot reach the host",
        [5] = "the broker refused the proxy's connection",
        [6] = "the proxy gave up",
        [7] = "the proxy does not make connections",
        [8] = "the proxy takes no names of hosts",
    };
    bool is_known = reply > 0 && reply < sizeof texts / sizeof *texts;
    return is_known ? texts[reply] : "the proxy refused for a reason that is not known";
}

// How many bytes the answer has, as far as its beginning tells; 0: it is none.
static size_t answer_size(const struct stream_socks *socks) {
    if (socks->state != STREAM_SOCKS_EXPECT_REPLY) {
        return 2;
    }
    if (socks->size < 5) {
        return 5;
    }
    switch (socks->answer[3]) {
    case ADDRESS_4:
        return 4 + 4 + 2;
    case ADDRESS_NAME:
        return 4 + 1 + (size_t)socks->answer[4] + 2;
    case ADDRESS_6:
        return 4 + 16 + 2;
    default:
        return 0;
    }
}

static void take_method(struct stream_socks *socks, struct buffer *out) {
    uint8_t method = socks->answer[1];
    bool has_user = socks->target->user.size > 0;
    if (socks->answer[0] != VERSION) {
        fail(socks, "it is no SOCKS5 proxy");
    } else if (method == LOGIN && has_user) {
        socks->state = STREAM_SOCKS_EXPECT_LOGIN;
        say_login(socks, out);
    } else if (method == NO_LOGIN && !has_user) {
        socks->state = STREAM_SOCKS_EXPECT_REPLY;
        say_request(socks, out);
    } else {
        fail(socks, has_user ? "the proxy takes no user name and password"
                             : "the proxy asks for a user name and password");
    }
}

static void take_login(struct stream_socks *socks, struct buffer *out) {
    if (socks->answer[1] != 0) {
        fail(socks, "the proxy does not take this user name and password");
        return;
    }
    socks->state = STREAM_SOCKS_EXPECT_REPLY;
    say_request(socks, out);
}

static void take_reply(struct stream_socks *socks) {
    if (socks->answer[0] != VERSION) {
        fail(socks, "it is no SOCKS5 proxy");
    } else if (socks->answer[1] != 0) {
        fail(socks, reply_text(socks->answer[1]));
    } else {
        socks->state = STREAM_SOCKS_OPEN;
    }
}

static void take_answer(struct stream_socks *socks, struct buffer *out) {
    switch (socks->state) {
    case STREAM_SOCKS_EXPECT_METHOD:
        take_method(socks, out);
        break;
    case STREAM_SOCKS_EXPECT_LOGIN:
        take_login(socks, out);
        break;
    case STREAM_SOCKS_EXPECT_REPLY:
        take_reply(socks);
        break;
    case STREAM_SOCKS_OPEN:
    case STREAM_SOCKS_FAILED:
        break;
    }
    socks->size = 0;
}

static bool is_over(const struct stream_socks *socks) {
    return socks->state == STREAM_SOCKS_OPEN || socks->state == STREAM_SOCKS_FAILED;
}

enum stream_socks_state stream_socks_take(struct stream_socks *socks, struct bytes *bytes,
                                          struct buffer *out) {
    while (bytes->size > 0 && !is_over(socks)) {
        socks->answer[socks->size++] = bytes->data[0];
        *bytes = bytes_make(bytes->data + 1, bytes->size - 1);
        size_t size = answer_size(socks);
        if (size == 0) {
            fail(socks, "it is no SOCKS5 proxy");
        } else if (socks->size == size) {
            take_answer(socks, out);
        }
    }
    return socks->state;
}
