#include "session/master/master_tap.h"

#include <stdlib.h>

#include "base/assert.h"
#include "shell/clock.h"
#include "shell/tap_report.h"

// The mailbox of a gate, as it was noted last.
struct fill {
    uint32_t gate;
    uint64_t packets;
    uint64_t dropped;
};

// The capture, and the mailboxes that were not empty at the last look, by gate.
struct master_tap {
    struct tap *tap;
    struct memory memory;
    struct fill *fills;
    uint32_t fill_count;
    uint32_t fill_room;
    bool has_changed; // mailboxes may have, since the last look
};

struct master_tap *master_tap_open(const struct master_tap_options *options,
                                   struct tap_error *error) {
    struct master_tap *tap = calloc(1, sizeof *tap);
    ASSERT_MESSAGE(tap != NULL, "out of memory");
    memory_init(&tap->memory);
    tap->tap = tap_gate_open(&(struct tap_gate_options){.path = options->path,
                                                        .bytes_max = options->bytes_max,
                                                        .owner = {.kind = TAP_GATE_MASTER},
                                                        .port = options->port},
                             clock_unix_nanoseconds(), error);
    if (tap->tap == NULL) {
        master_tap_close(tap);
        return NULL;
    }
    return tap;
}

void master_tap_close(struct master_tap *tap) {
    if (tap != NULL) {
        tap_close(tap->tap);
        memory_free(&tap->memory, tap->fills, tap->fill_room * sizeof *tap->fills);
        free(tap);
    }
}

static void note(struct master_tap *tap, const struct tap_gate *gate) {
    tap_gate_note(tap->tap, gate, clock_unix_nanoseconds());
}

// As the router sees it; classic ones ask for a packet, and put some, without numbers.
static bool request_of(const struct master_request *request, struct gate_request *asked) {
    const struct store_request *store = &request->store;
    *asked = (struct gate_request){.gate = store->gate};
    switch (store->operation) {
    case STORE_LEASE:
        asked->kind = GATE_LEASE;
        return true;
    case STORE_UPLOAD:
    case STORE_PUT:
        asked->kind = GATE_UPLOAD;
        asked->number = store->first;
        if (store->packet_count > 0) {
            const uint8_t *first = store->packets->line.data;
            struct bytes last = store->packets[store->packet_count - 1].line;
            asked->lines = bytes_make(first, (size_t)(last.data + last.size - first));
        }
        return true;
    case STORE_TAKE:
    case STORE_POP:
        asked->kind = GATE_TAKE;
        asked->number = store->acknowledged;
        asked->wait_s = (unsigned)request->wait_s;
        return true;
    case STORE_GIVE_BACK:
        asked->kind = GATE_GIVE_BACK;
        return true;
    case STORE_RENEW:
    case STORE_LIST:
        break;
    }
    return false;
}

void master_tap_arrived(struct master_tap *tap, const struct master_request *request) {
    struct gate_request asked;
    char room[TAP_GATE_TEXT_SIZE];
    if (tap != NULL && request_of(request, &asked)) {
        struct tap_gate gate = tap_gate_of_request(&asked, room);
        note(tap, &gate);
    }
}

void master_tap_waits(struct master_tap *tap, const struct master_request *request) {
    if (tap != NULL) {
        note(tap, &(struct tap_gate){.kind = TAP_GATE_WAITS, .gate = request->store.gate});
    }
}

void master_tap_answered(struct master_tap *tap, const struct master_request *request) {
    const struct store_request *store = &request->store;
    struct gate_request asked;
    char room[TAP_GATE_TEXT_SIZE];
    if (tap == NULL || !request_of(request, &asked)) {
        return;
    }
    struct gate_answer answer = {.status = store->status,
                                 .gate = store->gate,
                                 .uploaded = store->uploaded,
                                 .accepted = store->accepted,
                                 .unreachable = store->unreachable,
                                 .last = store->last,
                                 .missing = store->missing,
                                 .lines = buffer_bytes(&store->lines)};
    struct tap_gate gate = tap_gate_of_answer(&asked, &answer, room);
    tap->has_changed = true;
    note(tap, &gate);
}

bool master_tap_wants_list(const struct master_tap *tap) {
    return tap != NULL && tap->has_changed;
}

static void note_mailbox(struct master_tap *tap, const struct store_gate *gate) {
    note(tap, &(struct tap_gate){.kind = TAP_GATE_MAILBOX,
                                 .gate = gate->gate,
                                 .packets = gate->packets,
                                 .bytes = gate->bytes,
                                 .more = gate->dropped});
}

// The former fills and the present ones, both by gate, are gone through side by side.
void master_tap_look(struct master_tap *tap, const struct store_request *list) {
    struct fill *fills = NULL;
    uint32_t count = 0;
    uint32_t room = 0;
    uint32_t old = 0;
    if (tap == NULL || list->status != GATE_OK) {
        return;
    }
    tap->has_changed = false;
    for (uint32_t i = 0; i < list->gate_count; i++) {
        const struct store_gate *gate = &list->gates[i];
        while (old < tap->fill_count && tap->fills[old].gate < gate->gate) {
            old++; // it is there no more
        }
        bool was_there = old < tap->fill_count && tap->fills[old].gate == gate->gate;
        struct fill former = was_there ? tap->fills[old] : (struct fill){.gate = gate->gate};
        if (former.packets != gate->packets || former.dropped != gate->dropped) {
            note_mailbox(tap, gate);
        }
        if (gate->packets > 0 || gate->dropped > 0) {
            fills = memory_grow(&tap->memory, fills, &room, count + 1, sizeof *fills);
            fills[count++] = (struct fill){gate->gate, gate->packets, gate->dropped};
        }
    }
    memory_free(&tap->memory, tap->fills, tap->fill_room * sizeof *tap->fills);
    tap->fills = fills;
    tap->fill_count = count;
    tap->fill_room = room;
}

void master_tap_flush(struct master_tap *tap, struct report *report) {
    tap_report_flush(tap == NULL ? NULL : tap->tap, report);
}

void master_tap_follow(struct master_tap *tap, struct report *report) {
    tap_report_follow(tap == NULL ? NULL : tap->tap, report);
}
