// Random legal histories are never faulted, and one change to them that breaks a rule always is.
#include "support.h"

#include "check/verdict/legal_history.h"

#define SEEDS 300u
#define STEPS 600u

static void print_finding(uint64_t seed, const struct verdict *verdict) {
    const struct verdict_finding *finding = verdict_finding(verdict, 0);
    print_error("seed %llu: %s: %u.%u at client %u, topic %u\n", (unsigned long long)seed,
                check_rule_text(finding->rule)->name, finding->stream, finding->number,
                finding->client, finding->topic);
    for (uint32_t i = 0; i < finding->event_count; i++) {
        const struct verdict_event *event = &finding->events[i];
        print_error("  %llu %llu %s %d.%u client %d topic %d qos %u flags %u\n",
                    (unsigned long long)event->sequence, (unsigned long long)event->at,
                    verdict_event_text((enum verdict_event_kind)event->kind), (int)event->stream,
                    event->number, (int)event->client, (int)event->topic, event->qos, event->flags);
    }
}

static void legal_histories_are_never_faulted(void **state) {
    (void)state;
    uint64_t reached[VERDICT_REACHED] = {0};
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct history history = {0};
        history_make(&history, seed, STEPS);
        struct memory memory;
        struct verdict *verdict = history_ledger(&memory);
        history_play(&history, verdict);
        if (verdict_finding_count(verdict) > 0) {
            print_finding(seed, verdict);
        }
        assert_true(verdict_is_green(verdict));
        for (unsigned i = 0; i < VERDICT_REACHED; i++) {
            reached[i] += verdict_counts(verdict)->reached[i];
        }
        verdict_destroy(verdict);
        assert_int_equal(memory.bytes_in_use, 0);
        history_free(&history);
    }
    static const enum verdict_reached wanted[] = {
        REACHED_DUP_DELIVERY,       REACHED_TAKEN_TWICE,       REACHED_RESUMPTION,
        REACHED_SESSION_EXPIRED,    REACHED_CLEAN_START,       REACHED_QUEUE_FULL,
        REACHED_WILL_FIRED,         REACHED_WILL_WITHDRAWN,    REACHED_WILL_DELAY_CUT_SHORT,
        REACHED_RETAINED_DELIVERED, REACHED_RETAINED_REPLACED, REACHED_MESSAGE_EXPIRED,
        REACHED_QUEUED_FOR_ABSENT,  REACHED_DOWNGRADED,        REACHED_QOS_2_DELIVERY};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (reached[wanted[i]] == 0) {
            fail_msg("never reached: %s", verdict_reached_text(wanted[i]));
        }
    }
}

// ---- one change -------------------------------------------------------------------------------

// What the history says of the message of one delivery.
struct facts {
    uint32_t takings;
    uint32_t deliveries; // to the same client
    uint32_t subscriptions;
    uint8_t qos; // published
    bool retain;
    bool has_expiry;
    bool is_will;
    bool is_blurred; // others of its stream were taken more than once: how often is not known
    bool is_excused; // something may excuse that the client does not get it
};

static bool is_same(struct mark a, struct mark b) {
    return a.stream == b.stream && a.number == b.number;
}

static void learn_message(struct facts *facts, const struct told *told, uint32_t client) {
    switch (told->kind) {
    case TOLD_PUBLISH:
        facts->qos = told->publication.qos;
        facts->retain = told->publication.retain;
        facts->has_expiry = told->publication.expiry > 0;
        facts->is_will = told->publication.is_will;
        break;
    case TOLD_TAKEN:
        facts->takings++;
        break;
    case TOLD_DELIVERED:
        facts->deliveries += told->client == client;
        break;
    case TOLD_LOST:
        facts->is_excused = facts->is_excused || told->client == client;
        break;
    case TOLD_ACKNOWLEDGED:
    case TOLD_LOST_UPWARD:
    case TOLD_CONNECTED:
    case TOLD_ENDED:
    case TOLD_SUBSCRIBED:
    case TOLD_UNSUBSCRIBED:
        break;
    }
}

static struct facts facts_of(const struct history *history, const struct told *of) {
    struct facts facts = {0};
    uint32_t taken = 0;
    for (uint32_t i = 0; i < history->count; i++) {
        const struct told *told = &history->items[i];
        if (told->kind == TOLD_TAKEN && told->mark.stream == of->mark.stream) {
            facts.is_blurred = facts.is_blurred || told->mark.number < taken;
            taken = told->mark.number + 1;
        }
        if (told->kind <= TOLD_LOST_UPWARD && is_same(told->mark, of->mark)) {
            learn_message(&facts, told, of->client);
        }
        bool is_client = told->kind > TOLD_LOST_UPWARD && told->client == of->client;
        facts.subscriptions +=
            is_client && told->kind == TOLD_SUBSCRIBED && told->topic == of->delivery.topic;
        facts.is_excused = facts.is_excused || (is_client && told->kind == TOLD_UNSUBSCRIBED) ||
                           (is_client && told->kind == TOLD_CONNECTED && i > 0 &&
                            !told->connection.session_present && told->at > of->at);
    }
    return facts;
}

// A delivery about which nothing is in doubt.
static bool is_plain(const struct told *told, const struct facts *facts) {
    return told->kind == TOLD_DELIVERED && facts->takings == 1 && facts->deliveries == 1 &&
           facts->subscriptions == 1 && !facts->retain && !told->delivery.dup &&
           !facts->is_excused && !facts->has_expiry && !facts->is_blurred;
}

static void remove_at(struct history *history, uint32_t at) {
    history->count--;
    memmove(&history->items[at], &history->items[at + 1],
            (history->count - at) * sizeof *history->items);
}

static void insert_at(struct history *history, uint32_t at, struct told told) {
    history_tell(history, told);
    memmove(&history->items[at + 1], &history->items[at],
            (history->count - 1 - at) * sizeof *history->items);
    history->items[at] = told;
}

// The next delivery to the same client, of the same stream and QoS, or 0.
static uint32_t next_delivery(const struct history *history, uint32_t at) {
    const struct told *told = &history->items[at];
    for (uint32_t i = at + 1; i < history->count; i++) {
        const struct told *later = &history->items[i];
        bool is_there = later->kind == TOLD_DELIVERED && later->client == told->client;
        if (is_there && later->mark.stream == told->mark.stream &&
            later->delivery.qos == told->delivery.qos) {
            return i;
        }
    }
    return 0;
}

// Each breaks a rule at a plain delivery, or returns false: not this one.
typedef bool (*change)(struct history *history, uint32_t at, const struct facts *facts);

static bool lose_it(struct history *history, uint32_t at, const struct facts *facts) {
    (void)facts;
    bool is_owed = history->items[at].delivery.qos > 0; // QoS 0 may be lost in a later cut
    remove_at(history, at);
    return is_owed;
}

static bool repeat_it(struct history *history, uint32_t at, const struct facts *facts) {
    (void)facts;
    insert_at(history, at, history->items[at]);
    return true;
}

static bool repeat_with_dup(struct history *history, uint32_t at, const struct facts *facts) {
    (void)facts;
    struct told told = history->items[at];
    told.delivery.dup = true;
    insert_at(history, at + 1, told);
    return true;
}

static bool raise_qos(struct history *history, uint32_t at, const struct facts *facts) {
    (void)facts;
    history->items[at].delivery.qos = (uint8_t)((history->items[at].delivery.qos + 1u) % 3);
    return true;
}

static bool set_dup(struct history *history, uint32_t at, const struct facts *facts) {
    (void)facts;
    history->items[at].delivery.dup = true;
    return history->items[at].delivery.qos == 0;
}

static bool set_retain(struct history *history, uint32_t at, const struct facts *facts) {
    (void)facts;
    history->items[at].delivery.retain = true;
    return true;
}

static bool invent_number(struct history *history, uint32_t at, const struct facts *facts) {
    (void)facts;
    history->items[at].mark.number += 100000;
    return true;
}

static bool misdirect_topic(struct history *history, uint32_t at, const struct facts *facts) {
    (void)facts;
    struct told *told = &history->items[at];
    told->delivery.topic = (told->delivery.topic + 1) % HISTORY_TOPICS;
    return true;
}

static bool misdirect_client(struct history *history, uint32_t at, const struct facts *facts) {
    (void)facts;
    struct told told = history->items[at];
    told.client = (told.client + 1) % HISTORY_CLIENTS;
    struct facts others = facts_of(history, &told);
    insert_at(history, at, told);
    return others.subscriptions == 0;
}

static bool swap_order(struct history *history, uint32_t at, const struct facts *facts) {
    (void)facts;
    uint32_t next = next_delivery(history, at);
    if (next == 0) {
        return false;
    }
    struct facts others = facts_of(history, &history->items[next]);
    struct mark mark = history->items[at].mark;
    history->items[at].mark = history->items[next].mark;
    history->items[next].mark = mark;
    return is_plain(&history->items[next], &others) && others.qos == facts->qos &&
           history->items[at].mark.number > mark.number;
}

static bool forget_taking(struct history *history, uint32_t at, const struct facts *facts) {
    struct mark mark = history->items[at].mark;
    for (uint32_t i = 0; i < history->count; i++) {
        if (history->items[i].kind == TOLD_TAKEN && is_same(history->items[i].mark, mark)) {
            remove_at(history, i);
            return !facts->is_will;
        }
    }
    return false;
}

static bool delay_behind_publish(struct history *history, uint32_t at, const struct facts *facts) {
    (void)facts;
    struct told told = history->items[at];
    for (uint32_t i = 0; i < at; i++) {
        if (history->items[i].kind == TOLD_PUBLISH && is_same(history->items[i].mark, told.mark)) {
            remove_at(history, at);
            told.at = history->items[i].at;
            insert_at(history, i + 1, told);
            return true;
        }
    }
    return false;
}

static const struct {
    const char *name;
    change run;
} changes[] = {
    {"lost", lose_it},
    {"repeated", repeat_it},
    {"repeated with DUP", repeat_with_dup},
    {"another QoS", raise_qos},
    {"DUP with QoS 0", set_dup},
    {"RETAIN", set_retain},
    {"another number", invent_number},
    {"another topic", misdirect_topic},
    {"another client", misdirect_client},
    {"another order", swap_order},
    {"never taken", forget_taking},
    {"before it was taken", delay_behind_publish},
};
#define CHANGES (sizeof changes / sizeof *changes)

// Whether the change was made, and found.
static bool is_found(uint64_t seed, uint32_t at, unsigned number, uint32_t *made) {
    struct history history = {0};
    history_make(&history, seed, STEPS);
    struct facts facts = facts_of(&history, &history.items[at]);
    bool is_right = true;
    if (changes[number].run(&history, at, &facts)) {
        struct memory memory;
        struct verdict *verdict = history_ledger(&memory);
        history_play(&history, verdict);
        is_right = verdict_finding_count(verdict) > 0;
        (*made)++;
        verdict_destroy(verdict);
    }
    history_free(&history);
    if (!is_right) {
        print_error("seed %llu, event %u, %s: not found\n", (unsigned long long)seed, at,
                    changes[number].name);
    }
    return is_right;
}

static void one_change_is_always_found(void **state) {
    (void)state;
    uint32_t made[CHANGES] = {0};
    uint32_t missed = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct history history = {0};
        history_make(&history, seed, STEPS);
        for (uint32_t at = seed % 16; at < history.count; at += 16) {
            struct facts facts = facts_of(&history, &history.items[at]);
            if (is_plain(&history.items[at], &facts)) {
                unsigned number = (unsigned)(seed * 7 + at / 16) % CHANGES;
                missed += !is_found(seed, at, number, &made[number]);
            }
        }
        history_free(&history);
    }
    assert_int_equal(missed, 0);
    for (unsigned i = 0; i < CHANGES; i++) {
        if (made[i] == 0) {
            fail_msg("never made: %s", changes[i].name);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(legal_histories_are_never_faulted),
        cmocka_unit_test(one_change_is_always_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
