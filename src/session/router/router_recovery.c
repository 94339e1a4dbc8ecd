#include "session/router/router_recovery.h"

#define LINES_A_READ 4096

struct search {
    struct bytes lines;
    size_t found; // bytes of them, once the first was seen
    bool is_over;
    bool is_place_gone;
};

// The line at the beginning of `lines`, without its LF.
static struct bytes first_line(struct bytes lines) {
    const uint8_t *lf = lines.size > 0 ? memchr(lines.data, '\n', lines.size) : NULL;
    return bytes_make(lines.data, lf != NULL ? (size_t)(lf - lines.data) : lines.size);
}

static void compare(void *context, struct bytes line) {
    struct search *search = context;
    if (search->is_over) {
        return;
    }
    struct bytes rest =
        bytes_make(search->lines.data + search->found, search->lines.size - search->found);
    if (bytes_equal(line, first_line(rest))) {
        search->found += line.size + 1;
        search->is_over = search->found >= search->lines.size;
    } else {
        // Where others go on, ours end: a write that the kill cut short.
        search->is_over = search->found > 0;
    }
}

static void note_loss(void *context, const char *text) {
    (void)text;
    struct search *search = context;
    search->is_place_gone = true;
}

bool router_recovery_find(const char *network, struct bytes lines,
                          const struct file_network_position *place, size_t *appended,
                          struct file_network_error *error) {
    struct file_network_options options = {.path = network, .read_only = true, .position = place};
    struct file_network *reader = file_network_open(&options, error);
    if (reader == NULL) {
        return false;
    }
    struct search search = {.lines = lines};
    struct file_network_events events = {&search, compare, note_loss};
    while (file_network_read(reader, LINES_A_READ, 0, &events) && !search.is_over) {
    }
    file_network_close(reader);
    *appended = search.is_place_gone ? lines.size : search.found;
    return true;
}
