#include "medium/capture/tap_note.h"

#include <stdio.h>

#include "base/assert.h"

#define MICROSECOND UINT64_C(1000)
#define MILLISECOND UINT64_C(1000000)
#define DELAY_DIGITS_MAX 12 // of milliseconds: thirty years

// How a note begins; has_delay: "by 1.500 ms" follows.
static const struct {
    const char *words;
    bool has_delay;
} kinds[TAP_NOTES] = {
    [TAP_NOTE_NONE] = {NULL, false},
    [TAP_NOTE_DROPPED] = {"dropped", false},
    [TAP_NOTE_DELAYED] = {"delayed by ", true},
    [TAP_NOTE_HELD] = {"held", false},
    [TAP_NOTE_LET_GO] = {"let go after ", true},
    [TAP_NOTE_REPEATED] = {"passed on once more", false},
    [TAP_NOTE_CHANGED] = {"changed on the way", false},
    [TAP_NOTE_REORDERED] = {"put behind others", false},
    [TAP_NOTE_REFUSED] = {"turned away", false},
    [TAP_NOTE_ENDED] = {"ended by ", false},
    [TAP_NOTE_COMMENT] = {NULL, false},
};

static const char *const sides[TAP_SIDES] = {
    [TAP_SIDE_UNKNOWN] = "somebody",
    [TAP_SIDE_CLIENT] = "the client",
    [TAP_SIDE_BROKER] = "the broker",
    [TAP_SIDE_NETWORK] = "the network",
};

static const char *const causes[TAP_CAUSES] = {
    [TAP_CAUSE_UNKNOWN] = "the reason is not known",
    [TAP_CAUSE_DISCONNECTED] = "it sent DISCONNECT",
    [TAP_CAUSE_CLOSED] = "it closed without DISCONNECT",
    [TAP_CAUSE_RESET] = "the connection was reset",
    [TAP_CAUSE_KEEP_ALIVE] = "keep alive ran out",
    [TAP_CAUSE_KILLED] = "killed by who runs the broker",
    [TAP_CAUSE_TAKEN_OVER] = "taken over by a newer connection",
    [TAP_CAUSE_REFUSED] = "refused",
    [TAP_CAUSE_PROTOCOL] = "against the protocol",
    [TAP_CAUSE_LIMIT] = "over a limit",
    [TAP_CAUSE_SHUT_DOWN] = "the broker ends",
    [TAP_CAUSE_CUT] = "cut",
    [TAP_CAUSE_REPLACED] = "its end was not captured",
    [TAP_CAUSE_STOPPED] = "the capture ends here",
};

const char *tap_cause_text(enum tap_cause cause) {
    return causes[cause];
}

const char *tap_side_text(enum tap_side side) {
    return sides[side];
}

// ---- writing ----------------------------------------------------------------------------------

struct writer {
    char *out;
    size_t size;
};

static void write_bytes(struct writer *writer, struct bytes bytes) {
    ASSERT(writer->size + bytes.size <= TAP_NOTE_BYTES_MAX);
    if (bytes.size > 0) {
        memcpy(writer->out + writer->size, bytes.data, bytes.size);
        writer->size += bytes.size;
    }
}

static void write_text(struct writer *writer, const char *text) {
    write_bytes(writer, bytes_of_text(text));
}

// The text as far as it has room, without a character that is cut.
static struct bytes cut_text(struct bytes text) {
    size_t size = text.size < TAP_NOTE_TEXT_MAX ? text.size : TAP_NOTE_TEXT_MAX;
    while (size > 0 && size < text.size && (text.data[size] & 0xc0) == 0x80) {
        size--;
    }
    return bytes_make(text.data, size);
}

static void write_delay(struct writer *writer, uint64_t delay_ns) {
    char text[40];
    (void)snprintf(text, sizeof text, "%llu.%03llu ms",
                   (unsigned long long)(delay_ns / MILLISECOND % UINT64_C(1000000000000)),
                   (unsigned long long)(delay_ns / MICROSECOND % 1000));
    write_text(writer, text);
}

size_t tap_note_write(const struct tap_note *note, char out[static TAP_NOTE_BYTES_MAX]) {
    struct writer writer = {.out = out};
    ASSERT(note->kind != TAP_NOTE_NONE && note->kind < TAP_NOTES);
    if (note->kind != TAP_NOTE_COMMENT) {
        write_text(&writer, kinds[note->kind].words);
    }
    if (kinds[note->kind].has_delay) {
        write_delay(&writer, note->delay_ns);
    }
    if (note->kind == TAP_NOTE_ENDED) {
        write_text(&writer, sides[note->side]);
        write_text(&writer, ": ");
        write_text(&writer, causes[note->cause]);
    }
    if (note->text.size > 0) {
        write_text(&writer, note->kind == TAP_NOTE_COMMENT ? "" : ": ");
        write_bytes(&writer, cut_text(note->text));
    }
    return writer.size;
}

// ---- reading ----------------------------------------------------------------------------------

static bool take_text(struct bytes *rest, const char *text) {
    size_t size = strlen(text);
    if (rest->size < size || memcmp(rest->data, text, size) != 0) {
        return false;
    }
    *rest = bytes_make(rest->data + size, rest->size - size);
    return true;
}

// Digits up to the next other byte.
static bool take_number(struct bytes *rest, size_t digits_max, uint64_t *number) {
    size_t digits = 0;
    *number = 0;
    while (digits < rest->size && digits < digits_max && rest->data[digits] >= '0' &&
           rest->data[digits] <= '9') {
        *number = *number * 10 + (uint64_t)(rest->data[digits++] - '0');
    }
    *rest = bytes_make(rest->data + digits, rest->size - digits);
    return digits > 0;
}

static bool take_delay(struct bytes *rest, uint64_t *delay_ns) {
    uint64_t whole;
    uint64_t part;
    bool is_one = take_number(rest, DELAY_DIGITS_MAX, &whole) && take_text(rest, ".") &&
                  take_number(rest, 3, &part) && take_text(rest, " ms");
    *delay_ns = is_one ? whole * MILLISECOND + part * MICROSECOND : 0;
    return is_one;
}

static bool take_one_of(struct bytes *rest, const char *const *texts, unsigned count,
                        unsigned *found) {
    for (*found = 0; *found < count; ++*found) {
        if (take_text(rest, texts[*found])) {
            return true;
        }
    }
    return false;
}

static bool take_end(struct bytes *rest, struct tap_note *note) {
    unsigned side;
    unsigned cause;
    if (!take_one_of(rest, sides, TAP_SIDES, &side) || !take_text(rest, ": ") ||
        !take_one_of(rest, causes, TAP_CAUSES, &cause)) {
        return false;
    }
    note->side = (enum tap_side)side;
    note->cause = (enum tap_cause)cause;
    return true;
}

// Whether the comment is a note of that kind, and nothing beside it.
static bool read_kind(struct bytes comment, enum tap_note_kind kind, struct tap_note *note) {
    *note = (struct tap_note){.kind = kind};
    if (kinds[kind].words == NULL || !take_text(&comment, kinds[kind].words) ||
        (kinds[kind].has_delay && !take_delay(&comment, &note->delay_ns)) ||
        (kind == TAP_NOTE_ENDED && !take_end(&comment, note))) {
        return false;
    }
    bool has_text = take_text(&comment, ": ");
    note->text = comment;
    return has_text == (comment.size > 0);
}

struct tap_note tap_note_read(struct bytes comment) {
    struct tap_note note;
    for (int kind = TAP_NOTE_DROPPED; kind < TAP_NOTE_COMMENT; kind++) {
        if (read_kind(comment, (enum tap_note_kind)kind, &note)) {
            return note;
        }
    }
    return (struct tap_note){.kind = TAP_NOTE_COMMENT, .text = comment};
}
