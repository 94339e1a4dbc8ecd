#include "sim/device/life.h"

#include "base/assert.h"
#include "role/mqtt_client/mqtt_client_view.h"
#include "scenario/plan_times.h"
#include "sim/account/telling.h"
#include "sim/device/hearing.h"
#include "sim/device/speech.h"
#include "sim/device/judge.h"
#include "sim/rules.h"

#define MIB (UINT64_C(1) << 20)

// ---- groups -------------------------------------------------------------------------------------

static enum mqtt_version version_of(enum plan_speaks speaks) {
    return speaks == PLAN_MQTT_3_1 ? MQTT_3_1 : speaks == PLAN_MQTT_3_1_1 ? MQTT_3_1_1 : MQTT_5;
}

static uint64_t or_usual(uint64_t wanted, uint64_t usual) {
    return wanted != 0 ? wanted : usual;
}

// As long as the keep alive, as other clients do it, but not too short for a bad link.
static uint64_t answer_timeout(const struct plan_connect *connect) {
    uint64_t keep_alive = connect->keep_alive_s * ROLE_SECOND;
    return keep_alive > 10 * ROLE_SECOND ? keep_alive : 10 * ROLE_SECOND;
}

static struct mqtt_client_config mqtt_config(const struct sim_group *group) {
    const struct plan_connect *connect = &group->plan->connect;
    struct mqtt_client_config config = {
        .version = version_of(group->plan->speaks),
        .clean_start = connect->clean_start,
        .adopts_session = true,
        .keep_alive = connect->keep_alive_s,
        .connect_timeout = or_usual(connect->timeout_ns, 30 * ROLE_SECOND),
        .answer_timeout = answer_timeout(connect),
        .retry = connect->retry,
        .limits = {.messages = 10000,
                   .subscriptions = PLAN_ITEMS_MAX,
                   .message_bytes = 16 * MIB,
                   .output_bytes = SIM_WINDOW,
                   .packet_bytes = MQTT_PACKET_MAX,
                   .receive_maximum = (uint16_t)or_usual(connect->receive_maximum, UINT16_MAX),
                   .in_flight = 100},
        .uses_scram = connect->scram && group->plan->speaks == PLAN_MQTT_5_0,
        .seed = &group->seed,
    };
    if (config.uses_scram) {
        config.has_user_name = config.has_password = true;
        config.user_name = BYTES_LITERAL("device");
        config.password = BYTES_LITERAL(SIM_PASSWORD);
    }
    if (config.version == MQTT_5 && connect->session_expiry_ns > 0) {
        uint64_t seconds = connect->session_expiry_ns / PLAN_SECOND;
        config.properties.present |= MQTT_HAS(MQTT_SESSION_EXPIRY);
        config.properties.session_expiry = seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX;
    }
    return config;
}

static struct client_config line_config(const struct sim_group *group) {
    return (struct client_config){
        .suite = group->plan->speaks == PLAN_LINE_SODIUM ? SUITE_SODIUM : SUITE_CLASSIC,
        .answer_timeout = or_usual(group->plan->connect.timeout_ns, 10 * ROLE_SECOND),
        .silence = 100 * ROLE_SECOND,
        .brokers_only = true,
        .limits = {.connections = 4,
                   .subscriptions = PLAN_ITEMS_MAX,
                   .devices = 1000,
                   .values = {.entries_max = 1000, .bytes_max = MIB}}};
}

static bool takes_back(const struct plan_group *plan) {
    bool takes = false;
    for (uint32_t row = 0; row < plan->subscribe_count; row++) {
        takes = takes || plan->subscribe[row].for_ns > 0;
    }
    return takes;
}

// Numbers that the values of a device go on from.
static uint32_t states_of(const struct plan_group *plan) {
    uint32_t states = 0;
    for (uint32_t row = 0; row < plan->publish_count; row++) {
        states += plan->publish[row].value.slots;
    }
    return states;
}

void sim_life_init_group(struct sim_group *group, struct sim_island *island,
                         const struct plan_group *plan, struct sim_tally *tally) {
    *group = (struct sim_group){.island = island,
                                .plan = plan,
                                .states = states_of(plan),
                                .takes_back = takes_back(plan),
                                .tally = tally};
    uint64_t random = sim_random_entity(island->plan->seed, plan->label);
    for (uint32_t i = 0; i < CIPHER_SEED_SIZE / 8; i++) {
        uint64_t word = sim_random(random, SIM_FOR_SEED, i);
        memcpy(group->seed.bytes + (size_t)8 * i, &word, sizeof word);
    }
    group->mqtt = mqtt_config(group);
    group->line = line_config(group);
    group->mqtt_port = (struct mqtt_client_port){.ready = sim_hearing_ready,
                                                 .tell = sim_hearing_mqtt,
                                                 .trace = sim_hearing_packet,
                                                 .context = island,
                                                 .memory = &island->memory};
}

// ---- roles --------------------------------------------------------------------------------------

static void make_mqtt(struct sim_device *device) {
    struct sim_island *island = device->node.island;
    const struct plan_will *will = &device->group->plan->connect.will;
    uint8_t room[PLAN_NAME_MAX];
    ASSERT(device->mqtt.client == NULL && device->mqtt.stream == NULL);
    if (will->exists && device->rare->own_config == NULL) {
        struct mqtt_client_config *config = memory_resize(&island->memory, NULL, 0, sizeof *config);
        *config = device->group->mqtt;
        config->will.qos = will->qos;
        config->will.retain = will->retain;
        if (will->delay_ns > 0 && device->group->mqtt.version == MQTT_5) {
            config->will.properties.present = MQTT_HAS(MQTT_WILL_DELAY);
            config->will.properties.will_delay = (uint32_t)(will->delay_ns / PLAN_SECOND);
        }
        sim_device_rare(device)->own_config = config;
        sim_speech_renew_will(device);
    }
    const struct mqtt_client_config *own = device->rare->own_config;
    device->mqtt.client =
        mqtt_client_create(own != NULL ? own : &device->group->mqtt, &device->group->mqtt_port,
                           sim_speech_name(device, room),
                           (uint32_t)sim_random(device->node.random, SIM_FOR_SEED, 0), device);
    if (island->judges && device->rare->judge == NULL) {
        sim_device_rare(device)->judge = sim_judge_create(&island->memory);
    }
    sim_speech_subscribe(device);
}

static bool send_line(void *context, const struct packet *packet) {
    const struct sim_device *device = sim_hearing_client_at(context, packet->sender);
    struct sim_line_role *line = device->line;
    return line->rules != NULL ? sim_line_rules_send(line->rules, packet)
                               : sim_lines_send(&line->end, packet, device->node.island->now);
}

static const struct role_port *port_of(struct sim_network *network) {
    struct sim_rooms *rooms = sim_island_rooms(network->island);
    network->port = (struct role_port){.send = send_line,
                                       .tell = sim_hearing_line,
                                       .context = network,
                                       .memory = &network->island->memory,
                                       .seal_room = rooms->seal,
                                       .unseal_room = rooms->unseal};
    return &network->port;
}

static void make_line(struct sim_device *device) {
    struct sim_line_role *line = device->line;
    struct cipher_secret seed;
    ASSERT(!line->is_made);
    for (uint32_t i = 0; i < CIPHER_SEED_SIZE / 8; i++) {
        uint64_t word = sim_device_draw(device, SIM_FOR_SEED);
        memcpy(seed.bytes + (size_t)8 * i, &word, sizeof word);
    }
    client_init(&line->client, &device->group->line, port_of(line->end.network), line->end.address,
                &seed);
    line->is_made = true;
    client_start(&line->client);
}

static bool has_role(const struct sim_device *device) {
    return sim_device_speaks_mqtt(device) ? device->mqtt.client != NULL : device->line->is_made;
}

// ---- what is under way when a role ends ---------------------------------------------------------

static void give_up_flight(void *context, const struct mqtt_client_flight_view *view) {
    struct sim_device *device = context;
    struct sim_island *island = device->node.island;
    if (view->is_ours && view->qos > 0 && view->state != MQTT_FLOW_EXPECT_PUBCOMP) {
        struct mark mark = {(uint32_t)(view->token >> 32), (uint32_t)view->token};
        island->counts.given_up[view->qos]++;
        sim_tell_loss(island, SIM_TOLD_LOST_UPWARD, VERDICT_NONE, mark, LOSS_NEVER_ACKNOWLEDGED);
    }
}

static void end_role(struct sim_device *device, enum sim_ending ending) {
    if (!has_role(device)) {
        return;
    }
    sim_hearing_disconnected(device);
    if (sim_device_speaks_mqtt(device)) {
        sim_mqtt_end_leave(&device->mqtt, ending);
        mqtt_client_view_flights(device->mqtt.client, device, give_up_flight);
        mqtt_client_destroy(device->mqtt.client);
        device->mqtt.client = NULL;
        if (device->rare->judge != NULL) {
            sim_judge_client_ended(device);
        }
    } else {
        client_deinit(&device->line->client);
        device->line->is_made = false;
    }
    device->was_connected = false;
    device->command.stream = VERDICT_NONE; // and forgets what it did
    ASSERT(!has_role(device) && !device->is_connected);
}

// ---- life ---------------------------------------------------------------------------------------

static size_t device_bytes(const struct sim_group *group) {
    uint32_t rows = group->takes_back ? group->plan->subscribe_count : 0;
    return sizeof(struct sim_device) + group->plan->publish_count * sizeof(struct sim_publishing) +
           group->states * sizeof(double) + rows * sizeof(uint64_t);
}

static const struct sim_device_rare nothing_rare = {
    .will = {VERDICT_NONE, 0}, .takes_over_at = SIM_NEVER, .surge = PLAN_MILLION};

struct sim_device_rare *sim_device_rare(struct sim_device *device) {
    if (device->rare == &nothing_rare) {
        struct sim_device_rare *rare =
            memory_resize(&device->node.island->memory, NULL, 0, sizeof *rare);
        *rare = nothing_rare;
        device->rare = rare;
    }
    return (struct sim_device_rare *)device->rare;
}

static void add_to_ledger(struct sim_device *device) {
    struct sim_ledger *ledger = device->node.island->ledger;
    const struct plan_group *plan = device->group->plan;
    uint32_t broker = device->broker->node.place.index;
    bool is_line = !plan_speaks_mqtt(plan->speaks);
    device->client = verdict_add_client(
        ledger->verdict,
        &(struct verdict_client_options){.broker = broker,
                                         .is_unordered = is_line || device->mqtt.mischief != NULL,
                                         .is_bad = device->mqtt.mischief != NULL});
    device->first_interest = ledger->interest_count;
    for (uint32_t row = 0; row < plan->subscribe_count; row++) {
        const struct plan_subscribe *subscribe = &plan->subscribe[row];
        bool is_5 = plan->speaks == PLAN_MQTT_5_0;
        (void)sim_ledger_add_interest(
            ledger,
            &(struct sim_interest_options){
                .client = device->client,
                .broker = broker,
                .qos = is_line ? 0 : subscribe->qos,
                .no_local = is_5 && subscribe->no_local,
                .retain_as_published = is_5 && subscribe->retain_as_published,
                .retain_handling = is_5 ? subscribe->retain_handling : 0,
                .is_line = is_line,
                .share = subscribe->share_name.size > 0 ? sim_speech_full_filter(device, row)
                                                        : (struct bytes){0}});
    }
}

static void place_publishings(struct sim_device *device) {
    const struct plan_group *plan = device->group->plan;
    uint32_t state = 0;
    for (uint32_t row = 0; row < plan->publish_count; row++) {
        device->publishing[row] =
            (struct sim_publishing){.next_at = SIM_NEVER, .stream = VERDICT_NONE, .state = state};
        state += plan->publish[row].value.slots;
    }
}

// As it leaves, a packet of a bad device is judged.
static void hear_bad_packet(void *context, struct bytes packet) {
    struct sim_device *device = context;
    if (device->rare->judge != NULL) {
        sim_judge_client(device, true, packet);
    }
}

static void make_bad(struct sim_device *device) {
    const struct plan_group *plan = device->group->plan;
    struct memory *memory = &device->node.island->memory;
    uint64_t random = sim_random(device->node.random, SIM_FOR_MISCHIEF, 0);
    if (plan->bad == 0 || !sim_random_share(random, plan->bad_share)) {
        return;
    }
    device->mqtt.mischief = memory_allocate(memory, sizeof *device->mqtt.mischief);
    *device->mqtt.mischief =
        (struct sim_mischief){.context = device,
                              .sent = hear_bad_packet,
                              .bad = plan->bad,
                              .packet_most = sim_broker_packet_bytes(device->broker->plan)};
    sim_mischief_init(device->mqtt.mischief, memory);
}

static void take_line(void *context, struct packet *packet, struct mark mark) {
    struct sim_device *device = context;
    struct sim_island *island = device->node.island;
    if (device->line->is_made) {
        island->hearing = mark;
        client_receive(&device->line->client, packet, island->now);
        island->hearing.stream = VERDICT_NONE;
    }
}

// Rules may come that are about its lines.
static void add_rules(struct sim_device *device, struct bytes name) {
    struct sim_rules *rules = device->node.island->rules;
    if (rules != NULL) {
        struct sim_line_rules_watch watch = {device, take_line, sim_hearing_of_line_rules};
        device->line->rules = sim_line_rules_create(&device->line->end, name, &watch);
        device->line->rules->next = rules->lines;
        rules->lines = device->line->rules;
    }
}

struct sim_device *sim_life_create(struct sim_group *group,
                                   const struct sim_life_options *options) {
    struct sim_island *island = group->island;
    const struct plan *plan = island->plan;
    struct sim_device *device = memory_allocate(&island->memory, device_bytes(group));
    device->group = group;
    device->broker = options->broker;
    device->rare = &nothing_rare;
    device->mqtt.broker = &options->broker->node;
    device->command = (struct mark){VERDICT_NONE, 0};
    device->node.island = island;
    device->node.place = (struct sim_place){
        plan_device_network(plan, group->plan, options->i), (uint32_t)(group->plan - plan->groups),
        options->i, plan_device_link(plan, group->plan, options->i), SIM_PLACE_DEVICE};
    uint8_t room[PLAN_NAME_MAX];
    sim_node_init(&device->node, island, options->number, sim_speech_name(device, room));
    place_publishings(device);
    if (options->network != NULL) {
        device->line = memory_allocate(&island->memory, sizeof *device->line);
        device->line->broker = options->broker_address;
        device->line->retry_at = SIM_NEVER;
        if (!sim_lines_join(options->network, &device->line->end, &device->node, SIM_LINE_CLIENT)) {
            sim_life_destroy(device);
            return NULL;
        }
        add_rules(device, sim_speech_name(device, room));
    }
    make_bad(device);
    add_to_ledger(device);
    uint64_t random = sim_random(device->node.random, SIM_FOR_START, 0);
    device->changes_at = plan_times_connect(&group->plan->connect, random);
    sim_node_wake(&device->node, device->changes_at);
    return device;
}

static struct sim_answer *take_answer(struct sim_device *device) {
    struct sim_answer *answer = device->rare->answers;
    sim_device_rare(device)->answers = answer->next;
    return answer;
}

static void free_answer(struct sim_device *device, struct sim_answer *answer) {
    memory_free(&device->node.island->memory, answer,
                sizeof *answer + answer->topic_bytes + answer->payload_bytes);
}

static void destroy_rare(struct sim_device *device) {
    struct memory *memory = &device->node.island->memory;
    if (device->rare == &nothing_rare) {
        return;
    }
    while (device->rare->answers != NULL) {
        free_answer(device, take_answer(device));
    }
    struct sim_device_rare *rare = sim_device_rare(device);
    if (rare->judge != NULL) {
        sim_judge_destroy(rare->judge, memory);
    }
    memory_free(memory, rare->own_config, sizeof *rare->own_config);
    memory_free(memory, rare->will_text, rare->will_bytes);
    memory_free(memory, rare, sizeof *rare);
    device->rare = &nothing_rare;
}

void sim_life_destroy(struct sim_device *device) {
    struct memory *memory = &device->node.island->memory;
    end_role(device, SIM_ENDS_SILENTLY);
    destroy_rare(device);
    if (device->mqtt.mischief != NULL) {
        sim_mischief_deinit(device->mqtt.mischief);
        memory_free(memory, device->mqtt.mischief, sizeof *device->mqtt.mischief);
    }
    memory_free(memory, device->records, device->records != NULL ? sim_device_records(device) : 0);
    if (device->line != NULL && device->line->rules != NULL) {
        sim_line_rules_destroy(device->line->rules);
    }
    memory_free(memory, device->line, device->line != NULL ? sizeof *device->line : 0);
    memory_free(memory, device, device_bytes(device->group));
}

// ---- when it goes away, and comes back ----------------------------------------------------------

static uint64_t pause_at(struct sim_device *device, const struct plan_pause *pause) {
    if (pause->every_ns == 0) {
        return SIM_NEVER;
    }
    uint64_t random = sim_device_draw(device, SIM_FOR_CHURN);
    return device->node.island->now + sim_random_around(random, pause->every_ns, pause->jitter_ns);
}

static void plan_changes(struct sim_device *device) {
    const struct plan_group *plan = device->group->plan;
    uint64_t sleeps_at = pause_at(device, &plan->sleep);
    uint64_t churns_at = pause_at(device, &plan->churn);
    device->will_sleep = sleeps_at <= churns_at;
    device->changes_at = sleeps_at <= churns_at ? sleeps_at : churns_at;
    if (plan->take_over_ns > 0) {
        uint64_t random = sim_device_draw(device, SIM_FOR_CHURN);
        sim_device_rare(device)->takes_over_at =
            device->node.island->now + sim_random_below(random, 2 * plan->take_over_ns) + 1;
    }
}

static void connect_line(struct sim_device *device) {
    struct sim_line_role *line = device->line;
    line->wants = true;
    line->has_lost = false;
    line->retry_at = SIM_NEVER;
    if (client_connect(&line->client, line->broker, device->node.island->now) != CLIENT_OK) {
        line->has_lost = true;
    }
}

void sim_life_start(struct sim_device *device) {
    uint64_t now = device->node.island->now;
    device->state = SIM_DEVICE_ACTIVE;
    device->node.is_up = true;
    bool is_mqtt = sim_device_speaks_mqtt(device);
    if (!has_role(device)) {
        if (is_mqtt) {
            make_mqtt(device);
        } else {
            make_line(device);
        }
    }
    if (is_mqtt) {
        (void)mqtt_client_connect(device->mqtt.client, now);
    } else {
        connect_line(device);
    }
    plan_changes(device);
}

static void take_over_never(struct sim_device *device) {
    if (device->rare->takes_over_at != SIM_NEVER) {
        sim_device_rare(device)->takes_over_at = SIM_NEVER;
    }
}

void sim_life_stop(struct sim_device *device, bool says_goodbye) {
    device->state = SIM_DEVICE_AWAY;
    device->changes_at = SIM_NEVER;
    take_over_never(device);
    if (has_role(device) && says_goodbye) {
        if (sim_device_speaks_mqtt(device)) {
            mqtt_client_disconnect(device->mqtt.client, NULL, device->node.island->now);
            sim_mqtt_end_pump(&device->mqtt, &device->node);
        } else {
            client_stop(&device->line->client);
        }
    }
    end_role(device, SIM_ENDS_WITH_FIN);
    device->node.is_up = false;
}

static void vanish(struct sim_device *device) {
    uint64_t now = device->node.island->now;
    bool had_stream = device->mqtt.stream != NULL;
    sim_mqtt_end_leave(&device->mqtt, SIM_ENDS_SILENTLY);
    if (had_stream) {
        mqtt_client_closed(device->mqtt.client, "its cable is cut", now);
    }
}

static void go_away(struct sim_device *device) {
    const struct plan_group *plan = device->group->plan;
    const struct plan_pause *pause = device->will_sleep ? &plan->sleep : &plan->churn;
    uint64_t now = device->node.island->now;
    bool is_mqtt = sim_device_speaks_mqtt(device);
    ASSERT(pause->every_ns > 0 && has_role(device));
    if (pause->forgets) {
        sim_life_stop(device, pause->says_goodbye);
    } else if (is_mqtt) {
        if (!pause->says_goodbye) {
            vanish(device);
        }
        mqtt_client_disconnect(device->mqtt.client, NULL, now);
    } else {
        (void)client_disconnect(&device->line->client, device->line->broker);
        device->line->wants = false;
        sim_hearing_disconnected(device);
    }
    device->state = SIM_DEVICE_AWAY;
    device->changes_at = now + pause->for_ns;
}

static void change(struct sim_device *device) {
    switch ((enum sim_device_state)device->state) {
    case SIM_DEVICE_UNSTARTED:
    case SIM_DEVICE_AWAY:
        sim_life_start(device);
        return;
    case SIM_DEVICE_ACTIVE:
        if (device->is_over) {
            device->changes_at = SIM_NEVER;
        } else {
            go_away(device);
        }
        return;
    }
}

// ---- its clock ----------------------------------------------------------------------------------

// Evenly from -most to +most.
static int64_t draw_error(const struct sim_device *device, uint64_t count, uint64_t most) {
    if (most == 0) {
        return 0;
    }
    uint64_t random = sim_random(device->node.random, SIM_FOR_CLOCK, count);
    return (int64_t)sim_random_below(random, 2 * most + 1) - (int64_t)most;
}

// What its clock gains, or loses, in so much time.
static int64_t drift_of(const struct sim_device *device, uint64_t span) {
    return draw_error(device, 2, device->group->plan->clock_drift_ppm) *
           (int64_t)(span / PLAN_MILLION);
}

uint64_t sim_device_clock(const struct sim_device *device) {
    const struct plan_group *plan = device->group->plan;
    uint64_t now = device->node.island->now;
    int64_t clock = (int64_t)now + draw_error(device, 1, plan->clock_offset_ns) +
                    device->rare->clock_step + drift_of(device, now);
    return clock > 0 ? (uint64_t)clock : 0;
}

// ---- publications and answers at their times ----------------------------------------------------

static void plan_publication(struct sim_device *device, uint32_t row, uint64_t before) {
    struct sim_publishing *publishing = &device->publishing[row];
    // It goes by its own clock, and waits for as long as that says.
    uint64_t clock = sim_device_clock(device);
    uint64_t now = device->node.island->now;
    uint64_t late = now > before ? now - before : 0;
    uint64_t from = clock > late ? clock - late : 0;
    struct plan_moment moment = {.n = publishing->n,
                                 .before_ns = from,
                                 .surge = device->rare->surge,
                                 .random = sim_device_draw(device, SIM_FOR_INTERVAL)};
    const struct plan_publish *publish = &device->group->plan->publish[row];
    publishing->next_at = plan_times_publish(publish, &moment);
    if (publishing->next_at != SIM_NEVER) {
        uint64_t wait = publishing->next_at > from ? publishing->next_at - from : 0;
        publishing->next_at = before + wait - (uint64_t)drift_of(device, wait);
    }
    if (publishing->n > 0 && publishing->next_at <= before) {
        publishing->next_at = before + 1;
    }
}

static void publish_due(struct sim_device *device) {
    const struct plan_group *plan = device->group->plan;
    uint64_t now = device->node.island->now;
    for (uint32_t row = 0; row < plan->publish_count; row++) {
        uint64_t due = device->publishing[row].next_at;
        if (due > now) {
            continue;
        }
        bool speaks = device->state == SIM_DEVICE_ACTIVE && !device->is_over;
        for (uint32_t i = 0; speaks && i < plan->publish[row].burst; i++) {
            sim_speech_publish(device, row);
        }
        if (device->is_over) {
            device->publishing[row].next_at = SIM_NEVER;
        } else {
            plan_publication(device, row, due);
        }
    }
}

static void answer_due(struct sim_device *device) {
    const struct sim_device_rare *rare = device->rare;
    while (rare->answers != NULL && rare->answers->due <= device->node.island->now) {
        struct sim_answer *answer = take_answer(device);
        if (device->state == SIM_DEVICE_ACTIVE) {
            sim_speech_answer(device, answer);
        }
        free_answer(device, answer);
    }
}

// Subscriptions for a while, which begins with the first connection.
static void plan_taking_back(struct sim_device *device) {
    const struct plan_group *plan = device->group->plan;
    uint64_t *at = sim_device_taken_back_at(device);
    for (uint32_t row = 0; device->group->takes_back && row < plan->subscribe_count; row++) {
        uint64_t for_ns = plan->subscribe[row].for_ns;
        if (at[row] == 0 && for_ns > 0) {
            at[row] = device->node.island->now + for_ns;
        }
    }
}

// When the next one is; only who is connected can.
static uint64_t taking_back_due(struct sim_device *device) {
    const uint64_t *at = sim_device_taken_back_at(device);
    uint64_t first = SIM_NEVER;
    uint32_t rows = device->is_connected ? device->group->plan->subscribe_count : 0;
    for (uint32_t row = 0; device->group->takes_back && row < rows; row++) {
        first = at[row] > 0 && at[row] < first ? at[row] : first;
    }
    return first;
}

static void take_back_due(struct sim_device *device) {
    uint64_t now = device->node.island->now;
    if (taking_back_due(device) > now || device->state != SIM_DEVICE_ACTIVE) {
        return;
    }
    uint64_t *at = sim_device_taken_back_at(device);
    for (uint32_t row = 0; row < device->group->plan->subscribe_count; row++) {
        if (at[row] > 0 && at[row] <= now) {
            at[row] = SIM_NEVER;
            sim_speech_unsubscribe(device, row);
        }
    }
}

static void begin_connection(struct sim_device *device) {
    device->just_connected = false;
    if (!sim_device_speaks_mqtt(device)) {
        device->line->attempts = 0;
        device->line->wait = 0;
        sim_speech_subscribe(device);
    }
    plan_taking_back(device);
    for (uint32_t row = 0; row < device->group->plan->publish_count; row++) {
        if (device->publishing[row].n == 0 && device->publishing[row].next_at == SIM_NEVER) {
            plan_publication(device, row, device->node.island->now);
        }
    }
}

// ---- lines --------------------------------------------------------------------------------------

static void retry_line(struct sim_device *device) {
    struct sim_line_role *line = device->line;
    uint64_t now = device->node.island->now;
    if (line->has_lost && line->wants && line->retry_at == SIM_NEVER) {
        uint64_t random = sim_device_draw(device, SIM_FOR_RETRY);
        const struct mqtt_client_retry *retry = &device->group->plan->connect.retry;
        if (mqtt_client_retry_next(retry, ++line->attempts, random, &line->wait)) {
            line->retry_at = now + line->wait;
        }
        line->has_lost = false;
    }
    if (line->retry_at <= now) {
        connect_line(device);
    }
}

static void receive_line(struct sim_device *device, const struct sim_event *event) {
    struct sim_island *island = device->node.island;
    if (device->mqtt.busy_until > island->now) { // it waits, in the order in which lines come
        struct sim_event later = *event;
        later.time = device->mqtt.busy_until;
        sim_node_post(&device->node, &later);
        return;
    }
    struct sim_line *text = sim_line_of(event);
    if (device->line->rules != NULL) {
        sim_line_rules_receive(device->line->rules, text);
    } else if (device->line->is_made) {
        struct packet packet;
        sim_lines_read(text, &packet);
        take_line(device, &packet, text->mark);
    }
    sim_lines_let_go(island, text);
}

// What rules let go of now; and a cut that they ordered: it tells its broker that it goes, and
// comes back.
static void follow_rules(struct sim_device *device) {
    struct sim_line_role *line = device->line;
    if (line->rules == NULL || !sim_line_rules_tick(line->rules) || !line->is_made) {
        return;
    }
    if (client_disconnect(&line->client, line->broker)) {
        sim_hearing_disconnected(device);
        line->has_lost = true;
    }
}

// ---- all ----------------------------------------------------------------------------------------

static uint64_t own_deadline(struct sim_device *device) {
    const struct sim_device_rare *rare = device->rare;
    uint64_t first = device->changes_at;
    if (device->state == SIM_DEVICE_ACTIVE && rare->takes_over_at < first) {
        first = rare->takes_over_at; // who is away is taken over as soon as it is back
    }
    for (uint32_t row = 0; row < device->group->plan->publish_count; row++) {
        uint64_t due = device->publishing[row].next_at;
        first = due < first ? due : first;
    }
    if (rare->answers != NULL && rare->answers->due < first) {
        first = rare->answers->due;
    }
    if (device->group->takes_back && device->state == SIM_DEVICE_ACTIVE) {
        uint64_t due = taking_back_due(device);
        first = due < first ? due : first;
    }
    if (device->mqtt.stream != NULL && device->mqtt.busy_until > device->node.island->now &&
        device->mqtt.busy_until < first) {
        first = device->mqtt.busy_until;
    }
    if (device->line != NULL && device->line->retry_at < first) {
        first = device->line->retry_at;
    }
    if (device->line != NULL && device->line->rules != NULL) {
        uint64_t due = sim_line_rules_deadline(device->line->rules);
        first = due < first ? due : first;
    }
    return first;
}

void sim_life_serve(struct sim_device *device) {
    if (device->just_connected) {
        begin_connection(device);
    }
    uint64_t of_role = SIM_NEVER;
    if (device->line != NULL) {
        follow_rules(device);
    }
    if (device->mqtt.client != NULL) {
        sim_mqtt_end_pump(&device->mqtt, &device->node);
        of_role = mqtt_client_deadline(device->mqtt.client);
    } else if (device->line != NULL && device->line->is_made) {
        retry_line(device);
        of_role = client_deadline(&device->line->client);
    }
    // Asked once: a wake that proves too late stays in the schedule until its time.
    uint64_t own = own_deadline(device);
    sim_node_wake(&device->node, own < of_role ? own : of_role);
}

static void wake(struct sim_device *device) {
    uint64_t now = device->node.island->now;
    if (device->changes_at <= now) {
        change(device);
    }
    if (device->rare->takes_over_at <= now && device->state == SIM_DEVICE_ACTIVE) {
        take_over_never(device);
        if (device->mqtt.client != NULL) {
            vanish(device);
        }
    }
    if (device->mqtt.client != NULL) {
        mqtt_client_tick(device->mqtt.client, now);
    } else if (device->line != NULL && device->line->is_made) {
        client_tick(&device->line->client, now);
    }
    answer_due(device);
    publish_due(device);
    take_back_due(device);
}

static void retry_stream(struct sim_device *device, const struct sim_event *event) {
    struct sim_stream *stream = sim_stream_named(device->node.island, event->argument);
    if (stream != NULL && !sim_stream_retry(stream, SIM_CLIENT_END) &&
        stream == device->mqtt.stream) {
        sim_mqtt_end_gives_up(&device->mqtt, &device->node);
    }
}

// Bytes for a stream that it has left behind.
static void hear_old_stream(struct sim_device *device, const struct sim_event *event) {
    struct sim_stream *stream = sim_stream_named(device->node.island, event->argument);
    if (stream != NULL && stream != device->mqtt.stream) {
        (void)sim_stream_arrived(stream, SIM_CLIENT_END); // it answers with a reset
    }
}

void sim_life_event(struct sim_device *device, const struct sim_event *event) {
    switch ((enum sim_event_kind)event->kind) {
    case SIM_WAKE:
        wake(device);
        break;
    case SIM_ARRIVAL:
        hear_old_stream(device, event);
        break;
    case SIM_RETRY:
        retry_stream(device, event);
        break;
    case SIM_LINE:
        receive_line(device, event);
        break;
    case SIM_ROOM:
    case SIM_REQUEST:
    case SIM_ANSWER:
    case SIM_EVENTS:
        break;
    }
    if (!device->node.ready.is_listed) { // else it is served from the list
        sim_life_serve(device);
    }
}

void sim_life_hurry(struct sim_device *device) {
    uint64_t now = device->node.island->now;
    for (uint32_t row = 0; row < device->group->plan->publish_count; row++) {
        if (device->publishing[row].next_at < SIM_NEVER && device->publishing[row].n > 0) {
            plan_publication(device, row, now);
        }
    }
    sim_node_wake(&device->node, own_deadline(device));
}

void sim_life_check(const struct sim_device *device) {
    if (device->mqtt.client != NULL) {
        mqtt_client_check(device->mqtt.client);
    }
    if (device->mqtt.stream != NULL) {
        sim_stream_check(device->mqtt.stream);
        ASSERT(!device->mqtt.stream->is_over[SIM_CLIENT_END]);
    }
    ASSERT(device->state != SIM_DEVICE_UNSTARTED || !device->is_connected);
}
