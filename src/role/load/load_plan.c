#include "role/load/load_plan.h"

#include "topic/topic.h"
#include "topic/tree.h"

#define SHARED_FORMS 3 // filters that match a topic of LOAD_FILTERS

// ---- texts from patterns --------------------------------------------------------------------

struct blank {
    char letter; // 0: none
    uint32_t number;
};

#define BLANKS 3

static const struct blank *find_blank(const struct blank blanks[BLANKS], char letter) {
    for (size_t i = 0; i < BLANKS && letter != 0; i++) {
        if (blanks[i].letter == letter) {
            return &blanks[i];
        }
    }
    return NULL;
}

static void expand(struct buffer *out, struct bytes pattern, const struct blank blanks[BLANKS]) {
    for (size_t i = 0; i < pattern.size; i++) {
        uint8_t byte = pattern.data[i];
        char letter = byte == '%' && i + 1 < pattern.size ? (char)pattern.data[i + 1] : 0;
        const struct blank *blank = find_blank(blanks, letter);
        if (blank != NULL) {
            buffer_append_decimal(out, blank->number);
            i++;
        } else {
            buffer_append_byte(out, byte);
        }
    }
}

static bool has_blank(struct bytes pattern, char letter) {
    for (size_t i = 0; i + 1 < pattern.size; i++) {
        if (pattern.data[i] == '%' && pattern.data[i + 1] == (uint8_t)letter) {
            return true;
        }
    }
    return false;
}

static void expand_topic(const struct load_plan *plan, struct buffer *out, uint32_t publisher,
                         uint32_t topic) {
    const struct load_plan_options *options = &plan->options;
    if (options->assignment == LOAD_FILTERS) {
        uint32_t group = publisher + topic * options->publishers;
        expand(out, BYTES_LITERAL("load/%t-%r/%t-%r"),
               (struct blank[BLANKS]){{'t', group}, {'r', options->run}});
    } else {
        expand(out, options->topic,
               (struct blank[BLANKS]){{'p', publisher}, {'t', topic}, {'r', options->run}});
    }
}

// The runs are set when no text moves any more.
static void name_streams(struct load_plan *plan) {
    uint32_t topics = plan->options.topics;
    plan->names = memory_allocate(plan->memory, plan->streams * sizeof *plan->names);
    for (uint32_t stream = 0; stream < plan->streams; stream++) {
        size_t start = plan->texts.size;
        expand_topic(plan, &plan->texts, stream / topics, stream % topics);
        plan->names[stream].size = plan->texts.size - start;
    }
    size_t at = 0;
    for (uint32_t stream = 0; stream < plan->streams; stream++) {
        plan->names[stream].data = plan->texts.data + at;
        at += plan->names[stream].size;
    }
}

// ---- groups ---------------------------------------------------------------------------------

#define SHARED BYTES_LITERAL("$share/")

// The filter of a shared subscription without `$share/GROUP/` (5.0, section 4.8.2); any other as it
// is.
static struct bytes unshared(struct bytes filter) {
    if (!bytes_starts_with(filter, SHARED)) {
        return filter;
    }
    struct bytes group = topic_level(filter, SHARED.size);
    size_t start = SHARED.size + group.size + 1;
    return start <= filter.size ? bytes_make(filter.data + start, filter.size - start)
                                : bytes_make(NULL, 0);
}

// Filters of one pattern are all the same or, with %s in it, all different.
static uint32_t count_groups(const struct load_plan_options *options) {
    if (options->assignment != LOAD_PATTERN || !bytes_starts_with(options->filter, SHARED)) {
        return 0;
    }
    return has_blank(options->filter, 's') ? options->subscribers : 1;
}

// ---- checks ---------------------------------------------------------------------------------

static const char *check_options(const struct load_plan_options *options) {
    struct load_ledger_options size = {.publishers = options->publishers,
                                       .topics = options->topics,
                                       .subscribers = options->subscribers};
    if (!load_ledger_fits(&size)) {
        return "publishers times topics times subscribers are at most 67108864";
    }
    if (options->assignment == LOAD_FILTERS &&
        (options->subscribers < SHARED_FORMS ||
         (uint64_t)options->subscribers * options->filters < 3u * options->publishers)) {
        return "wildcard filters need 3 subscribers or more, and 3 filters a publisher in all";
    }
    return NULL;
}

static const char *check_texts(const struct load_plan *plan) {
    if (plan->streams > 0 && topic_name_check(plan->names[0]) != TOPIC_OK) {
        return topic_fault_text(topic_name_check(plan->names[0]));
    }
    if (plan->streams > 0 && bytes_starts_with(plan->names[0], SHARED)) {
        return "a topic cannot begin with $share/, which is for filters";
    }
    if (plan->options.assignment == LOAD_PATTERN &&
        topic_filter_check(unshared(plan->options.filter)) != TOPIC_OK) {
        return topic_fault_text(topic_filter_check(unshared(plan->options.filter)));
    }
    return NULL;
}

const char *load_plan_init(struct load_plan *plan, struct memory *memory,
                           const struct load_plan_options *options) {
    *plan = (struct load_plan){.memory = memory, .options = *options};
    buffer_init(&plan->texts, memory);
    topic_tree_init(&plan->tree, memory, 0);
    plan->groups = count_groups(options);
    plan->is_apart = options->assignment == LOAD_FILTERS || has_blank(options->topic, 'r');
    if (options->assignment == LOAD_FILTERS && options->publishers > 0) {
        uint64_t filters = (uint64_t)options->subscribers * options->filters;
        uint64_t topics = filters / SHARED_FORMS / options->publishers;
        plan->options.topics = topics < LOAD_CELLS_MAX ? (uint32_t)topics : UINT32_MAX;
    }
    const char *why = check_options(&plan->options);
    if (why == NULL) {
        plan->streams = plan->options.publishers * plan->options.topics;
        name_streams(plan);
        why = check_texts(plan);
    }
    if (why != NULL) {
        load_plan_deinit(plan);
    }
    return why;
}

void load_plan_deinit(struct load_plan *plan) {
    memory_free(plan->memory, plan->names,
                plan->names != NULL ? plan->streams * sizeof *plan->names : 0);
    buffer_deinit(&plan->texts);
    topic_tree_deinit(&plan->tree);
}

// ---- filters --------------------------------------------------------------------------------

static bool is_pair(const struct load_plan_options *options, uint32_t publisher,
                    uint32_t subscriber) {
    return options->subscribers >= options->publishers
               ? subscriber % options->publishers == publisher
               : publisher % options->subscribers == subscriber;
}

static void visit_names(const struct load_plan *plan, uint32_t subscriber,
                        const struct load_filter_visit *visit) {
    const struct load_plan_options *options = &plan->options;
    for (uint32_t stream = 0; stream < plan->streams; stream++) {
        if (options->assignment == LOAD_ALL ||
            is_pair(options, stream / options->topics, subscriber)) {
            visit->found(visit->context, subscriber, plan->names[stream]);
        }
    }
}

// The filters are dealt out to the subscribers in turn, so those of one topic go to three of them.
static void visit_wildcards(const struct load_plan *plan, uint32_t subscriber,
                            const struct load_filter_visit *visit) {
    static const char *const forms[SHARED_FORMS] = {"load/%t-%r/+", "load/+/%t-%r", "load/%t-%r/#"};
    struct buffer text;
    buffer_init(&text, plan->memory);
    for (uint32_t i = 0; i < plan->options.filters; i++) {
        uint32_t place = i * plan->options.subscribers + subscriber;
        text.size = 0;
        expand(&text, bytes_of_text(forms[place % SHARED_FORMS]),
               (struct blank[BLANKS]){{'t', place / SHARED_FORMS}, {'r', plan->options.run}});
        visit->found(visit->context, subscriber, buffer_bytes(&text));
    }
    buffer_deinit(&text);
}

static void visit_pattern(const struct load_plan *plan, uint32_t subscriber,
                          const struct load_filter_visit *visit) {
    struct buffer text;
    buffer_init(&text, plan->memory);
    expand(&text, plan->options.filter,
           (struct blank[BLANKS]){{'s', subscriber}, {'r', plan->options.run}});
    visit->found(visit->context, subscriber, buffer_bytes(&text));
    buffer_deinit(&text);
}

void load_plan_filters(const struct load_plan *plan, uint32_t subscriber,
                       const struct load_filter_visit *visit) {
    switch (plan->options.assignment) {
    case LOAD_PAIRS:
    case LOAD_ALL:
        visit_names(plan, subscriber, visit);
        break;
    case LOAD_PATTERN:
        visit_pattern(plan, subscriber, visit);
        break;
    case LOAD_FILTERS:
        visit_wildcards(plan, subscriber, visit);
        break;
    }
}

// ---- what is to come ------------------------------------------------------------------------

// In the tree, who a filter is of: a subscriber, or nobody: it is a topic's name. Members of a
// group stand for themselves; the group is found from any of them.
#define NAME_OF_OURS UINT32_MAX

static void insert_filter(void *context, uint32_t subscriber, struct bytes filter) {
    (void)topic_tree_insert(context, unshared(filter), subscriber, 0);
}

struct wanting {
    const struct load_plan *plan;
    struct load_ledger *ledger;
    uint32_t stream;
};

static void want_stream(void *context, uint32_t subscriber, uint32_t detail) {
    (void)detail;
    const struct wanting *wanting = context;
    uint32_t groups = wanting->plan->groups;
    if (subscriber == NAME_OF_OURS) {
        return;
    }
    if (groups > 0) {
        load_ledger_want_shared(wanting->ledger, groups > 1 ? subscriber : 0, wanting->stream);
    } else {
        load_ledger_want(wanting->ledger, subscriber, wanting->stream);
    }
}

uint64_t load_plan_enter(struct load_plan *plan, struct load_ledger *ledger) {
    struct load_filter_visit visit = {&plan->tree, insert_filter};
    for (uint32_t i = 0; i < plan->options.subscribers; i++) {
        load_plan_filters(plan, i, &visit);
    }
    for (uint32_t stream = 0; stream < plan->streams && plan->is_apart; stream++) {
        insert_filter(&plan->tree, NAME_OF_OURS, plan->names[stream]);
    }
    uint64_t copies = 0;
    for (uint32_t stream = 0; stream < plan->streams; stream++) {
        struct wanting wanting = {plan, ledger, stream};
        (void)topic_tree_match(&plan->tree, plan->names[stream], want_stream, &wanting);
        copies += ledger->copies[stream];
    }
    return copies;
}

// ---- topics of others -----------------------------------------------------------------------

struct finding {
    uint32_t subscriber;
    bool is_asked_for;
    bool is_own;
};

static void find_entry(void *context, uint32_t subscriber, uint32_t detail) {
    (void)detail;
    struct finding *finding = context;
    finding->is_asked_for |= subscriber == finding->subscriber;
    finding->is_own |= subscriber == NAME_OF_OURS;
}

static enum load_topic find_topic(const void *context, uint32_t subscriber, struct bytes topic) {
    const struct load_plan *plan = context;
    struct finding finding = {.subscriber = subscriber};
    if (topic_name_check(topic) == TOPIC_OK) {
        (void)topic_tree_match(&plan->tree, topic, find_entry, &finding);
    }
    return finding.is_own         ? LOAD_TOPIC_OWN
           : finding.is_asked_for ? LOAD_TOPIC_COMMON
                                  : LOAD_TOPIC_UNASKED;
}

struct load_topics load_plan_topics(const struct load_plan *plan) {
    return (struct load_topics){plan, find_topic};
}
