#include "role/load_plan.h"

#include "topic/topic.h"
#include "topic/tree.h"

#define SHARED_FORMS 3 // filters that match a topic of LOAD_FILTERS

// ---- texts from patterns --------------------------------------------------------------------

struct blank {
    char letter; // 0: none
    uint32_t number;
};

static void expand(struct buffer *out, struct bytes pattern, const struct blank blanks[2]) {
    for (size_t i = 0; i < pattern.size; i++) {
        uint8_t byte = pattern.data[i];
        char letter = byte == '%' && i + 1 < pattern.size ? (char)pattern.data[i + 1] : 0;
        bool is_first = letter != 0 && letter == blanks[0].letter;
        if (is_first || (letter != 0 && letter == blanks[1].letter)) {
            buffer_append_decimal(out, blanks[is_first ? 0 : 1].number);
            i++;
        } else {
            buffer_append_byte(out, byte);
        }
    }
}

static void expand_topic(const struct load_plan *plan, struct buffer *out, uint32_t publisher,
                         uint32_t topic) {
    const struct load_plan_options *options = &plan->options;
    if (options->assignment == LOAD_FILTERS) {
        uint32_t group = publisher + topic * options->publishers;
        expand(out, BYTES_LITERAL("load/%t/%t"), (struct blank[2]){{'t', group}, {0, 0}});
    } else {
        expand(out, options->topic, (struct blank[2]){{'p', publisher}, {'t', topic}});
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
    if (plan->options.assignment == LOAD_PATTERN &&
        topic_filter_check(plan->options.filter) != TOPIC_OK) {
        return topic_fault_text(topic_filter_check(plan->options.filter));
    }
    return NULL;
}

const char *load_plan_init(struct load_plan *plan, struct memory *memory,
                           const struct load_plan_options *options) {
    *plan = (struct load_plan){.memory = memory, .options = *options};
    buffer_init(&plan->texts, memory);
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
    static const char *const forms[SHARED_FORMS] = {"load/%t/+", "load/+/%t", "load/%t/#"};
    struct buffer text;
    buffer_init(&text, plan->memory);
    for (uint32_t i = 0; i < plan->options.filters; i++) {
        uint32_t place = i * plan->options.subscribers + subscriber;
        text.size = 0;
        expand(&text, bytes_of_text(forms[place % SHARED_FORMS]),
               (struct blank[2]){{'t', place / SHARED_FORMS}, {0, 0}});
        visit->found(visit->context, subscriber, buffer_bytes(&text));
    }
    buffer_deinit(&text);
}

static void visit_pattern(const struct load_plan *plan, uint32_t subscriber,
                          const struct load_filter_visit *visit) {
    struct buffer text;
    buffer_init(&text, plan->memory);
    expand(&text, plan->options.filter, (struct blank[2]){{'s', subscriber}, {0, 0}});
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

static void insert_filter(void *context, uint32_t subscriber, struct bytes filter) {
    (void)topic_tree_insert(context, filter, subscriber, 0);
}

struct wanting {
    struct load_ledger *ledger;
    uint32_t stream;
};

static void want_stream(void *context, uint32_t subscriber, uint32_t detail) {
    (void)detail;
    const struct wanting *wanting = context;
    load_ledger_want(wanting->ledger, subscriber, wanting->stream);
}

void load_plan_enter(const struct load_plan *plan, struct load_ledger *ledger) {
    struct topic_tree tree;
    topic_tree_init(&tree, plan->memory, 0);
    struct load_filter_visit visit = {&tree, insert_filter};
    for (uint32_t i = 0; i < plan->options.subscribers; i++) {
        load_plan_filters(plan, i, &visit);
    }
    for (uint32_t stream = 0; stream < plan->streams; stream++) {
        struct wanting wanting = {ledger, stream};
        (void)topic_tree_match(&tree, plan->names[stream], want_stream, &wanting);
    }
    topic_tree_deinit(&tree);
}
