// Topics that an MQTT client has seen and filters that it has subscribed to, to complete what is
// typed. The loop's thread notes them; the user's thread reads them: each call takes the lock.
//
// At most SEEN_TOPICS_MAX of each are kept, none longer than SEEN_TOPIC_BYTES_MAX; beyond, the one
// that was noted longest ago gives way.
#ifndef SESSION_MQTT_CLIENT_SEEN_TOPICS_H
#define SESSION_MQTT_CLIENT_SEEN_TOPICS_H

#include <pthread.h>

#include "shell/run.h"

#define SEEN_TOPICS_MAX 256
#define SEEN_TOPIC_BYTES_MAX 256

enum seen_kind { SEEN_TOPIC, SEEN_FILTER, SEEN_KINDS };

struct seen_text {
    uint16_t size;
    uint8_t bytes[SEEN_TOPIC_BYTES_MAX];
};

// Of each kind, in the order in which they were noted first; `next` gives way when all are in use.
struct seen_list {
    struct seen_text items[SEEN_TOPICS_MAX];
    unsigned count;
    unsigned next;
};

struct seen_topics {
    pthread_mutex_t lock;
    struct seen_list lists[SEEN_KINDS];
};

void seen_topics_init(struct seen_topics *seen);
void seen_topics_deinit(struct seen_topics *seen);

void seen_topics_note(struct seen_topics *seen, enum seen_kind kind, struct bytes text);
void seen_topics_forget(struct seen_topics *seen, enum seen_kind kind, struct bytes text);
void seen_topics_each(struct seen_topics *seen, enum seen_kind kind, const struct run_words *words);

#endif
