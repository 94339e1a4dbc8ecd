#include "sim/broker_journal.h"

#include "base/assert.h"
#include "base/hash.h"

#define RETAINED_KEY 0u

// The texts stand behind it: client identifier, topic, properties, payload.
struct sim_journal_entry {
    struct sim_journal_entry *next;
    struct door_record record;
    uint64_t at;
    size_t size; // of the whole
    uint8_t texts[];
};

void sim_journal_init(struct sim_journal *journal, struct memory *memory) {
    *journal = (struct sim_journal){.memory = memory};
    map_init(&journal->places, memory, 0);
}

static struct sim_journal_shelf *shelf_of(struct sim_journal *journal, uint64_t key) {
    uint32_t place = map_get(&journal->places, key);
    if (place != MAP_NONE) {
        return &journal->shelves[place];
    }
    journal->shelves = memory_grow(journal->memory, journal->shelves, &journal->capacity,
                                   journal->count + 1, sizeof *journal->shelves);
    map_put(&journal->places, key, journal->count);
    journal->shelves[journal->count] = (struct sim_journal_shelf){.key = key};
    return &journal->shelves[journal->count++];
}

static struct bytes put_text(uint8_t **at, struct bytes text) {
    if (text.size > 0) {
        memcpy(*at, text.data, text.size);
    }
    struct bytes kept = bytes_make(*at, text.size);
    *at += text.size;
    return kept;
}

static struct sim_journal_entry *make_entry(struct sim_journal *journal,
                                            const struct door_record *record, uint64_t now) {
    size_t size = sizeof(struct sim_journal_entry) + record->client_id.size + record->topic.size +
                  record->properties.size + record->payload.size;
    struct sim_journal_entry *entry = memory_allocate(journal->memory, size);
    entry->record = *record;
    entry->at = now;
    entry->size = size;
    uint8_t *at = entry->texts;
    entry->record.client_id = put_text(&at, record->client_id);
    entry->record.topic = put_text(&at, record->topic);
    entry->record.properties = put_text(&at, record->properties);
    entry->record.payload = put_text(&at, record->payload);
    return entry;
}

static bool is_topic_kind(enum door_record_kind kind) {
    return kind == DOOR_RECORD_SUBSCRIPTION || kind == DOOR_RECORD_RETAINED;
}

static bool is_delivery_kind(enum door_record_kind kind) {
    return kind == DOOR_RECORD_QUEUED || kind == DOOR_RECORD_SENT || kind == DOOR_RECORD_RELEASED;
}

// Whether the older record is replaced, or removed, by the newer one.
static bool replaces(const struct door_record *newer, const struct door_record *older) {
    switch (newer->kind) {
    case DOOR_RECORD_SESSION:
        return older->kind == DOOR_RECORD_SESSION;
    case DOOR_RECORD_SESSION_ENDED:
        return true;
    case DOOR_RECORD_SUBSCRIPTION:
    case DOOR_RECORD_UNSUBSCRIPTION:
    case DOOR_RECORD_RETAINED:
    case DOOR_RECORD_NOT_RETAINED:
        return is_topic_kind(older->kind) && bytes_equal(older->topic, newer->topic);
    case DOOR_RECORD_RELEASED:
    case DOOR_RECORD_DONE:
        return is_delivery_kind(older->kind) && older->sequence == newer->sequence;
    case DOOR_RECORD_SENT:
        return older->kind == DOOR_RECORD_SENT && older->sequence == newer->sequence;
    case DOOR_RECORD_COMPLETED:
        return older->kind == DOOR_RECORD_RECEIVED && older->packet_id == newer->packet_id;
    case DOOR_RECORD_QUEUED:
    case DOOR_RECORD_RECEIVED:
    case DOOR_RECORD_KINDS:
        return false;
    }
    return false;
}

static bool leaves_nothing(enum door_record_kind kind) {
    return kind == DOOR_RECORD_SESSION_ENDED || kind == DOOR_RECORD_UNSUBSCRIPTION ||
           kind == DOOR_RECORD_NOT_RETAINED || kind == DOOR_RECORD_DONE ||
           kind == DOOR_RECORD_COMPLETED;
}

// Takes out what the record replaces; returns where the first of it stood, or NULL.
static struct sim_journal_entry **take_out(struct sim_journal *journal,
                                           struct sim_journal_shelf *shelf,
                                           const struct door_record *record) {
    struct sim_journal_entry **place = NULL;
    struct sim_journal_entry **link = &shelf->first;
    shelf->last = NULL;
    while (*link != NULL) {
        struct sim_journal_entry *entry = *link;
        if (!replaces(record, &entry->record)) {
            shelf->last = entry;
            link = &entry->next;
            continue;
        }
        place = place == NULL ? link : place;
        *link = entry->next;
        memory_free(journal->memory, entry, entry->size);
    }
    return place;
}

void sim_journal_append(struct sim_journal *journal, const struct door_record *record,
                        uint64_t now) {
    bool is_retained =
        record->kind == DOOR_RECORD_RETAINED || record->kind == DOOR_RECORD_NOT_RETAINED;
    uint64_t key = is_retained ? RETAINED_KEY : hash_bytes(record->client_id, 1) | 1;
    struct sim_journal_shelf *shelf = shelf_of(journal, key);
    journal->appended++;
    struct sim_journal_entry **place = NULL;
    if (record->kind != DOOR_RECORD_QUEUED && record->kind != DOOR_RECORD_RECEIVED) {
        place = take_out(journal, shelf, record);
    }
    if (leaves_nothing(record->kind)) {
        return;
    }
    struct sim_journal_entry *entry = make_entry(journal, record, now);
    struct sim_journal_entry **link =
        place != NULL ? place : (shelf->last == NULL ? &shelf->first : &shelf->last->next);
    entry->next = *link;
    *link = entry;
    if (entry->next == NULL) {
        shelf->last = entry;
    }
}

bool sim_journal_restore(const struct sim_journal *journal, struct mqtt_door *door, uint64_t now) {
    bool is_good = true;
    for (uint32_t i = 0; i < journal->count; i++) {
        const struct sim_journal_entry *entry = journal->shelves[i].first;
        for (; entry != NULL; entry = entry->next) {
            struct door_record record = entry->record;
            door_record_age(&record, now - entry->at);
            is_good = mqtt_door_restore(door, &record, now) && is_good;
        }
    }
    return is_good;
}

void sim_journal_clear(struct sim_journal *journal) {
    for (uint32_t i = 0; i < journal->count; i++) {
        while (journal->shelves[i].first != NULL) {
            struct sim_journal_entry *entry = journal->shelves[i].first;
            journal->shelves[i].first = entry->next;
            memory_free(journal->memory, entry, entry->size);
        }
        journal->shelves[i].last = NULL;
    }
}

void sim_journal_deinit(struct sim_journal *journal) {
    sim_journal_clear(journal);
    memory_free(journal->memory, journal->shelves, journal->capacity * sizeof *journal->shelves);
    map_deinit(&journal->places);
}
