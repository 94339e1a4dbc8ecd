#include "session/simulate/simulate_parcel.h"

#include <string.h>

// Three parts: the outcome behind its size, the series as it is, or nothing, and `why`.

static size_t series_bytes(const struct simulate_parcel *parcel) {
    return parcel->series == NULL ? 0 : sizeof *parcel->series;
}

void simulate_parcel_write(const struct simulate_parcel *parcel, struct buffer *out) {
    struct buffer outcome;
    buffer_init(&outcome, out->memory);
    sim_outcome_write(parcel->outcome, &outcome);
    uint64_t size = outcome.size;
    buffer_append(out, bytes_make(&size, sizeof size));
    buffer_append(out, buffer_bytes(&outcome));
    buffer_append(out, bytes_make(parcel->series, series_bytes(parcel)));
    buffer_append(out, bytes_make(parcel->why, sizeof parcel->why));
    buffer_deinit(&outcome);
}

bool simulate_parcel_add(struct simulate_parcel *sum, struct bytes written) {
    uint64_t outcome;
    size_t rest = series_bytes(sum) + sizeof sum->why;
    if (written.size < sizeof outcome + rest) {
        return false;
    }
    memcpy(&outcome, written.data, sizeof outcome);
    const uint8_t *at = written.data + sizeof outcome;
    if (outcome != written.size - sizeof outcome - rest ||
        !sim_outcome_add(sum->outcome, bytes_make(at, (size_t)outcome))) {
        return false;
    }
    at += outcome;
    if (sum->series != NULL &&
        !simulate_series_add_up(sum->series, bytes_make(at, series_bytes(sum)))) {
        return false;
    }
    at += series_bytes(sum);
    if (sum->why[0] == '\0') {
        memcpy(sum->why, at, sizeof sum->why);
        sum->why[sizeof sum->why - 1] = '\0';
    }
    return true;
}
