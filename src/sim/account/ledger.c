#include "sim/account/ledger.h"

#include "base/assert.h"
#include "base/hash.h"
#include "topic/topic.h"

// Behind the topic in the key of a stream stands what kind of messages it has.
#define TOPIC_BITS 28

#define US_NS 1000u

// Copies count for the group that published them.
static void note_tally(void *context, enum verdict_tally tally, uint32_t stream, uint8_t qos) {
    struct sim_ledger *ledger = context;
    struct sim_tally *of = &ledger->sums.tallies[ledger->facts[stream].owner];
    switch (tally) {
    case VERDICT_TALLY_OWED:
        of->owed[qos]++;
        break;
    case VERDICT_TALLY_WAIVED:
        of->owed[qos]--;
        break;
    case VERDICT_TALLY_DELIVERED:
        of->delivered[qos]++;
        break;
    case VERDICT_TALLY_REPEATED:
        of->repeated[qos]++;
        break;
    case VERDICT_TALLY_LOST:
        of->lost[qos]++;
        break;
    }
}

void sim_ledger_init(struct sim_ledger *ledger, struct memory *memory,
                     const struct sim_ledger_options *options) {
    *ledger = (struct sim_ledger){
        .memory = memory, .now = options->now, .sums = options->sums, .islands = options->islands};
    struct verdict_options verdict = options->verdict;
    verdict.tally = note_tally;
    verdict.tally_context = ledger;
    ledger->verdict = verdict_create(memory, &verdict);
    map_init(&ledger->topics_by_name, memory, verdict.seed);
    map_init(&ledger->streams_by_topic, memory, verdict.seed);
    map_init(&ledger->groups, memory, verdict.seed);
    map_init(&ledger->wildcards_of, memory, verdict.seed);
    sim_freight_init(&ledger->freight, memory, verdict.seed);
    ledger->names = memory_allocate(memory, ledger->islands * sizeof *ledger->names);
}

static void free_wildcards(struct sim_ledger *ledger) {
    struct memory *memory = ledger->memory;
    for (uint32_t i = 0; i < ledger->wildcards_count; i++) {
        topic_tree_deinit(ledger->wildcards[i]);
        memory_free(memory, ledger->wildcards[i], sizeof *ledger->wildcards[i]);
    }
    memory_free(memory, ledger->wildcards,
                ledger->wildcards_capacity * sizeof(struct topic_tree *));
    map_deinit(&ledger->wildcards_of);
}

void sim_ledger_deinit(struct sim_ledger *ledger) {
    struct memory *memory = ledger->memory;
    for (uint32_t i = 0; i < ledger->topic_count; i++) {
        memory_free(memory, ledger->topics[i].name, ledger->topics[i].size);
    }
    for (uint32_t i = 0; i < ledger->interest_count; i++) {
        struct sim_interest *interest = &ledger->interests[i];
        memory_free(memory, interest->topics, interest->capacity * sizeof *interest->topics);
    }
    free_wildcards(ledger);
    memory_free(memory, ledger->topics, ledger->topic_capacity * sizeof *ledger->topics);
    memory_free(memory, ledger->interests, ledger->interest_capacity * sizeof *ledger->interests);
    memory_free(memory, ledger->facts, ledger->facts_capacity * sizeof *ledger->facts);
    memory_free(memory, ledger->lines, ledger->lines_capacity * sizeof *ledger->lines);
    for (uint32_t i = 0; i < ledger->islands; i++) {
        struct sim_stream_names *names = &ledger->names[i];
        memory_free(memory, names->numbers, names->capacity * sizeof *names->numbers);
    }
    memory_free(memory, ledger->names, ledger->islands * sizeof *ledger->names);
    sim_freight_deinit(&ledger->freight);
    map_deinit(&ledger->topics_by_name);
    map_deinit(&ledger->streams_by_topic);
    map_deinit(&ledger->groups);
    verdict_destroy(ledger->verdict);
}

// ---- topics and filters -------------------------------------------------------------------------

static bool has_wildcard(struct bytes filter) {
    return filter.size > 0 && (memchr(filter.data, '+', filter.size) != NULL ||
                               memchr(filter.data, '#', filter.size) != NULL);
}

static struct bytes topic_name(const struct sim_topic *topic) {
    return bytes_make(topic->name, topic->size);
}

static void add_to(struct sim_ledger *ledger, struct sim_interest *interest, uint32_t topic) {
    ASSERT(topic < ledger->topic_count);
    interest->topics = memory_grow(ledger->memory, interest->topics, &interest->capacity,
                                   interest->count + 1, sizeof *interest->topics);
    interest->topics[interest->count++] = topic;
}

struct newcomer {
    struct sim_ledger *ledger;
    uint32_t topic;
};

static void note_match(void *context, uint32_t subscriber, uint32_t detail) {
    (void)detail;
    const struct newcomer *newcomer = context;
    ASSERT(subscriber < newcomer->ledger->interest_count);
    struct sim_interest *interest = &newcomer->ledger->interests[subscriber];
    add_to(newcomer->ledger, interest, newcomer->topic);
    if (interest->is_active) {
        struct verdict_subscription options = interest->options;
        options.is_new = true; // of this topic: another filter of the client may match it, too
        verdict_subscribed(newcomer->ledger->verdict, interest->client, newcomer->topic, &options,
                           *newcomer->ledger->now);
    }
}

// NULL: nobody asked that broker for any.
static struct topic_tree *wildcards_of(const struct sim_ledger *ledger, uint32_t broker) {
    uint32_t place = map_get(&ledger->wildcards_of, broker);
    return place == MAP_NONE ? NULL : ledger->wildcards[place];
}

static struct topic_tree *add_wildcards(struct sim_ledger *ledger, uint32_t broker) {
    struct topic_tree *tree = memory_allocate(ledger->memory, sizeof *tree);
    topic_tree_init(tree, ledger->memory, ledger->wildcards_of.seed);
    ledger->wildcards = memory_grow(ledger->memory, ledger->wildcards, &ledger->wildcards_capacity,
                                    ledger->wildcards_count + 1, sizeof(struct topic_tree *));
    map_put(&ledger->wildcards_of, broker, ledger->wildcards_count);
    ledger->wildcards[ledger->wildcards_count++] = tree;
    return tree;
}

static uint64_t name_key(uint32_t broker, struct bytes name) {
    return hash_bytes(name, broker);
}

static uint32_t find_topic(const struct sim_ledger *ledger, uint32_t broker, struct bytes name) {
    uint32_t topic = map_get(&ledger->topics_by_name, name_key(broker, name));
    ASSERT_MESSAGE(topic == MAP_NONE || bytes_equal(topic_name(&ledger->topics[topic]), name),
                   "two topics have one hash");
    return topic;
}

uint32_t sim_ledger_topic(struct sim_ledger *ledger, uint32_t broker, struct bytes name) {
    uint32_t topic = find_topic(ledger, broker, name);
    if (topic != MAP_NONE) {
        return topic;
    }
    topic = verdict_add_topic(ledger->verdict, broker);
    ASSERT(topic == ledger->topic_count);
    ledger->topics = memory_grow_little(ledger->memory, ledger->topics, &ledger->topic_capacity,
                                        topic + 1, sizeof *ledger->topics);
    ledger->topic_count++;
    struct sim_topic *added = &ledger->topics[topic];
    *added = (struct sim_topic){memory_resize(ledger->memory, NULL, 0, name.size),
                                (uint32_t)name.size, broker};
    memcpy(added->name, name.data, name.size);
    map_put(&ledger->topics_by_name, name_key(broker, name), topic);
    const struct topic_tree *wildcards = wildcards_of(ledger, broker);
    if (wildcards != NULL) {
        struct newcomer newcomer = {.ledger = ledger, .topic = topic};
        (void)topic_tree_match(wildcards, topic_name(added), note_match, &newcomer);
    }
    return topic;
}

uint32_t sim_ledger_stream(struct sim_ledger *ledger, const struct sim_stream_options *options) {
    ASSERT(options->topic >> TOPIC_BITS == 0 && options->qos <= 2);
    uint32_t kind = (options->is_wills ? 8u : 0) | (options->retain ? 4u : 0) | options->qos;
    uint64_t key = (uint64_t)options->client << 32 | kind << TOPIC_BITS | options->topic;
    uint32_t stream = map_get(&ledger->streams_by_topic, key);
    if (stream != MAP_NONE) {
        return stream;
    }
    stream = verdict_add_stream(ledger->verdict, options->client, options->topic);
    ASSERT(stream == ledger->stream_count);
    ledger->facts = memory_grow_little(ledger->memory, ledger->facts, &ledger->facts_capacity,
                                       stream + 1, sizeof *ledger->facts);
    ledger->facts[stream] = (struct sim_stream_facts){.topic = options->topic,
                                                      .owner = options->owner,
                                                      .qos = options->qos,
                                                      .retain = options->retain};
    ledger->stream_count++;
    map_put(&ledger->streams_by_topic, key, stream);
    return stream;
}

void sim_ledger_name(struct sim_ledger *ledger, uint32_t island, uint32_t stream) {
    ASSERT(island < ledger->islands && stream < ledger->stream_count);
    struct sim_stream_names *names = &ledger->names[island];
    names->numbers = memory_grow(ledger->memory, names->numbers, &names->capacity, names->count + 1,
                                 sizeof *names->numbers);
    names->numbers[names->count++] = stream;
}

static uint32_t group_of(struct sim_ledger *ledger, const struct sim_interest_options *options) {
    if (options->share.size == 0) {
        return VERDICT_NONE;
    }
    uint64_t key = name_key(options->broker, options->share);
    uint32_t group = map_get(&ledger->groups, key);
    if (group == MAP_NONE) {
        group = ledger->group_count++;
        map_put(&ledger->groups, key, group);
    }
    return group;
}

uint32_t sim_ledger_add_interest(struct sim_ledger *ledger,
                                 const struct sim_interest_options *options) {
    ledger->interests =
        memory_grow_little(ledger->memory, ledger->interests, &ledger->interest_capacity,
                           ledger->interest_count + 1, sizeof *ledger->interests);
    ledger->interests[ledger->interest_count] = (struct sim_interest){
        .client = options->client,
        .broker = options->broker,
        .options = {.qos = options->qos,
                    .no_local = options->no_local,
                    .retain_as_published = options->retain_as_published,
                    .retain_handling = options->retain_handling,
                    .is_line = options->is_line,
                    .group = group_of(ledger, options)},
    };
    return ledger->interest_count++;
}

static void find_topics(struct sim_ledger *ledger, uint32_t number, struct bytes filter) {
    struct sim_interest *interest = &ledger->interests[number];
    interest->is_known = true;
    if (!has_wildcard(filter)) {
        add_to(ledger, interest, sim_ledger_topic(ledger, interest->broker, filter));
        return;
    }
    struct topic_tree *wildcards = wildcards_of(ledger, interest->broker);
    wildcards = wildcards != NULL ? wildcards : add_wildcards(ledger, interest->broker);
    (void)topic_tree_insert(wildcards, filter, number, 0);
    for (uint32_t i = 0; i < ledger->topic_count; i++) {
        const struct sim_topic *topic = &ledger->topics[i];
        if (topic->broker == interest->broker && topic_matches(filter, topic_name(topic))) {
            add_to(ledger, interest, i);
        }
    }
}

void sim_ledger_subscribed(struct sim_ledger *ledger, uint32_t number, struct bytes filter) {
    if (!ledger->interests[number].is_known) {
        find_topics(ledger, number, filter);
    }
    struct sim_interest *interest = &ledger->interests[number];
    struct verdict_subscription options = interest->options;
    options.is_new = !interest->is_active;
    interest->is_active = true;
    for (uint32_t i = 0; i < interest->count; i++) {
        verdict_subscribed(ledger->verdict, interest->client, interest->topics[i], &options,
                           *ledger->now);
    }
}

void sim_ledger_unsubscribed(struct sim_ledger *ledger, uint32_t number) {
    struct sim_interest *interest = &ledger->interests[number];
    interest->is_active = false;
    for (uint32_t i = 0; i < interest->count; i++) {
        verdict_unsubscribed(ledger->verdict, interest->client, interest->topics[i],
                             interest->options.group, *ledger->now);
    }
}

// ---- messages -----------------------------------------------------------------------------------

struct mark sim_ledger_publish(struct sim_ledger *ledger, uint32_t stream,
                               const struct verdict_publication *publication) {
    ASSERT(ledger->facts[stream].qos == publication->qos &&
           ledger->facts[stream].retain == publication->retain);
    return (struct mark){stream,
                         verdict_publish(ledger->verdict, stream, publication, *ledger->now)};
}

void sim_ledger_stamp(uint8_t *out, struct bytes value, struct mark mark, uint64_t now) {
    uint64_t time = now / US_NS;
    for (unsigned i = SIM_TIME_BYTES; i-- > 0; time >>= 6) {
        out[i] = mark_digits[time & 63];
    }
    (void)mark_write(out + SIM_TIME_BYTES, bytes_make(value.data, value.size + SIM_TIME_BYTES),
                     mark);
}

uint64_t sim_ledger_time(struct bytes payload) {
    ASSERT(payload.size >= SIM_STAMP_BYTES);
    const uint8_t *at = payload.data + payload.size - SIM_STAMP_BYTES;
    return mark_digits_read(at, SIM_TIME_BYTES) * US_NS;
}

// The stream that an island named so; VERDICT_NONE: there is none.
static uint32_t stream_named(const struct sim_ledger *ledger, uint32_t name) {
    const struct sim_stream_names *names = &ledger->names[name % ledger->islands];
    uint32_t at = name / ledger->islands;
    return at < names->count ? names->numbers[at] : VERDICT_NONE;
}

bool sim_ledger_find(const struct sim_ledger *ledger, struct mark *mark) {
    if (sim_freight_is_key(*mark)) {
        return sim_freight_find(&ledger->freight, mark);
    }
    if (ledger->islands > 0 && mark->stream != VERDICT_NONE) {
        mark->stream = stream_named(ledger, mark->stream);
    }
    return mark->stream < ledger->stream_count;
}

struct sim_line_facts *sim_ledger_line(struct sim_ledger *ledger, uint32_t client) {
    uint32_t before = ledger->lines_capacity;
    ledger->lines = memory_grow_little(ledger->memory, ledger->lines, &ledger->lines_capacity,
                                       client + 1, sizeof *ledger->lines);
    for (uint32_t i = before; i < ledger->lines_capacity; i++) {
        ledger->lines[i] = (struct sim_line_facts){0};
    }
    return &ledger->lines[client];
}

void sim_ledger_taken(struct sim_ledger *ledger, struct mark mark, bool is_line) {
    const struct sim_stream_facts *facts = &ledger->facts[mark.stream];
    verdict_taken(ledger->verdict, mark,
                  &(struct verdict_arrival){.qos = facts->qos,
                                            .retain = facts->retain,
                                            .is_link_copy = mark.number < facts->copied,
                                            .is_last_value = is_line},
                  *ledger->now);
}

bool sim_ledger_is_answer(struct sim_ledger *ledger, struct mark mark) {
    struct sim_stream_facts *facts = &ledger->facts[mark.stream];
    bool is_first = facts->is_answers && mark.number >= facts->answered;
    facts->answered = is_first ? mark.number + 1 : facts->answered;
    return is_first;
}

void sim_ledger_copied(struct sim_ledger *ledger, struct mark mark) {
    struct sim_stream_facts *facts = &ledger->facts[mark.stream];
    facts->copied = facts->copied > mark.number ? facts->copied : mark.number + 1;
}

bool sim_ledger_is_whole(const struct sim_ledger *ledger, struct mark mark, struct bytes topic) {
    return !ledger->is_garbled || bytes_equal(sim_ledger_topic_of(ledger, mark.stream), topic);
}

void sim_ledger_open(struct sim_ledger *ledger) {
    ledger->is_open = true;
    verdict_end_judgement(ledger->verdict);
}

// The topic under which it was published; VERDICT_NONE: it came under another.
static uint32_t usual_topic(const struct sim_ledger *ledger,
                            const struct sim_ledger_delivery *delivery) {
    if (delivery->mark == NULL) {
        return VERDICT_NONE;
    }
    uint32_t topic = ledger->facts[delivery->mark->stream].topic;
    const struct sim_topic *usual = &ledger->topics[topic];
    bool is_usual =
        usual->broker == delivery->broker && bytes_equal(topic_name(usual), delivery->topic);
    return is_usual ? topic : VERDICT_NONE;
}

void sim_ledger_delivered(struct sim_ledger *ledger, const struct sim_ledger_delivery *delivery) {
    uint32_t topic = usual_topic(ledger, delivery);
    if (topic == VERDICT_NONE && ledger->is_open) {
        return; // it may be an outsider's, and is not kept
    }
    if (topic == VERDICT_NONE) {
        topic = sim_ledger_topic(ledger, delivery->broker, delivery->topic);
    }
    if (delivery->mark == NULL || !sim_ledger_is_whole(ledger, *delivery->mark, delivery->topic)) {
        verdict_altered(ledger->verdict, delivery->client, topic, ledger->is_garbled, *ledger->now);
        return;
    }
    verdict_delivered(
        ledger->verdict, delivery->client, *delivery->mark,
        &(struct verdict_delivery){.topic = topic,
                                   .qos = delivery->qos,
                                   .dup = delivery->dup,
                                   .retain = delivery->retain,
                                   .sent_at = delivery->sent_at,
                                   .is_link_copy = delivery->mark->number <
                                                   ledger->facts[delivery->mark->stream].copied},
        *ledger->now);
}
