#include "topic/access.h"

#include "base/assert.h"
#include "base/hash.h"
#include "topic/topic.h"

#define DENY 4u // beside the bits of enum access_kind
#define BOTH (ACCESS_READ | ACCESS_WRITE)
#define MAY_MATCH_STEPS 1024u // for a pattern, whatever the client

static void add_user(struct access *access, struct bytes name) {
    access->users = memory_grow(access->memory, access->users, &access->user_capacity,
                                access->user_count + 1, sizeof *access->users);
    access->next = memory_grow(access->memory, access->next, &access->next_capacity,
                               access->user_count + 1, sizeof *access->next);
    struct access_user *user = &access->users[access->user_count];
    *user = (struct access_user){.name = {NULL, 0}};
    if (name.size > 0) {
        uint8_t *copy = memory_allocate(access->memory, name.size);
        memcpy(copy, name.data, name.size);
        user->name = bytes_make(copy, name.size);
    }
    topic_tree_init(&user->rules, access->memory, access->seed);
    access->next[access->user_count++] = 0;
}

void access_init(struct access *access, struct memory *memory, uint64_t seed) {
    *access = (struct access){.memory = memory, .seed = seed};
    map_init(&access->by_name, memory, seed);
    topic_tree_init(&access->heads, memory, seed);
    add_user(access, bytes_make(NULL, 0));
}

void access_deinit(struct access *access) {
    for (uint32_t i = 0; i < access->user_count; i++) {
        topic_tree_deinit(&access->users[i].rules);
        memory_free(access->memory, (void *)(uintptr_t)access->users[i].name.data,
                    access->users[i].name.size);
    }
    for (uint32_t i = 0; i < access->pattern_count; i++) {
        memory_free(access->memory, (void *)(uintptr_t)access->patterns[i].text.data,
                    access->patterns[i].text.size);
    }
    memory_free(access->memory, access->users, access->user_capacity * sizeof *access->users);
    memory_free(access->memory, access->next, access->next_capacity * sizeof *access->next);
    memory_free(access->memory, access->patterns,
                access->pattern_capacity * sizeof *access->patterns);
    map_deinit(&access->by_name);
    topic_tree_deinit(&access->heads);
}

// ---- users ------------------------------------------------------------------------------------

// The place of the user; 0: nobody of this name has rules.
static uint32_t find_user(const struct access *access, struct bytes name) {
    uint32_t place = map_get(&access->by_name, hash_bytes(name, access->seed));
    while (place != MAP_NONE && place != 0 && !bytes_equal(access->users[place].name, name)) {
        place = access->next[place];
    }
    return place == MAP_NONE ? 0 : place;
}

static uint32_t find_or_add_user(struct access *access, struct bytes name) {
    uint32_t place = find_user(access, name);
    if (place == 0) {
        place = access->user_count;
        add_user(access, name);
        uint64_t hash = hash_bytes(name, access->seed);
        uint32_t first = map_get(&access->by_name, hash);
        access->next[place] = first == MAP_NONE ? 0 : first;
        map_put(&access->by_name, hash, place);
    }
    return place;
}

// ---- patterns ---------------------------------------------------------------------------------

static bool is_placeholder(struct bytes pattern, size_t at) {
    return at + 1 < pattern.size && pattern.data[at] == '%' &&
           (pattern.data[at + 1] == 'c' || pattern.data[at + 1] == 'u');
}

// Where its first placeholder stands; its size: it has none.
static size_t first_placeholder(struct bytes pattern) {
    size_t at = 0;
    while (at < pattern.size && !is_placeholder(pattern, at)) {
        at++;
    }
    return at;
}

// Whether a topic matches a pattern with the client's names in it. They hold no wildcard, so each
// byte of them stands for itself; `+` ends at the next '/', and `#` is the last.
static bool pattern_matches(struct bytes pattern, const struct access_client *client,
                            struct bytes topic) {
    size_t at = 0;
    size_t to = 0; // in the topic
    while (at < pattern.size) {
        if (is_placeholder(pattern, at)) {
            struct bytes name = pattern.data[at + 1] == 'c' ? client->client_id : client->user;
            if (!bytes_starts_with(bytes_make(topic.data + to, topic.size - to), name)) {
                return false;
            }
            to += name.size;
            at += 2;
        } else if (pattern.data[at] == '#') {
            return true;
        } else if (pattern.data[at] == '+') {
            while (to < topic.size && topic.data[to] != '/') {
                to++;
            }
            at++;
        } else if (to < topic.size && topic.data[to] == pattern.data[at]) {
            at++;
            to++;
        } else { // `a/#` is for `a`, too
            return to == topic.size && pattern.size - at == 2 && pattern.data[at] == '/' &&
                   pattern.data[at + 1] == '#';
        }
    }
    return to == topic.size;
}

// Whether what is left of the pattern is for any rest of the topic; `a/#` is for `a`, too.
static bool is_open(struct bytes pattern, size_t at, bool is_topic_over) {
    size_t left = pattern.size - at;
    return left > 0 &&
           (pattern.data[at] == '#' ||
            (is_topic_over && left == 2 && pattern.data[at] == '/' && pattern.data[at + 1] == '#'));
}

// Whether a topic matches a pattern for a client of some name: a placeholder stands for any bytes,
// as few as will do. What follows the last one is tried behind each longer name, for so many steps:
// a topic is long if a peer wants it to be. Then it may match, which is asked again for each
// client.
static bool pattern_may_match(struct bytes pattern, struct bytes topic) {
    size_t at = 0;
    size_t to = 0;
    size_t behind = 0; // the last placeholder; 0: none yet
    size_t until = 0;  // where its name ends
    unsigned steps = 0;
    while ((at < pattern.size || to < topic.size) && steps++ < MAY_MATCH_STEPS) {
        if (is_open(pattern, at, to == topic.size)) {
            return true;
        }
        if (is_placeholder(pattern, at)) {
            at += 2;
            behind = at;
            until = to;
        } else if (at < pattern.size && pattern.data[at] == '+') {
            while (to < topic.size && topic.data[to] != '/') {
                to++;
            }
            at++;
        } else if (at < pattern.size && to < topic.size && topic.data[to] == pattern.data[at]) {
            at++;
            to++;
        } else if (behind == 0 || until == topic.size) {
            return false;
        } else {
            at = behind;
            to = ++until;
        }
    }
    return true;
}

static bool has_placeholder(struct bytes pattern, char which) {
    for (size_t at = 0; at < pattern.size; at++) {
        if (is_placeholder(pattern, at) && pattern.data[at + 1] == (uint8_t)which) {
            return true;
        }
    }
    return false;
}

// ---- questions --------------------------------------------------------------------------------

// One question while it looks for its answer: the bits of all rules that match.
struct question {
    const struct access *access;
    const struct access_client *client;
    struct bytes topic;
    unsigned found;
};

static void note_rule(void *context, uint32_t subscriber, uint32_t kinds) {
    (void)subscriber;
    struct question *question = context;
    question->found |= kinds;
}

static void note_pattern(void *context, uint32_t place, uint32_t detail) {
    (void)detail;
    struct question *question = context;
    const struct access_pattern *pattern = &question->access->patterns[place];
    if ((question->client->has_user || !has_placeholder(pattern->text, 'u')) &&
        pattern_matches(pattern->text, question->client, question->topic)) {
        question->found |= pattern->kinds == 0 ? DENY : pattern->kinds;
    }
}

static bool has_wildcard(struct bytes name) {
    return name.size > 0 &&
           (memchr(name.data, '+', name.size) != NULL || memchr(name.data, '#', name.size) != NULL);
}

static bool has_patterns(const struct access *access, const struct access_client *client) {
    return access->pattern_count > 0 && !has_wildcard(client->client_id) &&
           !(client->has_user && has_wildcard(client->user));
}

static bool is_allowed(unsigned found, enum access_kind kind) {
    return (found & DENY) == 0 && (found & kind) != 0;
}

bool access_allows(const struct access *access, const struct access_client *client,
                   enum access_kind kind, struct bytes topic) {
    uint32_t place = client->has_user ? find_user(access, client->user) : 0;
    struct question question = {access, client, topic, 0};
    if (place != 0 || !client->has_user) {
        topic_tree_match(&access->users[place].rules, topic, note_rule, &question);
        if ((question.found & (DENY | (unsigned)kind)) != 0) {
            return is_allowed(question.found, kind);
        }
    }
    question.found = 0;
    if (has_patterns(access, client)) {
        topic_tree_match(&access->heads, topic, note_pattern, &question);
    }
    return is_allowed(question.found, kind);
}

// ---- about one topic --------------------------------------------------------------------------

void access_topic_init(struct access_topic *asked, struct memory *memory) {
    *asked = (struct access_topic){.memory = memory};
}

void access_topic_deinit(struct access_topic *asked) {
    memory_free(asked->memory, asked->patterns, asked->capacity * sizeof *asked->patterns);
    access_topic_init(asked, asked->memory);
}

static void keep_pattern(void *context, uint32_t place, uint32_t detail) {
    (void)detail;
    struct access_topic *asked = context;
    if (pattern_may_match(asked->access->patterns[place].text, asked->topic)) {
        asked->patterns = memory_grow(asked->memory, asked->patterns, &asked->capacity,
                                      asked->count + 1, sizeof *asked->patterns);
        asked->patterns[asked->count++] = place;
    }
}

void access_topic_begin(struct access_topic *asked, const struct access *access,
                        struct bytes topic) {
    asked->access = access;
    asked->topic = topic;
    asked->count = 0;
    asked->knows_rules = false;
    if (access->pattern_count > 0) {
        topic_tree_match(&access->heads, topic, keep_pattern, asked);
    }
}

// The bits of the rules that match.
static unsigned rules_of(struct access_topic *asked, uint32_t place) {
    if (!asked->knows_rules || asked->user != place) {
        struct question question = {asked->access, NULL, asked->topic, 0};
        topic_tree_match(&asked->access->users[place].rules, asked->topic, note_rule, &question);
        asked->knows_rules = true;
        asked->user = place;
        asked->rules = question.found;
    }
    return asked->rules;
}

bool access_topic_allows(struct access_topic *asked, const struct access_client *client,
                         enum access_kind kind) {
    const struct access *access = asked->access;
    ASSERT(access != NULL);
    uint32_t place = client->has_user ? find_user(access, client->user) : 0;
    unsigned found = place != 0 || !client->has_user ? rules_of(asked, place) : 0;
    if ((found & (DENY | (unsigned)kind)) != 0) {
        return is_allowed(found, kind);
    }
    struct question question = {access, client, asked->topic, 0};
    bool counts = asked->count > 0 && has_patterns(access, client);
    for (uint32_t i = 0; counts && i < asked->count; i++) {
        note_pattern(&question, asked->patterns[i], 0);
    }
    return is_allowed(question.found, kind);
}

// ---- reading ----------------------------------------------------------------------------------

static struct bytes trim(struct bytes text) {
    while (text.size > 0 && text.data[text.size - 1] <= ' ') {
        text.size--;
    }
    while (text.size > 0 && text.data[0] <= ' ') {
        text = bytes_make(text.data + 1, text.size - 1);
    }
    return text;
}

// Takes the first word off the front; what is left is trimmed.
static struct bytes take_word(struct bytes *text) {
    size_t size = 0;
    while (size < text->size && text->data[size] > ' ') {
        size++;
    }
    struct bytes word = bytes_make(text->data, size);
    *text = trim(bytes_make(text->data + size, text->size - size));
    return word;
}

// The bits of a word; 0: it is none of them.
static unsigned kinds_of(struct bytes word) {
    static const struct {
        struct bytes word;
        unsigned kinds;
    } words[] = {{{(const uint8_t *)"read", 4}, ACCESS_READ},
                 {{(const uint8_t *)"write", 5}, ACCESS_WRITE},
                 {{(const uint8_t *)"readwrite", 9}, BOTH},
                 {{(const uint8_t *)"deny", 4}, DENY}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (bytes_equal(words[i].word, word)) {
            return words[i].kinds;
        }
    }
    return 0;
}

// The rules of one line, while it is read.
struct rule {
    unsigned kinds;
    struct bytes filter;
};

// `[read|write|readwrite|deny] FILTER`. A filter alone may have no blank in it.
static enum access_fault read_rule(struct bytes rest, struct rule *rule, struct bytes *word) {
    struct bytes first = take_word(&rest);
    *word = first;
    if (first.size == 0) {
        return ACCESS_NO_TOPIC;
    }
    *rule = (struct rule){BOTH, first};
    if (rest.size > 0) {
        *rule = (struct rule){kinds_of(first), rest};
        if (rule->kinds == 0) {
            return ACCESS_NO_KIND;
        }
        *word = rest;
    }
    return topic_filter_check(rule->filter) == TOPIC_OK ? ACCESS_OK : ACCESS_BAD_FILTER;
}

static enum access_fault add_topic(struct access *access, uint32_t user, const struct rule *rule) {
    struct topic_tree *tree = &access->users[user].rules;
    uint32_t kinds = 0;
    uint32_t node = topic_tree_find(tree, rule->filter);
    if (!topic_tree_find_entry(tree, node, 0, &kinds)) {
        kinds = 0;
    }
    topic_tree_insert(tree, rule->filter, 0, kinds | rule->kinds);
    return ACCESS_OK;
}

// The filter that finds the pattern: its levels before the one with the first placeholder, and `#`.
static void add_head(struct access *access, struct bytes pattern, uint32_t place) {
    size_t size = first_placeholder(pattern);
    while (size > 0 && pattern.data[size - 1] != '/') {
        size--;
    }
    struct buffer head;
    buffer_init(&head, access->memory);
    buffer_append(&head, bytes_make(pattern.data, size));
    buffer_append_byte(&head, '#');
    topic_tree_insert(&access->heads, buffer_bytes(&head), place, 0);
    buffer_deinit(&head);
}

static enum access_fault add_pattern(struct access *access, const struct rule *rule) {
    if (first_placeholder(rule->filter) == rule->filter.size) {
        return ACCESS_NO_PLACEHOLDER;
    }
    if (access->pattern_count == ACCESS_PATTERNS_MAX) {
        return ACCESS_TOO_MANY_PATTERNS;
    }
    access->patterns = memory_grow(access->memory, access->patterns, &access->pattern_capacity,
                                   access->pattern_count + 1, sizeof *access->patterns);
    uint8_t *copy = memory_allocate(access->memory, rule->filter.size);
    memcpy(copy, rule->filter.data, rule->filter.size);
    access->patterns[access->pattern_count] =
        (struct access_pattern){.text = bytes_make(copy, rule->filter.size),
                                .kinds = (uint8_t)(rule->kinds == DENY ? 0 : rule->kinds)};
    add_head(access, rule->filter, access->pattern_count++);
    return ACCESS_OK;
}

static enum access_fault read_line(struct access *access, uint32_t *user, struct bytes line,
                                   struct bytes *word) {
    struct bytes rest = trim(line);
    if (rest.size == 0 || rest.data[0] == '#') {
        return ACCESS_OK;
    }
    struct bytes keyword = *word = take_word(&rest);
    if (bytes_equal(keyword, BYTES_LITERAL("user"))) {
        *user = rest.size == 0 ? *user : find_or_add_user(access, rest);
        return rest.size == 0 ? ACCESS_NO_USER : ACCESS_OK;
    }
    bool is_pattern = bytes_equal(keyword, BYTES_LITERAL("pattern"));
    if (!is_pattern && !bytes_equal(keyword, BYTES_LITERAL("topic"))) {
        return ACCESS_NO_KEYWORD;
    }
    struct rule rule;
    enum access_fault fault = read_rule(rest, &rule, word);
    if (fault == ACCESS_OK && access->rule_count++ == ACCESS_RULES_MAX) {
        fault = ACCESS_TOO_MANY_RULES;
    }
    if (fault != ACCESS_OK) {
        return fault;
    }
    return is_pattern ? add_pattern(access, &rule) : add_topic(access, *user, &rule);
}

bool access_read(struct access *access, struct bytes list, struct access_error *error) {
    *error = (struct access_error){.fault = ACCESS_OK};
    uint32_t user = 0;
    for (size_t at = 0; at < list.size; error->line++) {
        const uint8_t *start = list.data + at;
        const uint8_t *end = memchr(start, '\n', list.size - at);
        size_t size = end == NULL ? list.size - at : (size_t)(end - start);
        error->fault = read_line(access, &user, bytes_make(start, size), &error->text);
        if (error->fault != ACCESS_OK) {
            error->line++;
            return false;
        }
        at += size + 1;
    }
    return true;
}

const char *access_fault_text(enum access_fault fault) {
    switch (fault) {
    case ACCESS_OK:
        return "nothing is wrong";
    case ACCESS_NO_KEYWORD:
        return "a line begins with user, topic, pattern or #";
    case ACCESS_NO_USER:
        return "the name of the user is missing";
    case ACCESS_NO_TOPIC:
        return "the topic is missing";
    case ACCESS_NO_KIND:
        return "what may be done is read, write, readwrite or deny";
    case ACCESS_BAD_FILTER:
        return "this is no topic filter: + and # stand alone in their level, # in the last one";
    case ACCESS_NO_PLACEHOLDER:
        return "a pattern has %c (client identifier) or %u (user name) in it; else write topic";
    case ACCESS_TOO_MANY_PATTERNS:
        return "at most 1000 patterns";
    case ACCESS_TOO_MANY_RULES:
        return "at most 1000000 rules";
    }
    return "";
}
