#include "watch/watch_view.h"

#include <stdio.h>

#include "base/hash.h"
#include "role/line/connection.h"
#include "shell/terminal/columns.h"
#include "watch/explain/gate_explain.h"
#include "watch/ladder.h"
#include "watch/explain/mqtt_explain.h"
#include "watch/explain/mqtt_json.h"
#include "shell/printable.h"
#include "watch/explain/watch_json.h"
#include "watch/explain/weak_signature.h"
#include "watch/explain/why.h"

#define DEVICE_COLUMNS_MIN 12
#define DEVICE_COLUMNS_MAX 28 // of a device's name, which is cut then
#define NETWORK_COLUMNS_MAX 24
#define CLOCK_COLUMNS 8 // of a time without its date
#define MQTT_TYPE_COLUMNS 11
#define SECOND UINT64_C(1000000000)
#define MILLISECOND UINT64_C(1000000)
#define MILLISECOND_COLUMNS 4 // ".123"
#define TIME_SIZE (CLOCK_TEXT_SIZE + MILLISECOND_COLUMNS)

// What is known about one network.
struct watched {
    struct explain explain;
    struct eavesdrop eavesdrop;
    struct mqtt_tap *tap; // NULL: it is none, as far as is known
};

// What is known of each file, how wide its texts were so far, what was counted, and texts that are
// made for one item at a time.
struct watch_view {
    const struct watch_view_options *options;
    struct memory *memory;
    struct watched *watched;
    struct ladder ladder;
    struct gate_seen gates; // what routers and masters said
    size_t network_columns; // 0: there is one only, which is not named
    size_t time_columns;    // these are wide enough for all so far
    size_t device_columns;
    uint64_t lines;
    uint64_t faults[PACKET_FAULTS];
    struct buffer words;
    struct buffer note;
    struct buffer why;
    struct buffer text; // of one cell, or words and note
    struct buffer sender_name;
    struct buffer receiver_name;
    uint8_t parse_room[PACKET_LINE_MAX];
    uint8_t unseal_room[PACKET_LINE_MAX];
};

// Of what is shown of the networks' names; 0 if there is only one.
static size_t widest_network(const struct watch_view_options *options, struct buffer *text) {
    size_t widest = 0;
    for (size_t i = 0; i < options->network_count && options->network_count > 1; i++) {
        text->size = 0;
        printable_append(text, bytes_of_text(options->networks[i]));
        size_t columns = columns_of(buffer_bytes(text));
        widest = columns > widest ? columns : widest;
    }
    return widest < NETWORK_COLUMNS_MAX ? widest : NETWORK_COLUMNS_MAX;
}

struct watch_view *watch_view_create(const struct watch_view_options *options,
                                     struct memory *memory) {
    struct watch_view *view = memory_allocate(memory, sizeof *view);
    view->options = options;
    view->memory = memory;
    view->time_columns = CLOCK_COLUMNS;
    view->device_columns = DEVICE_COLUMNS_MIN;
    view->watched = memory_allocate(memory, options->network_count * sizeof *view->watched);
    for (size_t i = 0; i < options->network_count; i++) {
        explain_init(&view->watched[i].explain, memory);
        eavesdrop_init(&view->watched[i].eavesdrop, memory);
    }
    ladder_init(&view->ladder, options->width, options->colour);
    buffer_init(&view->words, memory);
    buffer_init(&view->note, memory);
    buffer_init(&view->why, memory);
    buffer_init(&view->text, memory);
    view->network_columns = widest_network(options, &view->text);
    buffer_init(&view->sender_name, memory);
    buffer_init(&view->receiver_name, memory);
    gate_seen_init(&view->gates, memory);
    return view;
}

void watch_view_destroy(struct watch_view *view) {
    size_t count = view->options->network_count;
    for (size_t i = 0; i < count; i++) {
        explain_deinit(&view->watched[i].explain);
        eavesdrop_deinit(&view->watched[i].eavesdrop);
        if (view->watched[i].tap != NULL) {
            mqtt_tap_destroy(view->watched[i].tap);
        }
    }
    memory_free(view->memory, view->watched, count * sizeof *view->watched);
    buffer_deinit(&view->words);
    buffer_deinit(&view->note);
    buffer_deinit(&view->why);
    buffer_deinit(&view->text);
    buffer_deinit(&view->sender_name);
    buffer_deinit(&view->receiver_name);
    gate_seen_deinit(&view->gates);
    memory_free(view->memory, view, sizeof *view);
}

// ---- rows -----------------------------------------------------------------------------------

static enum colour colour_of(enum packet_type type) {
    static const enum colour colours[PACKET_TYPES] = {
        [PACKET_JOIN] = COLOUR_GREEN,  [PACKET_LEFT] = COLOUR_GREEN, [PACKET_CREQ] = COLOUR_YELLOW,
        [PACKET_CRES] = COLOUR_YELLOW, [PACKET_SREQ] = COLOUR_BLUE,  [PACKET_SRES] = COLOUR_BLUE,
        [PACKET_PUBL] = COLOUR_CYAN,   [PACKET_PING] = COLOUR_FAINT, [PACKET_DISC] = COLOUR_MAGENTA,
    };
    return colours[type];
}

static void append_coloured(const struct watch_view *view, enum colour colour, struct bytes text,
                            struct buffer *out) {
    if (text.size > 0) {
        colour_set(out, view->options->colour, colour);
        buffer_append(out, text);
        colour_set(out, view->options->colour, COLOUR_PLAIN);
    }
}

// Appends what stands in `text` in the columns of a device.
static void append_end(struct watch_view *view, struct buffer *out) {
    size_t needed = columns_of(buffer_bytes(&view->text));
    needed = needed < DEVICE_COLUMNS_MAX ? needed : DEVICE_COLUMNS_MAX;
    view->device_columns = needed > view->device_columns ? needed : view->device_columns;
    columns_append(out, buffer_bytes(&view->text), view->device_columns);
}

static void append_device(struct watch_view *view, const struct watch_item *item, uint32_t address,
                          struct buffer *out) {
    view->text.size = 0;
    explain_append_device(item->explain, address, &view->text);
    append_end(view, out);
}

static void append_time(struct watch_view *view, const char *text, struct buffer *out) {
    struct bytes time = bytes_of_text(text);
    view->time_columns = time.size > view->time_columns ? time.size : view->time_columns;
    colour_set(out, view->options->colour, COLOUR_FAINT);
    columns_append(out, time, view->time_columns);
    colour_set(out, view->options->colour, COLOUR_PLAIN);
    buffer_append_text(out, "  ");
}

static void append_network(struct watch_view *view, const char *name, struct buffer *out) {
    if (view->network_columns > 0) {
        view->text.size = 0;
        printable_append(&view->text, bytes_of_text(name));
        columns_append(out, buffer_bytes(&view->text), view->network_columns);
        buffer_append_text(out, "  ");
    }
}

// The sender of a line that is no packet, as far as it is known, in the columns of both ends.
static void append_fragment(struct watch_view *view, const struct watch_item *item,
                            struct buffer *out) {
    view->text.size = 0;
    if (item->wire->sender != 0) {
        explain_append_device(item->explain, item->wire->sender, &view->text);
    }
    columns_append(out, buffer_bytes(&view->text), 2 * view->device_columns + 4);
    append_coloured(view, COLOUR_RED, BYTES_LITERAL("  ????  "), out);
}

static void append_ends(struct watch_view *view, const struct watch_item *item,
                        struct buffer *out) {
    append_device(view, item, item->wire->sender, out);
    buffer_append_text(out, " -> ");
    append_device(view, item, item->wire->receiver, out);
    buffer_append_text(out, "  ");
    append_coloured(view, item->colour, bytes_of_text(packet_type_name(item->wire->type)), out);
    buffer_append_text(out, "  ");
}

// What a packet is for, in a line of its own.
static void append_why(const struct watch_view *view, struct buffer *out) {
    if (view->why.size > 0) {
        buffer_append_text(out, "    ");
        append_coloured(view, COLOUR_FAINT, buffer_bytes(&view->why), out);
        buffer_append_byte(out, '\n');
    }
}

static void append_row(struct watch_view *view, const struct watch_item *item, struct buffer *out) {
    append_time(view, item->time, out);
    append_network(view, item->network_name, out);
    if (item->is_packet) {
        append_ends(view, item, out);
    } else {
        append_fragment(view, item, out);
    }
    append_coloured(view, item->is_packet ? COLOUR_PLAIN : COLOUR_RED, item->words, out);
    buffer_append_text(out, item->note.size > 0 ? "  " : "");
    append_coloured(view, COLOUR_RED, item->note, out);
    buffer_append_byte(out, '\n');
    append_why(view, out);
}

// ---- the ladder -----------------------------------------------------------------------------

// `name` holds the device's name until the step was appended.
static struct ladder_end end_of(const struct watch_view *view, const struct watch_item *item,
                                uint32_t address, struct buffer *name) {
    name->size = 0;
    explain_append_name(item->explain, address, name);
    return (struct ladder_end){
        .network = view->network_columns > 0 ? item->network_name : NULL,
        .address = address,
        .kind = device_kind_name(explain_kind(item->explain, address)),
        .name = buffer_bytes(name),
    };
}

// Of a time with its date only the time, which has so many columns.
static const char *clock_of(const char *time, size_t columns) {
    size_t size = strlen(time);
    return time + (size > columns ? size - columns : 0);
}

static void append_ladder(struct watch_view *view, const struct watch_item *item,
                          struct buffer *out) {
    struct ladder_step step = {.time = clock_of(item->time, CLOCK_COLUMNS),
                               .colour = item->colour,
                               .is_marked = item->is_unprotected,
                               .why = item->why};
    view->text.size = 0;
    buffer_append(&view->text, item->words);
    buffer_append_text(&view->text, item->note.size > 0 ? "; " : "");
    buffer_append(&view->text, item->note);
    step.words = buffer_bytes(&view->text);
    if (item->is_packet) {
        step.type = packet_type_name(item->wire->type);
        step.sender = end_of(view, item, item->wire->sender, &view->sender_name);
        step.receiver = end_of(view, item, item->wire->receiver, &view->receiver_name);
        step.sender_leaves = item->wire->type == PACKET_LEFT;
        ladder_append_step(&view->ladder, &step, out);
    } else {
        ladder_append_note(&view->ladder, &step, out);
    }
}

// ---- lines ----------------------------------------------------------------------------------

// The line as it stands in the file, but for what a terminal must not get; its TABs are let
// through.
static void append_line(struct bytes line, struct buffer *out) {
    while (line.size > 0) {
        const uint8_t *tab = memchr(line.data, '\t', line.size);
        size_t size = tab == NULL ? line.size : (size_t)(tab - line.data);
        printable_append(out, bytes_make(line.data, size));
        size_t used = size + (tab != NULL);
        buffer_append_text(out, tab == NULL ? "" : "\t");
        line = bytes_make(line.data + used, line.size - used);
    }
    buffer_append_byte(out, '\n');
}

static void append_item(struct watch_view *view, const struct watch_item *item,
                        struct buffer *out) {
    if (view->options->lines && view->options->form != WATCH_JSON) {
        append_line(item->line, out);
    }
    switch (view->options->form) {
    case WATCH_ROWS:
        append_row(view, item, out);
        break;
    case WATCH_LADDER:
        append_ladder(view, item, out);
        break;
    case WATCH_JSON:
        watch_json_append(item, view->options->raw, out);
        break;
    }
}

static bool is_wanted(const struct watch_view_options *options, const struct packet *packet) {
    bool is_any = (options->types | options->mqtt_types) == 0;
    bool type = is_any || (options->types & 1u << packet->type) != 0;
    bool ping = packet->type != PACKET_PING || !options->no_ping;
    bool address = options->address == 0 || packet->sender == options->address ||
                   packet->receiver == options->address;
    return type && ping && address;
}

static void explain_fault(struct watch_view *view, struct watch_item *item) {
    printable_format(&view->words, "no packet: %s: ", packet_fault_text(item->fault));
    explain_append_text(&view->words, item->line);
    item->colour = COLOUR_RED;
}

static void eavesdrop(struct watch_view *view, struct watch_item *item, struct packet *plain) {
    uint64_t start = view->options->steady();
    item->finding =
        eavesdrop_packet(&view->watched[item->network].eavesdrop, plain, view->unseal_room);
    eavesdrop_append_words(&item->finding, view->options->steady() - start, &view->note);
    item->is_readable |=
        item->finding.outcome == EAVESDROP_UNSEALED || item->finding.outcome == EAVESDROP_GUESSED;
}

static void separate_notes(struct watch_view *view) {
    buffer_append_text(&view->note, view->note.size > 0 ? "; " : "");
}

// Marks a packet whose signature says nothing about it. That of the suite `sodium` is always 0, and
// there the seal protects.
static void judge_signature(struct watch_view *view, struct watch_item *item,
                            const struct packet *plain) {
    if (plain->signature != 0 || item->fault == PACKET_FAULT_SIGNATURE) {
        return;
    }
    if (item->is_readable) {
        struct weak_signature weak = weak_signature_find(plain);
        item->is_unprotected = weak.free > 0;
        if (item->is_unprotected) {
            separate_notes(view);
            weak_signature_append_words(&weak, &view->note);
        }
    } else if (!eavesdrop_looks_like_sodium(item->wire)) {
        item->is_unprotected = true;
        separate_notes(view);
        buffer_append_text(&view->note, "signature 0: hardly any change would be noticed");
    }
}

// With one's own secret an exchange of pre-keys can be followed, without breaking anything.
static void hear_exchange(struct watch_view *view, struct watch_item *item,
                          const struct packet *wire) {
    bool is_part = wire->type == PACKET_CREQ || wire->type == PACKET_CRES;
    if (view->options->eavesdrop) {
        item->exchange = item->finding;
    } else if (is_part && view->options->secret != 0) {
        struct packet copy = *wire;
        item->exchange =
            eavesdrop_packet(&view->watched[item->network].eavesdrop, &copy, view->unseal_room);
    }
}

// `plain` is a copy of the packet, to be unsealed.
static void explain_packet(struct watch_view *view, struct watch_item *item, struct packet *plain) {
    item->is_sealed = packet_type_is_sealed(plain->type) && plain->element_count > 0 &&
                      !connection_is_unknown_to_peer(plain);
    item->is_readable = !item->is_sealed;
    if (view->options->eavesdrop) {
        eavesdrop(view, item, plain);
    }
    hear_exchange(view, item, item->wire);
    explain_learn(&view->watched[item->network].explain, item->wire);
    item->fault = explain_check(plain, !item->is_readable);
    item->colour = colour_of(plain->type);
    explain_append_words(item->explain, plain, !item->is_readable, &view->words);
    judge_signature(view, item, plain);
    if (item->fault != PACKET_OK) {
        separate_notes(view);
        printable_format(&view->note, "is dropped: %s", packet_fault_text(item->fault));
    }
}

void watch_view_resize(struct watch_view *view, size_t width) {
    ladder_resize(&view->ladder, width);
}

void watch_view_line(struct watch_view *view, uint32_t network, struct bytes line,
                     struct buffer *out) {
    struct packet wire = {.time_stamp = 0};
    struct watch_item item = {.network = network,
                              .network_name = view->options->networks[network],
                              .explain = &view->watched[network].explain,
                              .line = line,
                              .wire = &wire};
    view->words.size = view->note.size = view->why.size = 0;
    item.fault = packet_parse(&wire, line, view->parse_room);
    item.is_packet = item.fault == PACKET_OK;
    struct packet plain = wire;
    item.plain = &plain;
    if (item.is_packet) {
        explain_packet(view, &item, &plain);
    } else {
        explain_fault(view, &item);
    }
    view->lines++;
    view->faults[item.fault]++;
    char time[CLOCK_TEXT_SIZE] = "";
    if (wire.time_stamp != 0) {
        view->options->time_text(wire.time_stamp, time);
    }
    item.time = time;
    item.words = buffer_bytes(&view->words);
    item.note = buffer_bytes(&view->note);
    if (view->options->why) {
        why_append_line(&item, view->options->secret, &view->why);
        item.why = buffer_bytes(&view->why);
    }
    if (!item.is_packet || is_wanted(view->options, &wire)) {
        append_item(view, &item, out);
    }
}

// ---- taps -----------------------------------------------------------------------------------

// An event of a tap on its way to the output.
struct tap_step {
    struct watch_view *view;
    uint32_t network; // its place
    struct buffer *out;
};

static const char *name_of(const struct tap_step *step) {
    return step->view->options->networks[step->network];
}

static enum colour mqtt_colour_of(const struct mqtt_item *item) {
    static const enum colour colours[] = {
        [MQTT_CONNECT] = COLOUR_YELLOW, [MQTT_CONNACK] = COLOUR_YELLOW,
        [MQTT_PUBLISH] = COLOUR_CYAN,   [MQTT_PUBACK] = COLOUR_CYAN,
        [MQTT_PUBREC] = COLOUR_CYAN,    [MQTT_PUBREL] = COLOUR_CYAN,
        [MQTT_PUBCOMP] = COLOUR_CYAN,   [MQTT_SUBSCRIBE] = COLOUR_BLUE,
        [MQTT_SUBACK] = COLOUR_BLUE,    [MQTT_UNSUBSCRIBE] = COLOUR_BLUE,
        [MQTT_UNSUBACK] = COLOUR_BLUE,  [MQTT_PINGREQ] = COLOUR_FAINT,
        [MQTT_PINGRESP] = COLOUR_FAINT, [MQTT_DISCONNECT] = COLOUR_MAGENTA,
        [MQTT_AUTH] = COLOUR_YELLOW,
    };
    bool is_fault = item->note != NULL && item->note->kind != TAP_NOTE_ENDED &&
                    item->note->kind != TAP_NOTE_COMMENT;
    switch (item->kind) {
    case MQTT_ITEM_OPENED:
    case MQTT_ITEM_CLOSED:
        return mqtt_explain_is_bad_end(item) ? COLOUR_RED : COLOUR_GREEN;
    case MQTT_ITEM_LOST:
    case MQTT_ITEM_BROKEN:
        return COLOUR_RED;
    case MQTT_ITEM_NOTED:
    case MQTT_ITEM_PACKET:
        break;
    }
    if (is_fault || item->kind == MQTT_ITEM_NOTED) {
        return is_fault ? COLOUR_RED : COLOUR_PLAIN;
    }
    return item->fault != MQTT_SUCCESS ? COLOUR_RED : colours[item->type];
}

// Which of the files is the network of a tap's broker; network_count: none.
static size_t network_of(const struct watch_view *view, const struct tap_owner *owner) {
    const struct watch_view_options *options = view->options;
    size_t network = options->network_count;
    bool is_known = owner != NULL && owner->network != NULL && options->paths != NULL;
    for (size_t i = 0; i < options->network_count && is_known; i++) {
        network = strcmp(options->paths[i], owner->network) == 0 ? i : network;
    }
    return network;
}

// The broker as its network has it, or as far as the capture tells: by its address, by where it is,
// or by its port alone.
static void append_broker(const struct watch_view *view, const struct mqtt_item *item,
                          struct buffer *out) {
    const struct tap_owner *owner = item->owner;
    size_t network = network_of(view, owner);
    if (network < view->options->network_count) {
        explain_append_device(&view->watched[network].explain, owner->address, out);
    } else if (owner != NULL && owner->address != 0) {
        printable_format(out, "%s %u", owner->kind, owner->address);
        buffer_append_text(out, owner->name.size > 0 ? " " : "");
        printable_append(out, owner->name);
    } else if (item->broker != NULL && item->broker[0] != '\0') {
        printable_format(out, "broker %s", item->broker);
    } else {
        printable_format(out, "broker %u", item->port);
    }
}

static void append_mqtt_end(struct watch_view *view, const struct mqtt_item *item,
                            enum tap_direction end, struct buffer *out) {
    view->text.size = 0;
    if (end == TAP_FROM_CLIENT) {
        mqtt_explain_append_client(item, &view->text);
    } else {
        append_broker(view, item, &view->text);
    }
    append_end(view, out);
}

// From which side an item is drawn: an end from who ended it.
static enum tap_direction side_of(const struct mqtt_item *item) {
    bool is_end = item->kind == MQTT_ITEM_CLOSED && item->note != NULL;
    bool is_broker = is_end && item->note->side == TAP_SIDE_BROKER;
    return is_broker ? TAP_FROM_BROKER : is_end ? TAP_FROM_CLIENT : item->direction;
}

static void append_mqtt_row(const struct tap_step *step, const struct mqtt_item *item,
                            const char *time) {
    struct watch_view *view = step->view;
    struct buffer *out = step->out;
    enum colour colour = mqtt_colour_of(item);
    enum tap_direction from = side_of(item);
    append_time(view, time, out);
    append_network(view, name_of(step), out);
    append_mqtt_end(view, item, from, out);
    buffer_append_text(out, " -> ");
    append_mqtt_end(view, item, !from, out);
    buffer_append_text(out, "  ");
    colour_set(out, view->options->colour, colour);
    columns_append(out, bytes_of_text(mqtt_explain_name(item)), MQTT_TYPE_COLUMNS);
    colour_set(out, view->options->colour, COLOUR_PLAIN);
    buffer_append_text(out, "  ");
    append_coloured(view, colour == COLOUR_RED ? COLOUR_RED : COLOUR_PLAIN,
                    buffer_bytes(&view->words), out);
    buffer_append_byte(out, '\n');
    append_why(view, out);
}

static struct ladder_end client_end(const struct tap_step *step, const struct mqtt_item *item) {
    struct watch_view *view = step->view;
    view->sender_name.size = 0;
    printable_append(&view->sender_name,
                     item->is_client_known ? item->client_id : bytes_of_text(item->peer));
    return (struct ladder_end){.network = view->network_columns > 0 ? name_of(step) : NULL,
                               .address = item->client,
                               .kind = "client",
                               .name = buffer_bytes(&view->sender_name)};
}

// One broker has one column, whichever door: that of its network, if that is watched too.
static struct ladder_end broker_end(const struct tap_step *step, const struct mqtt_item *item) {
    struct watch_view *view = step->view;
    const struct tap_owner *owner = item->owner;
    size_t network = network_of(view, owner);
    struct ladder_end end = {.network = view->network_columns > 0 ? name_of(step) : NULL,
                             .address = item->port,
                             .is_door = true,
                             .kind = "broker"};
    view->receiver_name.size = 0;
    if (network < view->options->network_count) {
        explain_append_name(&view->watched[network].explain, owner->address, &view->receiver_name);
        printable_append(&view->receiver_name,
                         view->receiver_name.size > 0 ? (struct bytes){0} : owner->name);
        end.network = view->network_columns > 0 ? view->options->networks[network] : NULL;
        end.is_door = false;
        end.address = owner->address;
    } else if (owner != NULL && owner->address != 0) {
        printable_append(&view->receiver_name, owner->name);
        end.kind = owner->kind;
        end.address = owner->address;
    } else if (item->broker != NULL && item->broker[0] != '\0') {
        printable_append(&view->receiver_name, bytes_of_text(item->broker));
        end.place = hash_bytes(bytes_of_text(item->broker), 0);
    }
    end.name = buffer_bytes(&view->receiver_name);
    return end;
}

static enum ladder_shape shape_of(const struct mqtt_item *item) {
    enum tap_note_kind kind = item->note == NULL ? TAP_NOTE_NONE : item->note->kind;
    if (kind == TAP_NOTE_ENDED) {
        return item->note->side == TAP_SIDE_NETWORK ? LADDER_CUT : LADDER_ARROW;
    }
    return kind == TAP_NOTE_DROPPED || kind == TAP_NOTE_REFUSED ? LADDER_DROPPED
           : kind == TAP_NOTE_DELAYED                           ? LADDER_DELAYED
           : kind == TAP_NOTE_HELD                              ? LADDER_HELD
                                                                : LADDER_ARROW;
}

static void append_mqtt_ladder(const struct tap_step *step, const struct mqtt_item *item,
                               const char *time) {
    struct watch_view *view = step->view;
    bool is_from_client = side_of(item) == TAP_FROM_CLIENT;
    bool is_end = item->kind == MQTT_ITEM_CLOSED;
    struct ladder_end client = client_end(step, item);
    struct ladder_end broker = broker_end(step, item);
    struct ladder_step drawn = {.time = clock_of(time, CLOCK_COLUMNS + MILLISECOND_COLUMNS),
                                .sender = is_from_client ? client : broker,
                                .receiver = is_from_client ? broker : client,
                                .type = mqtt_explain_short_name(item),
                                .shape = shape_of(item),
                                .colour = mqtt_colour_of(item),
                                .words = buffer_bytes(&view->words),
                                .why = buffer_bytes(&view->why),
                                .sender_leaves = is_end && is_from_client,
                                .receiver_leaves = is_end && !is_from_client};
    if (is_end && (item->note == NULL || item->note->side == TAP_SIDE_UNKNOWN)) {
        drawn.receiver = client;
    }
    if (item->kind == MQTT_ITEM_OPENED) {
        ladder_append_note(&view->ladder, &drawn, step->out); // nobody has a lane yet
    } else {
        ladder_append_step(&view->ladder, &drawn, step->out);
    }
}

static bool is_mqtt_wanted(const struct watch_view_options *options, const struct mqtt_item *item) {
    bool is_any = (options->types | options->mqtt_types) == 0;
    bool is_ping = item->type == MQTT_PINGREQ || item->type == MQTT_PINGRESP;
    bool is_fault = item->kind == MQTT_ITEM_LOST || item->kind == MQTT_ITEM_BROKEN ||
                    item->kind == MQTT_ITEM_NOTED;
    return (is_any || is_fault || (options->mqtt_types & 1u << item->type) != 0) &&
           !(is_ping && options->no_ping) && options->address == 0;
}

static void write_time(const struct watch_view *view, uint64_t unix_ns,
                       char time[static TIME_SIZE]) {
    char text[CLOCK_TEXT_SIZE];
    view->options->time_text(unix_ns / SECOND, text);
    (void)snprintf(time, TIME_SIZE, "%s.%03u", text, (unsigned)(unix_ns % SECOND / MILLISECOND));
}

static void take_item(void *context, const struct mqtt_item *item) {
    const struct tap_step *step = context;
    struct watch_view *view = step->view;
    if (!is_mqtt_wanted(view->options, item)) {
        return;
    }
    char time[TIME_SIZE];
    write_time(view, item->unix_ns, time);
    view->words.size = view->why.size = 0;
    mqtt_explain_append_words(item, &view->words);
    if (view->options->form != WATCH_JSON) {
        mqtt_explain_append_size(item, &view->words);
    }
    if (view->options->why) {
        why_append_mqtt(item, &view->why);
    }
    switch (view->options->form) {
    case WATCH_ROWS:
        append_mqtt_row(step, item, time);
        break;
    case WATCH_LADDER:
        append_mqtt_ladder(step, item, time);
        break;
    case WATCH_JSON:
        mqtt_json_append(item, name_of(step),
                         &(struct mqtt_json_words){buffer_bytes(&view->words),
                                                   buffer_bytes(&view->why), view->options->raw},
                         step->out);
        break;
    }
}

// ---- taps of routers and masters --------------------------------------------------------------

// What one of the two says, with all that is drawn of it.
struct gate_step {
    const struct tap_step *step;
    const struct tap_event *event;
    struct tap_gate gate;
    char time[TIME_SIZE];
};

static bool is_of_gates(const struct tap_event *event) {
    const struct tap_owner *owner = event->owner;
    return owner != NULL &&
           (strcmp(owner->kind, TAP_GATE_ROUTER) == 0 || strcmp(owner->kind, TAP_GATE_MASTER) == 0);
}

// The network of a gate's router: its tap names it, or its join was seen there.
static const char *network_of_router(const struct gate_step *step) {
    const struct watch_view *view = step->step->view;
    uint32_t router = packet_address_global(step->gate.gate, 0);
    const struct tap_owner *owner = step->event->owner;
    size_t network = network_of(view, owner);
    for (size_t i = 0; i < view->options->network_count; i++) {
        network = explain_kind(&view->watched[i].explain, router) == DEVICE_ROUTER ? i : network;
    }
    return network < view->options->network_count ? view->options->networks[network] : NULL;
}

static struct ladder_end gate_end(const struct gate_step *step, enum tap_direction side) {
    static const char no_network[] = "";
    bool has_networks = step->step->view->network_columns > 0;
    struct ladder_end end = {.network = has_networks ? no_network : NULL,
                             .address = step->event->port,
                             .is_door = true,
                             .kind = TAP_GATE_MASTER};
    if (side == TAP_FROM_CLIENT) {
        const char *network = has_networks ? network_of_router(step) : NULL;
        end.network = network != NULL ? network : end.network;
        end.address = packet_address_global(step->gate.gate, 0);
        end.is_door = step->gate.gate == 0;
        end.kind = TAP_GATE_ROUTER;
    } else {
        end.place = hash_bytes(bytes_of_text(TAP_GATE_MASTER), 0);
    }
    return end;
}

static void append_gate_end(const struct gate_step *step, enum tap_direction side) {
    struct watch_view *view = step->step->view;
    struct ladder_end end = gate_end(step, side);
    view->text.size = 0;
    printable_format(&view->text, "%s %u", end.kind, end.address);
    append_end(view, step->step->out);
}

static void append_gate_row(const struct gate_step *step) {
    struct watch_view *view = step->step->view;
    struct buffer *out = step->step->out;
    enum tap_direction from = tap_gate_direction(step->gate.kind);
    append_time(view, step->time, out);
    append_network(view, name_of(step->step), out);
    append_gate_end(step, from);
    buffer_append_text(out, " -> ");
    append_gate_end(step, gate_explain_is_of_master(&step->gate) ? from : !from);
    buffer_append_text(out, "  ");
    colour_set(out, view->options->colour, gate_explain_colour(&step->gate));
    columns_append(out, bytes_of_text(gate_explain_name(&step->gate)), MQTT_TYPE_COLUMNS);
    colour_set(out, view->options->colour, COLOUR_PLAIN);
    buffer_append_text(out, "  ");
    buffer_append(out, buffer_bytes(&view->words));
    buffer_append_byte(out, '\n');
    append_why(view, out);
}

static void append_gate_ladder(const struct gate_step *step) {
    struct watch_view *view = step->step->view;
    enum tap_direction from = tap_gate_direction(step->gate.kind);
    bool is_alone = gate_explain_is_of_master(&step->gate);
    bool is_bye = step->gate.kind == TAP_GATE_GAVE_BACK;
    struct ladder_step drawn = {.time = clock_of(step->time, CLOCK_COLUMNS + MILLISECOND_COLUMNS),
                                .sender = gate_end(step, from),
                                .receiver = gate_end(step, is_alone ? from : !from),
                                .type = gate_explain_name(&step->gate),
                                .colour = gate_explain_colour(&step->gate),
                                .words = buffer_bytes(&view->words),
                                .why = buffer_bytes(&view->why),
                                .sender_leaves = false,
                                .receiver_leaves = is_bye};
    ladder_append_step(&view->ladder, &drawn, step->step->out);
}

static void append_gate(const struct gate_step *step) {
    struct watch_view *view = step->step->view;
    switch (view->options->form) {
    case WATCH_ROWS:
        append_gate_row(step);
        break;
    case WATCH_LADDER:
        append_gate_ladder(step);
        break;
    case WATCH_JSON:
        gate_json_append(&step->gate,
                         &(struct gate_json){.network = name_of(step->step),
                                             .unix_ns = step->event->unix_ns,
                                             .words = buffer_bytes(&view->words),
                                             .why = buffer_bytes(&view->why)},
                         step->step->out);
        break;
    }
}

static void take_gate_event(const struct tap_step *tap_step, const struct tap_event *event) {
    struct watch_view *view = tap_step->view;
    const struct watch_view_options *options = view->options;
    struct gate_step step = {.step = tap_step, .event = event};
    bool is_wanted = (options->types | options->mqtt_types) == 0 && options->address == 0;
    if (!is_wanted || event->kind != TAP_NOTED || event->note == NULL ||
        event->note->kind != TAP_NOTE_COMMENT || !tap_gate_read(event->note->text, &step.gate) ||
        !gate_seen_is_new(&view->gates, tap_step->network, &step.gate)) {
        return;
    }
    write_time(view, event->unix_ns, step.time);
    view->words.size = view->why.size = 0;
    gate_explain_append_words(&step.gate, &view->words);
    if (options->why) {
        gate_explain_append_why(&step.gate, &view->why);
    }
    append_gate(&step);
}

void watch_view_tap(struct watch_view *view, uint32_t network, const struct tap_event *event,
                    struct buffer *out) {
    struct watched *watched = &view->watched[network];
    struct tap_step step = {view, network, out};
    if (watched->tap == NULL) {
        watched->tap = mqtt_tap_create(view->memory);
        ladder_fit_types(&view->ladder, MQTT_SHORT_NAME_MAX);
        ladder_show_milliseconds(&view->ladder);
    }
    if (is_of_gates(event)) {
        take_gate_event(&step, event);
    } else {
        mqtt_tap_event(watched->tap, event, &(struct mqtt_item_taker){&step, take_item});
    }
}

void watch_view_append_faults(const struct watch_view *view, struct buffer *out) {
    uint64_t dropped = view->lines - view->faults[PACKET_OK];
    if (dropped == 0) {
        return;
    }
    printable_format(out, "%llu of %llu lines are dropped:", (unsigned long long)dropped,
                     (unsigned long long)view->lines);
    const char *separator = " ";
    for (int fault = PACKET_OK + 1; fault < PACKET_FAULTS; fault++) {
        if (view->faults[fault] > 0) {
            printable_format(out, "%s%llu because %s", separator,
                             (unsigned long long)view->faults[fault],
                             packet_fault_text((enum packet_fault)fault));
            separator = ", ";
        }
    }
    buffer_append_byte(out, '\n');
}
