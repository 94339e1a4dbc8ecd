#include "medium/capture/tap_gate.h"

#include <stdio.h>

#include "base/assert.h"
#include "base/decimal.h"

#define SHOWN_MAX 3 // packets of a batch that are named
#define WORD_MAX 24 // bytes of a field of a line that are taken

// What a note says, with a % where each of its numbers stands: gate, number, packets, bytes, more,
// as far as the letters go.
static const struct {
    const char *words;
    const char *numbers; // letters of these, in the order of the words
    enum tap_direction direction;
} kinds[TAP_GATE_KINDS] = {
    [TAP_GATE_LEASE] = {"gate % asks for a lease", "g", TAP_FROM_CLIENT},
    [TAP_GATE_LEASED] = {"gate % is leased, known up to %", "gn", TAP_FROM_BROKER},
    [TAP_GATE_UPLOAD] = {"gate % uploads % packets from %, % bytes", "gpnb", TAP_FROM_CLIENT},
    [TAP_GATE_UPLOADED] = {"gate % uploaded up to %, % new, % unreachable", "gnpm",
                           TAP_FROM_BROKER},
    [TAP_GATE_ASK] = {"gate % asks for packets behind %, up to % s", "gnm", TAP_FROM_CLIENT},
    [TAP_GATE_WAITS] = {"gate % waits", "g", TAP_FROM_BROKER},
    [TAP_GATE_GIVEN] = {"gate % is given % packets up to %, % bytes, % missing", "gpnbm",
                        TAP_FROM_BROKER},
    [TAP_GATE_GIVE_BACK] = {"gate % is to be given back", "g", TAP_FROM_CLIENT},
    [TAP_GATE_GAVE_BACK] = {"gate % was given back", "g", TAP_FROM_BROKER},
    [TAP_GATE_FAILED] = {"gate % gets no answer to that", "g", TAP_FROM_BROKER},
    [TAP_GATE_MAILBOX] = {"gate % has a mailbox of % packets, % bytes, % dropped", "gpbm",
                          TAP_FROM_BROKER},
};

enum tap_direction tap_gate_direction(enum tap_gate_kind kind) {
    return kinds[kind].direction;
}

// ---- writing and reading ----------------------------------------------------------------------

static uint64_t number_of(const struct tap_gate *gate, char letter) {
    return letter == 'g'   ? gate->gate
           : letter == 'n' ? gate->number
           : letter == 'p' ? gate->packets
           : letter == 'b' ? gate->bytes
                           : gate->more;
}

static void set_number(struct tap_gate *gate, char letter, uint64_t number) {
    if (letter == 'g') {
        gate->gate = (uint32_t)number;
    } else if (letter == 'n') {
        gate->number = number;
    } else if (letter == 'p') {
        gate->packets = number;
    } else if (letter == 'b') {
        gate->bytes = number;
    } else {
        gate->more = number;
    }
}

static uint8_t *put(uint8_t *out, struct bytes bytes) {
    memcpy(out, bytes.data, bytes.size);
    return out + bytes.size;
}

size_t tap_gate_write(const struct tap_gate *gate, char out[static TAP_NOTE_TEXT_MAX]) {
    const char *letter = kinds[gate->kind].numbers;
    uint8_t *at = (uint8_t *)out;
    uint8_t *end = at + TAP_NOTE_TEXT_MAX;
    for (const char *word = kinds[gate->kind].words; *word != '\0'; word++) {
        if (*word == '%') {
            at = decimal_write(at, number_of(gate, *letter++));
        } else {
            *at++ = (uint8_t)*word;
        }
        ASSERT(at <= end);
    }
    if (gate->text.size > 0 && end - at > 2) {
        size_t room = (size_t)(end - at) - 2;
        size_t size = gate->text.size < room ? gate->text.size : room;
        at = put(put(at, BYTES_LITERAL(": ")), bytes_make(gate->text.data, size));
    }
    return (size_t)(at - (uint8_t *)out);
}

// The digits that the comment goes on with.
static bool take_number(struct bytes *rest, uint64_t *number) {
    size_t digits = 0;
    while (digits < rest->size && rest->data[digits] >= '0' && rest->data[digits] <= '9') {
        digits++;
    }
    bool is_right = decimal_read(bytes_make(rest->data, digits), UINT64_MAX, number);
    *rest = bytes_make(rest->data + digits, rest->size - digits);
    return is_right;
}

static bool read_kind(struct bytes rest, enum tap_gate_kind kind, struct tap_gate *gate) {
    const char *letter = kinds[kind].numbers;
    *gate = (struct tap_gate){.kind = kind};
    for (const char *word = kinds[kind].words; *word != '\0'; word++) {
        uint64_t number;
        if (*word != '%') {
            if (rest.size == 0 || rest.data[0] != (uint8_t)*word) {
                return false;
            }
            rest = bytes_make(rest.data + 1, rest.size - 1);
        } else if (take_number(&rest, &number) && (*letter != 'g' || number <= UINT32_MAX)) {
            set_number(gate, *letter++, number);
        } else {
            return false;
        }
    }
    bool has_text = rest.size > 2 && memcmp(rest.data, ": ", 2) == 0;
    gate->text = has_text ? bytes_make(rest.data + 2, rest.size - 2) : (struct bytes){0};
    return has_text || rest.size == 0;
}

bool tap_gate_read(struct bytes comment, struct tap_gate *gate) {
    for (int kind = 0; kind < TAP_GATE_KINDS; kind++) {
        if (read_kind(comment, (enum tap_gate_kind)kind, gate)) {
            return true;
        }
    }
    return false;
}

struct tap *tap_gate_open(const struct tap_gate_options *options, uint64_t unix_ns,
                          struct tap_error *error) {
    struct tap *tap = tap_open(options->path, error);
    if (tap != NULL) {
        tap_limit(tap, options->bytes_max);
        tap_set_owner(tap, &options->owner);
        tap_stream_opened(tap, TAP_GATE_STREAM, "unix", options->port, unix_ns);
    }
    return tap;
}

void tap_gate_note(struct tap *tap, const struct tap_gate *gate, uint64_t unix_ns) {
    char comment[TAP_NOTE_TEXT_MAX];
    size_t size = tap_gate_write(gate, comment);
    tap_noted(
        tap, TAP_GATE_STREAM,
        &(struct tap_noted){.direction = kinds[gate->kind].direction,
                            .note = {.kind = TAP_NOTE_COMMENT, .text = bytes_make(comment, size)}},
        unix_ns);
}

// ---- requests and answers ---------------------------------------------------------------------

static uint64_t count_lines(struct bytes lines) {
    uint64_t count = 0;
    for (size_t i = 0; i < lines.size; i++) {
        count += lines.data[i] == '\n';
    }
    return count;
}

// The field up to the next TAB, taken off the line.
static struct bytes take_field(struct bytes *line) {
    const uint8_t *tab = line->size > 0 ? memchr(line->data, '\t', line->size) : NULL;
    size_t size = tab == NULL ? line->size : (size_t)(tab - line->data);
    struct bytes field = bytes_make(line->data, size < WORD_MAX ? size : WORD_MAX);
    size_t step = tab == NULL ? size : size + 1;
    *line = bytes_make(line->data + step, line->size - step);
    return field;
}

// "publ 7580 to 8083"
static size_t name_packet(struct bytes line, const char *before, char *out, size_t room) {
    (void)take_field(&line);
    struct bytes sender = take_field(&line);
    struct bytes receiver = take_field(&line);
    struct bytes type = take_field(&line);
    bool is_for_all = receiver.size == 1 && receiver.data[0] == '0';
    struct bytes to = is_for_all ? BYTES_LITERAL("all") : receiver;
    int size =
        snprintf(out, room, "%s%.*s %.*s to %.*s", before, (int)type.size, (const char *)type.data,
                 (int)sender.size, (const char *)sender.data, (int)to.size, (const char *)to.data);
    return size > 0 && (size_t)size < room ? (size_t)size : 0;
}

// The first packets; the lines are whole.
static struct bytes name_packets(struct bytes lines, char room[static TAP_GATE_TEXT_SIZE]) {
    size_t size = 0;
    for (unsigned i = 0; i < SHOWN_MAX && lines.size > 0; i++) {
        const uint8_t *end = memchr(lines.data, '\n', lines.size);
        size_t length = end == NULL ? lines.size : (size_t)(end - lines.data);
        size += name_packet(bytes_make(lines.data, length), i == 0 ? "" : ", ", room + size,
                            TAP_GATE_TEXT_SIZE - size);
        size_t step = end == NULL ? length : length + 1;
        lines = bytes_make(lines.data + step, lines.size - step);
    }
    if (lines.size > 0 && size + 6 < TAP_GATE_TEXT_SIZE) {
        size = (size_t)(put((uint8_t *)room + size, BYTES_LITERAL(", ...")) - (uint8_t *)room);
    }
    return bytes_make(room, size);
}

struct tap_gate tap_gate_of_request(const struct gate_request *request,
                                    char room[static TAP_GATE_TEXT_SIZE]) {
    struct tap_gate gate = {.gate = request->gate};
    switch (request->kind) {
    case GATE_LEASE:
        gate.kind = TAP_GATE_LEASE;
        break;
    case GATE_UPLOAD:
        gate.kind = TAP_GATE_UPLOAD;
        gate.number = request->number;
        gate.packets = count_lines(request->lines);
        gate.bytes = request->lines.size;
        gate.text = name_packets(request->lines, room);
        break;
    case GATE_TAKE:
        gate.kind = TAP_GATE_ASK;
        gate.number = request->number;
        gate.more = request->wait_s;
        break;
    case GATE_GIVE_BACK:
        gate.kind = TAP_GATE_GIVE_BACK;
        break;
    }
    return gate;
}

static const char *const faults[] = {
    [GATE_OK] = "",
    [GATE_NEW] = "",
    [GATE_TAKEN] = "another router holds the gate",
    [GATE_NO_LEASE] = "there is no such lease",
    [GATE_GAP] = "packets before these are missing",
    [GATE_FULL] = "there are as many gates as may be",
    [GATE_REFUSED] = "the request is wrong",
    [GATE_UNAVAILABLE] = "it cannot be had now",
    [GATE_UNTRUSTED] = "the certificate is not trusted",
    [GATE_NO_ACCESS] = "the token is missing or wrong",
    [GATE_STRANGE] = "what answers is no master",
    [GATE_CANCELLED] = "it was given up",
};

static void set_answer(struct tap_gate *gate, const struct gate_request *request,
                       const struct gate_answer *answer, char room[static TAP_GATE_TEXT_SIZE]) {
    switch (request->kind) {
    case GATE_LEASE:
        gate->kind = TAP_GATE_LEASED;
        gate->gate = answer->gate;
        gate->number = answer->uploaded;
        break;
    case GATE_UPLOAD:
        gate->kind = TAP_GATE_UPLOADED;
        gate->number = answer->uploaded;
        gate->packets = answer->accepted;
        gate->more = answer->unreachable;
        break;
    case GATE_TAKE:
        gate->kind = TAP_GATE_GIVEN;
        gate->number = answer->last;
        gate->packets = count_lines(answer->lines);
        gate->bytes = answer->lines.size;
        gate->more = answer->missing;
        gate->text = name_packets(answer->lines, room);
        break;
    case GATE_GIVE_BACK:
        gate->kind = TAP_GATE_GAVE_BACK;
        break;
    }
}

struct tap_gate tap_gate_of_answer(const struct gate_request *request,
                                   const struct gate_answer *answer,
                                   char room[static TAP_GATE_TEXT_SIZE]) {
    struct tap_gate gate = {.kind = TAP_GATE_FAILED, .gate = request->gate};
    if (answer->status == GATE_OK || answer->status == GATE_NEW) {
        set_answer(&gate, request, answer, room);
    } else {
        gate.text = bytes_of_text(faults[answer->status]);
    }
    return gate;
}
