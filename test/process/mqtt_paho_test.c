// Paho C over WebSocket, which reads one packet of each frame: what was queued while it was away,
// what came after its return, and a message larger than any buffer on the way.
//
// Paho keeps what it has read of a frame for the whole process, not for each client (1.3.12). So
// only one client here speaks WebSocket; the other one speaks plain MQTT.
#include "mqtt.h"

// Where Paho C is missing, the tests are skipped. The Makefile looks for the same file.
#if __has_include(<MQTTClient.h>)

#include <MQTTClient.h>

#define AT_A_TIME 10
#define LARGE 300000
#define WAIT_MS (PROCESS_DEADLINE_S * 1000)
#define KEEP_S 600 // the session of a client that is away

static const int versions[] = {MQTTVERSION_3_1, MQTTVERSION_3_1_1, MQTTVERSION_5};

static struct process *broker;
static MQTTClient sender;
static MQTTClient receiver;
static uint8_t large[LARGE];

static int tear_down(void **state) {
    MQTTClient_destroy(&sender);
    MQTTClient_destroy(&receiver);
    return process_tear_down(state);
}

// ---- a client -------------------------------------------------------------------------------

static void create(MQTTClient *client, int version, const char *url) {
    MQTTClient_createOptions options = MQTTClient_createOptions_initializer;
    options.MQTTVersion = version;
    assert_int_equal(MQTTClient_createWithOptions(client, url,
                                                  url[0] == 'w' ? "receiver" : "sender",
                                                  MQTTCLIENT_PERSISTENCE_NONE, NULL, &options),
                     MQTTCLIENT_SUCCESS);
}

static int dial_5(MQTTClient client, bool is_websocket) {
    MQTTClient_connectOptions tcp = MQTTClient_connectOptions_initializer5;
    MQTTClient_connectOptions websocket = MQTTClient_connectOptions_initializer5_ws;
    MQTTClient_connectOptions *options = is_websocket ? &websocket : &tcp;
    MQTTProperties properties = MQTTProperties_initializer;
    MQTTProperty keep = {.identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL};
    keep.value.integer4 = KEEP_S;
    assert_int_equal(MQTTProperties_add(&properties, &keep), 0);
    options->cleanstart = 0;
    MQTTResponse response = MQTTClient_connect5(client, options, &properties, NULL);
    int code = (int)response.reasonCode;
    MQTTResponse_free(response);
    MQTTProperties_free(&properties);
    return code;
}

static int dial_3(MQTTClient client, int version, bool is_websocket) {
    MQTTClient_connectOptions tcp = MQTTClient_connectOptions_initializer;
    MQTTClient_connectOptions websocket = MQTTClient_connectOptions_initializer_ws;
    MQTTClient_connectOptions *options = is_websocket ? &websocket : &tcp;
    options->cleansession = 0;
    options->MQTTVersion = version;
    return MQTTClient_connect(client, options);
}

// Takes up the session that was left, if there is one.
static void dial(MQTTClient client, int version) {
    bool is_websocket = client == receiver;
    assert_int_equal(version == MQTTVERSION_5 ? dial_5(client, is_websocket)
                                              : dial_3(client, version, is_websocket),
                     MQTTCLIENT_SUCCESS);
}

static void subscribe(MQTTClient client, int version) {
    if (version == MQTTVERSION_5) {
        MQTTResponse response = MQTTClient_subscribe5(client, "temp", 2, NULL, NULL);
        assert_int_equal(response.reasonCode, MQTTREASONCODE_GRANTED_QOS_2);
        MQTTResponse_free(response);
    } else {
        assert_int_equal(MQTTClient_subscribe(client, "temp", 2), MQTTCLIENT_SUCCESS);
    }
}

static void leave(MQTTClient client, int version) {
    int code = version == MQTTVERSION_5
                   ? MQTTClient_disconnect5(client, WAIT_MS, MQTTREASONCODE_SUCCESS, NULL)
                   : MQTTClient_disconnect(client, WAIT_MS);
    assert_int_equal(code, MQTTCLIENT_SUCCESS);
}

// ---- messages -------------------------------------------------------------------------------

static void publish(MQTTClient client, int version, struct bytes payload) {
    MQTTClient_message message = MQTTClient_message_initializer;
    MQTTClient_deliveryToken token = 0;
    message.payload = (void *)(uintptr_t)payload.data;
    message.payloadlen = (int)payload.size;
    message.qos = 2;
    if (version == MQTTVERSION_5) {
        MQTTResponse response = MQTTClient_publishMessage5(client, "temp", &message, &token);
        assert_int_equal(response.reasonCode, MQTTCLIENT_SUCCESS);
        MQTTResponse_free(response);
    } else {
        assert_int_equal(MQTTClient_publishMessage(client, "temp", &message, &token),
                         MQTTCLIENT_SUCCESS);
    }
    assert_int_equal(MQTTClient_waitForCompletion(client, token, WAIT_MS), MQTTCLIENT_SUCCESS);
}

static void expect(struct bytes payload) {
    char *topic = NULL;
    int topic_size = 0;
    MQTTClient_message *message = NULL;
    assert_int_equal(MQTTClient_receive(receiver, &topic, &topic_size, &message, WAIT_MS),
                     MQTTCLIENT_SUCCESS);
    assert_non_null(message);
    assert_string_equal(topic, "temp");
    assert_int_equal(message->qos, 2);
    assert_bytes_equal(bytes_make(message->payload, (size_t)message->payloadlen), payload);
    MQTTClient_freeMessage(&message);
    MQTTClient_free(topic);
}

static void publish_numbers(int version, int first) {
    for (int i = first; i < first + AT_A_TIME; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", i);
        publish(sender, version, bytes_of_text(text));
    }
}

// They come in order and once each: the next to come is always the next number.
static void expect_numbers(int first) {
    for (int i = first; i < first + AT_A_TIME; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", i);
        expect(bytes_of_text(text));
    }
}

static void start_both(int version) {
    char url[MQTT_URL_SIZE];
    broker = process_start("broker", "--quiet", "--mqtt", "0", "--websocket", "0");
    (void)snprintf(url, sizeof url, "tcp://127.0.0.1:%u", mqtt_port(broker, MQTT_TCP));
    create(&sender, version, url);
    (void)snprintf(url, sizeof url, "ws://127.0.0.1:%u/mqtt", mqtt_port(broker, MQTT_WS));
    create(&receiver, version, url);
    dial(sender, version);
    dial(receiver, version);
    subscribe(receiver, version);
}

static void end_both(int version) {
    leave(receiver, version);
    leave(sender, version);
    MQTTClient_destroy(&receiver);
    MQTTClient_destroy(&sender);
    process_end(broker);
}

static void what_waited_and_what_follows_comes_once_and_in_order(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        start_both(versions[i]);
        leave(receiver, versions[i]);
        publish_numbers(versions[i], 0);
        dial(receiver, versions[i]);
        expect_numbers(0); // with nothing behind them that would stir the reader
        publish_numbers(versions[i], AT_A_TIME);
        expect_numbers(AT_A_TIME);
        publish(sender, versions[i], BYTES_LITERAL("the last"));
        expect(BYTES_LITERAL("the last"));
        end_both(versions[i]);
    }
}

static void a_large_message_goes_and_comes_whole(void **state) {
    (void)state;
    for (size_t i = 0; i < LARGE; i++) {
        large[i] = (uint8_t)(i * 7 + i / 256);
    }
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        start_both(versions[i]);
        publish(receiver, versions[i], bytes_make(large, LARGE));
        expect(bytes_make(large, LARGE));
        publish(sender, versions[i], BYTES_LITERAL("the last"));
        expect(BYTES_LITERAL("the last"));
        end_both(versions[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_waited_and_what_follows_comes_once_and_in_order,
                                        process_set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_large_message_goes_and_comes_whole, process_set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void there_is_no_paho(void **state) {
    (void)state;
    print_message("not tested: there is no Paho C; install libpaho-mqtt-dev\n");
    skip();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(there_is_no_paho)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
