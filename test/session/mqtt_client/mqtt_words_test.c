#include "support.h"

#include "session/mqtt_client/mqtt_words.h"

static struct memory memory;
static struct mqtt_words words;
static struct buffer message;

static void begin(unsigned packet) {
    memory_init(&memory);
    buffer_init(&message, &memory);
    mqtt_words_init(&words, packet, &memory);
}

static void end(void) {
    mqtt_words_deinit(&words);
    buffer_deinit(&message);
    assert_int_equal(memory.blocks_in_use, 0);
}

static bool read(const char *word) {
    message.size = 0;
    return mqtt_words_read(&words, bytes_of_text(word), &message);
}

static void a_message_has_qos_retain_and_properties(void **state) {
    (void)state;
    begin(MQTT_PUBLISH);
    assert_true(read("2") && read("retain") && read("message-expiry-interval=60"));
    assert_true(read("content-type=text/plain") && read("user:room=kitchen"));
    assert_int_equal(words.qos, 2);
    assert_true(words.has_qos && words.retain);
    assert_int_equal(words.properties.message_expiry, 60);
    assert_bytes_equal(words.properties.content_type, BYTES_LITERAL("text/plain"));
    assert_bytes_equal(words.properties.more, BYTES_LITERAL("\x26\x00\x04room\x00\x07kitchen"));
    end();
}

static void the_last_words_of_a_name_may_be_left_out(void **state) {
    (void)state;
    begin(MQTT_CONNECT);
    assert_true(read("session-expiry=5"));
    assert_int_equal(words.properties.session_expiry, 5);
    assert_false(read("session-expi=5"));
    assert_false(read("request=1")); // two begin so
    end();
}

static void the_nearest_name_is_offered(void **state) {
    (void)state;
    static const struct {
        unsigned packet;
        const char *word;
        const char *said;
    } rows[] = {{MQTT_CONNECT, "session-expir=5", "; did you mean session-expiry?"},
                {MQTT_PUBLISH, "contant-type=x", "; did you mean content-type?"},
                {MQTT_PUBLISH, "mesage-expiry-interval=6", "mean message-expiry-interval?"},
                {MQTT_SUBSCRIBE, "subscription-identifer=7", "mean subscription-identifier?"},
                {MQTT_PUBLISH, "nothing=1", "'nothing' here; there are"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(rows[i].packet);
        assert_false(read(rows[i].word));
        buffer_append_byte(&message, 0);
        assert_non_null(strstr((const char *)message.data, rows[i].said));
        end();
    }
}

static void a_subscription_has_options(void **state) {
    (void)state;
    begin(MQTT_SUBSCRIBE);
    assert_true(read("1") && read("no-local") && read("retain-handling=2"));
    assert_true(read("retain-as-published") && read("subscription-identifier=7"));
    assert_int_equal(words.options, 0x2c);
    assert_int_equal(words.properties.subscription_identifier, 7);
    assert_false(read("retain"));
    end();
}

static void what_does_not_fit_is_refused_by_name(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "3",
        "no-local",
        "topic-alias=1",
        "subscription-identifier=1",
        "will-delay=1",
        "payload-format=2",
        "message-expiry=-1",
        "response-topic=\xff",
        "word",
        "=",
        "",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        begin(MQTT_PUBLISH);
        if (read(wrong[i])) {
            fail_msg("'%s' was taken", wrong[i]);
        }
        assert_true(message.size > 0);
        end();
    }
    begin(MQTT_PUBLISH);
    assert_true(read("1"));
    assert_false(read("1")); // one QoS is enough
    end();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_has_qos_retain_and_properties),
        cmocka_unit_test(the_last_words_of_a_name_may_be_left_out),
        cmocka_unit_test(the_nearest_name_is_offered),
        cmocka_unit_test(a_subscription_has_options),
        cmocka_unit_test(what_does_not_fit_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
