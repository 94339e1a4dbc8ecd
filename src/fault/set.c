#include "fault/set.h"

#include "base/assert.h"
#include "fault/profile.h"
#include "fault/random.h"
#include "topic/topic.h"

#define BIT_NS UINT64_C(1000000000) // of one bit, at a bit a second
#define CLIENT_KEY 0x636c69656e74u  // the same for all seeds: these come in later
#define ALL_KINDS ((UINT32_C(1) << FAULT_KINDS) - 1)

// What a rule remembers of a client in one direction.
struct fault_track {
    uint32_t rule;        // whose it is; another's is stale
    uint32_t fitted;      // packets that fitted
    uint64_t busy_until;  // a line of some speed
    uint64_t fired_round; // of a rule that hits once a time: one above the last; 0: not yet
    bool is_bad;          // a link that loses packets
};

void fault_set_init(struct fault_set *set, struct memory *memory, uint64_t seed,
                    struct fault_limits limits) {
    ASSERT(limits.clients_max > 0);
    *set = (struct fault_set){.memory = memory, .seed = seed, .limits = limits};
    map_init(&set->by_key, memory, seed);
}

static void free_tracks(struct fault_set *set, struct fault_client *client) {
    memory_free(set->memory, client->tracks, client->track_count * sizeof *client->tracks);
    client->tracks = NULL;
    client->track_count = 0;
}

void fault_set_deinit(struct fault_set *set) {
    for (uint32_t i = 0; i < set->client_count; i++) {
        free_tracks(set, set->clients[i]);
        memory_free(set->memory, set->clients[i], sizeof *set->clients[i]);
    }
    memory_free(set->memory, set->clients, set->client_capacity * sizeof(struct fault_client *));
    memory_free(set->memory, set->entries, set->capacity * sizeof *set->entries);
    map_deinit(&set->by_key);
}

// ---- rules ------------------------------------------------------------------------------------

static void renew_kinds(struct fault_set *set) {
    set->kinds[FAULT_TO_BROKER] = set->kinds[FAULT_TO_CLIENT] = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        const struct fault_rule *rule = &set->entries[i].rule;
        uint32_t kinds = fault_rule_is_timed(rule) ? 0
                         : rule->kind == FAULT_ANY ? ALL_KINDS
                                                   : UINT32_C(1) << rule->kind;
        for (unsigned way = FAULT_TO_BROKER; way <= FAULT_TO_CLIENT; way++) {
            bool goes = rule->direction == FAULT_BOTH_WAYS || rule->direction == way;
            set->kinds[way] |= goes ? kinds : 0;
        }
    }
}

static bool slot_is_free(const struct fault_set *set, uint32_t slot) {
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->entries[i].slot == slot) {
            return false;
        }
    }
    return true;
}

uint32_t fault_set_add(struct fault_set *set, const struct fault_rule *rule, uint64_t now) {
    if (set->count == set->limits.rules_max) {
        return 0;
    }
    uint32_t slot = 0;
    while (!slot_is_free(set, slot)) {
        slot++;
    }
    ASSERT(slot <= set->count); // slots are used again, so tracks of clients stay small
    set->entries = memory_grow(set->memory, set->entries, &set->capacity, set->count + 1,
                               sizeof *set->entries);
    set->entries[set->count++] = (struct fault_entry){
        .rule = *rule, .number = ++set->last_number, .slot = slot, .since = now + 1};
    renew_kinds(set);
    return set->last_number;
}

bool fault_set_remove(struct fault_set *set, uint32_t number) {
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->entries[i].number == number) {
            set->count--;
            memmove(&set->entries[i], &set->entries[i + 1],
                    (set->count - i) * sizeof *set->entries);
            renew_kinds(set);
            return true;
        }
    }
    return false;
}

// ---- clients ----------------------------------------------------------------------------------

static void leave_list(struct fault_set *set, struct fault_client *client) {
    *(client->left_before == NULL ? &set->left_first : &client->left_before->left_after) =
        client->left_after;
    *(client->left_after == NULL ? &set->left_last : &client->left_after->left_before) =
        client->left_before;
    client->left_before = client->left_after = NULL;
}

static void join_list(struct fault_set *set, struct fault_client *client) {
    client->left_before = set->left_last;
    *(set->left_last == NULL ? &set->left_first : &set->left_last->left_after) = client;
    set->left_last = client;
}

static struct fault_client *add_client(struct fault_set *set, uint64_t key) {
    set->clients = memory_grow(set->memory, set->clients, &set->client_capacity,
                               set->client_count + 1, sizeof(struct fault_client *));
    struct fault_client *client = memory_allocate(set->memory, sizeof *client);
    map_put(&set->by_key, key, set->client_count);
    set->clients[set->client_count++] = client;
    return client;
}

// Forgets the one that left first, in favour of another.
static struct fault_client *replace_client(struct fault_set *set, uint64_t key) {
    struct fault_client *client = set->left_first;
    if (client == NULL) {
        return NULL;
    }
    ASSERT(client->references == 0);
    leave_list(set, client);
    free_tracks(set, client);
    map_put(&set->by_key, key, map_get(&set->by_key, client->key));
    map_remove(&set->by_key, client->key);
    *client = (struct fault_client){0};
    return client;
}

struct fault_client *fault_set_ref(struct fault_set *set, struct bytes identifier) {
    uint64_t key = hash_bytes(identifier, CLIENT_KEY);
    uint32_t index = map_get(&set->by_key, key);
    struct fault_client *client;
    if (index != MAP_NONE) {
        client = set->clients[index];
        if (client->references == 0) {
            leave_list(set, client);
        }
    } else {
        client = set->client_count < set->limits.clients_max ? add_client(set, key)
                                                             : replace_client(set, key);
        if (client == NULL) {
            return NULL;
        }
        client->key = key;
    }
    client->references++;
    return client;
}

void fault_set_unref(struct fault_set *set, struct fault_client *client) {
    ASSERT(client->references > 0);
    if (--client->references == 0) {
        join_list(set, client);
    }
}

static struct fault_track *track_of(struct fault_set *set, struct fault_client *client,
                                    const struct fault_entry *entry, unsigned direction) {
    ASSERT(direction <= FAULT_TO_CLIENT);
    uint32_t index = 2 * entry->slot + direction;
    if (index >= client->track_count) {
        uint32_t count = 2 * entry->slot + 2;
        client->tracks =
            memory_resize(set->memory, client->tracks, client->track_count * sizeof *client->tracks,
                          count * sizeof *client->tracks);
        memset(client->tracks + client->track_count, 0,
               (count - client->track_count) * sizeof *client->tracks);
        client->track_count = count;
    }
    struct fault_track *track = &client->tracks[index];
    if (track->rule != entry->number) {
        *track = (struct fault_track){.rule = entry->number};
    }
    return track;
}

// ---- whether a rule hits ------------------------------------------------------------------------

static bool fits(const struct fault_rule *rule, const struct fault_packet *packet) {
    return (rule->kind == FAULT_ANY || rule->kind == packet->kind) &&
           (rule->direction == FAULT_BOTH_WAYS || rule->direction == packet->direction) &&
           (rule->qos < 0 || rule->qos == packet->qos) &&
           fault_rule_is_about(rule, packet->client, packet->address) &&
           (rule->filter_size == 0 ||
            (packet->topic.data != NULL && topic_matches(fault_rule_filter(rule), packet->topic)));
}

static bool is_picked(const struct fault_rule *rule, const struct fault_track *track,
                      struct fault_random *random) {
    switch (rule->pick) {
    case FAULT_EACH:
        return true;
    case FAULT_NUMBERED:
        return track->fitted >= rule->first && track->fitted <= rule->last;
    case FAULT_EVERY:
        return track->fitted % rule->first == 0;
    case FAULT_SHARE:
        return rule->action == FAULT_LOSE || fault_random_share(random, rule->share);
    }
    return false;
}

// One packet that a rule has taken hold of: who and what is at work, and the decision that is being
// made. It lives for one call of fault_set_decide, and goes from rule to rule.
struct grip {
    struct fault_set *set;
    const struct fault_entry *entry;
    const struct fault_rule *rule;
    const struct fault_packet *packet;
    struct fault_client *client;
    struct fault_track *track;
    struct fault_random random;
    struct fault_decision *decision;
    uint64_t now;
};

static bool takes_hold(struct grip *grip, const struct fault_entry *entry) {
    const struct fault_rule *rule = grip->rule = &entry->rule;
    const struct fault_packet *packet = grip->packet;
    grip->entry = entry;
    if (fault_rule_is_timed(rule) || !fits(rule, packet) || grip->now < entry->since) {
        return false;
    }
    int64_t round = fault_rule_window(rule, grip->now - entry->since);
    if (round < 0) {
        return false;
    }
    grip->track = track_of(grip->set, grip->client, entry, packet->direction);
    if (rule->is_once && grip->track->fired_round > (uint64_t)round) {
        return false;
    }
    grip->track->fitted++;
    grip->random = fault_random_at(&(struct fault_coordinates){
        .seed = grip->set->seed,
        .client = grip->client->key,
        .packet = grip->client->packets[packet->direction],
        .rule = entry->number,
        .direction = packet->direction,
    });
    if (!is_picked(rule, grip->track, &grip->random)) {
        return false;
    }
    grip->track->fired_round = (uint64_t)round + 1;
    return true;
}

// ---- what it does -------------------------------------------------------------------------------

static uint64_t later(uint64_t time, uint64_t span) {
    return span > UINT64_MAX - time ? UINT64_MAX : time + span;
}

static void move(struct fault_decision *decision, uint64_t span) {
    decision->begin = later(decision->begin, span);
    decision->finish = later(decision->finish, span);
}

static void delay(struct grip *grip, uint64_t time, uint64_t jitter) {
    ASSERT(jitter <= time); // no packet leaves before it came
    uint64_t swing = fault_random_below(&grip->random, 2 * jitter + 1);
    move(grip->decision, time - jitter + swing);
}

static void throttle(struct grip *grip, uint64_t rate) {
    struct fault_decision *decision = grip->decision;
    ASSERT(rate > 0);
    if (grip->track->busy_until > decision->begin) {
        move(decision, grip->track->busy_until - decision->begin);
    }
    __extension__ unsigned __int128 span =
        (unsigned __int128)grip->packet->bytes * 8 * BIT_NS / rate;
    uint64_t finish = later(decision->begin, span > UINT64_MAX ? UINT64_MAX : (uint64_t)span);
    if (finish > decision->finish) {
        decision->finish = finish;
    }
    grip->track->busy_until = finish;
}

static bool is_lost(struct grip *grip, const struct fault_loss *loss) {
    struct fault_track *track = grip->track;
    bool lost = fault_random_share(&grip->random, track->is_bad ? loss->bad : loss->good);
    bool turns = fault_random_share(&grip->random, track->is_bad ? loss->to_good : loss->to_bad);
    track->is_bad ^= turns;
    return lost;
}

// Whether anything was lost.
static bool lose(struct grip *grip, const struct fault_loss *loss, uint64_t timer) {
    struct fault_decision *decision = grip->decision;
    bool was_lost = is_lost(grip, loss);
    if (was_lost && grip->set->of_lines) {
        decision->end = FAULT_IS_DROPPED;
        return true;
    }
    uint64_t stalled = 0;
    for (bool lost = was_lost; lost; lost = is_lost(grip, loss)) {
        stalled += timer;
        timer = fault_timer_next(timer);
        if (stalled >= FAULT_GIVE_UP_NS) {
            decision->end = FAULT_IS_RESET;
            break;
        }
    }
    move(decision, stalled);
    return was_lost;
}

// Of a rule that names the packets to be lost: once, and then it arrives.
static void lose_once(struct grip *grip) {
    if (grip->set->of_lines) {
        grip->decision->end = FAULT_IS_DROPPED;
    } else {
        move(grip->decision, fault_timer_first(0, 0));
    }
}

static bool apply_loss(struct grip *grip) {
    const struct fault_rule *rule = grip->rule;
    if (rule->pick != FAULT_SHARE) {
        lose_once(grip);
        return true;
    }
    struct fault_loss loss =
        rule->burst > 0 ? fault_loss_bursts(rule->share, rule->burst)
                        : (struct fault_loss){.to_good = FAULT_MILLION, .good = rule->share};
    return lose(grip, &loss, fault_timer_first(0, 0));
}

static void apply_profile(struct grip *grip) {
    const struct fault_profile *profile = fault_profile(grip->rule->profile);
    throttle(grip, grip->packet->direction == FAULT_TO_BROKER ? profile->up : profile->down);
    delay(grip, profile->delay_ns, profile->jitter_ns);
    (void)lose(grip, &profile->loss, fault_timer_first(profile->delay_ns, profile->jitter_ns));
}

static void stall(struct grip *grip) {
    move(grip->decision, grip->rule->time_ns);
    grip->client->stalled_until[grip->packet->direction] = grip->decision->begin;
    grip->client->stalled_by[grip->packet->direction] = grip->entry->number;
}

static void cut(struct grip *grip) {
    grip->decision->end = FAULT_IS_CUT;
    grip->decision->place = grip->rule->place;
    grip->decision->inside_bytes = grip->rule->inside_bytes;
}

// Whether it is a hit.
static bool apply(struct grip *grip) {
    struct fault_decision *decision = grip->decision;
    const struct fault_rule *rule = grip->rule;
    switch (rule->action) {
    case FAULT_DROP:
        decision->end = FAULT_IS_DROPPED;
        return true;
    case FAULT_HOLD:
        decision->end = FAULT_IS_HELD;
        return true;
    case FAULT_DUPLICATE:
        decision->copies++;
        return true;
    case FAULT_DELAY:
        delay(grip, rule->time_ns, rule->jitter_ns);
        return true;
    case FAULT_STALL:
        stall(grip);
        return true;
    case FAULT_REORDER:
        decision->by = rule->by > decision->by ? rule->by : decision->by;
        return true;
    case FAULT_THROTTLE:
        throttle(grip, rule->rate);
        return true;
    case FAULT_LOSE:
        return apply_loss(grip);
    case FAULT_CUT:
        cut(grip);
        return true;
    case FAULT_FREEZE:
        decision->frozen_until = later(grip->now, rule->time_ns);
        return true;
    case FAULT_REFUSE:
        decision->end = FAULT_IS_REFUSED;
        return true;
    case FAULT_CORRUPT:
        decision->bits = rule->bits;
        decision->bit_seed = fault_random_next(&grip->random);
        return true;
    case FAULT_PROFILE:
        apply_profile(grip);
        return true;
    case FAULT_ACTIONS:
        break;
    }
    return false;
}

uint64_t fault_set_stalled(const struct fault_set *set, const struct fault_client *client,
                           unsigned direction) {
    for (uint32_t i = 0; client->stalled_by[direction] != 0 && i < set->count; i++) {
        if (set->entries[i].number == client->stalled_by[direction]) {
            return client->stalled_until[direction];
        }
    }
    return 0;
}

void fault_set_decide(struct fault_set *set, struct fault_client *client,
                      const struct fault_packet *packet, uint64_t now,
                      struct fault_decision *decision) {
    ASSERT(packet->kind != FAULT_ANY && packet->direction <= FAULT_TO_CLIENT);
    uint64_t stalled = fault_set_stalled(set, client, packet->direction);
    uint64_t begin = stalled > now ? stalled : now;
    *decision = (struct fault_decision){.begin = begin, .finish = begin, .copies = 1};
    client->packets[packet->direction]++;
    struct grip grip = {
        .set = set, .packet = packet, .client = client, .decision = decision, .now = now};
    for (uint32_t i = 0; i < set->count && decision->end == FAULT_PASSES; i++) {
        struct fault_entry *entry = &set->entries[i];
        if (takes_hold(&grip, entry) && apply(&grip)) {
            entry->hits++;
            decision->rule = decision->rule == 0 ? entry->number : decision->rule;
        }
    }
    ASSERT(now <= decision->begin && decision->begin <= decision->finish);
    ASSERT(decision->copies >= 1 && (decision->end == FAULT_PASSES || decision->rule != 0));
}

// ---- bits -------------------------------------------------------------------------------------

// Different ones: where two draws fall together, the next free bit is taken.
static unsigned choose_bits(const struct fault_decision *decision, uint64_t bit_count,
                            uint64_t chosen[static FAULT_BITS_MAX]) {
    struct fault_random random = {decision->bit_seed, 0};
    unsigned count = decision->bits < bit_count ? decision->bits : (unsigned)bit_count;
    ASSERT(count <= FAULT_BITS_MAX);
    for (unsigned i = 0; i < count; i++) {
        chosen[i] = fault_random_below(&random, bit_count);
        for (unsigned j = 0; j < i;) {
            bool is_taken = chosen[j] == chosen[i];
            chosen[i] = is_taken ? (chosen[i] + 1) % bit_count : chosen[i];
            j = is_taken ? 0 : j + 1;
        }
    }
    return count;
}

void fault_corrupt(const struct fault_decision *decision, uint64_t packet_bytes, uint64_t offset,
                   uint8_t *data, size_t size) {
    uint64_t chosen[FAULT_BITS_MAX];
    ASSERT(decision->bits <= FAULT_BITS_MAX && offset + size <= packet_bytes);
    unsigned count = choose_bits(decision, packet_bytes * 8, chosen);
    for (unsigned i = 0; i < count; i++) {
        uint64_t byte = chosen[i] / 8;
        if (byte >= offset && byte - offset < size) {
            data[byte - offset] ^= (uint8_t)(1u << chosen[i] % 8);
        }
    }
}

// ---- connections --------------------------------------------------------------------------------

// The first moment of a timed rule after `time`.
static uint64_t moment_after(const struct fault_entry *entry, uint64_t time) {
    uint64_t first = later(entry->since, entry->rule.start_ns);
    uint64_t period = entry->rule.period_ns;
    if (first > time) {
        return first;
    }
    uint64_t next = period == 0 ? UINT64_MAX : later(first, ((time - first) / period + 1) * period);
    ASSERT(next > time); // or who waits for it would wait for nothing, again and again
    return next;
}

uint64_t fault_set_due(const struct fault_set *set, uint64_t now) {
    uint64_t due = UINT64_MAX;
    for (uint32_t i = 0; i < set->count; i++) {
        const struct fault_entry *entry = &set->entries[i];
        uint64_t moment = fault_rule_is_timed(&entry->rule) ? moment_after(entry, now) : UINT64_MAX;
        due = moment < due ? moment : due;
    }
    return due;
}

static bool acts_on(const struct fault_entry *entry, enum fault_action action,
                    const struct fault_connection *connection) {
    return entry->rule.action == action && fault_rule_is_timed(&entry->rule) &&
           fault_rule_is_about(&entry->rule, connection->client, connection->address);
}

uint32_t fault_set_cuts(struct fault_set *set, const struct fault_connection *connection,
                        uint64_t now) {
    for (uint32_t i = 0; i < set->count; i++) {
        struct fault_entry *entry = &set->entries[i];
        if (acts_on(entry, FAULT_CUT, connection) &&
            moment_after(entry, connection->looked) <= now) {
            entry->hits++;
            return entry->number;
        }
    }
    return 0;
}

// Until when the rule freezes what it is about; 0: it does not now.
static uint64_t frozen_until(const struct fault_entry *entry, uint64_t now) {
    const struct fault_rule *rule = &entry->rule;
    int64_t round = now < entry->since ? -1 : fault_rule_window(rule, now - entry->since);
    if (round < 0) {
        return 0;
    }
    uint64_t start = entry->since + rule->start_ns + (uint64_t)round * rule->period_ns;
    uint64_t end = later(start, rule->time_ns);
    return end > now ? end : 0;
}

uint64_t fault_set_freezes(struct fault_set *set, const struct fault_connection *connection,
                           uint64_t known, uint64_t now) {
    uint64_t until = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        struct fault_entry *entry = &set->entries[i];
        uint64_t end = acts_on(entry, FAULT_FREEZE, connection) ? frozen_until(entry, now) : 0;
        entry->hits += end > known;
        until = end > until ? end : until;
    }
    return until;
}

void fault_set_check(const struct fault_set *set) {
    ASSERT(set->count <= set->limits.rules_max && set->client_count <= set->limits.clients_max);
    uint32_t left = 0;
    for (const struct fault_client *at = set->left_first; at != NULL; at = at->left_after) {
        ASSERT(at->references == 0);
        ASSERT(at->left_after == NULL || at->left_after->left_before == at);
        left++;
    }
    uint32_t unused = 0;
    for (uint32_t i = 0; i < set->client_count; i++) {
        ASSERT(map_get(&set->by_key, set->clients[i]->key) == i);
        unused += set->clients[i]->references == 0;
    }
    ASSERT(left == unused && set->by_key.count == set->client_count);
    for (uint32_t i = 1; i < set->count; i++) {
        ASSERT(set->entries[i - 1].number < set->entries[i].number);
    }
}
