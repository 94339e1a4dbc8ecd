#include "process/worlds/world_record.h"

#include <stdlib.h>
#include <string.h>

void world_record_init(struct world_record *record) {
    *record = (struct world_record){0};
}

static void moment_deinit(struct world_moment *moment) {
    json_decref(moment->object);
    free(moment->way);
    free(moment->said);
}

void world_record_deinit(struct world_record *record) {
    for (size_t i = 0; i < record->count; i++) {
        moment_deinit(&record->items[i]);
    }
    free(record->items);
    *record = (struct world_record){0};
}

static bool is_text(const char *text, const char *other) {
    return text != NULL && strcmp(text, other) == 0;
}

static const char *text_of(const json_t *object, const char *member) {
    return json_string_value(json_object_get(object, member));
}

const char *world_moment_text(const struct world_moment *moment, const char *member) {
    return text_of(moment->object, member);
}

const char *world_moment_words(const struct world_moment *moment) {
    const char *words = world_moment_text(moment, "words");
    return words == NULL ? "" : words;
}

// ---- ways ---------------------------------------------------------------------------------------

static const char *file_of(const json_t *object) {
    const char *path = text_of(object, "network");
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

const char *world_moment_file(const struct world_moment *moment) {
    return file_of(moment->object);
}

static char *way_of(const json_t *object) {
    char way[512];
    const char *client = text_of(object, "client");
    const char *from = text_of(object, "from");
    if (client == NULL) {
        (void)snprintf(way, sizeof way, "%s: %lld -> %lld", file_of(object),
                       json_integer_value(json_object_get(object, "sender")),
                       json_integer_value(json_object_get(object, "receiver")));
    } else if (from == NULL) {
        (void)snprintf(way, sizeof way, "%s: ends of %s", file_of(object), client);
    } else {
        bool is_up = strcmp(from, "client") == 0;
        (void)snprintf(way, sizeof way, "%s: %s%s", file_of(object), is_up ? "from " : "to ",
                       client);
    }
    return strdup(way);
}

size_t world_record_passed(const struct world_record *record, size_t count, const char *way) {
    size_t passed = 0;
    for (size_t i = 0; i < count; i++) {
        passed += strcmp(record->items[i].way, way) == 0;
    }
    return passed;
}

static uint64_t second_of(const struct world_moment *moment) {
    return moment->time_ns / 1000000000u;
}

size_t world_record_passed_before(const struct world_record *record, size_t count,
                                  const char *way) {
    size_t passed = 0;
    const struct world_moment *last = count < record->count ? &record->items[count] : NULL;
    for (size_t i = 0; i < count; i++) {
        const struct world_moment *moment = &record->items[i];
        bool is_before = last == NULL || second_of(moment) < second_of(last) ||
                         strcmp(world_moment_file(moment), world_moment_file(last)) == 0;
        passed += is_before && strcmp(moment->way, way) == 0;
    }
    return passed;
}

// ---- what is compared ---------------------------------------------------------------------------

// A program says its limits in CONNECT, if they are not those of the standard. A session that ends
// with its connection may be asked for, or not be spoken of.
static void leave_limits_out(json_t *object) {
    static const char *const limits[] = {"receive maximum", "topic alias maximum",
                                         "maximum packet size"};
    json_t *properties = json_object_get(object, "properties");
    for (size_t i = json_array_size(properties); i-- > 0;) {
        const json_t *property = json_array_get(properties, i);
        const char *name = text_of(property, "property");
        if (is_text(name, "session expiry interval") &&
            json_integer_value(json_object_get(property, "value")) == 0) {
            (void)json_array_remove(properties, i);
            continue;
        }
        for (size_t k = 0; k < sizeof limits / sizeof *limits; k++) {
            if (is_text(name, limits[k])) {
                (void)json_array_remove(properties, i);
                break;
            }
        }
    }
    if (properties != NULL && json_array_size(properties) == 0) {
        (void)json_object_del(object, "properties");
    }
}

// The elements of a connection's beginning are keys, those of a sealed line nobody can compare.
static void leave_keys_out(json_t *object, const char *type) {
    json_t *elements = json_object_get(object, "elements");
    if (json_is_true(json_object_get(object, "sealed"))) {
        (void)json_object_del(object, "elements");
    } else if (is_text(type, "creq")) {
        (void)json_array_clear(elements);
    } else if (is_text(type, "cres")) {
        while (json_array_size(elements) > 1) {
            (void)json_array_remove(elements, 1);
        }
    }
}

// A simulated device has a will of its own for each connection, marked anew; a client says the same
// one again. The mark is the payload's last word. Wills have topics below lost/.
static void leave_marks_of_wills_out(json_t *object) {
    json_t *will = json_object_get(object, "will");
    const char *topic = text_of(object, "topic");
    json_t *bearer = will != NULL                                       ? will
                     : topic != NULL && strncmp(topic, "lost/", 5) == 0 ? object
                                                                        : NULL;
    const char *payload = bearer == NULL ? NULL : text_of(bearer, "payload");
    const char *mark = payload == NULL ? NULL : strrchr(payload, ' ');
    if (mark != NULL) {
        json_object_set_new(bearer, "payload", json_stringn(payload, (size_t)(mark - payload)));
    }
}

static char *said_by(const json_t *object) {
    static const char *const left_out[] = {
        "time", "nanoseconds", "network",     "connection", "peer", "port",   "client",
        "from", "words",       "why",         "note",       "cost", "sender", "receiver",
        "key",  "shift",       "unprotected", "signature",  "bytes"};
    const char *type = text_of(object, "type");
    json_t *copy = json_deep_copy(object);
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) {
        (void)json_object_del(copy, left_out[i]);
    }
    if (is_text(type, "CONNECT")) {
        leave_limits_out(copy);
    }
    leave_keys_out(copy, type);
    leave_marks_of_wills_out(copy);
    char *said = json_dumps(copy, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(copy);
    return said;
}

// ---- acts ---------------------------------------------------------------------------------------

// Whether the same has passed there before, or what undoes it has not passed since.
static bool is_first(const struct world_record *record, const struct world_moment *moment,
                     const char *member) {
    const json_t *what = json_object_get(moment->object, member);
    const char *type = world_moment_text(moment, "type");
    for (size_t i = record->count; i-- > 0;) {
        const struct world_moment *before = &record->items[i];
        if (strcmp(before->way, moment->way) == 0 &&
            is_text(world_moment_text(before, "type"), type) &&
            json_equal(json_object_get(before->object, member), what)) {
            return false;
        }
    }
    return true;
}

// The last end of the client's connections, or NULL.
static const struct world_moment *last_end(const struct world_record *record, const char *client) {
    for (size_t i = record->count; i-- > 0;) {
        const struct world_moment *before = &record->items[i];
        if (is_text(world_moment_text(before, "client"), client) &&
            json_object_get(before->object, "end") != NULL) {
            return before;
        }
    }
    return NULL;
}

// A client that went by itself comes back by itself; one that was cut off is brought back by its
// policy.
static bool is_own_connect(const struct world_record *record, const struct world_moment *moment) {
    const struct world_moment *end = last_end(record, world_moment_text(moment, "client"));
    return end == NULL || is_text(text_of(json_object_get(end->object, "end"), "side"), "client");
}

static enum world_act packet_act(const struct world_record *record,
                                 const struct world_moment *moment) {
    const char *type = world_moment_text(moment, "type");
    const json_t *end = json_object_get(moment->object, "end");
    if (end != NULL) {
        bool is_drop = is_text(text_of(end, "side"), "client") &&
                       !is_text(text_of(end, "cause"), "it sent DISCONNECT");
        return is_drop ? WORLD_DROP : WORLD_NO_ACT;
    }
    if (!is_text(world_moment_text(moment, "from"), "client")) {
        return WORLD_NO_ACT;
    }
    if (is_text(type, "CONNECT")) {
        return is_own_connect(record, moment) ? WORLD_CONNECT : WORLD_NO_ACT;
    }
    if (is_text(type, "SUBSCRIBE")) {
        return is_first(record, moment, "filters") ? WORLD_SUBSCRIBE : WORLD_NO_ACT;
    }
    if (is_text(type, "UNSUBSCRIBE")) {
        return is_first(record, moment, "filters") ? WORLD_UNSUBSCRIBE : WORLD_NO_ACT;
    }
    if (is_text(type, "PUBLISH")) {
        return is_first(record, moment, "payload") ? WORLD_PUBLISH : WORLD_NO_ACT;
    }
    return is_text(type, "DISCONNECT") ? WORLD_DISCONNECT : WORLD_NO_ACT;
}

// Devices of this network; those of others have longer addresses.
static bool is_native(const struct world_moment *moment) {
    return json_integer_value(json_object_get(moment->object, "sender")) < 1000;
}

static enum world_act join_act(const struct world_moment *moment) {
    const json_t *elements = json_object_get(moment->object, "elements");
    bool is_router = is_text(json_string_value(json_array_get(elements, 0)), "router");
    bool is_to_all = json_integer_value(json_object_get(moment->object, "receiver")) == 0;
    return is_to_all && (is_router || is_native(moment)) ? WORLD_JOIN : WORLD_NO_ACT;
}

// Whether the device of that address joined as a client.
static bool is_client(const struct world_record *record, const struct world_moment *moment) {
    const json_t *sender = json_object_get(moment->object, "sender");
    for (size_t i = 0; i < record->count; i++) {
        const json_t *object = record->items[i].object;
        const char *kind =
            json_string_value(json_array_get(json_object_get(object, "elements"), 0));
        if (is_text(text_of(object, "type"), "join") && is_text(kind, "client") &&
            is_text(file_of(object), file_of(moment->object)) &&
            json_equal(json_object_get(object, "sender"), sender)) {
            return true;
        }
    }
    return false;
}

static enum world_act line_act(const struct world_record *record,
                               const struct world_moment *moment) {
    const char *type = world_moment_text(moment, "type");
    if (is_text(type, "join")) {
        return join_act(moment);
    }
    if (!is_native(moment) || !is_client(record, moment)) {
        return WORLD_NO_ACT;
    }
    if (is_text(type, "creq")) {
        return is_first(record, moment, "type") ? WORLD_CONNECT : WORLD_NO_ACT;
    }
    if (is_text(type, "sreq") && is_first(record, moment, "plain")) {
        const json_t *plain = json_object_get(moment->object, "plain");
        bool is_off = is_text(json_string_value(json_array_get(plain, 1)), "off");
        return is_off ? WORLD_UNSUBSCRIBE : WORLD_SUBSCRIBE;
    }
    if (is_text(type, "publ") && is_first(record, moment, "plain")) {
        return WORLD_PUBLISH;
    }
    return is_text(type, "disc") ? WORLD_DISCONNECT : WORLD_NO_ACT;
}

// ---- reading ------------------------------------------------------------------------------------

static bool is_ping(const char *type) {
    return is_text(type, "ping") || is_text(type, "PINGREQ") || is_text(type, "PINGRESP");
}

static struct world_moment *make_room(struct world_record *record) {
    if (record->count == record->capacity) {
        record->capacity = 2 * record->capacity + 64;
        record->items = realloc(record->items, record->capacity * sizeof *record->items);
        if (record->items == NULL) {
            abort();
        }
    }
    return &record->items[record->count];
}

bool world_record_add(struct world_record *record, const char *line, size_t size) {
    json_t *object = json_loadb(line, size, 0, NULL);
    const char *type = text_of(object, "type");
    if (type == NULL || is_ping(type) || strcmp(type, "open") == 0) {
        json_decref(object);
        return type != NULL;
    }
    struct world_moment *moment = make_room(record);
    *moment = (struct world_moment){
        .time_ns = (uint64_t)json_integer_value(json_object_get(object, "time")) * 1000000000u +
                   (uint64_t)json_integer_value(json_object_get(object, "nanoseconds")),
        .object = object,
        .way = way_of(object),
        .said = said_by(object)};
    bool is_line = json_object_get(object, "sender") != NULL;
    moment->act = is_line ? line_act(record, moment) : packet_act(record, moment);
    record->count++;
    return true;
}

static bool is_farewell(const struct world_moment *moment) {
    const char *type = world_moment_text(moment, "type");
    return json_object_get(moment->object, "end") != NULL || strcmp(type, "disc") == 0 ||
           strcmp(type, "left") == 0 || strcmp(type, "DISCONNECT") == 0;
}

void world_record_forget_farewells(struct world_record *record, size_t count) {
    size_t kept = count;
    for (size_t i = count; i < record->count; i++) {
        if (is_farewell(&record->items[i])) {
            moment_deinit(&record->items[i]);
        } else {
            record->items[kept++] = record->items[i];
        }
    }
    record->count = kept;
}

// ---- comparing ----------------------------------------------------------------------------------

// Moment `number` of those on the way; NULL: there are fewer.
static const struct world_moment *moment_of(const struct world_record *record, const char *way,
                                            size_t number) {
    for (size_t i = 0; i < record->count; i++) {
        if (strcmp(record->items[i].way, way) == 0 && number-- == 0) {
            return &record->items[i];
        }
    }
    return NULL;
}

static void tell_moment(const char *world, const struct world_moment *moment, FILE *out) {
    if (moment == NULL) {
        (void)fprintf(out, "    %s: nothing more\n", world);
    } else {
        (void)fprintf(out, "    %s: %s: %s\n        %s\n", world, world_moment_text(moment, "type"),
                      world_moment_words(moment), moment->said);
    }
}

// Up to the first difference: what follows may follow from it.
static size_t compare_way(const struct world_record *simulated, const struct world_record *real,
                          const char *way, FILE *out) {
    for (size_t i = 0;; i++) {
        const struct world_moment *a = moment_of(simulated, way, i);
        const struct world_moment *b = moment_of(real, way, i);
        if (a == NULL && b == NULL) {
            return 0;
        }
        if (a == NULL || b == NULL || strcmp(a->said, b->said) != 0) {
            (void)fprintf(out, "%s: number %zu differs\n", way, i + 1);
            tell_moment("simulated", a, out);
            tell_moment("real", b, out);
            return 1;
        }
    }
}

static bool is_new_way(const struct world_record *record, size_t i) {
    return world_record_passed(record, i, record->items[i].way) == 0;
}

size_t world_record_compare(const struct world_record *simulated, const struct world_record *real,
                            FILE *out) {
    size_t differences = 0;
    for (size_t i = 0; i < simulated->count; i++) {
        if (is_new_way(simulated, i)) {
            differences += compare_way(simulated, real, simulated->items[i].way, out);
        }
    }
    for (size_t i = 0; i < real->count; i++) {
        const char *way = real->items[i].way;
        if (is_new_way(real, i) && world_record_passed(simulated, simulated->count, way) == 0) {
            differences += compare_way(simulated, real, way, out);
        }
    }
    return differences;
}
