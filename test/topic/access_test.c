#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topic/access.h"
#include "topic/topic.h"

struct fixture {
    struct memory memory;
    struct access access;
};

static void start(struct fixture *fixture, const char *list) {
    memory_init(&fixture->memory);
    access_init(&fixture->access, &fixture->memory, 7);
    struct access_error error;
    if (!access_read(&fixture->access, bytes_of_text(list), &error)) {
        fail_msg("line %u: %s", error.line, access_fault_text(error.fault));
    }
}

static void finish(struct fixture *fixture) {
    access_deinit(&fixture->access);
    assert_int_equal(fixture->memory.blocks_in_use, 0);
    assert_int_equal(fixture->memory.bytes_in_use, 0);
}

// `user` NULL: the client has none.
static struct access_client client_of(const char *user, const char *client_id) {
    return (struct access_client){.has_user = user != NULL,
                                  .user = bytes_of_text(user == NULL ? "" : user),
                                  .client_id = bytes_of_text(client_id)};
}

// The same answer, as one of many clients that are asked about the topic.
static bool is_allowed_among_many(const struct access *access, const struct access_client *client,
                                  enum access_kind kind, struct bytes topic) {
    struct memory memory;
    struct access_topic asked;
    struct access_client other = client_of("u", "c");
    memory_init(&memory);
    access_topic_init(&asked, &memory);
    access_topic_begin(&asked, access, topic);
    (void)access_topic_allows(&asked, &other, kind);
    bool first = access_topic_allows(&asked, client, kind);
    assert_int_equal(access_topic_allows(&asked, client, kind), first);
    access_topic_deinit(&asked);
    assert_int_equal(memory.blocks_in_use, 0);
    return first;
}

// What the client may do: "rw", "r-", "-w" or "--".
static const char *may(const struct fixture *fixture, const struct access_client *client,
                       const char *topic) {
    static const char *const texts[] = {"--", "r-", "-w", "rw"};
    struct bytes name = bytes_of_text(topic);
    unsigned kinds = access_allows(&fixture->access, client, ACCESS_READ, name) ? 1 : 0;
    kinds |= access_allows(&fixture->access, client, ACCESS_WRITE, name) ? 2 : 0;
    unsigned again = is_allowed_among_many(&fixture->access, client, ACCESS_READ, name) ? 1 : 0;
    again |= is_allowed_among_many(&fixture->access, client, ACCESS_WRITE, name) ? 2 : 0;
    assert_int_equal(again, kinds);
    return texts[kinds];
}

static const char *user_may(const struct fixture *fixture, const char *user, const char *topic) {
    struct access_client client = client_of(user, "dev-1");
    return may(fixture, &client, topic);
}

static void an_empty_list_denies_everything(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "# nothing\n\n   \n");
    assert_string_equal(user_may(&fixture, NULL, "a"), "--");
    assert_string_equal(user_may(&fixture, "ann", "a"), "--");
    finish(&fixture);
}

static void rules_before_the_first_user_are_for_those_without_a_name(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "topic read news/#\nuser ann\ntopic write in/+\ntopic chat");
    assert_string_equal(user_may(&fixture, NULL, "news/today"), "r-");
    assert_string_equal(user_may(&fixture, NULL, "chat"), "--");
    assert_string_equal(user_may(&fixture, "ann", "news/today"), "--");
    assert_string_equal(user_may(&fixture, "ann", "in/1"), "-w");
    assert_string_equal(user_may(&fixture, "ann", "in/1/2"), "--");
    assert_string_equal(user_may(&fixture, "ann", "chat"), "rw");
    assert_string_equal(user_may(&fixture, "bob", "chat"), "--");
    assert_string_equal(user_may(&fixture, "", "news/today"), "--");
    finish(&fixture);
}

static void a_denial_goes_before_what_allows_wherever_it_stands(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "user ann\ntopic readwrite a/#\ntopic deny a/secret/+\n"
                    "user bob\ntopic deny a/secret/+\ntopic read a/#\ntopic write a/#\n");
    assert_string_equal(user_may(&fixture, "ann", "a/open"), "rw");
    assert_string_equal(user_may(&fixture, "ann", "a/secret/1"), "--");
    assert_string_equal(user_may(&fixture, "bob", "a/open"), "rw");
    assert_string_equal(user_may(&fixture, "bob", "a/secret/1"), "--");
    assert_string_equal(user_may(&fixture, "bob", "a/secret/1/2"), "rw");
    finish(&fixture);
}

static void rules_of_one_user_may_stand_in_several_places(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "user ann\ntopic read a\nuser bob\ntopic read b\nuser ann\ntopic write a\n");
    assert_string_equal(user_may(&fixture, "ann", "a"), "rw");
    assert_string_equal(user_may(&fixture, "bob", "a"), "--");
    finish(&fixture);
}

static void patterns_are_for_everybody_with_their_own_names(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "user ann\npattern readwrite home/%u/%c/#\npattern read at-%c-%u/+\n"
                    "pattern write only/%c\n");
    struct access_client ann = client_of("ann", "phone");
    struct access_client nobody = client_of(NULL, "phone");
    assert_string_equal(may(&fixture, &ann, "home/ann/phone/x/y"), "rw");
    assert_string_equal(may(&fixture, &ann, "home/ann/phone"), "rw");
    assert_string_equal(may(&fixture, &ann, "home/ann/phones"), "--");
    assert_string_equal(may(&fixture, &ann, "home/bob/phone/x"), "--");
    assert_string_equal(may(&fixture, &ann, "at-phone-ann/1"), "r-");
    assert_string_equal(may(&fixture, &ann, "at-phone-ann"), "--");
    assert_string_equal(may(&fixture, &nobody, "home//phone/x"), "--");
    assert_string_equal(may(&fixture, &nobody, "only/phone"), "-w");
    assert_string_equal(may(&fixture, &nobody, "only/phon"), "--");
    finish(&fixture);
}

// Else a client could call itself `#` and read the homes of all others.
static void a_name_with_a_wildcard_has_no_patterns(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "pattern readwrite home/%c/#\npattern read u/%u\nuser a+b\ntopic read t\n");
    struct access_client clients[] = {client_of(NULL, "#"), client_of(NULL, "+"),
                                      client_of("#", "c"), client_of("a+b", "c")};
    for (size_t i = 0; i < sizeof clients / sizeof clients[0]; i++) {
        assert_string_equal(may(&fixture, &clients[i], "home/#/x"), "--");
        assert_string_equal(may(&fixture, &clients[i], "home/c/x"), "--");
        assert_string_equal(may(&fixture, &clients[i], "u/#"), "--");
    }
    assert_string_equal(may(&fixture, &clients[3], "t"), "r-"); // their own rules they have
    finish(&fixture);
}

static void a_users_own_rules_go_before_patterns(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "user ann\ntopic read x/dev-1\ntopic deny y/dev-1\n"
                    "pattern deny x/%c\npattern readwrite y/%c\npattern write z/%c\n");
    assert_string_equal(user_may(&fixture, "ann", "x/dev-1"), "r-");
    assert_string_equal(user_may(&fixture, "ann", "y/dev-1"), "--");
    assert_string_equal(user_may(&fixture, "bob", "x/dev-1"), "--");
    assert_string_equal(user_may(&fixture, "bob", "y/dev-1"), "rw");
    assert_string_equal(user_may(&fixture, "ann", "z/dev-1"), "-w");
    finish(&fixture);
}

static void topics_of_the_broker_need_a_rule_that_names_them(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "topic read #\npattern read %c/#\nuser ann\ntopic read $SYS/#\n");
    assert_string_equal(user_may(&fixture, NULL, "$SYS/broker/uptime"), "--");
    assert_string_equal(user_may(&fixture, "ann", "$SYS/broker/uptime"), "r-");
    struct access_client sly = client_of("bob", "$SYS");
    assert_string_equal(may(&fixture, &sly, "$SYS/broker/uptime"), "--");
    finish(&fixture);
}

static void blanks_and_line_ends_of_other_systems_do_no_harm(void **state) {
    (void)state;
    struct fixture fixture;
    start(&fixture, "  topic   read   a b/c  \r\nuser  ann smith \r\ntopic x\r\n");
    assert_string_equal(user_may(&fixture, NULL, "a b/c"), "r-");
    assert_string_equal(user_may(&fixture, "ann smith", "x"), "rw");
    finish(&fixture);
}

static void what_is_wrong_is_told_with_its_line(void **state) {
    (void)state;
    static const struct {
        const char *list;
        enum access_fault fault;
        uint32_t line;
        const char *word;
    } cases[] = {
        {"topic a\nuser\n", ACCESS_NO_USER, 2, "user"},
        {"\n\n# x\nusers ann\n", ACCESS_NO_KEYWORD, 4, "users"},
        {"topic\n", ACCESS_NO_TOPIC, 1, ""},
        {"topic raed a/b\n", ACCESS_NO_KIND, 1, "raed"},
        {"topic read a/#/b\n", ACCESS_BAD_FILTER, 1, "a/#/b"},
        {"topic a+\n", ACCESS_BAD_FILTER, 1, "a+"},
        {"pattern read a/%d\n", ACCESS_NO_PLACEHOLDER, 1, "a/%d"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct memory memory;
        memory_init(&memory);
        struct access access;
        access_init(&access, &memory, 1);
        struct access_error error;
        assert_false(access_read(&access, bytes_of_text(cases[i].list), &error));
        assert_int_equal(error.fault, cases[i].fault);
        assert_int_equal(error.line, cases[i].line);
        assert_bytes_equal(error.text, bytes_of_text(cases[i].word));
        assert_true(strlen(access_fault_text(error.fault)) > 0);
        access_deinit(&access);
        assert_int_equal(memory.blocks_in_use, 0);
    }
}

static void patterns_are_bounded(void **state) {
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct buffer list;
    buffer_init(&list, &memory);
    for (unsigned i = 0; i <= ACCESS_PATTERNS_MAX; i++) {
        buffer_append_text(&list, "pattern read a/%c/");
        buffer_append_decimal(&list, i);
        buffer_append_byte(&list, '\n');
    }
    struct access access;
    access_init(&access, &memory, 1);
    struct access_error error;
    assert_false(access_read(&access, buffer_bytes(&list), &error));
    assert_int_equal(error.fault, ACCESS_TOO_MANY_PATTERNS);
    assert_int_equal(error.line, ACCESS_PATTERNS_MAX + 1);
    access_deinit(&access);
    buffer_deinit(&list);
    assert_int_equal(memory.blocks_in_use, 0);
}

// However many patterns there are, many clients are asked only about those that can match.
static void patterns_that_cannot_match_are_looked_at_once(void **state) {
    (void)state;
    struct memory memory;
    struct access_topic asked;
    struct fixture fixture;
    start(&fixture, "pattern read %c/#\npattern read a/%c/b\npattern read a/+/%c/b\n"
                    "pattern write a/%c/+/b\npattern read a/x%u/b\npattern read +/%c/y/b/#\n");
    memory_init(&memory);
    access_topic_init(&asked, &memory);
    access_topic_begin(&asked, &fixture.access, BYTES_LITERAL("a/x/y/b"));
    assert_int_equal(asked.count, 6); // a name may hold a level separator
    access_topic_begin(&asked, &fixture.access, BYTES_LITERAL("a/z/b"));
    assert_int_equal(asked.count, 2); // %c/# and a/%c/b
    access_topic_begin(&asked, &fixture.access, BYTES_LITERAL("b"));
    assert_int_equal(asked.count, 1);
    access_topic_deinit(&asked);
    finish(&fixture);
    assert_int_equal(memory.blocks_in_use, 0);
}

// A topic is as long as its peer likes: nobody looks for a name in all of it. The clients are asked
// all the same.
static void a_name_is_looked_for_in_so_many_steps(void **state) {
    (void)state;
    static uint8_t text[4000] = "a/";
    const struct access_client client = {.client_id = BYTES_LITERAL("c")};
    struct memory memory;
    struct access_topic asked;
    struct fixture fixture;
    start(&fixture, "pattern read a/%c/b\n");
    memory_init(&memory);
    access_topic_init(&asked, &memory);
    memset(text + 2, 'x', sizeof text - 2);
    access_topic_begin(&asked, &fixture.access, bytes_make(text, 400));
    assert_int_equal(asked.count, 0);
    access_topic_begin(&asked, &fixture.access, bytes_make(text, sizeof text));
    assert_int_equal(asked.count, 1);
    assert_false(access_topic_allows(&asked, &client, ACCESS_READ));
    access_topic_deinit(&asked);
    finish(&fixture);
}

// ---- random lists against the manual read aloud -------------------------------------------------

#define RULES 30
#define NAMES 4

struct naive_rule {
    bool is_pattern;
    unsigned user; // 0: who has no name; else NAMES of that number
    unsigned word; // of the four
    char filter[64];
};

static const char *const words[] = {"read", "write", "readwrite", "deny"};
static const char *const names[NAMES] = {NULL, "u", "v", "a/b"};

static void make_filter(uint64_t *random, bool is_pattern, bool is_name, char out[64]) {
    static const char *const levels[] = {"a", "b", "u", "c1", "", "+", "%c", "%u", "x%c", "%u%c"};
    size_t count = 1 + support_random(random) % 4;
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        size_t choices = is_name ? 5 : is_pattern ? 10 : 6;
        size_t used = strlen(out);
        snprintf(out + used, 64 - used, i == 0 ? "%s" : "/%s",
                 levels[support_random(random) % choices]);
    }
    if (!is_name && support_random(random) % 4 == 0) {
        size_t used = strlen(out);
        snprintf(out + used, 64 - used, "/#");
    }
    if (out[0] == '\0') {
        snprintf(out, 64, "a");
    }
}

// The pattern with the names in it.
static void fill_in(const char *pattern, const struct access_client *client, char out[256]) {
    size_t used = 0;
    for (const char *at = pattern; *at != '\0'; at++) {
        if (at[0] == '%' && (at[1] == 'c' || at[1] == 'u')) {
            struct bytes name = at[1] == 'c' ? client->client_id : client->user;
            used += (size_t)snprintf(out + used, 256 - used, "%.*s", (int)name.size,
                                     (const char *)name.data);
            at++;
        } else {
            out[used++] = *at;
        }
    }
    out[used] = '\0';
}

struct question {
    unsigned user;
    const struct access_client *client;
    const char *topic;
    enum access_kind kind;
};

// 1: the rules allow it, 0: they deny it, -1: none is about it.
static int judge(const struct naive_rule *rules, bool patterns, const struct question *question) {
    const struct access_client *client = question->client;
    int answer = -1;
    for (size_t i = 0; i < RULES; i++) {
        const struct naive_rule *rule = &rules[i];
        if (rule->is_pattern != patterns || (!patterns && rule->user != question->user) ||
            (patterns && !client->has_user && strstr(rule->filter, "%u") != NULL)) {
            continue;
        }
        char filter[256];
        if (patterns) {
            fill_in(rule->filter, client, filter);
        } else {
            snprintf(filter, sizeof filter, "%s", rule->filter);
        }
        if (filter[0] == '\0' ||
            !topic_matches(bytes_of_text(filter), bytes_of_text(question->topic))) {
            continue;
        }
        if (rule->word == 3) {
            return 0;
        }
        if (((rule->word + 1) & question->kind) != 0) {
            answer = 1;
        }
    }
    return answer;
}

static void make_list(uint64_t *random, struct naive_rule *rules, struct buffer *list) {
    unsigned user = 0;
    for (size_t i = 0; i < RULES; i++) {
        struct naive_rule *rule = &rules[i];
        if (support_random(random) % 4 == 0) {
            user = 1 + (unsigned)support_random(random) % (NAMES - 1);
            buffer_append_text(list, "user ");
            buffer_append_text(list, names[user]);
            buffer_append_byte(list, '\n');
        }
        rule->is_pattern = support_random(random) % 3 == 0;
        rule->user = user;
        rule->word = (unsigned)support_random(random) % 4;
        do {
            make_filter(random, rule->is_pattern, false, rule->filter);
        } while (rule->is_pattern && strchr(rule->filter, '%') == NULL);
        buffer_append_text(list, rule->is_pattern ? "pattern " : "topic ");
        buffer_append_text(list, words[rule->word]);
        buffer_append_byte(list, ' ');
        buffer_append_text(list, rule->filter);
        buffer_append_byte(list, '\n');
    }
}

static void ask(const struct access *access, const struct naive_rule *rules, uint64_t *random,
                uint64_t seed) {
    unsigned user = (unsigned)support_random(random) % NAMES;
    struct access_client client = client_of(names[user], support_random(random) % 2 ? "c1" : "a");
    char topic[64];
    make_filter(random, false, true, topic);
    for (unsigned kind = ACCESS_READ; kind <= ACCESS_WRITE; kind++) {
        struct question question = {user, &client, topic, (enum access_kind)kind};
        int expected = judge(rules, false, &question);
        if (expected < 0) {
            expected = judge(rules, true, &question);
        }
        struct bytes name = bytes_of_text(topic);
        bool allowed = access_allows(access, &client, (enum access_kind)kind, name);
        assert_int_equal(is_allowed_among_many(access, &client, (enum access_kind)kind, name),
                         allowed);
        if (allowed != (expected == 1)) {
            fail_msg("seed %lu: user %s, kind %u, topic %s: %d, not %d", (unsigned long)seed,
                     names[user] == NULL ? "-" : names[user], kind, topic, allowed, expected);
        }
    }
}

static void random_lists_judge_as_the_manual_says(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        uint64_t random = seed << 32;
        struct memory memory;
        memory_init(&memory);
        struct buffer list;
        buffer_init(&list, &memory);
        struct naive_rule rules[RULES];
        make_list(&random, rules, &list);
        struct access access;
        access_init(&access, &memory, seed);
        struct access_error error;
        assert_true(access_read(&access, buffer_bytes(&list), &error));
        for (unsigned i = 0; i < 200; i++) {
            ask(&access, rules, &random, seed);
        }
        access_deinit(&access);
        buffer_deinit(&list);
        assert_int_equal(memory.blocks_in_use, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_list_denies_everything),
        cmocka_unit_test(rules_before_the_first_user_are_for_those_without_a_name),
        cmocka_unit_test(a_denial_goes_before_what_allows_wherever_it_stands),
        cmocka_unit_test(rules_of_one_user_may_stand_in_several_places),
        cmocka_unit_test(patterns_are_for_everybody_with_their_own_names),
        cmocka_unit_test(a_name_with_a_wildcard_has_no_patterns),
        cmocka_unit_test(a_users_own_rules_go_before_patterns),
        cmocka_unit_test(topics_of_the_broker_need_a_rule_that_names_them),
        cmocka_unit_test(blanks_and_line_ends_of_other_systems_do_no_harm),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
        cmocka_unit_test(patterns_are_bounded),
        cmocka_unit_test(patterns_that_cannot_match_are_looked_at_once),
        cmocka_unit_test(a_name_is_looked_for_in_so_many_steps),
        cmocka_unit_test(random_lists_judge_as_the_manual_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
