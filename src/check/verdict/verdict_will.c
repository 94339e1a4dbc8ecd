#include "check/verdict/verdict_will.h"

static struct verdict_about about_will(const struct verdict_will *will, uint32_t topic) {
    return (struct verdict_about){will->mark, will->client, topic};
}

static uint32_t topic_of(const struct verdict *verdict, const struct verdict_will *will) {
    return verdict->streams.items[will->mark.stream].topic;
}

static void judge(struct verdict *verdict, const struct verdict_will *will, bool holds,
                  enum check_rule rule) {
    struct verdict_about about = about_will(will, topic_of(verdict, will));
    verdict_test(verdict, holds, rule, &about);
}

// Takes it out of its client's list. Its message goes, if it never was published.
static void forget(struct verdict *verdict, uint32_t will) {
    struct verdict_will forgotten = verdict->wills.items[will];
    uint32_t *before = &verdict->clients.items[forgotten.client].will;
    while (*before != will) {
        before = &verdict->wills.items[*before].next;
    }
    *before = forgotten.next;
    uint32_t message = verdict_message_find(verdict, forgotten.mark);
    if (message != VERDICT_NONE && verdict->messages.items[message].taken == 0) {
        verdict_message_remove(verdict, message);
    }
    verdict->wills.items[will].state = WILL_FREE;
    VERDICT_GIVE(verdict, wills, will);
}

// The one that was set last, or VERDICT_NONE.
static uint32_t newest(const struct verdict *verdict, uint32_t client) {
    return verdict->clients.items[client].will;
}

void verdict_will_set(struct verdict *verdict, uint32_t client, struct mark mark, uint64_t delay) {
    uint32_t will = VERDICT_TAKE(verdict, wills);
    struct verdict_client *of = &verdict->clients.items[client];
    verdict->wills.items[will] = (struct verdict_will){
        .next = of->will, .client = client, .mark = mark, .state = WILL_SET, .delay = delay};
    of->will = will;
}

// It is kept for a while: a crash may make the broker forget that.
static void end(struct verdict *verdict, uint32_t will, uint64_t at, enum verdict_reached how) {
    verdict_mark_reached(verdict, how);
    verdict->wills.items[will].state = WILL_OVER;
    verdict->wills.items[will].due = at;
}

// No crash makes it forgotten any more.
static bool is_long_over(const struct verdict *verdict, const struct verdict_will *will) {
    return will->state == WILL_OVER && verdict->now > will->due &&
           verdict->now - will->due > verdict->options.slack;
}

// What was published before its time: `due` tells when it was, and `from` when it might have been.
static void judge_early(struct verdict *verdict, uint32_t will, uint64_t from) {
    const struct verdict_will *record = &verdict->wills.items[will];
    bool is_right = from != VERDICT_NEVER && record->due + verdict->options.slack >= from;
    judge(verdict, record, is_right, RULE_WILL);
    if (is_right) {
        end(verdict, will, record->due, REACHED_WILL_FIRED);
    } else {
        forget(verdict, will);
    }
}

void verdict_will_break(struct verdict *verdict, uint32_t client, uint64_t session_end) {
    uint32_t will = newest(verdict, client);
    if (will == VERDICT_NONE) {
        return;
    }
    struct verdict_will *record = &verdict->wills.items[will];
    bool is_endless = record->delay > VERDICT_NEVER - verdict->now;
    uint64_t due = is_endless ? VERDICT_NEVER : verdict->now + record->delay;
    due = due < session_end ? due : session_end;
    if (record->state == WILL_EARLY) {
        judge_early(verdict, will, due);
    } else if (record->state == WILL_SET) {
        record->state = WILL_DUE;
        record->due = due;
    }
}

void verdict_will_withdraw(struct verdict *verdict, uint32_t client) {
    uint32_t will = newest(verdict, client);
    if (will == VERDICT_NONE) {
        return;
    }
    if (verdict->wills.items[will].state == WILL_EARLY) {
        judge_early(verdict, will, VERDICT_NEVER);
    } else if (verdict->wills.items[will].state == WILL_SET) {
        end(verdict, will, verdict->now, REACHED_WILL_WITHDRAWN);
    }
}

static bool is_overdue(const struct verdict *verdict, const struct verdict_will *will) {
    return will->state == WILL_DUE && will->due < verdict->now &&
           verdict->now - will->due > verdict->options.slack;
}

// With its session it is withdrawn, if it was not yet due.
static void resume_session(struct verdict *verdict, uint32_t will) {
    struct verdict_will *record = &verdict->wills.items[will];
    if (record->state == WILL_DUE && record->delay == 0) {
        return; // it was due at once, and is to come
    }
    if (record->state == WILL_DUE && record->due <= verdict->now + verdict->options.slack) {
        record->state = WILL_UNCERTAIN;
        return;
    }
    end(verdict, will, verdict->now, REACHED_WILL_DELAY_CUT_SHORT);
}

// One that is still there when its client comes back.
static void resume_one(struct verdict *verdict, uint32_t will, bool is_session) {
    struct verdict_will *record = &verdict->wills.items[will];
    if (record->state == WILL_OVER) {
        if (is_long_over(verdict, record)) {
            forget(verdict, will);
        }
        return;
    }
    if (record->state == WILL_EARLY) {
        judge_early(verdict, will, is_session ? VERDICT_NEVER : verdict->now);
    } else if (is_overdue(verdict, record)) {
        judge(verdict, record, false, RULE_WILL_MISSING);
        forget(verdict, will);
    } else if (is_session) {
        resume_session(verdict, will);
    } else if (record->state == WILL_DUE) { // the session's end is the latest moment
        record->due = record->due < verdict->now ? record->due : verdict->now;
    } else if (will != newest(verdict, record->client)) {
        forget(verdict, will);
    }
}

void verdict_will_resume(struct verdict *verdict, uint32_t client, bool is_session) {
    uint32_t will = newest(verdict, client);
    while (will != VERDICT_NONE) {
        uint32_t next = verdict->wills.items[will].next;
        resume_one(verdict, will, is_session);
        will = next;
    }
}

void verdict_will_hurry(struct verdict *verdict, uint32_t client) {
    uint32_t will = newest(verdict, client);
    if (will != VERDICT_NONE && verdict->wills.items[will].state == WILL_EARLY) {
        judge_early(verdict, will, verdict->now);
    } else if (will != VERDICT_NONE && verdict->wills.items[will].due > verdict->now) {
        verdict->wills.items[will].due = verdict->now;
    }
}

void verdict_will_postpone(struct verdict *verdict, uint32_t client, uint64_t until) {
    uint32_t will = newest(verdict, client);
    for (; will != VERDICT_NONE; will = verdict->wills.items[will].next) {
        struct verdict_will *record = &verdict->wills.items[will];
        bool is_due = record->state == WILL_DUE && !is_overdue(verdict, record);
        bool is_ending = record->state == WILL_OVER && !is_long_over(verdict, record);
        if ((is_due || is_ending) && record->due < until) {
            record->due = until;
        }
    }
}

void verdict_will_crash(struct verdict *verdict, uint32_t client, bool keeps) {
    uint32_t will;
    while ((will = newest(verdict, client)) != VERDICT_NONE && !keeps) {
        forget(verdict, will);
    }
    while (will != VERDICT_NONE) {
        struct verdict_will *record = &verdict->wills.items[will];
        uint32_t next = record->next;
        if (is_long_over(verdict, record)) {
            forget(verdict, will);
        } else {
            record->state = WILL_UNCERTAIN;
        }
        will = next;
    }
}

void verdict_will_taken(struct verdict *verdict, struct mark mark) {
    uint32_t client = verdict->streams.items[mark.stream].client;
    uint32_t will = newest(verdict, client);
    while (will != VERDICT_NONE && (verdict->wills.items[will].mark.stream != mark.stream ||
                                    verdict->wills.items[will].mark.number != mark.number)) {
        will = verdict->wills.items[will].next;
    }
    bool is_new = will != VERDICT_NONE && verdict->wills.items[will].state != WILL_EARLY &&
                  verdict->wills.items[will].state != WILL_OVER;
    if (!is_new) {
        struct verdict_about about = {mark, client, verdict->streams.items[mark.stream].topic};
        verdict_test(verdict, false, RULE_WILL, &about); // withdrawn, forgotten, or twice
        return;
    }
    struct verdict_will *record = &verdict->wills.items[will];
    bool is_due =
        record->state == WILL_UNCERTAIN ||
        (record->state == WILL_DUE &&
         (record->due <= verdict->now || record->due - verdict->now <= verdict->options.slack));
    if (!is_due) {
        record->state = WILL_EARLY;
        record->due = verdict->now;
        return;
    }
    judge(verdict, record, true, RULE_WILL);
    end(verdict, will, verdict->now, REACHED_WILL_FIRED);
}

// Nothing more will say that it was right to publish it, or keep it from being published.
static void rest_one(struct verdict *verdict, uint32_t will) {
    const struct verdict_will *record = &verdict->wills.items[will];
    if (record->state == WILL_EARLY) {
        judge_early(verdict, will, VERDICT_NEVER);
    } else if (is_overdue(verdict, record)) {
        judge(verdict, record, false, RULE_WILL_MISSING);
        forget(verdict, will);
    }
}

void verdict_wills_rest(struct verdict *verdict) {
    for (uint32_t will = 0; will < verdict->wills.places.count; will++) {
        if (verdict->wills.items[will].state != WILL_FREE) {
            rest_one(verdict, will);
        }
    }
}
