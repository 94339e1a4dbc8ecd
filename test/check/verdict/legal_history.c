#include "support.h"

#include <stdlib.h>

#include "check/verdict/legal_history.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND (1000 * MILLISECOND)
#define WAY_MAX 4096u
#define QUEUE_MAX 12u

// ---- what the model keeps ---------------------------------------------------------------------

enum packet_kind { PACKET_PUBLISH, PACKET_ANSWER };

struct packet {
    enum packet_kind kind;
    struct mark mark;
    uint32_t id; // from a broker to a client, as its packet identifier
    uint8_t qos;
    bool dup;
    bool retain;
    uint64_t expires_at;
    uint64_t sent_at; // by the broker
};

// What is in a stream, or waits for an answer, in order.
struct way {
    struct packet items[WAY_MAX];
    uint32_t count;
};

struct client {
    bool is_connected;
    bool has_session; // at the broker, and at the client: both lose it together
    uint64_t expires_at;
    uint64_t expiry;
    uint8_t granted[HISTORY_TOPICS]; // QoS and 1; 0: not subscribed
    bool as_published[HISTORY_TOPICS];
    struct way up;      // in the stream
    struct way down;    //
    struct way pending; // published with QoS 1 or 2, not acknowledged
    struct way queue;   // for it, at the broker; `dup`: it was sent before
    struct way taken;   // of QoS 2, at the broker
    struct way got;     // of QoS 2, at the client
    struct mark will;   // stream VERDICT_NONE: none
    uint8_t will_qos;
    bool is_will_due;
    uint64_t will_delay;
    uint64_t will_at;
};

struct model {
    struct history *history;
    uint64_t random;
    uint64_t now;
    struct client clients[HISTORY_CLIENTS];
    uint32_t published[HISTORY_STREAMS];
    uint32_t ids;
    struct packet retained[HISTORY_TOPICS]; // qos 3: none
};

static uint32_t below(struct model *model, uint32_t bound) {
    return (uint32_t)(support_random(&model->random) % bound);
}

static uint32_t topic_of(uint32_t stream) {
    uint32_t topic = stream % (HISTORY_TOPICS + 1);
    return topic == HISTORY_TOPICS ? 0 : topic;
}

static void push(struct way *way, struct packet packet) {
    assert_true(way->count < WAY_MAX);
    way->items[way->count++] = packet;
}

static void take_out(struct way *way, uint32_t at) {
    way->count--;
    memmove(&way->items[at], &way->items[at + 1], (way->count - at) * sizeof *way->items);
}

// The place of a message, or VERDICT_NONE.
static uint32_t find(const struct way *way, struct mark mark) {
    for (uint32_t i = 0; i < way->count; i++) {
        if (way->items[i].mark.stream == mark.stream && way->items[i].mark.number == mark.number) {
            return i;
        }
    }
    return VERDICT_NONE;
}

static uint32_t find_id(const struct way *way, uint32_t id) {
    for (uint32_t i = 0; i < way->count; i++) {
        if (way->items[i].id == id) {
            return i;
        }
    }
    return VERDICT_NONE;
}

static void take_out_id(struct way *way, uint32_t id) {
    uint32_t at = find_id(way, id);
    if (at != VERDICT_NONE) {
        take_out(way, at);
    }
}

void history_tell(struct history *history, struct told told) {
    if (history->count == history->capacity) {
        history->capacity = history->capacity == 0 ? 256 : history->capacity * 2;
        history->items = realloc(history->items, history->capacity * sizeof *history->items);
    }
    history->items[history->count++] = told;
}

void history_free(struct history *history) {
    free(history->items);
    *history = (struct history){0};
}

static void tell(struct model *model, struct told told) {
    told.at = ++model->now;
    history_tell(model->history, told);
}

// ---- the broker -------------------------------------------------------------------------------

static void hand_over(struct model *model, uint32_t number, uint32_t topic, struct packet packet) {
    struct client *client = &model->clients[number];
    uint8_t granted = (uint8_t)(client->granted[topic] - 1);
    packet.qos = packet.qos < granted ? packet.qos : granted;
    packet.dup = false;
    packet.sent_at = model->now;
    if (packet.qos == 0) {
        if (client->is_connected) {
            push(&client->down, packet);
        }
        return;
    }
    if (client->queue.count >= QUEUE_MAX) {
        tell(model, (struct told){.kind = TOLD_LOST,
                                  .client = number,
                                  .mark = packet.mark,
                                  .loss = LOSS_QUEUE_FULL});
        return;
    }
    packet.id = ++model->ids;
    struct packet queued = packet;
    queued.dup = client->is_connected;
    push(&client->queue, queued);
    if (client->is_connected) {
        push(&client->down, packet);
    }
}

static void pass_on(struct model *model, struct packet packet) {
    uint32_t topic = topic_of(packet.mark.stream);
    tell(model, (struct told){.kind = TOLD_TAKEN,
                              .mark = packet.mark,
                              .arrival = {.qos = packet.qos, .retain = packet.retain}});
    if (packet.retain) {
        model->retained[topic] = packet;
    }
    for (uint32_t i = 0; i < HISTORY_CLIENTS; i++) {
        struct client *client = &model->clients[i];
        if (client->has_session && client->granted[topic] > 0) {
            struct packet copy = packet;
            copy.retain = packet.retain && client->as_published[topic];
            hand_over(model, i, topic, copy);
        }
    }
}

static void fire_will(struct model *model, struct client *client) {
    struct packet packet = {.mark = client->will, .qos = client->will_qos};
    client->will.stream = VERDICT_NONE;
    client->is_will_due = false;
    pass_on(model, packet);
}

static void end_session(struct model *model, struct client *client) {
    if (client->is_will_due) {
        fire_will(model, client);
    }
    client->has_session = false;
    client->pending.count = client->queue.count = 0;
    client->taken.count = client->got.count = 0;
    memset(client->granted, 0, sizeof client->granted);
}

// ---- steps ------------------------------------------------------------------------------------

static void publish(struct model *model, uint32_t number) {
    struct client *client = &model->clients[number];
    uint32_t stream = number * (HISTORY_TOPICS + 1) + below(model, HISTORY_TOPICS);
    struct packet packet = {.mark = {stream, model->published[stream]++},
                            .qos = (uint8_t)below(model, 3),
                            .retain = below(model, 4) == 0};
    uint64_t expiry = below(model, 8) == 0 ? 5 * SECOND : 0;
    packet.expires_at = expiry;
    tell(model, (struct told){
                    .kind = TOLD_PUBLISH,
                    .mark = packet.mark,
                    .publication = {.qos = packet.qos, .retain = packet.retain, .expiry = expiry}});
    if (packet.qos > 0 && (client->is_connected || client->has_session)) {
        push(&client->pending, packet);
    } else if (!client->is_connected) {
        tell(model, (struct told){.kind = TOLD_LOST_UPWARD,
                                  .mark = packet.mark,
                                  .loss = packet.qos == 0 ? LOSS_NOT_CONNECTED : LOSS_QUEUE_FULL});
    }
    if (client->is_connected) {
        push(&client->up, packet);
    }
}

// Something comes to the broker.
static void arrive(struct model *model, uint32_t number) {
    struct client *client = &model->clients[number];
    if (client->up.count == 0) {
        return;
    }
    struct packet packet = client->up.items[0];
    take_out(&client->up, 0);
    if (packet.kind == PACKET_ANSWER) {
        take_out_id(&client->queue, packet.id);
        take_out_id(&client->got, packet.id); // PUBREL and PUBCOMP in one
        return;
    }
    if (packet.qos < 2 || find(&client->taken, packet.mark) == VERDICT_NONE) {
        if (packet.qos == 2) {
            push(&client->taken, packet);
        }
        struct packet taken = packet;
        taken.expires_at = packet.expires_at == 0 ? 0 : model->now + 1 + packet.expires_at;
        pass_on(model, taken);
    }
    if (packet.qos > 0) {
        packet.kind = PACKET_ANSWER;
        push(&client->down, packet);
    }
}

// Something comes to the client.
static void receive(struct model *model, uint32_t number) {
    struct client *client = &model->clients[number];
    if (client->down.count == 0) {
        return;
    }
    struct packet packet = client->down.items[0];
    take_out(&client->down, 0);
    uint32_t pending = find(&client->pending, packet.mark);
    if (packet.kind == PACKET_ANSWER) {
        if (pending != VERDICT_NONE) {
            take_out(&client->pending, pending);
            uint32_t taken = find(&client->taken, packet.mark);
            if (taken != VERDICT_NONE) {
                take_out(&client->taken, taken); // PUBREL and PUBCOMP in one
            }
            tell(model, (struct told){.kind = TOLD_ACKNOWLEDGED, .mark = packet.mark});
        }
        return;
    }
    bool is_known = packet.qos == 2 && find_id(&client->got, packet.id) != VERDICT_NONE;
    if (!is_known) {
        tell(model, (struct told){.kind = TOLD_DELIVERED,
                                  .client = number,
                                  .mark = packet.mark,
                                  .delivery = {.topic = topic_of(packet.mark.stream),
                                               .qos = packet.qos,
                                               .dup = packet.dup,
                                               .retain = packet.retain,
                                               .sent_at = packet.sent_at}});
    }
    if (packet.qos == 2 && !is_known) {
        push(&client->got, packet);
    }
    if (packet.qos > 0) {
        packet.kind = PACKET_ANSWER;
        push(&client->up, packet);
    }
}

static void cut(struct model *model, uint32_t number) {
    struct client *client = &model->clients[number];
    if (!client->is_connected) {
        return;
    }
    bool is_normal = below(model, 3) == 0;
    uint64_t expiry = client->expiry;
    client->is_connected = false;
    client->up.count = client->down.count = 0;
    tell(model, (struct told){.kind = TOLD_ENDED,
                              .client = number,
                              .ended = {is_normal ? VERDICT_END_NORMAL : VERDICT_END_CUT, expiry}});
    client->expires_at = model->now + expiry;
    if (is_normal) {
        client->will.stream = VERDICT_NONE;
    } else if (client->will.stream != VERDICT_NONE) {
        client->is_will_due = true;
        client->will_at = model->now + client->will_delay;
    }
    if (expiry == 0) {
        end_session(model, client);
    } else if (client->is_will_due && client->will_delay == 0) {
        fire_will(model, client);
    }
}

static void send_again(struct model *model, struct client *client) {
    for (uint32_t i = 0; i < client->pending.count; i++) {
        push(&client->up, client->pending.items[i]);
    }
    for (uint32_t i = 0; i < client->queue.count;) {
        struct packet *packet = &client->queue.items[i];
        if (!packet->dup && packet->expires_at > 0 && packet->expires_at <= model->now) {
            take_out(&client->queue, i);
            continue;
        }
        packet->sent_at = model->now;
        push(&client->down, *packet);
        packet->dup = true;
        i++;
    }
}

static void set_will(struct model *model, uint32_t number) {
    struct client *client = &model->clients[number];
    uint32_t stream = number * (HISTORY_TOPICS + 1) + HISTORY_TOPICS;
    client->will = (struct mark){stream, model->published[stream]++};
    client->will_qos = (uint8_t)below(model, 3);
    client->will_delay = below(model, 2) * 3 * SECOND;
    tell(model, (struct told){.kind = TOLD_PUBLISH,
                              .mark = client->will,
                              .publication = {.qos = client->will_qos, .is_will = true}});
}

static void join(struct model *model, uint32_t number, bool is_kind) {
    struct client *client = &model->clients[number];
    if (client->is_connected) {
        return;
    }
    bool clean = !is_kind && below(model, 4) == 0;
    bool is_present = client->has_session && !clean;
    if (!is_present && client->has_session) {
        end_session(model, client);
    }
    client->is_will_due = false; // it is back in time
    client->will.stream = VERDICT_NONE;
    if (below(model, 2) == 0) {
        set_will(model, number);
    }
    client->expiry = below(model, 4) == 0 ? 0 : (1 + below(model, 60)) * SECOND;
    client->is_connected = client->has_session = true;
    tell(model, (struct told){.kind = TOLD_CONNECTED,
                              .client = number,
                              .connection = {.clean_start = clean,
                                             .session_present = is_present,
                                             .expiry = client->expiry,
                                             .will = client->will,
                                             .will_delay = client->will_delay}});
    send_again(model, client);
}

static void subscribe(struct model *model, uint32_t number) {
    struct client *client = &model->clients[number];
    uint32_t topic = below(model, HISTORY_TOPICS);
    if (!client->is_connected || client->granted[topic] > 0) {
        return;
    }
    uint8_t qos = (uint8_t)below(model, 3);
    client->granted[topic] = qos + 1;
    client->as_published[topic] = below(model, 2) == 0;
    struct verdict_subscription subscription = {.qos = qos,
                                                .retain_as_published = client->as_published[topic],
                                                .is_new = true,
                                                .group = VERDICT_NONE};
    tell(model, (struct told){.kind = TOLD_SUBSCRIBED,
                              .client = number,
                              .topic = topic,
                              .subscription = subscription});
    struct packet retained = model->retained[topic];
    bool is_dead = retained.expires_at > 0 && retained.expires_at <= model->now;
    if (retained.qos < 3 && !is_dead && client->queue.count < QUEUE_MAX) {
        hand_over(model, number, topic, retained);
    } else if (retained.qos < 3 && !is_dead) {
        tell(model, (struct told){.kind = TOLD_LOST,
                                  .client = number,
                                  .mark = retained.mark,
                                  .loss = LOSS_QUEUE_FULL});
    }
}

static void unsubscribe(struct model *model, uint32_t number) {
    struct client *client = &model->clients[number];
    uint32_t topic = below(model, HISTORY_TOPICS);
    if (client->is_connected && client->granted[topic] > 0) {
        client->granted[topic] = 0;
        tell(model, (struct told){.kind = TOLD_UNSUBSCRIBED, .client = number, .topic = topic});
    }
}

// Time goes on: what is due happens.
static void wait(struct model *model, uint64_t span) {
    model->now += span;
    for (uint32_t i = 0; i < HISTORY_CLIENTS; i++) {
        struct client *client = &model->clients[i];
        if (client->is_connected || !client->has_session) {
            continue;
        }
        if (client->expires_at <= model->now) {
            end_session(model, client);
        } else if (client->is_will_due && client->will_at <= model->now) {
            fire_will(model, client);
        }
    }
}

static void step(struct model *model) {
    uint32_t number = below(model, HISTORY_CLIENTS);
    switch (below(model, 24)) {
    case 0:
        cut(model, number);
        break;
    case 1:
    case 2:
        join(model, number, false);
        break;
    case 3:
    case 4:
        subscribe(model, number);
        break;
    case 5:
        if (below(model, 3) == 0) {
            unsubscribe(model, number);
        }
        break;
    case 6:
        wait(model, below(model, 8) == 0 ? below(model, 20) * SECOND : below(model, 2000) * 1000);
        break;
    case 7:
    case 8:
    case 9:
    case 10:
        publish(model, number);
        break;
    case 11:
    case 12:
    case 13:
    case 14:
    case 15:
    case 16:
        arrive(model, number);
        break;
    default:
        receive(model, number);
        break;
    }
}

// Nobody is cut any more, and all streams run dry.
static void come_to_rest(struct model *model) {
    for (uint32_t i = 0; i < HISTORY_CLIENTS; i++) {
        join(model, i, true);
    }
    for (bool is_moving = true; is_moving;) {
        is_moving = false;
        for (uint32_t i = 0; i < HISTORY_CLIENTS; i++) {
            is_moving = is_moving || model->clients[i].up.count + model->clients[i].down.count > 0;
            arrive(model, i);
            receive(model, i);
        }
    }
    model->history->end = model->now + SECOND;
}

void history_make(struct history *history, uint64_t seed, uint32_t steps) {
    struct model *model = calloc(1, sizeof *model);
    model->history = history;
    model->random = seed * UINT64_C(0x9e3779b97f4a7c15);
    model->now = 1;
    for (uint32_t i = 0; i < HISTORY_CLIENTS; i++) {
        model->clients[i].will.stream = VERDICT_NONE;
    }
    for (uint32_t i = 0; i < HISTORY_TOPICS; i++) {
        model->retained[i].qos = 3;
    }
    for (uint32_t i = 0; i < steps; i++) {
        step(model);
    }
    come_to_rest(model);
    free(model);
}

// ---- to the ledger ----------------------------------------------------------------------------

struct verdict *history_ledger(struct memory *memory) {
    memory_init(memory);
    struct verdict *verdict =
        verdict_create(memory, &(struct verdict_options){.slack = HISTORY_SLACK, .ring = 256});
    for (uint32_t i = 0; i < HISTORY_CLIENTS; i++) {
        verdict_add_client(verdict, &(struct verdict_client_options){0});
    }
    for (uint32_t i = 0; i < HISTORY_TOPICS; i++) {
        verdict_add_topic(verdict, 0);
    }
    for (uint32_t i = 0; i < HISTORY_STREAMS; i++) {
        verdict_add_stream(verdict, i / (HISTORY_TOPICS + 1), topic_of(i));
    }
    return verdict;
}

static void play_one(const struct told *told, struct verdict *verdict) {
    switch (told->kind) {
    case TOLD_PUBLISH:
        verdict_publish(verdict, told->mark.stream, &told->publication, told->at);
        break;
    case TOLD_TAKEN:
        verdict_taken(verdict, told->mark, &told->arrival, told->at);
        break;
    case TOLD_ACKNOWLEDGED:
        verdict_acknowledged(verdict, told->mark, told->at);
        break;
    case TOLD_DELIVERED:
        verdict_delivered(verdict, told->client, told->mark, &told->delivery, told->at);
        break;
    case TOLD_LOST:
        verdict_lost(verdict, told->client, told->mark, told->loss, told->at);
        break;
    case TOLD_LOST_UPWARD:
        verdict_lost_upward(verdict, told->mark, told->loss, told->at);
        break;
    case TOLD_CONNECTED:
        verdict_connected(verdict, told->client, &told->connection, told->at);
        break;
    case TOLD_ENDED:
        verdict_ended(verdict, told->client, told->ended.end, told->ended.expiry, told->at);
        break;
    case TOLD_SUBSCRIBED:
        verdict_subscribed(verdict, told->client, told->topic, &told->subscription, told->at);
        break;
    case TOLD_UNSUBSCRIBED:
        verdict_unsubscribed(verdict, told->client, told->topic, VERDICT_NONE, told->at);
        break;
    }
}

void history_play(const struct history *history, struct verdict *verdict) {
    for (uint32_t i = 0; i < history->count; i++) {
        play_one(&history->items[i], verdict);
        if (i % 64 == 0) {
            verdict_check(verdict);
        }
    }
    verdict_rest(verdict, history->end);
    verdict_check(verdict);
}
