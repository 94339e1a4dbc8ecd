// How fast the MQTT door is by itself: no socket, no thread, no clock. What clients publish is
// handed over as bytes, what they get is taken and thrown away, deliveries of QoS 1 are answered.
// With the name of a row it measures that one only, so that instructions can be counted:
//
//   valgrind --tool=callgrind --toggle-collect=run_messages build/release/bench/door_bench one
//
// The last rows tell how long the door is occupied by one PUBLISH to a crowd, which is not divided
// (docs/decisions.md): what it does in one go, without what its driver does for each stream.
#include "doors.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW ROLE_SECOND
#define PAYLOAD 64u
#define SUBSCRIBERS_MAX 100u
#define ANSWER_BYTES 4u
#define LUMP_SUBSCRIBERS 100000u
#define LUMP_MESSAGES 20u
#define WINDOW 64u // messages that are delivered before they are answered

struct row {
    const char *word;
    const char *what;
    uint32_t publishers;
    uint32_t subscribers;
    uint32_t messages; // of all publishers
    uint8_t qos;
    bool is_kept; // by a journal
};

static const struct row rows[] = {
    {"ten", "QoS 0, 10 publishers to 10, deliveries", 10, 10, 200000, 0, false},
    {"many", "QoS 0, 1 publisher to 100, deliveries", 1, 100, 20000, 0, false},
    {"one", "QoS 1, 10 publishers to 10, deliveries", 10, 10, 200000, 1, false},
    {"kept", "  the same with a journal of no cost", 10, 10, 200000, 1, true},
};

struct crowd {
    struct doors *doors;
    struct door_connection *publishers[SUBSCRIBERS_MAX];
    struct door_connection *subscribers[SUBSCRIBERS_MAX];
    const struct row *row;
    uint64_t delivered; // bytes
    uint16_t answered;  // packet id of the last delivery, alike for all
};

static struct bytes name_of(char text[static 32], const char *what, uint32_t number) {
    int size = snprintf(text, 32, "%s/%u", what, (unsigned)number);
    return bytes_make(text, (size_t)size);
}

static void open_crowd(struct crowd *crowd, const struct row *row) {
    char name[32];
    char filter[32];
    *crowd = (struct crowd){.doors = doors_open(row->is_kept), .row = row};
    for (uint32_t i = 0; i < row->publishers; i++) {
        crowd->publishers[i] = doors_connect(crowd->doors, name_of(name, "publisher", i),
                                             BYTES_LITERAL("none"), row->qos);
    }
    uint32_t topics = row->publishers > 0 ? row->publishers : 1;
    for (uint32_t i = 0; i < row->subscribers; i++) { // with one publisher, all get what it says
        struct bytes topic = name_of(filter, "bench", i % topics);
        crowd->subscribers[i] =
            doors_connect(crowd->doors, name_of(name, "subscriber", i), topic, row->qos);
    }
}

static void close_crowd(struct crowd *crowd) {
    for (uint32_t i = 0; i < crowd->row->publishers; i++) {
        mqtt_door_close(crowd->doors->door, crowd->publishers[i], NOW);
    }
    for (uint32_t i = 0; i < crowd->row->subscribers; i++) {
        mqtt_door_close(crowd->doors->door, crowd->subscribers[i], NOW);
    }
    doors_close(crowd->doors);
}

// Each subscriber answers what it has got since the last time.
static void answer_all(struct crowd *crowd, uint32_t count) {
    uint8_t answers[WINDOW * ANSWER_BYTES];
    for (uint32_t i = 0; i < count; i++) {
        uint16_t id = ++crowd->answered == 0 ? ++crowd->answered : crowd->answered;
        uint8_t *answer = &answers[i * ANSWER_BYTES];
        memcpy(answer, (uint8_t[]){0x40, 2, (uint8_t)(id >> 8), (uint8_t)id}, ANSWER_BYTES);
    }
    for (uint32_t i = 0; i < crowd->row->subscribers; i++) {
        mqtt_door_begin_turn(crowd->doors->door);
        mqtt_door_receive(crowd->doors->door, crowd->subscribers[i],
                          bytes_make(answers, (size_t)count * ANSWER_BYTES), NOW);
    }
}

static void take_all(struct crowd *crowd) {
    for (uint32_t i = 0; i < crowd->row->subscribers; i++) {
        crowd->delivered += doors_drain(crowd->doors, crowd->subscribers[i]);
    }
    for (uint32_t i = 0; i < crowd->row->publishers; i++) {
        (void)doors_drain(crowd->doors, crowd->publishers[i]);
    }
}

// Rounds in which each publisher says as much as the window lets it; not inlined, so that callgrind
// knows it by its name.
__attribute__((noinline)) static void run_messages(struct crowd *crowd) {
    static const uint8_t payload[PAYLOAD];
    const struct row *row = crowd->row;
    for (uint32_t done = 0; done < row->messages; done += WINDOW * row->publishers) {
        for (uint32_t i = 0; i < WINDOW * row->publishers; i++) {
            uint32_t publisher = i % row->publishers;
            char topic[32];
            struct mqtt_packet packet = {
                .type = MQTT_PUBLISH,
                .publish = {.qos = row->qos,
                            .topic = name_of(topic, "bench", publisher),
                            .packet_id = (uint16_t)(row->qos > 0 ? 1 + i % 1000 : 0),
                            .payload = bytes_make(payload, PAYLOAD)}};
            doors_send(crowd->doors, crowd->publishers[publisher], &packet);
        }
        take_all(crowd);
        if (row->qos > 0) {
            answer_all(crowd, WINDOW);
        }
    }
}

static void measure(const struct row *row) {
    struct crowd crowd;
    open_crowd(&crowd, row);
    uint64_t start = bench_now();
    run_messages(&crowd);
    double seconds = (double)(bench_now() - start) / 1e9;
    const struct mqtt_door_counts *counts = mqtt_door_counts(crowd.doors->door);
    uint64_t expected = counts->messages_received * row->subscribers / row->publishers;
    if (counts->messages_sent != expected || crowd.delivered <= expected * PAYLOAD) {
        printf("a message went astray\n");
        exit(1);
    }
    bench_print(&(struct bench_row){
        .what = row->what, .figure = (double)expected / seconds / 1e6, .unit = "M/s"});
    if (row->is_kept) {
        bench_print(
            &(struct bench_row){.what = "  records of a delivery",
                                .figure = (double)crowd.doors->journal.appended / (double)expected,
                                .unit = ""});
        bench_print(
            &(struct bench_row){.what = "    and their texts and numbers",
                                .figure = (double)crowd.doors->journal_bytes / (double)expected,
                                .unit = "bytes",
                                .baseline = PAYLOAD,
                                .baseline_name = "the payload"});
    }
    close_crowd(&crowd);
}

// ---- one PUBLISH to a crowd --------------------------------------------------------------------

struct lump {
    const char *what;
    uint8_t qos;
    bool is_kept;
};

static const struct lump lumps[] = {
    {"one PUBLISH to 100,000, QoS 0, the longest of 20", 0, false},
    {"  QoS 1", 1, false},
    {"  QoS 1 with a journal of no cost", 1, true},
};

// ns of the longest; the subscribers take what they get, and answer nothing.
static uint64_t longest_publish(struct doors *doors, struct door_connection *publisher,
                                struct door_connection *const *subscribers, uint8_t qos) {
    static const uint8_t payload[PAYLOAD];
    uint64_t longest = 0;
    for (uint16_t i = 1; i <= LUMP_MESSAGES; i++) {
        struct mqtt_packet packet = {.type = MQTT_PUBLISH,
                                     .publish = {.qos = qos,
                                                 .topic = BYTES_LITERAL("crowd"),
                                                 .packet_id = qos > 0 ? i : 0,
                                                 .payload = bytes_make(payload, PAYLOAD)}};
        uint64_t start = bench_now();
        doors_send(doors, publisher, &packet);
        uint64_t time = bench_now() - start;
        longest = time > longest ? time : longest;
        for (uint32_t k = 0; k < LUMP_SUBSCRIBERS; k++) {
            (void)doors_drain(doors, subscribers[k]);
        }
        (void)doors_drain(doors, publisher);
    }
    return longest;
}

static void measure_lump(const struct lump *lump) {
    static struct door_connection *subscribers[LUMP_SUBSCRIBERS];
    char name[32];
    struct doors *doors = doors_open(lump->is_kept);
    struct door_connection *publisher =
        doors_connect(doors, BYTES_LITERAL("publisher"), BYTES_LITERAL("none"), lump->qos);
    for (uint32_t i = 0; i < LUMP_SUBSCRIBERS; i++) {
        subscribers[i] =
            doors_connect(doors, name_of(name, "s", i), BYTES_LITERAL("crowd"), lump->qos);
    }
    uint64_t longest = longest_publish(doors, publisher, subscribers, lump->qos);
    bench_print(
        &(struct bench_row){.what = lump->what, .figure = (double)longest / 1e6, .unit = "ms"});
    for (uint32_t i = 0; i < LUMP_SUBSCRIBERS; i++) {
        mqtt_door_close(doors->door, subscribers[i], NOW);
    }
    mqtt_door_close(doors->door, publisher, NOW);
    doors_close(doors);
}

int main(int count, char **words) {
    bench_title("the MQTT door alone, in memory, payloads of 64 bytes, one core");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (count < 2 || strcmp(words[1], rows[i].word) == 0) {
            measure(&rows[i]);
        }
    }
    for (size_t i = 0; i < sizeof lumps / sizeof *lumps; i++) {
        if (count < 2 || strcmp(words[1], "crowd") == 0) {
            measure_lump(&lumps[i]);
        }
    }
    return 0;
}
