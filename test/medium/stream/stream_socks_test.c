// The handshake with a SOCKS5 proxy, byte by byte.
#include "support.h"

#include "medium/stream/stream_socks.h"

static struct memory memory;
static struct buffer out;
static struct stream_socks socks;
static struct stream_socks_target target;

static void begin(const char *user, const char *password) {
    memory_init(&memory);
    buffer_init(&out, &memory);
    target = (struct stream_socks_target){.host = "hub.example",
                                          .port = 1883,
                                          .user = bytes_of_text(user),
                                          .password = bytes_of_text(password)};
    stream_socks_begin(&socks, &target, &out);
}

static void end(void) {
    buffer_deinit(&out);
    assert_int_equal(memory.blocks_in_use, 0);
}

#define EXPECT(literal)                                                 \
    do {                                                                \
        assert_bytes_equal(buffer_bytes(&out), BYTES_LITERAL(literal)); \
        out.size = 0;                                                   \
    } while (false)

// In pieces of one byte; what is behind the answer stays.
static enum stream_socks_state give(struct bytes answer) {
    enum stream_socks_state state = socks.state;
    for (size_t i = 0; i < answer.size; i++) {
        struct bytes one = bytes_make(answer.data + i, 1);
        state = stream_socks_take(&socks, &one, &out);
        assert_int_equal(one.size, 0);
    }
    return state;
}

#define REQUEST "\5\1\0\3\013hub.example\x07\x5b"

static void a_proxy_without_names_opens_the_way(void **state) {
    (void)state;
    begin("", "");
    EXPECT("\5\1\0");
    assert_int_equal(give(BYTES_LITERAL("\5\0")), STREAM_SOCKS_EXPECT_REPLY);
    EXPECT(REQUEST);
    struct bytes rest = BYTES_LITERAL("\5\0\0\1\x7f\0\0\1\x07\x5b\x20\2");
    assert_int_equal(stream_socks_take(&socks, &rest, &out), STREAM_SOCKS_OPEN);
    assert_bytes_equal(rest, BYTES_LITERAL("\x20\2"));
    end();
}

static void a_user_proves_who_it_is(void **state) {
    (void)state;
    begin("ada", "secret");
    EXPECT("\5\1\2");
    assert_int_equal(give(BYTES_LITERAL("\5\2")), STREAM_SOCKS_EXPECT_LOGIN);
    EXPECT("\1\3ada\6secret");
    assert_int_equal(give(BYTES_LITERAL("\1\0")), STREAM_SOCKS_EXPECT_REPLY);
    EXPECT(REQUEST);
    assert_int_equal(give(BYTES_LITERAL("\5\0\0\3\2hi\0\1")), STREAM_SOCKS_OPEN);
    end();
    begin("ada", "wrong");
    (void)give(BYTES_LITERAL("\5\2"));
    assert_int_equal(give(BYTES_LITERAL("\1\1")), STREAM_SOCKS_FAILED);
    assert_non_null(strstr(socks.why, "does not take this user name"));
    end();
}

static void a_refusal_has_its_reason(void **state) {
    (void)state;
    static const struct {
        const char *user;
        struct bytes method;
        struct bytes reply;
        const char *why;
    } rows[] = {
        {"", BYTES_LITERAL("\5\xff"), {0}, "asks for a user name"},
        {"", BYTES_LITERAL("\5\2"), {0}, "asks for a user name"},
        {"ada", BYTES_LITERAL("\5\0"), {0}, "takes no user name"},
        {"", BYTES_LITERAL("HT"), {0}, "no SOCKS5 proxy"},
        {"", BYTES_LITERAL("\5\0"), BYTES_LITERAL("\5\5\0\1\0\0\0\0\0\0"), "broker refused"},
        {"", BYTES_LITERAL("\5\0"), BYTES_LITERAL("\5\4\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
         "cannot reach the host"},
        {"", BYTES_LITERAL("\5\0"), BYTES_LITERAL("\5\x63\0\1\0\0\0\0\0\0"), "not known"},
        {"", BYTES_LITERAL("\5\0"), BYTES_LITERAL("\5\0\0\7\0"), "no SOCKS5 proxy"},
        {"", BYTES_LITERAL("\5\0"), BYTES_LITERAL("\4\0\0\1\0\0\0\0\0\0"), "no SOCKS5 proxy"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(rows[i].user, "p");
        (void)give(rows[i].method);
        assert_int_equal(give(rows[i].reply), STREAM_SOCKS_FAILED);
        assert_non_null(strstr(socks.why, rows[i].why));
        end();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proxy_without_names_opens_the_way),
        cmocka_unit_test(a_user_proves_who_it_is),
        cmocka_unit_test(a_refusal_has_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
