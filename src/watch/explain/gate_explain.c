#include "watch/explain/gate_explain.h"

#include <stdlib.h>

#include "shell/listing.h"
#include "shell/printable.h"

#define SECOND UINT64_C(1000000000)

// The short name, why it is said, and in JSON what `number` and `more` are called; NULL: it has
// none.
static const struct {
    const char *name;
    const char *why;
    enum colour colour;
    const char *number;
    const char *more;
} kinds[TAP_GATE_KINDS] = {
    [TAP_GATE_LEASE] = {"lease",
                        "a gate is held by one router at a time: the lease names it, and a secret "
                        "keeps others away",
                        COLOUR_YELLOW, NULL, NULL},
    [TAP_GATE_LEASED] = {"leased",
                         "from now on others reach the router's network behind this gate; the "
                         "router goes on behind the last packet that the master knows",
                         COLOUR_YELLOW, "last", NULL},
    [TAP_GATE_UPLOAD] = {"upload",
                         "packets for other networks go up in batches; they are numbered, so that "
                         "a batch that is sent twice counts once",
                         COLOUR_CYAN, "first", NULL},
    [TAP_GATE_UPLOADED] = {"stored",
                           "the master has them in the mailboxes of their gates, for good: the "
                           "router may forget them",
                           COLOUR_CYAN, "last", "unreachable"},
    [TAP_GATE_ASK] = {"ask",
                      "the number says which packets have arrived, so the master may delete those; "
                      "it may wait with its answer, so that nobody has to ask again and again",
                      COLOUR_FAINT, "behind", "seconds"},
    [TAP_GATE_WAITS] = {"waits",
                        "a long poll: the answer comes with the first packet, or when the time is "
                        "over",
                        COLOUR_FAINT, NULL, NULL},
    [TAP_GATE_GIVEN] = {"given",
                        "they stay in the mailbox until the router asks behind them: so an answer "
                        "that is lost is given again",
                        COLOUR_CYAN, "last", "missing"},
    [TAP_GATE_GIVE_BACK] = {"back", "the router ends, and others may have its gate", COLOUR_GREEN,
                            NULL, NULL},
    [TAP_GATE_GAVE_BACK] = {"bye", "the gate is free, and its mailbox is gone", COLOUR_GREEN, NULL,
                            NULL},
    [TAP_GATE_FAILED] = {"failed", "the router tries again, later and later, and keeps its packets",
                         COLOUR_RED, NULL, NULL},
    [TAP_GATE_MAILBOX] = {"mailbox",
                          "packets wait here until the gate's router asks for them; when it is "
                          "full, the oldest are dropped",
                          COLOUR_MAGENTA, NULL, "dropped"},
};

const char *gate_explain_name(const struct tap_gate *gate) {
    return kinds[gate->kind].name;
}

enum colour gate_explain_colour(const struct tap_gate *gate) {
    bool has_lost = (gate->kind == TAP_GATE_GIVEN || gate->kind == TAP_GATE_MAILBOX ||
                     gate->kind == TAP_GATE_UPLOADED) &&
                    gate->more > 0;
    return has_lost ? COLOUR_RED : kinds[gate->kind].colour;
}

bool gate_explain_is_of_master(const struct tap_gate *gate) {
    return gate->kind == TAP_GATE_WAITS || gate->kind == TAP_GATE_MAILBOX;
}

// "3 packets, 210 bytes"
static void append_amount(const struct tap_gate *gate, struct buffer *out) {
    printable_format(out, "%llu packet%s, %llu byte%s", (unsigned long long)gate->packets,
                     printable_plural(gate->packets), (unsigned long long)gate->bytes,
                     printable_plural(gate->bytes));
}

static void append_given(const struct tap_gate *gate, struct buffer *out) {
    if (gate->packets == 0) {
        buffer_append_text(out, "has nothing to give");
    } else {
        buffer_append_text(out, "gives ");
        append_amount(gate, out);
        printable_format(out, ", up to number %llu", (unsigned long long)gate->number);
    }
    if (gate->more > 0) {
        printable_format(out, "; %llu were dropped before, since the mailbox was full",
                         (unsigned long long)gate->more);
    }
}

static void append_mailbox(const struct tap_gate *gate, struct buffer *out) {
    printable_format(out, "the mailbox of gate %u holds ", gate->gate);
    append_amount(gate, out);
    if (gate->more > 0) {
        printable_format(out, "; %llu were dropped", (unsigned long long)gate->more);
    }
}

static void append_lease(const struct tap_gate *gate, struct buffer *out) {
    buffer_append_text(out, "asks for ");
    if (gate->gate == 0) {
        buffer_append_text(out, "any gate");
    } else {
        printable_format(out, "gate %u", gate->gate);
    }
}

static void append_uploaded(const struct tap_gate *gate, struct buffer *out) {
    printable_format(out, "has them up to number %llu; %llu new", (unsigned long long)gate->number,
                     (unsigned long long)gate->packets);
    if (gate->more > 0) {
        printable_format(out, ", %llu for gates that nobody holds", (unsigned long long)gate->more);
    }
}

void gate_explain_append_words(const struct tap_gate *gate, struct buffer *out) {
    switch (gate->kind) {
    case TAP_GATE_LEASE:
        append_lease(gate, out);
        break;
    case TAP_GATE_LEASED:
        printable_format(out, "leases gate %u; it has its packets up to number %llu", gate->gate,
                         (unsigned long long)gate->number);
        break;
    case TAP_GATE_UPLOAD:
        buffer_append_text(out, "uploads ");
        append_amount(gate, out);
        printable_format(out, ", from number %llu", (unsigned long long)gate->number);
        break;
    case TAP_GATE_UPLOADED:
        append_uploaded(gate, out);
        break;
    case TAP_GATE_ASK:
        printable_format(out, "asks for packets behind number %llu; may wait %llu s",
                         (unsigned long long)gate->number, (unsigned long long)gate->more);
        break;
    case TAP_GATE_WAITS:
        printable_format(out, "the request of gate %u waits: its mailbox is empty", gate->gate);
        break;
    case TAP_GATE_GIVEN:
        append_given(gate, out);
        break;
    case TAP_GATE_GIVE_BACK:
        printable_format(out, "gives gate %u back", gate->gate);
        break;
    case TAP_GATE_GAVE_BACK:
        printable_format(out, "gate %u is free", gate->gate);
        break;
    case TAP_GATE_FAILED:
        buffer_append_text(out, "does not answer as asked");
        break;
    case TAP_GATE_MAILBOX:
        append_mailbox(gate, out);
        break;
    case TAP_GATE_KINDS:
        break;
    }
    if (gate->text.size > 0) {
        buffer_append_text(out, ": ");
        printable_append(out, gate->text);
    }
}

void gate_explain_append_why(const struct tap_gate *gate, struct buffer *out) {
    buffer_append_text(out, kinds[gate->kind].why);
}

static void set_number(json_t *object, const char *key, uint64_t number) {
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

static void set_numbers(json_t *object, const struct tap_gate *gate) {
    bool has_packets = gate->kind == TAP_GATE_UPLOAD || gate->kind == TAP_GATE_UPLOADED ||
                       gate->kind == TAP_GATE_GIVEN || gate->kind == TAP_GATE_MAILBOX;
    set_number(object, "gate", gate->gate);
    if (kinds[gate->kind].number != NULL) {
        set_number(object, kinds[gate->kind].number, gate->number);
    }
    if (has_packets) {
        set_number(object, "packets", gate->packets);
    }
    if (has_packets && gate->kind != TAP_GATE_UPLOADED) {
        set_number(object, "bytes", gate->bytes);
    }
    if (kinds[gate->kind].more != NULL) {
        set_number(object, kinds[gate->kind].more, gate->more);
    }
}

void gate_json_append(const struct tap_gate *gate, const struct gate_json *json,
                      struct buffer *out) {
    json_t *object = json_object();
    bool is_of_router = tap_gate_direction(gate->kind) == TAP_FROM_CLIENT;
    set_number(object, "time", json->unix_ns / SECOND);
    set_number(object, "nanoseconds", json->unix_ns % SECOND);
    listing_set_bytes(object, "network", bytes_of_text(json->network));
    json_object_set_new(object, "from", json_string(is_of_router ? "router" : "master"));
    json_object_set_new(object, "type", json_string(kinds[gate->kind].name));
    set_numbers(object, gate);
    listing_set_bytes(object, "words", json->words);
    if (json->why.size > 0) {
        listing_set_bytes(object, "why", json->why);
    }
    char *text = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);
    buffer_append_text(out, text);
    buffer_append_byte(out, '\n');
    free(text);
    json_decref(object);
}

// ---- what was seen ----------------------------------------------------------------------------

void gate_seen_init(struct gate_seen *seen, struct memory *memory) {
    *seen = (struct gate_seen){.memory = memory};
    map_init(&seen->places, memory, 0);
}

void gate_seen_deinit(struct gate_seen *seen) {
    memory_free(seen->memory, seen->items, seen->capacity * sizeof *seen->items);
    map_deinit(&seen->places);
}

bool gate_seen_is_new(struct gate_seen *seen, uint32_t file, const struct tap_gate *gate) {
    uint64_t key = (uint64_t)gate->gate << 8 | gate->kind;
    struct gate_seen_item item = {file, gate->number, gate->packets};
    uint32_t place = map_get(&seen->places, key);
    if (place == MAP_NONE && seen->count == GATE_SEEN_MAX) {
        return true;
    }
    if (place == MAP_NONE) {
        seen->items = memory_grow(seen->memory, seen->items, &seen->capacity, seen->count + 1,
                                  sizeof *seen->items);
        place = seen->count++;
        map_put(&seen->places, key, place);
    } else {
        const struct gate_seen_item *former = &seen->items[place];
        bool is_same = former->number == item.number && former->packets == item.packets;
        if (is_same && former->file != item.file) {
            return false;
        }
    }
    seen->items[place] = item;
    return true;
}
