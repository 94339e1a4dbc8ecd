// The ladder view: a column (lane) for each device, and between them an arrow for each packet, in
// the manner of sequence diagrams:
//
//                client        broker
//                 580            83
//                              kitchen
//     12:00:22     |<====join====*         joins the network as broker "kitchen"
//     12:00:25     |-----creq--->|         asks for a connection; public pre-key 6210
//     12:00:25     |<----cres----|         accepts the connection (200 OK)
//
// A packet that a fault hit has another arrow:
//
//                  |-----PUBACK---x        never arrives
//                  |~~~~PUBLISH~~>|        arrives later
//                  |====PUBREL==| |        waits until it is let go
//                  |- - - cut - - |        the connection is cut
//
// Lanes stand in the order of appearance and share the width that is left beside the words; when
// they need it all, words stand under their arrows. A new device takes the lane of one that left,
// the longest ago; when there is no room for one more lane, that of the device that was quiet for
// longest is taken. The legend is repeated when lanes change, and every LADDER_LEGEND_LINES lines.
#ifndef WATCH_LADDER_H
#define WATCH_LADDER_H

#include "base/buffer.h"
#include "shell/terminal/colour.h"

#define LADDER_WIDTH_MIN 40
#define LADDER_WIDTH_MAX 400
#define LADDER_LANES_MAX 48
#define LADDER_NAME_MAX 64 // bytes of a name that are kept
#define LADDER_LEGEND_LINES 40

// One end of an arrow: a device of a network, or everyone there (address 0); of a tap a client, or
// a broker's port (a door). Texts are printable.
struct ladder_end {
    const char *network; // its name, told apart by its place; NULL if there is only one
    uint32_t address;
    bool is_door;
    uint64_t place;   // of doors with the same port on different machines; else 0
    const char *kind; // this and `network` live as long as the ladder
    struct bytes name;
};

enum ladder_shape {
    LADDER_ARROW,
    LADDER_DROPPED,
    LADDER_DELAYED,
    LADDER_HELD,
    LADDER_CUT,
    LADDER_SHAPES,
};

// What is shown in one line of the ladder: when, an arrow between two lanes or a mark in one,
// and words beside it.
struct ladder_step {
    const char *time; // up to 8 columns, or to 12 after ladder_show_milliseconds
    struct ladder_end sender;
    struct ladder_end receiver;
    const char *type; // cut to what its lane has room for
    enum ladder_shape shape;
    enum colour colour;
    bool is_marked; // with a '!' behind the time
    struct bytes words;
    struct bytes why;   // stands below the words, in lines of its own; may be empty
    bool sender_leaves; // its lane may be given to another now
    bool receiver_leaves;
};

// One column of the ladder: whose it is, how that is called, and when it was used. When there is no
// room for another, the one that was used longest ago goes.
struct ladder_lane {
    const char *network;
    uint32_t address;
    bool is_door;
    uint64_t place;
    const char *kind;
    uint8_t name[LADDER_NAME_MAX];
    uint8_t name_size;
    bool has_left;
    uint64_t used; // the number of the last step that it took part in
};

// Lanes in the order in which they are drawn; all else is how wide things are, and when the legend
// is due.
struct ladder {
    size_t width;
    size_t time_columns;
    size_t lane_min;
    bool colour;
    bool changed;   // since the last legend
    unsigned lines; // since the last legend
    uint64_t steps;
    unsigned count;
    struct ladder_lane lanes[LADDER_LANES_MAX];
};

// A width outside the limits is taken for the nearest limit.
void ladder_init(struct ladder *ladder, size_t width, bool colour);
void ladder_resize(struct ladder *ladder, size_t width);
// From now on lanes are so wide that types of up to so many letters fit between two.
void ladder_fit_types(struct ladder *ladder, size_t letters);
// From now on times are wider by milliseconds.
void ladder_show_milliseconds(struct ladder *ladder);

// Appends the lines of a packet, and before them the legend if it is due.
void ladder_append_step(struct ladder *ladder, const struct ladder_step *step, struct buffer *out);

// Appends the words of something that is no packet between two devices.
void ladder_append_note(struct ladder *ladder, const struct ladder_step *step, struct buffer *out);

#endif
