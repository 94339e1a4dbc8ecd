#include "session/mqtt_client/seen_topics.h"

#include "base/assert.h"

void seen_topics_init(struct seen_topics *seen) {
    *seen = (struct seen_topics){0};
    int fault = pthread_mutex_init(&seen->lock, NULL);
    ASSERT(fault == 0);
}

void seen_topics_deinit(struct seen_topics *seen) {
    pthread_mutex_destroy(&seen->lock);
}

static struct bytes bytes_of(const struct seen_text *text) {
    return bytes_make(text->bytes, text->size);
}

static struct seen_text *find(struct seen_list *list, struct bytes text) {
    for (unsigned i = 0; i < list->count; i++) {
        if (bytes_equal(bytes_of(&list->items[i]), text)) {
            return &list->items[i];
        }
    }
    return NULL;
}

static struct seen_text *add(struct seen_list *list) {
    if (list->count < SEEN_TOPICS_MAX) {
        return &list->items[list->count++];
    }
    struct seen_text *oldest = &list->items[list->next];
    list->next = (list->next + 1) % SEEN_TOPICS_MAX;
    return oldest;
}

void seen_topics_note(struct seen_topics *seen, enum seen_kind kind, struct bytes text) {
    struct seen_list *list = &seen->lists[kind];
    if (text.size == 0 || text.size > SEEN_TOPIC_BYTES_MAX) {
        return;
    }
    pthread_mutex_lock(&seen->lock);
    if (find(list, text) == NULL) {
        struct seen_text *item = add(list);
        item->size = (uint16_t)text.size;
        memcpy(item->bytes, text.data, text.size);
    }
    pthread_mutex_unlock(&seen->lock);
}

void seen_topics_forget(struct seen_topics *seen, enum seen_kind kind, struct bytes text) {
    struct seen_list *list = &seen->lists[kind];
    pthread_mutex_lock(&seen->lock);
    struct seen_text *item = find(list, text);
    if (item != NULL) {
        *item = list->items[--list->count];
        list->next = 0;
    }
    pthread_mutex_unlock(&seen->lock);
}

void seen_topics_each(struct seen_topics *seen, enum seen_kind kind,
                      const struct run_words *words) {
    struct seen_list *list = &seen->lists[kind];
    pthread_mutex_lock(&seen->lock);
    for (unsigned i = 0; i < list->count; i++) {
        words->add(words->context, bytes_of(&list->items[i]));
    }
    pthread_mutex_unlock(&seen->lock);
}
