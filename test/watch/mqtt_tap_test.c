// Packets of every kind, encoded, tapped, read again, and explained: as rows, ladder and JSON.
#include "support.h"

#include "watch/mqtt_tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "medium/capture/tap_reader.h"
#include "watch/watch_view.h"

#define SECOND UINT64_C(1000000000)
#define THEN (UINT64_C(1795435622) * SECOND + 5)

static const char *const one_tap[] = {"tap.pcapng"};

struct fixture {
    struct memory memory;
    struct watch_view_options options;
    struct watch_view *view;
    struct buffer out;
    enum mqtt_version version;
    struct tap *tap; // where the packets go first; NULL: straight to the view
};

static void time_text(uint64_t unix_time, char text[static CLOCK_TEXT_SIZE]) {
    (void)snprintf(text, CLOCK_TEXT_SIZE, "12:%02u:%02u", (unsigned)(unix_time / 60 % 60),
                   (unsigned)(unix_time % 60));
}

static int set_up(void **state) {
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    memory_init(&fixture->memory);
    buffer_init(&fixture->out, &fixture->memory);
    fixture->options = (struct watch_view_options){
        .width = 100, .networks = one_tap, .network_count = 1, .time_text = time_text};
    fixture->version = MQTT_5;
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    if (fixture->view != NULL) {
        watch_view_destroy(fixture->view);
    }
    buffer_deinit(&fixture->out);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
    test_free(fixture);
    return 0;
}

static void show(struct fixture *fixture, const struct tap_event *event) {
    if (fixture->view == NULL) {
        fixture->view = watch_view_create(&fixture->options, &fixture->memory);
    }
    watch_view_tap(fixture->view, 0, event, &fixture->out);
}

static void give(struct fixture *fixture, enum tap_event_kind kind, enum tap_direction direction,
                 struct bytes bytes) {
    show(fixture, &(struct tap_event){.kind = kind,
                                      .direction = direction,
                                      .connection = 1,
                                      .port = 1883,
                                      .peer = "127.0.0.1:5000",
                                      .bytes = bytes,
                                      .unix_ns = THEN});
}

static void send_packet(struct fixture *fixture, enum tap_direction direction,
                        const struct mqtt_packet *packet) {
    size_t size = mqtt_encoded_size(packet, fixture->version);
    uint8_t *bytes = malloc(size);
    assert_ptr_equal(mqtt_encode(packet, fixture->version, bytes), bytes + size);
    if (fixture->tap != NULL) {
        tap_bytes(fixture->tap, 9, direction, bytes_make(bytes, size), THEN);
    } else {
        give(fixture, TAP_BYTES, direction, bytes_make(bytes, size));
    }
    free(bytes);
}

static void assert_shown(struct fixture *fixture, const char *text) {
    assert_bytes_equal(buffer_bytes(&fixture->out), bytes_of_text(text));
    fixture->out.size = 0;
}

static struct mqtt_packet connect_as(const char *name, enum mqtt_version version) {
    return (struct mqtt_packet){.type = MQTT_CONNECT,
                                .connect = {.version = (uint8_t)version,
                                            .clean_start = true,
                                            .keep_alive = 60,
                                            .client_id = bytes_of_text(name)}};
}

#define FILTERS_ROOM 64

static struct mqtt_filters filters_of(enum mqtt_type type, uint8_t room[static FILTERS_ROOM]) {
    uint8_t *end = mqtt_filter_write(type, room, BYTES_LITERAL("temp"), 1);
    end = mqtt_filter_write(type, end, BYTES_LITERAL("a/#"),
                            2 | MQTT_OPTION_NO_LOCAL | MQTT_OPTION_RETAIN_AS_PUBLISHED | 2 << 4);
    return (struct mqtt_filters){.run = bytes_make(room, (size_t)(end - room)), .count = 2};
}

// Every packet of both sides, in an order that may be.
static void send_all(struct fixture *fixture) {
    const enum tap_direction up = TAP_FROM_CLIENT;
    const enum tap_direction down = TAP_FROM_BROKER;
    uint8_t subscribed[FILTERS_ROOM];
    uint8_t unsubscribed[FILTERS_ROOM];
    uint8_t pair[32];
    uint8_t *end = mqtt_user_property_write(pair, BYTES_LITERAL("room"), BYTES_LITERAL("k\n"));
    struct mqtt_packet connect = connect_as("dev1", MQTT_5);
    connect.connect.has_user_name = connect.connect.has_password = connect.connect.has_will = true;
    connect.connect.user_name = BYTES_LITERAL("ann");
    connect.connect.password = BYTES_LITERAL("secret");
    connect.connect.will_topic = BYTES_LITERAL("gone");
    connect.connect.will_payload = BYTES_LITERAL("dev1");
    connect.connect.will_qos = 1;
    connect.connect.will_retain = true;
    connect.properties =
        (struct mqtt_properties){.present = MQTT_HAS(MQTT_SESSION_EXPIRY), .session_expiry = 30};
    struct mqtt_packet publish = {.type = MQTT_PUBLISH,
                                  .publish = {.qos = 1,
                                              .packet_id = 7,
                                              .retain = true,
                                              .topic = BYTES_LITERAL("temp"),
                                              .payload = BYTES_LITERAL("21.5")},
                                  .properties = {.more = bytes_make(pair, (size_t)(end - pair))}};
    const struct {
        enum tap_direction direction;
        struct mqtt_packet packet;
    } packets[] = {
        {up, connect},
        {down,
         {.type = MQTT_AUTH,
          .reason = MQTT_CONTINUE_AUTHENTICATION,
          .properties = {.present = MQTT_HAS(MQTT_AUTHENTICATION_METHOD),
                         .authentication_method = BYTES_LITERAL("SCRAM-SHA-256")}}},
        {down, {.type = MQTT_CONNACK, .session_present = true}},
        {up,
         {.type = MQTT_SUBSCRIBE,
          .packet_id = 3,
          .filters = filters_of(MQTT_SUBSCRIBE, subscribed)}},
        {down, {.type = MQTT_SUBACK, .packet_id = 3, .codes = BYTES_LITERAL("\x01\x87")}},
        {up, publish},
        {down, {.type = MQTT_PUBACK, .packet_id = 7, .reason = MQTT_NO_MATCHING_SUBSCRIBERS}},
        {down, {.type = MQTT_PUBLISH, .publish = {.topic = BYTES_LITERAL("x")}}},
        {down, {.type = MQTT_PUBREC, .packet_id = 8, .reason = MQTT_QUOTA_EXCEEDED}},
        {down, {.type = MQTT_PUBREC, .packet_id = 9}},
        {up, {.type = MQTT_PUBREL, .packet_id = 9}},
        {down, {.type = MQTT_PUBCOMP, .packet_id = 9}},
        {up,
         {.type = MQTT_UNSUBSCRIBE,
          .packet_id = 4,
          .filters = filters_of(MQTT_UNSUBSCRIBE, unsubscribed)}},
        {down, {.type = MQTT_UNSUBACK, .packet_id = 4, .codes = BYTES_LITERAL("\x00\x11")}},
        {up, {.type = MQTT_PINGREQ}},
        {down, {.type = MQTT_PINGRESP}},
        {up, {.type = MQTT_DISCONNECT, .reason = MQTT_DISCONNECT_WITH_WILL}},
        {down, {.type = MQTT_DISCONNECT, .reason = MQTT_SESSION_TAKEN_OVER}},
    };
    for (size_t i = 0; i < sizeof packets / sizeof *packets; i++) {
        send_packet(fixture, packets[i].direction, &packets[i].packet);
    }
}

// ---- rows -----------------------------------------------------------------------------------

#define FROM_CLIENT "12:07:02.000  client 1 dev1  -> broker 1883     "
#define FROM_BROKER "12:07:02.000  broker 1883    -> client 1 dev1   "

static const char all_rows[] =
    "12:07:02.000  127.0.0.1:5000 -> broker 1883     open         opens a connection from "
    "127.0.0.1:5000 to port 1883\n" FROM_CLIENT
    "CONNECT      asks for a session as \"dev1\" (MQTT 5.0, clean start, keep alive 60 s); user "
    "\"ann\", with a password; its will: gone = dev1 (QoS 1, retained); session expiry interval "
    "30; 50 bytes\n" FROM_BROKER
    "AUTH         authentication: continue authentication; authentication method "
    "\"SCRAM-SHA-256\"; 20 bytes\n" FROM_BROKER
    "CONNACK      accepts; the session goes on; 5 bytes\n" FROM_CLIENT
    "SUBSCRIBE    subscribes to temp (QoS 1), a/# (QoS 2, not its own, retain as published, no "
    "retained messages) (packet id 3); 18 bytes\n" FROM_BROKER
    "SUBACK       granted QoS 1, refused: not authorized (0x87) (packet id 3); 7 "
    "bytes\n" FROM_CLIENT
    "PUBLISH      temp = 21.5 (QoS 1, packet id 7, retained); user property \"room\" = "
    "\"k\\n\"; 26 bytes\n" FROM_BROKER
    "PUBACK       has packet id 7: no matching subscribers; 5 bytes; 4 bytes of payload cost 31 at "
    "QoS 1, in 2 packets and 0.00 ms\n" FROM_BROKER
    "PUBLISH      x = (nothing) (QoS 0); 6 bytes; 0 bytes of payload cost 6 at QoS 0\n" FROM_BROKER
    "PUBREC       refuses packet id 8: quota exceeded (0x97); 5 bytes\n" FROM_BROKER
    "PUBREC       received packet id 9; 4 bytes\n" FROM_CLIENT
    "PUBREL       releases packet id 9; 4 bytes\n" FROM_BROKER
    "PUBCOMP      is done with packet id 9; 4 bytes\n" FROM_CLIENT
    "UNSUBSCRIBE  unsubscribes from temp, a/# (packet id 4); 16 bytes\n" FROM_BROKER
    "UNSUBACK     success, no subscription existed (packet id 4); 7 bytes\n" FROM_CLIENT
    "PINGREQ      is still there; 2 bytes\n" FROM_BROKER
    "PINGRESP     is there too; 2 bytes\n" FROM_CLIENT
    "DISCONNECT   ends the connection: disconnect with will message; 3 bytes\n" FROM_BROKER
    "DISCONNECT   ends the connection: session taken over (0x8e); 3 bytes\n" FROM_CLIENT
    "close        the client ended the connection: it sent DISCONNECT\n";

static void explains_every_packet(void **state) {
    struct fixture *fixture = *state;
    give(fixture, TAP_OPENED, TAP_FROM_CLIENT, (struct bytes){0});
    send_all(fixture);
    give(fixture, TAP_CLOSED, TAP_FROM_CLIENT, (struct bytes){0});
    assert_shown(fixture, all_rows);
}

static void one_byte_is_not_called_bytes(void **state) {
    struct fixture *fixture = *state;
    struct mqtt_packet publish = {
        .type = MQTT_PUBLISH,
        .publish = {.topic = BYTES_LITERAL("x"), .payload = BYTES_LITERAL("1")}};
    struct mqtt_packet connect = connect_as("dev1", MQTT_5);
    static const char end[] = "; 7 bytes; 1 byte of payload cost 7 at QoS 0\n";
    give(fixture, TAP_OPENED, TAP_FROM_CLIENT, (struct bytes){0});
    send_packet(fixture, TAP_FROM_CLIENT, &connect);
    send_packet(fixture, TAP_FROM_CLIENT, &publish);
    assert_non_null(memmem(fixture->out.data, fixture->out.size, end, sizeof end - 1));
}

static void receive_event(void *context, const struct tap_event *event) {
    show(context, event);
}

static void receive_notice(void *context, const char *text) {
    (void)context;
    (void)text;
    fail();
}

// What the tap wrote is what is shown.
static void explains_what_a_tap_holds(void **state) {
    struct fixture *fixture = *state;
    char *folder = support_make_folder();
    char *path = support_path(folder, "tap.pcapng");
    struct tap_error error;
    fixture->tap = tap_open(path, &error);
    assert_non_null(fixture->tap);
    tap_stream_opened(fixture->tap, 9, "127.0.0.1:5000", 1883, THEN);
    send_all(fixture);
    tap_stream_closed(fixture->tap, 9, NULL, THEN);
    tap_close(fixture->tap);
    struct file_network_error reader_error;
    struct tap_reader *reader = tap_reader_open(path, &fixture->memory, &reader_error);
    assert_non_null(reader);
    struct tap_events events = {fixture, receive_event, receive_notice};
    while (tap_reader_read(reader, &events)) {
    }
    tap_reader_close(reader);
    assert_shown(fixture, all_rows);
    free(path);
    support_remove_folder(folder);
}

static void explains_older_versions(void **state) {
    struct fixture *fixture = *state;
    uint8_t room[FILTERS_ROOM];
    fixture->version = MQTT_3_1_1;
    struct mqtt_packet connect = connect_as("dev1", MQTT_3_1_1);
    connect.connect.keep_alive = 0;
    send_packet(fixture, TAP_FROM_CLIENT, &connect);
    send_packet(fixture, TAP_FROM_BROKER, &(struct mqtt_packet){.type = MQTT_CONNACK, .reason = 5});
    uint8_t *end = mqtt_filter_write(MQTT_SUBSCRIBE, room, BYTES_LITERAL("temp"), 1);
    send_packet(
        fixture, TAP_FROM_CLIENT,
        &(struct mqtt_packet){.type = MQTT_SUBSCRIBE,
                              .packet_id = 3,
                              .filters = {bytes_make(room, (size_t)(end - room)), .count = 1}});
    send_packet(
        fixture, TAP_FROM_BROKER,
        &(struct mqtt_packet){.type = MQTT_SUBACK, .packet_id = 3, .codes = BYTES_LITERAL("\x80")});
    send_packet(fixture, TAP_FROM_BROKER,
                &(struct mqtt_packet){.type = MQTT_UNSUBACK, .packet_id = 4});
    send_packet(fixture, TAP_FROM_CLIENT, &(struct mqtt_packet){.type = MQTT_DISCONNECT});
    char text[1024];
    (void)snprintf(
        text, sizeof text,
        "12:07:02.000  client 1 dev1 -> broker 1883    CONNECT      asks for a session as "
        "\"dev1\" (MQTT 3.1.1, clean session, no keep alive); 18 bytes\n"
        "12:07:02.000  broker 1883   -> client 1 dev1  CONNACK      refuses: %s; 4 bytes\n"
        "12:07:02.000  client 1 dev1 -> broker 1883    SUBSCRIBE    subscribes to temp (QoS "
        "1) (packet id 3); 11 bytes\n"
        "12:07:02.000  broker 1883   -> client 1 dev1  SUBACK       refused: failure (0x80) "
        "(packet id 3); 5 bytes\n"
        "12:07:02.000  broker 1883   -> client 1 dev1  UNSUBACK     done (packet id 4); 4 bytes\n"
        "12:07:02.000  client 1 dev1 -> broker 1883    DISCONNECT   ends the connection; 2 bytes\n",
        mqtt_return_code_text(5));
    assert_shown(fixture, text);
}

// ---- what is wrong --------------------------------------------------------------------------

static void says_what_is_no_packet(void **state) {
    struct fixture *fixture = *state;
    fixture->options.mqtt_types = 1u << MQTT_PINGREQ | 1u << MQTT_PUBACK; // and what is wrong
    struct mqtt_packet connect = connect_as("dev1", MQTT_5);
    send_packet(fixture, TAP_FROM_CLIENT, &connect);
    give(fixture, TAP_BYTES, TAP_FROM_CLIENT, BYTES_LITERAL("\x40\x01\x07")); // cut short
    give(fixture, TAP_BYTES, TAP_FROM_CLIENT, BYTES_LITERAL("\xc0\x00"));
    give(fixture, TAP_BYTES, TAP_FROM_CLIENT, BYTES_LITERAL("\xc0\xff\xff\xff\xff"));
    give(fixture, TAP_BYTES, TAP_FROM_CLIENT, BYTES_LITERAL("\xc0\x00"));
    give(fixture, TAP_LOST, TAP_FROM_BROKER, (struct bytes){0});
    give(fixture, TAP_LOST, TAP_FROM_BROKER, (struct bytes){0});
    give(fixture, TAP_BYTES, TAP_FROM_BROKER, BYTES_LITERAL("\xd0\x00"));
    const uint8_t *data = fixture->out.data;
    static const char *const parts[] = {"PUBACK       is wrong: malformed packet", "(3 bytes)\n",
                                        "PINGREQ      is still there; 2 bytes\n",
                                        "????         no MQTT packet; what this side sends on is "
                                        "not shown\n",
                                        "lost         some bytes are missing; going on with the "
                                        "next packet that is found\n"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t left = fixture->out.size - (size_t)(data - fixture->out.data);
        const uint8_t *found = memmem(data, left, parts[i], strlen(parts[i]));
        if (found == NULL) {
            print_error("not shown: %s\n", parts[i]);
        }
        assert_non_null(found);
        data = found + strlen(parts[i]);
    }
    assert_ptr_equal(data, fixture->out.data + fixture->out.size);
}

static void passes_over_large_packets(void **state) {
    struct fixture *fixture = *state;
    uint8_t *piece = calloc(1, 1u << 20);
    struct mqtt_packet connect = connect_as("dev1", MQTT_5);
    send_packet(fixture, TAP_FROM_CLIENT, &connect);
    fixture->out.size = 0;
    give(fixture, TAP_BYTES, TAP_FROM_CLIENT, BYTES_LITERAL("\x30\x80\x80\x80\x04")); // 8 MiB
    for (int i = 0; i < 8; i++) {
        give(fixture, TAP_BYTES, TAP_FROM_CLIENT, bytes_make(piece, 1u << 20));
    }
    assert_true(fixture->memory.bytes_in_use < 4u << 20);
    give(fixture, TAP_BYTES, TAP_FROM_CLIENT, BYTES_LITERAL("\xc0\x00"));
    assert_shown(
        fixture,
        "12:07:02.000  client 1 dev1 -> broker 1883    PUBLISH      is too large to be "
        "shown (8388613 bytes)\n"
        "12:07:02.000  client 1 dev1 -> broker 1883    PINGREQ      is still there; 2 bytes\n");
    free(piece);
}

// ---- ladder and JSON ------------------------------------------------------------------------

static void draws_a_ladder(void **state) {
    struct fixture *fixture = *state;
    fixture->options.form = WATCH_LADDER;
    struct mqtt_packet connect = connect_as("dev1", MQTT_5);
    give(fixture, TAP_OPENED, TAP_FROM_CLIENT, (struct bytes){0});
    send_packet(fixture, TAP_FROM_CLIENT, &connect);
    send_packet(fixture, TAP_FROM_BROKER, &(struct mqtt_packet){.type = MQTT_CONNACK});
    give(fixture, TAP_CLOSED, TAP_FROM_CLIENT, (struct bytes){0});
    assert_shown(
        fixture,
        "12:07:02.000 opens a connection from 127.0.0.1:5000 to port 1883\n"
        "                  client          broker\n"
        "                     1             1883\n"
        "                   dev1\n"
        "12:07:02.000         |----CONNECT--->|       asks for a session as \"dev1\" (MQTT 5.0, "
        "clean start,\n"
        "                     |               |       keep alive 60 s); 19 bytes\n"
        "12:07:02.000         |<---CONNACK----|       accepts; a new session; 5 bytes\n"
        "12:07:02.000         o close         |       the connection is closed\n");
    // The same client on another connection has the same lane.
    struct tap_event event = {.connection = 2, .port = 1883, .peer = "unix 2", .unix_ns = THEN};
    uint8_t bytes[64];
    uint8_t *end = mqtt_encode(&connect, MQTT_5, bytes);
    event.kind = TAP_BYTES;
    event.bytes = bytes_make(bytes, (size_t)(end - bytes));
    show(fixture, &event);
    assert_shown(
        fixture,
        "12:07:02.000         |----CONNECT--->|       asks for a session as \"dev1\" (MQTT 5.0, "
        "clean start,\n"
        "                     |               |       keep alive 60 s); 19 bytes\n");
}

// ---- faults and ends ------------------------------------------------------------------------

static void give_note(struct fixture *fixture, enum tap_direction direction, struct bytes bytes,
                      struct tap_note note) {
    show(fixture, &(struct tap_event){.kind = bytes.size > 0 ? TAP_BYTES : TAP_NOTED,
                                      .direction = direction,
                                      .connection = 1,
                                      .port = 1883,
                                      .peer = "127.0.0.1:5000",
                                      .bytes = bytes,
                                      .unix_ns = THEN + 2500000,
                                      .note = &note});
}

static void give_end(struct fixture *fixture, struct tap_note note) {
    show(fixture, &(struct tap_event){.kind = TAP_CLOSED,
                                      .connection = 1,
                                      .port = 1883,
                                      .peer = "127.0.0.1:5000",
                                      .unix_ns = THEN,
                                      .note = &note});
}

static void draws_faults(void **state) {
    struct fixture *fixture = *state;
    fixture->options.form = WATCH_LADDER;
    struct mqtt_packet connect = connect_as("dev1", MQTT_3_1_1);
    fixture->version = MQTT_3_1_1;
    send_packet(fixture, TAP_FROM_CLIENT, &connect);
    fixture->out.size = 0;
    give(fixture, TAP_BYTES, TAP_FROM_CLIENT, BYTES_LITERAL("\x32\x07\0\1a\0\7xy"));
    give_note(fixture, TAP_FROM_BROKER, BYTES_LITERAL("\x40\2\0\7"),
              (struct tap_note){.kind = TAP_NOTE_DROPPED, .text = BYTES_LITERAL("drop PUBACK")});
    give_note(fixture, TAP_FROM_CLIENT, BYTES_LITERAL("\x3a\x07\0\1a\0\7xy"),
              (struct tap_note){.kind = TAP_NOTE_DELAYED, .delay_ns = 200000000});
    give_note(fixture, TAP_FROM_BROKER, BYTES_LITERAL("\x40\2\0\7"),
              (struct tap_note){.kind = TAP_NOTE_HELD, .text = BYTES_LITERAL("hold PUBACK")});
    give_note(fixture, TAP_FROM_BROKER, (struct bytes){0},
              (struct tap_note){.kind = TAP_NOTE_LET_GO,
                                .delay_ns = 1500000000,
                                .text = BYTES_LITERAL("PUBACK 7")});
    give_end(fixture, (struct tap_note){.kind = TAP_NOTE_ENDED,
                                        .side = TAP_SIDE_NETWORK,
                                        .cause = TAP_CAUSE_CUT,
                                        .text = BYTES_LITERAL("cut after PUBACK")});
    assert_shown(
        fixture,
        "12:07:02.000         |----PUBLISH--->|       a = xy (QoS 1, packet id 7); 9 bytes\n"
        "12:07:02.002         | x--PUBACK-----|       has packet id 7; is dropped on its way (drop "
        "PUBACK);\n"
        "                     |               |       4 bytes\n"
        "12:07:02.002         |~~~~PUBLISH~~~>|       a = xy (QoS 1, packet id 7, again); arrives "
        "later, by\n"
        "                     |               |       200 ms; 9 bytes\n"
        "12:07:02.002         | |==PUBACK=====|       has packet id 7; is held back (hold PUBACK); "
        "4 bytes;\n"
        "                     |               |       2 bytes of payload cost 26 at QoS 1, in 4 "
        "packets and\n"
        "                     |               |       2.50 ms; it was sent 2 times\n"
        "12:07:02.002         |<----note------|       what was held is let go, after 1500 ms "
        "(PUBACK 7)\n"
        "12:07:02.000         |- - - cut - -  |       the network ended the connection: cut (cut "
        "after\n"
        "                     |               |       PUBACK)\n");
}

static void says_why(void **state) {
    struct fixture *fixture = *state;
    fixture->options.why = true;
    fixture->version = MQTT_3_1_1;
    struct mqtt_packet connect = connect_as("dev1", MQTT_3_1_1);
    send_packet(fixture, TAP_FROM_CLIENT, &connect);
    fixture->out.size = 0;
    give_note(fixture, TAP_FROM_BROKER, BYTES_LITERAL("\x40\2\0\7"),
              (struct tap_note){.kind = TAP_NOTE_DROPPED});
    give_end(fixture, (struct tap_note){.kind = TAP_NOTE_ENDED,
                                        .side = TAP_SIDE_BROKER,
                                        .cause = TAP_CAUSE_KEEP_ALIVE,
                                        .text = BYTES_LITERAL("nothing was heard")});
    assert_shown(
        fixture,
        "12:07:02.002  broker 1883   -> client 1 dev1  PUBACK       has packet id 7; is dropped on "
        "its way; 4 bytes\n"
        "    The sender does not know that it arrived. It will send it again with DUP after a "
        "new connection, and the receiver gets it twice (4.4).\n"
        "12:07:02.000  broker 1883   -> client 1 dev1  close        the broker ended the "
        "connection: keep alive ran out (nothing was heard)\n"
        "    Nothing came for one and a half times the keep alive, so the broker takes the client "
        "for dead, and publishes its will (3.1.2.10).\n");
    fixture->options.why = false;
}

// Most programs begin a segment with a packet.
static void goes_on_behind_a_loss(void **state) {
    struct fixture *fixture = *state;
    struct mqtt_packet connect = connect_as("dev1", MQTT_5);
    send_packet(fixture, TAP_FROM_CLIENT, &connect);
    fixture->out.size = 0;
    give(fixture, TAP_BYTES, TAP_FROM_CLIENT, BYTES_LITERAL("\x30\x20\0\1a"));
    give(fixture, TAP_LOST, TAP_FROM_CLIENT, (struct bytes){0});
    give(fixture, TAP_BYTES, TAP_FROM_CLIENT, BYTES_LITERAL("the rest of it"));
    give(fixture, TAP_BYTES, TAP_FROM_CLIENT, BYTES_LITERAL("\xc0\0\xc0\0"));
    static const char ping[] =
        "12:07:02.000  client 1 dev1 -> broker 1883    PINGREQ      is still there; 2 bytes\n";
    char text[512];
    (void)snprintf(text, sizeof text,
                   "12:07:02.000  client 1 dev1 -> broker 1883    lost         some bytes are "
                   "missing; going on with the next packet that is found\n%s%s",
                   ping, ping);
    assert_shown(fixture, text);
}

// The version is that in which the packets are right.
static void reads_a_connection_that_was_open_already(void **state) {
    struct fixture *fixture = *state;
    show(fixture, &(struct tap_event){.kind = TAP_OPENED,
                                      .connection = 1,
                                      .port = 1883,
                                      .peer = "10.0.0.1:5000",
                                      .broker = "10.0.0.2:1883",
                                      .is_middle = true,
                                      .unix_ns = THEN});
    give(fixture, TAP_BYTES, TAP_FROM_BROKER, BYTES_LITERAL("\x32\x08\0\1a\0\7\0xy"));
    give(fixture, TAP_BYTES, TAP_FROM_CLIENT, BYTES_LITERAL("\x40\3\0\7\x10"));
    static const char *const parts[] = {
        "10.0.0.1:5000 -> broker 10.0.0.2:1883  open         has a connection already, from "
        "10.0.0.1:5000 to 10.0.0.2:1883\n",
        "has packet id 7: no matching subscribers"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (memmem(fixture->out.data, fixture->out.size, parts[i], strlen(parts[i])) == NULL) {
            print_error("not shown: %s in %.*s\n", parts[i], (int)fixture->out.size,
                        (const char *)fixture->out.data);
            fail();
        }
    }
}

// Of two taps; one broker listens at two ports.
static void one_broker_has_one_column(void **state) {
    struct fixture *fixture = *state;
    static const char *const networks[] = {"net", "tap"};
    static const char *const paths[] = {"/there/net", "/there/tap"};
    fixture->options.form = WATCH_LADDER;
    fixture->options.networks = networks;
    fixture->options.paths = paths;
    fixture->options.network_count = 2;
    fixture->view = watch_view_create(&fixture->options, &fixture->memory);
    struct tap_owner owner = {
        .kind = "broker", .address = 83, .name = BYTES_LITERAL("kitchen"), .network = "/there/net"};
    watch_view_line(fixture->view, 0, BYTES_LITERAL("1\t83\t0\tjoin\t-broker-kitchen-\t600\t"),
                    &fixture->out);
    for (uint16_t port = 1883; port <= 8883; port += 7000) {
        watch_view_tap(fixture->view, 1,
                       &(struct tap_event){.kind = TAP_BYTES,
                                           .direction = TAP_FROM_CLIENT,
                                           .connection = port / 1000u,
                                           .port = port,
                                           .peer = "unix 1",
                                           .bytes = BYTES_LITERAL("\xc0\0"),
                                           .unix_ns = THEN,
                                           .owner = &owner},
                       &fixture->out);
    }
    const uint8_t *last = fixture->out.data;
    unsigned brokers = 0;
    while ((last = memmem(last, (size_t)(fixture->out.data + fixture->out.size - last), "broker ",
                          7)) != NULL) {
        brokers++;
        last++;
    }
    assert_null(memmem(fixture->out.data, fixture->out.size, "1883", 4));
    assert_non_null(memmem(fixture->out.data, fixture->out.size, "  kitchen\n", 10));
    assert_int_equal(brokers, 3); // in each legend once
}

static void leaves_room_in_a_narrow_ladder(void **state) {
    struct fixture *fixture = *state;
    fixture->options.form = WATCH_LADDER;
    fixture->options.width = 1;
    send_all(fixture);
    assert_true(fixture->out.size > 0);
}

static void shows_json(void **state) {
    struct fixture *fixture = *state;
    fixture->options.form = WATCH_JSON;
    give(fixture, TAP_OPENED, TAP_FROM_CLIENT, (struct bytes){0});
    assert_shown(
        fixture,
        "{\"time\":1795435622,\"nanoseconds\":5,\"network\":\"tap.pcapng\",\"connection\":"
        "1,\"peer\":\"127.0.0.1:5000\",\"port\":1883,\"type\":\"open\",\"words\":\"opens a "
        "connection from 127.0.0.1:5000 to port 1883\"}\n");
    send_all(fixture);
    static const char *const parts[] = {
        "\"client\":\"dev1\",\"from\":\"client\",\"type\":\"CONNECT\"",
        "\"will\":{\"topic\":\"gone\",\"payload\":\"dev1\",\"qos\":1,\"retain\":true}",
        "\"password\":true",
        "\"properties\":[{\"property\":\"session expiry interval\",\"value\":30}]",
        "\"filters\":[{\"filter\":\"temp\",\"qos\":1,\"no_local\":false,\"retain_as_published\":"
        "false,\"retain_handling\":0},{\"filter\":\"a/#\",\"qos\":2,",
        "\"reasons\":[{\"reason\":1,\"meaning\":\"granted QoS 1\"},{\"reason\":135,",
        "\"topic\":\"temp\",\"payload\":\"21.5\",\"qos\":1,\"retain\":true,\"dup\":false,"
        "\"packet_id\":7,\"properties\":[{\"property\":\"user property\",\"name\":\"room\","
        "\"value\":\"k\\n\"}]",
        "\"type\":\"DISCONNECT\",\"bytes\":3,\"reason\":142,\"meaning\":\"session taken over\""};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (memmem(fixture->out.data, fixture->out.size, parts[i], strlen(parts[i])) == NULL) {
            print_error("not shown: %s\n", parts[i]);
            fail();
        }
    }
    assert_null(memmem(fixture->out.data, fixture->out.size, "secret", 6));
}

static void leaves_out_what_is_not_wanted(void **state) {
    struct fixture *fixture = *state;
    fixture->options.no_ping = true;
    fixture->options.mqtt_types = 1u << MQTT_PINGREQ | 1u << MQTT_PUBREL;
    send_all(fixture);
    assert_shown(fixture,
                 "12:07:02.000  client 1 dev1 -> broker 1883    PUBREL       releases packet id "
                 "9; 4 bytes\n");
    fixture->options.mqtt_types = 0;
    fixture->options.types = 1;
    send_all(fixture);
    assert_shown(fixture, "");
    fixture->options.types = 0;
    fixture->options.address = 83;
    send_all(fixture);
    assert_shown(fixture, "");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(explains_every_packet),
        TEST(explains_what_a_tap_holds),
        TEST(explains_older_versions),
        TEST(says_what_is_no_packet),
        TEST(passes_over_large_packets),
        TEST(draws_a_ladder),
        TEST(leaves_room_in_a_narrow_ladder),
        TEST(shows_json),
        TEST(leaves_out_what_is_not_wanted),
        TEST(one_byte_is_not_called_bytes),
        TEST(draws_faults),
        TEST(says_why),
        TEST(goes_on_behind_a_loss),
        TEST(reads_a_connection_that_was_open_already),
        TEST(one_broker_has_one_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
