#include "watch/ladder.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "shell/terminal/columns.h"
#include "shell/printable.h"

#define TIME_COLUMNS 8
#define TIME_COLUMNS_FINE 12 // with milliseconds
#define TYPE_LETTERS 4
#define LANE_MORE 4 // columns of a lane beside a type: its line, the arrow's head and some shaft
#define LANE_MAX 16
#define WORDS_MIN 30      // columns that words take beside the lanes, else they stand below
#define WORDS_LINES_MAX 8 // more lines of words than that are left out
#define BELOW_INDENT 2

// What stands left of the lanes.
static size_t margin(const struct ladder *ladder) {
    return ladder->time_columns + 1;
}

static unsigned lanes_max(const struct ladder *ladder) {
    size_t room = (ladder->width - margin(ladder)) / ladder->lane_min;
    return room < LADDER_LANES_MAX ? (unsigned)room : LADDER_LANES_MAX;
}

void ladder_init(struct ladder *ladder, size_t width, bool colour) {
    *ladder = (struct ladder){
        .colour = colour, .time_columns = TIME_COLUMNS, .lane_min = TYPE_LETTERS + LANE_MORE};
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

void ladder_show_milliseconds(struct ladder *ladder) {
    ladder->time_columns = TIME_COLUMNS_FINE;
    ladder_resize(ladder, ladder->width);
}

// ---- lanes ----------------------------------------------------------------------------------

static size_t lane_width(const struct ladder *ladder) {
    size_t taken = margin(ladder) + WORDS_MIN;
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
           lane->is_door == end->is_door && lane->place == end->place;
}

static unsigned find_lane(const struct ladder *ladder, const struct ladder_end *end) {
    unsigned lane = 0;
    while (lane < ladder->count && !is_lane_of(&ladder->lanes[lane], end)) {
        lane++;
    }
    return lane;
}

// Of all lanes, or of those whose device left; ladder->count: there is none.
static unsigned quietest_lane(const struct ladder *ladder, bool only_left) {
    unsigned quietest = ladder->count;
    for (unsigned lane = 0; lane < ladder->count; lane++) {
        bool counts = !only_left || ladder->lanes[lane].has_left;
        bool is_quieter =
            quietest == ladder->count || ladder->lanes[lane].used < ladder->lanes[quietest].used;
        quietest = counts && is_quieter ? lane : quietest;
    }
    return quietest;
}

static unsigned take_lane(struct ladder *ladder, const struct ladder_end *end) {
    unsigned lane = quietest_lane(ladder, true);
    if (lane == ladder->count) {
        lane = ladder->count < lanes_max(ladder) ? ladder->count++ : quietest_lane(ladder, false);
    }
    ladder->lanes[lane] = (struct ladder_lane){.network = end->network,
                                               .address = end->address,
                                               .is_door = end->is_door,
                                               .place = end->place};
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
    ladder->lanes[lane].has_left = false;
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

// Of an address that is too wide, its port is what tells it from others: "…:35892". Empty: it is
// none, or has room.
static struct bytes port_of_wide_address(struct bytes label, size_t columns) {
    size_t colon = 0;
    if (label.size <= columns) {
        return (struct bytes){0};
    }
    for (size_t i = 0; i < label.size; i++) {
        if (label.data[i] == '\0' || strchr("0123456789abcdef.:[]", label.data[i]) == NULL) {
            return (struct bytes){0};
        }
        colon = label.data[i] == ':' ? i : colon;
    }
    struct bytes port = bytes_make(label.data + colon, label.size - colon);
    return colon >= strlen("…") && port.size < columns ? port : (struct bytes){0};
}

// One line of the legend: each lane's label in the middle of the lane.
static void append_labels(struct ladder *ladder, enum label label, struct buffer *out) {
    struct buffer text;
    buffer_init(&text, out->memory);
    size_t start = out->size;
    size_t width = lane_width(ladder);
    columns_append(out, (struct bytes){0}, margin(ladder));
    for (unsigned i = 0; i < ladder->count; i++) {
        text.size = 0;
        append_label(&text, &ladder->lanes[i], label);
        struct bytes port = port_of_wide_address(buffer_bytes(&text), width - 1);
        if (port.size > 0) {
            memmove(text.data + strlen("…"), port.data, port.size);
            memcpy(text.data, "…", strlen("…"));
            text.size = strlen("…") + port.size;
        }
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

// What an arrow is made of: its shaft, of two characters in turn, and its head, which may stand
// before the lane that it does not reach.
static const struct {
    char shaft[2];
    bool has_tip; // '>' or '<'
    char end;     // in place of a tip
} shapes[LADDER_SHAPES] = {
    [LADDER_ARROW] = {{'-', '-'}, true, 0},   [LADDER_DROPPED] = {{'-', '-'}, false, 'x'},
    [LADDER_DELAYED] = {{'~', '~'}, true, 0}, [LADDER_HELD] = {{'=', '='}, false, '|'},
    [LADDER_CUT] = {{'-', ' '}, false, ' '},
};

static void draw_arrow(const struct ladder *ladder, struct row *row, enum ladder_shape shape,
                       unsigned from, unsigned to) {
    bool is_right = from < to;
    size_t left = lane_column(ladder, is_right ? from : to);
    size_t right = lane_column(ladder, is_right ? to : from);
    for (size_t i = left + 1; i < right; i++) {
        row->cells[i] = shapes[shape].shaft[(i - left - 1) % 2];
    }
    size_t tip = is_right ? right - 1 : left + 1;
    row->cells[tip] = shapes[shape].has_tip ? (is_right ? '>' : '<') : ' ';
    if (!shapes[shape].has_tip) {
        row->cells[is_right ? tip - 1 : tip + 1] = shapes[shape].end;
    }
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
        draw_arrow(ladder, row, step->shape, from, to);
        draw_type(row, lane_column(ladder, from < to ? from : to),
                  lane_column(ladder, from < to ? to : from), type);
    }
}

// ---- steps ----------------------------------------------------------------------------------

static void append_time(struct ladder *ladder, const struct ladder_step *step, struct buffer *out) {
    colour_set(out, ladder->colour, COLOUR_FAINT);
    columns_append(out, bytes_of_text(step->time), ladder->time_columns);
    colour_set(out, ladder->colour, COLOUR_PLAIN);
    if (step->is_marked) {
        colour_set(out, ladder->colour, COLOUR_RED);
        buffer_append_byte(out, '!');
        colour_set(out, ladder->colour, COLOUR_PLAIN);
    } else {
        columns_append(out, (struct bytes){0}, margin(ladder) - ladder->time_columns);
    }
}

static void append_row(struct ladder *ladder, const struct row *row, enum colour colour,
                       struct buffer *out) {
    colour_set(out, ladder->colour, colour);
    buffer_append(out, bytes_make(row->cells, row->width));
    colour_set(out, ladder->colour, COLOUR_PLAIN);
}

static bool words_stand_beside(const struct ladder *ladder) {
    return ladder->width >= margin(ladder) + all_lanes_width(ladder) + WORDS_MIN;
}

// Whether this is the last line of words that is shown; *line is marked if more would follow.
static bool is_last_line(unsigned number, struct bytes rest, struct buffer *out) {
    if (number == WORDS_LINES_MAX && rest.size > 0) {
        buffer_append_text(out, "…");
    }
    return number == WORDS_LINES_MAX || rest.size == 0;
}

// Lines of words beside the lanes; the first goes on in a line that began at `start`.
static void append_words_beside(struct ladder *ladder, struct bytes words, size_t start,
                                struct buffer *out) {
    struct row lanes;
    draw_lanes(ladder, &lanes);
    size_t room = ladder->width - margin(ladder) - lanes.width - 1; // one for a "…"
    for (unsigned number = 1;; number++) {
        buffer_append(out, columns_take_line(&words, room));
        bool last = is_last_line(number, words, out);
        end_line(ladder, out, start);
        if (last) {
            return;
        }
        start = out->size;
        columns_append(out, (struct bytes){0}, margin(ladder));
        append_row(ladder, &lanes, COLOUR_PLAIN, out);
    }
}

static void append_words_below(struct ladder *ladder, struct bytes words, struct buffer *out) {
    for (unsigned number = 1; words.size > 0; number++) {
        size_t start = out->size;
        columns_append(out, (struct bytes){0}, margin(ladder) + BELOW_INDENT);
        buffer_append(out,
                      columns_take_line(&words, ladder->width - margin(ladder) - BELOW_INDENT - 1));
        bool last = is_last_line(number, words, out);
        end_line(ladder, out, start);
        if (last) {
            return;
        }
    }
}

static void append_words(struct ladder *ladder, const struct ladder_step *step, size_t start,
                         struct buffer *out) {
    if (!words_stand_beside(ladder)) {
        end_line(ladder, out, start);
        append_words_below(ladder, step->words, out);
        append_words_below(ladder, step->why, out);
        return;
    }
    append_words_beside(ladder, step->words, start, out);
    if (step->why.size > 0) {
        struct row lanes;
        draw_lanes(ladder, &lanes);
        start = out->size;
        columns_append(out, (struct bytes){0}, margin(ladder));
        append_row(ladder, &lanes, COLOUR_PLAIN, out);
        append_words_beside(ladder, step->why, start, out);
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
    append_time(ladder, step, out);
    append_row(ladder, &row, step->colour, out);
    append_words(ladder, step, start, out);
    ladder->lanes[from].has_left = step->sender_leaves;
    ladder->lanes[to].has_left |= step->receiver_leaves;
}

// Lines across the lanes, the first with the time of the step.
static void append_across(struct ladder *ladder, const struct ladder_step *step, struct bytes words,
                          struct buffer *out) {
    struct ladder_step head = *step;
    size_t room = ladder->width - margin(ladder) - 1;
    for (unsigned number = 1; words.size > 0; number++) {
        size_t start = out->size;
        append_time(ladder, &head, out);
        colour_set(out, ladder->colour, step->colour);
        buffer_append(out, columns_take_line(&words, room));
        bool last = is_last_line(number, words, out);
        colour_set(out, ladder->colour, COLOUR_PLAIN);
        end_line(ladder, out, start);
        head = (struct ladder_step){.time = ""};
        if (last) {
            return;
        }
    }
}

void ladder_append_note(struct ladder *ladder, const struct ladder_step *step, struct buffer *out) {
    append_across(ladder, step, step->words, out);
    append_across(ladder, &(struct ladder_step){.time = "", .colour = step->colour}, step->why,
                  out);
}
