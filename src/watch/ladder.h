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
// Lanes stand in the order of appearance and share the width that is left beside the words; when
// they need it all, words stand under their arrows. When there is no room for one more lane, that
// of the device that was quiet for longest is taken. The legend is repeated when lanes change, and
// every LADDER_LEGEND_LINES lines.
#ifndef WATCH_LADDER_H
#define WATCH_LADDER_H

#include "base/buffer.h"
#include "shell/colour.h"

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
    const char *kind; // this and `network` live as long as the ladder
    struct bytes name;
};

struct ladder_step {
    const char *time; // up to 8 columns
    struct ladder_end sender;
    struct ladder_end receiver;
    const char *type; // cut to what its lane has room for
    enum colour colour;
    struct bytes words;
};

struct ladder_lane {
    const char *network;
    uint32_t address;
    bool is_door;
    const char *kind;
    uint8_t name[LADDER_NAME_MAX];
    uint8_t name_size;
    uint64_t used; // the number of the last step that it took part in
};

struct ladder {
    size_t width;
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

// Appends the lines of a packet, and before them the legend if it is due.
void ladder_append_step(struct ladder *ladder, const struct ladder_step *step, struct buffer *out);

// Appends the words of something that is no packet between two devices.
void ladder_append_note(struct ladder *ladder, const struct ladder_step *step, struct buffer *out);

#endif
