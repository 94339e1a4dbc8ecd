#include "check/verdict/told_history.h"

#include "support.h"

#include <stdlib.h>

#define CLIENTS 3u
#define WORDS_MAX 16

void world_init(struct world *world, const struct verdict_options *options) {
    memory_init(&world->memory);
    world->now = 1;
    world->verdict = verdict_create(&world->memory, options);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        assert_int_equal(verdict_add_client(world->verdict, &(struct verdict_client_options){0}),
                         i);
    }
    assert_int_equal(verdict_add_topic(world->verdict, 0), 0);
    assert_int_equal(verdict_add_topic(world->verdict, 0), 1);
    static const uint32_t streams[][2] = {{0, 0}, {0, 1}, {0, 0}, {1, 0}};
    for (uint32_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        assert_int_equal(verdict_add_stream(world->verdict, streams[i][0], streams[i][1]), i);
    }
}

void world_deinit(struct world *world) {
    verdict_destroy(world->verdict);
    assert_int_equal(world->memory.bytes_in_use, 0);
}

// ---- the words of a step ----------------------------------------------------------------------

struct step {
    char *words[WORDS_MAX];
    int count;
};

static bool has(const struct step *step, const char *word) {
    for (int i = 1; i < step->count; i++) {
        if (strcmp(step->words[i], word) == 0) {
            return true;
        }
    }
    return false;
}

static uint32_t number_after(const struct step *step, const char *word, uint32_t otherwise) {
    for (int i = 1; i + 1 < step->count; i++) {
        if (strcmp(step->words[i], word) == 0) {
            return (uint32_t)strtoul(step->words[i + 1], NULL, 10);
        }
    }
    return otherwise;
}

static uint32_t number_at(const struct step *step, int at) {
    assert_true(at < step->count);
    return (uint32_t)strtoul(step->words[at], NULL, 10);
}

static uint32_t client_of(const struct step *step) {
    assert_true(step->count > 1);
    return (uint32_t)(step->words[1][0] - 'a');
}

static struct mark mark_at(const struct step *step, int at) {
    assert_true(at < step->count);
    char *end;
    uint32_t stream = (uint32_t)strtoul(step->words[at], &end, 10);
    assert_int_equal(*end, '.');
    return (struct mark){stream, (uint32_t)strtoul(end + 1, NULL, 10)};
}

static enum verdict_loss loss_at(const struct step *step, int at) {
    static const char *const names[VERDICT_LOSSES] = {
        "link",  "cut",   "absent", "queue",   "mailbox", "expiry", "crash",
        "ended", "unsub", "unack",  "toolong", "refused", "fault"};
    for (unsigned i = 0; i < VERDICT_LOSSES; i++) {
        if (strcmp(step->words[at], names[i]) == 0) {
            return (enum verdict_loss)i;
        }
    }
    fail_msg("no such loss: %s", step->words[at]);
    return LOSS_LINK;
}

// ---- steps ------------------------------------------------------------------------------------

static void step_on(struct world *world, const struct step *step) {
    bool is_present = has(step, "present");
    uint32_t will = number_after(step, "will", VERDICT_NONE);
    struct verdict_connection connection = {.clean_start = has(step, "clean") ||
                                                           (!is_present && !has(step, "keep")),
                                            .session_present = is_present,
                                            .is_take_over = has(step, "over"),
                                            .expiry = number_after(step, "expiry", 3600) * SECOND,
                                            .will = {will == VERDICT_NONE ? VERDICT_NONE : 2, will},
                                            .will_delay = number_after(step, "delay", 0) * SECOND};
    verdict_connected(world->verdict, client_of(step), &connection, world->now);
}

static void step_off(struct world *world, const struct step *step) {
    uint64_t expiry = has(step, "gone") ? 0 : number_after(step, "expiry", 3600) * SECOND;
    verdict_ended(world->verdict, client_of(step),
                  has(step, "normal") ? VERDICT_END_NORMAL : VERDICT_END_CUT, expiry, world->now);
}

static void step_sub(struct world *world, const struct step *step) {
    struct verdict_subscription subscription = {.qos = (uint8_t)number_at(step, 3),
                                                .no_local = has(step, "nolocal"),
                                                .retain_as_published = has(step, "rap"),
                                                .retain_handling =
                                                    (uint8_t)number_after(step, "handling", 0),
                                                .is_new = !has(step, "again"),
                                                .is_line = has(step, "line"),
                                                .group = number_after(step, "group", VERDICT_NONE)};
    verdict_subscribed(world->verdict, client_of(step), number_at(step, 2), &subscription,
                       world->now);
}

static void step_unsub(struct world *world, const struct step *step) {
    verdict_unsubscribed(world->verdict, client_of(step), number_at(step, 2),
                         number_after(step, "group", VERDICT_NONE), world->now);
}

static void step_pub(struct world *world, const struct step *step) {
    struct verdict_publication publication = {.qos = (uint8_t)number_at(step, 2),
                                              .retain = has(step, "retain"),
                                              .is_will = has(step, "will"),
                                              .expiry = number_after(step, "expiry", 0) * SECOND};
    verdict_publish(world->verdict, number_at(step, 1), &publication, world->now);
}

static void step_take(struct world *world, const struct step *step) {
    struct verdict_arrival arrival = {.qos = (uint8_t)number_at(step, 2),
                                      .retain = has(step, "retain"),
                                      .is_link_copy = has(step, "copy"),
                                      .is_last_value = has(step, "last")};
    verdict_taken(world->verdict, mark_at(step, 1), &arrival, world->now);
}

static void step_get(struct world *world, const struct step *step) {
    struct mark mark = mark_at(step, 2);
    struct verdict_delivery delivery = {.topic =
                                            number_after(step, "topic", mark.stream == 1 ? 1 : 0),
                                        .qos = (uint8_t)number_at(step, 3),
                                        .dup = has(step, "dup"),
                                        .retain = has(step, "retain"),
                                        .is_link_copy = has(step, "copy")};
    verdict_delivered(world->verdict, client_of(step), mark, &delivery, world->now);
}

static void step_ack(struct world *world, const struct step *step) {
    verdict_acknowledged(world->verdict, mark_at(step, 1), world->now);
}

static void step_lose(struct world *world, const struct step *step) {
    verdict_lost(world->verdict, client_of(step), mark_at(step, 2), loss_at(step, 3), world->now);
}

static void step_up(struct world *world, const struct step *step) {
    verdict_lost_upward(world->verdict, mark_at(step, 1), loss_at(step, 2), world->now);
}

static void step_wait(struct world *world, const struct step *step) {
    world->now += number_at(step, 1) * SECOND;
}

static void step_busy(struct world *world, const struct step *step) {
    verdict_busy(world->verdict, client_of(step));
}

static void step_full(struct world *world, const struct step *step) {
    verdict_overflowed(world->verdict, client_of(step), world->now);
}

static void step_pause(struct world *world, const struct step *step) {
    verdict_paused(world->verdict, 0, world->now + number_at(step, 1) * SECOND, world->now);
}

static void step_rest(struct world *world, const struct step *step) {
    (void)step;
    verdict_rest(world->verdict, world->now);
}

static void step_crash(struct world *world, const struct step *step) {
    verdict_crashed(world->verdict, 0, has(step, "keeps"), world->now);
}

static void step_discard(struct world *world, const struct step *step) {
    verdict_discarded(world->verdict, client_of(step), world->now);
}

static const struct {
    const char *name;
    void (*run)(struct world *world, const struct step *step);
} verbs[] = {{"on", step_on},           {"off", step_off},     {"sub", step_sub},
             {"unsub", step_unsub},     {"pub", step_pub},     {"take", step_take},
             {"ack", step_ack},         {"get", step_get},     {"lose", step_lose},
             {"up", step_up},           {"wait", step_wait},   {"rest", step_rest},
             {"busy", step_busy},       {"pause", step_pause}, {"crash", step_crash},
             {"discard", step_discard}, {"full", step_full}};

static void run_step(struct world *world, char *text) {
    struct step step = {.count = 0};
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        assert_true(step.count < WORDS_MAX);
        step.words[step.count++] = word;
    }
    if (step.count == 0) {
        return;
    }
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(step.words[0], verbs[i].name) == 0) {
            world->now += MILLISECOND;
            verbs[i].run(world, &step);
            verdict_check(world->verdict);
            return;
        }
    }
    fail_msg("no such step: %s", step.words[0]);
}

void run_history(struct world *world, const char *history) {
    char *copy = strdup(history);
    char *rest = NULL;
    for (char *text = strtok_r(copy, ";", &rest); text != NULL; text = strtok_r(NULL, ";", &rest)) {
        run_step(world, text);
    }
    free(copy);
}
