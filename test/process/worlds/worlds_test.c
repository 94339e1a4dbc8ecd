// The same roles behind two drivers: each scenario in test/process/worlds is played by
// exe/simulate in virtual time, and by real programs with real files and sockets. Both worlds have
// to show the same, packet by packet (world_record.h).
//
// The simulator's trace is the script of the real world: whatever a device did there of its own
// accord is typed to a real client, as soon as all that came before it has come in the real world,
// too. So a day of the scenario takes as long as its packets, and nothing waits for the clock.
// Clients of MQTT reach their broker through exe/proxy, which has the scenario's rules of faults.
//
// A new world to compare is a new file in test/process/worlds. What such a scenario must keep to:
// acts that do not hurry after each other, but leave time for what follows from them; lines of the
// suite classic, for what sodium seals cannot be read; groups with the policy `back-off: fixed`; of
// faults the rules, from the start to the end.
#define PROCESS_DEADLINE_S 60
#include "process/internet.h"
#include "process/mqtt.h"
#include "process/worlds/world_record.h"
#include "scenario/plan_read.h"

#include <dirent.h>

#define NAME_SIZE 96
#define PATH_SIZE 256
#define COMMAND_SIZE 1024
#define DEVICES_MAX 64
#define FILES_MAX 16u

// A program that plays a device: "town.network 2", "hub.pcapng sender".
struct device {
    char name[NAME_SIZE];
    struct process *program;
    bool is_mqtt;
};

// A follower of a file of the real world, and how much of what it says was taken in.
struct follower {
    struct process *watch;
    size_t taken;
};

// A broker's proxy, where its clients come to.
struct door {
    const struct plan_broker *broker;
    char file[NAME_SIZE];
    uint16_t port;
};

// Both worlds: the plan of both; what was simulated; what is to be seen in the real one, and who
// plays in it.
struct worlds {
    struct memory memory;
    struct plan plan;
    struct world_record simulated;
    struct world_record real;
    struct device devices[DEVICES_MAX];
    size_t device_count;
    struct follower followers[FILES_MAX];
    size_t follower_count;
    struct door doors[FILES_MAX];
    size_t door_count;
    bool is_stuck; // what was to come did not
};

// ---- the simulated world ------------------------------------------------------------------------

static void read_scenario(struct worlds *worlds, const char *path) {
    struct read_errors *errors = calloc(1, sizeof *errors);
    size_t size = 0;
    char *text = support_read_file(path, &size);
    assert_non_null(errors);
    assert_non_null(text);
    struct plan_input input = {.text = bytes_make(text, size)};
    assert_true(plan_read(&worlds->plan, &worlds->memory, &input, errors));
    free(text);
    free(errors);
}

static size_t take_lines(struct world_record *record, const struct stream *stream, size_t from) {
    for (;;) {
        const char *line = process_text(stream) + from;
        const char *end = from < stream->size ? strchr(line, '\n') : NULL;
        if (end == NULL) {
            return from;
        }
        assert_true(world_record_add(record, line, (size_t)(end - line)));
        from += (size_t)(end - line) + 1;
    }
}

static void simulate(struct worlds *worlds, const char *path) {
    process_assert_code(process_start("simulate", "--quiet", "--trace", "seen", path), 0);
    struct process *watch = process_start("watch", "--once", "--json", "--eavesdrop", "seen");
    process_assert_code(watch, 0);
    (void)take_lines(&worlds->simulated, &watch->out, 0);
    assert_true(worlds->simulated.count > 0);
}

// ---- looking at the real one --------------------------------------------------------------------

static void follow(struct worlds *worlds, const char *path) {
    assert_true(worlds->follower_count < FILES_MAX);
    worlds->followers[worlds->follower_count++] =
        (struct follower){.watch = process_start("watch", "--json", "--eavesdrop", path)};
}

static void look(struct worlds *worlds, int wait_ms) {
    (void)process_pump(-1, wait_ms);
    for (size_t i = 0; i < worlds->follower_count; i++) {
        struct follower *follower = &worlds->followers[i];
        follower->taken = take_lines(&worlds->real, &follower->watch->out, follower->taken);
    }
}

// Whether on each way as much has passed as in the simulated world before its moment `count`.
static bool has_passed(const struct worlds *worlds, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *way = worlds->simulated.items[i].way;
        if (world_record_passed(&worlds->real, worlds->real.count, way) <
            world_record_passed_before(&worlds->simulated, count, way)) {
            return false;
        }
    }
    return true;
}

static void await(struct worlds *worlds, size_t count) {
    uint64_t deadline = process_now_ms() + 10000 * (1 + 2 * PROCESS_SLOW);
    while (!worlds->is_stuck && !has_passed(worlds, count)) {
        worlds->is_stuck = process_now_ms() > deadline;
        look(worlds, PROCESS_TURN_MS);
    }
}

// ---- programs -----------------------------------------------------------------------------------

static void add_device(struct worlds *worlds, const char *name, struct process *program,
                       bool is_mqtt) {
    assert_true(worlds->device_count < DEVICES_MAX);
    struct device *device = &worlds->devices[worlds->device_count++];
    *device = (struct device){.program = program, .is_mqtt = is_mqtt};
    (void)snprintf(device->name, sizeof device->name, "%s", name);
}

static const struct device *find_device(const struct worlds *worlds, const char *name) {
    for (size_t i = 0; i < worlds->device_count; i++) {
        if (strcmp(worlds->devices[i].name, name) == 0) {
            return &worlds->devices[i];
        }
    }
    return NULL;
}

static const char *text_of_name(struct bytes name, char room[static NAME_SIZE]) {
    (void)snprintf(room, NAME_SIZE, "%.*s", (int)name.size, (const char *)name.data);
    return room;
}

static const struct plan_broker *broker_of_name(const struct worlds *worlds, const char *name) {
    for (uint32_t i = 0; i < worlds->plan.broker_count; i++) {
        if (bytes_equal(worlds->plan.brokers[i].name, bytes_of_text(name))) {
            return &worlds->plan.brokers[i];
        }
    }
    return NULL;
}

static uint16_t port_behind(const struct process *process, const char *words) {
    const char *at = strstr(process_text(&process->err), words);
    assert_non_null(at);
    return (uint16_t)strtoul(at + strlen(words), NULL, 10);
}

// The proxy of a broker's MQTT door, with the scenario's rules.
static void open_door(struct worlds *worlds, const struct plan_broker *broker, uint16_t port) {
    static char tap[PATH_SIZE];
    static char place[16];
    static char rules[16][PATH_SIZE];
    const char *words[64] = {"proxy", "--listen", "0", "--broker", place, "--tap", tap, "--quiet"};
    size_t count = 8;
    struct door *door = &worlds->doors[worlds->door_count++];
    char name[NAME_SIZE];
    *door = (struct door){.broker = broker};
    (void)snprintf(door->file, sizeof door->file, "%.80s.pcapng", text_of_name(broker->name, name));
    (void)snprintf(tap, sizeof tap, "real/%s", door->file);
    (void)snprintf(place, sizeof place, "%u", port);
    for (uint32_t i = 0; i < worlds->plan.fault_count; i++) {
        const struct plan_fault *fault = &worlds->plan.faults[i];
        assert_true(i < 16 && fault->kind == PLAN_RULE && fault->at_ns == 0 && fault->for_ns == 0);
        (void)snprintf(rules[i], PATH_SIZE, "%.*s", (int)fault->source.size,
                       (const char *)fault->source.data);
        words[count++] = "--fault";
        words[count++] = rules[i];
    }
    struct process *proxy =
        process_start_with(&(struct process_options){.folder = process_folder, .words = words});
    process_await_err(proxy, "before the broker");
    door->port = port_behind(proxy, "proxy at port ");
    follow(worlds, tap);
}

static void start_broker(struct worlds *worlds, const struct plan_broker *broker,
                         const char *network, const char *address) {
    char name[NAME_SIZE];
    const char *words[16] = {"broker",
                             "--network",
                             network,
                             "--address",
                             address,
                             "--name",
                             text_of_name(broker->name, name)};
    size_t count = 7;
    if ((broker->doors & PLAN_DOOR_MQTT) != 0) {
        words[count++] = "--mqtt";
        words[count++] = "0";
    }
    struct process *program =
        process_start_with(&(struct process_options){.folder = process_folder, .words = words});
    process_await_err(program, " on the network ");
    if ((broker->doors & PLAN_DOOR_MQTT) != 0) {
        open_door(worlds, broker, mqtt_port(program, MQTT_TCP));
    }
}

static const struct door *find_door(const struct worlds *worlds, const char *file) {
    for (size_t i = 0; i < worlds->door_count; i++) {
        if (strcmp(worlds->doors[i].file, file) == 0) {
            return &worlds->doors[i];
        }
    }
    fail_msg("no broker has the tap %s", file);
    return NULL;
}

// ---- acts ---------------------------------------------------------------------------------------

static long long number_of(const struct world_moment *moment, const char *member) {
    return json_integer_value(json_object_get(moment->object, member));
}

static const char *element(const struct world_moment *moment, const char *member, size_t i) {
    return json_string_value(json_array_get(json_object_get(moment->object, member), i));
}

// Who does it.
static const char *actor_of(const struct world_moment *moment, char name[static NAME_SIZE]) {
    const char *client = world_moment_text(moment, "client");
    if (client != NULL) {
        (void)snprintf(name, NAME_SIZE, "%.60s %.30s", world_moment_file(moment), client);
    } else {
        (void)snprintf(name, NAME_SIZE, "%.60s %lld", world_moment_file(moment),
                       number_of(moment, "sender"));
    }
    return name;
}

static void join(struct worlds *worlds, const struct world_moment *moment) {
    char name[NAME_SIZE];
    char network[PATH_SIZE];
    char number[32];
    const char *kind = element(moment, "elements", 0);
    const char *called = element(moment, "elements", 1);
    long long sender = number_of(moment, "sender");
    (void)snprintf(network, sizeof network, "real/%s", world_moment_file(moment));
    (void)snprintf(number, sizeof number, "%lld", sender < 1000 ? sender : sender / 1000);
    if (strcmp(kind, "broker") == 0) {
        start_broker(worlds, broker_of_name(worlds, called), network, number);
    } else if (strcmp(kind, "router") == 0) {
        (void)start_router(network, "--gate", number, "--name", called);
    } else {
        add_device(worlds, actor_of(moment, name),
                   process_start("client", "--network", network, "--address", number), false);
    }
}

static long long property_of(const json_t *object, const char *name) {
    const json_t *properties = json_object_get(object, "properties");
    for (size_t i = 0; i < json_array_size(properties); i++) {
        const json_t *property = json_array_get(properties, i);
        if (strcmp(json_string_value(json_object_get(property, "property")), name) == 0) {
            return json_integer_value(json_object_get(property, "value"));
        }
    }
    return -1;
}

static const char *text_in(const json_t *object, const char *member) {
    return json_string_value(json_object_get(object, member));
}

// In the words of the client's command.
static void write_will(const json_t *will, char words[static COMMAND_SIZE]) {
    long long delay = property_of(will, "will delay interval");
    size_t used =
        (size_t)snprintf(words, COMMAND_SIZE, "%s \"%s\" %lld%s", text_in(will, "topic"),
                         text_in(will, "payload"), json_integer_value(json_object_get(will, "qos")),
                         json_is_true(json_object_get(will, "retain")) ? " retain" : "");
    if (delay >= 0) {
        (void)snprintf(words + used, COMMAND_SIZE - used, " will-delay=%lld", delay);
    }
}

// Of MQTT, as its CONNECT says.
static struct process *start_client(struct worlds *worlds, const struct world_moment *moment) {
    char at[MQTT_URL_SIZE];
    char keep_alive[32];
    char expiry[64];
    char will_words[COMMAND_SIZE];
    const json_t *will = json_object_get(moment->object, "will");
    const char *version = world_moment_text(moment, "version");
    const char *words[32] = {"client",
                             "--mqtt",
                             at,
                             "--client-id",
                             world_moment_text(moment, "client_id"),
                             "--mqtt-version",
                             strcmp(version, "5.0") == 0 ? "5" : version,
                             "--keep-alive",
                             keep_alive,
                             "--reconnect",
                             "fixed",
                             "--reconnect-delay",
                             "0.01",
                             "--topic-aliases",
                             "0"};
    size_t count = 15;
    (void)snprintf(at, sizeof at, "mqtt://127.0.0.1:%u",
                   find_door(worlds, world_moment_file(moment))->port);
    (void)snprintf(keep_alive, sizeof keep_alive, "%lld", number_of(moment, "keep_alive"));
    if (!json_is_true(json_object_get(moment->object, "clean_start"))) {
        words[count++] = "--keep-session";
    }
    if (strcmp(version, "5.0") == 0) {
        long long seconds = property_of(moment->object, "session expiry interval");
        (void)snprintf(expiry, sizeof expiry, "connect session-expiry %lld",
                       seconds < 0 ? 0 : seconds);
        words[count++] = "--property";
        words[count++] = expiry;
    }
    if (will != NULL) {
        write_will(will, will_words);
        words[count++] = "--will";
        words[count++] = will_words;
    }
    return process_start_with(&(struct process_options){.folder = process_folder, .words = words});
}

static void connect_client(struct worlds *worlds, const struct world_moment *moment,
                           char command[static COMMAND_SIZE]) {
    char name[NAME_SIZE];
    if (world_moment_text(moment, "client") == NULL) {
        (void)snprintf(command, COMMAND_SIZE, "conn %lld\n", number_of(moment, "receiver"));
        return;
    }
    if (find_device(worlds, actor_of(moment, name)) == NULL) {
        add_device(worlds, name, start_client(worlds, moment), true);
    }
    (void)snprintf(command, COMMAND_SIZE, "conn\n");
}

static void write_line_command(const struct world_moment *moment,
                               char command[static COMMAND_SIZE]) {
    long long broker = number_of(moment, "receiver");
    const char *topic = element(moment, "plain", 0);
    if (moment->act == WORLD_DISCONNECT) {
        (void)snprintf(command, COMMAND_SIZE, "disc %lld\n", broker);
    } else if (moment->act == WORLD_PUBLISH) {
        (void)snprintf(command, COMMAND_SIZE, "publ %lld %s %s\n", broker, topic,
                       element(moment, "plain", 1));
    } else {
        (void)snprintf(command, COMMAND_SIZE, "%s %lld %s\n",
                       moment->act == WORLD_SUBSCRIBE ? "subs" : "unsb", broker, topic);
    }
}

static void write_subscription(const struct world_moment *moment,
                               char command[static COMMAND_SIZE]) {
    const json_t *filters = json_object_get(moment->object, "filters");
    const json_t *filter = json_array_get(filters, 0);
    assert_int_equal(json_array_size(filters), 1);
    if (moment->act == WORLD_UNSUBSCRIBE) {
        (void)snprintf(command, COMMAND_SIZE, "unsb %s\n",
                       json_string_value(json_object_get(filter, "filter")));
        return;
    }
    bool is_as_published = json_is_true(json_object_get(filter, "retain_as_published"));
    (void)snprintf(command, COMMAND_SIZE, "subs %s %lld%s%s retain-handling=%lld\n",
                   json_string_value(json_object_get(filter, "filter")),
                   json_integer_value(json_object_get(filter, "qos")),
                   json_is_true(json_object_get(filter, "no_local")) ? " no-local" : "",
                   is_as_published ? " retain-as-published" : "",
                   json_integer_value(json_object_get(filter, "retain_handling")));
}

static void write_packet_command(const struct world_moment *moment,
                                 char command[static COMMAND_SIZE]) {
    if (moment->act == WORLD_SUBSCRIBE || moment->act == WORLD_UNSUBSCRIBE) {
        write_subscription(moment, command);
    } else if (moment->act == WORLD_PUBLISH) {
        (void)snprintf(command, COMMAND_SIZE, "publ %s \"%s\" %lld%s\n",
                       world_moment_text(moment, "topic"), world_moment_text(moment, "payload"),
                       number_of(moment, "qos"),
                       json_is_true(json_object_get(moment->object, "retain")) ? " retain" : "");
    } else {
        (void)snprintf(command, COMMAND_SIZE,
                       moment->act == WORLD_DISCONNECT ? "disc\n" : "drop\n");
    }
}

static void act(struct worlds *worlds, const struct world_moment *moment) {
    char name[NAME_SIZE];
    char command[COMMAND_SIZE];
    if (moment->act == WORLD_JOIN) {
        join(worlds, moment);
        return;
    }
    if (moment->act == WORLD_CONNECT) {
        connect_client(worlds, moment, command);
    } else if (world_moment_text(moment, "client") == NULL) {
        write_line_command(moment, command);
    } else {
        write_packet_command(moment, command);
    }
    const struct device *device = find_device(worlds, actor_of(moment, name));
    assert_non_null(device);
    process_send(device->program, command);
}

// ---- the real world -----------------------------------------------------------------------------

static bool joins(const struct worlds *worlds, const struct plan_broker *broker) {
    for (size_t i = 0; i < worlds->simulated.count; i++) {
        const struct world_moment *moment = &worlds->simulated.items[i];
        const char *name = moment->act == WORLD_JOIN ? element(moment, "elements", 1) : NULL;
        if (name != NULL && bytes_equal(broker->name, bytes_of_text(name))) {
            return true;
        }
    }
    return false;
}

// The networks' files, the master, and brokers that no network's line speaks of.
static void begin(struct worlds *worlds) {
    char name[NAME_SIZE];
    char path[PATH_SIZE];
    char *folder = support_path(process_folder, "real");
    assert_int_equal(mkdir(folder, 0700), 0);
    free(folder);
    for (uint32_t i = 0; i < worlds->plan.network_count; i++) {
        (void)snprintf(path, sizeof path, "seen/%s.network",
                       text_of_name(worlds->plan.networks[i].name, name));
        char *seen = process_file(path);
        if (seen != NULL) {
            (void)snprintf(path, sizeof path, "real/%s.network", name);
            process_write_file(path, "");
            follow(worlds, path);
        }
        free(seen);
    }
    if (worlds->plan.master.exists) {
        (void)start_master("--idle-timeout", "600");
    }
    for (uint32_t i = 0; i < worlds->plan.broker_count; i++) {
        const struct plan_broker *broker = &worlds->plan.brokers[i];
        if (!joins(worlds, broker)) {
            (void)snprintf(path, sizeof path, "real/%s.unseen", text_of_name(broker->name, name));
            start_broker(worlds, broker, path, "1");
        }
    }
}

// The clients leave. What they have received is in the taps and networks before their last words.
static void end(struct worlds *worlds) {
    for (size_t i = 0; i < worlds->device_count; i++) {
        process_signal(worlds->devices[i].program, SIGTERM);
        (void)process_collect(worlds->devices[i].program); // 1: a message was not acknowledged
    }
    for (size_t i = 0; i < worlds->follower_count; i++) {
        process_signal(worlds->followers[i].watch, SIGTERM);
        process_assert_code(worlds->followers[i].watch, 0);
    }
    look(worlds, 0);
}

static void play(struct worlds *worlds) {
    begin(worlds);
    for (size_t i = 0; i < worlds->simulated.count && !worlds->is_stuck; i++) {
        if (worlds->simulated.items[i].act != WORLD_NO_ACT) {
            await(worlds, i);
            act(worlds, &worlds->simulated.items[i]);
        }
    }
    await(worlds, worlds->simulated.count);
    size_t count = worlds->real.count;
    end(worlds);
    world_record_forget_farewells(&worlds->real, count);
}

// ---- tests --------------------------------------------------------------------------------------

static void both_worlds_are_equal(void **state) {
    const char *path = *state;
    struct worlds *worlds = calloc(1, sizeof *worlds);
    assert_non_null(worlds);
    process_set_up(state);
    memory_init(&worlds->memory);
    plan_init(&worlds->plan, &worlds->memory);
    read_scenario(worlds, path);
    simulate(worlds, path);
    play(worlds);
    size_t differences = world_record_compare(&worlds->simulated, &worlds->real, stderr);
    if (worlds->is_stuck) {
        (void)fprintf(stderr, "the real world stood still\n");
    }
    assert_int_equal(differences, 0);
    assert_false(worlds->is_stuck);
    world_record_deinit(&worlds->simulated);
    world_record_deinit(&worlds->real);
    plan_deinit(&worlds->plan);
    free(worlds);
}

static int clear_up(void **state) {
    return process_tear_down(state);
}

// Where the scenarios are: this is build/VARIANT/test/process/worlds/worlds_test.
static char *find_scenarios(void) {
    char top[PATH_MAX] = {0};
    assert_true(readlink("/proc/self/exe", top, sizeof top - 1) > 0);
    for (unsigned level = 0; level < 6; level++) {
        *strrchr(top, '/') = '\0';
    }
    return support_path(top, "test/process/worlds");
}

static int is_scenario(const struct dirent *entry) {
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, ".yaml") == 0;
}

int main(void) {
    static struct CMUnitTest tests[FILES_MAX];
    struct dirent **entries = NULL;
    char *folder = find_scenarios();
    int count = scandir(folder, &entries, is_scenario, alphasort);
    if (count <= 0 || (unsigned)count > FILES_MAX) {
        (void)fprintf(stderr, "%s: no scenario, or more than %u\n", folder, FILES_MAX);
        return 1;
    }
    for (int i = 0; i < count; i++) {
        tests[i] = (struct CMUnitTest){.name = entries[i]->d_name,
                                       .test_func = both_worlds_are_equal,
                                       .teardown_func = clear_up,
                                       .initial_state = support_path(folder, entries[i]->d_name)};
    }
    int code = _cmocka_run_group_tests("worlds", tests, (size_t)count, NULL, NULL);
    for (int i = 0; i < count; i++) {
        free(tests[i].initial_state);
        free(entries[i]);
    }
    free(entries);
    free(folder);
    return code;
}
