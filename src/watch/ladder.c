#include "watch/ladder.h"

#include <stdio.h>

#include "base/assert.h"
#include "shell/columns.h"
#include "shell/printable.h"

#define TIME_COLUMNS 8
#define MARGIN (TIME_COLUMNS + 1) // left of the lanes
#define TYPE_LETTERS 4
#define LANE_MORE 4 // columns of a lane beside a type: its line, the arrow's head and some shaft
#define LANE_MAX 16
#define WORDS_MIN 30      // columns that words take beside the lanes, else they stand below
#define WORDS_LINES_MAX 8 // more lines of words than that are left out
#define BELOW_INDENT 2

static unsigned lanes_max(const struct ladder *ladder) {
    size_t room = (ladder->width - MARGIN) / ladder->lane_min;
    return room < LADDER_LANES_MAX ? (unsigned)room : LADDER_LANES_MAX;
}

void ladder_init(struct ladder *ladder, size_t width, bool colour) {
    *ladder = (struct ladder){.colour = colour, .lane_min = TYPE_LETTERS + LANE_MORE};
    ladder_resize(ladder, width);
}

void ladder_resize(struct ladder *ladder, size_t width) {
    size_t least = width < LADDER_WIDTH_MIN ? LADDER_WIDTH_MIN : width;
    ladder->width = least > LADDER_WIDTH_MAX ? LADDER_WIDTH_MAX : least;
    // Those that have no room any more come again when they are heard of.
    ladder->count = ladder->count < lanes_max(ladder) ? ladder->count : lanes_max(ladder);
    ladder->changed = true;
}

void ladder_fit_types(struct ladder *ladder, size_t letters) {
    size_t needed = letters + LANE_MORE;
    ladder->lane_min = needed < LANE_MAX ? needed : LANE_MAX;
    ladder_resize(ladder, ladder->width);
}

// ---- lanes ----------------------------------------------------------------------------------

static size_t lane_width(const struct ladder *ladder) {
    size_t taken = MARGIN + WORDS_MIN;
    ASSERT(ladder->count > 0);
    size_t room = ladder->width > taken ? (ladder->width - taken) / ladder->count : 0;
    return room < ladder->lane_min ? ladder->lane_min : room > LANE_MAX ? LANE_MAX : room;
}

// The column of a lane's line, from the first column right of the margin.
static size_t lane_column(const struct ladder *ladder, unsigned lane) {
    size_t width = lane_width(ladder);
    return width / 2 + lane * width;
}

static size_t all_lanes_width(const struct ladder *ladder) {
    return ladder->count * lane_width(ladder);
}

static bool is_lane_of(const struct ladder_lane *lane, const struct ladder_end *end) {
    return lane->network == end->network && lane->address == end->address &&
           lane->is_door == end->is_door;
}

static unsigned find_lane(const struct ladder *ladder, const struct ladder_end *end) {
    unsigned lane = 0;
    while (lane < ladder->count && !is_lane_of(&ladder->lanes[lane], end)) {
        lane++;
    }
    return lane;
}

static unsigned quietest_lane(const struct ladder *ladder) {
    unsigned quietest = 0;
    for (unsigned lane = 1; lane < ladder->count; lane++) {
        if (ladder->lanes[lane].used < ladder->lanes[quietest].used) {
            quietest = lane;
        }
    }
    return quietest;
}

static unsigned take_lane(struct ladder *ladder, const struct ladder_end *end) {
    unsigned lane = ladder->count < lanes_max(ladder) ? ladder->count++ : quietest_lane(ladder);
    ladder->lanes[lane] = (struct ladder_lane){
        .network = end->network, .address = end->address, .is_door = end->is_door};
    ladder->changed = true;
    return lane;
}

static void set_label(struct ladder *ladder, struct ladder_lane *lane,
                      const struct ladder_end *end) {
    struct bytes name = end->name;
    name.size = name.size > LADDER_NAME_MAX ? LADDER_NAME_MAX : name.size;
    if (lane->kind == end->kind && bytes_equal(bytes_make(lane->name, lane->name_size), name)) {
        return;
    }
    lane->kind = end->kind;
    lane->name_size = (uint8_t)name.size;
    if (name.size > 0) {
        memcpy(lane->name, name.data, name.size);
    }
    ladder->changed = true;
}

// The device's lane, made if it has none.
static unsigned use_lane(struct ladder *ladder, const struct ladder_end *end) {
    unsigned lane = find_lane(ladder, end);
    if (lane == ladder->count) {
        lane = take_lane(ladder, end);
    }
    ladder->lanes[lane].used = ladder->steps;
    set_label(ladder, &ladder->lanes[lane], end);
    return lane;
}

// ---- lines ----------------------------------------------------------------------------------

// Ends a line without blanks at its end.
static void end_line(struct ladder *ladder, struct buffer *out, size_t start) {
    while (out->size > start && out->data[out->size - 1] == ' ') {
        out->size--;
    }
    buffer_append_byte(out, '\n');
    ladder->lines++;
}

enum label {
    LABEL_KIND,
    LABEL_ADDRESS,
    LABEL_NAME,
    LABEL_NETWORK,
};

static void append_label(struct buffer *out, const struct ladder_lane *lane, enum label label) {
    switch (label) {
    case LABEL_KIND:
        buffer_append_text(out, lane->kind);
        break;
    case LABEL_ADDRESS:
        buffer_append_decimal(out, lane->address);
        break;
    case LABEL_NAME:
        buffer_append(out, bytes_make(lane->name, lane->name_size));
        break;
    case LABEL_NETWORK:
        printable_append(out,
                         lane->network == NULL ? (struct bytes){0} : bytes_of_text(lane->network));
        break;
    }
}

// One line of the legend: each lane's label in the middle of the lane.
static void append_labels(struct ladder *ladder, enum label label, struct buffer *out) {
    struct buffer text;
    buffer_init(&text, out->memory);
    size_t start = out->size;
    size_t width = lane_width(ladder);
    columns_append(out, (struct bytes){0}, MARGIN);
    for (unsigned i = 0; i < ladder->count; i++) {
        text.size = 0;
        append_label(&text, &ladder->lanes[i], label);
        size_t columns = columns_of(buffer_bytes(&text));
        columns = columns < width - 1 ? columns : width - 1;
        size_t before = width / 2 - columns / 2;
        columns_append(out, (struct bytes){0}, before);
        columns_append(out, buffer_bytes(&text), width - before);
    }
    buffer_deinit(&text);
    end_line(ladder, out, start);
}

static bool has_names(const struct ladder *ladder) {
    bool has = false;
    for (unsigned i = 0; i < ladder->count; i++) {
        has = has || ladder->lanes[i].name_size > 0;
    }
    return has;
}

static void append_legend(struct ladder *ladder, struct buffer *out) {
    colour_set(out, ladder->colour, COLOUR_BOLD);
    append_labels(ladder, LABEL_KIND, out);
    append_labels(ladder, LABEL_ADDRESS, out);
    if (has_names(ladder)) {
        append_labels(ladder, LABEL_NAME, out);
    }
    if (ladder->lanes[0].network != NULL) {
        append_labels(ladder, LABEL_NETWORK, out);
    }
    colour_set(out, ladder->colour, COLOUR_PLAIN);
    ladder->changed = false;
    ladder->lines = 0;
}

// ---- arrows ---------------------------------------------------------------------------------

struct row {
    char cells[LADDER_WIDTH_MAX];
    size_t width;
};

static void draw_lanes(const struct ladder *ladder, struct row *row) {
    row->width = all_lanes_width(ladder);
    memset(row->cells, ' ', row->width);
    for (unsigned i = 0; i < ladder->count; i++) {
        row->cells[lane_column(ladder, i)] = '|';
    }
}

static void draw_text(struct row *row, size_t column, const char *text) {
    for (; *text != '\0' && column < row->width; text++) {
        row->cells[column++] = *text;
    }
}

// The type in the middle of what is between two columns.
static void draw_type(struct row *row, size_t left, size_t right, const char *type) {
    draw_text(row, left + 1 + (right - left - 1 - strlen(type)) / 2, type);
}

// The type beside a sender from whom no line leads away, where there is room.
static void draw_lonely_type(struct row *row, size_t sender, const char *type) {
    bool fits = sender + 2 + strlen(type) < row->width || sender < strlen(type);
    draw_text(row, fits ? sender + 2 : sender - strlen(type), type);
}

static void draw_arrow(const struct ladder *ladder, struct row *row, unsigned from, unsigned to) {
    size_t left = lane_column(ladder, from < to ? from : to);
    size_t right = lane_column(ladder, from < to ? to : from);
    memset(row->cells + left + 1, '-', right - left - 1);
    row->cells[from < to ? right - 1 : left + 1] = from < to ? '>' : '<';
}

// From the sender to each lane of its network; those of other networks are passed by.
static void draw_broadcast(const struct ladder *ladder, struct row *row, unsigned from) {
    const char *network = ladder->lanes[from].network;
    unsigned first = from;
    unsigned last = from;
    for (unsigned i = 0; i < ladder->count; i++) {
        bool gets_it = ladder->lanes[i].network == network;
        first = gets_it && i < first ? i : first;
        last = gets_it && i > last ? i : last;
    }
    memset(row->cells + lane_column(ladder, first), '=',
           lane_column(ladder, last) - lane_column(ladder, first));
    for (unsigned i = first; i <= last; i++) {
        if (i != from && ladder->lanes[i].network == network) {
            size_t column = lane_column(ladder, i);
            row->cells[column] = '|';
            row->cells[i < from ? column + 1 : column - 1] = i < from ? '<' : '>';
        }
    }
    row->cells[lane_column(ladder, from)] = '*';
}

static bool is_broadcast(const struct ladder_step *step) {
    return step->receiver.address == 0 && !step->receiver.is_door;
}

static void draw_step(const struct ladder *ladder, struct row *row, const struct ladder_step *step,
                      unsigned from, unsigned to) {
    size_t sender = lane_column(ladder, from);
    char type[LANE_MAX];
    size_t room = lane_width(ladder) - LANE_MORE;
    (void)snprintf(type, sizeof type, "%.*s", (int)room, step->type);
    draw_lanes(ladder, row);
    if (is_broadcast(step)) {
        draw_broadcast(ladder, row, from);
        bool to_the_left = from > 0 && row->cells[sender - 1] == '=';
        bool to_the_right = sender + 1 < row->width && row->cells[sender + 1] == '=';
        if (to_the_left && !to_the_right) {
            draw_type(row, lane_column(ladder, from - 1), sender, type);
        } else if (to_the_right) {
            draw_type(row, sender, lane_column(ladder, from + 1), type);
        } else {
            draw_lonely_type(row, sender, type);
        }
    } else if (from == to) {
        row->cells[sender] = 'o';
        draw_lonely_type(row, sender, type);
    } else {
        draw_arrow(ladder, row, from, to);
        draw_type(row, lane_column(ladder, from < to ? from : to),
                  lane_column(ladder, from < to ? to : from), type);
    }
}

// ---- steps ----------------------------------------------------------------------------------

static void append_time(struct ladder *ladder, const char *time, struct buffer *out) {
    colour_set(out, ladder->colour, COLOUR_FAINT);
    columns_append(out, bytes_of_text(time), TIME_COLUMNS);
    colour_set(out, ladder->colour, COLOUR_PLAIN);
    columns_append(out, (struct bytes){0}, MARGIN - TIME_COLUMNS);
}

static void append_row(struct ladder *ladder, const struct row *row, enum colour colour,
                       struct buffer *out) {
    colour_set(out, ladder->colour, colour);
    buffer_append(out, bytes_make(row->cells, row->width));
    colour_set(out, ladder->colour, COLOUR_PLAIN);
}

static bool words_stand_beside(const struct ladder *ladder) {
    return ladder->width >= MARGIN + all_lanes_width(ladder) + WORDS_MIN;
}

// Whether this is the last line of words that is shown; *line is marked if more would follow.
static bool is_last_line(unsigned number, struct bytes rest, struct buffer *out) {
    if (number == WORDS_LINES_MAX && rest.size > 0) {
        buffer_append_text(out, "…");
    }
    return number == WORDS_LINES_MAX || rest.size == 0;
}

// Goes on behind a row, in a line that began at `start`.
static void append_words_beside(struct ladder *ladder, struct bytes words, size_t start,
                                struct buffer *out) {
    struct row lanes;
    draw_lanes(ladder, &lanes);
    size_t room = ladder->width - MARGIN - lanes.width - 1; // one for a "…"
    for (unsigned number = 1;; number++) {
        buffer_append(out, columns_take_line(&words, room));
        bool last = is_last_line(number, words, out);
        end_line(ladder, out, start);
        if (last) {
            return;
        }
        start = out->size;
        columns_append(out, (struct bytes){0}, MARGIN);
        append_row(ladder, &lanes, COLOUR_PLAIN, out);
    }
}

static void append_words_below(struct ladder *ladder, struct bytes words, struct buffer *out) {
    for (unsigned number = 1; words.size > 0; number++) {
        size_t start = out->size;
        columns_append(out, (struct bytes){0}, MARGIN + BELOW_INDENT);
        buffer_append(out, columns_take_line(&words, ladder->width - MARGIN - BELOW_INDENT - 1));
        bool last = is_last_line(number, words, out);
        end_line(ladder, out, start);
        if (last) {
            return;
        }
    }
}

void ladder_append_step(struct ladder *ladder, const struct ladder_step *step, struct buffer *out) {
    ladder->steps++;
    unsigned from = use_lane(ladder, &step->sender);
    unsigned to = is_broadcast(step) ? from : use_lane(ladder, &step->receiver);
    if (ladder->changed || ladder->lines >= LADDER_LEGEND_LINES) {
        append_legend(ladder, out);
    }
    struct row row;
    draw_step(ladder, &row, step, from, to);
    size_t start = out->size;
    append_time(ladder, step->time, out);
    append_row(ladder, &row, step->colour, out);
    if (words_stand_beside(ladder)) {
        append_words_beside(ladder, step->words, start, out);
    } else {
        end_line(ladder, out, start);
        append_words_below(ladder, step->words, out);
    }
}

void ladder_append_note(struct ladder *ladder, const struct ladder_step *step, struct buffer *out) {
    struct bytes words = step->words;
    size_t room = ladder->width - MARGIN - 1;
    for (unsigned number = 1;; number++) {
        size_t start = out->size;
        append_time(ladder, number == 1 ? step->time : "", out);
        colour_set(out, ladder->colour, step->colour);
        buffer_append(out, columns_take_line(&words, room));
        bool last = is_last_line(number, words, out);
        colour_set(out, ladder->colour, COLOUR_PLAIN);
        end_line(ladder, out, start);
        if (last) {
            return;
        }
    }
}
