// What the program `watch` shows of the lines of networks and of taps (medium/capture/tap.h): each
// packet with its meaning in words, as rows of aligned columns, as a ladder (watch/ladder.h) or as
// JSON (watch/explain/watch_json.h, watch/explain/mqtt_json.h).
//
// It knows no file and no clock but those it is given, so its output can be tested to the letter.
#ifndef WATCH_WATCH_VIEW_H
#define WATCH_WATCH_VIEW_H

#include "base/buffer.h"
#include "medium/capture/tap_event.h"
#include "packet/packet.h"
#include "shell/clock.h"

enum watch_form {
    WATCH_ROWS,
    WATCH_LADDER,
    WATCH_JSON,
};

// What a view shows: in which form, what of each packet, which packets, of which files, and where
// the time comes from. All is borrowed for as long as the view lives.
struct watch_view_options {
    enum watch_form form;
    bool colour;
    bool eavesdrop;
    bool lines;   // show each line as it stands in the file, above what it means; not as JSON
    size_t width; // of the terminal; for the ladder
    bool why;     // say what each packet is for (watch/explain/why.h)
    bool
        raw; // as JSON: the bytes of each packet, and long payloads cut (watch/explain/mqtt_json.h)
    // One's own secret of the suite classic, for `why` of an exchange of keys; 0: none is given.
    uint32_t secret;
    bool no_ping; // leave these packets out
    // Bits 1 << enum packet_type and 1 << enum mqtt_type: show packets of these only; both 0: all.
    unsigned types;
    unsigned mqtt_types;
    uint32_t address;            // show packets from or to it only, and none of taps; 0: all
    const char *const *networks; // or taps
    size_t network_count;        // 1 or more
    // Their absolute paths, by which a tap's broker is found in its network; NULL: none are known.
    const char *const *paths;
    uint64_t (*steady)(void);
    void (*time_text)(uint64_t unix_time, char text[static CLOCK_TEXT_SIZE]);
};

struct watch_view;

// The options are borrowed until destroy.
struct watch_view *watch_view_create(const struct watch_view_options *options,
                                     struct memory *memory);
void watch_view_destroy(struct watch_view *view);

// The terminal has another width now.
void watch_view_resize(struct watch_view *view, size_t width);

// Appends what there is to show of the next line of a network (its place in `networks`).
void watch_view_line(struct watch_view *view, uint32_t network, struct bytes line,
                     struct buffer *out);

// The next event of a tap (its place in `networks`).
void watch_view_tap(struct watch_view *view, uint32_t network, const struct tap_event *event,
                    struct buffer *out);

// Appends a line that says how many lines were read and how many of them are dropped by whoever
// reads them, and why; nothing if none is.
void watch_view_append_faults(const struct watch_view *view, struct buffer *out);

#endif
