#include "role/broker/line_access.h"

#include "base/assert.h"

struct line_person {
    bool has_user;
    uint32_t user_bytes;
    uint32_t name_bytes;
    uint8_t texts[]; // the user, then the name
};

static size_t person_size(const struct line_person *person) {
    return sizeof *person + person->user_bytes + person->name_bytes;
}

void line_access_init(struct line_access *access, struct memory *memory) {
    *access = (struct line_access){.memory = memory};
    access_topic_init(&access->asked, memory);
}

void line_access_deinit(struct line_access *access) {
    for (uint32_t i = 0; i < access->capacity; i++) {
        ASSERT(access->people[i] == NULL);
    }
    memory_free(access->memory, (void *)access->people,
                access->capacity * sizeof(struct line_person *));
    access_topic_deinit(&access->asked);
}

static void make_place(struct line_access *access, uint32_t place) {
    uint32_t before = access->capacity;
    if (place >= before) {
        access->people = memory_grow(access->memory, (void *)access->people, &access->capacity,
                                     place + 1, sizeof(struct line_person *));
        for (uint32_t i = before; i < access->capacity; i++) {
            access->people[i] = NULL;
        }
    }
}

void line_access_enter(struct line_access *access, uint32_t place,
                       const struct access_client *client) {
    make_place(access, place);
    ASSERT(access->people[place] == NULL);
    struct line_person *person = memory_allocate(
        access->memory, sizeof *person + client->user.size + client->client_id.size);
    person->has_user = client->has_user;
    person->user_bytes = (uint32_t)client->user.size;
    person->name_bytes = (uint32_t)client->client_id.size;
    if (client->user.size > 0) {
        memcpy(person->texts, client->user.data, client->user.size);
    }
    if (client->client_id.size > 0) {
        memcpy(person->texts + client->user.size, client->client_id.data, client->client_id.size);
    }
    access->people[place] = person;
}

struct access_client line_access_of(const struct line_access *access, uint32_t place) {
    const struct line_person *person = place < access->capacity ? access->people[place] : NULL;
    struct access_client client = {.has_user = false};
    if (person != NULL) {
        client.has_user = person->has_user;
        client.user = bytes_make(person->texts, person->user_bytes);
        client.client_id = bytes_make(person->texts + person->user_bytes, person->name_bytes);
    }
    return client;
}

void line_access_leave(struct line_access *access, uint32_t place) {
    struct line_person *person = place < access->capacity ? access->people[place] : NULL;
    if (person != NULL) {
        memory_free(access->memory, person, person_size(person));
        access->people[place] = NULL;
    }
}

bool line_access_allows(const struct line_access *access, const struct access *rules,
                        uint32_t place, enum access_kind kind, struct bytes topic) {
    if (rules == NULL) {
        return true;
    }
    struct access_client client = line_access_of(access, place);
    return access_allows(rules, &client, kind, topic);
}

bool line_access_reads(struct line_access *access, const struct line_reading *reading,
                       uint32_t place, uint64_t *patterns) {
    if (access->serial != reading->serial) { // the first that is asked
        access_topic_begin(&access->asked, reading->rules, reading->topic);
        access->serial = reading->serial;
        *patterns += reading->rules->pattern_count;
    }
    struct access_client client = line_access_of(access, place);
    *patterns += access->asked.count;
    return access_topic_allows(&access->asked, &client, ACCESS_READ);
}
