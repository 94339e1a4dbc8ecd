#include "sim/account/front.h"

#include "base/assert.h"
#include "base/hash.h"

void sim_front_init(struct sim_front *front, struct memory *memory, uint64_t seed) {
    *front = (struct sim_front){.memory = memory};
    buffer_init(&front->logs[0], memory);
    buffer_init(&front->logs[1], memory);
    map_init(&front->streams_by_topic, memory, seed);
}

void sim_front_deinit(struct sim_front *front) {
    for (uint32_t i = 0; i < front->stream_count; i++) {
        memory_free(front->memory, front->streams[i].topic, front->streams[i].topic_bytes);
    }
    memory_free(front->memory, front->streams, front->stream_capacity * sizeof *front->streams);
    map_deinit(&front->streams_by_topic);
    buffer_deinit(&front->logs[0]);
    buffer_deinit(&front->logs[1]);
}

static struct sim_front_stream *named(const struct sim_front *front, uint32_t name) {
    ASSERT(name % front->islands == front->index && name / front->islands < front->stream_count);
    return &front->streams[name / front->islands];
}

uint32_t sim_front_stream(struct sim_front *front, uint64_t client_and_kind, struct bytes topic,
                          bool *is_new) {
    uint64_t key = hash_bytes(topic, client_and_kind);
    uint32_t place = map_get(&front->streams_by_topic, key);
    *is_new = place == MAP_NONE;
    if (*is_new) {
        place = front->stream_count;
        front->streams = memory_grow(front->memory, front->streams, &front->stream_capacity,
                                     place + 1, sizeof *front->streams);
        struct sim_front_stream *stream = &front->streams[front->stream_count++];
        *stream =
            (struct sim_front_stream){.topic = memory_resize(front->memory, NULL, 0, topic.size),
                                      .topic_bytes = (uint32_t)topic.size};
        memcpy(stream->topic, topic.data, topic.size);
        map_put(&front->streams_by_topic, key, place);
    }
    uint32_t name = place * front->islands + front->index;
    ASSERT_MESSAGE(bytes_equal(sim_front_topic(front, name), topic), "two topics have one hash");
    return name;
}

struct bytes sim_front_topic(const struct sim_front *front, uint32_t name) {
    const struct sim_front_stream *stream = named(front, name);
    return bytes_make(stream->topic, stream->topic_bytes);
}

uint32_t sim_front_publish(struct sim_front *front, uint32_t name) {
    return named(front, name)->published++;
}

bool sim_front_answers(struct sim_front *front, uint32_t name) {
    bool is_first = !named(front, name)->is_answers;
    named(front, name)->is_answers = true;
    return is_first;
}
