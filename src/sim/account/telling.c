#include "sim/account/telling.h"

#include "base/assert.h"

// Around the beginning of a connection one end may seal with a key that the other one has
// forgotten.
#define REKEYING_NS (20 * PLAN_SECOND)

typedef bool hearer(struct sim_ledger *ledger, const struct sim_telling *told, struct bytes text);

// ---- messages -----------------------------------------------------------------------------------

static bool hear_stream(struct sim_ledger *ledger, const struct sim_telling *told,
                        struct bytes text) {
    const struct sim_told_stream *of = &told->of.stream;
    uint32_t stream = sim_ledger_stream(
        ledger, &(struct sim_stream_options){.client = told->client,
                                             .topic = sim_ledger_topic(ledger, of->broker, text),
                                             .owner = of->owner,
                                             .qos = of->qos,
                                             .retain = of->retain,
                                             .is_wills = of->is_wills});
    sim_ledger_name(ledger, told->number % ledger->islands, stream);
    return true;
}

static bool hear_answers(struct sim_ledger *ledger, const struct sim_telling *told,
                         struct bytes text) {
    (void)text;
    struct mark mark = {told->number, 0};
    bool is_known = sim_ledger_find(ledger, &mark);
    ASSERT(is_known);
    sim_ledger_answers(ledger, mark.stream);
    return true;
}

static bool hear_published(struct sim_ledger *ledger, const struct sim_telling *told,
                           struct bytes text) {
    (void)text;
    struct mark mark = told->mark;
    bool is_known = sim_ledger_find(ledger, &mark);
    ASSERT(is_known);
    struct mark published = sim_ledger_publish(ledger, mark.stream, &told->of.publication);
    ASSERT(published.number == mark.number);
    return true;
}

static bool hear_taken(struct sim_ledger *ledger, const struct sim_telling *told,
                       struct bytes text) {
    (void)text;
    struct mark mark = told->mark;
    if (sim_ledger_find(ledger, &mark)) {
        sim_ledger_taken(ledger, mark, false);
    }
    return true;
}

static bool hear_will(struct sim_ledger *ledger, const struct sim_telling *told,
                      struct bytes text) {
    (void)text;
    struct mark mark = told->mark;
    if (sim_ledger_find(ledger, &mark)) {
        sim_ledger_taken(ledger, mark, false);
        struct sim_tally *tally = &ledger->sums.tallies[sim_ledger_owner(ledger, mark)];
        tally->wills++;
        sim_busiest_add(&tally->firing_wills, *ledger->now);
    }
    return true;
}

static bool hear_acknowledged(struct sim_ledger *ledger, const struct sim_telling *told,
                              struct bytes text) {
    (void)text;
    struct mark mark = told->mark;
    if (sim_ledger_find(ledger, &mark)) {
        verdict_acknowledged(ledger->verdict, mark, *ledger->now);
    }
    return true;
}

static bool hear_copied(struct sim_ledger *ledger, const struct sim_telling *told,
                        struct bytes text) {
    (void)text;
    struct mark mark = told->mark;
    if (sim_ledger_find(ledger, &mark)) {
        sim_ledger_copied(ledger, mark);
    }
    return true;
}

static bool hear_freight(struct sim_ledger *ledger, const struct sim_telling *told,
                         struct bytes text) {
    (void)text;
    struct mark mark = told->mark;
    if (sim_ledger_find(ledger, &mark)) {
        sim_freight_note(&ledger->freight, told->of.key, mark);
    }
    return true;
}

// ---- deliveries ---------------------------------------------------------------------------------

// A last value, which the broker gives to who subscribes: it was published before, and is not owed.
static bool is_last_value(struct sim_ledger *ledger, const struct sim_telling *told,
                          struct mark mark) {
    return told->is_line &&
           told->of.delivery.published_at <= sim_ledger_line(ledger, told->client)->subscribed_at &&
           !verdict_owes(ledger->verdict, told->client, mark);
}

static void note_latency(struct sim_ledger *ledger, const struct sim_told_delivery *delivery,
                         struct mark mark) {
    const struct sim_ledger_sums *sums = &ledger->sums;
    uint64_t latency = *ledger->now - delivery->published_at;
    histogram_parts_add(&sums->times->latency[delivery->qos], ledger->memory, latency);
    if (sums->has_group_latencies) {
        struct histogram *of_publisher = sums->tallies[sim_ledger_owner(ledger, mark)].latency;
        struct histogram *of_receiver = sums->tallies[delivery->group].arriving;
        if (of_publisher != NULL) {
            histogram_add(of_publisher, latency);
        }
        if (of_receiver != NULL) {
            histogram_add(of_receiver, latency);
        }
    }
}

static bool hear_delivered(struct sim_ledger *ledger, const struct sim_telling *told,
                           struct bytes text) {
    const struct sim_told_delivery *delivery = &told->of.delivery;
    struct mark mark = told->mark;
    bool is_ours = sim_ledger_find(ledger, &mark);
    if (is_ours && is_last_value(ledger, told, mark)) {
        return false;
    }
    ledger->sums.counts->delivered[delivery->qos]++;
    ledger->sums.counts->moved_at = *ledger->now;
    sim_ledger_delivered(ledger, &(struct sim_ledger_delivery){.client = told->client,
                                                               .broker = delivery->broker,
                                                               .topic = text,
                                                               .mark = is_ours ? &mark : NULL,
                                                               .qos = delivery->qos,
                                                               .dup = delivery->dup,
                                                               .retain = delivery->retain,
                                                               .sent_at = delivery->sent_at});
    if (!is_ours) {
        return false;
    }
    if (!delivery->retain) {
        note_latency(ledger, delivery, mark);
    }
    if (sim_ledger_is_answer(ledger, mark)) {
        ledger->sums.tallies[sim_ledger_owner(ledger, mark)].answered++;
    }
    return true;
}

// ---- losses -------------------------------------------------------------------------------------

static bool hear_lost(struct sim_ledger *ledger, const struct sim_telling *told,
                      struct bytes text) {
    (void)text;
    struct mark mark = told->mark;
    if (sim_ledger_find(ledger, &mark)) {
        verdict_lost(ledger->verdict, told->client, mark, (enum verdict_loss)told->of.loss,
                     *ledger->now);
    }
    return true;
}

static bool hear_lost_upward(struct sim_ledger *ledger, const struct sim_telling *told,
                             struct bytes text) {
    (void)text;
    struct mark mark = told->mark;
    if (sim_ledger_find(ledger, &mark)) {
        verdict_lost_upward(ledger->verdict, mark, (enum verdict_loss)told->of.loss, *ledger->now);
    }
    return true;
}

static bool hear_doubted(struct sim_ledger *ledger, const struct sim_telling *told,
                         struct bytes text) {
    (void)text;
    struct mark mark = told->mark;
    if (sim_ledger_find(ledger, &mark)) {
        verdict_doubted(ledger->verdict, told->client, mark, (enum verdict_loss)told->of.loss,
                        *ledger->now);
    }
    return true;
}

// ---- lines --------------------------------------------------------------------------------------

static bool is_rekeyed(struct sim_ledger *ledger, uint32_t client) {
    const struct sim_line_facts *line =
        client == VERDICT_NONE ? NULL : sim_ledger_line(ledger, client);
    return line == NULL || !line->is_known || *ledger->now - line->connected_at < REKEYING_NS;
}

static bool hear_line_dropped(struct sim_ledger *ledger, const struct sim_telling *told,
                              struct bytes text) {
    (void)text;
    struct mark mark = told->mark;
    if (!sim_ledger_find(ledger, &mark) || !is_rekeyed(ledger, told->client)) {
        return true;
    }
    if (told->of.by_broker) {
        verdict_lost_upward(ledger->verdict, mark, LOSS_CUT, *ledger->now);
    } else {
        verdict_lost(ledger->verdict, told->client, mark, LOSS_CUT, *ledger->now);
    }
    return true;
}

static bool hear_line_taken(struct sim_ledger *ledger, const struct sim_telling *told,
                            struct bytes text) {
    struct mark mark = told->mark;
    struct mark line = told->of.line;
    if (sim_ledger_find(ledger, &mark) && sim_ledger_is_whole(ledger, mark, text)) {
        sim_ledger_taken(ledger, mark, true);
        return true;
    }
    if (sim_ledger_find(ledger, &line) && is_rekeyed(ledger, told->client)) {
        ledger->is_garbled = true; // a weak suite takes what another key has sealed
        verdict_lost_upward(ledger->verdict, line, LOSS_CUT, *ledger->now);
    }
    return false;
}

static bool hear_garbled(struct sim_ledger *ledger, const struct sim_telling *told,
                         struct bytes text) {
    (void)told;
    (void)text;
    ledger->is_garbled = true; // a weak suite takes it
    return true;
}

// ---- sessions -----------------------------------------------------------------------------------

static bool hear_connected(struct sim_ledger *ledger, const struct sim_telling *told,
                           struct bytes text) {
    (void)text;
    struct verdict_connection connection = told->of.connection;
    if (told->is_line) {
        struct sim_line_facts *line = sim_ledger_line(ledger, told->client);
        line->connected_at = *ledger->now;
        line->is_known = true;
    }
    if (!sim_ledger_find(ledger, &connection.will)) {
        connection.will = (struct mark){VERDICT_NONE, 0};
    }
    verdict_connected(ledger->verdict, told->client, &connection, *ledger->now);
    return true;
}

static bool hear_ended(struct sim_ledger *ledger, const struct sim_telling *told,
                       struct bytes text) {
    (void)text;
    if (told->is_line) {
        struct sim_line_facts *line = sim_ledger_line(ledger, told->client);
        bool was_known = line->is_known;
        line->is_known = false;
        if (!was_known) {
            return true;
        }
    }
    verdict_ended(ledger->verdict, told->client, (enum verdict_end)told->of.end.end,
                  told->of.end.expiry, *ledger->now);
    return true;
}

static bool hear_discarded(struct sim_ledger *ledger, const struct sim_telling *told,
                           struct bytes text) {
    (void)text;
    verdict_discarded(ledger->verdict, told->client, *ledger->now);
    return true;
}

static bool hear_overflowed(struct sim_ledger *ledger, const struct sim_telling *told,
                            struct bytes text) {
    (void)text;
    if (told->client == VERDICT_NONE) {
        verdict_reach(ledger->verdict, REACHED_QUEUE_FULL);
    } else {
        verdict_overflowed(ledger->verdict, told->client, *ledger->now);
    }
    return true;
}

static bool hear_subscribed(struct sim_ledger *ledger, const struct sim_telling *told,
                            struct bytes text) {
    if (told->is_line) {
        sim_ledger_line(ledger, told->client)->subscribed_at = *ledger->now;
    }
    if (told->number != UINT32_MAX) {
        sim_ledger_subscribed(ledger, told->number, text);
    }
    return true;
}

static bool hear_unsubscribed(struct sim_ledger *ledger, const struct sim_telling *told,
                              struct bytes text) {
    (void)text;
    sim_ledger_unsubscribed(ledger, told->number);
    return true;
}

static bool hear_forgotten(struct sim_ledger *ledger, const struct sim_telling *told,
                           struct bytes text) {
    (void)text;
    for (uint32_t i = 0; i < told->of.interests; i++) {
        sim_ledger_forget_interest(ledger, told->number + i);
    }
    return true;
}

// ---- the rest -----------------------------------------------------------------------------------

static bool hear_crashed(struct sim_ledger *ledger, const struct sim_telling *told,
                         struct bytes text) {
    (void)text;
    verdict_crashed(ledger->verdict, told->number, told->of.keeps, *ledger->now);
    return true;
}

static bool hear_paused(struct sim_ledger *ledger, const struct sim_telling *told,
                        struct bytes text) {
    (void)text;
    verdict_paused(ledger->verdict, told->number, told->of.until, *ledger->now);
    return true;
}

static bool hear_reached(struct sim_ledger *ledger, const struct sim_telling *told,
                         struct bytes text) {
    (void)text;
    verdict_reach(ledger->verdict, (enum verdict_reached)told->number);
    return true;
}

static bool hear_saw(struct sim_ledger *ledger, const struct sim_telling *told, struct bytes text) {
    (void)text;
    verdict_saw(ledger->verdict, told->client, &told->of.packet, *ledger->now);
    return true;
}

static bool hear_reported(struct sim_ledger *ledger, const struct sim_telling *told,
                          struct bytes text) {
    (void)text;
    verdict_report(ledger->verdict, (enum check_rule)told->number, told->client, *ledger->now);
    return true;
}

static bool hear_opened(struct sim_ledger *ledger, const struct sim_telling *told,
                        struct bytes text) {
    (void)told;
    (void)text;
    sim_ledger_open(ledger);
    return true;
}

// ---- all ----------------------------------------------------------------------------------------

static hearer *const hearers[] = {
    [SIM_TOLD_STREAM] = hear_stream,
    [SIM_TOLD_ANSWERS] = hear_answers,
    [SIM_TOLD_PUBLISHED] = hear_published,
    [SIM_TOLD_TAKEN] = hear_taken,
    [SIM_TOLD_WILL] = hear_will,
    [SIM_TOLD_LINE_TAKEN] = hear_line_taken,
    [SIM_TOLD_ACKNOWLEDGED] = hear_acknowledged,
    [SIM_TOLD_DELIVERED] = hear_delivered,
    [SIM_TOLD_LOST] = hear_lost,
    [SIM_TOLD_LOST_UPWARD] = hear_lost_upward,
    [SIM_TOLD_DOUBTED] = hear_doubted,
    [SIM_TOLD_LINE_DROPPED] = hear_line_dropped,
    [SIM_TOLD_COPIED] = hear_copied,
    [SIM_TOLD_FREIGHT] = hear_freight,
    [SIM_TOLD_GARBLED] = hear_garbled,
    [SIM_TOLD_CONNECTED] = hear_connected,
    [SIM_TOLD_ENDED] = hear_ended,
    [SIM_TOLD_DISCARDED] = hear_discarded,
    [SIM_TOLD_OVERFLOWED] = hear_overflowed,
    [SIM_TOLD_SUBSCRIBED] = hear_subscribed,
    [SIM_TOLD_UNSUBSCRIBED] = hear_unsubscribed,
    [SIM_TOLD_FORGOTTEN] = hear_forgotten,
    [SIM_TOLD_CRASHED] = hear_crashed,
    [SIM_TOLD_PAUSED] = hear_paused,
    [SIM_TOLD_REACHED] = hear_reached,
    [SIM_TOLD_SAW] = hear_saw,
    [SIM_TOLD_REPORTED] = hear_reported,
    [SIM_TOLD_OPENED] = hear_opened,
};
_Static_assert(sizeof hearers / sizeof *hearers == SIM_TOLD, "each kind is heard");

bool sim_telling_hear(struct sim_ledger *ledger, const struct sim_telling *telling,
                      struct bytes text) {
    ASSERT(telling->kind < SIM_TOLD);
    return hearers[telling->kind](ledger, telling, text);
}

// ---- logs ---------------------------------------------------------------------------------------

#define STEP 8u // all in a log begins at a multiple of it

static size_t rounded(size_t bytes) {
    return (bytes + STEP - 1) / STEP * STEP;
}

static void write_down(struct sim_island *island, const struct sim_telling *telling,
                       struct bytes text) {
    struct buffer *log = &island->front->logs[island->front->log];
    struct sim_telling timed = *telling;
    ASSERT(text.size <= UINT16_MAX);
    timed.time = island->now;
    timed.order = island->order;
    timed.bytes = (uint16_t)text.size;
    size_t size = sizeof timed + rounded(text.size);
    uint8_t *at = buffer_reserve(log, size);
    memcpy(at, &timed, sizeof timed);
    if (text.size > 0) {
        memcpy(at + sizeof timed, text.data, text.size);
    }
    log->size += size;
}

size_t sim_telling_read(const struct buffer *log, size_t at, struct sim_telling *telling,
                        struct bytes *text) {
    if (at == log->size) {
        return 0;
    }
    ASSERT(at + sizeof *telling <= log->size);
    memcpy(telling, log->data + at, sizeof *telling);
    *text = bytes_make(log->data + at + sizeof *telling, telling->bytes);
    return at + sizeof *telling + rounded(telling->bytes);
}

// ---- telling ------------------------------------------------------------------------------------

bool sim_tell_with(struct sim_island *island, const struct sim_telling *telling,
                   struct bytes text) {
    if (island->front == NULL) {
        return sim_telling_hear(island->ledger, telling, text);
    }
    write_down(island, telling, text);
    return true;
}

uint32_t sim_tell_stream(struct sim_island *island, uint32_t client,
                         const struct sim_told_stream *stream, struct bytes topic) {
    if (island->front == NULL) {
        struct sim_ledger *ledger = island->ledger;
        return sim_ledger_stream(
            ledger,
            &(struct sim_stream_options){.client = client,
                                         .topic = sim_ledger_topic(ledger, stream->broker, topic),
                                         .owner = stream->owner,
                                         .qos = stream->qos,
                                         .retain = stream->retain,
                                         .is_wills = stream->is_wills});
    }
    unsigned kind = (stream->is_wills ? 8u : 0) | (stream->retain ? 4u : 0) | stream->qos;
    bool is_new;
    uint32_t name = sim_front_stream(island->front, (uint64_t)client << 32 | kind, topic, &is_new);
    if (is_new) {
        (void)sim_tell_with(
            island,
            &(struct sim_telling){
                .kind = SIM_TOLD_STREAM, .client = client, .number = name, .of.stream = *stream},
            topic);
    }
    return name;
}

struct mark sim_tell_publication(struct sim_island *island, uint32_t stream,
                                 const struct verdict_publication *publication) {
    if (island->front == NULL) {
        return sim_ledger_publish(island->ledger, stream, publication);
    }
    struct mark mark = {stream, sim_front_publish(island->front, stream)};
    sim_tell(island, &(struct sim_telling){
                         .kind = SIM_TOLD_PUBLISHED, .mark = mark, .of.publication = *publication});
    return mark;
}

void sim_tell_answers(struct sim_island *island, uint32_t stream) {
    if (island->front == NULL || sim_front_answers(island->front, stream)) {
        sim_tell(island, &(struct sim_telling){.kind = SIM_TOLD_ANSWERS, .number = stream});
    }
}
