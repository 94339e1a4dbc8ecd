#include "watch/explain/explain.h"

#include "cipher/classic.h"
#include "cipher/sodium.h"
#include "role/line/connection.h"
#include "shell/terminal/columns.h"
#include "shell/printable.h"

#define TEXT_BYTES_MAX 120 // shown of a text
#define SEALED_BYTES_MAX 24

// ---- who is who -----------------------------------------------------------------------------

static void ignore_event(void *context, const struct role_event *event) {
    (void)context;
    (void)event;
}

void explain_init(struct explain *explain, struct memory *memory) {
    *explain = (struct explain){.port = {.memory = memory, .tell = ignore_event}};
}

void explain_deinit(struct explain *explain) {
    devices_deinit(&explain->devices, explain->port.memory);
}

static void put(struct explain *explain, const struct packet *join) {
    // Those for whom there is no room are shown by their address alone.
    (void)devices_put(&explain->devices, &explain->port, join, EXPLAIN_DEVICES_MAX, 0);
}

// By the part that it plays; what it said of itself is better.
static void infer(struct explain *explain, uint32_t address, enum device_kind kind) {
    if (address != PACKET_EVERYONE && devices_find(&explain->devices, address) == NULL) {
        struct packet join = {.sender = address, .type = PACKET_JOIN};
        packet_add(&join, bytes_of_text(device_kind_name(kind)));
        put(explain, &join);
    }
}

// A left without a name does not take away the one that is known.
static bool says_more(const struct explain *explain, const struct packet *packet) {
    return packet->element_count > 1 || (packet->element_count == 1 &&
                                         (packet->type == PACKET_JOIN ||
                                          devices_find(&explain->devices, packet->sender) == NULL));
}

void explain_learn(struct explain *explain, const struct packet *packet) {
    if (!packet_type_is_sealed(packet->type) && connection_check_unsealed(packet) != PACKET_OK) {
        return;
    }
    switch (packet->type) {
    case PACKET_JOIN:
    case PACKET_LEFT:
        if (says_more(explain, packet)) {
            put(explain, packet);
        }
        break;
    case PACKET_CREQ:
    case PACKET_SREQ:
        infer(explain, packet->sender, DEVICE_CLIENT);
        infer(explain, packet->receiver, DEVICE_BROKER);
        break;
    case PACKET_CRES:
    case PACKET_SRES:
        infer(explain, packet->sender, DEVICE_BROKER);
        infer(explain, packet->receiver, DEVICE_CLIENT);
        break;
    case PACKET_PUBL:
    case PACKET_PING:
    case PACKET_DISC:
    case PACKET_TYPES:
        break; // both sides send these
    }
}

enum device_kind explain_kind(const struct explain *explain, uint32_t address) {
    const struct device *device = devices_find(&explain->devices, address);
    return device == NULL ? DEVICE_OTHER : (enum device_kind)device->kind;
}

void explain_append_name(const struct explain *explain, uint32_t address, struct buffer *out) {
    const struct device *device = devices_find(&explain->devices, address);
    if (device == NULL || device->name_size == 0) {
        return;
    }
    size_t start = out->size;
    printable_append(out, device_name(device));
    struct bytes shown = bytes_make(out->data + start, out->size - start);
    if (columns_of(shown) > EXPLAIN_NAME_COLUMNS) {
        out->size = start + columns_cut(shown, EXPLAIN_NAME_COLUMNS - 1).size;
        buffer_append_text(out, "…");
    }
}

void explain_append_device(const struct explain *explain, uint32_t address, struct buffer *out) {
    if (address == PACKET_EVERYONE) {
        buffer_append_text(out, "everyone");
        return;
    }
    printable_format(out, "%s %u ", device_kind_name(explain_kind(explain, address)), address);
    size_t start = out->size;
    explain_append_name(explain, address, out);
    out->size -= out->size == start; // no name: no blank
}

// ---- parts of sentences ---------------------------------------------------------------------

// Appends up to `max` bytes of a text, and a "…" if there are more. False: there are.
static bool append_cut(struct buffer *out, struct bytes text, size_t max) {
    if (text.size <= max) {
        printable_append(out, text);
        return true;
    }
    size_t size = max;
    while (size > max - 3 && (text.data[size] & 0xc0) == 0x80) {
        size--; // not amid a character, if it is one
    }
    printable_append(out, bytes_make(text.data, size));
    buffer_append_text(out, "…");
    return false;
}

void explain_append_text(struct buffer *out, struct bytes text) {
    if (!append_cut(out, text, TEXT_BYTES_MAX)) {
        printable_format(out, " (%zu byte%s)", text.size, printable_plural(text.size));
    }
}

static struct bytes element_of(const struct packet *packet, unsigned place) {
    return packet->element_count > place ? packet->element[place] : (struct bytes){0};
}

static void append_element(struct buffer *out, const struct packet *packet, unsigned place) {
    struct bytes element = element_of(packet, place);
    if (element.size == 0) {
        buffer_append_text(out, "(nothing)");
    } else {
        explain_append_text(out, element);
    }
}

static void append_quoted(struct buffer *out, struct bytes text) {
    if (text.size > 0) {
        buffer_append_text(out, " \"");
        explain_append_text(out, text);
        buffer_append_text(out, "\"");
    }
}

// "200 OK"; a status that is none as it stands there.
static void append_status(struct buffer *out, const struct packet *packet) {
    unsigned status = status_read(element_of(packet, 0));
    if (status == STATUS_NONE) {
        append_element(out, packet, 0);
    } else {
        printable_format(out, "%u %s", status, status_text(status));
    }
}

static unsigned status_of(const struct packet *packet) {
    return status_read(element_of(packet, 0));
}

static bool names_sodium(struct bytes suite) {
    return cipher_suite_named(suite) == &cipher_sodium;
}

static bool is_no_key(struct bytes pre_key) {
    return pre_key.size == 0 || bytes_equal(pre_key, BYTES_LITERAL("0"));
}

// ---- sentences ------------------------------------------------------------------------------

static void write_join(const struct explain *explain, const struct packet *packet,
                       struct buffer *out) {
    if (packet->receiver == PACKET_EVERYONE) {
        buffer_append_text(out, "joins the network as ");
    } else {
        buffer_append_text(out, "tells ");
        explain_append_device(explain, packet->receiver, out);
        buffer_append_text(out, " that it is here: ");
    }
    append_element(out, packet, 0);
    append_quoted(out, element_of(packet, 1));
}

static void write_left(const struct explain *explain, const struct packet *packet,
                       struct buffer *out) {
    (void)explain;
    (void)packet;
    buffer_append_text(out, "leaves the network");
}

// A creq's and a cres's pre-key stands at `place`, the suite and its public key behind it.
static void append_keys(struct buffer *out, const struct packet *packet, unsigned place) {
    struct bytes suite = element_of(packet, place + 1);
    if (!is_no_key(element_of(packet, place))) {
        buffer_append_text(out, "; public pre-key ");
        append_element(out, packet, place);
        if (place == 0 && !names_sodium(suite)) {
            buffer_append_text(out, " (suite classic)");
        }
    }
    if (names_sodium(suite)) {
        buffer_append_text(out, "; suite sodium with public key ");
        (void)append_cut(out, element_of(packet, place + 2), SEALED_BYTES_MAX);
    }
}

static void write_creq(const struct explain *explain, const struct packet *packet,
                       struct buffer *out) {
    (void)explain;
    buffer_append_text(out, "asks for a connection");
    append_keys(out, packet, 0);
    struct bytes credentials = element_of(packet, 3);
    if (credentials.size > 0 && names_sodium(element_of(packet, 1))) {
        buffer_append_text(out, "; credentials, sealed");
    } else if (credentials.size > 0) {
        buffer_append_text(out, "; credentials, readable by all:");
        append_quoted(out, credentials);
    }
}

static void write_cres(const struct explain *explain, const struct packet *packet,
                       struct buffer *out) {
    (void)explain;
    unsigned status = status_of(packet);
    bool for_login = status == STATUS_UNAUTHORIZED && element_of(packet, 3).size > 0;
    buffer_append_text(out, status == STATUS_OK ? "accepts the connection ("
                            : for_login         ? "asks for credentials, sealed for its key ("
                                                : "refuses the connection (");
    append_status(out, packet);
    buffer_append_text(out, ")");
    if (status == STATUS_FORBIDDEN) {
        buffer_append_text(out, "; demands suite ");
        append_element(out, packet, 2);
    } else if (status == STATUS_OK || for_login) {
        append_keys(out, packet, 1);
    }
}

static void write_sreq(const struct explain *explain, const struct packet *packet,
                       struct buffer *out) {
    (void)explain;
    bool off = bytes_equal(element_of(packet, 1), BYTES_LITERAL("off"));
    buffer_append_text(out, off ? "unsubscribes from " : "subscribes to ");
    append_element(out, packet, 0);
}

static void write_sres(const struct explain *explain, const struct packet *packet,
                       struct buffer *out) {
    (void)explain;
    buffer_append_text(out, status_of(packet) == STATUS_OK ? "confirms " : "refuses ");
    append_element(out, packet, 1);
    buffer_append_text(out, " (");
    append_status(out, packet);
    buffer_append_text(out, ")");
}

static bool is_broker(const struct explain *explain, const struct packet *packet) {
    return explain_kind(explain, packet->sender) == DEVICE_BROKER;
}

static void write_publ(const struct explain *explain, const struct packet *packet,
                       struct buffer *out) {
    buffer_append_text(out, is_broker(explain, packet) ? "passes on " : "publishes ");
    append_element(out, packet, 0);
    buffer_append_text(out, " = ");
    append_element(out, packet, 1);
}

static void write_ping(const struct explain *explain, const struct packet *packet,
                       struct buffer *out) {
    buffer_append_text(out, is_broker(explain, packet) ? "asks: still there?" : "is still there");
}

static void write_disc(const struct explain *explain, const struct packet *packet,
                       struct buffer *out) {
    (void)explain;
    if (connection_is_unknown_to_peer(packet)) {
        buffer_append_text(out, "answers ");
        printable_format(out, "%u: %s", STATUS_UNAUTHORIZED, status_text(STATUS_UNAUTHORIZED));
        return;
    }
    buffer_append_text(out, "disconnects");
    if (packet->element_count > 0) {
        buffer_append_text(out, " (");
        append_status(out, packet);
        buffer_append_text(out, ")");
    }
}

// ---- all types ------------------------------------------------------------------------------

typedef void writer(const struct explain *explain, const struct packet *packet, struct buffer *out);

// By type: who writes of it; how many elements it has; what a sender does of whose sealed packet
// only that much is known, if a client and if a broker sends it.
static const struct {
    writer *write;
    unsigned elements;
    const char *sealed;
    const char *sealed_by_broker;
} rules[PACKET_TYPES] = {
    [PACKET_JOIN] = {.write = write_join, .elements = 1},
    [PACKET_LEFT] = {.write = write_left},
    [PACKET_CREQ] = {.write = write_creq, .elements = 1},
    [PACKET_CRES] = {.write = write_cres, .elements = 2},
    [PACKET_SREQ] = {write_sreq, 1, "subscribes to a topic", "subscribes to a topic"},
    [PACKET_SRES] = {write_sres, 2, "answers the request", "answers the request"},
    [PACKET_PUBL] = {write_publ, 2, "publishes an entry", "passes on an entry"},
    [PACKET_PING] = {write_ping, 0, "is still there", "asks: still there?"},
    [PACKET_DISC] = {write_disc, 0, "disconnects", "disconnects"},
};

static bool holds_status(const struct packet *packet) {
    return packet->type == PACKET_CRES || packet->type == PACKET_SRES;
}

enum packet_fault explain_check(const struct packet *packet, bool sealed) {
    if (sealed) {
        return PACKET_OK;
    }
    if (!packet_type_is_sealed(packet->type) && connection_check_unsealed(packet) != PACKET_OK) {
        return PACKET_FAULT_SIGNATURE;
    }
    if (packet->element_count < rules[packet->type].elements) {
        return PACKET_FAULT_MISSING;
    }
    return holds_status(packet) && status_of(packet) == STATUS_NONE ? PACKET_FAULT_CONTENT
                                                                    : PACKET_OK;
}

static void append_sealed(const struct explain *explain, const struct packet *packet,
                          struct buffer *out) {
    // The suite classic does not hide how many elements there are, and only `off` is a second one.
    bool off = packet->type == PACKET_SREQ && packet->element_count == 2;
    buffer_append_text(out, off                          ? "unsubscribes from a topic"
                            : is_broker(explain, packet) ? rules[packet->type].sealed_by_broker
                                                         : rules[packet->type].sealed);
    for (unsigned i = 0; i < packet->element_count; i++) {
        buffer_append_text(out, i == 0 ? " (sealed: " : ", ");
        (void)append_cut(out, packet->element[i], SEALED_BYTES_MAX);
    }
    buffer_append_text(out, packet->element_count > 0 ? ")" : "");
}

void explain_append_words(const struct explain *explain, const struct packet *packet, bool sealed,
                          struct buffer *out) {
    if (sealed) {
        append_sealed(explain, packet, out);
    } else {
        rules[packet->type].write(explain, packet, out);
    }
}
